package web

import (
	"errors"
	"net/http"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/web/page"
)

// postNewAddress mails a link to another address that the reader wants to have.
func (s *Server) postNewAddress(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	email := form.Get("email")
	err = front.AskAddress(q.r.Context(), s.cfg.Auth, s.cfg.Door, q.who, q.actor(), front.AddressWish{
		Email: email, Password: form.Get("password"), From: s.cfg.Peer(q.r), MailOff: s.cfg.MailOff,
	})
	if ps, ok := problems(err); ok {
		return s.refused(q, "address", map[string]string{"email": cut(email, 254)}, ps)
	}
	if err != nil {
		return err
	}
	p, err := s.settingsPage(q)
	if err != nil {
		return err
	}
	p.AddressAsked = true
	return q.show(http.StatusOK, p.View())
}

// getAddress is where a link for another mail address leads. Opening it changes
// nothing: mail is read by machines too.
func (s *Server) getAddress(q *request) error {
	token := q.r.PathValue("token")
	to, address, err := s.cfg.Auth.AddressOf(q.r.Context(), q.org.ID, token)
	if errors.Is(err, auth.ErrNobody) {
		return s.deadLink(q, "address", err)
	}
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, page.AddressLink{Frame: s.frame(q, page.NoRoom), Token: token, Name: to.Person.Name, Org: q.org.Name, Email: address}.View())
}

// postAddress uses the link.
func (s *Server) postAddress(q *request) error {
	if _, err := readForm(q); err != nil {
		return err
	}
	address, err := s.cfg.Auth.MoveAddress(q.r.Context(), q.org.ID, q.r.PathValue("token"))
	if errors.Is(err, auth.ErrNobody) {
		return s.deadLink(q, "address", err)
	}
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, page.AddressLink{Frame: s.frame(q, page.NoRoom), Org: q.org.Name, Email: address, Done: true}.View())
}
