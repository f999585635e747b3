package loadtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// newRequest is one from a browser that shows our own page.
func newRequest(tb testing.TB, method, address, body string) *http.Request {
	r, err := http.NewRequestWithContext(tb.Context(), method, address, strings.NewReader(body))
	if err != nil {
		panic(err) // the address is our own
	}
	return r
}

// form is a page's form.
func form(tb testing.TB, address string, fields url.Values) *http.Request {
	r := newRequest(tb, http.MethodPost, address, fields.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

// asked is the n-th ask as the page's form has it, and who sends it to whom.
func (w *world) asked(n int64, run string) (from, to member, fields url.Values) {
	i := int(n) % len(w.people)
	to = w.people[i/crewOf*crewOf+(i+1)%crewOf]
	t := text(int(n) % 1000)
	return w.people[i], to, url.Values{
		"kind": {"ask"}, "point": {t.Point}, "context": {t.Body}, "where": {crew(i)}, "to": {"@" + to.handle}, "key": {fmt.Sprintf("%s-%d", run, n)},
	}
}

// byPage writes asks as the page's form does, with a session.
func byPage(tb testing.TB, s *server, w *world, cpu func() time.Duration) *subject {
	run := time.Now().Format("150405.000")
	return &subject{name: "page", cpu: cpu, want: http.StatusCreated, make: func(n int64) *http.Request {
		from, _, fields := w.asked(n, "page-"+run)
		r := form(tb, s.url+"/write", fields)
		r.AddCookie(&http.Cookie{Name: "rubato", Value: from.cookie})
		return r
	}}
}

// byToken writes the same asks by the API.
func byToken(tb testing.TB, s *server, w *world, cpu func() time.Duration) *subject {
	run := time.Now().Format("150405.000")
	return &subject{name: "api", cpu: cpu, want: http.StatusCreated, make: func(n int64) *http.Request {
		from, to, fields := w.asked(n, run)
		body, err := json.Marshal(map[string]any{"point": fields.Get("point"), "body": fields.Get("context"), "team": fields.Get("where"), "to": []string{to.handle}})
		if err != nil {
			panic(err) // texts alone
		}
		r := newRequest(tb, http.MethodPost, s.url+"/api/v1/asks", string(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+from.token)
		r.Header.Set("Idempotency-Key", fmt.Sprintf("api-%s-%d", run, n))
		return r
	}}
}

// bare is the floor keeping one row of the same form.
func bare(tb testing.TB, f *server, w *world, name, path string, cpu func() time.Duration) *subject {
	return &subject{name: name, cpu: cpu, want: http.StatusCreated, make: func(n int64) *http.Request {
		_, _, fields := w.asked(n, "bare")
		return form(tb, f.url+path, fields)
	}}
}

// reading gets a page with everybody's session in turn; path is of the person's number.
func reading(tb testing.TB, s *server, w *world, name string, path func(i int) string) *subject {
	return &subject{name: name, cpu: s.cpu, want: http.StatusOK, make: func(n int64) *http.Request {
		i := int(n) % len(w.people)
		r := newRequest(tb, http.MethodGet, s.url+path(i), "")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.AddCookie(&http.Cookie{Name: "rubato", Value: w.people[i].cookie})
		return r
	}}
}

// plain gets an address without a session.
func plain(tb testing.TB, s *server, name, path string) *subject {
	return &subject{name: name, cpu: s.cpu, want: http.StatusOK, make: func(int64) *http.Request {
		return newRequest(tb, http.MethodGet, s.url+path, "")
	}}
}
