package worktime

// Work of a date starts on it and ends on the next one at the latest, in the
// same zone. So when dates are looked at in order, only the next date can hold
// something earlier than what a date holds (hours of single dates may overlap).

// horizon is how many dates ahead work counts (worktime 4).
const horizon = 400

// lastFrom is the last date that counts for somebody who asks at now.
func (c *Clock) lastFrom(now Instant) Date { return c.DateOf(now) + horizon }

// back is the earliest date whose work can reach into d, or end where d begins.
func (c *Clock) back(d Date) Date {
	if _, ok := c.ordinary(d); ok {
		return d - c.reach
	}
	const flight = 6 // over the date line skips dates
	if len(c.runs) > 1 && runOn(c.runs, d).first > d-flight {
		return d - flight
	}
	return d - 2
}

// following is the next date after d that can be a working day: one step over a
// time off, however long.
func (c *Clock) following(d Date) Date {
	d++
	if i, off := rangeOf(c.off, d); off {
		d = c.off[i].last + 1
	}
	if len(c.part) > 0 {
		if i := after(c.part, Instant(d-3)*day); i < len(c.part) {
			if p := c.part[i]; p.From <= Instant(d-3)*day && p.To >= Instant(d+5)*day {
				d = Date(p.To/day) - 5
			}
		}
	}
	return d
}

// earliest is the least of what on finds, from a time on, for the dates up to
// last.
func (c *Clock) earliest(from Instant, last Date, on func(*Clock, Date, Instant) (Instant, bool)) (Instant, bool) {
	for d := c.back(c.DateOf(from)); d <= last; d = c.following(d) {
		at, ok := on(c, d, from)
		if !ok {
			continue
		}
		if d < last && c.reach > 0 {
			if other, ok := on(c, d+1, from); ok {
				at = min(at, other)
			}
		}
		return at, true
	}
	return 0, false
}

// eachPiece passes the work of the dates first to last to visit, in order and
// each second once, until that returns false.
func (c *Clock) eachPiece(first, last Date, visit func(Interval) bool) {
	var arr [8]Interval
	done := never
	for d := first; d <= last; d = c.following(d) {
		shift, pieces := c.pieces(arr[:0], d)
		for _, p := range pieces {
			p = p.shift(shift)
			p.From = max(p.From, done)
			if p.empty() {
				continue
			}
			if done = p.To; !visit(p) {
				return
			}
		}
	}
}

// eachDay is eachPiece for the days on, D of worktime 4: working days whole,
// and what their night shifts take of the date after. Work counts up to last.
func (c *Clock) eachDay(first, last Date, visit func(Interval) bool) {
	var arr [8]Interval
	for d := first; d <= last+1; {
		if d <= last && c.working(d) {
			if !visit(c.dayOf(d)) {
				return
			}
			d++
			continue
		}
		shift, pieces := c.pieces(arr[:0], d-1)
		for _, p := range pieces {
			if p = p.shift(shift).clip(c.dayOf(d)); !p.empty() && !visit(p) {
				return
			}
		}
		d = c.following(d)
	}
}
