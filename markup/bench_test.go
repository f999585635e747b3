package markup

import (
	"slices"
	"strings"
	"testing"
)

// What a slow text costs is in its output: each must render, and to no more than
// a fixed multiple of what was typed. The time is for the benchmark to tell.
func TestSlowTexts(t *testing.T) {
	o := safeOptions()["full"]
	for name, text := range slowTexts() {
		t.Run(name, func(t *testing.T) {
			for _, md := range []string{text(40_000), inParagraphs(text, 20_000, 20_000), inParagraphs(text, 200, 10_000)} {
				out, err := HTML(md, o)
				if err != nil {
					t.Fatal(err)
				}
				if len(out) > 40*len(md) {
					t.Errorf("%d bytes became %d", len(md), len(out))
				}
				if plain := Plain(md); len(plain) > 10*len(md) {
					t.Errorf("%d bytes became %d of plain text", len(md), len(plain))
				}
				Mentions(md)
				Conclusion(md)
			}
		})
	}
}

// inParagraphs repeats a text of about size bytes as paragraphs, n bytes in all:
// below the length from which a paragraph is not searched for marks.
func inParagraphs(text func(int) string, size, n int) string {
	p := text(size) + "\n\n"
	return strings.Repeat(p, n/len(p)+1)
}

func BenchmarkHTML(b *testing.B) {
	md := strings.Repeat(`## Compaction is off until D-214 is decided

@mia, the run on Monday held every writer for **48 minutes** and became C-17. See
[the figures](https://example.org/figures?from=2026-11-01) and `+"`store.Compact`"+`.

- [x] scheduling is paused
- [ ] operators are told by *Thursday*

| store | rows | held |
|-------|-----:|------|
| trips | 1200 | 48 m |

> Nothing is half done.

`, 40)
	b.SetBytes(int64(len(md)))
	b.ReportAllocs()
	o := Options{HeadingShift: 1, Uploads: "/files/", Person: func(string) bool { return true }}
	for b.Loop() {
		if _, err := HTML(md, o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkConclusion(b *testing.B) {
	md := "# Title\n\nThe point is *this*.\n\n" + strings.Repeat("More of it follows here. ", 200)
	for b.Loop() {
		Conclusion(md)
	}
}

// BenchmarkSlow renders 100 and 200 kB of each slow text; the second should take
// about twice as long as the first.
func BenchmarkSlow(b *testing.B) {
	texts := slowTexts()
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for size, n := range map[string]int{"100k": 100_000, "200k": 200_000} {
			md := texts[name](n)
			b.Run(strings.ReplaceAll(name, " ", "_")+"/"+size, func(b *testing.B) {
				for b.Loop() {
					if _, err := HTML(md, Options{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
