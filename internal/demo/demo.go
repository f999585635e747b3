package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// Demo is a running demo: its clock, and the engine that lives by it.
type Demo struct {
	Clock  *Clock
	store  *store.Store
	engine *delivery.Engine
	start  time.Time
	fresh  bool
}

// Start is when the demo begins, if nobody says otherwise: the morning of the
// pictures.
func Start() time.Time {
	return time.Date(2026, 11, 24, 7, 30, 0, 0, time.UTC) // Tue 08:30 in Berlin
}

// storyBegins is when the team's three weeks begin.
func storyBegins() time.Time { return time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC) }

// New opens the clock of a demo database. On a new one it stands at the
// beginning of the team's story until Open has lived it through.
func New(ctx context.Context, s *store.Store, start time.Time) (*Demo, error) {
	orgs, err := s.Organisations(ctx)
	if err != nil {
		return nil, err
	}
	d := &Demo{store: s, start: start, fresh: len(orgs) == 0}
	if d.Clock, err = NewClock(ctx, s, storyBegins()); err != nil {
		return nil, fmt.Errorf("open the demo's clock: %w", err)
	}
	return d, nil
}

// Open fills a new demo with the team and lives its three weeks through door
// and engine, so that what a visitor finds was really written and delivered.
func (d *Demo) Open(ctx context.Context, dr *door.Door, engine *delivery.Engine) error {
	d.engine = engine
	if !d.fresh {
		return nil
	}
	if err := d.live(ctx, dr); err != nil {
		return fmt.Errorf("prepare the demo: %w", err)
	}
	if err := d.Forward(ctx, d.start); err != nil {
		return err
	}
	return d.settle(ctx)
}

// settle ends the mail of the three weeks: it went out then.
func (d *Demo) settle(ctx context.Context) error {
	orgs, err := d.store.Organisations(ctx)
	if err != nil {
		return err
	}
	for _, o := range orgs {
		if err := d.store.Write(ctx, o.ID, func(tx *store.Tx) error { return tx.DropWaiting(ctx, time.Now(), "before the demo began") }); err != nil {
			return err
		}
	}
	return nil
}

// Forward moves the clock to a later time as if the time had been lived.
func (d *Demo) Forward(ctx context.Context, to time.Time) error {
	return d.Clock.Forward(ctx, to, d.engine)
}
