package door

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// SetRole gives somebody another role. An organisation keeps at least one
// owner, and only an owner makes or unmakes one. All their sessions end: rights
// that changed begin with a new sign-in (security 1.5). So do invites that
// they made: nobody comes in by a right that is gone.
func (d *Door) SetRole(ctx context.Context, by access.Actor, person string, role access.Role) error {
	if !slices.Contains(access.Roles(), role) {
		return problem("role", "unknown-role")
	}
	return d.govern(ctx, by, person, func(tx *store.Tx, p *store.Person) (store.AuditEntry, error) {
		done := store.AuditEntry{Act: store.ActRole, Detail: string(role)}
		if (p.Role == access.Owner || role == access.Owner) && by.Role != access.Owner {
			return done, access.ErrDenied
		}
		if p.Role == access.Owner && role != access.Owner {
			if err := d.otherOwner(ctx, tx, p.ID); err != nil {
				return done, err
			}
		}
		p.Role = role
		if err := tx.EndSessions(ctx, p.ID, "", ""); err != nil {
			return done, err
		}
		if err := tx.EndInvitesBy(ctx, p.ID, time.Now()); err != nil {
			return done, err
		}
		return done, tx.EndTokens(ctx, p.ID, "")
	})
}

// SetState lets somebody in again, keeps them out for a time, or records that
// they left. Whoever is kept out loses sessions, tokens, feeds and links in
// this transaction, and nothing is delivered to them any more (R2.4). Asks wait
// for them no longer, and do not when they are let in again.
func (d *Door) SetState(ctx context.Context, by access.Actor, person string, state access.State) error {
	return d.govern(ctx, by, person, func(tx *store.Tx, p *store.Person) (store.AuditEntry, error) {
		done := store.AuditEntry{Act: store.ActState, Detail: string(state)}
		if p.ID == by.Person {
			return done, problem("", "not-yourself")
		}
		if p.Role == access.Owner && by.Role != access.Owner {
			return done, access.ErrDenied
		}
		switch {
		case state == access.Active && p.State == access.Deactivated:
			now := d.now()
			p.State = state
			return done, tx.AddTick(ctx, p.ID, now, worktime.Of(now))
		case state == access.Deactivated && p.State == access.Active, state == access.Removed && p.State != access.Removed:
			if p.Role == access.Owner {
				if err := d.otherOwner(ctx, tx, p.ID); err != nil {
					return done, err
				}
			}
			p.State = state
			return done, shutOut(ctx, tx, p.ID, time.Now())
		}
		return done, problem("state", "unknown-state")
	})
}

// shutOut ends everything that would let somebody in or reach them.
func shutOut(ctx context.Context, tx *store.Tx, person string, wall time.Time) error {
	for _, end := range []func() error{
		func() error { return tx.EndSessions(ctx, person, "", "") },
		func() error { return tx.EndTokens(ctx, person, "") },
		func() error { return tx.EndFeeds(ctx, person, "") },
		func() error { return tx.EndLinks(ctx, store.LinkReset, person, wall) },
		func() error { return tx.EndInvitesBy(ctx, person, wall) },
		func() error { return tx.DropTick(ctx, person) },
		func() error { return tx.Unwatch(ctx, person) },
		func() error { return tx.DropOutgoingOf(ctx, person, wall) },
	} {
		if err := end(); err != nil {
			return err
		}
	}
	return nil
}

// SetMayRaise ends, or gives back, a person's right to raise a crisis (R11.3).
// Admins do both; a lead of theirs may end it while they are watched. Whatever
// an admin does is the review.
func (d *Door) SetMayRaise(ctx context.Context, by access.Actor, person string, may bool) error {
	act := func(tx *store.Tx, p *store.Person) (store.AuditEntry, error) {
		done := store.AuditEntry{Act: store.ActMayRaise, Detail: "no"}
		if may {
			done.Detail = "yes"
		}
		if p.State != access.Active {
			return done, problem("state", "not-here-now")
		}
		p.MayRaise = may
		if !by.Admin() {
			return done, nil
		}
		return done, tx.Unwatch(ctx, p.ID)
	}
	if may {
		return d.govern(ctx, by, person, act)
	}
	return d.onPerson(ctx, by, person, func(tx *store.Tx, p *store.Person) error {
		leads, err := tx.LeadsOf(ctx, p.ID)
		if err != nil {
			return err
		}
		watched, err := tx.IsWatched(ctx, p.ID)
		if err != nil {
			return err
		}
		return access.Can(by, access.Curb, access.Object{
			Kind: access.Person, Org: p.Org, Person: p.ID, Shares: slices.Contains(leads, by.Person), Leads: leads, Watched: watched,
		})
	}, act)
}

// govern runs one act of an admin on a person, and writes it to the audit log.
func (d *Door) govern(ctx context.Context, by access.Actor, person string, fn func(*store.Tx, *store.Person) (store.AuditEntry, error)) error {
	return d.onPerson(ctx, by, person, func(*store.Tx, *store.Person) error {
		return access.Can(by, access.Govern, access.Object{Kind: access.Organisation, Org: by.Org})
	}, fn)
}

// onPerson runs one act on a person that may is asked for.
func (d *Door) onPerson(ctx context.Context, by access.Actor, person string, may func(*store.Tx, *store.Person) error,
	fn func(*store.Tx, *store.Person) (store.AuditEntry, error),
) error {
	err := d.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		askers, err := tx.Askers(ctx, person)
		if err != nil {
			return err
		}
		// Both: two owners who unmake one another take turns, and one stays.
		if _, err := tx.Lock(ctx, append(askers, by.Person, person)); err != nil {
			return err
		}
		p, err := tx.Person(ctx, person)
		hidden := errors.Is(err, store.ErrNotFound)
		if err != nil && !hidden {
			return err
		}
		if err := may(tx, &p); err != nil {
			return err
		}
		if hidden {
			return access.ErrHidden
		}
		done, err := fn(tx, &p)
		if err != nil {
			return err
		}
		if err := tx.SetPerson(ctx, p); err != nil {
			return err
		}
		if err := d.leaveAsks(ctx, tx, p); err != nil {
			return err
		}
		done.At, done.Actor, done.Object = time.Now(), by.Person, p.ID
		return tx.Audit(ctx, done)
	})
	if err == nil {
		d.wake()
	}
	return err
}

// otherOwner refuses to leave an organisation without an owner.
func (d *Door) otherOwner(ctx context.Context, tx *store.Tx, but string) error {
	admins, err := tx.Admins(ctx)
	if err != nil {
		return err
	}
	people, err := tx.People(ctx, admins)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Role == access.Owner && p.ID != but {
			return nil
		}
	}
	return problem("role", "last-owner")
}
