package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/crisis"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// pagings are the readings that come in pages, as readings has them.
func pagings(ctx context.Context, r *store.Reader) map[string]func() (any, error) {
	from := store.Mark{}
	return map[string]func() (any, error){
		"Person":     func() (any, error) { return r.Person(ctx, ben) },
		"Team":       func() (any, error) { return r.Team(ctx, teamPrivate) },
		"PeoplePage": func() (any, error) { return r.PeoplePage(ctx, "", from, 100) },
		"AskPage": func() (any, error) {
			var all []any
			for _, of := range []store.AskList{store.AsksWaiting, store.AsksSettled, store.AsksWritten} {
				p, err := r.AskPage(ctx, of, from, 100)
				if err != nil {
					return nil, err
				}
				all = append(all, p)
			}
			return all, nil
		},
		"BetweenPage":  func() (any, error) { return r.BetweenPage(ctx, "", from, 100) },
		"CrisisPage":   func() (any, error) { return r.CrisisPage(ctx, from, 100) },
		"BriefPage":    func() (any, error) { return r.BriefPage(ctx, from, 100) },
		"DraftPage":    func() (any, error) { return r.DraftPage(ctx, from, 100) },
		"RevisionPage": func() (any, error) { return r.RevisionPage(ctx, store.View{Item: item.Item{ID: update}}, from, 100) },
		"Comments":     func() (any, error) { return r.Comments(ctx, store.View{Item: item.Item{ID: update}}, "", 100) },
		"Entries":      func() (any, error) { return r.Entries(ctx, store.View{Item: item.Item{ID: question}}, item.Reply) },
		"ThreadPage":   func() (any, error) { return r.ThreadPage(ctx, store.View{Item: item.Item{ID: update}}, from, 100) },
		"EnrolledPage": func() (any, error) { return r.EnrolledPage(ctx, store.Finding{}, from, 100) },
		"Calendars":    func() (any, error) { return r.Calendars(ctx) },
		"Held":         func() (any, error) { return r.Held(ctx) },
		"SendingPage":  func() (any, error) { return r.SendingPage(ctx, store.SendWaiting, from, 100) },
	}
}

// walk reads a listing two by two to its end.
func walk[T any](t *testing.T, what string, id func(T) string, read func(after store.Mark, limit int) (store.Page[T], error)) []string {
	t.Helper()
	var got []string
	var at store.Mark
	for range 100 {
		p, err := read(at, 2)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if len(p.Rows) > 2 {
			t.Fatalf("%s: a page of two holds %d", what, len(p.Rows))
		}
		for _, row := range p.Rows {
			got = append(got, id(row))
		}
		if at = p.Next; at == (store.Mark{}) {
			return got
		}
	}
	t.Fatalf("%s does not end", what)
	return nil
}

// listings holds that a listing in pages is the whole listing: in its order,
// with rows that stand at the same place, without one twice or missing.
func listings(t *testing.T, b *Bench) {
	b.fill("a", "mark")
	ctx := t.Context()
	const n = 9
	same := func(i int) time.Time { return after(i / 3) } // three rows at a time stand at one moment
	b.write("a", func(tx *store.Tx) error {
		for i := range n {
			id := fmt.Sprintf("listed-%d", i)
			p := person(id, access.Member, "")
			p.Name = []string{"Zoë", "ada", "Åsa"}[i%3]
			if i > 5 {
				p.State = access.Imported
			}
			d := document("ask-"+id, item.Ask, ada, "", naming(item.To, ben), func(it *item.Item) { it.Sent = same(i) })
			a := must(ask.New(d.ID, ada, "Which?", []string{ben}, worktime.Hours(24), false, "", 0))
			a.Recipients[0].Started, a.Recipients[0].Due = sec(1), sec(10-i/3)
			switch {
			case i == 0:
				a.Recipients[0].Due = 0
			case i > 4:
				a.Recipients[0].State, a.Recipients[0].Reason, a.Recipients[0].Settled = ask.Declined, "no", same(i)
			}
			fire := document("crisis-"+id, item.Crisis, ada, "", wide, naming(item.To, ben))
			for _, do := range []func() error{
				func() error { return tx.AddPerson(ctx, p) },
				func() error { return justErr(tx.AddItem(ctx, d)) },
				func() error { return tx.AddAsk(ctx, a) },
				func() error { return tx.SetAsk(ctx, a) },
				func() error { return justErr(tx.AddItem(ctx, fire)) },
				func() error {
					return tx.SetCrisis(ctx, must(crisis.New(fire.ID, "Down.", "Money.", []string{ben}, now)))
				},
				func() error {
					return justErr(tx.AddItem(ctx, document("comment-"+id, item.Comment, ben, "", inTeam(teamPrivate), on(update), func(it *item.Item) { it.Sent = same(i) })))
				},
				func() error {
					return tx.AddDraft(ctx, store.Draft{ID: "draft-" + id, Person: ben, Save: 1, Created: now, Saved: same(i)})
				},
				func() error {
					return seal(ctx, tx, store.Brief{ID: "brief-" + id, Person: ben, Kind: brief.Window, Window: sec(i + 1), Delivered: sec(i + 1), Sealed: same(i)}, nil)
				},
				func() error {
					return tx.Revise(ctx, item.Item{ID: update, Version: int64(i + 2), Point: "Version", Body: id}, ada, same(i))
				},
				func() error {
					return tx.AddOutgoing(ctx, store.Outgoing{ID: "out-" + id, Subject: store.SubjectBrief, About: "brief-" + id, Person: ben, Channel: store.ChannelEmail, Round: 1, Due: same(i), Created: now})
				},
			} {
				if err := do(); err != nil {
					return err
				}
			}
		}
		return tx.TakeBack(ctx, "comment-listed-4", now)
	})
	bens, adas := b.Store.Reader(b.actor("a", ben)), b.Store.Reader(b.actor("a", ada))
	askID := func(l store.AskLine) string { return l.Item.ID }
	asks := func(r *store.Reader, of store.AskList) []string {
		return walk(t, string(of), askID, func(after store.Mark, limit int) (store.Page[store.AskLine], error) {
			return r.AskPage(ctx, of, after, limit)
		})
	}
	crisisID := func(l store.CrisisLine) string { return l.Item.ID }
	briefID := func(v store.Brief) string { return v.ID }
	draftID := func(d store.Draft) string { return d.ID }
	revisionID := func(v store.Revision) string { return fmt.Sprint(v.Version) }
	personID := func(p store.Person) string { return p.ID }
	itemID := func(i item.Item) string { return i.ID }
	sendingID := func(s store.Sending) string { return s.ID }
	view := must(bens.Item(ctx, update))
	for _, tt := range []struct {
		what       string
		want, page []string
	}{
		{"people", each(personID, must(bens.People(ctx))), walk(t, "people", personID, func(m store.Mark, n int) (store.Page[store.Person], error) {
			page, err := bens.PeoplePage(ctx, "", m, n)
			return page.Page, err
		})},
		{"people of a guest", each(personID, must(b.Store.Reader(b.actor("a", cem)).People(ctx))), walk(t, "people", personID, func(m store.Mark, n int) (store.Page[store.Person], error) {
			page, err := b.Store.Reader(b.actor("a", cem)).PeoplePage(ctx, "", m, n)
			return page.Page, err
		})},
		{"asks that wait", byDue(must(bens.AsksToMe(ctx))), asks(bens, store.AsksWaiting)},
		{"asks done", each(askID, must(bens.AsksDone(ctx, 100))), asks(bens, store.AsksSettled)},
		{"asks written", each(askID, must(adas.AsksOfMine(ctx, 100))), asks(adas, store.AsksWritten)},
		{"crises", each(crisisID, must(bens.Crises(ctx, 100))), walk(t, "crises", crisisID, func(m store.Mark, n int) (store.Page[store.CrisisLine], error) { return bens.CrisisPage(ctx, m, n) })},
		{"briefs", each(briefID, must(bens.BriefPage(ctx, store.Mark{}, 100)).Rows), walk(t, "briefs", briefID, func(m store.Mark, n int) (store.Page[store.Brief], error) { return bens.BriefPage(ctx, m, n) })},
		{"drafts", each(draftID, must(bens.Drafts(ctx))), walk(t, "drafts", draftID, func(m store.Mark, n int) (store.Page[store.Draft], error) { return bens.DraftPage(ctx, m, n) })},
		{"revisions", each(revisionID, must(bens.Revisions(ctx, view))), walk(t, "revisions", revisionID, func(m store.Mark, n int) (store.Page[store.Revision], error) {
			return bens.RevisionPage(ctx, view, m, n)
		})},
		{"thread", each(itemID, must(bens.ThreadPage(ctx, view, store.Mark{}, 1000)).Rows), walk(t, "thread", itemID, func(m store.Mark, n int) (store.Page[item.Item], error) { return bens.ThreadPage(ctx, view, m, n) })},
		{"what waits to go out", each(sendingID, must(adas.Sendings(ctx, store.SendWaiting, 100))), walk(t, "sendings", sendingID, func(m store.Mark, n int) (store.Page[store.Sending], error) {
			return adas.SendingPage(ctx, store.SendWaiting, m, n)
		})},
	} {
		if len(tt.want) < 3 {
			t.Errorf("%s: only %v is listed, which says nothing about pages", tt.what, tt.want)
		}
		if !slices.Equal(tt.page, tt.want) {
			t.Errorf("%s in pages: %v\nwhole: %v", tt.what, tt.page, tt.want)
		}
	}
	b.refuse("sendings for a member", access.ErrDenied, "a", func(*store.Tx) error {
		_, err := bens.SendingPage(ctx, store.SendFailed, store.Mark{}, 2)
		return err
	})
}

func each[T any](id func(T) string, rows []T) []string {
	var out []string
	for _, r := range rows {
		out = append(out, id(r))
	}
	return out
}

// byDue orders asks by due time, those without one last.
func byDue(lines []store.AskLine) []string {
	slices.SortStableFunc(lines, func(a, b store.AskLine) int {
		due := func(l store.AskLine) int64 {
			if d := l.Ask.Recipients[0].Due; d != 0 {
				return int64(d)
			}
			return 1 << 53
		}
		return cmp.Or(cmp.Compare(due(a), due(b)), cmp.Compare(a.Item.ID, b.Item.ID))
	})
	return each(func(l store.AskLine) string { return l.Item.ID }, lines)
}

func justErr[T any](_ T, err error) error { return err }

// between: what is written to named people alone is listed for each of them,
// the newest first, and for nobody else.
func between(t *testing.T, b *Bench) {
	b.fill("a", "mark") // with a letter from ada to ben
	ctx := t.Context()
	b.write("a", func(tx *store.Tx) error {
		for _, i := range []item.Item{
			document("n1", item.Update, ada, "", naming(item.To, ben, cem)),
			document("n2", item.Request, ben, "", naming(item.To, ada), naming(item.Mentioned, cem)),
			document("n3", item.Update, ben, "", naming(item.Reader, cem)),
			document("n4", item.Update, ada, "", naming(item.To, ben), wide),
			document("n5", item.Update, ada, "", naming(item.To, ben), inTeam(teamOpen)),
			document("n6", item.Update, ada, "", naming(item.To, ben)),
			document("n7", item.Comment, ben, "", naming(item.Mentioned, dia), on("n6")),
			document("n8", item.Update, ada, "", naming(item.To, ben), func(i *item.Item) { i.Origin = item.Imported }),
		} {
			if _, err := tx.AddItem(ctx, i); err != nil {
				return err
			}
		}
		return tx.TakeBack(ctx, "n6", now)
	})
	for _, tt := range []struct {
		who, with string
		want      []string
	}{
		{ben, "", []string{"n8", "n3", "n2", "n1", letter}},
		{ben, ada, []string{"n8", "n2", "n1", letter}},
		{ben, cem, []string{"n3", "n2", "n1"}},
		{ben, "nobody", nil},
		{ada, "", []string{"n8", "n2", "n1", letter}},
		{cem, "", []string{"n3", "n2", "n1"}},
		{dia, "", nil},
		{dia, ben, nil},
	} {
		r := b.Store.Reader(b.actor("a", tt.who))
		got := walk(t, "between", func(i item.Item) string { return i.ID }, func(m store.Mark, n int) (store.Page[item.Item], error) { return r.BetweenPage(ctx, tt.with, m, n) })
		if !slices.Equal(got, tt.want) {
			t.Errorf("between %s and %q: %q, want %q", tt.who, tt.with, got, tt.want)
		}
	}
	held := b.actor("a", ben)
	held.Token, held.Scopes, held.TokenTeam = true, []access.Scope{access.ScopeRead}, teamPrivate
	if p, err := b.Store.Reader(held).BetweenPage(ctx, "", store.Mark{}, 100); err != nil || len(p.Rows) > 0 {
		t.Errorf("by a token held to a team: %d, %v, want none", len(p.Rows), err)
	}
}
