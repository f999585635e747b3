package store

import (
	"context"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/access"
)

// SendState is what has become of an outgoing message.
type SendState string

// The states of outgoing messages. A brief's mail that a later one carries is
// dropped, and its receipt is the id of that one.
const (
	SendWaiting SendState = "waiting"
	SendSent    SendState = "sent"
	SendFailed  SendState = "failed"
	SendDropped SendState = "dropped"
)

// Sending is an outgoing message with what became of it. Done and Receipt are
// of its end. Its payload stays where it is.
type Sending struct {
	Outgoing
	State   SendState
	Done    time.Time
	Receipt string
	// Address is where the mail of a link goes; it may be for somebody who is
	// not here yet.
	Address string
}

const sendingColumns = `id, subject_kind, subject_id, person_id, channel, round, due_at, attempt, created_at, error, state, done_at, receipt,
	coalesce((SELECT l.address FROM link l WHERE l.org_id = outbox.org_id AND l.id = outbox.subject_id AND outbox.subject_kind = 'link'), '')`

func (s *Store) sendings(ctx context.Context, org, where string, args ...any) ([]Sending, error) {
	out, err := list(ctx, s.read, s.dialect, func(r scanner) (Sending, error) {
		v := Sending{Outgoing: Outgoing{Org: org}}
		var due, created, done int64
		err := r.Scan(&v.ID, &v.Subject, &v.About, &v.Person, &v.Channel, &v.Round, &due, &v.Attempt, &created, &v.Error, &v.State, &done, &v.Receipt, &v.Address)
		v.Due, v.Created, v.Done = instant(due), instant(created), instant(done)
		return v, err
	}, `SELECT `+sendingColumns+` FROM outbox WHERE org_id = $1 AND `+where, append([]any{org}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("sendings: %w", err)
	}
	return out, nil
}

// Sendings lists for admins what waits to go out, the next first, or what has
// failed for good, the newest first, at most limit.
func (r *Reader) Sendings(ctx context.Context, state SendState, limit int) ([]Sending, error) {
	if err := r.can(access.Govern, access.Object{Kind: access.Organisation, Org: r.viewer.Org}); err != nil {
		return nil, err
	}
	switch state {
	case SendWaiting:
		return r.s.sendings(ctx, r.viewer.Org, `state = 'waiting' ORDER BY due_at, id LIMIT $2`, limit)
	case SendFailed:
		return r.s.sendings(ctx, r.viewer.Org, `state = 'failed' ORDER BY done_at DESC, id DESC LIMIT $2`, limit)
	default:
		return r.s.sendings(ctx, r.viewer.Org, `state = $2 ORDER BY created_at DESC, id DESC LIMIT $3`, state, limit)
	}
}

// Unreachable is a contact of somebody that takes nothing, and why.
type Unreachable struct {
	Contact
	Name string
}

// Unreachable lists for admins the contacts that refused for good, or failed
// again and again, and have taken nothing since, by name.
func (r *Reader) Unreachable(ctx context.Context) ([]Unreachable, error) {
	if err := r.governs(); err != nil {
		return nil, err
	}
	out, err := list(ctx, r.s.read, r.s.dialect, func(s scanner) (Unreachable, error) {
		var u Unreachable
		var failed int64
		err := s.Scan(&u.Name, &u.Person, &u.Channel, &u.Address, &u.Briefs, &u.Crises, &failed, &u.FailedWhy)
		u.Failed = instant(failed)
		return u, err
	}, `SELECT p.name, c.person_id, c.channel, c.address, c.briefs, c.crises, c.failed_at, c.failed_why FROM contact c JOIN person p ON p.org_id = c.org_id AND p.id = c.person_id
		WHERE c.org_id = $1 AND c.failed_at > 0 AND p.state = 'active' ORDER BY p.name, c.person_id, c.channel`, r.viewer.Org)
	if err != nil {
		return nil, fmt.Errorf("unreachable: %w", err)
	}
	return out, nil
}

// SendingsToMe lists the messages to the viewer about a brief or a crisis,
// oldest first: what became of the mail.
func (r *Reader) SendingsToMe(ctx context.Context, subject Subject, about string) ([]Sending, error) {
	if err := r.private(); err != nil {
		return nil, err
	}
	return r.s.sendings(ctx, r.viewer.Org, `subject_kind = $2 AND subject_id = $3 AND person_id = $4 ORDER BY created_at, id`, subject, about, r.viewer.Person)
}

// SendCount is how many messages of an organisation are in one state, on one channel.
type SendCount struct {
	Channel string
	State   SendState
	N       int64
}

// CountSendings counts what waits and what failed, by channel.
func (s *Store) CountSendings(ctx context.Context, org string) ([]SendCount, error) {
	out, err := list(ctx, s.read, s.dialect, func(r scanner) (SendCount, error) {
		var v SendCount
		err := r.Scan(&v.Channel, &v.State, &v.N)
		return v, err
	}, `SELECT channel, state, count(*) FROM outbox WHERE org_id = $1 AND state = 'waiting' GROUP BY channel, state
		UNION ALL SELECT channel, state, count(*) FROM outbox WHERE org_id = $1 AND state = 'failed' GROUP BY channel, state`, org)
	if err != nil {
		return nil, fmt.Errorf("count sendings: %w", err)
	}
	return out, nil
}

// SendAgain lets a failed message be tried once more, as if it were new. One
// that did not fail, or whose secret is gone with it, is ErrNotFound.
func (t *Tx) SendAgain(ctx context.Context, id string, wall time.Time) error {
	err := t.one(ctx, `UPDATE outbox SET state = 'waiting', due_at = $1, created_at = $1, attempt = 0, error = '', done_at = 0
		WHERE org_id = $2 AND id = $3 AND state = 'failed' AND subject_kind <> 'link'`, millis(wall), t.org, id)
	if err != nil {
		return fmt.Errorf("send %s again: %w", id, err)
	}
	return nil
}

// BriefMail turns a person's brief mail on or off; ErrNotFound when they have
// no address.
func (t *Tx) BriefMail(ctx context.Context, person string, on bool) error {
	if err := t.one(ctx, `UPDATE contact SET briefs = $1 WHERE org_id = $2 AND person_id = $3 AND channel = 'email'`, on, t.org, person); err != nil {
		return fmt.Errorf("set brief mail: %w", err)
	}
	return nil
}
