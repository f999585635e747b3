package auth

import (
	"net/netip"
	"sync"
	"time"
)

// limits counts attempts in memory, per account and per address, on real time.
// A restart forgives; the password's cost does not.
type limits struct {
	mu   sync.Mutex
	seen map[string][]time.Time
}

// Sign-in: ten tries in fifteen minutes, then one a minute (security 1.9).
const (
	signInTries  = 10
	signInWindow = 15 * time.Minute
	// An address may stand for a whole office.
	peerTries = 50
	// maxLimitKeys bounds the memory that a flood of names can take.
	maxLimitKeys = 10_000
)

func newLimits() *limits { return &limits{seen: make(map[string][]time.Time)} }

func (l *limits) signIn(now time.Time, org, address, from string) error {
	if err := l.take(now, "account "+org+" "+address, signInTries, signInWindow); err != nil {
		return err
	}
	return l.take(now, "peer "+peer(from), peerTries, signInWindow)
}

// take counts one attempt under a key, or refuses it when there were too many
// within the window; a refused one is not counted.
func (l *limits) take(now time.Time, key string, tries int, window time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var kept []time.Time
	for _, t := range l.seen[key] {
		if now.Sub(t) < window {
			kept = append(kept, t)
		}
	}
	if len(kept) >= tries {
		l.seen[key] = kept
		return &SlowDown{After: max(window-now.Sub(kept[0]), time.Second)}
	}
	if len(l.seen) >= maxLimitKeys {
		clear(l.seen)
	}
	l.seen[key] = append(kept, now)
	return nil
}

// forget clears an account's count after it signed in.
func (l *limits) forget(org, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.seen, "account "+org+" "+address)
}

// peer is the part of an address that one user holds: an IPv6 /64.
func peer(addr string) string {
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
