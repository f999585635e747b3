package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// clocks are compiled, and compared by what they were compiled from.
func clocks() cmp.Option { return cmpopts.IgnoreFields(store.Person{}, "Clock") }

func transactions(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	before := b.dump("a")

	broken := errors.New("the verb refused")
	b.refuse("a verb that refuses", broken, "a", func(tx *store.Tx) error {
		if err := tx.SetSetting(ctx, "note", "half written"); err != nil {
			return err
		}
		if _, err := tx.AddItem(ctx, document("half", item.Update, ada, "half written")); err != nil {
			return err
		}
		return broken
	})
	if diff := cmp.Diff(before, b.dump("a")); diff != "" {
		t.Errorf("a refused transaction left something (-before +after):\n%s", diff)
	}

	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic of a verb was swallowed")
			}
		}()
		_ = b.Store.Write(ctx, "a", func(tx *store.Tx) error {
			if err := tx.SetSetting(ctx, "note", "half written"); err != nil {
				return err
			}
			panic("a bug")
		})
	}()
	if diff := cmp.Diff(before, b.dump("a")); diff != "" {
		t.Errorf("a transaction that panicked left something (-before +after):\n%s", diff)
	}

	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := b.Store.Write(ended, "a", func(tx *store.Tx) error { return tx.SetSetting(ended, "note", "too late") }); err == nil {
		t.Error("a transaction ran for a request that had ended")
	}
	if diff := cmp.Diff(before, b.dump("a")); diff != "" {
		t.Errorf("a transaction of a request that had ended left something (-before +after):\n%s", diff)
	}

	b.refuse("a person of no organisation", store.ErrReference, "nowhere", func(tx *store.Tx) error { return tx.AddPerson(ctx, person("x", access.Member, "x")) })
	if err := b.Store.Ping(ctx); err != nil {
		t.Errorf("Ping() = %v", err)
	}
}

func people(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	got := get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Person, error) { return tx.Person(ctx, ben) })
	want := person(ben, access.Member, "mark")
	want.Org, want.Revision, want.Revised, want.Ruling = "a", 1, now, worktime.Of(now)
	if diff := cmp.Diff(want, got, clocks()); diff != "" {
		t.Errorf("a person as written (-want +got):\n%s", diff)
	}
	if at, ok := got.Clock.Next(worktime.Normal, sec(0), worktime.NotSealed); !ok || at != sec(120) {
		t.Errorf("the clock's next window is %s, %v, want 11:00 in Berlin", at, ok)
	}

	changed := want
	changed.Name, changed.Lang, changed.Place, changed.Archetype = "New name", "de", "Hamburg", charter.Decider
	changed.Role, changed.State, changed.MayRaise, changed.Joined = access.Admin, access.Deactivated, false, after(7)
	b.write("a", func(tx *store.Tx) error { return tx.SetPerson(ctx, changed) })
	got = get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Person, error) { return tx.Person(ctx, ben) })
	if diff := cmp.Diff(changed, got, clocks()); diff != "" {
		t.Errorf("a person as changed (-want +got):\n%s", diff)
	}

	all := get(b, "a", func(ctx context.Context, tx *store.Tx) ([]store.Person, error) {
		return tx.People(ctx, []string{dia, ada, dia})
	})
	if len(all) != 2 || all[0].ID != ada || all[1].ID != dia {
		t.Errorf("People() = %v, want ada and dia, each once", all)
	}
	none := get(b, "a", func(ctx context.Context, tx *store.Tx) ([]store.Person, error) { return tx.People(ctx, nil) })
	if len(none) != 0 {
		t.Errorf("People(nobody) = %v", none)
	}
	byHandle := get(b, "a", func(ctx context.Context, tx *store.Tx) (map[string]string, error) {
		return tx.PeopleByHandle(ctx, []string{"ada-handle", "nobody", "ada-handle", "ben-handle"})
	})
	if diff := cmp.Diff(map[string]string{"ada-handle": ada, "ben-handle": ben}, byHandle); diff != "" {
		t.Errorf("PeopleByHandle (-want +got):\n%s", diff)
	}
	admins := get(b, "a", func(ctx context.Context, tx *store.Tx) ([]string, error) { return tx.Admins(ctx) })
	if !slices.Equal(admins, []string{ada}) { // ben is an admin, and shut out
		t.Errorf("Admins() = %v, want ada", admins)
	}

	b.refuse("an unknown person", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.Person(ctx, "nobody"); return err })
	b.refuse("an unknown person among others", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.People(ctx, []string{ada, "nobody"}); return err })
	b.refuse("changing an unknown person", store.ErrNotFound, "a", func(tx *store.Tx) error { return tx.SetPerson(ctx, person("nobody", access.Member, "")) })
	b.refuse("the same id again", store.ErrExists, "a", func(tx *store.Tx) error {
		p := person(ben, access.Member, "")
		p.Handle = "another"
		return tx.AddPerson(ctx, p)
	})
	for _, bad := range []func(*store.Person){
		func(p *store.Person) { p.Role = "king" },
		func(p *store.Person) { p.State = "elsewhere" },
	} {
		p := person(ben, access.Member, "")
		bad(&p)
		if err := b.Store.Write(ctx, "a", func(tx *store.Tx) error { return tx.SetPerson(ctx, p) }); err == nil {
			t.Errorf("a person with role %q and state %q was written", p.Role, p.State)
		}
	}
}

// names: handles and slugs share one name space, unique by how they look, and a
// name once held stays its holder's (R2.6).
func names(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	handle := func(who, name string) func(*store.Tx) error {
		return func(tx *store.Tx) error { return tx.SetHandle(ctx, who, name) }
	}
	b.write("a", handle(ben, "marina.roth"))
	for _, taken := range []string{"marina.roth", "rnarina.roth", "marina_roth", "marlna-roth", "MARINA.ROTH", "marina.r0th", "ada-handle", "team-open-slug"} {
		b.refuse("the handle "+taken, store.ErrExists, "a", handle(dia, taken))
		b.refuse("the slug "+taken, store.ErrExists, "a", func(tx *store.Tx) error {
			other := team("team-x", true, "")
			other.Slug = taken
			return tx.AddTeam(ctx, other)
		})
		b.refuse("the handle of a newcomer "+taken, store.ErrExists, "a", func(tx *store.Tx) error {
			p := person("eli", access.Member, "")
			p.Handle = taken
			return tx.AddPerson(ctx, p)
		})
	}
	b.write("a", handle(ben, "marina"))
	b.refuse("a handle that was somebody's", store.ErrExists, "a", handle(dia, "marina.roth"))
	b.write("a", handle(ben, "marina_roth")) // back to one's own, even spelt another way
	if p := get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Person, error) { return tx.Person(ctx, ben) }); p.Handle != "marina_roth" {
		t.Errorf("the handle is %q, want marina_roth", p.Handle)
	}
	b.refuse("the handle of an unknown person", store.ErrNotFound, "a", handle("nobody", "unheard-of"))
	b.write("a", handle(dia, "unheard-of")) // which was not reserved by that
	b.write("b", func(tx *store.Tx) error {
		return tx.AddOrganisation(ctx, store.Organisation{Name: "B", URL: "http://b", Created: now})
	})
	b.write("b", func(tx *store.Tx) error { // another organisation's names are its own
		p := person(ben, access.Owner, "")
		p.Handle = "marina"
		return tx.AddPerson(ctx, p)
	})
}

func charters(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	add := func(revision int64, from int, zone string) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			return tx.AddCharter(ctx, ben, revision, sec(from), charter.Proposed(zone), "because", after(from))
		}
	}
	b.write("a", add(2, 10, "Asia/Tokyo"))
	b.write("a", add(3, 20, "America/New_York"))
	b.refuse("a revision that exists", store.ErrExists, "a", add(3, 30, "Asia/Tokyo"))
	p := get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Person, error) { return tx.Person(ctx, ben) })
	if p.Revision != 3 || p.Charter.Time.Zone != "America/New_York" {
		t.Errorf("in force is revision %d in %s, want 3 in America/New_York", p.Revision, p.Charter.Time.Zone)
	}
	for _, tt := range []struct {
		since int
		want  []worktime.Instant // where each reign begins
	}{
		{-1000, []worktime.Instant{sec(0), sec(10), sec(20)}}, // before anything is known: from the first
		{0, []worktime.Instant{sec(0), sec(10), sec(20)}},
		{9, []worktime.Instant{sec(0), sec(10), sec(20)}},
		{10, []worktime.Instant{sec(10), sec(20)}},
		{19, []worktime.Instant{sec(10), sec(20)}},
		{20, []worktime.Instant{sec(20)}},
		{2000, []worktime.Instant{sec(20)}},
	} {
		got := get(b, "a", func(ctx context.Context, tx *store.Tx) ([]worktime.Instant, error) {
			reigns, err := tx.Reigns(ctx, ben, sec(tt.since))
			var from []worktime.Instant
			for _, r := range reigns {
				from = append(from, r.From)
			}
			return from, err
		})
		if !slices.Equal(got, tt.want) {
			t.Errorf("Reigns(since %d) begin at %v, want %v", tt.since, got, tt.want)
		}
	}
	b.refuse("reigns of nobody", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.Reigns(ctx, "nobody", sec(0)); return err })
	b.refuse("a charter of nobody", store.ErrReference, "a", func(tx *store.Tx) error {
		return tx.AddCharter(ctx, "nobody", 1, sec(0), charter.Proposed("UTC"), "", now)
	})
	if err := b.Store.Write(ctx, "a", func(tx *store.Tx) error {
		if err := tx.AddCharter(ctx, ben, 4, sec(40), charter.Proposed("Mars/Olympus"), "", now); err != nil {
			return err
		}
		_, err := tx.Person(ctx, ben)
		return err
	}); err == nil {
		t.Error("a person in a zone that does not exist was read")
	}
}

// clockCache: a charter is compiled once, and never somebody else's.
func clockCache(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	b.fill("b", "other")
	b.write("b", func(tx *store.Tx) error { // the same person and revision in another organisation
		return tx.AddCharter(ctx, ben, 2, sec(5), charter.Proposed("Asia/Tokyo"), "", after(5))
	})
	b.write("a", func(tx *store.Tx) error {
		return tx.AddCharter(ctx, ben, 2, sec(5), charter.Proposed("America/New_York"), "", after(5))
	})
	read := func(org string) store.Person {
		return get(b, org, func(ctx context.Context, tx *store.Tx) (store.Person, error) { return tx.Person(ctx, ben) })
	}
	first, other := read("a"), read("b")
	if again := read("a"); again.Clock != first.Clock {
		t.Error("the same charter was compiled twice")
	}
	if got := other.Clock.ZoneOn(0).String(); got != "Asia/Tokyo" {
		t.Errorf("the clock of the other organisation's person is in %s", got)
	}
	if got := first.Clock.ZoneOn(0).String(); got != "America/New_York" {
		t.Errorf("the clock is in %s", got)
	}
	// A revision whose transaction did not come about must not stay in the cache.
	_ = b.Store.Write(ctx, "a", func(tx *store.Tx) error {
		if err := tx.AddCharter(ctx, ben, 3, sec(6), charter.Proposed("Asia/Kathmandu"), "", after(6)); err != nil {
			return err
		}
		if _, err := tx.Person(ctx, ben); err != nil {
			return err
		}
		return errors.New("refused after all")
	})
	b.write("a", func(tx *store.Tx) error {
		return tx.AddCharter(ctx, ben, 3, sec(6), charter.Proposed("Europe/Lisbon"), "", after(6))
	})
	r := b.Store.Reader(b.actor("a", ada))
	for _, p := range []store.Person{must(r.Person(ctx, ben)), read("a"), must(r.Person(ctx, ben))} {
		if p.Clock.ZoneOn(0).String() != "Europe/Lisbon" || p.Charter.Time.Zone != "Europe/Lisbon" {
			t.Errorf("after a revision that was rolled back the clock is in %s, the charter in %s; want Europe/Lisbon", p.Clock.ZoneOn(0), p.Charter.Time.Zone)
		}
	}
}

func teams(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	want := team(teamPrivate, false, "mark")
	want.Org = "a"
	got := get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Team, error) { return tx.Team(ctx, teamPrivate) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a team as written (-want +got):\n%s", diff)
	}
	changed := want
	changed.Name, changed.Purpose, changed.Open = "Other", "Something else", true
	b.write("a", func(tx *store.Tx) error { return tx.SetTeam(ctx, changed) })
	got = get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Team, error) { return tx.TeamBySlug(ctx, want.Slug) })
	if diff := cmp.Diff(changed, got); diff != "" {
		t.Errorf("a team as changed (-want +got):\n%s", diff)
	}
	of := func(who string) []string {
		return get(b, "a", func(ctx context.Context, tx *store.Tx) ([]string, error) { return tx.TeamsOf(ctx, who) })
	}
	b.write("a", func(tx *store.Tx) error { return tx.AddMember(ctx, teamPrivate, ben, true, now) }) // is in it already
	if got := of(ben); !slices.Equal(got, []string{teamPrivate}) {
		t.Errorf("TeamsOf(ben) = %v", got)
	}
	if a := b.actor("a", ada); !a.Teams[teamOpen] || !a.Teams[teamPrivate] || len(a.Teams) != 2 || a.Role != access.Owner || a.Org != "a" || a.State != access.Active {
		t.Errorf("Actor(ada) = %+v", a)
	}
	b.write("a", func(tx *store.Tx) error { return tx.DropMember(ctx, teamPrivate, ben) })
	if got := of(ben); len(got) != 0 {
		t.Errorf("TeamsOf(ben) after leaving = %v", got)
	}
	b.refuse("leaving twice", store.ErrNotFound, "a", func(tx *store.Tx) error { return tx.DropMember(ctx, teamPrivate, ben) })
	b.refuse("an unknown team", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.Team(ctx, "none"); return err })
	b.refuse("an unknown slug", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.TeamBySlug(ctx, "none"); return err })
	b.refuse("changing an unknown team", store.ErrNotFound, "a", func(tx *store.Tx) error { return tx.SetTeam(ctx, team("none", true, "")) })
	b.refuse("a member of an unknown team", store.ErrReference, "a", func(tx *store.Tx) error { return tx.AddMember(ctx, "none", ben, false, now) })
	b.refuse("an unknown member", store.ErrReference, "a", func(tx *store.Tx) error { return tx.AddMember(ctx, teamOpen, "nobody", false, now) })
}

func contacts(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	b.refuse("an address that somebody has", store.ErrExists, "a", func(tx *store.Tx) error { return tx.AddAddress(ctx, dia, "ben@example.org", now, now) })
	b.refuse("an address of nobody", store.ErrReference, "a", func(tx *store.Tx) error { return tx.AddAddress(ctx, "nobody", "x@example.org", now, now) })
	b.refuse("nobody's address", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.PersonByAddress(ctx, "x@example.org"); return err })
	b.write("a", func(tx *store.Tx) error { return tx.AddAddress(ctx, ben, "second@example.org", now, now) })
	for _, address := range []string{"ben@example.org", "second@example.org"} {
		if p := get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Person, error) { return tx.PersonByAddress(ctx, address) }); p.ID != ben {
			t.Errorf("PersonByAddress(%s) = %s, want ben", address, p.ID)
		}
	}

	hook := store.Contact{Person: ben, Channel: store.ChannelWebhook, Address: "https://example.org/hook", Secret: "s", Crises: true}
	b.write("a", func(tx *store.Tx) error { return tx.SetContact(ctx, hook) })
	hook.Secret, hook.Failed, hook.FailedWhy = "t", after(3), "410"
	b.write("a", func(tx *store.Tx) error { return tx.SetContact(ctx, hook) })
	got := get(b, "a", func(ctx context.Context, tx *store.Tx) (map[string]store.Contact, error) {
		return tx.Contacts(ctx, ben)
	})
	want := map[string]store.Contact{
		store.ChannelWebhook: hook,
		store.ChannelEmail:   {Person: ben, Channel: store.ChannelEmail, Address: "ben@mark", Secret: "secret mark", Briefs: true, Crises: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("contacts (-want +got):\n%s", diff)
	}
	b.write("a", func(tx *store.Tx) error { return tx.BriefMail(ctx, ben, false) })
	b.write("a", func(tx *store.Tx) error { return tx.DropContact(ctx, ben, store.ChannelWebhook) })
	got = get(b, "a", func(ctx context.Context, tx *store.Tx) (map[string]store.Contact, error) {
		return tx.Contacts(ctx, ben)
	})
	if len(got) != 1 || got[store.ChannelEmail].Briefs || !got[store.ChannelEmail].Crises {
		t.Errorf("after turning brief mail off and dropping the webhook: %+v", got)
	}
	b.refuse("brief mail of somebody without an address", store.ErrNotFound, "a", func(tx *store.Tx) error { return tx.BriefMail(ctx, "nobody", false) })
	if err := b.Store.Write(ctx, "a", func(tx *store.Tx) error {
		return tx.SetContact(ctx, store.Contact{Person: ben, Channel: "pigeon", Address: "roof"})
	}); err == nil {
		t.Error("a contact over an unknown channel was written")
	}
}
