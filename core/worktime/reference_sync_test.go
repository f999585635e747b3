package worktime_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/worktime"
)

// tick divides all lengths of worktime 10: 1395 s are 93 of them.
const tick = 15

// refSync counts the ticks of a week (worktime 10), without the figures that
// follow from others.
func (r *ref) refSync(date int64, events []worktime.Event, pings []int64) (s worktime.Sync) {
	for refWeekday(date) != int(r.c.WeekStart.Weekday()) {
		date--
	}
	from, to := r.start(date), r.start(date+7)
	meeting := func(t int64) bool {
		return slices.ContainsFunc(events, func(e worktime.Event) bool { return int64(e.Start) <= t && t < int64(e.End) })
	}
	office := func(t int64) bool {
		return slices.ContainsFunc(near(t), func(d int64) bool {
			a, b := r.rules(d)
			return a <= t && t < b && r.working(d) && r.at(r.zone(d), d*refDay+9*refHour) <= t && t < r.at(r.zone(d), d*refDay+18*refHour)
		})
	}
	recovers := func(t int64) bool {
		recent := func(x int64) bool { return x <= t && t < x+1395 && !meeting(x) }
		return slices.ContainsFunc(pings, recent) ||
			slices.ContainsFunc(events, func(e worktime.Event) bool { return recent(int64(e.End)) })
	}

	lastPing, blockCounts := int64(-1<<60), false
	var w, core bool
	for t := from; t < to; t += tick {
		m := meeting(t)
		if t%60 == 0 || t == from {
			w = r.work(t / 60 * 60)
			core = w || office(t/60*60)
		}
		count := func(when bool, into *int64) {
			if when {
				*into += tick
			}
		}
		count(m, &s.SyncSeconds)
		count(w, &s.WorkSeconds)
		count(m && !w, &s.OutsideSeconds)
		count(m && !core, &s.EarlyLateSeconds)
		count(w && !m && recovers(t), &s.RecoverySeconds)
		if m && (t == from || !meeting(t-tick)) {
			s.Blocks++
			blockCounts = false
		}
		if m && w && !blockCounts {
			s.Interruptions++
			blockCounts = true
		}
		for _, p := range pings {
			if p != t {
				continue
			}
			if !core {
				s.EarlyLatePings++
			}
			if w && !m {
				if p-lastPing > 120 {
					s.Interruptions++
				}
				lastPing = p
			}
		}
	}
	for _, e := range events {
		if int64(e.Start) < to && int64(e.End) > from {
			s.Meetings++
		}
	}
	for d := date; d < date+7; d++ {
		if !r.working(d) {
			continue
		}
		s.Workdays++
		gap := int64(0)
		for t := refFirst(d); t <= refFirst(d)+8*refDay; t += tick {
			if r.inPiece(d, t/60*60) && !meeting(t) {
				gap += tick
				continue
			}
			s.LongestSeconds = max(s.LongestSeconds, gap)
			switch {
			case gap >= 3*refHour:
				s.DeepBlocks++
				fallthrough
			case gap >= 2*refHour:
				s.FocusBlocks++
				s.FocusSeconds += gap
			case gap > 0:
				s.Fragments++
				s.FragmentSeconds += gap
			}
			gap = 0
		}
	}
	return s
}

func TestReferenceSync(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draws.Draw(t, "in")
		k, r := compile(t, in.charter), newRef(in.charter)
		when := func(label string) int64 {
			return in.now + tick*rapid.Int64Range(-4*refDay/tick, 4*refDay/tick).Draw(t, label)
		}
		var events []worktime.Event
		for range rapid.IntRange(0, 15).Draw(t, "meetings") {
			start := when("start")
			end := start + tick*rapid.Int64Range(1, 4*refHour/tick).Draw(t, "length")
			events = append(events, worktime.Event{
				Start: worktime.Instant(start), End: worktime.Instant(end), People: 2, Busy: true, Status: "confirmed", Me: "accepted", Kind: "meeting",
			})
		}
		var pings []int64
		var given []worktime.Instant
		for range rapid.IntRange(0, 10).Draw(t, "pings") {
			p := when("ping")
			if len(pings) > 0 && rapid.Bool().Draw(t, "soon") {
				p = pings[len(pings)-1] + tick*rapid.Int64Range(0, 9).Draw(t, "soon after")
			}
			pings = append(pings, p)
			given = append(given, worktime.Instant(p))
		}
		got, want := k.Sync(worktime.Date(r.date(in.now)), events, given, worktime.Recovery), r.refSync(r.date(in.now), events, pings)
		want.Tier, want.EverySeconds, want.Of275Percent = got.Tier, got.EverySeconds, got.Of275Percent
		if got != want {
			t.Fatalf("%v, %v, pings %v:\n%+v, want\n%+v", in, events, given, got, want)
		}
	})
}

// TestReferenceSendBy compares pre-reads, and the readings they are made of.
func TestReferenceSendBy(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draws.Draw(t, "in")
		k, r := compile(t, in.charter), newRef(in.charter)
		people := []worktime.Person{{ID: "a", Clock: k}}
		lead := rapid.SampledFrom([]int64{24, 48}).Draw(t, "lead")
		var all []int64
		for d := r.date(in.now) + 1; d > r.date(in.now)-12; d-- {
			all = append(all, r.windows(d)...)
		}
		slices.Sort(all)
		want := int64(-1)
		for _, w := range slices.Backward(all) {
			if due := r.dueDay(w, lead, nil); due >= 0 && due <= in.now {
				want = w
				break
			}
		}
		if at, ok := worktime.SendBy(people, worktime.Instant(in.now), int(lead)); want >= 0 && or(at, ok) != want {
			t.Fatalf("%v: send by %v, want %v", in, at, worktime.Instant(want))
		}
		opened := r.next(worktime.Normal, in.now, 0, 10)
		if opened < 0 {
			return
		}
		f := worktime.Fair(people, worktime.Instant(in.now), 48)
		if want := r.dueDay(opened, 48, nil); want >= 0 && or(f.Close, f.CloseOK) != want {
			t.Fatalf("%v: close %+v, want %v", in, f, worktime.Instant(want))
		}
	})
}
