package oracle

import "slices"

// reigning are the calendars that are in force at a second: two at the second
// of a change.
func (p *Person) reigning(at int64) []*calendar {
	var out []*calendar
	for i, r := range p.reigns {
		if r.from <= at && (i+1 == len(p.reigns) || at <= p.reigns[i+1].from) {
			out = append(out, r.cal)
		}
	}
	return out
}

// Changed reports whether another charter came into force between two seconds,
// both included.
func (p *Person) Changed(from, to int64) bool {
	return slices.ContainsFunc(p.reigns[1:], func(r reign) bool { return from <= r.from && r.from <= to })
}

// Free reports whether the person is at work and out of focus at a second.
func (p *Person) Free(at int64) bool {
	return slices.ContainsFunc(p.reigning(at), func(c *calendar) bool { return c.free(at) })
}

// Resumes reports whether what a window missed may come at a second: at work
// and out of focus, on the window's own workday (worktime 5.8).
func (p *Person) Resumes(missed, at int64) bool {
	return slices.ContainsFunc(p.reigning(at), func(c *calendar) bool {
		return c.free(at) && slices.ContainsFunc(c.days, func(d day) bool {
			return slices.Contains(d.windows, missed) && c.worksOn(&d, at)
		})
	})
}

// LeftAt is when the person left, in nanoseconds; 0 for not.
func (p *Person) LeftAt() int64 { return p.left.Nano }
