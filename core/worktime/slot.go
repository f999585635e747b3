package worktime

import (
	"iter"
	"slices"
)

// grid is a quarter of an hour: every zone in use is a multiple of it from UTC
// (worktime 8.2).
const grid = 15 * minute

// Overlap is when everybody is free in [from, to), sorted (worktime 8.1).
func Overlap(people []Person, from, to Instant) []Interval {
	common := merge([]Interval{{from, to}})
	for _, p := range people {
		common = both(common, p.Clock.freeIn(Interval{from, to}))
	}
	return common
}

// Slot is the first start, on the quarter of an hour, of so many minutes in
// [from, to) in which everybody is free and nothing of busy lies (worktime 8.2).
func Slot(people []Person, from, to Instant, minutes int, busy []Interval) (Instant, bool) {
	for start := range slots(people, Interval{from, to}, minutes, busy) {
		return start, true
	}
	return 0, false
}

// slots yields the starts of all slots, in order.
func slots(people []Person, within Interval, minutes int, busy []Interval) iter.Seq[Instant] {
	length := Instant(minutes) * minute
	common := minus(nil, Overlap(people, within.From, within.To), merge(slices.Clone(busy)))
	return func(yield func(Instant) bool) {
		for _, v := range common {
			for start := range quarters(v, length) {
				if !yield(start) {
					return
				}
			}
		}
	}
}

// quarters yields the starts on the grid of what has a length and lies in v.
func quarters(v Interval, length Instant) iter.Seq[Instant] {
	return func(yield func(Instant) bool) {
		if length <= 0 {
			return
		}
		first := Instant(-floorDiv(-int64(v.From), grid) * grid)
		for t := first; t+length <= v.To; t += grid {
			if !yield(t) {
				return
			}
		}
	}
}

// freeIn is the free time in an interval, as a set.
func (c *Clock) freeIn(within Interval) []Interval { return c.gather(within, (*Clock).free) }

// workIn is W in an interval, as a set.
func (c *Clock) workIn(within Interval) []Interval { return c.gather(within, (*Clock).pieces) }

func (c *Clock) gather(within Interval, of func(*Clock, []Interval, Date) (Instant, []Interval)) []Interval {
	if within.empty() {
		return nil
	}
	var set, buf []Interval
	last := c.DateOf(within.To)
	for d := c.back(c.DateOf(within.From)); d <= last; d = c.following(d) {
		shift, vs := of(c, buf[:0], d)
		for _, v := range vs {
			set = append(set, v.shift(shift).clip(within))
		}
	}
	return merge(set)
}
