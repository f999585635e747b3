package testmail

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Stage is the point of an SMTP session at which a Fault strikes.
type Stage string

// The stages, in the order in which a session passes them.
const (
	Connect   Stage = "connect"    // the client has connected and waits for the greeting
	Sender    Stage = "sender"     // MAIL FROM
	Recipient Stage = "recipient"  // RCPT TO
	Data      Stage = "data"       // the whole message has arrived; it is not kept
	AfterData Stage = "after data" // the message has been kept; its 250 has not been sent
)

// Fault is one way to fail. A server asks its faults in the order in which they
// were given and obeys the first that fits.
//
//	s.Fail(Fault{At: Data, Code: 451, Times: 3})                  // greylisted three times, then fine
//	s.Fail(Fault{At: Recipient, To: "mia@example.org", Code: 550}) // she does not exist; others do
//	s.Fail(Fault{At: Connect, Hang: true})                        // takes the call and never speaks
//	s.Fail(Fault{At: AfterData, Drop: true, Times: 1})            // has the mail, but its yes is lost
//	s.Fail(Fault{At: Data, Delay: 5 * time.Second})               // slow, then fine
//	s.Fail(Fault{At: Recipient, To: "@example.org", Code: 451, Once: true}) // a domain that greylists
type Fault struct {
	At    Stage
	To    string        // strikes for this recipient alone (not at Connect or Sender), "@domain" for those of a domain; "" is all
	Once  bool          // strikes each recipient once, and lets them be from then on
	Skip  int           // leaves the first so many in peace
	Times int           // strikes so often, then never again; 0 is always
	Delay time.Duration // waits before anything else
	Code  int           // answers this: 4xx temporary, 5xx permanent; 0 goes on as if nothing had been
	Hang  bool          // never answers
	Drop  bool          // closes the connection without an answer

	struck map[string]bool // by Once
}

// Fail adds a fault.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

// Heal takes all faults back; sessions that hang already go on hanging.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// errDropped ends a session whose connection was closed on purpose.
var errDropped = errors.New("connection dropped on purpose")

// strike lets the first fitting fault happen. It returns what to answer
// instead of yes, or nil.
func (s *Server) strike(at Stage, recipients []string, conn net.Conn) error {
	f, ok := s.next(at, recipients)
	if !ok {
		return nil
	}
	if f.Delay > 0 {
		wait := time.NewTimer(f.Delay)
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-s.done:
		}
	}
	if f.Hang {
		<-s.done
		return errDropped
	}
	if f.Drop {
		_ = conn.Close() // closed already is closed too
		return errDropped
	}
	if f.Code == 0 {
		return nil
	}
	class := f.Code / 100
	return &smtp.SMTPError{Code: f.Code, EnhancedCode: smtp.EnhancedCode{class, 3, 0}, Message: "as the test asked"}
}

// next takes one stroke from the first fault that fits.
func (s *Server) next(at Stage, recipients []string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.faults {
		f := &s.faults[i]
		if !f.fits(at, recipients) {
			continue
		}
		if f.Once {
			if f.struck == nil {
				f.struck = make(map[string]bool)
			}
			for _, r := range recipients {
				f.struck[r] = true
			}
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		switch f.Times {
		case 0:
			return *f, true
		case 1:
			f.Times = -1 // spent
		default:
			f.Times--
		}
		return *f, true
	}
	return Fault{}, false
}

func (f *Fault) fits(at Stage, recipients []string) bool {
	if f.At != at || f.Times < 0 {
		return false
	}
	if f.Once && !slices.ContainsFunc(recipients, func(r string) bool { return !f.struck[r] }) {
		return false
	}
	if domain, ok := strings.CutPrefix(f.To, "@"); ok {
		return slices.ContainsFunc(recipients, func(r string) bool { return strings.HasSuffix(r, "@"+domain) })
	}
	return f.To == "" || slices.Contains(recipients, f.To)
}

// gate is the listener that the SMTP server accepts from: it lets the faults of
// Connect happen before the server sees the connection.
type gate struct {
	net.Listener
	server *Server
	passed chan net.Conn
	once   sync.Once
	closed chan struct{}
	end    sync.WaitGroup
}

func newGate(l net.Listener, s *Server) *gate {
	g := &gate{Listener: l, server: s, passed: make(chan net.Conn), closed: make(chan struct{})}
	g.end.Go(g.listen)
	return g
}

func (g *gate) listen() {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return // closed
		}
		g.end.Go(func() { g.admit(conn) })
	}
}

func (g *gate) admit(conn net.Conn) {
	err := g.server.strike(Connect, nil, conn)
	if refused, ok := errors.AsType[*smtp.SMTPError](err); ok {
		_, _ = fmt.Fprintf(conn, "%d %s\r\n", refused.Code, refused.Message) // to a client that may have gone
	}
	if err != nil {
		conn.Close()
		return
	}
	select {
	case g.passed <- conn:
	case <-g.closed:
		conn.Close()
	}
}

// Accept returns the next connection that no fault has stopped.
func (g *gate) Accept() (net.Conn, error) {
	select {
	case conn := <-g.passed:
		return conn, nil
	case <-g.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the listening and waits for the connections that hang in it. The
// server's done must be closed before.
func (g *gate) Close() error {
	err := net.ErrClosed
	g.once.Do(func() {
		err = g.Listener.Close()
		close(g.closed)
	})
	g.end.Wait()
	return err
}
