package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/access"
)

// Receiver is whom a message goes to, as they are at the moment it is written.
type Receiver struct {
	Org      Organisation
	Person   Person
	Actor    access.Actor
	Contacts map[string]Contact // by channel
}

// Receiver returns a person with their rights and contacts of this moment, to
// write to them; ErrNotFound for an unknown one.
func (s *Store) Receiver(ctx context.Context, org, person string) (Receiver, error) {
	var r Receiver
	var err error
	if r.Person, r.Actor, err = s.actor(ctx, org, person); err != nil {
		return r, err
	}
	if r.Org, err = s.Reader(r.Actor).Organisation(ctx); err != nil {
		return r, err
	}
	r.Contacts, err = s.contacts(ctx, s.read, org, person)
	return r, err
}

// OrganisationByID returns an organisation of this server.
func (s *Store) OrganisationByID(ctx context.Context, org string) (Organisation, error) {
	o, err := single(ctx, s.read, s.dialect, scanOrganisation, `SELECT org_id, name, url, created_at FROM organisation WHERE org_id = $1`, org)
	if err != nil {
		return o, fmt.Errorf("organisation: %w", err)
	}
	return o, nil
}

// FirstCall is the id of the message that first called a person into a crisis
// over a channel; later ones belong to its thread. It is "" for none.
func (s *Store) FirstCall(ctx context.Context, o Outgoing) (string, error) {
	ids, err := list(ctx, s.read, s.dialect, scanString, `SELECT id FROM outbox
		WHERE org_id = $1 AND subject_kind = 'crisis' AND subject_id = $2 AND person_id = $3 AND channel = $4 AND round > 0 AND round < $5 ORDER BY round LIMIT 1`,
		o.Org, o.About, o.Person, o.Channel, o.Round)
	if err != nil {
		return "", fmt.Errorf("first call: %w", err)
	}
	if len(ids) == 0 {
		return "", nil
	}
	return ids[0], nil
}

// LinkMail is a link on its way to somebody who asked for it, or was invited.
// The message alone holds the secret, until it has gone.
type LinkMail struct {
	Link    string   // id of the link, or any id that is new for each mail
	Kind    LinkKind // invite, reset, address or address-moved
	Person  string   // who it is for, "" for somebody who is not here yet
	Address string
	Name    string // of the receiver, "" if unknown
	Lang    string
	Path    string // the link below the public address: "/reset/SECRET"
	By      string // who invites, by name
	Ends    time.Time
}

// linkPayload is a LinkMail as its row holds it.
type linkPayload struct {
	Kind    LinkKind `json:"kind"`
	Address string   `json:"address"`
	Name    string   `json:"name,omitempty"`
	Lang    string   `json:"lang,omitempty"`
	Path    string   `json:"path"`
	By      string   `json:"by,omitempty"`
	Ends    int64    `json:"ends"`
}

// MailLink writes a link to be sent at once (architecture 8: asked for).
func (t *Tx) MailLink(ctx context.Context, m LinkMail, wall time.Time) error {
	payload, err := json.Marshal(linkPayload{m.Kind, m.Address, m.Name, m.Lang, m.Path, m.By, millis(m.Ends)})
	if err != nil {
		return fmt.Errorf("mail a link: %w", err)
	}
	return t.AddOutgoing(ctx, Outgoing{
		ID: NewID(wall), Subject: SubjectLink, About: m.Link, Person: m.Person, Channel: ChannelEmail, Round: 1,
		Due: wall, Created: wall, Payload: string(payload),
	})
}

// LinkMail reads what MailLink wrote.
func (o Outgoing) LinkMail() (LinkMail, error) {
	var p linkPayload
	if err := json.Unmarshal([]byte(o.Payload), &p); err != nil {
		return LinkMail{}, fmt.Errorf("read the link of %s: %w", o.ID, err)
	}
	return LinkMail{
		Link: o.About, Kind: p.Kind, Person: o.Person, Address: p.Address, Name: p.Name, Lang: p.Lang, Path: p.Path, By: p.By, Ends: instant(p.Ends),
	}, nil
}

// TakenUp is a brief whose own mail could not go and that a later one carries.
type TakenUp struct {
	Outgoing string    `json:"outgoing"`
	Brief    string    `json:"brief"`
	Since    time.Time `json:"since"` // when its mail was first due, real time
}

// briefPayload is what a brief's row holds beside the brief.
type briefPayload struct {
	With []TakenUp `json:"with"`
}

// TakenUp lists the earlier briefs that a brief's mail carries, oldest first.
func (o Outgoing) TakenUp() ([]TakenUp, error) {
	if o.Subject != SubjectBrief || o.Payload == "" {
		return nil, nil
	}
	var p briefPayload
	if err := json.Unmarshal([]byte(o.Payload), &p); err != nil {
		return nil, fmt.Errorf("read what %s carries: %w", o.ID, err)
	}
	return p.With, nil
}

// TakeUp ends what waits to tell a person of earlier briefs over a channel, and
// returns what the message newer is to carry instead: those briefs and what they
// carried themselves. Left alone is a message that is being sent just now, one
// that may have been taken, and one written after fresh that was not tried yet.
// What was first due before since ends as failed, and is not carried any further.
func (t *Tx) TakeUp(ctx context.Context, person, channel, newer string, wall, fresh, since time.Time) ([]TakenUp, error) {
	rows, err := list(ctx, t.q, t.s.dialect, scanOutgoing, `SELECT `+outgoingColumns+` FROM outbox
		WHERE org_id = $1 AND person_id = $2 AND subject_kind = 'brief' AND state = 'waiting' AND channel = $3 AND lease_owner = '' AND unsure = FALSE AND lease_until < $4 AND (attempt > 0 OR created_at < $5)
		ORDER BY created_at, id`, t.org, person, channel, millis(wall), millis(fresh))
	if err != nil {
		return nil, fmt.Errorf("waiting mail of briefs: %w", err)
	}
	var all []TakenUp
	for _, o := range rows {
		carried, err := o.TakenUp()
		if err != nil {
			return nil, err
		}
		n, err := t.exec(ctx, `UPDATE outbox SET state = 'dropped', done_at = $1, receipt = $2, payload = '' WHERE org_id = $3 AND id = $4 AND fence = $5 AND state = 'waiting'`,
			millis(wall), newer, t.org, o.ID, o.Fence)
		if err != nil {
			return nil, fmt.Errorf("take up a mail: %w", err)
		}
		if n == 1 {
			all = append(append(all, carried...), TakenUp{Outgoing: o.ID, Brief: o.About, Since: o.Created})
		}
	}
	var out []TakenUp
	for _, u := range all {
		if !u.Since.Before(since) {
			out = append(out, u)
			continue
		}
		if _, err := t.exec(ctx, `UPDATE outbox SET state = 'failed', receipt = '' WHERE org_id = $1 AND id = $2 AND state = 'dropped'`, t.org, u.Outgoing); err != nil {
			return nil, fmt.Errorf("give up a mail: %w", err)
		}
	}
	return out, nil
}

// WakeBriefs lets the waiting mails of a person's earlier briefs be tried now:
// a window has come.
func (t *Tx) WakeBriefs(ctx context.Context, person string, wall time.Time) error {
	_, err := t.exec(ctx, `UPDATE outbox SET due_at = $1, attempt = 0 WHERE org_id = $2 AND person_id = $3 AND subject_kind = 'brief' AND state = 'waiting' AND lease_until < $1`, millis(wall), t.org, person)
	if err != nil {
		return fmt.Errorf("wake the mail of briefs: %w", err)
	}
	return nil
}

// Carrying is the payload of a brief's mail that carries others, "" for none.
func Carrying(with []TakenUp) (string, error) {
	if len(with) == 0 {
		return "", nil
	}
	p, err := json.Marshal(briefPayload{with})
	if err != nil {
		return "", fmt.Errorf("write what a mail carries: %w", err)
	}
	return string(p), nil
}

// KeepSetting writes a setting of the transaction's organisation unless it is
// set already, and returns what stands.
func (t *Tx) KeepSetting(ctx context.Context, name, value string) (string, error) {
	_, err := t.exec(ctx, `INSERT INTO setting (org_id, name, value) VALUES ($1, $2, $3) ON CONFLICT (org_id, name) DO NOTHING`, t.org, name, value)
	if err != nil {
		return "", fmt.Errorf("keep %s: %w", name, err)
	}
	return t.Setting(ctx, name)
}

// DropWaiting ends everything that is on its way in an organisation.
func (t *Tx) DropWaiting(ctx context.Context, wall time.Time, reason string) error {
	_, err := t.exec(ctx, `UPDATE outbox SET state = 'dropped', done_at = $1, error = $2, payload = '' WHERE org_id = $3 AND state = 'waiting'`, millis(wall), reason, t.org)
	if err != nil {
		return fmt.Errorf("drop what waits: %w", err)
	}
	return nil
}
