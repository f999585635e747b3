package delivery_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// asked checks which asks of their own the newest brief of somebody tells them
// of, and that it was made at a moment.
func asked(d *deliverytest.Team, handle, at string, want ...string) {
	d.T.Helper()
	d.At(at)
	v := must[store.BriefView](d)(d.Store.Reader(d.Actor(handle)).LastBrief(d.T.Context(), store.Whole))
	var got []string
	for _, l := range v.Lines {
		if l.Section == brief.Asked {
			got = append(got, v.Items[l.Item].Point)
		}
	}
	if !v.Brief.Window.Time().Equal(deliverytest.Time(d.T, at)) || !slices.Equal(got, want) {
		d.T.Errorf("the brief of %s for %s tells of %q, want %q at %s", handle, v.Brief.Window.Time(), got, want, at)
	}
}

// TestAskerHearsNearAndPast: the last brief before an ask is due says so, and
// each one after it while nobody has answered. It costs no mail (R9.4).
func TestAskerHearsNearAndPast(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		d.Person("jonas", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.Person("lena", "Europe/Berlin", "mon-fri 09:00-17:30", "10:30 16:00")
		rec := d.Ask("jonas", []string{"lena"}, "Which branch?")
		asked(d, "jonas", "Tue 24 Nov 2026 11:00 Europe/Berlin") // due tomorrow 10:30
		look := must[store.BriefView](d)(d.Store.Reader(d.Actor("jonas")).Look(d.T.Context(), time.Now().Add(6*time.Hour), store.Whole))
		if len(look.Lines) != 1 || look.Lines[0].Section != brief.Asked {
			d.T.Errorf("a look in the evening shows %+v, want the ask", look.Lines)
		}
		asked(d, "jonas", "Tue 24 Nov 2026 16:00 Europe/Berlin", "Which branch?")
		asked(d, "jonas", "Wed 25 Nov 2026 11:00 Europe/Berlin", "Which branch?")
		asked(d, "jonas", "Wed 25 Nov 2026 16:00 Europe/Berlin", "Which branch?")
		d.Nothing("jonas", 0)
		if n := len(d.Sent.All()); n != 1 {
			d.T.Errorf("%d messages went out, want that of the ask", n)
		}
		must[door.Receipt](d)(d.Door.Answer(d.T.Context(), d.Actor("lena"), door.AskReply{Ask: rec.ID, Text: "The second."}))
		asked(d, "jonas", "Thu 26 Nov 2026 11:00 Europe/Berlin")
		d.Want("jonas", "Thu 26 Nov 2026 11:00 Europe/Berlin", "The second.")
	})
}

// TestAskerHearsOfAGroup: of several, the asker hears when as many answers as
// they want are due, and of a clock that stands still nothing (worktime 6.9).
func TestAskerHearsOfAGroup(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		d.Person("jonas", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.Person("lena", "Europe/Berlin", "mon-fri 09:00-17:30", "10:30 16:00")
		d.Person("max", "Europe/Berlin", "mon-fri 09:00-17:30", "10:30 16:00")
		d.Charter("max", off(d.T, "2026-11-24", "2026-11-24"))
		d.Ask("jonas", []string{"lena", "max"}, "All of you?")
		d.Ask("jonas", []string{"lena", "max"}, "Anyone?", func(a *door.AskDraft) { a.Need = 1 })
		back := d.Ask("jonas", []string{"lena"}, "Which of them?")
		d.At("Tue 24 Nov 2026 12:00 Europe/Berlin")
		must[door.Receipt](d)(d.Door.AskBack(d.T.Context(), d.Actor("lena"), door.AskReply{Ask: back.ID, Text: "Of what?"}))
		asked(d, "jonas", "Tue 24 Nov 2026 16:00 Europe/Berlin", "Anyone?")
		asked(d, "jonas", "Wed 25 Nov 2026 11:00 Europe/Berlin", "Anyone?") // Max has it since 10:30
		asked(d, "jonas", "Wed 25 Nov 2026 16:00 Europe/Berlin", "Anyone?", "All of you?")
	})
}

// TestShortAndSomebodyElse: the note that makes an ask short says so as long as
// it is true; the asker asks somebody else, whose own clock starts.
func TestShortAndSomebodyElse(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		d.Person("jonas", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		for _, p := range []string{"lena", "max", "pia"} {
			d.Person(p, "Europe/Berlin", "mon-fri 09:00-17:30", "11:00 16:00")
		}
		rec := d.Ask("jonas", []string{"lena", "max"}, "Which branch?")
		stands := func() ask.Outcome {
			return must[store.View](d)(d.Store.Reader(d.Actor("jonas")).Item(d.T.Context(), rec.ID)).Ask.Stands()
		}
		instead := func(by, to string) (door.Receipt, error) {
			return d.Door.AskInstead(d.T.Context(), d.Actor(by), door.AskReply{Ask: rec.ID, To: d.ID(to)})
		}
		if _, err := instead("jonas", "pia"); !isProblem(err, "all-in") {
			d.T.Errorf("somebody else while all may answer: %v, want it refused", err)
		}
		d.At("Tue 24 Nov 2026 12:00 Europe/Berlin")
		must[door.Receipt](d)(d.Door.Decline(d.T.Context(), d.Actor("lena"), door.AskReply{Ask: rec.ID, Reason: "I am new here."}))
		d.At("Tue 24 Nov 2026 16:00 Europe/Berlin").Want("jonas", "Tue 24 Nov 2026 16:00 Europe/Berlin", "declined I am new here.")
		v := must[store.BriefView](d)(d.Store.Reader(d.Actor("jonas")).LastBrief(d.T.Context(), store.Whole))
		if a := v.Asks[rec.ID]; a.Stands() != ask.Short {
			d.T.Errorf("the brief has the ask as %s, want it short", a.Stands())
		}
		for _, tt := range []struct{ by, to, code string }{{"jonas", "max", "already-asked"}, {"jonas", "lena", "already-asked"}, {"jonas", "jonas", "oneself"}} {
			if _, err := instead(tt.by, tt.to); !isProblem(err, tt.code) {
				d.T.Errorf("%s asks %s instead: %v, want %s", tt.by, tt.to, err, tt.code)
			}
		}
		if _, err := instead("max", "pia"); !errors.Is(err, access.ErrDenied) {
			d.T.Errorf("somebody who is asked asks another: %v, want it denied", err)
		}
		got := must[door.Receipt](d)(instead("jonas", "pia"))
		if want := deliverytest.Time(d.T, "Wed 25 Nov 2026 11:00 Europe/Berlin"); len(got.Plans) != 1 || !got.Plans[0].Plan.At.Time().Equal(want) {
			d.T.Errorf("promised %+v, want Pia at %s", got.Plans, want)
		}
		d.At("Wed 25 Nov 2026 11:00 Europe/Berlin").Want("pia", "Wed 25 Nov 2026 11:00 Europe/Berlin", "Which branch?")
		due(d, rec.ID, "pia", "Thu 26 Nov 2026 11:00 Europe/Berlin")
		if got := stands(); got != ask.Open {
			d.T.Errorf("with Pia asked, it is %s", got)
		}
		must[door.Receipt](d)(d.Door.Answer(d.T.Context(), d.Actor("pia"), door.AskReply{Ask: rec.ID, Text: "The second."}))
		must[door.Receipt](d)(d.Door.Answer(d.T.Context(), d.Actor("max"), door.AskReply{Ask: rec.ID, Text: "The second too."}))
		if got := stands(); got != ask.Closed {
			d.T.Errorf("with both answers, it is %s", got)
		}
		if _, err := instead("jonas", "pia"); !isProblem(err, "enough") {
			d.T.Errorf("somebody else after that: %v, want it refused", err)
		}
	})
}

// TestLeaversAskersHear: whoever cannot answer any more is taken out of the asks
// that wait for them, and each asker has it in their next brief.
func TestLeaversAskersHear(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		d.Person("boss", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		leavers := []string{"removed", "kept.out", "guest", "of.the.team"}
		for _, p := range append([]string{"jonas", "nora"}, leavers...) {
			d.Person(p, "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		}
		ctx := d.T.Context()
		team := func(slug string, open bool) string {
			return must[string](d)(d.Door.AddTeam(ctx, d.Actor("nora"), door.TeamDraft{Name: slug, Slug: slug, Open: open}))
		}
		open, private := team("open", true), team("private", false)
		for _, t := range []string{open, private} {
			for _, p := range []string{"jonas", "guest", "of.the.team"} {
				if err := d.Door.JoinTeam(ctx, d.Actor("nora"), door.Membership{Team: t, Person: d.ID(p)}); err != nil {
					d.T.Fatal(err)
				}
			}
		}
		in := func(team string) func(*door.AskDraft) { return func(a *door.AskDraft) { a.Team = team } }
		// From Nora to all, one each, in the private team where they are in it.
		var each []door.Receipt
		for _, p := range leavers {
			where := ""
			if p == "of.the.team" {
				where = private
			}
			each = append(each, d.Ask("nora", []string{p}, "For "+p, in(where)))
		}
		d.Ask("jonas", []string{"of.the.team"}, "In the open team", in(open))
		d.Ask("jonas", []string{"kept.out", "removed"}, "Anyone?", func(a *door.AskDraft) { a.Need = 1 })
		both := d.Ask("jonas", []string{"removed", "boss"}, "Which two?")
		closed := d.Ask("jonas", []string{"removed", "boss"}, "Which one?", func(a *door.AskDraft) { a.Need = 1 })
		back := d.Ask("jonas", []string{"removed"}, "Taken back")
		if _, err := d.Door.TakeBack(ctx, d.Actor("jonas"), "", back.ID); err != nil {
			d.T.Fatal(err)
		}
		d.At("Tue 24 Nov 2026 11:00 Europe/Berlin")
		must[door.Receipt](d)(d.Door.Answer(ctx, d.Actor("boss"), door.AskReply{Ask: closed.ID, Text: "This one."}))
		d.At("Tue 24 Nov 2026 12:00 Europe/Berlin")
		boss := d.Actor("boss")
		for _, err := range []error{
			d.Door.SetState(ctx, boss, d.ID("removed"), access.Removed),
			d.Door.SetState(ctx, boss, d.ID("kept.out"), access.Deactivated),
			d.Door.SetRole(ctx, boss, d.ID("guest"), access.Guest), // who is named still sees what is addressed to them
			d.Door.LeaveTeam(ctx, d.Actor("of.the.team"), door.Membership{Team: open}),
			d.Door.LeaveTeam(ctx, d.Actor("nora"), door.Membership{Team: private, Person: d.ID("of.the.team")}),
		} {
			if err != nil {
				d.T.Fatal(err)
			}
		}
		d.At("Tue 24 Nov 2026 16:00 Europe/Berlin").Want("nora", "Tue 24 Nov 2026 16:00 Europe/Berlin", "left", "left", "left")
		d.Want("jonas", "Tue 24 Nov 2026 16:00 Europe/Berlin", "This one.", "left", "left", "left") // of two of "Anyone?", and of "Which two?"
		v := must[store.BriefView](d)(d.Store.Reader(d.Actor("nora")).LastBrief(ctx, store.Whole))
		var by []string
		for _, l := range v.Lines {
			if i := v.Items[l.Item]; l.Section == brief.Replies {
				by = append(by, v.People[i.Author].Handle)
				if a := v.Asks[i.Root]; a.Stands() != ask.Short {
					d.T.Errorf("the ask for %s is %s, want it short", v.People[i.Author].Handle, a.Stands())
				}
			}
		}
		slices.Sort(by)
		if want := []string{"kept.out", "of.the.team", "removed"}; !slices.Equal(by, want) {
			d.T.Errorf("nora hears of %q, want %q", by, want)
		}
		if got := must[store.View](d)(d.Store.Reader(d.Actor("jonas")).Item(ctx, both.ID)).Ask; got.Stands() != ask.Short || !got.Live() {
			d.T.Errorf("the ask of two is %s, live %v; want it short, and live", got.Stands(), got.Live())
		}
		// Let in again, nothing of it waits for them.
		if err := d.Door.SetState(ctx, boss, d.ID("kept.out"), access.Active); err != nil {
			d.T.Fatal(err)
		}
		if _, err := d.Door.Answer(ctx, d.Actor("kept.out"), door.AskReply{Ask: each[1].ID, Text: "Here again."}); !isProblem(err, "settled") {
			d.T.Errorf("an answer of somebody who is back: %v, want it refused", err)
		}
		d.At("Wed 25 Nov 2026 16:00 Europe/Berlin").Nothing("kept.out", 1)
	})
}

// TestLeaverBeforeItCame: what had not come to a leaver is not brought to them
// any more.
func TestLeaverBeforeItCame(t *testing.T) {
	story(t, "Tue 24 Nov 2026 08:00 Europe/Berlin", func(d *deliverytest.Team) {
		d.Person("nora", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.Person("max", "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
		d.Charter("max", func(c *charter.Charter) { c.Time.Windows = worktime.EveryDay(worktime.ClockTime(16, 0)) })
		ctx := d.T.Context()
		team := must[string](d)(d.Door.AddTeam(ctx, d.Actor("nora"), door.TeamDraft{Name: "private", Slug: "private"}))
		join := func() {
			if err := d.Door.JoinTeam(ctx, d.Actor("nora"), door.Membership{Team: team, Person: d.ID("max")}); err != nil {
				d.T.Fatal(err)
			}
		}
		join()
		rec := d.Ask("nora", []string{"max"}, "Which?", func(a *door.AskDraft) { a.Team = team })
		if err := d.Door.LeaveTeam(ctx, d.Actor("max"), door.Membership{Team: team}); err != nil {
			d.T.Fatal(err)
		}
		join() // and is in again before the window
		d.At("Tue 24 Nov 2026 16:00 Europe/Berlin").Nothing("max", 0)
		d.Want("nora", "Tue 24 Nov 2026 11:00 Europe/Berlin", "left")
		v := must[store.View](d)(d.Store.Reader(d.Actor("nora")).Item(ctx, rec.ID))
		if len(v.Deliveries) != 1 || v.Deliveries[0].DroppedWhy != store.DroppedAccess {
			d.T.Errorf("the delivery is %+v, want it dropped for want of access", v.Deliveries)
		}
	})
}

// TestOwnAsksInALaterMail: mail that carries an earlier brief tells of an ask
// of its reader's own once, and not at all when it was answered meanwhile, or
// is not near due any more.
func TestOwnAsksInALaterMail(t *testing.T) {
	for name, times := range map[string]int{"still waits": 1, "answered meanwhile": 0, "given more time": 0} {
		t.Run(name, func(t *testing.T) {
			mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
				cast(d)
				team(d)
				r.says(down)
				rec := d.Ask("mia", []string{"jonas"}, "Is the log the plan?", func(a *door.AskDraft) { a.Term = "2026-11-24" })
				update(d, "The feed is frozen until Friday.")
				d.At("Tue 24 Nov 2026 13:10 America/Los_Angeles")
				if last := r.to("mia")[4]; !strings.Contains(last.Text, "was due today 08:00") {
					d.T.Errorf("her brief does not tell of her ask:\n%s", last.Text)
				}
				ctx := d.T.Context()
				switch name {
				case "answered meanwhile":
					must[door.Receipt](d)(d.Door.Answer(ctx, d.Actor("jonas"), door.AskReply{Ask: rec.ID, Text: "It is."}))
				case "given more time":
					must[door.Receipt](d)(d.Door.AskTime(ctx, d.Actor("jonas"), door.AskReply{Ask: rec.ID, Term: "2026-12-04", Reason: "The review is then."}))
					must[door.Receipt](d)(d.Door.GrantTime(ctx, d.Actor("mia"), door.AskReply{Ask: rec.ID, Person: d.ID("jonas"), Grant: true}))
				}
				d.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
				r.says(nil)
				d.At("Tue 24 Nov 2026 16:00 America/Los_Angeles")
				tries := r.to("mia")
				last := tries[len(tries)-1]
				for _, said := range []string{"You asked", "was due today 08:00"} {
					if n := strings.Count(last.Text, said); n != times {
						d.T.Errorf("%q stands %d times in the mail, want %d:\n%s", said, n, times, last.Text)
					}
				}
			})
		})
	}
}
