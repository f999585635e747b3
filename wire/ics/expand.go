package ics

import (
	"iter"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Instance is one time at which an event takes place.
type Instance struct {
	Event  *Event // what describes it: the series, or what replaces this instance of it
	Series *Event // what repeats, the event itself if it does not; nil if it is not there
	Start  worktime.Instant
	End    worktime.Instant
	Whole  bool // of whole days, from midnight to midnight in the reader's zone
	// Cancelled says that it does not take place. Excluded is set as well where the
	// series leaves it out (EXDATE) and nothing else is known of it.
	Cancelled, Excluded bool
}

// The bounds of an expansion, in times looked at: of one event, so that one that
// repeats without measure takes nothing from the others, and of all together.
const (
	eventSteps = 500_000
	allSteps   = 5_000_000
	stepsEach  = 3_000
)

// Instances are those that start in [from, to) or are not over at from, of each
// event in its order. What floats, and whole days, are read in a zone. Events of
// one UID that replace instances of another stand in their places (RFC 5545,
// 3.8.4.4); what stands there twice counts once. Rules that repeat without
// measure are cut off and become faults.
func (s *Set) Instances(from, to worktime.Instant, floating *worktime.Zone) iter.Seq[Instance] {
	return func(yield func(Instance) bool) {
		groups := s.groups(floating)
		left := allSteps
		for _, g := range groups {
			left += stepsEach * len(g.masters)
		}
		for _, g := range groups {
			for _, m := range g.masters {
				x := expanding{g: g, e: m, from: from, to: to, floating: floating, yield: yield}
				steps := min(left, eventSteps)
				over := x.series(steps)
				if x.stopped {
					return
				}
				if left -= steps - max(over, 0); over < 0 && !m.told {
					m.told = true
					s.Faulty++
					s.Faults = append(s.Faults, FileFault{m.calendar.file, Fault{Line: m.Line, Code: Unmeasured, Text: clean(m.Summary)}})
				}
			}
			for _, o := range g.overrides {
				if !g.single(o, from, to, floating, yield) {
					return
				}
			}
		}
	}
}

// group is all events of one UID.
type group struct {
	masters   []*Event
	overrides []*Event
	at        map[worktime.Instant]bool // instances that are replaced
	on        map[int]bool              // dates on which they are
	futures   []*Event                  // overrides that hold for what follows, in their order
}

type version struct {
	uid   string
	start worktime.Instant
	whole bool
	over  bool
}

// groups puts the events of all objects together, each once.
func (s *Set) groups(floating *worktime.Zone) []*group {
	var out []*group
	byUID := make(map[string]*group)
	newest := make(map[version]*Event)
	key := func(e *Event) version {
		t := e.Start
		if e.Override {
			t = e.Replaces
		}
		return version{e.UID, t.At(floating), t.Whole, e.Override}
	}
	for _, o := range s.Objects {
		for _, e := range o.Events {
			if e.UID != "" {
				if k := key(e); newest[k] == nil || !newest[k].newer(e) {
					newest[k] = e
				}
			}
		}
	}
	for _, o := range s.Objects {
		for _, e := range o.Events {
			if e.UID == "" {
				out = append(out, &group{masters: []*Event{e}})
				continue
			}
			if newest[key(e)] != e {
				continue
			}
			g := byUID[e.UID]
			if g == nil {
				g = &group{}
				byUID[e.UID] = g
				out = append(out, g)
			}
			if e.Override {
				g.overrides = append(g.overrides, e)
			} else {
				g.masters = append(g.masters, e)
			}
		}
	}
	for _, g := range out {
		g.ready(floating)
	}
	return out
}

// newer reports whether e is a later version than another one of the same.
func (e *Event) newer(than *Event) bool {
	if e.Sequence != than.Sequence {
		return e.Sequence > than.Sequence
	}
	if e.Stamp != than.Stamp {
		return e.Stamp > than.Stamp
	}
	return e.Modified > than.Modified
}

func (g *group) ready(floating *worktime.Zone) {
	if len(g.overrides) == 0 {
		return
	}
	g.at, g.on = make(map[worktime.Instant]bool), make(map[int]bool)
	whole := slices.ContainsFunc(g.masters, func(m *Event) bool { return m.Start.Whole })
	for _, o := range g.overrides {
		if o.Replaces.Whole || whole {
			g.on[dayOf(o.Replaces.Local)] = true
		}
		if !o.Replaces.Whole {
			g.at[o.Replaces.At(floating)] = true
		}
		if o.AndFuture {
			g.futures = append(g.futures, o)
		}
	}
	slices.SortStableFunc(g.futures, func(a, b *Event) int { return int(a.Replaces.At(floating) - b.Replaces.At(floating)) })
}

// single yields an event that stands for itself, and reports whether to go on.
func (g *group) single(e *Event, from, to worktime.Instant, floating *worktime.Zone, yield func(Instance) bool) bool {
	i := Instance{Event: e, Start: e.Start.At(floating), Whole: e.Start.Whole, Cancelled: e.cancelled()}
	i.End = e.endOf(e.Start.Local, i.Start, floating)
	if len(g.masters) > 0 {
		i.Series = g.masters[0]
	}
	return !i.reaches(from, to) || yield(i)
}

func (i Instance) reaches(from, to worktime.Instant) bool {
	return i.Start < to && (i.Start >= from || i.End > from)
}

func (e *Event) cancelled() bool { return e.Status == "CANCELLED" || e.Method == "CANCEL" }

// endOf is the end of the instance that starts at a local time, which is an
// instant.
func (e *Event) endOf(l worktime.Local, start worktime.Instant, floating *worktime.Zone) worktime.Instant {
	switch {
	case e.Start.Whole:
		return floating.AtRFC5545(l + worktime.Local(e.wholeLength())*day)
	case e.byEnd:
		return start + (e.End.At(floating) - e.Start.At(floating))
	case e.Days != 0:
		return e.zone(floating).AtRFC5545(l+worktime.Local(e.Days)*day) + worktime.Instant(e.Length)
	}
	return start + worktime.Instant(e.Length)
}

// wholeLength is how many days an event of whole days takes, at least one.
func (e *Event) wholeLength() int {
	if e.byEnd {
		return max(1, int(int64(e.End.Local-e.Start.Local)/day))
	}
	return max(1, e.Days)
}

func (e *Event) zone(floating *worktime.Zone) *worktime.Zone {
	if e.Start.Zone == nil || e.Start.Whole {
		return floating
	}
	return e.Start.Zone
}

// expanding is one series on its way.
type expanding struct {
	g        *group
	e        *Event
	from, to worktime.Instant
	floating *worktime.Zone
	zone     *worktime.Zone
	fixed    worktime.Instant // how long each instance is, where all are the same
	same     bool
	cut      cutOut
	yield    func(Instance) bool
	stopped  bool
}

// cutOut is what a series leaves out.
type cutOut struct {
	at []worktime.Instant
	on []int
}

// series yields the instances of a series that nothing replaces. It returns how
// many steps are left, below zero when they did not last.
func (x *expanding) series(steps int) int {
	e := x.e
	x.zone = e.zone(x.floating)
	if !e.Start.Whole && (e.byEnd || e.Days == 0) {
		start := e.Start.At(x.floating)
		x.fixed, x.same = e.endOf(e.Start.Local, start, x.floating)-start, true
	}
	if len(e.Rules) == 0 && len(e.RDates) == 0 {
		if len(x.g.overrides) > 0 || len(e.ExDates) > 0 {
			x.excluded()
			x.take(e.Start.Local)
		} else if !x.g.single(e, x.from, x.to, x.floating, x.yield) {
			x.stopped = true
		}
		return steps
	}
	x.excluded()
	// A series is looked through for longer than it is asked: an instance may have
	// begun before, a zone be a day away, what follows be moved.
	reach := worktime.Local(e.longest(x.floating)+2*day) + x.shift()
	lower, upper := worktime.Local(x.from)-reach, worktime.Local(x.to)+2*day+x.shift()
	if len(e.Rules) == 1 && len(e.RDates) == 0 {
		return e.Rules[0].each(e.Start.Local, lower, upper, x.until(e.Rules[0]), steps, x.take)
	}
	seen := make(map[worktime.Local]bool)
	once := func(l worktime.Local) bool {
		if seen[l] {
			return true
		}
		seen[l] = true
		return x.take(l)
	}
	once(e.Start.Local)
	for _, r := range e.Rules {
		if steps = r.each(e.Start.Local, lower, upper, x.until(r), steps, once); steps < 0 || x.stopped {
			return steps
		}
	}
	for _, v := range e.RDates {
		if x.stopped {
			break
		}
		steps--
		x.repeated(v, once)
	}
	return steps
}

// repeated takes what a RDATE adds.
func (x *expanding) repeated(v Period, once func(worktime.Local) bool) {
	l := v.Start.Local
	if v.Start.Zone != x.e.Start.Zone && !x.e.Start.Whole && !v.Start.Whole { // as the series' own clock shows it
		l = localAt(v.Start.At(x.floating), x.zone)
	}
	if v.Start.Whole && !x.e.Start.Whole { // a date: at the series' time of day
		l += x.e.Start.Local - worktime.Local(dayOf(x.e.Start.Local))*day
	}
	if !v.Own {
		once(l)
		return
	}
	i := Instance{Event: x.e, Series: x.e, Start: v.Start.At(x.floating), Cancelled: x.e.cancelled()}
	i.End = i.Start + worktime.Instant(v.Length)
	if v.Length == 0 {
		i.End = max(i.Start, v.End.At(x.floating))
	}
	x.hand(i, l)
}

func localAt(t worktime.Instant, z *worktime.Zone) worktime.Local {
	at := time.Unix(int64(t), 0).In(z.Location())
	_, offset := at.Zone()
	return worktime.Local(int64(t) + int64(offset))
}

// until is the last local time that a rule allows.
func (x *expanding) until(r *Rule) worktime.Local {
	const never = worktime.Local(1) << 60
	switch {
	case !r.ends:
		return never
	case r.until.Whole:
		return r.until.Local + day - 1
	case r.until.place == inUTC && !x.e.Start.Whole:
		return localAt(worktime.Instant(r.until.Local), x.zone)
	}
	return r.until.Local
}

// longest is how long an instance is at most, in seconds.
func (e *Event) longest(floating *worktime.Zone) int64 {
	out := e.Length + int64(e.Days)*day
	switch {
	case e.Start.Whole:
		out = int64(e.wholeLength()) * day
	case e.byEnd:
		out = int64(e.End.At(floating) - e.Start.At(floating))
	}
	for _, v := range e.RDates {
		out = max(out, v.Length, int64(v.End.Local-v.Start.Local))
	}
	return max(0, out)
}

// shift is how far what follows an override may be moved.
func (x *expanding) shift() worktime.Local {
	most := worktime.Local(0)
	for _, f := range x.g.futures {
		by := f.Start.Local - f.Replaces.Local
		most = max(most, by, -by)
	}
	if most == 0 {
		return 0
	}
	return most + 2*day
}

func (x *expanding) excluded() {
	for _, t := range x.e.ExDates {
		if t.Whole || x.e.Start.Whole {
			x.cut.on = append(x.cut.on, dayOf(t.Local))
		} else {
			x.cut.at = append(x.cut.at, t.At(x.floating))
		}
	}
	slices.Sort(x.cut.at)
	slices.Sort(x.cut.on)
}

// take hands on the instance of a local time; false ends the series.
func (x *expanding) take(l worktime.Local) bool {
	start := x.zone.AtRFC5545(l)
	end := start + x.fixed
	if !x.same {
		end = x.e.endOf(l, start, x.floating)
	}
	return x.hand(Instance{Event: x.e, Series: x.e, Start: start, End: end, Whole: x.e.Start.Whole, Cancelled: x.e.cancelled()}, l)
}

func (x *expanding) hand(i Instance, l worktime.Local) bool {
	if x.g.at != nil && (x.g.at[i.Start] && !i.Whole || x.g.on[dayOf(l)]) {
		return true // something stands in its place
	}
	if found(x.cut.at, i.Start) || found(x.cut.on, dayOf(l)) {
		i.Cancelled, i.Excluded = true, true
	}
	if len(x.g.futures) > 0 {
		x.moved(&i, l)
	}
	if !i.reaches(x.from, x.to) {
		return true
	}
	if !x.yield(i) {
		x.stopped = true
		return false
	}
	return true
}

func found[T ~int | ~int64](sorted []T, v T) bool {
	if len(sorted) == 0 {
		return false
	}
	_, ok := slices.BinarySearch(sorted, v)
	return ok
}

// moved is an instance as the last override before it says that what follows is
// to be (RANGE=THISANDFUTURE).
func (x *expanding) moved(i *Instance, l worktime.Local) {
	var last *Event
	for _, f := range x.g.futures {
		if f.Replaces.At(x.floating) < i.Start {
			last = f
		}
	}
	if last == nil {
		return
	}
	begins := last.Start.At(x.floating)
	l += localAt(begins, x.zone) - localAt(last.Replaces.At(x.floating), x.zone) // as the series' clock shows it
	i.Event, i.Start = last, x.zone.AtRFC5545(l)
	i.End = i.Start + last.endOf(last.Start.Local, begins, x.floating) - begins
	i.Cancelled = i.Cancelled || last.cancelled()
}
