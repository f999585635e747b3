package worktime

// State is what a person is doing.
type State uint8

// The states of worktime 4.
const (
	Off   State = iota // not at work
	Focus              // at work, in a focus block
	On                 // at work, free
)

// String is "off", "focus" or "on".
func (s State) String() string { return [...]string{"off", "focus", "on"}[s] }

// State returns what the person is doing at t and until when; ok is false when
// that does not change within the horizon.
func (c *Clock) State(t Instant) (s State, until Instant, ok bool) {
	today := c.DateOf(t)
	for _, s := range [...]State{On, Focus} {
		if c.covered(s, t, today) {
			until, ok = c.extent(s, t, today+horizon)
			return s, until, ok
		}
	}
	until, ok = c.earliest(t, today+horizon, (*Clock).pieceOn)
	return Off, until, ok
}

// covered reports whether the person, on the date today, is in a state at t.
func (c *Clock) covered(s State, t Instant, today Date) bool {
	var arr [8]Interval
	for d := c.back(today); d <= today; d++ {
		if shift, vs := c.in(s, arr[:0], d); contains(vs, t-shift) {
			return true
		}
	}
	return false
}

// extent is the end of the stretch of a state that t lies in.
func (c *Clock) extent(s State, t Instant, last Date) (Instant, bool) {
	var arr [8]Interval
	end := t
	for d := c.back(c.DateOf(t)); d <= min(last, c.DateOf(end)); d++ {
		shift, vs := c.in(s, arr[:0], d)
		for _, v := range vs {
			if v = v.shift(shift); v.Contains(end) {
				end = v.To
			}
		}
	}
	return end, c.DateOf(end) <= last
}

// in returns the free or the focused part of the pieces of d, to be shifted.
func (c *Clock) in(s State, dst []Interval, d Date) (Instant, []Interval) {
	if s == On {
		return c.free(dst, d)
	}
	var a, b [8]Interval
	shift, pieces := c.pieces(a[:0], d)
	_, free := c.free(b[:0], d) // shifted alike
	return shift, minus(dst, pieces, free)
}

// pieceOn is the start of the first piece of d from a time on.
func (c *Clock) pieceOn(d Date, from Instant) (Instant, bool) {
	var arr [8]Interval
	shift, pieces := c.pieces(arr[:0], d)
	for _, p := range pieces {
		if p.From+shift >= from {
			return p.From + shift, true
		}
	}
	return 0, false
}
