package worktime_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/worktime"
)

// wild is any charter that could be put together, good or bad.
var wild = rapid.Custom(func(t *rapid.T) worktime.Charter {
	minutes := rapid.Custom(func(t *rapid.T) worktime.TimeOfDay {
		return worktime.TimeOfDay(rapid.IntRange(0, 1440).Draw(t, "minute"))
	})
	spans := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) worktime.Span {
		from, to := minutes.Draw(t, "from"), minutes.Draw(t, "to")
		if from == to || from == 1440 {
			return worktime.Span{To: 1440}
		}
		return worktime.Span{From: from, To: to}
	}), 0, 4)
	date := rapid.Custom(func(t *rapid.T) worktime.Date {
		return worktime.Date(rapid.IntRange(-800000, 3000000).Draw(t, "date")) // years 1 to 9999 and beyond
	})
	local := rapid.Custom(func(t *rapid.T) worktime.Local { return date.Draw(t, "date").At(minutes.Draw(t, "at")) })

	c := worktime.Charter{Zone: rapid.SampledFrom(zoneNames).Draw(t, "zone"), Dates: map[worktime.Date][]worktime.Span{}}
	for d := range c.Hours {
		c.Hours[d], c.Focus[d] = spans.Draw(t, "hours"), spans.Draw(t, "focus")
		c.Windows[d] = rapid.SliceOfN(minutes, 0, 3).Draw(t, "windows")
	}
	for range rapid.IntRange(0, 3).Draw(t, "exceptions") {
		c.FocusOn = append(c.FocusOn, worktime.LocalSpan{From: local.Draw(t, "from"), To: local.Draw(t, "to")})
		c.Off = append(c.Off, worktime.OffDates(date.Draw(t, "from"), date.Draw(t, "to")), worktime.OffTimes(local.Draw(t, "from"), local.Draw(t, "to")))
		c.Holidays = append(c.Holidays, date.Draw(t, "holiday"))
		c.Dates[date.Draw(t, "date")] = spans.Draw(t, "hours")
	}
	if from, to := date.Draw(t, "from"), date.Draw(t, "to"); rapid.Bool().Draw(t, "travels") {
		c.Travel = []worktime.Trip{{
			From: min(from, to), To: max(from, to), Open: rapid.Bool().Draw(t, "open"), Zone: rapid.SampledFrom(zoneNames).Draw(t, "zone"),
		}}
	}
	c.WeekStart = worktime.StartOn(0)
	return c
})

// FuzzClock asks a clock of any charter everything, at any instant from 1970 to
// 2100: it answers, never panics and never loops (worktime 11.11).
func FuzzClock(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(askEverything))
}

// TestAnyCharter is FuzzClock without the fuzzer.
func TestAnyCharter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, askEverything)
}

func askEverything(t *rapid.T) {
	c := rapid.OneOf(wild, rapid.Map(draws, func(d draw) worktime.Charter { return d.charter })).Draw(t, "charter")
	now := worktime.Instant(rapid.Int64Range(0, 4102444800).Draw(t, "now"))
	worktime.Check(c, tables.Zone)
	k, err := worktime.Compile(c, tables.Zone)
	if err != nil {
		return
	}
	to := now + worktime.Instant(rapid.Int64Range(-refDay, 30*refDay).Draw(t, "to"))
	for class := worktime.Class(0); class <= worktime.Muted+1; class++ {
		if at, ok := k.Next(class, now, to); ok {
			k.AwayDays(now, at)
			k.Resume(at, to)
		}
	}
	k.State(now)
	k.In(now)
	k.Day(k.DateOf(now))
	k.Windows(now, to)
	pauses := []worktime.Pause{{From: now + 60, To: to}}
	for _, term := range append(terms(rapid.IntRange(1, 999999).Draw(t, "hours")), worktime.OnDate(2932896), worktime.OnInstant(to)) {
		k.Due(now, term, pauses)
		worktime.Replan(k, k, worktime.Normal, now, to, term)
	}
	k.Elapsed(worktime.DayClock, now, to, pauses)
	people := []worktime.Person{{ID: "a", Clock: k}, {ID: "b", Clock: k}}
	worktime.AskDue(people, worktime.Urgent, now, worktime.Hours(24), 2)
	worktime.Theatre(people, now, 24, to)
	worktime.SendBy(people, now, 48)
	worktime.Cadence(people, k.DateOf(now), 48, 30)
	worktime.Rotate(people, []worktime.Interval{{From: now, To: to}}, 30, nil)
	k.Sync(k.DateOf(now), []worktime.Event{{Start: now, End: to, People: 2, Busy: true, Kind: "meeting"}}, []worktime.Instant{now, to}, worktime.Recovery)
}

// FuzzParseTerm holds that what is read is printed, and read again the same.
func FuzzParseTerm(f *testing.F) {
	for _, s := range []string{"24h", "4wh", "eod", "eow", "2026-11-27", "2026-11-24T17:00:00+01:00", "0h", "9999-12-31", "1e3h"} {
		f.Add(s)
	}
	k := compile(f, berlin())
	f.Fuzz(func(t *testing.T, s string) {
		term, err := worktime.ParseTerm(s)
		if err != nil {
			return
		}
		if again, err := worktime.ParseTerm(term.String()); err != nil || again != term {
			t.Errorf("%q is printed as %q, and that read as %v, %v", s, term, again, err)
		}
		k.Due(1795510800, term, nil)
	})
}

// FuzzParseLocal holds the same of dates, spans and local times.
func FuzzParseLocal(f *testing.F) {
	for _, s := range []string{"2026-11-24", "09:00-12:30", "00:00-24:00", "2026-11-24T13:00", "2026-11-24T24:00", "2026-11-24T13:00:59"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := worktime.ParseDate(s); err == nil && d.String() != s {
			t.Errorf("date %q is printed as %q", s, d)
		}
		if v, err := worktime.ParseSpan(s); err == nil && v.String() != s {
			t.Errorf("span %q is printed as %q", s, v)
		}
		if l, err := worktime.ParseLocal(s); err == nil {
			if again, err := worktime.ParseLocal(l.String()); err != nil || again != l {
				t.Errorf("local time %q is printed as %q, and that read as %v, %v", s, l, again, err)
			}
		}
	})
}
