package door

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// Unsubscribe turns brief mail off for the person whose one-click address this
// is (R12.4). There is no sign-in: the secret of the address does this and
// nothing else. Doing it again changes nothing. Crisis mail stays as it is. An
// unknown secret, or one of somebody who was shut out, is ErrHidden.
func (d *Door) Unsubscribe(ctx context.Context, org, secret string) error {
	sum := sha256.Sum256([]byte(secret))
	p, err := d.store.Feed(ctx, org, store.FeedUnsubscribe, hex.EncodeToString(sum[:]))
	if errors.Is(err, store.ErrNotFound) {
		return access.ErrHidden
	}
	if err != nil {
		return err
	}
	err = d.store.Write(ctx, org, func(tx *store.Tx) error { return tx.BriefMail(ctx, p.ID, false) })
	if errors.Is(err, store.ErrNotFound) {
		return access.ErrHidden
	}
	return err
}

// SendAgain tries a message once more that has failed for good; for admins.
func (d *Door) SendAgain(ctx context.Context, by access.Actor, id string) error {
	err := d.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		if err := access.Can(by, access.Govern, access.Object{Kind: access.Organisation, Org: by.Org}); err != nil {
			return err
		}
		return tx.SendAgain(ctx, id, time.Now())
	})
	if errors.Is(err, store.ErrNotFound) {
		return access.ErrHidden
	}
	if err == nil {
		d.wake()
	}
	return err
}

// NoteExport writes into the audit log that an admin took an export along.
func (d *Door) NoteExport(ctx context.Context, by access.Actor, what string) error {
	return d.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		if err := access.Can(by, access.Govern, access.Object{Kind: access.Organisation, Org: by.Org}); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: by.Person, Act: store.ActExported, Object: what})
	})
}
