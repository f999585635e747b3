package simtest

import (
	"slices"

	"github.com/rubato-hq/rubato/store"
)

// asked holds every brief to what it says of its reader's own asks: those that
// are past due or due before their next brief, and no others (R9.4).
func (c *comparison) asked() {
	told := make(map[string]map[int64]map[string]bool) // by asker, window and item
	for _, b := range c.f.briefs {
		for _, l := range b.lines {
			if l.cause != store.CauseWaits {
				continue
			}
			if b.kind != "window" || !l.carried || l.delivery != "" {
				c.rep.say("twice", "%s has %s as something new, in a brief (%s) of %s", c.name(b.person), c.itemName(l.item), b.kind, c.when(b.at, b.person))
			}
			if told[b.person] == nil {
				told[b.person] = make(map[int64]map[string]bool)
			}
			if told[b.person][b.window] == nil {
				told[b.person][b.window] = make(map[string]bool)
			}
			told[b.person][b.window][l.item] = true
		}
	}
	for _, t := range c.things {
		if t.ask == nil {
			continue
		}
		who := c.ids[t.by]
		for _, w := range c.people[t.by].Windows() {
			got := told[who][w.At][t.id]
			delete(told[who][w.At], t.id)
			want, sure := c.tells(t, w.At)
			if !sure {
				continue
			}
			c.rep.checked++
			if want {
				c.rep.told++
			}
			switch {
			case want && !got:
				c.rep.say("missing", "%s is not told that %s is near or past due, in the brief of %s", c.name(who), c.thingName(t), c.when(w.At, who))
			case got && !want:
				c.rep.say("early", "%s is told of %s in the brief of %s, where it is not near due, or not open", c.name(who), c.thingName(t), c.when(w.At, who))
			}
		}
	}
	for who, briefs := range told {
		for at, items := range briefs {
			for id := range items {
				c.rep.say("unasked", "%s is told in the brief of %s of %s, which is no ask of theirs", c.name(who), c.when(at, who), c.itemName(id))
			}
		}
	}
}

// tells reports whether the brief of an asker has to say when their ask is due.
// It is not sure where the ask reaches somebody at that very second, for then
// either brief may be first, and for what lies beyond the end.
func (c *comparison) tells(t *thing, look int64) (tells, sure bool) {
	if !t.ask.asked[0].since.Before(look) || t.ask.withdrawn.Nano != 0 && t.ask.withdrawn.Before(look) || t.goneBy(look) || !c.openTo(t.by, t, look) {
		return false, true
	}
	const beyond = int64(1) << 62
	var dues []int64 // of those who have answered or may
	waits, answers, can, needed := 0, 0, 0, t.ask.need
	for _, r := range t.ask.asked {
		state := r.at(look)
		if t.ask.need == 0 && state != "" && state != "handed" {
			needed++
		}
		if state != "waiting" && state != "answered" {
			continue
		}
		can++
		until := look
		if state == "answered" {
			answers++
			until = min(until, r.ended.Second())
		} else {
			waits++
		}
		switch at, ok := c.came(t, r.who); {
		case ok && at == look:
			return false, false
		case ok && at < look:
			due, known := c.people[r.who].Due(at, t.ask.urgent, until)
			if !known {
				due = beyond
			}
			dues = append(dues, due)
		case state == "answered": // before it came
			dues = append(dues, 0)
		}
	}
	if waits == 0 || answers >= needed && answers > 0 {
		return false, true
	}
	k := min(needed, can)
	if k > len(dues) {
		return false, true
	}
	slices.Sort(dues)
	next, ok := c.people[t.by].Next(look)
	if !ok || dues[k-1] == beyond && next >= c.s.to.Unix() {
		return false, false
	}
	return dues[k-1] > 0 && dues[k-1] <= next, true
}

// came is when an ask had to reach one of those who are asked.
func (c *comparison) came(t *thing, who int) (int64, bool) {
	for _, d := range t.sent {
		if d.who == who && d.cause == store.CauseAsked {
			return c.expects(d)
		}
	}
	return 0, false
}
