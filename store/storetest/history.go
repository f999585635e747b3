package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/history"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/store"
)

// imported holds what an import leaves behind: its source keeps the zone that
// was decided first, its keys find what they became, and its files are seen by
// those who see their item.
func imported(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	before := b.dump("a")
	b.write("a", func(tx *store.Tx) error {
		zone, fresh, err := tx.TakeSource(ctx, source, "Europe/Rome", after(9))
		if zone != "Zone/mark" || fresh {
			t.Errorf("a source that came before has the zone %q, fresh %v, want the first", zone, fresh)
		}
		return err
	})
	if diff := cmp.Diff(before, b.dump("a")); diff != "" {
		t.Errorf("taking a source again changed something (-before +after):\n%s", diff)
	}

	const many = 1234 // more than one statement asks for
	var keys []string
	b.write("a", func(tx *store.Tx) error {
		for n := range many {
			keys = append(keys, fmt.Sprint(n))
			if err := tx.SetImported(ctx, source, store.ImportedEntry, "many", keys[n], store.ImportedAs{Ref: "ref " + keys[n], Document: "doc", Edited: after(n)}); err != nil {
				return err
			}
		}
		return nil
	})
	imported := func(from history.Source, kind, room string, keys ...string) map[string]store.ImportedAs {
		return get(b, "a", func(ctx context.Context, tx *store.Tx) (map[string]store.ImportedAs, error) {
			return tx.Imported(ctx, from, kind, room, keys)
		})
	}
	if got := imported(source, store.ImportedEntry, "many", append(keys, "unknown", "7")...); len(got) != many || got["777"] != (store.ImportedAs{Ref: "ref 777", Document: "doc", Edited: after(777)}) {
		t.Errorf("Imported() has %d of %d, 777 is %+v", len(got), many, got["777"])
	}
	for _, none := range []map[string]store.ImportedAs{
		imported(source, store.ImportedEntry, "another room", "7"), imported(source, store.ImportedThread, "many", "7"),
		imported(history.Source{Tool: "slack", Team: "T2"}, store.ImportedEntry, "many", "7"), imported(source, store.ImportedEntry, "many"),
	} {
		if len(none) != 0 {
			t.Errorf("Imported() of something else = %v", none)
		}
	}
	b.write("a", func(tx *store.Tx) error {
		return tx.SetImported(ctx, source, store.ImportedEntry, "many", "7", store.ImportedAs{Ref: "other", Document: "doc"})
	})
	if got := imported(source, store.ImportedEntry, "many", "7"); got["7"] != (store.ImportedAs{Ref: "other", Document: "doc"}) {
		t.Errorf("a key that was set again = %+v", got["7"])
	}
	b.refuse("a key of no source", store.ErrReference, "a", func(tx *store.Tx) error {
		return tx.SetImported(ctx, history.Source{Tool: "slack", Team: "none"}, store.ImportedEntry, "", "1", store.ImportedAs{})
	})

	b.write("a", func(tx *store.Tx) error {
		return tx.AddImportFiles(ctx, comment, []history.File{{Name: "1"}, {Name: "2", Type: "text/plain", Size: 1 << 40}})
	})
	r := b.Store.Reader(b.actor("a", ben))
	files, err := r.ImportFiles(ctx, []item.Item{{ID: update}, {ID: comment}})
	want := map[string][]history.File{update: {{Name: "File mark", Type: "image/png", Size: 12}}, comment: {{Name: "1"}, {Name: "2", Type: "text/plain", Size: 1 << 40}}}
	if diff := cmp.Diff(want, files); diff != "" || err != nil {
		t.Errorf("ImportFiles, %v (-want +got):\n%s", err, diff)
	}

	b.write("a", func(tx *store.Tx) error {
		if err := tx.AddNamed(ctx, letter, dia, item.To); err != nil {
			return err
		}
		return tx.AddNamed(ctx, letter, ben, item.Mentioned) // is addressed already
	})
	i := get(b, "a", func(ctx context.Context, tx *store.Tx) (item.Item, error) { return tx.Item(ctx, letter) })
	if diff := cmp.Diff([]item.Named{{Person: ben, As: item.To}, {Person: dia, As: item.To}}, i.People); diff != "" {
		t.Errorf("whom the letter names (-want +got):\n%s", diff)
	}

	b.write("a", func(tx *store.Tx) error {
		p := person("bot", access.Member, "mark")
		p.State, p.Bot = access.Imported, true
		if err := tx.AddPerson(ctx, p); err != nil {
			return err
		}
		return tx.AddAddress(ctx, dia, "unverified@example.org", time.Time{}, now)
	})
	all, err := r.People(ctx)
	if err != nil || len(all) != 4 {
		t.Errorf("People() = %d, %v, want 4: a bot is nobody one writes to", len(all), err)
	}
	names, err := r.Names(ctx, []string{"bot"})
	if err != nil || !names["bot"].Bot {
		t.Errorf("Names(bot) = %+v, %v", names["bot"], err)
	}
	for address, want := range map[string]string{"ben@example.org": ben, "unverified@example.org": "", "nobody@example.org": ""} {
		got := get(b, "a", func(ctx context.Context, tx *store.Tx) (string, error) { return tx.VerifiedPerson(ctx, address) })
		if got != want {
			t.Errorf("VerifiedPerson(%s) = %q, want %q", address, got, want)
		}
	}
}
