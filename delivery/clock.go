package delivery

import (
	"context"
	"time"

	"github.com/rubato-hq/rubato/core/crisis"
	"github.com/rubato-hq/rubato/store"
)

// watch sees that a clock was set, by the time that really went by.
type watch struct {
	shown time.Time // what the clock showed at the last look
	at    time.Time // of that look; its monotonic reading cannot be set
}

// skew is by how much a clock may drift between two looks.
const skew = 500 * time.Millisecond

// look returns what the clock would show if nobody had set it since the last
// look, and what it shows.
func (w *watch) look(now time.Time) (expected, shown time.Time, set bool) {
	at, last := time.Now(), *w
	w.shown, w.at = now.Round(0), at
	if last.at.IsZero() {
		return w.shown, w.shown, false
	}
	expected = last.shown.Add(at.Sub(last.at))
	return expected, w.shown, w.shown.Sub(expected).Abs() > skew
}

// clocks are the one that people live by and the one that sending runs on,
// which a real server has from one machine. The loop that repeats crises looks
// at them.
type clocks struct {
	people, wall watch
	// stale says that something may be planned too far ahead: by a process before
	// this one, or because the clock was set back; back is how far that of sending was.
	stale bool
	back  time.Duration
}

// clockSet looks whether a clock was set. The loop that repeats crises does at
// each nap; the other loops read the clock anew at theirs.
func (e *Engine) clockSet(ctx context.Context) bool {
	c := &e.clocks
	expected, shown, set := c.people.look(e.cfg.Now())
	if set {
		e.cfg.Log.WarnContext(ctx, "the clock was set, or the machine slept", "from", expected, "to", shown, "by", shown.Sub(expected).String())
		c.stale = c.stale || shown.Before(expected)
		e.Wake()
	}
	if expected, shown, set := c.wall.look(time.Now()); set && shown.Before(expected) {
		c.stale, c.back = true, c.back+expected.Sub(shown)
	}
	return set
}

// planAnew sees to what was planned on a clock that was set back meanwhile: the
// calls of crises, messages that are to be tried again, and leases that nobody
// holds any more.
func (e *Engine) planAnew(ctx context.Context, orgs []store.Organisation) error {
	c := &e.clocks
	if !c.stale {
		return nil
	}
	for _, org := range orgs {
		err := e.cfg.Store.Rewind(ctx, org.ID, store.Rewound{
			By: c.back, Now: e.cfg.Now(), Wall: time.Now(), Owner: e.cfg.Owner,
			Call: crisis.Repeat, Lease: lease, SendLease: sendLease, GiveUp: giveUp,
		})
		if err != nil {
			return err
		}
	}
	c.stale, c.back = false, 0
	return nil
}
