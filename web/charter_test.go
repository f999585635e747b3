package web

import (
	"regexp"
	"strings"
	"testing"
)

// TestDaysThatAreAlike: they share a row of the charter's form, which stands for
// all of them; one page with a row a day lets them differ.
func TestDaysThatAreAlike(t *testing.T) {
	w := newHouse(t, "").newWorld()
	me := w.cookies["member"]
	revision := func() string {
		t.Helper()
		m := regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(w.ask("GET", "/charter", me, nil).text)
		if m == nil {
			t.Fatal("the charter has no revision")
		}
		return m[1]
	}
	week := []string{"windows", "11:00", "zone", "Europe/Berlin", "hours.mon.from", "8:00", "hours.mon.to", "16:00", "hours.tue.as", "mon", "hours.wed.as", "mon"}
	saved := w.ask("POST", "/charter", me, form(append(week, "revision", revision(), "hours.fri.from", "9:00", "hours.fri.to", "12:00", "hours.sun.as", "sat")...))
	w.want("a charter", saved, 303, "/charter")
	w.want("its rows", w.ask("GET", "/charter", me, nil), 200, "Monday to Wednesday", "Thursday, Saturday, Sunday", `name="hours.wed.as" value="mon"`, `name="hours.fri.from" value="09:00"`)
	apart := w.ask("GET", "/charter?each=hours", me, nil)
	w.want("a row a day", apart, 200, `name="hours.wed.from" value="08:00"`, `name="each" value="hours"`)
	if strings.Contains(apart.text, `name="hours.wed.as"`) {
		t.Error("Wednesday has a row of its own and is as Monday is")
	}

	wrong := w.ask("POST", "/charter", me, form(append(week, "revision", revision(), "hours.mon.from", "noon", "hours.mon.to", "14:00")...))
	w.want("a time that is none", wrong, 422, "One thing needs mending", "Monday to Wednesday", `value="noon"`)
}
