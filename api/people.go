package api

import (
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
)

// Person is somebody as others see them: where they are and when they read
// next, never what they do right now.
type Person struct {
	Name
	Place string  `json:"place"`
	Zone  string  `json:"zone"`
	State string  `json:"state" doc:"active, imported (a name without sign-in), deactivated or removed"`
	Role  string  `json:"role"`
	Next  *Moment `json:"next,omitempty" doc:"Their next batch window"`
}

func person(p store.Person, now time.Time) Person {
	out := Person{Name: name(p), Place: p.Place, Zone: p.Charter.Time.Zone, State: string(p.State), Role: string(p.Role)}
	if p.State != access.Active {
		return out
	}
	if next, ok := p.Clock.Next(worktime.Normal, worktime.Of(now)+1, worktime.NotSealed); ok {
		out.Next = moment(next, p)
	}
	return out
}

// PersonPage is somebody with what their charter says to others.
type PersonPage struct {
	Person
	Sentence string `json:"sentence" doc:"Their charter in one breath, in your language"`
	Away     int    `json:"away_days,omitempty" doc:"Working days they are away before their next window"`
	Cover    *Name  `json:"cover,omitempty" doc:"Who is named while they are away"`
	Work     []Span `json:"work" doc:"Their hours of the next seven days"`
	Free     []Span `json:"free" doc:"Those of them outside focus"`
}

// Span is a stretch of time.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// OfPerson is an address of one person.
type OfPerson struct {
	ID string `path:"id" maxLength:"64" doc:"Id or handle; me is the token's person"`
}

// Role is a person's role.
type Role struct {
	Role string `json:"role" enum:"owner,admin,member,guest"`
}

// State is a person's standing.
type State struct {
	State string `json:"state" enum:"active,deactivated,removed"`
}

// Watched is somebody who raised many crises in an hour.
type Watched struct {
	Name
	Since    time.Time `json:"since"`
	Raised   int       `json:"raised" doc:"How many in an hour, at the last count"`
	MayRaise bool      `json:"may_raise"`
}

// MayRaise says whether somebody may raise a crisis.
type MayRaise struct {
	MayRaise bool `json:"may_raise"`
}

func (s *Server) peopleOperations() {
	on(s, endpoint{id: "list-people", method: "GET", path: "/people", policy: member, summary: "List the people you may name, by name"},
		func(q *request, in *struct {
			Paging
			Find string `query:"find" maxLength:"100" doc:"Words that stand in their name, handle or place"`
		},
		) (List[Person], error) {
			return paged(s, q, "people", in.Paging, func(after store.Mark, limit int) (store.Page[store.Person], error) {
				found, err := q.read.PeoplePage(q.ctx, in.Find, after, limit)
				return found.Page, err
			}, each(func(p store.Person) Person { return person(p, q.now) }))
		})
	on(s, endpoint{id: "get-person", method: "GET", path: "/people/{id}", policy: member, summary: "Read how somebody works"},
		func(q *request, in *OfPerson) (PersonPage, error) {
			p, err := s.person(q, in.ID)
			if err != nil {
				return PersonPage{}, err
			}
			return s.personPage(q, p)
		})
	on(s, endpoint{
		id: "list-between", method: "GET", path: "/between", policy: member, summary: "List what was written to named people alone, you among them, the newest first",
		detail: "Only those it names see it. with narrows it to what is between you and one person.",
	}, func(q *request, in *struct {
		Paging
		With string `query:"with" maxLength:"64" doc:"Id or handle of the other person"`
	},
	) (List[Head], error) {
		with := ""
		if in.With != "" {
			p, err := s.person(q, in.With)
			if err != nil {
				return List[Head]{}, err
			}
			with = p.ID
		}
		return paged(s, q, "between "+with, in.Paging, func(after store.Mark, limit int) (store.Page[item.Item], error) {
			return q.read.BetweenPage(q.ctx, with, after, limit)
		}, s.heads(q))
	})
	act(s, endpoint{
		id: "set-role", method: "PUT", path: "/people/{id}/role", policy: admin, summary: "Give somebody another role",
		detail: "All their sessions and tokens end. Only an owner makes or unmakes one, and one owner stays.",
	}, func(q *request, in *struct {
		OfPerson
		Body Role
	},
	) error {
		return s.govern(q, in.ID, func(id string) error {
			return s.cfg.Door.SetRole(q.ctx, q.actor(), id, access.Role(in.Body.Role))
		})
	})
	act(s, endpoint{
		id: "set-state", method: "PUT", path: "/people/{id}/state", policy: admin, summary: "Keep somebody out for a time, let them in again, or record that they left",
		detail: "Whoever is kept out loses sessions, tokens, feeds and links in the same moment, and nothing is delivered to them any more.",
	}, func(q *request, in *struct {
		OfPerson
		Body State
	},
	) error {
		return s.govern(q, in.ID, func(id string) error {
			return s.cfg.Door.SetState(q.ctx, q.actor(), id, access.State(in.Body.State))
		})
	})
	on(s, endpoint{
		id: "list-watched", method: "GET", path: "/people/watched", policy: member, summary: "List those who raised many crises in an hour, and were not reviewed yet",
		detail: "For admins, and for the leads of their teams.",
	}, func(q *request, _ *nothing) (List[Watched], error) {
		all, err := q.read.Watched(q.ctx)
		out := List[Watched]{Items: []Watched{}}
		for _, w := range all {
			out.Items = append(out.Items, Watched{Name: name(w.Person), Since: w.Since.UTC(), Raised: w.Raised, MayRaise: w.Person.MayRaise})
		}
		return out, err
	})
	act(s, endpoint{
		id: "set-may-raise", method: "PUT", path: "/people/{id}/may-raise", policy: member, summary: "End, or give back, somebody's right to raise a crisis",
		detail: "Admins do both. A lead of theirs may end it while they are watched: from the seventh in an hour on, until an admin looked.",
	},
		func(q *request, in *struct {
			OfPerson
			Body MayRaise
		},
		) error {
			return s.govern(q, in.ID, func(id string) error { return s.cfg.Door.SetMayRaise(q.ctx, q.actor(), id, in.Body.MayRaise) })
		})
}

// govern runs an act of an admin on a person, whom it finds first.
func (s *Server) govern(q *request, id string, verb func(id string) error) error {
	p, err := s.person(q, id)
	if err != nil {
		return err
	}
	return verb(p.ID)
}

// personPage is somebody as everybody may see them.
func (s *Server) personPage(q *request, p store.Person) (PersonPage, error) {
	out := PersonPage{Person: person(p, q.now), Work: []Span{}, Free: []Span{}}
	if p.State != access.Active {
		return out, nil
	}
	out.Sentence = q.words.Sentence(front.Reading(p))
	at := worktime.Of(q.now)
	if next, ok := p.Clock.Next(worktime.Normal, at+1, worktime.NotSealed); ok {
		out.Away = p.Clock.AwayDays(at, next)
	}
	const week = 7 * 24 * 60 * 60
	for d := p.Clock.DateOf(at); ; d = d.AddDays(1) {
		day := p.Clock.Day(d)
		if day.Interval.From >= at+week {
			break
		}
		for _, w := range day.Pieces {
			out.Work = append(out.Work, span(w))
		}
		for _, f := range day.Free {
			out.Free = append(out.Free, span(f))
		}
	}
	if out.Away == 0 || p.Charter.Cover == "" {
		return out, nil
	}
	people, err := q.read.Names(q.ctx, []string{p.Charter.Cover})
	out.Cover = optional(people, p.Charter.Cover)
	return out, err
}

func span(i worktime.Interval) Span { return Span{From: i.From.Time().UTC(), To: i.To.Time().UTC()} }
