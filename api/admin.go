package api

import (
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// Sending is an outgoing message, and what became of it.
type Sending struct {
	ID      string    `json:"id"`
	Subject string    `json:"subject" doc:"brief, crisis or link"`
	About   string    `json:"about,omitempty" doc:"Id of the brief or the crisis"`
	Person  Name      `json:"person"`
	Channel string    `json:"channel"`
	State   string    `json:"state" doc:"waiting, sent, failed or dropped"`
	Attempt int64     `json:"attempt"`
	Due     time.Time `json:"due,omitzero" doc:"When it is tried next"`
	Created time.Time `json:"created"`
	Done    time.Time `json:"done,omitzero"`
	Error   string    `json:"error,omitempty"`
}

func sending(one store.Sending, p store.Person) Sending {
	out := Sending{
		ID: one.ID, Subject: string(one.Subject), Person: name(p), Channel: one.Channel, State: string(one.State), Attempt: one.Attempt,
		Created: one.Created.UTC(), Done: one.Done.UTC(), Error: one.Error,
	}
	if one.Subject != store.SubjectLink { // a link's id is near its secret
		out.About = one.About
	}
	if one.State == store.SendWaiting {
		out.Due = one.Due.UTC()
	}
	return out
}

// Enrolled is a person as admins see them.
type Enrolled struct {
	Name
	Email    string    `json:"email,omitempty" doc:"The address they sign in with"`
	Role     string    `json:"role"`
	State    string    `json:"state"`
	Bot      bool      `json:"bot,omitempty" doc:"A name of history that wrote by itself"`
	MayRaise bool      `json:"may_raise" doc:"Whether they may raise a crisis"`
	Joined   time.Time `json:"joined,omitzero"`
}

// Held is what a restore holds back until an admin says so.
type Held struct {
	Since    time.Time `json:"since,omitzero" doc:"Absent where nothing was held"`
	Messages int       `json:"messages"`
}

// Release says what becomes of what is held back.
type Release struct {
	Drop bool `json:"drop,omitempty" doc:"Drop it, instead of letting it go out"`
}

// Unreachable is an address of somebody that takes nothing.
type Unreachable struct {
	Person    Name      `json:"person"`
	Channel   string    `json:"channel" doc:"email or webhook"`
	Address   string    `json:"address"`
	Failed    time.Time `json:"failed"`
	FailedWhy string    `json:"failed_why"`
}

// AuditChain says whether the audit log is whole.
type AuditChain struct {
	Entries int64  `json:"entries"`
	Broken  int64  `json:"broken,omitempty" doc:"Number of the first entry that was changed or taken out"`
	Head    string `json:"head,omitempty" doc:"Chain of the newest entry: keep it elsewhere, and a log that was written anew is found out"`
}

// Invite is an open invite, without its secret.
type Invite struct {
	ID      string    `json:"id"`
	Address string    `json:"address,omitempty" doc:"The one address it is for"`
	Role    string    `json:"role"`
	Team    string    `json:"team,omitempty" doc:"Id of the team that is joined with it"`
	MadeBy  Name      `json:"made_by"`
	Created time.Time `json:"created"`
	Ends    time.Time `json:"ends"`
}

// AuditEntry is who did what to rights and settings.
type AuditEntry struct {
	N      int64     `json:"n"`
	At     time.Time `json:"at"`
	Actor  *Name     `json:"actor,omitempty"`
	Act    string    `json:"act"`
	Object string    `json:"object,omitempty"`
	Detail string    `json:"detail,omitempty"`
	Origin string    `json:"origin,omitempty"`
	Chain  string    `json:"chain" doc:"SHA-256, in hex, of the chain before it, a line feed, and a JSON list of n, at in milliseconds, the actor's id, act, object, detail and origin"`
}

func (s *Server) adminOperations() {
	on(s, endpoint{id: "list-enrolled", method: "GET", path: "/admin/people", policy: admin, summary: "List everybody, whatever their state, by name"},
		func(q *request, in *struct {
			Paging
			Find  string `query:"find" maxLength:"100" doc:"Words that stand in their name, handle or address"`
			State string `query:"state" enum:"imported,active,deactivated,removed" doc:"Any without it"`
		},
		) (List[Enrolled], error) {
			return paged(s, q, "enrolled", in.Paging, func(after store.Mark, limit int) (store.Page[store.Enrolled], error) {
				found, err := q.read.EnrolledPage(q.ctx, store.Finding{Words: in.Find, State: access.State(in.State)}, after, limit)
				return found.Page, err
			}, each(func(e store.Enrolled) Enrolled {
				p := e.Person
				return Enrolled{name(p), e.Email, string(p.Role), string(p.State), p.Bot, p.MayRaise, p.Joined.UTC()}
			}))
		})
	on(s, endpoint{id: "list-invites", method: "GET", path: "/admin/invites", policy: admin, summary: "List the open invites, the newest first"},
		func(q *request, _ *nothing) (List[Invite], error) {
			all, err := q.read.Invites(q.ctx, time.Now())
			if err != nil {
				return List[Invite]{}, err
			}
			ids := make([]string, len(all))
			for i, l := range all {
				ids[i] = l.MadeBy
			}
			people, err := q.read.Names(q.ctx, ids)
			out := List[Invite]{Items: []Invite{}}
			for _, l := range all {
				out.Items = append(out.Items, Invite{
					ID: l.ID, Address: l.Address, Role: string(l.Role), Team: l.Team, MadeBy: names(people, []string{l.MadeBy})[0], Created: l.Created.UTC(), Ends: l.Ends.UTC(),
				})
			}
			return out, err
		})
	act(s, endpoint{id: "end-invite", method: "DELETE", path: "/admin/invites/{id}", policy: admin, summary: "Take an open invite back"},
		func(q *request, in *OfMine) error { return s.cfg.Door.EndInvite(q.ctx, q.actor(), in.ID) })
	on(s, endpoint{id: "list-audit", method: "GET", path: "/admin/audit", policy: admin, summary: "List who did what to rights and settings, the newest first"},
		func(q *request, in *Paging) (List[AuditEntry], error) {
			return paged(s, q, "audit", *in, func(after store.Mark, limit int) (store.Page[store.AuditEntry], error) {
				all, err := q.read.Audit(q.ctx, after.At, limit)
				page := store.Page[store.AuditEntry]{Rows: all}
				if len(all) == limit {
					page.Next = store.Mark{At: all[limit-1].N}
				}
				return page, err
			}, func(all []store.AuditEntry) ([]AuditEntry, error) {
				ids := make([]string, len(all))
				for i, e := range all {
					ids[i] = e.Actor
				}
				people, err := q.read.Names(q.ctx, ids)
				out := make([]AuditEntry, len(all))
				for i, e := range all {
					out[i] = AuditEntry{N: e.N, At: e.At.UTC(), Actor: optional(people, e.Actor), Act: string(e.Act), Object: e.Object, Detail: e.Detail, Origin: e.Origin, Chain: e.Hash}
				}
				return out, err
			})
		})
	on(s, endpoint{id: "check-audit", method: "GET", path: "/admin/audit/chain", policy: admin, summary: "Work the chain of the audit log out again"},
		func(q *request, _ *nothing) (AuditChain, error) {
			c, err := q.read.AuditChain(q.ctx)
			return AuditChain{c.Entries, c.Broken, c.Head}, err
		})
	on(s, endpoint{id: "list-mail", method: "GET", path: "/admin/mail", policy: admin, summary: "List messages that wait, the next first, or have failed, the newest first"},
		func(q *request, in *struct {
			Paging
			State string `query:"state" enum:"waiting,failed" default:"waiting"`
		},
		) (List[Sending], error) {
			return paged(s, q, "mail "+in.State, in.Paging, func(after store.Mark, limit int) (store.Page[store.Sending], error) {
				return q.read.SendingPage(q.ctx, store.SendState(in.State), after, limit)
			}, func(all []store.Sending) ([]Sending, error) {
				ids := make([]string, len(all))
				for i, one := range all {
					ids[i] = one.Person
				}
				people, err := q.read.Names(q.ctx, ids)
				out := make([]Sending, len(all))
				for i, one := range all {
					out[i] = sending(one, people[one.Person])
				}
				return out, err
			})
		})
	act(s, endpoint{id: "send-again", method: "POST", path: "/admin/mail/{id}/again", policy: admin, summary: "Try a failed message once more"},
		func(q *request, in *OfMine) error { return s.cfg.Door.SendAgain(q.ctx, q.actor(), in.ID) })
}

// operations declares all of them.
func (s *Server) operations() {
	s.myOperations()
	s.briefOperations()
	s.writingOperations()
	s.checkOperations()
	s.itemOperations()
	s.askOperations()
	s.crisisOperations()
	s.draftOperations()
	s.fileOperations()
	s.charterOperations()
	s.holidayOperations()
	s.peopleOperations()
	s.teamOperations()
	s.adminOperations()
	s.deliveryOperations()
}
