package simtest

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// smallModel is the life of a seed: few people of many zones, a few days around
// a change of clocks, and what goes wrong.
func smallModel(seed uint64) model {
	r := rand.New(rand.NewPCG(seed, 3))
	from := one(r, starts()).Add(time.Duration(r.IntN(24)) * time.Hour)
	return model{seed: seed, people: smallPeople, teams: 3, acts: 12, changes: 4, from: from, to: from.Add(smallDays * 24 * time.Hour)}
}

const (
	smallPeople = 8
	smallDays   = 5
)

// starts are days before clocks change: of San Francisco and St. John's, of
// Casablanca, Berlin, Adelaide and Lord Howe, Cairo, Chatham; and one of rest.
func starts() []time.Time {
	var out []time.Time
	for _, d := range []string{"2026-03-06", "2026-03-20", "2026-03-27", "2026-04-02", "2026-04-22", "2026-09-24", "2026-10-01", "2026-10-23", "2026-10-29", "2026-06-08"} {
		t, err := time.Parse(time.DateOnly, d)
		if err != nil {
			panic(err)
		}
		out = append(out, t)
	}
	return out
}

// writeSmall draws the life of a seed with its failures.
func (m model) writeSmall() script {
	s := m.write()
	r := caster{rand.New(rand.NewPCG(m.seed, 77)), m.from, m.to}
	for range 1 + r.IntN(2) {
		s.crisis(r)
	}
	s.calm = r.chance(15)
	if !s.calm {
		s.troubles(r)
	}
	for i := range s.acts {
		a := &s.acts[i]
		switch { // at a whole second the act is done just before its briefs, or just after
		case a.at.nano%int64(time.Second) != 0:
		case a.at.afterLook:
			a.at.nano += int64(time.Millisecond)
		default:
			a.at.nano -= int64(time.Millisecond)
		}
		if !s.calm && r.chance(5) {
			a.strike, a.givesUp = r.strikeAct(), r.chance(40)
		}
	}
	slices.SortStableFunc(s.acts, func(a, b act) int { return cmp.Compare(a.at.nano, b.at.nano) })
	s.acts = slices.DeleteFunc(s.acts, func(a act) bool {
		return a.at.nano <= m.from.UnixNano()+int64(time.Minute) || a.at.nano >= m.to.UnixNano()-int64(time.Minute)
	})
	apart(s.acts)
	return s
}

// apart puts no two acts into one millisecond, and none at a whole second, when
// briefs are made.
func apart(acts []act) {
	for i := range acts {
		at := &acts[i].at.nano
		if i > 0 && *at <= acts[i-1].at.nano {
			*at = acts[i-1].at.nano + int64(time.Millisecond)
		}
		if *at%int64(time.Second) == 0 {
			*at += int64(time.Millisecond)
		}
	}
}

// downs are how long a server is away.
func (r caster) downs() time.Duration {
	return one(r.Rand, []time.Duration{5 * time.Second, 20 * time.Second, 90 * time.Second, 6 * time.Minute, 40 * time.Minute, 3 * time.Hour, 9 * time.Hour})
}

func (r caster) strikeAct() *strike {
	s := &strike{what: one(r.Rand, []hit{hitStatement, hitStatement, hitCommit, hitAnswer, hitAnswer, dieStatement, dieCommit, dieAnswer, dieAnswer}), down: r.downs()}
	if s.what == hitStatement || s.what == dieStatement {
		s.skip = r.IntN(14)
	}
	return s
}

func (s *script) crisis(r caster) {
	a := act{do: doRaise, by: r.IntN(len(s.people)), team: -1, at: broken(r.moment(zones[0]))}
	if teams := s.people[a.by].teams; len(teams) > 0 && r.chance(40) {
		a.team = one(r.Rand, teams)
	}
	if a.to = s.audience(r, a, 1+r.IntN(3)); len(a.to) == 0 {
		return
	}
	on := s.add(a)
	after := func(do verb, by int, within time.Duration) {
		s.add(act{do: do, by: by, on: on, team: -1, at: broken(time.Unix(0, a.at.nano).Add(2*time.Second + time.Duration(r.Int64N(int64(within)))))})
	}
	for _, p := range a.to {
		switch n := r.IntN(10); {
		case n < 6:
			after(doHave, p, 9*time.Minute)
		case n < 8:
			after(doCannot, p, 9*time.Minute)
		}
		for _, later := range []time.Duration{15 * time.Minute, 50 * time.Minute, 5 * time.Hour, 12 * time.Hour} { // few crises go on for days
			s.add(act{do: doHave, by: p, on: on, team: -1, at: broken(time.Unix(0, a.at.nano).Add(later))})
		}
	}
	after(doEnd, a.by, 14*time.Minute)
}

// troubles draws what befalls the server.
func (s *script) troubles(r caster) {
	near := func() time.Time { // something goes on at a window
		p := r.IntN(len(s.people))
		at := s.from.Add(time.Duration(r.Int64N(int64(s.to.Sub(s.from)))))
		return time.Unix(0, r.atWindow(s.charterAt(p, at.UnixNano()), at).nano-int64(time.Millisecond))
	}
	for range r.IntN(4) {
		k := strike{from: near(), down: r.downs(), what: one(r.Rand, []hit{hitStatement, hitStatement, hitCommit, hitAnswer, dieStatement, dieCommit, dieAnswer, dieAnswer})}
		if k.what == hitStatement || k.what == dieStatement {
			k.skip = r.IntN(30)
		} else {
			k.skip = r.IntN(5)
		}
		s.writes = append(s.writes, k)
	}
	for range r.IntN(2) {
		s.reads = append(s.reads, strike{from: near(), what: hitRead, skip: r.IntN(8)})
	}
	byTime := func(a, b strike) int { return a.from.Compare(b.from) }
	slices.SortFunc(s.writes, byTime)
	slices.SortFunc(s.reads, byTime)
	odd := func(t time.Time) instant { return instant{nano: t.UnixNano() + 1_000_000*(1+r.Int64N(998))} }
	if r.chance(20) {
		s.add(act{do: doStop, at: odd(near().Add(-time.Duration(r.IntN(120)) * time.Second)), set: r.downs()})
	}
	if r.chance(25) {
		s.add(act{do: doSleep, at: odd(near().Add(-time.Duration(r.IntN(600)) * time.Second)), set: one(r.Rand, []time.Duration{40 * time.Second, 20 * time.Minute, 3 * time.Hour, 8 * time.Hour})})
	}
	if r.chance(30) {
		by := one(r.Rand, []time.Duration{time.Second, 10 * time.Minute, time.Hour, 24 * time.Hour, -time.Second, -time.Second, -10 * time.Minute, -2 * time.Hour})
		at := near().Add(time.Duration(r.IntN(1800)-900) * time.Second)
		if i := slices.IndexFunc(s.acts, func(a act) bool { return a.do == doRaise }); i >= 0 && by < -time.Second {
			at = time.Unix(0, s.acts[i].at.nano).Add(time.Duration(r.IntN(300)) * time.Second) // while somebody is called
		}
		s.add(act{do: doClock, at: odd(at), set: by})
	}
	s.mail = mailTrouble{temporary: 6, permanent: 1, hangs: 3, lost: 4}
}
