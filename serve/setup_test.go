package serve_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/serve"
)

// TestFirstStart goes from an empty server to its owner's charter, by the link
// that stands on the terminal, once.
func TestFirstStart(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		settings := config.Settings{Data: t.TempDir(), Database: database, Listen: "127.0.0.1:0", LogFormat: "text"}
		log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
		s, err := serve.New(t.Context(), settings, log, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		setup, err := s.Start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Stop(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		})
		client := browser(t)
		for _, path := range []string{"/", "/sign-in", "/reset"} {
			if status, body := visit(t, client, s.URL()+path); status != http.StatusServiceUnavailable || !strings.Contains(body, "setup-link") {
				t.Errorf("%s on an empty server: %d, and it does not say how to begin", path, status)
			}
		}
		path := strings.TrimPrefix(setup, s.URL())
		owner := url.Values{
			"organisation": {"Meridian"}, "name": {"Mara Quist"}, "handle": {"mara"}, "email": {"mara@meridian.example"},
			"zone": {"Europe/Berlin"}, "password": {"short"},
		}
		if got := fill(t, client, s.URL(), path, owner); got != http.StatusUnprocessableEntity {
			t.Errorf("a weak password: %d", got)
		}
		owner.Set("password", "a lamp, a ladder and three boats")
		if got := fill(t, client, s.URL(), path, owner); got != http.StatusSeeOther {
			t.Fatalf("setting up: %d", got)
		}
		if status, body := visit(t, client, s.URL()+"/charter"); status != http.StatusOK || !strings.Contains(body, "Mara") {
			t.Errorf("the owner's charter: %d", status)
		}
		if status, _ := visit(t, client, s.URL()+"/admin"); status != http.StatusOK {
			t.Errorf("the owner's /admin: %d", status)
		}
		if status, _ := visit(t, browser(t), setup); status != http.StatusGone {
			t.Errorf("the link again: %d, want 410", status)
		}
	})
}
