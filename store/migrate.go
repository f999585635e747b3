package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewerSchema says that a newer version of the program has been here.
var ErrNewerSchema = errors.New("the database was written by a newer version of Rubato: start that version, or restore the backup made before the upgrade")

// migrate brings the schema forward, each migration in a transaction of its
// own. A failing one changes nothing; on PostgreSQL nodes take turns.
func (s *Store) migrate(ctx context.Context) error {
	p, err := s.migrations()
	if err != nil {
		return err
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read the schema version: %w", err)
	}
	if newest := newestVersion(p); have > newest {
		return fmt.Errorf("schema %d, this program knows %d: %w", have, newest, ErrNewerSchema)
	}
	if _, err := p.Up(ctx); err != nil {
		partial, ok := errors.AsType[*goose.PartialError](err)
		if ok && partial.Failed != nil {
			return fmt.Errorf("migration %d failed and changed nothing; the version before still runs on this database: %w", partial.Failed.Source.Version, partial.Err)
		}
		return fmt.Errorf("migrate: %w", err)
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

// migrateTo brings the schema of an empty database to a version.
func (s *Store) migrateTo(ctx context.Context, version int64) error {
	p, err := s.migrations()
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return fmt.Errorf("make the schema %d: %w", version, err)
	}
	return nil
}

// SchemaVersion is the newest migration that the database has had.
func (s *Store) SchemaVersion(ctx context.Context) (int64, error) {
	p, err := s.migrations()
	if err != nil {
		return 0, err
	}
	v, err := p.GetDBVersion(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the schema version: %w", err)
	}
	return v, nil
}

func (s *Store) migrations() (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("open the migrations: %w", err)
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if s.dialect.name() == "postgres" {
		session, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, fmt.Errorf("lock the migrations: %w", err)
		}
		options = append(options, goose.WithSessionLocker(session))
	}
	p, err := goose.NewProvider(goose.Dialect(s.dialect.name()), s.write, dir, options...)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}

func newestVersion(p *goose.Provider) int64 {
	var newest int64
	for _, src := range p.ListSources() {
		newest = max(newest, src.Version)
	}
	return newest
}
