package ics_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/ics"
)

func date(t testing.TB, s string) worktime.Date {
	t.Helper()
	d, err := worktime.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// file is a calendar of events, each given as its lines.
func file(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\n" + strings.ReplaceAll(e, "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	return b.String() + "END:VCALENDAR\r\n"
}

func TestDays(t *testing.T) {
	for _, tt := range []struct {
		name   string
		events []string
		want   string
		report ics.Report
	}{
		{name: "one day", events: []string{"SUMMARY:Christmas\nDTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226"}, want: "2026-12-25 Christmas"},
		{name: "no end", events: []string{"DTSTART;VALUE=DATE:20261225"}, want: "2026-12-25 "},
		{name: "an end at the start", events: []string{"DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225"}, want: "2026-12-25 "},
		{name: "without VALUE", events: []string{"DTSTART:20261225"}, want: "2026-12-25 "},
		{name: "several days", events: []string{"SUMMARY:Closed\nDTSTART;VALUE=DATE:20261230\nDTEND;VALUE=DATE:20270102"}, want: "2026-12-30 Closed, 2026-12-31 Closed, 2027-01-01 Closed"},
		{name: "a duration", events: []string{"SUMMARY:Bayram\nDTSTART;VALUE=DATE:20270309\nDURATION:P3D"}, want: "2027-03-09 Bayram, 2027-03-10 Bayram, 2027-03-11 Bayram"},
		{name: "reaching in from before", events: []string{"DTSTART;VALUE=DATE:20261110\nDTEND;VALUE=DATE:20261126"}, want: "2026-11-24 , 2026-11-25 "},
		{name: "over long ago", events: []string{"DTSTART;VALUE=DATE:20251225"}},
		{name: "too far ahead", events: []string{"DTSTART;VALUE=DATE:20301225"}},
		{name: "every year, from long ago", events: []string{"SUMMARY:Labour\nDTSTART;VALUE=DATE:19000501\nRRULE:FREQ=YEARLY"}, want: "2027-05-01 Labour, 2028-05-01 Labour, 2029-05-01 Labour"},
		{name: "a weekday of a month", events: []string{"SUMMARY:Thanks\nDTSTART;VALUE=DATE:20201126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"}, want: "2026-11-26 Thanks, 2027-11-25 Thanks, 2028-11-23 Thanks, 2029-11-22 Thanks"},
		{name: "with an end", events: []string{"DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY;UNTIL=20261203T230000Z"}, want: "2026-12-01 , 2026-12-02 , 2026-12-03 "},
		{name: "counted from before", events: []string{"DTSTART;VALUE=DATE:20261123\nRRULE:FREQ=DAILY;COUNT=3"}, want: "2026-11-24 , 2026-11-25 "},
		{name: "exceptions and more", events: []string{"DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE;VALUE=DATE:20261202,20261203\nRDATE;VALUE=DATE:20261224"}, want: "2026-12-01 , 2026-12-04 , 2026-12-24 "},
		{
			name: "one moved, one cancelled",
			events: []string{
				"UID:a\nSUMMARY:Offsite\nDTSTART;VALUE=DATE:20261201\nRRULE:FREQ=WEEKLY;COUNT=4",
				"UID:a\nSUMMARY:Offsite, moved\nRECURRENCE-ID;VALUE=DATE:20261208\nDTSTART;VALUE=DATE:20261209",
				"UID:a\nRECURRENCE-ID;VALUE=DATE:20261215\nDTSTART;VALUE=DATE:20261215\nSTATUS:CANCELLED",
			},
			want: "2026-12-01 Offsite, 2026-12-09 Offsite, moved, 2026-12-22 Offsite", report: ics.Report{Cancelled: 1},
		},
		{name: "cancelled", events: []string{"DTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED"}, report: ics.Report{Cancelled: 1}},
		{name: "timed", events: []string{"DTSTART:20261225T090000Z\nDTEND:20261225T100000Z", "DTSTART;TZID=Europe/Berlin:20261225T000000"}, report: ics.Report{Timed: 2}},
		{name: "whole days by Outlook", events: []string{"SUMMARY:Epiphany\nDTSTART;TZID=W. Europe Standard Time:20270106T000000\nDTEND;TZID=W. Europe Standard Time:20270107T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE"}, want: "2027-01-06 Epiphany"},
		{name: "unreadable", events: []string{"SUMMARY:no start", "DTSTART;VALUE=DATE:20261399", "DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=SECONDLY", "DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=YEARLY;RSCALE=HEBREW", "DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY;INTERVAL=0"}, report: ics.Report{Unreadable: 5}},
		{name: "the first name of a date", events: []string{"SUMMARY:Christmas\\, first\nDTSTART;VALUE=DATE:20261225", "SUMMARY:Noël\nDTSTART;VALUE=DATE:20261225"}, want: "2026-12-25 Christmas, first"},
		{name: "a name on one line", events: []string{"SUMMARY:a\\nb\\n\\nc \x1b[31m" + strings.Repeat("x", 200) + "\nDTSTART;VALUE=DATE:20261225"}, want: "2026-12-25 a b c [31m" + strings.Repeat("x", 109) + "…"},
	} {
		got, report, err := ics.Days(strings.NewReader(file(tt.events...)), zones, date(t, "2026-11-24"), date(t, "2029-11-24"))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		said := make([]string, len(got))
		for i, d := range got {
			said[i] = d.Date.String() + " " + d.Name
		}
		if s := strings.Join(said, ", "); s != tt.want || report != tt.report {
			t.Errorf("%s: got %q %+v, want %q %+v", tt.name, s, report, tt.want, tt.report)
		}
	}
}

// TestDaysBounded: a small file cannot make much of itself.
func TestDaysBounded(t *testing.T) {
	var many []string
	for i := range 3000 {
		many = append(many, fmt.Sprintf("UID:%d\nDTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9", i))
	}
	if _, _, err := ics.Days(strings.NewReader(file(many...)), zones, date(t, "2026-11-24"), date(t, "2029-11-24")); !errors.Is(err, ics.ErrTooMuch) {
		t.Errorf("rules that never come true give %v", err)
	}
	if _, _, err := ics.Days(strings.NewReader("<html>"), zones, 0, 1); !errors.Is(err, ics.ErrNotCalendar) {
		t.Errorf("a page gives %v", err)
	}
}

func FuzzDays(f *testing.F) {
	f.Add(file("SUMMARY:Christmas\nDTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227\nRRULE:FREQ=YEARLY;BYSETPOS=-1,2;BYDAY=1MO,-1FR;WKST=SU"))
	f.Add(file("UID:a\nDTSTART:20261201\nRRULE:FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1\nEXDATE:20261231\nRDATE:20270101", "UID:a\nRECURRENCE-ID:20270331\nDTSTART:20270401\nDURATION:P2W"))
	f.Add("\uFEFFBEGIN:VCALENDAR\n \n\t\nBEGIN:VEVENT\nDTSTART;X=\"a\",b:99991231\nRRULE:FREQ=WEEKLY;BYWEEKNO=-53,1\nEND:VEVENT")
	from, to := date(f, "2026-11-24"), date(f, "2029-11-24")
	f.Fuzz(func(t *testing.T, s string) {
		got, _, err := ics.Days(strings.NewReader(s), zones, from, to)
		if err != nil && got != nil {
			t.Error("dates beside an error")
		}
		if !slices.IsSortedFunc(got, func(a, b ics.Day) int { return int(a.Date - b.Date) }) {
			t.Errorf("not sorted: %v", got)
		}
		for i, d := range got {
			if d.Date < from || d.Date > to || i > 0 && got[i-1].Date == d.Date || strings.ContainsAny(d.Name, "\r\n") {
				t.Errorf("day %d is %+v", i, d)
			}
		}
	})
}
