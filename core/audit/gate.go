package audit

import (
	"slices"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Gate is what a meeting costs, and what it is for, before one says yes to it
// (R10.1, R17).
type Gate struct {
	Title      string
	Start, End worktime.Instant
	Minutes    int
	People     int // with the person; 0 when nobody knows
	AtLeast    bool
	Mine       bool // the person calls it
	// PerWeek is how often it takes place, 0 for once.
	PerWeek float64
	// PersonHours are those of one time, Recovery the most that comes to them for
	// all, in hours (A3.2). Both are 0 when nobody knows who takes part.
	PersonHours, Recovery float64
	// Focus is the person's focus of the day without it, FocusLeft with it, in
	// minutes; only a calendar tells what else is there.
	Focus, FocusLeft int
	// Outside are the minutes outside of the person's working time.
	Outside int
	// Stays is why it is one for live time, "" when nothing says so: clients pass
	// without questions (R10.7).
	Stays Purpose
	// Habits are what it looks like, the surest first.
	Habits []Finding
	// Agenda says that something tells what it is about.
	Agenda bool
}

// Ask judges a meeting: one instance of an entry, among all the others of the
// person's calendar.
func (in *Input) Ask(meeting Instance, perWeek float64) Gate {
	in.prepare()
	in.meetings = slices.DeleteFunc(in.meetings, func(i Instance) bool { return i.Item == meeting.Item })
	v := in.judge(meeting.Item)
	s := &series{key: meeting.Item.Series, item: meeting.Item, v: v, all: []Instance{meeting}, counted: []Instance{meeting}, minutes: int(meeting.End-meeting.Start) / minute, recurring: meeting.Item.Recurring}
	if v.agenda {
		s.agenda = 1
	}
	if v.preRead {
		s.preRead = 1
	}
	g := Gate{
		Title: meeting.Item.shown(), Start: meeting.Start, End: meeting.End, Minutes: s.minutes, People: v.n, AtLeast: v.atLeast, Mine: v.mine, PerWeek: perWeek,
		Stays: s.stays(), Habits: in.findings(s, true), Agenda: v.agenda,
	}
	if v.n > 0 {
		g.PersonHours = float64(v.n) * float64(s.minutes) / 60
		g.Recovery = float64(v.n) * float64(in.Recovery) / hour
	}
	date := in.Clock.DateOf(meeting.Start)
	var events []worktime.Event
	for _, i := range in.between(worktime.Interval{From: in.Clock.Day(date).Interval.From, To: in.Clock.Day(date + 1).Interval.To}) {
		events = append(events, event(i))
	}
	focus := func(events []worktime.Event) (minutes int) {
		for _, f := range in.Clock.Cut(date, events, nil, in.Recovery).Focus {
			minutes += int(f.Seconds()) / minute
		}
		return minutes
	}
	g.Focus, g.FocusLeft = focus(events), focus(append(events, event(meeting)))
	inside := int64(0)
	for d := date - 1; d <= date+1; d++ {
		for _, p := range in.Clock.Day(d).Pieces {
			inside += worktime.Interval{From: max(p.From, meeting.Start), To: min(p.To, meeting.End)}.Seconds()
		}
	}
	g.Outside = int((int64(meeting.End-meeting.Start) - inside) / minute)
	return g
}

// event is an instance as the clock counts it: a meeting that takes place.
func event(i Instance) worktime.Event {
	return worktime.Event{Start: i.Start, End: i.End, People: 2, Busy: true, Status: "confirmed", Kind: "meeting"}
}
