package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
)

// Reader reads what its viewer may see: every object is asked for at
// core/access before it is handed out, and what is hidden is ErrHidden there.
type Reader struct {
	s      *Store
	viewer access.Actor
}

// Reader returns a reader for one viewer, in the viewer's organisation.
func (s *Store) Reader(viewer access.Actor) *Reader { return &Reader{s: s, viewer: viewer} }

// can turns a missing row into "hidden", as rights do.
func (r *Reader) can(act access.Action, o access.Object) error { return access.Can(r.viewer, act, o) }

// private is what a viewer reads of their own: somebody who is not here any
// more reads nothing, and neither does a token that is held to a team.
func (r *Reader) private() error {
	return r.can(access.See, access.Object{Kind: access.Draft, Org: r.viewer.Org, Person: r.viewer.Person})
}

func (r *Reader) hide(err error) error {
	if hidden(err) {
		return access.ErrHidden
	}
	return err
}

// Me returns the viewer.
func (r *Reader) Me(ctx context.Context) (Person, error) {
	p, _, err := r.s.actor(ctx, r.viewer.Org, r.viewer.Person)
	return p, r.hide(err)
}

// Organisation returns the viewer's organisation.
func (r *Reader) Organisation(ctx context.Context) (Organisation, error) {
	o, err := single(ctx, r.s.read, r.s.dialect, scanOrganisation, `SELECT org_id, name, url, created_at FROM organisation WHERE org_id = $1`, r.viewer.Org)
	return o, r.hide(err)
}

// People returns the people the viewer may name, by name. Imported names come
// last; people who left, and bots, are left out.
func (r *Reader) People(ctx context.Context) ([]Person, error) {
	all, err := r.s.persons(ctx, r.viewer.Org, `p.state IN ('active', 'imported') AND p.bot = FALSE ORDER BY p.id`)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	return nameable(ctx, r, all, func(p Person) Name { return Name{ID: p.ID, Name: p.Name, State: p.State} })
}

// Name is somebody as a list of names has them.
type Name struct {
	ID     string
	Handle string
	Name   string
	Place  string
	State  access.State
}

func scanName(r scanner) (Name, error) {
	var n Name
	err := r.Scan(&n.ID, &n.Handle, &n.Name, &n.Place, &n.State)
	return n, err
}

// Nameable is People without their charters.
func (r *Reader) Nameable(ctx context.Context) ([]Name, error) {
	all, err := list(ctx, r.s.read, r.s.dialect, scanName, `SELECT p.id, p.handle, p.name, p.place, p.state FROM person p
		WHERE p.org_id = $1 AND p.state IN ('active', 'imported') AND p.bot = FALSE ORDER BY p.id`, r.viewer.Org)
	if err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	return nameable(ctx, r, all, func(n Name) Name { return n })
}

// FewNameable is Nameable where so many people are here at most, and nobody
// where there are more.
func (r *Reader) FewNameable(ctx context.Context, most int) ([]Name, error) {
	n, err := single(ctx, r.s.read, r.s.dialect, scanInt, `SELECT count(*) FROM (SELECT p.id FROM person p
		WHERE p.org_id = $1 AND p.state IN ('active', 'imported') AND p.bot = FALSE ORDER BY p.id LIMIT $2) AS few`, r.viewer.Org, most+1)
	if err != nil || n > int64(most) {
		return nil, err
	}
	return r.Nameable(ctx)
}

// nameable are those of a list whom the viewer may name, by name.
func nameable[T any](ctx context.Context, r *Reader, all []T, name func(T) Name) ([]T, error) {
	shared, err := r.shared(ctx)
	if err != nil {
		return nil, err
	}
	type named struct {
		lower string
		Name
		at int
	}
	var seen []named
	for i, one := range all {
		if n := name(one); r.sees(Person{ID: n.ID, Org: r.viewer.Org}, shared) == nil {
			seen = append(seen, named{strings.ToLower(n.Name), n, i})
		}
	}
	slices.SortFunc(seen, func(a, b named) int {
		return cmp.Or(importedLast(a.State, b.State), cmp.Compare(a.lower, b.lower), cmp.Compare(a.ID, b.ID))
	})
	out := make([]T, len(seen))
	for i, n := range seen {
		out[i] = all[n.at]
	}
	return out, nil
}

// shared holds the people who share a team with the viewer; only a guest's
// sight depends on it.
func (r *Reader) shared(ctx context.Context) (map[string]bool, error) {
	out := make(map[string]bool)
	if r.viewer.Role != access.Guest {
		return out, nil
	}
	ids, err := list(ctx, r.s.read, r.s.dialect, scanString, `SELECT person_id FROM member WHERE org_id = $1
		AND team_id IN (SELECT team_id FROM member WHERE org_id = $1 AND person_id = $2)`, r.viewer.Org, r.viewer.Person)
	if err != nil {
		return nil, fmt.Errorf("people in shared teams: %w", err)
	}
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}

// Names returns people by id, whoever they are: a name beside an item stays
// when its person left.
func (r *Reader) Names(ctx context.Context, ids []string) (map[string]Person, error) {
	return r.s.names(ctx, r.viewer.Org, ids)
}

func (s *Store) names(ctx context.Context, org string, ids []string) (map[string]Person, error) {
	out := make(map[string]Person)
	people, err := byIDs(unique(ids), func(set string, ids []any) ([]Person, error) {
		return s.persons(ctx, org, `p.id IN `+set+` ORDER BY p.id`, ids...)
	})
	if err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	for _, p := range people {
		out[p.ID] = p
	}
	return out, nil
}

// Everybody lists for admins all who were ever here, but for bots: active ones
// first, then by name.
func (r *Reader) Everybody(ctx context.Context) ([]Person, error) {
	if err := r.governs(); err != nil {
		return nil, err
	}
	all, err := r.s.persons(ctx, r.viewer.Org, `p.bot = FALSE ORDER BY p.state, p.name, p.id`)
	if err != nil {
		return nil, fmt.Errorf("everybody: %w", err)
	}
	return all, nil
}

// Handles tells which of these handles are of people whom the viewer may name.
func (r *Reader) Handles(ctx context.Context, handles []string) (map[string]bool, error) {
	out := make(map[string]bool)
	handles = unique(handles)
	if len(handles) == 0 {
		return out, nil
	}
	shared, err := r.shared(ctx)
	if err != nil {
		return nil, err
	}
	type row struct{ id, handle string }
	for chunk := range slices.Chunk(handles, maxKeys) {
		set, args := in(padded(chunk))
		rows, err := list(ctx, r.s.read, r.s.dialect, func(s scanner) (row, error) {
			var v row
			err := s.Scan(&v.id, &v.handle)
			return v, err
		}, `SELECT id, handle FROM person WHERE org_id = $1 AND handle IN `+set+` AND state IN ('active', 'imported') AND bot = FALSE ORDER BY handle, id`, append([]any{r.viewer.Org}, args...)...)
		if err != nil {
			return nil, fmt.Errorf("handles: %w", err)
		}
		for _, v := range rows {
			out[v.handle] = r.sees(Person{ID: v.id, Org: r.viewer.Org}, shared) == nil
		}
	}
	return out, nil
}

// PersonByHandle returns a person the viewer may see.
func (r *Reader) PersonByHandle(ctx context.Context, handle string) (Person, error) {
	p, err := r.s.person(ctx, r.viewer.Org, `p.handle = $2`, handle)
	if err != nil {
		return p, r.hide(err)
	}
	shared, err := r.shared(ctx)
	if err != nil {
		return p, err
	}
	return p, r.sees(p, shared)
}

// View is an item as its viewer reads it.
type View struct {
	Item item.Item
	// Root is the document that a comment or answer belongs to.
	Root *item.Item
	// Ask is set for asks.
	Ask *ask.Ask
	// Source is the ask that it was made from, Into the document that an ask
	// became; nil for none that the viewer sees.
	Source, Into *item.Item
	// Deliveries tells the author when each person got or gets it, and
	// anybody else only their own.
	Deliveries []Delivery
	// Can says what the viewer may do.
	Can map[access.Action]bool
}

// ItemByRef returns an item at its permanent address with what belongs to it.
func (r *Reader) ItemByRef(ctx context.Context, kind item.Kind, number int64) (View, error) {
	i, err := r.s.item(ctx, r.s.read, r.viewer.Org, byNumber, kind, number)
	if err != nil {
		return View{}, r.hide(err)
	}
	return r.view(ctx, i)
}

// Item is ItemByRef by the opaque id. A comment or answer comes with its root.
func (r *Reader) Item(ctx context.Context, id string) (View, error) {
	i, err := r.s.item(ctx, r.s.read, r.viewer.Org, `i.id = $2`, id)
	if err != nil {
		return View{}, r.hide(err)
	}
	return r.view(ctx, i)
}

func (r *Reader) view(ctx context.Context, i item.Item) (View, error) {
	v := View{Item: i, Can: make(map[access.Action]bool)}
	if i.Root != "" {
		root, err := r.s.item(ctx, r.s.read, r.viewer.Org, `i.id = $2`, i.Root)
		if err != nil {
			return View{}, r.hide(err)
		}
		v.Root = &root
	}
	o := i.Object(v.Root)
	if err := r.can(access.See, o); err != nil {
		return View{}, err
	}
	for _, act := range []access.Action{access.Comment, access.Edit, access.Delete, access.Answer, access.Manage, access.Settle} {
		v.Can[act] = r.can(act, o) == nil
	}
	asks, err := r.s.asks(ctx, r.s.read, r.viewer.Org, []string{i.ID})
	if err != nil {
		return View{}, err
	}
	if a, ok := asks[i.ID]; ok {
		v.Ask = &a
	}
	if err := r.linked(ctx, &v); err != nil {
		return View{}, err
	}
	v.Deliveries, err = list(ctx, r.s.read, r.s.dialect, scanDelivery, `SELECT `+deliveryColumns+` FROM delivery
		WHERE org_id = $1 AND item_id = $2 AND ($3 = TRUE OR person_id = $4) ORDER BY person_id, item_version`,
		r.viewer.Org, i.ID, i.Author == r.viewer.Person, r.viewer.Person)
	if err != nil {
		return View{}, fmt.Errorf("deliveries of the item: %w", err)
	}
	return v, nil
}

// linked finds the document that an ask became, or the ask behind a document (R9.3).
func (r *Reader) linked(ctx context.Context, v *View) error {
	ids := []string{}
	if v.Ask != nil && v.Ask.Document != "" {
		ids = append(ids, v.Ask.Document)
	} else if v.Item.Kind == item.Update || v.Item.Kind == item.Request {
		var err error
		ids, err = list(ctx, r.s.read, r.s.dialect, scanString, `SELECT item_id FROM ask WHERE org_id = $1 AND document_id = $2 AND document_id <> '' ORDER BY item_id`, r.viewer.Org, v.Item.ID)
		if err != nil {
			return fmt.Errorf("source of a document: %w", err)
		}
	}
	found, err := r.s.items(ctx, r.s.read, r.viewer.Org, ids)
	if err != nil {
		return err
	}
	for _, i := range found {
		switch {
		case r.can(access.See, i.Object(nil)) != nil:
		case v.Ask != nil:
			v.Into = &i
		default:
			v.Source = &i
		}
	}
	return nil
}

// Sealed is the last window whose brief was made for a person, and ok whether
// anything is delivered to them at all. The preview of a promise needs it.
func (r *Reader) Sealed(ctx context.Context, people []string) (map[string]worktime.Instant, error) {
	out := make(map[string]worktime.Instant)
	people = unique(people)
	if len(people) == 0 {
		return out, nil
	}
	type row struct {
		person string
		sealed worktime.Instant
	}
	set, args := in(people)
	rows, err := list(ctx, r.s.read, r.s.dialect, func(s scanner) (row, error) {
		var v row
		err := s.Scan(&v.person, &v.sealed)
		return v, err
	}, `SELECT person_id, sealed_sec FROM tick WHERE org_id = $1 AND person_id IN `+set+` ORDER BY person_id`, append([]any{r.viewer.Org}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("sealed windows: %w", err)
	}
	for _, v := range rows {
		out[v.person] = v.sealed
	}
	return out, nil
}

// Delivery returns one delivery with its item: its receiver's own, or one of
// an item that the viewer wrote.
func (r *Reader) Delivery(ctx context.Context, id string) (Delivery, View, error) {
	d, err := single(ctx, r.s.read, r.s.dialect, scanDelivery, `SELECT `+deliveryColumns+` FROM delivery WHERE org_id = $1 AND id = $2`, r.viewer.Org, id)
	if err != nil {
		return d, View{}, r.hide(err)
	}
	v, err := r.Item(ctx, d.Item)
	if err != nil {
		return d, View{}, err
	}
	if d.Person != r.viewer.Person && v.Item.Author != r.viewer.Person {
		return d, View{}, access.ErrHidden
	}
	return d, v, nil
}

// AskLine is one ask in a list.
type AskLine struct {
	Item item.Item
	Ask  ask.Ask
}

// AsksToMe returns the asks that wait for the viewer and have reached them, by due time.
func (r *Reader) AsksToMe(ctx context.Context) ([]AskLine, error) {
	ids, err := r.s.openAsks(ctx, r.s.read, r.viewer.Org, []string{r.viewer.Person})
	if err != nil {
		return nil, err
	}
	lines, err := r.askLines(ctx, ids[r.viewer.Person])
	if err != nil {
		return nil, err
	}
	var out []AskLine
	for _, l := range lines {
		if one, err := l.Ask.Recipient(r.viewer.Person); err == nil && one.Started != 0 {
			out = append(out, l)
		}
	}
	return out, nil
}

// AsksDone returns the asks to the viewer that are settled, newest first, at
// most limit.
func (r *Reader) AsksDone(ctx context.Context, limit int) ([]AskLine, error) {
	ids, err := list(ctx, r.s.read, r.s.dialect, scanString, `SELECT d.item_id FROM asked d WHERE d.org_id = $1 AND d.person_id = $2 AND d.state <> 'waiting'
		ORDER BY d.settled_at DESC, d.item_id DESC LIMIT $3`, r.viewer.Org, r.viewer.Person, limit)
	if err != nil {
		return nil, fmt.Errorf("asks done: %w", err)
	}
	return r.askLines(ctx, ids)
}

// AsksOfMine returns the asks that the viewer wrote, newest first, at most limit.
func (r *Reader) AsksOfMine(ctx context.Context, limit int) ([]AskLine, error) {
	ids, err := list(ctx, r.s.read, r.s.dialect, scanString, `SELECT i.id FROM item i WHERE i.org_id = $1 AND i.author_id = $2 AND i.root_id = '' AND i.kind = 'ask' AND i.gone_at = 0
		ORDER BY i.sent_at DESC, i.id DESC LIMIT $3`, r.viewer.Org, r.viewer.Person, limit)
	if err != nil {
		return nil, fmt.Errorf("asks of mine: %w", err)
	}
	return r.askLines(ctx, ids)
}

func (r *Reader) askLines(ctx context.Context, ids []string) ([]AskLine, error) {
	items, err := r.s.items(ctx, r.s.read, r.viewer.Org, ids)
	if err != nil {
		return nil, err
	}
	asks, err := r.s.asks(ctx, r.s.read, r.viewer.Org, ids)
	if err != nil {
		return nil, err
	}
	var out []AskLine
	for _, id := range ids {
		i, ok := items[id]
		if ok && r.can(access.See, i.Object(nil)) == nil {
			out = append(out, AskLine{Item: i, Ask: asks[id]})
		}
	}
	return out, nil
}

// Reigns returns the clocks of a person that were in force from an instant on,
// to explain a plan.
func (r *Reader) Reigns(ctx context.Context, person string, since worktime.Instant) ([]layer.Reign, error) {
	return r.s.reigns(ctx, r.s.read, r.viewer.Org, person, since)
}
