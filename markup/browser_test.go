package markup

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rubato-hq/rubato/internal/browsertest"
)

// frame is a page without any policy of its own, as a mail reader's might be: a
// bar at its top, and one box for each text. What runs is noted.
const frame = `<!doctype html><meta charset=utf-8><title>hostile</title><style>
#bar{position:fixed;top:0;left:0;right:0;height:3rem;background:#ccc;z-index:1} body{margin-top:4rem} .text{overflow-wrap:anywhere;max-width:40rem}
</style><script>
window.ran = []
for (const name of ['hit', 'alert', 'confirm', 'prompt', 'print', 'open']) window[name] = why => { ran.push(name + ' ' + why) }
</script><header id=bar>The bar</header>`

// look is what a page tells of the boxes in it, as the browser read them: each
// line is something that must not be there.
const look = `(() => {
	const bad = []
	const tell = (el, what) => bad.push(el.closest('.text').id + ': ' + what + ' in ' + el.outerHTML.slice(0, 200))
	const elements = new Set('P BR HR H1 H2 H3 H4 H5 H6 UL OL LI BLOCKQUOTE PRE CODE EM STRONG DEL A IMG TABLE THEAD TBODY TR TH TD'.split(' '))
	const names = new Set(['href', 'rel', 'title', 'src', 'alt', 'class', 'start', 'align'])
	for (const el of document.querySelectorAll('.text *')) {
		if (el.namespaceURI !== 'http://www.w3.org/1999/xhtml' || !elements.has(el.tagName)) tell(el, 'element ' + el.tagName)
		for (const a of el.attributes) if (!names.has(a.name)) tell(el, 'attribute ' + a.name)
		if (el.tagName === 'A' && !['http:', 'https:', 'mailto:'].includes(el.protocol)) tell(el, 'address ' + el.protocol)
		if (el.tagName === 'A' && el.getAttribute('href').startsWith('/') && el.host !== location.host) tell(el, 'another host ' + el.host)
		if (el.tagName === 'IMG' && !el.src.startsWith(location.origin + '/files/')) tell(el, 'picture ' + el.src)
		const s = getComputedStyle(el)
		if (s.position !== 'static' || s.float !== 'none' || s.zIndex !== 'auto' || parseFloat(s.marginTop) < 0 || parseFloat(s.marginLeft) < 0 || s.transform !== 'none' || s.animationName !== 'none') tell(el, 'look ' + s.position + s.float)
	}
	// The boxes stand one below the other, as many as were sent, and none is in another.
	for (const box of document.querySelectorAll('.text')) {
		if (box.parentElement !== document.body) bad.push(box.id + ' is in another')
		if (box.scrollWidth > box.clientWidth + 1 && !box.querySelector('pre, table, blockquote, ul, ol')) bad.push(box.id + ' is wider than its place')
	}
	const at = document.elementFromPoint(innerWidth / 2, 10)
	if (at?.id !== 'bar') bad.push('over the bar lies ' + at?.outerHTML.slice(0, 200))
	if (document.activeElement !== document.body) bad.push('the focus went to ' + document.activeElement.outerHTML.slice(0, 200))
	// What a script would look up by name is what it was.
	for (const name of ['location', 'cookie', 'forms', 'getElementById', 'querySelector', 'currentScript', 'implementation', 'body', 'defaultView'])
		if (document[name] instanceof Element && name !== 'body') bad.push('document.' + name + ' is an element')
	for (const name of ['rubato', 'config']) if (window[name]) bad.push('window.' + name + ' is there')
	// Touch everything once.
	for (const el of document.querySelectorAll('.text *')) {
		for (const kind of ['mouseover', 'mouseenter', 'pointerdown', 'pointerover', 'focus', 'focusin', 'keydown', 'dblclick', 'wheel', 'scroll', 'toggle', 'animationend', 'error', 'load', 'beforematch', 'touchstart', 'copy', 'contextmenu'])
			el.dispatchEvent(new Event(kind, {bubbles: true, cancelable: true}))
	}
	return bad.concat(ran)
})()`

// TestHostileCorpusInChromium is rows 7, 8 and 9 of security 2: no text runs a
// script, asks for anything outside, or lies over the page, in a page that has
// no Content-Security-Policy to help, as on a page of ours and as in a mail.
func TestHostileCorpusInChromium(t *testing.T) {
	all := corpus()
	slices.Sort(all)
	if whole := len(all); len(slices.Compact(slices.Clone(all))) != whole || whole < 1000 {
		t.Fatalf("%d texts, %d of them different, want at least 1,000", whole, len(slices.Compact(all)))
	}
	var mu sync.Mutex
	var asked []string
	pages := map[string]string{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if body, ok := pages[r.URL.Path]; ok {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte(body))
			return
		}
		if r.URL.Path != "/favicon.ico" {
			asked = append(asked, r.URL.Path)
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	defer s.Close()
	const each = 400
	for name, o := range safeOptions() {
		o.PublicURL = strings.ReplaceAll(o.PublicURL, "https://rubato.example.org", s.URL)
		for from := 0; from < len(all); from += each {
			page := strings.Builder{}
			page.WriteString(frame)
			for i, md := range all[from:min(from+each, len(all))] {
				out, err := HTML(md, o)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&page, "<div class=text id=t%d>%s</div>\n", from+i, out)
			}
			path := fmt.Sprintf("/%s-%d", name, from)
			mu.Lock()
			pages[path] = page.String()
			mu.Unlock()
		}
	}
	v := browsertest.New(t)
	for path := range pages {
		v.Open(s.URL + path)
		for _, bad := range browsertest.Eval[[]string](v, look) {
			box := 0
			_, _ = fmt.Sscanf(bad, "t%d", &box)
			t.Errorf("%s: %s\nfrom %q", path, bad, all[box])
		}
		if got, want := v.Count(".text"), strings.Count(pages[path], "<div class=text"); got != want {
			t.Errorf("%s shows %d texts of %d", path, got, want)
		}
		if got := browsertest.Eval[string](v, "document.title"); got != "hostile" {
			t.Errorf("%s is called %q", path, got)
		}
		for _, f := range v.Failures() { // outside, nobody answers
			t.Errorf("%s asked for %s", path, f.URL)
		}
		if got := v.Errors(); len(got) != 0 {
			t.Errorf("%s: %v", path, got)
		}
		v.Forget()
	}
	mu.Lock()
	defer mu.Unlock()
	for _, path := range asked {
		if !strings.HasPrefix(path, "/files/") {
			t.Errorf("asked for %s", path)
		}
	}
	t.Logf("%d texts on %d pages", len(all), len(pages))
}

// TestHostileCorpusIsSeen: the same look finds what it must when a text gets
// through, so that silence means something.
func TestHostileCorpusIsSeen(t *testing.T) {
	texts := map[string]string{
		"a script": `<svg onload=hit(7)></svg>`, "an address": `<a href="javascript:hit(1)">x</a>`, "a cover": `<p style="position:fixed;inset:0;z-index:9">x</p>`,
		"a name": `<img name=getElementById src=x>`, "a picture": `<img src="https://evil.example/p">`, "an id": `<p id=config>x</p>`,
	}
	pages := map[string]string{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(pages[r.URL.Path]))
	}))
	defer s.Close()
	v := browsertest.New(t)
	for name, text := range texts {
		path := "/" + strings.ReplaceAll(name, " ", "-")
		pages[path] = frame + "<div class=text id=t0>" + text + "</div>"
		v.Open(s.URL + path)
		if found := browsertest.Eval[[]string](v, look); len(found) == 0 {
			t.Errorf("%s is not seen: %s", name, text)
		}
		v.Forget()
	}
}
