package simtest

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/internal/simtest/oracle"
	"github.com/rubato-hq/rubato/store"
)

// slowDays is how many windows beside a slow writer one life has.
const slowDays = 3

// TestSlowWriters lives days on PostgreSQL in which a writer's transaction is
// open while briefs are made, and another writes beside it: each thing comes to
// each follower once.
func TestSlowWriters(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	lives, wrong := min(*seedsFlag, 20), 0
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)))
		st, err := store.Open(t.Context(), store.Config{Database: database, Zones: tables.Zone})
		if err != nil {
			t.Fatal(err)
		}
		engine := delivery.New(delivery.Config{Store: st, Now: time.Now, Owner: "test", Alone: true, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
		ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
		var running sync.WaitGroup
		running.Go(func() { engine.Run(ctx) })
		defer func() {
			cancel()
			running.Wait()
			st.Close()
		}()
		for n := range uint64(lives) {
			w := slowly{t: t, seed: *firstFlag + n, store: st, engine: engine}
			w.live()
			for _, says := range w.judge(database) {
				wrong++
				t.Errorf("seed %d: %s; live it again with -run TestSlowWriters -seeds 1 -first %d", w.seed, says, w.seed)
			}
			if *enoughFlag > 0 && wrong >= *enoughFlag {
				return
			}
		}
	})
}

// slowly is a life with two writers and two followers of a team.
type slowly struct {
	t      *testing.T
	seed   uint64
	store  *store.Store
	engine *delivery.Engine
	org    string
	ids    []string
	team   string
	wrote  map[string]string // what, by id
	mu     sync.Mutex
}

func (w *slowly) live() {
	t := w.t
	r := rand.New(rand.NewPCG(w.seed, 5))
	quick := door.New(door.Config{Store: w.store, Now: time.Now, Wake: w.engine.Wake, Zones: tables.Zone})
	w.wrote = make(map[string]string)
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("seed %d: %v", w.seed, err)
		}
	}
	for i, windows := range [][]string{{"03:30"}, {"03:30"}, {"10:00", "15:00"}, {"10:00", "12:00"}} { // no writer has a window while they write
		newcomer := door.Newcomer{Name: fmt.Sprintf("p%d", i), Handle: fmt.Sprintf("p%d", i), Address: fmt.Sprintf("p%d-%d@example.org", i, w.seed), Zone: "UTC", Lang: "en"}
		var id string
		var err error
		if i == 0 {
			w.org, id, err = quick.Found(t.Context(), "Slow", "http://localhost", newcomer)
		} else {
			id, err = quick.Enrol(t.Context(), w.org, newcomer, access.Member)
		}
		check(err)
		w.ids = append(w.ids, id)
		c := oracle.Charter{Zone: "UTC", Hours: week(daily, "00:00-24:00"), Windows: week(daily, windows...)}
		_, err = quick.SetCharter(t.Context(), w.actor(i), door.CharterDraft{Charter: product(c), Revision: 1})
		check(err)
	}
	team, err := quick.AddTeam(t.Context(), w.actor(0), door.TeamDraft{Name: "Team", Slug: "team", Open: true})
	check(err)
	for i := 1; i < 4; i++ {
		check(quick.JoinTeam(t.Context(), w.actor(i), door.Membership{Team: team}))
	}
	w.team = team
	day := time.Now().Truncate(24 * time.Hour)
	for range slowDays {
		day = day.Add(24 * time.Hour)
		window := day.Add(10 * time.Hour)
		second := func(n int) time.Duration { return time.Duration(1+r.IntN(n)) * time.Second }
		begins, ends := window.Add(-second(60)), window.Add(second(60))
		beside := begins.Add(second(60))
		asked := 0
		slow := door.New(door.Config{Store: w.store, Wake: w.engine.Wake, Zones: tables.Zone, Now: func() time.Time {
			now := time.Now()
			if asked++; asked == 2 { // within the transaction; the process is held just after it read the clock
				time.Sleep(time.Until(ends))
			}
			return now
		}})
		var writing sync.WaitGroup
		for i, at := range []time.Time{begins, beside} {
			writing.Go(func() {
				d := quick
				if i == 0 {
					d = slow
				}
				time.Sleep(time.Until(at))
				rec, err := d.Write(t.Context(), w.actor(i), item.Update, door.Writing{Point: "x", Body: "y", Team: w.team})
				if err != nil {
					t.Errorf("seed %d: %v", w.seed, err)
					return
				}
				w.mu.Lock()
				defer w.mu.Unlock()
				w.wrote[rec.ID] = fmt.Sprintf("what was begun %s and done %s beside the window of %s", clock(at), clock(time.Now()), clock(window))
			})
		}
		writing.Wait()
		time.Sleep(time.Until(window.Add(10 * time.Minute)))
	}
	time.Sleep(time.Until(day.Add(30 * time.Hour)))
}

func (w *slowly) actor(i int) access.Actor {
	a := access.Actor{Org: w.org, Person: w.ids[i], Role: access.Member, State: access.Active, Teams: map[string]bool{}}
	if w.team != "" {
		a.Teams[w.team] = true
	}
	if i == 0 {
		a.Role = access.Owner
	}
	return a
}

// judge tells of what did not come once to each follower.
func (w *slowly) judge(database string) []string {
	db, err := sql.Open("pgx", database)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	came := make(map[[2]string]int)
	rows(w.t, db, `SELECT b.person_id, l.item_id FROM brief_line l JOIN brief b ON b.org_id = l.org_id AND b.id = l.brief_id WHERE l.org_id = '`+w.org+`'`, func(scan func(...any) error) error {
		var k [2]string
		err := scan(&k[0], &k[1])
		came[k]++
		return err
	})
	var out []string
	for i := 2; i < 4; i++ {
		for id, what := range w.wrote {
			switch n := came[[2]string{w.ids[i], id}]; n {
			case 1:
			case 0:
				out = append(out, fmt.Sprintf("missing: p%d has never got %s", i, what))
			default:
				out = append(out, fmt.Sprintf("twice: p%d has got %d times %s", i, n, what))
			}
		}
	}
	return out
}
