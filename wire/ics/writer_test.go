package ics_test

import (
	"bytes"
	"io"
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
		e, err := ics.NewReader(strings.NewReader(file)).Event()
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

func TestReader(t *testing.T) {
	r := ics.NewReader(strings.NewReader("\uFEFFBEGIN:VCALENDAR\nX-A:\nBEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE\nno property\n" +
		"BEGIN:VEVENT\nSUMMARY;LANGUAGE=de;X-P=\"a:b\",c:Heilig\n abend\nBEGIN:VALARM\nSUMMARY:not this\nEND:VALARM\nX-LONG:" + strings.Repeat("x", 100_000) + "\nUID:u\nEND:VEVENT\nBEGIN:VEVENT\nUID:half"))
	e, err := r.Event()
	if err != nil || len(e.Properties) != 2 {
		t.Fatalf("Event() = %+v, %v", e, err)
	}
	p := e.Properties[0]
	if p.Text() != "Heiligabend" || p.Param("LANGUAGE") != "de" || p.Params[1].Values[0] != "a:b" || p.Params[1].Values[1] != "c" || p.Param("NONE") != "" {
		t.Errorf("SUMMARY is %+v", p)
	}
	if _, err := r.Event(); err != io.EOF { //nolint:errorlint // exactly that
		t.Errorf("an event without an end gives %v", err)
	}
	if r.Unreadable != 2 {
		t.Errorf("%d lines were unreadable, want 2", r.Unreadable)
	}
	for _, none := range []string{"", "hello", "BEGIN:VEVENT\nUID:x\nEND:VEVENT\n", "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + strings.Repeat("BEGIN:X\n", 20)} {
		if _, err := ics.NewReader(strings.NewReader(none)).Event(); err != ics.ErrNotCalendar { //nolint:errorlint // exactly that
			t.Errorf("%q gives %v", none, err)
		}
	}
}
