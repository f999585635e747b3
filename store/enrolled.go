package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rubato-hq/rubato/core/access"
)

// Enrolled is a person as admins see them.
type Enrolled struct {
	Person Person
	Email  string // the address they sign in with, the oldest if several, "" for none
}

// Finding says whom a listing of people is narrowed to.
type Finding struct {
	Words string       // that stand in their name, handle, address or place; "" for all
	State access.State // "" for any
}

// sought is what of a person is looked at to find them: also is their address
// where admins look, their place where others do.
type sought struct {
	id, name, handle, also string
	state                  access.State
	bot                    bool
}

const firstAddress = `coalesce((SELECT a.address FROM address a WHERE a.org_id = p.org_id AND a.person_id = p.id ORDER BY a.created_at, a.address LIMIT 1), '')`

func scanSought(s scanner) (sought, error) {
	var e sought
	err := s.Scan(&e.id, &e.name, &e.handle, &e.state, &e.bot, &e.also)
	return e, err
}

// FoundPage is a stretch of those whom a listing finds: Found are they all,
// Before those who come before it.
type FoundPage[T any] struct {
	Page[T]
	Found, Before int
}

// EnrolledPage lists for admins everybody whom a finding finds, whatever their
// state, by name: at most limit that follow the person of a Mark.
func (r *Reader) EnrolledPage(ctx context.Context, find Finding, after Mark, limit int) (FoundPage[Enrolled], error) {
	var page FoundPage[Enrolled]
	if err := r.governs(); err != nil {
		return page, err
	}
	all, err := r.everyone(ctx, firstAddress)
	if err != nil {
		return page, err
	}
	slices.SortFunc(all, byName)
	rows := stretch(&page, all, find.finds, after, limit)
	people, err := r.Names(ctx, ids(rows))
	for _, e := range rows {
		page.Rows = append(page.Rows, Enrolled{people[e.id], e.also})
	}
	return page, err
}

// PeoplePage is People in pages, narrowed to those in whose name, handle or
// place the words stand, "" for all.
func (r *Reader) PeoplePage(ctx context.Context, words string, after Mark, limit int) (FoundPage[Person], error) {
	var page FoundPage[Person]
	all, err := r.everyone(ctx, "p.place")
	if err != nil {
		return page, err
	}
	shared, err := r.shared(ctx)
	if err != nil {
		return page, err
	}
	slices.SortFunc(all, func(a, b sought) int {
		return cmp.Or(importedLast(a.state, b.state), byName(a, b))
	})
	find := Finding{Words: words}
	rows := stretch(&page, all, func(e sought) bool {
		return !e.bot && (e.state == access.Active || e.state == access.Imported) && find.finds(e) &&
			r.sees(Person{Org: r.viewer.Org, ID: e.id}, shared) == nil
	}, after, limit)
	people, err := r.Names(ctx, ids(rows))
	for _, e := range rows {
		page.Rows = append(page.Rows, people[e.id])
	}
	return page, err
}

// everyone is what is looked at to find people, of all who ever were here. A
// database folds the case of ASCII alone, and orders by its own locale: what is
// found, and its order, are the same on both because neither does it.
func (r *Reader) everyone(ctx context.Context, also string) ([]sought, error) {
	all, err := list(ctx, r.s.read, r.s.dialect, scanSought, `SELECT p.id, p.name, p.handle, p.state, p.bot, `+also+` FROM person p WHERE p.org_id = $1 ORDER BY p.id`, r.viewer.Org)
	if err != nil {
		return nil, fmt.Errorf("everybody: %w", err)
	}
	return all, nil
}

func byName(a, b sought) int {
	return cmp.Or(cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), cmp.Compare(a.id, b.id))
}

func importedLast(a, b access.State) int {
	switch {
	case a == access.Imported && b != a:
		return 1
	case b == access.Imported && a != b:
		return -1
	}
	return 0
}

// stretch returns at most limit of those found, behind the person of a Mark,
// who need not be found any more, and counts them all into page.
func stretch[T any](page *FoundPage[T], all []sought, found func(sought) bool, after Mark, limit int) []sought {
	reached := after.ID == ""
	var rows []sought
	for _, e := range all {
		if found(e) {
			page.Found++
			switch {
			case !reached:
				page.Before++
			case len(rows) <= limit:
				rows = append(rows, e)
			}
		}
		reached = reached || e.id == after.ID
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = Mark{ID: rows[limit-1].id}
	}
	return rows
}

func ids(rows []sought) []string {
	out := make([]string, len(rows))
	for i, e := range rows {
		out[i] = e.id
	}
	return out
}

func (f Finding) finds(e sought) bool {
	text := strings.ToLower(e.name + "\n" + e.handle + "\n" + e.also)
	for word := range strings.FieldsSeq(strings.ToLower(f.Words)) {
		if !strings.Contains(text, strings.TrimPrefix(word, "@")) {
			return false
		}
	}
	return f.State == "" || f.State == e.state
}

// Enrolled returns one person as admins see them.
func (r *Reader) Enrolled(ctx context.Context, id string) (Enrolled, error) {
	if err := r.governs(); err != nil {
		return Enrolled{}, err
	}
	e, err := single(ctx, r.s.read, r.s.dialect, scanSought, `SELECT p.id, p.name, p.handle, p.state, p.bot, `+firstAddress+` FROM person p WHERE p.org_id = $1 AND p.id = $2`, r.viewer.Org, id)
	if err != nil {
		return Enrolled{}, r.hide(err)
	}
	people, err := r.Names(ctx, []string{id})
	return Enrolled{people[id], e.also}, err
}
