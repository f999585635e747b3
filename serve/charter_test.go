package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/internal/demo"
	"github.com/rubato-hq/rubato/internal/testmail"
)

// client is somebody at a running demo without a browser.
type client struct {
	t    testing.TB
	base string
	http *http.Client
}

// answer is what a server said.
type answer struct {
	status int
	header http.Header
	body   string
}

func newClient(t testing.TB, base string) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, base, &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (c *client) do(method, address string, body io.Reader, header ...string) answer {
	c.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = c.base + address
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, address, body)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	got, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{got.StatusCode, got.Header, strings.ReplaceAll(string(text), "\u00a0", " ")}
}

func (c *client) get(address string, header ...string) answer {
	c.t.Helper()
	return c.do(http.MethodGet, address, nil, header...)
}

// post sends a form of this site's and wants one status.
func (c *client) post(want int, path string, form ...string) answer {
	c.t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		values.Add(form[i], form[i+1])
	}
	got := c.do(http.MethodPost, path, strings.NewReader(values.Encode()), "Content-Type", "application/x-www-form-urlencoded", "Origin", c.base)
	if got.status != want {
		c.t.Fatalf("POST %s answers %d, want %d:\n%.600s", path, got.status, want, got.body)
	}
	return got
}

// write sends what the page of writing sends.
func (c *client) write(form ...string) {
	c.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(form); i += 2 {
		if err := w.WriteField(form[i], form[i+1]); err != nil {
			c.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		c.t.Fatal(err)
	}
	if got := c.do(http.MethodPost, "/write", &body, "Content-Type", w.FormDataContentType(), "Origin", c.base); got.status != http.StatusCreated {
		c.t.Fatalf("writing answers %d:\n%.600s", got.status, got.body)
	}
}

func (c *client) be(handle string) {
	c.t.Helper()
	c.post(http.StatusSeeOther, "/demo/person", "person", handle, "back", "/brief")
}

func (c *client) clock(day, at string) {
	c.t.Helper()
	c.post(http.StatusSeeOther, "/demo/clock", "day", day, "clock", at)
}

// find is the first match of a pattern in a page, its group if it has one.
func (a answer) find(t testing.TB, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("%s is not in:\n%s", pattern, a.body)
	}
	return m[len(m)-1]
}

// TestUnsubscribe takes the address out of a real mail and posts to it as a mail
// provider does: the mail ends, the brief does not, and there is a way back.
func TestUnsubscribe(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		relay := testmail.Start(t)
		s := running(t, config.Settings{Database: database, SMTP: "smtp://" + relay.Addr()}, nil, demo.Start())
		const hers, his = "lena@meridian.example", "jonas@meridian.example"
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		// wait returns the n-th mail to somebody.
		wait := func(to string, n int) testmail.Message {
			t.Helper()
			for seen := 1; ; seen++ {
				all, err := relay.Wait(ctx, seen)
				if err != nil {
					t.Fatalf("mail %d to %s: %v", n, to, err)
				}
				if got := relay.To(to); len(got) >= n {
					return got[n-1]
				}
				seen = len(all)
			}
		}
		lena := newClient(t, s.URL())
		lena.be("lena")
		lena.clock("2026-11-24", "11:00")
		m := wait(hers, 1)
		wait(his, 1)
		if got := m.Header.Get("List-Unsubscribe-Post"); got != "List-Unsubscribe=One-Click" {
			t.Errorf("List-Unsubscribe-Post is %q", got)
		}
		address := strings.Trim(m.Header.Get("List-Unsubscribe"), "<>")

		provider := newClient(t, s.URL())
		form := []string{"Content-Type", "application/x-www-form-urlencoded"}
		if got := provider.get(address); got.status != http.StatusOK || !strings.Contains(got.body, "Turn brief mail off?") || got.header.Get("Set-Cookie") != "" {
			t.Errorf("opening the address answers %d %v", got.status, got.header)
		}
		if got := provider.do(http.MethodPost, address, strings.NewReader("x=y"), form...); got.status != http.StatusBadRequest {
			t.Errorf("another body answers %d", got.status)
		}
		if got := provider.do(http.MethodPost, address+"x", strings.NewReader("List-Unsubscribe=One-Click"), form...); got.status != http.StatusNotFound {
			t.Errorf("an unknown secret answers %d", got.status)
		}
		if got := lena.get("/settings"); !strings.Contains(got.body, "also comes to "+hers) {
			t.Error("brief mail went off by looking")
		}
		for _, origin := range []string{"", "https://mail.example.com"} { // again, from a web mail
			got := provider.do(http.MethodPost, address, strings.NewReader("List-Unsubscribe=One-Click"), append(form, "Origin", origin)...)
			if got.status != http.StatusOK || !strings.Contains(got.body, "Brief mail is off") {
				t.Fatalf("one click from %q answers %d", origin, got.status)
			}
		}

		// Everything reaches Jonas's window and hers; only his is mailed.
		writing := newClient(t, s.URL())
		writing.be("elif")
		writing.write("key", "k1", "kind", "update", "where", "named", "to", "@lena, @jonas", "point", "The feed of the trams moves on Thursday.")
		lena.clock("2026-11-24", "16:00")
		wait(his, 2)
		brief := lena.get("/brief")
		for _, want := range []string{"The feed of the trams moves on Thursday.", "Your brief mail is off.", "Send it by mail again"} {
			if !strings.Contains(brief.body, want) {
				t.Errorf("the brief does not say %q", want)
			}
		}
		if n := len(relay.To(hers)); n != 1 {
			t.Errorf("Lena has %d mails after she unsubscribed, want 1", n)
		}

		lena.post(http.StatusSeeOther, "/settings/email", "briefs", "on", "back", "/brief")
		if got := lena.get("/brief"); strings.Contains(got.body, "Your brief mail is off.") {
			t.Error("the way back does not work")
		}
		writing.write("key", "k2", "kind", "update", "where", "named", "to", "@lena", "point", "The trams moved.")
		lena.clock("2026-11-25", "11:00")
		if got := wait(hers, 2); !strings.Contains(got.Text(), "The trams moved.") || got.Header.Get("List-Unsubscribe") != m.Header.Get("List-Unsubscribe") {
			t.Errorf("the next mail is %q", got.Subject())
		}
	})
}

// reading is one event as a calendar program has it.
type reading struct{ UID, Start, End, Summary, Transparent string }

// readGo reads a calendar with go-ical.
func readGo(t *testing.T, file string) (name string, out []reading) {
	t.Helper()
	c, err := ical.NewDecoder(strings.NewReader(file)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	name, err = c.Props.Text("X-WR-CALNAME")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range c.Events() {
		start, err := e.DateTimeStart(time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		end, err := e.DateTimeEnd(time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		r := reading{Start: start.UTC().Format(time.RFC3339), End: end.UTC().Format(time.RFC3339)}
		for to, prop := range map[*string]string{&r.UID: "UID", &r.Summary: "SUMMARY", &r.Transparent: "TRANSP"} {
			if *to, err = e.Props.Text(prop); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, r)
	}
	return name, out
}

// readPython reads a calendar with Debian's python3-icalendar.
func readPython(t *testing.T, file string) (out []reading) {
	t.Helper()
	const program = `
import icalendar, json, sys
at = lambda p: p.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
json.dump([{"UID": e["UID"], "Start": at(e["DTSTART"]), "End": at(e["DTEND"]), "Summary": e["SUMMARY"], "Transparent": e["TRANSP"]}
    for e in icalendar.Calendar.from_ical(sys.stdin.buffer.read()).walk("VEVENT")], sys.stdout)
`
	cmd := exec.CommandContext(t.Context(), "/usr/bin/python3", "-c", program)
	cmd.Stdin = strings.NewReader(file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	said, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3-icalendar (apt-get install -y python3-icalendar): %v\n%s", err, &stderr)
	}
	if err := json.Unmarshal(said, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCharterShared makes the public page and the feed, reads them as a stranger
// and as two calendar programs, and takes them back.
func TestCharterShared(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		base := start(t, database)
		lena, stranger := newClient(t, base), newClient(t, base)
		lena.be("lena")

		page := lena.post(http.StatusCreated, "/charter/public", "key", "a").find(t, `value="(`+base+`/c/[a-z2-7]{52})"`)
		got := stranger.get(page)
		for _, want := range []string{"How Lena Vogt works", "I read messages at", ">at 11:00</time>, Berlin time.", "That is 10:00 UTC.", "If it is urgent"} {
			if !strings.Contains(got.body, want) {
				t.Errorf("the public page does not say %q", want)
			}
		}
		for _, private := range []string{"Jonas", "lena@", "/charter/", "key_now"} {
			if strings.Contains(got.body, private) {
				t.Errorf("the public page says %q", private)
			}
		}
		if got.status != http.StatusOK || got.header.Get("X-Robots-Tag") != "noindex, nofollow" || got.header.Get("Set-Cookie") != "" {
			t.Errorf("the public page answers %d %v", got.status, got.header)
		}

		feed := lena.post(http.StatusCreated, "/charter/feed", "key", "b").find(t, `value="(`+base+`/feeds/[a-z2-7]{52}\.ics)"`)
		file := stranger.get(feed)
		if got := file.header.Get("Content-Type"); file.status != http.StatusOK || got != "text/calendar; charset=utf-8" {
			t.Fatalf("the feed answers %d, %q", file.status, got)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(file.body, "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
				t.Errorf("the feed has the line %q", line)
			}
		}
		name, events := readGo(t, file.body)
		if name != "Lena Vogt: focus and windows" {
			t.Errorf("the calendar is called %q", name)
		}
		if diff := cmp.Diff(events, readPython(t, file.body)); diff != "" {
			t.Errorf("two programs read it differently (-go +python):\n%s", diff)
		}
		// Lena's Tuesday of the demo in Berlin, UTC+1, and only that.
		var tuesday []reading
		ids := map[string]bool{}
		for _, e := range events {
			if ids[e.UID] {
				t.Errorf("the id %s is there twice", e.UID)
			}
			ids[e.UID] = true
			if strings.HasPrefix(e.Start, "2026-11-24") {
				e.UID = ""
				tuesday = append(tuesday, e)
			}
		}
		slices.SortFunc(tuesday, func(a, b reading) int { return strings.Compare(a.Start, b.Start) })
		want := []reading{
			{"", "2026-11-24T08:00:00Z", "2026-11-24T10:00:00Z", "Focus", "OPAQUE"},
			{"", "2026-11-24T10:00:00Z", "2026-11-24T10:15:00Z", "Reading messages", "TRANSPARENT"},
			{"", "2026-11-24T13:30:00Z", "2026-11-24T15:00:00Z", "Focus", "OPAQUE"},
			{"", "2026-11-24T15:00:00Z", "2026-11-24T15:15:00Z", "Reading messages", "TRANSPARENT"},
		}
		if diff := cmp.Diff(want, tuesday); diff != "" {
			t.Errorf("Tuesday (-want +got):\n%s", diff)
		}

		// Nothing new costs nothing; a day off is taken out, and the rest keeps its ids.
		tag := file.header.Get("ETag")
		if got := stranger.get(feed, "If-None-Match", tag); got.status != http.StatusNotModified || got.body != "" {
			t.Errorf("the same feed answers %d", got.status)
		}
		lena.post(http.StatusSeeOther, "/charter/time-off", "key", "c", "from", "2026-12-01")
		file = stranger.get(feed, "If-None-Match", tag)
		_, after := readGo(t, file.body)
		for _, e := range after {
			if strings.HasPrefix(e.Start, "2026-12-01") {
				t.Errorf("a day off holds %+v", e)
			}
			if !ids[e.UID] {
				t.Errorf("%+v has a new id", e)
			}
		}
		if len(after) != len(events)-4 || !strings.Contains(file.body, "\r\nSEQUENCE:") {
			t.Errorf("%d events after a day off, %d before", len(after), len(events))
		}

		// Renewed, the old address ends; taken back, both do. None opens another's.
		again := lena.post(http.StatusCreated, "/charter/feed", "key", "d").find(t, `value="(`+base+`/feeds/[a-z2-7]{52}\.ics)"`)
		secret := strings.TrimSuffix(again[strings.LastIndex(again, "/")+1:], ".ics")
		for _, closed := range []string{feed, strings.TrimSuffix(again, ".ics"), base + "/c/" + secret, base + "/u/" + secret, strings.Replace(page, "/c/", "/feeds/", 1) + ".ics"} {
			if got := stranger.get(closed); got.status != http.StatusNotFound {
				t.Errorf("%s answers %d", closed, got.status)
			}
		}
		if got := stranger.get(again); got.status != http.StatusOK {
			t.Errorf("the new address answers %d", got.status)
		}
		lena.post(http.StatusSeeOther, "/charter/feed/removal", "key", "e")
		lena.post(http.StatusSeeOther, "/charter/public/removal", "key", "f")
		for _, closed := range []string{again, page} {
			if got := stranger.get(closed); got.status != http.StatusNotFound {
				t.Errorf("%s answers %d after its end", closed, got.status)
			}
		}
	})
}

// TestHolidaysFromAFile shows what a file holds, saves what was kept, and lets
// the windows of those days go.
func TestHolidaysFromAFile(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		lena := newClient(t, start(t, database))
		lena.be("lena")
		upload := func(file string) answer {
			t.Helper()
			var body bytes.Buffer
			w := multipart.NewWriter(&body)
			part, err := w.CreateFormFile("file", "C:\\Users\\lena\\berlin.ics")
			if err == nil {
				_, err = io.WriteString(part, file)
			}
			if err == nil {
				err = w.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
			return lena.do(http.MethodPost, "/charter/holidays", &body, "Content-Type", w.FormDataContentType(), "Origin", lena.base)
		}
		if got := lena.get("/charter"); !strings.Contains(got.body, "None yet, so none is a day off") {
			t.Error("the charter does not say that it has no holidays")
		}
		const begin, end = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "END:VCALENDAR\r\n"
		const file = begin +
			"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:St Andrew <b>\r\nDTSTART;VALUE=DATE:20201130\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\n" +
			"BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Boxing Day\r\nDTSTART;VALUE=DATE:20261226\r\nEND:VEVENT\r\n" +
			"BEGIN:VEVENT\r\nUID:3\r\nSUMMARY:Standup\r\nDTSTART:20261126T090000Z\r\nEND:VEVENT\r\n" + end
		got := upload(file)
		for _, want := range []string{"berlin.ics", "Mon 30 Nov", "St Andrew &lt;b&gt;", "Tue 30 Nov 2027", "Thu 30 Nov 2028", "Sat 26 Dec", "free by your week anyway", "3 of them would free a working day", "One entry has a time of day"} {
			if !strings.Contains(got.body, want) {
				t.Errorf("%d: the file's page does not say %q", got.status, want)
			}
		}
		if strings.Contains(got.body, "C:") {
			t.Error("the file's page says where the file was")
		}
		if got := lena.get("/charter"); strings.Contains(got.body, "berlin.ics") {
			t.Error("showing a file saved it")
		}
		lena.post(http.StatusSeeOther, "/charter/holidays/days", "key", "a", "source", "berlin.ics", "day", "2026-11-30 St Andrew <b>", "day", "2026-12-26 Boxing Day")
		lena.post(http.StatusSeeOther, "/charter/holidays", "key", "b", "day", "2026-12-24")
		charter := lena.get("/charter")
		for _, want := range []string{"berlin.ics", "St Andrew &lt;b&gt;", "Added by hand", "Thu 24 Dec", "3 days"} {
			if !strings.Contains(charter.body, want) {
				t.Errorf("the charter does not say %q", want)
			}
		}
		lena.post(http.StatusSeeOther, "/charter/holidays/2026-12-26/removal", "key", "c")
		lena.post(http.StatusNotFound, "/charter/holidays/2026-12-26/removal", "key", "d")

		// Monday the 30th is off, so what waits on Friday evening comes on Tuesday.
		lena.clock("2026-11-27", "20:00")
		if got := lena.get("/brief"); !strings.Contains(got.body, "next brief Tue 1 Dec, 11:00") {
			t.Errorf("the next brief is not on Tuesday: %s", got.find(t, `(?s)top-now">(.*?)</p>`))
		}
		lena.post(http.StatusSeeOther, "/charter/holidays/removal", "key", "e", "source", "berlin.ics")
		charter = lena.get("/charter")
		if strings.Contains(charter.body, "berlin.ics") || !strings.Contains(charter.body, "Thu 24 Dec") {
			t.Error("the days of the file are not gone, or the other one is")
		}

		for bad, want := range map[string]string{
			"<html>no</html>": "This is not a calendar file.", begin + end: "No all-day entry of the next three years",
			begin + strings.Repeat("BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:00010101\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9\r\nEND:VEVENT\r\n", 100) + end: "more days than a charter holds",
		} {
			if got := upload(bad); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, want) {
				t.Errorf("a bad file answers %d, without %q", got.status, want)
			}
		}
		if got := upload(strings.Repeat("x", 2<<20)); got.status != http.StatusRequestEntityTooLarge {
			t.Errorf("a large file answers %d", got.status)
		}
	})
}
