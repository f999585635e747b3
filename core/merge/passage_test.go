package merge

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFollow(t *testing.T) {
	const a = "Option B. It costs 38 GB more disk a month, about three euros, and we drop compaction for good.\n\nThe reads go through a snapshot.\n"
	passage := func(text, of string) Passage {
		i := strings.Index(of, text)
		if i < 0 {
			t.Fatalf("%q is not there", text)
		}
		return Passage{i, i + len(text)}
	}
	for name, c := range map[string]struct {
		of, b, want string
	}{
		"nothing changed":          {"drop compaction for good", a, "drop compaction for good"},
		"something before it":      {"drop compaction for good", "One more line.\n" + a, "drop compaction for good"},
		"a word of it":             {"38 GB more disk a month", strings.Replace(a, "38 GB", "40 GB", 1), "GB more disk a month"},
		"something put into it":    {"drop compaction for good", strings.Replace(a, "compaction for", "compaction, and its scheduler, for", 1), "drop compaction, and its scheduler, for good"},
		"its paragraph has moved":  {"The reads go through a snapshot.", "The reads go through a snapshot.\n\n" + strings.TrimSuffix(a, "\n\nThe reads go through a snapshot.\n"), "The reads go through a snapshot."},
		"it was taken out":         {"drop compaction for good", strings.Replace(a, ", and we drop compaction for good", "", 1), ""},
		"it was written anew":      {"about three euros", strings.Replace(a, "about three euros", "next to nothing", 1), ""},
		"all else was written new": {"a snapshot", "Something else stands here.\n\nThe reads go through a snapshot.\n", "a snapshot"},
	} {
		got, ok := Follow(a, c.b, passage(c.of, a))
		if ok != (c.want != "") || got.In(c.b) != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got.In(c.b), ok, c.want)
		}
	}
	if _, ok := Follow(a, a, Passage{5, 5}); ok {
		t.Error("nothing was followed")
	}
	if _, ok := Follow(a, a, Passage{5, 5000}); ok {
		t.Error("what lies outside was followed")
	}
}

func TestFind(t *testing.T) {
	const text = "A log. A row.\n\nA log is\nread by all. A log is\nwritten once."
	for _, c := range []struct{ quote, before, want string }{
		{"read by all", "", "read by all"},
		{"log is read by", "", "log is\nread by"},
		{"A log is", "", ""},
		{"A log is", "read by all. ", "A log is"},
		{"A log is", "nowhere", ""},
		{"nothing", "", ""},
		{"  ", "", ""},
	} {
		p, ok := Find(text, c.quote, c.before)
		if ok != (c.want != "") || p.In(text) != c.want {
			t.Errorf("%q after %q: %q, %v; want %q", c.quote, c.before, p.In(text), ok, c.want)
		}
	}
	if p, _ := Find(text, "A log is", "read by all. "); p.From != strings.LastIndex(text, "A log is") {
		t.Errorf("the wrong one of two: %d", p.From)
	}
}

// TestFollowHolds: a passage stays where it is in its own text; what is put in
// outside of it moves it by as much; it is never outside of a text or inside a
// letter; and what is said to be it shares words with it.
func TestFollowHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 4))
	vocabulary := strings.Fields("log row déjà writers şimdi wait disk for größe the a snapshot replay month costs más nobody reads")
	text := func(n int) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteString([]string{" ", " ", " ", ", ", ". ", "\n", "\n\n"}[r.IntN(7)])
			}
			b.WriteString(vocabulary[r.IntN(len(vocabulary))])
		}
		return b.String()
	}
	for range 20_000 {
		a := text(1 + r.IntN(60))
		from := r.IntN(len(a))
		p := Passage{from, from + 1 + r.IntN(len(a)-from)}
		for !utf8.RuneStart(a[p.From]) {
			p.From--
		}
		for p.To < len(a) && !utf8.RuneStart(a[p.To]) {
			p.To++
		}
		if countWords(p.In(a)) == 0 {
			continue
		}
		if got, ok := Follow(a, a, p); !ok || got.In(a) != strings.TrimSpace(p.In(a)) {
			t.Fatalf("%q: %v became %v, %v", a, p, got, ok)
		}
		b := text(1 + r.IntN(60))
		if got, ok := Follow(a, b, p); ok {
			if got.From < 0 || got.To > len(b) || got.From >= got.To || !utf8.ValidString(got.In(b)) {
				t.Fatalf("%q to %q: %v became %v", a, b, p, got)
			}
		}
		head := "Entirely different beginnings, hitherto unheard.\n\n"
		if got, ok := Follow(a, head+a, p); !ok || got.In(head+a) != strings.TrimSpace(p.In(a)) || got.From < len(head) {
			t.Fatalf("%q: %v became %v, %v", a, p, got, ok)
		}
	}
}
