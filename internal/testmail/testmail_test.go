package testmail_test

import (
	"context"
	"crypto/tls"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/internal/testmail"
)

const brief = "Message-ID: <b-1@rubato.test>\r\n" +
	"From: Rubato <brief@rubato.test>\r\n" +
	"To: Mia <mia@example.org>\r\n" +
	"Subject: =?utf-8?q?Dein_Briefing_f=C3=BCr_heute?=\r\n" +
	"MIME-Version: 1.0\r\n" +
	"Content-Type: multipart/mixed; boundary=m\r\n\r\n" +
	"--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n" +
	"--a\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nZwei Fragen f=C3=BCr dich.\r\n.Punkt\r\n" +
	"--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Zwei Fragen</p>\r\n--a--\r\n" +
	"--m\r\nContent-Type: text/calendar\r\nContent-Disposition: attachment; filename=week.ics\r\nContent-Transfer-Encoding: base64\r\n\r\nQkVHSU46VkNBTEVOREFS\r\n--m--\r\n"

func TestKeepsWhatItAccepts(t *testing.T) {
	s := testmail.Start(t)
	if err := send(s.Addr(), brief, "mia@example.org", "jonas@example.org"); err != nil {
		t.Fatal(err)
	}
	got := s.To("jonas@example.org")
	if len(got) != 1 {
		t.Fatalf("messages to jonas = %d, want 1", len(got))
	}
	m := got[0]
	if m.Malformed != nil {
		t.Errorf("Malformed = %v", m.Malformed)
	}
	if m.ID != "b-1@rubato.test" || m.From != "bounce@rubato.test" || m.Subject() != "Dein Briefing für heute" {
		t.Errorf("id %q, from %q, subject %q", m.ID, m.From, m.Subject())
	}
	if diff := cmp.Diff([]string{"mia@example.org", "jonas@example.org"}, m.Recipients); diff != "" {
		t.Errorf("recipients (-want +got):\n%s", diff)
	}
	if want := "Zwei Fragen für dich.\r\n.Punkt"; m.Text() != want {
		t.Errorf("Text = %q, want %q", m.Text(), want)
	}
	if want := "<p>Zwei Fragen</p>"; m.HTML() != want {
		t.Errorf("HTML = %q, want %q", m.HTML(), want)
	}
	if len(m.Parts) != 3 {
		t.Fatalf("parts = %d, want 3", len(m.Parts))
	}
	ics := m.Parts[2]
	if ics.Type != "text/calendar" || !ics.Attachment || ics.Filename != "week.ics" || string(ics.Body) != "BEGIN:VCALENDAR" {
		t.Errorf("attachment = %+v", ics)
	}
	if string(m.Raw) != brief {
		t.Errorf("Raw = %q, want what was sent", m.Raw)
	}
	if n := len(s.To("nobody@example.org")); n != 0 {
		t.Errorf("messages to nobody = %d", n)
	}
}

func TestCountsCopies(t *testing.T) {
	s := testmail.Start(t)
	for range 2 {
		if err := send(s.Addr(), brief, "mia@example.org"); err != nil {
			t.Fatal(err)
		}
	}
	if err := send(s.Addr(), brief, "jonas@example.org"); err != nil {
		t.Fatal(err)
	}
	want := map[testmail.Key]int{{"b-1@rubato.test", "mia@example.org"}: 2, {"b-1@rubato.test", "jonas@example.org"}: 1}
	if diff := cmp.Diff(want, s.Copies()); diff != "" {
		t.Errorf("Copies (-want +got):\n%s", diff)
	}
}

func TestTellsWhatIsMalformed(t *testing.T) {
	tests := []struct{ name, mail string }{
		{"broken Message-ID", "Message-ID: <<>\r\n\r\nhello\r\n"},
		{"multipart that never ends", "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhello\r\n"},
		{"broken base64", "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := testmail.Start(t)
			if err := send(s.Addr(), tt.mail, "mia@example.org"); err != nil {
				t.Fatal(err)
			}
			if m := s.Messages()[0]; m.Malformed == nil {
				t.Errorf("Malformed = nil, parts %+v", m.Parts)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	const mia, jonas = "mia@example.org", "jonas@example.org"
	type attempt struct {
		code int // 0 is accepted, -1 a broken connection
		kept int // messages that the server has afterwards
	}
	tests := []struct {
		name  string
		fault testmail.Fault
		to    []string
		want  []attempt
	}{
		{"temporary twice", testmail.Fault{At: testmail.Data, Code: 451, Times: 2}, []string{mia}, []attempt{{451, 0}, {451, 0}, {0, 1}}},
		{"permanent for ever", testmail.Fault{At: testmail.Sender, Code: 554}, []string{mia}, []attempt{{554, 0}, {554, 0}}},
		{"this recipient", testmail.Fault{At: testmail.Recipient, To: mia, Code: 550}, []string{mia}, []attempt{{550, 0}}},
		{"another recipient", testmail.Fault{At: testmail.Recipient, To: mia, Code: 550}, []string{jonas}, []attempt{{0, 1}}},
		{"only the second", testmail.Fault{At: testmail.Data, Code: 421, Skip: 1, Times: 1}, []string{mia}, []attempt{{0, 1}, {421, 1}, {0, 2}}},
		{"closed at once", testmail.Fault{At: testmail.Connect, Drop: true, Times: 1}, []string{mia}, []attempt{{-1, 0}, {0, 1}}},
		{"busy at once", testmail.Fault{At: testmail.Connect, Code: 421, Times: 1}, []string{mia}, []attempt{{421, 0}, {0, 1}}},
		{"closed before it is kept", testmail.Fault{At: testmail.Data, Drop: true, Times: 1}, []string{mia}, []attempt{{-1, 0}, {0, 1}}},
		{"kept, but the 250 is lost", testmail.Fault{At: testmail.AfterData, Drop: true, Times: 1}, []string{mia}, []attempt{{-1, 1}, {0, 2}}},
		{"once each", testmail.Fault{At: testmail.Recipient, To: "@example.org", Code: 451, Once: true}, []string{mia}, []attempt{{451, 0}, {0, 1}, {0, 2}}},
		{"another domain", testmail.Fault{At: testmail.Recipient, To: "@example.com", Code: 451}, []string{mia}, []attempt{{0, 1}}},
		{"slow", testmail.Fault{At: testmail.Data, Delay: time.Millisecond}, []string{mia}, []attempt{{0, 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := testmail.Start(t)
			s.Fail(tt.fault)
			for i, want := range tt.want {
				err := send(s.Addr(), brief, tt.to...)
				got := attempt{0, len(s.Messages())}
				if refused, ok := errors.AsType[*smtp.SMTPError](err); ok {
					got.code = refused.Code
				} else if err != nil {
					got.code = -1
				}
				if got != want {
					t.Errorf("attempt %d = %+v (%v), want %+v", i+1, got, err, want)
				}
			}
			s.Heal()
			if err := send(s.Addr(), brief, tt.to...); err != nil {
				t.Errorf("after Heal: %v", err)
			}
		})
	}
}

func TestHangEndsWithTheServer(t *testing.T) {
	for _, at := range []testmail.Stage{testmail.Connect, testmail.Sender, testmail.Recipient, testmail.Data, testmail.AfterData} {
		t.Run(string(at), func(t *testing.T) {
			s, err := testmail.New(testmail.Config{})
			if err != nil {
				t.Fatal(err)
			}
			s.Fail(testmail.Fault{At: at, Hang: true})
			var client sync.WaitGroup
			client.Go(func() {
				if err := send(s.Addr(), brief, "mia@example.org"); err == nil {
					t.Error("a hanging server said yes")
				}
			})
			if at == testmail.AfterData {
				if _, err := s.Wait(t.Context(), 1); err != nil {
					t.Error(err)
				}
			}
			s.Close()
			client.Wait()
		})
	}
}

func TestTriesCountsRefusals(t *testing.T) {
	s := testmail.Start(t)
	s.Fail(testmail.Fault{At: testmail.Recipient, Code: 450, Times: 2})
	for range 3 {
		_ = send(s.Addr(), brief, "mia@example.org") // the first two are refused
	}
	if got := s.Tries("mia@example.org"); got != 3 {
		t.Errorf("Tries = %d, want 3", got)
	}
}

func TestWait(t *testing.T) {
	s := testmail.Start(t)
	var client sync.WaitGroup
	client.Go(func() {
		for range 3 {
			if err := send(s.Addr(), brief, "mia@example.org"); err != nil {
				t.Error(err)
			}
		}
	})
	got, err := s.Wait(t.Context(), 3)
	if err != nil || len(got) != 3 {
		t.Errorf("Wait = %d messages, %v; want 3", len(got), err)
	}
	client.Wait()

	ended, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	if _, err := s.Wait(ended, 4); err == nil || !strings.Contains(err.Error(), "have 3: enough") {
		t.Errorf("Wait beyond the end = %v, want how many there are and why it ended", err)
	}
}

func TestStartTLSAndPassword(t *testing.T) {
	s := testmail.StartWith(t, testmail.Config{StartTLS: true, Username: "rubato", Password: "secret"})
	for _, tt := range []struct {
		name     string
		auth     sasl.Client
		wantCode int
	}{
		{"none", nil, smtp.ErrAuthRequired.Code},
		{"wrong", sasl.NewPlainClient("", "rubato", "guess"), smtp.ErrAuthFailed.Code},
		{"right", sasl.NewPlainClient("", "rubato", "secret"), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := smtp.DialStartTLS(s.Addr(), &tls.Config{RootCAs: s.Roots(), ServerName: "127.0.0.1"})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if tt.auth != nil {
				err = c.Auth(tt.auth)
			}
			if err == nil {
				err = c.SendMail("bounce@rubato.test", []string{"mia@example.org"}, strings.NewReader(brief))
			}
			var code int
			if refused, ok := errors.AsType[*smtp.SMTPError](err); ok {
				code = refused.Code
			} else if err != nil {
				t.Fatal(err)
			}
			if code != tt.wantCode {
				t.Errorf("code = %d (%v), want %d", code, err, tt.wantCode)
			}
		})
	}
	if got := len(s.Messages()); got != 1 {
		t.Errorf("messages = %d, want the one with the right password", got)
	}
}

// send gives one mail to the server as a client would, and returns what stopped it.
func send(addr, mail string, to ...string) error {
	c, err := smtp.Dial(addr)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.SendMail("bounce@rubato.test", to, strings.NewReader(mail))
}
