package delivery_test

import (
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/delivery/deliverytest"
)

// Five failures in a row are told, while it goes on being tried at each
// window.
func TestFiveFailuresInARowAreTold(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		r.says(down)
		d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		d.At("Tue 24 Nov 2026 11:31 America/Los_Angeles")
		if c := contact(d, "mia"); !c.Failed.IsZero() {
			d.T.Errorf("contact %+v is marked after %d failures", c, len(r.to("mia")))
		}
		d.At("Tue 24 Nov 2026 11:33 America/Los_Angeles")
		if c := contact(d, "mia"); c.Failed.IsZero() || !strings.Contains(c.FailedWhy, "451") || !c.Briefs || !c.Crises {
			d.T.Errorf("contact %+v after five failures, want it marked and on", c)
		}
		u, err := d.Store.Reader(d.Actor("jonas")).Unreachable(d.T.Context())
		if err != nil || len(u) != 1 || u[0].Person != d.ID("mia") {
			d.T.Errorf("admins see %+v, %v", u, err)
		}
		same(d.T, "mail", sendings(d, "mia"), []string{"brief waiting"})
		d.At("Thu 26 Nov 2026 17:00 America/Los_Angeles")
		if n := len(r.to("mia")); n != 6*5 {
			d.T.Errorf("%d attempts in three working days of two windows, want five for each", n)
		}
		r.says(nil)
		d.At("Fri 27 Nov 2026 11:00 America/Los_Angeles")
		same(d.T, "mail", sendings(d, "mia"), []string{"brief sent"})
		if c := contact(d, "mia"); !c.Failed.IsZero() {
			d.T.Errorf("contact %+v is still marked", c)
		}
	})
}
