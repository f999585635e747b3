package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/store"
)

const stream = "team:stream"

func addEvent(ctx context.Context, tx *store.Tx, of, id string) error {
	return tx.AddEvent(ctx, store.Event{ID: id, Stream: of, Kind: store.EventSent, Item: update, Version: 1, Actor: ada, At: now})
}

// Read returns the ids of a stream's events after a position, and where they end.
func (b *Bench) read(org, of string, from store.Position, limit int) (got []string, last store.Position) {
	b.T.Helper()
	last = from
	for _, e := range get(b, org, func(ctx context.Context, tx *store.Tx) ([]store.Event, error) {
		return tx.EventsAfter(ctx, of, from, limit)
	}) {
		got, last = append(got, e.ID), e.Position
	}
	return got, last
}

func events(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	b.fill("b", "other")
	for n := range 3 {
		b.write("a", func(tx *store.Tx) error {
			for part := range 2 {
				if err := addEvent(ctx, tx, stream, fmt.Sprintf("e%d.%d", n, part)); err != nil {
					return err
				}
				if err := addEvent(ctx, tx, "team:another", fmt.Sprintf("x%d.%d", n, part)); err != nil {
					return err
				}
			}
			return nil
		})
		b.write("b", func(tx *store.Tx) error { return addEvent(ctx, tx, stream, "foreign") })
	}
	all := []string{"e0.0", "e0.1", "e1.0", "e1.1", "e2.0", "e2.1"}
	if got, _ := b.read("a", stream, store.Position{}, 100); !slices.Equal(got, all) {
		t.Errorf("the stream = %v, want %v in order", got, all)
	}
	// Page by page, also within one transaction, nothing is skipped or repeated.
	for limit := 1; limit <= 4; limit++ {
		var got []string
		var from store.Position
		for {
			page, last := b.read("a", stream, from, limit)
			if len(page) == 0 {
				break
			}
			got, from = append(got, page...), last
		}
		if !slices.Equal(got, all) {
			t.Errorf("the stream in pages of %d = %v, want %v", limit, got, all)
		}
	}
	want := store.Event{ID: "full", Stream: stream, Kind: store.EventEdited, Item: question, Version: 3, Actor: ben, At: after(7)}
	b.write("a", func(tx *store.Tx) error { return tx.AddEvent(ctx, want) })
	page := get(b, "a", func(ctx context.Context, tx *store.Tx) ([]store.Event, error) {
		return tx.EventsAfter(ctx, stream, store.Position{}, 100)
	})
	want.Position = page[len(page)-1].Position
	if diff := cmp.Diff(want, page[len(page)-1]); diff != "" {
		t.Errorf("an event as written (-want +got):\n%s", diff)
	}
	head := get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Position, error) { return tx.Head(ctx) })
	if head != want.Position {
		t.Errorf("Head() = %v, want the newest position %v", head, want.Position)
	}
	if head := get(b, "empty", func(ctx context.Context, tx *store.Tx) (store.Position, error) { return tx.Head(ctx) }); head != (store.Position{}) {
		t.Errorf("Head() of an empty log = %v", head)
	}
}

// concurrentEvents: while many write, a reader that goes on from where it
// stopped meets every event once, in the order of positions.
func concurrentEvents(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	const writers, each = 6, 30
	done := make(chan struct{})
	var reading sync.WaitGroup
	readers := make([][]string, 3)
	for r := range readers {
		reading.Go(func() {
			var from store.Position
			for last := false; ; {
				var page []store.Event
				err := b.Store.Write(ctx, "a", func(tx *store.Tx) error {
					var err error
					page, err = tx.EventsAfter(ctx, stream, from, 7)
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
				for _, e := range page {
					readers[r] = append(readers[r], e.ID)
					from = e.Position
				}
				if len(page) > 0 {
					continue
				}
				if last {
					return
				}
				select {
				case <-done:
					last = true // once more, for what was committed meanwhile
				default:
				}
			}
		})
	}
	var mu sync.Mutex
	var written []string
	err := concurrently(writers, func(w int) error {
		for n := range each {
			id := fmt.Sprintf("w%d-%02d", w, n)
			err := b.Store.Write(ctx, "a", func(tx *store.Tx) error {
				if err := addEvent(ctx, tx, stream, id); err != nil {
					return err
				}
				return addEvent(ctx, tx, stream, id+"+")
			})
			if err != nil {
				return err
			}
			mu.Lock()
			written = append(written, id, id+"+")
			mu.Unlock()
		}
		return nil
	})
	close(done)
	reading.Wait()
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(written)
	for r, got := range readers {
		if !slices.Equal(got, readers[0]) {
			t.Errorf("readers 0 and %d met the events in different order", r)
		}
		got = slices.Sorted(slices.Values(got))
		if diff := cmp.Diff(written, got); diff != "" {
			t.Errorf("reader %d (-written +read):\n%s", r, diff)
		}
	}
}

func follows(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	paces := func() map[string]store.Pace {
		t.Helper()
		r := b.Store.Reader(b.actor("a", dia))
		all := must(r.AllPaces(ctx))
		streams := append(slices.Sorted(maps.Keys(all)), store.ThreadStream("none"))
		if diff := cmp.Diff(all, must(r.Paces(ctx, streams))); diff != "" {
			t.Errorf("all that is followed, and these streams:\n%s", diff)
		}
		if some := must(r.Paces(ctx, streams[len(streams)-1:])); len(some) > 0 {
			t.Errorf("a stream that is not followed: %v", some)
		}
		return all
	}
	unread := func() []string {
		t.Helper()
		return get(b, "a", func(ctx context.Context, tx *store.Tx) ([]string, error) {
			p, err := tx.Person(ctx, dia)
			if err != nil {
				return nil, err
			}
			g, err := one(tx.Gather(ctx, []store.Wanted{{Person: p, Paces: []store.Pace{store.PaceWindow, store.PaceDaily, store.PaceWeekly}, Until: sec(600)}}))
			var out []string
			for _, l := range g.Lines {
				out = append(out, l.Item)
			}
			return out, err
		})
	}
	say := func(id string) {
		t.Helper()
		b.write("a", func(tx *store.Tx) error {
			if _, err := tx.AddItem(ctx, document(id, "update", ada, "", inTeam(teamOpen))); err != nil {
				return err
			}
			return tx.AddEvent(ctx, store.Event{ID: id, Stream: store.TeamStream(teamOpen), Kind: store.EventSent, Item: id, Version: 1, Actor: ada, At: now})
		})
	}
	of := store.TeamStream(teamOpen)
	pace := func(p store.Pace) {
		t.Helper()
		b.write("a", func(tx *store.Tx) error { return tx.SetPace(ctx, dia, of, p, now) })
	}
	say("before")
	b.write("a", func(tx *store.Tx) error { return tx.AddFollow(ctx, dia, of, store.PaceWindow, now) })
	if got := unread(); len(got) != 0 {
		t.Errorf("a new follow brings what was said before it: %v", got)
	}
	say("one")
	b.write("a", func(tx *store.Tx) error { return tx.AddFollow(ctx, dia, of, store.PaceDaily, now) }) // stays as it is
	if got := unread(); !slices.Equal(got, []string{"one"}) || paces()[of] != store.PaceWindow {
		t.Errorf("following again: unread %v, pace %s, want one, window", got, paces()[of])
	}
	pace(store.PaceWeekly)
	if got := unread(); !slices.Equal(got, []string{"one"}) || paces()[of] != store.PaceWeekly {
		t.Errorf("another pace: unread %v, pace %s, want one, weekly", got, paces()[of])
	}
	b.write("a", func(tx *store.Tx) error { return tx.AddFollow(ctx, dia, of, store.PaceWindow, now) })
	if paces()[of] != store.PaceWeekly {
		t.Error("writing undid a pace that was chosen by hand")
	}
	pace(store.PaceMuted)
	say("muted")
	if got := unread(); len(got) != 0 {
		t.Errorf("a muted stream brings %v", got)
	}
	pace(store.PaceWindow)
	if got := unread(); len(got) != 0 {
		t.Errorf("what was muted comes after all: %v", got)
	}
	say("two")
	if got := unread(); !slices.Equal(got, []string{"two"}) {
		t.Errorf("after muting: unread %v, want two", got)
	}
	if n := must(b.Store.Reader(b.actor("a", ada)).Followers(ctx, of)); n != 1 {
		t.Errorf("Followers = %d, want 1", n)
	}
	b.write("a", func(tx *store.Tx) error { return tx.DropFollow(ctx, dia, of) })
	if got := unread(); len(got) != 0 || len(paces()) != 1 { // fill follows another
		t.Errorf("after leaving: unread %v, paces %v", got, paces())
	}
	b.write("a", func(tx *store.Tx) error { return tx.SetPace(ctx, dia, of, store.PaceMuted, now) })
	if n := must(b.Store.Reader(b.actor("a", ada)).Followers(ctx, of)); n != 0 {
		t.Errorf("Followers with one muted = %d, want 0", n)
	}
	b.refuse("moving a follow that is not there", store.ErrNotFound, "a", func(tx *store.Tx) error {
		return tx.MoveFollow(ctx, store.Follow{Person: dia, Stream: "none", Pace: store.PaceDaily})
	})
	b.refuse("a follow of nobody", store.ErrReference, "a", func(tx *store.Tx) error { return tx.AddFollow(ctx, "nobody", of, store.PaceWindow, now) })
	if err := b.Store.Write(ctx, "a", func(tx *store.Tx) error { return tx.SetPace(ctx, dia, of, "hourly", now) }); err == nil {
		t.Error("an unknown pace was written")
	}
}
