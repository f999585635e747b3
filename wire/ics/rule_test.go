package ics_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/ics"
)

// TestRules holds the dates of drawn rules to those of another implementation.
func TestRules(t *testing.T) {
	from, to := date(t, "2026-11-24"), date(t, "2029-11-24")
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		start := from.AddDays(rapid.IntRange(-20000, 700).Draw(t, "start"))
		text := drawRule(t)
		y, m, d := start.Civil()
		option, err := rrule.StrToROption(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		option.Dtstart = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		theirs, err := rrule.NewRRule(*option)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var want []string
		for _, at := range theirs.Between(at(from), at(to), true) {
			want = append(want, at.Format(time.DateOnly))
		}
		// A start that the rule does not have is the first all the same, and counts
		// as one (RFC 5545, 3.8.5.3 and 3.3.10); there it is left out.
		if first := start.String(); len(theirs.Between(option.Dtstart, option.Dtstart, true)) == 0 {
			if option.Count > 0 {
				return // they count otherwise
			}
			if start >= from && start <= to {
				want = append([]string{first}, want...)
			}
		}
		days, report, err := ics.Days(strings.NewReader(file("DTSTART;VALUE=DATE:"+strings.ReplaceAll(start.String(), "-", "")+"\nRRULE:"+text)), zones, from, to)
		if err != nil || report.Unreadable > 0 {
			t.Fatalf("%s: %+v, %v", text, report, err)
		}
		var got []string
		for _, d := range days {
			got = append(got, d.Date.String())
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%s from %s:\ngot  %v\nwant %v", text, start, got, want)
		}
		compared += len(want)
	})
	if compared == 0 {
		t.Error("no rule came true once")
	}
}

func at(d worktime.Date) time.Time {
	y, m, day := d.Civil()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
}

func drawRule(t *rapid.T) string {
	freq := rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(t, "freq")
	parts := []string{"FREQ=" + freq, fmt.Sprint("INTERVAL=", rapid.IntRange(1, 5).Draw(t, "interval"))}
	some := func(name string, value func() string) bool {
		if rapid.IntRange(0, 3).Draw(t, name) > 0 {
			return false
		}
		parts = append(parts, name+"="+value())
		return true
	}
	list := func(least, most int) func() string {
		return func() string {
			ns := rapid.SliceOfN(rapid.IntRange(least, most).Filter(func(n int) bool { return n != 0 }), 1, 4).Draw(t, "list")
			return strings.Trim(strings.ReplaceAll(fmt.Sprint(ns), " ", ","), "[]")
		}
	}
	some("WKST", func() string { return rapid.SampledFrom([]string{"MO", "SU", "SA"}).Draw(t, "wkst") })
	some("BYMONTH", list(1, 12))
	by := some("BYMONTHDAY", list(-31, 31))
	if freq == "YEARLY" {
		by = some("BYYEARDAY", list(-366, 366)) || by
		by = some("BYWEEKNO", list(-53, 51)) || by // of what reaches over from the last year's end they take 52 amiss
	}
	by = some("BYDAY", func() string {
		days := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}), 1, 3, rapid.ID).Draw(t, "days")
		if freq == "MONTHLY" || freq == "YEARLY" && !strings.Contains(strings.Join(parts, ";"), "BYWEEKNO") {
			if n := rapid.IntRange(-5, 5).Draw(t, "nth"); n != 0 {
				for i := range days {
					days[i] = fmt.Sprint(n) + days[i]
				}
			}
		}
		return strings.Join(days, ",")
	}) || by
	// A week that the start cuts is counted whole here, from the start there.
	if by && (freq == "MONTHLY" || freq == "YEARLY") {
		some("BYSETPOS", list(-10, 10))
	}
	switch rapid.IntRange(0, 2).Draw(t, "end") {
	case 1:
		parts = append(parts, fmt.Sprint("COUNT=", rapid.IntRange(1, 400).Draw(t, "count")))
	case 2:
		parts = append(parts, "UNTIL=20280229T000000Z")
	}
	return strings.Join(parts, ";")
}
