package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/store"
)

// holds: after a restore only what somebody began since then goes out, and no
// brief, until it is let go.
func holds(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	add := func(id string, subject store.Subject, minute int) {
		t.Helper()
		b.write("a", func(tx *store.Tx) error {
			return tx.AddOutgoing(ctx, store.Outgoing{ID: id, Subject: subject, About: "about-" + id, Person: ben, Channel: store.ChannelEmail, Round: 1, Due: after(minute), Created: after(minute)})
		})
	}
	b.write("a", func(tx *store.Tx) error { return tx.DropWaiting(ctx, now, "not of this test") })
	add("old-brief", store.SubjectBrief, 1)
	add("old-link", store.SubjectLink, 1)
	add("old-crisis", store.SubjectCrisis, 1)
	b.write(store.Server, func(tx *store.Tx) error { return tx.Hold(ctx, after(5)) })
	add("new-brief", store.SubjectBrief, 6)
	add("new-link", store.SubjectLink, 6)
	add("new-crisis", store.SubjectCrisis, 6)

	claimed := func(crisis bool) map[string]bool {
		t.Helper()
		got := make(map[string]bool)
		for _, o := range must(b.Store.ClaimOutgoing(ctx, "a", "test", crisis, after(60), leaseTime, 100)) {
			got[o.ID] = true
		}
		return got
	}
	if h := must(b.Store.Reader(b.actor("a", ada)).Held(ctx)); !h.Since.Equal(after(5)) || h.Messages != 4 {
		t.Errorf("Reader.Held = %+v, want 4 messages since %s", h, after(5))
	}
	if held := must(b.Store.Held(ctx)); !held.Equal(after(5)) {
		t.Errorf("Held = %s, want %s", held, after(5))
	}
	for _, crisis := range []bool{false, true} {
		want := map[bool]string{false: "new-link", true: "new-crisis"}[crisis]
		if due, ok, err := b.Store.NextOutgoing(ctx, "a", crisis); err != nil || !ok || !due.Equal(after(6)) {
			t.Errorf("NextOutgoing = %s, %v, %v, want that of %s", due, ok, err, want)
		}
		if got := claimed(crisis); len(got) != 1 || !got[want] {
			t.Errorf("while it is held these go out: %v, want %s alone", got, want)
		}
	}
	b.write(store.Server, func(tx *store.Tx) error { return tx.LetGo(ctx) })
	if held := must(b.Store.Held(ctx)); !held.IsZero() {
		t.Errorf("Held after it was let go = %s", held)
	}
	if got := claimed(false); !got["old-brief"] || !got["new-brief"] || !got["old-link"] {
		t.Errorf("let go, these go out: %v", got)
	}
	if got := claimed(true); !got["old-crisis"] {
		t.Errorf("let go, these crises go out: %v", got)
	}
}

// dropsHeld: what a restore holds back can be dropped, and what is on its way
// since then still goes out, a crisis above all.
func dropsHeld(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	b.write("a", func(tx *store.Tx) error { return tx.DropWaiting(ctx, now, "not of this test") })
	for minute, id := range []string{"old", "same", "new"} {
		for _, subject := range []store.Subject{store.SubjectBrief, store.SubjectLink, store.SubjectCrisis} {
			b.write("a", func(tx *store.Tx) error {
				return tx.AddOutgoing(ctx, store.Outgoing{ID: id + "-" + string(subject), Subject: subject, About: id, Person: ben, Channel: store.ChannelEmail, Round: 1, Due: now, Created: after(minute)})
			})
		}
	}
	b.write("a", func(tx *store.Tx) error {
		held := must(tx.CountHeld(ctx, after(1)))
		if n, err := tx.DropHeld(ctx, after(1), after(9), "dropped after a restore"); n != 7 || n != held || err != nil {
			t.Errorf("DropHeld = %d, %v, want the 7 that CountHeld counts: %d", n, err, held)
		}
		return nil
	})
	var left []string
	for _, o := range must(b.Store.Reader(b.actor("a", ada)).Sendings(ctx, store.SendWaiting, 10)) {
		left = append(left, o.ID)
	}
	if diff := cmp.Diff([]string{"new-crisis", "new-link"}, left); diff != "" {
		t.Errorf("still on its way (-want +got):\n%s", diff)
	}
}

// ends: a restore ends whatever opened a door, in one organisation and not in
// the other.
func ends(t *testing.T, b *Bench) {
	b.fill("a", "mark")
	b.fill("b", "mark")
	other := b.dump("b")
	b.write("a", func(tx *store.Tx) error { return tx.EndAll(t.Context(), after(9)) })
	rows := b.dump("a")
	for _, table := range []string{"session", "token", "feed"} {
		if len(other[table]) == 0 {
			t.Errorf("the test has no %s", table)
		}
		if len(rows[table]) != 0 {
			t.Errorf("there are still %v in %s", rows[table], table)
		}
	}
	if _, err := b.Store.Link(t.Context(), "a", store.LinkReset, "reset-ben"); err != nil {
		t.Error(err)
	}
	b.refuse("a link from before", store.ErrNotFound, "a", func(tx *store.Tx) error {
		_, err := tx.UseLink(t.Context(), store.LinkReset, "reset-ben", after(10))
		return err
	})
	if diff := cmp.Diff(other, b.dump("b")); diff != "" {
		t.Errorf("another organisation changed (-before +after):\n%s", diff)
	}
}
