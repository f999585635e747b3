package page

import (
	"flag"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
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
	mux.HandleFunc("GET "+PathAlarms, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<div id="alarms"></div>`))
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv.URL
}

// TestPagesInABrowser opens every sample under the strict policy, wide and
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
			if lang == "en" && pick.MatchString(s.Name) {
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
				for _, theme := range []browsertest.Colours{browsertest.Light, browsertest.Dark} {
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
