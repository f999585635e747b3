package worktime

// prereadDates is how far back a pre-read looks for a window (worktime 7.4).
const prereadDates = 62

// SendBy is the last instant at which a pre-read may be sent so that everybody
// has lead hours of their day clock before a meeting at start (worktime 7.4):
// the least of everybody's last window that leaves as much. It is false when
// somebody has none in the 62 dates before.
func SendBy(people []Person, start Instant, lead int) (at Instant, ok bool) {
	for i, p := range people {
		w, has := p.Clock.lastChance(start, int64(lead))
		if !has {
			return 0, false
		}
		if i == 0 || w < at {
			at = w
		}
	}
	return at, len(people) > 0
}

// lastChance is the last window that leaves so many hours before start.
func (c *Clock) lastChance(start Instant, lead int64) (at Instant, ok bool) {
	var arr [16]Instant
	tomorrow := c.DateOf(start) + 1
	for d := tomorrow; d >= tomorrow-prereadDates; d-- {
		shift, ws := c.windows(arr[:0], d)
		for _, w := range ws {
			w += shift
			if ok && w <= at {
				continue
			}
			if due, due1 := c.dueDay(w, lead, nil); due1 && due <= start {
				at, ok = w, true
			}
		}
		// Only the date before can hold something later.
		if ok && d < tomorrow && c.DateOf(at) > d+1 {
			break
		}
	}
	return at, ok
}

// Ready reports whether a pre-read that is sent at an instant leaves everybody
// lead hours of their day clock before start (worktime 7.4).
func Ready(people []Person, sent, start Instant, lead int) bool {
	for _, p := range people {
		if r := p.Clock.reading(sent, lead); !r.UntilOK || r.Until > start {
			return false
		}
	}
	return true
}

// Rhythm is a week of deciding in writing: a document on Monday, comments on
// Tuesday and Wednesday, a meeting on Thursday only where there is a slot.
type Rhythm struct {
	PublishBy   Instant // least of the last windows on Monday
	PublishOK   bool    // somebody has one
	CommentsEnd Instant // the fair close, and the end of everybody's Wednesday
	CommentsOK  bool
	Meeting     Instant
	MeetingOK   bool
}

// Cadence lays out the week of a Monday with so many hours to comment and a
// meeting of so many minutes (worktime 7.5).
func Cadence(people []Person, monday Date, hours, minutes int) (r Rhythm) {
	var arr [16]Instant
	for _, p := range people {
		shift, ws := p.Clock.windows(arr[:0], monday)
		if len(ws) == 0 {
			continue
		}
		if w := ws[len(ws)-1] + shift; !r.PublishOK || w < r.PublishBy {
			r.PublishBy, r.PublishOK = w, true
		}
	}
	if !r.PublishOK {
		return r
	}
	fair := Fair(people, r.PublishBy, hours)
	if !fair.CloseOK {
		return r
	}
	r.CommentsEnd, r.CommentsOK = fair.Close, true
	for _, p := range people {
		if end, ok := p.Clock.end(monday + 2); ok {
			r.CommentsEnd = max(r.CommentsEnd, end)
		}
	}
	within := Interval{r.CommentsEnd, r.CommentsEnd + 4*day}
	for start := range slots(people, within, minutes, nil) {
		if thursday(people, start, monday+3) {
			r.Meeting, r.MeetingOK = start, true
			break
		}
	}
	return r
}

func thursday(people []Person, t Instant, d Date) bool {
	for _, p := range people {
		if p.Clock.DateOf(t) != d {
			return false
		}
	}
	return true
}
