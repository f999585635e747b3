package front_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
)

// TestWhyOfStreams tells, for what nobody brought by name, what a reader is
// told of how it comes, hour by hour.
func TestWhyOfStreams(t *testing.T) {
	for name, database := range map[string]func(testing.TB) string{"sqlite": deliverytest.SQLite, "postgres": pgtest.URL} {
		t.Run(name, func(t *testing.T) {
			address := database(t)
			synctest.Test(t, func(t *testing.T) {
				deliverytest.Start(t, "Tue 24 Nov 2026 08:00 Europe/Berlin")
				tellWhy(whys{deliverytest.New(t, address)})
			})
		})
	}
}

func tellWhy(d whys) {
	ctx := d.T.Context()
	for _, who := range []string{"jonas", "ada", "ben"} {
		d.Person(who, "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.must(d.Door.SetPace(ctx, d.Actor(who), store.WideStream, store.PaceWindow))
	}
	d.must(d.Door.SetPace(ctx, d.Actor("ben"), store.WideStream, store.PaceDaily))

	d.At("Tue 24 Nov 2026 10:00 Europe/Berlin")
	news := d.done(d.Door.Write(ctx, d.Actor("jonas"), item.Update, door.Writing{Point: "The feed is up.", Wide: true}))
	d.want("ada", news.ID, "stream at window; next 24 11:00 window on")
	d.want("ben", news.ID, "stream at daily; next 24 11:00 daily on")
	d.want("jonas", news.ID, "own at window")
	d.At("Tue 24 Nov 2026 12:00 Europe/Berlin")
	d.want("ada", news.ID, "stream at window; told 24 11:00 window on")
	d.want("ben", news.ID, "stream at daily; told 24 11:00 daily on")

	// Whoever slows down reads that the window was that of another pace.
	crisis := d.done(d.Door.Raise(ctx, d.Actor("jonas"), door.CrisisDraft{What: "Smoke.", Stake: "The depot.", Needed: []string{d.ID("ada")}, Sure: true}))
	d.want("ada", crisis.ID, "named at window")
	d.want("ben", crisis.ID, "stream at daily; next 25 11:00 daily on")
	d.must(d.Door.SetPace(ctx, d.Actor("ada"), store.WideStream, store.PaceWeekly))
	d.want("ada", news.ID, "stream at weekly; told 24 11:00 then")
	if _, err := d.Door.EndCrisis(ctx, d.Actor("ada"), door.CrisisReply{Crisis: crisis.ID, Text: "It was fog."}); err != nil {
		d.T.Fatal(err)
	}
	d.At("Wed 25 Nov 2026 12:00 Europe/Berlin")
	d.want("ben", crisis.ID, "stream at daily; told 25 11:00 daily on")

	// What was muted, written before a follow, or for others.
	d.must(d.Door.SetPace(ctx, d.Actor("ben"), store.WideStream, store.PaceMuted))
	quiet := d.done(d.Door.Write(ctx, d.Actor("jonas"), item.Update, door.Writing{Point: "It is still up.", Wide: true}))
	d.want("ben", quiet.ID, "muted at muted")
	secret := d.done(d.Door.Write(ctx, d.Actor("jonas"), item.Update, door.Writing{Point: "Between us.", To: []string{d.ID("ada")}}))
	d.want("ada", secret.ID, "named at window")
	if _, err := d.came("ben", secret.ID); !errors.Is(err, access.ErrHidden) {
		d.T.Errorf("who may not see it is told: %v", err)
	}
	d.At("Wed 25 Nov 2026 12:30 Europe/Berlin")
	d.Person("cem", "Europe/Istanbul", "mon-fri 09:00-17:00", "11:00")
	d.must(d.Door.SetPace(ctx, d.Actor("cem"), store.WideStream, store.PaceWindow))
	d.want("cem", quiet.ID, "before at window")

	// An ask of one's own is told of when it is due before the brief after.
	asked := d.Ask("jonas", []string{"ada"}, "Is it fog again?")
	d.want("jonas", asked.ID, "asked at window")
	d.At("Wed 25 Nov 2026 16:30 Europe/Berlin") // ada has it since 16:00, for 24 hours
	d.want("jonas", asked.ID, "asked at window; next 26 11:00 window")
	d.At("Thu 26 Nov 2026 16:30 Europe/Berlin")
	d.want("jonas", asked.ID, "asked at window; told 26 11:00 window; told 26 16:00 window; next 27 11:00 window")
	d.want("ada", asked.ID, "named at window")
}

type whys struct{ *deliverytest.Team }

func (d whys) must(err error) {
	d.T.Helper()
	if err != nil {
		d.T.Fatal(err)
	}
}

func (d whys) done(r door.Receipt, err error) door.Receipt {
	d.T.Helper()
	d.must(err)
	return r
}

func (d whys) came(who, id string) (front.Came, error) {
	d.T.Helper()
	read := d.Store.Reader(d.Actor(who))
	me, err := read.Me(d.T.Context())
	d.must(err)
	return front.CameOf(d.T.Context(), read, me, id, time.Now())
}

// want compares what somebody is told with how it comes, the briefs that
// brought it, and the next one: days and hours in Berlin.
func (d whys) want(who, id, want string) {
	d.T.Helper()
	c, err := d.came(who, id)
	d.must(err)
	berlin, err := time.LoadLocation("Europe/Berlin")
	d.must(err)
	said := func(what string, at time.Time, why front.Reason) string {
		return strings.TrimSpace(fmt.Sprintf("; %s %s %s %s", what, at.In(berlin).Format("2 15:04"), why.Code, why.State))
	}
	got := c.Code + " at " + string(c.Pace)
	for _, t := range c.Told {
		got += said("told", t.Brief.Delivered.Time(), t.Why)
	}
	if c.Coming {
		got += said("next", c.Next.Time(), c.NextWhy)
	}
	if got != want {
		d.T.Errorf("%s, %s: %s\nwant %s", time.Now().In(berlin).Format("Mon 15:04"), who, got, want)
	}
}
