package web

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/store"
)

// TestAdminFindsPeople: an organisation of many is listed some at a time and
// narrowed by a plain form, and an act on somebody comes back to that place.
func TestAdminFindsPeople(t *testing.T) {
	w := newHouse(t, "").newWorld()
	w.write(w.org, func(tx *store.Tx) error {
		for n := range 120 {
			p := store.Person{
				ID: fmt.Sprintf("many-%03d", n), Name: fmt.Sprintf("Many %03d", n), Handle: fmt.Sprintf("many%03d", n), Lang: "en", Role: access.Member, State: access.Active,
				Created: time.Now(), Archetype: charter.Maker, Charter: charter.Proposed("Europe/Berlin"),
			}
			if err := tx.AddPerson(t.Context(), p); err != nil {
				return err
			}
		}
		return nil
	})
	admin := w.cookies["admin"]
	row := regexp.MustCompile(`href="/people/(many[0-9]{3})"`)
	next := regexp.MustCompile(`href="(/admin\?[^"#]*after=[^"#]*)#people"[^>]*>Next ones`)
	var got []string
	pages, at := 0, "/admin?q=many"
	for at != "" && pages < 10 {
		pages++
		a := w.ask("GET", at, admin, nil)
		w.want("a page of people", a, 200, "120 people found", fmt.Sprintf("%d to %d of 120", len(got)+1, min(len(got)+50, 120)))
		for _, m := range row.FindAllStringSubmatch(a.text, -1) {
			got = append(got, m[1])
		}
		at = ""
		if m := next.FindStringSubmatch(a.text); m != nil {
			at = html.UnescapeString(m[1])
		}
	}
	if pages != 3 || len(got) != 120 || got[0] != "many000" || got[119] != "many119" {
		t.Errorf("%d pages list %d people", pages, len(got))
	}

	const place = "/admin?after=many-049&q=many&state=active"
	a := w.ask("GET", place, admin, nil)
	act := regexp.MustCompile(`action="(/admin/people/many-050/state[^"]*)"`).FindStringSubmatch(a.text)
	if act == nil {
		t.Fatal("many050 is not listed")
	}
	done := w.ask("POST", html.UnescapeString(act[1]), admin, form("state", "deactivated"))
	w.want("an act", done, 303, place+"#people")
	w.want("those who are kept out", w.ask("GET", "/admin?q=MANY&state=deactivated", admin, nil), 200, "One person found", "Many 050")
	none := w.ask("GET", "/admin?q=nobody&state=nonsense", admin, nil)
	w.want("nobody", none, 200, "0 people found")
	if strings.Contains(none.text, "Next ones") || strings.Contains(none.text, "1 to 0") {
		t.Error("nothing goes on")
	}
}
