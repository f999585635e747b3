package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
)

// Claim is a lease on one person's tick. Fence rises with every claim; what is
// done under an older one is refused.
type Claim struct {
	Org    string
	Person string
	Due    time.Time
	Fence  int64
}

// ClaimTicks leases up to limit people of an organisation whose tick is due at
// now, the earliest first. real is the real time that leases run on; owner
// names this process. Fewer than limit does not mean that no more are due:
// another process may have won them; ask NextDue.
func (s *Store) ClaimTicks(ctx context.Context, org, owner string, now, wall time.Time, lease time.Duration, limit int) ([]Claim, error) {
	var claims []Claim
	err := s.Write(ctx, org, func(t *Tx) error {
		var err error
		claims, err = list(ctx, t.q, t.s.dialect, func(r scanner) (Claim, error) {
			c := Claim{Org: org}
			var due int64
			err := r.Scan(&c.Person, &due, &c.Fence)
			c.Due = instant(due)
			return c, err
		}, `UPDATE tick SET lease_until = $1, lease_owner = $2, fence = fence + 1
			WHERE org_id = $3 AND lease_until < $4 AND due_at <= $5
			AND person_id IN (SELECT person_id FROM tick WHERE org_id = $3 AND lease_until < $4 AND due_at <= $5
				ORDER BY due_at, person_id LIMIT $6) RETURNING person_id, due_at, fence`,
			millis(wall.Add(lease)), owner, org, millis(wall), millis(now), limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim ticks: %w", err)
	}
	return claims, nil
}

// Served is a claimed person, locked for the transaction that serves them: all
// that a look at them needs.
type Served struct {
	Claim   Claim
	Sealed  worktime.Instant // the last window whose brief is sealed
	Reading Reading
	Person  Person
	Waiting []Delivery
	Reigns  []layer.Reign    // those in force since what can matter
	Urgent  worktime.Instant // the last urgent brief, when an urgent item waits
}

// Serve locks the claimed ticks in the order of their people and reads what is
// needed to look at those people, in that order. Whose lease went to another
// process meanwhile is left out.
func (t *Tx) Serve(ctx context.Context, claims []Claim) ([]Served, error) {
	claims = slices.SortedFunc(slices.Values(claims), func(a, b Claim) int { return cmp.Compare(a.Person, b.Person) })
	var out []Served
	var people []string
	for _, c := range claims {
		got, err := list(ctx, t.q, t.s.dialect, func(r scanner) (Served, error) {
			v := Served{Claim: c}
			err := r.Scan(&v.Sealed, &v.Reading.Tx, &v.Reading.Late)
			v.Reading.Sec = v.Sealed
			return v, err
		}, `UPDATE tick SET fence = fence WHERE org_id = $1 AND person_id = $2 AND fence = $3 RETURNING sealed_sec, read_tx, late_tx`, t.org, c.Person, c.Fence)
		if err != nil {
			return nil, fmt.Errorf("serve %s: %w", c.Person, err)
		}
		if len(got) == 1 {
			out = append(out, got[0])
			people = append(people, c.Person)
		}
	}
	found, err := t.People(ctx, people)
	if err != nil {
		return nil, err
	}
	waiting, err := t.s.waiting(ctx, t.q, t.org, people)
	if err != nil {
		return nil, err
	}
	var urgent []string
	for i := range out {
		out[i].Person, out[i].Waiting = found[i], waiting[people[i]]
		if slices.ContainsFunc(out[i].Waiting, func(d Delivery) bool { return d.Class == worktime.Urgent }) {
			urgent = append(urgent, people[i])
		}
	}
	sealed, err := t.urgentSealed(ctx, urgent)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Urgent = sealed[people[i]]
		if out[i].Reigns, err = t.reignsSince(ctx, out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// reignsSince returns the clocks that can matter: those in force since the last
// sealed window, or since the oldest thing that waits.
func (t *Tx) reignsSince(ctx context.Context, v Served) ([]layer.Reign, error) {
	since := v.Sealed
	for _, d := range v.Waiting {
		since = min(since, d.From)
	}
	if v.Person.Ruling <= since { // which nearly always is the one in force
		return []layer.Reign{{From: v.Person.Ruling, Clock: v.Person.Clock}}, nil
	}
	return t.Reigns(ctx, v.Person.ID, since)
}

// Released is somebody served, and when to look at them again.
type Released struct {
	Served
	Due time.Time
}

// Release ends claims. ErrFence if the lease of one was lost.
func (t *Tx) Release(ctx context.Context, released ...Released) error {
	rows := newRows(6)
	for _, r := range released {
		rows.add(r.Claim.Person, r.Claim.Fence, int64(r.Sealed), r.Reading.Tx, r.Reading.Late, millis(r.Due))
	}
	n, err := t.update(ctx, `UPDATE tick SET sealed_sec = v.sealed, read_tx = v.read, late_tx = v.late, due_at = v.due, lease_until = 0, lease_owner = '' FROM %s
		WHERE tick.org_id = $%d AND tick.person_id IN (%s) AND tick.person_id = v.person AND tick.fence = v.held`,
		[]column{{"person", "TEXT"}, {"held", "BIGINT"}, {"sealed", "BIGINT"}, {"read", "BIGINT"}, {"late", "BIGINT"}, {"due", "BIGINT"}}, rows)
	if err == nil && n != int64(len(released)) {
		err = ErrFence
	}
	if err != nil {
		return fmt.Errorf("release %d: %w", len(released), err)
	}
	return nil
}

// NextDue is when the next tick of an organisation is due that nobody holds a
// lease on at real; ok is false when there is none.
func (s *Store) NextDue(ctx context.Context, org string, wall time.Time) (due time.Time, ok bool, err error) {
	ms, err := list(ctx, s.read, s.dialect, scanInt, `SELECT due_at FROM tick WHERE org_id = $1 AND lease_until < $2 ORDER BY due_at, person_id LIMIT 1`, org, millis(wall))
	if err != nil {
		return time.Time{}, false, fmt.Errorf("next tick: %w", err)
	}
	if len(ms) == 0 {
		return time.Time{}, false, nil
	}
	return instant(ms[0]), true, nil
}
