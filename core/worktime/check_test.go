package worktime_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/core/worktime"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	date := func(s string) worktime.Date {
		d, err := worktime.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	spans := func(list ...string) (all []worktime.Span) {
		for _, s := range list {
			all = append(all, span(s))
		}
		return all
	}
	for _, tc := range []struct {
		name     string
		change   func(*worktime.Charter)
		errors   string
		warnings string
	}{
		{"as it is", func(*worktime.Charter) {}, "[]", "[]"},
		{"unknown zones", func(c *worktime.Charter) {
			c.Zone = "Nowhere"
			c.Travel = []worktime.Trip{{From: 20000, To: 20001, Zone: "Local"}}
		}, "[zone zone, zone travel.2024-10-04]", "[]"},
		{"empty span hides all but zones", func(c *worktime.Charter) {
			c.Zone, c.Hours = "", [7][]worktime.Span{1: {{From: 600, To: 600}}}
			c.Windows = worktime.Windows{}
		}, "[time hours.mon, zone zone]", "[]"},
		{"start at 24:00", func(c *worktime.Charter) { c.Dates = map[worktime.Date][]worktime.Span{20000: {{From: 1440, To: 60}}} }, "[time dates.2024-10-04]", "[]"},
		{"window off the clock", func(c *worktime.Charter) { c.Windows[1] = []worktime.TimeOfDay{1441} }, "[time windows.mon]", "[]"},
		{"dated focus that ends at its start", func(c *worktime.Charter) { c.FocusOn = []worktime.LocalSpan{{From: 60, To: 60}} }, "[time focus_on.1970-01-01T00:01]", "[]"},
		{"no hours", func(c *worktime.Charter) { c.Hours = [7][]worktime.Span{} }, "[no_hours hours]", "[]"},
		{"no windows", func(c *worktime.Charter) { c.Windows = worktime.Windows{} }, "[no_window windows]", "[]"},
		{"windows on days off only", func(c *worktime.Charter) {
			c.Windows = worktime.Windows{6: {worktime.ClockTime(11, 0)}}
		}, "[no_window windows]", "[]"},
		{"window outside", func(c *worktime.Charter) { c.Windows = worktime.EveryDay(worktime.ClockTime(19, 0)) }, "[no_window windows, window_outside windows.19:00]", "[]"},
		{"window at the end of hours", func(c *worktime.Charter) { c.Windows = worktime.EveryDay(worktime.ClockTime(17, 30)) }, "[]", "[]"},
		{"window at lunch", func(c *worktime.Charter) {
			c.Windows = worktime.EveryDay(worktime.ClockTime(13, 0), worktime.ClockTime(11, 0))
		}, "[window_outside windows.13:00]", "[]"},
		{"window of a half day", func(c *worktime.Charter) { c.Hours[5] = spans("09:00-12:30") }, "[]", "[window_partial windows.16:00]"},
		{"window after midnight", func(c *worktime.Charter) {
			c.Hours, c.Windows = week("22:00-06:00"), worktime.EveryDay(worktime.ClockTime(2, 30))
		}, "[]", "[]"},
		{"window after midnight without a night shift", func(c *worktime.Charter) {
			c.Hours, c.Windows = week("22:00-24:00"), worktime.EveryDay(worktime.ClockTime(0, 0), worktime.ClockTime(23, 0))
		}, "[window_outside windows.00:00]", "[]"},
		{"window at 24:00", func(c *worktime.Charter) {
			c.Hours, c.Windows = week("22:00-24:00"), worktime.EveryDay(worktime.ClockTime(24, 0))
		}, "[]", "[]"},
		{"window in focus", func(c *worktime.Charter) { c.Focus[3] = spans("10:00-12:00") }, "[]", "[window_in_focus windows.11:00]"},
		{"window in focus of the date before", func(c *worktime.Charter) {
			c.Hours, c.Windows = week("22:00-06:00"), worktime.EveryDay(worktime.ClockTime(2, 30))
			c.Focus[1] = spans("23:00-03:00")
		}, "[]", "[window_in_focus windows.02:30]"},
		{"window at the end of focus", func(c *worktime.Charter) { c.Focus[3] = spans("10:00-11:00") }, "[]", "[]"},
		{"focus on a day off", func(c *worktime.Charter) { c.Focus[6] = spans("10:00-12:00") }, "[]", "[focus_outside focus.sat]"},
		{"focus at lunch", func(c *worktime.Charter) { c.Focus[3] = spans("12:30-13:30") }, "[]", "[focus_outside focus.wed]"},
		{"hours that overlap", func(c *worktime.Charter) { c.Hours[3] = spans("09:00-12:00", "11:00-17:00") }, "[overlap hours]", "[]"},
		{"hours that touch", func(c *worktime.Charter) { c.Hours[3] = spans("12:00-17:00", "09:00-12:00") }, "[]", "[]"},
		{"hours that overlap over the turn of the week", func(c *worktime.Charter) {
			c.Hours[6], c.Hours[0] = spans("22:00-10:00"), spans("09:00-17:00")
		}, "[overlap hours]", "[window_partial windows.11:00, window_partial windows.16:00]"},
		{"hours of a date that overlap", func(c *worktime.Charter) {
			c.Dates = map[worktime.Date][]worktime.Span{20000: spans("09:00-12:00", "09:00-12:00")}
		}, "[overlap dates.2024-10-04]", "[]"},
		{"hours of a date over the night shift before", func(c *worktime.Charter) {
			c.Dates = map[worktime.Date][]worktime.Span{20000: spans("20:00-12:00")}
		}, "[]", "[]"},
		{"trip that ends before it starts", func(c *worktime.Charter) {
			c.Travel = []worktime.Trip{{From: 20000, To: 19999, Zone: "UTC"}}
		}, "[travel travel.2024-10-04]", "[]"},
		{"trip after one for good", func(c *worktime.Charter) {
			c.Travel = []worktime.Trip{{From: 20000, To: 20001, Zone: "UTC"}, {From: 19000, Open: true, Zone: "UTC"}}
		}, "[travel travel.2024-10-04]", "[]"},
		{"trips that follow each other", func(c *worktime.Charter) {
			c.Travel = []worktime.Trip{{From: 20002, Open: true, Zone: "UTC"}, {From: 20000, To: 20001, Zone: "UTC"}}
		}, "[]", "[]"},
		{"time off that ends before it starts", func(c *worktime.Charter) {
			c.Off = []worktime.TimeOff{worktime.OffDates(date("2026-11-25"), date("2026-11-24"))}
		}, "[off off.2026-11-25]", "[]"},
		{"time off that ends when it starts", func(c *worktime.Charter) {
			c.Off = []worktime.TimeOff{worktime.OffTimes(60, 60), worktime.OffDates(20000, 20000)}
		}, "[off off.1970-01-01T00:01]", "[]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := berlin()
			tc.change(&c)
			bad, warnings := worktime.Check(c, tables.Zone)
			if got := findings(bad); got != tc.errors {
				t.Errorf("errors %s, want %s", got, tc.errors)
			}
			if got := findings(warnings); got != tc.warnings {
				t.Errorf("warnings %s, want %s", got, tc.warnings)
			}
		})
	}
}

// findings are sorted by code, "[code where, code where]".
func findings(fs []worktime.Finding) string {
	slices.SortStableFunc(fs, func(a, b worktime.Finding) int { return slices.Compare([]byte(a.Code), []byte(b.Code)) })
	var s strings.Builder
	s.WriteString("[")
	for i, f := range fs {
		if i > 0 {
			s.WriteString(", ")
		}
		fmt.Fprintf(&s, "%s %s", f.Code, f.Where)
	}
	return s.String() + "]"
}
