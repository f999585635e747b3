package simtest

import (
	"fmt"

	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/simtest/oracle"
	"github.com/rubato-hq/rubato/store"
)

// crisis is one that was raised, with those who are called until they answer.
type crisis struct {
	*thing

	at     oracle.Moment
	called []*called
	over   oracle.Moment
}

type called struct {
	who      int
	answered oracle.Moment
}

func (r *run) raise(a act) {
	to := r.reachable(a.to, a.team)
	if !r.writesIn(a.by, a.team) || len(to) == 0 {
		return
	}
	draft := door.CrisisDraft{What: fmt.Sprintf("crisis %d", a.seq), Stake: "all of it", Needed: r.personIDs(to), Sure: true}
	if a.team >= 0 {
		draft.Team = r.teamID[a.team]
	}
	rec, ok := attempt(r, a, func(key string) (door.Receipt, error) {
		draft.Key = key
		return r.door.Raise(r.t.Context(), r.actor(a.by), draft)
	})
	if !ok {
		return
	}
	at := r.moment(a.at)
	a.wide = a.team < 0
	c := &crisis{thing: r.wrote(a, rec.ID, to, at), at: at}
	for _, p := range to {
		r.direct(c.thing, p, store.CauseCrisis, false, at)
		c.called = append(c.called, &called{who: p})
	}
	r.small.crises = append(r.small.crises, c)
}

// onCrisis is what somebody does about one: answer a call, or end it.
func (r *run) onCrisis(a act) {
	var c *crisis
	for _, one := range r.small.crises {
		if one.seq == a.on {
			c = one
		}
	}
	if c == nil || c.over != (oracle.Moment{}) || !r.sees(a.by, c.thing) {
		return
	}
	var one *called
	for _, p := range c.called {
		if p.who == a.by {
			one = p
		}
	}
	if (one == nil) != (a.do == doEnd) || one != nil && one.answered != (oracle.Moment{}) {
		return
	}
	_, ok := attempt(r, a, func(key string) (door.Receipt, error) {
		reply := door.CrisisReply{Key: key, Crisis: c.id, Has: a.do == doHave, Text: "so it is"}
		if a.do == doEnd {
			return r.door.EndCrisis(r.t.Context(), r.actor(a.by), reply)
		}
		return r.door.HaveIt(r.t.Context(), r.actor(a.by), reply)
	})
	if !ok {
		return
	}
	at := r.moment(a.at)
	if a.do == doEnd {
		c.over = at
	} else {
		one.answered = at
	}
	note := &thing{seq: a.seq, what: a.do, by: a.by, team: c.team, wide: c.wide, root: c.thing, version: 1}
	stream := store.WideStream
	if c.team >= 0 {
		stream = store.TeamStream(r.teamID[c.team])
	}
	r.tell(note, stream, store.EventState, a.by, at)
}
