package page

import (
	"flag"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/rubato-hq/rubato/internal/browsertest"
	"github.com/rubato-hq/rubato/web/static"
	"github.com/rubato-hq/rubato/words"
)

// shots writes pictures of the samples; only picks some of them by name:
//
//	go test ./web/page -run TestPagesInABrowser -shots=/tmp/pics -only=brief
var (
	shots = flag.String("shots", "", "write a picture of every sample into this folder")
	only  = flag.String("only", "", "regular expression: the samples to look at")
)

// policy is the header of security 1.2.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; trusted-types rubato; require-trusted-types-for 'script'"

// serve shows pages by name under the policy.
func serve(t *testing.T, pages map[string]string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("GET /p/{lang}/{name}", func(w http.ResponseWriter, r *http.Request) {
		html, ok := pages[r.PathValue("lang")+"/"+r.PathValue("name")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(html))
	})
	mux.HandleFunc("GET /files/{id}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		_, _ = w.Write([]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300"><rect width="600" height="300" fill="#999"/></svg>`))
	})
	mux.HandleFunc("GET "+PathAlarms, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<div id="alarms"></div>`))
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv.URL
}

// faces are the samples that stand for a page; the others are variants of them,
// looked at when -only or -shots asks for them.
func faces() []string {
	return []string{
		"sign-in-demo", "setup-wrong", "join", "brief-catch-up", "brief-sealed", "brief-late", "write-ask", "write-urgent", "sent-night",
		"ask-asker", "ask-mine", "update", "why-mine", "asks", "drafts", "edit-conflict", "revisions", "diff", "crisis", "crisis-needed",
		"crisis-over", "charter", "charter-wrong", "report", "report-wrong", "people", "person", "teams", "team", "settings", "admin", "admin-failing", "audit", "here-already", "fault-413", "demo",
	}
}

// TestPagesInABrowser opens the samples under the strict policy, wide and
// narrow, in English and in the pseudo-language: no breach, no error, nothing
// that scrolls sideways, and no finding of axe in either theme.
func TestPagesInABrowser(t *testing.T) {
	pick, err := regexp.Compile(*only)
	if err != nil {
		t.Fatal(err)
	}
	c := catalogue(t)
	pages := map[string]string{}
	var names []string
	for lang, w := range map[string]*words.Words{"en": c.For("en"), "en-XA": c.Pseudo()} {
		for _, s := range Samples(w, morning()) {
			pages[lang+"/"+s.Name] = render(t, s)
			if lang == "en" && pick.MatchString(s.Name) && (*only != "" || *shots != "" || slices.Contains(faces(), s.Name)) {
				names = append(names, s.Name)
			}
		}
	}
	url := serve(t, pages)
	p := browsertest.New(t)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			for _, width := range []int{1280, 390} {
				p.Viewport(width, 900)
				themes := []browsertest.Colours{browsertest.Light, browsertest.Dark}
				if *shots == "" { // the other two differ in nothing that axe looks at
					themes = map[int][]browsertest.Colours{1280: themes[:1], 390: themes[1:]}[width]
				}
				for _, theme := range themes {
					p.Theme(theme)
					p.Open(url + "/p/en/" + name)
					for _, found := range p.Findings() {
						t.Errorf("%d px: %s", width, found)
					}
					if *shots != "" {
						p.Screenshot(filepath.Join(*shots, name+"-"+strconv.Itoa(width)+"-"+colour(theme)+".png"))
					}
					if sticks := p.Sideways(); len(sticks) > 0 {
						t.Errorf("%d px: sticks out: %v", width, sticks)
					}
				}
				p.Theme(browsertest.Light)
				p.Open(url + "/p/en-XA/" + name)
				if sticks := p.Sideways(); len(sticks) > 0 {
					t.Errorf("%d px in the pseudo-language: sticks out: %v", width, sticks)
				}
				if *shots != "" {
					p.Screenshot(filepath.Join(*shots, "xa", name+"-"+strconv.Itoa(width)+".png"))
				}
			}
			if len(p.Violations())+len(p.Errors())+len(p.Failures()) > 0 {
				t.Errorf("violations %v, errors %v, failures %v", p.Violations(), p.Errors(), p.Failures())
				p.Forget()
			}
		})
	}
}

func colour(c browsertest.Colours) string {
	if c == browsertest.Dark {
		return "dark"
	}
	return "light"
}
