package store

import (
	"context"
	"errors"
)

// Forget is Write for what is to leave no trace: on SQLite what fn takes out is
// overwritten with zeros, and the log that may still hold it is brought into the
// database and emptied; where somebody reads at that moment, that comes with the
// next one. PostgreSQL keeps the bytes of what is gone until its next VACUUM.
func (s *Store) Forget(ctx context.Context, org string, fn func(*Tx) error) error {
	if s.together == nil {
		return s.Write(ctx, org, fn)
	}
	return s.together.forget(ctx, s, org, fn)
}

func (t *together) forget(ctx context.Context, s *Store, org string, fn func(*Tx) error) error {
	t.waiting.Add(1)
	t.turn.Lock()
	defer t.turn.Unlock()
	t.waiting.Add(-1)
	if t.open != nil {
		t.commit(ctx)
	}
	stay := context.WithoutCancel(ctx)
	set := func(pragma string) error {
		_, err := t.statements.db.ExecContext(stay, pragma)
		return err
	}
	if err := set(`PRAGMA secure_delete(1)`); err != nil {
		return err
	}
	c, err := t.run(ctx, s, org, fn)
	if t.open != nil {
		t.commit(ctx)
	}
	err = errors.Join(err, set(`PRAGMA secure_delete(0)`))
	if err == nil {
		err = c.err
	}
	if err != nil {
		return err
	}
	return t.watch.judge(t.restart(stay), "")
}
