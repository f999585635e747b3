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

	"github.com/rubato-hq/rubato/store"
)

func outbox(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	claim := func(crisis bool, wall time.Time, limit int) []store.Outgoing {
		t.Helper()
		return must(b.Store.ClaimOutgoing(ctx, "a", "test", crisis, wall, leaseTime, limit))
	}
	add := func(id string, subject store.Subject, round int64, due time.Time) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			return tx.AddOutgoing(ctx, store.Outgoing{
				ID: id, Subject: subject, About: "about", Person: ben, Channel: store.ChannelEmail, Round: round, Due: due, Created: now, Payload: "payload",
			})
		}
	}
	b.write("a", add("c", store.SubjectCrisis, 1, after(1)))
	b.write("a", add("c2", store.SubjectCrisis, 1, after(2))) // the same call again is nothing new
	b.write("a", add("c3", store.SubjectCrisis, 2, after(3)))
	if at, ok, err := b.Store.NextOutgoing(ctx, "a", true); err != nil || !ok || !at.Equal(after(1)) {
		t.Errorf("NextOutgoing of crises = %s, %v, %v, want %s", at, ok, err, after(1))
	}
	if got := claim(true, now, 10); len(got) != 0 {
		t.Errorf("claimed before it is due: %v", got)
	}
	got := claim(true, after(3), 1)
	want := []store.Outgoing{{
		Org: "a", ID: "c", Subject: store.SubjectCrisis, About: "about", Person: ben, Channel: store.ChannelEmail, Round: 1, Due: after(1), Attempt: 1, Fence: 1,
		Created: now, Payload: "payload",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("the first claim (-want +got):\n%s", diff)
	}
	c := got[0]
	if at, ok, err := b.Store.NextOutgoing(ctx, "a", true); err != nil || !ok || !at.Equal(after(3)) {
		t.Errorf("NextOutgoing while one is held = %s, %v, %v, want %s", at, ok, err, after(3))
	}
	if brief := claim(false, now, 10); len(brief) != 2 { // the other lane is its own
		t.Errorf("claimed %d of the other lane, want 2", len(brief))
	}

	if err := b.Store.Retry(ctx, c, after(9), after(10), store.Failure{Reason: "421 busy"}); err != nil {
		t.Errorf("Retry: %v", err)
	}
	if got := slices.DeleteFunc(claim(true, after(9), 10), func(o store.Outgoing) bool { return o.ID != "c" }); len(got) != 0 {
		t.Errorf("tried again before its time: %v", got)
	}
	again := slices.DeleteFunc(claim(true, after(10), 10), func(o store.Outgoing) bool { return o.ID != "c" })
	if len(again) != 1 || again[0].Attempt != 2 || again[0].Fence != 2 || again[0].Error != "421 busy" {
		t.Errorf("the second attempt: %+v", again)
	}

	// A lost lease writes nothing.
	b.write("a", add("s", store.SubjectBrief, 3, after(20)))
	one := slices.DeleteFunc(claim(false, after(20), 10), func(o store.Outgoing) bool { return o.ID != "s" })
	two := slices.DeleteFunc(claim(false, after(30), 10), func(o store.Outgoing) bool { return o.ID != "s" })
	if len(one) != 1 || len(two) != 1 || two[0].Fence <= one[0].Fence {
		t.Fatalf("claims of one message, the second after its lease: %v, %v", one, two)
	}
	before := b.dump("a")
	for name, err := range map[string]error{
		"Sent":         b.Store.Sent(ctx, one[0], after(31), "250", "ben@mark"),
		"Retry":        b.Store.Retry(ctx, one[0], after(31), after(31), store.Failure{Reason: "421"}),
		"Snooze":       b.Store.Snooze(ctx, one[0], after(31)),
		"Fail":         b.Store.Fail(ctx, one[0], after(31), store.Failure{Reason: "550", Address: "ben@mark", Ends: true}),
		"DropOutgoing": b.Store.DropOutgoing(ctx, one[0], after(31), "old"),
	} {
		if !errors.Is(err, store.ErrFence) {
			t.Errorf("%s under a lost lease: %v, want ErrFence", name, err)
		}
	}
	if diff := cmp.Diff(before, b.dump("a")); diff != "" {
		t.Errorf("a lost lease wrote something (-before +after):\n%s", diff)
	}
	if err := b.Store.Fail(ctx, two[0], after(31), store.Failure{Reason: "550 no such user", Address: "ben@mark"}); err != nil {
		t.Errorf("Fail: %v", err)
	}
	if got := b.contact(ben); !got.Failed.Equal(after(31)) || got.FailedWhy != "550 no such user" || !got.Briefs {
		t.Errorf("the contact after a permanent failure: %+v", got)
	}
	b.write("a", func(tx *store.Tx) error { return tx.SendAgain(ctx, "s", after(40)) })
	three := slices.DeleteFunc(claim(false, after(40), 10), func(o store.Outgoing) bool { return o.ID != "s" })
	if len(three) != 1 || three[0].Attempt != 1 {
		t.Fatalf("what is sent again: %v", three)
	}
	if err := b.Store.Sent(ctx, three[0], after(41), "250 taken", "ben@mark"); err != nil {
		t.Errorf("Sent: %v", err)
	}
	if got := b.contact(ben); !got.Failed.IsZero() {
		t.Errorf("the contact after it worked again: %+v", got)
	}
	if err := b.Store.Sent(ctx, three[0], after(42), "250 again", ""); !errors.Is(err, store.ErrFence) {
		t.Errorf("sent twice: %v, want ErrFence", err)
	}
	b.refuse("sending again what was sent", store.ErrNotFound, "a", func(tx *store.Tx) error { return tx.SendAgain(ctx, "s", after(50)) })
	b.write("a", func(tx *store.Tx) error { return tx.DropOutgoingOf(ctx, ben, after(60)) })
	if got := append(claim(true, after(600), 100), claim(false, after(600), 100)...); len(got) != 0 {
		t.Errorf("something still goes out to somebody who was shut out: %v", got)
	}
	for _, row := range b.dump("a")["outbox"] {
		if !strings.Contains(row, "payload= ") {
			t.Errorf("a message that has ended keeps its secret: %s", row)
		}
	}
}

func (b *Bench) contact(who string) store.Contact {
	b.T.Helper()
	return get(b, "a", func(ctx context.Context, tx *store.Tx) (map[string]store.Contact, error) {
		return tx.Contacts(ctx, who)
	})[store.ChannelEmail]
}

// concurrentOutbox: many senders at once take no message twice.
func concurrentOutbox(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	const messages = 200
	b.write("a", func(tx *store.Tx) error {
		for n := range messages {
			err := tx.AddOutgoing(ctx, store.Outgoing{
				ID: fmt.Sprintf("o%03d", n), Subject: store.SubjectBrief, About: fmt.Sprint(n), Person: dia, Channel: store.ChannelEmail, Round: 1, Due: after(1), Created: now,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	var mu sync.Mutex
	taken := make(map[string]int)
	err := concurrently(8, func(n int) error {
		for {
			got, err := b.Store.ClaimOutgoing(ctx, "a", fmt.Sprint(n), false, after(2), leaseTime, 7)
			if err != nil {
				return err
			}
			mu.Lock()
			for _, o := range got {
				taken[o.ID]++
			}
			mu.Unlock()
			if len(got) > 0 {
				continue
			}
			if at, ok, err := b.Store.NextOutgoing(ctx, "a", false); err != nil || !ok || at.After(after(2)) {
				return err
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(taken) != messages+2 { // fill wrote two
		t.Errorf("%d of %d messages were taken", len(taken), messages+2)
	}
	for id, times := range taken {
		if times != 1 {
			t.Errorf("%s was taken %d times", id, times)
		}
	}
}
