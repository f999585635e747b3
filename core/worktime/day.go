package worktime

import "slices"

// Day is what one date holds (worktime 3.1, 4, 5.2). All lists are sorted.
type Day struct {
	// Interval is the date's own time, empty for one that was skipped.
	Interval Interval
	// Working says that Pieces is not empty.
	Working bool
	// Pieces are the stretches of work that start on the date, Free those of
	// them outside focus.
	Pieces, Free []Interval
	// Windows are the batch windows of the work of the date.
	Windows []Instant
}

// Day returns what d holds.
func (c *Clock) Day(d Date) Day {
	pieces := c.plainPieces(nil, d)
	return Day{
		Interval: c.plainDay(d),
		Working:  len(pieces) > 0,
		Pieces:   pieces,
		Free:     c.plainFree(nil, d),
		Windows:  c.plainWindows(nil, d),
	}
}

// base is base(d) of worktime 3.1, with nothing on days off.
func (c *Clock) base(d Date) hours {
	if _, off := rangeOf(c.off, d); off {
		return hours{}
	}
	if i, ok := slices.BinarySearchFunc(c.dates, d, func(e dated, d Date) int { return int(e.date - d) }); ok {
		return c.dates[i].hours
	}
	if _, ok := slices.BinarySearch(c.holidays, d); ok {
		return hours{}
	}
	return c.hours[d.Weekday()]
}

// plainPieces appends pieces(d) by the definition of worktime 3.1.
func (c *Clock) plainPieces(dst []Interval, d Date) []Interval {
	spans := c.base(d).spans
	if len(spans) == 0 || c.plainDay(d).empty() {
		return dst
	}
	r := runOn(c.runs, d)
	var arr [4]Interval
	pieces := arr[:0]
	for _, s := range spans {
		p := r.span(d, s)
		if n := len(pieces); n > 0 && p.From <= pieces[n-1].To {
			pieces[n-1].To = max(pieces[n-1].To, p.To)
		} else if !p.empty() {
			pieces = append(pieces, p)
		}
	}
	for _, p := range pieces {
		dst = p.clip(r.rules).minus(dst, c.part)
	}
	return dst
}

// span resolves a span of d where the zone of d says.
func (r *run) span(d Date, s Span) Interval {
	return Interval{r.zone.At(d.At(s.From)), r.zone.At(d.At(s.end()))}
}

// plainFree appends pieces(d) without focus.
func (c *Clock) plainFree(dst []Interval, d Date) []Interval {
	var a, b [16]Interval
	return minus(dst, c.plainPieces(a[:0], d), c.focusNear(b[:0], d))
}

// focusNear appends the part of F (worktime 4) that can meet the work and the
// windows of d, as a set.
func (c *Clock) focusNear(dst []Interval, d Date) []Interval {
	n := len(dst)
	// Work of d reaches to the end of d+1 at most, and so does its focus.
	for e := d - 2; e <= d+2; e++ {
		blocks := c.focus[e.Weekday()]
		if len(blocks) == 0 || !c.working(e) {
			continue
		}
		r := runOn(c.runs, e)
		for _, s := range blocks {
			if p := r.span(e, s).clip(r.rules); !p.empty() {
				dst = append(dst, p)
			}
		}
	}
	near := Interval{Instant(d-3) * day, Instant(d+5) * day}
	for _, f := range c.focusOn[after(c.focusOn, near.From):] {
		if f.From >= near.To {
			break
		}
		dst = append(dst, f)
	}
	return dst[:n+len(merge(dst[n:]))]
}

// working reports whether d is a working day (worktime 3.1).
func (c *Clock) working(d Date) bool {
	var arr [8]Interval
	_, pieces := c.pieces(arr[:0], d)
	return len(pieces) > 0
}
