package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/internal/browsertest"
	"github.com/rubato-hq/rubato/report"
	"github.com/rubato-hq/rubato/web/static"
	"github.com/rubato-hq/rubato/wire/ics"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
	"github.com/rubato-hq/rubato/words"
)

var (
	update = flag.Bool("update", false, "write the schema anew")
	shots  = flag.String("shots", "", "write a picture of every report into this folder")
)

// made is the audit of a calendar of the tests.
func made(t *testing.T, w *words.Words, change func(*audit.Input, *report.About)) (*audit.Report, report.About) {
	t.Helper()
	zones := zoneinfo.New().Zone
	c, err := intake.ReadCalendars([]string{"testdata/lena.ics"}, nil, ics.NewZones(zones))
	if err != nil {
		t.Fatal(err)
	}
	now := worktime.Of(time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC))
	in, read := c.Audit(intake.Asked{}, nil, now)
	hours := [7][]worktime.Span{}
	for d := time.Monday; d <= time.Friday; d++ {
		hours[d] = []worktime.Span{{From: worktime.ClockTime(9, 0), To: worktime.ClockTime(17, 0)}}
	}
	in.Clock, err = worktime.Compile(worktime.Charter{Zone: read.Zone.Name(), Hours: hours, Windows: worktime.DefaultWindows(), WeekStart: worktime.StartOn(time.Monday)}, zones)
	if err != nil {
		t.Fatal(err)
	}
	in.Days = true
	about := report.About{Words: w, Now: now, Clock: in.Clock, Hours: "Mon-Fri 09:00-17:00", Files: 1, Guess: true, Recovery: in.Recovery, Titles: true, Faulty: c.Faulty}
	for _, f := range c.Faults {
		about.Faults = append(about.Faults, report.Fault{File: f.File, Line: f.Line, Code: string(f.Code), Text: f.Text})
	}
	if change != nil {
		change(in, &about)
	}
	return audit.Run(in), about
}

func catalogue(t *testing.T) *words.Catalogue {
	t.Helper()
	c, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestPages opens reports as files in a browser: nothing is loaded, nothing sticks
// out on a phone, and axe finds nothing in either theme, with every table open.
func TestPages(t *testing.T) {
	c := catalogue(t)
	pages := make(map[string]string)
	for name, change := range map[string]func(*audit.Input, *report.About){
		"own":    func(in *audit.Input, _ *report.About) { in.Answers = map[int]bool{1: true, 2: true, 3: false, 6: true} },
		"share":  func(_ *audit.Input, a *report.About) { a.Share = true },
		"shared": func(in *audit.Input, _ *report.About) { in.Shared = true },
	} {
		for lang, w := range map[string]*words.Words{"en": c.For("en"), "en-XA": c.Pseudo()} {
			var b bytes.Buffer
			r, about := made(t, w, change)
			if err := report.HTML(t.Context(), &b, report.New(r, about), static.Standalone()); err != nil {
				t.Fatal(err)
			}
			pages["/"+lang+"/"+name] = b.String()
		}
	}
	for lang, w := range map[string]*words.Words{"en": c.For("en"), "en-XA": c.Pseudo()} {
		var b bytes.Buffer
		if err := report.HTML(t.Context(), &b, report.Replay(replayed(), report.Assumed{Hours: "mon-fri 09:00-17:00", Windows: "11:00 16:00", Focus: "mon-fri 09:00-11:00", Zones: 12}, report.About{Words: w, Now: worktime.Of(time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)), Recovery: worktime.Recovery}), static.Standalone()); err != nil {
			t.Fatal(err)
		}
		pages["/"+lang+"/replay"] = b.String()
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		html, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(html))
	}))
	t.Cleanup(srv.Close)
	p := browsertest.New(t)
	for _, name := range []string{"own", "share", "shared", "replay"} {
		for _, width := range []int{1280, 390} {
			p.Viewport(width, 900)
			for _, theme := range []browsertest.Colours{browsertest.Light, browsertest.Dark} {
				p.Theme(theme)
				p.Open(srv.URL + "/en/" + name)
				for _, found := range p.Findings() {
					t.Errorf("%s at %d px: %s", name, width, found)
				}
				if sticks := p.Sideways(); len(sticks) > 0 {
					t.Errorf("%s at %d px: sticks out: %v", name, width, sticks)
				}
				if *shots != "" {
					colour := map[browsertest.Colours]string{browsertest.Light: "light", browsertest.Dark: "dark"}[theme]
					p.Screenshot(filepath.Join(*shots, "audit-"+name+"-"+strconv.Itoa(width)+"-"+colour+".png"))
				}
			}
			p.Open(srv.URL + "/en-XA/" + name)
			if sticks := p.Sideways(); len(sticks) > 0 {
				t.Errorf("%s at %d px in the pseudo-language: sticks out: %v", name, width, sticks)
			}
		}
	}
	if len(p.Violations())+len(p.Errors())+len(p.Failures()) > 0 {
		t.Errorf("violations %v, errors %v, failures %v", p.Violations(), p.Errors(), p.Failures())
		p.Forget()
	}
}

// replayed is a team's month in both worlds.
func replayed() *audit.Replay {
	day := worktime.Instant(24 * 3600)
	from := worktime.Of(time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
	r := &audit.Replay{
		Messages: 9120, Directed: 2480, People: 24, Days: 480, From: from, To: from + 28*day, Briefs: 870, Lines: 6400, Asks: 1310, Urgent: 61, Crises: 3,
		Was:   audit.World{Interruptions: 5210, InFocus: 1404, InHours: 2790, Evenings: 640, Nights: 180, DaysOff: 196, PerDay: 108, FocusSeconds: 480 * 3 * 3600, RecoverySeconds: 480 * 7200},
		Would: audit.World{Interruptions: 64, InHours: 60, Nights: 3, Evenings: 1, PerDay: 1, FocusSeconds: 480 * 5 * 3600, RecoverySeconds: 480 * 2700},
	}
	for i := range worktime.Instant(400) {
		r.Delays, r.WorkDelays = append(r.Delays, int64(i*600)), append(r.WorkDelays, int64(i*40))
	}
	return r
}

// TestSchema holds the JSON to its schema, which stands in docs.
// go test ./report -run Schema -update writes it.
func TestSchema(t *testing.T) {
	registry := huma.NewMapRegistry("#/$defs/", huma.DefaultSchemaNamer)
	schema := registry.Schema(reflect.TypeFor[report.Data](), false, "")
	text, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Rubato audit", "$ref": "#/$defs/Data", "$defs": registry.Map(),
	}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const file = "../docs/audit.schema.json"
	if *update {
		if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(text)+"\n" {
		t.Errorf("%s is not the schema of the JSON; write it anew", file)
	}
	r, about := made(t, catalogue(t).For("en"), nil)
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(report.Figures(r, about)); err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(b.Bytes(), &value); err != nil {
		t.Fatal(err)
	}
	var found huma.ValidateResult
	huma.Validate(registry, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, value, &found)
	for _, e := range found.Errors {
		t.Error(e)
	}
	back, err := report.Read(&b)
	if err != nil || back.Sync.Minutes.Mid == 0 {
		t.Errorf("read back: %v, %+v", err, back)
	}
}

// TestHostileTitles: a title is text in every form, whatever it holds.
func TestHostileTitles(t *testing.T) {
	evil := "<img src=x onerror=alert(1)>`|*_[x](javascript:alert(1))\x1b[31m"
	r, about := made(t, catalogue(t).For("en"), func(in *audit.Input, _ *report.About) {
		for _, i := range in.Instances {
			if i.Item.Title == "Steering committee" {
				i.Item.Title = evil + " steering committee"
			}
		}
	})
	paper := report.New(r, about)
	var html, text, md bytes.Buffer
	if err := report.HTML(t.Context(), &html, paper, ""); err != nil {
		t.Fatal(err)
	}
	if err := report.Text(&text, paper, report.TextOptions{Width: 80}); err != nil {
		t.Fatal(err)
	}
	if err := report.Markdown(&md, paper); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(html.String(), "<img") || strings.Contains(md.String(), "<img") || strings.Contains(md.String(), "[x](") {
		t.Error("a title became markup")
	}
	if strings.Contains(text.String(), "\x1b[31m") {
		t.Error("a title steers the terminal")
	}
}
