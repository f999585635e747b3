package worktime

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Clock is a compiled charter. It never changes and is safe for concurrent use.
type Clock struct {
	runs     []run
	hours    [7]hours
	focus    [7][]Span
	dates    []dated
	holidays []Date
	off      []dateRange // merged
	part     []Interval  // partial time off, a set
	focusOn  []Interval  // dated focus, a set
	week     WeekStart

	// reach is how many dates further a date can matter: 0 or 2.
	reach Date
	// odd are the dates near anything but the weekly hours; changes of offset
	// are not in it, see ordinary. tmpl is nil while it is being made.
	odd  []dateRange
	tmpl *template
}

// hours are the spans and windows of a date before they are resolved.
type hours struct {
	spans   []Span // by start
	crosses bool   // some span ends on the next date
	windows []TimeOfDay
}

// dated are the spans of one date of the charter.
type dated struct {
	date  Date
	hours hours
}

// Invalid is the error for a charter that cannot be compiled.
type Invalid []Finding

// Error names the findings.
func (v Invalid) Error() string {
	var b strings.Builder
	b.WriteString("charter cannot be read:")
	for i, f := range v {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, " %s (%s)", f.Code, f.Where)
	}
	return b.String()
}

// Compile makes the clock of a charter. It fails, with an Invalid, only for what
// has no meaning: an unknown zone, a malformed time, trips that share a date.
// What Check calls an error beyond that has a meaning, if not a good one: hours
// without a window never let anything through.
func Compile(c Charter, zones Zones) (*Clock, error) {
	bad := slices.Concat(checkTimes(c), checkTravel(c))
	tables := make(map[string]*Zone, 1+len(c.Travel))
	for where, name := range zoneNames(c) {
		z, err := zones(name)
		if err != nil {
			bad = append(bad, Finding{CodeZone, where})
			continue
		}
		tables[name] = z
	}
	if len(bad) > 0 {
		return nil, Invalid(bad)
	}

	k := &Clock{runs: runsOf(tables[c.Zone], c.Travel, tables), week: c.WeekStart}
	k.setWeek(c)
	k.tmpl = k.template()
	k.setDates(c)
	if !k.isConfined() {
		k.reach = 2
	}
	k.odd = k.oddDates()
	return k, nil
}

func (c *Clock) setWeek(charter Charter) {
	for d := range charter.Hours {
		c.hours[d] = hoursOf(charter.Hours[d], charter.Windows[d])
		c.focus[d] = sortedSpans(charter.Focus[d])
	}
}

func (c *Clock) setDates(charter Charter) {
	for _, d := range slices.Sorted(maps.Keys(charter.Dates)) {
		c.dates = append(c.dates, dated{d, hoursOf(charter.Dates[d], charter.Windows[d.Weekday()])})
	}
	c.holidays = slices.Sorted(slices.Values(charter.Holidays))
	for _, o := range charter.Off {
		if o.Part {
			c.part = append(c.part, c.resolve(o.Begin, o.End))
		} else {
			c.off = append(c.off, dateRange{o.From, o.To})
		}
	}
	for _, f := range charter.FocusOn {
		c.focusOn = append(c.focusOn, c.resolve(f.From, f.To))
	}
	c.off, c.part, c.focusOn = mergeDates(c.off), merge(c.part), merge(c.focusOn)
}

// resolve is the time between two local times, each in the zone of its date.
func (c *Clock) resolve(from, to Local) Interval {
	return Interval{runOn(c.runs, from.Date()).zone.At(from), runOn(c.runs, to.Date()).zone.At(to)}
}

func hoursOf(spans []Span, windows []TimeOfDay) hours {
	h := hours{spans: sortedSpans(spans), windows: slices.Clone(windows)}
	h.crosses = slices.ContainsFunc(h.spans, Span.crosses)
	return h
}

func sortedSpans(spans []Span) []Span {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b Span) int { return int(a.From - b.From) })
	return spans
}

// dateRange is the dates first to last, both included.
type dateRange struct{ first, last Date }

// mergeDates sorts ranges and joins those that meet, in place.
func mergeDates(rs []dateRange) []dateRange {
	rs = slices.DeleteFunc(rs, func(r dateRange) bool { return r.last < r.first })
	slices.SortFunc(rs, func(a, b dateRange) int { return int(a.first - b.first) })
	set := rs[:0]
	for _, r := range rs {
		if n := len(set); n > 0 && r.first <= set[n-1].last+1 {
			set[n-1].last = max(set[n-1].last, r.last)
			continue
		}
		set = append(set, r)
	}
	return slices.Clip(set)
}

// rangeOf finds the range that ends at d or later, the first of those, and
// reports whether it contains d.
func rangeOf(rs []dateRange, d Date) (int, bool) {
	lo, hi := 0, len(rs)
	for lo < hi {
		if mid := (lo + hi) / 2; rs[mid].last < d {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(rs) && rs[lo].first <= d
}
