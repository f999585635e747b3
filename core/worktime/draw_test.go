package worktime_test

import (
	"fmt"
	"slices"
	"sync"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// zoneNames are where clocks are odd: half and quarter hours, gaps and overlaps
// at midnight, dates that never were, summer time in winter, changes at short
// notice.
var zoneNames = []string{
	"Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Juba",
	"America/Anchorage", "America/Asuncion", "America/Caracas", "America/Havana",
	"America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Nuuk",
	"America/Port-au-Prince", "America/Santiago", "America/Sao_Paulo", "America/Scoresbysund",
	"America/St_Johns", "America/Toronto", "Antarctica/Troll", "Asia/Amman", "Asia/Beirut",
	"Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Pyongyang",
	"Asia/Tehran", "Asia/Tokyo", "Atlantic/Azores", "Australia/Lord_Howe", "Australia/Sydney",
	"Europe/Berlin", "Europe/Dublin", "Europe/Istanbul", "Europe/London", "Europe/Lisbon",
	"Europe/Moscow", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham",
	"Pacific/Fakaofo", "Pacific/Kiritimati", "Pacific/Kwajalein", "Pacific/Marquesas",
	"Pacific/Norfolk", "UTC",
}

var (
	tables    = zoneinfo.New()
	locations sync.Map
	changes   sync.Map // zone -> []int64
)

func location(zone string) *time.Location {
	if l, ok := locations.Load(zone); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	locations.Store(zone, l)
	return l
}

// transitions are the hours from 1973 to 2099 in which an offset changes, found
// without the tables.
func transitions(zone string) []int64 {
	if ts, ok := changes.Load(zone); ok {
		return ts.([]int64)
	}
	var ts []int64
	from := time.Date(1973, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	to := time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	off := func(t int64) int64 { return refLocal(location(zone), t) - t }
	for t := from; t < to; t += refDay {
		if off(t) != off(t+refDay) {
			u := t
			for off(u) == off(u+1800) {
				u += 1800
			}
			ts = append(ts, u+1800)
		}
	}
	changes.Store(zone, ts)
	return ts
}

// failer is what tests and rapid's draws have in common here.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func compile(t failer, c worktime.Charter) *worktime.Clock {
	t.Helper()
	k, err := worktime.Compile(c, tables.Zone)
	if err != nil {
		t.Fatalf("compile %+v: %v", c, err)
	}
	return k
}

// draw is a charter and a full minute near which it is interesting.
type draw struct {
	charter worktime.Charter
	now     int64
}

func (d draw) String() string {
	return fmt.Sprintf("%+v at %s", d.charter, worktime.Instant(d.now))
}

var quarterHours = rapid.Custom(func(t *rapid.T) worktime.TimeOfDay {
	return worktime.TimeOfDay(15 * rapid.IntRange(0, 95).Draw(t, "quarter"))
})

// moments are near the transitions of a zone, or anywhere.
func moments(zone string) *rapid.Generator[int64] {
	return rapid.Custom(func(t *rapid.T) int64 {
		ts := transitions(zone)
		var base int64
		if len(ts) > 0 && rapid.IntRange(0, 9).Draw(t, "near a change") > 0 {
			base = rapid.SampledFrom(ts).Draw(t, "change")
		} else {
			base = rapid.Int64Range(5000, 47000).Draw(t, "date") * refDay
		}
		return base/60*60 + 60*rapid.Int64Range(-5*24*60, 4*24*60).Draw(t, "minutes off")
	})
}

// charters draws valid charters whose exceptions lie around a date.
func charters(zone string, around worktime.Date) *rapid.Generator[worktime.Charter] {
	return rapid.Custom(func(t *rapid.T) worktime.Charter {
		c := worktime.Charter{Zone: zone}
		few := func(label string) int { return max(0, rapid.IntRange(-2, 2).Draw(t, label)) }
		date := func(label string) worktime.Date {
			return around.AddDays(rapid.IntRange(-6, 9).Draw(t, label))
		}
		local := func(label string) worktime.Local {
			return date(label).At(quarterHours.Draw(t, label))
		}

		usual, other := drawSpans(t, "usual"), drawSpans(t, "other")
		for d := range c.Hours {
			switch rapid.IntRange(0, 5).Draw(t, "weekday") {
			case 0:
			case 1:
				c.Hours[d] = other
			default:
				c.Hours[d] = usual
			}
		}
		at := rapid.SliceOfN(quarterHours, 1, 3).Draw(t, "windows")
		for _, s := range append(slices.Clone(usual), other...) {
			if rapid.Bool().Draw(t, "window at an edge") {
				at = append(at, rapid.SampledFrom([]worktime.TimeOfDay{s.From, s.To}).Draw(t, "edge"))
			}
		}
		c.Windows = worktime.EveryDay(at...)
		if few("windows by weekday") == 2 {
			c.Windows[around.Weekday()] = at[:1]
		}
		if blocks := drawSpans(t, "focus"); few("focus") > 0 {
			for d := range c.Focus {
				c.Focus[d] = blocks
			}
		}
		for range few("dated focus") {
			if from, to := local("from"), local("to"); from < to {
				c.FocusOn = append(c.FocusOn, worktime.LocalSpan{From: from, To: to})
			}
		}
		for range few("time off") {
			if from, to := date("from"), date("to"); from <= to {
				c.Off = append(c.Off, worktime.OffDates(from, to))
			}
		}
		for range few("partial time off") {
			if from, to := local("from"), local("to"); from < to {
				c.Off = append(c.Off, worktime.OffTimes(from, to))
			}
		}
		for range few("holidays") {
			c.Holidays = append(c.Holidays, date("holiday"))
		}
		c.Dates = map[worktime.Date][]worktime.Span{}
		for range few("dates") {
			c.Dates[date("dated")] = drawSpans(t, "hours of a date")
		}
		next := around - 6
		for range few("trips") {
			from := next.AddDays(rapid.IntRange(0, 7).Draw(t, "trip from"))
			to := from.AddDays(rapid.IntRange(0, 5).Draw(t, "trip for"))
			c.Travel = append(c.Travel, worktime.Trip{From: from, To: to, Zone: rapid.SampledFrom(zoneNames).Draw(t, "trip zone")})
			next = to + 1
		}
		if n := len(c.Travel); n > 0 && rapid.IntRange(0, 3).Draw(t, "for good") == 0 {
			c.Travel[n-1].Open, c.Travel[n-1].To = true, 0
		}
		c.WeekStart = worktime.StartOn(time.Weekday(rapid.IntRange(0, 6).Draw(t, "week start")))

		// Night shifts of one set can run into the mornings of the other.
		if bad, _ := worktime.Check(c, tables.Zone); slices.ContainsFunc(bad, func(f worktime.Finding) bool { return f.Code == worktime.CodeOverlap }) {
			for d := range c.Hours {
				if len(c.Hours[d]) > 0 {
					c.Hours[d] = usual
				}
			}
			clear(c.Dates)
		}
		return c
	})
}

// drawSpans draws the spans of a date: they do not overlap, also with
// themselves on the date after.
func drawSpans(t *rapid.T, label string) []worktime.Span {
	switch rapid.IntRange(0, 7).Draw(t, label) {
	case 0:
		return []worktime.Span{{From: 0, To: 1440}}
	case 1:
		return []worktime.Span{{From: 22 * 60, To: 6 * 60}}
	case 2:
		return []worktime.Span{{From: 9 * 60, To: 12*60 + 30}, {From: 13*60 + 30, To: 17*60 + 30}}
	}
	cuts := rapid.SliceOfNDistinct(quarterHours, 2, 5, rapid.ID[worktime.TimeOfDay]).Draw(t, label)
	slices.Sort(cuts)
	var spans []worktime.Span
	for i := 0; i+1 < len(cuts); i += 2 {
		spans = append(spans, worktime.Span{From: cuts[i], To: cuts[i+1]})
	}
	if len(cuts) == 3 { // a night shift from the last to the first
		spans = []worktime.Span{{From: cuts[1], To: cuts[2]}, {From: cuts[2], To: cuts[0]}}
	}
	return spans
}

// mild charters have no focus and nothing over midnight or up to it.
func mild(c worktime.Charter) worktime.Charter {
	c.Focus, c.FocusOn = [7][]worktime.Span{}, nil
	inDay := func(spans []worktime.Span) []worktime.Span {
		return slices.DeleteFunc(slices.Clone(spans), func(s worktime.Span) bool { return s.To < s.From || s.To == 1440 })
	}
	for d := range c.Hours {
		c.Hours[d] = inDay(c.Hours[d])
	}
	dates := map[worktime.Date][]worktime.Span{}
	for d, spans := range c.Dates {
		dates[d] = inDay(spans)
	}
	c.Dates = dates
	return c
}

// draws are charters with a minute, near the transitions of their zones.
var draws = rapid.Custom(func(t *rapid.T) draw {
	zone := rapid.SampledFrom(zoneNames).Draw(t, "zone")
	now := moments(zone).Draw(t, "now")
	c := charters(zone, worktime.Date(now/refDay)).Draw(t, "charter")
	return draw{c, now}
})
