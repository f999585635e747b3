package web

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/crisis"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/store/storetest"
)

// answered is an answer with its words.
type answered struct {
	status int
	to     string // Location
	cookie string // a new session
	text   string
	header http.Header
}

// ask sends a request and reads the answer.
func (w *world) ask(method, path, cookie string, form url.Values) answered {
	w.Helper()
	r := w.do(w.host, method, path, cookie, "", form)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	w.must(err)
	a := answered{status: r.StatusCode, to: r.Header.Get("Location"), text: html.UnescapeString(string(body)), header: r.Header}
	for _, c := range r.Cookies() {
		a.cookie = c.Value
	}
	return a
}

func (w *world) want(what string, a answered, status int, words ...string) {
	w.Helper()
	if a.status != status {
		w.Errorf("%s: %d to %q, want %d", what, a.status, a.to, status)
	}
	for _, word := range words {
		if !strings.Contains(a.text, word) && !strings.Contains(a.to, word) {
			w.Errorf("%s does not say %q", what, word)
		}
	}
}

// formKeys are those of the forms of a page, new each time it is shown.
var formKeys = regexp.MustCompile(`value="[A-Z2-7]{26}\.[a-z0-9-]+"`)

var newLink = regexp.MustCompile(`id="new-link" value="http://[^/]+(/(?:join|reset)/[a-z2-7]+)"`)

// link is the address that a page has just made.
func (w *world) link(a answered) string {
	w.Helper()
	m := newLink.FindStringSubmatch(a.text)
	if m == nil {
		w.Fatalf("no link was made: %d %s", a.status, a.to)
	}
	return m[1]
}

const secretWords = "a few plain words"

func newcomer(name, email string) url.Values {
	return form("name", name, "handle", "", "email", email, "password", secretWords, "zone", "Europe/Berlin")
}

// TestInvites: an admin makes a link, whoever has it joins with it once, and a
// link that opens nothing says what became of it.
func TestInvites(t *testing.T) {
	w := newHouse(t, "", func(c *Config) { c.MailOff = true }).newWorld()
	admin := w.cookies["admin"]
	invite := func(pairs ...string) answered { return w.ask("POST", "/admin/invites", admin, form(pairs...)) }

	w.want("an invite for a guest without a team", invite("role", "guest"), 422, "A guest belongs to a team")
	w.want("an admin who makes an owner", invite("role", "owner"), 403)
	w.want("somebody who is here already", invite("role", "member", "email", "member@example.org"), 422, "has this address already")
	made := invite("role", "guest", "team", "open-team", "email", "New@Example.org")
	path := w.link(made)
	if made.status != 201 || !strings.Contains(made.text, "http://"+w.host+path) {
		t.Errorf("the link does not carry the organisation's address: %d", made.status)
	}
	w.want("the form", w.ask("GET", path, "", nil), 200, "Name admin", "Team open", "new@example.org")
	w.want("the same, signed in", w.ask("GET", path, w.cookies["member"], nil), 200, "You are in Org")
	w.want("a weak password", w.ask("POST", path, "", form("name", "New One", "password", "password", "zone", "Europe/Berlin")), 422)
	w.want("no zone", w.ask("POST", path, "", form("name", "New One", "password", secretWords, "zone", "Nowhere")), 422, "No such zone")
	joined := w.ask("POST", path, "", newcomer("New One", "evil@example.org"))
	w.want("joining", joined, 303, "/charter")
	w.want("their charter", w.ask("GET", "/charter", joined.cookie, nil), 200)
	w.want("the team they were invited to", w.ask("GET", "/teams/open-team", joined.cookie, nil), 200, "New One")
	w.want("another team", w.ask("GET", "/teams/core-team", joined.cookie, nil), 404)
	w.want("the link again", w.ask("GET", path, "", nil), 410, "used already")
	w.want("joining again", w.ask("POST", path, "", newcomer("Other One", "other1@example.org")), 410, "used already")
	w.want("signing in with the address of the invite", w.ask("POST", "/sign-in", "", form("email", "new@example.org", "password", secretWords)), 303, "/brief")
	w.want("signing in with the address that was typed", w.ask("POST", "/sign-in", "", form("email", "evil@example.org", "password", secretWords)), 422)

	// One that was taken back, one of another organisation, one that is none.
	path = w.link(invite("role", "member"))
	w.want("its list", w.ask("GET", "/admin", admin, nil), 200, "Anybody with the link")
	open, err := w.store.Reader(w.actor("admin")).Invites(t.Context(), time.Now())
	w.must(err)
	w.want("taking it back", w.ask("POST", "/admin/invites/"+open[0].ID+"/removal", admin, nil), 303)
	w.want("the link that was taken back", w.ask("GET", path, "", nil), 410, "taken back")
	elsewhere := w.newWorld()
	path = w.link(invite("role", "member"))
	w.want("in another organisation", elsewhere.ask("GET", path, "", nil), 404, "not one of this organisation")
	w.want("joining another organisation", elsewhere.ask("POST", path, "", newcomer("X", "x@example.org")), 404)
	w.want("no link at all", w.ask("GET", "/join/abc", "", nil), 404, "cut short")

	// An imported name becomes who joins.
	w.want("an imported name", w.ask("POST", "/admin/people/imported/invite", admin, nil), 201)
	path = w.link(w.ask("POST", "/admin/people/imported/invite", admin, nil))
	w.want("its form", w.ask("GET", path, "", nil), 200, "Old Hand")
	joined = w.ask("POST", path, "", newcomer("Old Hand", "old@example.org"))
	w.want("arriving", joined, 303, "/charter")
	w.want("their page", w.ask("GET", "/people/imported", joined.cookie, nil), 200, "Old Hand")
	list := w.ask("GET", "/admin?state=imported", admin, nil)
	for _, id := range []string{"imported-bot", "imported-name"} {
		if !strings.Contains(list.text, "/admin/people/"+id+"/state") || strings.Contains(list.text, "/admin/people/"+id+"/invite") {
			t.Errorf("%s is not listed, or offered to be invited", id)
		}
		w.want("inviting "+id, w.ask("POST", "/admin/people/"+id+"/invite", admin, nil), 422, "nobody can be invited as it")
	}

	// An address that nobody vouched for stays unverified.
	path = w.link(invite("role", "member"))
	w.want("joining with any address", w.ask("POST", path, "", newcomer("Loose One", "loose@example.org")), 303)
	for _, row := range storetest.Dump(t, w.database, w.org)["address"] {
		if strings.Contains(row, "address=loose@") != strings.Contains(row, "verified_at=0 ") && !strings.Contains(row, "bot@") {
			t.Errorf("verified by whom: %s", row)
		}
	}
}

// TestInviteLimit: twenty a day for each who invites, then a calm page that
// says when to come back.
func TestInviteLimit(t *testing.T) {
	w := newHouse(t, "").newWorld() // where admin has made one
	for range 19 {
		w.want("an invite", w.ask("POST", "/admin/invites", w.cookies["admin"], form("role", "member")), 201)
	}
	a := w.ask("POST", "/admin/invites", w.cookies["admin"], form("role", "member"))
	w.want("the twenty-first", a, 429, "A little slower, please")
	if a.header.Get("Retry-After") == "" || a.header.Get("Retry-After") == "0" {
		t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
	}
	w.want("another admin", w.ask("POST", "/admin/invites", w.cookies["owner"], form("role", "member")), 201)
}

// mailed are the links on their way by mail.
func (w *world) mailed() []store.LinkMail {
	w.Helper()
	out, err := w.store.ClaimOutgoing(w.Context(), w.org, "test", false, time.Now(), time.Minute, 100)
	w.must(err)
	var links []store.LinkMail
	for _, o := range out {
		if o.Subject == store.SubjectLink {
			l, err := o.LinkMail()
			w.must(err)
			links = append(links, l)
		}
	}
	return links
}

// TestReset: the answer is the same whether an address is known, the link works
// once, and what the old password opened is closed.
func TestReset(t *testing.T) {
	w := newHouse(t, "").newWorld()
	written := "" // by the last wish: one of a stranger waits for the disk, too
	wish := func(email string) answered {
		a := w.ask("POST", "/reset", "", form("email", email))
		now, err := w.store.Setting(t.Context(), w.org, "reset_asked")
		if err != nil || now == written && a.status == 200 {
			t.Errorf("a wish of %s writes nothing: %v", email, err)
		}
		written = now
		return a
	}
	known, unknown := wish("Member@example.org"), wish("nobody@example.org")
	w.want("a known address", known, 200, "on its way")
	if a, b := formKeys.ReplaceAllString(known.text, ""), formKeys.ReplaceAllString(unknown.text, ""); a != b {
		t.Errorf("the answers differ:\n%s\n%s", a, b)
	}
	wish("removed@example.org")
	links := w.mailed()
	if len(links) != 1 || links[0].Address != "member@example.org" || links[0].Kind != store.LinkReset {
		t.Fatalf("mailed: %+v", links)
	}
	for range 2 {
		wish("member@example.org")
	}
	slow := wish("member@example.org")
	w.want("a fourth time in an hour", slow, 429)
	if slow.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}

	path := links[0].Path
	w.want("the link", w.ask("GET", path, "", nil), 200, "Name member")
	w.want("a weak password", w.ask("POST", path, "", form("password", "password")), 422)
	set := w.ask("POST", path, "", form("password", secretWords))
	w.want("setting it", set, 303, "/brief")
	w.want("the new session", w.ask("GET", "/brief", set.cookie, nil), 200)
	w.want("the old session", w.ask("GET", "/brief", w.cookies["member"], nil), 303, "/sign-in")
	if _, err := w.auth.Bearer(t.Context(), w.org, w.bearer, "192.0.2.7"); err == nil {
		t.Error("a token lives on after a new password")
	}
	w.want("the link again", w.ask("GET", path, "", nil), 410)
	for _, l := range w.mailed() { // the two others ended with it
		w.want("another link", w.ask("GET", l.Path, "", nil), 410)
	}
	w.want("signing in", w.ask("POST", "/sign-in", "", form("email", "member@example.org", "password", secretWords)), 303, "/brief")

	// By an admin, without mail; for an owner by an owner alone.
	reset := func(who, by string) answered {
		return w.ask("POST", "/admin/people/"+w.people[who]+"/reset", w.cookies[by], nil)
	}
	w.want("an admin for an owner", reset("owner", "admin"), 403)
	w.want("for somebody who left", reset("removed", "admin"), 422)
	path = w.link(reset("mate", "admin"))
	w.want("kept out meanwhile", w.ask("POST", "/admin/people/"+w.people["mate"]+"/state", w.cookies["admin"], form("state", "deactivated")), 303)
	w.want("the link of somebody kept out", w.ask("GET", path, "", nil), 410)
	w.want("using it", w.ask("POST", path, "", form("password", secretWords)), 410)
}

// TestLinksCarryThePublicAddress is row 31 of security 2: nothing of a request
// gets into a link.
func TestLinksCarryThePublicAddress(t *testing.T) {
	w := newHouse(t, "").newWorld()
	r := w.do("evil.localhost", http.MethodPost, "/admin/invites", w.cookies["admin"], "", form("role", "member"))
	r.Body.Close()
	if r.StatusCode != http.StatusSeeOther && r.StatusCode != http.StatusCreated {
		t.Fatalf("under another loopback name: %d", r.StatusCode)
	}
	r = w.do("evil.example", http.MethodPost, "/reset", "", "", form("email", "member@example.org"))
	r.Body.Close()
	if r.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("an unknown host gets %d, want 421", r.StatusCode)
	}
	a := w.ask("POST", "/admin/invites", w.cookies["admin"], form("role", "member"))
	if !strings.Contains(a.text, `value="http://`+w.host+`/join/`) {
		t.Error("the link is not of the public address")
	}
	for _, l := range w.mailed() {
		if !strings.HasPrefix(l.Path, "/") {
			t.Errorf("a mailed link leads to %s", l.Path)
		}
	}
}

// TestManyCrises: from the seventh in an hour a lead and the admins are told,
// on the page and by mail; a lead can end the right, an admin gives it back.
func TestManyCrises(t *testing.T) {
	w := newHouse(t, "").newWorld()
	w.write(w.org, func(tx *store.Tx) error { return tx.Unwatch(t.Context(), w.people["mate"]) })
	raise := func(n int) error {
		_, err := w.door.Raise(t.Context(), w.actor("mate"), door.CrisisDraft{
			What: fmt.Sprintf("Again, %d.", n), Stake: "All.", Needed: []string{w.people["owner"]}, Sure: true,
		})
		return err
	}
	told := func(who string) bool {
		return strings.Contains(w.ask("GET", "/crisis", w.cookies[who], nil).text, "raised 7 crises within an hour")
	}
	for n := 2; n < crisis.Watched; n++ { // the world has the first
		w.must(raise(n))
	}
	if told("member") || told("admin") {
		t.Error("told before the seventh")
	}
	w.must(raise(crisis.Watched))
	for who, want := range map[string]bool{"member": true, "admin": true, "owner": true, "other": false, "guest": false, "mate": false} {
		if told(who) != want {
			t.Errorf("%s is told on the page: %v, want %v", who, !want, want)
		}
	}
	out, err := w.store.ClaimOutgoing(t.Context(), w.org, "test", true, time.Now(), time.Minute, 100)
	w.must(err)
	mailed := map[string]bool{}
	for _, o := range out {
		if o.Round == 0 {
			mailed[o.Person] = true
		}
	}
	if len(mailed) != 3 || !mailed[w.people["member"]] || !mailed[w.people["admin"]] || !mailed[w.people["owner"]] {
		t.Errorf("%d are told by mail, want the lead, the admin and the owner", len(mailed))
	}
	act := func(who, may string) answered {
		return w.ask("POST", "/crisis/raisers/"+w.people["mate"], w.cookies[who], form("may", may, "back", "/crisis"))
	}
	w.must(raise(8)) // never refused for its number
	w.want("a stranger ends it", act("other", "no"), 403)
	w.want("the lead ends it", act("member", "no"), 303, "/crisis")
	if err := raise(9); err == nil {
		t.Error("a crisis was raised by somebody whose right has ended")
	}
	w.want("the lead gives it back", act("member", "yes"), 403)
	w.want("the admin sees that it ended", w.ask("GET", "/crisis", w.cookies["admin"], nil), 200, "may not raise a crisis at the moment")
	w.want("the admin gives it back", act("admin", "yes"), 303)
	w.must(raise(10))
}

// TestAuditLogTells: who did what, and none of the secrets that it was done with.
func TestAuditLogTells(t *testing.T) {
	w := newHouse(t, "").newWorld()
	made := w.ask("POST", "/admin/people/"+w.people["mate"]+"/reset", w.cookies["admin"], nil)
	path := w.link(made)
	w.want("a role", w.ask("POST", "/admin/people/"+w.people["other"]+"/role", w.cookies["admin"], form("role", "admin")), 303)
	w.want("a password", w.ask("POST", path, "", form("password", secretWords)), 303)
	for range 3 {
		w.ask("POST", "/sign-in", "", form("email", "mate@example.org", "password", "canary password"))
	}
	w.want("signing in", w.ask("POST", "/sign-in", "", form("email", "mate@example.org", "password", secretWords)), 303)
	for range 2 {
		w.ask("POST", "/sign-in", "", form("email", "canary@example.org", "password", "canary password"))
	}
	w.must(w.auth.Stop(t.Context()))
	w.want("the log", w.ask("GET", "/admin/audit", w.cookies["admin"], nil), 200,
		"It is whole", "Name admin made a link for a new password of Name mate", "Name admin gave Name other the role Admin",
		"Name mate set a new password by a link", "Name mate signed in, after failed tries: 3", "Signing in with unknown addresses failed, tries: 2",
		"a private team", "192.0.2.1")
	export := w.ask("POST", "/admin/audit/export", w.cookies["admin"], nil)
	lines := strings.Split(strings.TrimSpace(export.text), "\n")
	if last := lines[len(lines)-1]; !strings.Contains(last, `"act":"exported"`) || !strings.Contains(last, `"actor":"`+w.people["admin"]+`"`) {
		t.Errorf("the last line is %s", last)
	}
	for _, secret := range []string{"canary", secretWords, strings.TrimPrefix(path, "/reset/"), w.bearer, w.at["invite"], "Team core", "For @member"} {
		if strings.Contains(export.text, secret) {
			t.Errorf("the audit log holds %q", secret)
		}
	}
}

// TestWaysInAndStates is rows 24, 25 and 27 of security 2: every way in that
// exists, for people in every state.
func TestWaysInAndStates(t *testing.T) {
	for _, state := range []access.State{access.Active, access.Deactivated, access.Removed} {
		t.Run(string(state), func(t *testing.T) {
			w := newHouse(t, "").newWorld()
			ctx := t.Context()
			hash, err := w.auth.HashPassword(ctx, secretWords)
			w.must(err)
			feed, feedHash := auth.NewSecret()
			w.write(w.org, func(tx *store.Tx) error {
				if err := tx.SetPassword(ctx, w.people["member"], hash, time.Now()); err != nil {
					return err
				}
				return tx.AddFeed(ctx, w.people["member"], store.FeedCalendar, feedHash, time.Now())
			})
			session, err := w.auth.Begin(ctx, w.org, w.people["member"], "test")
			w.must(err)
			w.must(w.door.SetRole(ctx, w.actor("owner"), w.people["other"], access.Admin))
			byThem, inviteHash := auth.NewSecret()
			w.must(w.door.Invite(ctx, w.actor("other"), door.InviteDraft{Hash: inviteHash, Role: access.Member, Ends: time.Now().Add(time.Hour)}))
			if state != access.Active {
				for _, who := range []string{"member", "other"} {
					w.must(w.door.SetState(ctx, w.actor("owner"), w.people[who], state))
				}
			}
			here := state == access.Active
			ways := map[string]func() bool{
				"the password": func() bool {
					_, err := w.auth.SignIn(ctx, w.org, "member@example.org", secretWords, "test", "192.0.2.9:1")
					return err == nil
				},
				"a session": func() bool { return w.ask("GET", "/brief", session, nil).status == 200 },
				"a token":   func() bool { _, err := w.auth.Bearer(ctx, w.org, w.bearer, "192.0.2.7"); return err == nil },
				"a feed": func() bool {
					_, err := w.store.Feed(ctx, w.org, store.FeedCalendar, auth.HashSecret(feed))
					return err == nil
				},
				"a reset link":                  func() bool { return w.ask("GET", "/reset/"+w.at["reset"], "", nil).status == 200 },
				"an invite that they made":      func() bool { return w.ask("GET", "/join/"+byThem, "", nil).status == 200 },
				"a new session from the inside": func() bool { _, err := w.auth.Begin(ctx, w.org, w.people["member"], "test"); return err == nil },
			}
			for name, try := range ways {
				if got := try(); got != here {
					t.Errorf("%s lets them in: %v, want %v", name, got, here)
				}
			}
		})
	}
}

// TestSessionsEnd: at a new sign-in, a change of password and a change of role.
func TestSessionsEnd(t *testing.T) {
	w := newHouse(t, "").newWorld()
	ctx := t.Context()
	hash, err := w.auth.HashPassword(ctx, secretWords)
	w.must(err)
	w.write(w.org, func(tx *store.Tx) error { return tx.SetPassword(ctx, w.people["member"], hash, time.Now()) })
	in := func(cookie string) bool { return w.ask("GET", "/brief", cookie, nil).status == 200 }
	old := w.cookies["member"]
	fresh := w.ask("POST", "/sign-in", old, form("email", "member@example.org", "password", secretWords)).cookie
	if in(old) || !in(fresh) || fresh == old {
		t.Error("the session that a browser had lives on after it signed in")
	}
	other, err := w.auth.Begin(ctx, w.org, w.people["member"], "elsewhere")
	w.must(err)
	w.want("another password", w.ask("POST", "/settings/password", fresh, form("old", secretWords, "password", secretWords+" more")), 303)
	if in(other) || !in(fresh) {
		t.Error("another session lives on after a change of password, or the own one does not")
	}
	w.want("signing out", w.ask("POST", "/sign-out", fresh, nil), 303)
	if in(fresh) {
		t.Error("a session lives on after signing out")
	}
	again, err := w.auth.Begin(ctx, w.org, w.people["member"], "again")
	w.must(err)
	w.must(w.door.SetRole(ctx, w.actor("owner"), w.people["member"], access.Admin))
	if in(again) {
		t.Error("a session lives on after a change of role")
	}
}

// TestSignInSlowsDown: ten tries, then one a minute, whatever the address.
func TestSignInSlowsDown(t *testing.T) {
	w := newHouse(t, "").newWorld()
	try := func(email string) answered {
		return w.ask("POST", "/sign-in", "", form("email", email, "password", "wrong"))
	}
	for _, email := range []string{"member@example.org", "nobody@example.org"} {
		for range 10 {
			w.want("a try", try(email), 422)
		}
		slow := try(email)
		w.want("the eleventh", slow, 429, "A little slower")
		if after := slow.header.Get("Retry-After"); after != "60" && after != "59" {
			t.Errorf("%s may try again after %q seconds", email, after)
		}
	}
}

// TestLimitsByAddress: guesses are counted by where they come from: by what a
// listed proxy saw, by the network of an IPv6 address, and by nothing that a
// client only says (security 1.9).
func TestLimitsByAddress(t *testing.T) {
	w := newHouse(t, "", func(c *Config) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }).newWorld()
	wishes := 0
	ask := func(remote, forwarded string) int {
		t.Helper()
		wishes++
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+w.host+"/reset", strings.NewReader(form("email", fmt.Sprintf("nobody%d@example.org", wishes)).Encode()))
		r.RemoteAddr = remote
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		rec := httptest.NewRecorder()
		w.server.ServeHTTP(rec, r)
		return rec.Code
	}
	for _, tt := range []struct {
		name  string
		from  func(n int) (remote, forwarded string)
		other string // a neighbour behind the proxy who is not held back
	}{
		{"one behind the proxy who says another address each time", func(n int) (string, string) {
			return "127.0.0.1:1", fmt.Sprintf("192.0.2.%d, 203.0.113.7", n)
		}, "203.0.113.8"},
		{"one with an IPv6 network", func(n int) (string, string) { return "127.0.0.1:1", fmt.Sprintf("2001:db8:7:7::%x", n+1) }, "2001:db8:7:8::1"},
		{"a stranger who plays the proxy", func(n int) (string, string) {
			return fmt.Sprintf("198.51.100.7:%d", 1000+n), fmt.Sprintf("192.0.2.%d", n)
		}, "198.51.100.8"},
		{"one without a proxy, by IPv6", func(n int) (string, string) { return fmt.Sprintf("[2001:db8:9:9::%x]:443", n+1), "" }, "2001:db8:9:a::1"},
	} {
		let := 0
		for n := range 20 {
			switch status := ask(tt.from(n)); status {
			case http.StatusOK:
				let++
			case http.StatusTooManyRequests:
			default:
				t.Fatalf("%s: %d", tt.name, status)
			}
		}
		if let != 15 {
			t.Errorf("%s is let through %d times, want 15", tt.name, let)
		}
		if status := ask("127.0.0.1:1", tt.other); status != http.StatusOK {
			t.Errorf("%s holds %s back: %d", tt.name, tt.other, status)
		}
	}
}
