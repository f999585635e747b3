package worktime

// NotSealed says that no window's brief has been made yet.
const NotSealed Instant = 0

// Next is when a thing of a class that is there at now may reach the person
// (worktime 5.3); false is never, or not within the horizon of 400 dates.
// sealed is the last window whose brief has been made, NotSealed or less for
// none; that window and those before it are not offered again.
func (c *Clock) Next(class Class, now, sealed Instant) (Instant, bool) {
	from := now
	if sealed > NotSealed && sealed >= now {
		from = sealed + 1
	}
	switch class {
	case Crisis:
		return now, true
	case Urgent:
		free, okFree := c.earliest(now, c.lastFrom(now), (*Clock).freeOn)
		if okFree && free == now {
			return now, true
		}
		window, okWindow := c.nextWindow(now, from)
		if okFree && (!okWindow || free < window) {
			return free, true
		}
		return window, okWindow
	case Normal:
		return c.nextWindow(now, from)
	case Daily:
		return c.earliest(from, c.lastFrom(now), (*Clock).dailyOn)
	case Weekly:
		return c.nextWeekly(from, c.lastFrom(now))
	default:
		return 0, false
	}
}

// nextWindow is the first window from a time on, asked at now.
func (c *Clock) nextWindow(now, from Instant) (Instant, bool) {
	// The short way never leads past the horizon.
	if from-now < (horizon-100)*day {
		if at, ok := c.ordinaryWindow(from); ok {
			return at, true
		}
	}
	return c.earliest(from, c.lastFrom(now), (*Clock).windowOn)
}

// ordinaryWindow is the next window from a time on, if all dates that could have
// a say in it are ordinary.
func (c *Clock) ordinaryWindow(from Instant) (Instant, bool) {
	room := Instant(c.reach+6) * day // as ordinary asks for, and the dates between
	t := c.tmpl
	if t == nil || len(t.all) == 0 {
		return 0, false
	}
	z := c.runs[0].zone
	if len(c.runs) > 1 {
		z = runOn(c.runs, Local(from).Date()).zone // near a trip the dates are odd
	}
	i := z.index(from)
	local := Local(from) + Local(z.off[i])
	d := local.Date()
	week := Instant(local) - Instant(d-Date(d.Weekday()))*day
	k := t.from[d.Weekday()]
	for k < len(t.all) && t.all[k] < week {
		k++
	}
	var at Instant
	if k < len(t.all) {
		at = from + t.all[k] - week
	} else {
		at = from + t.all[0] + 7*day - week
	}
	if from-z.start[i] < room || z.start[i+1]-at < room {
		return 0, false
	}
	if len(c.odd) > 0 {
		if i, _ := rangeOf(c.odd, d-c.reach); i < len(c.odd) && c.odd[i].first <= d+Date((at-from)/day)+1+c.reach/2 {
			return 0, false
		}
	}
	return at, true
}

// nextWeekly is the first window of a week, from a time on.
func (c *Clock) nextWeekly(from Instant, last Date) (Instant, bool) {
	d := c.week.First(c.back(c.DateOf(from)))
	for d <= last {
		at, ok := c.weeklyOn(d, last)
		d = c.week.First(c.following(d + 6))
		if !ok || at < from {
			continue
		}
		if other, ok := c.weeklyOn(d, last); ok && other >= from {
			at = min(at, other)
		}
		return at, true
	}
	return 0, false
}

// weeklyOn is the first window of the week that starts on d.
func (c *Clock) weeklyOn(d, last Date) (Instant, bool) {
	last = min(last, d+6)
	return c.earliestOf(d, last)
}

// earliestOf is the first window of the dates first to last.
func (c *Clock) earliestOf(first, last Date) (at Instant, ok bool) {
	var arr [16]Instant
	for d := first; d <= last; d++ {
		shift, ws := c.windows(arr[:0], d)
		if len(ws) > 0 && (!ok || ws[0]+shift < at) {
			at, ok = ws[0]+shift, true
		}
	}
	return at, ok
}

// windowOn is the first window of d that is not before from.
func (c *Clock) windowOn(d Date, from Instant) (Instant, bool) {
	var arr [16]Instant
	shift, ws := c.windows(arr[:0], d)
	for _, w := range ws {
		if w += shift; w >= from {
			return w, true
		}
	}
	return 0, false
}

// dailyOn is the first window of d, if that is not before from.
func (c *Clock) dailyOn(d Date, from Instant) (Instant, bool) {
	at, ok := c.earliestOf(d, d)
	return at, ok && at >= from
}

// freeOn is the first instant from a time on in the free work of d.
func (c *Clock) freeOn(d Date, from Instant) (Instant, bool) {
	var arr [8]Interval
	shift, free := c.free(arr[:0], d)
	for _, p := range free {
		if p = p.shift(shift); p.To > from {
			return max(p.From, from), true
		}
	}
	return 0, false
}
