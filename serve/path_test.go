package serve_test

import (
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

// clock moves the team's clock to a time of the reader's own.
func (v visitor) clock(day, at string) {
	v.T.Helper()
	v.Open("/demo")
	v.Fill(`input[name="day"]`, day)
	v.Fill(`input[name="clock"]`, at)
	v.Follow(`form.moment button`)
	v.says("body", day[8:]) // the day stands in the demo's line
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

// TestNightInBerlin is the path of the product: an ask written in Berlin at
// night reaches San Francisco in its window, and not before.
func TestNightInBerlin(t *testing.T) {
	const question = "Which of the two feeds is the one that riders read?"
	both(t, func(t *testing.T, database string) {
		address := start(t, database)
		v := visitor{t, browsertest.New(t)}
		v.Open(address + "/")

		v.be("jonas")
		v.says("h1", "need")
		v.clock("2026-11-24", "23:00")

		v.Open("/write?kind=ask")
		v.Fill(`[name="point"]`, question)
		v.Type(`#to`, "@kenji,")
		v.Choose(`[name="where"]`, "named")
		v.WaitText("#beside", "15:30")
		v.WaitText("#draft-state", "23:00")
		v.Follow(`.bar .btn-pen`)
		if got := v.Status(); got != 201 {
			t.Fatalf("sending answered %d: %s", got, v.Text("main"))
		}
		v.says("main", "15:30")
		ref := v.Attribute(`.point a`, "href")

		v.be("kenji")
		v.silent("main", question)
		v.clock("2026-11-24", "15:29")
		v.Open("/brief")
		v.silent("main", question)
		v.Follow(`.demo .btn-pen`) // go to the next window
		v.Open("/brief")
		v.says("main", question)
		v.says("main", "Due tomorrow 15:30")
		v.Open(ref)
		v.Fill(`#answer textarea`, "The second one, from the boards.")
		v.Follow(`#answer button`)
		v.says("main", "You answered")

		v.be("jonas")
		v.silent("main", "The second one")
		v.Open(ref)
		v.says("main", "Answered")
		v.clock("2026-11-25", "10:00")
		v.Open("/brief")
		v.says("main", "The second one, from the boards.")
		v.Clean()
	})
}
