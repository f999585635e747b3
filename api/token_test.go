package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/store/storetest"
)

// TestTokensMintNothing is row 42: whatever a token of every scope asks for, no
// session, token, feed, link or webhook comes of it.
func TestTokensMintNothing(t *testing.T) {
	w := open(t)
	opens := func() map[string]int {
		n := map[string]int{}
		for table, rows := range storetest.Dump(t, w.database) {
			if slices.Contains([]string{"session", "token", "feed", "link", "contact", "credential"}, table) {
				n[table] = len(rows)
			}
		}
		return n
	}
	before := opens()
	if before["token"] == 0 || before["session"] == 0 || before["contact"] == 0 {
		t.Fatalf("there is nothing to compare with: %v", before)
	}
	for _, id := range slices.Sorted(maps.Keys(tries())) {
		o := tries()[id]
		for _, who := range []string{"owner", "member"} {
			w.server = w.fresh()
			a := w.do(who, o.method, o.path, o.body)
			if strings.Contains(a.body, "rbt_") || strings.Contains(a.body, "whsec_") || a.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s hands out a secret: %s", id, a.body)
			}
		}
		for table, n := range opens() {
			if n > before[table] {
				t.Errorf("%s made a row of %s", id, table)
			}
		}
		before = opens()
	}
	for _, path := range []string{"/me/tokens", "/me/sessions", "/me/feeds", "/admin/invites", "/people/{arno}/reset", "/me/password", "/me/channels/webhook"} {
		for _, method := range []string{"POST", "PUT", "PATCH"} {
			if a := w.do("owner", method, path, `{"name":"x","scopes":["admin"],"url":"https://example.org"}`); a.StatusCode != http.StatusMethodNotAllowed && a.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: %d", method, path, a.StatusCode)
			}
		}
	}
}

// TestScopes is row 41: every operation with each scope alone, by a member and
// by an owner who may do all of them. Whoever may write or govern may read what
// it is about; what is of no scope opens nothing.
func TestScopes(t *testing.T) {
	shared := open(t)
	for _, id := range slices.Sorted(maps.Keys(tries())) {
		o := tries()[id]
		w := shared
		if slices.Contains(alone(), id) {
			w = open(t)
		}
		w.server = w.fresh()
		who, scope := "member", "-w"
		switch {
		case o.method == http.MethodGet || o.path == "/reach" || o.path == "/check":
			scope = "-r"
		case o.kind == governs:
			scope = "-a"
		}
		if o.kind == governs {
			who = "owner"
		}
		order := append(slices.DeleteFunc([]string{"-none", "-r", "-w", "-a"}, func(s string) bool { return s == scope }), scope)
		for _, with := range order { // the one that may comes last
			a := w.do(who+with, o.method, o.path, o.body)
			want := "let in"
			switch {
			case with == "-none":
				want = "401"
			case o.kind == governs && with != "-a", with != scope && scope != "-r":
				want = "403"
			}
			got := fmt.Sprint(a.StatusCode)
			if want == "let in" && a.StatusCode != http.StatusUnauthorized && a.StatusCode != http.StatusForbidden {
				got = want
			}
			if got != want {
				t.Errorf("%s by %s: %d, want %s\n%s", id, who+with, a.StatusCode, want, a.body)
			}
		}
	}
}

// TestCrossOrigin is rows 46 and 49: no origin is told that it may read, and
// none but our own is let write.
func TestCrossOrigin(t *testing.T) {
	w := open(t)
	for _, id := range slices.Sorted(maps.Keys(tries())) {
		o := tries()[id]
		w.server = w.fresh()
		for _, origin := range []string{"https://evil.example", "null", "https://" + here + ".evil.example", "https://" + here + ":8443", "https://sub." + here} {
			a := w.do("owner", o.method, o.path, o.body, "Origin", origin)
			for name := range a.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s from %s: %s: %s", id, origin, name, a.Header.Get(name))
				}
			}
			if o.method != http.MethodGet && a.StatusCode != http.StatusForbidden {
				t.Errorf("%s from %s: %d, want 403", id, origin, a.StatusCode)
			}
		}
		if a := w.do("owner", http.MethodOptions, o.path, "", "Origin", "https://evil.example", "Access-Control-Request-Method", "POST"); a.StatusCode < 400 || a.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: a preflight is answered with %d", id, a.StatusCode)
		}
	}
}

// TestForgedCursors is row 69: a cursor with any bit of it changed is refused.
func TestForgedCursors(t *testing.T) {
	w := open(t)
	for i := range 3 {
		w.do("member", "POST", "/items", fmt.Sprintf(`{"kind":"update","point":"Page %d.","team":"core"}`, i))
	}
	var page struct{ Next string }
	a := w.do("member", "GET", "/teams/core/items?limit=1", "")
	if err := json.Unmarshal([]byte(a.body), &page); err != nil || page.Next == "" {
		t.Fatalf("%v: %s", err, a.body)
	}
	if a := w.do("member", "GET", "/teams/core/items?cursor="+page.Next, ""); a.StatusCode != http.StatusOK {
		t.Fatalf("the cursor itself: %d", a.StatusCode)
	}
	forged := []string{page.Next[1:], page.Next + "A", page.Next + "=", " " + page.Next, page.Next[:len(page.Next)-1], strings.ToLower(page.Next), page.Next + page.Next, `eyJhIjoxfQ`, `{"a":1}`, "' OR 1=1--", "null"}
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range page.Next {
		other := letters[(strings.IndexByte(letters, page.Next[i])+1+i%31)%64]
		forged = append(forged, page.Next[:i]+string(other)+page.Next[i+1:])
	}
	for _, cursor := range forged {
		a := w.do("member", "GET", "/teams/core/items?cursor="+escaped(cursor), "")
		if a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("the cursor %s: %d", cursor, a.StatusCode)
		}
	}
}
