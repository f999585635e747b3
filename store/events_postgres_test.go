package store_test

import (
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/store/storetest"
)

// TestSlowWriter: a transaction that writes its event early and commits late is
// never passed by a reader of its database, and holds up no reader of another.
func TestSlowWriter(t *testing.T) {
	ctx := t.Context()
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	const stream = "team:t"
	add := func(st *store.Store, id string, then func()) error {
		return st.Write(ctx, "o", func(tx *store.Tx) error {
			err := tx.AddEvent(ctx, store.Event{ID: id, Stream: stream, Kind: store.EventSent, Item: id, Version: 1, At: now})
			then()
			return err
		})
	}
	read := func(st *store.Store, after store.Position) (ids []string, last store.Position) {
		t.Helper()
		last = after
		if err := st.Write(ctx, "o", func(tx *store.Tx) error {
			events, err := tx.EventsAfter(ctx, stream, after, 100)
			ids, last = nil, after
			for _, e := range events {
				ids, last = append(ids, e.ID), e.Position
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return ids, last
	}
	ours, theirs := storetest.Open(t, pgtest.URL(t)), storetest.Open(t, pgtest.URL(t))
	wrote, commit, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- add(ours, "slow", func() {
			close(wrote)
			<-commit
		})
	}()
	<-wrote
	for _, st := range []*store.Store{ours, theirs} {
		if err := add(st, "quick", func() {}); err != nil {
			t.Fatal(err)
		}
	}
	ids, last := read(ours, store.Position{})
	if len(ids) != 0 {
		t.Errorf("beside an open writer a reader got %q, and would never see what that one commits", ids)
	}
	if got, _ := read(theirs, store.Position{}); len(got) != 1 {
		t.Errorf("an open writer of another database leaves %q of one event", got)
	}
	close(commit)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if ids, _ = read(ours, last); len(ids) != 2 || ids[0] != "slow" || ids[1] != "quick" {
		t.Errorf("after the slow writer's commit a reader got %q, want slow and quick", ids)
	}
}
