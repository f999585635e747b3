package worktime

import "slices"

// plainWindows appends the windows of d by the definition of worktime 5.2,
// sorted and each once.
func (c *Clock) plainWindows(dst []Instant, d Date) []Instant {
	h := c.base(d)
	if len(h.windows) == 0 {
		return dst
	}
	var a, b [16]Interval
	pieces := c.plainPieces(a[:0], d)
	if len(pieces) == 0 {
		return dst
	}
	focus := c.focusNear(b[:0], d)
	r := runOn(c.runs, d)
	n := len(dst)
	for _, w := range h.windows {
		for e := d; e == d || e == d+1 && h.crosses; e++ {
			if at, ok := c.window(d, r.zone.At(e.At(w)), pieces, focus); ok {
				dst = append(dst, at)
			}
		}
	}
	slices.Sort(dst[n:])
	return dst[:n+len(slices.Compact(dst[n:]))]
}

// window is where a stated window of d, resolved to x, is served, if at all.
func (c *Clock) window(d Date, x Instant, pieces, focus []Interval) (Instant, bool) {
	rules := runOn(c.runs, d).rules
	if !endsCount(pieces, x) || contains(c.part, x) || x >= rules.To {
		return 0, false
	}
	if !contains(focus, x) {
		return x, true
	}
	at, ok := freeFrom(pieces, focus, x)
	if !ok {
		at = pieces[len(pieces)-1].To
		if contains(c.part, at) || at >= rules.To || contains(focus, at) && c.inNeighbour(d, at) {
			return 0, false
		}
	}
	return at, true
}

// endsCount reports whether x lies in a piece or at the end of one.
func endsCount(pieces []Interval, x Instant) bool {
	return slices.ContainsFunc(pieces, func(p Interval) bool { return p.From <= x && x <= p.To })
}

// freeFrom is the first instant from x on that is in pieces and not in focus.
func freeFrom(pieces, focus []Interval, x Instant) (Instant, bool) {
	for _, p := range pieces {
		at := max(x, p.From)
		for i := after(focus, at); i < len(focus) && focus[i].From <= at; i++ {
			at = focus[i].To
		}
		if at < p.To {
			return at, true
		}
	}
	return 0, false
}

// inNeighbour reports whether t lies in the work of another date than d.
func (c *Clock) inNeighbour(d Date, t Instant) bool {
	var arr [8]Interval
	for e := d - 2; e <= d+2; e++ {
		if e != d && contains(c.plainPieces(arr[:0], e), t) {
			return true
		}
	}
	return false
}

// Windows returns the batch windows in [from, to), sorted and each once.
func (c *Clock) Windows(from, to Instant) []Instant {
	var all []Instant
	if to <= from {
		return all
	}
	var arr [16]Instant
	last := c.DateOf(to)
	for d := c.back(c.DateOf(from)); d <= last; d = c.following(d) {
		shift, ws := c.windows(arr[:0], d)
		for _, w := range ws {
			if w += shift; from <= w && w < to {
				all = append(all, w)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
