package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// event is one line of "go test -json" (go doc test2json).
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build-output
	Test        string
	Output      string
	Elapsed     float64 // seconds
	FailedBuild string
	Key, Value  string // of attr
}

// report turns the events into one line for each package that is well, and
// into all that was said for each test that is not.
type report struct {
	w                       io.Writer
	said                    map[[2]string]*strings.Builder // by package and test; what passes is forgotten
	built                   map[string]*strings.Builder    // what the compiler said, by import path
	told                    map[string]bool                // what of that was printed
	good, bad               map[string]int                 // tests, by package
	passed, failed, skipped int
	broken                  bool // go test says that something failed
}

func newReport(w io.Writer) *report {
	return &report{
		w: w, said: map[[2]string]*strings.Builder{}, built: map[string]*strings.Builder{}, told: map[string]bool{},
		good: map[string]int{}, bad: map[string]int{},
	}
}

// line takes one line of the stream; one that is not an event is passed on.
func (r *report) line(text []byte) {
	var e event
	if err := json.Unmarshal(text, &e); err != nil {
		fmt.Fprintf(r.w, "%s\n", text)
		return
	}
	key := [2]string{e.Package, e.Test}
	switch e.Action {
	case "output":
		say(r.said, key, e.Output)
	case "build-output":
		say(r.built, e.ImportPath, e.Output)
	case "attr": // figures that a test states, when all is well too
		fmt.Fprintf(r.w, "    \t%s %s\t%s: %s\n", e.Package, e.Test, e.Key, e.Value)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.pkg(e)
		} else {
			r.test(e)
		}
		delete(r.said, key)
	}
}

func say[K comparable](to map[K]*strings.Builder, key K, text string) {
	if to[key] == nil {
		to[key] = &strings.Builder{}
	}
	to[key].WriteString(text)
}

func (r *report) test(e event) {
	switch e.Action {
	case "pass":
		r.passed++
		r.good[e.Package]++
		return
	case "fail":
		r.fail(e.Package)
	case "skip":
		r.skipped++
	}
	fmt.Fprintf(r.w, "--- %s: %s %s (%.2fs)\n", strings.ToUpper(e.Action), e.Package, e.Test, e.Elapsed)
	r.repeat([2]string{e.Package, e.Test})
}

func (r *report) pkg(e event) {
	switch e.Action {
	case "skip": // no test files
	case "pass":
		if n := r.good[e.Package]; n > 0 {
			fmt.Fprintf(r.w, "ok  \t%s\t%.1fs\t%d tests\n", e.Package, e.Elapsed, n)
		}
	default:
		r.compiler(e.FailedBuild)
		r.unfinished(e.Package)
		r.repeat([2]string{e.Package, ""}) // which ends with go test's own line
		if r.bad[e.Package] == 0 {
			r.fail(e.Package) // it did not build, or ended without saying which test broke it
		}
	}
}

func (r *report) fail(pkg string) {
	r.failed++
	r.bad[pkg]++
}

// compiler repeats what was said of a build, once, however many packages need it.
func (r *report) compiler(importPath string) {
	said := r.built[importPath]
	if said == nil {
		return
	}
	errors := said.String()
	if strings.HasPrefix(errors, "# ") { // names one of those packages
		_, errors, _ = strings.Cut(errors, "\n")
	}
	if !r.told[errors] {
		fmt.Fprint(r.w, errors)
		r.told[errors] = true
	}
}

// unfinished repeats what was said by tests that never ended: a panic, a time-out.
func (r *report) unfinished(pkg string) {
	for key := range r.said {
		if key[0] == pkg && key[1] != "" {
			fmt.Fprintf(r.w, "--- UNFINISHED: %s %s\n", key[0], key[1])
			r.repeat(key)
			r.fail(pkg)
		}
	}
}

// repeat prints what was said, without the frame of go test.
func (r *report) repeat(key [2]string) {
	said := r.said[key]
	if said == nil {
		return
	}
	for line := range strings.Lines(said.String()) {
		if t := strings.TrimSpace(line); strings.HasPrefix(t, "=== ") || strings.HasPrefix(t, "--- ") || t == "FAIL" || t == "PASS" {
			continue
		}
		fmt.Fprint(r.w, line)
	}
	delete(r.said, key)
}

// close prints the closing line and returns why the run is not a success.
func (r *report) close() error {
	closing := fmt.Sprintf("%d passed, %d failed", r.passed, r.failed)
	if r.skipped > 0 {
		closing += fmt.Sprintf(", %d skipped", r.skipped)
	}
	fmt.Fprintln(r.w, closing)
	switch {
	case r.failed > 0:
		return errors.New("tests failed")
	case r.broken:
		return errors.New("go test failed without saying which test")
	case r.skipped > 0:
		return errors.New("tests were skipped")
	case r.passed == 0:
		return errors.New("no test ran")
	}
	return nil
}
