package auth

import (
	"maps"
	"net/netip"
	"sync"
	"time"
)

// limits counts attempts in memory, per account and per address, on real time.
// A restart forgives; the password's cost does not.
type limits struct {
	mu   sync.Mutex
	seen map[string][]time.Time
	// rates holds, for a rate, when its allowance would be full again.
	rates map[string]time.Time
}

// Limits of security 1.9, per account and per address. An address may stand for
// a whole office.
const (
	// Sign-in: ten tries in fifteen minutes, then one a minute.
	signInTries  = 10
	signInWindow = 15 * time.Minute
	signInPause  = time.Minute
	peerTries    = 50
	peerPause    = 10 * time.Second
	// A new password: three links an hour.
	resetTries     = 3
	resetPeerTries = 15
	resetWindow    = time.Hour
	// Requests by token: so many at once, and one more each so often.
	paceBurst = 600
	paceEvery = 100 * time.Millisecond
	// guesses is how many wrong tokens an address may try in a minute.
	guesses = 60
	// maxLimitKeys bounds the memory that a flood of names can take.
	maxLimitKeys = 10_000
)

func newLimits() *limits {
	return &limits{seen: make(map[string][]time.Time), rates: make(map[string]time.Time)}
}

// signIn asks for the peer first: one that is held back leaves no trace at the
// accounts whose names it makes up.
func (l *limits) signIn(now time.Time, org, address, from string) error {
	if err := l.take(now, "peer "+Peer(from), peerTries, signInWindow, peerPause); err != nil {
		return err
	}
	return l.take(now, "account "+org+" "+address, signInTries, signInWindow, signInPause)
}

// MayReset counts one wish for a new password, or refuses it with SlowDown. It
// tells nothing of whether the address is known.
func (a *Auth) MayReset(org, address, from string) error {
	now := time.Now()
	if err := a.limits.take(now, "reset peer "+Peer(from), resetPeerTries, resetWindow, 0); err != nil {
		return err
	}
	return a.limits.take(now, "reset "+org+" "+Address(address), resetTries, resetWindow, 0)
}

// take counts one attempt under a key, or refuses it when there were too many
// within the window; a refused one is not counted. Beyond tries, one is let
// through in each pause, none with a pause of 0.
func (l *limits) take(now time.Time, key string, tries int, window, pause time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var kept []time.Time
	for _, t := range l.seen[key] {
		if now.Sub(t) < window {
			kept = append(kept, t)
		}
	}
	if len(kept) >= tries {
		free := kept[len(kept)-tries].Add(window)
		if pause > 0 {
			if soon := kept[len(kept)-1].Add(pause); soon.Before(free) {
				free = soon
			}
		}
		if wait := free.Sub(now); wait > 0 {
			l.seen[key] = kept
			return &SlowDown{After: max(wait, time.Second)}
		}
	}
	if _, here := l.seen[key]; !here && len(l.seen) >= maxLimitKeys {
		l.makeRoom(now)
	}
	l.seen[key] = append(kept, now)
	return nil
}

// makeRoom forgets the keys of the fewest attempts, so that a flood of names
// that were tried once sets nobody free who is held back.
func (l *limits) makeRoom(now time.Time) {
	for few := 0; len(l.seen) > maxLimitKeys/2; few++ {
		maps.DeleteFunc(l.seen, func(_ string, tries []time.Time) bool {
			return len(tries) <= few || now.Sub(tries[len(tries)-1]) > resetWindow
		})
	}
}

// pace takes one from a key's allowance, which fills up again as time goes by.
func (l *limits) pace(now time.Time, key string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	full := l.rates[key]
	if full.Before(now) {
		full = now
	}
	full = full.Add(paceEvery)
	if over := full.Sub(now) - paceBurst*paceEvery; over > 0 {
		return &SlowDown{After: max(over, time.Second)}
	}
	if len(l.rates) >= maxLimitKeys {
		clear(l.rates)
	}
	l.rates[key] = full
	return nil
}

// forget clears an account's count after it signed in.
func (l *limits) forget(org, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.seen, "account "+org+" "+address)
}

// Peer is the part of an address that one user holds: an IPv6 /64.
func Peer(addr string) string {
	ap, err := netip.ParseAddrPort(addr)
	ip := ap.Addr()
	if err != nil {
		if ip, err = netip.ParseAddr(addr); err != nil {
			return addr
		}
	}
	ip = ip.Unmap()
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}
