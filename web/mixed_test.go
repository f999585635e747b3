package web

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/store/storetest"
)

var place = regexp.MustCompile(`\{[a-z.-]+\}`)

// TestTwoOrganisations is rows 17 and 69 of security 2: every route with the
// ids of another organisation in any of its places, by everybody who may do all
// of it in their own. The other organisation stays as it is, and none of its
// words are told.
func TestTwoOrganisations(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { twoOrganisations(t, newHouse(t, "")) })
	t.Run("postgres", func(t *testing.T) { twoOrganisations(t, newHouse(t, pgtest.URL(t))) })
}

func twoOrganisations(t *testing.T, h *house) {
	theirs := h.newWorld()
	w := h.newWorld()
	before := storetest.Dump(t, h.database, theirs.org)
	tried := 0
	for _, l := range walk() {
		method, _, _ := strings.Cut(l.pattern, " ")
		places := place.FindAllString(l.path, -1)
		for _, values := range l.form {
			places = append(places, place.FindAllString(values[0], -1)...)
		}
		slices.Sort(places)
		places = slices.Compact(places)
		for mix := 1; mix < 1<<len(places); mix++ { // which of the places hold an id of theirs
			fill := func(s string) string {
				for i, p := range places {
					from := w
					if mix&(1<<i) != 0 {
						from = theirs
					}
					s = strings.ReplaceAll(s, p, url.PathEscape(from.fill(p)))
				}
				return w.fill(s)
			}
			path, form := fill(l.path), url.Values{}
			for name, values := range l.form {
				form.Set(name, fill(values[0]))
			}
			for _, who := range []string{"member", "owner"} {
				if l.class == anyone {
					continue // what a secret opens is asked for below
				}
				tried++
				a := w.ask(method, path, w.cookies[who], form)
				if a.status < 300 && l.ok != a.status || a.status >= 500 {
					t.Errorf("%s %s as %s: %d", method, path, who, a.status)
				}
				// Numbers and slugs are the same in both: they are of one's own.
				if strings.Contains(a.text, "Org "+theirs.host) || strings.Contains(a.text, theirs.host) {
					t.Errorf("%s %s tells %s of the other organisation", method, path, who)
				}
				w.signIn(who)
			}
		}
	}
	for _, path := range []string{"/join/" + theirs.at["invite"], "/reset/" + theirs.at["reset"], "/c/" + theirs.at["public"], "/feeds/" + theirs.at["calendar"] + ".ics", "/u/" + theirs.at["way-out"]} {
		if a := w.ask("GET", path, "", nil); a.status != http.StatusNotFound {
			t.Errorf("a secret of another organisation opens %s: %d", path[:4], a.status)
		}
		form := newcomer("New One", "new@example.org")
		form.Set("List-Unsubscribe", "One-Click")
		if a := w.ask("POST", path, "", form); a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed {
			t.Errorf("a secret of another organisation is taken by %s: %d", path[:4], a.status)
		}
	}
	if diff := cmp.Diff(before, storetest.Dump(t, h.database, theirs.org)); diff != "" {
		t.Errorf("the other organisation changed (-before +after):\n%s", diff)
	}
	if tried < 70 {
		t.Errorf("only %d requests", tried)
	}
}

// TestTwoIDs is row 17: forms that carry two ids, of which one is not the
// sender's to use. Nothing of others' changes by them.
func TestTwoIDs(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { twoIDs(t, newHouse(t, "").newWorld()) })
	t.Run("postgres", func(t *testing.T) { twoIDs(t, newHouse(t, pgtest.URL(t)).newWorld()) })
}

func twoIDs(t *testing.T, w *world) {
	mine := w.ask("POST", "/write", w.cookies["other"], form("kind", "update", "point", "Mine.", "where", "open-team"))
	w.want("writing in an open team", mine, 201)
	ref := regexp.MustCompile(`/U-\d+`).FindString(mine.text)
	id := regexp.MustCompile(`/items/([0-9a-z]{26})/`).FindStringSubmatch(w.ask("GET", ref, w.cookies["other"], nil).text)[1]
	w.at["others"], w.at["own"] = id, store.NewID(time.Now())
	var sessions []string // of others
	for _, row := range storetest.Dump(t, w.database, w.org)["session"] {
		if !strings.Contains(row, w.people["other"]) {
			sessions = append(sessions, regexp.MustCompile(`\bid=(\S+)`).FindStringSubmatch(row)[1])
		}
	}
	for _, tt := range []struct {
		name, path string
		form       url.Values
		upload     bool
		status     []int
	}{
		{"a comment with the draft of another", "/items/{others}/comments", form("text", "So.", "draft", "{draft}"), false, []int{303}},
		{"a comment that drops another's file", "/items/{others}/comments", form("text", "So.", "draft", "{own}", "drop", "{file}"), true, []int{303}},
		{"a new document with the draft of another", "/write", form("kind", "update", "point", "x", "where", "open-team", "draft", "{draft}"), false, []int{201}},
		{"a new document that drops another's file", "/write", form("kind", "update", "point", "x", "where", "open-team", "draft", "{own}", "drop", "{file}"), true, []int{201}},
		{"a new document that settles another's ask", "/write", form("kind", "update", "point", "x", "where", "open-team", "source", "{ask}"), false, []int{201}},
		{"a new document in a team of others", "/write", form("kind", "update", "point", "x", "where", "core-team"), false, []int{422}},
		{"an ask in a team of others", "/write", form("kind", "ask", "point", "x", "where", "core-team", "to", "@mate"), false, []int{422}},
		{"a crisis in a team of others", "/crisis", form("what", "x", "stake", "y", "needed", "@mate", "team", "core-team", "sure", "yes"), false, []int{422}},
		{"files for the draft of another", "/drafts/{draft}/files", nil, true, []int{303}},
		{"the text of another's draft", "/drafts/{draft}", form("kind", "update", "point", "Changed."), false, []int{404}},
		{"another's draft, away", "/drafts/{draft}/deletion", nil, false, []int{303}},
		{"another's file, away", "/files/{file}/removal", nil, false, []int{404}},
		{"an edit with the draft of another", "/items/{others}/revisions", form("base", "1", "point", "Mine, mended.", "draft", "{draft}"), false, []int{303}},
		{"a preview with the ids of others", "/write/preview", form("kind", "ask", "point", "x", "where", "core-team", "to", "@member", "source", "{ask}", "draft", "{draft}", "drop", "{file}"), true, []int{200, 422}},
		{"time granted in an ask of others", "/asks/{asked}/more-time/{mate}", form("grant", "yes"), false, []int{404}},
		{"a member of others' team, away", "/teams/core-team/members/{mate}/removal", nil, false, []int{404}},
		{"oneself into others' team", "/teams/core-team/members", form("person", "@other"), false, []int{404}},
		{"a follow of others' team", "/charter/follows", form("stream", "team:{core}", "pace", "daily"), false, []int{404}},
		{"a follow of others' thread", "/charter/follows", form("stream", "item:{update}", "pace", "daily"), false, []int{404}},
		{"a follow of another thread by its other name", "/charter/follows", form("stream", "thread:{update}", "pace", "daily"), false, []int{404}},
		{"another's token", "/settings/tokens/{token}/removal", nil, false, []int{303}},
		{"a token for others' team", "/settings/tokens", form("name", "x", "scope", "read", "days", "1", "team", "core-team"), false, []int{404}},
		{"another's session", "/settings/sessions/" + sessions[0] + "/end", nil, false, []int{303}},
		{"whose right it is not to end", "/crisis/raisers/{mate}", form("may", "no"), false, []int{403}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.TB = t
			before := theOthers(t, w)
			path, sent := w.fill(tt.path), url.Values{}
			for name, values := range tt.form {
				sent.Set(name, w.fill(values[0]))
			}
			var a answered
			if tt.upload {
				a = w.upload(path, w.cookies["other"], sent)
			} else {
				a = w.ask("POST", path, w.cookies["other"], sent)
			}
			if !slices.Contains(tt.status, a.status) {
				t.Errorf("%d to %q, want one of %v", a.status, a.to, tt.status)
			}
			for _, word := range []string{"Team core", "For @member", "Not yet.", "a.txt", "Which?"} {
				if strings.Contains(a.text, word) {
					t.Errorf("it tells %q", word)
				}
			}
			if diff := cmp.Diff(before, theOthers(t, w)); diff != "" {
				t.Errorf("what is others' changed (-before +after):\n%s", diff)
			}
		})
	}
}

// upload sends a form with a file behind its fields.
func (w *world) upload(path, cookie string, form url.Values) answered {
	w.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, values := range form {
		w.must(m.WriteField(name, values[0]))
	}
	part, err := m.CreateFormFile("files", "mine.txt")
	w.must(err)
	_, err = io.WriteString(part, "mine")
	w.must(err)
	w.must(m.Close())
	r := httptest.NewRequestWithContext(w.Context(), http.MethodPost, "http://"+w.host+path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "rubato", Value: cookie})
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, r)
	return answered{status: rec.Code, to: rec.Header().Get("Location"), text: rec.Body.String(), header: rec.Header()}
}

// theOthers are the rows that are about others than "other", and about nothing
// that all see.
func theOthers(t *testing.T, w *world) map[string][]string {
	t.Helper()
	all := storetest.Dump(t, w.database, w.org)
	out := map[string][]string{}
	for _, table := range []string{"draft", "attachment", "asked", "ask", "pause", "member", "follow", "token", "session", "crisis", "needed", "watched", "person", "contact", "revision"} {
		for _, row := range all[table] {
			if !strings.Contains(row, w.people["other"]) && !strings.Contains(row, w.at["others"]) {
				out[table] = append(out[table], row)
			}
		}
	}
	return out
}
