package ics_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/ics"
)

// set reads calendars of events, each given as its lines.
func set(t testing.TB, files ...string) *ics.Set {
	t.Helper()
	s := ics.NewSet(zones)
	for i, f := range files {
		if err := s.Read(fmt.Sprintf("%d.ics", i), strings.NewReader(f)); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// told is the instances of a set, sorted, each as "12-01 09:00-10:00 Summary" in
// the zone; what does not take place is told in brackets.
func told(s *ics.Set, from, to string, z *worktime.Zone) []string {
	at := func(text string) worktime.Instant {
		d, err := time.ParseInLocation(time.DateOnly, text, z.Location())
		if err != nil {
			panic(err) // a constant of a test
		}
		return worktime.Of(d)
	}
	all := slices.SortedFunc(s.Instances(at(from), at(to), z), func(a, b ics.Instance) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Event.Line, b.Event.Line))
	})
	var out []string
	for _, i := range all {
		start, end := i.Start.Time().In(z.Location()), i.End.Time().In(z.Location())
		said := start.Format("01-02 15:04-") + end.Format("15:04 ") + i.Event.Summary
		if i.Whole {
			said = fmt.Sprintf("%s %dd %s", start.Format("01-02"), int(end.Sub(start).Hours()+2)/24, i.Event.Summary)
		}
		if i.Cancelled {
			said = "(" + said + ")"
		}
		if i.Excluded {
			said = "-" + said
		}
		out = append(out, said)
	}
	return out
}

const at9 = "UID:a\nSUMMARY:A\nDTSTART;TZID=Europe/Berlin:20261201T090000\nDTEND;TZID=Europe/Berlin:20261201T100000\n"

func TestInstances(t *testing.T) {
	for _, tt := range []struct {
		name   string
		events []string
		want   string
		faults string
	}{
		{name: "once", events: []string{at9}, want: "12-01 09:00-10:00 A"},
		{name: "by a duration", events: []string{"SUMMARY:A\nDTSTART:20261201T080000Z\nDURATION:PT1H30M"}, want: "12-01 09:00-10:30 A"},
		{name: "without an end", events: []string{"SUMMARY:A\nDTSTART:20261201T080000Z"}, want: "12-01 09:00-09:00 A"},
		{name: "floating", events: []string{"SUMMARY:A\nDTSTART:20261201T080000\nDURATION:PT1H"}, want: "12-01 08:00-09:00 A"},
		{name: "a day, and an end at the start", events: []string{"SUMMARY:A\nDTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261201", "SUMMARY:B\nDTSTART:20261202\nDURATION:P2D"}, want: "12-01 1d A, 12-02 2d B"},
		{name: "whole days by Outlook", events: []string{"SUMMARY:A\nDTSTART;TZID=Pacific Standard Time:20261201T000000\nDTEND;TZID=Pacific Standard Time:20261203T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE"}, want: "12-01 2d A"},
		{name: "reaching in", events: []string{"SUMMARY:A\nDTSTART:20261130T200000Z\nDTEND:20261201T000000Z"}, want: "11-30 21:00-01:00 A"},
		{name: "an unknown zone floats", events: []string{"SUMMARY:A\nDTSTART;TZID=Atlantis:20261201T080000\nDURATION:PT1H"}, want: "12-01 08:00-09:00 A", faults: "5 unknown-zone"},
		{name: "by a count", events: []string{at9 + "RRULE:FREQ=DAILY;COUNT=3"}, want: "12-01 09:00-10:00 A, 12-02 09:00-10:00 A, 12-03 09:00-10:00 A"},
		{name: "until, in UTC, included", events: []string{at9 + "RRULE:FREQ=DAILY;UNTIL=20261203T080000Z"}, want: "12-01 09:00-10:00 A, 12-02 09:00-10:00 A, 12-03 09:00-10:00 A"},
		{name: "until, in UTC, a second before", events: []string{at9 + "RRULE:FREQ=DAILY;UNTIL=20261203T075959Z"}, want: "12-01 09:00-10:00 A, 12-02 09:00-10:00 A"},
		{name: "until a date, as Google writes", events: []string{at9 + "RRULE:FREQ=DAILY;UNTIL=20261203"}, want: "12-01 09:00-10:00 A, 12-02 09:00-10:00 A, 12-03 09:00-10:00 A"},
		{name: "a start that the rule does not have", events: []string{at9 + "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=3"}, want: "12-01 09:00-10:00 A, 12-02 09:00-10:00 A, 12-09 09:00-10:00 A"},
		{name: "left out, in two zones", events: []string{at9 + "RRULE:FREQ=DAILY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20261202T090000\nEXDATE:20261203T080000Z"}, want: "12-01 09:00-10:00 A, -(12-02 09:00-10:00 A), -(12-03 09:00-10:00 A), 12-04 09:00-10:00 A"},
		{name: "left out by a date", events: []string{at9 + "RRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20261202"}, want: "12-01 09:00-10:00 A, -(12-02 09:00-10:00 A), 12-03 09:00-10:00 A"},
		{name: "left out without a zone", events: []string{at9 + "RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261202T090000"}, want: "12-01 09:00-10:00 A, -(12-02 09:00-10:00 A), 12-03 09:00-10:00 A"},
		{name: "added", events: []string{at9 + "RDATE;TZID=America/New_York:20261202T090000\nRDATE:20261203T080000Z,20261201T080000Z"}, want: "12-01 09:00-10:00 A, 12-02 15:00-16:00 A, 12-03 09:00-10:00 A"},
		{name: "added with ends of their own", events: []string{at9 + "RDATE;VALUE=PERIOD:20261202T080000Z/PT2H,20261203T080000Z/20261203T083000Z"}, want: "12-01 09:00-10:00 A, 12-02 09:00-11:00 A, 12-03 09:00-09:30 A"},
		{name: "added to a rule, once each", events: []string{at9 + "RRULE:FREQ=DAILY;COUNT=2\nRDATE;TZID=Europe/Berlin:20261202T090000,20261205T140000"}, want: "12-01 09:00-10:00 A, 12-02 09:00-10:00 A, 12-05 14:00-15:00 A"},
		{
			name: "one moved", events: []string{at9 + "RRULE:FREQ=DAILY;COUNT=3", "UID:a\nSUMMARY:A moved\nRECURRENCE-ID;TZID=Europe/Berlin:20261202T090000\nDTSTART;TZID=Europe/Berlin:20261202T140000\nDURATION:PT30M"},
			want: "12-01 09:00-10:00 A, 12-02 14:00-14:30 A moved, 12-03 09:00-10:00 A",
		},
		{
			name: "one moved, named in UTC, before its series", events: []string{"UID:a\nSUMMARY:A moved\nRECURRENCE-ID:20261202T080000Z\nDTSTART:20261204T080000Z\nDURATION:PT30M", at9 + "RRULE:FREQ=DAILY;COUNT=3"},
			want: "12-01 09:00-10:00 A, 12-03 09:00-10:00 A, 12-04 09:00-09:30 A moved",
		},
		{
			name: "one moved into the range", events: []string{"UID:a\nSUMMARY:A\nDTSTART:20261101T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2", "UID:a\nSUMMARY:A moved\nRECURRENCE-ID:20261102T080000Z\nDTSTART:20261204T080000Z\nDURATION:PT30M"},
			want: "12-04 09:00-09:30 A moved",
		},
		{
			name: "one cancelled", events: []string{at9 + "RRULE:FREQ=DAILY;COUNT=3", "UID:a\nSUMMARY:A\nSTATUS:CANCELLED\nRECURRENCE-ID:20261202T080000Z\nDTSTART:20261202T080000Z\nDURATION:PT1H"},
			want: "12-01 09:00-10:00 A, (12-02 09:00-10:00 A), 12-03 09:00-10:00 A",
		},
		{
			name: "the newest version of one", events: []string{
				at9 + "RRULE:FREQ=DAILY;COUNT=2", "UID:a\nSUMMARY:new\nSEQUENCE:2\nRECURRENCE-ID:20261202T080000Z\nDTSTART:20261202T100000Z\nDURATION:PT1H",
				"UID:a\nSUMMARY:old\nSEQUENCE:1\nRECURRENCE-ID:20261202T080000Z\nDTSTART:20261202T090000Z\nDURATION:PT1H",
			},
			want: "12-01 09:00-10:00 A, 12-02 11:00-12:00 new",
		},
		{
			name: "a replacement without its series", events: []string{"UID:x\nSUMMARY:alone\nRECURRENCE-ID:20261202T080000Z\nDTSTART:20261202T100000Z\nDURATION:PT1H"}, want: "12-02 11:00-12:00 alone",
		},
		{
			name: "what follows is moved", events: []string{at9 + "RRULE:FREQ=DAILY;COUNT=4", "UID:a\nSUMMARY:A later\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261203T080000Z\nDTSTART:20261203T100000Z\nDURATION:PT30M"},
			want: "12-01 09:00-10:00 A, 12-02 09:00-10:00 A, 12-03 11:00-11:30 A later, 12-04 11:00-11:30 A later",
		},
		{
			name: "a date of whole days replaced by a time", events: []string{"UID:d\nSUMMARY:D\nDTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY;COUNT=2", "UID:d\nSUMMARY:D at 10\nRECURRENCE-ID;TZID=Europe/Berlin:20261202T000000\nDTSTART;TZID=Europe/Berlin:20261202T100000\nDURATION:PT1H"},
			want: "12-01 1d D, 12-02 10:00-11:00 D at 10",
		},
		{name: "two of one UID", events: []string{at9, "UID:a\nSUMMARY:A again\nDTSTART:20261202T080000Z\nDURATION:PT1H"}, want: "12-01 09:00-10:00 A, 12-02 09:00-10:00 A again"},
		{name: "twice the same", events: []string{at9, at9}, want: "12-01 09:00-10:00 A"},
		{name: "an end before its start", events: []string{"SUMMARY:A\nDTSTART:20261201T080000Z\nDTEND:20261201T070000Z"}, want: "12-01 09:00-09:00 A", faults: "3 ends-earlier"},
		{name: "placeholders", events: []string{"SUMMARY:A\nDTSTART:#DTSTART#", at9}, want: "12-01 09:00-10:00 A", faults: "5 bad-time"},
		{name: "a rule that is none", events: []string{at9 + "RRULE:FREQ=SOMETIMES", "SUMMARY:B\nDTSTART:20261202T080000Z"}, want: "12-02 09:00-09:00 B", faults: "8 bad-rule"},
		{name: "each hour of a morning", events: []string{at9 + "RRULE:FREQ=HOURLY;INTERVAL=2;BYHOUR=9,11,12;COUNT=4"}, want: "12-01 09:00-10:00 A, 12-01 11:00-12:00 A, 12-02 09:00-10:00 A, 12-02 11:00-12:00 A"},
		{name: "three times on some days", events: []string{at9 + "RRULE:FREQ=WEEKLY;BYDAY=TU;BYHOUR=9,13;BYMINUTE=0,30;COUNT=5"}, want: "12-01 09:00-10:00 A, 12-01 09:30-10:30 A, 12-01 13:00-14:00 A, 12-01 13:30-14:30 A, 12-08 09:00-10:00 A"},
		{name: "the last workday of each month", events: []string{at9 + "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2"}, want: "12-01 09:00-10:00 A, 12-31 09:00-10:00 A"},
	} {
		s := set(t, file(tt.events...))
		got := strings.Join(told(s, "2026-12-01", "2027-01-01", zone(t, "Europe/Berlin")), ", ")
		var faults []string
		for _, f := range s.Faults {
			faults = append(faults, fmt.Sprintf("%d %s", f.Line, f.Code))
		}
		if got != tt.want || strings.Join(faults, ", ") != tt.faults {
			t.Errorf("%s:\ngot  %s %v\nwant %s %s", tt.name, got, faults, tt.want, tt.faults)
		}
	}
}

// TestDaylight: a series keeps its time of day when clocks change; what falls
// into the hour that is left out is read with the offset before it (RFC 5545,
// 3.3.5), and an instance lasts as long as the first (3.8.5.3).
func TestDaylight(t *testing.T) {
	night := "SUMMARY:A\nDTSTART;TZID=Europe/Berlin:20260327T023000\nDTEND;TZID=Europe/Berlin:20260327T033000\nRRULE:FREQ=DAILY;COUNT=4"
	got := told(set(t, file(night)), "2026-03-01", "2026-04-30", zone(t, "UTC"))
	want := []string{"03-27 01:30-02:30 A", "03-28 01:30-02:30 A", "03-29 01:30-02:30 A", "03-30 00:30-01:30 A"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	whole := "SUMMARY:D\nDTSTART;VALUE=DATE:20260328\nRRULE:FREQ=DAILY;COUNT=3"
	if got := told(set(t, file(whole)), "2026-03-01", "2026-04-30", zone(t, "Europe/Berlin")); !slices.Equal(got, []string{"03-28 1d D", "03-29 1d D", "03-30 1d D"}) {
		t.Errorf("whole days are %v", got)
	}
}

// TestSeveralFiles: what stands in two of them counts once.
func TestSeveralFiles(t *testing.T) {
	a := file(at9+"RRULE:FREQ=DAILY;COUNT=2", "UID:b\nSUMMARY:B\nDTSTART:20261205T080000Z")
	b := file(at9+"RRULE:FREQ=DAILY;COUNT=2", "UID:c\nSUMMARY:C\nDTSTART:20261206T080000Z")
	s := set(t, a, b)
	got := told(s, "2026-12-01", "2027-01-01", zone(t, "Europe/Berlin"))
	if want := []string{"12-01 09:00-10:00 A", "12-02 09:00-10:00 A", "12-05 09:00-09:00 B", "12-06 09:00-09:00 C"}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if s.Found != 4 {
		t.Errorf("%d events were met", s.Found)
	}
}

// TestBombs: the range bounds what a rule gives, and what does not come true is
// not looked for without end.
func TestBombs(t *testing.T) {
	many := func(rule string) string {
		var events []string
		for n := range 500 {
			events = append(events, fmt.Sprintf("UID:%d\nSUMMARY:A\nDTSTART:19000101T000000Z\nRRULE:%s", n, rule))
		}
		return file(events...)
	}
	utc := zone(t, "UTC")
	for _, tt := range []struct {
		rule  string
		fault bool
		most  int
	}{
		{"FREQ=SECONDLY", true, 4_000_000},
		{"FREQ=SECONDLY;COUNT=1000000000", true, 500},
		{"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", false, 0},
		{"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9", true, 500},
		{"FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", false, 0},
		{"FREQ=SECONDLY;BYSETPOS=366", true, 0},
		{"FREQ=YEARLY;BYYEARDAY=366;BYDAY=MO;BYHOUR=1;BYMINUTE=1;BYSECOND=1", false, 0},
		{"FREQ=YEARLY;INTERVAL=1000000", false, 0},
	} {
		s := set(t, many(tt.rule))
		n := 0
		for range s.Instances(worktime.Instant(1796083200), worktime.Instant(1796083200+28*86400), utc) {
			n++
		}
		if (s.Faulty > 0) != tt.fault || n > tt.most {
			t.Errorf("%s gives %d instances and %d faults", tt.rule, n, s.Faulty)
		}
	}
}

func FuzzInstances(f *testing.F) {
	f.Add(file(at9+"RRULE:FREQ=DAILY;UNTIL=20261203\nEXDATE;VALUE=DATE:20261202\nRDATE;VALUE=PERIOD:20261202T080000Z/PT2H", "UID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261203T080000Z\nDTSTART:20261203T100000Z"))
	f.Add(file("DTSTART;TZID=Customized:99991231T235959\nDURATION:-P1000000W\nRRULE:FREQ=SECONDLY;INTERVAL=1000;BYSETPOS=-1,1;COUNT=100"))
	f.Add("BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Berlin\nBEGIN:VTIMEZONE\nTZID:Customized\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:-1200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=Customized:20261201T000000\nRRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=1MO\nEND:VEVENT\n")
	berlin := zone(f, "Europe/Berlin")
	from, to := worktime.Instant(1796083200), worktime.Instant(1796083200+28*86400)
	f.Fuzz(func(t *testing.T, text string) {
		s := ics.NewSet(ics.NewZones(func(name string) (*worktime.Zone, error) {
			z, ok := zones.Named(name)
			if !ok {
				return nil, fmt.Errorf("no zone %q", name)
			}
			return z, nil
		}))
		_ = s.Read("x", strings.NewReader(text)) // what could be read is there
		n := 0
		for i := range s.Instances(from, to, berlin) {
			if i.Start >= to || i.Start < from && i.End <= from {
				t.Errorf("from %d to %d is outside of the range", i.Start, i.End)
			}
			if i.Whole && (i.End <= i.Start) {
				t.Errorf("days from %d to %d", i.Start, i.End)
			}
			n++
		}
		if n > 2_000_000 {
			t.Errorf("%d instances", n)
		}
	})
}
