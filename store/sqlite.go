package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// readers is how many connections read a SQLite file side by side; one writes.
const readers = 4

type sqliteDialect struct{ watch *watch }

func (s *Store) openSQLite(ctx context.Context, cfg Config) error {
	path, err := filepath.Abs(cfg.Database)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	s.watch = newWatch(path)
	s.dialect = sqliteDialect{s.watch}
	if cfg.Beside {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("%s: %w", path, ErrNoDatabase)
		}
	} else if err := s.alone(path); err != nil {
		return err
	}
	sync := "FULL"
	if cfg.Unsynced {
		sync = "OFF"
	}
	driver := cmp.Or(cfg.Driver, "sqlite")
	if s.write, err = openSQLitePool(driver, path, sync, false, 1); err == nil {
		s.pool, err = openSQLitePool(driver, path, sync, true, readers)
	}
	if err == nil {
		err = s.write.PingContext(ctx)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("open %s: %w", path, s.dialect.classify(err)), s.Close())
	}
	s.together, s.reads = newTogether(s.write, s.watch), newStatements(s.pool)
	s.read = prepared{statements: s.reads}
	return nil
}

// alone makes the folder and takes the lock.
func (s *Store) alone(path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if s.unlock, err = lockFile(path + ".lock"); err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	if err := gone(path); err != nil {
		return errors.Join(err, s.unlock())
	}
	return nil
}

// lockPatience is how long a connection waits for another one's lock.
const lockPatience = 10 * time.Second

// openSQLitePool opens one pool. The writer takes its lock when a transaction
// begins, so that no two transactions can deadlock on an upgrade.
func openSQLitePool(driver, path, sync string, readOnly bool, conns int) (*sql.DB, error) {
	q := url.Values{}
	q.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", lockPatience.Milliseconds()))
	q.Add("_pragma", "journal_mode(WAL)")
	q.Add("_pragma", "synchronous("+sync+")")
	q.Add("_pragma", "foreign_keys(1)")
	q.Add("_pragma", "temp_store(MEMORY)")
	if readOnly {
		q.Add("_pragma", "query_only(1)")
		// Each commit of another connection empties it, and there are several.
		q.Add("_pragma", "cache_size(-2000)")
	} else {
		q.Set("_txlock", "immediate")
		q.Add("_pragma", "cache_size(-8000)")
		q.Add("_pragma", "wal_autocheckpoint(0)") // see together.checkpoint
	}
	db, err := sql.Open(driver, "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// In a WAL every transaction sees one moment: that of its first read.
func (sqliteDialect) snapshot() *sql.TxOptions { return &sql.TxOptions{ReadOnly: true} }

func (d sqliteDialect) tables(ctx context.Context, q querier) ([]Table, error) {
	names, err := list(ctx, q, d, scanString, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%' ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	var out []Table
	for _, name := range names {
		t := Table{Name: name}
		if t.Columns, err = list(ctx, q, d, scanString, `SELECT name FROM pragma_table_info($1) ORDER BY cid`, name); err != nil {
			return nil, fmt.Errorf("columns of %s: %w", name, err)
		}
		kinds, err := list(ctx, q, d, scanString, `SELECT type FROM pragma_table_info($1) ORDER BY cid`, name)
		if err != nil {
			return nil, fmt.Errorf("columns of %s: %w", name, err)
		}
		for _, k := range kinds {
			t.kinds = append(t.kinds, kindOf(k))
		}
		if t.refers, err = list(ctx, q, d, scanString, `SELECT DISTINCT "table" FROM pragma_foreign_key_list($1)`, name); err != nil {
			return nil, fmt.Errorf("references of %s: %w", name, err)
		}
		out = append(out, t)
	}
	return out, nil
}

func (sqliteDialect) name() string { return "sqlite3" }

func (sqliteDialect) prepare(context.Context, *sql.DB) error { return nil }

func (sqliteDialect) turn(context.Context, *sql.Tx) error { return nil }

func (sqliteDialect) script(ctx context.Context, tx *sql.Tx, text string) error {
	_, err := tx.ExecContext(ctx, text)
	return err
}

func (d sqliteDialect) classify(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	if e.Code()&0xff == lib.SQLITE_CORRUPT { // whatever its kind
		return d.watch.harm(err.Error())
	}
	switch e.Code() {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w: %w", ErrExists, err)
	case lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fmt.Errorf("%w: %w", ErrReference, err)
	case lib.SQLITE_NOTADB:
		return d.watch.harm(err.Error())
	case lib.SQLITE_FULL:
		return fmt.Errorf("%w: %w", ErrNoRoom, err)
	}
	return err
}

// One writer and a busy timeout: nothing to run again, but for what went down
// with somebody else's failure.
func (sqliteDialect) retryable(err error) bool { return errors.Is(err, errWentDown) }

func (sqliteDialect) lost(error) bool { return false }

// A file answers, or fails; its one writer is waited for by busy_timeout.
func (sqliteDialect) patience(context.Context) time.Duration { return 0 }
