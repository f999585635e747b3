package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// Errors of the disk.
var (
	// ErrNoRoom says that the database's disk is full: nothing of the
	// transaction is kept, and the next one may find room again.
	ErrNoRoom = errors.New("the disk of the database is full")
	// ErrReadOnly says that nothing is written any more by this process: a sync
	// failed, so nobody can know what of the newest changes is on the disk. What
	// was acknowledged before is.
	ErrReadOnly = errors.New("nothing is written until the server is started again")
)

// syncs watches a SQLite file for a sync that fails. After one the system may
// forget what it could not write and report the next sync as well done, so no
// later answer could be believed.
type syncs struct {
	path   string
	failed atomic.Pointer[error]
}

// refused returns the ErrReadOnly of a sync that has failed, nil while all is well.
func (s *syncs) refused() error {
	if err := s.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// judge gives an error of a write its name, and ends all writing when it is
// that of a sync of a file: the path and this ending.
func (s *syncs) judge(err error, ending string) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok || e.Code() != lib.SQLITE_IOERR_FSYNC && e.Code() != lib.SQLITE_IOERR_DIR_FSYNC {
		return sqliteDialect{}.classify(err)
	}
	out := fmt.Errorf("%w: the sync of %s%s failed: %w", ErrReadOnly, s.path, ending, err)
	s.failed.CompareAndSwap(nil, &out)
	return out
}

// Writes returns why nothing can be written any more, nil while it can. It
// costs nothing and does not ask the disk.
func (s *Store) Writes() error {
	if s.together == nil {
		return nil
	}
	return s.together.syncs.refused()
}

const (
	// lookEvery is after how many commits the size of the log is looked at.
	lookEvery = 16
	// longLog is how many pages of the log are brought into the database at once.
	longLog = 1000
)

// checkpoint brings a log that has grown long into the database. SQLite would
// do it by itself, but keep quiet about a sync that failed there. It is called
// by whose turn it is, after a commit.
func (t *together) checkpoint(ctx context.Context) error {
	if t.commits++; t.commits%lookEvery != 0 {
		return nil
	}
	var busy, pages, done int64
	err := t.statements.db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(NOOP)`).Scan(&busy, &pages, &done)
	if err == nil && pages-done >= longLog {
		err = t.statements.db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`).Scan(&busy, &pages, &done)
	}
	return t.syncs.judge(err, "")
}
