// Package dial opens connections to the outside in the two ways that security
// 1.10 knows: [Configured], for what the operator wrote into the settings, and
// [Guarded], for what a person typed or what was learned from data.
//
// What does not live here: what is said over a connection (package channel),
// connections that come in, and PostgreSQL's own (package store).
package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Timeout bounds the making of a connection, names and all.
const Timeout = 10 * time.Second

// Func makes a connection; it is what clients of the standard library take.
type Func func(ctx context.Context, network, address string) (net.Conn, error)

// Configured returns a dialer for the one address, host:port, that the settings
// name. It goes wherever the operator says, inner addresses included, and
// nowhere else, whatever a library or a peer makes of the address.
func Configured(address string) Func {
	d := &net.Dialer{Timeout: Timeout}
	return func(ctx context.Context, network, to string) (net.Conn, error) {
		if to != address {
			return nil, &Refused{Address: to, Why: "is not the configured address"}
		}
		return d.DialContext(ctx, network, to)
	}
}

// Refused says that a dialer did not open a connection, on purpose. Trying
// again changes nothing while the address and the settings stay as they are.
type Refused struct {
	Address string // as it was asked for, or as it was found by name
	Why     string
}

func (r *Refused) Error() string { return r.Address + " " + r.Why }

// Guarded opens connections to addresses that people typed. Make one with
// [NewGuarded]; it is safe for concurrent use.
type Guarded struct {
	allow  []string
	inner  *net.Dialer // to what the admin allows
	public *net.Dialer // to everything else
}

// NewGuarded returns a dialer to public addresses at the ports 80 and 443.
// allow lists host:port pairs that the admin opens beside them, by the name
// that people write: whatever such a name means, at that port, may be reached.
// resolver may be nil; tests give their own.
func NewGuarded(allow []string, resolver *net.Resolver) (*Guarded, error) {
	g := &Guarded{
		inner:  &net.Dialer{Timeout: Timeout, Resolver: resolver},
		public: &net.Dialer{Timeout: Timeout, Resolver: resolver, Control: control},
	}
	for _, pair := range allow {
		host, port, err := net.SplitHostPort(pair)
		if err != nil || host == "" || port == "" {
			return nil, fmt.Errorf("allowed host %q: give it as host:port", pair)
		}
		g.allow = append(g.allow, canonical(host, port))
	}
	return g, nil
}

// DialContext is a [Func]. The check is made on the address that is really
// dialled, after names are resolved and for each of their addresses, so that
// neither a spelling nor a name server that changes its mind gets past it.
func (g *Guarded) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if network != "tcp" && network != "tcp4" && network != "tcp6" {
		return nil, &Refused{Address: address, Why: "is no TCP address"}
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	d := g.public
	if slices.Contains(g.allow, canonical(host, port)) {
		d = g.inner
	}
	conn, err := d.DialContext(ctx, network, address)
	if refused, ok := errors.AsType[*Refused](err); ok {
		return nil, refused
	}
	return conn, err
}

// canonical writes a pair in the one way in which pairs are compared.
func canonical(host, port string) string {
	return net.JoinHostPort(strings.TrimSuffix(strings.ToLower(host), "."), port)
}

// control is asked by the standard library between socket and connect, with
// the address in numbers.
func control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	switch {
	case err != nil:
		return &Refused{Address: address, Why: "is no address"}
	case to.Port() != 80 && to.Port() != 443:
		return &Refused{Address: address, Why: "is at a port other than 80 and 443"}
	case !Public(to.Addr()):
		return &Refused{Address: address, Why: "is an inner address"}
	}
	return nil
}
