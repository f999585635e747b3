// Package worktimecase reads and computes the cases of worktime 13, the format
// rubato-worktime/1: examples of the clock as JSON, that anybody can write.
//
// What does not live here: the clock itself (core/worktime), which knows no
// JSON, and the command that calls Run (cli).
package worktimecase

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Format is the only format that is read.
const Format = "rubato-worktime/1"

// file is a file of cases. Charters and cases are decoded one by one, so that a
// broken one fails alone.
type file struct {
	Format   string                     `json:"format"`
	Charters map[string]json.RawMessage `json:"charters"`
	Cases    []json.RawMessage          `json:"cases"`

	zones  worktime.Zones
	clocks map[string]*worktime.Clock // of named charters
}

// testCase is one case of a file.
type testCase struct {
	ID      string                     `json:"id"`
	About   string                     `json:"about"`
	Op      string                     `json:"op"`
	Charter json.RawMessage            `json:"charter"`
	People  map[string]json.RawMessage `json:"people"`
	In      map[string]json.RawMessage `json:"in"`
	Want    json.RawMessage            `json:"want"`
}

// Result is what became of one case.
type Result struct {
	// ID and About are those of the case; a case without a readable id has its
	// place in the file, "#3".
	ID, About string
	// Want and Got are JSON as decoded with numbers kept as json.Number; Got is
	// nil when the case could not be computed.
	Want, Got any
	// Err says why the case could not be computed.
	Err error
	// OK says that Got is what was wanted.
	OK bool
}

// Eval computes every case of a file, in order. The error is for a file that
// cannot be read at all; a broken case has its own.
func Eval(r io.Reader, zones worktime.Zones) ([]Result, error) {
	f := file{zones: zones, clocks: make(map[string]*worktime.Clock)}
	dec := json.NewDecoder(r)
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("read the cases: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read the cases: there is more after the end of the file's one object")
	}
	if f.Format != Format {
		return nil, fmt.Errorf("read the cases: format %q is not %q", f.Format, Format)
	}
	results := make([]Result, 0, len(f.Cases))
	for i, raw := range f.Cases {
		results = append(results, f.result(fmt.Sprintf("#%d", i+1), raw))
	}
	return results, nil
}

func (f *file) result(place string, raw json.RawMessage) Result {
	r := Result{ID: place}
	var c testCase
	if err := json.Unmarshal(raw, &c); err != nil {
		r.Err = fmt.Errorf("read the case: %w", err)
		return r
	}
	r.About = c.About
	if c.ID != "" {
		r.ID = c.ID
	}
	got, err := f.compute(&c)
	if err != nil {
		r.Err = err
	} else if r.Got, err = plain(got); err != nil {
		r.Err = err
	}
	if c.Want == nil {
		r.Err = errors.Join(r.Err, errors.New(`"want" is missing`))
		return r
	}
	if r.Want, err = decode(c.Want); err != nil {
		r.Err = errors.Join(r.Err, fmt.Errorf("read what is wanted: %w", err))
		return r
	}
	r.OK = r.Err == nil && equal(r.Want, r.Got)
	return r
}

func (f *file) compute(c *testCase) (any, error) {
	run, ok := ops()[c.Op]
	if !ok {
		return nil, fmt.Errorf("unknown op %q", c.Op)
	}
	in := newInput(f, c)
	got := run(in)
	if err := in.finish(); err != nil {
		return nil, fmt.Errorf("%s: %w", c.Op, err)
	}
	return got(), nil
}

// plain turns what an op gave into what decode gives.
func plain(v any) (any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write the answer: %w", err)
	}
	return decode(raw)
}

func decode(raw []byte) (v any, err error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	err = dec.Decode(&v)
	return v, err
}
