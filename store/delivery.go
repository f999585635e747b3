package store

import (
	"context"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Delivery is one directed item on its way to one person. It ends once:
// delivered (in a brief, or at once for a crisis), or dropped with a code.
type Delivery struct {
	ID      string
	Person  string
	Item    string
	Version int64
	// Cause is why the person gets it: asked, reader, mention, answer, ...
	Cause string
	Class worktime.Class
	// From is when it was written, in the whole seconds it was planned with.
	From worktime.Instant
	// Plan is the planned instant, 0 for none; PlanWhy is the code of its reason.
	Plan    worktime.Instant
	PlanWhy string
	// Brief, Delivered and DeliveredWhy are set when it was given.
	Brief        string
	Delivered    worktime.Instant
	DeliveredWhy string
	Dropped      time.Time
	DroppedWhy   string
}

const deliveryColumns = `id, person_id, item_id, item_version, cause, class, from_sec, plan_sec, plan_why, brief_id, delivered_sec, delivered_why, dropped_at, dropped_why`

func scanDelivery(r scanner) (Delivery, error) {
	var d Delivery
	var class string
	var dropped int64
	err := r.Scan(&d.ID, &d.Person, &d.Item, &d.Version, &d.Cause, &class, &d.From, &d.Plan, &d.PlanWhy, &d.Brief, &d.Delivered, &d.DeliveredWhy, &dropped, &d.DroppedWhy)
	if err != nil {
		return d, err
	}
	d.Dropped = instant(dropped)
	d.Class, err = worktime.ParseClass(class)
	return d, err
}

// AddDelivery writes a directed item's row for one person. The same person,
// item and version for the same cause again is nothing new and changes nothing;
// added says which.
func (t *Tx) AddDelivery(ctx context.Context, d Delivery) (added bool, err error) {
	n, err := t.exec(ctx, `INSERT INTO delivery (org_id, id, person_id, item_id, item_version, cause, class, from_sec, plan_sec, plan_why, brief_id, delivered_sec, delivered_why, dropped_at, dropped_why)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', $11, $12, 0, '') ON CONFLICT (org_id, person_id, item_id, item_version, cause) DO NOTHING`,
		t.org, d.ID, d.Person, d.Item, d.Version, d.Cause, d.Class.String(), int64(d.From), int64(d.Plan), d.PlanWhy, int64(d.Delivered), d.DeliveredWhy)
	if err != nil {
		return false, fmt.Errorf("add delivery: %w", err)
	}
	return n == 1, nil
}

// Waiting returns what is on its way to a person, oldest first.
func (t *Tx) Waiting(ctx context.Context, person string) ([]Delivery, error) {
	ds, err := t.s.waiting(ctx, t.q, t.org, []string{person})
	return ds[person], err
}

func (s *Store) waiting(ctx context.Context, q querier, org string, people []string) (map[string][]Delivery, error) {
	ds, err := byIDs(people, func(set string, ids []any) ([]Delivery, error) {
		return list(ctx, q, s.dialect, scanDelivery, `SELECT `+deliveryColumns+` FROM delivery
			WHERE org_id = $1 AND person_id IN `+set+` AND delivered_sec = 0 AND dropped_at = 0 ORDER BY from_sec, id`, append([]any{org}, ids...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("waiting deliveries: %w", err)
	}
	out := make(map[string][]Delivery)
	for _, d := range ds {
		out[d.Person] = append(out[d.Person], d)
	}
	return out, nil
}

// given returns of pairs of a person and an item when the item was last given
// to the person by name, those that were.
func (s *Store) given(ctx context.Context, q querier, org string, pairs [][2]string) (map[[2]string]worktime.Instant, error) {
	type row struct {
		pair [2]string
		at   worktime.Instant
	}
	out := make(map[[2]string]worktime.Instant)
	rows, err := byPairs(pairs, func(set string, args []any) ([]row, error) {
		return list(ctx, q, s.dialect, func(r scanner) (row, error) {
			var g row
			err := r.Scan(&g.pair[0], &g.pair[1], &g.at)
			return g, err
		}, `SELECT person_id, item_id, delivered_sec FROM delivery WHERE org_id = $1 AND (person_id, item_id) IN `+set+` AND delivered_sec > 0`,
			append([]any{org}, args...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("what was given: %w", err)
	}
	for _, g := range rows {
		out[g.pair] = max(out[g.pair], g.at)
	}
	return out, nil
}

// askedBefore returns the deliveries by which a person was asked, by item.
func (s *Store) askedBefore(ctx context.Context, q querier, org, person string, ids []string) (map[string]string, error) {
	type row struct{ item, id string }
	pairs := make([][2]string, len(ids))
	for i, id := range ids {
		pairs[i] = [2]string{person, id}
	}
	rows, err := byPairs(pairs, func(set string, args []any) ([]row, error) {
		return list(ctx, q, s.dialect, func(r scanner) (row, error) {
			var d row
			err := r.Scan(&d.item, &d.id)
			return d, err
		}, `SELECT item_id, id FROM delivery WHERE org_id = $1 AND (person_id, item_id) IN `+set+` AND cause = '`+CauseAsked+`' ORDER BY item_id, id`, append([]any{org}, args...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("what was asked before: %w", err)
	}
	out := make(map[string]string, len(rows))
	for _, d := range rows {
		if _, ok := out[d.item]; !ok { // the first
			out[d.item] = d.id
		}
	}
	return out, nil
}

// Replan moves the planned instant of a waiting delivery.
func (t *Tx) Replan(ctx context.Context, id string, plan worktime.Instant, why string) error {
	_, err := t.exec(ctx, `UPDATE delivery SET plan_sec = $1, plan_why = $2 WHERE org_id = $3 AND id = $4 AND delivered_sec = 0 AND dropped_at = 0`, int64(plan), why, t.org, id)
	if err != nil {
		return fmt.Errorf("replan delivery: %w", err)
	}
	return nil
}

// Given is a delivery that a brief brings: when it counts as given, and why then.
type Given struct {
	Delivery string
	Brief    string
	At       worktime.Instant
	Why      string
}

// Deliver marks waiting deliveries as given. If one of them was given or dropped
// already, it is ErrConflict: nothing is ever given twice.
func (t *Tx) Deliver(ctx context.Context, given ...Given) error {
	rows := newRows(4)
	for _, g := range given {
		rows.add(g.Delivery, g.Brief, int64(g.At), g.Why)
	}
	n, err := t.update(ctx, `UPDATE delivery SET brief_id = v.brief, delivered_sec = v.at, delivered_why = v.why FROM %s
		WHERE delivery.org_id = $%d AND delivery.id IN (%s) AND delivery.id = v.delivery AND delivery.delivered_sec = 0 AND delivery.dropped_at = 0`,
		[]column{{"delivery", "TEXT"}, {"brief", "TEXT"}, {"at", "BIGINT"}, {"why", "TEXT"}}, rows)
	if err == nil && n != int64(len(given)) {
		err = ErrConflict
	}
	if err != nil {
		return fmt.Errorf("deliver %d: %w", len(given), err)
	}
	return nil
}

// Drop ends a waiting delivery that is no longer true or no longer allowed,
// with the code of the reason. One that has ended already stays as it is.
func (t *Tx) Drop(ctx context.Context, id, why string, at time.Time) error {
	_, err := t.exec(ctx, `UPDATE delivery SET dropped_at = $1, dropped_why = $2 WHERE org_id = $3 AND id = $4 AND delivered_sec = 0 AND dropped_at = 0`, millis(at), why, t.org, id)
	if err != nil {
		return fmt.Errorf("drop delivery: %w", err)
	}
	return nil
}

// DropItem ends every waiting delivery of an item, of one person or, with "",
// of all.
func (t *Tx) DropItem(ctx context.Context, itemID, person, why string, at time.Time) error {
	_, err := t.exec(ctx, `UPDATE delivery SET dropped_at = $1, dropped_why = $2 WHERE org_id = $3 AND item_id = $4 AND ($5 = '' OR person_id = $5) AND delivered_sec = 0 AND dropped_at = 0`,
		millis(at), why, t.org, itemID, person)
	if err != nil {
		return fmt.Errorf("drop deliveries: %w", err)
	}
	return nil
}

// Lock takes the tick rows of these people in the order of their ids, so that
// no brief of theirs is sealed until this transaction ends, and returns the
// last window sealed for each. People without a tick are left out: nothing is
// delivered to them.
func (t *Tx) Lock(ctx context.Context, people []string) (map[string]worktime.Instant, error) {
	sealed := make(map[string]worktime.Instant, len(people))
	for _, p := range unique(people) {
		at, ok := t.locked[p]
		if !ok {
			got, err := list(ctx, t.q, t.s.dialect, scanInt, `UPDATE tick SET fence = fence WHERE org_id = $1 AND person_id = $2 RETURNING sealed_sec`, t.org, p)
			if err != nil {
				return nil, fmt.Errorf("lock the tick of %s: %w", p, err)
			}
			if len(got) == 0 {
				continue
			}
			at = worktime.Instant(got[0])
			if t.locked == nil {
				t.locked = make(map[string]worktime.Instant)
			}
			t.locked[p] = at
		}
		sealed[p] = at
	}
	return sealed, nil
}

// AddTick starts delivery to a person. sealed is the moment before which
// nothing is made up for: their joining. Streams are read from here on.
func (t *Tx) AddTick(ctx context.Context, person string, due time.Time, sealed worktime.Instant) error {
	head, err := t.Head(ctx)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO tick (org_id, person_id, due_at, sealed_sec, lease_until, lease_owner, fence, read_tx, late_tx) VALUES ($1, $2, $3, $4, 0, '', 0, $5, $5)
		ON CONFLICT (org_id, person_id) DO UPDATE SET due_at = excluded.due_at, sealed_sec = excluded.sealed_sec, read_tx = excluded.read_tx, late_tx = excluded.late_tx`,
		t.org, person, millis(due), int64(sealed), head.Tx+1)
	if err != nil {
		return fmt.Errorf("add tick: %w", err)
	}
	delete(t.locked, person)
	return nil
}

// DropTick ends delivery to a person who left.
func (t *Tx) DropTick(ctx context.Context, person string) error {
	if _, err := t.exec(ctx, `DELETE FROM tick WHERE org_id = $1 AND person_id = $2`, t.org, person); err != nil {
		return fmt.Errorf("drop tick: %w", err)
	}
	return nil
}

// MoveTick moves the next look at a person to an earlier time, never to a later one.
func (t *Tx) MoveTick(ctx context.Context, person string, due time.Time) error {
	if _, err := t.exec(ctx, `UPDATE tick SET due_at = $1 WHERE org_id = $2 AND person_id = $3 AND due_at > $1`, millis(due), t.org, person); err != nil {
		return fmt.Errorf("move tick: %w", err)
	}
	return nil
}

// Waits counts what is planned for the viewer up to an instant.
func (r *Reader) Waits(ctx context.Context, until worktime.Instant) (int, error) {
	n, err := single(ctx, r.s.read, r.s.dialect, scanInt, `SELECT count(*) FROM delivery
		WHERE org_id = $1 AND person_id = $2 AND delivered_sec = 0 AND dropped_at = 0 AND plan_sec <= $3`, r.viewer.Org, r.viewer.Person, int64(until))
	if err != nil {
		return 0, fmt.Errorf("what waits: %w", err)
	}
	return int(n), nil
}
