package cli_test

import (
	"context"
	"flag"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rubato-hq/rubato/cli"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

var update = flag.Bool("update", false, "rewrite what the scripts should print")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"rubato": func() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs testdata/script/*.txtar: each is a session at a terminal,
// with what it must print.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  exits,
			"free":   free,
			"answer": answer,
			"mode":   mode,
			"found":  found,
			"held":   held,
		},
	})
}

// exits runs "rubato ARGS" and holds it to an exit code: exits 2 serve --nonsense.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	code := 0
	switch args[0] {
	case "1":
		code = 1
	case "2":
		code = 2
	}
	err := ts.Exec("rubato", args[1:]...)
	got := 0
	if e, ok := err.(interface{ ExitCode() int }); ok {
		got = e.ExitCode()
	} else if err != nil {
		ts.Fatalf("rubato: %v", err)
	}
	if got != code {
		ts.Fatalf("rubato exits with %d, want %d", got, code)
	}
}

// free puts a free address of this machine into a variable: free ADDR.
func free(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], l.Addr().String())
	ts.Check(l.Close())
}

// answer waits until a server answers an address with a status: answer 200 http://...
func answer(ts *testscript.TestScript, _ bool, args []string) {
	client := http.Client{Timeout: time.Second}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	last := "no answer"
	for end := time.After(time.Minute); ; {
		if r, err := client.Get(args[1]); err == nil {
			r.Body.Close()
			if last = r.Status; r.Status[:3] == args[0] {
				return
			}
		}
		select {
		case <-tick.C:
		case <-end:
			ts.Fatalf("%s: %s, want %s", args[1], last, args[0])
		}
	}
}

// mode holds a file to its permissions: mode -rw------- FILE.
func mode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := info.Mode().String(); got != args[0] {
		ts.Fatalf("%s is %s, want %s", args[1], got, args[0])
	}
}

// opened opens the database of a data folder, with a door to it.
func opened(ts *testscript.TestScript, folder string) (*store.Store, *door.Door) {
	zones := zoneinfo.New().Zone
	st, err := store.Open(context.Background(), store.Config{Database: filepath.Join(ts.MkAbs(folder), "rubato.db"), Zones: zones})
	ts.Check(err)
	return st, door.New(door.Config{Store: st, Now: time.Now, Wake: func() {}, Zones: zones})
}

// found sets an organisation up, with @lena for its owner and @mia: found FOLDER.
func found(ts *testscript.TestScript, _ bool, args []string) {
	st, d := opened(ts, args[0])
	org, _, err := d.Found(context.Background(), "Meridian", "http://localhost", door.Newcomer{Name: "Lena Vogt", Address: "lena@example.org", Zone: "Europe/Berlin", Lang: "en"})
	ts.Check(err)
	_, err = d.Enrol(context.Background(), org, door.Newcomer{Name: "Mia Chen", Address: "mia@example.org", Zone: "America/Los_Angeles", Lang: "en"}, access.Member)
	ts.Check(err)
	ts.Check(st.Close())
}

// held uses a data folder until the script ends: held FOLDER.
func held(ts *testscript.TestScript, _ bool, args []string) {
	st, _ := opened(ts, args[0])
	ts.Defer(func() { ts.Check(st.Close()) })
}
