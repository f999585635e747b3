package store

import (
	"context"
	"errors"
	"slices"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
)

// The causes of a directed delivery.
const (
	CauseAsked   = "asked"   // the person is asked
	CauseTo      = "to"      // it is addressed to them
	CauseReader  = "reader"  // they are expected to read it
	CauseMention = "mention" // @handle
	CauseAnswer  = "answer"  // an answer to their ask
	CauseComment = "comment" // a comment on what they wrote
	CauseReplied = "replied" // a reply to what they said
	// CauseQuestion is a question back from somebody whom they ask.
	CauseQuestion = "question"
	CauseState    = "state"  // an ask of theirs was declined, handed on, given time, withdrawn
	CauseCrisis   = "crisis" // they are needed now
)

// CauseWaits is why an ask stands in its asker's brief: it waits, near or past
// due (R9.4). It is no delivery.
const CauseWaits = "waits"

// Why a waiting delivery was dropped at its window.
const (
	DroppedGone    = "gone"      // taken back by its writer
	DroppedAccess  = "no-access" // the person may no longer see it (R2.3)
	DroppedSettled = "settled"   // the ask needs no answer of theirs any more
)

// Wanted is what a brief of one person is to hold.
type Wanted struct {
	Person  Person
	Waiting []Delivery // those that the brief takes
	Paces   []Pace     // of the streams that it reads
	Until   worktime.Instant
	Reading Reading // how far the streams were read before
}

// Gathered is what stands for one person at one moment: the lines of a brief,
// the deliveries those lines end, the ones that are no longer true or allowed,
// how far the streams are read with it, and which follows of their own pace
// have moved. Asks are those of the lines and of the people beside them.
type Gathered struct {
	Lines   []brief.Line
	Given   []Delivery
	Dropped map[string]string
	Reading Reading
	Moved   []Follow
	Asks    map[string]ask.Ask
}

// section says where a directed item stands in a brief.
func section(cause string) brief.Section {
	switch cause {
	case CauseAsked:
		return brief.Asks
	case CauseAnswer, CauseComment, CauseReplied, CauseQuestion, CauseState:
		return brief.Replies
	case CauseCrisis:
		return brief.Crises
	}
	return brief.Named
}

// Gather collects what belongs into the briefs of several people, of each up to
// an instant: of the given waiting deliveries those that are still true, and
// from the streams of the given paces what is new. Rights are asked for here, at
// the moment of delivery (R12.1). Nothing is written.
func (t *Tx) Gather(ctx context.Context, wanted []Wanted) ([]Gathered, error) {
	return t.s.gather(ctx, t.q, t.org, wanted)
}

// table is what lies ready when briefs are put together: everything that any of
// them may need, read once.
type table struct {
	teams   map[string][]string // by person
	events  [][]Event           // new in the streams of each of those wanted
	carried map[string][]string // by person: asks that wait for them
	asked   map[string][]string // by person: asks of theirs that have a due time
	items   map[string]item.Item
	asks    map[string]ask.Ask
	// given is when an item was last given to a person by name.
	given map[[2]string]worktime.Instant
	// own holds the documents that a person follows by themselves.
	own map[[2]string]bool
}

func (s *Store) gather(ctx context.Context, q querier, org string, wanted []Wanted) ([]Gathered, error) {
	out := make([]Gathered, len(wanted))
	t, err := s.lay(ctx, q, org, wanted, out)
	if err != nil {
		return nil, err
	}
	for n, w := range wanted {
		actor := w.Person.Actor(t.teams[w.Person.ID])
		g := &out[n]
		g.Dropped, g.Asks = make(map[string]string), t.asks
		t.directed(actor, w.Waiting, g)
		if len(w.Paces) > 0 { // not into an urgent brief
			t.streams(actor, t.events[n], g)
			t.open(actor, g)
			next, ok := w.Person.Clock.Next(worktime.Normal, w.Until+1, worktime.NotSealed)
			t.askers(actor, next, ok, g)
		}
		g.Lines = brief.Compose(g.Lines)
	}
	return out, nil
}

// lay reads what the briefs of those wanted may need.
func (s *Store) lay(ctx context.Context, q querier, org string, wanted []Wanted, out []Gathered) (table, error) {
	var t table
	var people, readers, ids []string
	for _, w := range wanted {
		people = append(people, w.Person.ID)
		for _, d := range w.Waiting {
			ids = append(ids, d.Item)
		}
		if len(w.Paces) > 0 {
			readers = append(readers, w.Person.ID)
		}
	}
	var err error
	if t.teams, err = s.teamsOfAll(ctx, q, org, people); err != nil {
		return t, err
	}
	if t.events, err = s.streams(ctx, q, org, wanted, out); err != nil {
		return t, err
	}
	if t.carried, err = s.openAsks(ctx, q, org, readers); err != nil {
		return t, err
	}
	if t.asked, err = s.askedBy(ctx, q, org, readers); err != nil {
		return t, err
	}
	var news, threads [][2]string
	for n, w := range wanted {
		for _, e := range t.events[n] {
			ids = append(ids, e.Item)
			news = append(news, [2]string{w.Person.ID, e.Item})
		}
		ids = append(append(ids, t.carried[w.Person.ID]...), t.asked[w.Person.ID]...)
	}
	t.items, err = withRoots(ids, func(ids []string) (map[string]item.Item, error) { return s.heads(ctx, q, org, ids) })
	if err != nil {
		return t, err
	}
	var asks []string
	for id, i := range t.items {
		if i.Kind == item.Ask {
			asks = append(asks, id)
		}
	}
	slices.Sort(asks)
	if t.asks, err = s.asks(ctx, q, org, asks); err != nil {
		return t, err
	}
	if t.given, err = s.given(ctx, q, org, news); err != nil {
		return t, err
	}
	for n, w := range wanted {
		for _, e := range t.events[n] {
			if of := t.thread(e); of != "" && of != e.Stream {
				threads = append(threads, [2]string{w.Person.ID, of})
			}
		}
	}
	t.own, err = s.follow(ctx, q, org, threads)
	return t, err
}

// thread is the stream of the document that a change in another stream is about,
// "" for what is no such change.
func (t *table) thread(e Event) string {
	i, ok := t.items[e.Item]
	switch {
	case !ok || e.Kind == EventSent || isThread(e.Stream):
		return ""
	case e.Kind == EventState:
		return ThreadStream(i.Root)
	}
	return ThreadStream(i.ID)
}

// open adds the asks that were given before and still wait (R9.4).
func (t *table) open(actor access.Actor, g *Gathered) {
	for _, id := range t.carried[actor.Person] {
		i, ok := t.items[id]
		if !ok || !i.Gone.IsZero() || access.Can(actor, access.See, i.Object(nil)) != nil {
			continue
		}
		a := t.asks[id]
		r, err := a.Recipient(actor.Person)
		if err != nil || r.Started == 0 || !a.Live() {
			continue
		}
		// What the same item came with as new, by name or by a stream, is this line.
		g.Lines = slices.DeleteFunc(g.Lines, func(l brief.Line) bool { return l.Item == id && l.Delivery == "" })
		g.Lines = append(g.Lines, brief.Line{
			Section: brief.Asks, Item: id, Version: i.Version, Cause: CauseAsked, Due: r.Due, Carried: true, Sent: worktime.Of(i.Sent), Words: i.Words,
		})
	}
}

// askers adds the person's own asks that are near or past due (R9.4). next is
// the window after this brief, ok false when none is in sight.
func (t *table) askers(actor access.Actor, next worktime.Instant, ok bool, g *Gathered) {
	for _, id := range t.asked[actor.Person] {
		i, a := t.items[id], t.asks[id]
		if due := a.Due(); a.Live() && brief.Tells(due, next, ok) && access.Can(actor, access.See, i.Object(nil)) == nil {
			g.Lines = append(g.Lines, brief.Line{
				Section: brief.Asked, Item: id, Version: i.Version, Cause: CauseWaits, Due: due, Carried: true, Sent: worktime.Of(i.Sent),
			})
		}
	}
}

func (t *table) directed(actor access.Actor, waiting []Delivery, g *Gathered) {
	for _, d := range waiting {
		i, ok := t.items[d.Item]
		if !ok {
			g.Dropped[d.ID] = DroppedGone
			continue
		}
		if code := untrue(actor, d, i, t.items, t.asks); code != "" {
			g.Dropped[d.ID] = code
			continue
		}
		g.Given = append(g.Given, d)
		sec := section(d.Cause)
		if i.Root != "" { // said on something
			sec = brief.Replies
		}
		g.Lines = append(g.Lines, brief.Line{
			Section: sec, Item: i.ID, Version: i.Version, Delivery: d.ID, Cause: d.Cause,
			Due: dueOf(t.asks, i.ID, actor.Person), Sent: worktime.Of(i.Sent), Words: i.Words,
		})
	}
}

// untrue returns why a waiting delivery no longer stands, or "".
func untrue(actor access.Actor, d Delivery, i item.Item, items map[string]item.Item, asks map[string]ask.Ask) string {
	if !i.Gone.IsZero() {
		return DroppedGone
	}
	if access.Can(actor, access.See, object(i, items)) != nil {
		return DroppedAccess
	}
	if d.Cause == CauseAsked {
		a, ok := asks[i.ID]
		if !ok || !a.Live() {
			return DroppedSettled
		}
		if r, err := a.Recipient(d.Person); err != nil || r.State != ask.Waiting {
			return DroppedSettled
		}
	}
	return ""
}

// object is an item as core/access sees it, with its root's facts.
func object(i item.Item, items map[string]item.Item) access.Object {
	if i.Root == "" {
		return i.Object(nil)
	}
	root, ok := items[i.Root]
	if !ok {
		return access.Object{Kind: access.Item, Org: i.Org, Gone: true}
	}
	return i.Object(&root)
}

func dueOf(asks map[string]ask.Ask, itemID, person string) worktime.Instant {
	a, ok := asks[itemID]
	if !ok {
		return 0
	}
	r, err := a.Recipient(person)
	if err != nil {
		return 0
	}
	return r.Due
}

// streams adds what events of streams say to a reader who may see them.
func (t *table) streams(actor access.Actor, events []Event, g *Gathered) {
	for _, e := range events {
		i, ok := t.items[e.Item]
		if !ok || e.Actor == actor.Person || access.Can(actor, access.See, object(i, t.items)) != nil {
			continue
		}
		if at := t.given[[2]string{actor.Person, e.Item}]; at > 0 && (e.Kind != EventEdited || e.At.Before(at.Time())) {
			continue // it came by name, as it was then, and does not come twice (R1.2)
		}
		own := t.thread(e)
		if e.Kind == EventState { // what became of a crisis is one line: the crisis
			if i, ok = t.items[i.Root]; !ok {
				continue
			}
		}
		if own != "" && own != e.Stream && t.own[[2]string{actor.Person, own}] {
			continue // a document's pace beats its team's (R12.7)
		}
		g.Lines = append(g.Lines, brief.Line{
			Section: streamSection(e.Kind, i.Kind), Item: i.ID, Version: i.Version, Stream: e.Stream, Cause: e.Kind,
			Sent: worktime.Of(i.Sent), Words: i.Words,
		})
	}
}

// The kinds of event that a stream carries.
const (
	EventSent    = "sent"         // a new document
	EventComment = "comment"      // somebody said something on it
	EventEdited  = "edited"       // a new version
	EventState   = "crisis-state" // a crisis began, went on, ended
)

func streamSection(event string, kind item.Kind) brief.Section {
	switch {
	case kind == item.Crisis:
		return brief.Crises
	case event == EventSent:
		return brief.Updates
	}
	return brief.Rest // counted: what concerns the reader by name came by name
}

// hidden reports whether an error means that, for the viewer, nothing is there.
func hidden(err error) bool {
	return errors.Is(err, access.ErrHidden) || errors.Is(err, ErrNotFound)
}
