package api_test

import (
	"context"
	"fmt"
	"hash/crc32"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/rubato-hq/rubato/api"
	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/files"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
	"github.com/rubato-hq/rubato/words"
)

// morning is when everything here happens, Tue 24 Nov 2026 09:30 in Berlin.
var morning = time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC)

// The hosts of the two organisations.
const (
	here      = "one.localhost"
	elsewhere = "two.localhost"
)

// secrets are the tokens of the nine actors of security 1.12, by their name.
type secrets map[string]string

// actors lists them in the order in which they try something: whoever may,
// comes last.
func actors() []string {
	return []string{"nobody", "other-team", "guest", "other-org", "removed", "deactivated", "read-token", "admin", "member"}
}

// made is a world as it is kept between tests: a database and what is in it.
type made struct {
	copy   func(testing.TB) (database string)
	files  map[string]string // bytes of attachments by id
	tokens secrets
	ids    map[string]string
}

// world is one organisation with a private team in it, a second organisation,
// and a server over both.
type world struct {
	t      testing.TB
	server *api.Server
	store  *store.Store
	files  *files.Folder
	folder string // where files lie
	// database is where the store is.
	database string
	tokens   secrets
	ids      map[string]string
}

// first is the world that every test begins with, made once, on SQLite.
var first = sync.OnceValues(func() (made, error) {
	dir, err := os.MkdirTemp("", "api")
	if err != nil {
		return made{}, err
	}
	defer os.RemoveAll(dir)
	m, err := fill(filepath.Join(dir, "rubato.db"), dir)
	if err != nil {
		return m, err
	}
	database, err := os.ReadFile(filepath.Join(dir, "rubato.db"))
	m.copy = func(t testing.TB) string {
		t.Helper()
		file := filepath.Join(t.TempDir(), "rubato.db")
		if err := os.WriteFile(file, database, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	return m, err
})

// both runs a test on SQLite and on PostgreSQL. open makes a copy of the first
// world with a server over it.
func both(t *testing.T, test func(t *testing.T, open func(testing.TB) *world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, open) })
	t.Run("postgres", func(t *testing.T) {
		database := pgtest.URL(t)
		m, err := fill(database, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		m.copy = func(t testing.TB) string { return pgtest.Copy(t, database) }
		test(t, func(t testing.TB) *world { return m.open(t) })
	})
}

// open is a copy of the first world with a server over it.
func open(t testing.TB) *world {
	t.Helper()
	m, err := first()
	if err != nil {
		t.Fatal(err)
	}
	return m.open(t)
}

func (m *made) open(t testing.TB) *world {
	t.Helper()
	database := m.copy(t)
	st, err := store.Open(t.Context(), store.Config{Database: database, Unsynced: true, Zones: zoneinfo.New().Zone})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, store: st, database: database, tokens: m.tokens, ids: m.ids, folder: t.TempDir()}
	if w.files, err = files.Open(w.folder); err != nil {
		t.Fatal(err)
	}
	for id, text := range m.files {
		if _, err := w.files.Put(m.ids["org"], id, strings.NewReader(text), door.MaxFile); err != nil {
			t.Fatal(err)
		}
	}
	w.server = w.fresh()
	return w
}

// fresh is another server over the same database, which remembers nobody's rate.
func (w *world) fresh() *api.Server {
	w.t.Helper()
	catalogue, err := words.Load()
	if err != nil {
		w.t.Fatal(err)
	}
	zones := zoneinfo.New().Zone
	now := func() time.Time { return morning }
	return api.New(api.Config{
		Front: front.Front{Public: &url.URL{Scheme: "https", Host: here}, AnyHost: true},
		Door:  door.New(door.Config{Store: w.store, Now: now, Wake: func() {}, Zones: zones, Files: w.files}),
		Auth:  auth.New(w.store), Read: w.store.Reader, Organisations: w.store.Organisations, Words: catalogue, Now: now, Zones: zones, Files: w.files,
		Address:  func(o store.Organisation) string { return o.URL },
		Standing: delivery.New(delivery.Config{Store: w.store, Now: now}).Standing,
		Log:      slog.New(slog.NewTextHandler(w.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
}

// fill makes the first world in a database, and its files in a folder.
func fill(database, folder string) (made, error) {
	m := made{files: make(map[string]string), tokens: make(secrets), ids: make(map[string]string)}
	return m, m.make(database, folder)
}

// make fills a database: mara and arno in the private team core, otto in
// another one, gita a guest of a third, adam an admin in none; rita has left
// and dora is kept out. Arno wrote to the team, asked mara and raised a crisis.
func (m *made) make(database, dir string) (err error) {
	ctx := context.Background()
	zones := zoneinfo.New().Zone
	st, err := store.Open(ctx, store.Config{Database: database, Unsynced: true, Zones: zones})
	if err != nil {
		return err
	}
	defer func() {
		if closed := st.Close(); err == nil {
			err = closed
		}
	}()
	at := morning
	folder, err := files.Open(dir)
	if err != nil {
		return err
	}
	d := door.New(door.Config{Store: st, Now: func() time.Time { return at }, Wake: func() {}, Zones: zones, Files: folder})
	must := func(v string, e error) string {
		if e != nil {
			panic(e)
		}
		return v
	}
	newcomer := func(name string) door.Newcomer {
		return door.Newcomer{Name: name, Handle: strings.ToLower(name), Address: strings.ToLower(name) + "@example.org", Zone: "Europe/Berlin", Lang: "en"}
	}
	org, olga, err := d.Found(ctx, "One", "https://"+here, newcomer("Olga"))
	if err != nil {
		return err
	}
	m.ids["org"], m.ids["olga"] = org, olga
	at = morning.Add(time.Second) // the second organisation: any other host is of the first
	two, owner, err := d.Found(ctx, "Two", "http://"+elsewhere, newcomer("Xenia"))
	if err != nil {
		return err
	}
	at = morning
	for name, role := range map[string]access.Role{
		"Mara": access.Member, "Arno": access.Member, "Otto": access.Member, "Gita": access.Guest, "Adam": access.Admin, "Rita": access.Member, "Dora": access.Member,
	} {
		m.ids[strings.ToLower(name)] = must(d.Enrol(ctx, org, newcomer(name), role))
	}
	actor := func(org, person string) access.Actor {
		var a access.Actor
		e := st.Write(ctx, org, func(tx *store.Tx) error {
			p, err := tx.Person(ctx, person)
			if err == nil {
				a, err = tx.Actor(ctx, p)
			}
			return err
		})
		if e != nil {
			panic(e)
		}
		return a
	}
	as := func(name string) access.Actor { return actor(org, m.ids[name]) }
	join := func(team, name string) {
		if e := d.JoinTeam(ctx, as("arno"), door.Membership{Team: m.ids[team], Person: m.ids[name]}); e != nil {
			panic(e)
		}
	}
	m.ids["core"] = must(d.AddTeam(ctx, as("arno"), door.TeamDraft{Name: "Core", Slug: "core"}))
	m.ids["yard"] = must(d.AddTeam(ctx, as("arno"), door.TeamDraft{Name: "Yard", Slug: "yard"}))
	m.ids["square"] = must(d.AddTeam(ctx, as("arno"), door.TeamDraft{Name: "Square", Slug: "square", Open: true}))
	m.ids["annex"] = must(d.AddTeam(ctx, as("otto"), door.TeamDraft{Name: "Annex", Slug: "annex"}))
	for _, name := range []string{"mara", "rita", "dora"} {
		join("core", name)
	}
	join("yard", "gita")
	send := func(what string, rec door.Receipt, e error) {
		m.ids[what] = must(rec.ID, e)
	}
	m.ids["draft"] = "0123456789abcdefghjkmnpqrs"
	hang := func(name, draft, text string) string {
		a, e := d.Attach(ctx, as(name), door.FileDraft{Draft: draft, Name: "plan.txt"}, strings.NewReader(text))
		m.files[must(a.ID, e)] = text
		return a.ID
	}
	m.ids["file"] = hang("arno", m.ids["draft"], "The plan.")
	rec, e := d.Write(ctx, as("arno"), "update", door.Writing{Draft: m.ids["draft"], Point: "The feed is live.", Body: "All of it.", Team: m.ids["core"], To: []string{m.ids["mara"]}})
	send("update", rec, e)
	rec, e = d.Write(ctx, as("mara"), "update", door.Writing{Point: "Mine, for the team.", Team: m.ids["core"]})
	send("mine", rec, e)
	rec, e = d.Comment(ctx, as("mara"), door.CommentDraft{Item: m.ids["update"], Text: "Good to know."})
	send("comment", rec, e)
	rec, e = d.Ask(ctx, as("arno"), door.AskDraft{Writing: door.Writing{Point: "Which feed?", Team: m.ids["core"], To: []string{m.ids["mara"]}}, Urgent: true, UrgentWhy: "It ends today."})
	send("ask", rec, e)
	rec, e = d.Ask(ctx, as("mara"), door.AskDraft{Writing: door.Writing{Point: "Which board?", Team: m.ids["core"], To: []string{m.ids["arno"]}}})
	send("mine-ask", rec, e)
	rec, e = d.Ask(ctx, as("mara"), door.AskDraft{Writing: door.Writing{Point: "Which key?", Team: m.ids["core"], To: []string{m.ids["rita"]}}})
	send("mine-left", rec, e)
	rec, e = d.Raise(ctx, as("arno"), door.CrisisDraft{What: "The boards are dark.", Stake: "Nobody sees a tram.", Team: m.ids["core"], Needed: []string{m.ids["mara"]}, Sure: true})
	send("crisis", rec, e)
	m.ids["unsent"] = hang("mara", m.ids["draft"], "Perhaps.")
	if _, e := d.SaveDraft(ctx, as("mara"), m.ids["draft"], 0, `{"kind":"ask","point":"Perhaps?"}`); e != nil {
		return e
	}
	if e := d.SetCalendar(ctx, as("olga"), "Germany", []store.Holiday{{Date: worktime.DateFrom(2026, 12, 25), Name: "Christmas"}}); e != nil {
		return e
	}
	if e := d.SetWebhook(ctx, as("mara"), "https://example.org/hook", "whsec_canary", true, true); e != nil {
		return e
	}
	if e := st.Write(ctx, org, func(tx *store.Tx) error { return m.seal(ctx, tx) }); e != nil {
		return e
	}
	for name, state := range map[string]access.State{"rita": access.Removed, "dora": access.Deactivated} {
		if e := d.SetState(ctx, as("olga"), m.ids[name], state); e != nil {
			return e
		}
	}
	return m.mint(ctx, st, org, two, owner)
}

// seal gives mara the brief that her window made, with the ask in it, and
// leaves one message that could not be sent.
func (m *made) seal(ctx context.Context, tx *store.Tx) error {
	at := worktime.Of(morning.Add(-time.Minute))
	a, err := tx.Ask(ctx, m.ids["ask"])
	if err != nil {
		return err
	}
	a.Recipients[0].Started, a.Recipients[0].Due = at, at+4*3600
	if err := tx.SetAsk(ctx, a); err != nil {
		return err
	}
	a, err = tx.Ask(ctx, m.ids["mine-ask"])
	if err != nil {
		return err
	}
	a.Recipients[0].Started, a.Recipients[0].Due, a.Recipients[0].TimeAsked, a.Recipients[0].TimeReason = at, at+3600, "48h", "A holiday."
	if err := tx.SetAsk(ctx, a); err != nil {
		return err
	}
	waiting, err := tx.Waiting(ctx, m.ids["mara"])
	if err != nil {
		return err
	}
	b := store.Brief{ID: store.NewID(morning), Person: m.ids["mara"], Kind: brief.Window, Window: at, Delivered: at, Sealed: morning}
	m.ids["brief"] = b.ID
	var lines []brief.Line
	for _, w := range waiting {
		m.ids["delivery"] = w.ID
		lines = append(lines, brief.Line{Section: brief.Named, Item: w.Item, Version: w.Version, Delivery: w.ID, Cause: w.Cause})
	}
	if err := tx.Seal(ctx, []store.Sealing{{Brief: b, Contents: lines}}); err != nil {
		return err
	}
	m.ids["mail"] = store.NewID(morning)
	return tx.AddOutgoing(ctx, store.Outgoing{
		ID: m.ids["mail"], Subject: store.SubjectBrief, About: b.ID, Person: m.ids["mara"], Channel: store.ChannelEmail, Round: 1, Due: morning, Created: morning,
	})
}

// mint writes the tokens of the nine, as no token of those who are shut out
// could be made any more.
func (m *made) mint(ctx context.Context, st *store.Store, org, two, owner string) error {
	all := []access.Scope{access.ScopeRead, access.ScopeWrite, access.ScopeAdmin}
	for _, one := range []struct {
		name, org, person, team string
		scopes                  []access.Scope
	}{
		{"member", org, m.ids["mara"], "", all},
		{"other-team", org, m.ids["otto"], "", all},
		{"guest", org, m.ids["gita"], "", all},
		{"admin", org, m.ids["adam"], "", all},
		{"owner", org, m.ids["olga"], "", all},
		{"author", org, m.ids["arno"], "", all},
		{"other-org", two, owner, "", all},
		{"removed", org, m.ids["rita"], "", all},
		{"deactivated", org, m.ids["dora"], "", all},
		{"read-token", org, m.ids["mara"], "", []access.Scope{access.ScopeRead}},
		{"admin-read", org, m.ids["adam"], "", []access.Scope{access.ScopeRead, access.ScopeWrite}},
		{"team-token", org, m.ids["arno"], m.ids["core"], all},
		{"member-none", org, m.ids["mara"], "", nil},
		{"member-r", org, m.ids["mara"], "", all[:1]},
		{"member-w", org, m.ids["mara"], "", all[1:2]},
		{"member-a", org, m.ids["mara"], "", all[2:]},
		{"owner-none", org, m.ids["olga"], "", []access.Scope{"everything"}},
		{"owner-r", org, m.ids["olga"], "", all[:1]},
		{"owner-w", org, m.ids["olga"], "", all[1:2]},
		{"owner-a", org, m.ids["olga"], "", all[2:]},
	} {
		secret := secretOf(one.name)
		err := st.Write(ctx, one.org, func(tx *store.Tx) error {
			id := store.NewID(time.Now())
			m.ids["token "+one.name] = id
			return tx.AddToken(ctx, store.Token{
				Hash: auth.HashSecret(secret), ID: id, Person: one.person, Name: one.name, Scopes: one.scopes, Team: one.team, Created: time.Now(), Ends: time.Now().Add(time.Hour),
			})
		})
		if err != nil {
			return err
		}
		m.tokens[one.name] = secret
	}
	return st.Write(ctx, org, func(tx *store.Tx) error {
		m.ids["session"] = store.NewID(time.Now())
		return tx.AddSession(ctx, store.Session{
			Hash: auth.HashSecret("cookie"), ID: m.ids["session"], Person: m.ids["mara"], Device: "A browser", Created: time.Now(), Used: time.Now(), Ends: time.Now().Add(time.Hour),
		})
	})
}

// secretOf is a token's secret with the checksum that it ends with.
func secretOf(name string) string {
	body := strings.ReplaceAll(name, "-", "") + "234567abcdefgh"
	return auth.TokenPrefix + body + fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(body)))
}

// at puts the ids of a world into a path or a body: {ask} is the ask's.
func (w *world) at(text string) string {
	for name, id := range w.ids {
		text = strings.ReplaceAll(text, "{"+name+"}", id)
	}
	return text
}

// answer is what the server answered.
type answer struct {
	*http.Response
	body string
}

// request is one that somebody makes, with headers in pairs.
func (w *world) request(who, method, path, body string, headers ...string) *http.Request {
	w.t.Helper()
	r := httptest.NewRequest(method, "https://"+here+"/api/v1"+w.at(path), strings.NewReader(w.at(body)))
	if who == "other-org" {
		r.Host = elsewhere
	}
	if token := w.tokens[who]; token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == ":host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// do makes a request, and holds the answer to the description.
func (w *world) do(who, method, path, body string, headers ...string) answer {
	w.t.Helper()
	r := w.request(who, method, path, body, headers...)
	a := w.serve(r)
	w.described(r, a)
	for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control", "Strict-Transport-Security"} {
		if a.Header.Get(h) == "" {
			w.t.Errorf("%s %s as %s carries no %s", method, path, who, h)
		}
	}
	return a
}

// serve answers one request.
func (w *world) serve(r *http.Request) answer {
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, r)
	return answer{Response: rec.Result(), body: rec.Body.String()}
}

// description is the committed document as another implementation of JSON
// Schema reads it, and its addresses as patterns.
type described struct {
	schemas *jsonschema.Compiler
	paths   *http.ServeMux
}

const describedAt = "https://rubato.test/openapi.json"

var description = sync.OnceValues(func() (described, error) {
	text, err := served("/openapi.json")
	if err != nil {
		return described{}, err
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return described{}, err
	}
	d := described{schemas: jsonschema.NewCompiler(), paths: http.NewServeMux()}
	d.schemas.AssertFormat()
	if err := d.schemas.AddResource(describedAt, doc); err != nil {
		return d, err
	}
	for path, methods := range doc.(map[string]any)["paths"].(map[string]any) {
		for method := range methods.(map[string]any) {
			d.paths.HandleFunc(strings.ToUpper(method)+" "+path, func(http.ResponseWriter, *http.Request) {})
		}
	}
	return d, nil
})

// served is what a server without anybody in it answers.
func served(path string) (string, error) {
	s := api.New(api.Config{
		Front: front.Front{Public: &url.URL{Scheme: "https", Host: here}}, Log: slog.New(slog.DiscardHandler),
	})
	rec := httptest.NewRecorder()
	s.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "https://"+here+"/api/v1"+path, http.NoBody))
	if rec.Code != http.StatusOK {
		return "", fmt.Errorf("%s: %d", path, rec.Code)
	}
	return rec.Body.String(), nil
}

// described fails for an answer that is not as the description has it. An
// address that is not in it answers with a problem like those that are.
func (w *world) described(r *http.Request, a answer) {
	w.t.Helper()
	d, err := description()
	if err != nil {
		w.t.Fatal(err)
	}
	at := "/components/schemas/Problem"
	if _, pattern := d.paths.Handler(r); pattern != "" {
		method, path, _ := strings.Cut(pattern, " ")
		op := "/paths/" + strings.ReplaceAll(path, "/", "~1") + "/" + strings.ToLower(method) + "/responses/" + strconv.Itoa(a.StatusCode)
		if a.StatusCode < http.StatusMultipleChoices {
			at = op + "/content/application~1json/schema"
			if _, err := d.schemas.Compile(describedAt + "#" + op + "/content/*~1*/schema"); err == nil {
				return // the bytes of a file
			}
		} else if _, err := d.schemas.Compile(describedAt + "#" + op); err != nil {
			w.t.Errorf("%s %s answers %d, which is not described", method, path, a.StatusCode)
		}
	}
	if a.StatusCode == http.StatusNoContent {
		if a.body != "" {
			w.t.Errorf("%s %s: a body without content: %s", r.Method, r.URL.Path, a.body)
		}
		return
	}
	schema, err := d.schemas.Compile(describedAt + "#" + at)
	if err != nil {
		w.t.Errorf("%s %s answered %d: %v\n%s", r.Method, r.URL.Path, a.StatusCode, err, a.body)
		return
	}
	body, err := jsonschema.UnmarshalJSON(strings.NewReader(a.body))
	if err == nil {
		err = schema.Validate(body)
	}
	if err != nil {
		w.t.Errorf("%s %s answered %d, not as described: %v\n%s", r.Method, r.URL.Path, a.StatusCode, err, a.body)
	}
}
