package simtest

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/internal/simtest/oracle"
)

// model is how big a life is, and when. The same model with the same seed is
// the same life.
type model struct {
	seed    uint64
	from    time.Time
	to      time.Time
	people  int
	teams   int
	acts    int // of writing; what follows from them comes on top
	changes int // of a person's charter, less than so many
}

type verb string

const (
	doAsk      verb = "ask"
	doWrite    verb = "write"
	doComment  verb = "comment"
	doAnswer   verb = "answer"
	doDecline  verb = "decline"
	doHandOn   verb = "hand on"
	doWithdraw verb = "withdraw"
	doTakeBack verb = "take back"
	doEdit     verb = "edit"
	doCharter  verb = "charter"
	doJoin     verb = "join the team"
	doLeave    verb = "leave the team"
	doPace     verb = "pace"
	doEnrol    verb = "enrol"
	doRemove   verb = "remove"
	// Of lives with failures.
	doRaise  verb = "raise a crisis"
	doHave   verb = "have it"
	doCannot verb = "cannot"
	doEnd    verb = "end the crisis"
	doStop   verb = "stop the server"
	doSleep  verb = "let the machine sleep"
	doClock  verb = "set the clock"
)

// act is one thing that somebody does. Whether it is possible by then is known
// only when it is done; if not, nothing happens.
type act struct {
	at instant
	do verb
	by int
	// to are asked, readers expected to read, and mentioned by handle.
	to, readers, mentions []int
	team                  int // -1 for none
	wide                  bool
	urgent                bool
	need                  int
	on                    int // the act that it is about: an ask, a document
	revision              int // of the charter
	pace                  oracle.Pace
	seq                   int
	// strike is what befalls it, nil for nothing; and then it is given up or not.
	strike  *strike
	givesUp bool
	set     time.Duration // by how much a clock is set, or how long a machine is away
}

// script is everything that will be tried, in order.
type script struct {
	model
	people []person
	teams  []team
	acts   []act
	// calm says that nothing goes wrong; else writes and reads are what befalls
	// the engine's transactions, and mail how often a message goes astray.
	calm          bool
	writes, reads []strike
	mail          mailTrouble
}

// write draws a life.
func (m model) write() script {
	r := caster{rand.New(rand.NewPCG(m.seed, 12)), m.from, m.to}
	s := script{model: m, people: r.people(m.people, m.changes)}
	s.teams = r.teams(s.people, m.teams)
	for i, p := range s.people {
		if p.joins > m.from.UnixNano() {
			s.add(act{at: instant{nano: p.joins}, do: doEnrol, by: i})
		}
		if p.leaves > 0 {
			s.add(act{at: instant{nano: p.leaves}, do: doRemove, by: 0, to: []int{i}})
		}
		for n, at := range p.changes {
			s.add(act{at: at, do: doCharter, by: i, revision: n + 1})
		}
	}
	s.movements(r)
	for range m.acts {
		s.writing(r)
	}
	// Acts are told apart by where they stand in acts, and done in order of time.
	slices.SortStableFunc(s.acts, func(a, b act) int {
		return cmp.Or(cmp.Compare(a.at.nano, b.at.nano), cmp.Compare(boolInt(a.at.afterLook), boolInt(b.at.afterLook)))
	})
	return s
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// add notes an act. Its seq is its name for acts that are about it.
func (s *script) add(a act) int {
	a.seq = len(s.acts)
	s.acts = append(s.acts, a)
	return a.seq
}

// movements between teams, and paces of what they follow. They are done at a
// broken second, when no brief is made.
func (s *script) movements(r caster) {
	for i := range s.people {
		for range r.IntN(3) {
			t := r.IntN(len(s.teams))
			s.add(act{at: broken(r.moment(s.zone(i))), do: one(r.Rand, []verb{doJoin, doLeave}), by: i, team: t})
		}
		for _, t := range s.people[i].teams {
			if r.chance(50) {
				s.add(act{at: broken(s.from.Add(time.Hour + time.Duration(len(s.acts))*time.Second)), do: doPace, by: i, team: t, pace: one(r.Rand, []oracle.Pace{oracle.Daily, oracle.Weekly, oracle.Daily, oracle.Muted})})
			}
			if r.chance(30) {
				s.add(act{at: broken(r.moment(s.zone(i))), do: doPace, by: i, team: t, pace: one(r.Rand, []oracle.Pace{oracle.AtWindow, oracle.Daily, oracle.Weekly, oracle.Muted})})
			}
		}
	}
}

func broken(t time.Time) instant {
	return instant{nano: t.Truncate(time.Second).UnixNano() + 500*1_000_000 + t.UnixNano()%7*1_000_000}
}

func (s *script) zone(i int) string { return s.people[i].charters[0].Zone }

// writing is one thing that somebody writes, and what others do about it.
func (s *script) writing(r caster) {
	a := act{by: r.IntN(len(s.people)), team: -1}
	if len(s.people[a.by].teams) > 0 && r.chance(70) {
		a.team = one(r.Rand, s.people[a.by].teams)
	}
	at := r.moment(s.zone(a.by))
	a.at = instant{nano: at.UnixNano()}
	switch n := r.IntN(100); {
	case n < 62:
		a.do = doAsk
		s.asking(r, a)
	case n < 96:
		a.do = doWrite
		s.telling(r, a)
	default:
		a.do, a.team, a.wide = doWrite, -1, true
		a.readers = s.others(r, a.by, r.IntN(15))
		s.add(a)
	}
}

// others are people of the organisation, n of them or all.
func (s *script) others(r caster, but, n int) []int {
	var out []int
	for len(out) < min(n, len(s.people)-1) {
		if p := r.IntN(len(s.people)); p != but && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// audience is who may be named: members of the team, or anybody.
func (s *script) audience(r caster, a act, n int) []int {
	if a.team < 0 {
		return s.others(r, a.by, n)
	}
	return some(r.Rand, without(s.teams[a.team].members, a.by), n)
}

func without(list []int, but ...int) []int {
	return slices.DeleteFunc(slices.Clone(list), func(v int) bool { return slices.Contains(but, v) })
}

// charterAt is the charter of somebody in force at a time.
func (s *script) charterAt(p int, nano int64) oracle.Charter {
	c := s.people[p].charters[0]
	for i, at := range s.people[p].changes {
		if at.nano <= nano {
			c = s.people[p].charters[i+1]
		}
	}
	return c
}

func (s *script) asking(r caster, a act) {
	a.urgent = r.chance(25)
	if r.chance(70) { // anyone of several
		a.to, a.need = s.audience(r, a, 3+r.IntN(4)), 1
	} else {
		a.to = s.audience(r, a, 1+r.IntN(2))
	}
	if len(a.to) == 0 {
		return
	}
	if r.chance(75) { // others are expected to read it
		a.readers = without(s.audience(r, a, 4+r.IntN(7)), a.to...)
	}
	if r.chance(8) {
		a.mentions = s.audience(r, a, 1)
	}
	if r.chance(12) { // exactly at a window of whom it is for, or a tick beside it
		a.at = r.atWindow(s.charterAt(a.to[0], a.at.nano), time.Unix(0, a.at.nano))
	}
	on := s.add(a)
	follow := func(b act, within time.Duration) {
		b.on, b.team = on, -1
		soon := time.Second
		if b.do == doAnswer && r.chance(70) { // most have slept over it
			soon = within / 3
		}
		b.at = broken(time.Unix(0, a.at.nano).Add(soon + time.Duration(r.Int64N(int64(within-soon)))))
		s.add(b)
	}
	const day = 24 * time.Hour
	for _, p := range a.to {
		switch n := r.IntN(100); {
		case a.need == 1 && p != a.to[0]: // one answer ends it for all
		case n < 80:
			follow(act{do: doAnswer, by: p}, 3*day)
		case n < 86:
			follow(act{do: doDecline, by: p}, 2*day)
		case n < 92:
			to := s.audience(r, a, 1)
			follow(act{do: doHandOn, by: p, to: to}, day)
			if len(to) > 0 && r.chance(70) {
				follow(act{do: doAnswer, by: to[0]}, 3*day)
			}
		}
	}
	switch n := r.IntN(100); {
	case n < 6:
		follow(act{do: doWithdraw, by: a.by}, 2*day)
	case n < 9:
		follow(act{do: doTakeBack, by: a.by}, 2*day)
	}
	follow(act{do: doWithdraw, by: a.by}, 6*day) // no ask stays for ever
}

func (s *script) telling(r caster, a act) {
	a.readers = s.audience(r, a, 6+r.IntN(9))
	a.mentions = s.others(r, a.by, r.IntN(3))
	if len(a.readers) == 0 {
		a.readers = s.others(r, a.by, 1)
		a.team = -1
	}
	if r.chance(12) {
		a.at = r.atWindow(s.charterAt(a.readers[0], a.at.nano), time.Unix(0, a.at.nano))
	}
	on := s.add(a)
	const day = 24 * time.Hour
	after := func(b act, within time.Duration) {
		b.on, b.team = on, -1
		if b.at.nano = a.at.nano + int64(time.Second) + r.Int64N(int64(within)); b.do == doTakeBack {
			b.at = broken(time.Unix(0, b.at.nano))
		}
		b.at.nano -= b.at.nano % int64(time.Millisecond)
		s.add(b)
	}
	if r.chance(40) {
		for range 1 + r.IntN(3) {
			after(act{do: doComment, by: one(r.Rand, a.readers), mentions: s.audience(r, a, r.IntN(3))}, 2*day)
		}
	}
	if r.chance(10) {
		after(act{do: doEdit, by: a.by, mentions: s.audience(r, a, r.IntN(3))}, day)
	}
	if r.chance(5) {
		after(act{do: doTakeBack, by: a.by}, day)
	}
}
