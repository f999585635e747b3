package simtest

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/internal/simtest/oracle"
	"github.com/rubato-hq/rubato/store"
)

// anyID finds ids of the product in a text: none stands in a report, so that a
// seed gives the same report again.
var anyID = regexp.MustCompile(`\b[0-9a-hjkmnp-tv-z]{26}\b`)

// smallReport is how the life of a seed went, in plain words.
type smallReport struct {
	script

	tally
	troubles    []trouble
	done        map[verb]int
	items       int
	mails       int // accepted by the other side
	repeats     int // of them, those that came before: the answer had been lost
	calls       int // of crises
	differences []difference
}

// String is the report.
func (r *smallReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d: %d people, %s to %s\n", r.seed, len(r.people), r.from.Format("2 Jan 2006 15:04"), r.to.Format("2 Jan 2006 15:04"))
	var acts []string
	for do, n := range r.done {
		acts = append(acts, fmt.Sprintf("%d %s", n, do))
	}
	slices.Sort(acts)
	fmt.Fprintf(&b, "done: %s\n", strings.Join(acts, ", "))
	for _, t := range r.troubles {
		fmt.Fprintf(&b, "%s: %s\n", t.from.UTC().Format("Mon 2 Jan 15:04:05"), t.says)
	}
	fmt.Fprintf(&b, "%d items; %d briefs, %d with something new; by name %d came, %d rightly ended; %d lines of streams; %d messages taken (%d again), %d of crises\n",
		r.items, r.briefs, r.fresh, r.came, r.ended, r.lines, r.mails, r.repeats, r.calls)
	for _, d := range r.differences {
		fmt.Fprintf(&b, "%s: %s\n", d.kind, d.says)
	}
	if len(r.differences) == 0 {
		b.WriteString("nothing early, late, twice, lost, out of hours or in focus\n")
	}
	return b.String()
}

// healthy reports whether nothing explains that something is not done.
func (m *small) healthy(at time.Time) bool {
	return !slices.ContainsFunc(m.edge.troubles, func(t trouble) bool { return !at.Before(t.from) && at.Before(t.to) })
}

// calm is healthy at a moment and in the second after it.
func (m *small) calm(at time.Time) bool { return m.healthy(at) && m.healthy(at.Add(time.Second)) }

// shows is the whole second that people's clock shows.
func (m *small) shows(at time.Time) int64 { return m.tau(at) / int64(time.Second) }

// first is the first moment at which it shows a second.
func (m *small) first(sec int64) time.Time {
	start, off := m.s.from, time.Duration(0)
	for i := 0; ; i++ {
		at := time.Unix(sec, 0).Add(-off)
		if at.Before(start) {
			at = start
		}
		if i == len(m.edge.jumps) || at.Before(m.edge.jumps[i].at) {
			return at
		}
		start, off = m.edge.jumps[i].at, m.edge.jumps[i].off
	}
}

// since is first, but not before a moment: when the clock was set back, it shows
// a second twice.
func (m *small) since(sec int64, of oracle.Moment) time.Time {
	at := m.first(sec)
	if came := m.reals[of.Seq]; came.After(at) {
		return came
	}
	return at
}

// judge holds what came to what had to.
func (m *small) judge() *smallReport {
	rep := &smallReport{script: m.s, troubles: m.edge.troubles, done: m.done, items: len(m.things)}
	if m.ended.IsZero() { // it broke off, and said why
		m.ended = m.begun
	} else {
		f := read(m.t, m.database)
		m.walks(f, rep)
		m.mail(f, rep)
	}
	for _, d := range m.broken {
		m.say(d.kind, "%s", d.says)
	}
	slices.SortFunc(m.differences, func(a, b difference) int {
		return strings.Compare(a.kind+a.says, b.kind+b.says)
	})
	rep.differences = slices.Compact(m.differences)
	return rep
}

// walks goes through everybody's briefs.
func (m *small) walks(f facts, rep *smallReport) {
	rows := make(map[rowKey]delivered)
	notes := make(map[[2]string]bool)
	for _, d := range f.deliveries {
		k := rowKey{d.person, d.item, d.cause, d.version}
		if _, twice := rows[k]; twice {
			m.say("twice", "%s has two deliveries of one thing", m.name(d.person))
		}
		rows[k] = d
		if d.cause == store.CauseState {
			notes[[2]string{d.item, d.person}] = true
		}
	}
	asked := make(map[rowKey]bool)
	of := func(d *directed) (delivered, bool) {
		id := d.id
		if d.note != "" {
			for _, n := range f.notes[noteKey{d.root.id, m.ids[d.by], d.note}] {
				if notes[[2]string{n, m.ids[d.who]}] {
					id = n
				}
			}
		}
		k := rowKey{m.ids[d.who], id, d.cause, d.version}
		row, ok := rows[k]
		asked[k] = true
		return row, ok
	}
	briefs := make(map[string][]made)
	for _, b := range f.briefs {
		at, ok := m.edge.seals[b.id]
		if !ok {
			m.say("error", "a brief of %s for %s was never committed", m.name(b.person), time.Unix(b.window, 0).UTC())
			continue
		}
		briefs[b.person] = append(briefs[b.person], made{b, at, m.shows(at.real)})
	}
	for i, p := range m.people {
		if p.Person == nil {
			continue
		}
		w := &walker{life: m.life, Person: p.Person, ages: m, who: i, name: m.name(m.ids[i]), say: m.say, row: of, given: make(map[string]int64)}
		for _, d := range m.sent {
			if d.who == i {
				w.mine = append(w.mine, d)
			}
		}
		for stream, holds := range m.follows {
			for _, h := range holds {
				if h.who == i {
					w.reads = append(w.reads, &reading{hold: h, stream: stream})
				}
			}
		}
		mine := briefs[m.ids[i]]
		slices.SortFunc(mine, func(a, b made) int { return int(a.stamp.order - b.stamp.order) })
		w.walk(mine)
		end := m.ended
		if at := p.LeftAt(); at != 0 {
			end = m.first((at - 1) / int64(time.Second))
		}
		w.end(stamp{end.UnixNano(), end})
		rep.tally.add(w.tally)
	}
	for _, d := range m.sent {
		of(d)
	}
	for k, d := range rows {
		if !asked[k] {
			m.say("unasked", "%s has a delivery (%s) of something that nobody asked for, given %v", m.name(d.person), k.cause, d.at != 0)
		}
	}
}

func (t *tally) add(o tally) {
	t.briefs += o.briefs
	t.fresh += o.fresh
	t.came += o.came
	t.lines += o.lines
	t.ended += o.ended
	t.late += o.late
}

// row of the outbox, with what became of it.
type posted struct {
	id, kind, about, person, state, why string
	round, created                      int64
}

// mail holds what went out to what had to: every id taken once but where its
// answer was lost, every brief sent or carried by a later one, every crisis
// called out until it was answered and never after.
func (m *small) mail(f facts, rep *smallReport) {
	posts := readPosts(m)
	rep.mails = len(m.out.sent)
	taken := make(map[string][]arrival) // by the id of the row
	first := make(map[string]arrival)   // by the id on the message
	for _, a := range m.out.sent {
		if before, again := first[a.id]; again {
			rep.repeats++
			if !before.lost && m.healthy(before.took) {
				m.say("twice", "%s got the message about %s twice, at %s and %s, though its answer was heard", m.name(a.Person), m.about(f, a), clock(before.took), clock(a.took))
			}
		} else if len(taken[a.ID]) > 0 {
			m.say("twice", "%s got the message about %s again at %s, under another id", m.name(a.Person), m.about(f, a), clock(a.took))
		}
		first[a.id] = a
		taken[a.ID] = append(taken[a.ID], a)
		if a.Subject == store.SubjectBrief {
			m.inTime(f, a)
		}
	}
	m.briefMail(f, posts, taken)
	m.called(posts, rep)
}

func clock(t time.Time) string { return t.UTC().Format("Mon 2 Jan 15:04:05") }

func (m *small) about(f facts, a arrival) string {
	if b := f.briefs[a.About]; b != nil {
		return "the brief of " + time.Unix(b.window, 0).UTC().Format("Mon 2 Jan 15:04:05")
	}
	for _, c := range m.crises {
		if c.id == a.About {
			return fmt.Sprintf("crisis %d, call %d", c.seq, a.Round)
		}
	}
	return "something unknown"
}

// inTime checks that the mail of a brief reaches nobody off work or in focus,
// but for its first attempt in the minutes after its window.
func (m *small) inTime(f facts, a arrival) {
	b := f.briefs[a.About]
	who := m.people[m.index(a.Person)]
	if b == nil {
		m.say("unasked", "%s got mail about a brief that there is none of, at %s", m.name(a.Person), clock(a.took))
		return
	}
	sealed := m.edge.seals[b.id]
	if a.began.Before(sealed.real) {
		m.say("early", "%s got mail at %s about the brief of %s", m.name(a.Person), clock(a.took), clock(time.Unix(b.window, 0)))
	}
	if a.began.Sub(sealed.real) <= grace*time.Second || who.Free(m.shows(a.began)) {
		return
	}
	// What waits for the next window goes with it, also one at the end of work.
	if slices.ContainsFunc(who.Windows(), func(w oracle.Window) bool {
		since := m.shows(a.began) - w.At
		return 0 <= since && since <= grace
	}) {
		return
	}
	m.say("forbidden", "%s got mail at %s about the brief of %s: %s", m.name(a.Person), clock(a.began), clock(time.Unix(b.window, 0)), who.Wrong(m.shows(a.began)))
}

// briefMail checks that every brief with something new went out, or was carried
// by a later one, or says why not.
func (m *small) briefMail(f facts, posts []posted, taken map[string][]arrival) {
	of := make(map[string]posted)
	for _, p := range posts {
		if p.kind == string(store.SubjectBrief) {
			of[p.about] = p
		}
	}
	carried := make(map[string]bool)
	for _, all := range taken {
		for _, a := range all {
			for _, id := range a.with {
				carried[id] = true
			}
		}
	}
	for _, b := range f.briefs {
		who := m.index(b.person)
		mails := !m.noMail[who]
		p, ok := of[b.id]
		says := func(kind, what string) {
			m.say(kind, "%s: the mail about the brief of %s %s", m.name(b.person), clock(time.Unix(b.window, 0)), what)
		}
		switch sealed := m.edge.seals[b.id].real; {
		case b.fresh() == 0 || !mails:
			if ok {
				says("unasked", "was written, though it was not wanted or says nothing new")
			}
		case !ok:
			says("missing", "was never written")
		case len(taken[p.id]) > 0 || carried[b.id]:
			if at := taken[p.id]; len(at) > 0 && len(m.out.wrong[p.id]) == 0 && m.calm(sealed) && at[0].began.Sub(sealed) > 5*time.Second {
				says("late", "left at "+clock(at[0].began)+", when nothing was in its way")
			}
		case p.state == string(store.SendSent):
			says("missing", "counts as sent, and nobody took it")
		case p.state == string(store.SendFailed) && len(m.out.wrong[p.id]) == 0:
			says("missing", "counts as failed, though nobody refused it: "+p.why)
		case p.state == string(store.SendWaiting) && len(m.out.wrong[p.id]) == 0 && m.calm(sealed) && m.healthy(sealed.Add(slack)) && m.ended.Sub(sealed) > time.Minute && m.people[who].here:
			says("missing", "has not left, when nothing was in its way")
		}
	}
}

// called checks the calls of crises: the first at once, the next every two
// minutes until whoever is called answers or it ends, and none after.
func (m *small) called(posts []posted, rep *smallReport) {
	const every = 2 * time.Minute
	for _, c := range m.crises {
		for _, one := range c.called {
			who := m.ids[one.who]
			var rounds []time.Time
			for _, p := range posts {
				if p.kind == string(store.SubjectCrisis) && p.about == c.id && p.person == who && p.round > 0 {
					rounds = append(rounds, time.UnixMilli(p.created))
				}
			}
			slices.SortFunc(rounds, time.Time.Compare)
			rep.calls += len(rounds)
			stop := m.ended
			for _, at := range []int{one.answered.Seq, c.over.Seq} {
				if at != 0 && time.Unix(0, int64(at)).Before(stop) {
					stop = time.Unix(0, int64(at))
				}
			}
			if left := m.people[one.who].LeftAt(); left != 0 {
				if at := m.first(left / int64(time.Second)); at.Before(stop) {
					stop = at
				}
			}
			if g := c.team; g >= 0 && !m.teams[g].open {
				for _, v := range m.teams[g].moves {
					if at := time.Unix(0, int64(v.at.Seq)); v.who == one.who && !v.in && at.Before(stop) && v.at.Seq > c.at.Seq {
						stop = at
					}
				}
			}
			last := time.Unix(0, int64(c.at.Seq))
			if len(rounds) == 0 {
				m.say("missing", "%s was never called into crisis %d", m.name(who), c.seq)
				continue
			}
			for i, at := range append(rounds[1:], stop) {
				what := fmt.Sprintf("%s, crisis %d, call %d", m.name(who), c.seq, i+2)
				ends := i+1 == len(rounds)
				if want := last.Add(every); want.Add(2*time.Second).Before(at) && m.calm(want) {
					m.say("late", "%s: expected %s, came %s", what, clock(want), map[bool]string{true: "never", false: clock(at)}[ends])
				}
				if !ends && at.Sub(last) < every-time.Second && m.healthy(at) {
					m.say("early", "%s: came %s, %s after the one before", what, clock(at), at.Sub(last))
				}
				if !ends && at.After(stop) {
					m.say("twice", "%s: came %s, after they had answered or it was over at %s", what, clock(at), clock(stop))
				}
				last = at
			}
			for _, a := range m.out.sent {
				if a.Subject == store.SubjectCrisis && a.About == c.id && a.Person == who && a.began.After(stop.Add(2*time.Second)) && a.Round > 0 {
					m.say("forbidden", "%s was called into crisis %d at %s, after they had answered or it was over at %s", m.name(who), c.seq, clock(a.began), clock(stop))
				}
			}
		}
	}
}

func readPosts(m *small) []posted {
	var out []posted
	db := must(sql.Open("sqlite", m.database))
	defer db.Close()
	rows(m.t, db, `SELECT id, subject_kind, subject_id, person_id, state, error, round, created_at FROM outbox ORDER BY id`, func(scan func(...any) error) error {
		var p posted
		err := scan(&p.id, &p.kind, &p.about, &p.person, &p.state, &p.why, &p.round, &p.created)
		out = append(out, p)
		return err
	})
	return out
}
