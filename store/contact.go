package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// The channels beside the page.
const (
	ChannelEmail   = "email"
	ChannelWebhook = "webhook"
	ChannelCanary  = "canary" // where trial deliveries end
)

// Contact is where a person is reached over one channel, and for what.
type Contact struct {
	Person  string
	Channel string
	Address string
	Secret  string // of a webhook's signature
	Briefs  bool   // brief e-mail; an unsubscribe turns it off (R12.4)
	Crises  bool
	// Failed is when the other side last refused for good, and why; zero if it did not.
	Failed    time.Time
	FailedWhy string
}

func scanContact(r scanner) (Contact, error) {
	var c Contact
	var failed int64
	err := r.Scan(&c.Person, &c.Channel, &c.Address, &c.Secret, &c.Briefs, &c.Crises, &failed, &c.FailedWhy)
	c.Failed = instant(failed)
	return c, err
}

// Contacts returns a person's contacts by channel.
func (t *Tx) Contacts(ctx context.Context, person string) (map[string]Contact, error) {
	return t.s.contacts(ctx, t.q, t.org, person)
}

func (s *Store) contacts(ctx context.Context, q querier, org, person string) (map[string]Contact, error) {
	cs, err := s.contactsOf(ctx, q, org, []string{person})
	return cs[person], err
}

// ContactsOf returns the contacts of several people, by person and channel.
func (t *Tx) ContactsOf(ctx context.Context, people []string) (map[string]map[string]Contact, error) {
	return t.s.contactsOf(ctx, t.q, t.org, people)
}

func (s *Store) contactsOf(ctx context.Context, q querier, org string, people []string) (map[string]map[string]Contact, error) {
	cs, err := byIDs(people, func(set string, ids []any) ([]Contact, error) {
		return list(ctx, q, s.dialect, scanContact, `SELECT person_id, channel, address, secret, briefs, crises, failed_at, failed_why FROM contact WHERE org_id = $1 AND person_id IN `+set+` ORDER BY person_id, channel`, append([]any{org}, ids...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("contacts: %w", err)
	}
	out := make(map[string]map[string]Contact, len(people))
	for _, c := range cs {
		if out[c.Person] == nil {
			out[c.Person] = make(map[string]Contact, 2)
		}
		out[c.Person][c.Channel] = c
	}
	return out, nil
}

// SetContact writes where a person is reached over a channel.
func (t *Tx) SetContact(ctx context.Context, c Contact) error {
	_, err := t.exec(ctx, `INSERT INTO contact (org_id, person_id, channel, address, secret, briefs, crises, failed_at, failed_why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (org_id, person_id, channel) DO UPDATE SET address = excluded.address, secret = excluded.secret, briefs = excluded.briefs, crises = excluded.crises,
			failed_at = excluded.failed_at, failed_why = excluded.failed_why`,
		t.org, c.Person, c.Channel, c.Address, c.Secret, c.Briefs, c.Crises, millis(c.Failed), c.FailedWhy)
	if err != nil {
		return fmt.Errorf("set contact: %w", err)
	}
	return nil
}

// DropContact removes a contact.
func (t *Tx) DropContact(ctx context.Context, person, channel string) error {
	if _, err := t.exec(ctx, `DELETE FROM contact WHERE org_id = $1 AND person_id = $2 AND channel = $3`, t.org, person, channel); err != nil {
		return fmt.Errorf("drop contact: %w", err)
	}
	return nil
}

// AddAddress gives a person an e-mail address, in ASCII lower case. One that
// somebody in the organisation has is ErrExists.
func (t *Tx) AddAddress(ctx context.Context, person, address string, verified, now time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO address (org_id, address, person_id, verified_at, created_at) VALUES ($1, $2, $3, $4, $5)`, t.org, address, person, millis(verified), millis(now))
	if err != nil {
		return fmt.Errorf("add address: %w", err)
	}
	return nil
}

// VerifyAddress records that an address is its person's, unless that is known.
func (t *Tx) VerifyAddress(ctx context.Context, address string, now time.Time) error {
	if _, err := t.exec(ctx, `UPDATE address SET verified_at = $1 WHERE org_id = $2 AND address = $3 AND verified_at = 0`, millis(now), t.org, address); err != nil {
		return fmt.Errorf("verify address: %w", err)
	}
	return nil
}

// MoveAddress gives a person another e-mail address in the place of the one that
// mail goes to, which it returns, "" for none. What they chose to get by mail
// stays. An address that somebody else has is ErrExists.
func (t *Tx) MoveAddress(ctx context.Context, person, address string, now time.Time) (old string, err error) {
	contacts, err := t.Contacts(ctx, person)
	if err != nil {
		return "", err
	}
	c, ok := contacts[ChannelEmail]
	if !ok {
		c = Contact{Person: person, Channel: ChannelEmail, Briefs: true, Crises: true}
	}
	old = c.Address
	has, err := t.PersonByAddress(ctx, address)
	switch {
	case err == nil && has.ID != person:
		return old, ErrExists
	case err == nil && address != old: // another one of theirs already
		_, err = t.exec(ctx, `DELETE FROM address WHERE org_id = $1 AND person_id = $2 AND address = $3`, t.org, person, old)
	case errors.Is(err, ErrNotFound):
		var n int64
		n, err = t.exec(ctx, `UPDATE address SET address = $1, verified_at = $2 WHERE org_id = $3 AND person_id = $4 AND address = $5`, address, millis(now), t.org, person, old)
		if err == nil && n == 0 {
			err = t.AddAddress(ctx, person, address, now, now)
		}
	}
	if err != nil {
		return old, fmt.Errorf("move address: %w", err)
	}
	c.Address, c.Failed, c.FailedWhy = address, time.Time{}, ""
	return old, t.SetContact(ctx, c)
}

// PersonByAddress returns whose e-mail address this is, ErrNotFound for nobody's.
func (t *Tx) PersonByAddress(ctx context.Context, address string) (Person, error) {
	p, err := single(ctx, t.q, t.s.dialect, t.s.scanPerson, `SELECT `+personColumns+personFrom+`
		JOIN address a ON a.org_id = p.org_id AND a.person_id = p.id WHERE p.org_id = $1 AND a.address = $2`, t.org, address)
	if err != nil {
		return p, fmt.Errorf("person by address: %w", err)
	}
	return p, nil
}
