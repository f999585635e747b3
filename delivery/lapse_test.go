package delivery_test

import (
	"testing"
	"time"

	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/store"
)

// TestLapsedLeaseIsTakenUp: what a process held when it was killed is looked at
// again when its lease lapses, although nobody writes and nothing else is due.
func TestLapsedLeaseIsTakenUp(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, _ *relay) {
		cast(d)
		d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		d.At("Tue 24 Nov 2026 10:59 " + california)
		d.Restart(func() {
			held, err := d.Store.ClaimTicks(d.T.Context(), d.Org, "killed", time.Now().Add(time.Minute), time.Now(), time.Minute, 100)
			if err != nil || len(held) == 0 {
				d.T.Fatal(held, err)
			}
		})
		d.At("Tue 24 Nov 2026 11:02 " + california)
		d.Want("mia", "Tue 24 Nov 2026 11:00 "+california, "Which branch may I delete?")
	})
}

// TestOneFailureHoldsNobody: people are served together, and one of them whose
// look fails is left behind alone, and taken up again once it can succeed.
func TestOneFailureHoldsNobody(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, _ *relay) {
		cast(d)
		d.Person("ada", california, "mon-fri 09:00-17:30", "11:00 16:00")
		d.Person("zoe", california, "mon-fri 09:00-17:30", "11:00 16:00")
		d.Ask("jonas", []string{"mia", "ada", "zoe"}, "Which branch may I delete?")
		me, err := d.Store.Reader(d.Actor("mia")).Me(d.T.Context())
		if err != nil {
			d.T.Fatal(err)
		}
		rule := func(revision int64, zone string) {
			c := me.Charter
			c.Time.Zone = zone
			err := d.Store.Write(d.T.Context(), d.Org, func(tx *store.Tx) error {
				return tx.AddCharter(d.T.Context(), me.ID, revision, 0, c, "", time.Now())
			})
			if err != nil {
				d.T.Fatal(err)
			}
		}
		rule(98, "Nowhere/Land") // a zone that this server does not know (any more)
		d.At("Tue 24 Nov 2026 11:00 " + california)
		for _, who := range []string{"ada", "zoe"} {
			d.Want(who, "Tue 24 Nov 2026 11:00 "+california, "Which branch may I delete?")
		}
		rule(99, california)
		d.Nothing("mia", 0)
		d.At("Tue 24 Nov 2026 11:02 " + california)
		d.Want("mia", "Tue 24 Nov 2026 11:00 "+california, "Which branch may I delete?")
	})
}
