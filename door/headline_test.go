package door

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/history"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
)

func TestHeadline(t *testing.T) {
	long := strings.Repeat("word ", 60) + "end"
	for _, tt := range []struct{ name, text, point, body string }{
		{"one line", "The run is stopped.", "The run is stopped.", ""},
		{"two lines", "The **run** is stopped.  \nIt held every writer.", "The **run** is stopped.", "It held every writer."},
		{"two paragraphs", "Point.\n\nBody.", "Point.", "Body."},
		{"a link cannot be followed in a headline", "See <https://example.org/a_b>", `See https://example.org/a\_b`, "See <https://example.org/a_b>"},
		{"a list goes on", "- one\n- two", "one", "- one\n- two"},
		{"a quote goes on", "> said\n> more", "said more", "> said\n> more"},
		{"code goes on", "```\nx := 1\n```", "x := 1", "```\nx := 1\n```"},
		{"a number that is no list", "2026 was good", "2026 was good", ""},
		{"a long line", long, strings.Repeat("word ", 39) + "word…", long},
		{"nothing to show", "\\", "\\", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			point, body := headline(history.Entry{Text: tt.text})
			if point != tt.point || body != tt.body {
				t.Errorf("headline(%q) = %q, %q; want %q, %q", tt.text, point, body, tt.point, tt.body)
			}
		})
	}
	if point, body := headline(history.Entry{Files: []history.File{{Name: "my_plan*.pdf"}}}); markup.Plain(point) != "my_plan*.pdf" || body != "" {
		t.Errorf("an entry of files alone is called %q, %q", point, body)
	}
}

// Whatever was written: a point that can be shown, and no word of the text lost.
func TestHeadlineLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab*_`>-#1.)[]( <@\n\\|~ä"))).Draw(t, "text")
		point, body := headline(history.Entry{Text: text})
		if point == "" || len(point) > MaxPoint || strings.Contains(point, "\n") || utf8.RuneCountInString(markup.Plain(point)) > 2*markup.ConclusionRunes {
			t.Fatalf("headline(%q) = %q", text, point)
		}
		kept := point + body
		for _, r := range "abä" {
			if strings.Count(kept, string(r)) < strings.Count(text, string(r)) {
				t.Fatalf("headline(%q) = %q, %q: some %q is lost", text, point, body, r)
			}
		}
	})
}

// What is written literally shows as it is.
func TestLiterally(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSpace(rapid.StringOf(rapid.SampledFrom([]rune("ab*_`>-#1.)[](<&;@\\|~:+="))).Draw(t, "text"))
		if got := markup.Plain(literally(text)); got != text {
			t.Fatalf("Plain(literally(%q)) = %q", text, got)
		}
	})
}

func TestNamesFromElsewhere(t *testing.T) {
	for name, want := range map[string]string{
		"mia.chen": "mia.chen", "Mia Chen": "mia-chen", "Şebnem Öz": "sebnem-oz", "_x_": "", "general": "general", "meetup-": "meetup", "日本": "",
		strings.Repeat("a", 40): strings.Repeat("a", 25), "": "", "a": "",
	} {
		if got := handleOf(name); got != want || got != "" && !ValidHandle(got) {
			t.Errorf("handleOf(%q) = %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{
		" Mia \t Chen\n": "Mia Chen", "a\x1b[31mb\u202ec\u0000": "a[31mbc", strings.Repeat("ä", 120): strings.Repeat("ä", 99) + "…", "": "",
	} {
		if got := oneLine(name, maxName); got != want {
			t.Errorf("oneLine(%q) = %q, want %q", name, got, want)
		}
	}
	taken := map[string]bool{}
	for range 30 {
		err := freeName("01j000000000000000abcdef", "U1", func(handle string) error {
			if taken[handle] {
				return store.ErrExists
			}
			if !ValidHandle(handle) {
				t.Errorf("%q is no handle", handle)
			}
			taken[handle] = true
			return nil
		}, "here", "")
		if err != nil && len(taken) < 20 {
			t.Fatal(err)
		}
	}
	if taken["here"] {
		t.Error("somebody is called @here")
	}
}
