package door

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// Newcomer is somebody who joins, with what they typed.
type Newcomer struct {
	Name         string
	Handle       string // "" proposes one from the name
	Address      string // e-mail, in the form of auth.Address
	Zone         string
	Lang         string
	PasswordHash string
	// unverified is true when nobody vouches for the address.
	unverified bool
}

// SetupDraft opens an empty server: its organisation and its owner.
type SetupDraft struct {
	LinkHash     string // hash of the one-time secret
	Organisation string
	Owner        Newcomer
}

// Setup makes the first organisation with its owner, once. The link that was
// printed on the terminal is used up (R2.5). It returns the organisation's and
// the owner's id.
func (d *Door) Setup(ctx context.Context, draft SetupDraft) (org, person string, err error) {
	name, err := organisationName(draft.Organisation)
	if err != nil {
		return "", "", err
	}
	if err := checkNewcomer(draft.Owner, d.zones); err != nil {
		return "", "", err
	}
	// The link stands under the server; it is used in a transaction of its own,
	// so that two browsers cannot both set up.
	wall := time.Now()
	err = d.store.Write(ctx, store.Server, func(tx *store.Tx) error {
		_, err := tx.UseLink(ctx, store.LinkSetup, draft.LinkHash, wall)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return "", "", access.ErrHidden
	}
	if err != nil {
		return "", "", err
	}
	return d.Found(ctx, name, "", draft.Owner)
}

// organisationName is a name that an organisation may have.
func organisationName(raw string) (string, error) {
	name := strings.TrimSpace(raw)
	if name == "" || utf8.RuneCountInString(name) > 100 {
		return "", problem("organisation", "name-length")
	}
	return name, nil
}

// OrganisationDraft is an organisation beside those that a server has, at an
// address of its own.
type OrganisationDraft struct {
	Name string
	URL  string // scheme and host, nothing else
	// LinkHash is that of the secret with which its owner joins, until Ends.
	LinkHash string
	Ends     time.Time
}

// AddOrganisation makes an organisation that waits for its owner (R2.5). Where
// one at that address waits already, it is that one, and its older links end.
// It is for the terminal of the server; there is nobody yet who could ask.
func (d *Door) AddOrganisation(ctx context.Context, draft OrganisationDraft) error {
	name, err := organisationName(draft.Name)
	if err != nil {
		return err
	}
	all, err := d.store.Organisations(ctx)
	if err != nil {
		return err
	}
	now := d.now()
	o := store.Organisation{ID: store.NewID(now), Name: name, URL: draft.URL, Created: now}
	waits := slices.IndexFunc(all, func(has store.Organisation) bool { return strings.EqualFold(has.URL, o.URL) })
	if waits >= 0 {
		o = all[waits]
	}
	return d.store.Write(ctx, o.ID, func(tx *store.Tx) error {
		wall := time.Now()
		if waits < 0 {
			if err := tx.AddOrganisation(ctx, o); err != nil {
				return err
			}
		} else if admins, err := tx.Admins(ctx); err != nil {
			return err
		} else if len(admins) > 0 {
			return problem("url", "taken")
		}
		if err := tx.EndLinks(ctx, store.LinkInvite, "", wall); err != nil {
			return err
		}
		l := store.Link{Hash: draft.LinkHash, Kind: store.LinkInvite, ID: store.NewID(wall), Role: access.Owner, Created: wall, Ends: draft.Ends}
		if err := tx.AddLink(ctx, l); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: wall, Act: store.ActInvited, Object: l.ID, Detail: string(access.Owner)})
	})
}

// Found makes an organisation with its owner. url is the address that it has of
// its own, "" for the server's.
func (d *Door) Found(ctx context.Context, name, url string, owner Newcomer) (org, person string, err error) {
	now := d.now()
	org, person = store.NewID(now), store.NewID(now)
	err = d.store.Write(ctx, org, func(tx *store.Tx) error {
		if err := tx.AddOrganisation(ctx, store.Organisation{ID: org, Name: name, URL: url, Created: now}); err != nil {
			return err
		}
		if err := d.join(ctx, tx, person, owner, access.Owner, now); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: person, Act: store.ActFounded})
	})
	if err != nil {
		return "", "", err
	}
	d.wake()
	return org, person, nil
}

// join writes a new person who has joined: name, address, password, proposed
// charter, the organisation's stream, and their first tick.
func (d *Door) join(ctx context.Context, tx *store.Tx, id string, n Newcomer, role access.Role, now time.Time) error {
	handle := n.Handle
	if handle == "" {
		handle = ProposeHandle(n.Name)
	}
	p := store.Person{
		ID: id, Org: tx.Org(), Name: strings.TrimSpace(n.Name), Handle: handle, Lang: n.Lang, Place: placeOf(n.Zone), Role: role,
		State: access.Active, MayRaise: true, Created: now, Joined: now, Charter: charter.Proposed(n.Zone), Archetype: charter.Maker,
	}
	if err := tx.AddPerson(ctx, p); errors.Is(err, store.ErrExists) {
		return problem("handle", "taken")
	} else if err != nil {
		return err
	}
	return d.letIn(ctx, tx, id, n, role, now)
}

// letIn gives a person who joins their address, password, the organisation's
// stream and their first tick.
func (d *Door) letIn(ctx context.Context, tx *store.Tx, id string, n Newcomer, role access.Role, now time.Time) error {
	if n.Address != "" {
		if err := giveAddress(ctx, tx, id, n, now); err != nil {
			return err
		}
		if err := tx.SetContact(ctx, store.Contact{Person: id, Channel: store.ChannelEmail, Address: n.Address, Briefs: true, Crises: true}); err != nil {
			return err
		}
	}
	if n.PasswordHash != "" {
		if err := tx.SetPassword(ctx, id, n.PasswordHash, now); err != nil {
			return err
		}
	}
	if role != access.Guest {
		if err := tx.AddFollow(ctx, id, store.WideStream, store.PaceWindow, now); err != nil {
			return err
		}
	}
	return tx.AddTick(ctx, id, now, worktime.Of(now))
}

// giveAddress writes the address of somebody who joins; an import may have
// brought it already.
func giveAddress(ctx context.Context, tx *store.Tx, id string, n Newcomer, now time.Time) error {
	has, err := tx.PersonByAddress(ctx, n.Address)
	switch {
	case err == nil && has.ID == id && n.unverified:
		return nil
	case err == nil && has.ID == id:
		return tx.VerifyAddress(ctx, n.Address, now)
	case err == nil:
		return problem("email", "taken")
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	verified := now
	if n.unverified {
		verified = time.Time{}
	}
	if err := tx.AddAddress(ctx, id, n.Address, verified, now); errors.Is(err, store.ErrExists) {
		return problem("email", "taken")
	} else if err != nil {
		return err
	}
	return nil
}

func checkNewcomer(n Newcomer, zones worktime.Zones) error {
	switch l := utf8.RuneCountInString(strings.TrimSpace(n.Name)); {
	case l == 0 || l > 100:
		return problem("name", "name-length")
	case !ValidAddress(n.Address):
		return problem("email", "not-an-address")
	case n.Handle != "" && !ValidHandle(n.Handle):
		return problem("handle", "not-a-handle")
	}
	if _, err := zones(n.Zone); err != nil || n.Zone == "" || n.Zone == "Local" {
		return problem("zone", "unknown-zone")
	}
	return nil
}

// Enrol brings somebody into an organisation who was let in already: by an
// invite that was checked, or by an admin at the terminal. It returns their id.
func (d *Door) Enrol(ctx context.Context, org string, n Newcomer, role access.Role) (string, error) {
	if err := checkNewcomer(n, d.zones); err != nil {
		return "", err
	}
	now := d.now()
	id := store.NewID(now)
	if err := d.store.Write(ctx, org, func(tx *store.Tx) error {
		if err := d.join(ctx, tx, id, n, role, now); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: id, Act: store.ActJoined, Detail: string(role)})
	}); err != nil {
		return "", err
	}
	d.wake()
	return id, nil
}
