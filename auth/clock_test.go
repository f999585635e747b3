package auth

import (
	"errors"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// TestClockSetBack: whatever the machine's clock shows, no less time goes by for
// sessions than really does.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	c := clock{began}
	for _, tt := range []struct {
		name       string
		went, want time.Duration
		shows      time.Duration // since began
	}{
		{"right", time.Hour, time.Hour, time.Hour},
		{"ahead by a day", time.Hour, 25 * time.Hour, 25 * time.Hour},
		{"back by two hours", time.Hour, time.Hour, -time.Hour},
		{"back by a day", 30 * time.Hour, 30 * time.Hour, 6 * time.Hour},
		{"ahead and back again", 3 * time.Hour, 3 * time.Hour, 3 * time.Hour},
	} {
		if got := c.at(began.Add(tt.shows), tt.went); !got.Equal(began.Add(tt.want)) {
			t.Errorf("%s: %s after it began it is %s, want %s", tt.name, tt.went, got.Sub(began), tt.want)
		}
	}
}

// TestFromTheFuture: what was written by a clock that was ahead would last
// longer than it was meant to, so it opens nothing.
func TestFromTheFuture(t *testing.T) {
	t.Parallel()
	st := open(t)
	a, ctx := New(st), t.Context()
	d := door.New(door.Config{Store: st, Now: time.Now, Wake: func() {}, Zones: zoneinfo.New().Zone})
	org, person, err := d.Found(ctx, "Office", "", door.Newcomer{Name: "Ada", Handle: "ada", Address: "ada@example.org", Zone: "UTC", Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	for ahead, want := range map[time.Duration]error{0: nil, 30 * time.Minute: nil, 2 * time.Hour: ErrNobody, 40 * 24 * time.Hour: ErrNobody} {
		at := time.Now().Add(ahead)
		cookie, hash := NewSecret()
		token := newToken()
		err := st.Write(ctx, org, func(tx *store.Tx) error {
			return errors.Join(
				tx.AddSession(ctx, store.Session{Hash: hash, ID: store.NewID(at), Person: person, Created: at, Used: at, Ends: at.Add(sessionLife)}),
				tx.AddToken(ctx, store.Token{
					Hash: HashSecret(token), ID: store.NewID(at), Person: person, Name: "t", Scopes: []access.Scope{access.ScopeRead}, Created: at, Ends: at.Add(time.Hour),
				}))
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Who(ctx, org, cookie); !errors.Is(err, want) {
			t.Errorf("a session used %s ahead: %v, want %v", ahead, err, want)
		}
		if _, err := a.bearer(ctx, org, token); !errors.Is(err, want) {
			t.Errorf("a token made %s ahead: %v, want %v", ahead, err, want)
		}
	}
}
