package oracle

// Due is when an answer to what reached the person at a second is due, as is
// shown when briefs are made at another: 4 working hours when it is urgent, else
// 24 hours (worktime 6.2, 6.3). It is false for not before the end of the time
// looked at. Another charter puts it later, never earlier (worktime 6.8).
func (p *Person) Due(reached int64, urgent bool, look int64) (int64, bool) {
	due := int64(0)
	for i, r := range p.reigns {
		if i > 0 && !r.at.Before(look) {
			break
		}
		if i+1 < len(p.reigns) && p.reigns[i+1].at.Before(reached) {
			continue // another charter was in force by then
		}
		at, ok := r.cal.due(reached, urgent)
		if !ok {
			return 0, false
		}
		due = max(due, at)
	}
	return due, true
}

// Next is the window after a brief, by the charter of that moment; false for
// none that is known of.
func (p *Person) Next(look int64) (int64, bool) {
	cal := p.reigns[0].cal
	for _, r := range p.reigns[1:] {
		if r.at.Before(look) {
			cal = r.cal
		}
	}
	for _, w := range cal.windows {
		if w.At > look {
			return w.At, true
		}
	}
	return 0, false
}

// due is computed once for each instant: many people are asked at one window.
func (c *calendar) due(from int64, urgent bool) (int64, bool) {
	key := dueKey{from, urgent}
	if d, ok := c.dues[key]; ok {
		return d, d != 0
	}
	d := c.dueAfter(from, urgent)
	if c.dues == nil {
		c.dues = make(map[dueKey]int64)
	}
	c.dues[key] = d
	return d, d != 0
}

type dueKey struct {
	from   int64
	urgent bool
}

func (c *calendar) dueAfter(from int64, urgent bool) int64 {
	four := c.add(working, from, 4*hour)
	if urgent {
		return four
	}
	day := c.add(counted, from, 24*hour)
	if four == 0 || day == 0 {
		return 0
	}
	return c.wake(max(four, day))
}

// add is the first instant at which so many seconds of a kind have passed, 0
// for not before the end (worktime 6.1).
func (c *calendar) add(kind doing, t, seconds int64) int64 {
	for t < c.w.to {
		next := t/minute*minute + minute
		if c.does(t)&kind != 0 {
			if seconds <= next-t {
				return t + seconds
			}
			seconds -= next - t
		}
		t = next
	}
	return 0
}

// wake is the instant itself at work or at its end, else the next start of it
// (worktime 6.2); 0 for not before the end.
func (c *calendar) wake(t int64) int64 {
	if t%minute == 0 && c.does(t-minute)&working != 0 {
		return t
	}
	for ; t < c.w.to; t = t/minute*minute + minute {
		if c.does(t)&working != 0 {
			return t
		}
	}
	return 0
}
