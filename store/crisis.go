package store

import (
	"context"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/crisis"
)

// SetCrisis writes a crisis and everybody needed in it.
func (t *Tx) SetCrisis(ctx context.Context, c crisis.Crisis) error {
	_, err := t.exec(ctx, `INSERT INTO crisis (org_id, item_id, ended_at, ended_by, outcome) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (org_id, item_id) DO UPDATE SET ended_at = excluded.ended_at, ended_by = excluded.ended_by, outcome = excluded.outcome`,
		t.org, c.Item, millis(c.Ended), c.EndedBy, c.Outcome)
	if err != nil {
		return fmt.Errorf("set crisis: %w", err)
	}
	for _, n := range c.Needed {
		_, err := t.exec(ctx, `INSERT INTO needed (org_id, item_id, person_id, has_it_at, cannot_at, round, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (org_id, item_id, person_id) DO UPDATE SET has_it_at = excluded.has_it_at, cannot_at = excluded.cannot_at, round = excluded.round, next_at = excluded.next_at`,
			t.org, c.Item, n.Person, millis(n.HasIt), millis(n.Cannot), n.Round, millis(n.Next))
		if err != nil {
			return fmt.Errorf("set needed: %w", err)
		}
	}
	return nil
}

// Crisis returns a crisis with those needed, ordered by id, unscoped. On
// PostgreSQL its row is locked until the transaction ends, so that an answer
// and the next call take turns.
func (t *Tx) Crisis(ctx context.Context, itemID string) (crisis.Crisis, error) {
	if err := t.one(ctx, `UPDATE crisis SET ended_at = ended_at WHERE org_id = $1 AND item_id = $2`, t.org, itemID); err != nil {
		return crisis.Crisis{}, fmt.Errorf("crisis %s: %w", itemID, err)
	}
	cs, err := t.s.crises(ctx, t.q, t.org, `c.item_id = $2`, itemID)
	if err != nil || len(cs) == 0 {
		return crisis.Crisis{}, err
	}
	return cs[0], nil
}

// crises returns the crises that a condition names, newest first.
func (s *Store) crises(ctx context.Context, q querier, org, where string, args ...any) ([]crisis.Crisis, error) {
	args = append([]any{org}, args...)
	cs, err := list(ctx, q, s.dialect, func(r scanner) (crisis.Crisis, error) {
		var c crisis.Crisis
		var ended int64
		err := r.Scan(&c.Item, &ended, &c.EndedBy, &c.Outcome)
		c.Ended = instant(ended)
		return c, err
	}, `SELECT c.item_id, c.ended_at, c.ended_by, c.outcome FROM crisis c WHERE c.org_id = $1 AND `+where+` ORDER BY c.item_id DESC`, args...)
	if err != nil {
		return nil, fmt.Errorf("crises: %w", err)
	}
	for i := range cs {
		cs[i].Needed, err = list(ctx, q, s.dialect, func(r scanner) (crisis.Needed, error) {
			var n crisis.Needed
			var has, cannot, next int64
			err := r.Scan(&n.Person, &has, &cannot, &n.Round, &next)
			n.HasIt, n.Cannot, n.Next = instant(has), instant(cannot), instant(next)
			return n, err
		}, `SELECT person_id, has_it_at, cannot_at, round, next_at FROM needed WHERE org_id = $1 AND item_id = $2 ORDER BY person_id`, org, cs[i].Item)
		if err != nil {
			return nil, fmt.Errorf("needed: %w", err)
		}
	}
	return cs, nil
}

// DueCalls returns the ids of the running crises in which somebody is to be
// called again at now.
func (s *Store) DueCalls(ctx context.Context, org string, now time.Time) ([]string, error) {
	ids, err := list(ctx, s.read, s.dialect, scanString, `SELECT DISTINCT item_id FROM needed WHERE org_id = $1 AND next_at > 0 AND next_at <= $2 ORDER BY item_id`, org, millis(now))
	if err != nil {
		return nil, fmt.Errorf("due calls: %w", err)
	}
	return ids, nil
}

// NextCall is when somebody is to be called again; ok is false for nobody.
func (s *Store) NextCall(ctx context.Context, org string) (next time.Time, ok bool, err error) {
	ms, err := list(ctx, s.read, s.dialect, scanInt, `SELECT next_at FROM needed WHERE org_id = $1 AND next_at > 0 ORDER BY next_at, item_id, person_id LIMIT 1`, org)
	if err != nil || len(ms) == 0 {
		return time.Time{}, false, err
	}
	return instant(ms[0]), true, nil
}

// RaisedSince counts the crises that a person raised after a time.
func (t *Tx) RaisedSince(ctx context.Context, person string, since time.Time) (int, error) {
	n, err := single(ctx, t.q, t.s.dialect, scanInt, `SELECT count(*) FROM item WHERE org_id = $1 AND author_id = $2 AND root_id = '' AND kind = 'crisis' AND sent_at > $3`, t.org, person, millis(since))
	return int(n), err
}

// CallOut writes the messages of one round of a call to a person, over every
// channel in their charter (R11.1). real is the real time, which sending runs on.
func (t *Tx) CallOut(ctx context.Context, itemID, person string, round int64, real time.Time) error {
	contacts, err := t.Contacts(ctx, person)
	if err != nil {
		return err
	}
	for _, channel := range []string{ChannelEmail, ChannelWebhook} {
		if c, ok := contacts[channel]; !ok || !c.Crises {
			continue
		}
		err := t.AddOutgoing(ctx, Outgoing{
			ID: NewID(real), Subject: SubjectCrisis, About: itemID, Person: person, Channel: channel, Round: round, Due: real, Created: real,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
