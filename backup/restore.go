package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/store"
)

// Restore fills an empty database and an empty folder of files. What opened a
// door before is ended, no crisis calls again by itself, and what goes out is
// held from now on until somebody lets it go.
//
// A SQLite file and the folder appear under their names when all of it is on
// disk; on PostgreSQL the rows come in one transaction.
func (a *Archive) Restore(ctx context.Context, cfg store.Config, files string, now time.Time) (err error) {
	if err := vacant(files); err != nil {
		return err
	}
	half := files + ".restoring"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	if len(a.Manifest.Files) > 0 {
		defer func() { err = errors.Join(err, os.RemoveAll(half)) }()
		if err := a.unpack(half); err != nil {
			return err
		}
	}
	finish := func(st *store.Store) error { return settle(ctx, st, a.Manifest.Made, now) }
	place := func() error {
		if len(a.Manifest.Files) == 0 {
			return nil
		}
		_ = os.Remove(files) // an empty one, perhaps
		return move(half, files)
	}
	if strings.Contains(cfg.Database, "://") {
		if err := store.Fill(ctx, cfg, a.Manifest.Schema, a.rows, finish); err != nil {
			return err
		}
		return place()
	}
	target := cfg.Database
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, fmt.Errorf("%s: %w", target, store.ErrNotEmpty))
	}
	cfg.Database = target + ".restoring"
	if err := discard(cfg.Database); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, discard(cfg.Database)) }()
	if err := store.Fill(ctx, cfg, a.Manifest.Schema, a.rows, finish); err != nil {
		return err
	}
	if _, err := os.Stat(cfg.Database + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, errors.New("the database did not come to rest in one file"))
	}
	if err := place(); err != nil {
		return err
	}
	if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) { // somebody was quicker
		return errors.Join(err, fmt.Errorf("%s: %w", target, store.ErrNotEmpty))
	}
	return move(cfg.Database, target)
}

// settle ends what opened doors, and holds what is on its way.
func settle(ctx context.Context, st *store.Store, made, now time.Time) error {
	orgs, err := st.Organisations(ctx)
	if err != nil {
		return err
	}
	restored := store.AuditEntry{At: now, Act: store.ActRestored, Detail: made.UTC().Format(time.RFC3339), Origin: "terminal"}
	for _, o := range append(orgs, store.Organisation{ID: store.Server}) {
		if err := st.Write(ctx, o.ID, func(tx *store.Tx) error {
			if err := tx.EndAll(ctx, now); err != nil || o.ID == store.Server {
				return err
			}
			return tx.Audit(ctx, restored)
		}); err != nil {
			return err
		}
	}
	return st.Write(ctx, store.Server, func(tx *store.Tx) error { return errors.Join(tx.Hold(ctx, now), tx.BackedUp(ctx, made)) })
}

// vacant fails unless a folder is empty or not there.
func vacant(dir string) error {
	have, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(have) > 0 {
		return fmt.Errorf("%s has something in it: restore into an empty place", dir)
	}
	return nil
}

// discard removes a SQLite file that was not finished, with what lies beside it.
func discard(database string) error {
	var errs []error
	for _, beside := range []string{"", "-wal", "-shm", ".lock"} {
		if err := os.Remove(database + beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// move gives a file or a folder its name, on disk.
func move(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
