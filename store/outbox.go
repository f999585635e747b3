package store

import (
	"context"
	"fmt"
	"time"
)

// Subject says what an outgoing message carries.
type Subject string

// The subjects of outgoing messages.
const (
	SubjectBrief  Subject = "brief"
	SubjectCrisis Subject = "crisis"
	SubjectLink   Subject = "link" // asked for this minute: a sign-in, invite or reset link
)

// Outgoing is one message on its way out over one channel. Its id is stable
// over all attempts, so that the other side can fold repeats.
type Outgoing struct {
	Org     string
	ID      string
	Subject Subject
	About   string // id of the brief, the crisis item, the link
	Person  string
	Channel string
	Round   int64
	Due     time.Time
	Attempt int64
	Fence   int64
	Created time.Time
	// Payload holds what only this message knows, such as a link's address
	// and secret; it is cleared when the message has gone.
	Payload string
	// Error is what went wrong at the last attempt, "" for nothing.
	Error string
}

const outgoingColumns = `id, subject_kind, subject_id, person_id, channel, round, due_at, attempt, fence, created_at, payload, error`

func scanOutgoing(r scanner) (Outgoing, error) {
	var o Outgoing
	var due, created int64
	err := r.Scan(&o.ID, &o.Subject, &o.About, &o.Person, &o.Channel, &o.Round, &due, &o.Attempt, &o.Fence, &created, &o.Payload, &o.Error)
	o.Due, o.Created = instant(due), instant(created)
	return o, err
}

// AddOutgoing writes messages to be sent. The same subject, person, channel and
// round again is nothing new.
func (t *Tx) AddOutgoing(ctx context.Context, out ...Outgoing) error {
	rows := newRows(19)
	for _, o := range out {
		rows.add(t.org, o.ID, o.Subject, o.About, o.Person, o.Channel, o.Round, SendWaiting, millis(o.Due), 0, 0, 0, "", 0, millis(o.Created), 0, "", "", o.Payload)
	}
	err := t.insert(ctx, `INSERT INTO outbox (org_id, id, subject_kind, subject_id, person_id, channel, round, state, due_at, not_after_sec, attempt, lease_until, lease_owner, fence, created_at, done_at, receipt, error, payload) VALUES `, rows,
		` ON CONFLICT (org_id, subject_kind, subject_id, person_id, channel, round) DO NOTHING`)
	if err != nil {
		return fmt.Errorf("add outgoing: %w", err)
	}
	return nil
}

// MailWaits reports for which of these people the mail of a brief waits.
func (t *Tx) MailWaits(ctx context.Context, people []string) (map[string]bool, error) {
	rows, err := byIDs(people, func(set string, ids []any) ([]string, error) {
		return list(ctx, t.q, t.s.dialect, scanString, `SELECT DISTINCT person_id FROM outbox WHERE org_id = $1 AND person_id IN `+set+` AND subject_kind = 'brief' AND state = 'waiting' ORDER BY person_id`, append([]any{t.org}, ids...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("whose mail waits: %w", err)
	}
	out := make(map[string]bool, len(rows))
	for _, p := range rows {
		out[p] = true
	}
	return out, nil
}

// ClaimOutgoing leases up to limit due messages of an organisation, the
// earliest first, but for those that are held (see Hold). crisis picks the
// crisis lane, which shares nothing with the other: a slow mail server cannot
// hold it. Of one whose lease has lapsed nobody knows whether it was taken.
func (s *Store) ClaimOutgoing(ctx context.Context, org, owner string, crisis bool, wall time.Time, lease time.Duration, limit int) ([]Outgoing, error) {
	var out []Outgoing
	err := s.Write(ctx, org, func(t *Tx) error {
		held, err := t.s.held(ctx, t.q)
		if err != nil {
			return err
		}
		out, err = list(ctx, t.q, t.s.dialect, scanOutgoing, `UPDATE outbox SET unsure = (unsure OR lease_owner <> ''), lease_until = $1, lease_owner = $2, fence = fence + 1, attempt = attempt + 1
			WHERE org_id = $3 AND state = 'waiting' AND lease_until < $4 AND due_at <= $4
			AND id IN (SELECT id FROM outbox WHERE org_id = $3 AND state = 'waiting' AND lease_until < $4 AND due_at <= $4 AND (subject_kind = 'crisis') = $5
				AND created_at > $6 AND (subject_kind <> 'brief' OR $6 = 0)
				ORDER BY due_at, id LIMIT $7) RETURNING `+outgoingColumns,
			millis(wall.Add(lease)), owner, org, millis(wall), crisis, millis(held), limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim outgoing: %w", err)
	}
	for i := range out {
		out[i].Org = org
	}
	return out, nil
}

// NextOutgoing is when the next message of a lane may be tried; ok is false for none.
func (s *Store) NextOutgoing(ctx context.Context, org string, crisis bool) (due time.Time, ok bool, err error) {
	held, err := s.Held(ctx)
	if err != nil {
		return time.Time{}, false, err
	}
	ms, err := list(ctx, s.read, s.dialect, scanInt, `SELECT CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END AS at FROM outbox
		WHERE org_id = $1 AND state = 'waiting' AND (subject_kind = 'crisis') = $2
		AND created_at > $3 AND (subject_kind <> 'brief' OR $3 = 0) ORDER BY at LIMIT 1`, org, crisis, millis(held))
	if err != nil {
		return time.Time{}, false, fmt.Errorf("next outgoing: %w", err)
	}
	if len(ms) == 0 {
		return time.Time{}, false, nil
	}
	return instant(ms[0]), true, nil
}

// settle ends or postpones an attempt under its fence; ErrFence if the lease
// was lost, and then nothing was written. also, if set, belongs to the same
// transaction.
func (s *Store) settle(ctx context.Context, o Outgoing, also func(*Tx) error, set string, args ...any) error {
	args = append(args, o.Org, o.ID, o.Fence)
	n := len(args)
	err := s.Write(ctx, o.Org, func(t *Tx) error {
		got, err := t.exec(ctx, `UPDATE outbox SET lease_until = 0, lease_owner = '', `+set+
			fmt.Sprintf(` WHERE org_id = $%d AND id = $%d AND fence = $%d AND state = 'waiting'`, n-2, n-1, n), args...)
		switch {
		case err != nil:
			return err
		case got != 1:
			return ErrFence
		case also != nil:
			return also(t)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("settle outgoing %s: %w", o.ID, err)
	}
	return nil
}

// Sent records that the other side took the message. What the contact at this
// address failed with before is no longer so.
func (s *Store) Sent(ctx context.Context, o Outgoing, wall time.Time, receipt, address string) error {
	return s.settle(ctx, o, func(t *Tx) error {
		_, err := t.exec(ctx, `UPDATE contact SET failed_at = 0, failed_why = '' WHERE org_id = $1 AND person_id = $2 AND channel = $3 AND address = $4 AND failed_at > 0`,
			t.org, o.Person, o.Channel, address)
		return err
	}, `state = 'sent', done_at = $1, receipt = $2, error = '', payload = ''`, millis(wall), receipt)
}

// Retry postpones the message after a temporary failure, until due.
func (s *Store) Retry(ctx context.Context, o Outgoing, wall, due time.Time, f Failure) error {
	return s.settle(ctx, o, f.mark(ctx, o, wall), `due_at = $1, error = $2, unsure = (unsure OR $3)`, millis(due), f.Reason, f.Unsure)
}

// Snooze puts the message back until due: nothing was tried.
func (s *Store) Snooze(ctx context.Context, o Outgoing, due time.Time) error {
	return s.settle(ctx, o, nil, `due_at = $1, attempt = attempt - 1`, millis(due))
}

// Failure is why a message did not go.
type Failure struct {
	Reason string
	// Address, if not "", is the contact's that did not take it: it is marked, so
	// that the person and the admins see it. Ends switches the contact off.
	Address string
	Ends    bool
	// Unsure says that it may have been taken all the same.
	Unsure bool
}

// mark writes the failure down at the contact, if it is to be seen there.
func (f Failure) mark(ctx context.Context, o Outgoing, wall time.Time) func(*Tx) error {
	if f.Address == "" {
		return nil
	}
	return func(t *Tx) error {
		_, err := t.exec(ctx, `UPDATE contact SET failed_at = $1, failed_why = $2, briefs = briefs AND $3 = FALSE, crises = crises AND $3 = FALSE
			WHERE org_id = $4 AND person_id = $5 AND channel = $6 AND address = $7`, millis(wall), f.Reason, f.Ends, t.org, o.Person, o.Channel, f.Address)
		return err
	}
}

// Fail ends the message for good.
func (s *Store) Fail(ctx context.Context, o Outgoing, wall time.Time, f Failure) error {
	return s.settle(ctx, o, f.mark(ctx, o, wall), `state = 'failed', done_at = $1, error = $2, payload = ''`, millis(wall), f.Reason)
}

// DropOutgoing ends a message that is no longer wanted.
func (s *Store) DropOutgoing(ctx context.Context, o Outgoing, wall time.Time, reason string) error {
	return s.settle(ctx, o, nil, `state = 'dropped', done_at = $1, error = $2, payload = ''`, millis(wall), reason)
}

// DropOutgoingOf ends everything on its way to a person who was shut out.
func (t *Tx) DropOutgoingOf(ctx context.Context, person string, wall time.Time) error {
	_, err := t.exec(ctx, `UPDATE outbox SET state = 'dropped', done_at = $1, error = 'the person may not be reached any more', payload = '' WHERE org_id = $2 AND person_id = $3 AND state = 'waiting'`,
		millis(wall), t.org, person)
	if err != nil {
		return fmt.Errorf("drop outgoing: %w", err)
	}
	return nil
}
