package door

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// Join uses an invite up and makes the newcomer a member, or lets an imported
// name become the person it is. It returns their id.
func (d *Door) Join(ctx context.Context, org, linkHash string, n Newcomer) (string, error) {
	if err := checkNewcomer(n, d.zones); err != nil {
		return "", err
	}
	now := d.now()
	id := store.NewID(now)
	err := d.store.Write(ctx, org, func(tx *store.Tx) error {
		link, err := tx.UseLink(ctx, store.LinkInvite, linkHash, time.Now())
		if errors.Is(err, store.ErrNotFound) {
			return access.ErrHidden
		}
		if err != nil {
			return err
		}
		if link.Address != "" && link.Address != n.Address {
			return problem("email", "other-address")
		}
		// Whoever opened a link to anybody may type any address.
		n.unverified = link.Address == ""
		if link.Person != "" {
			id = link.Person
			err = d.arrive(ctx, tx, id, n, link.Role, now)
		} else {
			err = d.join(ctx, tx, id, n, link.Role, now)
		}
		if err != nil {
			return err
		}
		if link.Team != "" {
			if err := d.enter(ctx, tx, link.Team, id, false); err != nil {
				return err
			}
			if err := tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: id, Act: store.ActTeamJoined, Object: link.Team, Detail: id}); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: id, Act: store.ActJoined, Object: link.ID, Detail: string(link.Role)})
	})
	if err != nil {
		return "", err
	}
	d.wake()
	return id, nil
}

// arrive makes an imported name a person who has joined. Their history stays
// theirs; what they follow starts now.
func (d *Door) arrive(ctx context.Context, tx *store.Tx, id string, n Newcomer, role access.Role, now time.Time) error {
	p, err := tx.Person(ctx, id)
	if err != nil {
		return err
	}
	if p.State != access.Imported || p.Bot {
		return access.ErrHidden
	}
	p.Name, p.Lang, p.Place, p.Role, p.State, p.Joined = strings.TrimSpace(n.Name), n.Lang, placeOf(n.Zone), role, access.Active, now
	if err := tx.SetPerson(ctx, p); err != nil {
		return err
	}
	if err := tx.AddCharter(ctx, id, p.Revision+1, worktime.Of(now), charter.Proposed(n.Zone), "", now); err != nil {
		return err
	}
	if err := d.letIn(ctx, tx, id, n, role, now); err != nil {
		return err
	}
	teams, err := tx.TeamsOf(ctx, id)
	if err != nil {
		return err
	}
	for _, team := range teams { // that the import found them in
		if err := tx.AddFollow(ctx, id, store.TeamStream(team), store.PaceWindow, now); err != nil {
			return err
		}
	}
	return nil
}

// Rename changes the actor's own name, handle, place and language. A handle
// once held stays reserved for its person (R2.6).
func (d *Door) Rename(ctx context.Context, by access.Actor, name, handle, place, lang string) error {
	name, place = strings.TrimSpace(name), strings.TrimSpace(place)
	switch l := utf8.RuneCountInString(name); {
	case l == 0 || l > 100:
		return problem("name", "name-length")
	case !ValidHandle(handle):
		return problem("handle", "not-a-handle")
	case utf8.RuneCountInString(place) > 60:
		return problem("place", "name-length")
	}
	return d.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		if err := access.Can(by, access.Own, access.Object{Kind: access.Person, Org: by.Org, Person: by.Person}); err != nil {
			return err
		}
		p, err := tx.Person(ctx, by.Person)
		if err != nil {
			return err
		}
		if handle != p.Handle {
			if err := tx.SetHandle(ctx, p.ID, handle); errors.Is(err, store.ErrExists) {
				return problem("handle", "taken")
			} else if err != nil {
				return err
			}
		}
		p.Name, p.Place, p.Lang = name, place, lang
		return tx.SetPerson(ctx, p)
	})
}
