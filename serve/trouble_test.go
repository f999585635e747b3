package serve_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rubato-hq/rubato/internal/browsertest"
)

// line is what lies between a browser and its server, and may be bad: its rule
// says what becomes of a request.
type line struct {
	*httptest.Server
	rule atomic.Pointer[func(*http.Request) fate]
}

type fate int

const (
	through fate = iota
	broken       // it never arrives
	unheard      // it arrives, and the answer does not
	fails        // the server answers 500
)

func newLine(t *testing.T, server string) *line {
	t.Helper()
	proxy := httputil.NewSingleHostReverseProxy(must(url.Parse(server)))
	l := &line{}
	l.heal()
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch (*l.rule.Load())(r) {
		case through:
			proxy.ServeHTTP(w, r)
		case unheard:
			proxy.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case broken:
			panic(http.ErrAbortHandler)
		case fails:
			http.Error(w, "no", http.StatusInternalServerError)
		}
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *line) heal() { l.hurt(through, "") }

// hurt lets what is posted to paths with this in them meet a fate.
func (l *line) hurt(f fate, path string) {
	rule := func(r *http.Request) fate {
		if f != through && r.Method == http.MethodPost && strings.Contains(r.URL.Path, path) {
			return f
		}
		return through
	}
	l.rule.Store(&rule)
}

// TestBadLine: whatever becomes of a request on its way, what was typed is
// there, and what is sent again is taken once (R5.5).
func TestBadLine(t *testing.T) {
	l := newLine(t, start(t, ""))
	v := visitor{t, browsertest.New(t)}
	v.Open(l.URL + "/")
	v.be("jonas")

	// The answer to a comment is lost: sent again, it stands there once.
	c := newClient(t, l.URL)
	c.be("jonas")
	v.Open(c.get("/teams/trip-store").find(t, `href="(/U-[0-9]+)"`))
	item := v.Path()
	const said = "The answer to this was lost on its way."
	for _, f := range []fate{unheard, broken, fails} {
		l.hurt(f, "/comments")
		v.Fill("#comment-text", said)
		v.Follow("#comment button.btn-s")
		l.heal()
		v.Back()
		v.WaitVisible("#comment-text")
		if got := v.Value("#comment-text"); got != said {
			t.Fatalf("after fate %d the comment says %q", f, got)
		}
	}
	v.Follow("#comment button.btn-s")
	if n := strings.Count(v.Text("main"), said); !strings.HasPrefix(v.Path(), item) || n != 1 {
		t.Errorf("on %s the comment stands %d times: %s", v.Path(), n, v.Text("main"))
	}
	if got := v.Value("#comment-text"); got != "" {
		t.Errorf("a comment that was taken is offered again: %q", got)
	}

	// A draft is not saved, and the page says so; then it is.
	l.hurt(broken, "/drafts/")
	v.Open("/write")
	v.Fill("#point", "The board at Konak is dark.")
	v.WaitVisible("[data-draft-failed]")
	v.silent(".bar", "Draft saved")

	// Sending meets a server that is ill: the words are here when it is well.
	l.hurt(fails, "/write")
	v.Follow(".bar .btn-pen")
	l.heal()
	v.Back()
	v.WaitVisible("#point")
	if got := v.Value("#point"); got != "The board at Konak is dark." {
		t.Errorf("after an answer of 500 the form says %q", got)
	}
	v.Open("/write") // and in a form opened anew they are offered
	v.WaitVisible("[data-draft-found]")
	v.Click("[data-draft-restore]")
	if got := v.Value("#point"); got != "The board at Konak is dark." {
		t.Errorf("the words put back are %q", got)
	}
	v.WaitText("#draft-state", "Draft saved")

	// A file that is dropped breaks on its way; tried again it is there, and
	// goes out with the text.
	l.hurt(broken, "/files")
	v.hand("#context", "drop", "konak.csv", "text/csv")
	v.WaitText("[data-on-the-way]", "konak.csv")
	v.WaitVisible("[data-on-the-way] button|again")
	l.heal()
	v.Click("[data-on-the-way] button|again")
	v.WaitText(".attached", "konak.csv")
	v.hand("#context", "paste", "pasted.txt", "text/plain;charset=utf-8")
	v.WaitText(".attached", "pasted.txt")
	v.Type("#to", "@kenji,")
	v.Choose("#where", "named")
	v.WaitText("#beside", "Kenji")
	when := v.Text("#beside .when")
	v.Follow(".bar .btn-pen")
	if v.Status() != http.StatusCreated {
		t.Fatalf("sending answered %d: %s", v.Status(), v.Text("main"))
	}
	if got := v.Text("main .when"); got != when {
		t.Errorf("the form promised %q, the receipt says %q", when, got)
	}
	v.Open(v.Attribute(".point a", "href"))
	v.says(".files", "konak.csv")
	v.says(".files", "pasted.txt")
	if n := len(v.Violations()); n > 0 {
		t.Errorf("breaches of the policy: %v", v.Violations())
	}
}

// hand gives a file to an element as the system does: dropped or pasted.
func (v visitor) hand(selector, event, name, media string) {
	v.T.Helper()
	v.WaitVisible(selector)
	browsertest.Eval[bool](v.Page, fmt.Sprintf(`(() => {
		const files = new DataTransfer();
		files.items.add(new File(["stop,minutes\nKonak,6\n"], %q, {type: %q}));
		const init = {bubbles: true, cancelable: true, dataTransfer: files, clipboardData: files};
		const e = %[3]q === "paste" ? new ClipboardEvent("paste", init) : new DragEvent(%[3]q, init);
		document.querySelector(%[4]q).dispatchEvent(e);
		return true;
	})()`, name, media, event, selector))
}

// TestTwoTabs edits one document in two tabs: what does not touch is joined,
// what does is shown, and no text is lost.
func TestTwoTabs(t *testing.T) {
	address := start(t, "")
	a, b := visitor{t, browsertest.New(t)}, visitor{t, browsertest.New(t)}
	c := newClient(t, address)
	c.be("jonas")
	item := c.get("/teams/trip-store").find(t, `href="(/U-[0-9]+)"`)
	for _, v := range []visitor{a, b} {
		v.Open(address + "/")
		v.be("jonas")
		v.Open(item)
		v.Follow(`a[href$="/edit"]`)
	}
	a.Fill("#point", "The first tab changed this.")
	a.Follow("main form .btn-pen")
	a.WaitPath(item)
	b.Fill("#context", "The second tab changed that.")
	b.Follow("main form .btn-pen")
	b.WaitPath(item)
	b.says("h1", "The first tab changed this.")
	b.says("main", "The second tab changed that.")

	for _, v := range []visitor{a, b} {
		v.Open(item)
		v.Follow(`a[href$="/edit"]`)
	}
	a.Fill("#context", "In the first tab: at 03:00.")
	a.Follow("main form .btn-pen")
	b.Fill("#context", "In the second tab: at 04:00.")
	if b.Follow("main form .btn-pen"); b.Status() != http.StatusConflict {
		t.Fatalf("a clash answers %d", b.Status())
	}
	b.says("h1", "You changed the same place elsewhere")
	b.says(".clash", "In the first tab: at 03:00.")
	b.says(".clash", "In the second tab: at 04:00.")
	if got := b.Value("#context"); got != "In the second tab: at 04:00." {
		t.Errorf("the form of a clash holds %q", got)
	}
	b.Fill("#context", "At 03:00, in the second tab too.")
	b.Follow("main form .btn-pen")
	b.WaitPath(item)
	b.says("main", "At 03:00, in the second tab too.")
	b.Follow(`a[href$="/revisions"]`)
	b.Follow(".chain li:nth-child(2) a")
	b.says("ins", "In the first") // what the other tab had saved is a revision
	a.Clean()
}
