package page

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/words"
)

// storybook writes every sample as a file, for the eyes:
//
//	go test ./web/page -run TestStorybook -storybook=/tmp/book
var storybook = flag.String("storybook", "", "write every sample page into this folder")

// morning is when the samples play: Tuesday 24 November 2026, 08:32 in Berlin.
func morning() time.Time { return time.Date(2026, 11, 24, 7, 32, 0, 0, time.UTC) }

func catalogue(t testing.TB) *words.Catalogue {
	t.Helper()
	c, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func render(t testing.TB, s Sample) string {
	t.Helper()
	var b strings.Builder
	if err := s.Component.Render(t.Context(), &b); err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	return b.String()
}

// TestStorybook renders every sample in English and in the pseudo-language,
// without a look-up that fails.
func TestStorybook(t *testing.T) {
	c := catalogue(t)
	for lang, w := range map[string]*words.Words{"en": c.For("en"), "en-XA": c.Pseudo()} {
		for _, s := range Samples(w, morning()) {
			before := c.Missed()
			html := render(t, s)
			if missed := c.Missed() - before; missed > 0 || strings.Contains(html, "⟨") {
				i := max(0, strings.Index(html, "⟨"))
				t.Errorf("%s in %s: %d look-ups failed, as in %q", s.Name, lang, missed, html[i:min(len(html), i+60)])
			}
			if *storybook != "" {
				file := filepath.Join(*storybook, lang, s.Name+".html")
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
