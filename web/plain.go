package web

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rubato-hq/rubato/web/static"
)

// getStatic serves styles, fonts and scripts.
func (s *Server) getStatic(q *request) error {
	static.Handler().ServeHTTP(q.w, q.r)
	return nil
}

// What asks whether the server lives does so by any name.
const (
	pathHealth = "GET /healthz"
	pathReady  = "GET /readyz"
)

// getHealth answers that the process lives.
func (s *Server) getHealth(q *request) error {
	q.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(q.w, "ok\n")
	return err
}

// getReady answers whether the server can do its work, for a load balancer:
// 503 with the parts that cannot, and the reasons in the log alone.
func (s *Server) getReady(q *request) error {
	failing := s.cfg.Ready(q.r.Context())
	q.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if len(failing) == 0 {
		_, err := io.WriteString(q.w, "ready\n")
		return err
	}
	q.w.WriteHeader(http.StatusServiceUnavailable)
	_, err := io.WriteString(q.w, "not ready: "+strings.Join(failing, ", ")+"\n")
	return err
}

// reports bounds the policy violations that are logged: ten a minute.
type reports struct {
	minute atomic.Int64
	count  atomic.Int64
}

const reportsPerMinute = 10

func (r *reports) allow(now time.Time) bool {
	if m := now.Unix() / 60; r.minute.Swap(m) != m {
		r.count.Store(0)
	}
	return r.count.Add(1) <= reportsPerMinute
}

// postCSP takes a browser's report of a violated policy.
func (s *Server) postCSP(q *request) error {
	if s.reports.allow(time.Now()) {
		s.cfg.Log.WarnContext(q.r.Context(), "a page violated the content security policy")
	}
	q.w.WriteHeader(http.StatusNoContent)
	return nil
}
