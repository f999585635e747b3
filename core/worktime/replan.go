package worktime

// Resume is when a window that was missed is served once things run again at
// now: at the first free instant left of its own workday, if that is before the
// next window, else at that (worktime 5.8). The seal is for the missed window
// in both cases. false is not within the horizon.
func (c *Clock) Resume(missed, now Instant) (Instant, bool) {
	now = max(now, missed)
	next, ok := c.Next(Normal, now, missed)
	today := c.DateOf(missed)
	for d := c.back(today); d <= today; d++ {
		if w, has := c.windowOn(d, missed); !has || w != missed {
			continue
		}
		if free, left := c.freeOn(d, now); left && (!ok || free < next) {
			next, ok = free, true
		}
	}
	return next, ok
}

// Plan is what becomes of an item when a charter changes.
type Plan struct {
	// Planned is what the old charter had planned, if PlannedOK.
	Planned   Instant
	PlannedOK bool
	// At is when the item reached or reaches the person, if OK.
	At Instant
	OK bool
	// Delivered says that it had reached the person by the change.
	Delivered bool
	// Due is when the answer is due, if there is a term.
	Due Due
}

// Replan decides about an item that was created under one charter when another
// takes its place at changed. What was planned at or before the change counts
// as delivered and stays; its answer may become due later, never earlier. All
// else is planned anew from the change (worktime 5.7, 6.8).
func Replan(old, now *Clock, class Class, created, changed Instant, term Term) Plan {
	var p Plan
	p.Planned, p.PlannedOK = old.Next(class, created, NotSealed)
	if p.PlannedOK && p.Planned <= changed {
		p.At, p.OK, p.Delivered = p.Planned, true, true
		p.Due = Later(old.Due(p.At, term, nil), now.Due(p.At, term, nil))
		return p
	}
	p.At, p.OK = now.Next(class, max(created, changed), NotSealed)
	if p.OK {
		p.Due = now.Due(p.At, term, nil)
	}
	return p
}
