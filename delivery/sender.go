package delivery

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// sender takes what stands in the outbox to the channels. Briefs and crises
// have lanes of their own: nothing slow in one can hold the other.
type sender struct {
	cfg    Config
	met    *Metrics
	brief  chan struct{}
	crisis chan struct{}
}

// The sender's bounds.
const (
	sendLease   = 2 * time.Minute
	sendTimeout = 60 * time.Second
	sendBatch   = 50
	sendWorkers = 8 // at once, in each lane
	// giveUp is how long a message is tried before it counts as failed.
	giveUp = 5 * 24 * time.Hour
)

// retries are the pauses after a failed attempt, while the person's state is
// on (architecture 8).
var retries = [...]time.Duration{time.Minute, 3 * time.Minute, 8 * time.Minute, 20 * time.Minute}

func newSender(cfg Config, met *Metrics) *sender {
	return &sender{cfg: cfg, met: met, brief: make(chan struct{}, 1), crisis: make(chan struct{}, 1)}
}

func (s *sender) nudge() {
	for _, c := range []chan struct{}{s.brief, s.crisis} {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// start runs both lanes until ctx ends; the returned function waits for them.
func (s *sender) start(ctx context.Context) (wait func()) {
	if len(s.cfg.Channels) == 0 {
		return func() {}
	}
	var lanes sync.WaitGroup
	lanes.Go(func() { s.lane(ctx, false, s.brief) })
	lanes.Go(func() { s.lane(ctx, true, s.crisis) })
	return lanes.Wait
}

// lane sends what is due in one lane, and sleeps until more is.
func (s *sender) lane(ctx context.Context, crisis bool, wake <-chan struct{}) {
	s.cfg.loop(ctx, wake, time.Now, func(ctx context.Context) (time.Duration, error) { return s.drain(ctx, crisis) })
}

// drain claims and sends until nothing is due, and returns how long to sleep.
func (s *sender) drain(ctx context.Context, crisis bool) (time.Duration, error) {
	orgs, err := s.cfg.Store.Organisations(ctx)
	if err != nil {
		return time.Second, err
	}
	wait := idle
	for _, org := range orgs {
		for ctx.Err() == nil {
			rows, err := s.cfg.Store.ClaimOutgoing(ctx, org.ID, s.cfg.Owner, crisis, time.Now(), sendLease, sendBatch)
			if err != nil {
				return time.Second, err
			}
			s.sendAll(ctx, rows)
			if len(rows) < sendBatch {
				break
			}
		}
		due, ok, err := s.cfg.Store.NextOutgoing(ctx, org.ID, crisis)
		if err != nil {
			return time.Second, err
		}
		if ok {
			wait = min(wait, max(time.Until(due), 10*time.Millisecond))
		}
	}
	return wait, nil
}

// sendAll sends side by side. One recipient's failure touches no other.
func (s *sender) sendAll(ctx context.Context, rows []store.Outgoing) {
	slots := make(chan struct{}, sendWorkers)
	var sending sync.WaitGroup
	for _, o := range rows {
		slots <- struct{}{}
		sending.Go(func() {
			defer func() { <-slots }()
			if err := s.send(ctx, o); err != nil && ctx.Err() == nil {
				s.cfg.Log.ErrorContext(ctx, "settling a message failed; its lease lapses and it is tried again", "outgoing", o.ID, "error", err)
			}
		})
	}
	sending.Wait()
}

// send makes one attempt and writes down what came of it.
func (s *sender) send(ctx context.Context, o store.Outgoing) error {
	channel, ok := s.cfg.Channels[o.Channel]
	if !ok {
		return s.cfg.Store.DropOutgoing(ctx, o, time.Now(), "the channel is not configured any more")
	}
	m, err := s.cfg.Render(ctx, o)
	if errors.Is(err, ErrNothing) {
		return s.cfg.Store.DropOutgoing(ctx, o, time.Now(), err.Error())
	}
	if err != nil {
		s.met.attempts.WithLabelValues(o.Channel, "unrendered").Inc()
		return s.postpone(ctx, o, err)
	}
	attempt, cancel := context.WithTimeout(ctx, sendTimeout)
	receipt, err := channel.Send(attempt, m)
	cancel()
	// Whatever the caller's context says now, the outcome is written down:
	// a message that went out must not go out again.
	settle, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_, isPermanent := errors.AsType[*Permanent](err)
	switch {
	case err == nil:
		s.met.attempts.WithLabelValues(o.Channel, "sent").Inc()
		return s.cfg.Store.Sent(settle, o, time.Now(), receipt)
	case isPermanent:
		s.met.attempts.WithLabelValues(o.Channel, "refused").Inc()
		return s.cfg.Store.Fail(settle, o, time.Now(), err.Error())
	default:
		s.met.attempts.WithLabelValues(o.Channel, "failed").Inc()
		return s.postpone(settle, o, err)
	}
}

// postpone sets the next attempt, or gives up after five days.
func (s *sender) postpone(ctx context.Context, o store.Outgoing, cause error) error {
	wall := time.Now()
	if o.Subject != store.SubjectCrisis && wall.Sub(o.Created) > giveUp {
		return s.cfg.Store.Fail(ctx, o, wall, cause.Error())
	}
	pause := retries[min(int(o.Attempt)-1, len(retries)-1)]
	return s.cfg.Store.Retry(ctx, o, wall.Add(pause), cause.Error())
}

// enqueueBrief writes the mail of a sealed brief, for those who want it.
func (s *sender) enqueueBrief(ctx context.Context, tx *store.Tx, p store.Person, b store.Brief, now time.Time) error {
	if _, ok := s.cfg.Channels[store.ChannelEmail]; !ok {
		return nil
	}
	contacts, err := tx.Contacts(ctx, p.ID)
	if err != nil {
		return err
	}
	c, ok := contacts[store.ChannelEmail]
	if !ok || !c.Briefs {
		return nil
	}
	_, until, _ := p.Clock.State(worktime.Instant(now.Unix()))
	return tx.AddOutgoing(ctx, store.Outgoing{
		ID: store.NewID(now), Subject: store.SubjectBrief, About: b.ID, Person: p.ID, Channel: store.ChannelEmail, Round: 1,
		Due: time.Now(), NotAfter: until, Created: time.Now(),
	})
}
