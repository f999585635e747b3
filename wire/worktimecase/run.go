package worktimecase

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// Run is `rubato worktime eval`: it computes every case of in and prints a line
// per difference and then how many passed and failed, or with jsonOut the
// answers alone. It returns how many failed; the error is for a file that cannot
// be read, or an out that cannot be written.
func Run(in io.Reader, out io.Writer, jsonOut bool) (failed int, err error) {
	results, err := Eval(in, zoneinfo.New().Zone)
	if err != nil {
		return 0, err
	}
	w := bufio.NewWriter(out)
	if jsonOut {
		failed = printAnswers(w, results)
	} else {
		failed = printDifferences(w, results)
	}
	if err := w.Flush(); err != nil {
		return failed, fmt.Errorf("print the cases: %w", err)
	}
	return failed, nil
}

// A bufio.Writer keeps its first error for Flush, so the prints below need not
// look at theirs.

func printDifferences(w *bufio.Writer, results []Result) (failed int) {
	for _, r := range results {
		if r.OK {
			continue
		}
		failed++
		fmt.Fprintf(w, "FAIL %s %s: want %s, got ", r.ID, r.About, compact(r.Want))
		if r.Err != nil {
			fmt.Fprintf(w, "error: %s\n", oneLine(r.Err))
		} else {
			fmt.Fprintf(w, "%s\n", compact(r.Got))
		}
	}
	fmt.Fprintf(w, "%d passed, %d failed\n", len(results)-failed, failed)
	return failed
}

// answer is one line of the answers. Error is there only for a case that could
// not be computed.
type answer struct {
	ID    string `json:"id"`
	Got   any    `json:"got"`
	Error string `json:"error,omitempty"`
}

func printAnswers(w *bufio.Writer, results []Result) (failed int) {
	_, _ = w.WriteString("[")
	for i, r := range results {
		if i > 0 {
			_, _ = w.WriteString(",")
		}
		a := answer{ID: r.ID, Got: r.Got}
		if r.Err != nil && r.Got == nil {
			a.Error = oneLine(r.Err)
		}
		fmt.Fprintf(w, "\n%s", compact(a))
		if !r.OK {
			failed++
		}
	}
	_, _ = w.WriteString("\n]\n")
	return failed
}

// compact is v as JSON in one line, with < and & as they are.
func compact(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil { // only what was decoded from JSON comes here
		return []byte(err.Error())
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

func oneLine(err error) string {
	return string(bytes.ReplaceAll([]byte(err.Error()), []byte("\n"), []byte("; ")))
}
