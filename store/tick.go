package store

import (
	"context"
	"fmt"
	"time"

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

// Ticked is a claimed person, locked for the transaction that serves them.
type Ticked struct {
	Sealed worktime.Instant // the last window whose brief is sealed
}

// Serve locks the claimed tick and returns what was sealed last. ErrFence if
// the lease went to another process meanwhile.
func (t *Tx) Serve(ctx context.Context, c Claim) (Ticked, error) {
	got, err := list(ctx, t.q, t.s.dialect, scanInt, `UPDATE tick SET fence = fence WHERE org_id = $1 AND person_id = $2 AND fence = $3 RETURNING sealed_sec`, t.org, c.Person, c.Fence)
	if err != nil {
		return Ticked{}, fmt.Errorf("serve %s: %w", c.Person, err)
	}
	if len(got) == 0 {
		return Ticked{}, fmt.Errorf("serve %s: %w", c.Person, ErrFence)
	}
	return Ticked{Sealed: worktime.Instant(got[0])}, nil
}

// Keep goes on with the claim after a brief was sealed: sealed is the last
// window sealed. ErrFence if the lease was lost.
func (t *Tx) Keep(ctx context.Context, c Claim, sealed worktime.Instant) error {
	n, err := t.exec(ctx, `UPDATE tick SET sealed_sec = $1 WHERE org_id = $2 AND person_id = $3 AND fence = $4`, int64(sealed), t.org, c.Person, c.Fence)
	if err != nil {
		return fmt.Errorf("keep %s: %w", c.Person, err)
	}
	if n != 1 {
		return fmt.Errorf("keep %s: %w", c.Person, ErrFence)
	}
	return nil
}

// Release ends the claim: the person is looked at again at due. sealed is the
// last window sealed. ErrFence if the lease was lost.
func (t *Tx) Release(ctx context.Context, c Claim, sealed worktime.Instant, due time.Time) error {
	n, err := t.exec(ctx, `UPDATE tick SET sealed_sec = $1, due_at = $2, lease_until = 0, lease_owner = '' WHERE org_id = $3 AND person_id = $4 AND fence = $5`,
		int64(sealed), millis(due), t.org, c.Person, c.Fence)
	if err != nil {
		return fmt.Errorf("release %s: %w", c.Person, err)
	}
	if n != 1 {
		return fmt.Errorf("release %s: %w", c.Person, ErrFence)
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
