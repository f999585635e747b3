package simtest

import (
	"fmt"
	"slices"
	"strings"
	"testing/synctest"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/simtest/oracle"
	"github.com/rubato-hq/rubato/store"
)

// act does one act through the door, if by what was done so far it is possible,
// and notes what must come of it. A refusal is then an error of the product.
func (r *run) act(a act) {
	if a.do != doEnrol && !r.people[a.by].here {
		return
	}
	switch a.do {
	case doAsk:
		r.ask(a)
	case doWrite:
		r.write(a)
	case doComment:
		r.comment(a)
	case doAnswer:
		r.answer(a)
	case doDecline:
		r.decline(a)
	case doHandOn:
		r.handOn(a)
	case doWithdraw:
		r.withdraw(a)
	case doTakeBack:
		r.takeBack(a)
	case doEdit:
		r.edit(a)
	case doCharter:
		if c := r.s.people[a.by].charters[a.revision]; r.setCharter(a, c) {
			r.people[a.by].Change(r.moment(a.at), c)
		}
	case doJoin, doLeave:
		r.joinOrLeave(a)
	case doPace:
		r.pace(a)
	case doEnrol:
		r.enrol(a)
	case doRemove:
		r.remove(a)
	case doRaise:
		r.raise(a)
	case doHave, doCannot, doEnd:
		r.onCrisis(a)
	case doStop, doSleep, doClock: // befall the server, not people
	}
}

func (r *run) personIDs(who []int) []string {
	var out []string
	for _, p := range who {
		out = append(out, r.ids[p])
	}
	return out
}

func (r *run) handles(who []int) string {
	var b strings.Builder
	for _, p := range who {
		b.WriteString(" @" + r.s.people[p].handle)
	}
	return b.String()
}

func (r *run) writing(a act, to, readers []int) door.Writing {
	w := door.Writing{Point: fmt.Sprintf("%s %d", a.do, a.seq), Body: "For" + r.handles(a.mentions), To: r.personIDs(to), Readers: r.personIDs(readers), Wide: a.wide}
	if a.team >= 0 {
		w.Team = r.teamID[a.team]
	}
	return w
}

// wrote notes a new document, its place in a stream, and that its writer follows it.
func (r *run) wrote(a act, id string, named []int, at oracle.Moment) *thing {
	t := &thing{seq: a.seq, id: id, what: a.do, by: a.by, team: a.team, wide: a.wide, named: named, written: at.Nano, version: 1}
	r.things[a.seq] = t
	switch {
	case a.team >= 0:
		r.tell(t, store.TeamStream(r.teamID[a.team]), store.EventSent, a.by, at)
	case a.wide:
		r.tell(t, store.WideStream, store.EventSent, a.by, at)
	}
	r.follow(a.by, store.ThreadStream(id), oracle.AtWindow, at)
	return t
}

func (r *run) ask(a act) {
	to := r.reachable(a.to, a.team)
	if !r.writesIn(a.by, a.team) || len(to) == 0 {
		return
	}
	readers := r.reachable(a.readers, a.team)
	draft := door.AskDraft{Writing: r.writing(a, to, readers), Urgent: a.urgent, Need: a.need}
	if a.urgent {
		draft.UrgentWhy = "it burns"
	}
	rec, ok := attempt(r, a, func(key string) (door.Receipt, error) {
		draft.Key = key
		return r.door.Ask(r.t.Context(), r.actor(a.by), draft)
	})
	if !ok {
		return
	}
	at := r.moment(a.at)
	mentions := slices.DeleteFunc(slices.Clone(a.mentions), func(p int) bool { return slices.Contains(to, p) || slices.Contains(readers, p) || p == a.by })
	t := r.wrote(a, rec.ID, slices.Concat(to, readers, mentions), at)
	t.ask = &asking{urgent: a.urgent, need: a.need}
	for _, p := range to {
		t.ask.asked = append(t.ask.asked, &recipient{who: p, since: at, state: "waiting"})
		r.direct(t, p, store.CauseAsked, a.urgent, at)
	}
	for _, p := range readers {
		r.direct(t, p, store.CauseReader, false, at)
	}
	for _, p := range mentions {
		r.direct(t, p, store.CauseMention, false, at)
	}
	for _, d := range t.sent {
		r.follow(d.who, store.ThreadStream(t.id), oracle.AtWindow, at)
	}
	r.promised(a, rec, t.sent)
}

func (r *run) write(a act) {
	readers := r.reachable(a.readers, a.team)
	if !r.writesIn(a.by, a.team) || !a.wide && a.team < 0 && len(readers) == 0 {
		return
	}
	rec, ok := attempt(r, a, func(key string) (door.Receipt, error) {
		draft := r.writing(a, nil, readers)
		draft.Key = key
		return r.door.Write(r.t.Context(), r.actor(a.by), item.Update, draft)
	})
	if !ok {
		return
	}
	at := r.moment(a.at)
	mentions := slices.DeleteFunc(slices.Clone(a.mentions), func(p int) bool { return slices.Contains(readers, p) || p == a.by || r.ids[p] == "" })
	t := r.wrote(a, rec.ID, slices.Concat(readers, mentions), at)
	for _, p := range readers {
		r.direct(t, p, store.CauseReader, false, at)
	}
	for _, p := range mentions {
		r.direct(t, p, store.CauseMention, false, at)
	}
	for _, d := range t.sent {
		r.follow(d.who, store.ThreadStream(t.id), oracle.AtWindow, at)
	}
	r.promised(a, rec, t.sent)
}

func (r *run) comment(a act) {
	root := r.things[a.on]
	if root == nil || !r.sees(a.by, root) {
		return
	}
	rec, ok := attempt(r, a, func(key string) (door.Receipt, error) {
		return r.door.Comment(r.t.Context(), r.actor(a.by), door.CommentDraft{Key: key, Item: root.id, Text: fmt.Sprintf("comment %d%s", a.seq, r.handles(a.mentions))})
	})
	if !ok {
		return
	}
	at := r.moment(a.at)
	mentions := slices.DeleteFunc(slices.Clone(a.mentions), func(p int) bool { return p == a.by || !r.sees(p, root) })
	t := &thing{seq: a.seq, id: rec.ID, what: a.do, by: a.by, team: root.team, wide: root.wide, root: root, named: mentions, version: 1}
	r.things[a.seq] = t
	r.tell(t, store.ThreadStream(root.id), store.EventComment, a.by, at)
	r.follow(a.by, store.ThreadStream(root.id), oracle.AtWindow, at)
	if root.by != a.by {
		r.direct(t, root.by, store.CauseComment, false, at)
	}
	for _, p := range mentions {
		if p != root.by {
			r.direct(t, p, store.CauseMention, false, at)
		}
		r.follow(p, store.ThreadStream(root.id), oracle.AtWindow, at)
	}
	r.promised(a, rec, t.sent)
}

// asked returns an ask and a recipient who may still act on it, or nil.
func (r *run) asked(a act) (*thing, *recipient) {
	t := r.things[a.on]
	if t == nil || t.ask.withdrawn != (oracle.Moment{}) || !r.sees(a.by, t) {
		return nil, nil
	}
	if one := t.ask.recipient(a.by); one != nil && one.state == "waiting" {
		return t, one
	}
	return nil, nil
}

// settled puts a recipient in another state, and ends the ask for the others
// when enough answers came.
func (r *run) settled(t *thing, one *recipient, state string, at oracle.Moment) {
	one.state, one.ended = state, at
	r.settle(t, one.who, at)
	if t.ask.closed() {
		for _, other := range t.ask.asked {
			if other.state == "waiting" {
				r.settle(t, other.who, at)
			}
		}
	}
}

func (r *run) answer(a act) {
	t, one := r.asked(a)
	if t == nil {
		return
	}
	rec, ok := attempt(r, a, func(key string) (door.Receipt, error) {
		return r.door.Answer(r.t.Context(), r.actor(a.by), door.AskReply{Key: key, Ask: t.id, Text: fmt.Sprintf("answer %d", a.seq)})
	})
	if !ok {
		return
	}
	at := r.moment(a.at)
	r.settled(t, one, "answered", at)
	answer := &thing{seq: a.seq, id: rec.ID, what: a.do, by: a.by, team: t.team, wide: t.wide, root: t, version: 1}
	r.tell(answer, store.ThreadStream(t.id), store.EventComment, a.by, at)
	r.direct(answer, t.by, store.CauseAnswer, false, at)
	r.promised(a, rec, answer.sent)
}

// note is what somebody is told about an ask.
func (r *run) note(t *thing, by, to int, says string, at oracle.Moment) []*directed {
	n := &thing{what: "note", by: by, team: t.team, wide: t.wide, root: t, version: 1, note: says}
	r.direct(n, to, store.CauseState, false, at)
	return n.sent
}

func (r *run) decline(a act) {
	t, one := r.asked(a)
	if t == nil {
		return
	}
	rec, ok := attempt(r, a, func(key string) (door.Receipt, error) {
		return r.door.Decline(r.t.Context(), r.actor(a.by), door.AskReply{Key: key, Ask: t.id, Reason: "not mine"})
	})
	if !ok {
		return
	}
	at := r.moment(a.at)
	r.settled(t, one, "declined", at)
	r.promised(a, rec, r.note(t, a.by, t.by, "declined", at))
}

func (r *run) handOn(a act) {
	t, one := r.asked(a)
	if t == nil || len(a.to) == 0 {
		return
	}
	to := a.to[0]
	if to == t.by || t.ask.recipient(to) != nil || !r.writesIn(to, t.team) {
		return
	}
	rec, ok := attempt(r, a, func(key string) (door.Receipt, error) {
		return r.door.HandOn(r.t.Context(), r.actor(a.by), door.AskReply{Key: key, Ask: t.id, To: r.ids[to], Reason: "knows better"})
	})
	if !ok {
		return
	}
	at := r.moment(a.at)
	closed := t.ask.closed()
	r.settled(t, one, "handed", at)
	t.ask.asked = append(t.ask.asked, &recipient{who: to, since: at, state: "waiting"})
	r.settle(t, to, at) // what waits for them by a mention is this ask now
	t.named = append(t.named, to)
	r.direct(t, to, store.CauseAsked, t.ask.urgent, at)
	r.follow(to, store.ThreadStream(t.id), oracle.AtWindow, at)
	sent := []*directed{t.sent[len(t.sent)-1]}
	if closed {
		r.settle(t, to, at)
	}
	r.promised(a, rec, append(sent, r.note(t, a.by, t.by, "handed", at)...))
}

func (r *run) withdraw(a act) {
	t := r.things[a.on]
	if t == nil || t.ask.withdrawn != (oracle.Moment{}) || t.ask.closed() || !r.sees(a.by, t) {
		return
	}
	rec, ok := attempt(r, a, func(key string) (door.Receipt, error) {
		return r.door.Withdraw(r.t.Context(), r.actor(a.by), door.AskReply{Key: key, Ask: t.id})
	})
	if !ok {
		return
	}
	at := r.moment(a.at)
	t.ask.withdrawn = at
	var notes []*directed
	for _, d := range t.sent {
		one := t.ask.recipient(d.who)
		if d.cause != store.CauseAsked || one.state != "waiting" {
			continue
		}
		if r.had(d, at) {
			notes = append(notes, r.note(t, a.by, d.who, "withdrawn", at)...)
		}
	}
	r.settle(t, -1, at)
	r.promised(a, rec, notes)
}

func (r *run) takeBack(a act) {
	t := r.things[a.on]
	if t == nil || !r.sees(a.by, t) {
		return
	}
	if _, ok := attempt(r, a, func(key string) (door.Receipt, error) {
		return r.door.TakeBack(r.t.Context(), r.actor(a.by), key, t.id)
	}); ok {
		t.gone = r.moment(a.at)
	}
}

func (r *run) edit(a act) {
	t := r.things[a.on]
	if t == nil || !r.sees(a.by, t) {
		return
	}
	rec, ok := attempt(r, a, func(key string) (door.Edited, error) {
		return r.door.Edit(r.t.Context(), r.actor(a.by), door.EditDraft{Key: key, Item: t.id, Base: t.version, Point: fmt.Sprintf("edit %d", a.seq), Body: "For" + r.handles(a.mentions)})
	})
	if !ok {
		return
	}
	at := r.moment(a.at)
	var fresh []int
	for _, p := range a.mentions {
		if p != a.by && r.sees(p, t) && !slices.Contains(t.named, p) {
			fresh = append(fresh, p)
		}
	}
	t.version++
	t.named = append(t.named, fresh...)
	r.tell(t, store.ThreadStream(t.id), store.EventEdited, a.by, at)
	sent := len(t.sent)
	for _, p := range fresh {
		r.direct(t, p, store.CauseMention, false, at)
		r.follow(p, store.ThreadStream(t.id), oracle.AtWindow, at)
	}
	r.promised(a, rec.Receipt, t.sent[sent:])
}

func (r *run) joinOrLeave(a act) {
	g := r.teams[a.team]
	if g.in[a.by] == (a.do == doJoin) {
		return
	}
	m := door.Membership{Team: r.teamID[a.team], Person: r.ids[a.by]}
	stream := store.TeamStream(r.teamID[a.team])
	if a.do == doLeave {
		if _, ok := attempt(r, a, func(key string) (bool, error) {
			m.Key = key
			return true, r.door.LeaveTeam(r.t.Context(), r.actor(a.by), m)
		}); !ok {
			return
		}
		at := r.moment(a.at)
		g.move(a.by, at, false)
		if h := r.following(a.by, stream); h != nil {
			h.End(at)
			h.ended = true
		}
		if !g.open {
			r.leaveAsks(a.by, at, func(t *thing) bool { return t.team == a.team })
		}
		return
	}
	by := a.by
	if !g.open { // a member lets them in
		by = slices.IndexFunc(r.people, func(p *member) bool { return p.here && g.in[slices.Index(r.people, p)] })
	}
	if by < 0 {
		return
	}
	synctest.Wait()
	if _, ok := attempt(r, a, func(key string) (bool, error) {
		m.Key = key
		return true, r.door.JoinTeam(r.t.Context(), r.actor(by), m)
	}); ok {
		r.enter(a.by, a.team, r.moment(a.at))
	}
}

func (r *run) pace(a act) {
	if g := r.teams[a.team]; !g.open && !g.in[a.by] {
		return
	}
	stream := store.TeamStream(r.teamID[a.team])
	if !r.surely(a, func() error { return r.door.SetPace(r.t.Context(), r.actor(a.by), stream, store.Pace(a.pace)) }) {
		return
	}
	at := r.moment(a.at)
	if h := r.following(a.by, stream); h != nil {
		h.SetPace(at, a.pace)
		return
	}
	r.follow(a.by, stream, a.pace, at)
}

func (r *run) remove(a act) {
	who := a.to[0]
	if !r.people[who].here {
		return
	}
	if !r.surely(a, func() error { return r.door.SetState(r.t.Context(), r.actor(0), r.ids[who], access.Removed) }) {
		return
	}
	at := r.moment(a.at)
	r.people[who].Leave(at)
	r.people[who].here = false
	r.leaveAsks(who, at, func(*thing) bool { return true })
}

// leaveAsks takes somebody out of the asks that wait for them and that they may
// not answer any more; their askers hear of it (worktime 6.9).
func (r *run) leaveAsks(who int, at oracle.Moment, which func(*thing) bool) {
	for _, t := range r.things {
		if t.ask == nil || !which(t) || t.gone != (oracle.Moment{}) || t.ask.withdrawn != (oracle.Moment{}) {
			continue
		}
		if one := t.ask.recipient(who); one != nil && one.state == "waiting" {
			live := t.ask.live()
			r.settled(t, one, "left", at)
			if live {
				r.note(t, who, t.by, "left", at)
			}
		}
	}
}

// promised holds a receipt to what is expected by what is known now: the same
// people, and for each the instant at which the thing will reach them.
func (r *run) promised(a act, rec door.Receipt, sent []*directed) {
	if r.small != nil && r.small.shownBefore() {
		return // a window that is shown again has its brief
	}
	want := make(map[string]int64)
	for _, d := range sent {
		at, ok := r.people[d.who].Reaches(d.urgent, d.written)
		if !ok {
			at = 0
		}
		want[r.ids[d.who]] = at
	}
	got := make(map[string]int64)
	for _, p := range rec.Plans {
		at := int64(p.Plan.At)
		if at >= r.world.End() {
			at = 0 // not before the end of the time looked at
		}
		got[p.Person] = at
	}
	r.promises += len(got)
	for who, at := range want {
		if g, ok := got[who]; !ok || g != at {
			r.broken = append(r.broken, difference{"promise", fmt.Sprintf("%s %d of %s promises %s for %s, expected %s", a.do, a.seq, r.s.people[a.by].handle, r.when(g, who), r.name(who), r.when(at, who))})
		}
		delete(got, who)
	}
	for who := range got {
		r.broken = append(r.broken, difference{"promise", fmt.Sprintf("%s %d of %s promises something to %s, who is not named", a.do, a.seq, r.s.people[a.by].handle, r.name(who))})
	}
}
