package ics_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/rubato-hq/rubato/wire/ics"
)

// components reads all of a stream: each component with its line and what it
// holds.
func components(in io.Reader) (out []string, faults []string, err error) {
	r := ics.NewReader(in)
	for {
		c, err := r.Next()
		if err != nil {
			for _, f := range r.Faults {
				faults = append(faults, fmt.Sprintf("%d %s", f.Line, f.Code))
			}
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return out, faults, err
		}
		said := []string{fmt.Sprintf("%d %s", c.Line, c.Name)}
		for _, p := range c.Properties {
			said = append(said, p.Name+"="+p.Text())
		}
		out = append(out, strings.Join(said, " "))
	}
}

func TestReader(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     []string
		faults   []string
	}{
		{
			"one event", "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
			[]string{"3 VEVENT UID=1", "1 VCALENDAR METHOD=REQUEST"},
			nil,
		},
		{
			"folded, with and without CR, by space and by tab", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:on\n e and \r\n\ttwo\nUID:1\nEND:VEVENT\nEND:VCALENDAR",
			[]string{"2 VEVENT SUMMARY=one and two UID=1", "1 VCALENDAR"},
			nil,
		},
		{"folded inside a letter", "BEGIN:VCALENDAR\nX-A:M\xC3\n \xBCnchen\nEND:VCALENDAR\n", []string{"1 VCALENDAR X-A=München"}, nil},
		{"a byte order mark, small letters, blank lines", "\uFEFFbegin:vcalendar\n\nbegin:vevent\n\nuid:1\nend:vevent\nend:vcalendar\n", []string{"3 VEVENT UID=1", "1 VCALENDAR"}, nil},
		{
			"what is nested is left out", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nBEGIN:VALARM\nUID:2\nEND:VALARM\nSEQUENCE:3\nEND:VEVENT\nEND:VCALENDAR\n",
			[]string{"2 VEVENT UID=1 SEQUENCE=3", "1 VCALENDAR"},
			nil,
		},
		{
			"the parts of a zone are kept", "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\nEND:VCALENDAR\n",
			[]string{"2 VTIMEZONE TZID=X BEGIN=STANDARD TZOFFSETTO=+0100 END=STANDARD", "1 VCALENDAR"},
			nil,
		},
		{
			"an event without its end", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nBEGIN:VEVENT\nUID:2\nEND:VEVENT\nEND:VCALENDAR\n",
			[]string{"4 VEVENT UID=2", "1 VCALENDAR"},
			[]string{"2 no-end"},
		},
		{"cut off in an event", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", []string{"1 VCALENDAR"}, []string{"2 no-end"}},
		{"lines that are none", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nand so on\nA;B:c:d\n\"x\":y\nEND:VEVENT\nEND:VCALENDAR\n", []string{"2 VEVENT UID=1 A=c:d", "1 VCALENDAR"}, []string{"4 no-property", "6 no-property"}},
		{
			"several, and what stands outside", "X-A:1\nBEGIN:VCALENDAR\nEND:VCALENDAR\nX-COMMENT:2\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n",
			[]string{"2 VCALENDAR", "6 VEVENT", "5 VCALENDAR"},
			nil,
		},
		{"escapes", `BEGIN:VCALENDAR` + "\n" + `X-A:a\, b\; c\\n d\ne\Nf\x` + "\nEND:VCALENDAR\n", []string{"1 VCALENDAR X-A=a, b; c\\n d\ne\nf\\x"}, nil},
		{"bytes that are no text", "BEGIN:VCALENDAR\nX-A:M\xFCnchen\nEND:VCALENDAR\n", []string{"1 VCALENDAR X-A=M\uFFFDnchen"}, nil},
	} {
		for how, in := range map[string]io.Reader{
			"at once": strings.NewReader(tt.in), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.in)), "with the end": iotest.DataErrReader(strings.NewReader(tt.in)),
		} {
			got, faults, err := components(in)
			if err != nil || !slices.Equal(got, tt.want) || !slices.Equal(faults, tt.faults) {
				t.Errorf("%s, %s:\ngot  %q %q %v\nwant %q %q", tt.name, how, got, faults, err, tt.want, tt.faults)
			}
		}
	}
}

func TestReaderRefuses(t *testing.T) {
	for name, in := range map[string]string{"nothing": "", "a page": "<html>\n<body>\n", "an event alone": "BEGIN:VEVENT\nUID:1\nEND:VEVENT\n", "depth": "BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:X-A\n", 100)} {
		if _, _, err := components(strings.NewReader(in)); !errors.Is(err, ics.ErrNotCalendar) {
			t.Errorf("%s gives %v", name, err)
		}
	}
	broken := errors.New("the line is broken")
	_, _, err := components(io.MultiReader(strings.NewReader("BEGIN:VCALENDAR\nBEGIN:VEV"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Errorf("a broken line gives %v", err)
	}
}

// TestLongLines: whatever a line is like, its neighbours are read, in memory
// that does not grow with it.
func TestLongLines(t *testing.T) {
	for _, n := range []int{1 << 10, 64 << 10, 128 << 10, 256<<10 - 14, 256 << 10, 256<<10 + 1, 1 << 20, 5 << 20} {
		for how, join := range map[string]string{"in one": "", "folded": "\r\n "} {
			line := "X-LONG:" + strings.Repeat(strings.Repeat("x", 70)+join, n/70)
			in := "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n" + line + "\r\nSUMMARY:after\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
			r := ics.NewReader(strings.NewReader(in))
			c, err := r.Next()
			if err != nil || len(c.Properties) != 3 || c.Properties[2].Text() != "after" {
				t.Fatalf("%d %s: %v, faults %v", n, how, err, r.Faults)
			}
			if got := len(c.Properties[1].Raw()); got > 70<<10 || n < 60<<10 && got != n/70*70 {
				t.Errorf("%d %s: %d bytes are kept", n, how, got)
			}
			if (r.Faulty > 0) != (n > 64<<10) {
				t.Errorf("%d %s: faults %v", n, how, r.Faults)
			}
			if want := 5 + strings.Count(in[:strings.Index(in, "SUMMARY")], "\n") - 4; c.Properties[2].Line != want {
				t.Errorf("%d %s: what follows is on line %d, want %d", n, how, c.Properties[2].Line, want)
			}
		}
	}
}

func TestParams(t *testing.T) {
	for _, tt := range []struct{ line, name, param, value string }{
		{"DTSTART;TZID=Europe/Berlin:20261124T090000", "TZID", "Europe/Berlin", "20261124T090000"},
		{`DTSTART;VALUE=DATE-TIME;TZID="(UTC-05:00) Eastern Time (US & Canada)":20261124T090000`, "TZID", "(UTC-05:00) Eastern Time (US & Canada)", "20261124T090000"},
		{"DTSTART;TZID=(UTC-05:00) Eastern Time (US & Canada):20261124T090000", "TZID", "(UTC-05:00) Eastern Time (US & Canada)", "20261124T090000"},
		{"DTSTART;TZID=tzone://Microsoft/Utc:20261124T090000", "TZID", "tzone://Microsoft/Utc", "20261124T090000"},
		{"DTSTART;TZID=Canberra, Melbourne, Sydney:20261124T090000", "TZID", "Canberra, Melbourne, Sydney", "20261124T090000"},
		{`ATTENDEE;CN="Doe, Jane";PARTSTAT=ACCEPTED:mailto:j@example.org`, "CN", "Doe, Jane", "mailto:j@example.org"},
		{`ATTENDEE;CN="Doe; Jane: a^nb ^'c^' ^^":mailto:j@example.org`, "CN", "Doe; Jane: a\nb \"c\" ^", "mailto:j@example.org"},
		{"ATTENDEE;cn=Doe;partstat=DECLINED:mailto:j@example.org", "PARTSTAT", "DECLINED", "mailto:j@example.org"},
		{`ATTENDEE;CN="Doe:mailto:j@example.org`, "CN", `"Doe`, "mailto:j@example.org"},
		{"X;A:b", "A", "", "b"},
	} {
		r := ics.NewReader(strings.NewReader("BEGIN:VCALENDAR\n" + tt.line + "\nEND:VCALENDAR\n"))
		c, err := r.Next()
		if err != nil || len(c.Properties) != 1 {
			t.Errorf("%s: %v, faults %v", tt.line, err, r.Faults)
			continue
		}
		if p := c.Properties[0]; p.Param(tt.name) != tt.param || p.Raw() != tt.value {
			t.Errorf("%s: %s=%q and %q, want %q and %q", tt.line, tt.name, p.Param(tt.name), p.Raw(), tt.param, tt.value)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY;X=\"a;b:c\",d:on\r\n e\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	f.Add("\uFEFFbegin:vcalendar\nBEGIN:VTIMEZONE\nTZID:tzone://Microsoft/Utc\nBEGIN:STANDARD\nEND:STANDARD\nEND:VTIMEZONE\n")
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nBEGIN:VEVENT\nEND:VCALENDAR\nX-COMMENT:1\n \n\t")
	f.Fuzz(func(t *testing.T, s string) {
		got, faults, err := components(strings.NewReader(s))
		slow, slowFaults, slowErr := components(iotest.OneByteReader(strings.NewReader(s)))
		if !slices.Equal(got, slow) || !slices.Equal(faults, slowFaults) || (err == nil) != (slowErr == nil) {
			t.Errorf("read byte by byte it is another:\n%q %q %v\n%q %q %v", got, faults, err, slow, slowFaults, slowErr)
		}
	})
}
