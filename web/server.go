// Package web is the pages: routes.go is the site map, one act per file. A
// handler reads the form, calls one verb of the door or one reading of the
// store's Reader, and shows one page.
//
// What does not live here: markup of pages (web/page), rules, SQL, and rights
// (core/access, asked by door and Reader).
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/format"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/files"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
	"github.com/rubato-hq/rubato/web/static"
	"github.com/rubato-hq/rubato/words"
)

// Demo is what the demo mode adds: a clock that visitors move, and sign-in as
// anybody. It is nil on a real server.
type Demo interface {
	// Forward moves the clock to a later instant as if the time had been lived.
	Forward(ctx context.Context, to time.Time) error
}

// Config is what a Server needs. Now is the time that people live in.
type Config struct {
	Door *door.Door
	Auth *auth.Auth
	// Read returns a reader for a viewer; Organisations lists those of this server.
	Read          func(access.Actor) *store.Reader
	Organisations func(context.Context) ([]store.Organisation, error)
	Words         *words.Catalogue
	Now           func() time.Time
	Zones         worktime.Zones
	front.Front
	// Files holds the bytes of attachments.
	Files *files.Folder
	Log   *slog.Logger
	Demo  Demo
	// Ready names the parts that do not work now.
	Ready func(context.Context) []string
	// Standing tells an admin how delivery stands.
	Standing func(context.Context, *store.Reader) (delivery.Standing, error)
	// MailOff says that no mail relay is configured: links are copied by hand.
	// Else MailHost is the relay, and MailTrouble what it last said when it
	// refused us or did not answer, "" while it takes mail.
	MailOff     bool
	MailHost    string
	MailTrouble func() string
	// Address is what links into an organisation begin with; nil for Public.
	Address func(store.Organisation) string
}

// Server answers requests with pages.
type Server struct {
	cfg     Config
	mux     *http.ServeMux
	cross   *http.CrossOriginProtection
	reports reports
	format  *format.Checker
}

// New returns a Server; it is an http.Handler.
func New(cfg Config) *Server {
	s := &Server{cfg: cfg, mux: http.NewServeMux(), cross: http.NewCrossOriginProtection(), format: format.New()}
	for _, r := range s.routes() {
		s.mux.Handle(r.pattern, s.handle(r))
	}
	s.cross.AddInsecureBypassPattern("POST " + page.PathUnsubscribe + "/{secret}") // see postUnsubscribe
	s.cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, &request{w: w, r: r}, access.ErrDenied)
	}))
	return s
}

// ServeHTTP answers one request, with the headers of security 1.2 and 1.3 on
// every answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.cfg.Headers(w)
	if _, pattern := s.mux.Handler(r); !slices.Contains(anyHost(), pattern) {
		if err := s.cfg.Answers(r, s.cfg.Organisations); err != nil {
			s.fail(w, r, &request{w: w, r: r}, err)
			return
		}
	}
	if err := front.Readable(r.URL); err != nil {
		s.fail(w, r, &request{w: w, r: r}, err)
		return
	}
	s.cross.Handler(http.HandlerFunc(s.serve)).ServeHTTP(w, r)
}

// anyHost are the patterns that answer by whatever name they are asked: those
// that watch, and what the page needs that says the right name.
func anyHost() []string { return []string{pathHealth, pathReady, "GET " + static.Prefix} }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if _, pattern := s.mux.Handler(r); pattern == "" {
		// The mux would answer a wrong method or an unknown path in plain text.
		s.unrouted(w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// unrouted answers 404, or 405 with Allow where another method would do.
func (s *Server) unrouted(w http.ResponseWriter, r *http.Request) {
	var allow []string
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		probe := r.Clone(r.Context())
		probe.Method = m
		if _, pattern := s.mux.Handler(probe); pattern != "" {
			allow = append(allow, m)
		}
	}
	if len(allow) > 0 {
		w.Header().Set("Allow", strings.Join(allow, ", "))
		s.fail(w, r, &request{w: w, r: r}, front.ErrMethod)
		return
	}
	s.fail(w, r, &request{w: w, r: r}, access.ErrHidden)
}

// errForm is a form that could not be read.
var errForm = fmt.Errorf("the form: %w", front.ErrUnreadable)

// cookie is the session's name: __Host- where the address is https.
func (s *Server) cookie() string {
	if s.cfg.Secure() {
		return "__Host-rubato"
	}
	return "rubato"
}

func (s *Server) setCookie(w http.ResponseWriter, secret string) {
	c := &http.Cookie{ //nolint:gosec // Secure where the public address is https; HttpOnly and SameSite always
		Name: s.cookie(), Value: secret, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: s.cfg.Secure(), MaxAge: 90 * 24 * 60 * 60,
	}
	if secret == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// enter lets the browser in with a new session; the one it had ends.
func (s *Server) enter(q *request, secret string) error {
	if c, err := q.r.Cookie(s.cookie()); err == nil && q.org.ID != "" {
		if err := s.cfg.Auth.SignOut(q.r.Context(), q.org.ID, c.Value); err != nil {
			return err
		}
	}
	s.setCookie(q.w, secret)
	return nil
}

// address is a path as a link that leaves this server. It never comes from the
// request (security 2, row 31).
func (s *Server) address(o store.Organisation, path string) string {
	if s.cfg.Address != nil {
		return s.cfg.Address(o) + path
	}
	return s.cfg.Public.String() + path
}

// mailTrouble is what the mail server last said when it refused us.
func (s *Server) mailTrouble() string {
	if s.cfg.MailOff || s.cfg.MailTrouble == nil {
		return ""
	}
	return s.cfg.MailTrouble()
}

// render writes one page whole, or nothing of it.
func render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	buf := templ.GetBuffer()
	defer templ.ReleaseBuffer(buf)
	if err := c.Render(r.Context(), buf); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := w.Write(buf.Bytes())
	if err != nil {
		return nil // the reader went away
	}
	return nil
}
