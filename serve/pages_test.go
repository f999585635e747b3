package serve_test

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"html"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/internal/browsertest"
	"github.com/rubato-hq/rubato/internal/demo"
	"github.com/rubato-hq/rubato/serve"
)

// pictures is what `make screens` sets; docs gets what the design has no picture of.
var (
	pictures = flag.String("pictures", "", "write pictures of every page, wide and narrow, light and dark, into this folder")
	docs     = flag.String("docs", "", "with -pictures: renew the pictures of docs/screens in this folder")
	pick     = flag.String("pick", "", "regular expression: the pages to look at")
)

// TestEveryPage opens every page of a running demo as its readers do: none has
// a finding of axe in either theme, scrolls sideways, wide, narrow or at 200 %,
// breaks the policy or asks for anything that is not there.
func TestEveryPage(t *testing.T) {
	wanted, err := regexp.Compile(*pick)
	if err != nil {
		t.Fatal(err)
	}
	g := newGallery(t)
	for _, s := range scenes() {
		if wanted.MatchString(s.name) {
			t.Run(s.name, func(t *testing.T) { g.show(t, s) })
		}
	}
}

// A scene is one page as somebody sees it.
type scene struct {
	name string
	// day and at move the team's clock forward to a time in Berlin, "" for as
	// it is.
	day, at string
	// who is the handle of the reader, "" for nobody.
	who string
	// do leads the reader to the page.
	do func(g *gallery)
	// status is the one that the page is shown with, 0 for 200.
	status int
	// kept says that docs/screens has its picture: the design has none.
	kept bool
}

// gallery is one demo, one server that nobody has set up yet, one browser.
type gallery struct {
	visitor
	other *client // somebody else in the team, without a browser
	demo  string
	data  string
	fresh string // the address at which the first owner sets a server up
	is    string // whom the browser is signed in as
}

func newGallery(t *testing.T) *gallery {
	t.Helper()
	g := &gallery{visitor: visitor{t, browsertest.New(t)}, data: t.TempDir()}
	settings := config.Settings{Data: g.data, LogFormat: "text", Listen: "127.0.0.1:0"}
	quiet := slog.New(slog.DiscardHandler)
	once, err := serve.New(t.Context(), settings, quiet, demo.Start())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := once.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := once.Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	if _, err := serve.ImportSlack(t.Context(), settings, chat(t), "maya", func(intake.Report) {}); err != nil {
		t.Fatal(err)
	}
	g.demo = running(t, settings, quiet, demo.Start()).URL()
	g.other = newClient(t, g.demo)

	empty, err := serve.New(t.Context(), config.Settings{Data: t.TempDir(), LogFormat: "text", Listen: "127.0.0.1:0"}, quiet, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	setup, err := empty.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g.fresh = strings.Replace(setup, "127.0.0.1", "localhost", 1) // cookies of its own
	t.Cleanup(func() {
		if err := empty.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return g
}

// chat is a small export with one thread in it.
func chat(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"users.json": `[{"id":"U1","name":"sel","real_name":"Selin Ak","tz":"Europe/Istanbul"},
			{"id":"U2","name":"tom","real_name":"Tomás Oliveira","tz":"America/Sao_Paulo","deleted":true},
			{"id":"U3","name":"deploy","real_name":"Deploy","is_bot":true,"profile":{"bot_id":"B3"}}]`,
		"channels.json": `[{"id":"C1","name":"arrivals","members":["U1","U2"],"purpose":{"value":"How late is late?"}}]`,
		"arrivals/2026-03-02.json": `[
			{"user":"U1","text":"*When is a tram late?* I would say three minutes: riders in Konak look at the clock from then on.","ts":"1772445600.000100","thread_ts":"1772445600.000100",
				"files":[{"id":"F1","name":"konak-survey.pdf","mimetype":"application/pdf","size":48213}]},
			{"user":"U2","text":"Two in the morning, five at night. Nobody in São Paulo complains about four minutes at 23:00.","ts":"1772446200.000100","thread_ts":"1772445600.000100"},
			{"bot_id":"B3","subtype":"bot_message","text":"Deployed boards 4.1.7","ts":"1772446300.000100","thread_ts":"1772445600.000100"},
			{"user":"U1","text":"Then it belongs to the operator, and we keep a default.","ts":"1772446800.000100","thread_ts":"1772445600.000100","edited":{"user":"U1","ts":"1772446900.0"}}]`,
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (g *gallery) show(t *testing.T, s scene) {
	g.T = t
	g.Forget()
	g.Viewport(1280, 900)
	g.Theme(browsertest.Light)
	if s.at != "" {
		g.act("lena").clock(s.day, s.at)
	}
	g.become(s.who)
	s.do(g)
	want := s.status
	if want == 0 {
		want = http.StatusOK
	}
	if got := g.Status(); got != want {
		t.Errorf("%s answers %d, want %d: %.300s", g.Path(), got, want, g.Text("body"))
	}
	for _, v := range g.Violations() {
		t.Errorf("%s breaks its policy: %v", g.Path(), v)
	}
	for _, f := range g.Failures() {
		if f.Status != want {
			t.Errorf("%s: a request failed: %v", g.Path(), f)
		}
	}
	for _, e := range g.Errors() {
		if !strings.Contains(e, "Cross-Origin-Opener-Policy") { // of an address that is not loopback, without TLS
			t.Errorf("%s: on the console: %s", g.Path(), e)
		}
	}
	dead := browsertest.Eval[[]string](g.Page, `[...document.querySelectorAll(".foot .keys li")].filter(li => li.checkVisibility()).map(li => li.querySelector("kbd").textContent)
		.filter(key => /^[a-z]$/.test(key) && !document.querySelector("jk".includes(key) ? "[data-item]" : "[data-key='" + key + "']"))`)
	if len(dead) > 0 {
		t.Errorf("%s shows keys that do nothing: %v", g.Path(), dead)
	}
	// The picture is of the page as it opens.
	browsertest.Eval[bool](g.Page, `document.activeElement?.blur(), scrollTo(0, 0), true`)
	for _, width := range []int{1280, 640, 390} { // 640 is 1280 at 200 %
		g.Viewport(width, 900)
		if sticks := g.Sideways(); len(sticks) > 0 {
			t.Errorf("%s at %d px: sticks out: %v", g.Path(), width, sticks)
		}
		for _, theme := range []browsertest.Colours{browsertest.Light, browsertest.Dark} {
			g.Theme(theme)
			if kind := strconv.Itoa(width) + "-" + string(theme); kind == "1280-light" || kind == "390-dark" {
				for _, found := range g.Findings() {
					t.Errorf("%s at %s: %s", g.Path(), kind, found)
				}
			}
			g.picture(s, width, theme)
		}
	}
}

func (g *gallery) picture(s scene, width int, theme browsertest.Colours) {
	g.T.Helper()
	if *pictures == "" || width == 640 && theme == browsertest.Dark {
		return
	}
	file := s.name + "-" + strconv.Itoa(width) + "-" + string(theme) + ".png"
	g.Screenshot(filepath.Join(*pictures, file))
	if *docs != "" && s.kept && (width == 1280 && theme == browsertest.Light || width == 390 && theme == browsertest.Dark) {
		small := reduced(must(os.ReadFile(filepath.Join(*pictures, file))))
		if err := os.WriteFile(filepath.Join(*docs, file), small, 0o600); err != nil {
			g.T.Fatal(err)
		}
	}
}

// reduced is a picture in its 256 most frequent colours, which is all that a
// page of ink and one pen needs.
func reduced(picture []byte) []byte {
	full := must(png.Decode(bytes.NewReader(picture)))
	count := make(map[color.RGBA]int)
	at := func(x, y int) color.RGBA {
		r, g, b, _ := full.At(x, y).RGBA()
		const coarse = 0xfc
		return color.RGBA{uint8(r>>8) & coarse, uint8(g>>8) & coarse, uint8(b>>8) & coarse, 0xff}
	}
	size := full.Bounds()
	for y := range size.Dy() {
		for x := range size.Dx() {
			count[at(x, y)]++
		}
	}
	often := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var colours color.Palette
	for _, c := range often[:min(len(often), 256)] {
		colours = append(colours, c)
	}
	nearest := make(map[color.RGBA]uint8, len(often))
	for _, c := range often {
		nearest[c] = uint8(colours.Index(c))
	}
	small := image.NewPaletted(size, colours)
	for y := range size.Dy() {
		for x := range size.Dx() {
			small.SetColorIndex(x, y, nearest[at(x, y)])
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// become signs the browser in as somebody, or out.
func (g *gallery) become(who string) {
	g.T.Helper()
	switch who {
	case g.is:
	case "":
		g.Open(g.demo + "/settings")
		g.Follow(".sign-out button")
	default:
		g.Open(g.demo + "/sign-in")
		g.be(who)
	}
	g.is = who
}

// act is somebody else, without a browser.
func (g *gallery) act(who string) *client {
	g.T.Helper()
	g.other.t = g.T
	g.other.be(who)
	return g.other
}

// open leads to a page of the demo.
func (g *gallery) open(path string) {
	g.T.Helper()
	g.Open(g.demo + path)
}

// ref is the address of the item with these words, found on the pages of a team.
func (g *gallery) ref(team, point string) string {
	g.T.Helper()
	link := regexp.MustCompile(`<a href="(/[A-Z]-[0-9]+)"[^>]*>[^<]*` + regexp.QuoteMeta(point))
	older := regexp.MustCompile(`href="([^"]*before=[^"]*)"`)
	for path := "/teams/" + team; ; {
		page := g.other.get(path).body
		if m := link.FindStringSubmatch(page); m != nil {
			return m[1]
		}
		m := older.FindStringSubmatch(page)
		if m == nil {
			g.T.Fatalf("nothing in %s says %q", team, point)
		}
		path = html.UnescapeString(m[1])
	}
}
