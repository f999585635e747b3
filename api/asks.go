package api

import (
	"context"
	"net/http"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// Ask is where an ask stands.
type Ask struct {
	Term      string  `json:"term"`
	Urgent    bool    `json:"urgent,omitempty"`
	UrgentWhy string  `json:"urgent_why,omitempty"`
	Stands    string  `json:"stands" doc:"open; closed: enough answers came; short: they cannot come any more; withdrawn; in-document"`
	Needed    int     `json:"needed" doc:"How many answers end it"`
	Answers   int     `json:"answers"`
	Document  string  `json:"document,omitempty" doc:"Id of the document it was turned into"`
	Asked     []Asked `json:"asked"`
}

// Asked is one recipient, with a clock of their own.
type Asked struct {
	Person     Name      `json:"person"`
	State      string    `json:"state" doc:"waiting, answered, declined, handed or left"`
	Term       string    `json:"term"`
	Since      *Moment   `json:"since,omitempty" doc:"The window in which it stood in their brief; absent before"`
	Due        *Moment   `json:"due,omitempty"`
	Settled    time.Time `json:"settled,omitzero"`
	Answer     string    `json:"answer,omitempty" doc:"Id of the answer in the thread"`
	Reason     string    `json:"reason,omitempty"`
	HandedTo   *Name     `json:"handed_to,omitempty" doc:"Who is asked in their place: by their own wish, or, when they declined or left, by the asker's"`
	HandedBy   *Name     `json:"handed_by,omitempty"`
	TimeAsked  string    `json:"time_asked,omitempty" doc:"The term they ask for instead"`
	TimeReason string    `json:"time_reason,omitempty"`
	Question   string    `json:"question,omitempty" doc:"Id of what they asked back: their clock stands still until they have the answer"`
	CouldWait  bool      `json:"could_have_waited,omitempty"`
}

// AskLine is an ask in a listing.
type AskLine struct {
	Head
	Ask Ask `json:"ask"`
}

// peopleOf are the ids of everybody an ask names.
func peopleOf(a ask.Ask) []string {
	var ids []string
	for _, r := range a.Recipients {
		ids = append(ids, r.Person)
		for _, id := range []string{r.To, r.From} {
			if id != "" {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

func askOf(a ask.Ask, people map[string]store.Person) Ask {
	out := Ask{
		Term: a.Term.String(), Urgent: a.Urgent, UrgentWhy: a.UrgentWhy, Stands: string(a.Stands()), Needed: a.Needed(), Answers: a.Answers(),
		Document: a.Document, Asked: []Asked{},
	}
	for _, r := range a.Recipients {
		question, _ := r.Asking()
		out.Asked = append(out.Asked, Asked{
			Person: names(people, []string{r.Person})[0], State: string(r.State), Term: r.Term.String(), Since: moment(r.Started, people[r.Person]),
			Due: moment(r.Due, people[r.Person]), Settled: r.Settled.UTC(), Answer: r.Answer, Reason: r.Reason, HandedTo: optional(people, r.To),
			HandedBy: optional(people, r.From), TimeAsked: r.TimeAsked, TimeReason: r.TimeReason, Question: question.Item, CouldWait: r.CouldWait,
		})
	}
	return out
}

// askLines says asks with the names in them.
func (s *Server) askLines(q *request) func([]store.AskLine) ([]AskLine, error) {
	return func(lines []store.AskLine) ([]AskLine, error) {
		var ids []string
		for _, l := range lines {
			ids = append(append(ids, l.Item.Author), peopleOf(l.Ask)...)
		}
		people, err := q.read.Names(q.ctx, ids)
		out := make([]AskLine, len(lines))
		for i, l := range lines {
			out[i] = AskLine{head(l.Item, people), askOf(l.Ask, people)}
		}
		return out, err
	}
}

// OfAsk is an address inside one ask.
type OfAsk struct {
	Keyed
	ID string `path:"id" maxLength:"64" doc:"Id of the ask, or its reference, as A-12"`
}

// Reply is an answer.
type Reply struct {
	Text  string `json:"text" doc:"Markdown"`
	Draft string `json:"draft,omitempty" doc:"Where its files hang"`
}

// Question asks the asker back.
type Question struct {
	Text string `json:"text" doc:"Markdown"`
}

// Reason is why.
type Reason struct {
	Reason string `json:"reason" doc:"Why, in a sentence"`
}

// HandOn passes an ask to somebody else.
type HandOn struct {
	To     string `json:"to" doc:"Id or handle of who takes it over"`
	Reason string `json:"reason" doc:"Why, in a sentence"`
}

// Instead asks somebody else.
type Instead struct {
	To string `json:"to" doc:"Id or handle of who is asked"`
}

// MoreTime asks for another term.
type MoreTime struct {
	Term   string `json:"term" doc:"The term wanted instead, as in an ask"`
	Reason string `json:"reason" doc:"Why, in a sentence"`
}

// Grant answers who asked for more time.
type Grant struct {
	Grant bool `json:"grant"`
}

func (s *Server) askOperations() {
	on(s, endpoint{
		id: "list-asks", method: "GET", path: "/asks", policy: member, summary: "List asks",
		detail: "waiting: to you, delivered and not settled, by due time; settled: to you, the newest first; written: yours, the newest first.",
	}, func(q *request, in *struct {
		Paging
		Of string `query:"of" enum:"waiting,settled,written" default:"waiting"`
	},
	) (List[AskLine], error) {
		return paged(s, q, "asks "+in.Of, in.Paging, func(after store.Mark, limit int) (store.Page[store.AskLine], error) {
			return q.read.AskPage(q.ctx, store.AskList(in.Of), after, limit)
		}, s.askLines(q))
	})
	on(s, endpoint{id: "answer", method: "POST", path: "/asks/{id}/answer", policy: member, status: http.StatusCreated, summary: "Answer an ask"},
		func(q *request, in *struct {
			OfAsk
			Body Reply
		},
		) (Receipt, error) {
			return s.onAsk(q, in.ID, door.AskReply{Text: in.Body.Text, Draft: in.Body.Draft}, s.cfg.Door.Answer)
		})
	on(s, endpoint{id: "decline", method: "POST", path: "/asks/{id}/decline", policy: member, summary: "Decline an ask, with a reason"},
		func(q *request, in *struct {
			OfAsk
			Body Reason
		},
		) (Receipt, error) {
			return s.onAsk(q, in.ID, door.AskReply{Reason: in.Body.Reason}, s.cfg.Door.Decline)
		})
	on(s, endpoint{
		id: "hand-on", method: "POST", path: "/asks/{id}/hand-on", policy: member, summary: "Hand an ask on to a named person",
		detail: "Their own clock starts at their own delivery.",
	}, func(q *request, in *struct {
		OfAsk
		Body HandOn
	},
	) (Receipt, error) {
		to, err := s.one(q, "to", in.Body.To)
		if err != nil {
			return Receipt{}, err
		}
		return s.onAsk(q, in.ID, door.AskReply{To: to, Reason: in.Body.Reason}, s.cfg.Door.HandOn)
	})
	on(s, endpoint{
		id: "ask-instead", method: "POST", path: "/asks/{id}/instead", policy: member, summary: "Ask somebody else in the place of one who declined or left, on an ask of yours",
		detail: "How many answers are wanted stays. Their own clock starts at their own delivery.",
	}, func(q *request, in *struct {
		OfAsk
		Body Instead
	},
	) (Receipt, error) {
		to, err := s.one(q, "to", in.Body.To)
		if err != nil {
			return Receipt{}, err
		}
		return s.onAsk(q, in.ID, door.AskReply{To: to}, s.cfg.Door.AskInstead)
	})
	on(s, endpoint{
		id: "ask-back", method: "POST", path: "/asks/{id}/question", policy: member, status: http.StatusCreated, summary: "Ask the asker back",
		detail: "Your clock stands still until their reply is delivered to you.",
	}, func(q *request, in *struct {
		OfAsk
		Body Question
	},
	) (Receipt, error) {
		return s.onAsk(q, in.ID, door.AskReply{Text: in.Body.Text}, s.cfg.Door.AskBack)
	})
	on(s, endpoint{id: "ask-time", method: "POST", path: "/asks/{id}/more-time", policy: member, summary: "Ask for more time, with a reason"},
		func(q *request, in *struct {
			OfAsk
			Body MoreTime
		},
		) (Receipt, error) {
			return s.onAsk(q, in.ID, door.AskReply{Term: in.Body.Term, Reason: in.Body.Reason}, s.cfg.Door.AskTime)
		})
	on(s, endpoint{id: "grant-time", method: "POST", path: "/asks/{id}/more-time/{person}", policy: member, summary: "Grant or refuse somebody more time on an ask of yours"},
		func(q *request, in *struct {
			OfAsk
			Person string `path:"person" maxLength:"64" doc:"Id or handle of the recipient"`
			Body   Grant
		},
		) (Receipt, error) {
			p, err := s.person(q, in.Person)
			if err != nil {
				return Receipt{}, err
			}
			return s.onAsk(q, in.ID, door.AskReply{Person: p.ID, Grant: in.Body.Grant}, s.cfg.Door.GrantTime)
		})
	on(s, endpoint{id: "withdraw", method: "POST", path: "/asks/{id}/withdrawal", policy: member, summary: "Withdraw an ask of yours"},
		func(q *request, in *OfAsk) (Receipt, error) {
			return s.onAsk(q, in.ID, door.AskReply{}, s.cfg.Door.Withdraw)
		})
	on(s, endpoint{id: "could-have-waited", method: "POST", path: "/asks/{id}/could-have-waited", policy: member, summary: "Mark an urgent ask as one that could have waited"},
		func(q *request, in *OfAsk) (Receipt, error) {
			return s.onAsk(q, in.ID, door.AskReply{}, s.cfg.Door.CouldWait)
		})
}

// onAsk runs one act of the door on an ask.
func (s *Server) onAsk(q *request, id string, r door.AskReply, verb func(context.Context, access.Actor, door.AskReply) (door.Receipt, error)) (Receipt, error) {
	var err error
	if r.Ask, err = s.itemID(q, id); err != nil {
		return Receipt{}, err
	}
	r.Key = q.key
	rec, err := verb(q.ctx, q.actor(), r)
	return s.receipt(q, rec, err)
}
