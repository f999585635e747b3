package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// leaseTime is how long claims here are held.
const leaseTime = time.Minute

func (b *Bench) waiting(org, who string) []store.Delivery {
	b.T.Helper()
	return get(b, org, func(ctx context.Context, tx *store.Tx) ([]store.Delivery, error) { return tx.Waiting(ctx, who) })
}

func ids(ds []store.Delivery) []string {
	var out []string
	for _, d := range ds {
		out = append(out, d.ID)
	}
	return out
}

func deliveries(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	want := waitingFor("d", dia, letter, store.CauseReader, worktime.Urgent)
	added := get(b, "a", func(ctx context.Context, tx *store.Tx) (bool, error) { return tx.AddDelivery(ctx, want) })
	if got := b.waiting("a", dia); !added || !cmp.Equal(got, []store.Delivery{want}) {
		t.Errorf("AddDelivery = %v, waiting (-want +got):\n%s", added, cmp.Diff([]store.Delivery{want}, got))
	}
	again := want
	again.ID, again.Class = "d2", worktime.Normal
	if got := get(b, "a", func(ctx context.Context, tx *store.Tx) (bool, error) { return tx.AddDelivery(ctx, again) }); got {
		t.Error("the same person, item, version and cause was added twice")
	}
	next := want
	next.ID, next.Version, next.From = "d3", 2, sec(1)
	if got := get(b, "a", func(ctx context.Context, tx *store.Tx) (bool, error) { return tx.AddDelivery(ctx, next) }); !got {
		t.Error("a new version was not added")
	}
	if got := ids(b.waiting("a", dia)); !slices.Equal(got, []string{"d", "d3"}) {
		t.Errorf("waiting = %v, want d and d3, oldest first", got)
	}

	// The life of a delivery ends once.
	b.write("a", func(tx *store.Tx) error { return tx.Replan(ctx, "d", sec(240), "start") })
	if got := b.waiting("a", dia)[0]; got.Plan != sec(240) || got.PlanWhy != "start" {
		t.Errorf("replanned: %+v", got)
	}
	b.write("a", func(tx *store.Tx) error {
		return tx.Deliver(ctx, store.Given{Delivery: "d", Brief: "brief", At: sec(240), Why: "window"})
	})
	if got := ids(b.waiting("a", dia)); !slices.Equal(got, []string{"d3"}) {
		t.Errorf("waiting after one was given = %v", got)
	}
	given := b.dump("a")["delivery"]
	b.refuse("giving twice", store.ErrConflict, "a", func(tx *store.Tx) error {
		return tx.Deliver(ctx, store.Given{Delivery: "d", Brief: "brief", At: sec(300), Why: "window"})
	})
	b.write("a", func(tx *store.Tx) error { return tx.Drop(ctx, "d", store.DroppedGone, after(300)) })
	b.write("a", func(tx *store.Tx) error { return tx.Replan(ctx, "d", sec(500), "later") })
	if diff := cmp.Diff(given, b.dump("a")["delivery"]); diff != "" {
		t.Errorf("what was given changed afterwards (-before +after):\n%s", diff)
	}
	b.write("a", func(tx *store.Tx) error { return tx.Drop(ctx, "d3", store.DroppedAccess, after(300)) })
	dropped := b.dump("a")["delivery"]
	b.refuse("giving what was dropped", store.ErrConflict, "a", func(tx *store.Tx) error {
		return tx.Deliver(ctx, store.Given{Delivery: "d3", Brief: "brief", At: sec(300), Why: "window"})
	})
	b.write("a", func(tx *store.Tx) error { return tx.Drop(ctx, "d3", store.DroppedGone, after(400)) })
	if diff := cmp.Diff(dropped, b.dump("a")["delivery"]); diff != "" {
		t.Errorf("what was dropped changed afterwards (-before +after):\n%s", diff)
	}
	b.refuse("giving what does not exist", store.ErrConflict, "a", func(tx *store.Tx) error {
		return tx.Deliver(ctx, store.Given{Delivery: "none", Brief: "brief", At: sec(300), Why: "window"})
	})

	// By item: of one person, or of all.
	for _, p := range []string{ada, cem, dia} {
		b.write("a", func(tx *store.Tx) error {
			_, err := tx.AddDelivery(ctx, waitingFor("u-"+p, p, update, store.CauseMention, worktime.Normal))
			return err
		})
	}
	b.write("a", func(tx *store.Tx) error { return tx.DropItem(ctx, update, cem, store.DroppedSettled, after(5)) })
	if got := []int{len(b.waiting("a", ada)), len(b.waiting("a", cem)), len(b.waiting("a", dia))}; !slices.Equal(got, []int{1, 0, 1}) {
		t.Errorf("waiting for ada, cem and dia after dropping cem's = %v", got)
	}
	b.write("a", func(tx *store.Tx) error { return tx.DropItem(ctx, update, "", store.DroppedGone, after(6)) })
	if got := []int{len(b.waiting("a", ada)), len(b.waiting("a", dia)), len(b.waiting("a", ben))}; !slices.Equal(got, []int{0, 0, 2}) {
		t.Errorf("waiting for ada, dia and ben after dropping the item = %v, want ben's other two", got)
	}

	// A crisis counts as given when it is written.
	b.write("a", func(tx *store.Tx) error {
		d := waitingFor("now", dia, fire, store.CauseCrisis, worktime.Crisis)
		d.Delivered, d.DeliveredWhy = sec(0), "now"
		_, err := tx.AddDelivery(ctx, d)
		return err
	})
	if got := b.waiting("a", dia); len(got) != 0 {
		t.Errorf("a crisis waits: %v", got)
	}
	for class := range 3 {
		d := waitingFor("bad", dia, comment, store.CauseTo, worktime.Daily+worktime.Class(class))
		if err := b.Store.Write(ctx, "a", func(tx *store.Tx) error { _, err := tx.AddDelivery(ctx, d); return err }); err == nil {
			t.Errorf("a directed item of class %s was written", d.Class)
		}
	}
	b.refuse("a delivery of nothing", store.ErrReference, "a", func(tx *store.Tx) error {
		_, err := tx.AddDelivery(ctx, waitingFor("x", dia, "none", store.CauseTo, worktime.Normal))
		return err
	})
}

func briefs(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	want := store.Brief{
		ID: "b1", Person: ben, Kind: brief.Window, Window: sec(120), Delivered: sec(130), Since: sec(0), Sealed: after(130), Lines: 3, Words: 21,
		Sections: map[brief.Section]int{brief.Asks: 2, brief.Updates: 1},
	}
	lines := []brief.Line{
		{Section: brief.Asks, Item: question, Version: 1, Delivery: "delivery-ask", Cause: store.CauseAsked, Due: sec(1440)},
		{Section: brief.Asks, Item: letter, Version: 1, Cause: store.CauseAsked, Due: sec(2000), Carried: true},
		{Section: brief.Updates, Item: update, Version: 2, Stream: store.TeamStream(teamPrivate), Cause: store.EventSent},
	}
	b.write("a", func(tx *store.Tx) error { return seal(ctx, tx, want, lines) })
	b.write("a", func(tx *store.Tx) error {
		got, gotLines, err := tx.BriefByID(ctx, "b1")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("a brief (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(lines, gotLines); diff != "" {
			t.Errorf("its lines (-want +got):\n%s", diff)
		}
		return err
	})

	// Read in parts it is the same, and each part says what lies beyond it.
	bens := b.Store.Reader(b.actor("a", ben))
	whole := must(bens.Brief(ctx, "b1", store.Whole))
	if from, next, of := whole.At(); from != 0 || next != 3 || of != 3 || len(whole.Beyond) != 0 || len(whole.Lines) != 3 {
		t.Errorf("the whole brief is from %d to %d of %d, with %d lines, beyond %v", from, next, of, len(whole.Lines), whole.Beyond)
	}
	for most := 1; most <= 4; most++ {
		var read []brief.Line
		for at := 0; at < 3; {
			part := must(bens.Brief(ctx, "b1", store.Part{From: at, Most: most}))
			from, next, _ := part.At()
			if from != at || next != min(3, at+most) {
				t.Fatalf("%d from %d on are from %d to %d", most, at, from, next)
			}
			n := len(part.Lines)
			for _, beyond := range part.Beyond {
				n += beyond
			}
			if n != 3 {
				t.Errorf("%d from %d on: %d lines and beyond them %v", most, at, len(part.Lines), part.Beyond)
			}
			read, at = append(read, part.Lines...), next
		}
		if diff := cmp.Diff(whole.Lines, read); diff != "" {
			t.Errorf("read %d at a time (-whole +parts):\n%s", most, diff)
		}
	}
	if past := must(bens.Brief(ctx, "b1", store.Part{From: 9, Most: 2})); len(past.Lines) != 0 || past.Beyond[brief.Asks] != 2 {
		t.Errorf("behind its end are %v, beyond %v", past.Lines, past.Beyond)
	}

	// Sealed once for a person, kind and instant.
	sealed := func(id, who string, kind brief.Kind, window worktime.Instant) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			return seal(ctx, tx, store.Brief{ID: id, Person: who, Kind: kind, Window: window, Delivered: window, Sealed: now}, lines[:1])
		}
	}
	before := b.dump("a")
	b.refuse("the same window again", store.ErrExists, "a", sealed("b2", ben, brief.Window, sec(120)))
	b.refuse("the same id again", store.ErrExists, "a", sealed("b1", ben, brief.Window, sec(400)))
	b.refuse("a line of nothing", store.ErrReference, "a", func(tx *store.Tx) error {
		return seal(ctx, tx, store.Brief{ID: "b9", Person: ben, Kind: brief.Window, Window: sec(900)}, []brief.Line{{Section: brief.Asks, Item: "none"}})
	})
	if diff := cmp.Diff(before, b.dump("a")); diff != "" {
		t.Errorf("refused seals left something (-before +after):\n%s", diff)
	}
	// The last urgent brief is told with whom an urgent item waits for.
	urgent := func() worktime.Instant {
		t.Helper()
		return b.serve("a", ben).Urgent
	}
	if got := urgent(); got != 0 {
		t.Errorf("the last urgent brief while nothing urgent waits = %s", got)
	}
	b.write("a", func(tx *store.Tx) error {
		_, err := tx.AddDelivery(ctx, waitingFor("urgent", ben, question, store.CauseMention, worktime.Urgent))
		return err
	})
	if got := urgent(); got != 0 {
		t.Errorf("the last urgent brief before the first = %s", got)
	}
	b.write("a", sealed("b3", ben, brief.Urgent, sec(120))) // another kind
	b.write("a", sealed("b4", dia, brief.Urgent, sec(700))) // another person
	b.write("a", sealed("b5", ben, brief.Urgent, sec(110)))
	if got := urgent(); got != sec(120) {
		t.Errorf("the last urgent brief = %s, want the latest, %s", got, sec(120))
	}
	b.refuse("an unknown brief", store.ErrNotFound, "a", func(tx *store.Tx) error { _, _, err := tx.BriefByID(ctx, "none"); return err })
}

// serve claims everybody at the end of time, and returns one of them as served.
func (b *Bench) serve(org, who string) store.Served {
	b.T.Helper()
	ctx := b.T.Context()
	b.claims++ // past the leases of the time before
	claims := must(b.Store.ClaimTicks(ctx, org, "serve", after(100_000), now.Add(time.Duration(b.claims)*2*leaseTime), leaseTime, 100))
	served := get(b, org, func(ctx context.Context, tx *store.Tx) ([]store.Served, error) { return tx.Serve(ctx, claims) })
	i := slices.IndexFunc(served, func(v store.Served) bool { return v.Claim.Person == who })
	if i < 0 {
		b.T.Fatalf("%s is not served", who)
	}
	return served[i]
}

// tick reads when somebody is looked at next and what was sealed last.
func (b *Bench) tick(org, who string) string {
	b.T.Helper()
	for _, row := range b.dump(org)["tick"] {
		if strings.Contains(row, "person_id="+who+" ") {
			return row
		}
	}
	return ""
}

func ticks(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	due := func() time.Time {
		t.Helper()
		at, ok, err := b.Store.NextDue(ctx, "a", now)
		if err != nil || !ok {
			t.Fatalf("NextDue = %v, %v", ok, err)
		}
		return at
	}
	if got := due(); !got.Equal(after(120)) {
		t.Errorf("NextDue = %s, want %s", got, after(120))
	}
	b.write("a", func(tx *store.Tx) error { return tx.MoveTick(ctx, ben, after(60)) })
	b.write("a", func(tx *store.Tx) error { return tx.MoveTick(ctx, ben, after(90)) })
	if got := due(); !got.Equal(after(60)) {
		t.Errorf("after moving to 60 and then to 90 NextDue = %s, want %s: never later", got, after(60))
	}
	b.write("a", func(tx *store.Tx) error { return tx.AddTick(ctx, ben, after(500), sec(9)) }) // back again
	if got := due(); !got.Equal(after(120)) {
		t.Errorf("NextDue = %s, want the others' %s", got, after(120))
	}

	sealed := get(b, "a", func(ctx context.Context, tx *store.Tx) (map[string]worktime.Instant, error) {
		return tx.Lock(ctx, []string{dia, ben, "nobody", ben})
	})
	if diff := cmp.Diff(map[string]worktime.Instant{ben: sec(9), dia: sec(0)}, sealed); diff != "" {
		t.Errorf("Lock (-want +got):\n%s", diff)
	}
	b.write("a", func(tx *store.Tx) error { return tx.DropTick(ctx, ben) })
	sealed = get(b, "a", func(ctx context.Context, tx *store.Tx) (map[string]worktime.Instant, error) {
		return tx.Lock(ctx, []string{ben})
	})
	if len(sealed) != 0 {
		t.Errorf("Lock of somebody nothing is delivered to = %v", sealed)
	}
	b.write("a", func(tx *store.Tx) error { return tx.MoveTick(ctx, ben, after(1)) })
	if got := b.tick("a", ben); got != "" {
		t.Errorf("a tick that was dropped is back: %s", got)
	}
	if _, ok, err := b.Store.NextDue(ctx, "empty", now); ok || err != nil {
		t.Errorf("NextDue where nobody is = %v, %v", ok, err)
	}
}

// leases: what is done under a lease that was lost is refused, and writes nothing.
func leases(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	claim := func(owner string, at, wall time.Time) []store.Claim {
		t.Helper()
		return must(b.Store.ClaimTicks(ctx, "a", owner, at, wall, leaseTime, 100))
	}
	if got := claim("one", after(119), now); len(got) != 0 {
		t.Errorf("claimed before anybody is due: %v", got)
	}
	first := claim("one", after(120), now)
	if len(first) != 4 {
		t.Fatalf("claimed %d of 4 who are due", len(first))
	}
	if got := claim("two", after(120), now); len(got) != 0 {
		t.Errorf("claimed what another holds: %v", got)
	}
	if _, ok, err := b.Store.NextDue(ctx, "a", now); ok || err != nil {
		t.Errorf("NextDue while all are held = %v, %v", ok, err)
	}
	if got := claim("two", after(120), now.Add(leaseTime)); len(got) != 0 {
		t.Errorf("claimed at the last moment of a lease: %v", got)
	}
	second := claim("two", after(120), now.Add(leaseTime+time.Millisecond)) // the first process hangs
	if len(second) != 4 {
		t.Fatalf("after the lease lapsed %d of 4 were claimed", len(second))
	}
	i := slices.IndexFunc(first, func(c store.Claim) bool { return c.Person == ben })
	j := slices.IndexFunc(second, func(c store.Claim) bool { return c.Person == ben })
	stale, mine := first[i], second[j]
	if mine.Fence <= stale.Fence || mine.Org != "a" || !mine.Due.Equal(after(120)) {
		t.Errorf("the second claim is %+v after %+v", mine, stale)
	}

	before := b.dump("a")
	work := func(last func(tx *store.Tx) error) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			if err := tx.Deliver(ctx, store.Given{Delivery: "delivery-letter", Brief: "brief", At: sec(120), Why: "window"}); err != nil {
				return err
			}
			return last(tx)
		}
	}
	b.refuse("Release under a lost lease", store.ErrFence, "a", work(func(tx *store.Tx) error {
		return tx.Release(ctx, store.Released{Served: store.Served{Claim: stale, Sealed: sec(120)}, Due: after(500)})
	}))
	if diff := cmp.Diff(before, b.dump("a")); diff != "" {
		t.Errorf("a lost lease wrote something (-before +after):\n%s", diff)
	}
	// Whose lease was lost is left out, and holds nobody else.
	served := get(b, "a", func(ctx context.Context, tx *store.Tx) ([]store.Served, error) {
		return tx.Serve(ctx, append([]store.Claim{stale}, second...))
	})
	var who []string
	for _, v := range served {
		who = append(who, v.Claim.Person)
		if v.Person.ID != v.Claim.Person || v.Sealed != sec(0) || len(v.Reigns) == 0 {
			t.Errorf("served: %+v", v)
		}
	}
	if want := slices.Sorted(slices.Values([]string{ada, ben, cem, dia})); !slices.Equal(who, want) {
		t.Errorf("served %v, want %v", who, want)
	}
	if n := len(served[slices.Index(who, ben)].Waiting); n != 3 {
		t.Errorf("%d things wait for ben, want 3", n)
	}
	b.write("a", work(func(tx *store.Tx) error {
		return tx.Release(ctx, store.Released{Served: store.Served{Claim: mine, Sealed: sec(120), Reading: store.Reading{Tx: 9, Late: 8}}, Due: after(300)})
	}))
	for _, want := range []string{fmt.Sprintf("due_at=%d ", after(300).UnixMilli()), fmt.Sprintf("sealed_sec=%d ", sec(120)), "lease_until=0 ", "lease_owner= ", "read_tx=9 ", "late_tx=8 "} {
		if got := b.tick("a", ben); !strings.Contains(got, want) {
			t.Errorf("released tick is %s, want %s", got, want)
		}
	}
	// A write that comes while somebody is served moves the tick of the next look.
	third := claim("three", after(300), after(60))
	b.write("a", func(tx *store.Tx) error { return tx.MoveTick(ctx, ben, after(200)) })
	b.write("a", func(tx *store.Tx) error {
		for _, c := range third {
			if c.Person == ben {
				return tx.Release(ctx, store.Released{Served: store.Served{Claim: c, Sealed: sec(120)}, Due: after(400)})
			}
		}
		return errors.New("ben was not claimed")
	})
}

// concurrentClaims: many claimers at once hand out nobody twice and forget nobody.
func concurrentClaims(t *testing.T, b *Bench) {
	ctx := t.Context()
	const people, claimers = 400, 8
	b.write("a", func(tx *store.Tx) error {
		if err := tx.AddOrganisation(ctx, store.Organisation{Name: "A", URL: "http://a", Created: now}); err != nil {
			return err
		}
		for n := range people {
			id := fmt.Sprintf("person-%03d", n)
			if err := tx.AddPerson(ctx, person(id, access.Member, "")); err != nil {
				return err
			}
			if err := tx.AddTick(ctx, id, after(n%7), sec(0)); err != nil {
				return err
			}
		}
		return nil
	})
	var mu sync.Mutex
	claimed := make(map[string]int)
	fences := make(map[string]int64)
	err := concurrently(claimers, func(n int) error {
		for {
			claims, err := b.Store.ClaimTicks(ctx, "a", fmt.Sprint(n), after(60), now, leaseTime, 10)
			if err != nil {
				return err
			}
			mu.Lock()
			for _, c := range claims {
				claimed[c.Person]++
				fences[c.Person] = c.Fence
			}
			mu.Unlock()
			if len(claims) > 0 {
				continue
			}
			// Empty is no proof: another claimer may have won the same candidates.
			if _, due, err := b.Store.NextDue(ctx, "a", now); err != nil || !due {
				return err
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(claimed) != people {
		t.Errorf("claimed %d of %d people", len(claimed), people)
	}
	for who, times := range claimed {
		if times != 1 || fences[who] != 1 {
			t.Errorf("%s was handed out %d times, with fence %d", who, times, fences[who])
		}
	}
}

// gathering: what stands in a brief is decided with the rights and truths of
// that moment (R12.1).
func gathering(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	read := make(map[string]store.Reading)
	gather := func(who string, paces []store.Pace, until worktime.Instant) store.Gathered {
		t.Helper()
		return get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Gathered, error) {
			p, err := tx.Person(ctx, who)
			if err != nil {
				return store.Gathered{}, err
			}
			waiting, err := tx.Waiting(ctx, who)
			if err != nil {
				return store.Gathered{}, err
			}
			return one(tx.Gather(ctx, []store.Wanted{{Person: p, Waiting: waiting, Paces: paces, Until: until, Reading: read[who]}}))
		})
	}
	lines := func(g store.Gathered) []string {
		var out []string
		for _, l := range g.Lines {
			s := string(l.Section) + " " + l.Item
			if l.Carried {
				s += " carried"
			}
			out = append(out, s)
		}
		return out
	}
	wantLines := func(name string, g store.Gathered, want ...string) {
		t.Helper()
		if got := lines(g); !slices.Equal(got, want) {
			t.Errorf("%s: lines %q, want %q", name, got, want)
		}
	}
	before := b.dump("a")
	windows := []store.Pace{store.PaceWindow}

	// The fill's event came before the follow on SQLite, and on PostgreSQL too
	// when it was written by the same transaction: streams start at a follow.
	all := gather(ben, nil, sec(120))
	wantLines("all that waits", all, "asks "+question, "named "+letter, "named "+update)
	if len(all.Given) != 3 || len(all.Dropped) != 0 || len(all.Moved) != 0 {
		t.Errorf("all that waits: %+v", all)
	}
	if diff := cmp.Diff(before, b.dump("a")); diff != "" {
		t.Errorf("gathering wrote something (-before +after):\n%s", diff)
	}

	b.write("a", func(tx *store.Tx) error { return tx.TakeBack(ctx, letter, after(1)) })
	g := gather(ben, nil, sec(120))
	wantLines("one taken back", g, "asks "+question, "named "+update)
	if g.Dropped["delivery-letter"] != store.DroppedGone {
		t.Errorf("one taken back: dropped %v", g.Dropped)
	}

	b.write("a", func(tx *store.Tx) error {
		a, err := tx.Ask(ctx, question)
		if err != nil {
			return err
		}
		if err := a.Withdraw(after(2)); err != nil {
			return err
		}
		return tx.SetAsk(ctx, a)
	})
	g = gather(ben, nil, sec(120))
	wantLines("the ask withdrawn", g, "named "+update)
	if g.Dropped["delivery-ask"] != store.DroppedSettled {
		t.Errorf("the ask withdrawn: dropped %v", g.Dropped)
	}

	b.write("a", func(tx *store.Tx) error { return tx.DropMember(ctx, teamPrivate, ben) })
	g = gather(ben, nil, sec(120))
	wantLines("out of the team", g)
	if g.Dropped["delivery-update"] != store.DroppedAccess {
		t.Errorf("out of the team: dropped %v", g.Dropped)
	}

	// Streams: others' events, of the paces asked for, up to the instant.
	b.write("a", func(tx *store.Tx) error {
		for n, at := range []int{10, 20, 30} {
			id := fmt.Sprintf("s%d", n)
			if _, err := tx.AddItem(ctx, document(id, item.Update, ada, "", inTeam(teamPrivate))); err != nil {
				return err
			}
			if err := tx.AddEvent(ctx, store.Event{ID: id, Stream: store.TeamStream(teamPrivate), Kind: store.EventSent, Item: id, Version: 1, Actor: ada, At: after(at)}); err != nil {
				return err
			}
		}
		return nil
	})
	g = gather(cem, windows, sec(20))
	got := lines(g)
	got = slices.DeleteFunc(got, func(l string) bool { return strings.HasSuffix(l, update) }) // of fill's own transaction
	if want := []string{"updates s0", "updates s1"}; !slices.Equal(got, want) {
		t.Errorf("a stream up to minute 20: %q, want %q", got, want)
	}
	if len(g.Moved) != 0 || g.Reading.Late >= g.Reading.Tx || g.Reading.Sec != sec(20) {
		t.Fatalf("read up to %+v, moved %+v", g.Reading, g.Moved)
	}
	read[cem] = g.Reading
	wantLines("the rest of it", gather(cem, windows, sec(600)), "updates s2")
	wantLines("of another pace", gather(cem, []store.Pace{store.PaceDaily}, sec(600)))
	wantLines("one's own events", gather(ada, windows, sec(600)))
	wantLines("of a team that one was taken out of", gather(ben, windows, sec(600)))

	// What came by name does not come again, but for what was changed since.
	b.write("a", func(tx *store.Tx) error {
		if _, err := tx.AddDelivery(ctx, waitingFor("by-name", cem, "s2", store.CauseMention, worktime.Normal)); err != nil {
			return err
		}
		return tx.Deliver(ctx, store.Given{Delivery: "by-name", Brief: "brief", At: sec(40), Why: "window"})
	})
	wantLines("what came by name", gather(cem, windows, sec(600)))
	for n, at := range []int{35, 50} {
		b.write("a", func(tx *store.Tx) error {
			return tx.AddEvent(ctx, store.Event{ID: fmt.Sprintf("edit%d", n), Stream: store.TeamStream(teamPrivate), Kind: store.EventEdited, Item: "s2", Version: int64(2 + n), Actor: ada, At: after(at)})
		})
	}
	wantLines("changed before it came by name", gather(cem, windows, sec(45)))
	wantLines("changed since it came by name", gather(cem, windows, sec(600)), "rest s2")
}
