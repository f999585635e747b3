package delivery

import (
	"context"
	"sync"
	"time"

	"github.com/rubato-hq/rubato/store"
)

// sender takes what stands in the outbox to the channels. Briefs and crises
// have lanes of their own: nothing slow in one can hold the other.
type sender struct {
	cfg    Config
	met    *Metrics
	briefs *lane // and links
	crises *lane
}

// The sender's bounds.
const (
	sendLease   = 2 * time.Minute
	sendTimeout = 60 * time.Second
	sendBatch   = 50
	// inFlight is how many messages of a lane are in somebody's hands at once,
	// and perPeer how many of them on their way to one mail domain or host, so
	// that one that hangs holds nobody else.
	inFlight = 200
	perPeer  = 8
	// queueing is how long a message waits for its peer before it is put back,
	// and put is when it may be taken again.
	queueing = 15 * time.Second
	put      = 15 * time.Second
)

// lane is one of the sender's two queues.
type lane struct {
	*sender
	crisis bool
	wake   chan struct{}
	busy   chan struct{} // holds one for each message in flight
	peers  gates
	hands  hands
	flying sync.WaitGroup
	round  pulse
}

// hands are the messages that this process is sending, by id, with the newest
// claim of each. A clock that is set ahead ends their leases too early, and they
// are claimed a second time: whoever has them in hand goes on under that claim.
type hands struct {
	mu     sync.Mutex
	claims map[string]claim
}

// claim is when a message was claimed, before the database was asked, and the
// fence that it got.
type claim struct {
	fence int64
	at    time.Time
}

// spent reports whether a claim may end while its message is on the way, by the
// clock on the wall, which leases go by, or by the time that really went by. A
// process that stood still finds out here that the message is another's.
func (c claim) spent() bool {
	const last = sendLease - sendTimeout
	return time.Since(c.at) > last || time.Since(c.at.Round(0)) > last
}

// take reports whether a claimed message was in nobody's hands.
func (h *hands) take(o store.Outgoing, at time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.claims == nil {
		h.claims = make(map[string]claim)
	}
	_, held := h.claims[o.ID]
	h.claims[o.ID] = claim{o.Fence, at}
	return !held
}

func (h *hands) claim(id string) claim {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.claims[id]
}

func (h *hands) drop(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.claims, id)
}

func newSender(cfg Config, met *Metrics) *sender {
	s := &sender{cfg: cfg, met: met}
	s.briefs, s.crises = newLane(s, false), newLane(s, true)
	return s
}

func newLane(s *sender, crisis bool) *lane {
	return &lane{sender: s, crisis: crisis, wake: make(chan struct{}, 1), busy: make(chan struct{}, inFlight)}
}

func (s *sender) nudge() {
	s.briefs.nudge()
	s.crises.nudge()
}

func (l *lane) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// start runs both lanes until ctx ends; the returned function waits for them.
func (s *sender) start(ctx context.Context) (wait func()) {
	if len(s.cfg.Channels) == 0 {
		return func() {}
	}
	var lanes sync.WaitGroup
	for _, l := range []*lane{s.briefs, s.crises} {
		lanes.Go(func() {
			s.cfg.loop(ctx, l.wake, time.Now, l.drain, l.round.beat, nil)
			l.flying.Wait()
		})
	}
	return lanes.Wait
}

// drain claims what is due and starts sending it, until nothing is due, and
// returns how long to sleep. It does not wait for what it started: each message
// that comes to an end nudges the lane.
func (l *lane) drain(ctx context.Context) (time.Duration, error) {
	orgs, err := l.cfg.Store.EveryOrganisation(ctx)
	if err != nil {
		return time.Second, err
	}
	wait := idle
	for _, org := range orgs {
		w, err := l.drainOrg(ctx, org.ID)
		if err != nil {
			return time.Second, err
		}
		wait = min(wait, w)
	}
	return wait, nil
}

func (l *lane) drainOrg(ctx context.Context, org string) (time.Duration, error) {
	for ctx.Err() == nil {
		due, ok, err := l.cfg.Store.NextOutgoing(ctx, org, l.crisis)
		if err != nil {
			return idle, err
		}
		if !ok {
			held, err := l.cfg.Store.Held(ctx)
			if err != nil || held.IsZero() {
				return idle, err
			}
			return nap, nil // an operator may let it go from elsewhere
		}
		if wait := time.Until(due); wait > 0 {
			return wait, nil
		}
		limit := min(sendBatch, inFlight-len(l.busy))
		if limit == 0 {
			return idle, nil // the first that ends nudges
		}
		now := time.Now()
		rows, err := l.cfg.Store.ClaimOutgoing(ctx, org, l.cfg.Owner, l.crisis, now, sendLease, limit)
		if err != nil {
			return idle, err
		}
		for _, o := range rows {
			if !l.hands.take(o, now) {
				continue
			}
			l.busy <- struct{}{} // only this loop adds, so there is room
			l.flying.Go(func() { l.carry(ctx, o) })
		}
		if len(rows) == 0 {
			return 10 * time.Millisecond, nil // due, but another process won it just now
		}
	}
	return 0, ctx.Err()
}

// carry makes one attempt at one message. One recipient's failure touches no other.
func (l *lane) carry(ctx context.Context, o store.Outgoing) {
	defer func() {
		l.hands.drop(o.ID)
		<-l.busy
		l.nudge()
	}()
	if err := l.attempt(ctx, o); err != nil && ctx.Err() == nil {
		l.cfg.Log.ErrorContext(ctx, "settling a message failed; its lease lapses and it is tried again", "outgoing", o.ID, "error", err)
	}
}

// gates let only so many through to one peer at a time.
type gates struct {
	mu   sync.Mutex
	open map[string]*gate
}

type gate struct {
	through chan struct{}
	users   int // in it or before it
}

// enter waits for a place with a peer; ok is false when none came in time.
func (g *gates) enter(ctx context.Context, peer string) (leave func(), ok bool) {
	g.mu.Lock()
	if g.open == nil {
		g.open = make(map[string]*gate)
	}
	one := g.open[peer]
	if one == nil {
		one = &gate{through: make(chan struct{}, perPeer)}
		g.open[peer] = one
	}
	one.users++
	g.mu.Unlock()
	gone := func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if one.users--; one.users == 0 {
			delete(g.open, peer)
		}
	}
	patience := time.NewTimer(queueing)
	defer patience.Stop()
	select {
	case one.through <- struct{}{}:
		return func() { <-one.through; gone() }, true
	case <-patience.C:
	case <-ctx.Done():
	}
	gone()
	return nil, false
}
