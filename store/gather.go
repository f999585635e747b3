package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
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

// Gathered is what stands for one person at one moment: the lines of a brief,
// the deliveries those lines end, the ones that are no longer true or allowed,
// and how far each stream was read.
type Gathered struct {
	Lines   []brief.Line
	Given   []Delivery
	Dropped map[string]string
	Moved   []Follow
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

// eventPage is how many events of a stream are read at a time.
const eventPage = 500

// Gather collects what belongs into a brief of a person up to an instant: of
// the given waiting deliveries those that are still true, and from the streams
// of the given paces what is new. Rights are asked for here, at the moment of
// delivery (R12.1). Nothing is written.
func (t *Tx) Gather(ctx context.Context, p Person, waiting []Delivery, paces []Pace, until worktime.Instant) (Gathered, error) {
	return t.s.gather(ctx, t.q, p, waiting, paces, until)
}

func (s *Store) gather(ctx context.Context, q querier, p Person, waiting []Delivery, paces []Pace, until worktime.Instant) (Gathered, error) {
	g := Gathered{Dropped: map[string]string{}}
	teams, err := s.teamsOf(ctx, q, p.Org, p.ID)
	if err != nil {
		return g, err
	}
	actor := p.Actor(teams)
	if err := s.gatherDirected(ctx, q, actor, waiting, &g); err != nil {
		return g, err
	}
	if err := s.gatherStreams(ctx, q, actor, paces, until, &g); err != nil {
		return g, err
	}
	if len(paces) > 0 { // not into an urgent brief
		if err := s.gatherCarried(ctx, q, actor, &g); err != nil {
			return g, err
		}
		next, ok := p.Clock.Next(worktime.Normal, until+1, worktime.NotSealed)
		if err := s.gatherAsked(ctx, q, actor, next, ok, &g); err != nil {
			return g, err
		}
	}
	g.Lines = brief.Compose(g.Lines)
	return g, nil
}

// gatherCarried adds the asks that were given before and still wait (R9.4).
func (s *Store) gatherCarried(ctx context.Context, q querier, actor access.Actor, g *Gathered) error {
	ids, err := s.openAsks(ctx, q, actor.Org, actor.Person)
	if err != nil {
		return err
	}
	items, asks, err := s.itemsAndAsks(ctx, q, actor.Org, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		i, ok := items[id]
		if !ok || !i.Gone.IsZero() || access.Can(actor, access.See, i.Object(nil)) != nil {
			continue
		}
		a := asks[id]
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
	return nil
}

// gatherAsked adds the person's own asks that are near or past due (R9.4). next
// is the window after this brief, ok false when none is in sight.
func (s *Store) gatherAsked(ctx context.Context, q querier, actor access.Actor, next worktime.Instant, ok bool, g *Gathered) error {
	ids, err := s.askedBy(ctx, q, actor.Org, actor.Person, next)
	if err != nil {
		return err
	}
	items, asks, err := s.itemsAndAsks(ctx, q, actor.Org, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		i, a := items[id], asks[id]
		if due := a.Due(); a.Live() && brief.Tells(due, next, ok) && access.Can(actor, access.See, i.Object(nil)) == nil {
			g.Lines = append(g.Lines, brief.Line{
				Section: brief.Asked, Item: id, Version: i.Version, Cause: CauseWaits, Due: due, Carried: true, Sent: worktime.Of(i.Sent),
			})
		}
	}
	return nil
}

func (s *Store) itemsAndAsks(ctx context.Context, q querier, org string, ids []string) (map[string]item.Item, map[string]ask.Ask, error) {
	items, err := s.items(ctx, q, org, ids)
	if err != nil {
		return nil, nil, err
	}
	asks, err := s.asks(ctx, q, org, ids)
	return items, asks, err
}

func (s *Store) gatherDirected(ctx context.Context, q querier, actor access.Actor, waiting []Delivery, g *Gathered) error {
	ids := make([]string, len(waiting))
	for i, d := range waiting {
		ids[i] = d.Item
	}
	items, err := s.withRoots(ctx, q, actor.Org, ids)
	if err != nil {
		return err
	}
	asks, err := s.asks(ctx, q, actor.Org, ids)
	if err != nil {
		return err
	}
	for _, d := range waiting {
		i, ok := items[d.Item]
		if !ok {
			g.Dropped[d.ID] = DroppedGone
			continue
		}
		if code := untrue(actor, d, i, items, asks); code != "" {
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
			Due: dueOf(asks, i.ID, actor.Person), Sent: worktime.Of(i.Sent), Words: i.Words,
		})
	}
	return nil
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

// withRoots returns items by id together with the documents they belong to.
func (s *Store) withRoots(ctx context.Context, q querier, org string, ids []string) (map[string]item.Item, error) {
	items, err := s.items(ctx, q, org, unique(ids))
	if err != nil {
		return nil, err
	}
	var roots []string
	for _, i := range items {
		if _, ok := items[i.Root]; i.Root != "" && !ok {
			roots = append(roots, i.Root)
		}
	}
	more, err := s.items(ctx, q, org, unique(roots))
	maps.Copy(items, more)
	return items, err
}

func unique(ids []string) []string { return slices.Compact(slices.Sorted(slices.Values(ids))) }

// heard is a follow whose stream may hold something that is new to its person.
type heard struct {
	Follow
	news bool
}

func (s *Store) heard(ctx context.Context, q querier, org, person string) ([]heard, error) {
	hs, err := list(ctx, q, s.dialect, func(r scanner) (heard, error) {
		var h heard
		var since int64
		err := r.Scan(&h.Person, &h.Stream, &h.Pace, &h.ByHand, &h.Position.Tx, &h.Position.N, &since, &h.news)
		h.Since = instant(since)
		return h, err
	}, `SELECT f.person_id, f.stream, f.pace, f.by_hand, f.pos_tx, f.pos_n, f.since,
		EXISTS (SELECT 1 FROM event e WHERE e.org_id = f.org_id AND e.stream = f.stream AND (e.tx, e.n) > (f.pos_tx, f.pos_n))
		FROM follow f WHERE f.org_id = $1 AND f.person_id = $2 ORDER BY f.stream`, org, person)
	if err != nil {
		return nil, fmt.Errorf("streams with news: %w", err)
	}
	return hs, nil
}

func (s *Store) gatherStreams(ctx context.Context, q querier, actor access.Actor, paces []Pace, until worktime.Instant, g *Gathered) error {
	if len(paces) == 0 {
		return nil
	}
	follows, err := s.heard(ctx, q, actor.Org, actor.Person)
	if err != nil {
		return err
	}
	threads := make(map[string]bool) // documents with a pace of their own
	var events []Event
	for _, f := range follows {
		threads[f.Stream] = true
		if !f.news || !slices.Contains(paces, f.Pace) {
			continue
		}
		fresh, last, err := s.newEvents(ctx, q, actor.Org, f.Follow, until)
		if err != nil {
			return err
		}
		if last == f.Position {
			continue
		}
		f.Position = last
		g.Moved = append(g.Moved, f.Follow)
		events = append(events, fresh...)
	}
	for page := range slices.Chunk(events, eventPage) { // a statement has room for only so many ids
		lines, err := s.streamLines(ctx, q, actor, page, threads)
		if err != nil {
			return err
		}
		g.Lines = append(g.Lines, lines...)
	}
	return nil
}

// streamLines are what events of streams say to a reader who may see them.
// threads are the documents whose pace the reader chose.
func (s *Store) streamLines(ctx context.Context, q querier, actor access.Actor, events []Event, threads map[string]bool) ([]brief.Line, error) {
	ids := make([]string, len(events))
	for n, e := range events {
		ids[n] = e.Item
	}
	items, err := s.withRoots(ctx, q, actor.Org, ids)
	if err != nil {
		return nil, err
	}
	had, err := s.given(ctx, q, actor.Org, actor.Person, ids)
	if err != nil {
		return nil, err
	}
	var lines []brief.Line
	for _, e := range events {
		i, ok := items[e.Item]
		if !ok || e.Actor == actor.Person || access.Can(actor, access.See, object(i, items)) != nil {
			continue
		}
		if at := had[e.Item]; at > 0 && (e.Kind != EventEdited || e.At.Before(at.Time())) {
			continue // it came by name, as it was then, and does not come twice (R1.2)
		}
		if e.Kind == EventState { // what became of a crisis is one line: the crisis
			if i, ok = items[i.Root]; !ok {
				continue
			}
		}
		if e.Stream != ThreadStream(i.ID) && threads[ThreadStream(i.ID)] && e.Kind != EventSent {
			continue // a document's pace beats its team's (R12.7)
		}
		lines = append(lines, brief.Line{
			Section: streamSection(e.Kind, i.Kind), Item: i.ID, Version: i.Version, Stream: e.Stream, Cause: e.Kind,
			Sent: worktime.Of(i.Sent), Words: i.Words,
		})
	}
	return lines, nil
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

// newEvents reads a stream from a follow's position up to an instant. It stops
// at the first later event, so that the next window begins exactly there.
func (s *Store) newEvents(ctx context.Context, q querier, org string, f Follow, until worktime.Instant) ([]Event, Position, error) {
	var out []Event
	last := f.Position
	for {
		page, err := s.eventsAfter(ctx, q, org, f.Stream, last, eventPage)
		if err != nil {
			return nil, last, err
		}
		for _, e := range page {
			if worktime.Of(e.At) > until {
				return out, last, nil
			}
			out = append(out, e)
			last = e.Position
		}
		if len(page) < eventPage {
			return out, last, nil
		}
	}
}

// hidden reports whether an error means that, for the viewer, nothing is there.
func hidden(err error) bool {
	return errors.Is(err, access.ErrHidden) || errors.Is(err, ErrNotFound)
}
