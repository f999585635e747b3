package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// calls repeats crises until those needed answer. It has a loop of its own, so
// that nothing slow in briefs or mail can hold it.
func (e *Engine) calls(ctx context.Context) {
	e.cfg.loop(ctx, e.recall, e.cfg.Now, e.StepCalls, e.crises.beat, func() bool { return e.clockSet(ctx) })
}

// StepCalls calls again whoever has not answered by now, and returns how long
// to sleep.
func (e *Engine) StepCalls(ctx context.Context) (time.Duration, error) {
	orgs, err := e.cfg.Store.EveryOrganisation(ctx)
	if err != nil {
		return time.Second, err
	}
	e.clockSet(ctx)
	if err := e.planAnew(ctx, orgs); err != nil {
		return time.Second, err
	}
	wait := idle
	var errs []error
	for _, org := range orgs {
		due, err := e.cfg.Store.DueCalls(ctx, org.ID, e.cfg.Now())
		errs = append(errs, err)
		for _, id := range due {
			errs = append(errs, e.callAgain(ctx, org.ID, id))
		}
		next, ok, err := e.cfg.Store.NextCall(ctx, org.ID)
		errs = append(errs, err)
		if ok {
			wait = min(wait, max(next.Sub(e.cfg.Now()), 10*time.Millisecond))
		}
	}
	return wait, errors.Join(errs...)
}

// callAgain makes one more round for those of a crisis whose time has come.
// Somebody who may no longer see it is not called any more.
func (e *Engine) callAgain(ctx context.Context, org, itemID string) error {
	defer e.out.nudge()
	return e.cfg.Store.Write(ctx, org, func(tx *store.Tx) error {
		c, err := tx.Crisis(ctx, itemID)
		if err != nil {
			return err
		}
		i, err := tx.Item(ctx, itemID)
		if err != nil {
			return err
		}
		now, wall := e.cfg.Now(), time.Now()
		for n := range c.Needed {
			one := &c.Needed[n]
			if one.Next.IsZero() || one.Next.After(now) {
				continue
			}
			p, err := tx.Person(ctx, one.Person)
			if err != nil {
				return err
			}
			actor, err := tx.Actor(ctx, p)
			if err != nil {
				return err
			}
			if c.Over() || access.Can(actor, access.See, i.Object(nil)) != nil {
				one.Next = time.Time{}
				continue
			}
			one.Again(now)
			if err := tx.CallOut(ctx, itemID, one.Person, one.Round, wall); err != nil {
				return err
			}
		}
		return tx.SetCrisis(ctx, c)
	})
}
