// Package layer routes each piece of work to one of the four layers (R4) and
// says when it may reach a person: Reach before it is written, and the same
// again when it comes due (R12.1), so that the preview cannot lie.
//
// What does not live here: hours and windows themselves (core/worktime), and
// the sentences that explain a plan (package words).
package layer

import "github.com/rubato-hq/rubato/core/worktime"

// Layer is what the writer chose (R12.8).
type Layer string

// The four layers, from the most default to the most exceptional.
const (
	Default      Layer = "default"
	Coordination Layer = "coordination"
	Synchronous  Layer = "synchronous"
	Crisis       Layer = "crisis"
)

// Reign is a charter's clock with the moment from which it is in force.
type Reign struct {
	From  worktime.Instant
	Clock *worktime.Clock
}

// Reader is what a plan needs of one person: the clocks that were in force,
// oldest first and at least one, and the last window whose brief is sealed.
type Reader struct {
	Reigns []Reign
	Sealed worktime.Instant
}

// Clock is the clock in force now, the newest.
func (r Reader) Clock() *worktime.Clock { return r.Reigns[len(r.Reigns)-1].Clock }

// WhyCode says why an instant was chosen.
type WhyCode string

// The reasons, with the instants that Why carries.
const (
	WhyNow        WhyCode = "now"         // a crisis: at once
	WhyFree       WhyCode = "free"        // urgent, and the person is in hours and out of focus
	WhyAfterFocus WhyCode = "after-focus" // urgent, held until a focus block ends
	WhyStart      WhyCode = "start"       // urgent, held until work begins again
	WhyWindow     WhyCode = "window"      // the next batch window
	WhyDaily      WhyCode = "daily"       // the first window of a working day
	WhyWeekly     WhyCode = "weekly"      // the first window of a week
	WhyMuted      WhyCode = "muted"       // only when looked for
	WhyNever      WhyCode = "never"       // no window within the horizon of 400 days
)

// Why explains a plan: the code, what the person was doing at the asking, and
// how many days they are away (worktime 5.6).
type Why struct {
	Code  WhyCode
	State worktime.State
	Away  int
}

// Plan is when something may reach a person, when an answer is due, and why.
// All instants are UTC seconds; OK and DueOK are false where there is none.
type Plan struct {
	At    worktime.Instant
	OK    bool
	Due   worktime.Instant
	DueOK bool
	Tight bool
	Why   Why
}

// Reach plans one thing of a class for a person: written at from, it may reach
// them at Plan.At. The clocks that were in force are followed in turn: what a
// plan put at or before a change of charter counts as delivered under the old
// one, everything else is planned anew from the change (worktime 5.7).
func Reach(class worktime.Class, r Reader, from worktime.Instant) Plan {
	t := from
	for i, reign := range r.Reigns {
		last := i == len(r.Reigns)-1
		if !last && r.Reigns[i+1].From <= t {
			continue
		}
		at, ok := reign.Clock.Next(class, t, r.Sealed)
		if last {
			return planned(class, reign.Clock, t, at, ok)
		}
		if ok && at <= r.Reigns[i+1].From {
			return planned(class, reign.Clock, t, at, ok)
		}
		t = max(t, r.Reigns[i+1].From)
	}
	return Plan{Why: Why{Code: WhyNever}}
}

// ReachDue is Reach with the due time of an answer under term, counted from
// the planned delivery in the person's own clock (R9.2).
func ReachDue(class worktime.Class, r Reader, from worktime.Instant, term worktime.Term) Plan {
	p := Reach(class, r, from)
	if !p.OK {
		return p
	}
	due := r.Clock().Due(p.At, term, nil)
	p.Due, p.DueOK, p.Tight = due.At, due.OK, due.Tight
	return p
}

func planned(class worktime.Class, c *worktime.Clock, from, at worktime.Instant, ok bool) Plan {
	state, _, _ := c.State(from)
	why := Why{State: state}
	switch class {
	case worktime.Crisis:
		why.Code = WhyNow
	case worktime.Muted:
		why.Code = WhyMuted
		return Plan{Why: why}
	default:
	}
	if !ok {
		why.Code = WhyNever
		return Plan{Why: why}
	}
	if class != worktime.Crisis {
		why.Away = c.AwayDays(from, at)
	}
	switch class {
	case worktime.Urgent:
		why.Code = urgentWhy(c, state, from, at)
	case worktime.Normal:
		why.Code = WhyWindow
	case worktime.Daily:
		why.Code = WhyDaily
	case worktime.Weekly:
		why.Code = WhyWeekly
	default: // crisis and muted are settled above
	}
	return Plan{At: at, OK: true, Why: why}
}

func urgentWhy(c *worktime.Clock, state worktime.State, from, at worktime.Instant) WhyCode {
	if s, _, _ := c.State(at); s != worktime.On {
		return WhyWindow // a day that is all focus: the window at its end
	}
	switch {
	case at == from:
		return WhyFree
	case state == worktime.Focus:
		return WhyAfterFocus
	default:
		return WhyStart
	}
}
