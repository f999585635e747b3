package api

import (
	"net/http"
	"time"

	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
)

// Writing is what every kind has in common when it is sent.
type Writing struct {
	Point   string   `json:"point" doc:"The conclusion or the ask, in a sentence or two; Markdown"`
	Body    string   `json:"body,omitempty" doc:"What the reader needs to know; Markdown, @handle mentions somebody"`
	Team    string   `json:"team,omitempty" doc:"Id or slug of the team it is for"`
	Wide    bool     `json:"wide,omitempty" doc:"For the whole organisation; with neither team nor wide it is for its people alone"`
	To      []string `json:"to,omitempty" nullable:"false" maxItems:"200" doc:"Ids or handles of people"`
	Readers []string `json:"readers,omitempty" nullable:"false" maxItems:"200" doc:"Ids or handles of those expected to read it"`
	Draft   string   `json:"draft,omitempty" doc:"Id of the draft it grew from, which ends with it"`
}

// writing finds the people and the team of a writing.
func (s *Server) writing(q *request, in Writing) (door.Writing, error) {
	w := door.Writing{Key: q.key, Draft: in.Draft, Point: in.Point, Body: in.Body, Wide: in.Wide}
	var err error
	if w.Team, err = s.teamOf(q, in.Team); err != nil {
		return w, err
	}
	if w.To, err = s.people(q, "to", in.To); err != nil {
		return w, err
	}
	w.Readers, err = s.people(q, "readers", in.Readers)
	return w, err
}

// ItemDraft is an update or a request.
type ItemDraft struct {
	Kind string `json:"kind" enum:"update,request"`
	Writing
}

// AskDraft is one question to named people.
type AskDraft struct {
	Writing
	Term      string `json:"term,omitempty" doc:"24h, 4wh (of working time), eod, eow, a day, or an instant in RFC 3339; the norm without it" example:"24h"`
	Urgent    bool   `json:"urgent,omitempty" doc:"Comes between windows, in their hours and outside focus"`
	UrgentWhy string `json:"urgent_why,omitempty" doc:"Why it is urgent, in a sentence"`
	Need      int    `json:"need,omitempty" minimum:"0" maximum:"200" doc:"How many answers are wanted; 0 means all"`
}

// ReachDraft is what a preview of reach is made for.
type ReachDraft struct {
	To     []string `json:"to,omitempty" nullable:"false" maxItems:"200" doc:"Ids or handles of people"`
	Team   string   `json:"team,omitempty" doc:"Id or slug of the team it is for"`
	Wide   bool     `json:"wide,omitempty" doc:"For the whole organisation"`
	Ask    bool     `json:"ask,omitempty" doc:"It is an ask, with an answer due"`
	Term   string   `json:"term,omitempty" doc:"The term of an ask"`
	Urgent bool     `json:"urgent,omitempty" doc:"It is an urgent ask"`
	Crisis bool     `json:"crisis,omitempty" doc:"It is a crisis"`
}

// Preview is when each of them would have it.
type Preview struct {
	Now     Moment  `json:"now" doc:"The moment it is planned from, as the writer's clock shows it"`
	Reaches []Reach `json:"reaches"`
	// Following is nil for what is for its people alone.
	Following *Following `json:"following,omitempty" doc:"Those who follow the team, or everything, and are not named"`
}

// Following is when those have it who follow what it is written to.
type Following struct {
	People int       `json:"people"`
	Muted  int       `json:"muted" doc:"How many of them muted it: it waits for them to look"`
	First  time.Time `json:"first,omitzero" doc:"When the first of them has it; absent when nobody does at a time that can be told"`
	Last   time.Time `json:"last,omitzero"`
}

func (s *Server) writingOperations() {
	on(s, endpoint{
		id: "write", method: "POST", path: "/items", policy: member, status: http.StatusCreated, summary: "Send an update or a request",
		detail: "It stands in its team's stream, and the people it names get it at their next window.",
	}, func(q *request, in *struct {
		Keyed
		Body ItemDraft
	},
	) (Receipt, error) {
		w, err := s.writing(q, in.Body.Writing)
		if err != nil {
			return Receipt{}, err
		}
		rec, err := s.cfg.Door.Write(q.ctx, q.actor(), item.Kind(in.Body.Kind), w)
		return s.receipt(q, rec, err)
	})
	on(s, endpoint{
		id: "ask", method: "POST", path: "/asks", policy: member, status: http.StatusCreated, summary: "Ask named people one question",
		detail: "Each of them gets it at their next window, or between windows when it is urgent, and their clock runs from there in their own working time.",
	}, func(q *request, in *struct {
		Keyed
		Body AskDraft
	},
	) (Receipt, error) {
		w, err := s.writing(q, in.Body.Writing)
		if err != nil {
			return Receipt{}, err
		}
		rec, err := s.cfg.Door.Ask(q.ctx, q.actor(), door.AskDraft{
			Writing: w, Term: in.Body.Term, Urgent: in.Body.Urgent, UrgentWhy: in.Body.UrgentWhy, Need: in.Body.Need,
		})
		return s.receipt(q, rec, err)
	})
	on(s, endpoint{
		id: "preview", method: "POST", path: "/reach", policy: member, summary: "See when people would get something written now",
		detail: "Planned with the same function as the sending. It changes nothing; the receipt of the sending is the promise.",
	}, func(q *request, in *struct{ Body ReachDraft }) (Preview, error) { return s.preview(q, in.Body) })
}

// preview plans with the same function as the door will, so that it cannot lie.
func (s *Server) preview(q *request, in ReachDraft) (Preview, error) {
	at := worktime.Of(q.now)
	out := Preview{Now: *moment(at, q.who.Person), Reaches: []Reach{}}
	class := worktime.Normal
	switch {
	case in.Crisis:
		class = worktime.Crisis
	case in.Urgent:
		class = worktime.Urgent
	}
	var term *worktime.Term
	if in.Ask || in.Urgent {
		t, err := door.AskTerm(in.Term, in.Urgent)
		if err != nil {
			return out, err
		}
		term = &t
	}
	ids, err := s.people(q, "to", in.To)
	if err != nil {
		return out, err
	}
	people, err := q.read.Names(q.ctx, ids)
	if err != nil {
		return out, err
	}
	sealed, err := q.read.Sealed(q.ctx, ids)
	if err != nil {
		return out, err
	}
	for _, id := range ids {
		p := people[id]
		plan := layer.Reach(class, p.Reader(sealed[id]), at)
		if term != nil {
			plan = layer.ReachDue(class, p.Reader(sealed[id]), at, *term)
		}
		out.Reaches = append(out.Reaches, reach(p, plan))
	}
	if out.Following, err = s.following(q, in, ids); err != nil {
		return out, err
	}
	return out, nil
}

// following is how those have it who follow what it is written to. A crisis is
// read of by them, and reaches those needed alone.
func (s *Server) following(q *request, in ReachDraft, named []string) (*Following, error) {
	team, err := s.teamOf(q, in.Team)
	if err != nil {
		return nil, err
	}
	stream := ""
	switch {
	case team != "":
		stream = store.TeamStream(team)
	case in.Wide:
		stream = store.WideStream
	}
	if stream == "" || in.Crisis {
		return nil, nil
	}
	f, err := front.FollowersOf(q.ctx, q.read, stream, append(named, q.who.Person.ID), q.now)
	return &Following{People: f.People, Muted: f.Muted, First: f.First.UTC(), Last: f.Last.UTC()}, err
}
