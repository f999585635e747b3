package ics_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"github.com/rubato-hq/rubato/wire/ics"
)

// event writes a calendar with one event of that summary.
func event(t testing.TB, summary string) string {
	t.Helper()
	var b bytes.Buffer
	w := ics.NewWriter(&b)
	w.Begin("VCALENDAR")
	w.Raw("VERSION", "2.0")
	w.Raw("PRODID", "-//test//EN")
	w.Begin("VEVENT")
	w.Raw("UID", "1@rubato.example.org")
	w.Instant("DTSTAMP", time.Date(2026, 11, 24, 8, 30, 0, 0, time.FixedZone("", 3600)))
	w.Raw("DTSTART;VALUE=DATE", "20261224")
	w.Text("SUMMARY", summary)
	w.End("VEVENT")
	w.End("VCALENDAR")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriter(t *testing.T) {
	want := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1@rubato.example.org\r\nDTSTAMP:20261124T073000Z\r\n" +
		"DTSTART;VALUE=DATE:20261224\r\nSUMMARY:Focus\\, “deep”\\; a\\\\b\\nc\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	if got := event(t, "Focus, “deep”; a\\b\nc"); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestNoLineOfItsOwn: whatever a name holds, it stays in its property.
func TestNoLineOfItsOwn(t *testing.T) {
	for _, evil := range []string{
		"x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y", "x\nATTENDEE:mailto:a@example.org", "x\rDTSTART:20200101T000000Z", "\x00\x1b[31m\x7f", "x\u2028y\u0085z",
		"bad\xff\xfebytes", strings.Repeat("é", 500), strings.Repeat("x", 74) + "\r\n " + "y",
	} {
		got := event(t, evil)
		if n := strings.Count(got, "\nEND:VEVENT"); n != 1 || strings.Count(got, "\nATTENDEE") > 0 || strings.Count(got, "\nDTSTART") != 1 {
			t.Errorf("%q breaks out:\n%s", evil, got)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(got, "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n\x00\x1b\x7f") {
				t.Errorf("%q makes the line %q", evil, line)
			}
		}
	}
}

// FuzzText: what is written as text is read as that text, by this package and
// by another.
func FuzzText(f *testing.F) {
	for _, s := range []string{"Focus", "a,b;c\\n\\\\d\n", strings.Repeat("ü", 80), "\r\n\t \x01", "x\xff", ":;\"^"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		file := event(t, s)
		want := strings.Map(func(r rune) rune {
			if r < ' ' && r != '\t' && r != '\n' || r == 0x7F {
				return -1
			}
			return r
		}, strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD")))
		e, err := ics.NewReader(strings.NewReader(file)).Next()
		if err != nil {
			t.Fatal(err)
		}
		if p, _ := e.Get("SUMMARY"); p.Text() != want {
			t.Errorf("%q reads back as %q, want %q", s, p.Text(), want)
		}
		calendar, err := ical.NewDecoder(strings.NewReader(file)).Decode()
		if err != nil {
			t.Fatalf("go-ical cannot read %q: %v", file, err)
		}
		got, err := calendar.Events()[0].Props.Text("SUMMARY")
		if err != nil || got != want {
			t.Errorf("go-ical reads %q back as %q, %v, want %q", s, got, err, want)
		}
	})
}
