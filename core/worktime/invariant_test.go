package worktime_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/worktime"
)

// The invariants of worktime 11, over charters drawn near the transitions of
// zoneNames. More than the usual hundred draws each:
//
//	go test ./core/worktime -run Invariant -timeout 2h -rapid.checks=60000
//
// There are 20 of them, so that draws more than a million cases.

// clock draws a charter and compiles it, with an instant to the second.
func clock(t *rapid.T) (worktime.Charter, *worktime.Clock, worktime.Instant) {
	in := draws.Draw(t, "in")
	return in.charter, compile(t, in.charter), worktime.Instant(in.now + rapid.Int64Range(0, 59).Draw(t, "second"))
}

func TestInvariantAt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(zoneNames).Draw(t, "zone")
		z, err := tables.Zone(name)
		if err != nil {
			t.Fatal(err)
		}
		l := worktime.Local(moments(name).Draw(t, "local") + rapid.Int64Range(0, 59).Draw(t, "second"))
		later := l + worktime.Local(rapid.Int64Range(0, 3*refDay).Draw(t, "later"))
		at := z.At(l)
		if other := z.At(later); other < at {
			t.Fatalf("%s: at(%v) = %v, but at(%v) = %v", name, l, at, later, other)
		}
		if z.Local(at) < l {
			t.Fatalf("%s: at(%v) = %v, where it is still %v", name, l, at, z.Local(at))
		}
		if z.Local(at-1) >= l {
			t.Fatalf("%s: at(%v) = %v is not the first", name, l, at)
		}
		if z.Local(at) > l && z.Local(at-1)+1 == z.Local(at) {
			t.Fatalf("%s: at(%v) = %v is %v, and no gap ends there", name, l, at, z.Local(at))
		}
	})
}

func TestInvariantDatesPartitionTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, k, now := clock(t)
		today := k.DateOf(now)
		end := worktime.Instant(0)
		for d := today - 8; d <= today+8; d++ {
			v := k.Day(d).Interval
			if v.Contains(now) != (d == today) {
				t.Fatalf("%v is on %v, and %v is %v", now, today, d, v)
			}
			if v.Seconds() == 0 {
				continue
			}
			if end != 0 && v.From != end {
				t.Fatalf("%v begins at %v, the date before ended at %v", d, v.From, end)
			}
			if end = v.To; v.Seconds() > 50*refHour {
				t.Fatalf("%v has %d seconds", d, v.Seconds())
			}
		}
	})
}

func TestInvariantNext(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, k, now := clock(t)
		later := now + worktime.Instant(rapid.Int64Range(0, 5*refDay).Draw(t, "later"))
		before := now
		for c := worktime.Crisis; c <= worktime.Weekly; c++ {
			at, ok := k.Next(c, now, worktime.NotSealed)
			if !ok {
				continue
			}
			if at < before {
				t.Fatalf("%v comes at %v, a class that is not later at %v", c, at, before)
			}
			before = at
			if again, ok := k.Next(c, at, worktime.NotSealed); !ok || again != at {
				t.Fatalf("%v at %v, and from there at %v", c, at, again)
			}
			if other, ok := k.Next(c, later, worktime.NotSealed); ok && other < at {
				t.Fatalf("%v from %v at %v, from %v at %v", c, now, at, later, other)
			}
			if c < worktime.Normal {
				continue
			}
			if next, ok := k.Next(c, now, at); ok && next <= at {
				t.Fatalf("%v sealed until %v comes at %v", c, at, next)
			}
		}
	})
}

// closure reports whether t lies in work or at the end of some.
func closure(r *ref, t int64) bool { return r.work(t) || r.work(t-60) }

func TestInvariantNothingOutside(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draws.Draw(t, "in")
		k, r := compile(t, in.charter), newRef(in.charter)
		for c := worktime.Urgent; c <= worktime.Weekly; c++ {
			at, ok := k.Next(c, worktime.Instant(in.now), worktime.NotSealed)
			if x := int64(at); ok && (!closure(r, x) || r.work(x) && r.focus(x) || r.partOff(x)) {
				t.Fatalf("%v: %v comes at %v, outside hours, in focus or in time off", in, c, at)
			}
		}
	})
}

func TestInvariantMovedWindows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, k, now := clock(t)
		c.Focus, c.FocusOn = [7][]worktime.Span{}, nil
		free := compile(t, c)
		for d := k.DateOf(now) - 2; d <= k.DateOf(now)+2; d++ {
			stated, day := free.Day(d).Windows, k.Day(d)
			if len(day.Windows) > len(stated) {
				t.Fatalf("%v: focus made %v of %v", d, day.Windows, stated)
			}
			for _, w := range day.Windows {
				if w < stated[0] {
					t.Fatalf("%v: %v is before its stated time", d, w)
				}
				if !slices.ContainsFunc(day.Pieces, func(p worktime.Interval) bool { return p.From <= w && w <= p.To }) {
					t.Fatalf("%v: %v left its workday", d, w)
				}
			}
		}
	})
}

// TestInvariantOrder holds that the order of lists and touching halves of a span
// change nothing, and neither does compiling twice.
func TestInvariantOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, k, now := clock(t)
		turned := c
		for d := range c.Hours {
			turned.Hours[d] = nil
			for _, s := range c.Hours[d] {
				halves := []worktime.Span{s}
				if mid := (s.From + s.To) / 2; s.From < mid && mid < s.To {
					halves = []worktime.Span{{From: mid, To: s.To}, {From: s.From, To: mid}}
				}
				turned.Hours[d] = append(halves, turned.Hours[d]...)
			}
			turned.Windows[d] = slices.Clone(c.Windows[d])
			slices.Reverse(turned.Windows[d])
			turned.Focus[d] = slices.Clone(c.Focus[d])
			slices.Reverse(turned.Focus[d])
		}
		turned.Off, turned.Holidays, turned.Travel = slices.Clone(c.Off), slices.Clone(c.Holidays), slices.Clone(c.Travel)
		slices.Reverse(turned.Off)
		slices.Reverse(turned.Holidays)
		slices.Reverse(turned.Travel)
		alike(t, k, compile(t, turned), now, 0)
	})
}

// alike holds that two clocks give the same answers, the second at an instant
// and with answers that are some seconds later.
func alike(t *rapid.T, a, b *worktime.Clock, now, by worktime.Instant) {
	t.Helper()
	for c := worktime.Urgent; c <= worktime.Weekly; c++ {
		x, okX := a.Next(c, now, worktime.NotSealed)
		y, okY := b.Next(c, now+by, worktime.NotSealed)
		if okX != okY || okX && x+by != y {
			t.Fatalf("%v: %v and %v", c, x, y)
		}
		if okX && a.AwayDays(now, x) != b.AwayDays(now+by, y) {
			t.Fatalf("away until %v: %d and %d", x, a.AwayDays(now, x), b.AwayDays(now+by, y))
		}
	}
	for _, term := range terms(rapid.IntRange(1, 48).Draw(t, "hours")) {
		x, y := a.Due(now, term, nil), b.Due(now+by, term, nil)
		if x.OK != y.OK || x.OK && x.At+by != y.At {
			t.Fatalf("due %v: %v and %v", term, x, y)
		}
	}
}
