// Package canary sends the server a trial delivery for every full hour and lets
// it go the whole way of a real one: the door writes it, a tick comes due, the
// engine claims and seals it, the outbox hands its message to a channel. It runs
// at real time, so that it says whether the server keeps its promise now.
//
// The two people of it are nobody, in an organisation of their own
// (store.CanaryOrg). How the last one did is read from there: any node of
// several may have written, sealed or sent it.
//
// What does not live here: the writing (package door), the way (package
// delivery), and what is said of it (web/page, serve's metrics).
package canary

import (
	"context"
	"log/slog"
	"time"

	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

const (
	// every is how often it looks whether the next one is to be written, and soon
	// how often on a server without people.
	every = 10 * time.Minute
	soon  = time.Minute
)

// Config is what a canary needs.
type Config struct {
	Store *store.Store
	Door  *door.Door
	Log   *slog.Logger
}

// Run writes trial deliveries until ctx ends. On a server without people it waits.
func Run(ctx context.Context, cfg Config) {
	for {
		wait, err := look(ctx, cfg)
		if err != nil && ctx.Err() == nil {
			cfg.Log.ErrorContext(ctx, "writing a trial delivery failed", "error", err)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// look writes the next one, if it is time, and returns when to look again.
func look(ctx context.Context, cfg Config) (time.Duration, error) {
	orgs, err := cfg.Store.Organisations(ctx)
	if err != nil || len(orgs) == 0 {
		return soon, err
	}
	if err := cfg.Door.Canary(ctx); err != nil {
		return soon, err
	}
	return every, nil
}

// Perch is the channel in which trial deliveries end.
type Perch struct{}

// Send implements delivery.Channel.
func (Perch) Send(context.Context, delivery.Message) (receipt string, err error) {
	return "arrived", nil
}
