package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewerSchema says that a newer version of the program has been here.
var ErrNewerSchema = errors.New("the database was written by a newer version of Rubato: start that version, or restore the backup made before the upgrade")

// migrate brings the schema to what this program knows. An older one that is
// not new is given to before, if that is set.
func (s *Store) migrate(ctx context.Context, before func(context.Context, *Snapshot) error) error {
	newest, err := Newest()
	if err != nil {
		return err
	}
	if before != nil {
		have, err := s.SchemaVersion(ctx)
		if err != nil {
			return err
		}
		if have > 0 && have < newest {
			if err := s.snapshot(ctx, before); err != nil {
				return fmt.Errorf("before the upgrade from schema %d to %d, which was not begun: %w", have, newest, err)
			}
		}
	}
	return s.migrateTo(ctx, newest)
}

// snapshot calls fn with a snapshot of the database.
func (s *Store) snapshot(ctx context.Context, fn func(context.Context, *Snapshot) error) (err error) {
	snapshot := &Snapshot{store: s}
	defer func() { err = errors.Join(err, snapshot.end()) }()
	if err := snapshot.open(ctx); err != nil {
		return fmt.Errorf("open a snapshot: %w", err)
	}
	return fn(ctx, snapshot)
}

// migrationSteps is the folder of the migrations.
func migrationSteps() (fs.FS, error) {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("open the migrations: %w", err)
	}
	return folder, nil
}

// migrateTo brings the schema up to a version.
func (s *Store) migrateTo(ctx context.Context, version int64) error {
	folder, err := migrationSteps()
	if err != nil {
		return err
	}
	return s.migrateBy(ctx, folder, version)
}

// migrateBy brings the schema up to a version by the steps of a folder, all in
// one transaction: a step that fails, or an end of the process in the middle,
// leaves the database as it was, and the program of before still runs on it.
// The steps are goose's, which would run each in a transaction of its own. On
// PostgreSQL nodes take turns.
func (s *Store) migrateBy(ctx context.Context, folder fs.FS, to int64) error {
	p, err := s.migrations(folder)
	if err != nil {
		return err
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema version: %w", s.dialect.classify(err))
	}
	if have > to {
		return fmt.Errorf("schema %d, this program knows %d: %w", have, to, ErrNewerSchema)
	}
	if have == to {
		return nil
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("migrate: begin: %w", s.dialect.classify(err))
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if err := s.dialect.turn(ctx, tx); err != nil {
		return fmt.Errorf("migrate: wait for one's turn: %w", err)
	}
	if have, err = single(ctx, tx, s.dialect, scanInt, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`); err != nil {
		return fmt.Errorf("read the schema version: %w", err)
	}
	for _, src := range p.ListSources() {
		if src.Version <= have || src.Version > to {
			continue
		}
		text, err := fs.ReadFile(folder, src.Path)
		if err == nil {
			err = s.dialect.script(ctx, tx, string(text))
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, TRUE)`, src.Version)
		}
		if err != nil {
			return fmt.Errorf("migration %d failed and nothing was changed; the version before still runs on this database: %w", src.Version, s.dialect.classify(err))
		}
	}
	if err := tx.Commit(); err != nil {
		if s.dialect.lost(err) {
			return fmt.Errorf("migrate: commit: %w; start again, to see whether it was done", s.dialect.classify(err))
		}
		return fmt.Errorf("migrate: commit failed and nothing was changed; the version before still runs on this database: %w", s.dialect.classify(err))
	}
	return nil
}

// Current reports whether the schema is still this program's own: a newer node
// may have brought it forward meanwhile. A SQLite file has no other node.
func (s *Store) Current(ctx context.Context) error {
	if s.together != nil {
		return nil
	}
	return s.current(ctx)
}

// current refuses a schema that is not this program's own.
func (s *Store) current(ctx context.Context) error {
	have, err := s.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	newest, err := Newest()
	switch {
	case err != nil:
		return err
	case have > newest:
		return fmt.Errorf("schema %d, this program knows %d: %w", have, newest, ErrNewerSchema)
	case have < newest:
		return fmt.Errorf("the schema is at version %d, this program needs %d: start the server, or run \"rubato migrate\"", have, newest)
	}
	return nil
}

// SchemaVersion is the newest migration that the database has had.
func (s *Store) SchemaVersion(ctx context.Context) (int64, error) {
	folder, err := migrationSteps()
	if err != nil {
		return 0, err
	}
	p, err := s.migrations(folder)
	if err != nil {
		return 0, err
	}
	v, err := p.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the schema version: %w", s.dialect.classify(err))
	}
	return v, nil
}

func (s *Store) migrations(folder fs.FS) (*goose.Provider, error) {
	p, err := goose.NewProvider(goose.Dialect(s.dialect.name()), s.write, folder, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}
