package storetest

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// ownAsks: an asker's brief says of their asks which are near or past due, and
// of no others (R9.4).
func ownAsks(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	until := sec(120)
	next, ok := worktime.Instant(0), false
	b.write("a", func(tx *store.Tx) error {
		p, err := tx.Person(ctx, ada)
		if err != nil {
			return err
		}
		next, ok = p.Clock.Next(worktime.Normal, until+1, worktime.NotSealed)
		return tx.DropMember(ctx, teamPrivate, ada)
	})
	if !ok {
		t.Fatal("ada has no next window")
	}
	waits := func(who string, due worktime.Instant) ask.Recipient {
		return ask.Recipient{Person: who, State: ask.Waiting, Term: worktime.Hours(24), Started: sec(1), Due: due}
	}
	answered := ask.Recipient{Person: cem, State: ask.Answered, Term: worktime.Hours(24), Started: sec(1), Due: sec(100), Settled: after(90)}
	for _, q := range []struct {
		id     string
		by     string
		need   int
		change func(*item.Item)
		asked  []ask.Recipient
	}{
		{"past", ada, 0, nil, []ask.Recipient{waits(ben, sec(60))}},
		{"near", ada, 0, nil, []ask.Recipient{waits(ben, next)}},
		{"far", ada, 0, nil, []ask.Recipient{waits(ben, next+1)}},
		{"not begun", ada, 0, nil, []ask.Recipient{waits(ben, 0)}},
		{"all, the last is far", ada, 0, nil, []ask.Recipient{waits(ben, sec(60)), waits(cem, next+1)}},
		{"all, the last is near", ada, 0, nil, []ask.Recipient{waits(ben, sec(60)), waits(cem, sec(130))}},
		{"anyone, the last is far", ada, 1, nil, []ask.Recipient{waits(ben, sec(70)), waits(cem, next+1)}},
		{"anyone, answered", ada, 1, nil, []ask.Recipient{waits(ben, sec(60)), answered}},
		{"all, one answered", ada, 0, nil, []ask.Recipient{waits(ben, sec(140)), answered}},
		{"of another", ben, 0, nil, []ask.Recipient{waits(cem, sec(60))}},
		{"in a team that the asker left", ada, 0, inTeam(teamPrivate), []ask.Recipient{waits(ben, sec(60))}},
		{"gone", ada, 0, nil, []ask.Recipient{waits(ben, sec(60))}},
		{"withdrawn", ada, 0, nil, []ask.Recipient{waits(ben, sec(60))}},
		{"document", ada, 0, nil, []ask.Recipient{waits(ben, sec(60))}},
	} {
		b.write("a", func(tx *store.Tx) error {
			i := document(q.id, item.Ask, q.by, "")
			if q.change != nil {
				q.change(&i)
			}
			if _, err := tx.AddItem(ctx, i); err != nil {
				return err
			}
			a := ask.Ask{Item: q.id, Term: worktime.Hours(24), Need: q.need, Recipients: q.asked}
			if err := tx.AddAsk(ctx, a); err != nil {
				return err
			}
			switch q.id {
			case "gone":
				return tx.TakeBack(ctx, q.id, after(100))
			case "withdrawn":
				a.Withdrawn = after(100)
			case "document":
				a.Document = update
			}
			return tx.SetAsk(ctx, a)
		})
	}
	gather := func(who string, paces ...store.Pace) []string {
		t.Helper()
		g := get(b, "a", func(ctx context.Context, tx *store.Tx) (store.Gathered, error) {
			p, err := tx.Person(ctx, who)
			if err != nil {
				return store.Gathered{}, err
			}
			return one(tx.Gather(ctx, []store.Wanted{{Person: p, Paces: paces, Until: until}}))
		})
		var out []string
		for _, l := range g.Lines {
			if l.Section != brief.Asked {
				continue
			}
			out = append(out, l.Item)
			if !l.Carried || l.Cause != store.CauseWaits || l.Words != 0 || l.Delivery != "" {
				t.Errorf("the line of %q: %+v, want it to be nothing new", l.Item, l)
			}
		}
		return out
	}
	if got, want := gather(ada, store.PaceWindow), []string{"past", "anyone, the last is far", "all, the last is near", "all, one answered", "near"}; !slices.Equal(got, want) {
		t.Errorf("asks of ada in her brief: %q, want %q", got, want)
	}
	if got := gather(ada); got != nil {
		t.Errorf("asks of ada in an urgent brief: %q, want none", got)
	}
	if got, want := gather(ben, store.PaceWindow), []string{"of another"}; !slices.Equal(got, want) {
		t.Errorf("asks of ben in his brief: %q, want %q", got, want)
	}
	open := get(b, "a", func(ctx context.Context, tx *store.Tx) ([]string, error) { return tx.OpenAsks(ctx, ben) })
	for _, id := range []string{"anyone, answered", "withdrawn", "document"} {
		if slices.Contains(open, id) {
			t.Errorf("OpenAsks(ben) = %q, with %q, which nobody can answer any more", open, id)
		}
	}
	if !slices.Contains(open, "all, one answered") {
		t.Errorf("OpenAsks(ben) = %q, without what still lacks his answer", open)
	}
	b.opensAnew()
	if got, want := get(b, "a", func(ctx context.Context, tx *store.Tx) ([]string, error) { return tx.Askers(ctx, cem) }), []string{ada, ben}; !slices.Equal(got, want) {
		t.Errorf("Askers(cem) = %q, want %q", got, want)
	}

	// Without a window ahead, this is the brief that says it.
	b.write("a", func(tx *store.Tx) error {
		away, err := worktime.ParseTimeOff("2000-01-01", "2099-12-31")
		if err != nil {
			return err
		}
		off := charter.Proposed("Europe/Berlin")
		off.Time.Off = append(off.Time.Off, away)
		return tx.AddCharter(ctx, ada, 2, until, off, "", after(119))
	})
	if got := gather(ada, store.PaceWindow); !slices.Contains(got, "far") {
		t.Errorf("asks of ada, who has no window ahead: %q, want the far one too", got)
	}
}

// opensAnew runs the step that first said which asks are open, on asks of every
// kind as they stood before it: it says what the verbs say.
func (b *Bench) opensAnew() {
	b.T.Helper()
	step, err := os.ReadFile("migrations/0022_open.sql")
	if err != nil {
		b.T.Fatal(err)
	}
	want := b.dump("a")
	b.tamper(`UPDATE asked SET open = FALSE`)
	b.tamper(`UPDATE ask SET live = TRUE WHERE withdrawn_at = 0 AND document_id = '' AND EXISTS (SELECT 1 FROM asked d WHERE d.org_id = ask.org_id AND d.item_id = ask.item_id AND d.state = 'waiting')`)
	n := 0
	for statement := range strings.SplitSeq(string(step), ";\n") {
		if statement = strings.TrimSpace(statement); strings.HasPrefix(statement, "UPDATE") {
			b.tamper(statement)
			n++
		}
	}
	if diff := cmp.Diff(want, b.dump("a")); diff != "" || n != 2 {
		b.T.Errorf("%d changes of 0022 say otherwise (-verbs +step):\n%s", n, diff)
	}
}
