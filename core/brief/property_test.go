package brief_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
)

// world is some days of one person: charters that change, things written to
// them, and times at which nothing runs.
type world struct {
	from, to worktime.Instant
	reigns   []layer.Reign
	written  []pending
	down     [][2]worktime.Instant
}

func (w world) String() string {
	s := fmt.Sprintf("from %s", w.from)
	for _, r := range w.reigns {
		s += fmt.Sprintf("; charter from %s", r.From)
	}
	for _, p := range w.written {
		s += fmt.Sprintf("; %s %s at %s", p.name, p.Class, p.From)
	}
	return s + fmt.Sprintf("; down %v", w.down)
}

// drawWorld draws days around changes of daylight saving time, on whole minutes.
var drawWorld = rapid.Custom(func(t *rapid.T) world {
	const day = 24 * 60
	zone := rapid.SampledFrom([]string{"Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kathmandu"}).Draw(t, "zone")
	start := rapid.SampledFrom([]time.Time{
		time.Date(2026, 3, 27, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 23, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 3, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
	}).Draw(t, "start")
	w := world{from: worktime.Of(start)}
	days := rapid.IntRange(1, 3).Draw(t, "days")
	minute := func(label string) worktime.Instant {
		return w.from + worktime.Instant(60*rapid.IntRange(1, days*day).Draw(t, label))
	}
	w.to = w.from + worktime.Instant(60*(days+5)*day) // everything ends in what follows
	clocks := rapid.Custom(func(t *rapid.T) *worktime.Clock {
		hours := []string{"mon-sun 09:00-17:00", "mon-sun 09:00-12:30, 13:30-17:30", "mon-fri 09:00-17:00", "mon-sun 22:00-06:00", "mon-sun 00:00-24:00"}
		windows := []string{"11:00 16:00", "09:00 17:00", "23:00 02:30", "10:15"}
		focus := []string{"", "", "mon-sun 13:00-15:30", "mon-sun 09:00-11:00; mon-sun 15:00-17:00", "mon-sun 00:00-24:00"}
		return clock(t, zone, rapid.SampledFrom(hours).Draw(t, "hours"), rapid.SampledFrom(windows).Draw(t, "windows"), rapid.SampledFrom(focus).Draw(t, "focus"))
	}).Filter(func(k *worktime.Clock) bool { // a charter without a window is not saved
		_, ok := k.Next(worktime.Normal, w.from, worktime.NotSealed)
		return ok
	})
	from := w.from - 3*day*60
	for range rapid.IntRange(1, 3).Draw(t, "charters") {
		w.reigns = append(w.reigns, layer.Reign{From: from, Clock: clocks.Draw(t, "charter")})
		from = max(from, minute("change")) + 60
	}
	for n := range rapid.IntRange(0, 6).Draw(t, "items") {
		class := rapid.SampledFrom([]worktime.Class{worktime.Normal, worktime.Urgent}).Draw(t, "class")
		w.written = append(w.written, pending{fmt.Sprintf("%c", 'a'+n), brief.Pending{Class: class, From: minute("written")}})
	}
	slices.SortStableFunc(w.written, func(a, b pending) int { return int(a.From - b.From) })
	return w
})

// live runs the world. step says when to look again after a look at now; it is
// what delivery does, which also looks when something is written or a charter changes.
func (w world) live(step func(now, next worktime.Instant, ok bool) worktime.Instant) *engine {
	e := &engine{sealed: w.from}
	written, reigns := w.written, w.reigns
	for now := w.from; now <= w.to; {
		for len(reigns) > 0 && reigns[0].From <= now {
			e.reigns, reigns = append(e.reigns, reigns[0]), reigns[1:]
		}
		for len(written) > 0 && written[0].From <= now {
			e.pending, written = append(e.pending, written[0]), written[1:]
		}
		next, ok := now+60, true
		if !w.isDown(now) {
			next, ok = e.look(now)
			if ok && next <= now {
				next = now + 1 // seen below as a look that led nowhere
			}
		}
		to := step(now, next, ok)
		for _, r := range reigns[:min(1, len(reigns))] {
			to = min(to, max(r.From, now+1))
		}
		for _, p := range written[:min(1, len(written))] {
			to = min(to, max(p.From, now+1))
		}
		now = to
	}
	return e
}

func (w world) isDown(at worktime.Instant) bool {
	return slices.ContainsFunc(w.down, func(d [2]worktime.Instant) bool { return d[0] <= at && at < d[1] })
}

// byNext sleeps as long as the look said.
func (w world) byNext(_, next worktime.Instant, ok bool) worktime.Instant {
	if !ok {
		return w.to + 1
	}
	return next
}

// byQuarter looks every quarter of an hour, at which all that is drawn begins
// and ends, in every zone.
func byQuarter(now, next worktime.Instant, ok bool) worktime.Instant {
	const quarter = 15 * 60
	tick := now - now%quarter + quarter
	if ok && next < tick { // the second after a sealed one
		return next
	}
	return tick
}

// state is what the person does at an instant, by the charter in force then.
func (w world) state(at worktime.Instant) worktime.State {
	var clock *worktime.Clock
	for _, r := range w.reigns {
		if r.From <= at {
			clock = r.Clock
		}
	}
	s, _, _ := clock.State(at)
	return s
}

// contract holds what must be true of everything that was sealed (R1.1, R1.2).
func (w world) contract(t *rapid.T, e *engine) {
	given := make(map[string]bool)
	seals := make(map[string]bool)
	for _, s := range e.log {
		key := string(s.seal.Kind) + s.seal.At.String()
		switch {
		case seals[key]:
			t.Fatalf("%s is sealed twice", s)
		case s.seal.At > s.now || s.seal.Delivered > s.now:
			t.Fatalf("%s is sealed at %s, before its time", s, s.now)
		case s.seal.Delivered < s.seal.At:
			t.Fatalf("%s is given before its window", s)
		case s.now-s.seal.At > brief.Grace && w.state(s.now) != worktime.On:
			t.Fatalf("%s reaches somebody who is %s at %s", s, w.state(s.now), s.now)
		case s.seal.Kind == brief.Urgent && len(s.taken) == 0:
			t.Fatalf("%s is empty", s)
		}
		seals[key] = true
		for _, name := range s.taken {
			i := slices.IndexFunc(w.written, func(p pending) bool { return p.name == name })
			p := w.written[i]
			switch {
			case given[name]:
				t.Fatalf("%s is given twice", name)
			case p.From > s.seal.At:
				t.Fatalf("%s is given with %s, before it was written", name, s)
			case s.seal.Kind == brief.Urgent && p.Class != worktime.Urgent:
				t.Fatalf("%s is not urgent and given with %s", name, s)
			}
			given[name] = true
		}
	}
}

// TestLive: whether delivery sleeps until it is told or looks all the time, the
// same is sealed at the same moments, each thing at the very instant that was
// planned for it under the charters that were in force.
func TestLive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld.Draw(t, "world")
		e := w.live(w.byNext)
		w.contract(t, e)
		if diff := cmp.Diff(w.live(byQuarter).log, e.log, cmp.AllowUnexported(sealed{})); diff != "" {
			t.Fatalf("looking all the time (-) and when told (+) differ:\n%s", diff)
		}
		for _, p := range w.written {
			plan := layer.Reach(p.Class, layer.Reader{Reigns: w.reigns}, p.From)
			i := slices.IndexFunc(e.log, func(s sealed) bool { return slices.Contains(s.taken, p.name) })
			switch {
			case i < 0 && plan.OK && plan.At <= w.to:
				t.Fatalf("%s is planned for %s and never given", p.name, plan.At)
			case i < 0:
			case e.log[i].seal.Delivered < plan.At || e.log[i].seal.Delivered > plan.At+3: // urgent seals differ by a second
				t.Fatalf("%s is planned for %s and given with %s", p.name, plan.At, e.log[i])
			}
		}
	})
}

// TestOutages: whatever happens to the process, nothing is lost, nothing comes
// twice, and what is late comes in hours and outside focus.
func TestOutages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld.Draw(t, "world")
		const minutes = 4 * 24 * 60
		for range rapid.IntRange(1, 4).Draw(t, "outages") {
			from := w.from + worktime.Instant(60*rapid.IntRange(0, minutes).Draw(t, "down from"))
			w.down = append(w.down, [2]worktime.Instant{from, from + worktime.Instant(60*rapid.IntRange(1, 2*24*60).Draw(t, "down for"))})
		}
		e := w.live(w.byNext)
		w.contract(t, e)
		for _, p := range w.written {
			plan := layer.Reach(p.Class, layer.Reader{Reigns: w.reigns}, p.From)
			given := slices.ContainsFunc(e.log, func(s sealed) bool { return slices.Contains(s.taken, p.name) })
			end := w.to - 2*24*60*60 // room to be late in
			if plan.OK && plan.At < end && !given && !w.isDown(w.to) {
				t.Fatalf("%s, planned for %s, is lost", p.name, plan.At)
			}
		}
	})
}
