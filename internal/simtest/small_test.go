package simtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/simtest/oracle"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/words"
)

// small is a life in which things go wrong: a server that dies and comes back,
// with its database, its clock and its mail at an edge where failures happen.
type small struct {
	*run

	bench       *bench
	database    string
	edge        *edge
	out         *outside
	proc        *process
	engine      *delivery.Engine
	stop        func()
	did         outcome           // to the newest act
	reals       map[int]time.Time // when each moment was, by its place in the order
	latest      int64             // the newest second that people's clock has shown
	look        *sql.DB           // beside the server
	begun       time.Time
	mu          sync.Mutex // of differences
	differences []difference
	ended       time.Time
	crises      []*crisis
	noMail      map[int]bool // who wants no mail of briefs
}

// bench is what lives of one worker share: an edge, an empty database to copy,
// and the wall clocks.
type bench struct {
	t      *testing.T
	driver string
	edge   *edge
	empty  []byte
	worlds map[int64]*oracle.World
	words  *words.Catalogue
}

func newBench(t *testing.T, driver string) *bench {
	t.Helper()
	b := &bench{t: t, driver: driver, worlds: make(map[int64]*oracle.World)}
	var err error
	if b.edge, err = newEdge(driver); err != nil {
		t.Fatal(err)
	}
	if b.words, err = words.Load(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "empty.db")
	st, err := store.Open(t.Context(), store.Config{Database: path, Unsynced: true, Zones: tables.Zone})
	if err == nil {
		err = st.Close()
	}
	if err == nil {
		b.empty, err = os.ReadFile(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// over is thrown where a life cannot go on; why stands in its report.
type over struct{}

// live lives a script with failures and returns how it went.
func (b *bench) live(s script) *smallReport {
	folder, err := os.MkdirTemp(b.t.TempDir(), "life")
	if err != nil {
		b.t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	m := &small{bench: b, database: filepath.Join(folder, "rubato.db"), edge: b.edge, noMail: make(map[int]bool)}
	if err := os.WriteFile(m.database, b.empty, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.edge.reset()
	from := s.from.Truncate(24 * time.Hour)
	key := from.Unix()
	if b.worlds[key] == nil {
		b.worlds[key] = oracle.New(key, from.Add(s.to.Sub(s.from)+ahead).Unix())
	}
	m.run = &run{
		s: s, small: m, ids: make([]string, len(s.people)), revs: make([]int64, len(s.people)), done: make(map[verb]int), plant: plant{zones: tables.Zone},
		life: &life{world: b.worlds[key], things: make(map[int]*thing), logs: make(map[string][]event), follows: make(map[string][]*hold)},
	}
	synctest.Test(b.t, func(t *testing.T) {
		m.t = t
		time.Sleep(time.Until(s.from))
		defer func() {
			m.close()
			if p := recover(); p != nil && p != (over{}) {
				panic(p)
			}
		}()
		m.begin()
	})
	m.t = b.t
	return m.judge()
}

// ahead is how far the world is laid out beyond a life's length: a life begins
// at any hour of its first day, and its clock may be set ahead by a day.
const ahead = 50 * time.Hour

// begin lives the script.
func (m *small) begin() {
	m.out = newOutside(m)
	m.open()
	m.begun = time.Now()
	m.arrive()
	m.edge.mu.Lock()
	m.edge.writes, m.edge.reads = m.s.writes, m.s.reads
	m.edge.mu.Unlock()
	for _, a := range m.s.acts {
		m.until(time.Unix(0, a.at.nano))
		if late := time.Since(time.Unix(0, a.at.nano)); late > time.Second {
			continue // they could not reach it, and gave up
		}
		before := m.did
		switch a.do {
		case doStop:
			m.restart(a.set)
		case doSleep:
			m.freeze(a.set)
		case doClock:
			m.setClock(a.set)
		default:
			if m.tau(time.Now())/int64(time.Second) < m.latest && (a.do == doCharter || a.do == doEnrol || a.do == doRemove) {
				continue // an hour that the clock shows again
			}
			m.act(a)
		}
		if m.did != before {
			m.done[a.do]++
		}
	}
	m.until(m.s.to.Add(-time.Second)) // what is due at the end itself is not looked at
	m.ended = time.Now()
}

// pause sleeps in the bubble of a life.
func pause(d time.Duration) { time.Sleep(d) }

// tau is what people's clock shows at a moment, in nanoseconds.
func (m *small) tau(at time.Time) int64 {
	return at.Add(m.edge.offset(at)).UnixNano()
}

// shownBefore reports whether the newest act was done at a time that people's
// clock shows again.
func (m *small) shownBefore() bool { return m.did.tau/int64(time.Second) < m.latest }

// open starts the process.
func (m *small) open() {
	m.proc = m.edge.start()
	ctx := context.WithoutCancel(m.t.Context())
	st, err := store.Open(ctx, store.Config{Database: m.database, Driver: m.bench.driver, Unsynced: true, Zones: tables.Zone})
	m.must(err, "start the server")
	letters := delivery.Letters{Store: st, Now: m.edge.clock, Words: m.bench.words.For, Public: func(store.Organisation) string { return "http://localhost" }}
	engine := delivery.New(delivery.Config{
		Store: st, Now: m.edge.clock, Owner: "test", Alone: true, Log: slog.New(slog.NewTextHandler(unexpected{m}, nil)),
		Channels: map[string]delivery.Channel{store.ChannelEmail: m.out.through(m.proc)}, Render: m.out.watched(letters.Render),
	})
	m.store, m.engine = st, engine
	m.door = door.New(door.Config{Store: st, Now: m.edge.clock, Wake: engine.Wake, Zones: tables.Zone})
	run, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { engine.Run(run) })
	m.stop = func() {
		cancel()
		running.Wait()
		if err := st.Close(); err != nil && !drawn(err) {
			m.say("error", "stopping the server: %v", err)
		}
		m.stop = nil
	}
}

// drawn reports whether an error is one that was drawn.
func drawn(err error) bool { return errors.Is(err, errStruck) || errors.Is(err, errDead) }

// unexpected is a log that keeps errors nobody drew.
type unexpected struct{ m *small }

// Write is that of a log.
func (u unexpected) Write(line []byte) (int, error) {
	s := string(line)
	if strings.Contains(s, "level=ERROR") && !strings.Contains(s, "as was drawn") && !strings.Contains(s, "context canceled") {
		_, s, _ = strings.Cut(strings.TrimSpace(s), "msg=")
		u.m.mu.Lock()
		u.m.differences = append(u.m.differences, difference{"error", "the server logs: " + u.m.plain(s)})
		u.m.mu.Unlock()
	}
	return len(line), nil
}

func (m *small) close() {
	if m.stop != nil {
		m.stop()
	}
	if m.look != nil {
		m.look.Close()
	}
}

// until sleeps up to a moment; a process that dies meanwhile comes back.
func (m *small) until(at time.Time) {
	for {
		wait := time.NewTimer(time.Until(at))
		select {
		case <-wait.C:
			m.latest = max(m.latest, m.tau(time.Now())/int64(time.Second))
			return
		case <-m.proc.dead:
			wait.Stop()
			m.revive()
		}
	}
}

// revive starts a process that was killed, when its time has come.
func (m *small) revive() {
	if m.edge.hung {
		m.say("error", "%s: the server asks its database again and again, without end", clock(time.Now()))
		panic(over{})
	}
	m.stop()
	m.rest(m.proc.back)
	m.open()
}

// rest sleeps up to a moment while no process runs.
func (m *small) rest(at time.Time) {
	pause(time.Until(at))
	m.latest = max(m.latest, m.tau(time.Now())/int64(time.Second))
}

// restart stops the server in good order and starts it again.
func (m *small) restart(down time.Duration) {
	now := time.Now()
	m.edge.mu.Lock()
	m.edge.note(now, now.Add(down+slack), "the server was stopped for %s", down)
	m.edge.mu.Unlock()
	m.stop()
	m.rest(now.Add(down))
	m.open()
}

// freeze lets the machine sleep: nothing runs, and then everything at once.
func (m *small) freeze(d time.Duration) {
	now := time.Now()
	m.edge.mu.Lock()
	m.edge.frozen = now.Add(d)
	m.edge.note(now, now.Add(d+slack), "the machine slept for %s", d)
	m.edge.mu.Unlock()
	m.until(now.Add(d + time.Second))
}

// setClock sets people's clock, by so much from what it shows.
func (m *small) setClock(by time.Duration) {
	m.latest = max(m.latest, m.tau(time.Now())/int64(time.Second))
	now := time.Now()
	m.edge.mu.Lock()
	off := m.edge.offset(now) + by
	m.edge.jumps = append(m.edge.jumps, jump{now, off})
	m.edge.note(now, now.Add(slack), "the clock was set by %s", by)
	m.edge.mu.Unlock()
}

// insist does an act of the door at an edge where it may be struck. Whoever
// does it presses again after an error, with the same key, or gives up.
func insist[T any](m *small, a act, do func(key string) (T, error)) (T, bool) {
	var v, none T
	var err error
	key := fmt.Sprintf("%s %d", a.do, a.seq)
	did := m.edge.acting(a.strike, func() { v, err = do(key) })
	if did.struck == "" {
		if m.proc.isDead() { // by something else, at this very moment
			m.revive()
			return none, false
		}
		m.must(err, "%s %d of %s", a.do, a.seq, m.s.people[a.by].handle)
		m.did = did
		return v, true
	}
	if err == nil && did.struck != hitAnswer && did.struck != dieAnswer {
		m.say("error", "%s %d of %s was acknowledged, in spite of %s", a.do, a.seq, m.s.people[a.by].handle, did.struck)
	}
	if m.proc.isDead() {
		m.revive()
		m.until(time.Now().Add(1500 * time.Millisecond))
	}
	if !did.committed && a.givesUp {
		return none, false
	}
	again := m.edge.acting(nil, func() { v, err = do(key) })
	m.must(err, "%s %d of %s, once more", a.do, a.seq, m.s.people[a.by].handle)
	if did.committed {
		again = did
	}
	m.did = again
	return v, true
}

// moment is that of the newest act.
func (m *small) moment() oracle.Moment {
	if m.reals == nil {
		m.reals = make(map[int]time.Time)
	}
	m.reals[int(m.did.at.order)] = m.did.at.real
	return oracle.Moment{Nano: m.did.tau, Seq: int(m.did.at.order)}
}

// has looks into the database whether somebody has been given a thing.
func (m *small) has(d *directed) bool {
	if m.look == nil {
		var err error
		m.look, err = sql.Open("sqlite", m.database)
		m.must(err, "look beside the server")
	}
	var n int
	err := m.look.QueryRowContext(m.t.Context(), `SELECT count(*) FROM delivery WHERE person_id = $1 AND item_id = $2 AND cause = $3 AND delivered_sec > 0`, m.ids[d.who], d.id, d.cause).Scan(&n)
	m.must(err, "look beside the server")
	return n > 0
}

// must ends a life that cannot go on.
func (m *small) must(err error, what string, args ...any) {
	if err == nil {
		return
	}
	m.say("error", "%s: %v", fmt.Sprintf(what, args...), err)
	panic(over{})
}

// say adds a difference, at this moment.
func (m *small) say(kind, format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.differences = append(m.differences, difference{kind, m.plain(fmt.Sprintf(format, args...))})
}

// plain puts handles where ids stand.
func (m *small) plain(s string) string {
	for i, id := range m.ids {
		if id != "" {
			s = strings.ReplaceAll(s, id, m.s.people[i].handle)
		}
	}
	return anyID.ReplaceAllString(s, "(an id)")
}

// arrive founds the organisation a millisecond apart, so that ids sort alike
// whenever the life is lived.
func (m *small) arrive() {
	step := func() { pause(time.Millisecond) }
	m.people = make([]*member, len(m.s.people))
	for i := range m.s.people {
		m.people[i] = &member{}
	}
	for i, p := range m.s.people {
		if p.joins == m.s.from.UnixNano() {
			m.enrol(act{do: doEnrol, by: i})
			step()
		}
	}
	for i, team := range m.s.teams {
		first := team.members[0]
		id := ""
		m.surely(act{by: first}, func() (err error) {
			id, err = m.door.AddTeam(m.t.Context(), m.actor(first), door.TeamDraft{Name: team.slug, Slug: team.slug, Open: team.open})
			return err
		})
		m.teamID = append(m.teamID, id)
		m.teams = append(m.teams, &group{open: team.open, in: map[int]bool{}})
		m.enter(first, i, m.moment())
		for _, one := range team.members[1:] {
			step()
			m.surely(act{by: first}, func() error {
				return m.door.JoinTeam(m.t.Context(), m.actor(first), door.Membership{Team: id, Person: m.ids[one]})
			})
			m.enter(one, i, m.moment())
		}
	}
	for i := range m.s.people { // one in three wants no mail of briefs, all that of crises
		if m.ids[i] != "" && i%3 == 2 {
			m.surely(act{by: i}, func() error { return m.door.SetBriefMail(m.t.Context(), m.actor(i), false) })
			m.noMail[i] = true
		}
	}
}
