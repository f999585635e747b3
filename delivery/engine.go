// Package delivery is the only sender: it decides when a brief is made, seals
// it, and hands what goes out to the channels (R12). Nobody else can reach a
// person.
//
// What does not live here: when something may reach whom (core/layer and
// core/brief decide), SQL (package store), and how a channel speaks to the
// world (package channel).
package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// Config is what an Engine needs. Now is the time that people live in; leases
// and retries run on real time. Owner names this process in its leases.
type Config struct {
	Store *store.Store
	Now   func() time.Time
	Owner string
	Log   *slog.Logger
	// Alone says that no other process writes to the database, so that a
	// nudge from the door is enough and the engine may sleep to the next tick.
	Alone bool
	// Channels are the ways out beside the page, by name.
	Channels map[string]Channel
	// Render makes the words of what goes out.
	Render Renderer
}

// Engine makes briefs. Run it once per process.
type Engine struct {
	cfg    Config
	wake   chan struct{}
	recall chan struct{}
	out    *sender
	met    *Metrics
	step   sync.Mutex // one claimer in a process
	briefs pulse      // of the loop that makes briefs
	crises pulse      // of the loop that repeats crises
}

// pulse is when a loop last showed that it lives, in real time.
type pulse struct{ ms atomic.Int64 }

func (p *pulse) beat() { p.ms.Store(time.Now().UnixMilli()) }

// Beat is when the engine's loops last went round without an error, the one
// that is further behind, in real time. They do at least every nap, so one that
// is minutes old means that nobody is served.
func (e *Engine) Beat() time.Time {
	return time.UnixMilli(min(e.briefs.ms.Load(), e.crises.ms.Load()))
}

// The engine's bounds.
const (
	batch = 100              // ticks claimed at once
	lease = 60 * time.Second // of a claim, real time
	// nap is how long a loop sleeps at most before it looks at the clock, and
	// when other processes may write, at the database.
	nap = 30 * time.Second
	// idle is how long nothing is due when nothing is in sight.
	idle = 24 * time.Hour
	// farAway is when to look again at a person without any window in sight.
	farAway = 24 * time.Hour
)

// New returns an Engine; Run starts it.
func New(cfg Config) *Engine {
	e := &Engine{cfg: cfg, wake: make(chan struct{}, 1), recall: make(chan struct{}, 1), met: newMetrics()}
	e.out = newSender(cfg, e.met)
	return e
}

// Wake nudges the engine and the senders to look now. It never blocks; losing
// a nudge only costs until the next look.
func (e *Engine) Wake() {
	for _, c := range []chan struct{}{e.wake, e.recall} {
		select {
		case c <- struct{}{}:
		default:
		}
	}
	e.out.nudge()
}

// Run makes and sends briefs until ctx ends, and returns when nothing of it
// runs any more.
func (e *Engine) Run(ctx context.Context) {
	done := e.out.start(ctx)
	defer done()
	var calling sync.WaitGroup
	calling.Go(func() { e.calls(ctx) })
	defer calling.Wait()
	e.cfg.loop(ctx, e.wake, e.cfg.Now, e.Step, e.briefs.beat)
}

// loop runs step, sleeps as long as it says, and runs it again. It looks at the
// clock at least every nap, because clocks are set; only when that says that
// the time has come, or when others may have written, does it ask the database.
// It calls beat whenever it has gone round well.
func (c Config) loop(ctx context.Context, wake <-chan struct{}, now func() time.Time, step func(context.Context) (time.Duration, error), beat func()) {
	for ctx.Err() == nil {
		wait, err := step(ctx)
		if err != nil && ctx.Err() == nil {
			c.Log.ErrorContext(ctx, "delivery step failed", "error", err)
			wait = time.Second
		}
		due := now().Add(wait)
		for ctx.Err() == nil {
			if err == nil {
				beat()
			}
			timer := time.NewTimer(min(max(due.Sub(now()), 0), nap))
			woken := false
			select {
			case <-ctx.Done():
			case <-wake:
				woken = true
			case <-timer.C:
			}
			timer.Stop()
			if woken || !c.Alone || !now().Before(due) {
				break
			}
		}
	}
}

// Step serves everybody who is due now, and returns how long to sleep. When it
// returns without an error, nobody was due any more at the moment it looked.
func (e *Engine) Step(ctx context.Context) (time.Duration, error) {
	e.step.Lock()
	defer e.step.Unlock()
	wait := idle
	orgs, err := e.cfg.Store.Organisations(ctx)
	if err != nil {
		return time.Second, err
	}
	var errs []error
	for _, org := range orgs {
		w, err := e.stepOrg(ctx, org.ID)
		wait = min(wait, w)
		if err != nil {
			errs = append(errs, err)
		}
	}
	return wait, errors.Join(errs...)
}

// stepOrg claims due ticks until none is left. Another process may have won
// some, so an empty claim is no proof: NextDue is.
func (e *Engine) stepOrg(ctx context.Context, org string) (time.Duration, error) {
	for ctx.Err() == nil {
		now := e.cfg.Now()
		claims, err := e.cfg.Store.ClaimTicks(ctx, org, e.cfg.Owner, now, time.Now(), lease, batch)
		if err != nil {
			return time.Second, err
		}
		var errs []error
		for _, c := range claims {
			if err := e.serve(ctx, c); err != nil && !errors.Is(err, store.ErrFence) {
				// One person's failure blocks nobody: the lease lapses and they are tried again.
				errs = append(errs, fmt.Errorf("serve %s: %w", c.Person, err))
				e.met.failed.Inc()
			}
		}
		if len(errs) > 0 {
			return time.Second, errors.Join(errs...)
		}
		e.briefs.beat() // a long queue is served batch by batch
		due, ok, err := e.cfg.Store.NextDue(ctx, org, time.Now())
		if err != nil {
			return time.Second, err
		}
		if !ok {
			return idle, nil
		}
		if wait := due.Sub(e.cfg.Now()); wait > 0 {
			return wait, nil
		}
		if len(claims) == 0 {
			return 10 * time.Millisecond, nil // due, but another process won them just now
		}
	}
	return 0, ctx.Err()
}

// serve looks at one claimed person until nothing is due for them any more.
// Each seal is a transaction of its own.
func (e *Engine) serve(ctx context.Context, c store.Claim) error {
	for {
		sealed, err := e.look(ctx, c)
		if err != nil {
			return err
		}
		if sealed == nil {
			return nil
		}
		e.met.sealed(*sealed)
		e.out.nudge()
	}
}

// look takes one decision for a claimed person: it seals one brief, or sets
// the time of the next look and ends the claim.
func (e *Engine) look(ctx context.Context, c store.Claim) (*store.Brief, error) {
	var made *store.Brief
	id := store.NewID(e.cfg.Now())
	err := e.cfg.Store.Write(ctx, c.Org, func(tx *store.Tx) error {
		made = nil
		tick, err := tx.Serve(ctx, c)
		if err != nil {
			return err
		}
		now := e.cfg.Now()
		at := worktime.Instant(now.Unix()) // whole seconds reached
		p, err := tx.Person(ctx, c.Person)
		if err != nil {
			return err
		}
		waiting, err := tx.Waiting(ctx, p.ID)
		if err != nil {
			return err
		}
		reader, err := readerSince(ctx, tx, p, tick.Sealed, waiting)
		if err != nil {
			return err
		}
		urgent, err := tx.UrgentSealed(ctx, p.ID)
		if err != nil {
			return err
		}
		decision := brief.Look(reader, urgent, pending(waiting), at)
		if decision.Seal == nil {
			due := now.Add(farAway)
			if decision.NextOK {
				due = decision.Next.Time()
			}
			return tx.Release(ctx, c, tick.Sealed, due)
		}
		b, err := e.seal(ctx, tx, id, p, tick.Sealed, decision.Seal, waiting, now)
		if err != nil {
			return err
		}
		made = &b
		if decision.Seal.Kind == brief.Window {
			tick.Sealed = decision.Seal.At
		}
		return tx.Keep(ctx, c, tick.Sealed)
	})
	return made, err
}

// readerSince returns the clocks that can matter: those in force since the
// last sealed window, or since the oldest thing that waits.
func readerSince(ctx context.Context, tx *store.Tx, p store.Person, sealed worktime.Instant, waiting []store.Delivery) (layer.Reader, error) {
	since := sealed
	for _, d := range waiting {
		since = min(since, d.From)
	}
	reigns, err := tx.Reigns(ctx, p.ID, since)
	return layer.Reader{Reigns: reigns, Sealed: sealed}, err
}

func pending(waiting []store.Delivery) []brief.Pending {
	out := make([]brief.Pending, len(waiting))
	for i, d := range waiting {
		out[i] = brief.Pending{Class: d.Class, From: d.From}
	}
	return out
}
