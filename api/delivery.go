package api

import (
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/delivery"
)

// Backlog is how delivery stands.
type Backlog struct {
	Kept     bool      `json:"kept" doc:"Whether nothing breaks the promise of delivery"`
	Troubles []string  `json:"troubles" doc:"What is wrong, the worst first: disk, stopped, calls, late, refused, canary; held, mail and failed break no promise"`
	Items    int       `json:"items" doc:"Things that wait for their reader's window"`
	Next     time.Time `json:"next,omitzero" doc:"When the next look at somebody is due"`
	Late     int       `json:"late" doc:"People whose look is overdue by more than a minute"`
	Oldest   time.Time `json:"oldest,omitzero" doc:"When the most overdue look was due"`
	Overdue  []Overdue `json:"overdue,omitempty" doc:"The first of those who are late"`
	Calls    int       `json:"calls" doc:"Messages of open crises that are not out after a minute or have failed for good"`
	Waiting  int       `json:"waiting" doc:"Messages that wait to go out by mail or webhook"`
	Failed   int       `json:"failed" doc:"Messages that failed for good"`
	Lately   int       `json:"failed_lately" doc:"Of those, in the last 24 hours"`
	Outbox   []Queue   `json:"outbox" doc:"Both by channel"`
	Held     *Held     `json:"held,omitempty" doc:"Present while a restore holds delivery back"`
	Canary   *Canary   `json:"canary,omitempty" doc:"The trial deliveries that the server sends itself for every full hour; absent in a demo"`
	BackedUp time.Time `json:"backed_up,omitzero" doc:"When the last backup of the whole server was made"`
	Process  Process   `json:"process" doc:"The process that answers: with several nodes each has its own"`
}

// Overdue is somebody whose look is overdue.
type Overdue struct {
	Person string    `json:"person" doc:"Their id"`
	Name   string    `json:"name"`
	Due    time.Time `json:"due"`
}

// Queue is how many messages are in one state on one channel.
type Queue struct {
	Channel string `json:"channel"`
	State   string `json:"state" doc:"waiting or failed"`
	N       int64  `json:"n"`
}

// Canary is how the trial deliveries stand.
type Canary struct {
	Arrived  time.Time `json:"arrived,omitzero" doc:"When the last one arrived"`
	Promised time.Time `json:"promised,omitzero" doc:"When that one was promised"`
	Waiting  time.Time `json:"waiting,omitzero" doc:"When the one on its way is promised"`
	Sealed   bool      `json:"sealed,omitempty" doc:"The one on its way is sealed; only its message is not out"`
	Late     float64   `json:"late_seconds"`
}

// Process is how delivery goes in one process.
type Process struct {
	Since       time.Time `json:"since"`
	Loops       []Beat    `json:"loops"`
	Violations  int       `json:"contract_violations" doc:"Briefs refused because they would have broken the promise of delivery"`
	FailedLooks int       `json:"failed_looks" doc:"Looks at a person that failed and were tried again"`
}

// Beat is when a loop last went round without an error.
type Beat struct {
	Loop string    `json:"loop" doc:"briefs, calls, messages or crises"`
	At   time.Time `json:"at,omitzero"`
}

func backlog(s delivery.Standing) Backlog {
	out := Backlog{
		Kept: s.Kept(), Troubles: []string{}, Items: s.Backlog.Waiting, Next: s.Next.UTC(), Late: s.Late, Oldest: s.Oldest.UTC(),
		Calls: s.Calls, Lately: s.Lately, BackedUp: s.BackedUp.UTC(), Outbox: []Queue{},
		Process: Process{Since: s.Health.Since.UTC(), Loops: []Beat{}, Violations: s.Health.Violations, FailedLooks: s.Health.FailedLooks},
	}
	for _, t := range s.Troubles() {
		out.Troubles = append(out.Troubles, string(t))
	}
	for _, o := range s.Overdue {
		out.Overdue = append(out.Overdue, Overdue{o.Person, o.Name, o.Due.UTC()})
	}
	out.Waiting, out.Failed = s.Counts()
	for _, c := range s.Outbox {
		out.Outbox = append(out.Outbox, Queue{c.Channel, string(c.State), c.N})
	}
	if !s.Hold.Since.IsZero() {
		out.Held = &Held{s.Hold.Since.UTC(), s.Hold.Messages}
	}
	if s.Trials {
		c := s.Canary
		out.Canary = &Canary{c.Arrived.UTC(), c.Promised.UTC(), c.Waiting.UTC(), c.Sealed, c.Late(s.Wall).Seconds()}
	}
	for _, b := range s.Health.Beats {
		out.Process.Loops = append(out.Process.Loops, Beat{string(b.Loop), b.At.UTC()})
	}
	return out
}

// deliveryOperations are those of admins on what goes out.
func (s *Server) deliveryOperations() {
	on(s, endpoint{id: "get-backlog", method: "GET", path: "/admin/delivery", policy: admin, summary: "Read whether the promise of delivery holds, and how delivery stands"},
		func(q *request, _ *nothing) (Backlog, error) {
			stands, err := s.cfg.Standing(q.ctx, q.read)
			if err != nil {
				return Backlog{}, err
			}
			return backlog(stands), nil
		})
	on(s, endpoint{
		id: "release", method: "POST", path: "/admin/delivery/release", policy: admin, summary: "Let go out what a restore holds back, or drop it",
		detail: "Whatever comes from now on goes out. Where nothing is held, nothing happens.",
	}, func(q *request, in *struct{ Body Release }) (Held, error) {
		since, n, err := s.cfg.Door.Release(q.ctx, []access.Actor{q.actor()}, in.Body.Drop)
		return Held{since.UTC(), int(n)}, err
	})
	on(s, endpoint{id: "list-unreachable", method: "GET", path: "/admin/unreachable", policy: admin, summary: "List the addresses that refused for good and took nothing since, by name"},
		func(q *request, _ *nothing) (List[Unreachable], error) {
			all, err := q.read.Unreachable(q.ctx)
			ids := make([]string, len(all))
			for i, u := range all {
				ids[i] = u.Person
			}
			if err != nil {
				return List[Unreachable]{}, err
			}
			people, err := q.read.Names(q.ctx, ids)
			out := List[Unreachable]{Items: []Unreachable{}}
			for _, u := range all {
				out.Items = append(out.Items, Unreachable{names(people, []string{u.Person})[0], u.Channel, u.Address, u.Failed.UTC(), u.FailedWhy})
			}
			return out, err
		})
}
