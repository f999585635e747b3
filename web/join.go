package web

import (
	"errors"
	"net/http"
	"strings"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/web/page"
)

// deadLink says what became of a link that opens nothing, and what to do.
func (s *Server) deadLink(q *request, kind string, err error) error {
	p := page.BadLink{Frame: s.frame(q, page.NoRoom), Kind: kind, How: "unknown"}
	status := http.StatusNotFound
	switch {
	case errors.Is(err, auth.ErrSpent):
		p.How, status = "used", http.StatusGone
	case errors.Is(err, auth.ErrLate):
		p.How, status = "late", http.StatusGone
	case errors.Is(err, auth.ErrTaken):
		p.How, status = "taken", http.StatusGone
	}
	return q.show(status, p.View())
}

// getJoin is where an invite leads.
func (s *Server) getJoin(q *request) error {
	p, err := s.joinPage(q)
	switch {
	case errors.Is(err, auth.ErrNobody):
		return s.deadLink(q, "invite", err)
	case err != nil:
		return err
	case q.signedIn():
		return q.show(http.StatusOK, page.HereAlready{Frame: p.Frame, Org: q.org.Name}.View())
	}
	return q.show(http.StatusOK, p.View())
}

func (s *Server) joinPage(q *request) (page.Join, error) {
	p := page.Join{Frame: s.frame(q, page.NoRoom), Token: q.r.PathValue("token"), Org: q.org.Name, Zones: zoneNames()}
	i, err := s.cfg.Auth.Invitation(q.r.Context(), q.org.ID, p.Token)
	p.By, p.Team, p.Name = i.By, i.Team, i.Name
	p.Email, p.EmailFixed = i.Link.Address, i.Link.Address != ""
	return p, err
}

// postJoin uses the invite up and lets the newcomer in.
func (s *Server) postJoin(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	p, err := s.joinPage(q)
	if errors.Is(err, auth.ErrNobody) {
		return s.deadLink(q, "invite", err)
	}
	if err != nil {
		return err
	}
	p.Name, p.Handle, p.Zone = form.Get("name"), strings.TrimSpace(form.Get("handle")), strings.TrimSpace(form.Get("zone"))
	if !p.EmailFixed {
		p.Email = strings.TrimSpace(form.Get("email"))
	}
	again := func(ps page.Problems) error {
		p.Problems = ps
		return q.show(http.StatusUnprocessableEntity, p.View())
	}
	hash, err := s.cfg.Auth.HashPassword(q.r.Context(), form.Get("password"), p.Name, p.Email)
	if errors.Is(err, auth.ErrWeak) {
		return again(page.Problems{{Field: "password", Code: "weak-password"}})
	}
	if err != nil {
		return err
	}
	person, err := s.cfg.Door.Join(q.r.Context(), q.org.ID, auth.HashSecret(p.Token), door.Newcomer{
		Name: p.Name, Handle: p.Handle, Address: auth.Address(p.Email), Zone: p.Zone, Lang: q.words.Lang(), PasswordHash: hash,
	})
	if ps, ok := problems(err); ok {
		return again(ps)
	}
	if errors.Is(err, access.ErrHidden) { // somebody else used it meanwhile
		return s.deadLink(q, "invite", auth.ErrSpent)
	}
	if err != nil {
		return err
	}
	secret, err := s.cfg.Auth.Begin(q.r.Context(), q.org.ID, person, q.r.UserAgent())
	if err != nil {
		return err
	}
	if err := s.enter(q, secret); err != nil {
		return err
	}
	return q.seeOther(page.PathCharter)
}

// getReset asks for the address of somebody who cannot come in any more.
func (s *Server) getReset(q *request) error {
	if q.org.ID == "" {
		return front.ErrEmpty
	}
	return q.show(http.StatusOK, page.ResetAsk{Frame: s.frame(q, page.NoRoom), Mail: !s.cfg.MailOff}.View())
}

// postReset mails a link to whoever has the address. What it answers does not
// tell whether somebody has.
func (s *Server) postReset(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	if q.org.ID == "" {
		return front.ErrEmpty
	}
	p := page.ResetAsk{Frame: s.frame(q, page.NoRoom), Mail: !s.cfg.MailOff, Email: strings.TrimSpace(form.Get("email"))}
	if s.cfg.MailOff {
		return q.show(http.StatusOK, p.View())
	}
	if !door.ValidAddress(p.Email) {
		p.Problems = page.Problems{{Field: "email", Code: "not-an-address"}}
		return q.show(http.StatusUnprocessableEntity, p.View())
	}
	if err := s.cfg.Auth.MayReset(q.org.ID, p.Email, s.cfg.Peer(q.r)); err != nil {
		return err
	}
	_, draft := newReset()
	if err := s.cfg.Door.AskReset(q.r.Context(), q.org.ID, auth.Address(p.Email), draft); err != nil {
		return err
	}
	p.Sent = true
	return q.show(http.StatusOK, p.View())
}

// getNewPassword is where a reset link leads.
func (s *Server) getNewPassword(q *request) error {
	token := q.r.PathValue("token")
	to, err := s.cfg.Auth.ResetOf(q.r.Context(), q.org.ID, token)
	if errors.Is(err, auth.ErrNobody) {
		return s.deadLink(q, "reset", err)
	}
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, page.ResetSet{Frame: s.frame(q, page.NoRoom), Token: token, Name: to.Person.Name}.View())
}

// postNewPassword sets the password, which ends every session, and signs in.
func (s *Server) postNewPassword(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	token := q.r.PathValue("token")
	person, err := s.cfg.Auth.Reset(q.r.Context(), q.org.ID, token, form.Get("password"))
	switch {
	case errors.Is(err, auth.ErrNobody):
		return s.deadLink(q, "reset", err)
	case errors.Is(err, auth.ErrWeak):
		to, err := s.cfg.Auth.ResetOf(q.r.Context(), q.org.ID, token)
		if err != nil {
			return err
		}
		p := page.ResetSet{Frame: s.frame(q, page.NoRoom), Token: token, Name: to.Person.Name, Problems: page.Problems{{Field: "password", Code: "weak-password"}}}
		return q.show(http.StatusUnprocessableEntity, p.View())
	case err != nil:
		return err
	}
	secret, err := s.cfg.Auth.Begin(q.r.Context(), q.org.ID, person, q.r.UserAgent())
	if err != nil {
		return err
	}
	if err := s.enter(q, secret); err != nil {
		return err
	}
	return q.seeOther(page.PathBrief)
}

// newReset makes the secret of a reset link and what the door writes of it.
func newReset() (secret string, draft door.ResetDraft) {
	secret, hash := auth.NewSecret()
	return secret, door.ResetDraft{Hash: hash, Path: page.Sub(page.PathReset, secret), Ends: auth.Until(auth.ResetLife)}
}

// newInvite is the same for an invite.
func newInvite() (secret string, draft door.InviteDraft) {
	secret, hash := auth.NewSecret()
	return secret, door.InviteDraft{Hash: hash, Ends: auth.Until(auth.InviteLife), Role: access.Member}
}
