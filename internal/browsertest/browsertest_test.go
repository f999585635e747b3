package browsertest_test

import (
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/internal/browsertest"
)

// strict is a policy like that of the product.
const strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
	"base-uri 'none'; trusted-types rubato; require-trusted-types-for 'script'"

const style = `
:root { color-scheme: light dark; }
body { background: #fff; color: #111; margin: 1rem; }
.pale { color: #bbb; }
.wide { width: 700px; }
.gone { display: none; }
.over { position: fixed; inset: 0; background: #eee; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } }`

const script = `
document.getElementById("later")?.addEventListener("click", () => {
	document.getElementById("later").disabled = true;
	setTimeout(() => { document.getElementById("said").textContent = "It has arrived."; document.getElementById("bye")?.remove(); }, 60);
});
document.getElementById("words")?.addEventListener("keydown", e => {
	document.getElementById("said").textContent += (e.ctrlKey ? "Control+" : "") + (e.shiftKey ? "Shift+" : "") + e.key + " ";
});
document.getElementById("words")?.addEventListener("input", e => document.getElementById("typed").textContent = e.target.value);`

// serve answers with the pages by path, under the strict policy.
func serve(t *testing.T, pages map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", strict)
		w.Header().Set("Cache-Control", "no-store")
		switch r.URL.Path {
		case "/favicon.ico":
			w.WriteHeader(http.StatusNoContent)
			return
		case "/style.css":
			w.Header().Set("Content-Type", "text/css")
			fmt.Fprint(w, style)
			return
		case "/script.js":
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, script)
			return
		case "/answer":
			if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
				t.Error(err)
			}
			var file string
			if r.MultipartForm != nil && len(r.MultipartForm.File["file"]) > 0 {
				file = r.MultipartForm.File["file"][0].Filename
			}
			w.WriteHeader(http.StatusCreated)
			fmt.Fprint(w, document(fmt.Sprintf("<h1>Sent</h1><p id=got>%s %s %s %s</p>", r.PostFormValue("words"), r.PostFormValue("window"), r.PostFormValue("day"), file)))
			return
		}
		body, ok := pages[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			body = "<h1>Nothing here</h1>"
		}
		fmt.Fprint(w, document(body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func document(body string) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Test</title><meta name="viewport" content="width=device-width">` +
		`<link rel="stylesheet" href="/style.css"><script src="/script.js" defer></script></head><body><main>` + body + `</main></body></html>`
}

const form = `<h1>Write</h1>
<form action="/answer" method="post" enctype="multipart/form-data">
<label for="words">Your words</label> <textarea id="words" name="words">Hello</textarea>
<label for="window">Window</label> <select id="window" name="window"><option>normal</option><option>urgent</option></select>
<label for="day">Day</label> <input id="day" name="day" type="date">
<label for="file">File</label> <input id="file" name="file" type="file">
<input id="one" name="one" aria-label="One line">
<button>Not this one</button> <button>Send it</button></form>
<button id="later" type="button">Later</button> <p id="said"></p> <p id="typed"></p> <p id="bye">Goodbye</p> <p class="gone">hidden</p>
<p><a href="/next">Go on</a></p>`

func TestUseAPage(t *testing.T) {
	url := serve(t, map[string]string{"/": form, "/next": "<h1>Next</h1>"})
	p := browsertest.New(t)
	if status := p.Open(url + "/"); status != http.StatusOK {
		t.Errorf("Open = %d, want 200", status)
	}
	if got := p.Text("h1"); got != "Write" {
		t.Errorf("Text(h1) = %q", got)
	}

	p.Click("#later")
	p.WaitText("#said", "It has arrived.")
	p.WaitGone("#bye")
	p.WaitGone(".gone")
	if got := p.Count("p.gone"); got != 1 {
		t.Errorf("Count(p.gone) = %d, want the hidden one", got)
	}

	p.Reload()
	p.Fill("#words", "Could you look, Mia?\nÇok önemli.")
	p.WaitText("#typed", "Çok önemli.")
	p.Type("#words", " Thanks")
	if got, want := p.Value("#words"), "Could you look, Mia?\nÇok önemli. Thanks"; got != want {
		t.Errorf("Value(#words) = %q, want %q", got, want)
	}
	p.Press("Control+Shift+K")
	p.Press("x")
	p.Press("Backspace")
	p.WaitText("#said", "Control+Shift+K x Backspace")
	p.Press("Tab")
	if got, want := p.Focus(), `select#window "Window"`; got != want {
		t.Errorf("Focus after Tab = %s, want %s", got, want)
	}

	p.Choose("#window", "urgent")
	p.Fill("#day", "2026-11-24")
	file := filepath.Join(t.TempDir(), "plan.txt")
	if err := os.WriteFile(file, []byte("the plan"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Upload("#file", file)
	if status := p.Follow("button|Send"); status != http.StatusCreated {
		t.Errorf("Follow = %d, want 201", status)
	}
	p.WaitPath("/answer")
	for _, want := range []string{"Could you look, Mia?", "Thanks", "urgent", "2026-11-24", "plan.txt"} {
		if got := p.Text("#got"); !strings.Contains(got, want) {
			t.Errorf("the server got %q, without %q", got, want)
		}
	}

	p.Back()
	p.WaitPath("/")
	p.Follow("a|Go on")
	if got := p.Path(); got != "/next" {
		t.Errorf("Path = %s, want /next", got)
	}
	p.Clean()
}

func TestSubmitWithEnter(t *testing.T) {
	p := browsertest.New(t)
	p.Open(serve(t, map[string]string{"/": form}) + "/")
	p.Fill("#one", "first")
	p.Fill("#one", "")
	if got := p.Value("#one"); got != "" {
		t.Errorf("after Fill with nothing: %q", got)
	}
	if status := p.Submit("#one"); status != http.StatusCreated {
		t.Errorf("Submit = %d, want 201", status)
	}
}

func TestNoScript(t *testing.T) {
	url := serve(t, map[string]string{"/": form + `<noscript><p id="without">Works without</p></noscript><img src="/dot.png" id="bare">`})
	p := browsertest.New(t)
	p.NoScript()
	p.Open(url + "/")
	p.WaitVisible("#without")
	p.Click("#later")
	if got := p.Text("#said"); got != "" {
		t.Errorf("a script ran: %q", got)
	}
	p.Fill("#words", "Plain")
	var rules []string
	for _, f := range p.Findings() {
		rules = append(rules, f.Rule)
	}
	if diff := cmp.Diff([]string{"image-alt"}, rules); diff != "" {
		t.Errorf("axe without scripts (-want +got):\n%s", diff)
	}
	if status := p.Follow("button|Send"); status != http.StatusCreated {
		t.Errorf("Follow = %d, want 201", status)
	}
	p.WaitText("#got", "Plain normal")
}

func TestPagesArePeople(t *testing.T) {
	url := serve(t, map[string]string{"/": "<h1>Hello</h1>"})
	mia, jonas := browsertest.New(t), browsertest.New(t)
	mia.Open(url + "/")
	browsertest.Eval[string](mia, `document.cookie = "who=mia"`)
	jonas.Open(url + "/")
	if got := browsertest.Eval[string](jonas, "document.cookie"); got != "" {
		t.Errorf("jonas has the cookie %q", got)
	}
	if got := browsertest.Eval[string](mia, "document.cookie"); got != "who=mia" {
		t.Errorf("mia has the cookie %q", got)
	}
}

func TestAxeFindsPlantedFaults(t *testing.T) {
	url := serve(t, map[string]string{
		"/good": `<h1>Good</h1><p>Calm and plain</p>`,
		"/bad":  `<h1>Bad</h1><p class="pale">pale</p><img src="/style.css"><input>`,
	})
	p := browsertest.New(t)
	p.Open(url + "/good")
	p.Axe()

	p.Open(url + "/bad")
	found := map[string]string{}
	for _, f := range p.Findings() {
		found[f.Rule] = f.String()
	}
	for rule, want := range map[string]string{"color-contrast": `<p class="pale">`, "image-alt": "<img", "label": "<input>"} {
		if !strings.Contains(found[rule], want) {
			t.Errorf("finding %s = %q, want it to show %s", rule, found[rule], want)
		}
	}
	if n := len(p.Violations()); n != 0 {
		t.Errorf("axe itself breaks the policy %d times: %v", n, p.Violations())
	}
}

func TestThemeReachesAxe(t *testing.T) {
	p := browsertest.New(t)
	p.Open(serve(t, map[string]string{"/": "<h1>Hello</h1>"}) + "/")
	const background = "getComputedStyle(document.body).backgroundColor"
	if got := browsertest.Eval[string](p, background); got != "rgb(255, 255, 255)" {
		t.Errorf("light background = %s", got)
	}
	p.Theme(browsertest.Dark)
	if got := browsertest.Eval[string](p, background); got != "rgb(17, 17, 17)" {
		t.Errorf("dark background = %s", got)
	}
	p.Axe()
}

func TestViolationsAreCounted(t *testing.T) {
	url := serve(t, map[string]string{
		"/none": "<h1>None</h1>",
		"/some": `<h1 style="color: red">Some</h1><script>document.title = "ran"</script><img src="http://elsewhere.test/x.png" alt="">`,
	})
	p := browsertest.New(t)
	p.Open(url + "/none")
	p.Clean()
	p.Open(url + "/some")
	var directives []string
	for _, v := range p.Violations() {
		directives = append(directives, v.Directive)
	}
	want := []string{"style-src-attr", "img-src", "script-src-elem"}
	less := func(s []string) map[string]bool {
		set := map[string]bool{}
		for _, v := range s {
			set[v] = true
		}
		return set
	}
	if diff := cmp.Diff(less(want), less(directives)); diff != "" {
		t.Errorf("violated (-want +got):\n%s", diff)
	}
	if f := p.Failures(); len(f) != 0 {
		t.Errorf("Failures = %v, want none: the policy stopped the request", f)
	}

	browsertest.Eval[bool](p, `new Promise(r => { try { document.body.innerHTML = "<p>raw" } catch { } r(true) })`)
	if got, want := len(p.Violations()), len(directives)+1; got != want {
		t.Errorf("after markup from a plain string: %d violations, want %d", got, want)
	}
	p.Forget()
	p.Clean()
}

func TestFailuresAndErrors(t *testing.T) {
	url := serve(t, map[string]string{"/": `<h1>Hello</h1><img src="/lost.png" alt="">`})
	p := browsertest.New(t)
	p.Open(url + "/")
	if diff := cmp.Diff([]browsertest.Failure{{URL: url + "/lost.png", Status: 404}}, p.Failures()); diff != "" {
		t.Errorf("Failures (-want +got):\n%s", diff)
	}
	p.Forget()
	if status := p.Open("/nowhere"); status != http.StatusNotFound {
		t.Errorf("Open = %d, want 404", status)
	}
	if diff := cmp.Diff([]browsertest.Failure{{URL: url + "/nowhere", Status: 404}}, p.Failures()); diff != "" {
		t.Errorf("Failures (-want +got):\n%s", diff)
	}
	browsertest.Eval[bool](p, `setTimeout(() => { console.error("oh", 3); throw new Error("broken") }), true`)
	got := strings.Join(p.Errors(), "\n")
	for _, want := range []string{"console.error: oh 3", "Error: broken"} {
		if !strings.Contains(got, want) {
			t.Errorf("Errors = %q, without %q", got, want)
		}
	}
}

func TestReachesLoopbackAlone(t *testing.T) {
	url := serve(t, map[string]string{"/": "<h1>Hello</h1>"})
	p := browsertest.New(t)
	if status := p.Open(strings.Replace(url, "127.0.0.1", "rubato.test", 1) + "/"); status != http.StatusOK {
		t.Errorf("Open rubato.test = %d, want 200", status)
	}
	p.Clean()
	browsertest.Eval[bool](p, `(location.href = "http://example.org/", true)`)
	p.WaitPath("/") // the error page has the address that was asked for
	f := p.Failures()
	if len(f) != 1 || f[0].Reason != "net::ERR_NAME_NOT_RESOLVED" {
		t.Errorf("Failures = %v, want that the name is unknown", f)
	}
}

func TestSideways(t *testing.T) {
	url := serve(t, map[string]string{"/": `<h1>Hello</h1><div><p class="wide">broad</p></div>`})
	p := browsertest.New(t)
	p.Open(url + "/")
	p.Fits()
	p.Viewport(390, 844)
	if diff := cmp.Diff([]string{`<p class="wide">broad</p>`}, p.Sideways()); diff != "" {
		t.Errorf("Sideways at 390 px (-want +got):\n%s", diff)
	}
}

func TestScreenshotIsTheWholePage(t *testing.T) {
	p := browsertest.New(t)
	p.Viewport(390, 300)
	p.Open(serve(t, map[string]string{"/": "<h1>Hello</h1>" + strings.Repeat("<p>line</p>", 40)}) + "/")
	path := filepath.Join(t.TempDir(), "screens", "page.png")
	p.Screenshot(path)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c, err := png.DecodeConfig(f)
	if err != nil {
		t.Fatal(err)
	}
	if c.Width != 390 || c.Height < 1000 {
		t.Errorf("screenshot of %d x %d, want 390 wide and all of the page high", c.Width, c.Height)
	}
}
