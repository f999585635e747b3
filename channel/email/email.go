// Package email sends messages through the mail relay that the operator
// configured (security 1.15). It speaks SMTP and knows which answers are final.
//
// What does not live here: what a mail says (package delivery renders it), when
// it goes and when again (delivery), signing for a domain (the relay does),
// and mail that comes in.
package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/rubato-hq/rubato/delivery"
)

// Config names the relay and the sender.
type Config struct {
	// SMTP is smtp://user:password@host:587 or smtps://...:465. Off this machine
	// smtp:// insists on STARTTLS; ?tls=optional takes it where it is offered and
	// never sends a password without it, ?tls=off does without. On this machine
	// it is off unless ?tls=required.
	SMTP string
	// From is the sender of all mail, an address or "Name <address>".
	From string
	// Roots verifies the relay; nil takes those of the system.
	Roots *x509.CertPool
}

// Sender is a delivery.Channel. Crises have connections of their own, so that
// nothing that hangs in the others can hold them.
type Sender struct {
	from   mail.Address
	host   string
	briefs *lane // and links
	crises *lane
	// trouble is what the relay last said when it would not take mail of ours.
	trouble atomic.Pointer[string]
}

// New reads the settings; it does not connect.
func New(cfg Config) (*Sender, error) {
	from, err := mail.ParseAddress(cfg.From)
	if err != nil {
		return nil, fmt.Errorf("sender address %q: %w", cfg.From, err)
	}
	u, err := url.Parse(cfg.SMTP)
	if err != nil {
		return nil, errors.New("mail relay: give it as smtp://user:password@host:587") // the error would show the password
	}
	r, err := readRelay(u)
	if err != nil {
		return nil, err
	}
	r.tls = &tls.Config{ServerName: r.host, RootCAs: cfg.Roots, MinVersion: tls.VersionTLS12}
	if r.helo, err = os.Hostname(); err != nil || r.helo == "" {
		r.helo = "localhost"
	}
	if _, err := r.client(func(net.Conn) {}); err != nil { // what it refuses, it refuses at the start
		return nil, err
	}
	return &Sender{from: *from, host: r.host, briefs: newLane(r), crises: newLane(r)}, nil
}

// relay is the server of the settings.
type relay struct {
	host           string
	port           int
	implicit       bool // TLS from the first byte
	policy         gomail.TLSPolicy
	user, password string
	helo           string
	tls            *tls.Config
}

func readRelay(u *url.URL) (relay, error) {
	r := relay{host: u.Hostname(), port: 587, user: u.User.Username()}
	r.password, _ = u.User.Password()
	switch u.Scheme {
	case "smtp":
	case "smtps":
		r.implicit, r.port = true, 465
	default:
		return r, errors.New("mail relay: give it as smtp://host:587 or smtps://host:465")
	}
	if r.host == "" || (u.Path != "" && u.Path != "/") {
		return r, errors.New("mail relay: give it as smtp://host:587 or smtps://host:465")
	}
	if p := u.Port(); p != "" {
		var err error
		if r.port, err = strconv.Atoi(p); err != nil {
			return r, fmt.Errorf("mail relay: port %q", p)
		}
	}
	r.policy = gomail.TLSMandatory
	if here(r.host) {
		r.policy = gomail.NoTLS
	}
	switch how := u.Query().Get("tls"); how {
	case "":
	case "required":
		r.policy = gomail.TLSMandatory
	case "optional":
		r.policy = gomail.TLSOpportunistic
	case "off":
		r.policy = gomail.NoTLS
	default:
		return r, fmt.Errorf("mail relay: tls=%s; it is required, optional or off", how)
	}
	return r, nil
}

// here reports whether a host is this machine.
func here(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Send hands one message to the relay. What the relay refuses for this
// recipient or this message alone is a *delivery.Permanent with the relay's
// code and words; everything else, a lost answer included, is temporary, and
// the next attempt carries the same Message-ID.
func (s *Sender) Send(ctx context.Context, m delivery.Message) (string, error) {
	msg, err := s.compose(m, time.Now())
	if err != nil {
		return "", &delivery.Permanent{Err: err}
	}
	l := s.briefs
	if m.Urgent {
		l = s.crises
	}
	err = l.send(ctx, msg)
	s.trouble.Store(ours(err))
	if err == nil || msg.IsDelivered() { // it has the mail: that it stumbled afterwards is no matter of the mail
		return msg.ServerResponse(), nil
	}
	if final := refusal(err); final != nil {
		return "", final
	}
	err = fmt.Errorf("send mail: %w", err)
	if e, ok := errors.AsType[*gomail.SendError](err); ok && e.Reason == gomail.ErrSMTPDataClose && e.ErrorCode() == 0 {
		return "", &delivery.Unanswered{Err: err} // it had all of the mail
	}
	return "", err
}

// Host is the name of the relay.
func (s *Sender) Host() string { return s.host }

// Trouble is what the relay last said when it refused us, or did not answer; ""
// while it takes mail, whatever it says of single recipients.
func (s *Sender) Trouble() string {
	if said := s.trouble.Load(); said != nil {
		return *said
	}
	return ""
}

// ours is what went wrong between the relay and us, nil for nothing: what it
// says of a recipient or a message is no trouble of the relay's.
func ours(err error) *string {
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	if e, ok := errors.AsType[*gomail.SendError](err); ok {
		switch e.Reason {
		case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose, gomail.ErrNoUnencoded:
			if e.ErrorCode() > 0 {
				return nil
			}
		default:
		}
		if e.ErrorCode() > 0 {
			said := words(e)
			return &said
		}
	}
	said := err.Error()
	return &said
}

// refusal returns a final answer about the recipient or the message. An answer
// to MAIL FROM, or one that asks for a sign-in, is about us: the operator mends
// it, and the mail waits.
func refusal(err error) error {
	e, ok := errors.AsType[*gomail.SendError](err)
	if !ok || e.ErrorCode() < 500 || e.ErrorCode() > 599 || slices.Contains([]int{503, 530, 534, 535, 538}, e.ErrorCode()) {
		return nil
	}
	switch e.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		return &delivery.Permanent{Err: errors.New(words(e))}
	default:
		return nil
	}
}

// words are what the relay said, code first, without what the library adds.
func words(e *gomail.SendError) string {
	said := strings.TrimPrefix(e.Error(), e.Reason.String()+": ")
	said, _, _ = strings.Cut(said, ", affected ")
	code, text, _ := strings.Cut(said, " ")
	if plain, err := strconv.Unquote(text); err == nil { // as net/textproto writes it
		return code + " " + plain
	}
	return said
}
