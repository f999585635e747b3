package web

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
)

// TestAddress: somebody changes their mail address. Nothing is told of who has
// which, nothing changes before the link is used, and what it does not concern
// stays.
func TestAddress(t *testing.T) {
	for name, database := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": pgtest.URL} {
		t.Run(name, func(t *testing.T) { moves(t, newHouse(t, database(t)).newWorld()) })
	}
}

func moves(t *testing.T, w *world) {
	ctx := t.Context()
	me := w.ask("POST", "/reset/"+w.at["reset"], "", form("password", secretWords)).cookie
	w.must(w.door.SetWebhook(ctx, w.actor("member"), "https://hooks.example.org/x", "whsec_x", true, true))
	w.must(w.door.SetBriefMail(ctx, w.actor("member"), false))
	wish := func(email, password string) answered {
		return w.ask("POST", "/settings/address", me, form("email", email, "password", password))
	}
	w.want("the form", w.ask("GET", "/settings", me, nil), 200, "Change the address", "member@example.org")
	w.want("no address", wish("new", secretWords), 422, "This is not an e-mail address", `id="new-email"`)
	w.want("a wrong password", wish("new@example.org", "not it"), 422, "This is not your password", `value="new@example.org"`)
	w.want("the same", wish("Member@example.org", secretWords), 422, "This is the address you have")
	if links := w.mailed(); len(links) != 0 {
		t.Fatalf("mailed after refusals: %+v", links)
	}

	// Taken or free is answered alike.
	taken, free := wish("mate@example.org", secretWords), wish("New@example.org", secretWords)
	w.want("a taken one", taken, 200, "A link is on its way")
	said := func(a answered) string {
		_, main, _ := strings.Cut(a.text, "<main") // what stands above shows what time it is
		return formKeys.ReplaceAllString(main, "")
	}
	if a, b := said(taken), said(free); a != b || a == "" {
		t.Errorf("the answers differ: %s", cmp.Diff(a, b))
	}
	links := w.mailed()
	if len(links) != 2 || links[0].Address != "mate@example.org" || links[1].Address != "new@example.org" || links[1].Kind != store.LinkAddress {
		t.Fatalf("mailed: %+v", links)
	}
	w.want("the older link", w.ask("GET", links[0].Path, "", nil), 410, "a newer one was made")
	slow := wish("other@example.org", secretWords)
	w.want("a fourth time in an hour", slow, 429)

	// Opening the link changes nothing; the old address is valid until it is used.
	for range 2 {
		w.want("the link", w.ask("GET", links[1].Path, "", nil), 200, "Let mail come to new@example.org?", "Name member")
	}
	if to := w.receives("member"); to != "member@example.org" {
		t.Errorf("before it is used, mail goes to %s", to)
	}
	w.want("signing in as before", w.ask("POST", "/sign-in", "", form("email", "member@example.org", "password", secretWords)), 303)
	_, reset := newReset()
	w.must(w.door.AskReset(ctx, w.org, "member@example.org", reset))
	w.want("using it", w.ask("POST", links[1].Path, "", nil), 200, "Mail comes to new@example.org now")
	w.want("using it again", w.ask("POST", links[1].Path, "", nil), 410)

	if to := w.receives("member"); to != "new@example.org" {
		t.Errorf("after it, mail goes to %s", to)
	}
	w.want("the session", w.ask("GET", "/settings", me, nil), 200, "new@example.org", "https://hooks.example.org/x", "Brief mail to new@example.org is off")
	w.want("a link for a new password", w.ask("GET", reset.Path, "", nil), 410)
	w.want("signing in with the old one", w.ask("POST", "/sign-in", "", form("email", "member@example.org", "password", secretWords)), 422)
	w.want("signing in with the new one", w.ask("POST", "/sign-in", "", form("email", "new@example.org", "password", secretWords)), 303)
	var told []string
	for _, l := range w.mailed() {
		if l.Kind == store.MailMoved {
			told = append(told, l.Address)
		}
	}
	if len(told) != 1 || told[0] != "member@example.org" {
		t.Errorf("told of the change: %v", told)
	}
	w.want("the audit log", w.ask("GET", "/admin/audit", w.cookies["admin"], nil), 200, "asked for a link for another mail address", "changed their mail address by a link")

	// Somebody else took the address meanwhile: the link is refused, and stays.
	secret, hash := auth.NewSecret()
	w.write(w.org, func(tx *store.Tx) error {
		return tx.AddLink(ctx, store.Link{Hash: hash, Kind: store.LinkAddress, ID: "late", Person: w.people["member"], Address: "mate@example.org", Created: time.Now(), Ends: auth.Until(auth.ResetLife)})
	})
	w.want("the link to a taken one", w.ask("GET", "/address/"+secret, "", nil), 200)
	w.want("using it", w.ask("POST", "/address/"+secret, "", nil), 410, "somebody else has it")
	if to := w.receives("member"); to != "new@example.org" {
		t.Errorf("a refused link moved mail to %s", to)
	}
	// The old address is free; too old a link, and one of somebody kept out, open nothing.
	w.write(w.org, func(tx *store.Tx) error {
		if _, err := tx.PersonByAddress(ctx, "member@example.org"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the old address is still somebody's: %v", err)
		}
		_, err := tx.MoveAddress(ctx, w.people["mate"], "member@example.org", time.Now())
		return err
	})
	old, hash := auth.NewSecret()
	w.write(w.org, func(tx *store.Tx) error {
		return tx.AddLink(ctx, store.Link{Hash: hash, Kind: store.LinkAddress, ID: "old", Person: w.people["member"], Address: "next@example.org", Created: time.Now().Add(-time.Hour), Ends: time.Now().Add(-time.Minute)})
	})
	w.want("a link too old", w.ask("POST", "/address/"+old, "", nil), 410, "older than 30 minutes")
	w.want("kept out", w.ask("POST", "/admin/people/"+w.people["mate"]+"/state", w.cookies["admin"], form("state", "deactivated")), 303)
	w.want("the link of somebody kept out", w.ask("POST", "/address/"+w.at["address"], "", nil), 404)
}

// receives is where mail to somebody goes.
func (w *world) receives(who string) string {
	w.Helper()
	to, err := w.store.Receiver(w.Context(), w.org, w.people[who])
	w.must(err)
	return to.Contacts[store.ChannelEmail].Address
}
