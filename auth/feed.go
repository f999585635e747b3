package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// NewFeed makes the secret of the actor's public charter or calendar feed. The
// one before it ends in the same moment.
func (a *Auth) NewFeed(ctx context.Context, by access.Actor, kind store.FeedKind) (secret string, err error) {
	if err := mayFeed(by, kind); err != nil {
		return "", err
	}
	secret, hash := NewSecret()
	now := time.Now()
	err = a.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		if err := tx.EndFeeds(ctx, by.Person, kind); err != nil {
			return err
		}
		if err := tx.AddFeed(ctx, by.Person, kind, hash, now); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: now, Actor: by.Person, Act: store.ActFeedMade, Object: string(kind)})
	})
	if err != nil {
		return "", fmt.Errorf("make a feed: %w", err)
	}
	return secret, nil
}

// EndFeed takes the actor's feed of a kind back.
func (a *Auth) EndFeed(ctx context.Context, by access.Actor, kind store.FeedKind) error {
	if err := mayFeed(by, kind); err != nil {
		return err
	}
	return a.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		if err := tx.EndFeeds(ctx, by.Person, kind); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: by.Person, Act: store.ActFeedEnded, Object: string(kind)})
	})
}

// mayFeed: one's own, and not the address in mails, which changes for nobody alone.
func mayFeed(by access.Actor, kind store.FeedKind) error {
	if kind != store.FeedPage && kind != store.FeedCalendar {
		return access.ErrHidden
	}
	return own(by)
}

// Feed returns whose feed of a kind a secret opens; ErrHidden for an unknown
// one, one that ended, and for people who were shut out. It opens this one thing
// and signs nobody in.
func (a *Auth) Feed(ctx context.Context, org string, kind store.FeedKind, secret string) (store.Person, error) {
	p, err := a.store.Feed(ctx, org, kind, HashSecret(secret))
	if errors.Is(err, store.ErrNotFound) {
		return store.Person{}, access.ErrHidden
	}
	return p, err
}
