package canary_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/canary"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/store/storetest"
	"github.com/rubato-hq/rubato/words"
)

// shut is a perch that can be closed.
type shut struct{ closed atomic.Bool }

func (s *shut) Send(ctx context.Context, m delivery.Message) (string, error) {
	if s.closed.Load() {
		return "", errors.New("shut")
	}
	return canary.Perch{}.Send(ctx, m)
}

// lived runs a canary beside door and engine, in fake time, on both databases;
// alone as a server with one node runs it.
func lived(t *testing.T, at string, alone bool, tell func(d *deliverytest.Team, perch *shut, database string)) {
	t.Helper()
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, database := range map[string]func(testing.TB) string{"sqlite": deliverytest.SQLite, "postgres": pgtest.URL} {
		t.Run(name, func(t *testing.T) {
			address := database(t) // outside of the bubble: it starts processes
			synctest.Test(t, func(t *testing.T) {
				deliverytest.Start(t, at)
				perch := new(shut)
				d := deliverytest.New(t, address, func(c *delivery.Config) {
					c.Alone = alone
					c.Channels = map[string]delivery.Channel{store.ChannelCanary: perch}
					c.Render = delivery.Letters{
						Store: c.Store, Now: c.Now, Words: catalogue.For, Public: func(store.Organisation) string { return "https://rubato.example.org" },
					}.Render
				})
				run, stop := context.WithCancel(context.WithoutCancel(t.Context()))
				var running sync.WaitGroup
				running.Go(func() {
					canary.Run(run, canary.Config{Store: d.Store, Door: d.Door, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
				})
				t.Cleanup(func() {
					stop()
					running.Wait()
				})
				tell(d, perch, address)
			})
		})
	}
}

func stands(d *deliverytest.Team, want store.Canary, late time.Duration) {
	d.T.Helper()
	got, err := d.Store.Canary(d.T.Context())
	if err != nil {
		d.T.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		d.T.Errorf("at %s the canary stands otherwise (-want +got):\n%s", time.Now().UTC().Format(time.DateTime), diff)
	}
	if l := got.Late(time.Now()); l != late {
		d.T.Errorf("at %s the canary is late by %s, want %s", time.Now().UTC().Format(time.DateTime), l, late)
	}
}

func hour(d *deliverytest.Team, clock string) time.Time {
	d.T.Helper()
	return deliverytest.Time(d.T, "Tue 24 Nov 2026 "+clock+" UTC").Local()
}

// TestArrivesEachHour: from the day on which somebody is there, a trial delivery
// arrives with each full hour, and nothing of it is to be seen.
func TestArrivesEachHour(t *testing.T) {
	lived(t, "Tue 24 Nov 2026 08:22 UTC", true, func(d *deliverytest.Team, _ *shut, _ string) {
		d.At("Tue 24 Nov 2026 09:30 UTC")
		stands(d, store.Canary{}, 0) // nobody is here
		d.Person("mia", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.At("Tue 24 Nov 2026 09:45 UTC")
		stands(d, store.Canary{Waiting: hour(d, "10:00")}, 0)
		d.At("Tue 24 Nov 2026 10:01 UTC")
		stands(d, store.Canary{Arrived: hour(d, "10:00"), Promised: hour(d, "10:00"), Waiting: hour(d, "11:00")}, 0)
		d.At("Tue 24 Nov 2026 13:15 UTC")
		stands(d, store.Canary{Arrived: hour(d, "13:00"), Promised: hour(d, "13:00"), Waiting: hour(d, "14:00")}, 0)

		orgs, err := d.Store.Organisations(d.T.Context())
		if err != nil || len(orgs) != 1 || orgs[0].ID != d.Org {
			d.T.Errorf("the organisations are %v, %v", orgs, err)
		}
		if b, err := d.Store.Backlog(d.T.Context(), d.Org, time.Now()); err != nil || b.Waiting != 0 {
			d.T.Errorf("%d items wait for people, %v", b.Waiting, err)
		}
	})
}

// TestSaysWhatIsLate: it does not arrive when nobody seals it, and not when its
// message is not sent; it catches up by itself.
func TestSaysWhatIsLate(t *testing.T) {
	lived(t, "Tue 24 Nov 2026 08:22 UTC", false, func(d *deliverytest.Team, perch *shut, _ string) {
		d.Person("mia", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.At("Tue 24 Nov 2026 08:45 UTC")
		perch.closed.Store(true)
		d.At("Tue 24 Nov 2026 09:05 UTC")
		stands(d, store.Canary{Waiting: hour(d, "09:00"), Sealed: true}, 5*time.Minute)
		perch.closed.Store(false)
		d.At("Tue 24 Nov 2026 09:45 UTC")
		stands(d, store.Canary{Arrived: hour(d, "09:12"), Promised: hour(d, "09:00"), Waiting: hour(d, "10:00")}, 12*time.Minute) // at the third pause

		// Another node holds its tick and does nothing.
		held, err := d.Store.ClaimTicks(d.T.Context(), store.CanaryOrg, "hung", hour(d, "10:00"), time.Now(), 25*time.Minute, 10)
		if err != nil || len(held) == 0 {
			d.T.Fatal(held, err)
		}
		d.At("Tue 24 Nov 2026 10:05 UTC")
		stands(d, store.Canary{Arrived: hour(d, "09:12"), Promised: hour(d, "09:00"), Waiting: hour(d, "10:00")}, 5*time.Minute)
		d.At("Tue 24 Nov 2026 11:05 UTC")
		stands(d, store.Canary{Arrived: hour(d, "11:00"), Promised: hour(d, "11:00"), Waiting: hour(d, "12:00")}, 0)

		// What a restore holds back is not out.
		if err := d.Store.Write(d.T.Context(), store.Server, func(tx *store.Tx) error { return tx.Hold(d.T.Context(), time.Now()) }); err != nil {
			d.T.Fatal(err)
		}
		d.At("Tue 24 Nov 2026 12:05 UTC")
		stands(d, store.Canary{Arrived: hour(d, "11:00"), Promised: hour(d, "11:00"), Waiting: hour(d, "12:00"), Sealed: true}, 5*time.Minute)
	})
}

// TestForgetsItself: what it wrote does not pile up.
func TestForgetsItself(t *testing.T) {
	lived(t, "Tue 24 Nov 2026 08:22 UTC", true, func(d *deliverytest.Team, _ *shut, address string) {
		d.Person("mia", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.At("Sun 29 Nov 2026 08:45 UTC")
		for table, rows := range storetest.Dump(d.T, address, store.CanaryOrg) {
			if len(rows) > 2*60 {
				d.T.Errorf("%d rows of %s are kept of five days", len(rows), table)
			}
		}
	})
}
