package serve_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/internal/browsertest"
	"github.com/rubato-hq/rubato/internal/demo"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// TestAskByKeyboard writes, sends and answers an ask without a pointer.
func TestAskByKeyboard(t *testing.T) {
	address := start(t, "")
	v := visitor{t, browsertest.New(t)}
	v.Open(address + "/")
	v.be("jonas")
	v.Press("w")
	v.WaitPath("/write")
	v.WaitVisible("#point")
	v.Press("Tab") // the link that skips to the text comes first
	if got := focused(v); got != "a.skip" {
		t.Errorf("the first stop is %s", got)
	}
	v.Press("Enter")
	v.Press("Alt+3")
	v.WaitVisible(".terms")
	// Tab alone leads from the kind to the text, the people and the button, and
	// each stop is seen.
	stops := map[string]bool{}
	for range 60 {
		v.Press("Tab")
		at := focused(v)
		stops[at] = true
		if !browsertest.Eval[bool](v.Page, `(() => { const e = document.activeElement, s = getComputedStyle(e.closest(".choice") ?? e); return s.outlineStyle !== "none" || s.boxShadow !== "none" })()`) {
			t.Errorf("%s has the focus, and nothing shows it", at)
		}
		switch at {
		case "textarea#point":
			v.Type("#point", "Which hour suits you?")
		case "input#to":
			v.Type("#to", "@lena")
			v.Press("Enter")
			v.WaitText(".chip", "Lena")
		}
		if at == "button.btn.btn-pen" {
			break
		}
	}
	for _, want := range []string{"textarea#point", "textarea#context", "input#to", "select#where", "button.btn.btn-pen"} {
		if !stops[want] {
			t.Errorf("Tab never came to %s: %v", want, stops)
		}
	}
	v.WaitText("#draft-state", "Draft saved")
	v.Press("Enter")
	v.WaitText("h1", "Sent.")
	ref := v.Attribute(`.point a`, "href")

	v.be("lena")
	v.Open(ref)
	v.Press("r")
	if got := focused(v); got != "textarea#answer-text" {
		t.Errorf("r leads to %s", got)
	}
	v.Type("#answer-text", "Ten.")
	v.Press("Control+Enter")
	v.WaitText("main", "You answered")
	v.Clean()
}

// focused names the element that has the focus.
func focused(v visitor) string {
	return browsertest.Eval[string](v.Page, `(() => { const e = document.activeElement; return e.localName + (e.id ? "#" + e.id : e.classList.length ? "." + [...e.classList].join(".") : "") })()`)
}

// TestDraftsSurvive: signed out while writing, two tabs on one draft, and the
// button that goes back lose nothing (R5.5).
func TestDraftsSurvive(t *testing.T) {
	address := start(t, "")
	v := visitor{t, browsertest.New(t)}
	v.Open(address + "/")
	v.be("jonas")
	v.Open("/write")
	v.Fill("#point", "The feed moves.")
	v.WaitText("#draft-state", "Draft saved")
	draft := v.Path()
	if !strings.HasPrefix(draft, "/write?draft=") {
		t.Errorf("a kept draft has the address %s", draft)
	}
	v.Open("/brief")
	v.Back()
	v.WaitVisible("#point")
	if got := v.Value("#point"); got != "The feed moves." {
		t.Errorf("after going back: %q", got)
	}

	// Somebody ends the session; the form is sent, and comes back at the door.
	v.Fill("#point", "The feed moves on Friday.")
	browsertest.Eval[bool](v.Page, `fetch("/sign-out", {method: "POST"}).then(() => true)`)
	v.Press("Control+Enter")
	v.WaitText("main", "You are signed out, so this was not taken.")
	if got := v.Value("#kept-0"); got != "The feed moves on Friday." {
		t.Errorf("the door gives back %q", got)
	}
	v.Forget() // 401 is the point of it
	v.Follow(`form:has(input[value="jonas"]) button`)
	v.WaitVisible("#point")
	if got := v.Value("#point"); got != "The feed moves on Friday." {
		t.Errorf("signed in again: %q on %s", got, v.Path())
	}
	v.WaitText("#draft-state", "Draft saved")

	// Thrown away by hand, it is gone.
	v.Open("/drafts")
	before := v.Count("form[action$='/deletion']")
	v.Follow(`form[action$="/deletion"] button`)
	v.WaitPath("/drafts")
	if after := v.Count("form[action$='/deletion']"); before == 0 || after != before-1 {
		t.Errorf("of %d drafts one was thrown away, and %d are left", before, after)
	}
	v.Clean()
}

// TestNoBreach walks over the pages as their readers do: the strict policy is
// never broken, and nothing fails.
func TestNoBreach(t *testing.T) {
	address := start(t, "")
	v := visitor{t, browsertest.New(t)}
	v.Open(address + "/sign-in")
	v.be("lena")
	for _, path := range []string{
		"/brief", "/brief/look", "/write", "/write?kind=ask", "/drafts", "/asks", "/people", "/people/kenji", "/between", "/teams",
		"/charter", "/crisis", "/settings", "/demo",
	} {
		for _, width := range []int{1280, 390} {
			v.Viewport(width, 844)
			if status := v.Open(path); status != 200 {
				t.Errorf("%s answers %d", path, status)
			}
			if sticks := v.Sideways(); len(sticks) > 0 {
				t.Errorf("%s at %d px: sticks out: %v", path, width, sticks)
			}
		}
	}
	v.Viewport(1280, 900)
	v.Open("/asks")
	for _, ref := range browsertest.Eval[[]string](v.Page, `[...document.querySelectorAll(".point a")].slice(0, 4).map(a => a.getAttribute("href"))`) {
		v.Open(ref)
	}
	if n := len(v.Violations()); n > 0 {
		t.Errorf("%d breaches of the policy: %v", n, v.Violations())
	}
	v.Clean()
}

// TestManyPeople: in an organisation of more people than a page lists, they are
// found by what is typed, in the field of many names and in that of one.
func TestManyPeople(t *testing.T) {
	data := t.TempDir()
	s := running(t, config.Settings{Data: data}, nil, demo.Start())
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	st := must(store.Open(t.Context(), store.Config{Database: filepath.Join(data, "rubato.db"), Zones: zoneinfo.New().Zone}))
	err := st.Write(t.Context(), must(st.Organisations(t.Context()))[0].ID, func(tx *store.Tx) error {
		for n := range 60 {
			err := tx.AddPerson(t.Context(), store.Person{
				ID: fmt.Sprintf("many-%03d", n), Name: fmt.Sprintf("Many Names %02d", n), Handle: fmt.Sprintf("many%02d", n), Lang: "en", Role: access.Member, State: access.Active,
				Place: "Berlin", Created: time.Now(), Archetype: charter.Maker, Charter: charter.Proposed("Europe/Berlin"),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	v := visitor{t, browsertest.New(t)}
	v.Open(running(t, config.Settings{Data: data}, nil, demo.Start()).URL() + "/")
	v.be("jonas")
	v.Open("/write")
	v.Type("#to", "names 4")
	v.WaitText(".found", "Many Names 42")
	v.Type("#to", "2")
	v.WaitText(`.found [aria-selected="true"]`, "Many Names 42")
	v.Press("Enter")
	v.WaitText(".chip", "Many Names 42")
	v.Open("/charter")
	v.Fill("#cover", "")
	v.Type("#cover", "names 17")
	v.WaitThere(`#people-list option[value="@many17"]`)
	v.Clean()
}
