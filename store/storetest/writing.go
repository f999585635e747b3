package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/crisis"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// terms are compared as values.
func terms() cmp.Option { return cmp.Comparer(func(a, b worktime.Term) bool { return a == b }) }

func (b *Bench) item(org, id string) item.Item {
	b.T.Helper()
	return get(b, org, func(ctx context.Context, tx *store.Tx) (item.Item, error) { return tx.Item(ctx, id) })
}

func items(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	want := document("new", item.Request, ben, "mark", inTeam(teamOpen), naming(item.To, ada), naming(item.Reader, cem), naming(item.Mentioned, dia))
	added := get(b, "a", func(ctx context.Context, tx *store.Tx) (item.Item, error) { return tx.AddItem(ctx, want) })
	want.Org, want.Number, want.Version = "a", 1, 1
	if diff := cmp.Diff(want, added); diff != "" {
		t.Errorf("AddItem (-want +got):\n%s", diff)
	}
	want.Open = true // read with the item
	if diff := cmp.Diff(want, b.item("a", "new")); diff != "" {
		t.Errorf("Item (-want +got):\n%s", diff)
	}
	byRef := get(b, "a", func(ctx context.Context, tx *store.Tx) (item.Item, error) { return tx.ItemByRef(ctx, item.Request, 1) })
	if diff := cmp.Diff(want, byRef); diff != "" {
		t.Errorf("ItemByRef (-want +got):\n%s", diff)
	}

	b.write("a", func(tx *store.Tx) error { return tx.SetNamed(ctx, "new", []item.Named{{Person: dia, As: item.To}}) })
	if got := b.item("a", "new").People; !slices.Equal(got, []item.Named{{Person: dia, As: item.To}}) {
		t.Errorf("SetNamed leaves %v", got)
	}
	b.write("a", func(tx *store.Tx) error { return tx.TakeBack(ctx, "new", after(4)) })
	if got := b.item("a", "new"); !got.Gone.Equal(after(4)) {
		t.Errorf("taken back at %s, want %s", got.Gone, after(4))
	}

	b.refuse("taking back twice", store.ErrNotFound, "a", func(tx *store.Tx) error { return tx.TakeBack(ctx, "new", after(5)) })
	b.refuse("an unknown item", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.Item(ctx, "none"); return err })
	b.refuse("an unknown number", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.ItemByRef(ctx, item.Request, 2); return err })
	b.refuse("number 0, which all without one have", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.ItemByRef(ctx, item.Update, 0); return err })
	b.refuse("an item of nobody", store.ErrReference, "a", func(tx *store.Tx) error {
		_, err := tx.AddItem(ctx, document("y", item.Update, "nobody", ""))
		return err
	})
	b.refuse("an item that names nobody known", store.ErrReference, "a", func(tx *store.Tx) error {
		_, err := tx.AddItem(ctx, document("y", item.Update, ada, "", naming(item.To, "nobody")))
		return err
	})
	b.refuse("somebody named twice", store.ErrExists, "a", func(tx *store.Tx) error {
		_, err := tx.AddItem(ctx, document("y", item.Update, ada, "", naming(item.To, ben), naming(item.Reader, ben)))
		return err
	})
	b.refuse("the same id again", store.ErrExists, "a", func(tx *store.Tx) error {
		_, err := tx.AddItem(ctx, document(update, item.Comment, ada, ""))
		return err
	})
	if err := b.Store.Write(ctx, "a", func(tx *store.Tx) error { _, err := tx.Item(ctx, "y"); return err }); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a refused item: %v, want ErrNotFound", err)
	}
}

func revisions(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	second := b.item("a", update)
	second.Version, second.Point, second.Body, second.Words = 2, "New point", "New body", 9
	second.People = []item.Named{{Person: dia, As: item.Reader}}
	b.write("a", func(tx *store.Tx) error { return tx.Revise(ctx, second, ben, after(5)) })
	second.Edited = after(5)
	if diff := cmp.Diff(second, b.item("a", update)); diff != "" {
		t.Errorf("a revised item (-want +got):\n%s", diff)
	}
	before := b.dump("a")
	for _, version := range []int64{0, 1, 2, 4} {
		stale := second
		stale.Version, stale.Body = version, "stale"
		b.refuse(fmt.Sprintf("version %d on top of 2", version), store.ErrConflict, "a", func(tx *store.Tx) error { return tx.Revise(ctx, stale, ben, after(6)) })
	}
	b.refuse("a version of nothing", store.ErrConflict, "a", func(tx *store.Tx) error {
		return tx.Revise(ctx, document("none", item.Update, ada, "", func(i *item.Item) { i.Version = 2 }), ben, after(6))
	})
	if diff := cmp.Diff(before, b.dump("a")); diff != "" {
		t.Errorf("refused versions left something (-before +after):\n%s", diff)
	}
	for version, want := range map[int64]store.Revision{
		1: {Version: 1, Author: ada, Point: "Point of item-update mark", Body: "Body of item-update mark", Saved: now},
		2: {Version: 2, Author: ben, Point: "New point", Body: "New body", Saved: after(5)},
	} {
		got := get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Revision, error) {
			return tx.RevisionOf(ctx, update, version)
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("revision %d (-want +got):\n%s", version, diff)
		}
	}
	b.refuse("an unknown revision", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.RevisionOf(ctx, update, 3); return err })
}

// numbers: by organisation and kind, from 1, given in the transaction; one that
// was rolled back may leave a gap and is never somebody else's later (R2.6).
func numbers(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	b.fill("b", "other")
	add := func(org, id string, kind item.Kind) int64 {
		return get(b, org, func(ctx context.Context, tx *store.Tx) (item.Item, error) {
			return tx.AddItem(ctx, document(id, kind, ada, ""))
		}).Number
	}
	got := []int64{
		add("a", "u3", item.Update), add("a", "u4", item.Update), add("a", "r1", item.Request), add("b", "u3", item.Update),
		add("a", "k", item.Comment), add("a", "s", item.State),
	}
	if want := []int64{3, 4, 1, 3, 0, 0}; !slices.Equal(got, want) { // fill wrote two updates
		t.Errorf("numbers = %v, want %v", got, want)
	}
	broken := errors.New("refused")
	var lost int64
	b.refuse("a verb", broken, "a", func(tx *store.Tx) error {
		i, err := tx.AddItem(ctx, document("u5", item.Update, ada, ""))
		if err != nil {
			return err
		}
		lost = i.Number
		return broken
	})
	if next := add("a", "u6", item.Update); next < lost {
		t.Errorf("after number %d, rolled back, comes %d", lost, next)
	}
	b.write("a", func(tx *store.Tx) error { return tx.TakeBack(ctx, "u6", now) })
	if again := add("a", "u7", item.Update); again == b.item("a", "u6").Number {
		t.Errorf("the number %d of what was taken back is used again", again)
	}
}

// concurrently runs fn side by side and returns all errors.
func concurrently(n int, fn func(i int) error) error {
	var wg sync.WaitGroup
	errs := make([]error, n)
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = fn(i)
		})
	}
	close(start)
	wg.Wait()
	return errors.Join(errs...)
}

func concurrentNumbers(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	const writers, each = 8, 25
	var mu sync.Mutex
	var got []int64
	err := concurrently(writers, func(w int) error {
		for n := range each {
			var i item.Item
			err := b.Store.Write(ctx, "a", func(tx *store.Tx) error {
				var err error
				i, err = tx.AddItem(ctx, document(fmt.Sprintf("w%d-%d", w, n), item.Ask, ada, ""))
				return err
			})
			if err != nil {
				return err
			}
			mu.Lock()
			got = append(got, i.Number)
			mu.Unlock()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	if all := len(slices.Compact(slices.Clone(got))); all != writers*each || got[0] < 2 { // fill wrote the first
		t.Errorf("%d writers got %d different numbers from %d, want %d from 2", writers, all, got[0], writers*each)
	}
}

func asks(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	b.write("a", func(tx *store.Tx) error {
		_, err := tx.AddItem(ctx, document("q", item.Ask, ada, ""))
		return err
	})
	want := ask.Ask{
		Item: "q", Term: worktime.EndOfWeek(), Urgent: true, UrgentWhy: "the press waits", Need: 2,
		Recipients: []ask.Recipient{
			{Person: ben, State: ask.Waiting, Term: worktime.Hours(24), TimeAsked: "eod", TimeReason: "busy"},
			{Person: cem, State: ask.Waiting, Term: worktime.Hours(24)},
		},
	}
	b.write("a", func(tx *store.Tx) error { return tx.AddAsk(ctx, want) })
	read := func() ask.Ask {
		return get(b, "a", func(ctx context.Context, tx *store.Tx) (ask.Ask, error) { return tx.Ask(ctx, "q") })
	}
	if diff := cmp.Diff(want, read(), terms()); diff != "" {
		t.Errorf("an ask as written (-want +got):\n%s", diff)
	}
	want.Withdrawn, want.Document = after(9), update
	want.Recipients[0] = ask.Recipient{
		Person: ben, State: ask.Handed, Term: worktime.OnInstant(sec(90)), Started: sec(1), Due: sec(2), Settled: after(3), Reason: "knows better", To: dia,
		CouldWait: true,
	}
	want.Recipients[1] = ask.Recipient{Person: cem, State: ask.Answered, Term: worktime.WorkHours(3), Answer: comment, Settled: after(4)}
	want.Recipients = append(want.Recipients, ask.Recipient{Person: dia, State: ask.Left, Term: worktime.EndOfDay(), From: ben, Settled: after(5)})
	b.write("a", func(tx *store.Tx) error { return tx.SetAsk(ctx, want) })
	if diff := cmp.Diff(want, read(), terms()); diff != "" {
		t.Errorf("an ask as changed (-want +got):\n%s", diff)
	}

	open := func() []string {
		return get(b, "a", func(ctx context.Context, tx *store.Tx) ([]string, error) { return tx.OpenAsks(ctx, ben) })
	}
	for id, due := range map[string]worktime.Instant{"late": sec(500), "soon": sec(100), "none": 0} {
		b.write("a", func(tx *store.Tx) error {
			if _, err := tx.AddItem(ctx, document(id, item.Ask, ada, "")); err != nil {
				return err
			}
			return tx.AddAsk(ctx, ask.Ask{Item: id, Term: worktime.Hours(24), Recipients: []ask.Recipient{{Person: ben, State: ask.Waiting, Term: worktime.Hours(24), Due: due}}})
		})
	}
	if got, want := open(), []string{"soon", "late", question, "none"}; !slices.Equal(got, want) {
		t.Errorf("OpenAsks(ben) = %v, want %v: by due time, without one last, nothing settled", got, want)
	}
	b.write("a", func(tx *store.Tx) error {
		a, err := tx.Ask(ctx, "soon")
		if err != nil {
			return err
		}
		a.Withdrawn = after(6)
		return tx.SetAsk(ctx, a)
	})
	if got, want := open(), []string{"late", question, "none"}; !slices.Equal(got, want) {
		t.Errorf("OpenAsks(ben) after a withdrawal = %v, want %v", got, want)
	}

	b.refuse("an ask of nothing", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.Ask(ctx, update); return err })
	b.refuse("changing an ask of nothing", store.ErrNotFound, "a", func(tx *store.Tx) error { return tx.SetAsk(ctx, ask.Ask{Item: update}) })
	b.refuse("a second ask of one item", store.ErrExists, "a", func(tx *store.Tx) error { return tx.AddAsk(ctx, ask.Ask{Item: "q", Term: worktime.EndOfDay()}) })
	b.refuse("an ask without its item", store.ErrReference, "a", func(tx *store.Tx) error { return tx.AddAsk(ctx, ask.Ask{Item: "none-such", Term: worktime.EndOfDay()}) })
	b.refuse("an ask of nobody known", store.ErrReference, "a", func(tx *store.Tx) error {
		if _, err := tx.AddItem(ctx, document("q2", item.Ask, ada, "")); err != nil {
			return err
		}
		return tx.AddAsk(ctx, ask.Ask{Item: "q2", Term: worktime.EndOfDay(), Recipients: []ask.Recipient{{Person: "nobody", State: ask.Waiting, Term: worktime.EndOfDay()}}})
	})
}

// concurrentAsks: two recipients whose clocks start in two transactions at one
// time, as two briefs of one window do, both keep their due times.
func concurrentAsks(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	people := []string{ada, ben, cem, dia}
	for round := range 10 {
		id := fmt.Sprintf("q%d", round)
		b.write("a", func(tx *store.Tx) error {
			if _, err := tx.AddItem(ctx, document(id, item.Ask, ada, "")); err != nil {
				return err
			}
			a := ask.Ask{Item: id, Term: worktime.Hours(24)}
			for _, p := range people {
				a.Recipients = append(a.Recipients, ask.Recipient{Person: p, State: ask.Waiting, Term: a.Term})
			}
			return tx.AddAsk(ctx, a)
		})
		err := concurrently(len(people), func(n int) error {
			return b.Store.Write(ctx, "a", func(tx *store.Tx) error {
				a, err := tx.Ask(ctx, id)
				if err != nil {
					return err
				}
				r, err := a.Recipient(people[n])
				if err != nil {
					return err
				}
				r.Started, r.Due = sec(1), sec(1+n)
				return tx.SetAsk(ctx, a)
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		a := get(b, "a", func(ctx context.Context, tx *store.Tx) (ask.Ask, error) { return tx.Ask(ctx, id) })
		for n, r := range a.Recipients {
			if r.Started != sec(1) || r.Due != sec(1+n) {
				t.Fatalf("round %d: the clock of %s, started beside others, is lost: %+v", round, r.Person, r)
			}
		}
	}
}

func crises(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	read := func() crisis.Crisis {
		return get(b, "a", func(ctx context.Context, tx *store.Tx) (crisis.Crisis, error) { return tx.Crisis(ctx, fire) })
	}
	want := crisis.Crisis{Item: fire, Needed: []crisis.Needed{{Person: ben, Round: 1, Next: after(2)}}}
	if diff := cmp.Diff(want, read()); diff != "" {
		t.Errorf("a crisis as written (-want +got):\n%s", diff)
	}
	due := func(minutes int) []string { return must(b.Store.DueCalls(ctx, "a", after(minutes))) }
	if got := due(1); len(got) != 0 {
		t.Errorf("DueCalls before the time = %v", got)
	}
	if got := due(2); !slices.Equal(got, []string{fire}) {
		t.Errorf("DueCalls at the time = %v, want the crisis", got)
	}
	if at, ok, err := b.Store.NextCall(ctx, "a"); err != nil || !ok || !at.Equal(after(2)) {
		t.Errorf("NextCall = %s, %v, %v, want %s", at, ok, err, after(2))
	}
	want.Needed[0] = crisis.Needed{Person: ben, HasIt: after(3), Round: 2}
	want.Needed = append(want.Needed, crisis.Needed{Person: dia, Cannot: after(4), Round: 3})
	want.Ended, want.EndedBy, want.Outcome = after(5), ada, "switched over"
	b.write("a", func(tx *store.Tx) error { return tx.SetCrisis(ctx, want) })
	if diff := cmp.Diff(want, read()); diff != "" {
		t.Errorf("a crisis as changed (-want +got):\n%s", diff)
	}
	if at, ok, err := b.Store.NextCall(ctx, "a"); err != nil || ok {
		t.Errorf("NextCall when all is quiet = %s, %v, %v", at, ok, err)
	}
	if got := due(1000); len(got) != 0 {
		t.Errorf("DueCalls when all is quiet = %v", got)
	}
	b.refuse("a crisis of nothing", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.Crisis(ctx, update); return err })

	raised := func(since int) int {
		return get(b, "a", func(ctx context.Context, tx *store.Tx) (int, error) { return tx.RaisedSince(ctx, ada, after(since)) })
	}
	if got := []int{raised(-1), raised(0), raised(1)}; !slices.Equal(got, []int{1, 0, 0}) {
		t.Errorf("RaisedSince a minute before, at, and after = %v, want 1 0 0", got)
	}

	// One message a channel and round, whoever asks twice.
	for range 2 {
		b.write("a", func(tx *store.Tx) error {
			if err := tx.SetContact(ctx, store.Contact{Person: ben, Channel: store.ChannelWebhook, Address: "https://example.org", Crises: true}); err != nil {
				return err
			}
			return tx.CallOut(ctx, fire, ben, 1, now)
		})
	}
	b.write("a", func(tx *store.Tx) error { return tx.CallOut(ctx, fire, ben, 2, after(2)) })
	b.write("a", func(tx *store.Tx) error { // turned off in the charter
		if err := tx.SetContact(ctx, store.Contact{Person: ben, Channel: store.ChannelWebhook, Address: "https://example.org"}); err != nil {
			return err
		}
		return tx.CallOut(ctx, fire, ben, 3, after(4))
	})
	var got []string
	for _, o := range must(b.Store.ClaimOutgoing(ctx, "a", "test", true, after(60), leaseTime, 100)) {
		got = append(got, fmt.Sprintf("%s %d", o.Channel, o.Round))
	}
	slices.Sort(got)
	if want := []string{"email 1", "email 2", "email 3", "webhook 1", "webhook 2"}; !slices.Equal(got, want) {
		t.Errorf("calls = %v, want %v", got, want)
	}
}

func drafts(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	want := store.Draft{ID: "d", Person: ben, Item: update, ItemVersion: 1, Save: 1, Fields: "one", Created: now, Saved: now}
	b.write("a", func(tx *store.Tx) error { return tx.AddDraft(ctx, want) })
	want.Save, want.Fields, want.Saved = 2, "two", after(1)
	b.write("a", func(tx *store.Tx) error { return tx.SaveDraft(ctx, want) })
	read := func() store.Draft {
		return get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Draft, error) { return tx.Draft(ctx, ben, "d") })
	}
	if diff := cmp.Diff(want, read()); diff != "" {
		t.Errorf("a draft (-want +got):\n%s", diff)
	}
	for _, save := range []int64{1, 2, 4} {
		b.refuse(fmt.Sprintf("save %d on top of 2", save), store.ErrConflict, "a", func(tx *store.Tx) error {
			return tx.SaveDraft(ctx, store.Draft{ID: "d", Person: ben, Save: save, Fields: "stale", Saved: now})
		})
	}
	b.refuse("somebody else's draft, saved", store.ErrConflict, "a", func(tx *store.Tx) error {
		return tx.SaveDraft(ctx, store.Draft{ID: "d", Person: ada, Save: 3, Fields: "stolen", Saved: now})
	})
	b.refuse("somebody else's draft, read", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.Draft(ctx, ada, "d"); return err })
	b.refuse("a draft id again", store.ErrExists, "a", func(tx *store.Tx) error { return tx.AddDraft(ctx, store.Draft{ID: "d", Person: ada, Save: 1}) })
	b.write("a", func(tx *store.Tx) error { return tx.DropDraft(ctx, ada, "d") })
	if diff := cmp.Diff(want, read()); diff != "" {
		t.Errorf("a draft that others tried to change or drop (-want +got):\n%s", diff)
	}
	b.write("a", func(tx *store.Tx) error { return tx.DropDraft(ctx, ben, "d") })
	b.write("a", func(tx *store.Tx) error { return tx.DropDraft(ctx, ben, "d") }) // gone is gone
	b.refuse("a dropped draft", store.ErrNotFound, "a", func(tx *store.Tx) error { _, err := tx.Draft(ctx, ben, "d"); return err })
}
