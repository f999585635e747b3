package delivery

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

const (
	// giveUp is how long the mail of a brief is tried before it counts as failed.
	giveUp = 5 * 24 * time.Hour
	// prompt is how long after its brief was sealed a mail is still that
	// window's own, whatever the person does by then (worktime 5.5).
	prompt = brief.Grace * time.Second
	// poisoned is after how many crashes of its rendering a message is set aside.
	poisoned = 3
	// stopping is how long a message in somebody's hands may take when we stop.
	stopping = 3 * time.Second
	// settling bounds the writing down of an outcome. It and what was sent come to
	// their end under one lease.
	settling = 50 * time.Second
)

// retries are the pauses after failed attempts, in real time (architecture 8).
var retries = [...]time.Duration{time.Minute, 3 * time.Minute, 8 * time.Minute, 20 * time.Minute}

// attempt makes one attempt and writes down what came of it.
func (l *lane) attempt(ctx context.Context, o store.Outgoing) error {
	channel, ok := l.cfg.Channels[o.Channel]
	if !ok {
		return l.cfg.Store.DropOutgoing(ctx, o, time.Now(), "the channel is not configured any more")
	}
	m, err := l.render(ctx, o)
	switch {
	case errors.Is(err, ErrNothing):
		return l.cfg.Store.DropOutgoing(ctx, o, time.Now(), err.Error())
	case errors.Is(err, errPoison) && o.Attempt >= poisoned:
		l.met.attempts.WithLabelValues(o.Channel, "unrendered").Inc()
		return l.cfg.Store.Fail(ctx, o, time.Now(), store.Failure{Reason: err.Error()})
	case err != nil:
		l.met.attempts.WithLabelValues(o.Channel, "unrendered").Inc()
		return l.postpone(ctx, o, "", err)
	}
	if now, err := l.permitted(ctx, o); err != nil {
		return err
	} else if !now {
		return l.wait(ctx, o, m.To.Address, store.Failure{Reason: o.Error})
	}
	leave, ok := l.peers.enter(ctx, peer(m))
	held := l.hands.claim(o.ID)
	o.Fence = held.fence
	if !ok {
		return l.cfg.Store.Snooze(ctx, o, time.Now().Add(put))
	}
	if held.spent() {
		leave()
		return errSpent
	}
	receipt, err := send(ctx, channel, m)
	leave()
	o.Fence = l.hands.claim(o.ID).fence
	// Whatever the caller's context says now, the outcome is written down:
	// a message that went out must not go out again.
	settle, cancel := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer cancel()
	if err == nil {
		l.met.attempts.WithLabelValues(o.Channel, "sent").Inc()
		return insist(ctx, settle, func() error { return l.cfg.Store.Sent(settle, o, time.Now(), receipt, m.To.Address) })
	}
	if final, ok := errors.AsType[*Permanent](err); ok {
		l.met.attempts.WithLabelValues(o.Channel, "refused").Inc()
		return l.cfg.Store.Fail(settle, o, time.Now(), store.Failure{Reason: err.Error(), Address: m.To.Address, Ends: final.Ends})
	}
	l.met.attempts.WithLabelValues(o.Channel, "failed").Inc()
	return l.postpone(settle, o, m.To.Address, err)
}

// errSpent says that a message was not sent, because its lease is over or nearly so.
var errSpent = errors.New("its lease is nearly over; whoever claims it next sends it")

// insist writes an outcome down again while the database does not answer and
// nobody stops us.
func insist(run, settle context.Context, write func() error) error {
	for {
		err := write()
		if err == nil || !errors.Is(err, store.ErrAway) {
			return err
		}
		again := time.NewTimer(200 * time.Millisecond)
		select {
		case <-again.C:
		case <-settle.Done():
			again.Stop()
			return err
		case <-run.Done():
			again.Stop()
			return err
		}
	}
}

// send hands a message to its channel. A stop lets it come to its end, for a
// moment: what is cut off half-way goes out twice.
func send(ctx context.Context, channel Channel, m Message) (string, error) {
	attempt, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		hurry := time.NewTimer(stopping)
		defer hurry.Stop()
		select {
		case <-hurry.C:
			cancel()
		case <-attempt.Done():
		}
	})
	defer stop()
	return channel.Send(attempt, m)
}

// errPoison says that rendering crashed.
var errPoison = errors.New("the message could not be written")

// render writes the message; what crashes in it takes nothing else along.
func (l *lane) render(ctx context.Context, o store.Outgoing) (m Message, err error) {
	defer func() {
		if p := recover(); p != nil {
			l.cfg.Log.ErrorContext(ctx, "writing a message crashed", "outgoing", o.ID)
			err = errPoison
		}
	}()
	return l.cfg.Render(ctx, o)
}

// peer is who may be slow: the mail domain, or the webhook's host.
func peer(m Message) string {
	if u, err := url.Parse(m.To.Address); err == nil && u.Host != "" {
		return u.Host
	}
	return strings.ToLower(m.To.Address[strings.LastIndexByte(m.To.Address, '@')+1:])
}

// permitted reports whether a message may reach its person now. The mail of a
// brief may in the minutes after a window made it due, once, so that a window at
// the end of work has its attempt; after that while the person is at work.
// Whatever else goes out may at any time.
func (l *lane) permitted(ctx context.Context, o store.Outgoing) (bool, error) {
	if o.Subject != store.SubjectBrief || (time.Since(o.Due) <= prompt && (o.Attempt <= 1 || o.Error == "")) {
		return true, nil
	}
	state, _, err := l.state(ctx, o)
	return state == worktime.On, err
}

// state is what a message's person does now, and until when. Somebody who may
// not come in any more is off.
func (l *lane) state(ctx context.Context, o store.Outgoing) (worktime.State, worktime.Instant, error) {
	to, err := l.cfg.Store.Receiver(ctx, o.Org, o.Person)
	if err != nil {
		return worktime.Off, 0, fmt.Errorf("whom a message is for: %w", err)
	}
	if to.Person.State != access.Active {
		return worktime.Off, 0, nil
	}
	state, until, _ := to.Person.Clock.State(worktime.Instant(l.cfg.Now().Unix()))
	return state, until, nil
}

// postpone sets the next attempt after a temporary failure. The mail of a brief
// is tried again while its person is at work; what fails beyond that waits for
// their next window, whose brief takes it up. Crises do not look at the clock,
// nor do links, whose person is there. What failed five times in a row is told to
// the person and the admins, and is tried again all the same.
func (l *lane) postpone(ctx context.Context, o store.Outgoing, address string, cause error) error {
	n := max(int(o.Attempt), 1)
	pause := retries[min(n, len(retries))-1]
	if later, ok := errors.AsType[*Later](cause); ok {
		pause = max(pause, later.After)
	}
	_, unsure := errors.AsType[*Unanswered](cause)
	f := store.Failure{Reason: cause.Error(), Unsure: unsure}
	if n > len(retries) {
		f.Address = address
	}
	wall := time.Now()
	if o.Subject != store.SubjectBrief {
		return l.cfg.Store.Retry(ctx, o, wall, wall.Add(pause), f)
	}
	state, until, err := l.state(ctx, o)
	if err != nil {
		return err
	}
	if n > len(retries) || state != worktime.On || worktime.Of(l.cfg.Now().Add(pause)) >= until {
		return l.wait(ctx, o, address, f)
	}
	return l.cfg.Store.Retry(ctx, o, wall, wall.Add(pause), f)
}

// wait puts the mail of a brief aside until its person's next window, which
// wakes it or takes it up. After five days it has failed.
func (l *lane) wait(ctx context.Context, o store.Outgoing, address string, f store.Failure) error {
	end, wall := o.Created.Add(giveUp), time.Now() // see AtNextWindow
	if !wall.Before(end) {
		f.Address = address
		return l.cfg.Store.Fail(ctx, o, wall, f)
	}
	return l.cfg.Store.Retry(ctx, o, wall, end, f)
}

// AtNextWindow reports whether a message waits for its person's next window,
// and not for the time at which it is due.
func AtNextWindow(o store.Outgoing) bool {
	return o.Subject == store.SubjectBrief && o.Due.Sub(o.Created) >= giveUp
}

// enqueueBriefs writes the messages of sealed briefs, for those who want them.
// That of a window carries what earlier ones could not bring. A brief with
// nothing new is not sent (R12.2): what waits for its window goes by itself.
func (s *sender) enqueueBriefs(ctx context.Context, tx *store.Tx, sealed []*sealing, now time.Time) error {
	if len(s.cfg.Channels) == 0 {
		return nil
	}
	people := make([]string, len(sealed))
	for i, d := range sealed {
		people[i] = d.Person.ID
	}
	contacts, err := tx.ContactsOf(ctx, people)
	if err != nil {
		return err
	}
	waits, err := tx.MailWaits(ctx, people)
	if err != nil {
		return err
	}
	wall := time.Now()
	var out []store.Outgoing
	for _, d := range sealed {
		window := d.seal.Kind == brief.Window
		if brief.New(d.got.Lines) == 0 {
			if window && waits[d.Person.ID] {
				if err := tx.WakeBriefs(ctx, d.Person.ID, wall); err != nil {
					return err
				}
			}
			continue
		}
		for _, channel := range []string{store.ChannelEmail, store.ChannelWebhook, store.ChannelCanary} {
			if c := contacts[d.Person.ID][channel]; s.cfg.Channels[channel] == nil || !c.Briefs {
				continue
			}
			o := store.Outgoing{
				ID: store.NewID(now), Subject: store.SubjectBrief, About: d.brief.ID, Person: d.Person.ID, Channel: channel, Round: 1, Due: wall, Created: wall,
			}
			if window && waits[d.Person.ID] {
				with, err := tx.TakeUp(ctx, d.Person.ID, channel, o.ID, wall, wall.Add(-prompt), wall.Add(-giveUp))
				if err != nil {
					return err
				}
				if o.Payload, err = store.Carrying(with); err != nil {
					return err
				}
				// What may have been taken goes again by itself.
				if err := tx.WakeBriefs(ctx, d.Person.ID, wall); err != nil {
					return err
				}
			}
			out = append(out, o)
		}
	}
	return tx.AddOutgoing(ctx, out...)
}
