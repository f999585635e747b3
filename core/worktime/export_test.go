package worktime

// Plain is c without the weekly template: the definition alone.
func (c *Clock) Plain() *Clock {
	p := *c
	p.tmpl = nil
	return &p
}

// Ordinary reports whether the template answers for d.
func (c *Clock) Ordinary(d Date) bool {
	_, ok := c.ordinary(d)
	return ok
}

// Local is the local time at t.
func (z *Zone) Local(t Instant) Local { return z.local(t) }

// Changes are the instants at which the offset of z changes.
func (z *Zone) Changes() []Instant { return z.start[1 : len(z.start)-1] }
