package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store/storetest"
)

// actors are the nine of security 1.12, those who must be refused first. The
// member is in the private team that holds what every route is about; "other"
// and "guest" are in another one.
func actors() []string {
	return []string{"nobody", "other-org", "removed", "deactivated", "read-token", "other", "guest", "member", "admin"}
}

// outcome is what becomes of a request.
type outcome string

const (
	in     outcome = "in"     // it does what it is for: the line says with which status
	hidden outcome = "hidden" // 404, as if it did not exist
	denied outcome = "denied" // 403
	closed outcome = "closed" // asked to sign in
)

// class is who may come to a kind of route; whoever is not named is asked
// to sign in, as are tokens: pages take sessions alone.
type class struct{ member, other, guest, admin outcome }

var ( // the table's own words
	mine   = class{in, in, in, in}             // one's own, or what everybody who is here may see
	ours   = class{in, hidden, hidden, hidden} // in the member's private team, or the member's own: nobody else's, an admin's neither
	full   = class{in, in, denied, in}         // no guests
	seen   = class{in, in, hidden, in}         // people whom a guest shares no team with
	govern = class{denied, denied, denied, in} // admins
	curb   = class{in, denied, hidden, in}     // leads of somebody watched, and admins
	anyone = class{}                           // signed in or not, the same for all
)

// line is one route of the walk. path fills the pattern's places from what the
// world holds: "{ask}" is its id.
type line struct {
	pattern string
	class   class
	path    string
	ok      int
	form    url.Values
}

// TestEveryRouteHasALine and its policy: the walk cannot leave one out.
func TestEveryRouteHasALine(t *testing.T) {
	h := newHouse(t, "")
	routes := map[string]policy{}
	for _, r := range h.server.routes() {
		routes[r.pattern] = r.policy
	}
	lines := map[string]bool{}
	for _, l := range walk() {
		lines[l.pattern] = true
		if _, ok := routes[l.pattern]; !ok {
			t.Errorf("the walk has a line for %s, which is no route", l.pattern)
		}
	}
	for pattern, p := range routes {
		if !slices.Contains([]policy{bare, anybody, member, admin}, p) {
			t.Errorf("%s has the policy %q", pattern, p)
		}
		if !lines[pattern] {
			t.Errorf("%s is in no line of the walk: say in walk() who may come there", pattern)
		}
	}
}

// TestWalk tries every route as each of the nine actors (security 1.12), every
// line in an organisation of its own. What is refused changes nothing.
func TestWalk(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { walkAll(t, newHouse(t, "")) })
	t.Run("postgres", func(t *testing.T) { walkAll(t, newHouse(t, pgtest.URL(t))) })
}

func walkAll(t *testing.T, h *house) {
	elsewhere := h.newWorld()
	for _, l := range walk() {
		t.Run(l.pattern, func(t *testing.T) {
			h.TB = t
			w := h.newWorld()
			method, _, _ := strings.Cut(l.pattern, " ")
			path, form := w.fill(l.path), url.Values{}
			for name, values := range l.form {
				for _, v := range values {
					form.Add(name, w.fill(v))
				}
			}
			var before map[string][]string
			if method == http.MethodPost {
				before = storetest.Dump(t, h.database, w.org)
			}
			order := slices.Clone(actors())
			slices.SortStableFunc(order, func(a, b string) int { return refusedFirst(l.class.of(a)) - refusedFirst(l.class.of(b)) })
			for _, who := range order {
				want := l.class.of(who)
				if want == in && before != nil {
					if diff := cmp.Diff(before, storetest.Dump(t, h.database, w.org)); diff != "" {
						t.Errorf("what was refused changed something (-before +after):\n%s", diff)
					}
					before = nil
				}
				cookie, bearer := w.cookies[who], ""
				switch who {
				case "other-org":
					cookie = elsewhere.cookies["owner"]
				case "read-token":
					cookie, bearer = w.bearer, w.bearer
				}
				answer := h.do(w.host, method, path, cookie, bearer, form)
				answer.Body.Close()
				to := answer.Header.Get("Location")
				shut := strings.HasPrefix(to, "/sign-in") && l.class != anyone
				if got, wanted := answer.StatusCode, l.status(want); got != wanted || shut != (want == closed && method == http.MethodGet) {
					t.Errorf("%s gets %d to %q, want %s (%d)", who, got, to, want, wanted)
				}
			}
		})
	}
}

func refusedFirst(o outcome) int {
	if o == in {
		return 1
	}
	return 0
}

// of is what becomes of an actor's request.
func (c class) of(who string) outcome {
	if c == anyone {
		return in
	}
	switch who {
	case "member":
		return c.member
	case "other":
		return c.other
	case "guest":
		return c.guest
	case "admin":
		return c.admin
	}
	return closed
}

func (l line) status(o outcome) int {
	switch o {
	case hidden:
		return http.StatusNotFound
	case denied:
		return http.StatusForbidden
	case closed:
		if strings.HasPrefix(l.pattern, http.MethodPost) {
			return http.StatusUnauthorized // what was typed is shown again
		}
		return http.StatusSeeOther
	default:
		return l.ok
	}
}

// fill puts the ids of the world into a text.
func (w *world) fill(s string) string {
	for name, id := range w.at {
		s = strings.ReplaceAll(s, "{"+name+"}", id)
	}
	for handle, id := range w.people {
		s = strings.ReplaceAll(s, "{"+handle+"}", id)
	}
	return s
}

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}
