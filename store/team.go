package store

import (
	"context"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
)

// Team is a team of an organisation. An open one is read by all in it.
type Team struct {
	ID      string
	Org     string
	Slug    string
	Name    string
	Purpose string
	Open    bool
	Created time.Time
}

// Object is the team as core/access sees it.
func (t Team) Object() access.Object {
	return access.Object{Kind: access.Team, Org: t.Org, Team: t.ID, Open: t.Open}
}

const teamColumns = `id, org_id, slug, name, purpose, open, created_at`

func scanTeam(r scanner) (Team, error) {
	var t Team
	var created int64
	err := r.Scan(&t.ID, &t.Org, &t.Slug, &t.Name, &t.Purpose, &t.Open, &created)
	t.Created = instant(created)
	return t, err
}

// AddTeam writes a new team. A slug that looks like a name already held is ErrExists.
func (t *Tx) AddTeam(ctx context.Context, team Team) error {
	if err := t.takeName(ctx, team.Slug, "", team.ID); err != nil {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO team (org_id, id, slug, name, purpose, open, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		t.org, team.ID, team.Slug, team.Name, team.Purpose, team.Open, millis(team.Created))
	if err != nil {
		return fmt.Errorf("add team: %w", err)
	}
	return nil
}

// SetTeam writes a team's name, purpose and openness.
func (t *Tx) SetTeam(ctx context.Context, team Team) error {
	err := t.one(ctx, `UPDATE team SET name = $1, purpose = $2, open = $3 WHERE org_id = $4 AND id = $5`, team.Name, team.Purpose, team.Open, t.org, team.ID)
	if err != nil {
		return fmt.Errorf("set team: %w", err)
	}
	return nil
}

// Team returns one team, unscoped.
func (t *Tx) Team(ctx context.Context, id string) (Team, error) {
	team, err := single(ctx, t.q, t.s.dialect, scanTeam, `SELECT `+teamColumns+` FROM team WHERE org_id = $1 AND id = $2`, t.org, id)
	if err != nil {
		return team, fmt.Errorf("team %s: %w", id, err)
	}
	return team, nil
}

// TeamBySlug is Team by its slug.
func (t *Tx) TeamBySlug(ctx context.Context, slug string) (Team, error) {
	team, err := single(ctx, t.q, t.s.dialect, scanTeam, `SELECT `+teamColumns+` FROM team WHERE org_id = $1 AND slug = $2`, t.org, slug)
	if err != nil {
		return team, fmt.Errorf("team %s: %w", slug, err)
	}
	return team, nil
}

// AddMember puts a person into a team; a member already there stays as they are.
func (t *Tx) AddMember(ctx context.Context, team, person string, lead bool, now time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO member (org_id, team_id, person_id, lead, since) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id, team_id, person_id) DO NOTHING`,
		t.org, team, person, lead, millis(now))
	if err != nil {
		return fmt.Errorf("add member: %w", err)
	}
	return nil
}

// DropMember takes a person out of a team.
func (t *Tx) DropMember(ctx context.Context, team, person string) error {
	if err := t.one(ctx, `DELETE FROM member WHERE org_id = $1 AND team_id = $2 AND person_id = $3`, t.org, team, person); err != nil {
		return fmt.Errorf("drop member: %w", err)
	}
	return nil
}

// TeamsOf returns the ids of the teams that a person belongs to.
func (t *Tx) TeamsOf(ctx context.Context, person string) ([]string, error) {
	return t.s.teamsOf(ctx, t.q, t.org, person)
}

func (s *Store) teamsOf(ctx context.Context, q querier, org, person string) ([]string, error) {
	teams, err := s.teamsOfAll(ctx, q, org, []string{person})
	return teams[person], err
}

// teamsOfAll is the teams of several people, by person.
func (s *Store) teamsOfAll(ctx context.Context, q querier, org string, people []string) (map[string][]string, error) {
	rows, err := byIDs(people, func(set string, ids []any) ([]idOf, error) {
		return list(ctx, q, s.dialect, scanIDOf, `SELECT person_id, team_id FROM member WHERE org_id = $1 AND person_id IN `+set+` ORDER BY person_id, team_id`, append([]any{org}, ids...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("teams of people: %w", err)
	}
	return byPerson(rows), nil
}

// Actor returns a person as core/access sees them at this moment.
func (t *Tx) Actor(ctx context.Context, p Person) (access.Actor, error) {
	teams, err := t.TeamsOf(ctx, p.ID)
	return p.Actor(teams), err
}

// Teams returns the teams that the viewer may see, by name.
func (r *Reader) Teams(ctx context.Context) ([]Team, error) {
	all, err := list(ctx, r.s.read, r.s.dialect, scanTeam, `SELECT `+teamColumns+` FROM team WHERE org_id = $1 ORDER BY name, id`, r.viewer.Org)
	if err != nil {
		return nil, fmt.Errorf("teams: %w", err)
	}
	var out []Team
	for _, t := range all {
		if r.can(access.See, t.Object()) == nil {
			out = append(out, t)
		}
	}
	return out, nil
}

// TeamBySlug returns a team that the viewer may see.
func (r *Reader) TeamBySlug(ctx context.Context, slug string) (Team, error) {
	t, err := single(ctx, r.s.read, r.s.dialect, scanTeam, `SELECT `+teamColumns+` FROM team WHERE org_id = $1 AND slug = $2`, r.viewer.Org, slug)
	if err != nil {
		return t, r.hide(err)
	}
	return t, r.can(access.See, t.Object())
}

// Membership is somebody who belongs to a team.
type Membership struct {
	Person Person
	Lead   bool
}

// Members returns who belongs to a team that the viewer was shown, by name.
func (r *Reader) Members(ctx context.Context, t Team) ([]Membership, error) {
	type row struct {
		person string
		lead   bool
	}
	rows, err := list(ctx, r.s.read, r.s.dialect, func(s scanner) (row, error) {
		var v row
		err := s.Scan(&v.person, &v.lead)
		return v, err
	}, `SELECT m.person_id, m.lead FROM member m JOIN person p ON p.org_id = m.org_id AND p.id = m.person_id
		WHERE m.org_id = $1 AND m.team_id = $2 AND p.state IN ('active', 'imported') ORDER BY p.name, p.id`, r.viewer.Org, t.ID)
	if err != nil {
		return nil, fmt.Errorf("members: %w", err)
	}
	ids := make([]string, len(rows))
	for i, v := range rows {
		ids[i] = v.person
	}
	people, err := r.Names(ctx, ids)
	out := make([]Membership, len(rows))
	for i, v := range rows {
		out[i] = Membership{Person: people[v.person], Lead: v.lead}
	}
	return out, err
}

// TeamItems returns what a team wrote, newest first: the documents before an
// item's id, "" for the newest, and the id to go on with, "" for the end. They
// come without what stands below their point.
func (r *Reader) TeamItems(ctx context.Context, t Team, before string, limit int) (items []item.Item, next string, err error) {
	items, err = list(ctx, r.s.read, r.s.dialect, scanItem, `SELECT `+lineColumns+itemFrom+`
		WHERE i.org_id = $1 AND i.team_id = $2 AND i.root_id = '' AND i.gone_at = 0 AND ($3 = '' OR i.id < $3) ORDER BY i.id DESC LIMIT $4`, r.viewer.Org, t.ID, before, limit)
	if err != nil {
		return nil, "", fmt.Errorf("items of the team: %w", err)
	}
	if len(items) == limit {
		next = items[len(items)-1].ID
	}
	return items, next, nil
}

// Paces returns how fast the viewer follows those of the streams that they
// follow, by stream.
func (r *Reader) Paces(ctx context.Context, streams []string) (map[string]Pace, error) {
	follows, err := r.s.follows(ctx, r.s.read, r.viewer.Org, r.viewer.Person, streams)
	return pacesOf(follows), err
}

// AllPaces returns how fast the viewer follows all that they follow: each thread
// that they are in is a stream, so that these can be thousands.
func (r *Reader) AllPaces(ctx context.Context) (map[string]Pace, error) {
	follows, err := list(ctx, r.s.read, r.s.dialect, scanFollow, `SELECT `+followColumns+` FROM follow f WHERE f.org_id = $1 AND f.person_id = $2 ORDER BY f.stream`, r.viewer.Org, r.viewer.Person)
	if err != nil {
		return nil, fmt.Errorf("all that is followed: %w", err)
	}
	return pacesOf(follows), nil
}

func pacesOf(follows []Follow) map[string]Pace {
	out := make(map[string]Pace, len(follows))
	for _, f := range follows {
		out[f.Stream] = f.Pace
	}
	return out
}
