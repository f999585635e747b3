package storetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// finds: admins find people by what of their name, handle or address they
// remember and by state, page by page, in one order on both databases.
func finds(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	b.write("a", func(tx *store.Tx) error {
		for i, name := range []string{"Zoë Öz", "ada B", "Åsa", "Ada A"} {
			p := person(fmt.Sprintf("found-%d", i), access.Member, "")
			p.Name = name
			if i == 2 {
				p.State = access.Imported
			}
			p.Place = "Berlin"
			if err := tx.AddPerson(ctx, p); err != nil {
				return err
			}
			if err := tx.AddAddress(ctx, p.ID, fmt.Sprintf("old%d@elsewhere.example", i), now, now); err != nil {
				return err
			}
			if err := tx.AddAddress(ctx, p.ID, fmt.Sprintf("new%d@example.org", i), now, after(1)); err != nil {
				return err
			}
		}
		return nil
	})
	adas := b.Store.Reader(b.actor("a", ada))
	for _, tt := range []struct {
		find store.Finding
		want []string
	}{
		{store.Finding{Words: "ÖZ zoë"}, []string{"found-0"}},
		{store.Finding{Words: "ada elsewhere"}, []string{"found-3", "found-1"}},
		{store.Finding{Words: "@found-2"}, []string{"found-2"}},
		{store.Finding{Words: "elsewhere.example"}, []string{"found-3", "found-1", "found-0", "found-2"}},
		{store.Finding{Words: "elsewhere", State: access.Imported}, []string{"found-2"}},
		{store.Finding{Words: "elsewhere", State: access.Removed}, nil},
		{store.Finding{Words: "new0@"}, nil}, // they sign in with the old one
	} {
		var got []string
		var at store.Mark
		for {
			page := must(adas.EnrolledPage(ctx, tt.find, at, 2))
			if page.Found != len(tt.want) || page.Before != len(got) || len(page.Rows) > 2 {
				t.Errorf("%+v after %v: %d found, %d before, %d rows, want %d and %d", tt.find, at, page.Found, page.Before, len(page.Rows), len(tt.want), len(got))
			}
			for _, e := range page.Rows {
				got = append(got, e.Person.ID)
			}
			if at = page.Next; at == (store.Mark{}) {
				break
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.find, diff)
		}
	}
	// Whom a page ends with is a place, also when they are not found any more.
	if page := must(adas.EnrolledPage(ctx, store.Finding{Words: "elsewhere", State: access.Imported}, store.Mark{ID: "found-1"}, 9)); page.Before != 0 || len(page.Rows) != 1 {
		t.Errorf("behind somebody of another state: %d before, %d rows", page.Before, len(page.Rows))
	}

	// A member finds people by what everybody sees of them, imported names last.
	bens := b.Store.Reader(b.actor("a", ben))
	id := func(p store.Person) string { return p.ID }
	for words, want := range map[string][]string{
		"ada found":     {"found-3", "found-1"},
		"@FOUND":        {"found-3", "found-1", "found-0", "found-2"},
		"öz berlin":     {"found-0"},
		"elsewhere":     nil, // an address is nobody's to look for
		"found nowhere": nil,
	} {
		first := must(bens.PeoplePage(ctx, words, store.Mark{}, 3))
		rest := must(bens.PeoplePage(ctx, words, store.Mark{ID: "found-0"}, 3))
		if diff := cmp.Diff(want, append(each(id, first.Rows), each(id, rest.Rows)...), cmpopts.EquateEmpty()); diff != "" || first.Found != len(want) {
			t.Errorf("%q finds %d (-want +got):\n%s", words, first.Found, diff)
		}
	}
}
