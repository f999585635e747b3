// Package front is what every way in over HTTP does alike: the headers of each
// answer, the hosts it answers for, who is asking from where, the bytes of
// files, when followers have what is written, and the status that an error comes to.
//
// What does not live here: routes, pages, JSON, and who is there (package auth).
package front

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// Front is how this server is reached.
type Front struct {
	// Public is the address that people and links use.
	Public *url.URL
	// AnyHost accepts every loopback name beside Public's; for no --url.
	AnyHost bool
	// Proxies are those whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
}

// csp is the policy of security 1.2, the same on every answer.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; " +
	"trusted-types rubato; require-trusted-types-for 'script'; report-to csp"

// Headers sets what every answer carries (security 1.2 and 1.3).
func (f Front) Headers(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", csp)
	h.Set("Reporting-Endpoints", `csp="/csp"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	if f.Secure() {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// Secure reports whether people come by https.
func (f Front) Secure() bool { return f.Public.Scheme == "https" }

// Known accepts the public host, and without a public URL every loopback name
// on the same port (security 1.5). An organisation may have a host of its own:
// see Named.
func (f Front) Known(host string) bool {
	if strings.EqualFold(host, f.Public.Host) {
		return true
	}
	if !f.AnyHost {
		return false
	}
	u := url.URL{Host: host}
	name := u.Hostname()
	if strings.ContainsAny(name, "#@/?,") {
		return false // no name, but a program may read one in it
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || name == "127.0.0.1" || name == "::1"
}

// Answers is ErrMisdirected for a request to a host that neither is known nor
// belongs to an organisation.
func (f Front) Answers(r *http.Request, organisations func(context.Context) ([]store.Organisation, error)) error {
	if f.Known(r.Host) {
		return nil
	}
	all, err := organisations(r.Context())
	if err != nil {
		return err
	}
	if _, ok := Named(all, r.Host); !ok {
		return ErrMisdirected
	}
	return nil
}

// Organisation is the one that a request's host chooses (R2.5); there must be
// one. The server's own host is the first one's, whatever others were added.
func (f Front) Organisation(all []store.Organisation, host string) store.Organisation {
	if strings.EqualFold(host, f.Public.Host) {
		return all[0]
	}
	return Organisation(all, host)
}

// Organisation is the one that has a host of its own, else the first; there
// must be one.
func Organisation(all []store.Organisation, host string) store.Organisation {
	if o, ok := Named(all, host); ok {
		return o
	}
	return all[0]
}

// Named is the organisation whose own address has this host (R2.5).
func Named(all []store.Organisation, host string) (store.Organisation, bool) {
	for _, o := range all {
		if _, h, ok := strings.Cut(o.URL, "://"); ok && strings.EqualFold(h, host) {
			return o, true
		}
	}
	return store.Organisation{}, false
}

// Peer is the address that asks, as far as it can be believed: a listed
// proxy's word for it, else the connection's own.
func (f Front) Peer(r *http.Request) string {
	if !f.fromProxy(r.RemoteAddr) {
		return r.RemoteAddr
	}
	forwarded := r.Header.Values("X-Forwarded-For")
	if len(forwarded) == 0 {
		return r.RemoteAddr
	}
	all := strings.Split(forwarded[len(forwarded)-1], ",")
	hop := strings.TrimSpace(all[len(all)-1]) // the one that the proxy itself saw
	// IPv6 comes in brackets, too.
	if ip, err := netip.ParseAddr(strings.Trim(hop, "[]")); err == nil {
		return ip.String()
	}
	if _, err := netip.ParseAddrPort(hop); err == nil {
		return hop
	}
	return r.RemoteAddr
}

func (f Front) fromProxy(remote string) bool {
	from, err := netip.ParseAddrPort(remote)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(f.Proxies, func(p netip.Prefix) bool { return p.Contains(from.Addr().Unmap()) })
}

// Errors that a request is refused with before anybody is asked.
var (
	ErrMisdirected = errors.New("this server does not answer for that host")
	ErrMethod      = errors.New("this address takes another method")
	ErrUnreadable  = errors.New("what was sent could not be read")
	ErrEmpty       = errors.New("nobody has set this server up yet")
)

// Status maps what went wrong to HTTP; what nobody foresaw is our own fault.
func Status(err error) int {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	if Wait(err) > 0 {
		return http.StatusTooManyRequests
	}
	if p, ok := errors.AsType[*door.Problem](err); ok {
		if p.Field == "" { // it is not what was sent, but how things stand
			return http.StatusConflict
		}
		return http.StatusUnprocessableEntity
	}
	for _, m := range []struct {
		err    error
		status int
	}{
		{access.ErrHidden, http.StatusNotFound},
		{store.ErrNotFound, http.StatusNotFound},
		{access.ErrDenied, http.StatusForbidden},
		{store.ErrConflict, http.StatusConflict},
		{store.ErrKeyReused, http.StatusConflict},
		{store.ErrExists, http.StatusConflict},
		{ErrMisdirected, http.StatusMisdirectedRequest},
		{ErrMethod, http.StatusMethodNotAllowed},
		{ErrUnreadable, http.StatusBadRequest},
		{ErrEmpty, http.StatusServiceUnavailable},
		{store.ErrReadOnly, http.StatusServiceUnavailable},
		{store.ErrAway, http.StatusServiceUnavailable},
		{store.ErrNoRoom, http.StatusInsufficientStorage},
	} {
		if errors.Is(err, m.err) {
			return m.status
		}
	}
	return http.StatusInternalServerError
}

// Ours reports whether a status tells of a fault of the server's own, which an
// operator reads about in the log.
func Ours(status int, err error) bool {
	return status >= http.StatusInternalServerError && !errors.Is(err, ErrEmpty)
}

// After is when a client may try again what was refused with this error, 0
// where nobody knows.
func After(err error) time.Duration {
	switch {
	case errors.Is(err, store.ErrAway):
		return 2 * time.Second
	case errors.Is(err, store.ErrReadOnly):
		return time.Minute
	case errors.Is(err, store.ErrNoRoom):
		return 10 * time.Second
	}
	return Wait(err)
}

// Wait is how long somebody who did something too often has to wait, 0 for
// every other error.
func Wait(err error) time.Duration {
	if slow, ok := errors.AsType[*auth.SlowDown](err); ok {
		return slow.After
	}
	if many, ok := errors.AsType[*door.TooMany](err); ok {
		return many.After
	}
	return 0
}

// RetryAfter tells a client when to come back.
func RetryAfter(w http.ResponseWriter, after time.Duration) {
	w.Header().Set("Retry-After", Seconds(after))
}

// Seconds are whole ones, rounded up, as headers have them.
func Seconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

// Recorder remembers the status of an answer, for the log.
type Recorder struct {
	http.ResponseWriter
	Status int
	Wrote  bool
}

// Record returns a Recorder of an answer that is not yet begun.
func Record(w http.ResponseWriter) *Recorder {
	return &Recorder{ResponseWriter: w, Status: http.StatusOK}
}

// WriteHeader keeps the first status.
func (r *Recorder) WriteHeader(status int) {
	if !r.Wrote {
		r.Status, r.Wrote = status, true
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write begins the answer.
func (r *Recorder) Write(b []byte) (int, error) {
	r.Wrote = true
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *Recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
