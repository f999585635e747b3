// Package brief decides when a person's brief is made, what belongs in it, and
// in which order it is read (R12.1, R12.2).
//
// What does not live here: reading and sealing (package delivery), rights
// (core/access, asked by whoever gathers the lines), and sentences.
package brief

import (
	"slices"

	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
)

// Grace is how late, in seconds, a brief may be sealed and still count as
// given at its window (worktime 5.5).
const Grace = 300

// Kind is what made a brief.
type Kind string

// The kinds of brief.
const (
	Window Kind = "window" // a batch window
	Urgent Kind = "urgent" // an urgent ask between windows
)

// Pending is a directed item on its way to the person.
type Pending struct {
	Class worktime.Class
	From  worktime.Instant // written, or changed, at
}

// Seal is a brief that is due: At is the instant that its seal is unique on,
// Delivered when its items count as given.
type Seal struct {
	Kind      Kind
	At        worktime.Instant
	Delivered worktime.Instant
	// Daily and Weekly say that At is the first window of a working day, of a
	// week, or stands for such a one that was missed.
	Daily  bool
	Weekly bool
	// Take holds the indexes of the pending items that belong in it.
	Take []int
}

// Decision is what a look at one person at one moment came to.
type Decision struct {
	Seal *Seal
	// Next is when to look again; not set when Seal is, for then the look is repeated.
	Next   worktime.Instant
	NextOK bool
}

// Look decides at now, whole seconds reached, whether a brief is due for a
// person. A window that was missed by more than Grace is served at the first
// free instant left of its own workday, else by the next window, one brief for
// all that were missed (worktime 5.8). Windows of a charter count only while
// it was in force, so a change never makes up for the past (worktime 5.7).
//
// urgentSealed is the instant of the last urgent brief: seals of one kind and
// person stand at different seconds.
func Look(r layer.Reader, urgentSealed worktime.Instant, pending []Pending, now worktime.Instant) Decision {
	clock := r.Clock()
	var next []worktime.Instant

	if w, ok := lastWindow(r, now); ok {
		switch at, resumes := clock.Resume(w, now); {
		case now-w <= Grace:
			return Decision{Seal: windowSeal(r, pending, w, w)}
		case resumes && at <= now:
			return Decision{Seal: windowSeal(r, pending, w, now)}
		case resumes:
			next = append(next, at)
		}
	}
	if s, again, ok := urgentSeal(r, urgentSealed, pending, now); s != nil {
		return Decision{Seal: s}
	} else if ok {
		next = append(next, again)
	}
	if w, ok := nextWindow(r, now); ok {
		next = append(next, w)
	}
	if len(next) == 0 {
		return Decision{}
	}
	return Decision{Next: slices.Min(next), NextOK: true}
}

// lastWindow is the newest window after the last sealed one, up to now, each
// under the charter that was in force at it.
func lastWindow(r layer.Reader, now worktime.Instant) (worktime.Instant, bool) {
	for i := len(r.Reigns) - 1; i >= 0; i-- {
		from, to := r.Reigns[i].From, now
		if i+1 < len(r.Reigns) {
			to = min(to, r.Reigns[i+1].From) // a window at the change itself was still the old charter's
		}
		from = max(from, r.Sealed+1)
		if w, ok := newest(r.Reigns[i].Clock, from, to); ok {
			return w, true
		}
	}
	return 0, false
}

// nextWindow is the first window after now. A charter that changed within the
// second is in force from the next one: a window at that very second is still
// the old one's.
func nextWindow(r layer.Reader, now worktime.Instant) (worktime.Instant, bool) {
	if n := len(r.Reigns); n > 1 && r.Reigns[n-1].From > now {
		if w, ok := r.Reigns[n-2].Clock.Next(worktime.Normal, now+1, worktime.NotSealed); ok && w <= r.Reigns[n-1].From {
			return w, true
		}
	}
	return r.Clock().Next(worktime.Normal, now+1, worktime.NotSealed)
}

// reach is how far back a window is looked for: the horizon of worktime 4.
const (
	day   = 24 * 60 * 60
	reach = 400 * day
)

// newest finds the last window in [from, to], looking back in growing steps,
// because after a short time it is nearly always in the last days.
func newest(c *worktime.Clock, from, to worktime.Instant) (worktime.Instant, bool) {
	from = max(from, to-reach)
	for step, end := worktime.Instant(3*day), to+1; end > from; step *= 4 {
		start := max(from, end-step)
		if ws := c.Windows(start, end); len(ws) > 0 {
			return ws[len(ws)-1], true
		}
		end = start
	}
	return 0, false
}

func windowSeal(r layer.Reader, pending []Pending, w, delivered worktime.Instant) *Seal {
	s := &Seal{Kind: Window, At: w, Delivered: delivered}
	for i, p := range pending {
		if plan := layer.Reach(p.Class, unsealed(r), p.From); plan.OK && plan.At <= w {
			s.Take = append(s.Take, i)
		}
	}
	s.Daily = passed(worktime.Daily, r, w)
	s.Weekly = passed(worktime.Weekly, r, w)
	return s
}

// passed reports whether a window of a class came after the last sealed one and
// up to w, each under the charter that was in force at it: a brief carries what
// the windows that it is merged from would have, and a change of charter makes
// up for none (worktime 5.7).
func passed(class worktime.Class, r layer.Reader, w worktime.Instant) bool {
	for i, reign := range r.Reigns {
		from, to := max(reign.From, r.Sealed+1, w-reach), w
		if i+1 < len(r.Reigns) {
			to = min(to, r.Reigns[i+1].From)
		}
		if from > to {
			continue
		}
		if at, ok := reign.Clock.Next(class, from, worktime.NotSealed); ok && at <= to {
			return true
		}
	}
	return false
}

// urgentSeal returns the brief for urgent items that may come now, or else
// when the first of them may.
func urgentSeal(r layer.Reader, sealed worktime.Instant, pending []Pending, now worktime.Instant) (s *Seal, next worktime.Instant, waits bool) {
	state, _, _ := r.Clock().State(now)
	var due Seal
	for i, p := range pending {
		if p.Class != worktime.Urgent {
			continue
		}
		plan := layer.Reach(p.Class, unsealed(r), p.From)
		switch {
		case plan.OK && plan.At <= now && (now-plan.At <= Grace || state == worktime.On):
			due.At = max(due.At, plan.At)
			due.Take = append(due.Take, i)
		case plan.OK && plan.At <= now:
			// Missed while off or in focus: the next instant that is allowed.
			if at, ok := r.Clock().Next(worktime.Urgent, now, r.Sealed); ok && (!waits || at < next) {
				next, waits = at, true
			}
		case plan.OK && (!waits || plan.At < next):
			next, waits = plan.At, true
		}
	}
	if len(due.Take) == 0 {
		return nil, next, waits
	}
	if due.At <= sealed {
		if due.At = sealed + 1; due.At > now {
			return nil, due.At, true
		}
	}
	due.Kind, due.Delivered = Urgent, due.At
	if now-due.At > Grace {
		due.Delivered = now
	}
	return &due, 0, false
}

// unsealed plans from an item's own time alone: that it was not in a sealed
// brief is known, because it is still pending.
func unsealed(r layer.Reader) layer.Reader {
	r.Sealed = worktime.NotSealed
	return r
}
