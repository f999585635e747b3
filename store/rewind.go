package store

import (
	"context"
	"fmt"
	"time"
)

// Rewound is a clock that was set back, by how much if that is known. Now is the
// time that people live in, Wall the one that sending runs on, Owner the process
// that asks. Nothing that is planned by a clock that goes right lies further
// ahead than Call for the next call of a crisis, Lease for the lease of a tick
// and SendLease for that of a message. What is due GiveUp after it was written
// waits for a window and is left alone.
type Rewound struct {
	By, Call, Lease, SendLease, GiveUp time.Duration
	Now, Wall                          time.Time
	Owner                              string
}

// Rewind brings what was planned on the clock before it was set back to the one
// of now, so that nothing waits until the clock shows the old time again. What
// this process is sending it keeps.
func (s *Store) Rewind(ctx context.Context, org string, r Rewound) error {
	err := s.Write(ctx, org, func(t *Tx) error {
		for _, q := range []struct {
			text string
			args []any
		}{
			{`UPDATE needed SET next_at = $1 WHERE org_id = $2 AND next_at > 0 AND next_at > $3`, []any{millis(r.Now), org, millis(r.Now.Add(r.Call))}},
			{`UPDATE tick SET lease_until = 0, lease_owner = '' WHERE org_id = $1 AND lease_until > $2`, []any{org, millis(r.Wall.Add(r.Lease))}},
			{
				`UPDATE outbox SET unsure = TRUE, lease_until = 0, lease_owner = '' WHERE org_id = $1 AND state = 'waiting' AND lease_until > $2 AND lease_owner <> $3`,
				[]any{org, millis(r.Wall.Add(r.SendLease)), r.Owner},
			},
			{
				`UPDATE outbox SET due_at = due_at - $1 WHERE org_id = $2 AND state = 'waiting' AND due_at > $3 AND due_at - created_at < $4`,
				[]any{r.By.Milliseconds(), org, millis(r.Wall), r.GiveUp.Milliseconds()},
			},
		} {
			if _, err := t.exec(ctx, q.text, q.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("set the plans to the clock: %w", err)
	}
	return nil
}
