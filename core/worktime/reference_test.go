package worktime_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/worktime"
)

// minutesOf spells intervals out.
func minutesOf(vs []worktime.Interval) (all []int64) {
	for _, v := range vs {
		for t := int64(v.From); t < int64(v.To); t += 60 {
			all = append(all, t)
		}
	}
	return all
}

func instants(ts []worktime.Instant) (all []int64) {
	for _, t := range ts {
		all = append(all, int64(t))
	}
	return all
}

// or is t, or -1 when there is none.
func or(t worktime.Instant, ok bool) int64 {
	if !ok {
		return -1
	}
	return int64(t)
}

// TestReferenceDays compares days with the reference, minute by minute.
func TestReferenceDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draws.Draw(t, "in")
		k, r := compile(t, in.charter), newRef(in.charter)
		if got, want := int64(k.DateOf(worktime.Instant(in.now))), r.date(in.now); got != want {
			t.Fatalf("date of %v = %v, want %v", in, worktime.Date(got), worktime.Date(want))
		}
		for d := in.now/refDay - 3; d <= in.now/refDay+3; d++ {
			got := k.Day(worktime.Date(d))
			from, to := r.dayOf(d)
			if from < to && (int64(got.Interval.From) != from || int64(got.Interval.To) != to) || from >= to && got.Interval.Seconds() > 0 {
				t.Fatalf("%v: day %v = %v, want %v to %v", in, worktime.Date(d), got.Interval, from, to)
			}
			if got.Working != r.working(d) {
				t.Fatalf("%v: working %v = %v", in, worktime.Date(d), got.Working)
			}
			var work, free []int64
			for i, on := range r.minutes(d) {
				if m := refFirst(d) + int64(i)*60; on {
					work = append(work, m)
					if !r.focus(m) {
						free = append(free, m)
					}
				}
			}
			if !slices.Equal(minutesOf(got.Pieces), work) {
				t.Fatalf("%v: work of %v = %v", in, worktime.Date(d), got.Pieces)
			}
			if !slices.Equal(minutesOf(got.Free), free) {
				t.Fatalf("%v: free of %v = %v", in, worktime.Date(d), got.Free)
			}
			if want := r.windows(d); !slices.Equal(instants(got.Windows), want) {
				t.Fatalf("%v: windows of %v = %v, want %v", in, worktime.Date(d), got.Windows, want)
			}
		}
	})
}

// TestReferenceNext compares when each class arrives, and the days away.
func TestReferenceNext(t *testing.T) {
	t.Parallel()
	const ahead = 16
	rapid.Check(t, func(t *rapid.T) {
		in := draws.Draw(t, "in")
		k, r := compile(t, in.charter), newRef(in.charter)
		now, sealed := worktime.Instant(in.now), int64(0)
		if w, ok := k.Next(worktime.Normal, now, worktime.NotSealed); ok && rapid.Bool().Draw(t, "sealed") {
			sealed = int64(w)
		}
		for c := worktime.Crisis; c <= worktime.Muted; c++ {
			at, ok := k.Next(c, now, worktime.Instant(sealed))
			got, want := or(at, ok), r.next(c, in.now, sealed, ahead)
			if got != want && (want >= 0 || got >= 0 && got < in.now+(ahead-2)*refDay) {
				t.Fatalf("%v, sealed %d: %v = %v, want %v", in, sealed, c, worktime.Instant(got), worktime.Instant(want))
			}
			if want < 0 {
				continue
			}
			if got, want := k.AwayDays(now, at), r.away(in.now, want); got != want {
				t.Fatalf("%v: %d days away until %v, want %d", in, got, at, want)
			}
		}
	})
}

// TestReferenceState compares what the person is doing, and until when.
func TestReferenceState(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draws.Draw(t, "in")
		k, r := compile(t, in.charter), newRef(in.charter)
		state := func(t int64) worktime.State {
			switch {
			case !r.work(t):
				return worktime.Off
			case r.focus(t):
				return worktime.Focus
			default:
				return worktime.On
			}
		}
		got, until, ok := k.State(worktime.Instant(in.now))
		if want := state(in.now); got != want {
			t.Fatalf("%v: %v, want %v", in, got, want)
		}
		end := in.now + 20*refDay
		x := in.now
		for x < end && state(x) == got {
			x += 60
		}
		if x < end && or(until, ok) != x || x == end && ok && int64(until) < end {
			t.Fatalf("%v: %v until %v, want %v", in, got, until, worktime.Instant(x))
		}
	})
}

// TestReferenceDue compares due times and elapsed time, with pauses.
func TestReferenceDue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draws.Draw(t, "in")
		k, r := compile(t, in.charter), newRef(in.charter)
		var pauses []worktime.Pause
		after := in.now
		for range max(0, rapid.IntRange(-3, 2).Draw(t, "pauses")) {
			from := in.now + 60*rapid.Int64Range(-600, 3000).Draw(t, "paused at")
			to := from + 60*rapid.Int64Range(0, 3000).Draw(t, "paused for")
			pauses = append(pauses, worktime.Pause{From: worktime.Instant(from), To: worktime.Instant(to)})
			if from < to {
				after = max(after, to)
			}
		}
		n := rapid.IntRange(1, 60).Draw(t, "hours")
		date := worktime.Date(in.now/refDay + rapid.Int64Range(-1, 6).Draw(t, "date"))
		ofDate := r.end(int64(date))
		if !r.working(int64(date)) {
			ofDate = r.start(int64(date) + 1)
		}
		for _, c := range []struct {
			term worktime.Term
			want int64
		}{
			{worktime.Hours(n), r.dueDay(in.now, int64(n), pauses)},
			{worktime.WorkHours(n), r.add(r.work, in.now, int64(n)*refHour, pauses)},
			{worktime.EndOfDay(), r.endOfDay(after)},
			{worktime.EndOfWeek(), r.endOfWeek(after)},
			{worktime.OnDate(date), ofDate},
		} {
			got := k.Due(worktime.Instant(in.now), c.term, pauses)
			if c.want >= 0 && or(got.At, got.OK) != c.want {
				t.Fatalf("%v: %v, pauses %v, due %v, want %v", in, c.term, pauses, got, worktime.Instant(c.want))
			}
			if tight := r.workLeft(in.now, ofDate) < 2*refHour; c.term.Fixed() && got.Tight != tight {
				t.Fatalf("%v: %v tight %v", in, c.term, got.Tight)
			}
		}
		to := in.now + 60*rapid.Int64Range(-10, 10000).Draw(t, "elapsed to")
		for kind, set := range map[worktime.Kind]func(int64) bool{worktime.DayClock: r.on, worktime.WorkClock: r.work} {
			want := int64(0)
			for x := in.now; x < to; x += 60 {
				if set(x) && !slices.ContainsFunc(pauses, func(p worktime.Pause) bool { return int64(p.From) <= x && x < int64(p.To) }) {
					want += 60
				}
			}
			if got := k.Elapsed(kind, worktime.Instant(in.now), worktime.Instant(to), pauses); got != want {
				t.Fatalf("%v: %v elapsed %d, want %d", in, kind, got, want)
			}
		}
	})
}

// TestReferenceResume compares what becomes of a window that was missed.
func TestReferenceResume(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draws.Draw(t, "in")
		k, r := compile(t, in.charter), newRef(in.charter)
		missed := r.next(worktime.Normal, in.now, 0, 10)
		if missed < 0 {
			return
		}
		up := missed + 60*rapid.Int64Range(0, 1500).Draw(t, "down for")
		want := r.next(worktime.Normal, up, missed, 16)
		for d := r.date(missed) - 7; d <= r.date(missed)+1; d++ {
			if !slices.Contains(r.windows(d), missed) {
				continue
			}
			for x := up; x < up+3*refDay && (want < 0 || x < want); x += 60 {
				if r.inPiece(d, x) && !r.focus(x) {
					want = x
				}
			}
		}
		if at, ok := k.Resume(worktime.Instant(missed), worktime.Instant(up)); want >= 0 && or(at, ok) != want {
			t.Fatalf("%v: missed %v, up %v: %v, want %v", in, worktime.Instant(missed), worktime.Instant(up), at, worktime.Instant(want))
		}
	})
}

// TestReferenceBurden compares common free time and the points of slots.
func TestReferenceBurden(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := draws.Draw(t, "a")
		b := charters(rapid.SampledFrom(zoneNames).Draw(t, "zone"), worktime.Date(a.now/refDay)).Draw(t, "b")
		refs := []*ref{newRef(a.charter), newRef(b)}
		people := []worktime.Person{{ID: "a", Clock: compile(t, a.charter)}, {ID: "b", Clock: compile(t, b)}}
		from := a.now
		to := from + 60*rapid.Int64Range(1, 2000).Draw(t, "within")
		length := rapid.Int64Range(1, 120).Draw(t, "minutes")

		var common []int64
		cost := make([][2]int64, (to-from)/60) // per minute and person
		for i := range cost {
			x := from + int64(i)*60
			if refs[0].free(x) && refs[1].free(x) {
				common = append(common, x)
			}
			cost[i] = [2]int64{refs[0].weight(x), refs[1].weight(x)}
		}
		if got := worktime.Overlap(people, worktime.Instant(from), worktime.Instant(to)); !slices.Equal(minutesOf(got), common) {
			t.Fatalf("%v and %+v: overlap %v", a, b, got)
		}
		slot, best := int64(-1), []int64{-1, 0, 0, 0}
		ledger := worktime.Ledger{"a": rapid.Int64Range(0, 300).Draw(t, "carried")}
		for x := (from + 899) / 900 * 900; x+length*60 <= to; x += 900 {
			var points [2]int64
			refused, free := false, true
			for i, c := range cost[(x-from)/60 : (x-from)/60+length] {
				refused = refused || c[0] < 0 || c[1] < 0
				free = free && slices.Contains(common, x+int64(i)*60)
				points[0] += c[0]
				points[1] += c[1]
			}
			if free && slot < 0 {
				slot = x
			}
			if refused {
				continue
			}
			key := []int64{max(ledger["a"]+points[0], points[1]), points[0] + points[1]}
			if best[0] < 0 || slices.Compare(key, best[1:3]) < 0 {
				best = []int64{x, key[0], key[1], points[0]}
			}
		}
		if at, ok := worktime.Slot(people, worktime.Instant(from), worktime.Instant(to), int(length), nil); or(at, ok) != slot {
			t.Fatalf("%v and %+v: slot %v, want %v", a, b, at, worktime.Instant(slot))
		}
		turns, after := worktime.Rotate(people, []worktime.Interval{{From: worktime.Instant(from), To: worktime.Instant(to)}}, int(length), ledger)
		if got := turns[0]; or(got.Start, got.StartOK) != best[0] || got.StartOK && (got.Points["a"] != best[3] || after["a"] != ledger["a"]+best[3]) {
			t.Fatalf("%v and %+v: turn %+v, want %v", a, b, turns[0], best)
		}
	})
}
