// Package serve is the wiring: it opens the store, builds door, delivery,
// channels and pages, and starts and stops them. Tests and the program start
// the same thing.
//
// What does not live here: anything that could be decided elsewhere.
package serve

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/rubato-hq/rubato/api"
	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/canary"
	"github.com/rubato-hq/rubato/channel/email"
	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/files"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/internal/demo"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
	"github.com/rubato-hq/rubato/words"
)

// Server is one running Rubato.
type Server struct {
	settings config.Settings
	public   *url.URL
	log      *slog.Logger
	store    *store.Store
	door     *door.Door
	auth     *auth.Auth
	engine   *delivery.Engine
	files    *files.Folder
	trials   bool // whether it sends itself trial deliveries; a demo's clock is moved by hand
	now      func() time.Time
	http     *http.Server
	listener *doorway
	registry *prometheus.Registry
	metrics  *http.Server // nil for none
	observer net.Listener // of metrics
	running  sync.WaitGroup
	stop     context.CancelFunc
	failed   chan error
}

// Bounds of a connection (security 1.16).
const (
	headerTimeout = 5 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 64 << 10
	// graceful is how long a stop waits for requests in flight.
	graceful = 10 * time.Second
)

// New opens the store and builds everything; nothing listens yet. A demo gets
// a movable clock that begins at demoAt when its database is new; a zero
// demoAt is a real server.
func New(ctx context.Context, settings config.Settings, log *slog.Logger, demoAt time.Time) (*Server, error) {
	if err := settings.Check(); err != nil {
		return nil, err
	}
	if demoAt.IsZero() {
		if err := settings.CheckReached(); err != nil {
			return nil, err
		}
	}
	public, err := settings.Public()
	if err != nil {
		return nil, err
	}
	proxies, err := settings.Trusted()
	if err != nil {
		return nil, err
	}
	certificate, err := settings.Certificate()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(settings.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	s := &Server{settings: settings, public: public, log: log, now: time.Now, trials: demoAt.IsZero(), failed: make(chan error, 1)}
	zones := zoneinfo.New().Zone
	catalogue, err := words.Load()
	if err != nil {
		return nil, err
	}
	if s.store, err = store.Open(ctx, toServe(settings, func(name string) {
		log.Info("the database is of an older version and is brought forward; a backup of it is kept", "file", name)
	})); err != nil {
		return nil, err
	}
	if s.files, err = files.Open(FilesIn(settings)); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	var world *demo.Demo
	if !demoAt.IsZero() {
		if world, err = demo.New(ctx, s.store, demoAt); err != nil {
			return nil, errors.Join(err, s.store.Close())
		}
		s.now = world.Clock.Now
	}
	out, err := channels(settings, public, world != nil)
	if err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	letters := delivery.Letters{Store: s.store, Now: s.now, Words: catalogue.For, Public: s.publicOf}
	s.auth = auth.New(s.store)
	s.engine = delivery.New(delivery.Config{
		Store: s.store, Now: s.now, Owner: rand.Text(), Log: log, Alone: settings.Database == "", Channels: out, Render: letters.Render,
	})
	s.door = door.New(door.Config{Store: s.store, Now: s.now, Wake: s.engine.Wake, Zones: zones, Files: s.files})
	reached := front.Front{Public: public, AnyHost: settings.URL == "" && config.Loopback(public.Hostname()), Proxies: proxies}
	pages := web.Config{
		Front: reached, Door: s.door, Auth: s.auth, Read: s.store.Reader, Organisations: s.store.Organisations, Words: catalogue, Now: s.now,
		Zones: zones, Files: s.files, Log: log, MailOff: settings.SMTP == "", Address: s.publicOf,
	}
	if relay, ok := out[store.ChannelEmail].(*email.Sender); ok {
		pages.MailHost, pages.MailTrouble = relay.Host(), relay.Trouble
	}
	ready := &readiness{store: s.store, engine: s.engine, data: settings.Data, log: log}
	stands := standing(s.engine, ready, pages.MailTrouble)
	pages.Ready, pages.Standing = ready.failing, stands
	programs := api.New(api.Config{
		Front: reached, Door: s.door, Auth: s.auth, Read: s.store.Reader, Organisations: s.store.Organisations, Words: catalogue, Now: s.now,
		Zones: zones, Files: s.files, Log: log, MailOff: settings.SMTP == "", Address: s.publicOf, Standing: stands,
	})
	if world != nil {
		if err := world.Open(ctx, s.door, s.engine); err != nil {
			return nil, errors.Join(err, s.store.Close())
		}
		pages.Demo = world
	}
	seen := newTraffic()
	s.registry = registry(seen, s.engine, ready, pages.MailTrouble)
	s.http = &http.Server{
		Handler: seen.count(handler(web.New(pages), programs)), ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	if certificate != nil {
		s.http.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*certificate}, MinVersion: tls.VersionTLS12}
	}
	return s, nil
}

// handler gives programs what is under the API's prefix, and people the rest.
func handler(pages, programs http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, api.Prefix) {
			programs.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// Start listens and begins to deliver. The address that was really taken is
// Addr. On an empty server it returns the address at which the first owner
// sets it up, else "".
func (s *Server) Start(ctx context.Context) (setup string, err error) {
	if err := s.listen(ctx); err != nil {
		return "", errors.Join(fmt.Errorf("listen: %w", err), s.store.Close())
	}
	orgs, err := s.store.Organisations(ctx)
	if err != nil {
		return "", errors.Join(err, s.store.Close())
	}
	if len(orgs) == 0 {
		secret, err := s.auth.SetupLink(ctx)
		if err != nil {
			return "", errors.Join(err, s.store.Close())
		}
		setup = s.address() + "/setup/" + secret
	}
	run, stop := context.WithCancel(store.Patient(context.WithoutCancel(ctx)))
	s.stop = stop
	s.running.Go(func() { s.engine.Run(run) })
	s.running.Go(func() { s.sweepFiles(run) })
	s.running.Go(func() { s.watchFile(run) })
	if s.trials {
		s.running.Go(func() { canary.Run(run, canary.Config{Store: s.store, Door: s.door, Log: s.log}) })
	}
	s.running.Go(func() {
		if s.http.TLSConfig != nil {
			s.ended(s.http.ServeTLS(s.listener, "", ""))
		} else {
			s.ended(s.http.Serve(s.listener))
		}
	})
	if s.observer != nil {
		s.metrics = observed(s.registry, s.observer, s.log)
		s.running.Go(func() { s.ended(s.metrics.Serve(s.observer)) })
	}
	return setup, nil
}

// checkAfter is when a database file is read as a whole: when those who waited
// for the start have their pages.
const checkAfter = 3 * time.Second

// watchFile ends the server when the database file is damaged: whatever is read
// from it or written to it could make it worse. It looks at all of the file once,
// and again when a statement met damage, to say where it is.
func (s *Server) watchFile(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-s.store.Damaged():
	case <-time.After(checkAfter):
	}
	err := s.store.Check(ctx)
	if err == nil {
		select {
		case <-ctx.Done():
			return
		case <-s.store.Damaged():
		}
		if err = s.store.Check(ctx); err == nil {
			err = s.store.Writes()
		}
	}
	if _, ok := errors.AsType[*store.Damage](err); ok {
		s.ended(err)
	} else if ctx.Err() == nil {
		s.log.ErrorContext(ctx, "the database file could not be checked", "error", err)
	}
}

// listen takes the addresses.
func (s *Server) listen(ctx context.Context) (err error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", s.settings.Listen)
	if err != nil {
		return err
	}
	s.listener = newDoorway(l, s.http, places())
	if s.settings.Metrics == "" {
		return nil
	}
	if s.observer, err = lc.Listen(ctx, "tcp", s.settings.Metrics); err != nil {
		return errors.Join(err, s.listener.Close())
	}
	return nil
}

func (s *Server) ended(err error) {
	if errors.Is(err, http.ErrServerClosed) {
		return
	}
	select {
	case s.failed <- err:
	default: // one reason to end is enough
	}
}

// Wait returns when ctx ends, or with an error when serving has ended by itself.
func (s *Server) Wait(ctx context.Context) error {
	select {
	case err := <-s.failed:
		return fmt.Errorf("serving ended: %w", err)
	case <-ctx.Done():
		return nil
	}
}

// MetricsAddr is the address of the metrics, "" for none.
func (s *Server) MetricsAddr() string {
	if s.observer == nil {
		return ""
	}
	return s.observer.Addr().String()
}

// address is the public address; with a port of 0 the one that was taken.
func (s *Server) address() string {
	if s.settings.URL == "" && strings.HasSuffix(s.settings.Listen, ":0") {
		return s.public.Scheme + "://" + s.Addr()
	}
	return s.public.String()
}

// publicOf is the address that links into an organisation begin with: its own,
// or what --url says now, or where this process listens.
func (s *Server) publicOf(o store.Organisation) string { return cmp.Or(o.URL, s.address()) }

// Addr is the address that the server listens on.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// URL is the address to open.
func (s *Server) URL() string { return s.address() }

// Stop lets requests in flight end, then delivery, then closes the store. What
// was claimed and not finished is taken up again by the next start.
func (s *Server) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, graceful)
	defer cancel()
	s.listener.leave()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	s.stop()
	if s.metrics != nil {
		err = errors.Join(err, s.metrics.Close())
	}
	s.running.Wait()
	return errors.Join(err, s.auth.Stop(ctx), s.store.Close(), s.files.Close())
}
