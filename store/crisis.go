package store

import (
	"context"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/crisis"
	"github.com/rubato-hq/rubato/core/item"
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
	cs, err := t.s.crises(ctx, t.q, t.org, itemID, "")
	if err != nil || len(cs) == 0 {
		return crisis.Crisis{}, err
	}
	return cs[0], nil
}

// crises returns the crisis of an item with those needed, or none; of those
// needed only person, unless it is "".
func (s *Store) crises(ctx context.Context, q querier, org, itemID, person string) ([]crisis.Crisis, error) {
	cs, err := list(ctx, q, s.dialect, func(r scanner) (crisis.Crisis, error) {
		var c crisis.Crisis
		var ended int64
		err := r.Scan(&c.Item, &ended, &c.EndedBy, &c.Outcome)
		c.Ended = instant(ended)
		return c, err
	}, `SELECT c.item_id, c.ended_at, c.ended_by, c.outcome FROM crisis c WHERE c.org_id = $1 AND c.item_id = $2`, org, itemID)
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
		}, `SELECT person_id, has_it_at, cannot_at, round, next_at FROM needed WHERE org_id = $1 AND item_id = $2 AND ($3 = '' OR person_id = $3) ORDER BY person_id`, org, cs[i].Item, person)
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
func (t *Tx) CallOut(ctx context.Context, itemID, person string, round int64, wall time.Time) error {
	contacts, err := t.Contacts(ctx, person)
	if err != nil {
		return err
	}
	for _, channel := range []string{ChannelEmail, ChannelWebhook} {
		if c, ok := contacts[channel]; !ok || !c.Crises {
			continue
		}
		err := t.AddOutgoing(ctx, Outgoing{
			ID: NewID(wall), Subject: SubjectCrisis, About: itemID, Person: person, Channel: channel, Round: round, Due: wall, Created: wall,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// TellOfCrises tells somebody by mail that a person raises many crises; it goes
// in the lane of calls, and is none: its round is 0.
func (t *Tx) TellOfCrises(ctx context.Context, itemID, person, raiser string, wall time.Time) error {
	contacts, err := t.Contacts(ctx, person)
	if err != nil || contacts[ChannelEmail].Address == "" {
		return err
	}
	return t.AddOutgoing(ctx, Outgoing{
		ID: NewID(wall), Subject: SubjectCrisis, About: itemID, Person: person, Channel: ChannelEmail, Due: wall, Created: wall, Payload: raiser,
	})
}

// CrisisLine is one crisis in a list.
type CrisisLine struct {
	Item   item.Item
	Crisis crisis.Crisis
}

// Crises returns the crises the viewer may see, newest first, at most limit.
func (r *Reader) Crises(ctx context.Context, limit int) ([]CrisisLine, error) {
	ids, err := list(ctx, r.s.read, r.s.dialect, scanString, `SELECT item_id FROM crisis WHERE org_id = $1 ORDER BY item_id DESC LIMIT $2`, r.viewer.Org, limit)
	if err != nil {
		return nil, fmt.Errorf("crises: %w", err)
	}
	return r.crisisLines(ctx, ids)
}

// Alarms returns the running crises in which the viewer is needed.
func (r *Reader) Alarms(ctx context.Context) ([]CrisisLine, error) {
	ids, err := list(ctx, r.s.read, r.s.dialect, scanString, `SELECT n.item_id FROM needed n JOIN crisis c ON c.org_id = n.org_id AND c.item_id = n.item_id
		WHERE n.org_id = $1 AND n.person_id = $2 AND c.ended_at = 0 ORDER BY n.item_id DESC`, r.viewer.Org, r.viewer.Person)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return r.crisisLines(ctx, ids)
}

func (r *Reader) crisisLines(ctx context.Context, ids []string) ([]CrisisLine, error) {
	items, err := r.s.items(ctx, r.s.read, r.viewer.Org, ids)
	if err != nil {
		return nil, err
	}
	var out []CrisisLine
	for _, id := range ids {
		i, ok := items[id]
		if !ok || r.can(access.See, i.Object(nil)) != nil {
			continue
		}
		cs, err := r.s.crises(ctx, r.s.read, r.viewer.Org, id, "")
		if err != nil {
			return nil, err
		}
		for _, c := range cs {
			out = append(out, CrisisLine{i, c})
		}
	}
	return out, nil
}

// Crisis returns what belongs to a crisis that the viewer was shown.
func (r *Reader) Crisis(ctx context.Context, v View) (crisis.Crisis, error) {
	cs, err := r.s.crises(ctx, r.s.read, r.viewer.Org, v.Item.ID, "")
	if err != nil {
		return crisis.Crisis{}, err
	}
	if len(cs) == 0 {
		return crisis.Crisis{}, access.ErrHidden
	}
	return cs[0], nil
}

// Call is a crisis as far as it concerns the viewer alone, as a letter to each of
// many tells it: the item names nobody but them, and of those needed it holds
// nobody else.
func (r *Reader) Call(ctx context.Context, id string) (item.Item, crisis.Crisis, error) {
	i, err := single(ctx, r.s.read, r.s.dialect, scanItem, `SELECT `+itemColumns+itemFrom+` WHERE i.org_id = $1 AND i.id = $2`, r.viewer.Org, id)
	if err != nil {
		return i, crisis.Crisis{}, r.hide(err)
	}
	i.People, err = list(ctx, r.s.read, r.s.dialect, func(row scanner) (item.Named, error) {
		var n item.Named
		err := row.Scan(&n.Person, &n.As)
		return n, err
	}, `SELECT person_id, naming FROM named WHERE org_id = $1 AND item_id = $2 AND person_id = $3`, r.viewer.Org, id, r.viewer.Person)
	if err != nil {
		return i, crisis.Crisis{}, fmt.Errorf("named people: %w", err)
	}
	if err := r.can(access.See, i.Object(nil)); err != nil {
		return i, crisis.Crisis{}, err
	}
	cs, err := r.s.crises(ctx, r.s.read, r.viewer.Org, id, r.viewer.Person)
	if err != nil {
		return i, crisis.Crisis{}, err
	}
	if len(cs) == 0 {
		return i, crisis.Crisis{}, access.ErrHidden
	}
	return i, cs[0], nil
}

// Followers counts who follows a stream at any pace but muted.
func (r *Reader) Followers(ctx context.Context, stream string) (int, error) {
	n, err := single(ctx, r.s.read, r.s.dialect, scanInt, `SELECT count(*) FROM follow WHERE org_id = $1 AND stream = $2 AND pace <> 'muted'`, r.viewer.Org, stream)
	if err != nil {
		return 0, fmt.Errorf("followers: %w", err)
	}
	return int(n), nil
}
