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
	var arr [8]Interval
	var at [16]Instant
	for i := range 7 {
		d := Date(3 + i) // 1970-01-04 was a Sunday
		back := -Instant(d) * day
		t.pieces[i] = shifted(k.plainPieces(arr[:0], d), back, t.pieces[:i])
		t.free[i] = shifted(k.plainFree(arr[:0], d), back, t.pieces[:i+1])
		for _, w := range k.plainWindows(at[:0], d) {
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

// shifted is vs moved by some seconds, or what is equal to it and already there:
// most weekdays are alike.
func shifted(vs []Interval, by Instant, have [][]Interval) []Interval {
	for i := range vs {
		vs[i] = vs[i].shift(by)
	}
	for _, h := range have {
		if slices.Equal(h, vs) {
			return h
		}
	}
	return slices.Clone(vs)
}

// isConfined reports whether no span of the charter reaches midnight. Then no date
// concerns another.
func (c *Clock) isConfined() bool {
	inDay := func(spans []Span) bool {
		return !slices.ContainsFunc(spans, func(s Span) bool { return s.end() >= endOfDay })
	}
	for d := range c.hours {
		if !inDay(c.hours[d].spans) || !inDay(c.focus[d]) {
			return false
		}
	}
	return !slices.ContainsFunc(c.dates, func(e dated) bool { return !inDay(e.hours.spans) })
}

// oddDates are the dates for which the template may not hold, apart from changes
// of offset: those with an exception of the charter, and what is near enough to
// one for spans that cross midnight and neighbours' focus to matter, and for
// trips to cut dates short.
func (c *Clock) oddDates() []dateRange {
	var odd []dateRange
	near := func(first, last Date, days Date) { odd = append(odd, dateRange{first - days, last + days}) }
	for _, e := range c.dates {
		near(e.date, e.date, c.reach)
	}
	for _, d := range c.holidays {
		near(d, d, c.reach)
	}
	for _, r := range c.off {
		near(r.first, r.last, c.reach)
	}
	for _, r := range c.runs[1:] {
		near(r.first, r.first, 6)
	}
	for _, set := range [][]Interval{c.part, c.focusOn} {
		for _, v := range set {
			near(Local(v.From).Date(), Local(v.To).Date(), 3+c.reach)
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
	off, ok := runOn(c.runs, d).zone.steady(d.midnight(), c.reach)
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
