package simtest

import (
	"fmt"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/internal/simtest/oracle"
	"github.com/rubato-hq/rubato/store"
)

// grace is how late a brief may be, in seconds, and still count as given at its
// window (worktime 5.5).
const grace = 300

// ages is how the clocks of a life went, and what stood in the way of things.
type ages interface {
	// healthy reports whether nothing explains that something is not done at a moment.
	healthy(at time.Time) bool
	// shows is the whole second that people's clock shows at a moment, and
	// first the first moment at which it shows one.
	shows(at time.Time) int64
	first(sec int64) time.Time
	// since is first, but not before a moment.
	since(sec int64, m oracle.Moment) time.Time
}

// walker walks through the briefs of one person in the order in which they were
// made, and holds each to what by then had been done and not yet come.
type walker struct {
	*life
	*oracle.Person
	ages

	who    int
	name   string
	say    func(kind, format string, args ...any)
	row    func(d *directed) (delivered, bool) // what the database says of a directed thing
	sealed int64                               // the newest window that has its brief
	// sent is how many of the person's directed things have been taken up, and
	// waiting are those of them that have not come.
	mine    []*directed
	sent    int
	waiting []*directed
	reads   []*reading
	given   map[string]int64 // when a thing last came by name, by its id
	tally
}

// tally counts what was found.
type tally struct{ briefs, fresh, came, lines, ended, late int }

// reading is how far a person has read a stream.
type reading struct {
	*hold

	stream string
	next   int // of the stream's events
}

// made is a brief with when it was made in truth: where in the order of all that
// was done, and what people's clock showed.
type made struct {
	*sealed

	stamp stamp
	tau   int64 // the whole second that people's clock showed
}

func (w *walker) when(at int64) string {
	if at == 0 {
		return "never"
	}
	t := time.Unix(at, 0).UTC()
	return t.Format("Mon 2 Jan 15:04:05 UTC")
}

// walk goes through the next briefs of the person, all that were made up to a
// moment, and what had to be done by then.
func (w *walker) walk(briefs []made) {
	for _, b := range briefs {
		w.take(b.stamp)
		w.overdue(b.stamp)
		w.briefs++
		if b.fresh() > 0 {
			w.fresh++
		}
		if b.kind == "urgent" {
			w.urgent(b)
		} else {
			w.window(b)
		}
	}
}

// take takes up what was written before a stamp.
func (w *walker) take(s stamp) {
	for w.sent < len(w.mine) && int64(w.mine[w.sent].written.Seq) < s.order {
		if d := w.mine[w.sent]; d.cause == store.CauseCrisis {
			w.given[d.id] = d.written.Second()
		} else {
			w.waiting = append(w.waiting, d)
		}
		w.sent++
	}
}

// newest is the last window up to a second that has no brief yet.
func (w *walker) newest(upTo int64) (oracle.Window, bool) {
	all := w.Windows()
	i, _ := slices.BinarySearchFunc(all, upTo+1, func(v oracle.Window, at int64) int { return int(v.At - at) })
	if i == 0 || all[i-1].At <= w.sealed {
		return oracle.Window{}, false
	}
	return all[i-1], true
}

// overdue tells of each window since the newest sealed one whose brief had to be
// made before a stamp, and of urgent things likewise.
func (w *walker) overdue(s stamp) {
	all := w.Windows()
	for i, v := range all {
		if v.At <= w.sealed {
			continue
		}
		from := w.first(v.At)
		if !from.Before(s.real) {
			break
		}
		end := s.real
		if i+1 < len(all) {
			if next := w.first(all[i+1].At); next.Before(end) {
				end = next
			}
		}
		if at, late := w.had(from, end, v.At, func(now int64) bool { return now-v.At <= grace || !w.Changed(v.At, now) && w.Resumes(v.At, now) }); late {
			w.late++
			w.say("late", "%s has no brief for the window of %s by %s, when nothing was in its way", w.name, w.when(v.At), w.when(at))
		}
	}
	for _, d := range w.waiting {
		if !d.urgent {
			continue
		}
		plan, ok := w.Reaches(true, d.written)
		if !ok || w.settledBy(d, s) {
			continue
		}
		if at, late := w.had(w.since(plan, d.written), s.real, plan, func(now int64) bool {
			return now-plan <= grace || w.Free(now) && !w.Changed(plan, now)
		}); late && !w.settledAt(d, at) {
			w.late++
			row, _ := w.row(d)
			w.say("late", "%s has not got the urgent %s, due %s, by %s, when nothing was in its way; it came %s", w.name, w.what(d), w.when(plan), w.when(at), w.when(row.at))
		}
	}
}

// had is the first second at which something had to be done: nothing hindered
// it, and it was due. Moments from a first one up to a second before another are
// looked at minute by minute: the second is the tolerance.
func (w *walker) had(from, to time.Time, plan int64, due func(now int64) bool) (int64, bool) {
	for at := from; at.Add(time.Second).Before(to); at = at.Add(time.Minute) {
		if now := w.shows(at); w.healthy(at) && now >= plan && due(now) {
			return now, true
		}
	}
	return 0, false
}

// settledBy reports whether a thing was no longer to come at a stamp.
func (w *walker) settledBy(d *directed, s stamp) bool {
	seq := int(s.order)
	return done(d.ended, seq) || d.goneAt(seq) || !w.sawAt(w.who, d.thing, seq)
}

func (w *walker) settledAt(d *directed, sec int64) bool {
	return d.ended != (oracle.Moment{}) && d.ended.Nano <= sec*int64(time.Second)
}

// done reports whether a moment has been, before something else was done.
func done(m oracle.Moment, seq int) bool { return m != (oracle.Moment{}) && m.Seq < seq }

// goneAt reports whether a thing, or what it belongs to, was taken back.
func (t *thing) goneAt(seq int) bool {
	return done(t.gone, seq) || t.root != nil && t.root.goneAt(seq)
}

// sawAt reports whether somebody may see a thing, by what had been done.
func (l *life) sawAt(who int, t *thing, seq int) bool {
	if t.root != nil {
		t = t.root
	}
	if t.team < 0 || l.teams[t.team].open {
		return true
	}
	in := false
	for _, m := range l.teams[t.team].moves {
		if m.who == who && m.at.Seq < seq {
			in = m.in
		}
	}
	return in
}

// allowed tells of a brief made outside of working hours or in focus.
func (w *walker) allowed(b made) {
	if b.tau-b.window <= grace {
		if why := w.Wrong(b.window); why != "" {
			w.say("forbidden", "%s got a brief at %s: %s", w.name, w.when(b.window), why)
		}
		if b.at != b.window {
			w.say("late", "the brief of %s for %s counts as given %s", w.name, w.when(b.window), w.when(b.at))
		}
		return
	}
	if !w.Free(b.tau) {
		w.say("forbidden", "%s got a brief at %s: %s", w.name, w.when(b.tau), w.Wrong(b.tau))
	}
	if b.at != b.tau {
		w.say("late", "the brief of %s made %s counts as given %s", w.name, w.when(b.tau), w.when(b.at))
	}
}

// window holds a brief to what had to stand in it.
func (w *walker) window(b made) {
	v, ok := w.newest(b.tau)
	switch {
	case b.window <= w.sealed:
		w.say("twice", "%s has a second brief for %s, made %s", w.name, w.when(b.window), w.when(b.tau))
	case !ok || v.At != b.window:
		w.say("window", "%s has a brief for %s, made %s, which is no window of theirs by then", w.name, w.when(b.window), w.when(b.tau))
	}
	w.allowed(b)
	want := make(map[string]*thing)
	rest := w.waiting[:0]
	for _, d := range w.waiting {
		plan, ok := w.Reaches(d.urgent, d.written)
		switch {
		case w.settledBy(d, b.stamp):
			w.dropped(d)
		case !ok || plan > b.window:
			rest = append(rest, d)
		default:
			want[w.came(d, b, plan)] = d.thing
		}
	}
	w.waiting = rest
	w.streams(b, want)
	w.contents(b, want)
	w.sealed = max(w.sealed, b.window)
}

// dropped checks that what was settled has not come after all.
func (w *walker) dropped(d *directed) {
	w.ended++
	if row, ok := w.row(d); ok && row.at != 0 {
		w.say("early", "%s has got %s, which was not to come any more", w.name, w.what(d))
	}
}

func (w *walker) what(d *directed) string {
	return fmt.Sprintf("%s (%s, written %s)", w.thingName(d.thing), d.cause, time.Unix(0, d.written.Nano).UTC().Format("Mon 2 Jan 15:04:05 UTC"))
}

func (w *walker) thingName(t *thing) string {
	switch {
	case t.note != "":
		return fmt.Sprintf("the note %q on %s", t.note, w.thingName(t.root))
	case t.root != nil:
		return fmt.Sprintf("%s %d on %s", t.what, t.seq, w.thingName(t.root))
	}
	return fmt.Sprintf("%s %d", t.what, t.seq)
}

// came checks that a directed thing stands in a brief, and returns its id.
func (w *walker) came(d *directed, b made, plan int64) string {
	row, ok := w.row(d)
	switch {
	case !ok:
		w.say("missing", "%s has no delivery of %s, expected %s", w.name, w.what(d), w.when(plan))
	case row.at == 0:
		why := "it waits"
		if row.dropped != "" {
			why = "it was dropped as " + row.dropped
		}
		w.say("missing", "%s has not got %s in the brief of %s, where it belongs: %s", w.name, w.what(d), w.when(b.window), why)
	case row.brief != b.id:
		kind := "late"
		if row.at < plan {
			kind = "early"
		}
		w.say(kind, "%s has got %s at %s, and not in the brief of %s, where it belongs", w.name, w.what(d), w.when(row.at), w.when(b.window))
	default:
		w.tally.came++
	}
	if ok {
		w.given[row.item] = max(w.given[row.item], b.at)
	}
	return row.item
}

// urgent holds a brief between windows to what may stand in it.
func (w *walker) urgent(b made) {
	w.allowed(b)
	want := make(map[string]*thing)
	rest := w.waiting[:0]
	for _, d := range w.waiting {
		plan, ok := w.Reaches(d.urgent, d.written)
		row, has := w.row(d)
		switch {
		case w.settledBy(d, b.stamp) && !(has && row.brief == b.id):
			w.dropped(d)
		case !has || row.brief != b.id:
			rest = append(rest, d)
		case w.settledBy(d, b.stamp), !d.urgent, !ok, plan > b.window:
			w.say("early", "%s has got %s at %s, between windows, expected %s", w.name, w.what(d), w.when(b.at), w.when(plan))
		default:
			want[w.came(d, b, plan)] = d.thing
		}
	}
	w.waiting = rest
	w.contents(b, want)
}

// streams adds what a window's brief brings from streams.
func (w *walker) streams(b made, want map[string]*thing) {
	seq := int(b.stamp.order)
	daily, weekly := false, false
	for _, v := range w.Windows() {
		if w.sealed < v.At && v.At <= b.window {
			daily, weekly = daily || v.Daily, weekly || v.Weekly
		}
	}
	byName := make(map[string]bool)
	for id := range want {
		byName[id] = true
	}
	for _, r := range w.reads {
		if r.From().Seq >= seq || r.Over(seq) {
			continue
		}
		pace, from := r.PaceAt(seq)
		log := w.logs[r.stream]
		for r.next < len(log) && log[r.next].at.Seq < from {
			r.next++ // written before they followed, or while it was muted
		}
		if !(pace == oracle.AtWindow || pace == oracle.Daily && daily || pace == oracle.Weekly && weekly) {
			continue
		}
		for ; r.next < len(log) && log[r.next].at.Seq < seq && log[r.next].at.Second() <= b.window; r.next++ {
			e := log[r.next]
			if e.by == w.who || e.goneAt(seq) || !w.sawAt(w.who, e.thing, seq) {
				continue
			}
			if had := w.given[e.id]; had > 0 && !byName[e.id] && (e.kind != store.EventEdited || e.at.Nano/1e6 < had*1000) {
				continue
			}
			t := e.thing
			if e.kind == store.EventState { // what became of a crisis is one line: the crisis
				t = t.root
				if w.holds(store.ThreadStream(t.id), seq) {
					continue
				}
			}
			want[t.id] = t
			w.lines++
		}
	}
}

// holds reports whether the person has a hold on a stream of its own.
func (w *walker) holds(stream string, seq int) bool {
	return slices.ContainsFunc(w.reads, func(r *reading) bool { return r.stream == stream && r.From().Seq < seq && !r.Over(seq) })
}

// contents holds the new lines of a brief to what has to stand in it, each once.
func (w *walker) contents(b made, want map[string]*thing) {
	seen := make(map[string]bool)
	for _, l := range b.lines {
		if l.cause == store.CauseWaits {
			continue
		}
		if seen[l.item] {
			w.say("twice", "%s has %s twice in the brief of %s", w.name, w.itemName(l.item), w.when(b.window))
		}
		seen[l.item] = true
		if l.carried {
			continue
		}
		if want[l.item] == nil {
			kind := "early"
			if w.given[l.item] > 0 {
				kind = "twice"
			}
			w.say(kind, "%s has %s in the brief of %s, by %s%s, where it does not belong", w.name, w.itemName(l.item), w.when(b.window), l.cause, l.ofStream())
		}
	}
	for id, t := range want {
		if !seen[id] && id != "" {
			w.say("missing", "%s has not got %s in the brief of %s, where it belongs", w.name, w.thingName(t), w.when(b.window))
		}
	}
}

func (l line) ofStream() string {
	if l.stream == "" {
		return ""
	}
	return " of a stream"
}

func (w *walker) itemName(id string) string {
	for _, t := range w.things {
		if t.id == id {
			return w.thingName(t)
		}
	}
	return "something unknown"
}

// end tells of what had to come before the end and has not.
func (w *walker) end(s stamp) {
	w.take(s)
	w.overdue(s)
	for _, d := range w.waiting {
		if row, ok := w.row(d); ok && row.at != 0 {
			w.say("unasked", "%s has got %s at %s, in no brief of theirs", w.name, w.what(d), w.when(row.at))
		} else if !ok {
			w.say("missing", "%s has no delivery of %s", w.name, w.what(d))
		}
	}
}
