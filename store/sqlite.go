package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// readers is how many connections read a SQLite file side by side; one writes.
const readers = 4

type sqliteDialect struct{}

func (s *Store) openSQLite(ctx context.Context, cfg Config) error {
	s.dialect = sqliteDialect{}
	path, err := filepath.Abs(cfg.Database)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	unlock, err := lockFile(path + ".lock")
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	s.unlock = unlock
	sync := "FULL"
	if cfg.Unsynced {
		sync = "OFF"
	}
	if s.write, err = openSQLitePool(path, sync, false, 1); err == nil {
		s.pool, err = openSQLitePool(path, sync, true, readers)
	}
	if err == nil {
		err = s.write.PingContext(ctx)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("open %s: %w", path, err), s.Close())
	}
	s.writes, s.reads = newStatements(s.write), newStatements(s.pool)
	s.read = prepared{statements: s.reads}
	return nil
}

// openSQLitePool opens one pool. The writer takes its lock when a transaction
// begins, so that no two transactions can deadlock on an upgrade.
func openSQLitePool(path, sync string, readOnly bool, conns int) (*sql.DB, error) {
	q := url.Values{}
	q.Add("_pragma", "busy_timeout(10000)")
	q.Add("_pragma", "journal_mode(WAL)")
	q.Add("_pragma", "synchronous("+sync+")")
	q.Add("_pragma", "foreign_keys(1)")
	q.Add("_pragma", "cache_size(-8000)")
	q.Add("_pragma", "temp_store(MEMORY)")
	if readOnly {
		q.Add("_pragma", "query_only(1)")
	} else {
		q.Set("_txlock", "immediate")
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

func (sqliteDialect) name() string { return "sqlite3" }

func (sqliteDialect) prepare(context.Context, *sql.DB) error { return nil }

func (sqliteDialect) classify(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch e.Code() {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w: %w", ErrExists, err)
	case lib.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fmt.Errorf("%w: %w", ErrReference, err)
	}
	return err
}

// One writer and a busy timeout: nothing to run again.
func (sqliteDialect) retryable(error) bool { return false }

func (sqliteDialect) lost(error) bool { return false }
