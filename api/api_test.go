package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// problem is a refusal as a program reads it.
type problem struct {
	Status int
	Code   string
	Title  string
	Detail string
	Kept   string
	Errors []struct{ Pointer, Parameter, Code, Detail string }
}

func (a answer) problem(t *testing.T) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		t.Fatalf("%d with %q: %v", a.StatusCode, a.body, err)
	}
	if a.Header.Get("Content-Type") != "application/problem+json" || p.Status != a.StatusCode || p.Title == "" || p.Detail == "" || p.Kept == "" {
		t.Errorf("%d is no whole problem: %s %s", a.StatusCode, a.Header.Get("Content-Type"), a.body)
	}
	return p
}

// TestProblems holds that a refusal names the place, in the words of the catalogue.
func TestProblems(t *testing.T) {
	w := open(t)
	deep := strings.Repeat(`[`, 20) + strings.Repeat(`]`, 20)
	for _, tt := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		code, at, field          string
	}{
		{"no question", "POST", "/asks", `{"point":" ","to":["arno"],"team":"core"}`, nil, 422, "mend", "#/point", "no-question"},
		{"somebody unknown", "POST", "/asks", `{"point":"Who?","to":["arno","nobody"],"team":"core"}`, nil, 422, "mend", "#/to/1", "unknown-person"},
		{"a team out of sight", "POST", "/items", `{"kind":"update","point":"Hi","team":"annex"}`, nil, 422, "mend", "#/team", "unknown-team"},
		{"no such term", "POST", "/asks", `{"point":"Who?","to":["arno"],"team":"core","term":"soon"}`, nil, 422, "mend", "#/term", "unreadable-term"},
		{"an unknown field", "POST", "/asks", `{"point":"Who?","to":["arno"],"colour":"red"}`, nil, 422, "mend", "#/colour", "unknown"},
		{"another type", "POST", "/asks", `{"point":"Who?","to":"arno"}`, nil, 422, "mend", "#/to", "wrong"},
		{"a field is missing", "POST", "/asks", `{"to":["arno"]}`, nil, 422, "mend", "#/point", "missing"},
		{"no such kind", "POST", "/items", `{"kind":"crisis","point":"Hi"}`, nil, 422, "mend", "#/kind", "wrong"},
		{"half a body", "POST", "/asks", `{"point":`, nil, 400, "unreadable", "#", "wrong"},
		{"no body", "POST", "/asks", "", []string{"Content-Type", "application/json"}, 400, "unreadable", "", ""},
		{"a field twice", "POST", "/asks", `{"point":"a","point":"b","to":["arno"]}`, nil, 400, "unreadable", "#", "wrong"},
		{"too deep", "POST", "/asks", `{"to":` + deep + `}`, nil, 400, "unreadable", "#", "wrong"},
		{"a NUL", "POST", "/asks", `{"point":"a\u0000","to":["arno"]}`, nil, 400, "unreadable", "#", "wrong"},
		{"a form", "POST", "/asks", "point=Who", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "not-json", "", ""},
		{"nothing said of the type", "POST", "/asks", "{}", []string{"Content-Type", ""}, 415, "not-json", "", ""},
		{"too large", "POST", "/asks", `{"point":"` + strings.Repeat("x", 2<<20) + `"}`, nil, 413, "too-large", "", ""},
		{"no such address", "GET", "/nothing", "", nil, 404, "not-found", "", ""},
		{"an address that climbs", "GET", "/items/../me", "", nil, 404, "not-found", "", ""},
		{"another method", "DELETE", "/asks", "", nil, 405, "wrong-method", "", ""},
		{"another host", "GET", "/me", "", []string{":host", "evil.example"}, 421, "wrong-host", "", ""},
		{"an unknown parameter", "GET", "/asks?offset=5", "", nil, 422, "mend", "offset", "unknown"},
		{"a limit out of bounds", "GET", "/asks?limit=1000", "", nil, 422, "mend", "limit", "wrong"},
		{"a cursor made up", "GET", "/asks?cursor=AAAA", "", nil, 422, "mend", "cursor", "wrong"},
		{"answering twice", "POST", "/crises/{crisis}/end", `{"text":"Over."}`, []string{":again", "yes"}, 409, "conflict", "", "over"},
		{"a charter of yesterday", "PUT", "/charter", `{"revision":7,"charter":{"zone":"Europe/Berlin","hours":{"mon":["09:00-17:00"]},"windows":{"mon":["11:00"]}}}`, nil, 409, "conflict", "", ""},
		{"no such zone", "PUT", "/charter", `{"revision":1,"charter":{"zone":"Nowhere","hours":{"mon":["09:00-17:00"]},"windows":{"mon":["11:00"]}}}`, nil, 422, "mend", "#/charter/zone", "zone"},
		{"no such time", "PUT", "/charter", `{"revision":1,"charter":{"zone":"Europe/Berlin","hours":{"mon":["9-5"]},"windows":{"mon":["11:00"]}}}`, nil, 422, "mend", "#/charter/hours/mon", "time"},
		{"from another site", "POST", "/items", `{"kind":"update","point":"Hi"}`, []string{"Sec-Fetch-Site", "cross-site"}, 403, "not-allowed", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			headers := tt.headers
			if len(headers) > 0 && headers[0] == ":again" {
				w.do("member", tt.method, tt.path, tt.body)
				headers = nil
			}
			a := w.do("member", tt.method, tt.path, tt.body, headers...)
			p := a.problem(t)
			if p.Status != tt.status || p.Code != tt.code {
				t.Fatalf("%d %s, want %d %s\n%s", p.Status, p.Code, tt.status, tt.code, a.body)
			}
			if tt.status == http.StatusMethodNotAllowed && a.Header.Get("Allow") == "" {
				t.Error("405 without Allow")
			}
			if tt.field == "" {
				return
			}
			if len(p.Errors) != 1 || p.Errors[0].Pointer+p.Errors[0].Parameter != tt.at || p.Errors[0].Code != tt.field || p.Errors[0].Detail == "" {
				t.Errorf("errors %+v, want %s at %s", p.Errors, tt.field, tt.at)
			}
		})
	}
}

// TestCookiesOpenNothing holds that a browser's session is no token.
func TestCookiesOpenNothing(t *testing.T) {
	w := open(t)
	for _, header := range []string{"rubato=cookie", "__Host-rubato=cookie"} {
		if a := w.do("nobody", "GET", "/me", "", "Cookie", header); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("with a session's cookie: %d\n%s", a.StatusCode, a.body)
		}
	}
	if a := w.do("nobody", "GET", "/me?access_token="+w.tokens["member"], ""); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("with a token in the address: %d", a.StatusCode)
	}
}

// TestOnce holds that a key makes a request happen once, and one thing only.
func TestOnce(t *testing.T) { both(t, happensOnce) }

func happensOnce(t *testing.T, open func(testing.TB) *world) {
	w := open(t)
	const body = `{"kind":"update","point":"Once.","team":"core"}`
	id := func(a answer) string {
		t.Helper()
		var rec struct {
			ID    string
			Again bool
		}
		if err := json.Unmarshal([]byte(a.body), &rec); err != nil || a.StatusCode != http.StatusCreated {
			t.Fatalf("%d %s: %v", a.StatusCode, a.body, err)
		}
		return fmt.Sprint(rec.ID, " ", rec.Again)
	}
	first := id(w.do("member", "POST", "/items", body, "Idempotency-Key", "k1"))
	again := id(w.do("member", "POST", "/items", body, "Idempotency-Key", "k1"))
	if !strings.HasSuffix(first, " false") || again != strings.TrimSuffix(first, "false")+"true" {
		t.Errorf("the same key twice: %s, then %s", first, again)
	}
	if other := id(w.do("author", "POST", "/items", body, "Idempotency-Key", "k1")); strings.Fields(other)[0] == strings.Fields(first)[0] {
		t.Error("somebody else's key found the receipt of the first")
	}
	a := w.do("member", "POST", "/items", strings.Replace(body, "Once", "Twice", 1), "Idempotency-Key", "k1")
	if p := a.problem(t); p.Status != http.StatusUnprocessableEntity || p.Code != "key-reused" {
		t.Errorf("another request under the key: %s", a.body)
	}
	var list struct{ Items []struct{ Point string } }
	if err := json.Unmarshal([]byte(w.do("member", "GET", "/teams/core/items", "").body), &list); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, i := range list.Items {
		if i.Point == "Once." {
			n++
		}
	}
	if n != 2 { // one by each of them
		t.Errorf("%d items were written, want 2", n)
	}
}

// TestPages holds that cursors walk a listing whole, and are of their listing,
// their reader and this server alone.
func TestPages(t *testing.T) { both(t, pagesThrough) }

func pagesThrough(t *testing.T, open func(testing.TB) *world) {
	w := open(t)
	for i := range 7 {
		w.do("member", "POST", "/items", fmt.Sprintf(`{"kind":"update","point":"Page %d.","team":"core"}`, i))
	}
	var got []string
	cursor := ""
	for range 20 {
		var page struct {
			Items []struct{ Point string }
			Next  string
		}
		a := w.do("member", "GET", "/teams/core/items?limit=2&cursor="+cursor, "")
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || a.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		for _, i := range page.Items {
			if strings.HasPrefix(i.Point, "Page") {
				got = append(got, i.Point)
			}
		}
		if page.Next == "" {
			break
		}
		cursor = page.Next
		if a := w.do("member", "GET", "/asks?cursor="+cursor, ""); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("a cursor of another listing: %d", a.StatusCode)
		}
		if a := w.do("author", "GET", "/teams/core/items?cursor="+cursor, ""); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("somebody else's cursor: %d", a.StatusCode)
		}
	}
	slices.Sort(got) // all were written at one moment
	if want := "Page 0. Page 1. Page 2. Page 3. Page 4. Page 5. Page 6."; strings.Join(got, " ") != want {
		t.Errorf("page by page: %v", got)
	}
}

// TestOwnAsksInABrief holds what somebody reads of asks of their own: that one
// is near due, and that one cannot get its answers any more.
func TestOwnAsksInABrief(t *testing.T) {
	w := open(t)
	var look struct {
		Lines []struct {
			Ref, Section, Cause, Delivery, Why, Stands, Point string
			Carried, Open                                     bool
			Due                                               *struct{ At time.Time }
			Root                                              *struct{ Ref string }
		}
	}
	a := w.do("member", "GET", "/brief/look", "")
	if err := json.Unmarshal([]byte(a.body), &look); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	var near, short bool
	for _, l := range look.Lines {
		switch {
		case l.Section == "asked":
			near = l.Ref == "A-2" && l.Cause == "waits" && l.Stands == "open" && l.Carried && !l.Open && l.Delivery == "" &&
				l.Due != nil && l.Due.At.Equal(morning.Add(59*time.Minute))
		case l.Cause == "state":
			short = l.Point == "left" && l.Stands == "short" && l.Root != nil && l.Root.Ref == "A-3"
		}
	}
	for _, l := range look.Lines {
		var why struct {
			By       string
			Delivery *struct{ ID string }
			Next     *struct{ For *struct{ At time.Time } }
		}
		a := w.do("member", "GET", "/why/"+l.Why, "")
		if err := json.Unmarshal([]byte(a.body), &why); err != nil || a.StatusCode != http.StatusOK {
			t.Fatalf("why %s stands there: %d %v %s", l.Ref, a.StatusCode, err, a.body)
		}
		if named := l.Delivery != "" || l.Section == "asks"; named != (why.Delivery != nil) || named != (why.By == "name") {
			t.Errorf("%s by %q came by %q: %s", l.Ref, l.Cause, why.By, a.body)
		}
		if l.Section == "asked" && (why.By != "asked" || why.Next == nil) {
			t.Errorf("why of an ask of one's own: %s", a.body)
		}
	}
	if !near || !short {
		t.Errorf("told of the ask that is due: %v, of the one that is short: %v\n%s", near, short, a.body)
	}
}

// TestWhyOfItems: whoever may read an item reads how it comes to them, and
// nobody else learns that it exists.
func TestWhyOfItems(t *testing.T) {
	w := open(t)
	for _, what := range []string{"{update}", "{mine}", "{ask}", "{crisis}"} {
		o := try{method: "GET", path: "/why/" + what, kind: inTeam}
		for _, who := range actors() {
			if a := w.do(who, o.method, o.path, ""); a.StatusCode != o.want(who, 200) {
				t.Errorf("%s asks why of %s: %d, want %d\n%s", who, what, a.StatusCode, o.want(who, 200), a.body)
			}
		}
	}
}

// TestTeamToken holds a token of a team to it.
func TestTeamToken(t *testing.T) {
	w := open(t)
	for path, want := range map[string]int{
		"/items/{update}": 200, "/teams/core": 200, "/teams/yard": 404, "/drafts": 404, "/me/sessions": 404, "/me/tokens": 404, "/me": 200,
	} {
		if a := w.do("team-token", "GET", path, ""); a.StatusCode != want {
			t.Errorf("GET %s by a token of the team: %d, want %d\n%s", path, a.StatusCode, want, a.body)
		}
	}
	for path, body := range map[string]string{
		"/items":  `{"kind":"update","point":"To all.","wide":true}`,
		"/crises": `{"what":"Smoke.","stake":"The depot.","needed":["mara"],"sure":true}`,
	} {
		if a := w.do("team-token", "POST", path, body); a.StatusCode != http.StatusForbidden {
			t.Errorf("POST %s by a token of the team: %d, want 403\n%s", path, a.StatusCode, a.body)
		}
	}
	if a := w.do("admin-read", "GET", "/admin/mail", ""); a.StatusCode != http.StatusForbidden {
		t.Errorf("an admin's token without the scope: %d", a.StatusCode)
	}
}

// TestNothingToldOfReading scans what is told of others and of oneself for what
// must not be there: secrets, and when somebody was last seen (security 2, 70).
func TestNothingToldOfReading(t *testing.T) {
	w := open(t)
	for id, o := range tries() {
		if o.method != http.MethodGet {
			continue
		}
		who := "member"
		if o.kind == governs {
			who = "admin"
		}
		a := w.do(who, o.method, o.path, "")
		for _, word := range []string{"canary", "last_seen", "read_at", "used", "secret", "password", "hash"} {
			if strings.Contains(strings.ToLower(a.body), word) {
				t.Errorf("%s tells %q: %s", id, word, a.body)
			}
		}
	}
}

// TestRate holds a person's requests to a rate, and lets a crisis through.
func TestRate(t *testing.T) {
	w := open(t)
	var a answer
	// Ten requests come back a second, so a slow machine needs more of them.
	for range 10_000 {
		if a = w.serve(w.request("read-token", "GET", "/follows", "")); a.StatusCode != http.StatusOK {
			break
		}
	}
	if p := a.problem(t); p.Status != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" {
		t.Fatalf("after 10,000 requests: %d %s", p.Status, a.body)
	}
	if a := w.do("member", "POST", "/crises", `{"what":"Smoke.","stake":"The depot.","team":"core","needed":["arno"],"sure":true}`); a.StatusCode != http.StatusCreated {
		t.Errorf("a crisis at that rate: %d %s", a.StatusCode, a.body)
	}
	for range 62 {
		a = w.do("nobody", "GET", "/me", "", "Authorization", "Bearer rbt_wrong")
	}
	if a.StatusCode != http.StatusTooManyRequests {
		t.Errorf("after 62 wrong tokens: %d", a.StatusCode)
	}
}

// FuzzCursor holds that no cursor breaks the server.
func FuzzCursor(f *testing.F) {
	w := open(f)
	for _, s := range []string{"", "AAAA", "e30", strings.Repeat("A", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		if !utf8.ValidString(cursor) {
			return
		}
		w.t = t
		r := w.request("read-token", "GET", "/asks", "")
		q := r.URL.Query()
		q.Set("cursor", cursor)
		r.URL.RawQuery = q.Encode()
		a := w.serve(r)
		if a.StatusCode == http.StatusTooManyRequests {
			return
		}
		if want := map[bool]int{true: 200, false: 422}[cursor == ""]; a.StatusCode != want {
			t.Errorf("cursor %q: %d %s", cursor, a.StatusCode, a.body)
		}
	})
}
