package auth

import (
	"context"
	"errors"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// ResetOf returns whose password a link sets; ErrNobody for a link that opens
// nothing, and for people who may not come in any more.
func (a *Auth) ResetOf(ctx context.Context, org, secret string) (store.Receiver, error) {
	l, err := a.Link(ctx, org, store.LinkReset, secret)
	if err != nil {
		return store.Receiver{}, err
	}
	to, err := a.store.Receiver(ctx, org, l.Person)
	if errors.Is(err, store.ErrNotFound) || err == nil && to.Person.State != access.Active {
		return store.Receiver{}, ErrNobody
	}
	return to, err
}

// Reset uses a link up and sets a new password. Every session and token of the
// person ends in the same transaction. It returns who it is.
func (a *Auth) Reset(ctx context.Context, org, secret, password string) (person string, err error) {
	to, err := a.ResetOf(ctx, org, secret)
	if err != nil {
		return "", err
	}
	hash, err := a.HashPassword(ctx, password, to.Person.Name, to.Contacts[store.ChannelEmail].Address)
	if err != nil {
		return "", err
	}
	return to.Person.ID, a.store.Write(ctx, org, func(tx *store.Tx) error {
		l, err := tx.UseLink(ctx, store.LinkReset, HashSecret(secret), time.Now())
		if errors.Is(err, store.ErrNotFound) {
			return ErrSpent
		}
		if err != nil {
			return err
		}
		p, err := tx.Person(ctx, l.Person)
		if err != nil {
			return err
		}
		if p.State != access.Active {
			return ErrNobody
		}
		return a.setPassword(ctx, tx, p.ID, hash, "", store.ActReset)
	})
}
