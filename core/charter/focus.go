package charter

import (
	"slices"

	"github.com/rubato-hq/rubato/core/worktime"
)

// ProposedFocus is the one or two focus blocks a day that go with a kind of work
// (R3.1), laid into the hours and windows of a charter: each ends where a window
// or a stretch of work does, so that none moves a window. A day too short for a
// block has none. Nothing is proposed for no archetype.
func ProposedFocus(a Archetype, c worktime.Charter) [7][]worktime.Span {
	var week [7][]worktime.Span
	for day := range week {
		free := stretches(c.Hours[day], c.Windows[day])
		for _, want := range blocks(a) {
			i := slices.IndexFunc(free, func(s worktime.Span) bool { return s.To-s.From >= want })
			if i < 0 {
				continue
			}
			week[day] = append(week[day], worktime.Span{From: free[i].To - want, To: free[i].To})
			free = free[i+1:]
		}
	}
	return week
}

// blocks are the lengths of the focus blocks of a day: three and a half hours
// for who makes things, less the more somebody's work is others'.
func blocks(a Archetype) []worktime.TimeOfDay {
	minutes := func(ms ...int) []worktime.TimeOfDay {
		out := make([]worktime.TimeOfDay, len(ms))
		for i, m := range ms {
			out[i] = worktime.ClockTime(m/60, m%60)
		}
		return out
	}
	switch a {
	case Maker:
		return minutes(120, 90)
	case Decider:
		return minutes(90, 60)
	case Manager, Operator:
		return minutes(90)
	case Connector:
		return minutes(60)
	}
	return nil
}

// reading is what is left free behind a window, for its brief.
const reading worktime.TimeOfDay = 30

// stretches are the spans of a day between its windows. What runs past midnight
// is left as it is: whoever works nights knows better.
func stretches(hours []worktime.Span, windows []worktime.TimeOfDay) []worktime.Span {
	hours = slices.Clone(hours)
	slices.SortFunc(hours, func(a, b worktime.Span) int { return int(a.From) - int(b.From) })
	at := slices.Sorted(slices.Values(windows))
	var out []worktime.Span
	for _, h := range hours {
		if h.To <= h.From {
			continue
		}
		for _, w := range at {
			if w >= h.From && w < h.To {
				out = append(out, worktime.Span{From: h.From, To: w})
				h.From = w + reading
			}
		}
		out = append(out, h)
	}
	return out
}
