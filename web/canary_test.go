package web

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/store/storetest"
)

// canaries are words that only some may ever read, with who they are. Whoever
// is not named reads them nowhere, whatever they ask for.
type canaries map[string][]string

// plant writes something of everything that is not for all. "left" was in the
// private team, was told of it in a brief, and left.
func (w *world) plant() canaries {
	w.Helper()
	ctx := w.Context()
	var err error
	w.people["left"], err = w.door.Enrol(ctx, w.org, door.Newcomer{Name: "Name left", Handle: "left", Address: "left@example.org", Zone: "Europe/Berlin", Lang: "en"}, access.Member)
	w.must(err)
	mate := w.actor("mate")
	all := canaries{}
	may := func(name string, who ...string) string {
		word := "canary-" + name + "-zq7"
		all[word] = who
		return word
	}
	sent := func(name string, rec door.Receipt, err error) {
		w.Helper()
		w.must(err)
		w.at["canary "+name], w.at["canary "+name+".ref"] = rec.ID, rec.Ref
	}

	team, err := w.door.AddTeam(ctx, mate, door.TeamDraft{Name: may("team-name", "mate", "member"), Slug: "canary-slug-zq7", Purpose: may("purpose", "mate", "member")})
	w.must(err)
	all["canary-slug-zq7"] = []string{"mate", "member"}
	w.at["canary team"] = team
	for _, who := range []string{"member", "left"} {
		w.must(w.door.JoinTeam(ctx, w.actor("mate"), door.Membership{Team: team, Person: w.people[who], Lead: who == "left"}))
	}
	mate, member := w.actor("mate"), w.actor("member")
	left := w.actor("left")
	inTeam := []string{"mate", "member"}
	with := func(name, text string) (draft string) {
		draft = store.NewID(time.Now())
		_, err := w.door.SaveDraft(ctx, mate, draft, 0, `{"kind":"update","point":"x"}`)
		w.must(err)
		a, err := w.door.Attach(ctx, mate, door.FileDraft{Draft: draft, Name: name + ".txt"}, strings.NewReader(text))
		w.must(err)
		w.at["canary "+name] = a.ID
		return draft
	}

	// In the private team: naming people outside of it opens nothing to them.
	rec, err := w.door.Write(ctx, mate, item.Update, door.Writing{
		Draft: with(may("file", inTeam...), may("file-text", inTeam...)), Team: team, To: []string{left.Person, w.people["member"]},
		Point: may("point", inTeam...) + " @other", Body: may("body", inTeam...) + " @guest",
	})
	sent("update", rec, err)
	rec, err = w.door.Comment(ctx, left, door.CommentDraft{Item: w.at["canary update"], Text: may("comment", inTeam...)})
	sent("comment", rec, err)
	rec, err = w.door.Ask(ctx, mate, door.AskDraft{
		Writing: door.Writing{Team: team, Point: may("ask", inTeam...), Body: may("ask-body", inTeam...), To: []string{member.Person, left.Person}},
		Urgent:  true, UrgentWhy: may("urgent", inTeam...),
	})
	sent("ask", rec, err)
	_, err = w.door.AskTime(ctx, member, door.AskReply{Ask: w.at["canary ask"], Term: "48h", Reason: may("more-time", inTeam...)})
	w.must(err)
	_, err = w.door.AskBack(ctx, left, door.AskReply{Ask: w.at["canary ask"], Text: may("question", inTeam...)})
	w.must(err)
	_, err = w.door.Answer(ctx, member, door.AskReply{Ask: w.at["canary ask"], Text: may("answer", inTeam...)})
	w.must(err)
	rec, err = w.door.Raise(ctx, mate, door.CrisisDraft{Team: team, What: may("crisis", inTeam...), Stake: may("stake", inTeam...), Needed: []string{member.Person, left.Person}, Sure: true})
	sent("crisis", rec, err)
	_, err = w.door.NoteCrisis(ctx, left, door.CrisisReply{Crisis: w.at["canary crisis"], Text: may("note", inTeam...)})
	w.must(err)
	// To named people alone, in no team.
	two := []string{"mate", "other"}
	rec, err = w.door.Write(ctx, mate, item.Update, door.Writing{
		Draft: with(may("letter-file", two...), may("letter-file-text", two...)), Point: may("letter", two...), Body: may("letter-body", two...), To: []string{w.people["other"]},
	})
	sent("letter", rec, err)
	rec, err = w.door.Ask(ctx, mate, door.AskDraft{Writing: door.Writing{Point: may("letter-ask", two...), To: []string{w.people["other"]}}})
	sent("letter ask", rec, err)
	// A crisis in no team is the whole organisation's, and no guest's.
	here := []string{"mate", "other", "member", "admin", "owner", "left"}
	rec, err = w.door.Raise(ctx, mate, door.CrisisDraft{What: may("wide-crisis", here...), Stake: may("wide-stake", here...), Needed: []string{w.people["other"]}, Sure: true})
	sent("wide crisis", rec, err)
	// Taken back: nobody's words any more, and its files with it.
	rec, err = w.door.Write(ctx, mate, item.Update, door.Writing{Draft: with(may("gone-file"), may("gone-file-text")), Point: may("gone"), Body: may("gone-body"), Wide: true})
	sent("gone", rec, err)
	_, err = w.door.TakeBack(ctx, mate, "", w.at["canary gone"])
	w.must(err)
	rec, err = w.door.Comment(ctx, mate, door.CommentDraft{Item: w.at["canary update"], Text: may("gone-comment")})
	sent("gone comment", rec, err)
	_, err = w.door.TakeBack(ctx, mate, "", rec.ID)
	w.must(err)
	// One's own: a draft with its file, a webhook (whose host the audit log names),
	// the name of a token, a browser.
	w.at["canary draft"] = store.NewID(time.Now())
	_, err = w.door.SaveDraft(ctx, mate, w.at["canary draft"], 0, fmt.Sprintf(`{"kind":"ask","point":%q,"context":%q}`, may("draft", "mate"), may("draft-body", "mate")))
	w.must(err)
	a, err := w.door.Attach(ctx, mate, door.FileDraft{Draft: w.at["canary draft"], Name: may("draft-file", "mate") + ".txt"}, strings.NewReader(may("draft-file-text", "mate")))
	w.must(err)
	w.at["canary draft file"] = a.ID
	w.must(w.door.SetWebhook(ctx, mate, "https://"+may("hook", "mate", "admin", "owner")+".example/x", may("secret"), true, true))
	_, err = w.auth.NewToken(ctx, mate, may("token", "mate"), []access.Scope{access.ScopeRead}, "", time.Hour)
	w.must(err)
	_, err = w.auth.Begin(ctx, w.org, w.people["mate"], may("browser", "mate")+"/1")
	w.must(err)

	// The brief that told "left" of it all is sealed, then they leave.
	w.write(w.org, func(tx *store.Tx) error { return w.sealFor(tx, "left") })
	w.must(w.door.LeaveTeam(ctx, w.actor("left"), door.Membership{Team: team}))
	w.signIn("left")
	w.signIn("mate")
	return all
}

// sealFor gives somebody a brief of what waits for them.
func (w *world) sealFor(tx *store.Tx, who string) error {
	ctx, now := w.Context(), time.Now()
	waiting, err := tx.Waiting(ctx, w.people[who])
	if err != nil {
		return err
	}
	b := store.Brief{ID: store.NewID(now), Person: w.people[who], Kind: brief.Window, Window: worktime.Of(now), Delivered: worktime.Of(now), Sealed: now}
	w.at["canary brief"] = b.ID
	var lines []brief.Line
	for _, d := range waiting {
		w.at["canary delivery"] = d.ID
		lines = append(lines, brief.Line{Section: brief.Named, Item: d.Item, Version: d.Version, Delivery: d.ID, Cause: d.Cause})
	}
	if len(lines) < 2 {
		return fmt.Errorf("only %d lines wait for %s", len(lines), who)
	}
	return tx.Seal(ctx, []store.Sealing{{Brief: b, Contents: lines}})
}

// everyPath are the ways to ask for what a pattern is about: with every id,
// number, name and slug of the world in its places.
func (w *world) everyPath(pattern string) []string {
	_, path, _ := strings.Cut(pattern, " ")
	path = strings.TrimSuffix(path, "{$}")
	if !strings.Contains(path, "{") {
		return []string{path, path + "?find=canary&with=mate&state=open", path + "?where=canary-slug-zq7&to=@mate&readers=@left&source=" + w.at["canary ask"] + "&draft=" + w.at["canary draft"]}
	}
	ids := append(slices.Collect(maps.Values(w.at)), slices.Collect(maps.Values(w.people))...)
	ids = append(ids, "canary-slug-zq7", "core-team", "mate", "left")
	slices.Sort(ids)
	var out []string
	for _, id := range slices.Compact(ids) {
		parts := strings.Split(path, "/")
		for i, p := range parts {
			switch {
			case strings.HasPrefix(p, "{version"):
				parts[i] = "1"
			case strings.HasPrefix(p, "{"):
				parts[i] = url.PathEscape(id)
			}
		}
		out = append(out, strings.Join(parts, "/"))
	}
	return out
}

// TestCanaries is rows 16, 18, 19, 20, 22 and 64 of security 2: what is not for
// somebody stands in no page, list, count, suggestion, file or answer to a form
// that they can get, whatever ids they know.
func TestCanaries(t *testing.T) {
	h := newHouse(t, "")
	elsewhere := h.newWorld()
	w := h.newWorld()
	all := w.plant()
	all["whsec_"] = nil
	askers := []string{"nobody", "other-org", "removed", "deactivated", "read-token", "other", "guest", "admin", "owner", "left", "member", "mate"}
	seen := map[string][]string{}
	asked := 0
	ask := func(who, method, path string, form url.Values) {
		t.Helper()
		asked++
		cookie, bearer := w.cookies[who], ""
		switch who {
		case "other-org":
			cookie = elsewhere.cookies["owner"]
		case "read-token":
			cookie, bearer = w.bearer, w.bearer
		}
		r := w.do(w.host, method, path, cookie, bearer, form)
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		w.must(err)
		text := string(body) + fmt.Sprint(r.Header)
		for word, may := range all {
			// What somebody typed themselves comes back to them.
			if !strings.Contains(text, word) || strings.Contains(form.Encode(), word) || strings.Contains(path, word) {
				continue
			}
			seen[word] = append(seen[word], who)
			if !slices.Contains(may, who) {
				t.Errorf("%s %s tells %s %q (%d)", method, path, who, word, r.StatusCode)
			}
		}
	}
	for _, l := range walk() {
		if method, _, _ := strings.Cut(l.pattern, " "); method == http.MethodGet {
			for _, path := range append(w.everyPath(l.pattern), w.fill(l.path)) {
				for _, who := range askers {
					ask(who, method, path, nil)
				}
			}
		}
	}
	for _, l := range walk() { // then the forms, by those who may read none of it
		if !strings.HasPrefix(l.pattern, http.MethodPost) || l.pattern == "POST /sign-out" {
			continue
		}
		form := url.Values{}
		for name, values := range l.form {
			form.Set(name, w.fill(values[0]))
		}
		for name, value := range map[string]string{"to": "@mate, @left", "readers": "@member", "where": "canary-slug-zq7", "source": w.at["canary ask"], "draft": w.at["canary draft"]} {
			if !form.Has(name) && l.class != govern {
				form.Set(name, value) // the ids of others, where a form may have some
			}
		}
		for _, who := range []string{"other-org", "guest", "admin", "left"} {
			ask(who, http.MethodPost, w.fill(l.path), form)
			for name, id := range w.at {
				if strings.HasPrefix(name, "canary ") && strings.Contains(l.path, "{") {
					place := l.path[strings.Index(l.path, "{") : strings.Index(l.path, "}")+1]
					ask(who, http.MethodPost, w.fill(strings.Replace(l.path, place, url.PathEscape(id), 1)), form)
				}
			}
		}
	}
	for word, may := range all { // the test can fail: whoever may read it does
		if len(may) > 0 && len(seen[word]) == 0 && !strings.Contains(word, "more-time") { // which an answer ended
			t.Errorf("nobody reads %q anywhere", word)
		}
	}
	t.Logf("%d canaries, %d requests", len(all), asked)
}

// TestSecretsAreStoredAsHashes is row 34: none of what opens a door stands in
// the database, and passwords neither.
func TestSecretsAreStoredAsHashes(t *testing.T) {
	for name, database := range map[string]string{"sqlite": "", "postgres": pgtest.URL(t)} {
		t.Run(name, func(t *testing.T) {
			w := newHouse(t, database).newWorld()
			hash, err := w.auth.HashPassword(t.Context(), secretWords)
			w.must(err)
			w.write(w.org, func(tx *store.Tx) error { return tx.SetPassword(t.Context(), w.people["member"], hash, time.Now()) })
			session := w.ask("POST", "/sign-in", "", form("email", "member@example.org", "password", secretWords)).cookie
			everything := fmt.Sprint(storetest.Dump(t, w.database))
			for what, secret := range map[string]string{
				"a session": session, "a token": w.bearer, "an invite": w.at["invite"], "a link for a new password": w.at["reset"], "a public page": w.at["public"],
				"a feed": w.at["calendar"], "a way out of the mail": w.at["way-out"], "a password": secretWords, "half a token": w.bearer[4:40],
			} {
				if secret == "" || strings.Contains(everything, secret) {
					t.Errorf("%s stands in the database", what)
				}
				if len(secret) > 40 && !strings.Contains(everything, auth.HashSecret(secret)) && what != "half a token" {
					t.Errorf("the hash of %s does not", what)
				}
			}
		})
	}
}
