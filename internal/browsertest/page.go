package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Page is one tab, in an incognito context of its own. It belongs to one test
// and to one goroutine of it.
type Page struct {
	t        testing.TB
	ctx      context.Context
	noScript bool

	mu     sync.Mutex // guards heard, which the browser's events write
	heard  heard
	status int // of the last document
}

// New opens an empty tab at 1280 x 800 in light, with JavaScript on. It is
// closed at the end of the test.
func New(t testing.TB) *Page {
	t.Helper()
	b, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	p := &Page{t: t, heard: heard{requests: map[string]string{}}}
	ctx, cancel := chromedp.NewContext(b, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.listen))
	p.ctx = ctx
	t.Cleanup(cancel)
	t.Cleanup(p.keep)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	call(p, audits.Enable, cdp.Empty{})
	p.dismiss()
	p.Viewport(1280, 800)
	p.Theme(Light)
	return p
}

// Open loads an address and waits until it is complete. One that starts with /
// is of the host that the page is on. It returns the HTTP status.
func (p *Page) Open(address string) int {
	p.t.Helper()
	if strings.HasPrefix(address, "/") {
		here, err := url.Parse(p.URL())
		if err != nil {
			p.t.Fatalf("open %s: %v", address, err)
		}
		there, err := here.Parse(address)
		if err != nil {
			p.t.Fatalf("open %s: %v", address, err)
		}
		address = there.String()
	}
	p.do("open "+address, chromedp.Navigate(address))
	return p.Status()
}

// Reload loads the page again and returns the HTTP status.
func (p *Page) Reload() int {
	p.t.Helper()
	p.do("reload", chromedp.Reload())
	return p.Status()
}

// Back goes to the document before, as the browser's button does.
func (p *Page) Back() {
	p.t.Helper()
	left := p.leave()
	Eval[bool](p, "setTimeout(() => history.back()), true") // the page answers before it is left
	p.arrive(left)
}

// URL returns the address that the page is on.
func (p *Page) URL() string {
	p.t.Helper()
	return Eval[string](p, "location.href")
}

// Path returns the path and query of the address, as in "/write?to=mia".
func (p *Page) Path() string {
	p.t.Helper()
	return Eval[string](p, "location.pathname + location.search")
}

// Status returns the HTTP status of the last document that was loaded.
func (p *Page) Status() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.status
}

// Viewport sets the size of the window in CSS pixels.
func (p *Page) Viewport(width, height int) {
	p.t.Helper()
	p.do("set the viewport", chromedp.EmulateViewport(int64(width), int64(height)))
}

// Colours is what the person's system prefers.
type Colours string

// The two answers to the media query prefers-color-scheme.
const (
	Light Colours = "light"
	Dark  Colours = "dark"
)

// Theme sets the preferred colours. Motion is always asked to be reduced, so
// that a screenshot never catches something half way.
func (p *Page) Theme(c Colours) {
	p.t.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: string(c)},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

// NoScript switches JavaScript off for all that is opened from now on.
func (p *Page) NoScript() {
	p.t.Helper()
	p.noScript = true
	p.scripts(false)
}

func (p *Page) scripts(on bool) {
	p.t.Helper()
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// Screenshot writes the whole page, from top to bottom, as a PNG. Folders of
// the path are made.
func (p *Page) Screenshot(path string) {
	p.t.Helper()
	png, err := p.screenshot()
	if err != nil {
		p.t.Fatalf("screenshot: %v", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p *Page) screenshot() ([]byte, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.FullScreenshot(100))
}

// keep leaves behind what a failed test looked like.
func (p *Page) keep() {
	if !p.t.Failed() {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	dir := p.t.ArtifactDir()
	// More than one page of a test may be kept.
	f, err := os.CreateTemp(dir, "page-*.txt")
	if err != nil {
		p.t.Log(err)
		return
	}
	defer f.Close()
	name := strings.TrimSuffix(f.Name(), ".txt")

	address, _ := chromedp.Run(ctx, chromedp.Location()) // the tab may be gone: then all stays empty
	html, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("document.documentElement.outerHTML"))
	png, err := p.screenshot()
	if err != nil {
		p.t.Logf("screenshot of the failure: %v", err)
	}
	p.mu.Lock()
	log := strings.Join(p.heard.log, "\n")
	p.mu.Unlock()
	fmt.Fprintf(f, "%s\n\n%s\n", address, log)
	for ending, content := range map[string][]byte{".html": []byte(html), ".png": png} {
		if err := os.WriteFile(name+ending, content, 0o644); err != nil {
			p.t.Log(err)
		}
	}
	p.t.Logf("the page at %s is kept as %s.{png,html,txt}", address, name)
}

// dismiss answers every dialog with yes, so that none blocks the page.
func (p *Page) dismiss() {
	dialogs := chromedp.Events(p.ctx, page.JavascriptDialogOpening)
	go func() {
		for _, err := range dialogs {
			if err != nil {
				return // the page is gone
			}
			_, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
		}
	}()
}

// Eval runs a JavaScript expression in the page and returns its value. It works
// with JavaScript off too, but promises do not settle then.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	v, err := eval[T](p, expression)
	if err != nil {
		p.t.Fatalf("in the page at %s: %v\n%s", p.where(), err, shorten(expression))
	}
	return v
}

func eval[T any](p *Page, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// until asks the page again and again, until the expression is true. The page
// may navigate meanwhile. It ends the test with what was wanted and, if the
// expression explain is not empty, with what was there instead.
func (p *Page) until(want, expression, explain string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var last error
	for {
		// A page that goes away while it is asked may never answer: ask again.
		try, done := context.WithTimeout(ctx, answerTime)
		ok, err := chromedp.Run(try, chromedp.Evaluate[bool](expression))
		done()
		if ok && err == nil {
			return
		}
		if ctx.Err() == nil {
			last = err // a page that is just going away cannot answer
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			p.t.Fatalf("%s: did not happen within %v on %s\nlast error: %v\n%s", want, patience, p.where(), last, p.instead(explain))
		}
	}
}

func (p *Page) instead(explain string) string {
	if explain == "" {
		return ""
	}
	text, err := eval[string](p, explain)
	if err != nil {
		return ""
	}
	return "instead: " + shorten(text)
}

// where returns the address for a failure message.
func (p *Page) where() string {
	address, err := eval[string](p, "location.href")
	if err != nil {
		return "an unknown address"
	}
	return address
}

// do runs actions of chromedp within the deadline.
func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// call sends one command of the DevTools protocol.
func call[P, R any](p *Page, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		p.t.Fatalf("browser: %v", err)
	}
	return result
}

// apart makes a world in which scripts see the page's document, but the page
// does not see them, and its Content-Security-Policy does not bind them.
func (p *Page) apart() runtime.ExecutionContextID {
	p.t.Helper()
	tree := call(p, page.GetFrameTree, cdp.Empty{})
	return call(p, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{
		FrameID: tree.FrameTree.Frame.ID, WorldName: "browsertest",
	}).ExecutionContextID
}

// quote writes s as a JavaScript string.
func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings always can
	}
	return string(text)
}

func shorten(s string) string {
	const most = 1500
	if len(s) <= most {
		return s
	}
	return s[:most] + " ..."
}
