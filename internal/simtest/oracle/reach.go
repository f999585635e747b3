package oracle

import "slices"

// Person is one person's working time over the time looked at: their charters,
// each in force from a second on.
type Person struct {
	w      *World
	joined int64
	left   Moment
	reigns []reign
	served []Window // as Windows returns them, nil for not yet
}

type reign struct {
	at   Moment
	from int64
	cal  *calendar
}

// Person joins at a moment with a charter.
func (w *World) Person(joined Moment, c Charter) *Person {
	at := joined.Second()
	return &Person{w: w, joined: at, reigns: []reign{{joined, at, w.calendar(c, at)}}}
}

// Change puts another charter in force.
func (p *Person) Change(at Moment, c Charter) {
	from := at.Second()
	p.reigns, p.served = append(p.reigns, reign{at, from, p.w.calendar(c, from)}), nil
}

// Leave ends everything that reaches the person.
func (p *Person) Leave(at Moment) { p.left, p.served = at, nil }

// Here reports whether the person is there when briefs are made at a second.
func (p *Person) Here(look int64) bool {
	return p.joined < look && (p.left == Moment{} || !p.left.Before(look))
}

// Windows are all that are served, each under the charter in force at it. One
// at the very instant of a change is still the old charter's, and the new one's
// too (worktime 5.7).
func (p *Person) Windows() []Window {
	if p.served != nil {
		return p.served
	}
	var out []Window
	for i, r := range p.reigns {
		for _, w := range r.cal.windows {
			if w.At < r.from || i+1 < len(p.reigns) && w.At > p.reigns[i+1].from || !p.Here(w.At) || w.At >= p.w.to {
				continue
			}
			if n := len(out); n > 0 && out[n-1].At == w.At {
				out[n-1].Daily = out[n-1].Daily || w.Daily
				out[n-1].Weekly = out[n-1].Weekly || w.Weekly
				continue
			}
			out = append(out, w)
		}
	}
	p.served = out
	return out
}

// Reaches is the second at which a directed thing, urgent or normal, must reach
// the person; false if that is not before the end of the time looked at. What
// still waits when the charter changes is planned anew from the change; what
// the old one had planned at or before it counts as delivered (worktime 5.7).
func (p *Person) Reaches(urgent bool, written Moment) (int64, bool) {
	from := written.Second()
	for i, r := range p.reigns {
		if i+1 < len(p.reigns) && p.reigns[i+1].from <= from {
			continue // another charter was in force by then
		}
		sealed := written.AfterLook && from == written.Second() // the window of that instant is past
		at, ok := r.cal.next(urgent, from, sealed)
		if i+1 == len(p.reigns) || ok && at <= p.reigns[i+1].from {
			return at, ok
		}
		from = p.reigns[i+1].from
	}
	return 0, false
}

// next is next(class, now) of worktime 5.3.
func (c *calendar) next(urgent bool, now int64, sealed bool) (int64, bool) {
	i := slices.IndexFunc(c.windows, func(w Window) bool { return w.At > now || w.At == now && !sealed })
	window, ok := c.w.to, false
	if i >= 0 && c.windows[i].At < c.w.to {
		window, ok = c.windows[i].At, true
	}
	if !urgent {
		return window, ok
	}
	if c.free(now) {
		return now, true
	}
	for t := now/minute*minute + minute; t < window; t += minute {
		if c.free(t) {
			return t, true
		}
	}
	return window, ok
}

// Wrong says what forbids a brief to be made for the person at a second: only a
// crisis comes outside working hours and in focus (R1.1). "" is allowed.
func (p *Person) Wrong(at int64) string {
	why := "no charter"
	for i, r := range p.reigns {
		if at < r.from || i+1 < len(p.reigns) && at > p.reigns[i+1].from {
			continue
		}
		switch does := r.cal.does(at); {
		case does&(working|focused) == working:
			return ""
		case does&working != 0:
			why = "in focus"
		case r.cal.does(at-minute)&working != 0 && at%minute == 0:
			return "" // the moment at which work ends belongs to it
		default:
			why = "off work"
		}
	}
	return why
}
