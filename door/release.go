package door

import (
	"context"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// Release ends the hold that a restore began (security 3.6): what is held back
// goes out, or is dropped, and what comes from now on goes out. The hold is the
// whole server's, so that every organisation that somebody joined has an admin
// among by. It returns since when it was held, the zero time for not at all, and
// how many messages that were.
func (d *Door) Release(ctx context.Context, by []access.Actor, drop bool) (held time.Time, messages int64, err error) {
	admins := make(map[string]access.Actor, len(by))
	for _, a := range by {
		admins[a.Org] = a
	}
	orgs, err := d.store.Organisations(ctx)
	if err != nil {
		return held, 0, err
	}
	var kept []store.Organisation // those that somebody joined
	for _, o := range orgs {
		if a, ok := admins[o.ID]; ok {
			if err := access.Can(a, access.Govern, access.Object{Kind: access.Organisation, Org: o.ID}); err != nil {
				return held, 0, err
			}
			kept = append(kept, o)
			continue
		}
		err := d.store.Write(ctx, o.ID, func(tx *store.Tx) error {
			others, err := tx.Admins(ctx)
			if len(others) > 0 {
				return problem("", "held-for-others")
			}
			return err
		})
		if err != nil {
			return held, 0, err
		}
	}
	if held, err = d.store.Held(ctx); err != nil || held.IsZero() {
		return held, 0, err
	}
	wall := time.Now()
	for _, o := range kept {
		var n int64
		err := d.store.Write(ctx, o.ID, func(tx *store.Tx) error {
			done := store.AuditEntry{At: wall, Actor: admins[o.ID].Person, Act: store.ActReleased, Detail: "sent"}
			var err error
			if drop {
				done.Detail = "dropped"
				n, err = tx.DropHeld(ctx, held, wall, "dropped after a restore")
			} else {
				n, err = tx.CountHeld(ctx, held)
			}
			if err != nil {
				return err
			}
			return tx.Audit(ctx, done)
		})
		if err != nil {
			return held, 0, fmt.Errorf("release: %w", err)
		}
		messages += n
	}
	if err := d.store.Write(ctx, store.Server, func(tx *store.Tx) error { return tx.LetGo(ctx) }); err != nil {
		return held, 0, fmt.Errorf("release: %w", err)
	}
	d.wake()
	return held, messages, nil
}
