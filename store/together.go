package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// together lets the transactions that wait for SQLite's one writer share a
// commit: the disk is waited for once for all of them, and each is still whole
// or not there. They run one after the other, each in its caller's goroutine;
// whoever finds nobody behind them commits for all.
type together struct {
	statements *statements
	waiting    atomic.Int64
	turn       sync.Mutex
	open       *company // begun and not committed; changed by whose turn it is
	commits    int      // counted by whose turn it is, as is longest
	longest    int64    // pages of the log when it was last tried to empty it
	watch      *watch
}

// company is those who are committed with one another.
type company struct {
	tx   *sql.Tx
	size int
	done chan struct{} // closed once err is known
	err  error
}

// maxCompany bounds how many share a commit, and so how long the first waits.
const maxCompany = 64

// errWentDown says that a transaction was rolled back by the failure of another
// one beside it: it may run again.
var errWentDown = errors.New("rolled back together with another transaction")

func newTogether(write *sql.DB, w *watch) *together {
	return &together{statements: newStatements(write), watch: w}
}

func (t *together) write(ctx context.Context, s *Store, org string, fn func(*Tx) error) error {
	c, err := t.take(ctx, s, org, fn)
	if err != nil {
		return err
	}
	<-c.done
	return c.err
}

// take waits for its turn, runs one transaction, and commits if nobody waits
// behind it.
func (t *together) take(ctx context.Context, s *Store, org string, fn func(*Tx) error) (*company, error) {
	t.waiting.Add(1)
	t.turn.Lock()
	t.waiting.Add(-1)
	defer func() {
		if t.open != nil && (t.waiting.Load() == 0 || t.open.size >= maxCompany) {
			t.commit(ctx)
		}
		t.turn.Unlock()
	}()
	return t.run(ctx, s, org, fn)
}

// run runs one transaction in the company that is open, or opens one. When it
// fails, nothing of it stays.
func (t *together) run(ctx context.Context, s *Store, org string, fn func(*Tx) error) (_ *company, err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	if err := t.watch.refused(); err != nil {
		return nil, err
	}
	// A statement that is interrupted takes the whole company down: whoever is
	// not waited for any more is asked between statements.
	stay := context.WithoutCancel(ctx)
	first := t.open == nil
	if first {
		tx, err := s.write.BeginTx(stay, nil)
		if err != nil {
			return nil, fmt.Errorf("begin: %w", t.watch.judge(err, ""))
		}
		t.open = &company{tx: tx, done: make(chan struct{})}
	} else if err := steps(stay, t.open.tx, `SAVEPOINT one`); err != nil {
		t.down(err)
		return nil, errWentDown
	}
	c := t.open
	whole := false
	defer func() {
		if whole {
			return
		}
		if first { // nobody else is in it
			t.down(err)
		} else if undo := steps(stay, c.tx, `ROLLBACK TO one`, `RELEASE one`); undo != nil {
			t.down(undo) // the failure ended all of it, as that of a full disk does
		}
	}()
	err = fn(&Tx{org: org, q: stays{prepared{t.statements, c.tx}}, s: s})
	if err == nil {
		err = ctx.Err()
	}
	if err == nil && !first {
		err = steps(stay, c.tx, `RELEASE one`)
	}
	if err != nil {
		return nil, err
	}
	whole = true
	c.size++
	return c, nil
}

func steps(ctx context.Context, tx *sql.Tx, texts ...string) error {
	for _, text := range texts {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
	}
	return nil
}

// down ends a company without keeping anything of it.
func (t *together) down(err error) {
	c := t.open
	t.open = nil
	_ = c.tx.Rollback()
	c.err = fmt.Errorf("%w: %w", errWentDown, err)
	close(c.done)
}

func (t *together) commit(ctx context.Context) {
	c := t.open
	t.open = nil
	if err := c.tx.Commit(); err != nil {
		c.err = fmt.Errorf("commit: %w", t.watch.judge(err, "-wal"))
	}
	close(c.done)
	if c.err != nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	t.statements.compile(ctx)
	_ = t.checkpoint(ctx) // a sync that failed is remembered; else it is tried again
}

// stays runs statements to their end, and none for whom nobody waits any more.
type stays struct{ prepared }

// QueryContext is that of database/sql.
func (q stays) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return q.prepared.QueryContext(context.WithoutCancel(ctx), text, args...)
}

// QueryRowContext is that of database/sql.
func (q stays) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	return q.prepared.QueryRowContext(context.WithoutCancel(ctx), text, args...)
}

// ExecContext is that of database/sql.
func (q stays) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return q.prepared.ExecContext(context.WithoutCancel(ctx), text, args...)
}
