package adr

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func parsed(t testing.TB, name, text string) *Record {
	t.Helper()
	r, err := Parse(name, []byte(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

// told is a record in one line.
func told(r *Record) string {
	return fmt.Sprintf("%d|%s|%s|%s|%s|%s|%s|%s|%s", r.Number, r.Title, r.Status, r.Date, strings.Join(r.Deciders, ";"), strings.Join(r.SupersededBy, ";"), strings.Join(r.Supersedes, ";"), strings.Join(r.Options, ";"), r.Chosen)
}

func TestParse(t *testing.T) {
	for name, want := range map[string]string{
		"0003-use-a-log.md":                "3|Use a log for trips|superseded|2026-03-02|Mia Okafor;Jonas Brandt|7||A log;One row each|A log",
		"0007-madr4-list.md":               "7|Write snapshots|accepted|2026-08-01|Mia;Jonas|||Nightly;Hourly|Nightly",
		"0002-madr2.md":                    "2|Keep messages in files|accepted|2021-05-04|Ines;Tom|||Files;A table|Files",
		"0004-nygard.md":                   "4|One file for each day|superseded|2016-02-12||0009-rows.md|0001-record.md||",
		"adr-012.md":                       "12|Sign mail|proposed|2025-01-31||||Sign it;Leave it|Sign it",
		"20230115-choose-a-font.md":        "0|Choose a font|rejected||||||",
		"0005-a-template-not-filled-in.md": "5|{short title}||||||{title of option 1};{title of option 2}|{title of option 1}",
	} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		r := parsed(t, name, string(text))
		if got := told(r); got != want {
			t.Errorf("%s:\n%s, want\n%s", name, got, want)
		}
	}
}

// TestAllComesBack: a file that nobody touched is the same byte for byte,
// whatever ends its lines.
func TestAllComesBack(t *testing.T) {
	files, err := filepath.Glob("testdata/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no records", err)
	}
	if folder := os.Getenv("RUBATO_ADR"); folder != "" { // records of others
		more, _ := filepath.Glob(filepath.Join(folder, "*.md"))
		files = append(files, more...)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range [][]byte{text, bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")), bytes.TrimSpace(text)} {
			r, err := Parse(f, text)
			if err != nil {
				t.Errorf("%s: %v", f, err)
				continue
			}
			if !bytes.Equal(r.Bytes(), text) {
				t.Errorf("%s came back as another file", f)
			}
		}
	}
}

// TestSetStatus changes the lines of the status and of its date, no other.
func TestSetStatus(t *testing.T) {
	for name, want := range map[string]string{
		"0007-madr4-list.md": `-status: accepted
+status: superseded by ADR-0012
-date: 2026-08-01
+date: 2026-11-27`,
		"0002-madr2.md": `-* Status: accepted
+* Status: superseded by ADR-0012
-* Date: 2021-05-04
+* Date: 2026-11-27`,
		"0004-nygard.md": `-Superceded by [9. Rows](0009-rows.md)
+Superseded by ADR-0012`,
	} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		r := parsed(t, name, string(text))
		r.SetStatus(Superseded, "12", "2026-11-27")
		old, now := strings.Split(string(text), "\n"), strings.Split(string(r.Bytes()), "\n")
		if len(old) != len(now) {
			t.Fatalf("%s has %d lines, had %d", name, len(now), len(old))
		}
		var diff []string
		for i := range old {
			if old[i] != now[i] {
				diff = append(diff, "-"+old[i], "+"+now[i])
			}
		}
		if got := strings.Join(diff, "\n"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
		if again := parsed(t, name, string(r.Bytes())); again.Status != Superseded || strings.Join(again.SupersededBy, "") == "" {
			t.Errorf("%s reads back as %s by %v", name, again.Status, again.SupersededBy)
		}
	}
}

func TestNew(t *testing.T) {
	r := New(Record{
		Number: 214, Title: "Keep trip updates: as a log", Status: Superseded, SupersededBy: []string{"220"}, Date: "2026-11-27", Deciders: []string{"Maya Okafor"},
	}, "## Context and Problem Statement\n\nWriters wait.\n\n## Considered Options\n\n* A\n* B\n\n## Decision Outcome\n\nChosen option: \"B\", because nobody waits.", []Key{{"review-by", "2027-03-01"}, {"rubato-id", "01H: x"}})
	if r.Name != "0214-keep-trip-updates-as-a-log.md" {
		t.Error(r.Name)
	}
	const want = `---
status: superseded by ADR-0220
date: 2026-11-27
decision-makers: Maya Okafor
review-by: 2027-03-01
rubato-id: "01H: x"
---

# Keep trip updates: as a log

## Context and Problem Statement
`
	if got := string(r.Bytes()); !strings.HasPrefix(got, want) {
		t.Errorf("%s", got)
	}
	again := parsed(t, r.Name, string(r.Bytes()))
	if got, want := told(again), "214|Keep trip updates: as a log|superseded|2026-11-27|Maya Okafor|220||A;B|B"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]error{"no title": ErrNoTitle, "# \xff": ErrNoText, "# a\x00b": ErrNoText, "": ErrNoTitle, "```\n# not one\n```\n": ErrNoTitle, strings.Repeat("x", MaxBytes+1): ErrTooLarge} {
		if _, err := Parse("x.md", []byte(text)); !errors.Is(err, want) {
			t.Errorf("%.20q: %v, want %v", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.md")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file, text)
	}
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		r, err := Parse(name, text)
		if err != nil {
			return
		}
		if !bytes.Equal(r.Bytes(), text) {
			t.Errorf("came back as another file: %q", r.Bytes())
		}
		r.SetStatus(Superseded, "3", "2026-01-02")
		if _, err := Parse(name, r.Bytes()); err != nil {
			t.Errorf("after its status was set: %v", err)
		}
		title := strings.Join(strings.Fields(r.Title), " ")
		if n, _ := numbered(title); n > 0 || strings.HasSuffix(title, "#") {
			return // it would be read as a number, or as the mark of a heading
		}
		if again := parsed(t, name, string(New(*r, r.Body(), nil).Bytes())); again.Title != title {
			t.Errorf("title %q became %q", r.Title, again.Title)
		}
	})
}
