package door

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// Invites: twenty a day for each who invites (security 1.9).
const (
	invitesPerDay = 20
	inviteDay     = 24 * time.Hour
)

// TooMany says that somebody did something too often; After is when to do it again.
type TooMany struct{ After time.Duration }

func (t *TooMany) Error() string {
	return fmt.Sprintf("too many, again in %s", t.After.Round(time.Second))
}

// InviteDraft lets somebody into the organisation. Hash is that of the link's
// secret, which package auth made and only the inviter sees.
type InviteDraft struct {
	Hash    string
	Address string // bound to one address, or ""
	Role    access.Role
	Team    string // joined at once, or ""
	Person  string // an imported name that this person is, or ""
	// Path is where the link leads, to be mailed to Address; "" mails nothing.
	Path string
	Ends time.Time
}

// Invite writes an invite, and its mail. Nobody invites above their own role.
func (d *Door) Invite(ctx context.Context, by access.Actor, draft InviteDraft) error {
	switch {
	case draft.Address != "" && !ValidAddress(draft.Address):
		return problem("email", "not-an-address")
	case !slices.Contains(access.Roles(), draft.Role):
		return problem("role", "unknown-role")
	case draft.Role == access.Owner && by.Role != access.Owner:
		return access.ErrDenied
	}
	err := d.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		if err := access.Can(by, access.Invite, access.Object{Kind: access.Organisation, Org: by.Org}); err != nil {
			return err
		}
		if err := d.inviteTeam(ctx, tx, by, draft); err != nil {
			return err
		}
		person, err := invited(ctx, tx, draft)
		if err != nil {
			return err
		}
		wall := time.Now()
		made, err := tx.InvitesSince(ctx, by.Person, wall.Add(-inviteDay))
		if err != nil {
			return err
		}
		if len(made) >= invitesPerDay {
			return &TooMany{After: made[len(made)-invitesPerDay].Add(inviteDay).Sub(wall)}
		}
		l := store.Link{
			Hash: draft.Hash, Kind: store.LinkInvite, ID: store.NewID(wall), Address: draft.Address, Role: draft.Role, Team: draft.Team,
			Person: person, MadeBy: by.Person, Created: wall, Ends: draft.Ends,
		}
		if err := tx.AddLink(ctx, l); err != nil {
			return err
		}
		if draft.Path != "" && draft.Address != "" {
			me, err := tx.Person(ctx, by.Person)
			if err != nil {
				return err
			}
			m := store.LinkMail{Link: l.ID, Kind: l.Kind, Address: l.Address, Lang: me.Lang, Path: draft.Path, By: me.Name, Ends: l.Ends}
			if err := tx.MailLink(ctx, m, wall); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, store.AuditEntry{At: wall, Actor: by.Person, Act: store.ActInvited, Object: l.ID, Detail: string(draft.Role)})
	})
	if err == nil {
		d.wake()
	}
	return err
}

// inviteTeam checks the team that an invite leads into.
func (d *Door) inviteTeam(ctx context.Context, tx *store.Tx, by access.Actor, draft InviteDraft) error {
	if draft.Team == "" {
		if draft.Role == access.Guest {
			return problem("team", "guest-needs-team")
		}
		return nil
	}
	team, err := d.team(ctx, tx, draft.Team)
	if err != nil {
		return err
	}
	return access.Can(by, access.Manage, team.Object())
}

// invited is the imported name that an invite is for: the one it says, or the
// one whose address it names. Somebody who is here needs none.
func invited(ctx context.Context, tx *store.Tx, draft InviteDraft) (string, error) {
	var p store.Person
	var err error
	switch {
	case draft.Person != "":
		p, err = tx.Person(ctx, draft.Person)
	case draft.Address != "":
		p, err = tx.PersonByAddress(ctx, draft.Address)
		if errors.Is(err, store.ErrNotFound) {
			return "", nil
		}
	default:
		return "", nil
	}
	if errors.Is(err, store.ErrNotFound) {
		return "", access.ErrHidden
	}
	if err != nil {
		return "", err
	}
	switch {
	case p.State != access.Imported:
		return "", problem("email", "here-already")
	case p.Bot || draft.Address == "": // whoever came with such a link would be them
		return "", problem("person", "cannot-be-invited")
	}
	return p.ID, nil
}

// EndInvite takes an open invite back.
func (d *Door) EndInvite(ctx context.Context, by access.Actor, id string) error {
	err := d.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		if err := access.Can(by, access.Invite, access.Object{Kind: access.Organisation, Org: by.Org}); err != nil {
			return err
		}
		wall := time.Now()
		if err := tx.EndInvite(ctx, id, wall); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: wall, Actor: by.Person, Act: store.ActInviteEnded, Object: id})
	})
	if errors.Is(err, store.ErrNotFound) {
		return access.ErrHidden
	}
	return err
}

// ResetDraft is a link that sets a new password. Hash is that of its secret,
// Path where it leads.
type ResetDraft struct {
	Hash string
	Path string
	Ends time.Time
}

// AskReset mails a link to whoever has an address, if they are here. Somebody
// who asks cannot tell whether the address is known: both ways end well, in a
// transaction that was written to disk.
func (d *Door) AskReset(ctx context.Context, org, address string, draft ResetDraft) error {
	err := d.store.Write(ctx, org, func(tx *store.Tx) error {
		wall := time.Now()
		if err := tx.SetSetting(ctx, "reset_asked", wall.UTC().Format(time.RFC3339Nano)); err != nil {
			return err
		}
		p, err := tx.PersonByAddress(ctx, address)
		if errors.Is(err, store.ErrNotFound) || err == nil && p.State != access.Active {
			return nil
		}
		if err != nil {
			return err
		}
		l := store.Link{Hash: draft.Hash, Kind: store.LinkReset, ID: store.NewID(wall), Person: p.ID, Address: address, Created: wall, Ends: draft.Ends}
		if err := tx.AddLink(ctx, l); err != nil {
			return err
		}
		m := store.LinkMail{Link: l.ID, Kind: l.Kind, Person: p.ID, Address: address, Name: p.Name, Lang: p.Lang, Path: draft.Path, Ends: l.Ends}
		if err := tx.MailLink(ctx, m, wall); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: wall, Actor: p.ID, Act: store.ActResetMade, Object: p.ID, Detail: "mail"})
	})
	if err == nil {
		d.wake()
	}
	return err
}

// MakeReset makes a link for somebody's new password, for an admin to hand
// over. An owner's is made by an owner alone: whoever holds it becomes them.
func (d *Door) MakeReset(ctx context.Context, by access.Actor, person string, draft ResetDraft) error {
	return d.govern(ctx, by, person, func(tx *store.Tx, p *store.Person) (store.AuditEntry, error) {
		switch {
		case p.Role == access.Owner && by.Role != access.Owner:
			return store.AuditEntry{}, access.ErrDenied
		case p.State != access.Active:
			return store.AuditEntry{}, problem("state", "not-here-now")
		}
		wall := time.Now()
		l := store.Link{Hash: draft.Hash, Kind: store.LinkReset, ID: store.NewID(wall), Person: p.ID, MadeBy: by.Person, Created: wall, Ends: draft.Ends}
		return store.AuditEntry{Act: store.ActResetMade, Detail: "copy"}, tx.AddLink(ctx, l)
	})
}
