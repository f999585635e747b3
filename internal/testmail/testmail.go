// Package testmail is a mail server for tests: it speaks real SMTP on loopback,
// keeps every message it accepts, and fails in the ways mail servers fail.
//
// In a test, Start gives one inside the test process; Spawn gives one as a
// process of its own that writes each message durably to a folder, for tests
// that kill things. What it kept is read as Messages, found by Message-ID and
// recipient, because that is what may not be lost or doubled.
//
// Nothing is delivered anywhere and no mail is composed here: that is
// channel/email. Faults of the network below SMTP (lost packets, slow links)
// do not live here either.
package testmail

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// Config says how a server is set up; the zero value is a good one.
type Config struct {
	Addr     string // where to listen; "" is a free port of 127.0.0.1
	Dir      string // keep messages as files in this folder, synced before they are accepted; "" is in memory alone
	StartTLS bool   // offer STARTTLS, with a certificate that Server.Roots trusts
	Username string // with Password: demand AUTH PLAIN before any mail
	Password string
}

// Server is a running mail server. Its methods may be called from any goroutine.
type Server struct {
	cfg   Config
	addr  string
	smtp  *smtp.Server
	gate  *gate
	done  chan struct{}
	roots *x509.CertPool
	end   sync.WaitGroup

	mu       sync.Mutex
	messages []Message
	tries    map[string]int // recipient -> RCPT commands, accepted or not
	faults   []Fault
	changed  chan struct{} // closed and replaced when a message is accepted
}

// Start runs a server for this test with the zero Config and closes it at the end.
func Start(t testing.TB) *Server {
	t.Helper()
	return StartWith(t, Config{})
}

// StartWith is Start with a Config.
func StartWith(t testing.TB, cfg Config) *Server {
	t.Helper()
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// New runs a server until Close.
func New(cfg Config) (*Server, error) {
	if cfg.Addr == "" {
		cfg.Addr = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("test mail server: %w", err)
	}
	s := &Server{
		cfg:     cfg,
		addr:    listener.Addr().String(),
		done:    make(chan struct{}),
		tries:   map[string]int{},
		changed: make(chan struct{}),
	}
	s.gate = newGate(listener, s)
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{server: s, conn: c, authenticated: cfg.Username == ""}, nil
	}))
	s.smtp.Domain = "mail.test"
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.AllowInsecureAuth = !cfg.StartTLS
	s.smtp.ErrorLog = log.New(io.Discard, "", 0) // broken connections are what tests make
	if cfg.StartTLS {
		if s.smtp.TLSConfig, s.roots, err = selfSigned(); err != nil {
			listener.Close()
			return nil, err
		}
	}
	s.end.Go(func() { _ = s.smtp.Serve(s.gate) }) // ends with Close, and tells so
	return s, nil
}

// Close ends the server and every connection to it. What it kept can still be read.
func (s *Server) Close() {
	select {
	case <-s.done:
		return
	default:
	}
	close(s.done)
	_ = s.smtp.Close()
	_ = s.gate.Close() // the server has closed it already; this waits for what hangs in it
	s.end.Wait()
}

// Addr is where the server listens, as host:port.
func (s *Server) Addr() string { return s.addr }

// Roots trusts the certificate of a server with StartTLS, which is made out to
// 127.0.0.1 and localhost; nil without StartTLS.
func (s *Server) Roots() *x509.CertPool { return s.roots }

// Messages returns what was accepted so far, in order.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// To returns the messages accepted for one recipient, in order.
func (s *Server) To(recipient string) []Message {
	return slices.DeleteFunc(s.Messages(), func(m Message) bool { return !slices.Contains(m.Recipients, recipient) })
}

// Copies counts each accepted Message-ID and recipient: 1 is once, 2 is twice.
func (s *Server) Copies() map[Key]int { return Count(s.Messages()) }

// Tries tells how often the recipient was named in a RCPT command, refused or not.
func (s *Server) Tries(recipient string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tries[recipient]
}

// Wait returns the messages as soon as there are n or more. When ctx ends
// first it returns those there are and the reason.
func (s *Server) Wait(ctx context.Context, n int) ([]Message, error) {
	for {
		s.mu.Lock()
		got, changed := slices.Clone(s.messages), s.changed
		s.mu.Unlock()
		if len(got) >= n {
			return got, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return got, fmt.Errorf("wait for %d mails, have %d: %w", n, len(got), context.Cause(ctx))
		}
	}
}

// accept keeps one message; when it returns nil, the message is as safe as the Config asks.
func (s *Server) accept(from string, to []string, raw []byte) error {
	m := parse(from, to, raw)
	m.At = time.Now()
	if s.cfg.Dir != "" {
		if err := write(s.cfg.Dir, m); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, m)
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}

// tried notes a RCPT command.
func (s *Server) tried(recipient string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries[recipient]++
}
