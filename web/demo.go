package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// everyone reads the demo's people for a visitor who has not chosen one yet.
// Only demo mode has it: there everybody may come in as anybody.
func (s *Server) everyone(q *request) ([]store.Person, error) {
	people, err := s.cfg.Read(access.Actor{Org: q.org.ID, Person: "visitor", Role: access.Member, State: access.Active}).People(q.r.Context())
	return slices.DeleteFunc(people, func(p store.Person) bool { return p.State != access.Active }), err
}

// cast lists the demo's people with where their charters put them now.
func (s *Server) cast(q *request) ([]page.DemoPerson, error) {
	people, err := s.everyone(q)
	if err != nil {
		return nil, err
	}
	at := worktime.Of(q.now)
	var out []page.DemoPerson
	for _, p := range people {
		d := page.DemoPerson{Person: s.person(p, q.now)}
		if next, ok := p.Clock.Next(worktime.Normal, at+1, worktime.NotSealed); ok {
			d.Next = next.Time()
		}
		state, _, _ := p.Clock.State(at)
		d.Off, d.Focus = state == worktime.Off, state == worktime.Focus
		out = append(out, d)
	}
	return out, nil
}

// getDemo is the page of the clock and the cast.
func (s *Server) getDemo(q *request) error {
	if !q.signedIn() {
		return q.seeOther(page.PathSignIn)
	}
	return s.demoPage(q, http.StatusOK, nil)
}

func (s *Server) demoPage(q *request, status int, ps page.Problems) error {
	p := page.Demo{Frame: s.frame(q, page.NoRoom), Org: q.org.Name, Problems: ps, Day: q.now.In(q.zone()).Format(time.DateOnly)}
	var err error
	if p.People, err = s.cast(q); err != nil {
		return err
	}
	for _, d := range p.People {
		if !d.Next.IsZero() {
			waits, err := s.cfg.Read(access.Actor{Org: q.org.ID, Person: d.Person.ID, State: access.Active}).Waits(q.r.Context(), worktime.Of(d.Next))
			if err != nil {
				return err
			}
			p.Windows = append(p.Windows, page.DemoWindow{At: d.Next, Person: d.Person, Waits: waits})
		}
	}
	slices.SortStableFunc(p.Windows, func(a, b page.DemoWindow) int { return a.At.Compare(b.At) })
	return q.show(status, p.View())
}

// postDemoClock moves the clock: to the reader's next window, to an instant, or
// to a day and a time of theirs.
func (s *Server) postDemoClock(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	to, problem := s.moment(q, form.Get("to"), form.Get("day"), form.Get("clock"))
	if problem != "" {
		return s.demoPage(q, http.StatusUnprocessableEntity, page.Problems{{Field: "clock", Code: problem}})
	}
	if err := s.cfg.Demo.Forward(q.r.Context(), to); err != nil {
		return err
	}
	return q.seeOther(back(form.Get("back")))
}

// maxJump bounds how far a visitor moves the clock at once.
const maxJump = 60 * 24 * time.Hour

func (s *Server) moment(q *request, to, day, clock string) (at time.Time, problem string) {
	switch {
	case to == "next":
		next, ok := q.who.Person.Clock.Next(worktime.Normal, worktime.Of(q.now)+1, worktime.NotSealed)
		if !ok {
			return at, "no-window"
		}
		at = next.Time()
	case to != "":
		var err error
		if at, err = time.Parse(time.RFC3339, to); err != nil {
			return at, "unreadable-clock"
		}
	default:
		date, err := worktime.ParseDate(strings.TrimSpace(day))
		t, ok := readClock(clock)
		zone, zerr := s.cfg.Zones(q.zone().String())
		if err != nil || !ok || zerr != nil {
			return at, "unreadable-clock"
		}
		at = zone.At(date.At(t)).Time()
	}
	switch {
	case !at.After(q.now):
		return at, "clock-back"
	case at.Sub(q.now) > maxJump:
		return at, "clock-far"
	}
	return at, ""
}

// postDemoPerson signs a visitor in as one of the cast.
func (s *Server) postDemoPerson(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	people, err := s.everyone(q)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(people, func(p store.Person) bool { return p.Handle == form.Get("person") })
	if i < 0 {
		return access.ErrHidden
	}
	secret, err := s.cfg.Auth.Begin(q.r.Context(), q.org.ID, people[i].ID, q.r.UserAgent())
	if err != nil {
		return err
	}
	if err := s.enter(q, secret); err != nil {
		return err
	}
	return q.seeOther(back(form.Get("back")))
}
