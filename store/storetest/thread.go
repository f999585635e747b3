package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/store"
)

// threads: what was said on an item is read in stretches, each answer behind
// what it answers, from the end or from any comment on.
func threads(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	adas := b.Store.Reader(b.actor("a", ada))
	said := func(id, parent string, minute int) {
		t.Helper()
		b.write("a", func(tx *store.Tx) error {
			_, err := tx.AddItem(ctx, document(id, item.Comment, ben, "", wide, on("long"), func(i *item.Item) { i.Parent, i.Sent = parent, after(minute) }))
			return err
		})
	}
	b.write("a", func(tx *store.Tx) error {
		_, err := tx.AddItem(ctx, document("long", item.Update, ada, "", wide))
		return err
	})
	for n := range 6 {
		said(fmt.Sprintf("s%d", n), "", n)
	}
	said("s1-a", "s1", 10)   // answers come later than what follows
	said("s1-b", "s1-a", 11) // and have answers of their own
	said("s4-a", "s4", 12)
	said("gone", "", 13)
	said("gone-a", "gone", 14)
	said("on-it", "long", 15)                                                             // names the document
	b.write("a", func(tx *store.Tx) error { return tx.TakeBack(ctx, "gone", after(16)) }) // its answer stays, by itself
	view := must(adas.Item(ctx, "long"))
	for _, tt := range []struct {
		name, from string
		limit      int
		want       []string
		around     store.Comments
	}{
		{"all", "", 100, []string{"s0", "s1", "s1-a", "s1-b", "s2", "s3", "s4", "s4-a", "s5", "gone-a", "on-it"}, store.Comments{Said: 11}},
		{"the last ones", "", 4, []string{"s4", "s4-a", "s5", "gone-a", "on-it"}, store.Comments{Said: 11, Before: 7, First: "s0", Earlier: "s1-b"}},
		{"the ones before", "s2", 4, []string{"s2", "s3", "s4", "s4-a"}, store.Comments{Said: 11, Before: 4, After: 3, First: "s0", Earlier: "s0", Later: "s5"}},
		{"the beginning", "s0", 4, []string{"s0", "s1", "s1-a", "s1-b"}, store.Comments{Said: 11, After: 7, Later: "s2"}},
		{"from an answer to an answer", "s1-b", 2, []string{"s1", "s1-b", "s2"}, store.Comments{Said: 11, Before: 3, After: 6, First: "s0", Earlier: "s1", Later: "s3"}},
		{"from near the end", "on-it", 3, []string{"s5", "gone-a", "on-it"}, store.Comments{Said: 11, Before: 8, First: "s0", Earlier: "s3"}},
		{"from what was taken back", "gone", 3, []string{"s5", "gone-a", "on-it"}, store.Comments{Said: 11, Before: 8, First: "s0", Earlier: "s3"}},
		{"from a comment elsewhere", comment, 3, []string{"s5", "gone-a", "on-it"}, store.Comments{Said: 11, Before: 8, First: "s0", Earlier: "s3"}},
	} {
		got := must(adas.Comments(ctx, view, tt.from, tt.limit))
		var ids []string
		for _, c := range got.Rows {
			ids = append(ids, c.ID)
		}
		got.Rows = nil
		if diff := cmp.Diff(tt.want, ids) + cmp.Diff(tt.around, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if c := must(adas.Comments(ctx, must(adas.Item(ctx, letter)), "s1", 10)); len(c.Rows) != 0 || c.Said != 0 {
		t.Errorf("an item on which nobody said anything: %+v", c)
	}

	b.write("a", func(tx *store.Tx) error {
		for n, kind := range []item.Kind{item.State, item.Reply, item.State} {
			if _, err := tx.AddItem(ctx, document(fmt.Sprintf("e%d", n), kind, ada, "", wide, on("long"), naming(item.Mentioned, dia))); err != nil {
				return err
			}
		}
		return tx.TakeBack(ctx, "e2", after(17))
	})
	notes := must(adas.Entries(ctx, view, item.State))
	if len(notes) != 1 || notes[0].ID != "e0" || len(notes[0].People) != 1 || notes[0].People[0].Person != dia {
		t.Errorf("what happened is %+v, want e0, which names %s", notes, dia)
	}
}
