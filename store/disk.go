package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

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

// Damage says that a database file holds what SQLite did not write.
type Damage struct {
	Path  string
	Where string // as SQLite tells it, with the page if it knows
}

// Error is that of an error.
func (d *Damage) Error() string {
	return fmt.Sprintf("the database file %s is damaged: %s", d.Path, d.Where)
}

// watch looks at what SQLite says of its file, for what nothing can be written
// after: a sync that fails, because the system may forget what it could not
// write and report the next sync as well done, and damage.
type watch struct {
	path    string
	failed  atomic.Pointer[error]
	damaged chan struct{} // closed when damage was met
	once    sync.Once
}

func newWatch(path string) *watch { return &watch{path: path, damaged: make(chan struct{})} }

// refused returns the ErrReadOnly of what has failed, nil while all is well.
func (s *watch) refused() error {
	if err := s.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// judge gives an error of a write its name, and ends all writing when it is
// that of a sync of a file: the path and this ending.
func (s *watch) judge(err error, ending string) error {
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok || e.Code() != lib.SQLITE_IOERR_FSYNC && e.Code() != lib.SQLITE_IOERR_DIR_FSYNC {
		return sqliteDialect{s}.classify(err)
	}
	out := fmt.Errorf("%w: the sync of %s%s failed: %w", ErrReadOnly, s.path, ending, err)
	s.failed.CompareAndSwap(nil, &out)
	return out
}

// Writes returns why nothing can be written any more, nil while it can. It
// costs nothing and does not ask the disk.
func (s *Store) Writes() error {
	if s.watch == nil {
		return nil
	}
	return s.watch.refused()
}

// harm makes the error of damage, and ends all writing.
func (s *watch) harm(where string) error {
	out := &Damage{Path: s.path, Where: where}
	no := fmt.Errorf("%w: %w", ErrReadOnly, out)
	s.failed.CompareAndSwap(nil, &no)
	s.once.Do(func() { close(s.damaged) })
	return out
}

// Damaged is closed when a statement met damage in the database file; nil where
// that is not ours to see.
func (s *Store) Damaged() <-chan struct{} {
	if s.watch == nil {
		return nil
	}
	return s.watch.damaged
}

// Check reads the whole SQLite file, as long as that takes, and returns a Damage
// with the page that is damaged. PostgreSQL looks after its own.
func (s *Store) Check(ctx context.Context) error {
	if s.watch == nil {
		return nil
	}
	found, err := list(ctx, s.pool, s.dialect, scanString, `PRAGMA quick_check(1)`)
	if err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	if len(found) == 1 && found[0] == "ok" {
		return nil
	}
	lines := strings.Split(strings.Join(found, "\n"), "\n")
	return s.watch.harm(lines[len(lines)-1]) // above it stands which database
}

// begun is what the lock beside a SQLite file says once the file holds a schema.
const begun = "the database has been made\n"

// gone returns a Damage where a database has been made and its file is not
// there any more, or empty: SQLite would quietly begin a new one.
func gone(path string) error {
	said, err := os.ReadFile(path + ".lock")
	if err != nil || string(said) != begun {
		return err
	}
	info, err := os.Stat(path)
	if err == nil && info.Size() > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return &Damage{Path: path, Where: "it is empty, and was not before; to begin anew, remove " + path + ".lock"}
}

// made notes that the file holds a schema now.
func made(path string) error {
	if said, err := os.ReadFile(path + ".lock"); err == nil && string(said) == begun {
		return nil
	}
	return os.WriteFile(path+".lock", []byte(begun), 0o600)
}

const (
	// lookEvery is after how many commits the size of the log is looked at.
	lookEvery = 16
	// longLog is how many pages of the log are brought into the database at once.
	longLog = 1000
	// tooLong is how many pages of the log are too many: while somebody always
	// reads, it would never be begun anew, and grow without end. Whoever writes
	// then waits for those who read, for restartPatience at most; if one of them
	// takes longer, as a backup does, the log has grown by as much again before
	// the next try.
	tooLong         = 4000
	restartPatience = 250 * time.Millisecond
)

// checkpoint brings a log that has grown long into the database. SQLite would
// do it by itself, but keep quiet about a sync that failed there. It is called
// by whose turn it is, after a commit.
func (t *together) checkpoint(ctx context.Context) error {
	if t.commits++; t.commits%lookEvery != 0 {
		return nil
	}
	pages, done, err := t.walCheckpoint(ctx, "NOOP")
	if err == nil && pages-done >= longLog {
		pages, _, err = t.walCheckpoint(ctx, "PASSIVE")
	}
	switch {
	case err != nil:
	case pages < tooLong:
		t.longest = 0
	case pages >= t.longest+tooLong:
		t.longest = pages
		err = t.restart(ctx)
	}
	return t.watch.judge(err, "")
}

// restart brings all of the log into the database and empties it.
func (t *together) restart(ctx context.Context) error {
	set := func(patience time.Duration) error {
		_, err := t.statements.db.ExecContext(ctx, fmt.Sprintf(`PRAGMA busy_timeout(%d)`, patience.Milliseconds()))
		return err
	}
	if err := set(restartPatience); err != nil {
		return err
	}
	pages, _, err := t.walCheckpoint(ctx, "TRUNCATE")
	if err == nil && pages == 0 {
		t.longest = 0
	}
	return errors.Join(err, set(lockPatience))
}

// walCheckpoint returns how many pages the log has, and how many of them are in
// the database. That somebody reads what stands in the way is no error.
func (t *together) walCheckpoint(ctx context.Context, mode string) (pages, done int64, err error) {
	var busy int64
	err = t.statements.db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(`+mode+`)`).Scan(&busy, &pages, &done)
	return pages, done, err
}
