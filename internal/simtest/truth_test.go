package simtest

import (
	"slices"

	"github.com/rubato-hq/rubato/internal/simtest/oracle"
)

// life is what was done, in plain facts, and so what must come: who wrote what
// for whom and when, and what became of it. It decides nothing by the product.
type life struct {
	world   *oracle.World
	people  []*member
	teams   []*group
	things  map[int]*thing // by the act that wrote them
	sent    []*directed
	events  []event
	logs    map[string][]event           // the same by stream, in lives with failures
	follows map[string][]*hold           // by stream
	heard   func(h *hold, stream string) // is told of every new one, if set
	seq     int
}

// member is a person of the organisation.
type member struct {
	*oracle.Person

	here bool
}

// group is a team with everybody who was ever in it.
type group struct {
	open bool
	in   map[int]bool
	// moves are comings and goings, in order.
	moves []move
}

type move struct {
	at  oracle.Moment
	who int
	in  bool
}

// was reports whether somebody is a member when briefs are made at a second.
func (g *group) was(who int, look int64) bool {
	in := false
	for _, m := range g.moves {
		if m.who == who && m.at.Before(look) {
			in = m.in
		}
	}
	return in
}

func (g *group) move(who int, at oracle.Moment, in bool) {
	g.in[who] = in
	g.moves = append(g.moves, move{at, who, in})
}

// thing is something written.
type thing struct {
	seq     int // of the act
	id      string
	what    verb
	by      int
	team    int // -1 for none
	wide    bool
	root    *thing // of comments, answers and notes
	named   []int
	written int64 // nanoseconds, of documents
	gone    oracle.Moment
	version int64
	ask     *asking
	sent    []*directed
	// note is what a note says; its id is known only to the product.
	note string
}

// asking is where an ask stands.
type asking struct {
	urgent    bool
	need      int
	withdrawn oracle.Moment
	asked     []*recipient
}

type recipient struct {
	who   int
	since oracle.Moment
	state string // waiting, answered, declined, handed or left
	ended oracle.Moment
}

// at is where the recipient stands when briefs are made at a second; "" for not
// asked yet.
func (r *recipient) at(look int64) string {
	switch {
	case !r.since.Before(look):
		return ""
	case r.state == "waiting" || !r.ended.Before(look):
		return "waiting"
	}
	return r.state
}

func (a *asking) recipient(who int) *recipient {
	for _, r := range a.asked {
		if r.who == who {
			return r
		}
	}
	return nil
}

// closed reports whether enough answers came (worktime 6.9).
func (a *asking) closed() bool {
	answers, needed := 0, a.need
	for _, r := range a.asked {
		if r.state == "answered" {
			answers++
		}
		if a.need == 0 && r.state != "handed" {
			needed++
		}
	}
	return answers > 0 && answers >= needed
}

// live reports whether an answer still helps.
func (a *asking) live() bool {
	return a.withdrawn == oracle.Moment{} && !a.closed() && slices.ContainsFunc(a.asked, func(r *recipient) bool { return r.state == "waiting" })
}

// directed is a thing on its way to one person.
type directed struct {
	*thing

	who     int
	cause   string
	version int64
	urgent  bool
	written oracle.Moment
	// ended is when it stopped being true: settled, withdrawn.
	ended oracle.Moment
}

// event is one of a stream.
type event struct {
	*thing

	stream string
	kind   string
	at     oracle.Moment
	by     int
}

// hold is a person's hold on a stream.
type hold struct {
	*oracle.Follow

	who   int
	ended bool
}

func (l *life) moment(at instant) oracle.Moment {
	l.seq++
	return oracle.Moment{Nano: at.nano, AfterLook: at.afterLook, Seq: l.seq}
}

// sees reports whether somebody may see a thing now: what is in a private team
// is for its members, what is addressed is for those it names.
func (l *life) sees(who int, t *thing) bool {
	head := t
	if t.root != nil {
		head = t.root
	}
	if !l.people[who].here || t.gone != (oracle.Moment{}) || head.gone != (oracle.Moment{}) {
		return false
	}
	switch {
	case head.team >= 0:
		return l.teams[head.team].open || l.teams[head.team].in[who]
	case head.wide:
		return true
	}
	return head.by == who || t.by == who || slices.Contains(head.named, who) || slices.Contains(t.named, who)
}

// writesIn reports whether somebody may write for a team, or for all or nobody.
func (l *life) writesIn(who, team int) bool {
	return l.people[who].here && (team < 0 || l.teams[team].open || l.teams[team].in[who])
}

// reachable are those who may be named as readers or asked.
func (l *life) reachable(who []int, team int) []int {
	var out []int
	for _, p := range who {
		if l.writesIn(p, team) {
			out = append(out, p)
		}
	}
	return out
}

// direct notes that a thing goes to somebody.
func (l *life) direct(t *thing, who int, cause string, urgent bool, at oracle.Moment) {
	if l.people[who].here {
		d := &directed{thing: t, who: who, cause: cause, version: t.version, urgent: urgent, written: at}
		l.sent, t.sent = append(l.sent, d), append(t.sent, d)
	}
}

// settle ends what of a thing waits for somebody, or with -1 for all. What came
// before has come.
func (l *life) settle(t *thing, who int, at oracle.Moment) {
	for _, d := range t.sent {
		if (who < 0 || d.who == who) && d.ended == (oracle.Moment{}) {
			d.ended = at
		}
	}
}

func (l *life) tell(t *thing, stream, kind string, by int, at oracle.Moment) {
	e := event{t, stream, kind, at, by}
	if l.logs != nil {
		l.logs[stream] = append(l.logs[stream], e)
		return
	}
	l.events = append(l.events, e)
}

// following returns somebody's hold on a stream, nil for none.
func (l *life) following(who int, stream string) *hold {
	for _, h := range l.follows[stream] {
		if h.who == who && !h.ended {
			return h
		}
	}
	return nil
}

// follow begins at a moment; one that exists stays as it is.
func (l *life) follow(who int, stream string, pace oracle.Pace, at oracle.Moment) {
	if l.following(who, stream) == nil {
		h := &hold{Follow: l.people[who].Follow(at, pace), who: who}
		l.follows[stream] = append(l.follows[stream], h)
		if l.heard != nil {
			l.heard(h, stream)
		}
	}
}

// goneBy reports whether a thing, or what it belongs to, was taken back before
// the briefs of a second were made.
func (t *thing) goneBy(look int64) bool {
	none := oracle.Moment{}
	return t.gone != none && t.gone.Before(look) || t.root != nil && t.root.goneBy(look)
}

// open reports whether somebody may see a thing when briefs are made.
func (l *life) openTo(who int, t *thing, look int64) bool {
	if t.root != nil {
		t = t.root
	}
	return t.team < 0 || l.teams[t.team].open || l.teams[t.team].was(who, look)
}

// expects is when a directed thing must come, by all that is known; false for
// not, or not before the end.
func (l *life) expects(d *directed) (int64, bool) {
	at, ok := l.people[d.who].Reaches(d.urgent, d.written)
	switch {
	case !ok, !l.people[d.who].Here(at), d.goneBy(at), !l.openTo(d.who, d.thing, at):
		return 0, false
	case d.ended != oracle.Moment{} && d.ended.Before(at):
		return 0, false
	}
	return at, true
}
