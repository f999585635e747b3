// Command testmaild is the mail server of internal/testmail as a process of its
// own, for tests that kill things. It prints its address on one line and ends
// when its standard input does. It is never part of the product, and how it
// behaves is not decided here but in testmail.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/rubato-hq/rubato/internal/testmail"
)

func main() { os.Exit(run()) }

func run() int {
	var cfg testmail.Config
	var faults []testmail.Fault
	flag.StringVar(&cfg.Addr, "listen", "127.0.0.1:0", "address to listen on")
	flag.StringVar(&cfg.Dir, "dir", "", "folder for the messages")
	flag.Func("fault", "a testmail.Fault as JSON; may be given again", func(text string) error {
		var f testmail.Fault
		err := json.Unmarshal([]byte(text), &f)
		faults = append(faults, f)
		return err
	})
	flag.Parse()

	server, err := testmail.New(cfg)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer server.Close()
	for _, f := range faults {
		server.Fail(f)
	}
	fmt.Println(server.Addr())
	_, _ = io.Copy(io.Discard, os.Stdin) // until whoever started us is gone
	return 0
}
