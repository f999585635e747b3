package delivery_test

import (
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/browsertest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/words"
)

var rewrite = flag.Bool("update", false, "rewrite the golden files")

const public = "https://rubato.example.org"

// lettered runs a story over SQLite with the real letters in the words of say,
// and returns what each person was sent.
func lettered(t *testing.T, say func(*words.Catalogue) func(string) *words.Words, tell func(d *deliverytest.Team)) []deliverytest.Sent {
	t.Helper()
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	var mail, calls relay
	address := deliverytest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		deliverytest.Start(t, tuesday)
		tell(deliverytest.New(t, address, func(c *delivery.Config) {
			c.Channels = map[string]delivery.Channel{store.ChannelEmail: &mail, store.ChannelWebhook: &calls}
			c.Render = delivery.Letters{Store: c.Store, Now: c.Now, Words: say(catalogue), Public: func(store.Organisation) string { return public }}.Render
		}))
	})
	if n := catalogue.Missed(); n != 0 {
		t.Errorf("%d sentences lacked a message or a value", n)
	}
	return append(mail.tries, calls.tries...)
}

func english(c *words.Catalogue) func(string) *words.Words { return c.For }

func pseudo(c *words.Catalogue) func(string) *words.Words {
	return func(string) *words.Words { return c.Pseudo() }
}

// everything is a story that makes every kind of mail. text is put around what
// people write.
func everything(text func(string) string) func(d *deliverytest.Team) {
	return func(d *deliverytest.Team) {
		cast(d)
		ctx := d.T.Context()
		must := func(rec door.Receipt, err error) door.Receipt {
			d.T.Helper()
			if err != nil {
				d.T.Fatal(err)
			}
			return rec
		}
		jonas, mia := func() string { return d.ID("jonas") }, func() string { return d.ID("mia") }
		team(d)
		if err := d.Door.SetWebhook(ctx, d.Actor("mia"), "https://hooks.example.org/mia", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8G", true, true); err != nil {
			d.T.Fatal(err)
		}
		hers := must(d.Door.Ask(ctx, d.Actor("mia"), door.AskDraft{Writing: door.Writing{Point: text("May I say *38 boards* on the first day?"), To: []string{jonas()}, Wide: true}}))
		asks := func(point, term string) door.Receipt {
			return must(d.Door.Ask(ctx, d.Actor("mia"), door.AskDraft{Writing: door.Writing{Point: text(point), To: []string{jonas()}}, Term: term}))
		}
		asks("Who speaks with the operator in Porto?", "2026-11-24")         // past at her brief
		asks("Is the log the plan?", "2026-11-25T00:30:00+01:00")            // due before her next one
		asks("May the old boards go?", "2026-11-25T01:30:00+01:00")          // with a brief between
		night := asks("Do you take the night of the release?", "2026-11-24") // is declined
		doc := must(d.Door.Write(ctx, d.Actor("mia"), item.Update, door.Writing{Point: text("Compaction is off until the log is decided."), Team: teamID(d)}))

		// While she is asleep in San Francisco. He has it in his window at 11:00.
		d.At("Tue 24 Nov 2026 11:29 Europe/Berlin")
		must(d.Door.Decline(ctx, d.Actor("jonas"), door.AskReply{Ask: night.ID, Reason: text("I am in Porto that night.")}))
		d.At("Tue 24 Nov 2026 11:30 Europe/Berlin")
		must(d.Door.Answer(ctx, d.Actor("jonas"), door.AskReply{Ask: hers.ID, Text: text("Yes, **38**, see D-4 and <https://example.org/a?b=1&c=2>:\n\n- the first day\n- not later")}))
		d.At("Tue 24 Nov 2026 11:31 Europe/Berlin")
		must(d.Door.Comment(ctx, d.Actor("jonas"), door.CommentDraft{Item: doc.ID, Text: text("Until Friday, then.")}))
		d.At("Tue 24 Nov 2026 11:32 Europe/Berlin")
		c := must(d.Door.Raise(ctx, d.Actor("jonas"), door.CrisisDraft{What: text("São Paulo’s operator cannot read arrival times."), Stake: text("Every rider there, since 21:21."), Needed: []string{jonas()}, Sure: true}))
		d.At("Tue 24 Nov 2026 11:40 Europe/Berlin")
		must(d.Door.EndCrisis(ctx, d.Actor("jonas"), door.CrisisReply{Crisis: c.ID, Text: text("It reads again.")}))
		must(d.Door.Ask(ctx, d.Actor("jonas"), door.AskDraft{
			Writing: door.Writing{Point: text("Which of the two İzmir branches may I delete?"), To: []string{mia()}}, Urgent: true, UrgentWhy: text("the review is at 18:00"),
		}))
		d.At("Tue 24 Nov 2026 11:41 Europe/Berlin")
		must(d.Door.Ask(ctx, d.Actor("jonas"), door.AskDraft{Writing: door.Writing{Point: text("Can each arrival time carry a confidence?"), To: []string{mia()}}, Term: "2026-12-01"}))
		d.At("Tue 24 Nov 2026 11:42 Europe/Berlin")
		must(d.Door.Write(ctx, d.Actor("jonas"), item.Update, door.Writing{Point: text("Handover, Berlin to San Francisco."), Body: strings.Repeat(text("Arrivals are back. "), 200), To: []string{mia()}}))
		d.At("Tue 24 Nov 2026 11:43 Europe/Berlin")
		must(d.Door.Write(ctx, d.Actor("jonas"), item.Update, door.Writing{Point: text("Please read this, @mia."), Team: teamID(d)}))
		d.At("Tue 24 Nov 2026 11:44 Europe/Berlin")
		must(d.Door.Write(ctx, d.Actor("jonas"), item.Update, door.Writing{Point: text("The desk at Konak opens at 07:30."), Team: teamID(d)}))
		d.At("Tue 24 Nov 2026 11:45 Europe/Berlin")
		must(d.Door.Write(ctx, d.Actor("jonas"), item.Update, door.Writing{Point: text("We moved to the new office."), Wide: true}))

		// Links that were asked for; they live on real time, which is the bubble's.
		err := d.Store.Write(ctx, d.Org, func(tx *store.Tx) error {
			now := time.Now()
			invite := store.LinkMail{Link: "l1", Kind: store.LinkInvite, Address: "ada@example.org", Path: "/join/secret", By: text("Jonas"), Ends: now.Add(14 * 24 * time.Hour)}
			if err := tx.MailLink(ctx, invite, now); err != nil {
				return err
			}
			reset := store.LinkMail{Link: "l2", Kind: store.LinkReset, Person: mia(), Address: "mia@example.org", Name: "Mia", Lang: "en", Path: "/reset/secret", Ends: now.Add(30 * time.Minute)}
			address := store.LinkMail{Link: "l3", Kind: store.LinkAddress, Person: mia(), Address: "new@example.org", Name: "Mia", Lang: "en", Path: "/address/secret", Ends: now.Add(30 * time.Minute)}
			moved := store.LinkMail{Link: "l4", Kind: store.MailMoved, Person: mia(), Address: "old@example.org", Name: "Mia", Lang: "en", Path: "/settings", Ends: now.Add(7 * 24 * time.Hour)}
			return errors.Join(tx.MailLink(ctx, reset, now), tx.MailLink(ctx, address, now), tx.MailLink(ctx, moved, now))
		})
		if err != nil {
			d.T.Fatal(err)
		}
		d.Engine.Wake()

		// Her brief at 11:00, then a crisis that needs her, called twice.
		d.At("Tue 24 Nov 2026 11:00 America/Los_Angeles")
		c = must(d.Door.Raise(ctx, d.Actor("jonas"), door.CrisisDraft{What: text("Arrivals stand still in all of Izmir."), Stake: text("Every rider waits in the rain.\nThe contract, if it lasts an hour."), Needed: []string{mia()}, Sure: true}))
		d.At("Tue 24 Nov 2026 11:02 America/Los_Angeles")
		must(d.Door.HaveIt(ctx, d.Actor("mia"), door.CrisisReply{Crisis: c.ID, Has: true}))
		for range 5 { // with the two above seven within the hour: the admins are told
			must(d.Door.Raise(ctx, d.Actor("mia"), door.CrisisDraft{What: text("Again."), Stake: text("All."), Needed: []string{mia()}, Sure: true}))
		}
		must(d.Door.Raise(ctx, d.Actor("mia"), door.CrisisDraft{What: text("Again."), Stake: text("All."), Needed: []string{mia()}, Sure: true}))
		must(d.Door.Raise(ctx, d.Actor("mia"), door.CrisisDraft{What: text("A seventh time."), Stake: text("All."), Needed: []string{mia()}, Sure: true}))
		synctest.Wait()
	}
}

// kinds finds one mail of each kind among what was sent.
func kinds(t *testing.T, sent []deliverytest.Sent) map[string]deliverytest.Sent {
	t.Helper()
	out := make(map[string]deliverytest.Sent)
	for _, s := range sent {
		who, _, _ := strings.Cut(s.To.Address, "@")
		kind := ""
		switch {
		case s.JSON != nil && strings.Contains(string(s.JSON), "brief.sealed"):
			kind = "brief webhook"
		case s.JSON != nil:
			kind = "call webhook"
		case strings.Contains(s.Text, "/join/"):
			kind = "invite"
		case strings.Contains(s.Text, "/reset/"):
			kind = "reset"
		case strings.Contains(s.Text, "/address/"):
			kind = "address"
		case who == "old":
			kind = "moved"
		case s.Unsubscribe != "" && who == "mia" && s.At.UTC().Hour() == 19:
			kind = "brief"
		case s.Urgent && who == "mia" && len(s.Thread) == 1:
			kind = "call again"
		case s.Urgent && who == "mia":
			kind = "call"
		case s.Urgent && who == "jonas" && s.At.UTC().Hour() == 19:
			kind = "watch"
		}
		if _, ok := out[kind]; !ok && kind != "" {
			out[kind] = s
		}
	}
	for _, kind := range []string{"brief", "call", "call again", "watch", "invite", "reset", "address", "moved", "brief webhook", "call webhook"} {
		if _, ok := out[kind]; !ok {
			t.Errorf("no mail of the kind %s", kind)
		}
	}
	return out
}

// ids and secrets are drawn at random.
var drawn = regexp.MustCompile(`\b[0-9a-hjkmnp-tv-z]{26}\b|/u/[a-z2-7]{52}`)

func masked(s string) string {
	s = drawn.ReplaceAllStringFunc(s, func(id string) string {
		if strings.HasPrefix(id, "/u/") {
			return "/u/SECRET"
		}
		return "ID"
	})
	return strings.ReplaceAll(s, "\u00a0", "~")
}

// TestGolden holds what people read, in English and in the pseudo-language.
func TestGolden(t *testing.T) {
	for lang, say := range map[string]func(*words.Catalogue) func(string) *words.Words{"en": english, "en-XA": pseudo} {
		t.Run(lang, func(t *testing.T) {
			plain := func(s string) string { return s }
			for kind, m := range kinds(t, lettered(t, say, everything(plain))) {
				name := filepath.Join("testdata", lang, strings.ReplaceAll(kind, " ", "-"))
				if m.JSON != nil {
					golden(t, name+".json", string(m.JSON))
					continue
				}
				golden(t, name+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
				golden(t, name+".html", strings.ReplaceAll(m.HTML, "><", ">\n<"))
				if lang != "en" {
					unmarked(t, kind, m.Text)
				}
			}
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	got = masked(got)
	if *rewrite {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v; go test ./delivery -run Golden -update writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// unmarked finds sentences of ours that did not come from the catalogue: in the
// pseudo-language, plain words stand only in what people wrote.
func unmarked(t *testing.T, kind, text string) {
	t.Helper()
	for _, ours := range []string{"Brief", "brief", "due", "Due", "Asks", "why", "Open", "crisis", "Crisis", "needs", "Raised", "since", "password", "Join"} {
		for line := range strings.Lines(text) {
			bare := strings.ReplaceAll(line, public, "")
			if found := strings.Contains(bare, ours); found && !strings.HasPrefix(strings.TrimSpace(bare), "/") && !strings.Contains(bare, "/"+ours) {
				t.Errorf("%s: %q is not from the catalogue", kind, line)
			}
		}
	}
}

// TestLinksLeadToThePublicAddress holds security 1.15: no picture, nothing
// fetched, and every link of ours to our own address.
func TestLinksLeadToThePublicAddress(t *testing.T) {
	href := regexp.MustCompile(`href="([^"]*)"`)
	for _, m := range lettered(t, english, everything(func(s string) string { return s })) {
		for _, part := range []string{"<img", "<link", "<script", "<iframe", "<form", "src=", "url(", "@import", "background=", "http-equiv"} {
			if strings.Contains(strings.ToLower(m.HTML), part) {
				t.Errorf("%s holds %s", m.Subject, part)
			}
		}
		for _, l := range href.FindAllStringSubmatch(m.HTML, -1) {
			if !strings.HasPrefix(l[1], public+"/") && l[1] != "https://example.org/a?b=1&amp;c=2" { // what Jonas wrote
				t.Errorf("%s links to %s", m.Subject, l[1])
			}
		}
	}
}

// TestHostileTextsInMail is row 13 of security 2: every kind of mail, with
// payloads in every field, opened in a browser: nothing runs, nothing is asked
// for.
func TestHostileTextsInMail(t *testing.T) {
	payloads := []string{
		`<script>document.title="hit"</script>`, `"><img src=https://evil.example/x onerror='document.title="hit"'>`, `'"--></style></title><svg onload=document.title="hit">`,
		`[x](javascript:document.title="hit") ![p](https://evil.example/p.gif)`, `<style>*{background:url(https://evil.example/s)}</style><base href=https://evil.example/>`,
		`<meta http-equiv=refresh content="0;url=https://evil.example/">`, "\u202e\x00\r\n<iframe src=https://evil.example/>", `&lt;img src=x onerror=document.title="hit"&gt;`,
	}
	v := browsertest.New(t)
	pages := make(map[string]string)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'")
		if r.URL.Path != "/favicon.ico" {
			_, _ = w.Write([]byte(pages[r.URL.Path]))
		}
	}))
	defer s.Close()
	all := strings.Join(payloads, " ")
	for kind, m := range kinds(t, lettered(t, english, everything(func(s string) string { return s + " " + all }))) {
		if m.JSON != nil {
			continue
		}
		if strings.ContainsAny(m.Subject, "\x00\u202e") && kind != "invite" {
			t.Errorf("%s: subject %q", kind, m.Subject)
		}
		path := "/" + strings.ReplaceAll(kind, " ", "-")
		pages[path] = m.HTML
		v.Open(s.URL + path)
		if got := browsertest.Eval[string](v, `document.title`); got == "hit" {
			t.Errorf("%s: a script ran", kind)
		}
		if n := v.Count("script, img, iframe, object, embed, form, base, meta[http-equiv], svg, link"); n != 0 {
			t.Errorf("%s holds %d elements that act", kind, n)
		}
		if got := v.Violations(); len(got) != 0 {
			t.Errorf("%s asked for what a mail must not: %+v", kind, got)
		}
		if got := v.Errors(); len(got) != 0 {
			t.Errorf("%s: %v", kind, got)
		}
		v.Forget()
	}
}
