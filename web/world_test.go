package web

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/files"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
	"github.com/rubato-hq/rubato/words"
)

// house is one server over one database that holds many organisations, each
// under a host of its own.
type house struct {
	testing.TB
	database string
	store    *store.Store
	door     *door.Door
	auth     *auth.Auth
	server   *Server
	worlds   int
}

func newHouse(t testing.TB, database string, change ...func(*Config)) *house {
	t.Helper()
	zones := zoneinfo.New().Zone
	if database == "" {
		database = filepath.Join(t.TempDir(), "rubato.db")
	}
	st, err := store.Open(t.Context(), store.Config{Database: database, Unsynced: true, Zones: zones})
	if err != nil {
		t.Fatal(err)
	}
	folder, err := files.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{TB: t, database: database, store: st, auth: auth.New(st)}
	h.door = door.New(door.Config{Store: st, Now: time.Now, Wake: func() {}, Zones: zones, Files: folder})
	cfg := Config{
		Door: h.door, Auth: h.auth, Read: st.Reader, Organisations: st.Organisations, Words: catalogue, Now: time.Now, Zones: zones,
		Front: front.Front{Public: &url.URL{Scheme: "http", Host: "rubato.localhost"}, AnyHost: true}, Files: folder,
		Log:      slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
		Ready:    func(context.Context) []string { return nil },
		Standing: delivery.New(delivery.Config{Store: st, Now: time.Now}).Standing,
		Address:  func(o store.Organisation) string { return cmp.Or(o.URL, "http://rubato.localhost") },
	}
	for _, c := range change {
		c(&cfg)
	}
	h.server = New(cfg)
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
		if err := folder.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// do sends one request as a browser of ours would.
func (h *house) do(host, method, path, cookie, bearer string, form url.Values) *http.Response {
	h.Helper()
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequestWithContext(h.Context(), method, "http://"+host+path, body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: "rubato", Value: cookie})
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	w := httptest.NewRecorder()
	h.server.ServeHTTP(w, r)
	return w.Result()
}

// must ends the test on an error.
func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) write(org string, fn func(tx *store.Tx) error) {
	h.Helper()
	h.must(h.store.Write(h.Context(), org, fn))
}

// world is one organisation with somebody of every kind in it, and one of
// everything that a route is about.
type world struct {
	*house
	org, host string
	people    map[string]string // id by handle
	cookies   map[string]string // of a session, whatever became of its person
	bearer    string            // a read-only token of the member
	at        map[string]string // ids that stand in addresses, by name
}

// newWorld fills an organisation. What it holds is the member's to see: it
// stands in the private team "core", of which "lead" is the one that leads.
func (h *house) newWorld() *world {
	h.Helper()
	ctx := h.Context()
	h.worlds++
	w := &world{house: h, host: "w" + strconv.Itoa(h.worlds) + ".localhost", people: map[string]string{}, cookies: map[string]string{}, at: map[string]string{}}
	newcomer := func(handle string) door.Newcomer {
		return door.Newcomer{Name: "Name " + handle, Handle: handle, Address: handle + "@example.org", Zone: "Europe/Berlin", Lang: "en"}
	}
	var err error
	w.org, w.people["owner"], err = h.door.Found(ctx, "Org "+w.host, "http://"+w.host, newcomer("owner"))
	h.must(err)
	for handle, role := range map[string]access.Role{
		"member": access.Member, "mate": access.Member, "other": access.Member, "guest": access.Guest, "admin": access.Admin,
		"removed": access.Admin, "deactivated": access.Admin,
	} {
		w.people[handle], err = h.door.Enrol(ctx, w.org, newcomer(handle), role)
		h.must(err)
	}
	core := w.team("mate", "core", false, "member", "removed", "deactivated")
	w.team("other", "side", false, "guest")
	w.team("owner", "open", true)
	w.items(core)
	w.own()
	w.links()
	for _, handle := range []string{"removed", "deactivated"} {
		h.must(h.door.SetState(ctx, w.actor("owner"), w.people[handle], access.State(handle)))
	}
	// Sessions that were never ended: only what their people are keeps them out.
	for handle := range w.people {
		w.signIn(handle)
	}
	return w
}

// signIn gives somebody a new session, whatever they are.
func (w *world) signIn(handle string) {
	w.Helper()
	secret, hash := auth.NewSecret()
	w.cookies[handle] = secret
	wall := time.Now()
	w.write(w.org, func(tx *store.Tx) error {
		return tx.AddSession(w.Context(), store.Session{Hash: hash, ID: store.NewID(wall), Person: w.people[handle], Created: wall, Used: wall, Ends: wall.Add(time.Hour)})
	})
}

// setPassword gives somebody a password by its hash.
func (w *world) setPassword(handle, hash string) {
	w.Helper()
	w.write(w.org, func(tx *store.Tx) error { return tx.SetPassword(w.Context(), w.people[handle], hash, time.Now()) })
}

// actor is somebody as rights see them now.
func (w *world) actor(handle string) access.Actor {
	w.Helper()
	var a access.Actor
	w.write(w.org, func(tx *store.Tx) error {
		p, err := tx.Person(w.Context(), w.people[handle])
		if err != nil {
			return err
		}
		a, err = tx.Actor(w.Context(), p)
		return err
	})
	return a
}

// team makes a team; the first of the others leads it.
func (w *world) team(by, slug string, isOpen bool, others ...string) string {
	w.Helper()
	id, err := w.door.AddTeam(w.Context(), w.actor(by), door.TeamDraft{Name: "Team " + slug, Slug: slug + "-team", Open: isOpen})
	w.must(err)
	for i, o := range others {
		w.must(w.door.JoinTeam(w.Context(), w.actor(by), door.Membership{Team: id, Person: w.people[o], Lead: i == 0}))
	}
	return id
}

func (w *world) items(core string) {
	w.Helper()
	ctx, t := w.Context(), w
	mate, member := w.actor("mate"), w.actor("member")
	keep := func(name string, rec door.Receipt, err error) door.Receipt {
		t.Helper()
		t.must(err)
		w.at[name] = rec.ID
		w.at[name+".ref"] = rec.Ref
		return rec
	}
	rec, err := w.door.Write(ctx, mate, item.Update, door.Writing{Point: "For @member.", Team: core})
	keep("update", rec, err)
	rec, err = w.door.Write(ctx, member, item.Update, door.Writing{Point: "Of the member.", Team: core})
	keep("mine", rec, err)
	rec, err = w.door.Ask(ctx, mate, door.AskDraft{Writing: door.Writing{Point: "Which?", Team: core, To: []string{member.Person}}})
	keep("ask", rec, err)
	rec, err = w.door.Ask(ctx, member, door.AskDraft{Writing: door.Writing{Point: "Whose?", Team: core, To: []string{mate.Person}}})
	keep("asked", rec, err)
	_, err = w.door.AskTime(ctx, mate, door.AskReply{Ask: w.at["asked"], Term: "48h", Reason: "I am on it."})
	w.must(err)
	rec, err = w.door.Raise(ctx, mate, door.CrisisDraft{What: "Down.", Stake: "Money.", Team: core, Needed: []string{member.Person}, Sure: true})
	keep("crisis", rec, err)
	view, err := w.store.Reader(member).Item(ctx, w.at["update"])
	w.must(err)
	if len(view.Deliveries) != 1 {
		w.Fatalf("the member has %d deliveries of the update", len(view.Deliveries))
	}
	w.at["delivery"] = view.Deliveries[0].ID
	w.write(w.org, func(tx *store.Tx) error {
		_, err := tx.Watch(ctx, mate.Person, 7, time.Now())
		return err
	})
}

// own makes what is the member's alone.
func (w *world) own() {
	w.Helper()
	ctx, member := w.Context(), w.actor("member")
	w.at["draft"] = store.NewID(time.Now())
	_, err := w.door.SaveDraft(ctx, member, w.at["draft"], 0, `{"kind":"update","point":"Not yet."}`)
	w.must(err)
	file, err := w.door.Attach(ctx, member, door.FileDraft{Draft: w.at["draft"], Name: "a.txt"}, strings.NewReader("text"))
	w.must(err)
	w.at["file"] = file.ID
	w.bearer, err = w.auth.NewToken(ctx, member, "script", []access.Scope{access.ScopeRead}, "", time.Hour)
	w.must(err)
	for name, kind := range map[string]store.FeedKind{"public": store.FeedPage, "calendar": store.FeedCalendar} {
		w.at[name], err = w.auth.NewFeed(ctx, member, kind)
		w.must(err)
	}
	wayOut, hash := auth.NewSecret()
	w.at["way-out"] = wayOut
	w.write(w.org, func(tx *store.Tx) error {
		return tx.AddFeed(ctx, member.Person, store.FeedUnsubscribe, hash, time.Now())
	})
	tokens, err := w.store.Reader(member).Tokens(ctx)
	w.must(err)
	w.at["token"] = tokens[0].ID
}

func (w *world) links() {
	w.Helper()
	ctx := w.Context()
	invite, hash := auth.NewSecret()
	w.must(w.door.Invite(ctx, w.actor("admin"), door.InviteDraft{Hash: hash, Role: access.Member, Ends: time.Now().Add(time.Hour)}))
	open, err := w.store.Reader(w.actor("admin")).Invites(ctx, time.Now())
	w.must(err)
	w.at["invite"], w.at["invite.id"] = invite, open[0].ID
	w.must(w.door.SetCalendar(ctx, w.actor("admin"), "Turkey", []store.Holiday{{Date: worktime.DateFrom(time.Now().Year()+1, 10, 29)}}))
	reset, draft := newReset()
	w.must(w.door.MakeReset(ctx, w.actor("admin"), w.people["member"], draft))
	w.at["reset"] = reset
	address, hash := auth.NewSecret()
	w.at["address"] = address
	w.write(w.org, func(tx *store.Tx) error { // its mail is read elsewhere
		return tx.AddLink(ctx, store.Link{
			Hash: hash, Kind: store.LinkAddress, ID: "address", Person: w.people["mate"], Address: "moved@example.org", Created: time.Now(), Ends: auth.Until(auth.ResetLife),
		})
	})
	w.write(w.org, func(tx *store.Tx) error {
		p := store.Person{
			ID: "imported", Name: "Old Hand", Handle: "old.hand", Lang: "en", Role: access.Member, State: access.Imported, Created: time.Now(),
			Archetype: charter.Maker, Charter: charter.Proposed("Europe/Berlin"),
		}
		for _, one := range []struct {
			id, address string
			bot         bool
		}{{"imported", "old@example.org", false}, {"imported-bot", "bot@example.org", true}, {"imported-name", "", false}} {
			p.ID, p.Handle, p.Bot = one.id, one.id, one.bot
			if err := tx.AddPerson(ctx, p); err != nil {
				return err
			}
			if one.address == "" {
				continue
			}
			if err := tx.AddAddress(ctx, one.id, one.address, time.Time{}, time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	w.write(w.org, func(tx *store.Tx) error {
		wall := time.Now()
		return tx.AddOutgoing(ctx, store.Outgoing{ID: "failed", Subject: store.SubjectBrief, About: "brief", Person: w.people["member"], Channel: store.ChannelEmail, Round: 1, Due: wall, Created: wall})
	})
	out, err := w.store.ClaimOutgoing(ctx, w.org, "test", false, time.Now(), time.Minute, 10)
	w.must(err)
	for _, o := range out {
		w.must(w.store.Fail(ctx, o, time.Now(), store.Failure{Reason: "550 no such user", Address: "member@example.org"}))
	}
}
