package worktime

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"
)

// Code names what is wrong with a charter (worktime 3.3).
type Code string

// The errors refuse a charter, the warnings are shown.
const (
	CodeZone          Code = "zone"           // an unknown zone
	CodeTime          Code = "time"           // a malformed time or span
	CodeNoHours       Code = "no_hours"       // no weekly hours at all
	CodeOverlap       Code = "overlap"        // spans that share time
	CodeTravel        Code = "travel"         // trips that share a date, or end before they start
	CodeOff           Code = "off"            // a time off that ends before it starts
	CodeWindowOutside Code = "window_outside" // a window that no day serves
	CodeNoWindow      Code = "no_window"      // hours, but no window ever

	CodeWindowPartial Code = "window_partial"  // warning: a window that some of its days do not serve
	CodeWindowInFocus Code = "window_in_focus" // warning: a window that focus moves
	CodeFocusOutside  Code = "focus_outside"   // warning: a focus block that meets no hours
)

// Finding is one thing that is wrong, and where: the key of the charter, then
// what tells its entry from others ("hours.mon", "windows.19:00", "travel.2026-11-24").
type Finding struct {
	Code  Code
	Where string
}

// Check finds what is wrong with a charter: errors refuse it, warnings do not
// (worktime 3.3). Where times are malformed, only they and zones are looked at.
func Check(c Charter, zones Zones) (errors, warnings []Finding) {
	errors = CheckZones(c, zones)
	if bad := checkTimes(c); len(bad) > 0 {
		return append(errors, bad...), nil
	}
	errors = slices.Concat(errors, checkTravel(c), checkOff(c), checkOverlap(c))
	if !slices.ContainsFunc(c.Hours[:], func(s []Span) bool { return len(s) > 0 }) {
		errors = append(errors, Finding{CodeNoHours, "hours"})
	}
	bad, warnings := checkWindows(c)
	return append(errors, bad...), append(warnings, checkFocus(c)...)
}

// CheckZones finds the unknown zones alone, for a charter whose times could not
// be read.
func CheckZones(c Charter, zones Zones) (errors []Finding) {
	for where, name := range zoneNames(c) {
		if _, err := zones(name); err != nil {
			errors = append(errors, Finding{CodeZone, where})
		}
	}
	return errors
}

// zoneNames yields where each zone stands, and its name.
func zoneNames(c Charter) iter.Seq2[string, string] {
	return func(yield func(where, name string) bool) {
		if !yield("zone", c.Zone) {
			return
		}
		for _, t := range c.Travel {
			if !yield("travel."+t.From.String(), t.Zone) {
				return
			}
		}
	}
}

func checkTimes(c Charter) (bad []Finding) {
	spans := func(where string, spans []Span) {
		if slices.ContainsFunc(spans, func(s Span) bool { return !s.valid() }) {
			bad = append(bad, Finding{CodeTime, where})
		}
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		spans("hours."+WeekdayName(d), c.Hours[d])
		spans("focus."+WeekdayName(d), c.Focus[d])
		for _, w := range c.Windows[d] {
			if !w.valid() {
				bad = append(bad, Finding{CodeTime, "windows." + WeekdayName(d)})
			}
		}
	}
	for _, d := range slices.Sorted(maps.Keys(c.Dates)) {
		spans("dates."+d.String(), c.Dates[d])
	}
	for _, f := range c.FocusOn {
		if f.To <= f.From {
			bad = append(bad, Finding{CodeTime, "focus_on." + f.From.String()})
		}
	}
	return bad
}

func checkTravel(c Charter) (bad []Finding) {
	trips := slices.SortedFunc(slices.Values(c.Travel), func(a, b Trip) int { return cmp.Compare(a.From, b.From) })
	taken := firstDate
	for _, t := range trips {
		if t.last() < t.From || t.From <= taken {
			bad = append(bad, Finding{CodeTravel, "travel." + t.From.String()})
		}
		taken = max(taken, t.last())
	}
	return bad
}

func checkOff(c Charter) (bad []Finding) {
	for _, o := range c.Off {
		if o.Part && o.End <= o.Begin || !o.Part && o.To < o.From {
			from, _ := o.Strings()
			bad = append(bad, Finding{CodeOff, "off." + from})
		}
	}
	return bad
}

func checkOverlap(c Charter) (bad []Finding) {
	if week := weekly(c.Hours); overlap(week, 7*day) {
		bad = append(bad, Finding{CodeOverlap, "hours"})
	}
	for _, d := range slices.Sorted(maps.Keys(c.Dates)) {
		if overlap(resolved(d.Weekday(), c.Dates[d]), 0) {
			bad = append(bad, Finding{CodeOverlap, "dates." + d.String()})
		}
	}
	return bad
}

// overlap reports whether intervals share time, also across the turn of a week
// of the given length, if any.
func overlap(vs []Interval, week Instant) bool {
	slices.SortFunc(vs, func(a, b Interval) int { return cmp.Compare(a.From, b.From) })
	end := never
	for _, v := range vs {
		if v.From < end {
			return true
		}
		end = max(end, v.To)
	}
	return week > 0 && len(vs) > 0 && end-week > vs[0].From
}

// weekly resolves the spans of a week without zones, in seconds after Sunday's
// 00:00.
func weekly(spans [7][]Span) (week []Interval) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		week = append(week, resolved(d, spans[d])...)
	}
	return week
}

func resolved(d time.Weekday, spans []Span) (vs []Interval) {
	for _, s := range spans {
		midnight := Instant(d) * day
		vs = append(vs, Interval{midnight + Instant(s.From)*minute, midnight + Instant(s.end())*minute})
	}
	return vs
}

// round makes a set of intervals of a week, and of the weeks before and after
// it.
func round(week []Interval) []Interval {
	var all []Interval
	for _, v := range week {
		all = append(all, v.shift(-7*day), v, v.shift(7*day))
	}
	return merge(all)
}

func checkWindows(c Charter) (bad, warnings []Finding) {
	focus := c.Focus
	working, served := false, false
	var stated []TimeOfDay
	for d := range c.Hours {
		if len(c.Hours[d]) == 0 {
			focus[d] = nil // no focus without work
			continue
		}
		working = true
		stated = append(stated, c.Windows[d]...)
	}
	blocks := round(weekly(focus))
	slices.Sort(stated)
	for _, w := range slices.Compact(stated) {
		on, inside, inFocus := 0, 0, false
		for d := time.Sunday; d <= time.Saturday; d++ {
			if len(c.Hours[d]) == 0 || !slices.Contains(c.Windows[d], w) {
				continue
			}
			on++
			at := insideWeekly(d, c.Hours[d], w)
			if len(at) > 0 {
				inside++
			}
			inFocus = inFocus || slices.ContainsFunc(at, func(t Instant) bool { return contains(blocks, t) })
		}
		where := fmt.Sprintf("windows.%s", w)
		switch {
		case inside == 0:
			bad = append(bad, Finding{CodeWindowOutside, where})
		case inside < on:
			warnings = append(warnings, Finding{CodeWindowPartial, where})
		}
		if inFocus {
			warnings = append(warnings, Finding{CodeWindowInFocus, where})
		}
		served = served || inside > 0
	}
	if working && !served {
		bad = append(bad, Finding{CodeNoWindow, "windows"})
	}
	return bad, warnings
}

// insideWeekly is where a window of a weekday is served: the rule of worktime
// 5.2 without zones.
func insideWeekly(d time.Weekday, spans []Span, w TimeOfDay) (at []Instant) {
	pieces := resolved(d, spans)
	x := Instant(d)*day + Instant(w)*minute
	if endsCount(pieces, x) {
		at = append(at, x)
	}
	if slices.ContainsFunc(spans, Span.crosses) && endsCount(pieces, x+day) {
		at = append(at, x+day)
	}
	return at
}

func checkFocus(c Charter) (warnings []Finding) {
	work := round(weekly(c.Hours))
	for d := time.Sunday; d <= time.Saturday; d++ {
		for _, v := range resolved(d, c.Focus[d]) {
			if !v.touches(work) {
				warnings = append(warnings, Finding{CodeFocusOutside, "focus." + WeekdayName(d)})
			}
		}
	}
	return warnings
}
