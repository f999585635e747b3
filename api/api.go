// Package api is Rubato as JSON under /api/v1: every verb of the door and every
// reading of the store's Reader, with its own wire types. One noun per file; an
// operation stands beside its handler and says who may come to it.
//
// What does not live here: rules, SQL, rights (core/access, asked by door and
// Reader), and sentences (package words). A token cannot mint: what makes
// sessions, tokens and secrets has no operation.
package api

//go:generate sh -c "go run ../internal/openapi > openapi.yaml.new && mv openapi.yaml.new openapi.yaml"

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/format"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/files"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/words"
)

// Prefix is where the API stands on the server.
const Prefix = "/api/"

// base is the first version of the API.
const base = Prefix + "v1"

// Config is what a Server needs. Now is the time that people live in.
type Config struct {
	front.Front
	Door *door.Door
	Auth *auth.Auth
	// Read returns a reader for a viewer; Organisations lists those of this server.
	Read          func(access.Actor) *store.Reader
	Organisations func(context.Context) ([]store.Organisation, error)
	// Standing tells an admin how delivery stands.
	Standing func(context.Context, *store.Reader) (delivery.Standing, error)
	// Address is what links into an organisation begin with.
	Address func(store.Organisation) string
	Words   *words.Catalogue
	Now     func() time.Time
	Zones   worktime.Zones
	// MailOff is true where the server sends no mail.
	MailOff bool
	// Files holds the bytes of attachments.
	Files *files.Folder
	Log   *slog.Logger
}

// Server answers requests with JSON.
type Server struct {
	cfg       Config
	mux       *http.ServeMux
	huma      huma.API
	endpoints []endpoint
	// streamed holds the patterns whose body is a file.
	streamed map[string]bool
	cross    *http.CrossOriginProtection
	format   *format.Checker
	describe func() (description, error)
}

// New returns a Server; it is an http.Handler for everything under Prefix.
func New(cfg Config) *Server {
	s := &Server{cfg: cfg, mux: http.NewServeMux(), streamed: make(map[string]bool), cross: http.NewCrossOriginProtection(), format: format.New()}
	s.cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, access.ErrDenied) }))
	s.huma = humago.New(s.mux, s.described())
	s.operations()
	s.tidy()
	s.describe = sync.OnceValues(s.written)
	s.mux.HandleFunc("GET "+base+"/openapi.json", s.getDescription(false))
	s.mux.HandleFunc("GET "+base+"/openapi.yaml", s.getDescription(true))
	return s
}

// ServeHTTP answers one request, with the headers of security 1.2 and 1.3 on
// every answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	rec := front.Record(w)
	s.cfg.Headers(rec)
	_, pattern := s.mux.Handler(r)
	misdirected, unreadable := s.cfg.Answers(r, s.cfg.Organisations), front.Readable(r.URL)
	switch {
	case misdirected != nil:
		s.refuse(rec, r, misdirected)
	case unreadable != nil:
		s.refuse(rec, r, unreadable)
	case pattern == "" || r.URL.Path != path.Clean(r.URL.Path):
		s.unrouted(rec, r)
	default:
		limit := int64(maxBody + 1)
		if s.streamed[pattern] {
			limit = maxUpload
		}
		r.Body = http.MaxBytesReader(rec, r.Body, limit)
		s.cross.Handler(s.mux).ServeHTTP(rec, r)
	}
	s.cfg.Log.InfoContext(r.Context(), "request", "route", pattern, "status", rec.Status, "ms", time.Since(started).Milliseconds())
}

// unrouted answers 404, or 405 with Allow where another method would do.
func (s *Server) unrouted(w http.ResponseWriter, r *http.Request) {
	var allow []string
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		probe := r.Clone(r.Context())
		probe.Method = m
		if _, pattern := s.mux.Handler(probe); pattern != "" && r.URL.Path == path.Clean(r.URL.Path) {
			allow = append(allow, m)
		}
	}
	if len(allow) > 0 {
		w.Header().Set("Allow", strings.Join(allow, ", "))
		s.refuse(w, r, front.ErrMethod)
		return
	}
	s.refuse(w, r, access.ErrHidden)
}

// request is one request on its way through: who asks, in which organisation,
// when, and in which language. The clock was read once.
type request struct {
	ctx   context.Context // it lives as long as its request
	org   store.Organisation
	who   auth.Who
	read  *store.Reader
	words *words.Words
	now   time.Time
	from  string // the address it comes from
	// key is the header Idempotency-Key, "" for none.
	key string
	// body is a file that is being sent.
	body io.Reader
}

// actor is who acts.
func (q *request) actor() access.Actor { return q.who.Actor }

// requestKey finds the request in a context.
type requestKey struct{}

// begin finds organisation and person of a request, by its bearer token. A
// session's cookie opens nothing here: a browser sends it by itself, a token
// only when somebody means it.
func (s *Server) begin(r *http.Request) (*request, error) {
	q := &request{ctx: r.Context(), from: s.cfg.Peer(r), now: s.cfg.Now(), words: s.cfg.Words.For("en"), key: r.Header.Get("Idempotency-Key"), body: r.Body}
	orgs, err := s.cfg.Organisations(r.Context())
	if err != nil {
		return q, err
	}
	if len(orgs) == 0 {
		return q, auth.ErrNobody
	}
	q.org = s.cfg.Organisation(orgs, r.Host)
	secret, ok := bearer(r)
	if !ok {
		return q, auth.ErrNobody
	}
	if q.who, err = s.cfg.Auth.Bearer(r.Context(), q.org.ID, secret, q.from); err != nil {
		return q, err
	}
	q.words = s.cfg.Words.For(q.who.Person.Lang)
	q.read = s.cfg.Read(q.actor())
	return q, nil
}

// bearer is the token of a request's Authorization header.
func bearer(r *http.Request) (string, bool) {
	scheme, secret, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(secret), ok && strings.EqualFold(scheme, "Bearer")
}

// Bodies of another type than is wanted.
var (
	errNotJSON  = errors.New("the body is not application/json")
	errNotBytes = errors.New("the body is a form and not a file")
)
