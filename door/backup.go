package door

import (
	"context"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// NoteBackup writes down that a backup of the whole server was made, as it stood
// at made: for whoever watches its age, and in the audit log of each
// organisation in whose name somebody acts, because it holds everything.
func (d *Door) NoteBackup(ctx context.Context, by []access.Actor, made time.Time) error {
	for _, a := range by {
		if err := d.NoteExport(ctx, a, "backup"); err != nil {
			return err
		}
	}
	return d.store.Write(ctx, store.Server, func(tx *store.Tx) error { return tx.BackedUp(ctx, made) })
}
