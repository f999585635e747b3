package worktime_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/worktime"
)

func TestInvariantAdd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, k, now := clock(t)
		a, b := rapid.IntRange(1, 30).Draw(t, "a"), rapid.IntRange(1, 30).Draw(t, "b")
		first := k.Due(now, worktime.WorkHours(a), nil)
		if !first.OK {
			return
		}
		if got := k.Elapsed(worktime.WorkClock, now, first.At, nil); got != int64(a)*refHour {
			t.Fatalf("%d wh from %v are due at %v, after %d s", a, now, first.At, got)
		}
		if got := k.Elapsed(worktime.WorkClock, now, first.At-1, nil); got >= int64(a)*refHour {
			t.Fatalf("%d wh from %v are due at %v, and a second before they were over", a, now, first.At)
		}
		both := k.Due(now, worktime.WorkHours(a+b), nil)
		then := k.Due(first.At, worktime.WorkHours(b), nil)
		if both.OK && both.At != then.At {
			t.Fatalf("%d+%d wh from %v: %v at once, %v in two", a, b, now, both.At, then.At)
		}
		if days := k.Due(now, worktime.Hours(a), nil); days.OK {
			if got := k.Elapsed(worktime.DayClock, now, days.At, nil); got < int64(a)*refHour {
				t.Fatalf("%d h from %v are due at %v, after %d s", a, now, days.At, got)
			}
		}
	})
}

func TestInvariantDue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, k, now := clock(t)
		later := now + worktime.Instant(rapid.Int64Range(0, 5*refDay).Draw(t, "later"))
		for _, term := range terms(rapid.IntRange(1, 48).Draw(t, "hours")) {
			due, other := k.Due(now, term, nil), k.Due(later, term, nil)
			if due.OK && due.At <= now {
				t.Fatalf("%v from %v is due at %v", term, now, due.At)
			}
			if due.OK && other.OK && other.At < due.At {
				t.Fatalf("%v from %v is due at %v, from %v at %v", term, now, due.At, later, other.At)
			}
		}
		n := rapid.IntRange(1, 8).Draw(t, "working hours")
		day, work := k.Due(now, worktime.Hours(6*n), nil), k.Due(now, worktime.WorkHours(n), nil)
		if day.OK && (!work.OK || day.At < work.At) {
			t.Fatalf("from %v, %d h are due at %v and %d wh at %v", now, 6*n, day.At, n, work.At)
		}
	})
}

func TestInvariantDueInHours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draws.Draw(t, "in")
		k, r := compile(t, in.charter), newRef(in.charter)
		for _, term := range terms(rapid.IntRange(1, 48).Draw(t, "hours")) {
			if due := k.Due(worktime.Instant(in.now), term, nil); due.OK && !closure(r, int64(due.At)) {
				t.Fatalf("%v: %v is due at %v, outside hours", in, term, due.At)
			}
		}
	})
}

func TestInvariantPauses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, k, now := clock(t)
		from := now + worktime.Instant(rapid.Int64Range(-refDay, 3*refDay).Draw(t, "from"))
		pause := worktime.Pause{From: from, To: from + worktime.Instant(rapid.Int64Range(0, 3*refDay).Draw(t, "for"))}
		for _, term := range terms(rapid.IntRange(1, 48).Draw(t, "hours")) {
			plain := k.Due(now, term, nil)
			paused := k.Due(now, term, []worktime.Pause{pause})
			twice := k.Due(now, term, []worktime.Pause{pause, {From: from, To: pause.To}})
			if paused != twice || paused.OK && (!plain.OK || paused.At < plain.At) {
				t.Fatalf("%v from %v is due at %v, paused %v at %v, twice at %v", term, now, plain, pause, paused, twice)
			}
			if due := k.Due(now, term, []worktime.Pause{{From: from, Open: true}}); due.OK {
				t.Fatalf("%v is due at %v in an open pause", term, due.At)
			}
		}
	})
}

func TestInvariantTimeOff(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, _, now := clock(t)
		c.Focus, c.FocusOn = [7][]worktime.Span{}, nil
		k := compile(t, c)
		from := worktime.Date(int64(now)/refDay + rapid.Int64Range(-4, 8).Draw(t, "off from"))
		for range rapid.IntRange(1, 2).Draw(t, "times off") {
			if rapid.Bool().Draw(t, "whole") {
				c.Off = append(c.Off[:len(c.Off):len(c.Off)], worktime.OffDates(from, from.AddDays(rapid.IntRange(0, 5).Draw(t, "days"))))
			} else {
				begin := from.At(quarterHours.Draw(t, "begin"))
				end := begin + worktime.Local(900*rapid.IntRange(1, 300).Draw(t, "quarters"))
				c.Off = append(c.Off[:len(c.Off):len(c.Off)], worktime.OffTimes(begin, end))
			}
		}
		off := compile(t, c)
		for _, class := range []worktime.Class{worktime.Urgent, worktime.Normal} {
			a, okA := k.Next(class, now, worktime.NotSealed)
			b, okB := off.Next(class, now, worktime.NotSealed)
			if okB && (!okA || b < a) {
				t.Fatalf("%v at %v, with time off at %v", class, a, b)
			}
		}
		for _, term := range terms(rapid.IntRange(1, 48).Draw(t, "hours"))[:2] {
			a, b := k.Due(now, term, nil), off.Due(now, term, nil)
			if worktime.Later(a, b) != b && a != b {
				t.Fatalf("%v from %v is due at %v, with time off at %v", term, now, a, b)
			}
		}
	})
}

func TestInvariantReplan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, old, created := clock(t)
		zone := rapid.SampledFrom(zoneNames).Draw(t, "zone")
		now := compile(t, charters(zone, old.DateOf(created)).Draw(t, "changed charter"))
		changed := created + worktime.Instant(rapid.Int64Range(0, 5*refDay).Draw(t, "changed"))
		class := worktime.Class(rapid.IntRange(int(worktime.Crisis), int(worktime.Weekly)).Draw(t, "class"))
		term := rapid.SampledFrom(terms(24)).Draw(t, "term")
		p := worktime.Replan(old, now, class, created, changed, term)
		shown := old.Due(p.Planned, term, nil)
		switch {
		case p.Delivered && (p.At != p.Planned || p.At > changed):
			t.Fatalf("delivered at %v, planned at %v, changed at %v", p.At, p.Planned, changed)
		case !p.Delivered && p.OK && p.At < changed:
			t.Fatalf("changed at %v and delivered at %v", changed, p.At)
		case p.Delivered && p.Due.OK && (!shown.OK || p.Due.At < shown.At):
			t.Fatalf("due at %v was shown, then %v", shown, p.Due)
		}
		if p.Delivered {
			return
		}
		if again := worktime.Replan(now, now, class, max(created, changed), changed, term); again.At != p.At || again.Due != p.Due {
			t.Fatalf("planned anew %+v, twice %+v", p, again)
		}
	})
}
