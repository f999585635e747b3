package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// fail turns an error into a status, a page that says what happened, what was
// kept and what to do, and for our own faults one log line.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, q *request, err error) {
	if errors.Is(err, errSignIn) {
		if r.Method != http.MethodPost {
			signInFirst(w, r)
			return
		}
		kept := keptOf(r)
		q.w = w
		if err := s.signInPage(q, page.SignIn{Expired: true, Kept: kept, Back: goOn(r)}, http.StatusUnauthorized); err != nil { //nolint:contextcheck // the request carries it
			s.cfg.Log.ErrorContext(r.Context(), "sign-in page failed", "error", err)
		}
		return
	}
	status := front.Status(err)
	if wait := front.After(err); wait > 0 {
		front.RetryAfter(w, wait)
	}
	if front.Ours(status, err) {
		s.cfg.Log.ErrorContext(r.Context(), "request failed", "path_pattern", r.Pattern, "error", err)
	}
	if rec, ok := w.(*front.Recorder); ok && rec.Wrote {
		return // half an answer is out: nothing can be mended
	}
	if q == nil || q.words == nil {
		q = &request{w: w, r: r, now: s.cfg.Now(), words: s.cfg.Words.For(s.language(r))}
	}
	q.w = w
	if err := q.show(status, s.fault(q, status, err).View()); err != nil { //nolint:contextcheck // the request carries it
		s.cfg.Log.ErrorContext(r.Context(), "error page failed", "error", err)
		http.Error(w, http.StatusText(status), status)
	}
}

// fault is the page of what went wrong.
func (s *Server) fault(q *request, status int, err error) page.Fault {
	p := page.Fault{
		Frame: s.frame(q, page.NoRoom), Status: status, Max: maxForm, Host: s.address(store.Organisation{}, ""), Wait: int64(front.Wait(err) / time.Second),
	}
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		p.Max = large.Limit
	}
	switch {
	case errors.Is(err, store.ErrKeyReused):
		p.Says = page.FaultAgain
	case errors.Is(err, store.ErrReadOnly):
		p.Says = page.FaultReadOnly
	case errors.Is(err, store.ErrAway):
		p.Says = page.FaultAway
	}
	if status != http.StatusRequestEntityTooLarge {
		p.Kept = keptOf(q.r)
	}
	return p
}
