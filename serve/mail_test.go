package serve_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/internal/demo"
	"github.com/rubato-hq/rubato/internal/testmail"
)

// TestBriefReachesTheMailServer starts the demo with a mail relay, moves its
// clock over a window, and reads what the relay was given.
func TestBriefReachesTheMailServer(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		relay := testmail.Start(t)
		s := running(t, config.Settings{Database: database, SMTP: "smtp://" + relay.Addr()}, nil, demo.Start())
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		visitor := &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		for _, post := range []struct {
			path string
			form url.Values
		}{
			{"/demo/person", url.Values{"person": {"lena"}, "back": {"/brief"}}},
			{"/demo/clock", url.Values{"day": {"2026-11-24"}, "clock": {"11:00"}}},
		} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+post.path, strings.NewReader(post.form.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Origin", s.URL())
			answer, err := visitor.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if answer.StatusCode != http.StatusSeeOther {
				t.Fatalf("%s answers %d", post.path, answer.StatusCode)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var hers []testmail.Message
		for n := 1; len(hers) == 0; n++ {
			all, err := relay.Wait(ctx, n)
			if err != nil {
				t.Fatalf("Lena has no mail: %v", err)
			}
			n = len(all)
			hers = slices.DeleteFunc(all, func(m testmail.Message) bool { return m.Recipients[0] != "lena@meridian.example" })
		}
		m := hers[0]
		if !strings.HasPrefix(m.Subject(), "Brief, Tue 11:00: ") || !strings.Contains(m.Text(), s.URL()+"/brief") || !strings.Contains(m.HTML(), "That is all. You\u00a0are\u00a0caught\u00a0up.") {
			t.Errorf("mail %q:\n%s", m.Subject(), m.Text())
		}
		if !strings.HasSuffix(m.ID, "@127.0.0.1") || m.Malformed != nil {
			t.Errorf("Message-ID %q, %v", m.ID, m.Malformed)
		}
		for key, n := range relay.Copies() {
			if n != 1 {
				t.Errorf("%v came %d times", key, n)
			}
		}
	})
}
