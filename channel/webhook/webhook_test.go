package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/channel/webhook"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/dial"
	"github.com/rubato-hq/rubato/store"
)

// peer serves one handler; the admin allows to reach it.
func peer(t *testing.T, h http.HandlerFunc) (*webhook.Sender, string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return sender(t, s.Listener.Addr().String()), s.URL
}

func sender(t *testing.T, allow ...string) *webhook.Sender {
	t.Helper()
	g, err := dial.NewGuarded(allow, nil)
	if err != nil {
		t.Fatal(err)
	}
	return webhook.New(webhook.Config{Client: g.Client()})
}

func message(to string) delivery.Message {
	return delivery.Message{
		ID: "06h0s4d0065y8egygx6hjskb6w", To: store.Contact{Address: to, Secret: webhook.NewSecret()},
		JSON: []byte(`{"type":"crisis.call","timestamp":"2026-11-24T09:00:00Z","data":{"crisis":"C-1"}}`),
	}
}

// verify is the other side's check, written from the specification.
func verify(r *http.Request, secret string, body []byte) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(r.Header.Get("webhook-id") + "." + r.Header.Get("webhook-timestamp") + "." + string(body)))
	want := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for one := range strings.SplitSeq(r.Header.Get("webhook-signature"), " ") {
		if version, got, _ := strings.Cut(one, ","); version == "v1" && hmac.Equal([]byte(got), []byte(want)) {
			return true
		}
	}
	return false
}

func TestCallIsSigned(t *testing.T) {
	var m delivery.Message
	var ids []string
	s, url := peer(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if r.Method != http.MethodPost || r.URL.Path != "/hook" || r.Header.Get("Content-Type") != "application/json" || string(body) != string(m.JSON) {
			t.Errorf("%s %s %s %s", r.Method, r.URL, r.Header.Get("Content-Type"), body)
		}
		if !verify(r, m.To.Secret, body) || verify(r, webhook.NewSecret(), body) || verify(r, m.To.Secret, append(body, ' ')) {
			t.Errorf("signature %q does not hold", r.Header.Get("webhook-signature"))
		}
		at, err := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
		if err != nil || time.Since(time.Unix(at, 0)).Abs() > time.Minute {
			t.Errorf("timestamp %q, %v", r.Header.Get("webhook-timestamp"), err)
		}
		ids = append(ids, r.Header.Get("webhook-id"))
		w.WriteHeader(http.StatusNoContent)
	})
	m = message(url + "/hook")
	for range 2 {
		if receipt, err := s.Send(t.Context(), m); err != nil || receipt != "204 No Content" {
			t.Errorf("receipt %q, %v", receipt, err)
		}
	}
	if len(ids) != 2 || ids[0] != m.ID || ids[1] != m.ID {
		t.Errorf("ids %q, want %s twice", ids, m.ID)
	}
}

func TestAnswers(t *testing.T) {
	date := time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat)
	for name, c := range map[string]struct {
		code    int
		after   string
		sent    bool
		final   bool
		ends    bool
		atLeast time.Duration
		atMost  time.Duration
	}{
		"ok":                     {code: 200, sent: true},
		"accepted":               {code: 202, sent: true},
		"gone":                   {code: 410, final: true, ends: true},
		"moved":                  {code: 301},
		"see other":              {code: 303},
		"not there":              {code: 404},
		"refused":                {code: 403},
		"broken":                 {code: 500},
		"too many":               {code: 429, after: "120", atLeast: 2 * time.Minute, atMost: 2 * time.Minute},
		"too many, by date":      {code: 429, after: date, atLeast: 60 * time.Second, atMost: 90 * time.Second},
		"too many, forever":      {code: 429, after: "99999999", atLeast: time.Hour, atMost: time.Hour},
		"too many, in the past":  {code: 429, after: "Tue, 24 Nov 2020 09:00:00 GMT"},
		"too many, nonsense":     {code: 429, after: "soon"},
		"bad gateway":            {code: 502, after: "30", atLeast: 30 * time.Second, atMost: 30 * time.Second},
		"gateway gave up":        {code: 504, after: "30", atLeast: 30 * time.Second, atMost: 30 * time.Second},
		"unavailable, and quiet": {code: 503},
	} {
		t.Run(name, func(t *testing.T) {
			s, url := peer(t, func(w http.ResponseWriter, _ *http.Request) {
				if c.after != "" {
					w.Header().Set("Retry-After", c.after)
				}
				if c.code >= 300 && c.code < 400 {
					w.Header().Set("Location", "http://169.254.169.254/")
				}
				w.WriteHeader(c.code)
			})
			_, err := s.Send(t.Context(), message(url))
			final, isFinal := errors.AsType[*delivery.Permanent](err)
			if (err == nil) != c.sent || isFinal != c.final || (isFinal && final.Ends != c.ends) {
				t.Errorf("%v; want sent %t, final %t, ends %t", err, c.sent, c.final, c.ends)
			}
			var after time.Duration
			if later, ok := errors.AsType[*delivery.Later](err); ok {
				after = later.After
			}
			if after < c.atLeast || after > c.atMost {
				t.Errorf("again after %s, want %s to %s", after, c.atLeast, c.atMost)
			}
		})
	}
}

func TestPeerThatFailsIsTemporary(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"hangs": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then does the server see that we hang up
			<-r.Context().Done()
		},
		"resets": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			s, url := peer(t, h)
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			_, err := s.Send(ctx, message(url))
			if _, final := errors.AsType[*delivery.Permanent](err); err == nil || final {
				t.Errorf("%v, want a temporary failure", err)
			}
		})
	}
}

// Row 57 of security 2: a 200 MB answer is a yes, and costs next to nothing.
func TestHugeAnswer(t *testing.T) {
	s, url := peer(t, func(w http.ResponseWriter, _ *http.Request) {
		block := make([]byte, 64<<10)
		for range 200 << 20 / len(block) {
			if _, err := w.Write(block); err != nil {
				return // we hung up
			}
		}
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := s.Send(t.Context(), message(url)); err != nil {
		t.Error(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("one call took %d bytes", used)
	}
}

// Row 1: an inner address is refused at the dial, for good.
func TestInnerAddressIsRefused(t *testing.T) {
	called := false
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer inner.Close()
	s := sender(t) // nothing is allowed
	for _, to := range []string{
		inner.URL, "http://localhost/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data", "http://10.0.0.1/",
		"file:///etc/passwd", "gopher://127.0.0.1/", "https://user:pass@example.org/", "//example.org/", "not an address", "",
	} {
		_, err := s.Send(t.Context(), message(to))
		if _, final := errors.AsType[*delivery.Permanent](err); !final {
			t.Errorf("%q: %v, want it refused for good", to, err)
		}
	}
	if called {
		t.Error("an inner server was called")
	}
}

func TestSecrets(t *testing.T) {
	s, url := peer(t, func(http.ResponseWriter, *http.Request) {})
	for _, bad := range []string{"", "whsec_", "whsec_short", "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 23)), "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 65)), strings.TrimPrefix(webhook.NewSecret(), "whsec_"), "whsec_!!!"} {
		m := message(url)
		m.To.Secret = bad
		if _, err := s.Send(t.Context(), m); err == nil {
			t.Errorf("signed with %q", bad)
		}
	}
	m := message(url)
	m.ID = "a.b"
	if _, err := s.Send(t.Context(), m); err == nil {
		t.Error("sent an id with a full stop")
	}
	if a, b := webhook.NewSecret(), webhook.NewSecret(); a == b || len(a) != len("whsec_")+44 {
		t.Errorf("secrets %q and %q", a, b)
	}
}
