// Package auth knows who is there: passwords, sessions, one-time links and API
// tokens (security 1.5, 1.7, 1.11). All of it runs on real time, in the demo too.
//
// What does not live here: what somebody may do (core/access).
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// Lifetimes of what opens a door.
const (
	sessionIdle = 14 * 24 * time.Hour
	sessionLife = 90 * 24 * time.Hour
	// touchEvery bounds how often the use of a session is written down.
	touchEvery = time.Hour
	setupLife  = 24 * time.Hour
	// InviteLife and ResetLife are how long an invite, and a link that sets a
	// new password, can be used.
	InviteLife = 14 * 24 * time.Hour
	ResetLife  = 30 * time.Minute
)

// Errors that a page answers in words.
var (
	// ErrNobody says that no session, token or link opens this door.
	ErrNobody = errors.New("not signed in")
	// ErrSpent and ErrLate are ErrNobody with its reason: a link was used or
	// taken back, or it is too old.
	ErrSpent = fmt.Errorf("%w: the link was used or taken back", ErrNobody)
	ErrLate  = fmt.Errorf("%w: the link is too old", ErrNobody)
	// ErrWrong says that address and password do not belong together.
	ErrWrong = errors.New("address or password is wrong")
	// ErrWeak says that a password is too short, too long or too well known.
	ErrWeak = errors.New("the password is too easily guessed")
)

// SlowDown says that somebody tried too often; After is when to try again.
type SlowDown struct{ After time.Duration }

func (s *SlowDown) Error() string {
	return fmt.Sprintf("tried too often, again in %s", s.After.Round(time.Second))
}

// Auth signs people in and out. It is safe for concurrent use.
type Auth struct {
	store  *store.Store
	hasher *hasher
	limits *limits
	failed failures
	clock  clock

	signing  sync.Mutex
	signWith []byte
}

// New returns an Auth over a store.
func New(s *store.Store) *Auth {
	return &Auth{store: s, hasher: newHasher(), limits: newLimits(), clock: clock{time.Now()}}
}

// Who is somebody signed in.
type Who struct {
	Person  store.Person
	Actor   access.Actor
	Session store.Session // zero for a token
	Token   store.Token   // zero for a session
}

// NewSecret returns 256 random bits as text, and the hash under which they are stored.
func NewSecret() (secret, hash string) {
	var b [32]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	secret = strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
	return secret, HashSecret(secret)
}

// HashSecret is how a secret is stored and looked up. Equal secrets meet in the
// database's index by their hash, so nothing is compared byte by byte in time.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// SignIn checks address and password and starts a session for a device. from
// is the peer's address, for the limits. Unknown addresses cost the same work
// as known ones.
func (a *Auth) SignIn(ctx context.Context, org, address, password, device, from string) (secret string, err error) {
	address = cut(Address(address), 254) // there are none longer, and it is kept to count
	if err := a.limits.signIn(time.Now(), org, address, from); err != nil {
		return "", err
	}
	person, hash, err := a.store.Password(ctx, org, address)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	ok, err := a.hasher.verify(ctx, hash, password)
	if err != nil {
		return "", err
	}
	if !ok || person == "" {
		return "", errors.Join(ErrWrong, a.tell(ctx, a.failed.add(time.Now(), org, person, from)))
	}
	a.limits.forget(org, address)
	return a.begin(ctx, org, person, device, a.failed.take(org, person))
}

// Begin starts a session for a person who has proved who they are.
func (a *Auth) Begin(ctx context.Context, org, person, device string) (secret string, err error) {
	return a.begin(ctx, org, person, device, 0)
}

func (a *Auth) begin(ctx context.Context, org, person, device string, failed int) (secret string, err error) {
	now := a.clock.now()
	secret, hash := NewSecret()
	err = a.store.Write(ctx, org, func(tx *store.Tx) error {
		p, err := tx.Person(ctx, person)
		if err != nil {
			return err
		}
		if p.State != access.Active {
			return ErrNobody
		}
		err = tx.AddSession(ctx, store.Session{
			Hash: hash, ID: store.NewID(now), Person: person, Device: cut(device, 200), Created: now, Used: now, Ends: now.Add(sessionLife),
		})
		if err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: now, Actor: person, Act: store.ActSignIn, Detail: countOf(failed)})
	})
	if err != nil {
		return "", fmt.Errorf("begin a session: %w", err)
	}
	return secret, nil
}

// Who returns who holds a session's secret, with their rights of this moment.
// ErrNobody for an unknown, ended or idle session, and for people who may not
// come in any more.
func (a *Auth) Who(ctx context.Context, org, secret string) (Who, error) {
	if secret == "" {
		return Who{}, ErrNobody
	}
	ses, p, actor, err := a.store.Session(ctx, org, HashSecret(secret))
	if errors.Is(err, store.ErrNotFound) {
		return Who{}, ErrNobody
	}
	if err != nil {
		return Who{}, err
	}
	now := a.clock.now()
	if now.After(ses.Ends) || now.After(ses.Used.Add(sessionIdle)) || ahead(ses.Used, now) || p.State != access.Active {
		return Who{}, ErrNobody
	}
	if now.Sub(ses.Used) > touchEvery {
		err := a.store.Write(ctx, org, func(tx *store.Tx) error { return tx.TouchSession(ctx, ses.Hash, now) })
		// A disk that takes nothing keeps nobody from reading.
		if err != nil && !errors.Is(err, store.ErrNoRoom) && !errors.Is(err, store.ErrReadOnly) {
			return Who{}, err
		}
	}
	return Who{Person: p, Actor: actor, Session: ses}, nil
}

// SignOut ends the session with this secret.
func (a *Auth) SignOut(ctx context.Context, org, secret string) error {
	return a.store.Write(ctx, org, func(tx *store.Tx) error { return tx.EndSession(ctx, HashSecret(secret)) })
}

// SetupLink makes the one-time secret with which the first owner opens an
// empty server; links made before end.
func (a *Auth) SetupLink(ctx context.Context) (secret string, err error) {
	now := time.Now()
	secret, hash := NewSecret()
	err = a.store.Write(ctx, store.Server, func(tx *store.Tx) error {
		if err := tx.EndLinks(ctx, store.LinkSetup, "", now); err != nil {
			return err
		}
		return tx.AddLink(ctx, store.Link{Hash: hash, Kind: store.LinkSetup, ID: store.NewID(now), Role: access.Owner, Created: now, Ends: now.Add(setupLife)})
	})
	if err != nil {
		return "", fmt.Errorf("make a setup link: %w", err)
	}
	return secret, nil
}

// Link returns a link that can still be used, by its secret; else ErrNobody, and
// for one of ours that ended, ErrSpent or ErrLate.
func (a *Auth) Link(ctx context.Context, org string, kind store.LinkKind, secret string) (store.Link, error) {
	l, err := a.store.Link(ctx, org, kind, HashSecret(secret))
	if errors.Is(err, store.ErrNotFound) {
		return l, ErrNobody
	}
	if err != nil {
		return l, err
	}
	switch {
	case !l.Used.IsZero():
		return l, ErrSpent
	case !time.Now().Before(l.Ends):
		return l, ErrLate
	}
	return l, nil
}

// Until is when something that lives so long from now ends, on real time.
func Until(life time.Duration) time.Time { return time.Now().Add(life) }

// Invitation returns what an invite that can still be used says, by its secret.
func (a *Auth) Invitation(ctx context.Context, org, secret string) (store.Invitation, error) {
	l, err := a.Link(ctx, org, store.LinkInvite, secret)
	if err != nil {
		return store.Invitation{}, err
	}
	return a.store.Invitation(ctx, org, l)
}

// Address is an e-mail address in the form in which it is stored and compared:
// trimmed, ASCII letters in lower case (R2.6).
func Address(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, strings.TrimSpace(s))
}

// cut is at most n bytes of what a client said, as text.
func cut(s string, n int) string {
	return strings.ToValidUTF8(s[:min(len(s), n)], "")
}
