package delivery_test

import (
	"testing"
	"testing/synctest"

	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/internal/pgtest"
)

// story runs a timeline in fake time that begins at a moment, on both databases.
func story(t *testing.T, at string, tell func(d *deliverytest.Team)) {
	t.Helper()
	for name, database := range map[string]func(testing.TB) string{"sqlite": deliverytest.SQLite, "postgres": pgtest.URL} {
		t.Run(name, func(t *testing.T) {
			address := database(t) // outside of the bubble: it starts processes
			synctest.Test(t, func(t *testing.T) {
				deliverytest.Start(t, at)
				tell(deliverytest.New(t, address))
			})
		})
	}
}

// cast is Jonas in Berlin and Mia in San Francisco, as in ARCHITECTURE.md.
func cast(d *deliverytest.Team) {
	d.Person("jonas", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
	d.Person("mia", "America/Los_Angeles", "mon-fri 09:00-17:30", "11:00 16:00")
	d.Charter("mia", func(c *charter.Charter) {
		for day := range 5 {
			c.Time.Focus[day+1] = []worktime.Span{{From: worktime.ClockTime(13, 0), To: worktime.ClockTime(15, 30)}}
		}
	})
}

func off(t *testing.T, from, to string) func(*charter.Charter) {
	t.Helper()
	o, err := worktime.ParseTimeOff(from, to)
	if err != nil {
		t.Fatal(err)
	}
	return func(c *charter.Charter) { c.Time.Off = append(c.Time.Off, o) }
}

func TestAskReachesNextWindow(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		cast(d)
		d.At("Tue 24 Nov 2026 23:00 Europe/Berlin")
		rec := d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		if got, want := rec.Plans[0].Plan.At.Time(), deliverytest.Time(d.T, "Tue 24 Nov 2026 16:00 America/Los_Angeles"); !got.Equal(want) {
			d.T.Errorf("promised %s, want %s", got, want)
		}
		if got, want := rec.Plans[0].Plan.Due.Time(), deliverytest.Time(d.T, "Wed 25 Nov 2026 16:00 America/Los_Angeles"); !got.Equal(want) {
			d.T.Errorf("due %s, want %s", got, want)
		}
		d.At("Tue 24 Nov 2026 15:59 America/Los_Angeles").Nothing("mia", 0)
		d.At("Tue 24 Nov 2026 16:00 America/Los_Angeles").Want("mia", "Tue 24 Nov 2026 16:00 America/Los_Angeles", "Which branch may I delete?")
		if n := len(d.Sent.All()); n != 1 {
			d.T.Errorf("%d messages went out, want 1", n)
		}
		d.At("Mon 30 Nov 2026 16:00 America/Los_Angeles").Nothing("mia", 1)
	})
}

func TestAskWaitsWhenSheGoesHome(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		cast(d)
		d.At("Tue 24 Nov 2026 23:00 Europe/Berlin").Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		d.At("Tue 24 Nov 2026 15:00 America/Los_Angeles").Charter("mia", off(d.T, "2026-11-24", "2026-11-24"))
		d.At("Wed 25 Nov 2026 10:59 America/Los_Angeles").Nothing("mia", 0)
		d.At("Wed 25 Nov 2026 11:00 America/Los_Angeles").Want("mia", "Wed 25 Nov 2026 11:00 America/Los_Angeles", "Which branch may I delete?")
	})
}

func TestUrgentWaitsForFocusToEnd(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		cast(d)
		d.At("Tue 24 Nov 2026 14:00 America/Los_Angeles").Ask("jonas", []string{"mia"}, "Which branch?", deliverytest.Urgent("the review is at 16:00"))
		d.At("Tue 24 Nov 2026 15:29 America/Los_Angeles").Nothing("mia", 0)
		d.At("Tue 24 Nov 2026 15:30 America/Los_Angeles").Want("mia", "Tue 24 Nov 2026 15:30 America/Los_Angeles", "Which branch?")
		d.At("Tue 24 Nov 2026 16:30 America/Los_Angeles").Nothing("mia", 1)
	})
}

func TestLateAskWaitsOverTimeOff(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		cast(d)
		d.At("Tue 24 Nov 2026 08:10 Europe/Berlin").Charter("mia", off(d.T, "2026-11-26", "2026-11-27"))
		d.At("Wed 25 Nov 2026 16:30 America/Los_Angeles")
		rec := d.Ask("jonas", []string{"mia"}, "Is the feed frozen?")
		if got, want := rec.Plans[0].Plan.Due.Time(), deliverytest.Time(d.T, "Tue 1 Dec 2026 11:00 America/Los_Angeles"); !got.Equal(want) {
			d.T.Errorf("due %s, want %s", got, want)
		}
		d.At("Mon 30 Nov 2026 10:59 America/Los_Angeles").Nothing("mia", 0)
		d.At("Mon 30 Nov 2026 11:00 America/Los_Angeles").Want("mia", "Mon 30 Nov 2026 11:00 America/Los_Angeles", "Is the feed frozen?")
	})
}
