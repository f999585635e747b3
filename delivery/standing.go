package delivery

import (
	"context"
	"time"

	"github.com/rubato-hq/rubato/store"
)

// Standing is how delivery stands for one organisation at one moment: what its
// admins look at to see whether the promise holds.
type Standing struct {
	Now  time.Time // that people live in
	Wall time.Time
	store.Backlog
	store.Failing
	Overdue []store.Overdue // the first of those who are late
	Hold    store.Hold
	Outbox  []store.SendCount
	Canary  store.Canary
	// BackedUp is when the last backup of the server was made, zero for never.
	BackedUp time.Time
	// Trials is false where the server sends itself no trial deliveries.
	Trials bool
	Health Health
	// NotReady names the parts of the server that do not work, and MailTrouble
	// is what the mail relay last said when it refused us, "" for nothing.
	NotReady    []string
	MailTrouble string
}

// Trouble is something that an admin should look at.
type Trouble string

// The troubles. The first ones break the promise, or will.
const (
	TroubleDisk    Trouble = "disk"    // nothing can be written
	TroubleStopped Trouble = "stopped" // a loop does not go round
	TroubleCalls   Trouble = "calls"   // a crisis does not reach those it needs
	TroubleLate    Trouble = "late"    // somebody's brief is overdue
	TroubleRefused Trouble = "refused" // a brief would have broken the delivery contract
	TroubleCanary  Trouble = "canary"  // the trial delivery was late, or did not come
	// With these the promise holds on the page.
	TroubleHeld   Trouble = "held"   // a restore holds messages back
	TroubleMail   Trouble = "mail"   // the relay refuses us
	TroubleFailed Trouble = "failed" // messages failed for good since yesterday
)

// Breaks reports whether the trouble breaks the promise of delivery, or will.
func (t Trouble) Breaks() bool {
	switch t {
	case TroubleHeld, TroubleMail, TroubleFailed:
		return false
	default:
		return true
	}
}

const (
	// CanaryLate is how late a trial delivery may be, and canarySilent how long
	// ago the last one may have arrived: there is one for each hour.
	CanaryLate   = 2 * time.Minute
	canarySilent = 2*time.Hour + 10*time.Minute
	// lately is how far back failed messages are told of.
	lately = 24 * time.Hour
	// overdueShown is how many of those who are late are named.
	overdueShown = 10
)

// Standing reads how delivery stands for the reader's organisation; they must
// administer it.
func (e *Engine) Standing(ctx context.Context, read *store.Reader) (Standing, error) {
	s := Standing{Now: e.cfg.Now(), Wall: time.Now(), Trials: e.cfg.Channels[store.ChannelCanary] != nil, Health: e.Health()}
	var err error
	if s.Backlog, err = read.Backlog(ctx, s.Now); err != nil {
		return s, err
	}
	if s.Late > 0 {
		if s.Overdue, err = read.Overdue(ctx, s.Now, overdueShown); err != nil {
			return s, err
		}
	}
	if s.Failing, err = read.Failing(ctx, s.Wall, s.Wall.Add(-lately)); err != nil {
		return s, err
	}
	if s.Outbox, err = read.Outbox(ctx); err != nil {
		return s, err
	}
	if s.Hold, err = read.Held(ctx); err != nil {
		return s, err
	}
	if s.BackedUp, err = read.BackedUp(ctx); err != nil {
		return s, err
	}
	s.Canary, err = read.Canary(ctx)
	return s, err
}

// Troubles lists what is wrong, the worst first.
func (s Standing) Troubles() []Trouble {
	var out []Trouble
	add := func(is bool, t Trouble) {
		if is {
			out = append(out, t)
		}
	}
	add(s.diskFails(), TroubleDisk)
	add(len(s.Health.Stopped(s.Wall)) > 0, TroubleStopped)
	add(s.Calls > 0, TroubleCalls)
	add(s.Late > 0, TroubleLate)
	add(s.Health.Violations > 0, TroubleRefused)
	add(s.canaryFails(), TroubleCanary)
	add(!s.Hold.Since.IsZero(), TroubleHeld)
	add(s.MailTrouble != "", TroubleMail)
	add(s.Lately > 0, TroubleFailed)
	return out
}

// Kept reports whether nothing breaks the promise.
func (s Standing) Kept() bool {
	t := s.Troubles()
	return len(t) == 0 || !t[0].Breaks()
}

func (s Standing) diskFails() bool {
	for _, part := range s.NotReady {
		if part == "disk" || part == "database" {
			return true
		}
	}
	return false
}

// canaryFails: while messages are held back, that one is too, and says no more
// than that.
func (s Standing) canaryFails() bool {
	if !s.Trials || !s.Hold.Since.IsZero() && s.Canary.Sealed {
		return false
	}
	silent := s.Canary.Arrived
	if silent.Before(s.Health.Since) {
		silent = s.Health.Since // this process may just have begun
	}
	return s.Canary.Late(s.Wall) > CanaryLate || s.Wall.Sub(silent) > canarySilent
}

// Counts sums the messages that wait, and those that failed for good.
func (s Standing) Counts() (waiting, failed int) {
	for _, c := range s.Outbox {
		if c.State == store.SendFailed {
			failed += int(c.N)
		} else {
			waiting += int(c.N)
		}
	}
	return waiting, failed
}
