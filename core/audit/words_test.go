package audit

import (
	"bufio"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/core/phrase"
)

// TestWords: every entry of every list is right on a line, and passes over
// another (A4).
func TestWords(t *testing.T) {
	f, err := os.Open("testdata/words.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	words := NewWords()
	has := func(text string, class Class, entry string) bool {
		return slices.ContainsFunc(words.hits(phrase.Fold(stripped(text))), func(h Hit) bool { return h.Class == class && h.Entry == entry })
	}
	tried := make(map[Class]map[string]bool)
	n := 0
	for in := bufio.NewScanner(f); in.Scan(); {
		n++
		row := strings.Split(in.Text(), "\t")
		if len(row) != 4 {
			t.Errorf("line %d has %d columns", n, len(row))
			continue
		}
		class, entry := Class(row[0]), row[1]
		if !has(row[2], class, entry) {
			t.Errorf("line %d: %s %q passes over %q", n, class, entry, row[2])
		}
		if has(row[3], class, entry) {
			t.Errorf("line %d: %s %q takes %q", n, class, entry, row[3])
		}
		if tried[class] == nil {
			tried[class] = make(map[string]bool)
		}
		tried[class][entry] = true
	}
	for _, class := range slices.Sorted(maps.Keys(entries)) {
		for entry := range strings.Lines(entries[class]) {
			if entry = strings.TrimSpace(entry); entry != "" && !tried[class][entry] {
				t.Errorf("%s %q has no line", class, entry)
			}
		}
	}
}

func FuzzHits(f *testing.F) {
	words := NewWords()
	f.Add("Weekly team sync")
	f.Add("İLERLEME ~ 1:1 *|=^")
	f.Fuzz(func(_ *testing.T, s string) {
		words.hits(phrase.Fold(s))
		own(s)
		stripped(s)
	})
}
