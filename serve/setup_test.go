package serve_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/internal/demo"
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

// TestSecondOrganisation adds an organisation beside the first: the host of a
// request chooses, and what opens a door in one opens nothing in the other.
func TestSecondOrganisation(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		settings := config.Settings{Data: t.TempDir(), Database: database, URL: "http://one.localhost:7420", LogFormat: "text"}
		s := running(t, settings, nil, demo.Start())
		settings.URL = "http://two.localhost:7420"
		link, err := serve.AddOrganisation(t.Context(), settings, "Kite Harbour")
		if err != nil {
			t.Fatal(err)
		}
		later, err := serve.AddOrganisation(t.Context(), settings, "Kite Harbour")
		if err != nil {
			t.Fatal(err)
		}
		client := browser(t)
		client.Transport = &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, s.Addr())
		}}
		if status, _ := visit(t, client, "http://three.localhost:7420/sign-in"); status != http.StatusMisdirectedRequest {
			t.Errorf("a host of nobody's: %d, want 421", status)
		}
		if status, _ := visit(t, client, link); status != http.StatusGone {
			t.Errorf("the older link: %d, want 410", status)
		}
		if status, _ := visit(t, client, strings.Replace(later, "two.", "one.", 1)); status != http.StatusNotFound {
			t.Errorf("its link in the other organisation: %d, want 404", status)
		}
		if status, body := visit(t, client, later); status != http.StatusOK || !strings.Contains(body, "Kite Harbour") {
			t.Fatalf("the owner's link: %d", status)
		}
		if got := fill(t, client, settings.URL, strings.TrimPrefix(later, settings.URL), url.Values{
			"name": {"Ada Kovac"}, "handle": {"ada"}, "email": {"ada@kite.example"}, "zone": {"Europe/Zagreb"}, "password": {"a lamp, a ladder and three boats"},
		}); got != http.StatusSeeOther {
			t.Fatalf("joining answers %d", got)
		}
		if status, body := visit(t, client, settings.URL+"/people"); status != http.StatusOK || !strings.Contains(body, "Ada") || strings.Contains(body, "Jonas") {
			t.Errorf("people of the second organisation: %d, or it shows others", status)
		}
		if status, _ := visit(t, client, settings.URL+"/admin"); status != http.StatusOK {
			t.Errorf("the owner's /admin: %d", status)
		}
		if status, _ := visit(t, client, settings.URL+"/A-1"); status != http.StatusNotFound {
			t.Errorf("an ask of the first organisation: %d, want 404", status)
		}
		// The cookie is good at the host that it was made for.
		session := client.Jar.Cookies(must(url.Parse(settings.URL)))
		client.Jar.SetCookies(must(url.Parse("http://one.localhost:7420")), session)
		if status, _ := visit(t, client, "http://one.localhost:7420/people"); status != http.StatusSeeOther {
			t.Errorf("the session in the other organisation: %d, want a way to sign in", status)
		}
		if _, err := serve.AddOrganisation(t.Context(), settings, "Again"); err == nil || !strings.Contains(err.Error(), "here already") {
			t.Errorf("an address that has an owner: %v", err)
		}
		people, err := serve.People(t.Context(), settings)
		if err != nil || len(people) != 1 || people[0].Handle != "ada" {
			t.Errorf("the terminal sees %v of the second organisation: %v", people, err)
		}
	})
}
