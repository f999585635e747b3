package door

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// SetBriefMail turns the actor's brief e-mail on or off. Off, the brief stays
// on the page and clocks run as before (R12.4).
func (d *Door) SetBriefMail(ctx context.Context, by access.Actor, on bool) error {
	return d.own(ctx, by, func(tx *store.Tx) error {
		contacts, err := tx.Contacts(ctx, by.Person)
		if err != nil {
			return err
		}
		c, ok := contacts[store.ChannelEmail]
		if !ok {
			return access.ErrHidden
		}
		c.Briefs = on
		return tx.SetContact(ctx, c)
	})
}

// AddressDraft is a link that gives its person another mail address. Hash is
// that of its secret, Path where it leads.
type AddressDraft struct {
	Address string
	Hash    string
	Path    string
	Ends    time.Time
}

// AskAddress mails a link to an address that the actor wants to have. It counts
// alone: those before it end. Whether somebody else has the address is not
// asked here, so that nobody can ask by this; the link is refused then.
func (d *Door) AskAddress(ctx context.Context, by access.Actor, draft AddressDraft) error {
	err := d.own(ctx, by, func(tx *store.Tx) error {
		contacts, err := tx.Contacts(ctx, by.Person)
		if err != nil {
			return err
		}
		if contacts[store.ChannelEmail].Address == draft.Address {
			return problem("email", "same-address")
		}
		p, err := tx.Person(ctx, by.Person)
		if err != nil {
			return err
		}
		wall := time.Now()
		if err := tx.EndLinks(ctx, store.LinkAddress, p.ID, wall); err != nil {
			return err
		}
		l := store.Link{Hash: draft.Hash, Kind: store.LinkAddress, ID: store.NewID(wall), Person: p.ID, Address: draft.Address, MadeBy: p.ID, Created: wall, Ends: draft.Ends}
		if err := tx.AddLink(ctx, l); err != nil {
			return err
		}
		m := store.LinkMail{Link: l.ID, Kind: l.Kind, Person: p.ID, Address: draft.Address, Name: p.Name, Lang: p.Lang, Path: draft.Path, Ends: l.Ends}
		if err := tx.MailLink(ctx, m, wall); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: wall, Actor: p.ID, Act: store.ActAddressAsked})
	})
	if err == nil {
		d.wake()
	}
	return err
}

// SetWebhook sets where the actor is reached by a webhook, and for what. secret
// signs what is sent; it was made for them and is theirs alone to know.
func (d *Door) SetWebhook(ctx context.Context, by access.Actor, address, secret string, briefs, crises bool) error {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(address) > 500 {
		return problem("url", "not-an-url")
	}
	return d.own(ctx, by, func(tx *store.Tx) error {
		err := tx.SetContact(ctx, store.Contact{Person: by.Person, Channel: store.ChannelWebhook, Address: address, Secret: secret, Briefs: briefs, Crises: crises})
		if err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: by.Person, Act: store.ActWebhookSet, Detail: u.Host})
	})
}

// DropWebhook removes the actor's webhook.
func (d *Door) DropWebhook(ctx context.Context, by access.Actor) error {
	return d.own(ctx, by, func(tx *store.Tx) error {
		if err := tx.DropContact(ctx, by.Person, store.ChannelWebhook); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: by.Person, Act: store.ActWebhookRemoved})
	})
}

// own runs one act of somebody on what is theirs.
func (d *Door) own(ctx context.Context, by access.Actor, fn func(*store.Tx) error) error {
	if err := access.Can(by, access.Own, access.Object{Kind: access.Person, Org: by.Org, Person: by.Person}); err != nil {
		return err
	}
	return d.store.Write(ctx, by.Org, fn)
}
