package api

import (
	"context"
	"net/http"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/crisis"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// Crisis is who is needed in a crisis and what they said. What happens is the
// point of its item, what is at stake the body.
type Crisis struct {
	Needed    []Called  `json:"needed"`
	Ended     time.Time `json:"ended,omitzero"`
	EndedBy   *Name     `json:"ended_by,omitempty"`
	Outcome   string    `json:"outcome,omitempty"`
	Followers int       `json:"followers" doc:"How many read of it in their windows"`
}

// Called is one person who is called until they answer.
type Called struct {
	Person Name      `json:"person"`
	HasIt  time.Time `json:"has_it,omitzero" doc:"When they said that they have it"`
	Cannot time.Time `json:"cannot,omitzero" doc:"When they said that they cannot"`
	Calls  int64     `json:"calls"`
	Next   time.Time `json:"next_call,omitzero"`
}

// CrisisLine is a crisis in a listing.
type CrisisLine struct {
	Head
	Body   string `json:"body" doc:"What is at stake"`
	Crisis Crisis `json:"crisis"`
}

// CrisisDraft raises a crisis.
type CrisisDraft struct {
	What   string   `json:"what" doc:"What happens, in a sentence"`
	Stake  string   `json:"stake" doc:"What is at stake, in a sentence"`
	Team   string   `json:"team,omitempty" doc:"Id or slug of the team whose followers read of it; the whole organisation without it"`
	Needed []string `json:"needed" nullable:"false" maxItems:"200" doc:"Ids or handles of those who are called now"`
	Sure   bool     `json:"sure" doc:"It cannot wait for their windows"`
}

// Acknowledgement is what somebody says who is called.
type Acknowledgement struct {
	Has bool `json:"has" doc:"They have it; else they cannot"`
}

// Note is a text for a crisis's timeline.
type Note struct {
	Text  string `json:"text"`
	Draft string `json:"draft,omitempty" doc:"Where its files hang"`
}

// Call calls somebody into a crisis.
type Call struct {
	Person string `json:"person" doc:"Id or handle"`
}

// OfCrisis is an address inside one crisis.
type OfCrisis struct {
	Keyed
	ID string `path:"id" maxLength:"64" doc:"Id of the crisis, or its reference, as C-3"`
}

func (s *Server) crisisOperations() {
	on(s, endpoint{id: "list-crises", method: "GET", path: "/crises", policy: member, summary: "List crises, the newest first"},
		func(q *request, in *Paging) (List[CrisisLine], error) {
			return paged(s, q, "crises", *in, func(after store.Mark, limit int) (store.Page[store.CrisisLine], error) {
				return q.read.CrisisPage(q.ctx, after, limit)
			}, s.crisisLines(q))
		})
	on(s, endpoint{id: "list-alarms", method: "GET", path: "/crises/alarms", policy: member, alarm: true, summary: "List the running crises in which you are needed"},
		func(q *request, _ *nothing) (List[CrisisLine], error) {
			all, err := q.read.Alarms(q.ctx)
			if err != nil {
				return List[CrisisLine]{}, err
			}
			rows, err := s.crisisLines(q)(all)
			return List[CrisisLine]{Items: rows}, err
		})
	on(s, endpoint{
		id: "raise", method: "POST", path: "/crises", policy: member, alarm: true, status: http.StatusCreated, summary: "Raise a crisis",
		detail: "Those needed are called now, whatever they are doing, until they answer; everybody else reads of it in their windows. It is never refused for its number.",
	}, func(q *request, in *struct {
		Keyed
		Body CrisisDraft
	},
	) (Receipt, error) {
		d := door.CrisisDraft{Key: q.key, What: in.Body.What, Stake: in.Body.Stake, Sure: in.Body.Sure}
		var err error
		if d.Team, err = s.teamOf(q, in.Body.Team); err != nil {
			return Receipt{}, err
		}
		if d.Needed, err = s.people(q, "needed", in.Body.Needed); err != nil {
			return Receipt{}, err
		}
		rec, err := s.cfg.Door.Raise(q.ctx, q.actor(), d)
		return s.receipt(q, rec, err)
	})
	on(s, endpoint{id: "have-it", method: "POST", path: "/crises/{id}/acknowledgement", policy: member, alarm: true, summary: "Say that you have it, or that you cannot"},
		func(q *request, in *struct {
			OfCrisis
			Body Acknowledgement
		},
		) (Receipt, error) {
			return s.onCrisis(q, in.ID, door.CrisisReply{Has: in.Body.Has}, s.cfg.Door.HaveIt)
		})
	on(s, endpoint{id: "note-crisis", method: "POST", path: "/crises/{id}/notes", policy: member, alarm: true, status: http.StatusCreated, summary: "Add to a crisis's timeline"},
		func(q *request, in *struct {
			OfCrisis
			Body Note
		},
		) (Receipt, error) {
			return s.onCrisis(q, in.ID, door.CrisisReply{Text: in.Body.Text, Draft: in.Body.Draft}, s.cfg.Door.NoteCrisis)
		})
	on(s, endpoint{id: "call-too", method: "POST", path: "/crises/{id}/calls", policy: member, alarm: true, status: http.StatusCreated, summary: "Call one more person, now"},
		func(q *request, in *struct {
			OfCrisis
			Body Call
		},
		) (Receipt, error) {
			p, err := s.one(q, "person", in.Body.Person)
			if err == nil && p == "" {
				err = &door.Problem{Field: "person", Code: "nobody"}
			}
			if err != nil {
				return Receipt{}, err
			}
			return s.onCrisis(q, in.ID, door.CrisisReply{Person: p}, s.cfg.Door.CallToo)
		})
	on(s, endpoint{id: "end-crisis", method: "POST", path: "/crises/{id}/end", policy: member, alarm: true, summary: "End a crisis, and say how"},
		func(q *request, in *struct {
			OfCrisis
			Body Note
		},
		) (Receipt, error) {
			return s.onCrisis(q, in.ID, door.CrisisReply{Text: in.Body.Text, Draft: in.Body.Draft}, s.cfg.Door.EndCrisis)
		})
}

// onCrisis runs one act of the door on a crisis.
func (s *Server) onCrisis(q *request, id string, r door.CrisisReply, verb func(context.Context, access.Actor, door.CrisisReply) (door.Receipt, error)) (Receipt, error) {
	var err error
	if r.Crisis, err = s.itemID(q, id); err != nil {
		return Receipt{}, err
	}
	r.Key = q.key
	rec, err := verb(q.ctx, q.actor(), r)
	return s.receipt(q, rec, err)
}

func (s *Server) crisisLines(q *request) func([]store.CrisisLine) ([]CrisisLine, error) {
	return func(lines []store.CrisisLine) ([]CrisisLine, error) {
		items := make([]item.Item, len(lines))
		for i, l := range lines {
			items[i] = l.Item
		}
		heads, err := s.heads(q)(items)
		if err != nil {
			return nil, err
		}
		out := make([]CrisisLine, len(lines))
		for i, l := range lines {
			out[i] = CrisisLine{Head: heads[i], Body: l.Item.Body}
			if out[i].Crisis, err = s.crisis(q, l.Item, l.Crisis); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
}

func (s *Server) crisis(q *request, i item.Item, c crisis.Crisis) (Crisis, error) {
	ids := []string{c.EndedBy}
	for _, n := range c.Needed {
		ids = append(ids, n.Person)
	}
	people, err := q.read.Names(q.ctx, ids)
	if err != nil {
		return Crisis{}, err
	}
	stream := store.WideStream
	if i.Team != "" {
		stream = store.TeamStream(i.Team)
	}
	followers, err := q.read.Followers(q.ctx, stream)
	out := Crisis{Needed: []Called{}, Ended: c.Ended.UTC(), EndedBy: optional(people, c.EndedBy), Outcome: c.Outcome, Followers: followers}
	for _, n := range c.Needed {
		out.Needed = append(out.Needed, Called{
			Person: names(people, []string{n.Person})[0], HasIt: n.HasIt.UTC(), Cannot: n.Cannot.UTC(), Calls: n.Round, Next: n.Next.UTC(),
		})
	}
	return out, err
}
