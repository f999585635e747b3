package worktime

// Due is when an answer is due.
type Due struct {
	At Instant
	// OK is false when it is not due: a pause is open, or not within the horizon.
	OK bool
	// Tight says of a date or an instant that it leaves less than two working
	// hours (worktime 6.6).
	Tight bool
}

// enough is how much work a generous term leaves (worktime 6.4).
const enough = 2 * hour

// Due is when the answer to what was delivered at an instant is due (worktime
// 6). It is never due while the person is off, unless a date or an instant says
// so.
func (c *Clock) Due(delivered Instant, term Term, pauses []Pause) Due {
	switch term.kind {
	case termDate:
		return c.fixed(delivered, c.endOfDate(Date(term.n)))
	case termInstant:
		return c.fixed(delivered, Instant(term.n))
	default: // a length, counted below
	}
	if stillPaused(pauses) {
		return Due{}
	}
	var at Instant
	ok := false
	switch term.kind {
	case termHours:
		at, ok = c.dueDay(delivered, term.n, pauses)
	case termWorkHours:
		at, ok = c.add(WorkClock, delivered, term.n*hour, pauses)
	case termDay:
		at, ok = c.endOfDay(afterPauses(delivered, pauses))
	case termWeek:
		at, ok = c.endOfWeek(afterPauses(delivered, pauses))
	default: // settled above
	}
	return Due{At: at, OK: ok}
}

// Later is the later of two due times; one that is not due is the latest
// (worktime 6.8).
func Later(a, b Due) Due {
	if !a.OK || b.OK && b.At <= a.At {
		return a
	}
	return b
}

// dueDay is n hours of the day clock, and never less than n/6 working hours
// (worktime 6.2).
func (c *Clock) dueDay(t Instant, n int64, pauses []Pause) (Instant, bool) {
	at, ok := c.add(DayClock, t, n*hour, pauses)
	if !ok {
		return 0, false
	}
	work, ok := c.add(WorkClock, t, n*hour/6, pauses)
	if !ok {
		return 0, false
	}
	return c.earliest(max(at, work), c.lastFrom(t), (*Clock).wakeOn)
}

// wakeOn is from itself if it lies in a piece of d or at its end, else the start
// of the next piece of d.
func (c *Clock) wakeOn(d Date, from Instant) (Instant, bool) {
	var arr [8]Interval
	shift, pieces := c.pieces(arr[:0], d)
	for _, p := range pieces {
		if p.To+shift >= from {
			return max(p.From+shift, from), true
		}
	}
	return 0, false
}

// endOfDay is the end of the first working day that ends after t, or of the next
// one where less than two hours of it are left (worktime 6.4).
func (c *Clock) endOfDay(t Instant) (Instant, bool) {
	last := c.lastFrom(t)
	d, end, ok := c.workdayEnding(c.back(c.DateOf(t)), t, last)
	if ok && c.left(t, d) < enough {
		_, end, ok = c.workdayEnding(d+1, end, last)
	}
	return end, ok
}

// endOfWeek is the end of the last working day of the week, or of the week after
// where less than two working hours are left (worktime 6.5).
func (c *Clock) endOfWeek(t Instant) (Instant, bool) {
	last := c.lastFrom(t)
	d, _, ok := c.workdayEnding(c.back(c.DateOf(t)), t, last)
	if !ok {
		return 0, false
	}
	d = c.lastWorkday(d, last)
	end, _ := c.end(d)
	if c.Elapsed(WorkClock, t, end, nil) >= enough {
		return end, true
	}
	if d, _, ok = c.workdayEnding(d+1, max(t, end), last); !ok {
		return 0, false
	}
	return c.end(c.lastWorkday(d, last))
}

// endOfDate is the end of the work of d, else of the date itself (worktime 6.6).
func (c *Clock) endOfDate(d Date) Instant {
	if end, ok := c.end(d); ok {
		return end
	}
	return c.starts(d + 1)
}

func (c *Clock) fixed(delivered, at Instant) Due {
	return Due{At: at, OK: true, Tight: c.tight(delivered, at)}
}

// tight reports whether less than two working hours lie between two instants.
func (c *Clock) tight(from, to Instant) bool {
	m := meter{span: Interval{from, to}, want: enough}
	if from < to {
		c.eachPiece(c.back(c.DateOf(from)), c.DateOf(to), m.take)
	}
	return m.got < enough
}

// end is end(d) of worktime 3.1, false on a date without work.
func (c *Clock) end(d Date) (Instant, bool) {
	var arr [8]Interval
	shift, pieces := c.pieces(arr[:0], d)
	if len(pieces) == 0 {
		return 0, false
	}
	return pieces[len(pieces)-1].To + shift, true
}

// left is how many seconds of the work of d lie after t.
func (c *Clock) left(t Instant, d Date) (seconds int64) {
	var arr [8]Interval
	shift, pieces := c.pieces(arr[:0], d)
	for _, p := range pieces {
		seconds += p.shift(shift).clip(Interval{t, forever}).Seconds()
	}
	return seconds
}

// workdayEnding is the first working day from d on that ends after t, and when it
// does. Where the hours of a single date lie within the night shift of the date
// before, the next working day would end before this one.
func (c *Clock) workdayEnding(d Date, t Instant, last Date) (Date, Instant, bool) {
	for ; d <= last; d = c.following(d) {
		if end, ok := c.end(d); ok && end > t {
			return d, end, true
		}
	}
	return 0, 0, false
}

// lastWorkday is the last working day of the week of the working day d.
func (c *Clock) lastWorkday(d, last Date) Date {
	e := min(c.week.First(d)+6, last)
	for e > d && !c.working(e) {
		e--
	}
	return e
}
