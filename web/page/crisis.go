package page

import "time"

// Crises is the room of the crisis layer: what runs, the form to raise one,
// and what ended.
type Crises struct {
	Frame   Frame
	Running []CrisisHead
	Ended   []CrisisHead
	// What, Stake, Team and Needed are what was typed; Where are the teams whose
	// followers may read of it, "" is the whole organisation.
	What, Stake, Team string
	Teams             []Team
	Org               string
	// Needed are further people as typed; Likely are those offered with a tick.
	Needed string
	Likely []Callable
	Sure   bool
	People []Person
	// MayNot is true when the right to raise one is under review (R11.3).
	MayNot   bool
	Problems Problems
}

// Callable is somebody who could be needed.
type Callable struct {
	Person Person
	// Next is their next window, zero for none in sight. Off and Focus say
	// where their charter puts them at this moment.
	Next       time.Time
	Off, Focus bool
	Chosen     bool
}

// CrisisHead is one crisis in a list.
type CrisisHead struct {
	Head Head
	// Ended is zero while it runs; Answered is when the first of those needed
	// had it, zero for nobody.
	Ended, Answered time.Time
	// Called is how many were interrupted.
	Called int
	// Mine is true while the reader is needed and has not answered.
	Mine bool
}

// Crisis is the page of one crisis.
type Crisis struct {
	Frame Frame
	Head  Head
	// Stake is what is at stake.
	Stake string
	// Ended, EndedBy and Outcome are set once it is over.
	Ended   time.Time
	EndedBy Person
	Outcome string
	// Called are those who were interrupted; Mine is the reader's own row, nil
	// if they were not. Others counts those who read of it in their windows.
	Called []Called
	Mine   *Called
	Others int
	// Log is the timeline, oldest first.
	Log []CrisisNote
	// Desk holds the files that hang on an unsent note.
	Desk Desk
	// CanSettle allows notes, calls and the end.
	CanSettle bool
	Act       string
	Typed     map[string]string
	Problems  Problems
	People    []Person
}

// Called is one person who is needed.
type Called struct {
	Person Person
	// HasIt and Cannot are when they said so; Round counts the calls, Next is
	// the next one, zero for none.
	HasIt, Cannot time.Time
	Round         int
	Next          time.Time
}

// CrisisNote is one line of the timeline. Code is a member of the family
// "crisis.log": "raised", "has-it", "cannot", "note", "called", "ended".
type CrisisNote struct {
	At   time.Time
	By   Person
	Code string
	Text string
	// Who was called, for "called".
	Who Person
	// Files hang on a note.
	Files []File
}

// chosen are the people that the form would interrupt.
func (p Crises) chosen() []Callable {
	var out []Callable
	for _, c := range p.Likely {
		if c.Chosen {
			out = append(out, c)
		}
	}
	return out
}

// state says where somebody is and what a call would break into.
func (c Callable) state(f Frame) string {
	clock := f.W.Clock(f.Now, c.Person.Loc)
	switch {
	case c.Off:
		return f.W.T("crisis.callable_off", "place", c.Person.Place, "clock", clock)
	case c.Focus:
		return f.W.T("crisis.callable_focus", "place", c.Person.Place, "clock", clock)
	}
	return f.W.T("crisis.callable_on", "place", c.Person.Place, "clock", clock)
}

// waits says when they would read of it otherwise.
func (p Crises) waits() string {
	f := p.Frame
	var said []string
	for _, c := range p.chosen() {
		if !c.Next.IsZero() {
			said = append(said, f.W.T("crisis.waits_one", "name", c.Person.First(), "when", f.at(c.Next)))
		}
	}
	if len(said) == 0 {
		return f.W.T("crisis.sure")
	}
	return f.W.T("crisis.sure_windows", "windows", f.W.List(said))
}

// lasted is how many seconds lie between two times as they are written, to the
// minute, so that who subtracts them finds the same.
func lasted(from, to time.Time) int64 {
	return int64(to.Truncate(time.Minute).Sub(from.Truncate(time.Minute)).Seconds())
}

// running is true until it has ended.
func (p Crisis) running() bool { return p.Ended.IsZero() }

// needed is true while the reader is called and has not answered.
func (p Crisis) needed() bool {
	return p.running() && p.Mine != nil && p.Mine.HasIt.IsZero() && p.Mine.Cannot.IsZero()
}

// has lists those who said that they have it.
func (p Crisis) has() []Person {
	var out []Person
	for _, c := range p.Called {
		if !c.HasIt.IsZero() {
			out = append(out, c.Person)
		}
	}
	return out
}

func (p Crisis) path(act string) string { return Sub("/crises", p.Head.ID, act) }

func (p Crisis) typed(act, field string) string {
	if p.Act != act {
		return ""
	}
	return p.Typed[field]
}

func (p Crisis) wrong(act string) Problems {
	if p.Act != act {
		return nil
	}
	return p.Problems
}

// stand is where one of those called stands.
func (p Crisis) stand(c Called) string {
	f := p.Frame
	switch {
	case !c.HasIt.IsZero() && !p.running():
		return f.W.T("crisis.stands_had", "when", f.clockDay(c.HasIt))
	case !c.HasIt.IsZero():
		return f.W.T("crisis.stands_has", "when", f.clockDay(c.HasIt))
	case !c.Cannot.IsZero():
		return f.W.T("crisis.stands_cannot", "when", f.clockDay(c.Cannot))
	case !c.Next.IsZero():
		return f.W.N("crisis.stands_called", c.Round, "when", f.clockDay(c.Next))
	}
	return f.W.T("crisis.stands_open")
}
