package worktime

import (
	"cmp"
	"slices"
)

// Kind names a clock that counts time.
type Kind uint8

// The two clocks of worktime 6.
const (
	DayClock  Kind = iota // D: days on, whole
	WorkClock             // W: work
)

// String is "day" or "work".
func (k Kind) String() string { return [...]string{"day", "work"}[k] }

// Pause is time that a term does not count, From up to To, or from From on
// while Open (worktime 6.7).
type Pause struct {
	From, To Instant
	Open     bool
}

func stillPaused(pauses []Pause) bool {
	return slices.ContainsFunc(pauses, func(p Pause) bool { return p.Open })
}

// afterPauses is t or the end of the last pause, whichever is later.
func afterPauses(t Instant, pauses []Pause) Instant {
	for _, p := range pauses {
		if p.From < p.To {
			t = max(t, p.To)
		}
	}
	return t
}

// add is the first instant with s seconds of a clock since t (worktime 6.1),
// false when the horizon does not hold as many.
func (c *Clock) add(kind Kind, t Instant, s int64, pauses []Pause) (Instant, bool) {
	if s <= 0 {
		return t, true
	}
	m := meter{span: Interval{t, forever}, want: s, pauses: inOrder(pauses)}
	c.run(kind, t, c.lastFrom(t), &m)
	return m.at, m.got >= s
}

// Elapsed is how many seconds a clock counted from one instant to another, 0 if
// the second is not later (worktime 6.1): "answered in".
func (c *Clock) Elapsed(kind Kind, from, to Instant, pauses []Pause) int64 {
	if to <= from {
		return 0
	}
	m := meter{span: Interval{from, to}, want: int64(forever), pauses: inOrder(pauses)}
	c.run(kind, from, c.DateOf(to), &m)
	return m.got
}

func (c *Clock) run(kind Kind, from Instant, last Date, m *meter) {
	if kind == DayClock {
		c.eachDay(c.DateOf(from), last, m.take)
	} else {
		c.eachPiece(c.back(c.DateOf(from)), last, m.take)
	}
}

// inOrder sorts pauses by their start.
func inOrder(pauses []Pause) []Pause {
	if len(pauses) < 2 {
		return pauses
	}
	return slices.SortedFunc(slices.Values(pauses), func(a, b Pause) int { return cmp.Compare(a.From, b.From) })
}

// meter counts seconds of intervals that come in order.
type meter struct {
	span   Interval // what counts at all
	pauses []Pause  // what does not, by start
	want   int64
	got    int64
	at     Instant // where want was reached
}

// take counts v and reports whether more is wanted.
func (m *meter) take(v Interval) bool {
	if v.From >= m.span.To {
		return false
	}
	v = v.clip(m.span)
	for _, p := range m.pauses {
		if p.Open {
			p.To = forever
		}
		if p.To <= v.From || p.To <= p.From {
			continue
		}
		if !m.count(Interval{v.From, min(v.To, p.From)}) {
			return false
		}
		v.From = max(v.From, p.To)
	}
	return m.count(v)
}

func (m *meter) count(v Interval) bool {
	s := v.Seconds()
	if m.got+s >= m.want {
		m.at = v.From + Instant(m.want-m.got)
		m.got = m.want
		return false
	}
	m.got += s
	return true
}
