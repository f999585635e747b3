package serve

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/rubato-hq/rubato/backup"
	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/store"
)

// upgradesIn is the folder within the data folder in which upgrades keep what
// stood there before them.
const upgradesIn = "before-upgrades"

// toServe is the database as a server opens it: an older schema is brought
// forward once a backup of it is kept, of which kept is told the name.
func toServe(settings config.Settings, kept func(name string)) store.Config {
	cfg := databaseOf(settings)
	if settings.NoUpgradeBackup {
		return cfg
	}
	cfg.Upgrade = func(ctx context.Context, old *store.Snapshot) error {
		folder := filepath.Join(settings.Data, upgradesIn)
		name := filepath.Join(folder, fmt.Sprintf("schema-%d-%s.zip", old.Schema(), time.Now().UTC().Format("20060102-150405")))
		err := os.MkdirAll(folder, 0o700)
		if err == nil {
			_, err = backup.File(name, func(w io.Writer) error {
				_, err := backup.Write(ctx, w, old, FilesIn(settings), ThisBuild().Version, time.Now())
				return err
			})
		}
		if err != nil {
			return fmt.Errorf("keep a backup in %s: %w; make room there, or make a backup elsewhere with the version before and start with --no-upgrade-backup", folder, err)
		}
		kept(name)
		return nil
	}
	return cfg
}
