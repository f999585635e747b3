package serve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/internal/browsertest"
	"github.com/rubato-hq/rubato/internal/demo"
	"github.com/rubato-hq/rubato/internal/pgtest"
)

// both names the databases that every path is walked on.
func both(t *testing.T, walk func(t *testing.T, database string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { walk(t, "") })
	t.Run("postgres", func(t *testing.T) { walk(t, pgtest.URL(t)) })
}

// start runs a demo and returns its address.
func start(t *testing.T, database string) string {
	t.Helper()
	return running(t, config.Settings{Database: database}, nil, demo.Start()).URL()
}

// visitor is somebody in a browser at a running demo.
type visitor struct {
	*testing.T
	*browsertest.Page
}

func (v visitor) be(handle string) {
	v.T.Helper()
	v.Open("/sign-in")
	v.Follow(`form:has(input[value="` + handle + `"]) button`)
	v.WaitPath("/brief")
}

func (v visitor) says(selector, text string) {
	v.T.Helper()
	if got := v.Text(selector); !strings.Contains(got, text) {
		v.T.Errorf("%s: %s does not say %q but %q", v.Path(), selector, text, got)
	}
}

func (v visitor) silent(selector, text string) {
	v.T.Helper()
	if got := v.Text(selector); strings.Contains(got, text) {
		v.T.Errorf("%s: %s says %q", v.Path(), selector, text)
	}
}

// way is how somebody uses the pages.
type way struct {
	name     string
	database string // "" for SQLite
	keyboard bool   // and nothing else
	noScript bool
}

// follow activates a link or a button: with the mouse, or with Tab and Enter.
func (v visitor) follow(how way, selector string) {
	v.T.Helper()
	if !how.keyboard {
		v.Follow(selector)
		return
	}
	v.tab(selector)
	v.Submit(selector)
}

// fill writes into a field, which the keyboard has to come to by itself.
func (v visitor) fill(how way, selector, text string) {
	v.T.Helper()
	if how.keyboard {
		v.tab(selector)
	}
	v.Fill(selector, text)
}

// tab presses Tab until it comes to an element, from the top of the page.
func (v visitor) tab(selector string) {
	v.T.Helper()
	v.WaitVisible(selector)
	browsertest.Eval[bool](v.Page, `document.activeElement.blur(), true`)
	for range 250 {
		v.Press("Tab")
		if browsertest.Eval[bool](v.Page, fmt.Sprintf(`document.activeElement === document.querySelector(%q)`, selector)) {
			return
		}
	}
	v.Fatalf("%s: Tab never comes to %s", v.Path(), selector)
}

// as signs in as somebody of the demo.
func (v visitor) as(how way, handle string) {
	v.T.Helper()
	v.Open("/sign-in")
	v.follow(how, `form:has(input[value="`+handle+`"]) button`)
	v.WaitPath("/brief")
}

// until moves the team's clock to a time of the reader's own.
func (v visitor) until(how way, day, at string) {
	v.T.Helper()
	v.Open("/demo")
	v.fill(how, `input[name="day"]`, day)
	v.fill(how, `input[name="clock"]`, at)
	v.follow(how, `form.moment button`)
	v.says("body", day[8:])
}

// TestNightInBerlin is the path of the product: an ask written in Berlin at
// night reaches San Francisco in its window, and not before. With the mouse,
// with the keyboard alone, and without JavaScript.
func TestNightInBerlin(t *testing.T) {
	const question = "Which of the two feeds is the one that riders read?"
	for _, how := range []way{
		{name: "sqlite"},
		{name: "postgres", database: pgtest.URL(t)},
		{name: "by keyboard", keyboard: true},
		{name: "without script", database: pgtest.URL(t), noScript: true},
	} {
		t.Run(how.name, func(t *testing.T) {
			address := start(t, how.database)
			v := visitor{t, browsertest.New(t)}
			if how.noScript {
				v.NoScript()
			}
			v.Open(address + "/")

			v.as(how, "jonas")
			v.says("h1", "need")
			v.until(how, "2026-11-24", "23:00")

			v.Open("/write?kind=ask")
			v.fill(how, "#point", question)
			v.fill(how, "#to", "@kenji,")
			if how.keyboard {
				v.tab("#where")
			}
			v.Choose("#where", "named")
			if how.noScript {
				v.follow(how, `.bar button[formaction="/write/preview"]`)
			} else {
				v.WaitText("#draft-state", "23:00")
			}
			v.WaitText("#beside", "15:30")
			v.follow(how, `.bar .btn-pen`)
			if got := v.Status(); got != 201 {
				t.Fatalf("sending answered %d: %s", got, v.Text("main"))
			}
			v.says("main", "15:30")
			ref := v.Attribute(`.point a`, "href")

			v.as(how, "kenji")
			v.silent("main", question)
			v.until(how, "2026-11-24", "15:29")
			v.Open("/brief")
			v.silent("main", question)
			v.follow(how, `.demo .btn-pen`) // go to the next window
			v.Open("/brief")
			v.says("main", question)
			v.says("main", "Due tomorrow 15:30")
			v.follow(how, `.point a[href="`+ref+`"]`)
			v.fill(how, `#answer textarea`, "The second one, from the boards.")
			v.follow(how, `#answer button.btn-pen`)
			v.says("main", "You answered")

			v.as(how, "jonas")
			v.silent("main", "The second one")
			v.Open(ref)
			v.says("main", "Answered")
			v.until(how, "2026-11-25", "10:00")
			v.Open("/brief")
			v.says("main", "The second one, from the boards.")
			v.Clean()
		})
	}
}
