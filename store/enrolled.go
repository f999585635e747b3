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
	Words string       // that stand in their name, handle or address; "" for all
	State access.State // "" for any
}

// enrolled is what of a person is looked at to find them.
type enrolled struct {
	id, name, handle, email string
	state                   access.State
}

const firstAddress = `coalesce((SELECT a.address FROM address a WHERE a.org_id = p.org_id AND a.person_id = p.id ORDER BY a.created_at, a.address LIMIT 1), '')`

func scanEnrolled(s scanner) (enrolled, error) {
	var e enrolled
	err := s.Scan(&e.id, &e.name, &e.handle, &e.state, &e.email)
	return e, err
}

// EnrolledPage is a stretch of those whom a finding finds: Found are they all,
// Before those who come before it.
type EnrolledPage struct {
	Page[Enrolled]
	Found, Before int
}

// EnrolledPage lists for admins everybody whom a finding finds, whatever their
// state, by name: at most limit that follow the person of a Mark.
func (r *Reader) EnrolledPage(ctx context.Context, find Finding, after Mark, limit int) (EnrolledPage, error) {
	var page EnrolledPage
	if err := r.governs(); err != nil {
		return page, err
	}
	// A database folds the case of ASCII alone, and orders by its own locale: here
	// it is the same on both.
	all, err := list(ctx, r.s.read, r.s.dialect, scanEnrolled, `SELECT p.id, p.name, p.handle, p.state, `+firstAddress+` FROM person p WHERE p.org_id = $1 ORDER BY p.id`, r.viewer.Org)
	if err != nil {
		return page, fmt.Errorf("everybody: %w", err)
	}
	slices.SortFunc(all, func(a, b enrolled) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), cmp.Compare(a.id, b.id))
	})
	reached := after.ID == ""
	var rows []enrolled
	for _, e := range all {
		if find.finds(e) {
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
	ids := make([]string, len(rows))
	for i, e := range rows {
		ids[i] = e.id
	}
	people, err := r.Names(ctx, ids)
	for _, e := range rows {
		page.Rows = append(page.Rows, Enrolled{people[e.id], e.email})
	}
	return page, err
}

func (f Finding) finds(e enrolled) bool {
	text := strings.ToLower(e.name + "\n" + e.handle + "\n" + e.email)
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
	e, err := single(ctx, r.s.read, r.s.dialect, scanEnrolled, `SELECT p.id, p.name, p.handle, p.state, `+firstAddress+` FROM person p WHERE p.org_id = $1 AND p.id = $2`, r.viewer.Org, id)
	if err != nil {
		return Enrolled{}, r.hide(err)
	}
	people, err := r.Names(ctx, []string{id})
	return Enrolled{people[id], e.email}, err
}
