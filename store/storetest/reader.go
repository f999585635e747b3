package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/store"
)

// readerSees: what somebody may not see does not exist for them, by whatever
// way they come to it.
func readerSees(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	type outcome struct {
		update, question, comment, letter, crisis bool // items by id
		teamOpen, teamPrivate                     bool
		ada, dia                                  bool // people
	}
	for _, tt := range []struct {
		who   string
		state access.State
		want  outcome
	}{
		{ada, access.Active, outcome{true, true, true, true, true, true, true, true, true}},
		{ben, access.Active, outcome{true, true, true, true, true, true, true, true, true}},
		{cem, access.Active, outcome{update: true, question: true, comment: true, teamPrivate: true, ada: true}}, // a guest
		{dia, access.Active, outcome{crisis: true, teamOpen: true, ada: true, dia: true}},
		{ben, access.Deactivated, outcome{}},
		{ben, access.Removed, outcome{}},
		{ada, access.Imported, outcome{}},
	} {
		b.setState(tt.who, tt.state)
		r := b.Store.Reader(b.actor("a", tt.who))
		sees := func(id string) bool {
			v, err := r.Item(ctx, id)
			if err != nil && !errors.Is(err, access.ErrHidden) {
				t.Errorf("%s %s: Item(%s): %v", tt.state, tt.who, id, err)
			}
			if err != nil && (v.Item.Point != "" || len(v.Deliveries) > 0) {
				t.Errorf("%s %s: Item(%s) is hidden and tells %+v", tt.state, tt.who, id, v)
			}
			if i := b.item("a", id); i.Number > 0 {
				_, byRef := r.ItemByRef(ctx, i.Kind, i.Number)
				if (byRef == nil) != (err == nil) {
					t.Errorf("%s %s: Item(%s): %v, but by its number: %v", tt.state, tt.who, id, err, byRef)
				}
			}
			return err == nil
		}
		seesTeam := func(id string) bool {
			_, err := r.TeamBySlug(ctx, id+"-slug")
			listed := slices.ContainsFunc(must(r.Teams(ctx)), func(t store.Team) bool { return t.ID == id })
			if listed != (err == nil) {
				t.Errorf("%s %s: team %s listed %v, by its slug: %v", tt.state, tt.who, id, listed, err)
			}
			return err == nil
		}
		seesPerson := func(id string) bool {
			_, err := r.PersonByHandle(ctx, id+"-handle")
			if named := must(r.Handles(ctx, []string{"none", id + "-handle"})); named[id+"-handle"] != (err == nil) || named["none"] {
				t.Errorf("%s %s: Handles = %v, but PersonByHandle(%s): %v", tt.state, tt.who, named, id, err)
			}
			return err == nil
		}
		got := outcome{
			sees(update), sees(question), sees(comment), sees(letter), sees(fire), seesTeam(teamOpen), seesTeam(teamPrivate), seesPerson(ada), seesPerson(dia),
		}
		if got != tt.want {
			t.Errorf("%s %s sees %+v, want %+v", tt.state, tt.who, got, tt.want)
		}
		b.setState(tt.who, access.Active)
	}

	dias := b.Store.Reader(b.actor("a", dia))
	for name, read := range map[string]func() error{
		"a draft of somebody":         func() error { _, err := dias.Draft(ctx, "draft-ben"); return err },
		"a brief of somebody":         func() error { _, err := dias.Brief(ctx, "brief", store.Whole); return err },
		"a delivery of somebody":      func() error { _, _, err := dias.Delivery(ctx, "delivery-letter"); return err },
		"a delivery in a team":        func() error { _, _, err := dias.Delivery(ctx, "delivery-update"); return err },
		"no brief yet":                func() error { _, err := dias.LastBrief(ctx, store.Whole); return err },
		"an unknown item":             func() error { _, err := dias.Item(ctx, "none"); return err },
		"an unknown number":           func() error { _, err := dias.ItemByRef(ctx, item.Update, 99); return err },
		"an unknown delivery":         func() error { _, _, err := dias.Delivery(ctx, "none"); return err },
		"an unknown draft":            func() error { _, err := dias.Draft(ctx, "none"); return err },
		"an unknown handle":           func() error { _, err := dias.PersonByHandle(ctx, "none"); return err },
		"an unknown team":             func() error { _, err := dias.TeamBySlug(ctx, "none"); return err },
		"a contact that is not there": func() error { _, err := dias.Contact(ctx, store.ChannelWebhook); return err },
		"oneself, when one is gone":   func() error { _, err := b.Store.Reader(access.Actor{Org: "a", Person: "none"}).Me(ctx); return err },
	} {
		if err := read(); !errors.Is(err, access.ErrHidden) {
			t.Errorf("%s: %v, want ErrHidden", name, err)
		}
	}
	if _, err := dias.Sendings(ctx, store.SendWaiting, 10); !errors.Is(err, access.ErrDenied) {
		t.Errorf("what is on its way, for somebody who does not administer: %v, want ErrDenied", err)
	}

	// The author is told of every delivery, everybody else of their own alone.
	for who, want := range map[string][]string{ada: {ben}, ben: {ben}, cem: nil} {
		var got []string
		v, err := b.Store.Reader(b.actor("a", who)).Item(ctx, update)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range v.Deliveries {
			got = append(got, d.Person)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s is told of deliveries to %v, want %v", who, got, want)
		}
	}

	// A brief shows what its reader may see now, not what they could when it was sealed.
	bens := func() []string {
		var out []string
		v := must(b.Store.Reader(b.actor("a", ben)).Brief(ctx, "brief", store.Whole))
		for _, l := range v.Lines {
			out = append(out, l.Item)
		}
		return out
	}
	if got := bens(); !slices.Equal(got, []string{letter}) {
		t.Errorf("ben's brief holds %v", got)
	}
	b.write("a", func(tx *store.Tx) error { return tx.TakeBack(ctx, letter, after(5)) })
	if got := bens(); len(got) != 0 {
		t.Errorf("ben's brief shows what was taken back: %v", got)
	}
	b.write("a", func(tx *store.Tx) error { return tx.TakeBack(ctx, comment, after(5)) })
	adas := b.Store.Reader(b.actor("a", ada))
	if c := must(adas.Comments(ctx, must(adas.Item(ctx, update)), "", 10)); c.Said != 0 || len(c.Rows) != 0 {
		t.Errorf("a comment that was taken back stands in its thread: %v", c.Rows)
	}
	b.write("a", func(tx *store.Tx) error { return tx.TakeBack(ctx, update, after(6)) })
	if _, err := b.Store.Reader(b.actor("a", ada)).Item(ctx, comment); !errors.Is(err, access.ErrHidden) {
		t.Errorf("a comment on what was taken back: %v, want ErrHidden", err)
	}
}

func readerLists(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	r := b.Store.Reader(b.actor("a", ben))
	names := func(ps []store.Person) []string {
		var out []string
		for _, p := range ps {
			out = append(out, p.ID)
		}
		return out
	}

	b.write("a", func(tx *store.Tx) error {
		p := person("old", access.Member, "")
		p.Name, p.State = "Aaron", access.Imported
		if err := tx.AddPerson(ctx, p); err != nil {
			return err
		}
		p = person("left", access.Member, "")
		p.State = access.Removed
		return tx.AddPerson(ctx, p)
	})
	nameable := func(r *store.Reader) []string {
		var ids []string
		for _, n := range must(r.Nameable(ctx)) {
			ids = append(ids, n.ID)
		}
		return ids
	}
	for _, r := range []*store.Reader{r, b.Store.Reader(b.actor("a", cem))} {
		if got, want := nameable(r), names(must(r.People(ctx))); !slices.Equal(got, want) {
			t.Errorf("Nameable = %v, want whom People has: %v", got, want)
		}
	}
	for most, want := range map[int]int{100: 5, 5: 5, 4: 0, 0: 0} {
		if got := len(must(r.FewNameable(ctx, most))); got != want {
			t.Errorf("FewNameable of %d at most = %d people, want %d", most, got, want)
		}
	}
	if got, want := names(must(r.People(ctx))), []string{ada, ben, cem, dia, "old"}; !slices.Equal(got, want) {
		t.Errorf("People = %v, want %v: who left is left out, imported names come last", got, want)
	}
	if got, want := names(must(b.Store.Reader(b.actor("a", cem)).People(ctx))), []string{ada, ben, cem}; !slices.Equal(got, want) {
		t.Errorf("a guest's People = %v, want those of their team %v", got, want)
	}
	if h := must(r.Handles(ctx, []string{"left-handle", "old-handle"})); h["left-handle"] || !h["old-handle"] {
		t.Errorf("Handles = %v, want the imported name and not who left", h)
	}
	known := must(r.Names(ctx, []string{"left", ada, "nobody", ada}))
	if len(known) != 2 || known["left"].ID != "left" {
		t.Errorf("Names = %v, want who left, too", known)
	}
	if len(must(r.Names(ctx, nil))) != 0 {
		t.Error("Names of nobody are somebody")
	}

	var members []string
	for _, m := range must(r.Members(ctx, team(teamPrivate, false, ""))) {
		members = append(members, fmt.Sprintf("%s %v", m.Person.ID, m.Lead))
	}
	if want := []string{"ada true", "ben false", "cem false"}; !slices.Equal(members, want) {
		t.Errorf("Members = %v, want %v", members, want)
	}

	// A team's items in pages, newest first, without what was taken back.
	for n := range 5 {
		b.write("a", func(tx *store.Tx) error {
			_, err := tx.AddItem(ctx, document(fmt.Sprintf("page-%d", n), item.Update, ada, "", inTeam(teamOpen)))
			return err
		})
	}
	b.write("a", func(tx *store.Tx) error { return tx.TakeBack(ctx, "page-3", now) })
	var got []string
	before := ""
	for range 10 {
		page, next, err := r.TeamItems(ctx, team(teamOpen, true, ""), before, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page {
			got = append(got, i.ID)
		}
		if before = next; next == "" {
			break
		}
	}
	if want := []string{"page-4", "page-2", "page-1", "page-0"}; !slices.Equal(got, want) {
		t.Errorf("TeamItems page by page = %v, want %v", got, want)
	}

	// Asks: those that reached one, those settled, those one wrote.
	lines := func(ls []store.AskLine) string {
		var out []string
		for _, l := range ls {
			out = append(out, l.Item.ID)
		}
		return strings.Join(out, " ")
	}
	adas := b.Store.Reader(b.actor("a", ada))
	if got := lines(must(r.AsksToMe(ctx))); got != "" {
		t.Errorf("an ask is shown before it was delivered: %s", got)
	}
	b.write("a", func(tx *store.Tx) error {
		a, err := tx.Ask(ctx, question)
		if err != nil {
			return err
		}
		a.Recipients[0].Started = sec(1)
		return tx.SetAsk(ctx, a)
	})
	if got := lines(must(r.AsksToMe(ctx))); got != question {
		t.Errorf("AsksToMe = %q, want the ask", got)
	}
	if got := lines(must(adas.AsksOfMine(ctx, 10))); got != question {
		t.Errorf("AsksOfMine = %q, want the ask", got)
	}
	b.write("a", func(tx *store.Tx) error {
		a, err := tx.Ask(ctx, question)
		if err != nil {
			return err
		}
		if err := a.Settle(ben, comment, after(2)); err != nil {
			return err
		}
		return tx.SetAsk(ctx, a)
	})
	if got, done := lines(must(r.AsksToMe(ctx))), lines(must(r.AsksDone(ctx, 10))); got != "" || done != question {
		t.Errorf("after answering: to me %q, done %q", got, done)
	}

	// Crises and alarms.
	crisisIDs := func(cs []store.CrisisLine) string {
		var out []string
		for _, c := range cs {
			out = append(out, c.Item.ID)
		}
		return strings.Join(out, " ")
	}
	dias := b.Store.Reader(b.actor("a", dia))
	if got := []string{crisisIDs(must(r.Crises(ctx, 10))), crisisIDs(must(r.Alarms(ctx))), crisisIDs(must(dias.Crises(ctx, 10))), crisisIDs(must(dias.Alarms(ctx)))}; !slices.Equal(got, []string{fire, fire, fire, ""}) {
		t.Errorf("crises and alarms of ben, then of dia = %q", got)
	}
	b.write("a", func(tx *store.Tx) error {
		c, err := tx.Crisis(ctx, fire)
		if err != nil {
			return err
		}
		if err := c.End(ada, "", after(3)); err != nil {
			return err
		}
		return tx.SetCrisis(ctx, c)
	})
	if got := crisisIDs(must(r.Alarms(ctx))); got != "" {
		t.Errorf("a crisis that is over still alarms: %s", got)
	}

	// What waits, and a look at it, which changes nothing.
	if n := []int{must(r.Waits(ctx, sec(119))), must(r.Waits(ctx, sec(120)))}; !slices.Equal(n, []int{0, 3}) {
		t.Errorf("Waits before and at the window = %v, want 0, 3", n)
	}
	state := b.dump("a")
	look := must(r.Look(ctx, after(60), store.Whole))
	var seen []string
	for _, l := range look.Lines {
		seen = append(seen, string(l.Section)+" "+l.Item)
	}
	if !slices.Contains(seen, string(brief.Named)+" "+letter) || look.Brief.Since != sec(0) {
		t.Errorf("Look = %v since %s", seen, look.Brief.Since)
	}
	if diff := cmp.Diff(state, b.dump("a")); diff != "" {
		t.Errorf("a look changed something (-before +after):\n%s", diff)
	}

	// Briefs, newest first, and the last of a window.
	for n, kind := range []brief.Kind{brief.Urgent, brief.Window, brief.Urgent} {
		b.write("a", func(tx *store.Tx) error {
			return seal(ctx, tx, store.Brief{ID: fmt.Sprintf("more-%d", n), Person: ben, Kind: kind, Window: sec(200 + n), Delivered: sec(200 + n), Sealed: after(200 + n)}, nil)
		})
	}
	var all []string
	for _, v := range must(r.BriefPage(ctx, store.Mark{}, 3)).Rows {
		all = append(all, v.ID)
	}
	if want := []string{"more-2", "more-1", "more-0"}; !slices.Equal(all, want) {
		t.Errorf("BriefPage = %v, want %v", all, want)
	}
	if last := must(r.LastBrief(ctx, store.Whole)); last.Brief.ID != "more-1" {
		t.Errorf("LastBrief = %s, want the last of a window", last.Brief.ID)
	}

	// What happened in what one follows, by others.
	b.write("a", func(tx *store.Tx) error {
		return tx.AddEvent(ctx, store.Event{ID: "h", Stream: store.TeamStream(teamPrivate), Kind: store.EventSent, Item: update, Version: 1, Actor: ada, At: after(50)})
	})
	if at := must(r.Happened(ctx, sec(49), after(50))); len(at) != 1 || !at[0].Equal(after(50)) {
		t.Errorf("Happened = %v", at)
	}
	if at := must(adas.Happened(ctx, sec(49), after(50))); len(at) != 0 {
		t.Errorf("one's own writing happened: %v", at)
	}
	if at := must(dias.Happened(ctx, sec(49), after(50))); len(at) != 0 {
		t.Errorf("dia, who is not in the team, is told that something happened: %v", at)
	}

	// Mail: one's own, and for admins all.
	if got := must(r.SendingsToMe(ctx, store.SubjectBrief, "brief")); len(got) != 1 || got[0].ID != "outgoing" || got[0].State != store.SendWaiting {
		t.Errorf("SendingsToMe = %+v", got)
	}
	if got := must(adas.SendingsToMe(ctx, store.SubjectBrief, "brief")); len(got) != 0 {
		t.Errorf("SendingsToMe of somebody else's brief = %+v", got)
	}
	for _, s := range must(adas.Sendings(ctx, store.SendWaiting, 10)) {
		if s.Payload != "" {
			t.Errorf("an admin is shown a secret: %+v", s)
		}
	}
}
