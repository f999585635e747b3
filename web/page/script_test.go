package page

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/internal/browsertest"
	"github.com/rubato-hq/rubato/web/static"
)

// desk is a server with just what the script talks to: it answers a preview
// with one reader for each name, keeps drafts, and can be down.
type desk struct {
	mu     sync.Mutex
	t      *testing.T
	cast   cast
	down   int      // the status that it answers with, 0 while it works
	drafts []string // what was saved, in order: point and addressees
	sent   []string
}

func newDesk(t *testing.T) (*desk, string) {
	t.Helper()
	d := &desk{t: t, cast: newCast(catalogue(t).For("en"), morning())}
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("GET /write", func(w http.ResponseWriter, r *http.Request) {
		p := d.page()
		if r.FormValue("other") != "" {
			p.Draft = "dr-2"
		}
		d.show(w, p)
	})
	mux.HandleFunc("POST "+PathPreview, func(w http.ResponseWriter, r *http.Request) { d.parts(w, r, false) })
	mux.HandleFunc("POST /drafts/{id}", func(w http.ResponseWriter, r *http.Request) { d.parts(w, r, true) })
	mux.HandleFunc("POST /write", func(w http.ResponseWriter, r *http.Request) {
		d.note(&d.sent, r.FormValue("point"))
		d.show(w, Sent{Frame: d.cast.frame(RoomWrite, "/write"), Head: d.cast.head(item.Ask, "A-1", r.FormValue("point"), d.cast.lena, morning())})
	})
	mux.HandleFunc("GET /A-35", func(w http.ResponseWriter, r *http.Request) {
		p := d.cast.askItem()
		p.Ask.Asker = false
		d.show(w, p)
	})
	mux.HandleFunc("POST /items/{id}/comments", func(w http.ResponseWriter, r *http.Request) {
		d.note(&d.sent, r.FormValue("text"))
		http.Redirect(w, r, "/A-35?sent=yes#c-c-10", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /brief", func(w http.ResponseWriter, r *http.Request) { d.show(w, d.cast.brief(BriefLook)) })
	mux.HandleFunc("GET /charter", func(w http.ResponseWriter, r *http.Request) { d.show(w, d.cast.charter()) })
	mux.HandleFunc("GET /setup", func(w http.ResponseWriter, r *http.Request) { d.show(w, Setup{Frame: d.cast.outside(), Token: "x"}) })
	mux.HandleFunc("GET "+PathAlarms, func(w http.ResponseWriter, r *http.Request) { http.Error(w, "", http.StatusNotFound) })
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return d, srv.URL
}

func (d *desk) page() Write {
	p := d.cast.write(item.Ask)
	p.SavedAt = time.Time{}
	return p
}

func (d *desk) show(w http.ResponseWriter, v viewer) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := v.View().Render(d.t.Context(), w); err != nil {
		d.t.Error(err)
	}
}

func (d *desk) note(list *[]string, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	*list = append(*list, text)
}

func (d *desk) lately(list *[]string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(*list) == 0 {
		return ""
	}
	return (*list)[len(*list)-1]
}

func (d *desk) set(down int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.down = down
}

// parts answers a preview or the saving of a draft.
func (d *desk) parts(w http.ResponseWriter, r *http.Request, save bool) {
	d.mu.Lock()
	down := d.down
	d.mu.Unlock()
	if down != 0 {
		http.Error(w, "down", down)
		return
	}
	if r.FormValue("key") != "" {
		d.t.Errorf("%s: the key for sending once was used up by a look", r.URL.Path)
	}
	p := d.page()
	if save {
		p.SavedAt = morning()
		d.note(&d.drafts, r.FormValue("point")+"|"+r.FormValue("to"))
	}
	p.Preview = &Preview{Axis: d.cast.axis(), Minutes: 1}
	for _, one := range d.cast.reaches() {
		if strings.Contains(r.FormValue("to"), "@"+one.Person.Handle) {
			p.Preview.Reaches = append(p.Preview.Reaches, one)
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := p.Parts().Render(d.t.Context(), w); err != nil {
		d.t.Error(err)
	}
}

// TestWriteWithScript walks through writing: people become chips, the page says
// when they have it, the draft is saved, and what the server did not take is kept.
func TestWriteWithScript(t *testing.T) {
	d, url := newDesk(t)
	p := browsertest.New(t)
	p.Open(url + "/write")

	p.Fill("#to", "aydi") // without accents
	p.WaitText("#to-found", "Deniz Aydın")
	p.Press("Enter")
	p.WaitText(".chip", "Deniz Aydın")
	p.Fill("#to", "ken")
	p.WaitText("#to-found", "Kenji Watanabe")
	p.Press("Enter")
	p.WaitText("#beside", "tomorrow 09:30")
	p.WaitText("#beside", "18:30 today yours")

	p.Fill("#point", "Which branch may I delete?")
	p.WaitText("#draft-state", "Draft saved 08:32. Only you can see it.")
	if got, want := d.lately(&d.drafts), "Which branch may I delete?|@deniz, @kenji"; got != want {
		t.Errorf("the draft is %q, want %q", got, want)
	}

	// The server is gone: the page says since when, and this browser has the words.
	d.set(http.StatusServiceUnavailable)
	p.Fill("#point", "Which branch may I delete today?")
	p.WaitText("[data-draft-failed]", "Not saved on the server since 08:32; still trying.")
	// Signed out meanwhile: the way back in is beside it.
	d.set(http.StatusUnauthorized)
	p.Fill("#point", "Which branch may I delete now?")
	p.WaitText("[data-draft-out]", "You are signed out.")
	p.WaitGone("[data-draft-failed]")
	p.Forget() // the failed requests are the point of it
	p.Reload()
	if got := p.Value("#point"); got != "Which branch may I delete now?" {
		t.Errorf("after a reload: %q", got)
	}
	p.WaitText(".chips", "Kenji Watanabe")
	p.WaitVisible("[data-draft-out]")
	p.Forget()
	// Another draft is begun: the words of the first are offered, not pressed on.
	p.Open(url + "/write?other=yes")
	p.WaitVisible("[data-draft-found]")
	p.Forget()
	d.set(0)
	p.Click("[data-draft-restore]")
	if got := p.Value("#point"); got != "Which branch may I delete now?" {
		t.Errorf("put back: %q", got)
	}
	p.WaitText("#draft-state", "Draft saved")

	p.Press("Control+Enter")
	p.WaitText("h1", "Sent.")
	if got := d.lately(&d.sent); got != "Which branch may I delete now?" {
		t.Errorf("sent %q", got)
	}
	browsertest.Eval[bool](p, `new Promise(done => { const look = () => localStorage.length === 0 ? done(true) : setTimeout(look, 20); look() })`)
	p.Clean()
}

// TestCommentIsKept holds that a comment survives a closed page, and is gone
// from the browser once the server has it.
func TestCommentIsKept(t *testing.T) {
	d, url := newDesk(t)
	p := browsertest.New(t)
	p.Open(url + "/A-35")
	p.Fill("#comment-text", "The snapshot hour is settled.")
	p.Open(url + "/A-35")
	if got := p.Value("#comment-text"); got != "The snapshot hour is settled." {
		t.Errorf("after a reload the comment is %q", got)
	}
	p.Click("#comment-text")
	p.Press("Control+Enter")
	p.WaitPath("/A-35?sent=yes")
	p.WaitText("h1", "Does anything")
	if got := d.lately(&d.sent); got != "The snapshot hour is settled." {
		t.Errorf("sent %q", got)
	}
	if got := p.Value("#comment-text"); got != "" {
		t.Errorf("after the sending the field still holds %q", got)
	}
	p.Clean()
}

// TestKeys presses the shortcuts that the footer shows, and none while typing.
func TestKeys(t *testing.T) {
	_, url := newDesk(t)
	p := browsertest.New(t)
	p.Open(url + "/brief")
	p.Press("j")
	p.Press("j")
	if got := browsertest.Eval[string](p, "document.activeElement.querySelector('h3')?.textContent ?? ''"); !strings.HasPrefix(got, "Which of the two") {
		t.Errorf("after two j the cursor is on %q", got)
	}
	p.Press("k")
	if got := browsertest.Eval[string](p, "document.activeElement.querySelector('h3')?.textContent ?? ''"); !strings.HasPrefix(got, "São Paulo") {
		t.Errorf("after k the cursor is on %q", got)
	}
	p.Press("?")
	p.WaitVisible("dialog")
	p.Press("Escape")
	p.WaitGone("dialog")
	p.Press("w")
	p.WaitPath("/write")
	p.WaitVisible("#point")
	p.Click("#point")
	p.Type("#point", "bwc?!j")
	if got := p.Value("#point"); got != "bwc?!j" || p.Path() != "/write" {
		t.Errorf("typed keys acted: %q on %s", got, p.Path())
	}
	p.Press("Alt+1")
	p.WaitVisible("label[for=readers]")
	p.Clean()
}

// TestWithoutScript holds that the form says what it needs and shows nothing
// that would not work.
func TestWithoutScript(t *testing.T) {
	_, url := newDesk(t)
	p := browsertest.New(t)
	p.NoScript()
	p.Open(url + "/write")
	for _, there := range []string{"#to", "#point", "#context", "button[formaction='/write/preview']", "[data-nojs]"} {
		p.WaitVisible(there)
	}
	for _, gone := range []string{"kbd", "[data-js]", "label[for=readers]", ".when-urgent", ".when-date"} {
		p.WaitGone(gone)
	}
	p.Click("input[value=urgent]")
	p.WaitVisible(".when-urgent")
	p.Fill("#point", "Which branch?")
	p.Follow(".bar .btn-pen")
	p.WaitText("h1", "Sent.")
	p.Clean()
}

// TestSmallHelp is the copy button and the proposed zone.
func TestSmallHelp(t *testing.T) {
	_, url := newDesk(t)
	p := browsertest.New(t)
	p.Open(url + "/charter")
	p.Press("s")
	p.WaitText("[data-copy='#sentence']", "Copied")
	p.Open(url + "/setup")
	if got := p.Value("#zone"); got != "UTC" {
		t.Errorf("the browser's zone is proposed as %q", got)
	}
	p.Clean()
}
