package worktime

import "slices"

// template is the week of a charter as it is where nothing interferes, in
// seconds after the midnight that begins a date, by weekday. It is made by the
// plain definition in a zone without transitions.
type template struct {
	pieces, free [7][]Interval
	windows      [7][]Instant
	// all are the windows of a week, after Sunday's 00:00, each below a week;
	// from[wd] is the index of the first that is not before the weekday.
	all  []Instant
	from [7]int
}

func (c *Clock) template() *template {
	flat := &Zone{start: []Instant{never, forever}, off: []int32{0, 0}}
	k := &Clock{runs: runsOf(flat, nil, nil), hours: c.hours, focus: c.focus}
	t := new(template)
	for i := range 7 {
		d := Date(3 + i) // 1970-01-04 was a Sunday
		back := -Instant(d) * day
		for _, p := range k.plainPieces(nil, d) {
			t.pieces[i] = append(t.pieces[i], p.shift(back))
		}
		for _, p := range k.plainFree(nil, d) {
			t.free[i] = append(t.free[i], p.shift(back))
		}
		if slices.Equal(t.free[i], t.pieces[i]) {
			t.free[i] = t.pieces[i]
		}
		for _, w := range k.plainWindows(nil, d) {
			t.windows[i] = append(t.windows[i], w+back)
			t.all = append(t.all, (w+back+Instant(i)*day)%(7*day))
		}
	}
	slices.Sort(t.all)
	t.all = slices.Clip(slices.Compact(t.all))
	for i := range t.from {
		t.from[i], _ = slices.BinarySearch(t.all, Instant(i)*day)
	}
	return t
}

// oddDates are the dates for which the template may not hold, apart from changes
// of offset: those near an exception of the charter, with room for spans that
// cross midnight, for neighbours' focus and for dates that trips cut short.
func (c *Clock) oddDates() []dateRange {
	var odd []dateRange
	near := func(first, last Date, days Date) { odd = append(odd, dateRange{first - days, last + days}) }
	for _, e := range c.dates {
		near(e.date, e.date, 2)
	}
	for _, d := range c.holidays {
		near(d, d, 2)
	}
	for _, r := range c.off {
		near(r.first, r.last, 2)
	}
	for _, r := range c.runs[1:] {
		near(r.first, r.first, 6)
	}
	for _, set := range [][]Interval{c.part, c.focusOn} {
		for _, v := range set {
			near(Local(v.From).Date(), Local(v.To).Date(), 5)
		}
	}
	return mergeDates(odd)
}

// ordinary reports whether the template holds for d, and when d begins.
func (c *Clock) ordinary(d Date) (Instant, bool) {
	if c.tmpl == nil {
		return 0, false
	}
	if _, odd := rangeOf(c.odd, d); odd {
		return 0, false
	}
	off, ok := runOn(c.runs, d).zone.steady(d.midnight())
	return Instant(d)*day - off, ok
}

// pieces returns pieces(d), to be shifted; dst is there to be written to.
func (c *Clock) pieces(dst []Interval, d Date) (shift Instant, pieces []Interval) {
	if from, ok := c.ordinary(d); ok {
		return from, c.tmpl.pieces[d.Weekday()]
	}
	return 0, c.plainPieces(dst, d)
}

// free is pieces without focus.
func (c *Clock) free(dst []Interval, d Date) (shift Instant, free []Interval) {
	if from, ok := c.ordinary(d); ok {
		return from, c.tmpl.free[d.Weekday()]
	}
	return 0, c.plainFree(dst, d)
}

// windows returns the windows of d, to be shifted.
func (c *Clock) windows(dst []Instant, d Date) (shift Instant, windows []Instant) {
	if from, ok := c.ordinary(d); ok {
		return from, c.tmpl.windows[d.Weekday()]
	}
	return 0, c.plainWindows(dst, d)
}
