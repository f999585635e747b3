package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// ErrTaken is ErrNobody with its reason: somebody else has the address that a
// link would give its person.
var ErrTaken = fmt.Errorf("%w: somebody else has the address", ErrNobody)

// noticeLife is how long mail may try to tell an old address that it is none
// any more.
const noticeLife = 7 * 24 * time.Hour

// MayMove checks the password of somebody who wants another mail address, and
// counts the wish: ErrWrong, or SlowDown as for a new password. It tells nothing
// of whether the address is known.
func (a *Auth) MayMove(ctx context.Context, who Who, address, password, from string) error {
	has, err := a.confirm(ctx, who, password)
	if err != nil {
		return err
	}
	if !has { // nothing says that it is they
		return ErrWrong
	}
	now := time.Now()
	if err := a.limits.take(now, "move "+who.Person.ID, resetTries, resetWindow, 0); err != nil {
		return err
	}
	return a.MayReset(who.Person.Org, address, from)
}

// confirm checks somebody's own password; has is false for somebody who has none.
func (a *Auth) confirm(ctx context.Context, who Who, password string) (has bool, err error) {
	if err := a.limits.take(time.Now(), "password "+who.Person.ID, signInTries, signInWindow, signInPause); err != nil {
		return false, err
	}
	stored, err := a.store.PasswordOf(ctx, who.Person.Org, who.Person.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && stored == "" {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	ok, err := a.hasher.verify(ctx, stored, password)
	if err == nil && !ok {
		err = ErrWrong
	}
	return true, err
}

// AddressOf returns whose mail address a link changes, and to which; ErrNobody
// for a link that opens nothing, and for people who may not come in any more.
func (a *Auth) AddressOf(ctx context.Context, org, secret string) (store.Receiver, string, error) {
	l, err := a.Link(ctx, org, store.LinkAddress, secret)
	if err != nil {
		return store.Receiver{}, "", err
	}
	to, err := a.store.Receiver(ctx, org, l.Person)
	if errors.Is(err, store.ErrNotFound) || err == nil && to.Person.State != access.Active {
		return store.Receiver{}, "", ErrNobody
	}
	return to, l.Address, err
}

// MoveAddress uses a link up: from now on its person has the new address, and
// the old one is told and is theirs no more. Sessions, tokens and what they
// chose to get by mail stay; links for a new password end. It is ErrTaken where
// somebody else has the address.
func (a *Auth) MoveAddress(ctx context.Context, org, secret string) (address string, err error) {
	_, address, err = a.AddressOf(ctx, org, secret)
	if err != nil {
		return "", err
	}
	err = a.store.Write(ctx, org, func(tx *store.Tx) error {
		now := time.Now()
		l, err := tx.UseLink(ctx, store.LinkAddress, HashSecret(secret), now)
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
		old, err := tx.MoveAddress(ctx, p.ID, l.Address, now)
		if errors.Is(err, store.ErrExists) {
			return ErrTaken
		}
		if err != nil {
			return err
		}
		if err := tx.EndLinks(ctx, store.LinkReset, p.ID, now); err != nil {
			return err
		}
		if old != "" {
			m := store.LinkMail{
				Link: store.NewID(now), Kind: store.MailMoved, Person: p.ID, Address: old, Name: p.Name, Lang: p.Lang, Path: "/settings", Ends: now.Add(noticeLife),
			}
			if err := tx.MailLink(ctx, m, now); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, store.AuditEntry{At: now, Actor: p.ID, Act: store.ActAddress})
	})
	return address, err
}
