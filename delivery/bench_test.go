package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// BenchmarkSeal is the engine at a window of 1,000 people in 40 teams: 200
// asks, 400 updates to teams and 400 comments since the last one.
func BenchmarkSeal(b *testing.B) {
	for name, database := range map[string]func(testing.TB) string{"sqlite": deliverytest.SQLite, "postgres": pgtest.URL} {
		b.Run(name, func(b *testing.B) {
			o := newOffice(b, database(b), 1000, 40)
			sealed := 0
			for b.Loop() {
				b.StopTimer()
				o.work(200, 400, 400)
				o.nextWindow()
				b.StartTimer()
				if _, err := o.engine.Step(b.Context()); err != nil {
					b.Fatal(err)
				}
				sealed += len(o.people)
			}
			b.ReportMetric(float64(sealed)/b.Elapsed().Seconds(), "briefs/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkHand is the same window up to the last brief in a channel's hands
// and marked as sent.
func BenchmarkHand(b *testing.B) {
	for name, database := range map[string]func(testing.TB) string{"sqlite": deliverytest.SQLite, "postgres": pgtest.URL} {
		b.Run(name, func(b *testing.B) {
			o := newOffice(b, database(b), 1000, 40)
			run, cancel := context.WithCancel(b.Context())
			var running sync.WaitGroup
			running.Go(func() { o.engine.Run(run) })
			defer running.Wait()
			defer cancel()
			sent := 0
			for b.Loop() {
				b.StopTimer()
				o.work(200, 400, 400)
				before := o.sent.Load()
				b.StartTimer()
				o.nextWindow()
				o.engine.Wake()
				o.settled()
				sent += int(o.sent.Load() - before)
			}
			b.ReportMetric(float64(sent)/b.Elapsed().Seconds(), "briefs/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// office is an organisation of which all have their window at the same time.
type office struct {
	b      *testing.B
	now    atomic.Int64 // unix seconds
	store  *store.Store
	door   *door.Door
	engine *delivery.Engine
	org    string
	people []access.Actor
	teams  []string
	things []string
	turn   int
	sent   atomic.Int64
}

// Send is the channel of an office: everything is taken.
func (o *office) Send(context.Context, delivery.Message) (string, error) {
	o.sent.Add(1)
	return "taken", nil
}

// settled waits until nobody's window is due and no message waits.
func (o *office) settled() {
	for look := time.NewTicker(time.Millisecond); ; <-look.C {
		due, ok, err := o.store.NextDue(o.b.Context(), o.org, time.Now())
		o.check(err)
		if !ok || due.Unix() <= o.now.Load() {
			continue
		}
		_, waits, err := o.store.NextOutgoing(o.b.Context(), o.org, false)
		o.check(err)
		if !waits {
			return
		}
	}
}

func newOffice(b *testing.B, database string, people, teams int) *office {
	b.Helper()
	ctx := b.Context()
	o := &office{b: b}
	zones := zoneinfo.New().Zone
	var err error
	if o.store, err = store.Open(ctx, store.Config{Database: database, Zones: zones}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = o.store.Close() })
	o.now.Store(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC).Unix())
	now := func() time.Time { return time.Unix(o.now.Load(), 0) }
	o.engine = delivery.New(delivery.Config{
		Store: o.store, Now: now, Owner: "bench", Alone: true,
		Log:      slog.New(slog.DiscardHandler),
		Channels: map[string]delivery.Channel{store.ChannelEmail: o},
		Render: func(_ context.Context, m store.Outgoing) (delivery.Message, error) {
			return delivery.Message{ID: m.ID, Name: m.Person, Subject: m.About}, nil
		},
	})
	o.door = door.New(door.Config{Store: o.store, Now: now, Wake: func() {}, Zones: zones})
	for i := range people {
		n := door.Newcomer{Name: fmt.Sprintf("Person %d", i), Handle: fmt.Sprintf("p%d", i), Address: fmt.Sprintf("p%d@example.org", i), Zone: "UTC", Lang: "en"}
		var id string
		if i == 0 {
			o.org, id, err = o.door.Found(ctx, "Office", "http://localhost", n)
		} else {
			id, err = o.door.Enrol(ctx, o.org, n, access.Member)
		}
		o.check(err)
		role := access.Member
		if i == 0 {
			role = access.Owner
		}
		o.people = append(o.people, access.Actor{Org: o.org, Person: id, Role: role, State: access.Active, Teams: map[string]bool{}})
	}
	for t := range teams {
		id, err := o.door.AddTeam(ctx, o.people[0], door.TeamDraft{Name: fmt.Sprintf("Team %d", t), Slug: fmt.Sprintf("team-%d", t), Open: true})
		o.check(err)
		o.teams = append(o.teams, id)
	}
	for i := range o.people {
		team := o.teams[i%teams]
		o.check(o.door.JoinTeam(ctx, o.people[i], door.Membership{Team: team, Person: o.people[i].Person}))
		o.people[i].Teams[team] = true
	}
	return o
}

func (o *office) check(err error) {
	o.b.Helper()
	if err != nil {
		o.b.Fatal(err)
	}
}

func (o *office) next() int {
	o.turn++
	return o.turn * 7919 % len(o.people)
}

func (o *office) work(asks, updates, comments int) {
	ctx := o.b.Context()
	for range asks {
		by, to := o.next(), o.next()
		if by == to {
			continue
		}
		rec, err := o.door.Ask(ctx, o.people[by], door.AskDraft{Writing: door.Writing{Point: "Which branch may I delete?", To: []string{o.people[to].Person}}})
		o.check(err)
		_, err = o.door.Answer(ctx, o.people[to], door.AskReply{Ask: rec.ID, Text: "The old one."})
		o.check(err)
	}
	for range updates {
		by := o.next()
		rec, err := o.door.Write(ctx, o.people[by], item.Update, door.Writing{Point: "The feed is frozen", Body: "Until Monday.", Team: o.teams[by%len(o.teams)]})
		o.check(err)
		o.things = append(o.things, rec.ID)
	}
	for range comments {
		_, err := o.door.Comment(ctx, o.people[o.next()], door.CommentDraft{Item: o.things[len(o.things)-1-o.turn%min(100, len(o.things))], Text: "Noted."})
		o.check(err)
	}
}

// nextWindow moves the clock to the earliest tick.
func (o *office) nextWindow() {
	due, ok, err := o.store.NextDue(o.b.Context(), o.org, time.Now())
	if err != nil || !ok {
		o.b.Fatal(ok, err)
	}
	o.now.Store(max(o.now.Load(), due.Unix()))
}
