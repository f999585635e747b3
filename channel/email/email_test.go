package email_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/channel/email"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/internal/testmail"
	"github.com/rubato-hq/rubato/store"
)

// patience bounds every wait; nothing here takes a tenth of it.
const patience = 30 * time.Second

func sender(t *testing.T, cfg email.Config) *email.Sender {
	t.Helper()
	if cfg.From == "" {
		cfg.From = "Rubato <rubato@example.org>"
	}
	s, err := email.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func to(s *testmail.Server) email.Config { return email.Config{SMTP: "smtp://" + s.Addr()} }

func message(id, address string) delivery.Message {
	return delivery.Message{
		ID: id, Org: store.Organisation{URL: "https://rubato.example.org:8443"}, Name: "Mia Ortiz", Lang: "en",
		To: store.Contact{Address: address}, Subject: "Brief, Tue 16:00: one ask due tomorrow 11:00", Text: "Which branch may I delete?\n",
		HTML: "<p>Which branch may I delete?</p>", Unsubscribe: "https://rubato.example.org:8443/u/secret",
	}
}

func ctx(t *testing.T) context.Context {
	t.Helper()
	c, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return c
}

func one(t *testing.T, s *testmail.Server) testmail.Message {
	t.Helper()
	got, err := s.Wait(ctx(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Malformed != nil {
		t.Fatal(got[0].Malformed)
	}
	return got[0]
}

// headers lists every header of a mail but those that change with each.
func headers(m testmail.Message) map[string]string {
	out := make(map[string]string)
	for f := m.Header.Fields(); f.Next(); {
		text, err := f.Text()
		if err != nil {
			text = f.Value()
		}
		if _, twice := out[f.Key()]; twice {
			text += " TWICE"
		}
		out[f.Key()] = text
	}
	out["Content-Type"], _, _ = strings.Cut(out["Content-Type"], ";")
	delete(out, "Date")
	return out
}

func TestBriefMail(t *testing.T) {
	s := testmail.Start(t)
	if _, err := sender(t, to(s)).Send(ctx(t), message("b1", "mia@example.org")); err != nil {
		t.Fatal(err)
	}
	m := one(t, s)
	want := map[string]string{
		"Message-Id": "<b1@rubato.example.org>", "From": `"Rubato" <rubato@example.org>`, "To": `"Mia Ortiz" <mia@example.org>`,
		"Subject": "Brief, Tue 16:00: one ask due tomorrow 11:00", "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All",
		"List-Unsubscribe": "<https://rubato.example.org:8443/u/secret>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"List-Id": "<brief.rubato.example.org>", "Content-Language": "en", "Mime-Version": "1.0", "Content-Type": "multipart/alternative",
	}
	if diff := cmp.Diff(want, headers(m)); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if at, err := m.Header.Date(); err != nil || time.Since(at) > time.Hour {
		t.Errorf("date %s, %v", at, err)
	}
	if m.From != "rubato@example.org" || len(m.Parts) != 2 || m.Parts[0].Type != "text/plain" || m.Parts[1].Type != "text/html" {
		t.Errorf("envelope sender %s, parts %+v", m.From, m.Parts)
	}
	if got := strings.TrimRight(m.Text(), "\r\n"); got != "Which branch may I delete?" {
		t.Errorf("text %q", got)
	}
}

func TestCrisisMail(t *testing.T) {
	s := testmail.Start(t)
	m := message("c3", "mia@example.org")
	m.Urgent, m.Unsubscribe, m.Thread = true, "", []string{"c1", "c2"}
	if _, err := sender(t, to(s)).Send(ctx(t), m); err != nil {
		t.Fatal(err)
	}
	got := headers(one(t, s))
	for name, want := range map[string]string{
		"Importance": "high", "X-Priority": "1", "Priority": "urgent", "In-Reply-To": "<c2@rubato.example.org>",
		"References": "<c1@rubato.example.org> <c2@rubato.example.org>", "Message-Id": "<c3@rubato.example.org>",
		"List-Unsubscribe": "", "List-Unsubscribe-Post": "", "List-Id": "",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}

// Row 60 of security 2: whatever stands in a field, the mail has exactly the
// intended headers and one recipient.
func TestHeaderInjection(t *testing.T) {
	intended := map[string]bool{
		"Message-Id": true, "From": true, "To": true, "Subject": true, "Date": true, "Mime-Version": true, "Content-Type": true, "Content-Language": true,
		"Auto-Submitted": true, "X-Auto-Response-Suppress": true, "List-Unsubscribe": true, "List-Unsubscribe-Post": true, "List-Id": true,
	}
	hostile := []string{
		"x\r\nBcc: eve@example.org", "x\nBcc: eve@example.org", "x\rBcc: eve@example.org", "x\r\n\r\n<script>", "x\x00y", "x\u2028Bcc: eve@example.org",
		"=?utf-8?q?=0d=0aBcc:_eve=40example.org?=", "x\u202egro.elpmaxe", strings.Repeat("long ", 400), "“quoted” <eve@example.org>", `"a" <eve@example.org>, `, "ü\xff\xfe",
	}
	s := testmail.Start(t)
	out := sender(t, to(s))
	n := 0
	for _, bad := range hostile {
		for field, set := range map[string]func(*delivery.Message){
			"subject": func(m *delivery.Message) { m.Subject = bad },
			"name":    func(m *delivery.Message) { m.Name = bad },
			"lang":    func(m *delivery.Message) { m.Lang = bad },
			"id":      func(m *delivery.Message) { m.ID = bad },
			"thread":  func(m *delivery.Message) { m.Thread = []string{bad} },
			"address": func(m *delivery.Message) { m.To.Address = bad },
			"local":   func(m *delivery.Message) { m.To.Address = bad + "@example.org" },
			"list":    func(m *delivery.Message) { m.Unsubscribe = "https://rubato.example.org/" + bad },
			"url":     func(m *delivery.Message) { m.Org.URL = "https://" + bad },
			"text":    func(m *delivery.Message) { m.Text = bad + "\r\n.\r\nMAIL FROM:<eve@example.org>\r\n" },
			"html":    func(m *delivery.Message) { m.HTML = bad + "\n.\nRCPT TO:<eve@example.org>\n" },
		} {
			m := message(fmt.Sprintf("h%d", n), "mia@example.org")
			set(&m)
			_, err := out.Send(ctx(t), m)
			if err != nil {
				if _, final := errors.AsType[*delivery.Permanent](err); !final {
					t.Errorf("%s %q: %v, want it refused for good or sent", field, bad, err)
				}
				continue
			}
			n++
			all, err := s.Wait(ctx(t), n)
			if err != nil {
				t.Fatal(err)
			}
			got := all[n-1]
			if got.Malformed != nil {
				t.Errorf("%s %q: %v", field, bad, got.Malformed)
			}
			if len(got.Recipients) != 1 || strings.Contains(got.Recipients[0], "eve") {
				t.Errorf("%s %q went to %q", field, bad, got.Recipients)
			}
			for name, value := range headers(got) {
				if !intended[name] && !(field == "thread" && (name == "In-Reply-To" || name == "References")) {
					t.Errorf("%s %q made the header %s: %q", field, bad, name, value)
				}
				if strings.HasSuffix(value, " TWICE") || strings.ContainsAny(value, "\r\n\x00\u202e") {
					t.Errorf("%s %q: header %s is %q", field, bad, name, value)
				}
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d mails went out", n)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		fault testmail.Fault
		final bool
		says  string
	}{
		"no such mailbox":        {testmail.Fault{At: testmail.Recipient, Code: 550}, true, "550 5.3.0 as the test asked"},
		"mailbox full for now":   {testmail.Fault{At: testmail.Recipient, Code: 452}, false, ""},
		"content refused":        {testmail.Fault{At: testmail.Data, Code: 554}, true, "554 5.3.0 as the test asked"},
		"greylisted at the end":  {testmail.Fault{At: testmail.Data, Code: 451}, false, ""},
		"our sender is refused":  {testmail.Fault{At: testmail.Sender, Code: 550}, false, ""},
		"sign in first":          {testmail.Fault{At: testmail.Recipient, Code: 530}, false, ""},
		"turned away at once":    {testmail.Fault{At: testmail.Connect, Code: 554}, false, ""},
		"hung up at once":        {testmail.Fault{At: testmail.Connect, Drop: true}, false, ""},
		"hung up at recipient":   {testmail.Fault{At: testmail.Recipient, Drop: true}, false, ""},
		"hung up in the message": {testmail.Fault{At: testmail.Data, Drop: true}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := testmail.Start(t)
			c.fault.Times = 1
			s.Fail(c.fault)
			out := sender(t, to(s))
			_, err := out.Send(ctx(t), message("r1", "mia@example.org"))
			if err == nil {
				t.Fatal("sent")
			}
			final, ok := errors.AsType[*delivery.Permanent](err)
			if ok != c.final {
				t.Errorf("%v: final %t, want %t", err, ok, c.final)
			}
			if ok && final.Error() != c.says {
				t.Errorf("says %q, want %q", final, c.says)
			}
			if _, err := out.Send(ctx(t), message("r1", "mia@example.org")); err != nil {
				t.Errorf("the next attempt: %v", err)
			}
			if diff := cmp.Diff(map[testmail.Key]int{{ID: "r1@rubato.example.org", Recipient: "mia@example.org"}: 1}, s.Copies()); diff != "" {
				t.Errorf("mails (-want +got):\n%s", diff)
			}
		})
	}
}

// One recipient's refusal is nobody else's, on one connection.
func TestOneRefusedAmongMany(t *testing.T) {
	s := testmail.Start(t)
	s.Fail(testmail.Fault{At: testmail.Recipient, To: "mia@example.org", Code: 550})
	out := sender(t, to(s))
	for i, who := range []string{"ada", "mia", "jonas", "mia", "bo"} {
		_, err := out.Send(ctx(t), message(fmt.Sprintf("m%d", i), who+"@example.org"))
		if _, final := errors.AsType[*delivery.Permanent](err); final != (who == "mia") || (err != nil) != final {
			t.Errorf("%s: %v", who, err)
		}
	}
	if n := len(s.Messages()); n != 3 {
		t.Errorf("%d mails, want 3", n)
	}
}

// A lost yes is a temporary failure: the next attempt is one copy more, with the same Message-ID.
func TestLostAnswer(t *testing.T) {
	s := testmail.Start(t)
	s.Fail(testmail.Fault{At: testmail.AfterData, Drop: true, Times: 1})
	out := sender(t, to(s))
	_, err := out.Send(ctx(t), message("l1", "mia@example.org"))
	if _, final := errors.AsType[*delivery.Permanent](err); err == nil || final {
		t.Fatalf("first attempt: %v, want a temporary failure", err)
	}
	if _, err := out.Send(ctx(t), message("l1", "mia@example.org")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[testmail.Key]int{{ID: "l1@rubato.example.org", Recipient: "mia@example.org"}: 2}, s.Copies()); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
}

// A relay that hangs on briefs does not hold a crisis, and lets go when the caller does.
func TestHangDoesNotHoldTheCrisisLane(t *testing.T) {
	s := testmail.Start(t)
	s.Fail(testmail.Fault{At: testmail.Recipient, To: "mia@example.org", Hang: true})
	out := sender(t, to(s))
	hung, release := context.WithCancel(ctx(t))
	defer release()
	var waiting sync.WaitGroup
	for i := range 12 { // more than a lane keeps open
		waiting.Go(func() {
			if _, err := out.Send(hung, message(fmt.Sprintf("w%d", i), "mia@example.org")); err == nil {
				t.Error("sent by a relay that hangs")
			}
		})
	}
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for s.Tries("mia@example.org") < 12 {
		select {
		case <-look.C:
		case <-hung.Done():
			t.Fatalf("%d of 12 reached the relay", s.Tries("mia@example.org"))
		}
	}
	m := message("c1", "jonas@example.org")
	m.Urgent = true
	if _, err := out.Send(ctx(t), m); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Send(ctx(t), message("b1", "ada@example.org")); err != nil {
		t.Errorf("another brief: %v", err)
	}
	release()
	waiting.Wait()
}

func TestSlowRelay(t *testing.T) {
	s := testmail.Start(t)
	s.Fail(testmail.Fault{At: testmail.Data, Delay: 300 * time.Millisecond})
	out := sender(t, to(s))
	var sending sync.WaitGroup
	for i := range 8 {
		sending.Go(func() {
			if _, err := out.Send(ctx(t), message(fmt.Sprintf("s%d", i), "mia@example.org")); err != nil {
				t.Error(err)
			}
		})
	}
	sending.Wait()
	if n := len(s.Messages()); n != 8 {
		t.Errorf("%d mails, want 8", n)
	}
}

// A connection that the relay closed while it waited costs nothing.
func TestConnectionsAreUsedAgainAndReplaced(t *testing.T) {
	s := testmail.Start(t)
	out := sender(t, to(s))
	for i := range 3 {
		if _, err := out.Send(ctx(t), message(fmt.Sprintf("u%d", i), "mia@example.org")); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	again := testmail.StartWith(t, testmail.Config{Addr: s.Addr()})
	if _, err := out.Send(ctx(t), message("u3", "mia@example.org")); err != nil {
		t.Fatalf("after the relay came back: %v", err)
	}
	if n := len(again.Messages()); n != 1 {
		t.Errorf("%d mails, want 1", n)
	}
}

func TestTLSAndSignIn(t *testing.T) {
	s := testmail.StartWith(t, testmail.Config{StartTLS: true, Username: "rubato", Password: "p@ss w:rd"})
	user := url.UserPassword("rubato", "p@ss w:rd").String() + "@"
	t.Run("required", func(t *testing.T) {
		out := sender(t, email.Config{SMTP: "smtp://" + user + s.Addr() + "?tls=required", Roots: s.Roots()})
		if _, err := out.Send(ctx(t), message("t1", "mia@example.org")); err != nil {
			t.Error(err)
		}
	})
	t.Run("a certificate that nobody vouches for", func(t *testing.T) {
		out := sender(t, email.Config{SMTP: "smtp://" + user + s.Addr() + "?tls=required"})
		if _, err := out.Send(ctx(t), message("t2", "mia@example.org")); err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("error %v, want one about the certificate", err)
		}
	})
	t.Run("wrong password", func(t *testing.T) {
		out := sender(t, email.Config{SMTP: "smtp://rubato:wrong@" + s.Addr() + "?tls=required", Roots: s.Roots()})
		_, err := out.Send(ctx(t), message("t3", "mia@example.org"))
		if _, final := errors.AsType[*delivery.Permanent](err); err == nil || final {
			t.Errorf("error %v, want a temporary one: the operator mends it", err)
		}
		if err != nil && strings.Contains(err.Error(), "wrong") {
			t.Errorf("error %v shows the password", err)
		}
	})
	t.Run("a relay without TLS where it is required", func(t *testing.T) {
		plain := testmail.Start(t)
		out := sender(t, email.Config{SMTP: "smtp://" + plain.Addr() + "?tls=required"})
		if _, err := out.Send(ctx(t), message("t4", "mia@example.org")); err == nil {
			t.Error("sent in the clear")
		}
	})
}

func TestSettings(t *testing.T) {
	for _, bad := range []string{
		"", "smtp://", "http://mail.example.org", "mail.example.org:25", "smtp://mail.example.org/path", "smtp://mail.example.org?tls=maybe",
		"smtp://mail.example.org:port", "smtp://user:secret word@mail.example.org:x",
	} {
		_, err := email.New(email.Config{SMTP: bad, From: "rubato@example.org"})
		if err == nil {
			t.Errorf("%q was taken", bad)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: error %v shows the password", bad, err)
		}
	}
	for _, bad := range []string{"", "rubato", "a@b, c@d", "x\r\ny@example.org"} {
		if _, err := email.New(email.Config{SMTP: "smtp://mail.example.org", From: bad}); err == nil {
			t.Errorf("sender %q was taken", bad)
		}
	}
	for _, good := range []string{"smtp://mail.example.org", "smtps://user:pass@mail.example.org", "smtp://[::1]:2525", "smtp://localhost?tls=off"} {
		if _, err := email.New(email.Config{SMTP: good, From: "rubato@example.org"}); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}
