// Command rubato is the async-first work server and its tools. Everything it
// does stands in package cli; nothing lives here.
package main

import (
	"os"
	_ "time/tzdata" // zones work where the system has none

	"github.com/rubato-hq/rubato/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
