package web

import (
	"net/http"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// oneClick is the body of RFC 8058, as field and value.
const oneClickField, oneClickValue = "List-Unsubscribe", "One-Click"

// getUnsubscribe says what the address in a mail does, and has the button that
// does it. Scanners open such addresses, so opening changes nothing.
func (s *Server) getUnsubscribe(q *request) error { return s.unsubscribePage(q, false) }

// postUnsubscribe turns brief mail off, for the mail program that asks for it by
// RFC 8058 and for the button alike. Nothing but the secret in the address
// counts: a session is not looked at, so a page elsewhere that sends this form
// can do no more than whoever wrote that page could do anyway. That is why the
// check for forms from other sites leaves this one route out.
func (s *Server) postUnsubscribe(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	if form.Get(oneClickField) != oneClickValue {
		return errForm
	}
	if err := s.cfg.Door.Unsubscribe(q.r.Context(), q.org.ID, q.r.PathValue("secret")); err != nil {
		return err
	}
	return s.unsubscribePage(q, true)
}

// unsubscribePage speaks to whose mail it is, whoever may be signed in here.
func (s *Server) unsubscribePage(q *request, done bool) error {
	one, err := s.cfg.Auth.Feed(q.r.Context(), q.org.ID, store.FeedUnsubscribe, q.r.PathValue("secret"))
	if err != nil {
		return err
	}
	q.who, q.words = auth.Who{}, s.cfg.Words.For(one.Lang)
	q.w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	p := page.Unsubscribe{Frame: s.frame(q, page.NoRoom), Done: done}
	return q.show(http.StatusOK, p.View())
}
