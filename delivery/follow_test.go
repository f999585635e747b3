package delivery_test

import (
	"testing"

	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/door"
)

// Whoever is asked or mentioned follows the thread: what others answer or say
// there stands in the rest of their next brief (R12.7).
func TestThreadOfAnAskReachesThoseItNames(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		cast(d)
		d.Person("ada", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.Person("ben", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.At("Tue 24 Nov 2026 10:00 Europe/Berlin")
		rec := d.Ask("jonas", []string{"ada", "mia"}, "Is the feed frozen? @ben")
		d.At("Tue 24 Nov 2026 11:00 Europe/Berlin").Want("ben", "Tue 24 Nov 2026 11:00 Europe/Berlin", "Is the feed frozen? @ben")
		if _, err := d.Door.Answer(d.T.Context(), d.Actor("ada"), door.AskReply{Ask: rec.ID, Text: "Since Friday."}); err != nil {
			d.T.Fatal(err)
		}
		d.At("Tue 24 Nov 2026 16:00 Europe/Berlin").Want("ben", "Tue 24 Nov 2026 16:00 Europe/Berlin", "Since Friday.")
		d.Want("jonas", "Tue 24 Nov 2026 16:00 Europe/Berlin", "Since Friday.")
		d.Nothing("ada", 1) // her own answer is no news to her
		d.At("Tue 24 Nov 2026 11:00 America/Los_Angeles").Want("mia", "Tue 24 Nov 2026 11:00 America/Los_Angeles", "Is the feed frozen? @ben", "Since Friday.")
	})
}

// An ask may be handed to somebody whom it mentions. What they have of it
// already is not the ask: that comes at their next window, with its clock.
func TestAskIsHandedToWhoWasMentioned(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		cast(d)
		d.Person("ben", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		rec := d.Ask("jonas", []string{"mia"}, "Is the feed frozen? @ben")
		d.At("Tue 24 Nov 2026 11:00 Europe/Berlin").Want("ben", "Tue 24 Nov 2026 11:00 Europe/Berlin", "Is the feed frozen? @ben")
		handed, err := d.Door.HandOn(d.T.Context(), d.Actor("mia"), door.AskReply{Ask: rec.ID, To: d.ID("ben"), Reason: "He froze it."})
		if err != nil {
			d.T.Fatal(err)
		}
		if n := len(handed.Plans); n != 2 {
			d.T.Errorf("handing on promises to %d people, want ben and the asker", n)
		}
		d.At("Tue 24 Nov 2026 16:00 Europe/Berlin").Want("ben", "Tue 24 Nov 2026 16:00 Europe/Berlin", "Is the feed frozen? @ben")
	})
}
