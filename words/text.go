package words

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/number"
)

// text is one message, cut at its placeholders.
type text []Part

// errBrace is a placeholder that does not close or has no proper name.
var errBrace = errors.New("a brace that is no placeholder")

// parse cuts a message at {name}. A name is lower-case letters and underscores.
func parse(s string) (text, error) {
	var t text
	for s != "" {
		before, rest, found := strings.Cut(s, "{")
		if strings.Contains(before, "}") {
			return nil, errBrace
		}
		if before != "" {
			t = append(t, Part{Text: before})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
			return nil, errBrace
		}
		t = append(t, Part{Slot: name})
		s = after
	}
	return t, nil
}

// fill puts the values of kv at their places, joins neighbouring text, and
// leaves places without a value as slots.
func (w *Words) fill(t text, kv []any) []Part {
	out := make([]Part, 0, len(t))
	add := func(s string) {
		if n := len(out); n > 0 && out[n-1].Slot == "" {
			out[n-1].Text += s
			return
		}
		out = append(out, Part{Text: s})
	}
	if w.pseudo {
		add(pseudoOpen)
	}
	for _, p := range t {
		if p.Slot == "" {
			if w.pseudo {
				p.Text = disguise(p.Text)
			}
			add(p.Text)
			continue
		}
		if v, ok := w.value(p.Slot, kv); ok {
			add(v)
			continue
		}
		out = append(out, p)
	}
	if w.pseudo {
		add(pad(t) + pseudoClose)
	}
	return out
}

// value looks a placeholder up in kv and writes what it finds.
func (w *Words) value(name string, kv []any) (string, bool) {
	for i := 0; i+1 < len(kv); i += 2 {
		if kv[i] != name {
			continue
		}
		switch v := kv[i+1].(type) {
		case string:
			return v, true
		case int:
			return w.Number(v), true
		case int64:
			return w.Number(int(v)), true
		default:
			return fmt.Sprint(v), true
		}
	}
	return "", false
}

// Number writes a whole number with the language's separators: "9,000".
func (w *Words) Number(n int) string { return w.number.Sprint(number.Decimal(n)) }

// List joins names as they are spoken: "Ada", "Ada and Bo", "Ada, Bo and Cy".
func (w *Words) List(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	joined := items[0]
	for _, item := range items[1 : len(items)-1] {
		joined = w.T("list.middle", "a", joined, "b", item)
	}
	return w.T("list.last", "a", joined, "b", items[len(items)-1])
}

// ListParts is List for n elements that the caller makes itself: between them
// stands the text that joins them, for i from 1 to n-1 before element i.
func (w *Words) ListParts(n int) []string {
	joints := make([]string, max(0, n-1))
	for i := range joints {
		id := w.Parts("list.middle")
		if i == len(joints)-1 {
			id = w.Parts("list.last")
		}
		for _, p := range id { // the text between {a} and {b}
			if p.Slot == "" && strings.Trim(p.Text, "[]! ~") != "" {
				joints[i] += p.Text
			}
		}
	}
	return joints
}
