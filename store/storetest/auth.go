package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// setState shuts somebody out, or lets them in again.
func (b *Bench) setState(who string, state access.State) {
	b.T.Helper()
	b.write("a", func(tx *store.Tx) error {
		p, err := tx.Person(b.T.Context(), who)
		if err != nil {
			return err
		}
		p.State = state
		return tx.SetPerson(b.T.Context(), p)
	})
}

func sessions(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	s, p, a, err := b.Store.Session(ctx, "a", "session-ben")
	want := store.Session{Hash: "session-ben", ID: "session-id-ben", Person: ben, Device: "Device mark", Created: now, Used: now, Ends: after(600)}
	if diff := cmp.Diff(want, s); err != nil || diff != "" {
		t.Errorf("Session = %v (-want +got):\n%s", err, diff)
	}
	if p.ID != ben || a.Person != ben || a.Org != "a" || a.Token || !a.Teams[teamPrivate] || len(a.Teams) != 1 {
		t.Errorf("its person is %s, as %+v", p.ID, a)
	}
	b.setState(ben, access.Deactivated)
	if _, _, a, err := b.Store.Session(ctx, "a", "session-ben"); err != nil || a.State != access.Deactivated {
		t.Errorf("a session of somebody shut out is of %s, %v: its person as they stand now", a.State, err)
	}
	if _, _, err := b.Store.Password(ctx, "a", "ben@example.org"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the password of somebody shut out: %v, want ErrNotFound", err)
	}
	b.setState(ben, access.Active)
	if who, hash, err := b.Store.Password(ctx, "a", "ben@example.org"); err != nil || who != ben || hash != "password of ben mark" {
		t.Errorf("Password = %s, %s, %v", who, hash, err)
	}
	b.write("a", func(tx *store.Tx) error { return tx.SetPassword(ctx, ben, "new", after(1)) })
	if hash, err := b.Store.PasswordOf(ctx, "a", ben); err != nil || hash != "new" {
		t.Errorf("PasswordOf = %s, %v, want new", hash, err)
	}
	if _, err := b.Store.PasswordOf(ctx, "a", "nobody"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the password of nobody: %v", err)
	}

	b.write("a", func(tx *store.Tx) error { return tx.TouchSession(ctx, "session-ben", after(50)) })
	b.write("a", func(tx *store.Tx) error { return tx.TouchSession(ctx, "session-ben", after(40)) }) // a slow request
	if s, _, _, _ := b.Store.Session(ctx, "a", "session-ben"); !s.Used.Equal(after(50)) {
		t.Errorf("used at %s, want %s: never earlier", s.Used, after(50))
	}
	for _, id := range []string{"2", "3", "4"} {
		b.write("a", func(tx *store.Tx) error {
			return tx.AddSession(ctx, store.Session{Hash: "session-" + id, ID: "session-id-" + id, Person: ben, Created: after(1), Used: now, Ends: after(600)})
		})
	}
	mine := func() []string {
		var out []string
		for _, s := range must(b.Store.Reader(b.actor("a", ben)).Sessions(ctx)) {
			out = append(out, s.ID)
		}
		return out
	}
	end := func(who, id, except string) {
		t.Helper()
		b.write("a", func(tx *store.Tx) error { return tx.EndSessions(ctx, who, id, except) })
	}
	if got, want := mine(), []string{"session-id-4", "session-id-3", "session-id-2", "session-id-ben"}; !slices.Equal(got, want) {
		t.Errorf("Sessions = %v, want %v, newest first", got, want)
	}
	end(ada, "session-id-2", "") // somebody else's
	end(ben, "session-id-4", "")
	if got := mine(); slices.Contains(got, "session-id-4") || !slices.Contains(got, "session-id-2") {
		t.Errorf("after ending one: %v", got)
	}
	end(ben, "", "session-3")
	if got := mine(); !slices.Equal(got, []string{"session-id-3"}) {
		t.Errorf("after ending all but one: %v", got)
	}
	b.write("a", func(tx *store.Tx) error { return tx.EndSession(ctx, "session-3") })
	if got := mine(); len(got) != 0 {
		t.Errorf("after signing out: %v", got)
	}
	if _, _, _, err := b.Store.Session(ctx, "a", "session-3"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an ended session: %v", err)
	}
	if _, _, _, err := b.Store.Session(ctx, "a", "session-ada"); err != nil {
		t.Errorf("somebody else's session: %v", err)
	}
	b.refuse("the same secret twice", store.ErrExists, "a", func(tx *store.Tx) error {
		return tx.AddSession(ctx, store.Session{Hash: "session-ada", ID: "x", Person: ben})
	})
}

func links(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	use := func(kind store.LinkKind, hash string, at int) error {
		return b.Store.Write(ctx, "a", func(tx *store.Tx) error { _, err := tx.UseLink(ctx, kind, hash, after(at)); return err })
	}
	add := func(l store.Link) {
		t.Helper()
		l.ID, l.Created = "id-"+l.Hash, now
		b.write("a", func(tx *store.Tx) error { return tx.AddLink(ctx, l) })
	}
	reset := func(hash, who string, ends int) store.Link {
		return store.Link{Hash: hash, Kind: store.LinkReset, Person: who, Ends: after(ends)}
	}
	want := store.Link{Hash: "full", Kind: store.LinkInvite, Person: dia, Address: "x@example.org", Role: access.Guest, Team: teamOpen, MadeBy: ada, Ends: after(60)}
	add(want)
	want.ID, want.Created = "id-full", now
	if diff := cmp.Diff(want, must(b.Store.Link(ctx, "a", store.LinkInvite, "full"))); diff != "" {
		t.Errorf("a link (-want +got):\n%s", diff)
	}
	if _, err := b.Store.Link(ctx, "a", store.LinkReset, "full"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an invite read as a reset: %v", err)
	}
	for _, tt := range []struct {
		name string
		kind store.LinkKind
		hash string
		at   int
		want error
	}{
		{"of another kind", store.LinkReset, "full", 1, store.ErrNotFound},
		{"unknown", store.LinkInvite, "none", 1, store.ErrNotFound},
		{"at its end", store.LinkInvite, "full", 60, store.ErrNotFound},
		{"in time", store.LinkInvite, "full", 59, nil},
		{"a second time", store.LinkInvite, "full", 59, store.ErrNotFound},
	} {
		if err := use(tt.kind, tt.hash, tt.at); !errors.Is(err, tt.want) {
			t.Errorf("%s: UseLink = %v, want %v", tt.name, err, tt.want)
		}
	}
	if l := must(b.Store.Link(ctx, "a", store.LinkInvite, "full")); !l.Used.Equal(after(59)) {
		t.Errorf("used at %s", l.Used)
	}

	// Using one ends the others of its person and kind, older and newer.
	add(reset("older", dia, 30))
	add(reset("newer", dia, 40))
	add(reset("ben", ben, 40))
	add(store.Link{Hash: "invite-dia", Kind: store.LinkInvite, Person: dia, Ends: after(40)})
	if err := use(store.LinkReset, "newer", 5); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(use(store.LinkReset, "ben", 5), use(store.LinkInvite, "invite-dia", 5)); err != nil {
		t.Errorf("links of others, or of another kind: %v", err)
	}
	if err := use(store.LinkReset, "older", 5); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the older link after the newer was used: %v", err)
	}

	// One of many that come at once gets it.
	add(reset("race", cem, 60))
	won := make([]bool, 10)
	_ = concurrently(len(won), func(n int) error {
		err := use(store.LinkReset, "race", 6)
		won[n] = err == nil
		return err
	})
	if n := len(slices.DeleteFunc(won, func(w bool) bool { return !w })); n != 1 {
		t.Errorf("%d of 10 used one link", n)
	}

	// What somebody invited ends with their right to.
	add(store.Link{Hash: "by-ben", Kind: store.LinkInvite, MadeBy: ben, Ends: after(60)})
	add(store.Link{Hash: "by-ada", Kind: store.LinkInvite, MadeBy: ada, Ends: after(60)})
	add(store.Link{Hash: "reset-by-ben", Kind: store.LinkReset, MadeBy: ben, Person: ada, Ends: after(60)})
	b.write("a", func(tx *store.Tx) error { return tx.EndInvitesBy(ctx, ben, after(1)) })
	if err := use(store.LinkInvite, "by-ben", 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an invite of somebody who may not invite any more: %v", err)
	}
	if err := errors.Join(use(store.LinkInvite, "by-ada", 2), use(store.LinkReset, "reset-by-ben", 2)); err != nil {
		t.Errorf("other links: %v", err)
	}
	add(reset("one", ada, 60))
	add(reset("two", ben, 60))
	b.write("a", func(tx *store.Tx) error { return tx.EndLinks(ctx, store.LinkReset, ada, after(1)) })
	if err := errors.Join(use(store.LinkReset, "two", 2)); err != nil {
		t.Error(err)
	}
	if err := use(store.LinkReset, "one", 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an ended link: %v", err)
	}
}

func tokens(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	want := store.Token{
		Hash: "t", ID: "id", Person: ben, Name: "script", Scopes: []access.Scope{access.ScopeRead, access.ScopeAdmin}, Team: teamPrivate, Created: now, Ends: after(9),
	}
	b.write("a", func(tx *store.Tx) error { return tx.AddToken(ctx, want) })
	got, p, a, err := b.Store.Token(ctx, "a", "t")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Token = %v (-want +got):\n%s", err, diff)
	}
	if p.ID != ben || !a.Token || !slices.Equal(a.Scopes, want.Scopes) || a.TokenTeam != teamPrivate || a.Person != ben {
		t.Errorf("it speaks for %s as %+v", p.ID, a)
	}
	b.write("a", func(tx *store.Tx) error { // no scopes is none, not all
		return tx.AddToken(ctx, store.Token{Hash: "bare", ID: "id-bare", Person: ben, Created: after(1), Ends: after(9)})
	})
	if _, _, a, err := b.Store.Token(ctx, "a", "bare"); err != nil || len(a.Scopes) != 0 || !a.Token {
		t.Errorf("a token without scopes is %+v, %v", a, err)
	}
	mine := func() []string {
		var out []string
		for _, k := range must(b.Store.Reader(b.actor("a", ben)).Tokens(ctx)) {
			out = append(out, k.ID)
		}
		return out
	}
	if got, want := mine(), []string{"id-bare", "token-id-ben", "id"}; !slices.Equal(got, want) {
		t.Errorf("Tokens = %v, want %v, newest first", got, want)
	}
	b.write("a", func(tx *store.Tx) error { return tx.EndTokens(ctx, ada, "id") }) // somebody else's
	b.write("a", func(tx *store.Tx) error { return tx.EndTokens(ctx, ben, "id-bare") })
	if got, want := mine(), []string{"token-id-ben", "id"}; !slices.Equal(got, want) {
		t.Errorf("after ending one: %v, want %v", got, want)
	}
	b.write("a", func(tx *store.Tx) error { return tx.EndTokens(ctx, ben, "") })
	if got := mine(); len(got) != 0 {
		t.Errorf("after ending all: %v", got)
	}
	if _, _, _, err := b.Store.Token(ctx, "a", "t"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an ended token: %v", err)
	}

	// Feeds: one secret opens one thing of one person who is here.
	feed := func(kind store.FeedKind, hash string) string {
		p, err := b.Store.Feed(ctx, "a", kind, hash)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Error(err)
		}
		return p.ID
	}
	has := func(kind store.FeedKind) bool { return must(b.Store.Reader(b.actor("a", ben)).HasFeed(ctx, kind)) }
	b.write("a", func(tx *store.Tx) error { return tx.AddFeed(ctx, ben, store.FeedPage, "page-ben", now) })
	if got := []string{feed(store.FeedCalendar, "feed-ben"), feed(store.FeedPage, "feed-ben"), feed(store.FeedPage, "page-ben"), feed(store.FeedCalendar, "none")}; !slices.Equal(got, []string{ben, "", ben, ""}) {
		t.Errorf("feeds open for %q", got)
	}
	b.setState(ben, access.Deactivated)
	if got := feed(store.FeedCalendar, "feed-ben"); got != "" {
		t.Error("the feed of somebody shut out still opens")
	}
	b.setState(ben, access.Active)
	b.write("a", func(tx *store.Tx) error { return tx.EndFeeds(ctx, ben, store.FeedCalendar) })
	if has(store.FeedCalendar) || !has(store.FeedPage) {
		t.Error("ending one kind of feed ended another, or not that one")
	}
	b.write("a", func(tx *store.Tx) error { return tx.EndFeeds(ctx, ben, "") })
	if has(store.FeedPage) || feed(store.FeedCalendar, "feed-ada") != ada {
		t.Error("ending all feeds of one person")
	}
	if err := b.Store.Write(ctx, "a", func(tx *store.Tx) error { return tx.AddFeed(ctx, ben, "everything", "x", now) }); err == nil {
		t.Error("a feed of an unknown kind was written")
	}
}

func settings(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	read := func(org, name string) string { return must(b.Store.Setting(ctx, org, name)) }
	if got := []string{read("a", "note"), read("a", "none"), read(store.Server, "note")}; !slices.Equal(got, []string{"setting mark", "", ""}) {
		t.Errorf("settings = %q", got)
	}
	b.write("a", func(tx *store.Tx) error { return tx.SetSetting(ctx, "note", "new") })
	b.write(store.Server, func(tx *store.Tx) error { return tx.SetSetting(ctx, "note", "of the server") })
	if got := []string{read("a", "note"), read(store.Server, "note")}; !slices.Equal(got, []string{"new", "of the server"}) {
		t.Errorf("settings after a change = %q", got)
	}
	for _, try := range []string{"first", "second"} {
		got := get(b, "a", func(ctx context.Context, tx *store.Tx) (string, error) { return tx.KeepSetting(ctx, "kept", try) })
		if got != "first" {
			t.Errorf("KeepSetting(%s) = %s, want the first", try, got)
		}
	}
	b.fill("b", "other")
	orgs := must(b.Store.Organisations(ctx))
	want := []store.Organisation{{ID: "a", Name: "Org mark", URL: "http://mark", Created: now}, {ID: "b", Name: "Org other", URL: "http://other", Created: now}}
	if diff := cmp.Diff(want, orgs); diff != "" {
		t.Errorf("Organisations (-want +got):\n%s", diff)
	}
	b.refuse("an organisation again", store.ErrExists, "a", func(tx *store.Tx) error { return tx.AddOrganisation(ctx, store.Organisation{Name: "A"}) })
	if _, err := b.Store.OrganisationByID(ctx, "none"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown organisation: %v", err)
	}
}

// openedAgain: what was acknowledged is there after closing and opening, and
// opening changes nothing of it.
func openedAgain(t *testing.T, b *Bench) {
	b.fill("a", "mark")
	before := b.dump("a")
	if err := b.Store.Close(); err != nil {
		t.Fatal(err)
	}
	again := Open(t, b.Database)
	if diff := cmp.Diff(before, b.dump("a")); diff != "" {
		t.Errorf("opening again changed something (-before +after):\n%s", diff)
	}
	if v, err := again.SchemaVersion(t.Context()); err != nil || v < 1 {
		t.Errorf("SchemaVersion = %d, %v", v, err)
	}
	b.Store = again
	if p := get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Person, error) { return tx.Person(ctx, ben) }); p.ID != ben {
		t.Errorf("a person after opening again: %+v", p)
	}
}
