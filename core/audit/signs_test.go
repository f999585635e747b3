package audit

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// TestSigns: messages of the kinds that chats are full of, in five languages,
// with the signs that a reader would give them (A4.1, A4.3).
func TestSigns(t *testing.T) {
	f, err := os.Open("testdata/messages.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	words := NewWords()
	n := 0
	for in := bufio.NewScanner(f); in.Scan(); {
		n++
		want, text, ok := strings.Cut(in.Text(), "\t")
		if !ok {
			t.Errorf("line %d is no line", n)
			continue
		}
		text = strings.ReplaceAll(text, `\n`, "\n")
		s := words.Signs(text)
		var got []string
		for _, one := range []struct {
			sign Signs
			name string
		}{{Asks, "asks"}, {Hurries, "hurries"}, {Nudges, "nudges"}, {Calls, "calls"}, {Alarms, "alarms"}} {
			if s.Has(one.sign) {
				got = append(got, one.name)
			}
		}
		if strings.Join(got, " ") != strings.Trim(want, "-") {
			t.Errorf("line %d: %q has %q, want %q", n, text, strings.Join(got, " "), want)
		}
	}
}

// FuzzSigns: any message is read without end or crash, and what asks nothing when
// it is quoted asks nothing.
func FuzzSigns(f *testing.F) {
	words := NewWords()
	f.Add("can you review this asap?")
	f.Add("> quoted\n`code` ```block\nurgent``` https://x.example/?a=b :tada: ??")
	f.Fuzz(func(t *testing.T, s string) {
		words.Signs(s)
		quoted := "> " + strings.NewReplacer("\n", "\n> ", "\r", "").Replace(s)
		if got := words.Signs(quoted); got != 0 {
			t.Errorf("quoted, %q has the signs %b", s, got)
		}
	})
}
