package storetest

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/store"
)

// reports: each person has one, the newest, and nobody else's.
func reports(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	keep := func(r store.AuditReport) {
		t.Helper()
		if err := b.Store.Forget(ctx, "a", func(tx *store.Tx) error { return tx.KeepAuditReport(ctx, r) }); err != nil {
			t.Fatal(err)
		}
	}
	keep(store.AuditReport{Person: ada, Made: now, Paper: strings.Repeat("the first paper ", 10_000), Figures: "first figures"})
	two := store.AuditReport{Person: ada, Made: after(60), Paper: strings.Repeat("the other paper ", 3_000), Figures: "other figures"}
	keep(two)
	adas := b.Store.Reader(b.actor("a", ada))
	got, err := adas.AuditReport(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(two, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := b.Store.Forget(ctx, "a", func(tx *store.Tx) error { return tx.DropAuditReport(ctx, ada) }); err != nil {
		t.Fatal(err)
	}
	if err := b.Store.Forget(ctx, "a", func(tx *store.Tx) error { return tx.DropAuditReport(ctx, ada) }); err != nil {
		t.Errorf("a second time: %v", err)
	}
	if _, err := adas.AuditReport(ctx); err == nil {
		t.Error("a report that was dropped is there")
	}
	if !strings.HasPrefix(b.Database, "postgres") { // which keeps bytes until its VACUUM
		for _, name := range []string{b.Database, b.Database + "-wal"} {
			held, err := os.ReadFile(name)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			for _, words := range []string{"the first paper", "the other paper", "first figures", "other figures"} {
				if n := bytes.Count(held, []byte(words)); n > 0 {
					t.Errorf("%s holds %q %d times", name, words, n)
				}
			}
		}
	}
	if _, err := b.Store.Reader(b.actor("a", ben)).AuditReport(ctx); err != nil {
		t.Errorf("somebody else's went with it: %v", err)
	}
}
