// Package demo is the demo mode: a clock that visitors move, and the team
// Meridian with three weeks of writing to explore.
//
// What does not live here: anything that serves real people. `rubato serve`
// has no movable clock.
package demo

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/rubato-hq/rubato/store"
)

// Clock runs at real speed, some time away from it, and moves forward only.
// One clock rules what all visitors see; its offset is stored before it takes
// effect. It is safe for concurrent use.
type Clock struct {
	store  *store.Store
	moving sync.Mutex
	mu     sync.RWMutex
	offset time.Duration
}

const offsetSetting = "demo_offset_ms"

// NewClock returns the clock of a demo database: where it was left, or at
// start when it has never run.
func NewClock(ctx context.Context, s *store.Store, start time.Time) (*Clock, error) {
	c := &Clock{store: s}
	kept, err := s.Setting(ctx, store.Server, offsetSetting)
	if err != nil {
		return nil, err
	}
	if kept == "" {
		return c, c.Set(ctx, start)
	}
	ms, err := strconv.ParseInt(kept, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("read the demo's clock: %w", err)
	}
	c.offset = time.Duration(ms) * time.Millisecond
	return c, nil
}

// Now is the time in the demo.
func (c *Clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return time.Now().Add(c.offset)
}

// Set moves the clock to a later time; an earlier one changes nothing.
func (c *Clock) Set(ctx context.Context, to time.Time) error {
	ahead := time.Until(to).Truncate(time.Millisecond) + time.Millisecond
	c.mu.RLock()
	behind := c.offset != 0 && ahead <= c.offset
	c.mu.RUnlock()
	if behind {
		return nil
	}
	err := c.store.Write(ctx, store.Server, func(tx *store.Tx) error {
		return tx.SetSetting(ctx, offsetSetting, strconv.FormatInt(ahead.Milliseconds(), 10))
	})
	if err != nil {
		return fmt.Errorf("keep the demo's clock: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = ahead
	return nil
}

// Stepper serves everybody who is due now; delivery.Engine is one.
type Stepper interface {
	Step(ctx context.Context) (time.Duration, error)
}

// Forward moves the clock to a later time as if the time had been lived: it
// halts at every instant at which somebody is due on the way and lets the
// engine serve them there.
func (c *Clock) Forward(ctx context.Context, to time.Time, engine Stepper) error {
	c.moving.Lock()
	defer c.moving.Unlock()
	for {
		next, ok, err := c.nextDue(ctx)
		if err != nil {
			return err
		}
		if !ok || next.After(to) {
			break
		}
		if err := c.Set(ctx, next); err != nil {
			return err
		}
		if _, err := engine.Step(ctx); err != nil {
			return fmt.Errorf("serve what was due at %s: %w", next, err)
		}
	}
	if err := c.Set(ctx, to); err != nil {
		return err
	}
	_, err := engine.Step(ctx)
	return err
}

func (c *Clock) nextDue(ctx context.Context) (next time.Time, ok bool, err error) {
	orgs, err := c.store.Organisations(ctx)
	if err != nil {
		return next, false, err
	}
	for _, o := range orgs {
		due, found, err := c.store.NextDue(ctx, o.ID, time.Now())
		if err != nil {
			return next, false, err
		}
		if found && (!ok || due.Before(next)) {
			next, ok = due, true
		}
	}
	return next, ok, nil
}
