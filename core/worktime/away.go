package worktime

// AwayDays counts the dates from that of now to that of answer, both included,
// that usually have work and have none (worktime 5.6). A weekend is not being
// away, nor is a date that was skipped.
func (c *Clock) AwayDays(now, answer Instant) int {
	n := 0
	for d, last := c.DateOf(now), c.DateOf(answer); d <= last; d++ {
		if c.away(d) {
			n++
		}
	}
	return n
}

func (c *Clock) away(d Date) bool {
	return len(c.hours[d.Weekday()].spans) > 0 && !c.working(d) && !c.dayOf(d).empty()
}
