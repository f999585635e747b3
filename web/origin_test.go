package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/store/storetest"
)

// send is one request with the headers of a browser, in pairs.
func (w *world) send(who, method, path string, form url.Values, headers ...string) *http.Response {
	w.Helper()
	r := httptest.NewRequestWithContext(w.Context(), method, "http://"+w.host+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if who != "" {
		r.AddCookie(&http.Cookie{Name: "rubato", Value: w.cookies[who]})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, r)
	return rec.Result()
}

// governor is whom a line of the walk lets do it.
func (l line) governor() string {
	if l.class == govern {
		return "owner"
	}
	return "member"
}

func (w *world) formOf(l line) url.Values {
	form := url.Values{}
	for name, values := range l.form {
		form.Set(name, w.fill(values[0]))
	}
	return form
}

// TestFormsOfOtherSites is row 46 of security 2: no form of another site, of a
// neighbour under the same domain or of nowhere is taken, signing in and out
// included, and nothing changes by it. The one that mail programs send by
// themselves says who they are by its secret.
func TestFormsOfOtherSites(t *testing.T) {
	w := newHouse(t, "").newWorld()
	before := storetest.Dump(t, w.database, w.org)
	from := map[string][]string{
		"another site":                     {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
		"a neighbour":                      {"Sec-Fetch-Site", "same-site", "Origin", "http://other." + w.host},
		"nowhere":                          {"Sec-Fetch-Site", "cross-site", "Origin", "null"},
		"an older browser":                 {"Origin", "https://evil.example"},
		"an older browser, from nowhere":   {"Origin", "null"},
		"another port":                     {"Origin", "http://" + w.host + ":8080"},
		"a name that begins like ours":     {"Origin", "http://" + w.host + ".evil.example"},
		"one who says both":                {"Sec-Fetch-Site", "cross-site", "Origin", "http://" + w.host},
		"a header that is none of theirs":  {"Sec-Fetch-Site", "anything"},
		"another site, with a method told": {"Sec-Fetch-Site", "cross-site", "X-HTTP-Method-Override", "GET"},
	}
	for _, l := range walk() {
		if !strings.HasPrefix(l.pattern, http.MethodPost) || strings.HasPrefix(l.pattern, "POST /u/") {
			continue
		}
		for name, headers := range from {
			for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
				r := w.send(l.governor(), method, w.fill(l.path), w.formOf(l), headers...)
				r.Body.Close()
				if method == http.MethodPost && r.StatusCode != http.StatusForbidden || r.StatusCode < 400 {
					t.Errorf("%s %s from %s: %d", method, l.path, name, r.StatusCode)
				}
				if r.Header.Get("Set-Cookie") != "" {
					t.Errorf("%s %s from %s sets a cookie", method, l.path, name)
				}
			}
		}
	}
	if diff := cmp.Diff(before, storetest.Dump(t, w.database, w.org)); diff != "" {
		t.Errorf("something changed (-before +after):\n%s", diff)
	}
}

// TestReadingChangesNothing is row 46: no page changes anything by being read,
// whoever reads it, in whatever way a link can ask for it.
func TestReadingChangesNothing(t *testing.T) {
	w := newHouse(t, "").newWorld()
	before := storetest.Dump(t, w.database, w.org)
	for _, l := range walk() {
		method, _, _ := strings.Cut(l.pattern, " ")
		for _, who := range []string{"", "member", "owner"} {
			for _, by := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
				query := "?" + w.formOf(l).Encode() // of a form, too: as a link would send it
				r := w.send(who, by, w.fill(l.path)+query, nil, "Sec-Fetch-Site", "cross-site", "X-HTTP-Method-Override", "POST", "X-Method-Override", "POST")
				r.Body.Close()
				if method == http.MethodPost && r.StatusCode < 300 && !w.isPage(l.path) {
					t.Errorf("%s %s as %s: %d", by, l.path, who, r.StatusCode)
				}
			}
		}
	}
	if diff := cmp.Diff(before, storetest.Dump(t, w.database, w.org)); diff != "" {
		t.Errorf("something changed (-before +after):\n%s", diff)
	}
}

// isPage reports whether the address of a form is one of a page as well.
func (w *world) isPage(path string) bool {
	_, pattern := w.server.mux.Handler(httptest.NewRequestWithContext(w.Context(), http.MethodGet, "http://"+w.host+w.fill(path), nil))
	return pattern != ""
}

// TestEveryAnswer is rows 49, 51 and 52: whatever is asked for, by whom and in
// whatever way it ends, may be framed by nobody, read by no other site, and kept
// by no cache.
func TestEveryAnswer(t *testing.T) {
	w := newHouse(t, "").newWorld()
	check := func(what string, r *http.Response) {
		t.Helper()
		r.Body.Close()
		policy := r.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, part) && !strings.Contains(policy, "sandbox") {
				t.Errorf("%s carries the policy %q, without %s", what, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "data:") {
			t.Errorf("%s carries the policy %q", what, policy)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s carries %s: %s, want %s", what, name, got, want)
			}
		}
		// A calendar asks again and again, and is told when nothing is new.
		feed := strings.HasPrefix(what, "GET /feeds/") && r.Header.Get("Cache-Control") == "private, no-cache"
		if got := r.Header.Get("Cache-Control"); !strings.Contains(got, "no-store") && !feed {
			t.Errorf("%s may be kept: %q", what, got)
		}
		for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Server", "X-Powered-By"} {
			if got := r.Header.Get(name); got != "" {
				t.Errorf("%s carries %s: %s", what, name, got)
			}
		}
	}
	for _, l := range walk() {
		method, _, _ := strings.Cut(l.pattern, " ")
		for _, who := range []string{"", "guest", "member", "admin"} {
			for _, origin := range []string{"https://evil.example", "null"} {
				check(l.pattern+" as "+who, w.send(who, method, w.fill(l.path), w.formOf(l), "Origin", origin, "Sec-Fetch-Site", "cross-site"))
			}
			if method == http.MethodGet {
				check(l.pattern+" as "+who, w.send(who, method, w.fill(l.path), nil, "Sec-Fetch-Site", "same-origin", "If-None-Match", "*", "Range", "bytes=0-3"))
			}
		}
	}
	for _, path := range []string{"/nothing", "/static/nothing.js", "/%2e%2e/x", "/..%2f..", "//evil.example/", "/a//b", "/files/none", "/x/y/z", "/%00", "/%ff"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions, "TRACE", "CONNECT", "PROPFIND", "x"} {
			r := w.send("", method, path, nil, "Origin", "https://evil.example", "Sec-Fetch-Site", "same-origin")
			check(method+" "+path, r)
			if r.StatusCode < 300 {
				t.Errorf("%s %s: %d", method, path, r.StatusCode)
			}
			if to := r.Header.Get("Location"); leaves(to) {
				t.Errorf("%s %s leads to %s", method, path, to)
			}
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://evil.example/brief", nil)
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, r)
	check("another host", rec.Result())
}

// leaves reports whether a browser would leave this server for an address.
func leaves(to string) bool {
	if to == "" {
		return false
	}
	clean := strings.Map(func(r rune) rune { // as browsers read one
		switch r {
		case '\t', '\n', '\r':
			return -1
		case '\\':
			return '/'
		}
		return r
	}, strings.TrimLeft(to, "\x00\x01\x08\x1f "))
	return !strings.HasPrefix(clean, "/") || strings.HasPrefix(clean, "//")
}

// TestNoWayOut is row 50: wherever a form or an address says where to go on, it
// is a place of this server.
func TestNoWayOut(t *testing.T) {
	w := newHouse(t, "").newWorld()
	hash, err := w.auth.HashPassword(t.Context(), secretWords)
	w.must(err)
	w.setPassword("member", hash)
	targets := []string{
		"https://evil.example/", "//evil.example/", "///evil.example/", "////evil.example", `/\evil.example`, `\/evil.example`, `\\evil.example`, `/\/evil.example`, `//\evil.example`, "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example",
		"\t//evil.example", " //evil.example", "\x00//evil.example", "\x1f//evil.example", "https:evil.example", "https:/evil.example", "https:\\\\evil.example", "HTTPS://evil.example", "http://" + "evil.example@w1.localhost/", "http://w1.localhost@evil.example/", "http://w1.localhost.evil.example/",
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "evil.example", ".evil.example", "@evil.example", ":80", "?x", "#x", "./x", "../x", "/%5cevil.example", "/%2f/evil.example", "/%2fevil.example", "/%09/evil.example", "/.//evil.example", "/..//evil.example", "/x/..//evil.example", "/x/../..//evil.example",
		"//evil.example/%2f..", "//evil%E3%80%82example", "//ⓔvil.example", "／／evil.example", "/／evil.example", "/〱evil.example", "//[::1]/", "//127.1/", "/\u2028/evil.example", "/\x0b/evil.example", "/brief\r\nSet-Cookie: x=y", "/brief%0d%0aSet-Cookie:%20x=y", "http:///evil.example", "/;@evil.example", "/\\\\evil.example", "/%0a/evil.example",
	}
	for _, to := range targets {
		for name, a := range map[string]answered{
			"signing in":      w.ask("POST", "/sign-in", "", form("email", "member@example.org", "password", secretWords, "back", to)),
			"a pace":          w.ask("POST", "/charter/follows", w.cookies["member"], form("stream", "wide", "pace", "daily", "back", to)),
			"brief mail":      w.ask("POST", "/settings/email", w.cookies["member"], form("briefs", "on", "back", to)),
			"a right":         w.ask("POST", "/crisis/raisers/"+w.people["mate"], w.cookies["owner"], form("may", "yes", "back", to)),
			"a right, admins": w.ask("POST", "/admin/people/"+w.people["mate"]+"/crises", w.cookies["owner"], form("may", "yes", "back", to)),
		} {
			if name != "a right, admins" && a.status != http.StatusSeeOther && a.status != http.StatusTooManyRequests && !strings.ContainsAny(to, "\x00") {
				t.Errorf("%s, and then to %q: %d", name, to, a.status)
			}
			if leaves(a.to) || a.cookie == "y" || strings.ContainsAny(a.to, "\r\n") {
				t.Errorf("%s leads from %q to %q", name, to, a.to)
			}
		}
		// The form to sign in carries it on.
		shown := w.ask("GET", "/sign-in?back="+url.QueryEscape(to), "", nil)
		for _, part := range strings.Split(shown.text, `name="back" value="`)[1:] {
			value, _, _ := strings.Cut(part, `"`)
			if leaves(value) {
				t.Errorf("the form to sign in leads from %q to %q", to, value)
			}
		}
	}
}

// TestHeadersSignNobodyIn is row 37: nothing that a request says of itself lets
// anybody in, from a proxy's address neither.
func TestHeadersSignNobodyIn(t *testing.T) {
	w := newHouse(t, "").newWorld()
	for _, name := range []string{
		"X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Forwarded-Email", "X-Auth-Request-User", "X-Auth-Request-Email", "X-WEBAUTH-USER", "X-User", "X-Authenticated-User", "Cf-Access-Authenticated-User-Email", "X-Goog-Authenticated-User-Email", "Remote-Email", "X-Pomerium-Claim-Email", "Authorization", "X-Api-Key", "X-Original-URL", "X-Rewrite-URL",
	} {
		for _, value := range []string{"member", "owner@example.org", w.people["owner"], "Basic b3duZXI6eA==", "/healthz"} {
			r := w.send("", http.MethodGet, "/admin", nil, name, value, "Sec-Fetch-Site", "same-origin", "X-Forwarded-For", "127.0.0.1", "X-Real-IP", "127.0.0.1")
			r.Body.Close()
			if r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(r.Header.Get("Location"), "/sign-in") {
				t.Errorf("%s: %s gets %d", name, value, r.StatusCode)
			}
		}
	}
}

// TestHostsInLinks is row 31: whatever a request says of the host, by every
// header there is for it, no link and no redirect carries it.
func TestHostsInLinks(t *testing.T) {
	w := newHouse(t, "").newWorld()
	const evil = "evil.example"
	for _, name := range []string{"X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-HTTP-Host-Override", "Forwarded", "X-Original-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Referer", "Origin-Host"} {
		value := evil
		if name == "Forwarded" {
			value = "host=" + evil + ";proto=https"
		}
		for _, l := range []struct {
			method, path, who string
			form              url.Values
		}{
			{"POST", "/reset", "", form("email", "member@example.org")},
			{"POST", "/admin/invites", "owner", form("role", "member", "email", "a"+fmt.Sprint(len(name))+"@example.org")},
			{"POST", "/admin/people/" + w.people["mate"] + "/reset", "owner", nil},
			{"GET", "/sign-in", "", nil},
			{"GET", "/charter", "member", nil},
			{"POST", "/charter/feed", "member", nil},
			{"GET", "/", "", nil},
			{"GET", "/brief", "", nil},
		} {
			r := w.send(l.who, l.method, l.path, l.form, name, value, "Sec-Fetch-Site", "same-origin")
			body := make([]byte, 1<<20)
			n, _ := r.Body.Read(body)
			r.Body.Close()
			if strings.Contains(string(body[:n])+fmt.Sprint(r.Header), evil) {
				t.Errorf("%s %s with %s: the answer carries it", l.method, l.path, name)
			}
		}
	}
	for _, m := range w.mailed() {
		if !strings.HasPrefix(m.Path, "/") || strings.Contains(fmt.Sprint(m), evil) {
			t.Errorf("a link was mailed to %+v", m)
		}
	}
	for _, host := range []string{evil, w.host + "." + evil, evil + "#" + w.host, w.host + "@" + evil, w.host + ":80@" + evil, evil + ":80", "", "[::1]." + evil, "localhost." + evil, w.host + "," + evil, w.host + "/", "*"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+w.host+"/sign-in", nil)
		r.Host = host
		rec := httptest.NewRecorder()
		w.server.ServeHTTP(rec, r)
		if rec.Code != http.StatusMisdirectedRequest {
			t.Errorf("the host %q gets %d, want 421", host, rec.Code)
		}
	}
}

// TestResetGoesToOneStoredAddress is row 32: arrays, lists, headers and
// look-alikes in the address make no mail, or one, to where it always goes.
func TestResetGoesToOneStoredAddress(t *testing.T) {
	for _, fields := range []url.Values{
		{"email": {"member@example.org", "evil@evil.example"}},
		{"email": {"evil@evil.example", "member@example.org"}},
		{"email[]": {"member@example.org", "evil@evil.example"}},
		{"email[0]": {"member@example.org"}, "email[1]": {"evil@evil.example"}},
		{"email": {"member@example.org,evil@evil.example"}},
		{"email": {"member@example.org;evil@evil.example"}},
		{"email": {"member@example.org evil@evil.example"}},
		{"email": {"member@example.org\r\nBcc: evil@evil.example"}},
		{"email": {"member@example.org\nevil@evil.example"}},
		{"email": {"member@example.org%0d%0aBcc:evil@evil.example"}},
		{"email": {"member@example.org\x00evil@evil.example"}},
		{"email": {"evil@evil.example\x00member@example.org"}},
		{"email": {"<member@example.org>,<evil@evil.example>"}},
		{"email": {`"member@example.org" <evil@evil.example>`}},
		{"email": {"Name <member@example.org>"}},
		{"email": {"member@example.org@evil.example"}},
		{"email": {`"member@example.org,"@evil.example`}},
		{"email": {"member@example.org(evil@evil.example)"}},
		{"email": {"member@example.org|evil@evil.example"}},
		{"email": {"member@ex\u00e4mple.org"}},
		{"email": {"ｍember@example.org"}},
		{"email": {"member@example.org\u200b"}},
		{"email": {"MEMBER@EXAMPLE.ORG"}},
		{"email": {" member@example.org\t"}},
		{"email": {"member@Example.Org"}},
		{"email": {"me\u212aber@example.org"}},
		{"email": {`{"$ne":""}`}},
		{"email": {"' OR '1'='1"}},
		{"email": {"%"}},
		{"email": {"*@example.org"}},
		{"email": {""}},
		{},
	} {
		w := newHouse(t, "").newWorld()
		r := w.send("", http.MethodPost, "/reset?email=evil2@evil.example", fields, "Sec-Fetch-Site", "same-origin")
		r.Body.Close()
		if r.StatusCode >= 500 {
			t.Errorf("%q: %d", fields, r.StatusCode)
		}
		links := w.mailed()
		if len(links) > 1 || len(links) == 1 && (links[0].Address != "member@example.org" || links[0].Person != w.people["member"]) {
			t.Errorf("%q mails %+v", fields, links)
		}
	}
	// Of somebody who is not here, and of who came with an import, nothing goes out.
	w := newHouse(t, "").newWorld()
	for _, email := range []string{"removed@example.org", "deactivated@example.org", "old@example.org", "bot@example.org", "nobody@example.org"} {
		w.want(email, w.ask("POST", "/reset", "", form("email", email)), 200)
	}
	if links := w.mailed(); len(links) != 0 {
		t.Errorf("mailed: %+v", links)
	}
}
