package worktime

import (
	"cmp"
	"slices"
	"sort"
)

// Interval is the time from From up to, but not including, To.
type Interval struct{ From, To Instant }

// Seconds is the length of v, 0 when To is not after From.
func (v Interval) Seconds() int64 { return int64(max(0, v.To-v.From)) }

// Contains reports whether t lies in v.
func (v Interval) Contains(t Instant) bool { return v.From <= t && t < v.To }

func (v Interval) empty() bool { return v.To <= v.From }

func (v Interval) shift(by Instant) Interval { return Interval{v.From + by, v.To + by} }

func (v Interval) clip(to Interval) Interval {
	return Interval{max(v.From, to.From), min(v.To, to.To)}
}

// Below, a set is a slice of intervals that are sorted, not empty and do not
// touch each other.

// merge makes a set of any intervals, in place.
func merge(vs []Interval) []Interval {
	vs = slices.DeleteFunc(vs, Interval.empty)
	slices.SortFunc(vs, func(a, b Interval) int { return cmp.Compare(a.From, b.From) })
	set := vs[:0]
	for _, v := range vs {
		if n := len(set); n > 0 && v.From <= set[n-1].To {
			set[n-1].To = max(set[n-1].To, v.To)
			continue
		}
		set = append(set, v)
	}
	return set
}

// minus appends to dst what is left of v outside a set.
func (v Interval) minus(dst, set []Interval) []Interval {
	for _, s := range set[after(set, v.From):] {
		if s.From >= v.To {
			break
		}
		if v.From < s.From {
			dst = append(dst, Interval{v.From, s.From})
		}
		v.From = max(v.From, s.To)
	}
	if !v.empty() {
		dst = append(dst, v)
	}
	return dst
}

// minus appends to dst what is left of one set outside another.
func minus(dst, vs, set []Interval) []Interval {
	for _, v := range vs {
		dst = v.minus(dst, set)
	}
	return dst
}

// both appends to dst the part of v in a set.
func (v Interval) both(dst, set []Interval) []Interval {
	for _, s := range set[after(set, v.From):] {
		if s.From >= v.To {
			break
		}
		if p := v.clip(s); !p.empty() {
			dst = append(dst, p)
		}
	}
	return dst
}

// both returns what two sets have in common.
func both(a, b []Interval) []Interval {
	var set []Interval
	for _, v := range a {
		set = v.both(set, b)
	}
	return set
}

// within is the number of seconds of v in a set.
func (v Interval) within(set []Interval) (seconds int64) {
	for _, s := range set[after(set, v.From):] {
		if s.From >= v.To {
			break
		}
		seconds += v.clip(s).Seconds()
	}
	return seconds
}

// touches reports whether some second of v is in a set.
func (v Interval) touches(set []Interval) bool {
	i := after(set, v.From)
	return i < len(set) && set[i].From < v.To && !v.empty()
}

// after is the index of the first interval of a set that ends after t.
func after(set []Interval, t Instant) int {
	return sort.Search(len(set), func(i int) bool { return set[i].To > t })
}

func contains(set []Interval, t Instant) bool {
	i := after(set, t)
	return i < len(set) && set[i].From <= t
}

func total(set []Interval) (seconds int64) {
	for _, v := range set {
		seconds += v.Seconds()
	}
	return seconds
}
