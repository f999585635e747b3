package delivery_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
)

// TestUnansweredMailIsNotSaidAgain holds that what may have been taken goes again
// under its own id, and that no later mail says the same under another.
func TestUnansweredMailIsNotSaidAgain(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		team(d)
		r.says(func(context.Context, delivery.Message) error {
			return &delivery.Unanswered{Err: errors.New("the answer was lost")}
		})
		update(d, "The feed is frozen until Friday.")
		d.At("Tue 24 Nov 2026 11:00 America/Los_Angeles")
		r.says(down) // which it surely does not take
		d.At("Tue 24 Nov 2026 13:10 America/Los_Angeles")
		r.says(nil)
		d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		d.At("Tue 24 Nov 2026 16:30 America/Los_Angeles")
		byID := make(map[string]string)
		for _, m := range r.to("mia") {
			byID[m.ID] += m.Text
		}
		for id, text := range byID {
			if strings.Contains(text, "The feed is frozen") == strings.Contains(text, "Which branch") {
				d.T.Errorf("the mails with id %s say both or neither", id)
			}
		}
		if len(byID) != 2 {
			d.T.Errorf("mails with %d ids, want two: %v", len(byID), r.at(d.T, "mia", california))
		}
		same(d.T, "mail", sendings(d, "mia"), []string{"brief sent", "brief sent"})
	})
}
