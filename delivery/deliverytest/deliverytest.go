// Package deliverytest runs door and delivery over a real database in fake
// time, so that a test of delivery reads like a timeline: At, Ask, Nothing,
// Want. There is no clock interface and no tolerance.
//
// What does not live here: anything that a running server uses.
package deliverytest

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// Team is one organisation at work inside a synctest bubble.
type Team struct {
	T      *testing.T
	Store  *store.Store
	Door   *door.Door
	Engine *delivery.Engine
	Org    string
	Sent   *Recorder
	people map[string]string // id by handle
	cfg    delivery.Config
	stop   func()
}

// SQLite names a database in the test's folder.
func SQLite(t testing.TB) string { return filepath.Join(t.TempDir(), "rubato.db") }

// New opens the database and starts door and engine, with delivery as changed.
// Call it inside a bubble, after it has jumped to the start of its story with Start.
func New(t *testing.T, database string, change ...func(*delivery.Config)) *Team {
	t.Helper()
	ctx := t.Context()
	zones := zoneinfo.New().Zone
	st, err := store.Open(ctx, store.Config{Database: database, Unsynced: true, Zones: zones})
	if err != nil {
		t.Fatal(err)
	}
	d := &Team{T: t, Store: st, Sent: &Recorder{}, people: map[string]string{}}
	d.Door = door.New(door.Config{Store: st, Now: time.Now, Wake: func() { d.Engine.Wake() }, Zones: zones})
	cfg := delivery.Config{
		Store: st, Now: time.Now, Owner: "test", Alone: true, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Channels: map[string]delivery.Channel{store.ChannelEmail: d.Sent},
		Render: func(_ context.Context, o store.Outgoing) (delivery.Message, error) {
			return delivery.Message{ID: o.ID, Name: o.Person, Subject: o.About}, nil
		},
	}
	for _, c := range change {
		c(&cfg)
	}
	d.cfg = cfg
	d.start()
	t.Cleanup(func() {
		d.stop()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// start runs an engine until stop.
func (d *Team) start() {
	d.Engine = delivery.New(d.cfg)
	run, cancel := context.WithCancel(context.WithoutCancel(d.T.Context()))
	var running sync.WaitGroup
	running.Go(func() { d.Engine.Run(run) })
	d.stop = func() {
		cancel()
		running.Wait()
	}
}

// Restart stops the engine, does something meanwhile, and starts another one,
// as a new process does.
func (d *Team) Restart(meanwhile func()) {
	d.T.Helper()
	d.stop()
	meanwhile()
	d.start()
}

// Start jumps the bubble to the moment at which its story begins.
func Start(t *testing.T, at string) {
	t.Helper()
	time.Sleep(time.Until(Time(t, at)))
}

// Time reads "Tue 24 Nov 2026 23:00 Europe/Berlin"; the weekday must be right.
func Time(t *testing.T, s string) time.Time {
	t.Helper()
	i := strings.LastIndexByte(s, ' ')
	loc, err := time.LoadLocation(s[i+1:])
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("Mon 2 Jan 2006 15:04", s[:i], loc)
	if err != nil {
		t.Fatal(err)
	}
	if got := at.Format("Mon"); got != s[:3] {
		t.Fatalf("%s is a %s", s, got)
	}
	return at
}

// Person joins with hours such as "mon-fri 09:00-17:00" (several with "; ")
// and windows such as "11:00 16:00".
func (d *Team) Person(handle, zone, hours, windows string) {
	d.T.Helper()
	n := door.Newcomer{Name: strings.ToUpper(handle[:1]) + handle[1:], Handle: handle, Address: handle + "@example.org", Zone: zone, Lang: "en"}
	if d.Org == "" {
		org, id, err := d.Door.Found(d.T.Context(), "Test", "http://localhost", n)
		if err != nil {
			d.T.Fatal(err)
		}
		d.Org, d.people[handle] = org, id
	} else {
		id, err := d.Door.Enrol(d.T.Context(), d.Org, n, access.Member)
		if err != nil {
			d.T.Fatal(err)
		}
		d.people[handle] = id
	}
	d.Charter(handle, func(c *charter.Charter) {
		h, err := charter.ParseWeek(hours)
		if err != nil {
			d.T.Fatal(err)
		}
		w, err := charter.ParseWindows(windows)
		if err != nil {
			d.T.Fatal(err)
		}
		c.Time.Hours, c.Time.Windows = h, w
	})
}

// ID is the id behind a handle.
func (d *Team) ID(handle string) string {
	d.T.Helper()
	id, ok := d.people[handle]
	if !ok {
		d.T.Fatalf("nobody is called %s", handle)
	}
	return id
}

// Actor is the person as rights see them now.
func (d *Team) Actor(handle string) access.Actor {
	d.T.Helper()
	var a access.Actor
	err := d.Store.Write(d.T.Context(), d.Org, func(tx *store.Tx) error {
		p, err := tx.Person(d.T.Context(), d.ID(handle))
		if err != nil {
			return err
		}
		a, err = tx.Actor(d.T.Context(), p)
		return err
	})
	if err != nil {
		d.T.Fatal(err)
	}
	return a
}

// Charter changes a person's charter now.
func (d *Team) Charter(handle string, change func(*charter.Charter)) {
	d.T.Helper()
	me, err := d.Store.Reader(d.Actor(handle)).Me(d.T.Context())
	if err != nil {
		d.T.Fatal(err)
	}
	c := me.Charter
	change(&c)
	if _, err := d.Door.SetCharter(d.T.Context(), d.Actor(handle), door.CharterDraft{Charter: c, Revision: me.Revision}); err != nil {
		d.T.Fatal(err)
	}
}

// At sleeps until a moment and lets everything that was due by then happen.
func (d *Team) At(at string) *Team {
	d.T.Helper()
	to := Time(d.T, at)
	if wait := time.Until(to); wait < 0 {
		d.T.Fatalf("the story goes forward: it is %s, asked for %s", time.Now().In(to.Location()), to)
	} else {
		time.Sleep(wait)
	}
	synctest.Wait()
	return d
}

// Ask sends a normal or urgent ask and returns its receipt.
func (d *Team) Ask(from string, to []string, question string, change ...func(*door.AskDraft)) door.Receipt {
	d.T.Helper()
	draft := door.AskDraft{Writing: door.Writing{Point: question}}
	for _, h := range to {
		draft.To = append(draft.To, d.ID(h))
	}
	for _, c := range change {
		c(&draft)
	}
	rec, err := d.Door.Ask(d.T.Context(), d.Actor(from), draft)
	if err != nil {
		d.T.Fatal(err)
	}
	return rec
}

// Urgent makes an ask urgent.
func Urgent(why string) func(*door.AskDraft) {
	return func(a *door.AskDraft) { a.Urgent, a.UrgentWhy = true, why }
}

// Brief is one sealed brief as a test reads it.
type Brief struct {
	At    time.Time
	Kind  brief.Kind
	Lines []string // the conclusion lines
}

// Briefs lists the briefs of a person with something new in them, oldest first.
func (d *Team) Briefs(handle string) []Brief {
	d.T.Helper()
	read := d.Store.Reader(d.Actor(handle))
	page, err := read.BriefPage(d.T.Context(), store.Mark{}, 1000)
	if err != nil {
		d.T.Fatal(err)
	}
	var out []Brief
	for _, one := range page.Rows {
		v, err := read.Brief(d.T.Context(), one.ID, store.Whole)
		if err != nil {
			d.T.Fatal(err)
		}
		b := Brief{At: v.Brief.Delivered.Time(), Kind: v.Brief.Kind}
		for _, l := range v.Lines {
			if l.Carried { // nothing new
				continue
			}
			i := v.Items[l.Item]
			b.Lines = append(b.Lines, strings.TrimSpace(i.Point+" "+i.Body))
		}
		if len(b.Lines) > 0 {
			out = append([]Brief{b}, out...)
		}
	}
	return out
}

// Nothing checks that a person has had no brief with anything in it so far
// beyond the first n.
func (d *Team) Nothing(handle string, n int) {
	d.T.Helper()
	synctest.Wait()
	if got := d.Briefs(handle); len(got) != n {
		d.T.Errorf("at %s %s has %d briefs, want %d: %v", time.Now().UTC(), handle, len(got), n, got)
	}
}

// Want checks the newest brief of a person: when it came, and its lines.
func (d *Team) Want(handle, at string, lines ...string) {
	d.T.Helper()
	synctest.Wait()
	briefs := d.Briefs(handle)
	if len(briefs) == 0 {
		d.T.Errorf("%s has no brief, want one at %s", handle, at)
		return
	}
	got := briefs[len(briefs)-1]
	if want := Time(d.T, at); !got.At.Equal(want) {
		d.T.Errorf("brief of %s at %s, want %s", handle, got.At.In(want.Location()), want)
	}
	if fmt.Sprint(got.Lines) != fmt.Sprint(lines) {
		d.T.Errorf("brief of %s says %q, want %q", handle, got.Lines, lines)
	}
}

// Recorder is a channel that keeps what it was given.
type Recorder struct {
	mu   sync.Mutex
	sent []Sent
	// Fail, if set, answers for the other side.
	Fail func(delivery.Message) error
}

// Sent is one message that went out.
type Sent struct {
	At time.Time
	delivery.Message
}

// Send records a message.
func (r *Recorder) Send(_ context.Context, m delivery.Message) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Fail != nil {
		if err := r.Fail(m); err != nil {
			return "", err
		}
	}
	r.sent = append(r.sent, Sent{time.Now(), m})
	return "recorded", nil
}

// All returns what was sent so far.
func (r *Recorder) All() []Sent {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Sent(nil), r.sent...)
}
