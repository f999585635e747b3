package testmail

import (
	"bytes"
	"crypto/subtle"
	"fmt"
	"io"
	"slices"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// session is one client's conversation. Only its own connection's goroutine uses it.
type session struct {
	server        *Server
	conn          *smtp.Conn
	authenticated bool
	from          string
	to            []string
}

// AuthMechanisms implements smtp.AuthSession.
func (s *session) AuthMechanisms() []string {
	if s.server.cfg.Username == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth implements smtp.AuthSession.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		user := subtle.ConstantTimeCompare([]byte(username), []byte(s.server.cfg.Username))
		pass := subtle.ConstantTimeCompare([]byte(password), []byte(s.server.cfg.Password))
		if user&pass != 1 {
			return smtp.ErrAuthFailed
		}
		s.authenticated = true
		return nil
	}), nil
}

// Mail implements smtp.Session.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.authenticated {
		return smtp.ErrAuthRequired
	}
	if err := s.server.strike(Sender, nil, s.conn.Conn()); err != nil {
		return err
	}
	s.from, s.to = from, nil
	return nil
}

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.tried(to)
	if err := s.server.strike(Recipient, []string{to}, s.conn.Conn()); err != nil {
		return err
	}
	s.to = append(s.to, to)
	return nil
}

// Data implements smtp.Session. A client that breaks off leaves nothing behind.
func (s *session) Data(r io.Reader) error {
	var raw bytes.Buffer
	if _, err := raw.ReadFrom(r); err != nil {
		return fmt.Errorf("read the message: %w", err)
	}
	if err := s.server.strike(Data, s.to, s.conn.Conn()); err != nil {
		return err
	}
	if err := s.server.accept(s.from, slices.Clone(s.to), raw.Bytes()); err != nil {
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 3, 1}, Message: err.Error()}
	}
	return s.server.strike(AfterData, s.to, s.conn.Conn())
}

// Reset implements smtp.Session.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout implements smtp.Session.
func (s *session) Logout() error { return nil }
