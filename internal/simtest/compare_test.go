package simtest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/store"
)

// difference is one thing that did not come as it had to, in plain words.
type difference struct{ kind, says string }

// report is what a life came to.
type report struct {
	seed           uint64
	people, zones  int
	items          int
	directed       int // directed deliveries that were asked for
	came           int // of them, those that had to come before the end, and did
	ended          int // rightly not: taken back, settled, no longer allowed, or still waiting
	lines          int // of streams that had to come
	told           int // lines of asks to their askers that had to be there
	briefs, empty  int
	promises       int
	checked        int
	changes        int
	differences    []difference
	seconds        float64
	done           map[verb]int
	urgent, atEdge int
}

func (r *report) count(kind string) int {
	n := 0
	for _, d := range r.differences {
		if d.kind == kind {
			n++
		}
	}
	return n
}

func (r *report) String() string {
	var acts []string
	for do, n := range r.done {
		acts = append(acts, fmt.Sprintf("%d %s", n, do))
	}
	slices.Sort(acts)
	return fmt.Sprintf(`seed %d: %d people in %d zones, %d changes of charter, %d items
directed deliveries %d (%d urgent, %d written within a second of a window): came %d, rightly ended or still waiting %d
lines of streams %d, of asks to their askers %d, briefs %d (%d with something new, %d empty), promises on receipts %d
checked %d: early %d, late %d, twice %d, missing %d, out of hours or in focus %d, briefs without a window %d, promises broken %d, not asked for %d
done: %s
%.1f s`,
		r.seed, r.people, r.zones, r.changes, r.items,
		r.directed, r.urgent, r.atEdge, r.came, r.ended,
		r.lines, r.told, r.briefs, r.briefs-r.empty, r.empty, r.promises,
		r.checked, r.count("early"), r.count("late"), r.count("twice"), r.count("missing"), r.count("forbidden"), r.count("window"), r.count("promise"), r.count("unasked"),
		strings.Join(acts, ", "), r.seconds)
}

// say adds a difference.
func (r *report) say(kind, format string, args ...any) {
	r.differences = append(r.differences, difference{kind, fmt.Sprintf(format, args...)})
}

func (r *run) index(id string) int { return slices.Index(r.ids, id) }

func (r *run) name(id string) string {
	if i := r.index(id); i >= 0 {
		return fmt.Sprintf("%s (%s)", r.s.people[i].handle, r.s.people[i].charters[0].Zone)
	}
	return "somebody unknown " + id
}

// when tells an instant in UTC and on the wall clock of somebody's first zone.
func (r *run) when(at int64, who string) string {
	if at == 0 {
		return "never"
	}
	t := time.Unix(at, 0).UTC()
	out := t.Format("Mon 2 Jan 15:04:05 UTC")
	if i := r.index(who); i >= 0 {
		if loc, err := time.LoadLocation(r.s.people[i].charters[0].Zone); err == nil {
			out += t.In(loc).Format(" (15:04:05 there)")
		}
	}
	return out
}

func (r *run) thingName(t *thing) string {
	switch {
	case t.note != "":
		return fmt.Sprintf("the note %q on %s", t.note, r.thingName(t.root))
	case t.root != nil:
		return fmt.Sprintf("%s %d by %s on %s", t.what, t.seq, r.s.people[t.by].handle, r.thingName(t.root))
	}
	return fmt.Sprintf("%s %d by %s", t.what, t.seq, r.s.people[t.by].handle)
}

// comparison holds what came to what had to.
type comparison struct {
	*run

	f   facts
	rep *report
	// had is what each person has had by name, by item, and when it had to come.
	had map[string]map[string][]int64
	// note holds the rows of notes, by item and person.
	note map[[2]string]bool
	// want is what has to stand in each brief of a person, by its instant.
	want map[string]map[int64]map[string]*thing
}

// compare reads the database of a life and returns how it went.
func compare(r *run, f facts) *report {
	c := comparison{
		run: r, f: f, note: make(map[[2]string]bool), had: make(map[string]map[string][]int64), want: make(map[string]map[int64]map[string]*thing),
		rep: &report{seed: r.s.seed, people: len(r.s.people), items: len(r.things), promises: r.promises, differences: r.broken, done: r.done},
	}
	zone := make(map[string]bool)
	for _, p := range r.s.people {
		zone[p.charters[0].Zone] = true
	}
	c.rep.zones, c.rep.changes = len(zone), r.done[doCharter]
	c.directed()
	c.streams()
	c.contents()
	c.asked()
	c.windows()
	c.sent()
	c.rep.checked += c.rep.promises
	return c.rep
}

type rowKey struct {
	person, item, cause string
	version             int64
}

// directed checks every directed thing: the instant at which it came, that it
// came once, and that nothing came that nobody asked for.
func (c *comparison) directed() {
	got := make(map[rowKey]delivered)
	for _, d := range c.f.deliveries {
		if d.cause == store.CauseState {
			c.note[[2]string{d.item, d.person}] = true
		}
		k := rowKey{d.person, d.item, d.cause, d.version}
		if _, twice := got[k]; twice {
			c.rep.say("twice", "%s has two rows for item %s", c.name(d.person), d.item)
		}
		got[k] = d
	}
	for _, d := range c.life.sent {
		c.rep.directed++
		if d.urgent {
			c.rep.urgent++
		}
		if off := (d.written.Nano + int64(time.Second)) % int64(time.Minute); off <= int64(2*time.Second) {
			c.rep.atEdge++
		}
		who := c.ids[d.who]
		id := d.id
		if d.note != "" {
			id = c.noteID(d)
		}
		k := rowKey{who, id, d.cause, d.version}
		row, ok := got[k]
		delete(got, k)
		want, comes := c.expects(d)
		if comes {
			c.mark(who, want, d.thing, id)
		}
		c.rep.checked++
		if comes && ok && row.at == want {
			c.rep.came++
			c.inBrief(d, row, want)
			continue
		}
		what := c.what(d)
		switch {
		case !ok:
			c.rep.say("missing", "%s: there is no delivery, expected %s", what, c.when(want, who))
		case !comes && row.at != 0:
			c.rep.say("early", "%s: came %s, expected never", what, c.when(row.at, who))
		case !comes:
			c.rep.ended++
		case row.at == 0:
			c.rep.say("missing", "%s: has not come (%s), expected %s", what, cmp.Or(row.dropped, "waiting"), c.when(want, who))
		case row.at < want:
			c.rep.say("early", "%s: came %s, expected %s", what, c.when(row.at, who), c.when(want, who))
		default:
			c.rep.say("late", "%s: came %s, expected %s", what, c.when(row.at, who), c.when(want, who))
		}
	}
	for _, d := range got {
		c.rep.say("unasked", "%s got %s of item %s, which nobody asked for", c.name(d.person), d.cause, d.item)
	}
}

// what tells of a directed thing.
func (c *comparison) what(d *directed) string {
	return fmt.Sprintf("%s for %s (%s), written %s", c.thingName(d.thing), c.name(c.ids[d.who]), d.cause, c.when(d.written.Second(), ""))
}

// noteID finds the note among those that say the same: one per person.
func (c *comparison) noteID(d *directed) string {
	for _, id := range c.f.notes[noteKey{d.root.id, c.ids[d.by], d.note}] {
		if c.note[[2]string{id, c.ids[d.who]}] {
			return id
		}
	}
	return ""
}

func (c *comparison) mark(who string, at int64, t *thing, id string) {
	if c.had[who] == nil {
		c.had[who] = make(map[string][]int64)
	}
	c.had[who][id] = append(c.had[who][id], at)
	c.expectIn(who, at, t, id)
}

func (c *comparison) expectIn(who string, at int64, t *thing, id string) {
	if c.want[who] == nil {
		c.want[who] = make(map[int64]map[string]*thing)
	}
	if c.want[who][at] == nil {
		c.want[who][at] = make(map[string]*thing)
	}
	c.want[who][at][id] = t
}

// inBrief checks that a delivery stands once in the brief it was given with,
// and that the brief was made at that instant in truth.
func (c *comparison) inBrief(d *directed, row delivered, want int64) {
	b := c.f.briefs[row.brief]
	if b == nil || b.person != row.person {
		c.rep.say("missing", "%s: is in no brief of theirs", c.what(d))
		return
	}
	n := 0
	for _, l := range b.lines {
		if l.delivery == row.id {
			n++
		}
	}
	switch {
	case n == 0:
		c.rep.say("missing", "%s: has no line in its brief", c.what(d))
	case n > 1:
		c.rep.say("twice", "%s: has %d lines in its brief", c.what(d), n)
	}
	if b.at != want || b.made != want*1000 {
		c.rep.say("late", "%s: its brief was made %s, expected %s", c.what(d), c.when(b.made/1000, b.person), c.when(want, b.person))
	}
}

// streams says in which brief each event of a stream must stand. What came by
// name does not come again by a stream (R1.2), but for what was changed since.
func (c *comparison) streams() {
	for _, e := range c.events {
		for _, h := range c.follows[e.stream] {
			if h.who == e.by {
				continue
			}
			at, ok := h.Reads(e.at)
			who := c.ids[h.who]
			if !ok || e.goneBy(at) || !c.openTo(h.who, e.thing, at) {
				continue
			}
			if slices.ContainsFunc(c.had[who][e.id], func(had int64) bool {
				return had == at || had < at && (e.kind != store.EventEdited || e.at.Nano < had*int64(time.Second))
			}) {
				continue
			}
			c.rep.lines++
			c.rep.checked++
			c.expectIn(who, at, e.thing, e.id)
		}
	}
}

// contents holds the lines of every brief to what has to stand in it.
func (c *comparison) contents() {
	came := make(map[string]map[string][]int64) // by person and item
	for _, b := range c.together() {
		seen := make(map[string]bool)
		for _, l := range b.lines {
			if l.carried {
				seen[l.item] = true
				continue
			}
			if l.delivery == "" && seen[l.item] {
				c.rep.say("twice", "%s has item %s twice in the brief of %s", c.name(b.person), l.item, c.when(b.at, b.person))
			}
			seen[l.item] = true
			if came[b.person] == nil {
				came[b.person] = make(map[string][]int64)
			}
			came[b.person][l.item] = append(came[b.person][l.item], b.at)
			if c.want[b.person][b.at][l.item] == nil {
				c.rep.say(c.early(b, l.item), "%s has %s in the brief of %s, by %s, where it does not belong; expected %s", c.name(b.person), c.itemName(l.item), c.when(b.at, b.person), cmp.Or(l.stream, l.cause), c.expectedAt(b.person, l.item))
			}
		}
		for id, t := range c.want[b.person][b.at] {
			if !seen[id] {
				c.rep.say("missing", "%s has not got %s in the brief of %s, where it belongs; it came %v", c.name(b.person), c.thingName(t), c.when(b.at, b.person), came[b.person][id])
			}
		}
		delete(c.want[b.person], b.at)
	}
	for who, briefs := range c.want {
		for at, things := range briefs {
			c.rep.say("missing", "%s has no brief at %s, expected %d things in it", c.name(who), c.when(at, who), len(things))
		}
	}
}

// together are the briefs, with one for those of a person at one second: what
// is urgent and written at a window may come just after its brief.
func (c *comparison) together() []*sealed {
	type key struct {
		person string
		at     int64
	}
	all := make(map[key]*sealed)
	var out []*sealed
	for _, b := range c.f.briefs {
		k := key{b.person, b.at}
		if all[k] == nil {
			one := *b
			one.lines = nil
			all[k] = &one
			out = append(out, &one)
		}
		all[k].lines = append(all[k].lines, b.lines...)
	}
	return out
}

// early tells how a line that does not belong is wrong: the item had come by
// then, it comes too soon, or too late.
func (c *comparison) early(b *sealed, id string) string {
	kind := "early"
	for _, had := range c.had[b.person][id] {
		if had <= b.at {
			kind = "twice"
		}
	}
	return kind
}

func (c *comparison) expectedAt(who, id string) string {
	var out []string
	for at, things := range c.want[who] {
		if things[id] != nil {
			out = append(out, c.when(at, who))
		}
	}
	for _, at := range c.had[who][id] {
		out = append(out, "by name "+c.when(at, who))
	}
	slices.Sort(out)
	return cmp.Or(strings.Join(out, ", "), "never, or in a brief that is told of above")
}

func (c *comparison) itemName(id string) string {
	for _, t := range c.things {
		if t.id == id {
			return c.thingName(t)
		}
	}
	return "item " + id
}

// windows checks that every window has its brief, made at that second, and no
// brief is without one; that urgent ones come between; and that nothing at all
// comes outside working hours or in focus (R1.1).
func (c *comparison) windows() {
	made := make(map[string]map[int64]int)
	for _, b := range c.f.briefs {
		c.rep.briefs++
		if b.fresh() == 0 {
			c.rep.empty++
		}
		c.rep.checked++
		if why := c.people[c.index(b.person)].Wrong(b.made / 1000); why != "" {
			c.rep.say("forbidden", "%s got a brief at %s: %s", c.name(b.person), c.when(b.made/1000, b.person), why)
		}
		if b.made != b.at*1000 {
			c.rep.say("late", "the brief of %s for %s was made %s", c.name(b.person), c.when(b.at, b.person), c.when(b.made/1000, b.person))
		}
		if b.kind == "urgent" {
			continue
		}
		if made[b.person] == nil {
			made[b.person] = make(map[int64]int)
		}
		made[b.person][b.window]++
	}
	for i, p := range c.people {
		who := c.ids[i]
		if who == "" {
			continue
		}
		for _, w := range p.Windows() {
			if n := made[who][w.At]; n != 1 {
				c.rep.say("window", "%s has %d briefs for the window of %s", c.name(who), n, c.when(w.At, who))
			}
			delete(made[who], w.At)
		}
		for at := range made[who] {
			c.rep.say("window", "%s has a brief for %s, which is no window of theirs", c.name(who), c.when(at, who))
		}
	}
}

// sent checks the mail, where it was sent: one message for every brief with
// something new, at the very instant of the brief.
func (c *comparison) sent() {
	if c.mail == nil {
		return
	}
	messages := make(map[string][]time.Time)
	for _, m := range c.mail.All() {
		messages[m.Subject] = append(messages[m.Subject], m.At)
	}
	for id, b := range c.f.briefs {
		sent := messages[id]
		c.rep.checked++
		switch {
		case b.fresh() == 0 && len(sent) > 0:
			c.rep.say("unasked", "%s got a message about an empty brief of %s", c.name(b.person), c.when(b.at, b.person))
		case b.fresh() == 0:
		case len(sent) == 0 && !c.people[c.index(b.person)].Here(b.at):
		case len(sent) == 0:
			c.rep.say("missing", "%s got no message about the brief of %s", c.name(b.person), c.when(b.at, b.person))
		case len(sent) > 1:
			c.rep.say("twice", "%s got %d messages about the brief of %s", c.name(b.person), len(sent), c.when(b.at, b.person))
		case sent[0].Unix() < b.at:
			c.rep.say("early", "%s got a message at %s about the brief of %s", c.name(b.person), c.when(sent[0].Unix(), b.person), c.when(b.at, b.person))
		case sent[0].Unix() > b.at:
			c.rep.say("late", "%s got a message at %s about the brief of %s", c.name(b.person), c.when(sent[0].Unix(), b.person), c.when(b.at, b.person))
		}
	}
}
