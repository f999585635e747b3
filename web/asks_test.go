package web

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// TestOwnAsks: the asker reads that an ask of theirs is past due, then that it
// cannot get its answer any more, and asks somebody else (R9.4, worktime 6.9).
func TestOwnAsks(t *testing.T) {
	w := newHouse(t, "").newWorld()
	ctx, id, ref := t.Context(), w.at["asked"], "/"+w.at["asked.ref"]
	w.write(w.org, func(tx *store.Tx) error {
		a, err := tx.Ask(ctx, id)
		if err != nil {
			return err
		}
		at := worktime.Of(time.Now())
		a.Recipients[0].Started, a.Recipients[0].Due = at-7200, at-3600
		return tx.SetAsk(ctx, a)
	})
	const short = "It cannot get the answers it wanted any more."
	look := w.ask("GET", "/brief/look", w.cookies["member"], nil)
	w.want("past due", look, 200, "You asked", "One, near or past due", "Whose?", "Waits for Name", "was due")
	if strings.Contains(look.text, short) {
		t.Error("an ask that may be answered cannot get its answers")
	}
	w.want("the same in the list", w.ask("GET", "/asks", w.cookies["member"], nil), 200, "Waits for Name", "was due")
	if got := w.ask("GET", ref, w.cookies["member"], nil); got.status != 200 || strings.Contains(got.text, "Ask somebody else") {
		t.Errorf("an ask that may be answered: %d, and it offers somebody else", got.status)
	}

	w.want("declined", w.ask("POST", "/asks/"+id+"/decline", w.cookies["mate"], form("reason", "Not mine.")), 303)
	look = w.ask("GET", "/brief/look", w.cookies["member"], nil)
	w.want("short", look, 200, "Not mine.", short, ref+"?act=instead#instead")
	if strings.Contains(look.text, "You asked") {
		t.Error("an ask that nobody may answer is told to be due")
	}
	w.want("short in the list", w.ask("GET", "/asks", w.cookies["member"], nil), 200, "Too few can answer", short)
	w.want("short on its page", w.ask("GET", ref+"?act=instead", w.cookies["member"], nil), 200, short, "in the place of Name mate", `id="instead" open`, "Withdraw it", "Open the draft", `value="@admin"`)
	if got := w.ask("GET", ref, w.cookies["mate"], nil); strings.Contains(got.text, short) || strings.Contains(got.text, "Ask somebody else") {
		t.Error("somebody who is asked is told what the asker may do")
	}
	w.want("turned into a document", w.ask("GET", "/write?kind=update&source="+id, w.cookies["member"], nil), 200, w.at["asked.ref"])

	instead := func(who, to string) answered {
		return w.ask("POST", "/asks/"+id+"/instead", w.cookies[who], form("to", to))
	}
	w.want("who declined", instead("member", "@mate"), 422, "This person is asked already.")
	w.want("who cannot read it", instead("member", "@admin"), 422, "Name admin cannot read what is written there.")
	w.want("by somebody else", instead("mate", "@admin"), 403)
	team, err := w.store.Reader(w.actor("member")).TeamBySlug(ctx, "core-team")
	w.must(err)
	w.must(w.door.JoinTeam(ctx, w.actor("mate"), door.Membership{Team: team.ID, Person: w.people["admin"]}))
	w.want("somebody else", instead("member", "@admin"), 303, ref)
	w.want("on its page", w.ask("GET", ref, w.cookies["member"], nil), 200, "Name admin is asked instead", "Waiting", "One answer wanted")
	w.want("asked", w.ask("GET", ref, w.cookies["admin"], nil), 200, "Your answer")

	// Who leaves the team is out, and their asker hears of it.
	w.want("left", w.ask("POST", "/teams/core-team/membership/removal", w.cookies["admin"], form()), 303)
	w.want("a leaver", w.ask("GET", "/brief/look", w.cookies["member"], nil), 200, "Name admin cannot answer", short)
}

// TestBetween: what is written to named people alone is found again by each of
// them, and by nobody else.
func TestBetween(t *testing.T) {
	w := newHouse(t, "").newWorld()
	for n := range pageOf + 1 {
		_, err := w.door.Write(t.Context(), w.actor("member"), item.Update, door.Writing{Point: fmt.Sprintf("Letter %d.", n), To: []string{w.people["other"]}})
		w.must(err)
		for written := time.Now().UnixMilli(); time.Now().UnixMilli() == written; { // what is of one millisecond has no order
			runtime.Gosched()
		}
	}
	_, err := w.door.Write(t.Context(), w.actor("other"), item.Request, door.Writing{Point: "To the mate.", To: []string{w.people["mate"], w.people["guest"]}})
	w.must(err)
	at := func(who, path string) answered { return w.ask("GET", path, w.cookies[who], nil) }
	w.want("the people", at("member", "/people"), 200, `href="/between"`)
	w.want("a person", at("member", "/people/other"), 200, "/between?with=other", "Between you and Name other")
	first := at("other", "/between")
	w.want("all", first, 200, "Between you and others", "Letter 50.", "To the mate.", "/between?before=")
	if !regexp.MustCompile(`to Name (mate and Name guest|guest and Name mate)`).MatchString(first.text) { // in the order of their ids
		t.Errorf("it does not say to whom: %s", first.text)
	}
	older := regexp.MustCompile(`/between\?before=[^"]+`).FindString(first.text)
	w.want("the older ones", at("other", older), 200, "Letter 0.", "That is all.")
	two := at("other", "/between?with=mate")
	w.want("two", two, 200, "Between you and Name mate", "To the mate.", "That is all.")
	if strings.Contains(two.text, "Letter") {
		t.Error("what is between others is listed")
	}
	w.want("the writer", at("member", "/between?with=other"), 200, "Letter 50.", "with=other")
	for _, who := range []string{"mate", "admin", "guest"} {
		if got := at(who, "/between"); got.status != 200 || strings.Contains(got.text, "Letter") {
			t.Errorf("%s: %d, and reads letters of others", who, got.status)
		}
	}
	w.want("somebody unknown", at("member", "/between?with=nobody.at.all"), 404)
	w.want("somebody a guest does not see", at("guest", "/between?with=admin"), 404)
}

// TestAllThatAnAskLacks: a form that came back names everything at once.
func TestAllThatAnAskLacks(t *testing.T) {
	w := newHouse(t, "").newWorld()
	a := w.ask("POST", "/write", w.cookies["member"], form("kind", "ask", "term", "urgent", "need", "all", "where", "named", "context", "Why so?"))
	w.want("an ask of context alone", a, 422, "3 things need mending", "Write your question", "Name at least one person", "Say in one sentence why it is urgent", "Why so?")
}

// TestManyNames: a page lists whom one may name while they are few; of many it
// lists nobody, and they are found by what is typed.
func TestManyNames(t *testing.T) {
	w := newHouse(t, "").newWorld()
	me := w.cookies["member"]
	page := w.ask("GET", "/write", me, nil)
	w.want("few", page, 200, `value="@mate"`, `data-find=""`)
	w.addMany()
	page = w.ask("GET", "/write", me, nil)
	w.want("many", page, 200, `data-find="/names"`)
	if strings.Contains(page.text, `value="@mate"`) {
		t.Error("the page lists all of many people")
	}
	found := w.ask("GET", "/names?q=MAT", me, nil)
	w.want("by a part of a name", found, 200, `value="@mate"`)
	if n := strings.Count(w.ask("GET", "/names?q=many", me, nil).text, "<option"); n != 12 {
		t.Errorf("%d are suggested, want 12", n)
	}
	if strings.Contains(w.ask("GET", "/names?q=member", me, nil).text, `"@member"`) {
		t.Error("one is suggested to oneself")
	}
}
