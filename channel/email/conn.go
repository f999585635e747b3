package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"github.com/rubato-hq/rubato/dial"
)

// The bounds of one message.
const (
	// timeout is for the making of a connection with its greetings, and then for
	// each message on it. The caller's context ends both sooner.
	timeout = 40 * time.Second
	// rest is how long an open connection waits for the next message; relays
	// close idle ones after a minute or more.
	rest = 15 * time.Second
	// kept is how many open connections wait in each lane.
	kept = 4
	// farewell is how long a relay may take to answer QUIT.
	farewell = 2 * time.Second
)

// lane holds open connections that wait for the next message.
type lane struct {
	relay relay
	idle  chan *conn
}

func newLane(r relay) *lane { return &lane{relay: r, idle: make(chan *conn, kept)} }

// conn is one connection to the relay. Whoever holds it uses it alone.
type conn struct {
	client *gomail.Client
	smtp   *smtp.Client
	raw    net.Conn
	leave  *time.Timer // while it waits: when it says goodbye
}

// send sends over an open connection, or makes one. A connection that the
// relay has closed meanwhile costs nothing: no part of the message went out.
func (l *lane) send(ctx context.Context, msg *gomail.Msg) error {
	for c := l.waiting(); c != nil; c = l.waiting() {
		err := c.send(ctx, msg)
		if e, ok := errors.AsType[*gomail.SendError](err); ok && e.Reason == gomail.ErrConnCheck && ctx.Err() == nil {
			c.raw.Close()
			continue
		}
		l.keep(c, err)
		return err
	}
	c, err := l.relay.open(ctx)
	if err != nil {
		return fmt.Errorf("reach the mail relay: %w", err)
	}
	err = c.send(ctx, msg)
	l.keep(c, err)
	return err
}

// waiting takes an open connection, nil for none.
func (l *lane) waiting() *conn {
	for {
		select {
		case c := <-l.idle:
			if c.leave.Stop() {
				return c
			}
		default:
			return nil
		}
	}
}

// keep lets a connection wait for the next message, unless it may be broken:
// a refusal leaves it whole, anything else may not.
func (l *lane) keep(c *conn, err error) {
	if err != nil && refusal(err) == nil {
		c.raw.Close()
		return
	}
	c.leave = time.AfterFunc(rest, c.quit)
	select {
	case l.idle <- c:
	default:
		if c.leave.Stop() {
			c.quit()
		}
	}
}

func (c *conn) quit() {
	if c.raw.SetDeadline(time.Now().Add(farewell)) == nil {
		_ = c.smtp.Quit() // it may have gone first
	}
	c.raw.Close()
}

// send hands one message over. The end of the context ends it at once.
func (c *conn) send(ctx context.Context, msg *gomail.Msg) error {
	stop := context.AfterFunc(ctx, func() { c.raw.Close() })
	defer stop()
	return c.client.SendWithSMTPClient(c.smtp, msg)
}

// open connects, encrypts and signs in.
func (r relay) open(ctx context.Context) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	c := new(conn)
	stop := func() bool { return true }
	client, err := r.client(func(raw net.Conn) {
		c.raw = raw
		stop = context.AfterFunc(ctx, func() { raw.Close() })
	})
	if err != nil {
		return nil, err
	}
	c.client = client
	c.smtp, err = client.DialToSMTPClientWithContext(ctx)
	stop()
	if err != nil {
		if c.raw != nil {
			c.raw.Close()
		}
		return nil, err
	}
	return c, nil
}

// client is a library client for one connection, which it gives to opened.
func (r relay) client(opened func(net.Conn)) (*gomail.Client, error) {
	address := net.JoinHostPort(r.host, strconv.Itoa(r.port))
	to := dial.Configured(address)
	options := []gomail.Option{
		gomail.WithPort(r.port), gomail.WithTimeout(timeout), gomail.WithHELO(r.helo), gomail.WithTLSConfig(r.tls),
		gomail.WithDialContextFunc(func(ctx context.Context, network, _ string) (net.Conn, error) {
			raw, err := r.connect(ctx, network, address, to)
			if err == nil {
				opened(raw)
			}
			return raw, err
		}),
	}
	if r.implicit {
		options = append(options, gomail.WithSSL())
	} else {
		options = append(options, gomail.WithTLSPolicy(r.policy))
	}
	if r.user != "" {
		// PLAIN and LOGIN refuse by themselves to speak without TLS off this machine.
		options = append(options, gomail.WithUsername(r.user), gomail.WithPassword(r.password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	client, err := gomail.NewClient(r.host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail relay: %w", err)
	}
	return client, nil
}

// connect dials, with TLS from the first byte where the address says so.
func (r relay) connect(ctx context.Context, network, address string, to dial.Func) (net.Conn, error) {
	raw, err := to(ctx, network, address)
	if err != nil || !r.implicit {
		return raw, err
	}
	secure := tls.Client(raw, r.tls)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return secure, nil
}
