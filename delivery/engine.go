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
	since  time.Time
	// lapse is when the last lease ends, in real time, under which nobody works:
	// of a look that failed, or of a process that was killed before this one.
	lapse  time.Time
	clocks clocks // of the loop that repeats crises
	some   int    // how many were served in a turn's time the last time
}

// pulse is when a loop last showed that it lives, in real time.
type pulse struct{ ms atomic.Int64 }

func (p *pulse) beat() { p.ms.Store(time.Now().UnixMilli()) }

// last is the zero time before the first beat.
func (p *pulse) last() time.Time {
	if ms := p.ms.Load(); ms > 0 {
		return time.UnixMilli(ms)
	}
	return time.Time{}
}

// Beat is when the engine's loops last went round without an error, the one
// that is further behind, in real time. They do at least every nap, so one that
// is minutes old means that nobody is served. It is zero before their first round.
func (e *Engine) Beat() time.Time {
	last := e.briefs.last()
	if crises := e.crises.last(); crises.Before(last) {
		last = crises
	}
	return last
}

// The engine's bounds.
const (
	batch = 100 // ticks claimed at once
	// together is how many people are served in one transaction at most: what
	// they share is read once.
	together = 50
	// turn is how long such a transaction is to take, in real time: whoever writes
	// waits behind it.
	turn = 50 * time.Millisecond
	// breath is the most that the engine waits after a turn that took longer.
	breath = 300 * time.Millisecond
	lease  = 60 * time.Second // of a claim, real time
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
	e := &Engine{cfg: cfg, wake: make(chan struct{}, 1), recall: make(chan struct{}, 1), met: newMetrics(), since: time.Now(), clocks: clocks{stale: true}, some: together}
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
	e.lapses()
	done := e.out.start(ctx)
	defer done()
	var calling sync.WaitGroup
	calling.Go(func() { e.calls(ctx) })
	defer calling.Wait()
	e.cfg.loop(ctx, e.wake, e.cfg.Now, e.Step, e.briefs.beat, nil)
}

// lapses looks again when leases that are held now have lapsed: NextDue does not
// see them.
func (e *Engine) lapses() {
	e.step.Lock()
	defer e.step.Unlock()
	e.lapse = time.Now().Add(lease + time.Second)
}

// loop runs step, sleeps as long as it says, and runs it again. It looks at the
// clock at least every nap, because clocks are set; only when that says that
// the time has come, or when others may have written, does it ask the database;
// and when look, which may be nil, says so. It calls beat whenever it has gone
// round well.
func (c Config) loop(ctx context.Context, wake <-chan struct{}, now func() time.Time, step func(context.Context) (time.Duration, error), beat func(), look func() bool) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		wait, err := step(ctx)
		if err != nil && ctx.Err() == nil {
			c.Log.ErrorContext(ctx, "delivery step failed", "error", err)
			wait = time.Second
			if errors.Is(err, store.ErrReadOnly) {
				wait = nap // it stays so
			}
		}
		// Without the monotonic reading: when the clock is set, this is too.
		due := now().Round(0).Add(wait)
		for ctx.Err() == nil {
			if err == nil {
				beat()
			}
			timer.Reset(min(max(due.Sub(now()), 0), nap))
			woken := false
			select {
			case <-ctx.Done():
			case <-wake:
				woken = true
			case <-timer.C:
			}
			if woken || !c.Alone || !now().Before(due) || look != nil && look() {
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
	orgs, err := e.cfg.Store.EveryOrganisation(ctx)
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
	if len(errs) > 0 {
		e.lapse = time.Now().Add(lease + time.Second)
	}
	if left := time.Until(e.lapse); left > 0 {
		wait = min(wait, left)
	}
	return wait, errors.Join(errs...)
}

// stepOrg claims due ticks until none is left. Another process may have won
// some, so an empty claim is no proof: NextDue is. It is asked first, because
// whoever writes wakes the engine, mostly for nothing.
func (e *Engine) stepOrg(ctx context.Context, org string) (time.Duration, error) {
	for ctx.Err() == nil {
		due, ok, err := e.cfg.Store.NextDue(ctx, org, time.Now())
		if err != nil {
			return time.Second, err
		}
		if !ok {
			return idle, nil
		}
		now := e.cfg.Now()
		if wait := due.Sub(now); wait > 0 {
			return wait, nil
		}
		claims, err := e.cfg.Store.ClaimTicks(ctx, org, e.cfg.Owner, now, time.Now(), lease, min(batch, 20*e.some))
		if err != nil {
			return time.Second, err
		}
		if len(claims) == 0 {
			return 10 * time.Millisecond, nil // due, but another process won them just now
		}
		if err := e.serveAll(ctx, claims); err != nil {
			return time.Second, err
		}
		e.briefs.beat() // a long queue is served batch by batch
	}
	return 0, ctx.Err()
}

// serveAll looks at claimed people, as many at a time as a turn has room for.
func (e *Engine) serveAll(ctx context.Context, claims []store.Claim) error {
	var errs []error
	for len(claims) > 0 {
		some := claims[:min(e.some, len(claims))]
		claims = claims[len(some):]
		err := e.serve(ctx, some)
		if err == nil {
			continue
		}
		// One person's failure blocks nobody: each is looked at alone. Whoever
		// fails again is tried when their lease lapses.
		for _, c := range some {
			if err := e.serve(ctx, []store.Claim{c}); err != nil && !errors.Is(err, store.ErrFence) {
				errs = append(errs, fmt.Errorf("serve %s: %w", c.Person, err))
				e.met.failed.Inc()
			}
		}
	}
	return errors.Join(errs...)
}

// serve looks at claimed people until nothing is due for any of them, seals
// their briefs and sets the time of their next look, in one transaction.
func (e *Engine) serve(ctx context.Context, claims []store.Claim) error {
	var made []store.Brief
	var took time.Duration
	err := e.cfg.Store.Write(ctx, claims[0].Org, func(tx *store.Tx) error {
		made = nil
		began := time.Now()
		defer func() { took = time.Since(began) }()
		served, err := tx.Serve(ctx, claims)
		if err != nil {
			return err
		}
		now := e.cfg.Now()
		for len(served) > 0 {
			due, err := e.look(ctx, tx, served, now)
			if err != nil || len(due) == 0 {
				return err
			}
			if err := e.seal(ctx, tx, due, now); err != nil {
				return err
			}
			served = nil
			for _, d := range due {
				made = append(made, d.brief)
				served = append(served, d.after())
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	e.some = fitting(e.some, len(claims), took)
	if took > turn && len(claims) == 1 { // what is asked for meanwhile comes first
		rest(ctx, min(took, breath))
	}
	for _, b := range made {
		e.met.sealed(b)
	}
	if len(made) > 0 {
		e.out.nudge()
	}
	return nil
}

func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// fitting is how many people to serve together next, of some at most this time,
// when n took so long: what fits into a turn, or twice as many where all did.
func fitting(some, n int, took time.Duration) int {
	switch {
	case took > turn:
		return max(1, int(time.Duration(n)*turn/took))
	case n == some:
		return min(2*some, together)
	}
	return some
}

// look takes one decision for each person: it returns those for whom a brief is
// due, and ends the claim of the others with the time of their next look.
func (e *Engine) look(ctx context.Context, tx *store.Tx, served []store.Served, now time.Time) ([]*sealing, error) {
	at := worktime.Instant(now.Unix()) // whole seconds reached
	var due []*sealing
	var done []store.Released
	for _, v := range served {
		decision := brief.Look(layer.Reader{Reigns: v.Reigns, Sealed: v.Sealed}, v.Urgent, pending(v.Waiting), at)
		if decision.Seal != nil {
			due = append(due, &sealing{Served: v, seal: decision.Seal})
			continue
		}
		next := now.Add(farAway)
		if decision.NextOK {
			next = decision.Next.Time()
		}
		done = append(done, store.Released{Served: v, Due: next})
	}
	return due, tx.Release(ctx, done...)
}

func pending(waiting []store.Delivery) []brief.Pending {
	out := make([]brief.Pending, len(waiting))
	for i, d := range waiting {
		out[i] = brief.Pending{Class: d.Class, From: d.From}
	}
	return out
}
