package worktimecase

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// input reads what a case gives to its op. It keeps the first error, after
// which its answers mean nothing.
type input struct {
	file  *file
	c     *testCase
	asked map[string]bool
	err   error
}

func newInput(f *file, c *testCase) *input {
	return &input{file: f, c: c, asked: make(map[string]bool)}
}

func (in *input) fail(format string, args ...any) {
	if in.err == nil {
		in.err = fmt.Errorf(format, args...)
	}
}

// finish returns the first error, or one for a key that the op did not ask for.
func (in *input) finish() error {
	for _, key := range slices.Sorted(maps.Keys(in.c.In)) {
		if !in.asked[key] {
			in.fail("unknown key %q", key)
		}
	}
	return in.err
}

// raw returns the value of a key, nil when it is absent or null.
func (in *input) raw(key string) json.RawMessage {
	in.asked[key] = true
	if raw := in.c.In[key]; string(raw) != "null" {
		return raw
	}
	return nil
}

func (in *input) has(key string) bool { return in.raw(key) != nil }

// need is raw for a key that must be there.
func (in *input) need(key string) json.RawMessage {
	raw := in.raw(key)
	if raw == nil {
		in.fail("%q is missing", key)
	}
	return raw
}

// value reads a key that must be there into v.
func (in *input) value(key string, v any) {
	if raw := in.need(key); raw != nil {
		if err := json.Unmarshal(raw, v); err != nil {
			in.fail("%q cannot be read: %w", key, err)
		}
	}
}

func parsed[T any](in *input, key string, parse func(string) (T, error)) (v T) {
	var s string
	in.value(key, &s)
	if in.err != nil {
		return v
	}
	v, err := parse(s)
	if err != nil {
		in.fail("%q: %w", key, err)
	}
	return v
}

func parseInstant(s string) (worktime.Instant, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return 0, fmt.Errorf("%q: not an RFC 3339 instant", s)
	}
	return worktime.Of(t), nil
}

func (in *input) instant(key string) worktime.Instant { return parsed(in, key, parseInstant) }
func (in *input) date(key string) worktime.Date       { return parsed(in, key, worktime.ParseDate) }
func (in *input) term(key string) worktime.Term       { return parsed(in, key, worktime.ParseTerm) }
func (in *input) class() worktime.Class               { return parsed(in, "class", worktime.ParseClass) }

func (in *input) instantOr(key string, none worktime.Instant) worktime.Instant {
	if !in.has(key) {
		return none
	}
	return in.instant(key)
}

// longest is the longest interval that is looked through, in seconds: 200 years.
const longest = 200 * 366 * 24 * 60 * 60

func (in *input) bounded(key string, v worktime.Interval) {
	if v.Seconds() > longest {
		in.fail("%q is longer than 200 years", key)
	}
}

// interval reads the keys from and to.
func (in *input) interval() worktime.Interval {
	v := worktime.Interval{From: in.instant("from"), To: in.instant("to")}
	in.bounded("to", v)
	return v
}

// number reads an integer of at least 1.
func (in *input) number(key string) (n int) {
	in.value(key, &n)
	const least, most = 1, 1 << 24 // hours and minutes beyond it have no meaning
	if in.err == nil && (n < least || n > most) {
		in.fail("%q is not from %d to %d", key, least, most)
	}
	return n
}

// bounds is a pair of instants, the second of which may be null.
type bounds [2]*string

func (b bounds) interval() (v worktime.Interval, open bool, err error) {
	if b[0] == nil {
		return v, false, errors.New("an interval has no start")
	}
	if v.From, err = parseInstant(*b[0]); err != nil || b[1] == nil {
		return v, true, err
	}
	v.To, err = parseInstant(*b[1])
	return v, false, err
}

func (in *input) pauses() (pauses []worktime.Pause) {
	if !in.has("pauses") {
		return nil
	}
	for _, b := range in.pairs("pauses") {
		v, open, err := b.interval()
		if err != nil {
			in.fail(`"pauses": %w`, err)
		}
		pauses = append(pauses, worktime.Pause{From: v.From, To: v.To, Open: open})
	}
	return pauses
}

// intervals reads a list of pairs, none of them open.
func (in *input) intervals(key string, pairs []bounds) (vs []worktime.Interval) {
	for _, b := range pairs {
		v, open, err := b.interval()
		if err != nil || open {
			in.fail("%q: not a pair of instants", key)
		}
		in.bounded(key, v)
		vs = append(vs, v)
	}
	return vs
}

// pairs reads a list of [from, to].
func (in *input) pairs(key string) []bounds {
	var lists [][]*string
	in.value(key, &lists)
	return in.paired(key, lists)
}

func (in *input) paired(key string, lists [][]*string) (pairs []bounds) {
	for _, l := range lists {
		if len(l) != 2 {
			in.fail("%q: not a pair", key)
			return nil
		}
		pairs = append(pairs, bounds(l))
	}
	return pairs
}

// clock is the clock of the case's charter.
func (in *input) clock() *worktime.Clock {
	if in.c.Charter == nil {
		in.fail(`"charter" is missing`)
		return nil
	}
	return in.reference(in.c.Charter)
}

func (in *input) reference(raw json.RawMessage) *worktime.Clock {
	k, err := in.file.clock(raw)
	if err != nil {
		in.fail("%w", err)
	}
	return k
}

// people are the case's people, by id.
func (in *input) people() (people []worktime.Person) {
	if len(in.c.People) == 0 {
		in.fail(`"people" is missing`)
	}
	for _, id := range slices.Sorted(maps.Keys(in.c.People)) {
		k, err := in.file.clock(in.c.People[id])
		if err != nil {
			in.fail("%s: %w", id, err)
		}
		people = append(people, worktime.Person{ID: id, Clock: k})
	}
	return people
}

func text(raw json.RawMessage) (s string, err error) {
	err = json.Unmarshal(raw, &s)
	return s, err
}

// strict decodes an object that may have no other keys than v.
func strict(raw json.RawMessage, v any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	return dec.Decode(v)
}
