// Command openapi prints the description of the API, for api/openapi.yaml. What
// does not live here: what it says, which is package api.
package main

import (
	"fmt"
	"os"

	"github.com/rubato-hq/rubato/api"
)

func main() {
	text, err := api.New(api.Config{}).Description()
	if err == nil {
		_, err = os.Stdout.Write(text)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}
