package web

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// getSettings shows the reader's sessions, tokens and channels.
func (s *Server) getSettings(q *request) error {
	p, err := s.settingsPage(q)
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, p.View())
}

func (s *Server) settingsPage(q *request) (page.Settings, error) {
	me := q.who.Person
	p := page.Settings{Frame: s.frame(q, page.NoRoom), Name: me.Name, Handle: me.Handle, MailOff: s.cfg.MailOff}
	sessions, err := q.read.Sessions(q.r.Context())
	if err != nil {
		return p, err
	}
	for _, one := range sessions {
		p.Sessions = append(p.Sessions, page.Session{
			ID: one.ID, Device: device(one.Device), Created: one.Created, Used: one.Used, Current: one.Hash == q.who.Session.Hash,
		})
	}
	tokens, err := q.read.Tokens(q.r.Context())
	if err != nil {
		return p, err
	}
	teams, err := q.read.Teams(q.r.Context())
	if err != nil {
		return p, err
	}
	for _, t := range tokens {
		row := page.Token{ID: t.ID, Name: t.Name, Created: t.Created, Ends: t.Ends}
		for _, sc := range t.Scopes {
			row.Scopes = append(row.Scopes, string(sc))
		}
		for _, team := range teams {
			if team.ID == t.Team {
				row.Team = team.Name
			}
		}
		p.Tokens = append(p.Tokens, row)
	}
	for _, t := range teams {
		if q.actor().Teams[t.ID] {
			p.Teams = append(p.Teams, team(t))
		}
	}
	if c, err := q.read.Contact(q.r.Context(), store.ChannelEmail); err == nil {
		p.Email, p.EmailOn, p.EmailFailed, p.EmailFailedWhy = c.Address, c.Briefs, c.Failed, c.FailedWhy
	}
	if c, err := q.read.Contact(q.r.Context(), store.ChannelWebhook); err == nil {
		p.Webhook, p.WebhookBriefs, p.WebhookCrises, p.WebhookFailed, p.WebhookFailedWhy = c.Address, c.Briefs, c.Crises, c.Failed, c.FailedWhy
	}
	return p, nil
}

// device is what a browser calls itself in words that a person knows it by; of
// a program, its name.
func device(agent string) page.Device {
	first := func(names ...string) string {
		for i := 0; i < len(names); i += 2 {
			if strings.Contains(agent, names[i]) {
				return names[i+1]
			}
		}
		return ""
	}
	d := page.Device{
		Browser: first("Firefox/", "Firefox", "Edg", "Edge", "OPR/", "Opera", "SamsungBrowser/", "Samsung Internet", "Chrome/", "Chrome", "CriOS/", "Chrome", "Safari/", "Safari"),
		System:  first("iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "Windows", "Windows", "Mac OS X", "macOS", "CrOS", "ChromeOS", "Linux", "Linux"),
	}
	if d.Browser == "" {
		d.Browser, _, _ = strings.Cut(agent, "/")
	}
	return d
}

// refused shows the settings with the form that was sent and what to mend.
func (s *Server) refused(q *request, act string, typed map[string]string, ps page.Problems) error {
	p, err := s.settingsPage(q)
	if err != nil {
		return err
	}
	p.Act, p.Typed, p.Problems = act, typed, ps
	return q.show(http.StatusUnprocessableEntity, p.View())
}

// postEmail turns brief e-mail on or off.
func (s *Server) postEmail(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	if err := s.cfg.Door.SetBriefMail(q.r.Context(), q.actor(), form.Get("briefs") == "on"); err != nil {
		return err
	}
	return q.seeOther(back(form.Get("back")))
}

// postName changes how others see the reader.
func (s *Server) postName(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	me := q.who.Person
	name, handle := form.Get("name"), strings.TrimSpace(form.Get("handle"))
	err = s.cfg.Door.Rename(q.r.Context(), q.actor(), name, handle, me.Place, me.Lang)
	if ps, ok := problems(err); ok {
		return s.refused(q, "name", map[string]string{"name": name, "handle": handle}, ps)
	}
	if err != nil {
		return err
	}
	return q.seeOther(page.PathSettings)
}

// postPassword changes the password; every other session ends.
func (s *Server) postPassword(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	err = s.cfg.Auth.ChangePassword(q.r.Context(), q.who, form.Get("old"), form.Get("password"))
	switch {
	case errors.Is(err, auth.ErrWrong):
		return s.refused(q, "password", nil, page.Problems{{Field: "old", Code: "wrong-password"}})
	case errors.Is(err, auth.ErrWeak):
		return s.refused(q, "password", nil, page.Problems{{Field: "password", Code: "weak-password"}})
	case err != nil:
		return err
	}
	return q.seeOther(page.PathSettings)
}

// postSessionEnd ends one session, or all others.
func (s *Server) postSessionEnd(q *request) error {
	if err := s.cfg.Auth.EndSession(q.r.Context(), q.who, q.r.PathValue("id")); err != nil {
		return err
	}
	return q.seeOther(page.PathSettings)
}

// postToken makes an API token and shows it this once.
func (s *Server) postToken(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	name := strings.TrimSpace(form.Get("name"))
	var scopes []access.Scope
	for _, sc := range form["scope"] {
		if slices.Contains([]access.Scope{access.ScopeRead, access.ScopeWrite, access.ScopeAdmin}, access.Scope(sc)) {
			scopes = append(scopes, access.Scope(sc))
		}
	}
	days, err := strconv.Atoi(form.Get("days"))
	var ps page.Problems
	switch {
	case name == "":
		ps = page.Problems{{Field: "name", Code: "empty"}}
	case len(scopes) == 0:
		ps = page.Problems{{Field: "scope", Code: "no-scope"}}
	case err != nil || days < 1 || days > 365:
		ps = page.Problems{{Field: "days", Code: "not-a-number"}}
	}
	if ps != nil {
		return s.refused(q, "token", map[string]string{"name": name}, ps)
	}
	team := ""
	if slug := form.Get("team"); slug != "" {
		t, err := q.read.TeamBySlug(q.r.Context(), slug)
		if err != nil {
			return err
		}
		team = t.ID
	}
	secret, err := s.cfg.Auth.NewToken(q.r.Context(), q.actor(), name, scopes, team, time.Duration(days)*24*time.Hour)
	if err != nil {
		return err
	}
	p, err := s.settingsPage(q)
	if err != nil {
		return err
	}
	p.NewToken = secret
	return q.show(http.StatusCreated, p.View())
}

// postTokenRemoval takes a token back.
func (s *Server) postTokenRemoval(q *request) error {
	if err := s.cfg.Auth.EndToken(q.r.Context(), q.actor(), q.r.PathValue("id")); err != nil {
		return err
	}
	return q.seeOther(page.PathSettings)
}

// postWebhook sets the reader's webhook; a new one gets a new secret, shown
// this once.
func (s *Server) postWebhook(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	var b [32]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	secret := "whsec_" + base64.StdEncoding.EncodeToString(b[:])
	err = s.cfg.Door.SetWebhook(q.r.Context(), q.actor(), form.Get("url"), secret, form.Get("briefs") == "yes", form.Get("crises") == "yes")
	if ps, ok := problems(err); ok {
		return s.refused(q, "webhook", map[string]string{"url": form.Get("url")}, ps)
	}
	if err != nil {
		return err
	}
	p, err := s.settingsPage(q)
	if err != nil {
		return err
	}
	p.WebhookSecret = secret
	return q.show(http.StatusCreated, p.View())
}

// postWebhookRemoval removes the reader's webhook.
func (s *Server) postWebhookRemoval(q *request) error {
	if err := s.cfg.Door.DropWebhook(q.r.Context(), q.actor()); err != nil {
		return err
	}
	return q.seeOther(page.PathSettings)
}
