package simtest

import (
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/internal/simtest/oracle"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// tables are the zone tables of all lives.
var tables = zoneinfo.New()

// accepted reports whether the product would save a charter.
func accepted(c oracle.Charter) bool {
	bad, _ := worktime.Check(product(c).Time, tables.Zone)
	return len(bad) == 0
}

// must reads what the cast wrote; it is always well formed.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func each[T any](list []string, read func(string) (T, error)) []T {
	var out []T
	for _, s := range list {
		out = append(out, must(read(s)))
	}
	return out
}

// product is a charter as the product takes it.
func product(c oracle.Charter) charter.Charter {
	t := worktime.Charter{Zone: c.Zone, WeekStart: worktime.StartOn(c.WeekFrom), Holidays: each(c.Holidays, worktime.ParseDate)}
	for d := range 7 {
		t.Hours[d] = each(c.Hours[d], worktime.ParseSpan)
		t.Focus[d] = each(c.Focus[d], worktime.ParseSpan)
		t.Windows[d] = each(c.Windows[d], worktime.ParseTimeOfDay)
	}
	for _, o := range c.Off {
		t.Off = append(t.Off, must(worktime.ParseTimeOff(o[0], o[1])))
	}
	for _, f := range c.FocusOn {
		t.FocusOn = append(t.FocusOn, worktime.LocalSpan{From: must(worktime.ParseLocal(f[0])), To: must(worktime.ParseLocal(f[1]))})
	}
	for d, spans := range c.Dates {
		if t.Dates == nil {
			t.Dates = make(map[worktime.Date][]worktime.Span)
		}
		t.Dates[must(worktime.ParseDate(d))] = each(spans, worktime.ParseSpan)
	}
	for _, trip := range c.Travel {
		v := worktime.Trip{From: must(worktime.ParseDate(trip.From)), Zone: trip.Zone, Open: trip.To == ""}
		if !v.Open {
			v.To = must(worktime.ParseDate(trip.To))
		}
		t.Travel = append(t.Travel, v)
	}
	return charter.Charter{Time: t}
}
