package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/access"
)

// Watched is somebody who raised many crises in an hour, and was not reviewed yet.
type Watched struct {
	Person Person
	Since  time.Time
	Raised int // in the hour before
}

// Watch records that a person raised many crises in an hour. first is true when
// they were not being watched yet.
func (t *Tx) Watch(ctx context.Context, person string, raised int, now time.Time) (first bool, err error) {
	n, err := t.exec(ctx, `UPDATE watched SET raised = $1 WHERE org_id = $2 AND person_id = $3`, raised, t.org, person)
	if err == nil && n == 0 {
		_, err = t.exec(ctx, `INSERT INTO watched (org_id, person_id, since, raised) VALUES ($1, $2, $3, $4)`, t.org, person, millis(now), raised)
	}
	if err != nil {
		return false, fmt.Errorf("watch: %w", err)
	}
	return n == 0, nil
}

// Unwatch ends it: an admin has looked.
func (t *Tx) Unwatch(ctx context.Context, person string) error {
	if _, err := t.exec(ctx, `DELETE FROM watched WHERE org_id = $1 AND person_id = $2`, t.org, person); err != nil {
		return fmt.Errorf("end watching: %w", err)
	}
	return nil
}

// IsWatched reports whether a person raised many crises and was not reviewed yet.
func (t *Tx) IsWatched(ctx context.Context, person string) (bool, error) {
	n, err := single(ctx, t.q, t.s.dialect, scanInt, `SELECT count(*) FROM watched WHERE org_id = $1 AND person_id = $2`, t.org, person)
	if err != nil {
		return false, fmt.Errorf("is watched: %w", err)
	}
	return n > 0, nil
}

// leadsOf are the leads of the teams that a person belongs to.
func (s *Store) leadsOf(ctx context.Context, q querier, org, person string) ([]string, error) {
	ids, err := list(ctx, q, s.dialect, scanString, `SELECT person_id FROM member WHERE org_id = $1
		AND team_id IN (SELECT team_id FROM member WHERE org_id = $1 AND person_id = $2) AND lead AND person_id <> $2`, org, person)
	if err != nil {
		return nil, fmt.Errorf("leads of %s: %w", person, err)
	}
	return unique(ids), nil
}

// LeadsOf returns the ids of the leads of the teams that a person belongs to.
func (t *Tx) LeadsOf(ctx context.Context, person string) ([]string, error) {
	return t.s.leadsOf(ctx, t.q, t.org, person)
}

// Watched lists those who are watched, for those who may end their right to
// raise a crisis.
func (r *Reader) Watched(ctx context.Context) ([]Watched, error) {
	type row struct {
		person        string
		since, raised int64
	}
	rows, err := list(ctx, r.s.read, r.s.dialect, func(s scanner) (row, error) {
		var v row
		err := s.Scan(&v.person, &v.since, &v.raised)
		return v, err
	}, `SELECT person_id, since, raised FROM watched WHERE org_id = $1 ORDER BY since, person_id`, r.viewer.Org)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var out []Watched
	for _, v := range rows {
		leads, err := r.s.leadsOf(ctx, r.s.read, r.viewer.Org, v.person)
		if err != nil {
			return nil, err
		}
		people, err := r.Names(ctx, []string{v.person})
		if err != nil {
			return nil, err
		}
		p := people[v.person]
		o := access.Object{Kind: access.Person, Org: r.viewer.Org, Person: p.ID, Shares: slices.Contains(leads, r.viewer.Person), Leads: leads, Watched: true}
		if p.State == access.Active && r.can(access.Curb, o) == nil {
			out = append(out, Watched{Person: p, Since: instant(v.since), Raised: int(v.raised)})
		}
	}
	return out, nil
}
