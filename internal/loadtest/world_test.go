package loadtest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/backup"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// The organisation that is measured: its people are in crews of twenty, each
// crew with a page of items; all that makes a large database large stands in
// one team of the first ten, the archive.
const (
	manyPeople = 200
	crewOf     = 20
	crewItems  = 30
	asksEach   = 1
	writersOf  = 10 // of the archive
	follower   = 9  // of the archive
	edition    = 3  // of what is built here; part of the kept file's name
)

// open is a database with the verbs that fill it, at a clock of its own.
type open struct {
	tb     testing.TB
	store  *store.Store
	door   *door.Door
	auth   *auth.Auth
	engine *delivery.Engine
	now    atomic.Int64 // unix milliseconds
	org    string
	actors []access.Actor
}

func openWorld(tb testing.TB, database string, unsynced bool) *open {
	tb.Helper()
	o := &open{tb: tb}
	zones := zoneinfo.New().Zone
	var err error
	if o.store, err = store.Open(tb.Context(), store.Config{Database: database, Unsynced: unsynced, Zones: zones}); err != nil {
		tb.Fatal(err)
	}
	now := func() time.Time { return time.UnixMilli(o.now.Load()) }
	o.now.Store(time.Now().UnixMilli())
	o.engine = delivery.New(delivery.Config{
		Store: o.store, Now: now, Owner: "loadtest", Alone: true, Log: slog.New(slog.DiscardHandler),
		Render: func(_ context.Context, m store.Outgoing) (delivery.Message, error) {
			return delivery.Message{ID: m.ID}, nil
		},
	})
	o.door = door.New(door.Config{Store: o.store, Now: now, Wake: func() {}, Zones: zones})
	o.auth = auth.New(o.store)
	return o
}

func (o *open) check(err error) {
	o.tb.Helper()
	if err != nil {
		o.tb.Fatal(err)
	}
}

func (o *open) close() {
	o.tb.Helper()
	o.check(o.store.Close())
}

func handle(i int) string { return fmt.Sprintf("p%d", i) }

// people founds the organisation; mail of briefs is off, so that it is measured
// where it is meant. domains is over how many mail domains they are spread.
func (o *open) people(n, domains int) {
	o.tb.Helper()
	ctx := o.tb.Context()
	for i := range n {
		who := door.Newcomer{
			Name: fmt.Sprintf("Person %d", i), Handle: handle(i), Address: fmt.Sprintf("p%d@d%d.example.org", i, i%domains), Zone: "UTC", Lang: "en",
		}
		var id string
		var err error
		role := access.Member
		if i == 0 {
			role = access.Owner
			o.org, id, err = o.door.Found(ctx, "Office", "", who)
		} else {
			id, err = o.door.Enrol(ctx, o.org, who, role)
		}
		o.check(err)
		by := access.Actor{Org: o.org, Person: id, Role: role, State: access.Active, Teams: map[string]bool{}}
		o.check(o.door.SetBriefMail(ctx, by, false))
		o.actors = append(o.actors, by)
	}
}

func (o *open) team(name string, members []access.Actor, pace store.Pace) string {
	o.tb.Helper()
	ctx := o.tb.Context()
	id, err := o.door.AddTeam(ctx, members[0], door.TeamDraft{Name: name, Slug: name, Open: true})
	o.check(err)
	for n, a := range members {
		if n > 0 {
			o.check(o.door.JoinTeam(ctx, a, door.Membership{Team: id, Person: a.Person}))
		}
		a.Teams[id] = true
		o.check(o.door.SetPace(ctx, a, store.TeamStream(id), pace))
	}
	return id
}

// crew is the slug of a person's crew.
func crew(person int) string { return fmt.Sprintf("crew-%d", person/crewOf) }

// fill writes the whole world, the archive first.
func (o *open) fill(items int) {
	o.tb.Helper()
	ctx := o.tb.Context()
	began := time.Now().UTC().Add(-72 * time.Hour).Truncate(24 * time.Hour).Add(12 * time.Hour)
	o.now.Store(began.UnixMilli())
	o.people(manyPeople, 10)
	archive := o.team("archive", o.actors[:writersOf], store.PaceMuted)
	// One person follows all of it; the others would read nothing else.
	o.check(o.door.SetPace(ctx, o.actors[follower], store.TeamStream(archive), store.PaceWindow))
	var turn atomic.Int64
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for n := turn.Add(1); n <= int64(items); n = turn.Add(1) {
				o.now.Store(began.UnixMilli() + n) // the order of two at once matters to nobody
				w := text(int(n))
				w.Team = archive
				if _, err := o.door.Write(ctx, o.actors[int(n)%writersOf], item.Update, w); err != nil {
					o.tb.Errorf("item %d of the archive: %v", n, err)
					return
				}
			}
		})
	}
	writers.Wait()
	o.now.Store(began.UnixMilli() + int64(items) + 1000)
	for first := 0; first < manyPeople; first += crewOf {
		members := o.actors[first : first+crewOf]
		id := o.team(crew(first), members, store.PaceWindow)
		for n := range crewItems {
			o.now.Add(10)
			w := text(n)
			w.Team = id
			_, err := o.door.Write(ctx, members[n%crewOf], item.Update, w)
			o.check(err)
		}
		for n := range crewOf * asksEach {
			o.now.Add(10)
			w := text(n)
			w.Team, w.To = id, []string{members[(n+1)%crewOf].Person}
			_, err := o.door.Ask(ctx, members[n%crewOf], door.AskDraft{Writing: w})
			o.check(err)
		}
	}
}

// text is a point and sixty words, the same for the same number.
func text(n int) door.Writing {
	r := rand.New(rand.NewPCG(20, uint64(n)))
	zipf := rand.NewZipf(r, 1.07, 1, 19_999)
	words := make([]string, 60)
	for i := range words {
		words[i] = fmt.Sprintf("w%x", zipf.Uint64())
	}
	return door.Writing{Point: fmt.Sprintf("Number %d is decided.", n), Body: strings.Join(words, " ") + "."}
}

// member is somebody with a session and a token.
// and something that their crew wrote.
type member struct{ id, handle, cookie, token, ref string }

// world is what a server is started on.
type world struct {
	data     string // its folder
	database string // "" for SQLite in the folder
	people   []member
}

// args are the program's flags beside address and folder.
func (w *world) args(more ...string) []string {
	if w.database != "" {
		more = append(more, "--database", w.database)
	}
	return more
}

// prepare copies the kept world and brings it to this moment: what was due is
// sealed, and everybody has a session and a token.
func prepare(tb testing.TB, items int) *world {
	tb.Helper()
	w := &world{data: tb.TempDir()}
	copyFile(tb, kept(tb, items), filepath.Join(w.data, "rubato.db"))
	w.ready(tb, filepath.Join(w.data, "rubato.db"))
	return w
}

// preparePostgres is prepare into an empty database of PostgreSQL, by way of a
// backup. What goes out is held there until an admin lets it go.
func preparePostgres(tb testing.TB, items int, database string) *world {
	tb.Helper()
	ctx := tb.Context()
	w := &world{data: tb.TempDir(), database: database}
	snapshot, err := store.OpenSnapshot(ctx, store.Config{Database: kept(tb, items), Zones: zoneinfo.New().Zone})
	if err != nil {
		tb.Fatal(err)
	}
	name := filepath.Join(tb.TempDir(), "backup.zip")
	f, err := os.Create(name)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := backup.Write(ctx, f, snapshot, filepath.Join(w.data, "files"), "loadtest", time.Now()); err != nil {
		tb.Fatal(err)
	}
	if err := snapshot.Close(); err != nil {
		tb.Fatal(err)
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
	a, err := backup.Open(name)
	if err != nil {
		tb.Fatal(err)
	}
	defer a.Close()
	if err := a.Restore(ctx, store.Config{Database: database, Zones: zoneinfo.New().Zone}, filepath.Join(w.data, "files"), time.Now()); err != nil {
		tb.Fatal(err)
	}
	w.ready(tb, database)
	return w
}

func (w *world) ready(tb testing.TB, database string) {
	tb.Helper()
	ctx := tb.Context()
	o := openWorld(tb, database, true)
	defer o.close()
	orgs, err := o.store.Organisations(ctx)
	o.check(err)
	o.org = orgs[0].ID
	handles := make([]string, manyPeople)
	for i := range handles {
		handles[i] = handle(i)
	}
	var ids map[string]string
	o.check(o.store.Write(ctx, o.org, func(tx *store.Tx) error {
		ids, err = tx.PeopleByHandle(ctx, handles)
		return err
	}))
	mute, err := o.auth.Begin(ctx, o.org, ids[handle(follower)], "loadtest")
	o.check(err)
	who, err := o.auth.Who(ctx, o.org, mute)
	o.check(err)
	for team := range who.Actor.Teams {
		t, err := o.store.Reader(who.Actor).Team(ctx, team)
		o.check(err)
		if t.Slug == "archive" {
			o.check(o.door.SetPace(ctx, who.Actor, store.TeamStream(t.ID), store.PaceMuted))
		}
	}
	for {
		due, ok, err := o.store.NextDue(ctx, o.org, time.Now())
		o.check(err)
		if !ok || due.UnixMilli() > o.now.Load() {
			break
		}
		_, err = o.engine.Step(ctx)
		o.check(err)
	}
	ref := ""
	for i, h := range handles {
		m := member{id: ids[h], handle: h}
		m.cookie, err = o.auth.Begin(ctx, o.org, m.id, "loadtest")
		o.check(err)
		who, err := o.auth.Who(ctx, o.org, m.cookie)
		o.check(err)
		m.token, err = o.auth.NewToken(ctx, who.Actor, "loadtest", []access.Scope{access.ScopeRead, access.ScopeWrite}, "", 24*time.Hour)
		o.check(err)
		if i%crewOf == 0 {
			read := o.store.Reader(who.Actor)
			team, err := read.TeamBySlug(ctx, crew(i))
			o.check(err)
			items, _, err := read.TeamItems(ctx, team, "", 1)
			o.check(err)
			ref = items[0].Ref()
		}
		m.ref = ref
		if i == 0 {
			_, _, err = o.door.Release(ctx, []access.Actor{who.Actor}, true)
			o.check(err)
		}
		w.people = append(w.people, m)
	}
}

// kept makes the world once, and keeps it in build/ between runs. Its name holds
// the version of the schema.
func kept(tb testing.TB, items int) string {
	tb.Helper()
	dir, err := filepath.Abs("../../build/loadtest")
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		tb.Fatal(err)
	}
	half := filepath.Join(tb.TempDir(), "rubato.db")
	o := openWorld(tb, half, true)
	schema, err := o.store.SchemaVersion(tb.Context())
	o.check(err)
	name := filepath.Join(dir, fmt.Sprintf("world-%d-schema-%d-edition-%d.db", items, schema, edition))
	if _, err := os.Stat(name); err == nil {
		o.close()
		return name
	}
	began := time.Now()
	o.fill(items)
	o.close()
	if tb.Failed() {
		tb.FailNow()
	}
	copyFile(tb, half, name+".half")
	if err := os.Rename(name+".half", name); err != nil {
		tb.Fatal(err)
	}
	tb.Logf("made %s in %s", filepath.Base(name), time.Since(began).Round(time.Second))
	return name
}

func copyFile(tb testing.TB, from, to string) {
	tb.Helper()
	in, err := os.Open(from)
	if err != nil {
		tb.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		tb.Fatal(err)
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		tb.Fatal(err)
	}
}
