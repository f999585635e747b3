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
	w.addMany()
	admin := w.cookies["admin"]
	w.wantMany("admin", "/admin?q=many", "120 people found")

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

// TestPeopleInPages: members find people in the same way.
func TestPeopleInPages(t *testing.T) {
	w := newHouse(t, "").newWorld()
	w.addMany()
	w.wantMany("member", "/people?q=many+BERLIN", "120 people")
	w.want("one of them", w.ask("GET", "/people?q=@many119", w.cookies["member"], nil), 200, "One person", "Many 119")
	w.want("nobody", w.ask("GET", "/people?q=nowhere", w.cookies["member"], nil), 200, "Nobody was found", "Show everybody")
}

// addMany adds 120 people.
func (w *world) addMany() {
	w.Helper()
	w.write(w.org, func(tx *store.Tx) error {
		for n := range 120 {
			p := store.Person{
				ID: fmt.Sprintf("many-%03d", n), Name: fmt.Sprintf("Many %03d", n), Handle: fmt.Sprintf("many%03d", n), Lang: "en", Role: access.Member, State: access.Active,
				Place: "Berlin", Created: time.Now(), Archetype: charter.Maker, Charter: charter.Proposed("Europe/Berlin"),
			}
			if err := tx.AddPerson(w.Context(), p); err != nil {
				return err
			}
		}
		return nil
	})
}

// wantMany follows a list of people from its first page to its last, and fails
// unless it is those of addMany.
func (w *world) wantMany(who, at, count string) {
	w.Helper()
	row := regexp.MustCompile(`href="/people/(many[0-9]{3})"`)
	next := regexp.MustCompile(`href="(/[a-z]+\?[^"#]*after=[^"#]*)#[^"]*"[^>]*>Next ones`)
	var got []string
	pages := 0
	for at != "" && pages < 10 {
		pages++
		a := w.ask("GET", at, w.cookies[who], nil)
		w.want("a page of people", a, 200, count, fmt.Sprintf("%d to %d of 120", len(got)+1, min(len(got)+50, 120)))
		for _, m := range row.FindAllStringSubmatch(a.text, -1) {
			got = append(got, m[1])
		}
		at = ""
		if m := next.FindStringSubmatch(a.text); m != nil {
			at = html.UnescapeString(m[1])
		}
	}
	if pages != 3 || len(got) != 120 || got[0] != "many000" || got[119] != "many119" {
		w.Errorf("%d pages list %d people", pages, len(got))
	}
}

// TestCalendarsOfHolidays: an admin brings a calendar once, and each takes what
// they want of it; nobody's charter changes by itself (R3.3, worktime 3.2).
func TestCalendarsOfHolidays(t *testing.T) {
	w := newHouse(t, "").newWorld()
	admin, member := w.cookies["admin"], w.cookies["member"]
	year := time.Now().Year() + 1
	bring := func(name, events string) answered {
		t.Helper()
		return w.bring("/admin/holidays", admin, map[string]string{"name": name}, map[string][2]string{"file": {"any.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" + events + "END:VCALENDAR\r\n"}})
	}
	event := func(day, name string) string {
		return fmt.Sprintf("BEGIN:VEVENT\r\nUID:%s\r\nDTSTART;VALUE=DATE:%d%s\r\nSUMMARY:%s\r\nEND:VEVENT\r\n", day, year, day, name)
	}
	w.want("a calendar", bring("Neverland", event("1225", "Christmas")+event("0101", "New Year")), 303, "/admin#holidays")
	w.want("one without days", bring("Nowhere", ""), 422, "No all-day entry")
	w.want("one without a name", bring(" / ", event("1225", "Christmas")), 422, "Give the calendar a name")
	w.want("its line", w.ask("GET", "/admin", admin, nil), 200, "Neverland", "2 days")

	charter := func() answered { return w.ask("GET", "/charter", member, nil) }
	w.want("the charter", charter(), 200, "Neverland", "2 days that you do not have")
	if strings.Contains(charter().text, "New Year") {
		t.Error("it stands in a charter that nobody changed")
	}
	days := w.ask("GET", "/charter/holidays/Neverland", member, nil)
	w.want("its days", days, 200, "Christmas", "New Year")
	w.want("taking one", w.ask("POST", "/charter/holidays/days", member, form("source", "Neverland", "day", fmt.Sprintf("%d-12-25 Christmas", year))), 303)
	w.want("the charter with it", charter(), 200, "one day that you do not have", "Remove all from Neverland")
	w.want("what is left", w.ask("GET", "/charter/holidays/Neverland", member, nil), 200, "New Year")

	w.want("a newer one", bring("Neverland", event("1226", "Boxing Day")), 303)
	w.want("the charter after it", charter(), 200, "Christmas", "one day that you do not have")
	w.want("removing it", w.ask("POST", "/admin/holidays/Neverland/removal", admin, nil), 303)
	if after := charter(); !strings.Contains(after.text, "Christmas") || strings.Contains(after.text, "/charter/holidays/Neverland") {
		t.Error("a day that was taken went with its calendar, or the calendar is offered still")
	}
	w.want("once more", w.ask("POST", "/admin/holidays/Neverland/removal", admin, nil), 404)
	w.want("the audit log", w.ask("GET", "/admin/audit", admin, nil), 200, "brought the holiday calendar Neverland", "removed the holiday calendar Neverland")
}
