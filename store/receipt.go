package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrKeyReused says that an idempotency key came with a different request.
var ErrKeyReused = errors.New("this key was used for another request")

// TakeKey reserves an actor's idempotency key for a request with this hash. It
// comes first in a verb's transaction: a second one with the same key waits
// for the first, and then gets its result with fresh == false.
func (t *Tx) TakeKey(ctx context.Context, actor, key, hash string, now time.Time) (result string, fresh bool, err error) {
	n, err := t.exec(ctx, `INSERT INTO receipt (org_id, actor_id, key, hash, result, created_at) VALUES ($1, $2, $3, $4, '', $5)
		ON CONFLICT (org_id, actor_id, key) DO NOTHING`, t.org, actor, key, hash, millis(now))
	if err != nil {
		return "", false, fmt.Errorf("take the key: %w", err)
	}
	if n == 1 {
		return "", true, nil
	}
	type row struct{ hash, result string }
	// It writes, so that its commit waits for a synchronous standby: the first
	// one may have been cut off from it, and stand on this server alone.
	got, err := single(ctx, t.q, t.s.dialect, func(r scanner) (row, error) {
		var v row
		err := r.Scan(&v.hash, &v.result)
		return v, err
	}, `UPDATE receipt SET hash = hash WHERE org_id = $1 AND actor_id = $2 AND key = $3 RETURNING hash, result`, t.org, actor, key)
	if err != nil {
		return "", false, fmt.Errorf("read the key: %w", err)
	}
	if got.hash != hash {
		return "", false, ErrKeyReused
	}
	return got.result, false, nil
}

// KeepResult stores what a verb answered under its key.
func (t *Tx) KeepResult(ctx context.Context, actor, key, result string) error {
	err := t.one(ctx, `UPDATE receipt SET result = $1 WHERE org_id = $2 AND actor_id = $3 AND key = $4`, result, t.org, actor, key)
	if err != nil {
		return fmt.Errorf("keep the result: %w", err)
	}
	return nil
}

// ForgetKeys removes receipts older than before; a retry after that is new.
func (t *Tx) ForgetKeys(ctx context.Context, before time.Time) (int64, error) {
	return t.exec(ctx, `DELETE FROM receipt WHERE org_id = $1 AND created_at < $2`, t.org, millis(before))
}
