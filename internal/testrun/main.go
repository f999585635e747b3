// Command testrun runs the module's tests: "go test" with one PostgreSQL for
// all of them, with the race detector where it is asked for, and with a report
// that says little when all is well. It fails when a test fails, when one is
// skipped, and when none ran.
//
//	go run ./internal/testrun [-alone DIR,DIR] [-race DIR,DIR] [PACKAGES]
//
// What a test needs to be installed does not live here (the Makefile sees to
// it), nor any test.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/internal/pgtest"
)

// driver is SQLite itself, C turned into Go: the race detector would watch each
// of its memory accesses and make all that touches a database three times as
// slow. It has no locks and no generic code that others would share, so that
// nothing else goes unwatched; for its callers' packages that is not so.
const driver = "-gcflags=modernc.org/sqlite/lib=-race=false"

// kept is where failed tests leave their artifacts (screenshots, pages).
const kept = "build"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "testrun:", err)
		os.Exit(1)
	}
}

func run() error {
	racing := flag.String("race", "", "folders whose packages run under the race detector, separated by commas")
	alone := flag.String("alone", "", "folders whose packages run first, before all others, so that the whole machine is theirs")
	timeout := flag.Duration("timeout", 20*time.Minute, "most time that one package may take")
	flag.Parse()
	patterns := flag.Args()
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}

	first, plain, raced, err := packages(patterns, *alone, *racing)
	if err != nil {
		return err
	}
	server := os.Getenv(pgtest.Env)
	if server == "" {
		if server, err = pgtest.Shared(); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(kept, 0o755); err != nil {
		return err
	}
	// -count=1: no earlier result counts.
	args := []string{"test", "-json", "-count=1", "-artifacts", "-outputdir", kept, "-timeout", timeout.String()}
	report := newReport(os.Stdout)
	for _, part := range []struct{ flags, packages []string }{{nil, first}, {nil, plain}, {[]string{"-race", driver}, raced}} {
		if len(part.packages) == 0 {
			continue
		}
		if err := test(report, server, slices.Concat(args, part.flags, part.packages)); err != nil {
			return err
		}
	}
	return report.close()
}

// packages lists what the patterns match, and parts it. What does not build is
// listed too: go test will say why.
func packages(patterns []string, alone, racing string) (first, plain, raced []string, err error) {
	list := exec.Command("go", append([]string{"list", "-e", "-f", "{{.Module.Path}} {{.ImportPath}}"}, patterns...)...)
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("list the packages: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		module, path, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch dir := strings.TrimPrefix(path, module+"/"); {
		case under(dir, alone):
			first = append(first, path)
		case under(dir, racing):
			raced = append(raced, path)
		default:
			plain = append(plain, path)
		}
	}
	return first, plain, raced, nil
}

// under tells whether a folder is one of the folders, or in one of them.
func under(dir, folders string) bool {
	for f := range strings.SplitSeq(folders, ",") {
		if f != "" && (dir == f || strings.HasPrefix(dir, f+"/")) {
			return true
		}
	}
	return false
}

// test runs go test and gives what it says to the report.
func test(r *report, server string, args []string) error {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), pgtest.Env+"="+server)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("go test: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("go test: %w", err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		r.line(lines.Bytes())
	}
	err = cmd.Wait()
	if _, ended := errors.AsType[*exec.ExitError](err); ended {
		r.broken = true // the report knows why, or says that it does not
		err = nil
	}
	if err := errors.Join(lines.Err(), err); err != nil {
		return fmt.Errorf("go test: %w", err)
	}
	return nil
}
