package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// getHome leads to where somebody is going anyway.
func (s *Server) getHome(q *request) error {
	switch {
	case q.signedIn():
		return q.seeOther(page.PathBrief)
	case q.org.ID == "":
		return front.ErrEmpty
	}
	return q.seeOther(page.PathSignIn)
}

// getSignIn shows the door; in the demo also the team, one click each.
func (s *Server) getSignIn(q *request) error {
	if q.org.ID == "" {
		return front.ErrEmpty
	}
	return s.signInPage(q, page.SignIn{Back: q.r.URL.Query().Get("back")}, http.StatusOK)
}

func (s *Server) signInPage(q *request, p page.SignIn, status int) error {
	p.Frame, p.Org, p.Back, p.Mail = s.frame(q, page.NoRoom), q.org.Name, back(p.Back), !s.cfg.MailOff
	if s.cfg.Demo != nil {
		people, err := s.cast(q)
		if err != nil {
			return err
		}
		p.People = people
	}
	return q.show(status, p.View())
}

// postSignIn checks address and password. A wrong pair costs the same time and
// reads the same whatever of it was wrong.
func (s *Server) postSignIn(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	email, to := strings.TrimSpace(form.Get("email")), form.Get("back")
	secret, err := s.cfg.Auth.SignIn(q.r.Context(), q.org.ID, email, form.Get("password"), q.r.UserAgent(), s.cfg.Peer(q.r))
	if errors.Is(err, auth.ErrWrong) {
		return s.signInPage(q, page.SignIn{
			Email: cut(email, 254), Back: to, Problems: page.Problems{{Field: "password", Code: "wrong-password"}},
		}, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if err := s.enter(q, secret); err != nil {
		return err
	}
	return q.seeOther(back(to))
}

// postSignOut ends the session.
func (s *Server) postSignOut(q *request) error {
	if c, err := q.r.Cookie(s.cookie()); err == nil && q.org.ID != "" {
		if err := s.cfg.Auth.SignOut(q.r.Context(), q.org.ID, c.Value); err != nil {
			return err
		}
	}
	s.setCookie(q.w, "")
	return q.seeOther(page.PathSignIn)
}

// getSetup opens an empty server, with the one-time token in its address.
func (s *Server) getSetup(q *request) error {
	token := q.r.PathValue("token")
	_, err := s.cfg.Auth.Link(q.r.Context(), store.Server, store.LinkSetup, token)
	if errors.Is(err, auth.ErrNobody) {
		return s.deadLink(q, "setup", err)
	}
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, page.Setup{Frame: s.frame(q, page.NoRoom), Token: token, Zones: zoneNames()}.View())
}

// postSetup makes the organisation and its owner, and signs them in.
func (s *Server) postSetup(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	p := page.Setup{
		Frame: s.frame(q, page.NoRoom), Token: q.r.PathValue("token"), Org: form.Get("organisation"), Name: form.Get("name"),
		Handle: form.Get("handle"), Email: form.Get("email"), Zone: form.Get("zone"), Zones: zoneNames(),
	}
	if _, err := s.cfg.Auth.Link(q.r.Context(), store.Server, store.LinkSetup, p.Token); errors.Is(err, auth.ErrNobody) {
		return s.deadLink(q, "setup", err)
	} else if err != nil {
		return err
	}
	hash, err := s.cfg.Auth.HashPassword(q.r.Context(), form.Get("password"), p.Name, p.Email)
	if errors.Is(err, auth.ErrWeak) {
		p.Problems = page.Problems{{Field: "password", Code: "weak-password"}}
		return q.show(http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	org, person, err := s.cfg.Door.Setup(q.r.Context(), door.SetupDraft{
		LinkHash: auth.HashSecret(p.Token), Organisation: p.Org,
		Owner: door.Newcomer{Name: p.Name, Handle: p.Handle, Address: auth.Address(p.Email), Zone: p.Zone, Lang: q.words.Lang(), PasswordHash: hash},
	})
	if ps, ok := problems(err); ok {
		p.Problems = ps
		return q.show(http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	secret, err := s.cfg.Auth.Begin(q.r.Context(), org, person, q.r.UserAgent())
	if err != nil {
		return err
	}
	if err := s.enter(q, secret); err != nil {
		return err
	}
	return q.seeOther(page.PathCharter)
}

// zoneNames proposes the zones of the places people mostly live in; any other
// name can be typed.
func zoneNames() []string {
	return []string{
		"Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "America/Argentina/Buenos_Aires", "America/Bogota",
		"America/Chicago", "America/Denver", "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Sao_Paulo",
		"America/Toronto", "America/Vancouver", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Kathmandu",
		"Asia/Kolkata", "Asia/Manila", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Australia/Melbourne",
		"Australia/Sydney", "Europe/Amsterdam", "Europe/Berlin", "Europe/Istanbul", "Europe/Lisbon", "Europe/London", "Europe/Madrid",
		"Europe/Paris", "Europe/Rome", "Europe/Stockholm", "Europe/Vienna", "Europe/Warsaw", "Europe/Zurich", "Pacific/Auckland",
	}
}
