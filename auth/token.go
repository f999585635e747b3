package auth

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// TokenPrefix begins every API token, so that one that leaked can be found.
const TokenPrefix = "rbt_"

// MaxTokenLife is how long a token lives at most (security 1.11).
const MaxTokenLife = 365 * 24 * time.Hour

// NewToken makes an API token for a person: its secret is returned once and
// only its hash is kept. A token never makes another one.
func (a *Auth) NewToken(ctx context.Context, by access.Actor, name string, scopes []access.Scope, team string, life time.Duration) (secret string, err error) {
	if by.Token {
		return "", access.ErrDenied
	}
	if err := own(by); err != nil {
		return "", err
	}
	secret = newToken()
	now := a.clock.now()
	err = a.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		id := store.NewID(now)
		err := tx.AddToken(ctx, store.Token{
			Hash: HashSecret(secret), ID: id, Person: by.Person, Name: cut(strings.TrimSpace(name), 100), Scopes: scopes, Team: team,
			Created: now, Ends: now.Add(min(life, MaxTokenLife)),
		})
		if err != nil {
			return err
		}
		may := make([]string, len(scopes))
		for i, s := range scopes {
			may[i] = string(s)
		}
		return tx.Audit(ctx, store.AuditEntry{At: now, Actor: by.Person, Act: store.ActTokenMade, Object: id, Detail: strings.Join(may, " ")})
	})
	if err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	return secret, nil
}

// newToken is 240 random bits as a token is written, with its checksum.
func newToken() string {
	var b [30]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	body := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
	return TokenPrefix + body + checksum(body)
}

// known reports whether a scope is one of ours: a token without any opens nothing.
func known(s access.Scope) bool {
	return s == access.ScopeRead || s == access.ScopeWrite || s == access.ScopeAdmin
}

// own asks whether somebody may act on what is theirs.
func own(by access.Actor) error {
	return access.Can(by, access.Own, access.Object{Kind: access.Person, Org: by.Org, Person: by.Person})
}

// checksum lets a mistyped token be refused without asking the database.
func checksum(body string) string {
	return fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(body)))
}

// Bearer returns who a token speaks for, narrowed to its scopes; ErrNobody for
// one that is malformed, unknown or ended. from is the peer's address, for the
// limit on guesses.
func (a *Auth) Bearer(ctx context.Context, org, secret, from string) (Who, error) {
	who, err := a.bearer(ctx, org, secret)
	if errors.Is(err, ErrNobody) {
		if slow := a.limits.take(time.Now(), "token "+Peer(from), guesses, time.Minute, 0); slow != nil {
			return Who{}, slow
		}
	}
	return who, err
}

// Pace holds a person's requests by token to a rate.
func (a *Auth) Pace(who Who) error {
	return a.limits.pace(time.Now(), "api "+who.Person.Org+" "+who.Person.ID)
}

func (a *Auth) bearer(ctx context.Context, org, secret string) (Who, error) {
	body, ok := strings.CutPrefix(secret, TokenPrefix)
	if !ok || len(body) < 9 || checksum(body[:len(body)-8]) != body[len(body)-8:] {
		return Who{}, ErrNobody
	}
	token, p, actor, err := a.store.Token(ctx, org, HashSecret(secret))
	if errors.Is(err, store.ErrNotFound) {
		return Who{}, ErrNobody
	}
	if err != nil {
		return Who{}, err
	}
	if now := a.clock.now(); now.After(token.Ends) || ahead(token.Created, now) || p.State != access.Active || !slices.ContainsFunc(token.Scopes, known) {
		return Who{}, ErrNobody
	}
	return Who{Person: p, Actor: actor, Token: token}, nil
}

// EndToken takes one of a person's tokens back.
func (a *Auth) EndToken(ctx context.Context, by access.Actor, id string) error {
	if err := own(by); err != nil {
		return err
	}
	return a.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		if err := tx.EndTokens(ctx, by.Person, id); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: by.Person, Act: store.ActTokenEnded, Object: id})
	})
}

// EndSession ends one of a person's sessions, or with "" all but the one they
// are using.
func (a *Auth) EndSession(ctx context.Context, who Who, id string) error {
	if err := own(who.Actor); err != nil {
		return err
	}
	return a.store.Write(ctx, who.Person.Org, func(tx *store.Tx) error {
		except := ""
		if id == "" {
			except = who.Session.Hash
		}
		if err := tx.EndSessions(ctx, who.Person.ID, id, except); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: who.Person.ID, Act: store.ActSessionsEnded, Object: id})
	})
}

// ChangePassword sets a new password after the old one was right. Every other
// session, and every token, ends in the same transaction (security 1.5).
func (a *Auth) ChangePassword(ctx context.Context, who Who, old, password string) error {
	if _, err := a.confirm(ctx, who, old); err != nil {
		return err
	}
	hash, err := a.HashPassword(ctx, password, who.Person.Name)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, who.Person.Org, func(tx *store.Tx) error {
		return a.setPassword(ctx, tx, who.Person.ID, hash, who.Session.Hash, store.ActPassword)
	})
}

// setPassword writes a password, ends everything that the old one opened but
// one session, and says so in the audit log.
func (a *Auth) setPassword(ctx context.Context, tx *store.Tx, person, hash, except string, act store.Act) error {
	now := time.Now()
	for _, do := range []func() error{
		func() error { return tx.SetPassword(ctx, person, hash, now) },
		func() error { return tx.EndTokens(ctx, person, "") },
		func() error { return tx.EndSessions(ctx, person, "", except) },
		func() error { return tx.EndLinks(ctx, store.LinkReset, person, now) },
		func() error { return tx.Audit(ctx, store.AuditEntry{At: now, Actor: person, Act: act}) },
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}
