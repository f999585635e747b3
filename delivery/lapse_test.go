package delivery_test

import (
	"testing"
	"time"

	"github.com/rubato-hq/rubato/delivery/deliverytest"
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
