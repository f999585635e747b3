package door

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
)

// Bounds of what a person can write. A longer text is refused with what was
// typed kept.
const (
	MaxPoint  = 2_000
	MaxBody   = 400_000
	MaxPeople = 200
)

// Writing is what every kind of item has in common when it is sent.
type Writing struct {
	// Key is the request's idempotency key; Draft, if set, is the draft it
	// grew from, which ends with the sending.
	Key   string
	Draft string
	// Source is the id of the ask that this document settles, "" for none.
	Source string
	// Point is the conclusion or the ask; Body is the context. Markdown.
	Point string
	Body  string
	// Team is the id of the team it is for. Wide sends it to the whole
	// organisation. With neither it is for its people alone.
	Team string
	Wide bool
	// To and Readers are ids of people.
	To      []string
	Readers []string
}

// Planned is when one person gets something, as promised to its writer.
type Planned struct {
	Person string
	Plan   layer.Plan
}

// Receipt tells the writer what was sent and the promise made for each person.
type Receipt struct {
	ID    string
	Ref   string
	Plans []Planned
	// Again is true when the same request came before: this is its receipt,
	// and nothing was done twice.
	Again bool
}

// sending is one item on its way into the store.
type sending struct {
	d      *Door
	tx     *store.Tx
	by     access.Actor
	now    time.Time
	from   worktime.Instant
	people map[string]store.Person
	sealed map[string]worktime.Instant
}

// begin resolves and locks the people of a sending and then reads the clock:
// nothing of theirs can be sealed between the plan and the commit, so the
// receipt is a promise (architecture 3).
func (d *Door) begin(ctx context.Context, tx *store.Tx, by access.Actor, people []string) (*sending, error) {
	if len(people) > MaxPeople {
		return nil, problem("to", "too-many-people")
	}
	return d.hold(ctx, tx, by, people)
}

// hold is begin for people whom nobody has named, however many they are.
func (d *Door) hold(ctx context.Context, tx *store.Tx, by access.Actor, people []string) (*sending, error) {
	found, err := tx.People(ctx, people)
	if errors.Is(err, store.ErrNotFound) {
		return nil, problem("to", "unknown-person")
	}
	if err != nil {
		return nil, err
	}
	s := &sending{d: d, tx: tx, by: by, people: make(map[string]store.Person, len(found))}
	for _, p := range found {
		s.people[p.ID] = p
	}
	// The writer's own too, in the same order: they follow what they write.
	if s.sealed, err = tx.Lock(ctx, slices.Concat(people, []string{by.Person})); err != nil {
		return nil, err
	}
	s.now = d.now()
	s.from = worktime.Of(s.now)
	return s, nil
}

// add writes a new item of a kind with those it names, and tells its stream.
func (s *sending) add(ctx context.Context, kind item.Kind, id string, w Writing) (item.Item, error) {
	switch {
	case len(w.Point) > MaxPoint:
		return item.Item{}, problem("point", "too-long")
	case len(w.Body) > MaxBody:
		return item.Item{}, problem("body", "too-long")
	}
	if err := s.audience(ctx, w); err != nil {
		return item.Item{}, err
	}
	i := item.Item{
		ID: id, Org: s.by.Org, Kind: kind, Team: w.Team, Wide: w.Wide, Author: s.by.Person,
		Point: w.Point, Body: w.Body, Words: markup.Words(w.Point) + markup.Words(w.Body),
		Origin: item.Here, Sent: s.now, Edited: s.now, People: s.named(w),
	}
	i, err := s.tx.AddItem(ctx, i)
	if err != nil {
		return i, err
	}
	if stream := streamOf(i); stream != "" {
		if err := s.tell(ctx, stream, store.EventSent, i); err != nil {
			return i, err
		}
	}
	// Writing it is following it (R12.7).
	if err := s.tx.AddFollow(ctx, s.by.Person, store.ThreadStream(i.ID), store.PaceWindow, s.now); err != nil {
		return i, err
	}
	return i, nil
}

// streamOf is the stream in which an item appears, "" for one to people alone.
func streamOf(i item.Item) string {
	switch {
	case i.Team != "":
		return store.TeamStream(i.Team)
	case i.Wide:
		return store.WideStream
	}
	return ""
}

func (s *sending) tell(ctx context.Context, stream, kind string, i item.Item) error {
	return s.tx.AddEvent(ctx, store.Event{ID: store.NewID(s.now), Stream: stream, Kind: kind, Item: i.ID, Version: i.Version, Actor: s.by.Person, At: s.now})
}

// audience asks whether the writer may write there, and whether each person
// named would see it: what nobody could open is not sent.
func (s *sending) audience(ctx context.Context, w Writing) error {
	probe := item.Item{Org: s.by.Org, Author: s.by.Person, Team: w.Team, Wide: w.Wide, People: s.named(w)}
	switch {
	case w.Team != "" && w.Wide:
		return problem("team", "team-or-all")
	case w.Team != "":
		team, err := s.tx.Team(ctx, w.Team)
		if errors.Is(err, store.ErrNotFound) {
			return problem("team", "unknown-team")
		}
		if err != nil {
			return err
		}
		if err := access.Can(s.by, access.WriteIn, team.Object()); errors.Is(err, access.ErrHidden) {
			return problem("team", "unknown-team")
		} else if err != nil {
			return err
		}
		probe.Open = team.Open
	case w.Wide:
		if err := access.Can(s.by, access.WriteIn, access.Object{Kind: access.Organisation, Org: s.by.Org}); err != nil {
			return err
		}
	case len(w.To)+len(w.Readers) == 0:
		return problem("to", "nobody")
	}
	for _, id := range probe.Names(item.To, item.Reader) {
		p := s.people[id]
		if err := s.addressable(ctx, p); err != nil {
			return err
		}
		actor, err := s.tx.Actor(ctx, p)
		if err != nil {
			return err
		}
		if access.Can(actor, access.See, probe.Object(nil)) != nil {
			return &Problem{Field: "to", Code: "not-in-team", Name: p.Name}
		}
	}
	return nil
}

// addressable asks whether the writer may name this person, and whether they
// have joined: nothing is delivered to a name from an import.
func (s *sending) addressable(ctx context.Context, p store.Person) error {
	actor, err := s.tx.Actor(ctx, p)
	if err != nil {
		return err
	}
	shares := false
	for team := range s.by.Teams {
		shares = shares || actor.Teams[team]
	}
	if access.Can(s.by, access.Address, access.Object{Kind: access.Person, Org: p.Org, Person: p.ID, Shares: shares}) != nil {
		return problem("to", "unknown-person")
	}
	if p.State != access.Active {
		return &Problem{Field: "to", Code: "not-here", Name: p.Name}
	}
	return nil
}

// named lists whom a writing names, each once by the strongest naming.
func (s *sending) named(w Writing) []item.Named {
	var out []item.Named
	add := func(id string, as item.Naming) {
		if !slices.ContainsFunc(out, func(n item.Named) bool { return n.Person == id }) {
			out = append(out, item.Named{Person: id, As: as})
		}
	}
	for _, id := range unique(w.To) {
		add(id, item.To)
	}
	for _, id := range unique(w.Readers) {
		add(id, item.Reader)
	}
	for id, p := range s.people {
		if slices.Contains(w.To, id) || slices.Contains(w.Readers, id) || id == s.by.Person {
			continue
		}
		if slices.Contains(mentioned(w), p.Handle) {
			add(id, item.Mentioned)
		}
	}
	slices.SortStableFunc(out, func(a, b item.Named) int { return order(a.As) - order(b.As) })
	return out
}

func order(n item.Naming) int {
	return slices.Index([]item.Naming{item.To, item.Reader, item.Mentioned}, n)
}

func unique(ids []string) []string { return slices.Compact(slices.Sorted(slices.Values(ids))) }

// mentioned returns the handles in a writing's words.
func mentioned(w Writing) []string {
	return append(markup.Mentions(w.Point), markup.Mentions(w.Body)...)
}

// deliver writes a directed item's row for one person and promises when it
// reaches them. Somebody who cannot be delivered to gets no row and no promise.
func (s *sending) deliver(ctx context.Context, i item.Item, person, cause string, class worktime.Class, term *worktime.Term) (Planned, bool, error) {
	p, known := s.people[person]
	sealed, ticks := s.sealed[person]
	if !known || !ticks {
		return Planned{}, false, nil
	}
	var plan layer.Plan
	if term != nil {
		plan = layer.ReachDue(class, p.Reader(sealed), s.from, *term)
	} else {
		plan = layer.Reach(class, p.Reader(sealed), s.from)
	}
	added, err := s.tx.AddDelivery(ctx, store.Delivery{
		ID: store.NewID(s.now), Person: person, Item: i.ID, Version: i.Version, Cause: cause, Class: class,
		From: s.from, Plan: plan.At, PlanWhy: string(plan.Why.Code),
	})
	if err != nil || !added {
		return Planned{}, false, err
	}
	if plan.OK {
		if err := s.tx.MoveTick(ctx, person, plan.At.Time()); err != nil {
			return Planned{}, false, err
		}
	}
	return Planned{Person: person, Plan: plan}, true, nil
}
