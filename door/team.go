package door

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// TeamDraft is a new team.
type TeamDraft struct {
	Key     string
	Name    string
	Slug    string // "" proposes one from the name
	Purpose string
	Open    bool
}

// AddTeam makes a team with the actor as its first member and returns its id.
func (d *Door) AddTeam(ctx context.Context, by access.Actor, draft TeamDraft) (string, error) {
	draft.Name, draft.Purpose = strings.TrimSpace(draft.Name), strings.TrimSpace(draft.Purpose)
	if n := utf8.RuneCountInString(draft.Name); n == 0 || n > 100 {
		return "", problem("name", "name-length")
	}
	if draft.Slug == "" {
		draft.Slug = ProposeHandle(strings.ReplaceAll(draft.Name, " ", ""))
	}
	if !ValidHandle(draft.Slug) {
		return "", problem("slug", "not-a-handle")
	}
	id := store.NewID(d.now())
	return once(ctx, d, by, "team", draft.Key, draft, func(tx *store.Tx) (string, error) {
		if err := access.Can(by, access.WriteIn, access.Object{Kind: access.Organisation, Org: by.Org}); err != nil {
			return "", err
		}
		now := d.now()
		err := tx.AddTeam(ctx, store.Team{ID: id, Org: by.Org, Slug: draft.Slug, Name: draft.Name, Purpose: draft.Purpose, Open: draft.Open, Created: now})
		if errors.Is(err, store.ErrExists) {
			return "", problem("slug", "taken")
		}
		if err != nil {
			return "", err
		}
		if err := d.enter(ctx, tx, id, by.Person, false); err != nil {
			return "", err
		}
		return id, tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: by.Person, Act: store.ActTeamMade, Object: id})
	})
}

// enter makes somebody a member, who follows the team from this moment on (R12.7).
func (d *Door) enter(ctx context.Context, tx *store.Tx, team, person string, lead bool) error {
	now := d.now()
	if err := tx.AddMember(ctx, team, person, lead, now); err != nil {
		return err
	}
	return tx.AddFollow(ctx, person, store.TeamStream(team), store.PaceWindow, now)
}

// Membership is a change of who belongs to a team.
type Membership struct {
	Key    string
	Team   string
	Person string // "" means the actor
	Lead   bool
}

// JoinTeam makes the actor a member of an open team, or lets a member of a
// team add somebody else to it.
func (d *Door) JoinTeam(ctx context.Context, by access.Actor, m Membership) error {
	_, err := once(ctx, d, by, "join", m.Key, m, func(tx *store.Tx) (string, error) {
		team, err := d.team(ctx, tx, m.Team)
		if err != nil {
			return "", err
		}
		if m.Person == "" || m.Person == by.Person {
			if err := access.Can(by, access.Join, team.Object()); err != nil {
				return "", err
			}
			m.Person, m.Lead = by.Person, false
			return "", d.admit(ctx, tx, by, m)
		}
		if err := access.Can(by, access.Manage, team.Object()); err != nil {
			return "", err
		}
		p, err := tx.Person(ctx, m.Person)
		if errors.Is(err, store.ErrNotFound) || err == nil && p.State != access.Active {
			return "", problem("person", "unknown-person")
		}
		if err != nil {
			return "", err
		}
		return "", d.admit(ctx, tx, by, m)
	})
	return err
}

// admit makes somebody a member, and writes that into the audit log.
func (d *Door) admit(ctx context.Context, tx *store.Tx, by access.Actor, m Membership) error {
	if err := d.enter(ctx, tx, m.Team, m.Person, m.Lead); err != nil {
		return err
	}
	return tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: by.Person, Act: store.ActTeamJoined, Object: m.Team, Detail: m.Person})
}

// LeaveTeam takes the actor, or for a member of the team somebody else, out of
// it. What waits for them from a private team is dropped at their window,
// where rights are asked for again (R2.4); its asks wait for them no longer.
func (d *Door) LeaveTeam(ctx context.Context, by access.Actor, m Membership) error {
	_, err := once(ctx, d, by, "leave", m.Key, m, func(tx *store.Tx) (string, error) {
		team, err := d.team(ctx, tx, m.Team)
		if err != nil {
			return "", err
		}
		act, person := access.Leave, by.Person
		if m.Person != "" && m.Person != by.Person {
			act, person = access.Manage, m.Person
		}
		if err := access.Can(by, act, team.Object()); err != nil {
			return "", err
		}
		askers, err := tx.Askers(ctx, person)
		if err != nil {
			return "", err
		}
		if _, err := tx.Lock(ctx, append(askers, person)); err != nil {
			return "", err
		}
		if err := tx.DropMember(ctx, team.ID, person); errors.Is(err, store.ErrNotFound) {
			return "", access.ErrHidden
		} else if err != nil {
			return "", err
		}
		if err := tx.DropFollow(ctx, person, store.TeamStream(team.ID)); err != nil {
			return "", err
		}
		p, err := tx.Person(ctx, person)
		if err != nil {
			return "", err
		}
		if err := d.leaveAsks(ctx, tx, p); err != nil {
			return "", err
		}
		return "", tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: by.Person, Act: store.ActTeamLeft, Object: team.ID, Detail: person})
	})
	return err
}

func (d *Door) team(ctx context.Context, tx *store.Tx, id string) (store.Team, error) {
	team, err := tx.Team(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return team, access.ErrHidden
	}
	return team, err
}
