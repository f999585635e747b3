package simtest

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/simtest/oracle"
	"github.com/rubato-hq/rubato/store"
)

// plant is a bug put in for a test, from outside: nothing of the product is
// changed. The zero plant is none.
type plant struct {
	doorClock   time.Duration // how far the door's clock is off
	engineClock time.Duration // how far the engine's is
	zones       worktime.Zones
	charter     func(who int, c oracle.Charter) oracle.Charter
}

// run lives a script in a bubble of fake time. It returns what was done; what
// came of it stands in the database.
type run struct {
	*life

	t     *testing.T
	s     script
	plant plant
	store *store.Store
	door  *door.Door
	gate  chan struct{}
	// postgres says that the engine's transactions run beside the door's.
	postgres bool
	mail     *deliverytest.Recorder
	org      string
	ids      []string // of people
	teamID   []string
	revs     []int64 // of their charters
	done     map[verb]int
	// byTime says that no two acts are done at one instant, and none at that of
	// a brief, so that time alone tells what was first.
	byTime bool
	// small is what else a life with failures has, nil in one without.
	small *small
	// promises counts those that were held to the oracle, broken are those that
	// it does not agree with.
	promises int
	broken   []difference
}

// live runs the script on a database, and returns when everything of it has stopped.
func live(t *testing.T, s script, database string, mail bool, p plant) *run {
	t.Helper()
	if p.zones == nil {
		p.zones = tables.Zone
	}
	r := &run{
		t: t, s: s, plant: p, postgres: strings.HasPrefix(database, "postgres"), ids: make([]string, len(s.people)), revs: make([]int64, len(s.people)), done: make(map[verb]int),
		life: &life{world: oracle.New(s.from.Unix(), s.to.Unix()), things: make(map[int]*thing), follows: make(map[string][]*hold)},
	}
	if mail {
		r.mail = &deliverytest.Recorder{}
	}
	synctest.Test(t, func(t *testing.T) {
		r.t = t
		time.Sleep(time.Until(s.from))
		r.open(database)
		r.arrive()
		for i := 0; i < len(s.acts); {
			end := i
			for end < len(s.acts) && s.acts[end].at == s.acts[i].at {
				end++
			}
			r.at(s.acts[i].at, s.acts[i:end])
			i = end
		}
		r.sleep(s.to.UnixNano() - int64(time.Second)) // what is due at the end itself is not looked at
	})
	r.t = t
	return r
}

// clock reads the fake time, off by so much. At a whole second the engine's
// look waits while the gate is held, so that what is done exactly at a window
// is surely done before its brief, where the script says so.
func (r *run) clock(off time.Duration) func() time.Time {
	return func() time.Time {
		r.gate <- struct{}{}
		defer func() { <-r.gate }()
		return time.Now().Add(off)
	}
}

func (r *run) open(database string) {
	t, ctx := r.t, r.t.Context()
	st, err := store.Open(ctx, store.Config{Database: database, Unsynced: true, Zones: r.plant.zones})
	if err != nil {
		t.Fatal(err)
	}
	r.gate = make(chan struct{}, 1)
	cfg := delivery.Config{Store: st, Now: r.clock(r.plant.engineClock), Owner: "test", Alone: true, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	if r.mail != nil {
		cfg.Channels = map[string]delivery.Channel{store.ChannelEmail: r.mail}
		cfg.Render = func(_ context.Context, o store.Outgoing) (delivery.Message, error) {
			return delivery.Message{ID: o.ID, Name: o.Person, Subject: o.About}, nil
		}
	}
	engine := delivery.New(cfg)
	r.store = st
	r.door = door.New(door.Config{Store: st, Now: func() time.Time { return time.Now().Add(r.plant.doorClock) }, Wake: engine.Wake, Zones: r.plant.zones})
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() { engine.Run(run) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
}

func (r *run) sleep(nano int64) { time.Sleep(time.Until(time.Unix(0, nano))) }

// at does acts of one instant. At a whole second they are done before anybody's
// brief of that second is made, or after all are.
func (r *run) at(at instant, acts []act) {
	if at.nano <= r.s.from.UnixNano() || at.nano >= r.s.to.UnixNano()-int64(time.Minute) {
		return
	}
	whole := at.nano%int64(time.Second) == 0
	held := whole && !at.afterLook
	if held {
		r.sleep(at.nano - int64(time.Second))
		synctest.Wait()
		r.gate <- struct{}{}
	}
	r.sleep(at.nano)
	if at.afterLook {
		synctest.Wait()
	}
	for _, a := range acts {
		before := r.life.seq
		if r.act(a); r.life.seq > before {
			r.done[a.do]++
		}
	}
	if held {
		<-r.gate
	}
	if r.postgres {
		// There, what the engine's open transaction hides from a new follow
		// depends on which of them is quicker.
		synctest.Wait()
	}
}

func (r *run) must(err error, what string, args ...any) {
	r.t.Helper()
	if r.small != nil {
		r.small.must(err, what, args...)
		return
	}
	if err != nil {
		r.t.Fatalf("seed %d, %s: %s: %v", r.s.seed, time.Now().UTC().Format(time.RFC3339Nano), fmt.Sprintf(what, args...), err)
	}
}

// actor is a person as rights see them now.
func (r *run) actor(who int) access.Actor {
	a := access.Actor{Org: r.org, Person: r.ids[who], Role: access.Member, State: access.Active, Teams: map[string]bool{}}
	if who == 0 {
		a.Role = access.Owner
	}
	for i, g := range r.teams {
		if g.in[who] {
			a.Teams[r.teamID[i]] = true
		}
	}
	return a
}

// arrive founds the organisation with everybody who is there at first, and its teams.
func (r *run) arrive() {
	r.people = make([]*member, len(r.s.people))
	at := r.moment(instant{nano: r.s.from.UnixNano()})
	for i, p := range r.s.people {
		r.people[i] = &member{}
		if p.joins == r.s.from.UnixNano() {
			r.enrol(act{at: instant{nano: r.s.from.UnixNano()}, do: doEnrol, by: i})
		}
	}
	for i, team := range r.s.teams {
		id, err := r.door.AddTeam(r.t.Context(), r.actor(team.members[0]), door.TeamDraft{Name: team.slug, Slug: team.slug, Open: team.open})
		r.must(err, "make %s", team.slug)
		r.teamID = append(r.teamID, id)
		r.teams = append(r.teams, &group{open: team.open, in: map[int]bool{}})
		r.enter(team.members[0], i, at)
		for _, m := range team.members[1:] {
			r.must(r.door.JoinTeam(r.t.Context(), r.actor(team.members[0]), door.Membership{Team: id, Person: r.ids[m]}), "join %s", team.slug)
			r.enter(m, i, at)
		}
	}
}

func (r *run) enter(who, team int, at oracle.Moment) {
	r.teams[team].move(who, at, true)
	r.follow(who, store.TeamStream(r.teamID[team]), oracle.AtWindow, at)
}

// enrol brings somebody in, with their first charter.
func (r *run) enrol(a act) {
	i, p := a.by, r.s.people[a.by]
	n := door.Newcomer{Name: p.handle, Handle: p.handle, Address: p.handle + "@example.org", Zone: p.charters[0].Zone, Lang: "en"}
	if !r.surely(a, func() (err error) {
		if i == 0 {
			r.org, r.ids[i], err = r.door.Found(r.t.Context(), "Month", "http://localhost", n)
		} else {
			r.ids[i], err = r.door.Enrol(r.t.Context(), r.org, n, access.Member)
		}
		return err
	}) {
		return
	}
	at := r.moment(a.at)
	r.revs[i] = 1
	r.setCharter(act{do: doEnrol, by: i}, p.charters[0])
	r.people[i] = &member{r.world.Person(at, p.charters[0]), true}
	r.follow(i, store.WideStream, oracle.AtWindow, at)
}

// setCharter reports whether it was set.
func (r *run) setCharter(a act, c oracle.Charter) bool {
	if r.plant.charter != nil {
		c = r.plant.charter(a.by, c)
	}
	got, ok := attempt(r, a, func(key string) (door.Revised, error) {
		if a.do == doEnrol {
			key = ""
		}
		return r.door.SetCharter(r.t.Context(), r.actor(a.by), door.CharterDraft{Key: key, Charter: product(c), Revision: r.revs[a.by]})
	})
	if ok {
		r.revs[a.by] = got.Revision
	}
	return ok
}

// attempt does an act of the door, and reports whether it was done. Where
// nothing can go wrong an error is one of the product.
func attempt[T any](r *run, a act, do func(key string) (T, error)) (T, bool) {
	if r.small != nil {
		return insist(r.small, a, do)
	}
	v, err := do("")
	r.must(err, "%s %d of %s", a.do, a.seq, r.s.people[a.by].handle)
	return v, true
}

// surely does one that nothing befalls; it is false where the server died just then.
func (r *run) surely(a act, do func() error) bool {
	a.strike = nil
	_, ok := attempt(r, a, func(string) (bool, error) { return true, do() })
	return ok
}

// moment is that of the act that was just done.
func (r *run) moment(at instant) oracle.Moment {
	if r.small != nil {
		return r.small.moment()
	}
	if r.byTime {
		return oracle.Moment{Nano: at.nano, Seq: int(at.nano)}
	}
	return r.life.moment(at)
}

// had reports whether somebody has a thing already.
func (r *run) had(d *directed, at oracle.Moment) bool {
	if r.small != nil {
		return r.small.has(d)
	}
	came, ok := r.expects(d)
	return ok && !at.Before(came)
}
