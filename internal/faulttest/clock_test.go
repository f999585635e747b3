package faulttest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// steps are by how much clocks are set (security 3.3).
func steps() []time.Duration {
	const day = 24 * time.Hour
	return []time.Duration{time.Second, time.Hour, day, 40 * day, -time.Second, -2 * time.Hour, -day}
}

// wall is a machine's clock that is set: what it shows moves, and its monotonic
// reading, by which Go subtracts, does not.
type wall struct {
	mu sync.Mutex
	by time.Duration // whole seconds
}

func (w *wall) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return stepped(time.Now(), w.by)
}

func (w *wall) set(by time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.by += by
}

// stepped is a time as the system gives it after its clock was set by whole
// seconds, with a monotonic reading, which bubbles leave out and Add would move.
func stepped(t time.Time, by time.Duration) time.Time {
	const to1885 = 2682288000 // seconds from 1885, where such times begin, to 1970
	set := struct {           // as time.Time is laid out: TestStepped holds it
		wall uint64 // 1 bit for the monotonic reading; 33 of seconds; 30 of nanoseconds
		ext  int64  // the monotonic reading
		loc  *time.Location
	}{
		wall: 1<<63 | uint64(t.Add(by).Unix()+to1885)<<30 | uint64(t.Nanosecond()), // both are positive
		ext:  t.Sub(time.Unix(946684800, 0)).Nanoseconds(),
		loc:  time.Local,
	}
	return *(*time.Time)(unsafe.Pointer(&set)) // see above
}

// TestStepped holds the helper: what is shown moves, what has gone by does not.
func TestStepped(t *testing.T) {
	t.Parallel()
	now := time.Now().Round(0)
	for _, by := range steps() {
		set := stepped(now.Add(time.Minute), by)
		if shown := set.Round(0).Sub(now); shown != by+time.Minute {
			t.Errorf("set by %s it shows %s more", by, shown)
		}
		if went := set.Sub(stepped(now, 0)); went != time.Minute {
			t.Errorf("set by %s it says that %s went by", by, went)
		}
	}
}

// slow is a mail server that takes its time over each message.
type slow struct {
	mu    sync.Mutex
	takes time.Duration
	sent  []message
}

type message struct {
	id, about string
	at        time.Time // when it came, in real time
}

// Send is a message that comes, and an answer later.
func (s *slow) Send(_ context.Context, m delivery.Message) (string, error) {
	s.mu.Lock()
	takes := s.takes
	s.sent = append(s.sent, message{m.ID, m.Subject, time.Now()})
	s.mu.Unlock()
	time.Sleep(takes)
	return "taken", nil
}

func (s *slow) all() []message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]message(nil), s.sent...)
}

// office is two people in Berlin, at work from nine to five with windows at
// eleven and four, on a clock that is set.
type office struct {
	*deliverytest.Team

	clock wall
	mail  slow
	log   bytes.Buffer // read when nothing runs
}

func newOffice(t *testing.T, database, at string) *office {
	t.Helper()
	deliverytest.Start(t, at)
	o := &office{}
	o.Team = deliverytest.New(t, database, func(c *delivery.Config) {
		c.Now, c.Log = o.clock.now, slog.New(slog.NewTextHandler(&o.log, nil))
		c.Channels = map[string]delivery.Channel{store.ChannelEmail: &o.mail}
	})
	o.Door = door.New(door.Config{Store: o.Store, Now: o.clock.now, Wake: func() { o.Engine.Wake() }, Zones: zoneinfo.New().Zone})
	for _, who := range []string{"jonas", "mia"} {
		o.Person(who, "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00")
	}
	return o
}

// live lets real time go by.
func (o *office) live(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// TestClockIsSet sets the clock while nothing happens, and while a message is on
// its way: nothing comes early or twice, what was missed comes in one brief,
// each promise made afterwards is kept, and the log has both times.
func TestClockIsSet(t *testing.T) {
	for _, by := range steps() {
		for _, busy := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s busy=%v", by, busy), func(t *testing.T) {
				t.Parallel()
				database := deliverytest.SQLite(t)
				synctest.Test(t, func(t *testing.T) {
					o := newOffice(t, database, "Tue 24 Nov 2026 10:50 Europe/Berlin")
					o.mail.takes = 20 * time.Second
					o.Ask("jonas", []string{"mia"}, "Before the clock was set?")
					if busy { // its mail is on its way
						o.live(10*time.Minute + 10*time.Second)
					} else {
						o.live(5 * time.Minute)
					}
					expected := o.clock.now().Round(0).Add(by)
					o.clock.set(by)
					o.live(30 * time.Second) // the longest nap
					o.told(expected)
					after := o.Ask("jonas", []string{"mia"}, "After the clock was set?")
					if len(after.Plans) != 1 {
						t.Fatalf("the receipt says %+v", after)
					}
					o.live(5 * 24 * time.Hour)
					o.wantEachOnce("Before the clock was set?", "After the clock was set?")
					if plan := after.Plans[0].Plan.At.Time(); !o.sealedAt("After the clock was set?").Equal(plan) {
						t.Errorf("promised %s, came %s", plan, o.sealedAt("After the clock was set?"))
					}
				})
			})
		}
	}
}

// told checks that the log has the line with both times.
func (o *office) told(now time.Time) {
	o.T.Helper()
	said := o.log.String()
	if n := strings.Count(said, "the clock was set"); n != 1 || !strings.Contains(said, "to="+now.UTC().Format("2006-01-02T15:")) && !strings.Contains(said, "to="+now.Format("2006-01-02T15:")) {
		o.T.Errorf("the clock shows about %s; the log says it %d times:\n%s", now, n, said)
	}
}

// wantEachOnce checks that each ask stands in one brief, made within working
// hours as the clock showed them, and that no message came twice.
func (o *office) wantEachOnce(points ...string) {
	o.T.Helper()
	for _, p := range points {
		n := 0
		for _, b := range o.Briefs("mia") {
			for _, l := range b.Lines {
				if l == p {
					n++
				}
			}
		}
		if n != 1 {
			o.T.Errorf("%q stands in %d briefs: %v", p, n, o.Briefs("mia"))
		}
	}
	zone := deliverytest.Time(o.T, "Tue 24 Nov 2026 10:50 Europe/Berlin").Location()
	for _, b := range o.Briefs("mia") {
		at := b.At.In(zone)
		if day := at.Weekday(); day == time.Saturday || day == time.Sunday || at.Hour() < 9 || at.Hour() >= 17 {
			o.T.Errorf("early: a brief at %s", at)
		}
	}
	seen := make(map[string]bool)
	for _, m := range o.mail.all() {
		if seen[m.id] {
			o.T.Errorf("twice: the message %s about %s", m.id, m.about)
		}
		seen[m.id] = true
	}
	if len(seen) == 0 {
		o.T.Error("no message came")
	}
}

// sealedAt is when the brief with an ask was made.
func (o *office) sealedAt(point string) time.Time {
	for _, b := range o.Briefs("mia") {
		if slices.Contains(b.Lines, point) {
			return b.At
		}
	}
	return time.Time{}
}

// TestClockIsSetInACrisis sets the clock while somebody is called: the calls go
// on, and a call that was to be tried again does not wait either.
func TestClockIsSetInACrisis(t *testing.T) {
	for _, by := range steps() {
		for name, database := range map[string]func(testing.TB) string{"sqlite": deliverytest.SQLite, "postgres": pgtest.URL} {
			if name == "postgres" && by != -2*time.Hour {
				continue // the same text; once is enough
			}
			t.Run(fmt.Sprintf("%s %s", by, name), func(t *testing.T) {
				t.Parallel()
				address := database(t)
				synctest.Test(t, func(t *testing.T) {
					o := newOffice(t, address, "Tue 24 Nov 2026 10:50 Europe/Berlin")
					raised := time.Now()
					if _, err := o.Door.Raise(t.Context(), o.Actor("jonas"), door.CrisisDraft{What: "The feed is down.", Stake: "Riders wait.", Needed: []string{o.ID("mia")}, Sure: true}); err != nil {
						t.Fatal(err)
					}
					o.live(5 * time.Minute)
					o.clock.set(by)
					o.live(25 * time.Minute)
					last, calls := raised, 0
					for _, m := range o.mail.all() {
						if gap := m.at.Sub(last); gap > 2*time.Minute+31*time.Second {
							t.Errorf("no call for %s, %s after it was raised", gap, last.Sub(raised))
						}
						last = m.at
						calls++
					}
					if gap := time.Since(last); gap > 2*time.Minute+31*time.Second {
						t.Errorf("no call for the last %s", gap)
					}
					if calls < 14 || calls > 17 {
						t.Errorf("%d calls in half an hour", calls)
					}
				})
			})
		}
	}
}

// TestHeldLongerThanItsLease: a message that is in hand when its lease ends, as
// it does for a clock that is set ahead, is not taken in hand again, and its
// outcome is written down.
func TestHeldLongerThanItsLease(t *testing.T) {
	t.Parallel()
	database := deliverytest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, database, "Tue 24 Nov 2026 10:50 Europe/Berlin")
		o.mail.takes = 5 * time.Minute
		o.Ask("jonas", []string{"mia"}, "Which branch may I delete?")
		o.live(time.Hour)
		if got := o.mail.all(); len(got) != 1 {
			t.Errorf("it was sent %d times: %v", len(got), got)
		}
		if strings.Contains(o.log.String(), "level=ERROR") {
			t.Errorf("the log says:\n%s", o.log.String())
		}
	})
}
