package delivery_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/words"
)

// relay is the other side of a mail channel: it writes down every attempt and
// answers as the test says.
type relay struct {
	mu     sync.Mutex
	tries  []deliverytest.Sent
	answer func(ctx context.Context, m delivery.Message) error // nil: takes everything
}

func (r *relay) Send(ctx context.Context, m delivery.Message) (string, error) {
	r.mu.Lock()
	r.tries = append(r.tries, deliverytest.Sent{At: time.Now(), Message: m})
	answer := r.answer
	r.mu.Unlock()
	if answer == nil {
		return "250 ok", nil
	}
	return "250 ok", answer(ctx, m)
}

func (r *relay) says(answer func(context.Context, delivery.Message) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

// down refuses everything for the time being.
func down(context.Context, delivery.Message) error { return errors.New("451 try again later") }

// at lists the attempts to reach somebody since the last call, in a zone.
func (r *relay) at(t *testing.T, handle, zone string) []string {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	out := []string{}
	for _, s := range r.tries {
		if strings.HasPrefix(s.To.Address, handle+"@") {
			out = append(out, s.At.In(loc).Format("Mon 15:04"))
		}
	}
	return out
}

// to lists the attempts to reach somebody.
func (r *relay) to(handle string) []deliverytest.Sent {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(r.tries), func(s deliverytest.Sent) bool { return !strings.HasPrefix(s.To.Address, handle+"@") })
}

// mailed runs a timeline with the real letters and a relay, on both databases.
func mailed(t *testing.T, at string, tell func(d *deliverytest.Team, r *relay)) {
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
				r := new(relay)
				tell(deliverytest.New(t, address, func(c *delivery.Config) {
					c.Channels = map[string]delivery.Channel{store.ChannelEmail: r}
					c.Render = delivery.Letters{
						Store: c.Store, Now: c.Now, Words: catalogue.For, Public: func(store.Organisation) string { return "https://rubato.example.org" },
					}.Render
				}), r)
				if n := catalogue.Missed(); n != 0 {
					t.Errorf("%d sentences lacked a message or a value", n)
				}
			})
		})
	}
}

const (
	tuesday    = "Tue 24 Nov 2026 08:00 Europe/Berlin"
	california = "America/Los_Angeles"
)

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// sendings lists what has become of the messages to somebody, as an admin sees it.
func sendings(d *deliverytest.Team, handle string) []string {
	d.T.Helper()
	out := []string{}
	for _, state := range []store.SendState{store.SendWaiting, store.SendSent, store.SendFailed, store.SendDropped} {
		rows, err := d.Store.Reader(d.Actor("jonas")).Sendings(d.T.Context(), state, 100)
		if err != nil {
			d.T.Fatal(err)
		}
		for _, s := range rows {
			if s.Person == d.ID(handle) {
				out = append(out, string(s.Subject)+" "+string(s.State))
			}
		}
	}
	return out
}

func contact(d *deliverytest.Team, handle string) store.Contact {
	d.T.Helper()
	c, err := d.Store.Reader(d.Actor(handle)).Contact(d.T.Context(), store.ChannelEmail)
	if err != nil {
		d.T.Fatal(err)
	}
	return c
}

func TestMailIsTriedAgainAtWork(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		r.says(down)
		d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		d.At("Tue 24 Nov 2026 11:31 America/Los_Angeles")
		d.Want("mia", "Tue 24 Nov 2026 11:00 America/Los_Angeles", "Which branch may I delete?") // the page has it all the time
		same(d.T, "attempts", r.at(d.T, "mia", california), []string{"Tue 11:00", "Tue 11:01", "Tue 11:04", "Tue 11:12"})
		r.says(nil)
		d.At("Tue 24 Nov 2026 12:30 America/Los_Angeles")
		tries := r.to("mia")
		if len(tries) != 5 {
			d.T.Fatalf("%d attempts, want 5", len(tries))
		}
		for _, try := range tries {
			if try.ID != tries[0].ID {
				d.T.Errorf("attempt with id %s, want the first one's, %s", try.ID, tries[0].ID)
			}
		}
		same(d.T, "last attempt", r.at(d.T, "mia", california)[4], "Tue 11:32")
		same(d.T, "mail", sendings(d, "mia"), []string{"brief sent"})
		d.At("Wed 2 Dec 2026 11:30 America/Los_Angeles")
		if n := len(r.to("mia")); n != 5 {
			d.T.Errorf("%d attempts a week later, want 5", n)
		}
	})
}

// In focus and after work nothing is tried; an empty window lets what waits go by itself.
func TestMailWaitsForTheNextWindow(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		d.Charter("mia", func(c *charter.Charter) { c.Time.Windows = windows(d.T, "12:55 16:00") })
		r.says(down)
		d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		d.At("Tue 24 Nov 2026 15:59 America/Los_Angeles")
		same(d.T, "attempts before focus", r.at(d.T, "mia", california), []string{"Tue 12:55", "Tue 12:56", "Tue 12:59"})
		rows, err := d.Store.Reader(d.Actor("jonas")).Sendings(d.T.Context(), store.SendWaiting, 10)
		if err != nil || len(rows) != 1 || !delivery.AtNextWindow(rows[0].Outgoing) || !strings.Contains(rows[0].Error, "451") {
			d.T.Errorf("waiting: %+v, %v; want one with its error, at the next window", rows, err)
		}
		r.says(nil)
		d.At("Tue 24 Nov 2026 16:00 America/Los_Angeles")
		same(d.T, "attempts", r.at(d.T, "mia", california), []string{"Tue 12:55", "Tue 12:56", "Tue 12:59", "Tue 16:00"})
		same(d.T, "mail", sendings(d, "mia"), []string{"brief sent"})
	})
}

func TestWindowAtTheEndOfWorkHasOneAttempt(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		d.Charter("mia", func(c *charter.Charter) { c.Time.Windows = windows(d.T, "17:30") })
		r.says(down)
		d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		d.At("Wed 25 Nov 2026 17:29 America/Los_Angeles")
		same(d.T, "attempts", r.at(d.T, "mia", california), []string{"Tue 17:30"})
		d.At("Wed 25 Nov 2026 23:00 America/Los_Angeles")
		same(d.T, "attempts", r.at(d.T, "mia", california), []string{"Tue 17:30", "Wed 17:30"})
		r.says(nil)
		d.At("Thu 26 Nov 2026 17:30 America/Los_Angeles")
		same(d.T, "attempts", r.at(d.T, "mia", california), []string{"Tue 17:30", "Wed 17:30", "Thu 17:30"})
		same(d.T, "mail", sendings(d, "mia"), []string{"brief sent"})
	})
}

// What waits for a later window becomes part of that brief's one mail.
func TestLaterBriefTakesUpWhatWaits(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		team(d)
		r.says(down)
		update(d, "The feed is frozen until Friday.")
		d.At("Tue 24 Nov 2026 13:10 America/Los_Angeles") // five attempts, then focus
		if n := len(r.to("mia")); n != 5 {
			d.T.Fatalf("%d attempts, want 5", n)
		}
		d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		d.At("Tue 24 Nov 2026 16:00 America/Los_Angeles") // one more, of two briefs
		r.says(nil)
		d.At("Tue 24 Nov 2026 16:30 America/Los_Angeles")
		tries := r.to("mia")
		last := tries[len(tries)-1]
		if len(tries) != 7 || last.ID != tries[5].ID || last.ID == tries[0].ID {
			d.T.Fatalf("%d attempts, the last with id %s; want 7, of which the last two are the later brief's", len(tries), last.ID)
		}
		for _, want := range []string{
			"Which branch may I delete?", "The feed is frozen until Friday.", "from your brief of today 11:00", "Mail could not go out for your brief of today 11:00.",
		} {
			for name, body := range map[string]string{"text": last.Text, "HTML": last.HTML} {
				if strings.Count(body, want) != 1 {
					d.T.Errorf("the %s says %q %d times, want once:\n%s", name, want, strings.Count(body, want), body)
				}
			}
		}
		same(d.T, "subject", last.Subject, "Brief, Tue 16:00: one ask due tomorrow 16:00, one update")
		same(d.T, "mail", sendings(d, "mia"), []string{"brief sent", "brief dropped"})
		dropped, err := d.Store.Reader(d.Actor("jonas")).Sendings(d.T.Context(), store.SendDropped, 10)
		if err != nil || len(dropped) != 1 || dropped[0].Receipt != last.ID {
			d.T.Errorf("dropped: %+v, %v; want one that names %s", dropped, err, last.ID)
		}
		d.At("Thu 26 Nov 2026 18:00 America/Los_Angeles")
		if n := len(r.to("mia")); n != 7 {
			d.T.Errorf("%d attempts two days later, want 7: %v", n, r.at(d.T, "mia", california))
		}
	})
}

func TestMailIsGivenUpAfterFiveDays(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		team(d)
		r.says(down)
		update(d, "First.")
		d.At("Tue 24 Nov 2026 15:00 America/Los_Angeles")
		update(d, "Second.")
		d.At("Fri 27 Nov 2026 12:00 America/Los_Angeles")
		update(d, "Third.") // a chain of three, in the brief of Friday 16:00
		d.At("Sun 29 Nov 2026 12:00 America/Los_Angeles")
		same(d.T, "mail", sendings(d, "mia"), []string{"brief waiting", "brief dropped", "brief dropped"})
		update(d, "Fourth.") // written on Sunday in Berlin, for Monday 11:00
		r.says(nil)
		d.At("Mon 30 Nov 2026 11:00 America/Los_Angeles")
		tries := r.to("mia")
		last := tries[len(tries)-1]
		for word, want := range map[string]int{"First.": 0, "Second.": 0, "Third.": 1, "Fourth.": 1} {
			if got := strings.Count(last.Text, word); got != want {
				d.T.Errorf("the mail says %q %d times, want %d:\n%s", word, got, want, last.Text)
			}
		}
		// Monday 11:00 is more than five days after Tuesday 11:00, and Tuesday 16:00 is not five hours more.
		same(d.T, "mail", sendings(d, "mia"), []string{"brief sent", "brief failed", "brief failed", "brief dropped"})
	})
}

func TestMailWithoutAnyWindowFailsAndIsShown(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		r.says(down)
		d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		d.At("Tue 24 Nov 2026 12:00 America/Los_Angeles").Charter("mia", off(d.T, "2026-11-25", "2026-12-04"))
		d.At("Tue 24 Nov 2026 12:01 America/Los_Angeles").Charter("mia", off(d.T, "2026-11-24", "2026-11-24"))
		d.At("Fri 4 Dec 2026 12:00 America/Los_Angeles")
		if n := len(r.to("mia")); n != 5 {
			d.T.Errorf("%d attempts, want the 5 of Tuesday: %v", n, r.at(d.T, "mia", california))
		}
		same(d.T, "mail", sendings(d, "mia"), []string{"brief failed"})
		if c := contact(d, "mia"); c.Failed.IsZero() || !strings.Contains(c.FailedWhy, "451") || !c.Briefs {
			d.T.Errorf("contact %+v, want it marked and on", c)
		}
	})
}

// One recipient's refusal is final, shown, and nobody else's.
func TestPermanentRefusalIsShown(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		d.Person("ada", "America/Los_Angeles", "mon-fri 09:00-17:30", "11:00 16:00")
		refuse := func(_ context.Context, m delivery.Message) error {
			if strings.HasPrefix(m.To.Address, "mia@") {
				return &delivery.Permanent{Err: errors.New("550 5.1.1 no such mailbox")}
			}
			return nil
		}
		r.says(refuse)
		d.Ask("jonas", []string{"mia", "ada"}, "Which branch may I delete?")
		d.At("Tue 24 Nov 2026 15:59 America/Los_Angeles")
		same(d.T, "attempts", r.at(d.T, "mia", california), []string{"Tue 11:00"})
		same(d.T, "hers", sendings(d, "mia"), []string{"brief failed"})
		same(d.T, "the other's", sendings(d, "ada"), []string{"brief sent"})
		if c := contact(d, "mia"); !c.Failed.Equal(deliverytest.Time(d.T, "Tue 24 Nov 2026 11:00 America/Los_Angeles")) || c.FailedWhy != "550 5.1.1 no such mailbox" {
			d.T.Errorf("contact %+v, want it marked with time and words", c)
		}
		if c := contact(d, "ada"); !c.Failed.IsZero() {
			d.T.Errorf("the other's contact %+v is marked", c)
		}
		r.says(nil)
		failed, err := d.Store.Reader(d.Actor("jonas")).Sendings(d.T.Context(), store.SendFailed, 10)
		if err != nil || len(failed) != 1 {
			d.T.Fatalf("failed: %+v, %v", failed, err)
		}
		if err := d.Door.SendAgain(d.T.Context(), d.Actor("mia"), failed[0].ID); !errors.Is(err, access.ErrDenied) {
			d.T.Errorf("a member sends again: %v", err)
		}
		if err := d.Door.SendAgain(d.T.Context(), d.Actor("jonas"), failed[0].ID); err != nil {
			d.T.Fatal(err)
		}
		d.At("Tue 24 Nov 2026 16:30 America/Los_Angeles")
		same(d.T, "hers", sendings(d, "mia"), []string{"brief sent"})
		if c := contact(d, "mia"); !c.Failed.IsZero() || c.FailedWhy != "" {
			d.T.Errorf("contact %+v, want the mark gone after a mail that went", c)
		}
	})
}

func TestGoneAddressIsSwitchedOff(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		r.says(func(context.Context, delivery.Message) error {
			return &delivery.Permanent{Err: errors.New("410"), Ends: true}
		})
		d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		d.At("Wed 25 Nov 2026 12:00 America/Los_Angeles")
		if c := contact(d, "mia"); c.Briefs || c.Crises || c.Failed.IsZero() {
			d.T.Errorf("contact %+v, want it off and marked", c)
		}
	})
}

func TestPeerMayAskForAPause(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		r.says(func(context.Context, delivery.Message) error {
			return &delivery.Later{Err: errors.New("429"), After: 30 * time.Minute}
		})
		d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		d.At("Tue 24 Nov 2026 12:15 America/Los_Angeles")
		same(d.T, "attempts", r.at(d.T, "mia", california), []string{"Tue 11:00", "Tue 11:30", "Tue 12:00"})
	})
}

// What its reader may not see any more, or turned off, does not leave.
func TestRightsAreAskedAgainWhenMailGoes(t *testing.T) {
	for name, change := range map[string]func(d *deliverytest.Team){
		"unsubscribed": func(d *deliverytest.Team) {
			if err := d.Door.SetBriefMail(d.T.Context(), d.Actor("mia"), false); err != nil {
				d.T.Fatal(err)
			}
		},
		"shut out": func(d *deliverytest.Team) {
			if err := d.Door.SetState(d.T.Context(), d.Actor("jonas"), d.ID("mia"), access.Deactivated); err != nil {
				d.T.Fatal(err)
			}
		},
		"not in the team any more": func(d *deliverytest.Team) {
			if err := d.Door.LeaveTeam(d.T.Context(), d.Actor("jonas"), door.Membership{Team: teamID(d), Person: d.ID("mia")}); err != nil {
				d.T.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
				cast(d)
				team(d)
				r.says(down)
				update(d, "The feed is frozen until Friday.")
				d.At("Tue 24 Nov 2026 11:00 America/Los_Angeles")
				r.says(nil)
				change(d)
				d.At("Thu 26 Nov 2026 11:00 America/Los_Angeles")
				same(d.T, "attempts", r.at(d.T, "mia", california), []string{"Tue 11:00"})
				rows, err := d.Store.Reader(d.Actor("jonas")).Sendings(d.T.Context(), store.SendDropped, 10)
				if err != nil || len(rows) != 1 || rows[0].Error == "" {
					d.T.Errorf("dropped: %+v, %v; want one with a reason", rows, err)
				}
			})
		})
	}
}

func TestUnsubscribe(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		d.At("Tue 24 Nov 2026 11:00 America/Los_Angeles").Ask("jonas", []string{"mia"}, "And which may I keep?")
		d.At("Tue 24 Nov 2026 16:00 America/Los_Angeles")
		tries := r.to("mia")
		if len(tries) != 2 || tries[0].Unsubscribe != tries[1].Unsubscribe {
			d.T.Fatalf("two briefs with one address to unsubscribe at: %d, %v", len(tries), tries)
		}
		secret, ok := strings.CutPrefix(tries[0].Unsubscribe, "https://rubato.example.org/u/")
		if !ok || len(secret) < 50 || !strings.Contains(tries[0].Text, tries[0].Unsubscribe) {
			d.T.Fatalf("address %q", tries[0].Unsubscribe)
		}
		for _, wrong := range []string{"", "x", secret[1:], strings.ToUpper(secret)} {
			if err := d.Door.Unsubscribe(d.T.Context(), d.Org, wrong); !errors.Is(err, access.ErrHidden) {
				d.T.Errorf("secret %q: %v, want hidden", wrong, err)
			}
		}
		if err := d.Door.Unsubscribe(d.T.Context(), "another", secret); !errors.Is(err, access.ErrHidden) {
			d.T.Errorf("in another organisation: %v, want hidden", err)
		}
		for range 2 {
			if err := d.Door.Unsubscribe(d.T.Context(), d.Org, secret); err != nil {
				d.T.Fatal(err)
			}
		}
		if c := contact(d, "mia"); c.Briefs || !c.Crises {
			d.T.Errorf("contact %+v, want briefs off and crises on", c)
		}
		if c := contact(d, "jonas"); !c.Briefs {
			d.T.Errorf("somebody else's contact %+v is off", c)
		}
		d.Ask("jonas", []string{"mia"}, "A third?")
		d.At("Wed 25 Nov 2026 11:00 America/Los_Angeles").Want("mia", "Wed 25 Nov 2026 11:00 America/Los_Angeles", "A third?")
		if n := len(r.to("mia")); n != 2 {
			d.T.Errorf("%d mails, want 2", n)
		}
		if err := d.Door.SetState(d.T.Context(), d.Actor("jonas"), d.ID("mia"), access.Deactivated); err != nil {
			d.T.Fatal(err)
		}
		if err := d.Door.Unsubscribe(d.T.Context(), d.Org, secret); !errors.Is(err, access.ErrHidden) {
			d.T.Errorf("of somebody shut out: %v, want hidden", err)
		}
	})
}

// A crisis does not look at the clock; a later call takes an earlier one's place.
func TestCrisisIsTriedWithoutRegardToTime(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		r.says(down)
		d.At("Tue 24 Nov 2026 10:00 Europe/Berlin") // 01:00 for her
		rec, err := d.Door.Raise(d.T.Context(), d.Actor("jonas"), door.CrisisDraft{What: "Arrivals stand still.", Stake: "Every rider.", Needed: []string{d.ID("mia")}, Sure: true})
		if err != nil {
			d.T.Fatal(err)
		}
		d.At("Tue 24 Nov 2026 10:05 Europe/Berlin")
		// Calls 1, 2 and 3 at 0, 2 and 4 minutes; 1 and 2 once more a minute after each.
		same(d.T, "attempts", r.at(d.T, "mia", "Europe/Berlin"), []string{"Tue 10:00", "Tue 10:01", "Tue 10:02", "Tue 10:03", "Tue 10:04", "Tue 10:05"})
		r.says(nil)
		d.At("Tue 24 Nov 2026 10:06 Europe/Berlin")
		tries := r.to("mia")
		last := tries[len(tries)-1]
		if !last.Urgent || last.Unsubscribe != "" || last.Subject != "CRISIS "+rec.Ref+": Arrivals stand still." {
			d.T.Errorf("call %+v", last)
		}
		same(d.T, "thread", last.Thread, []string{tries[0].ID})
		if tries[0].Thread != nil {
			d.T.Errorf("the first call belongs to %v", tries[0].Thread)
		}
		if _, err := d.Door.HaveIt(d.T.Context(), d.Actor("mia"), door.CrisisReply{Crisis: rec.ID, Has: true}); err != nil {
			d.T.Fatal(err)
		}
		n := len(tries)
		d.At("Tue 24 Nov 2026 12:00 Europe/Berlin")
		if got := len(r.to("mia")); got != n {
			d.T.Errorf("%d attempts after she had it, want %d", got, n)
		}
		for _, s := range sendings(d, "mia") {
			if s == "crisis waiting" || s == "crisis failed" {
				d.T.Errorf("left behind: %s", s)
			}
		}
	})
}

// One that hangs holds neither the others of its lane nor any crisis.
func TestHangingPeerHoldsNobody(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		d.Person("ada", "America/Los_Angeles", "mon-fri 09:00-17:30", "11:00 16:00")
		r.says(func(ctx context.Context, m delivery.Message) error {
			if strings.HasPrefix(m.To.Address, "mia@") && !m.Urgent {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		})
		d.Ask("jonas", []string{"mia", "ada"}, "Which branch may I delete?")
		d.At("Tue 24 Nov 2026 11:00 America/Los_Angeles")
		same(d.T, "the other's", sendings(d, "ada"), []string{"brief sent"})
		same(d.T, "hers", sendings(d, "mia"), []string{"brief waiting"})
		if _, err := d.Door.Raise(d.T.Context(), d.Actor("jonas"), door.CrisisDraft{What: "Arrivals stand still.", Stake: "Every rider.", Needed: []string{d.ID("mia")}, Sure: true}); err != nil {
			d.T.Fatal(err)
		}
		synctest.Wait()
		same(d.T, "hers", sendings(d, "mia"), []string{"brief waiting", "crisis sent"})
		r.says(nil)
		d.At("Tue 24 Nov 2026 11:03 America/Los_Angeles")
		same(d.T, "attempts of the brief, a minute each", len(slices.DeleteFunc(r.to("mia"), func(s deliverytest.Sent) bool { return s.Urgent })), 2)
	})
}

// A message whose writing crashes is set aside after three tries, and nothing behind it waits.
func TestPoisonIsSetAside(t *testing.T) {
	for name, database := range map[string]func(testing.TB) string{"sqlite": deliverytest.SQLite, "postgres": pgtest.URL} {
		t.Run(name, func(t *testing.T) {
			address := database(t)
			synctest.Test(t, func(t *testing.T) {
				deliverytest.Start(t, tuesday)
				var crashes int
				d := deliverytest.New(t, address, func(c *delivery.Config) {
					render := c.Render
					c.Render = func(ctx context.Context, o store.Outgoing) (delivery.Message, error) {
						if crashes == 0 || o.Attempt > 1 {
							crashes++
							panic("a poison item")
						}
						return render(ctx, o)
					}
				})
				cast(d)
				d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
				d.At("Tue 24 Nov 2026 12:30 America/Los_Angeles")
				if crashes != 3 {
					t.Errorf("tried %d times, want 3", crashes)
				}
				same(t, "mail", sendings(d, "mia"), []string{"brief failed"})
				if c := contact(d, "mia"); !c.Failed.IsZero() {
					t.Errorf("contact %+v is marked for what is our fault", c)
				}
			})
		})
	}
}

// team brings Jonas and Mia together in a private team.
func team(d *deliverytest.Team) {
	d.T.Helper()
	id, err := d.Door.AddTeam(d.T.Context(), d.Actor("jonas"), door.TeamDraft{Name: "Feeds"})
	if err != nil {
		d.T.Fatal(err)
	}
	if err := d.Door.JoinTeam(d.T.Context(), d.Actor("jonas"), door.Membership{Team: id, Person: d.ID("mia")}); err != nil {
		d.T.Fatal(err)
	}
}

// teamID is the only team that Jonas is in.
func teamID(d *deliverytest.Team) string {
	d.T.Helper()
	teams := slices.Collect(maps.Keys(d.Actor("jonas").Teams))
	if len(teams) != 1 {
		d.T.Fatalf("Jonas is in %v", teams)
	}
	return teams[0]
}

// update is written by Jonas to his team.
func update(d *deliverytest.Team, point string) {
	d.T.Helper()
	if _, err := d.Door.Write(d.T.Context(), d.Actor("jonas"), item.Update, door.Writing{Point: point, Team: teamID(d)}); err != nil {
		d.T.Fatal(err)
	}
}

func windows(t *testing.T, s string) worktime.Windows {
	t.Helper()
	w, err := charter.ParseWindows(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}
