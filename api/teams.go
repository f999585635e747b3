package api

import (
	"net/http"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// Team is a team.
type Team struct {
	TeamName
	Purpose string   `json:"purpose"`
	Open    bool     `json:"open" doc:"Everybody but guests may read and join"`
	Mine    bool     `json:"mine" doc:"You belong to it"`
	Can     []string `json:"can" doc:"What you may do: join, leave, manage, write-in"`
}

// Member is somebody who belongs to a team.
type Member struct {
	Person
	Lead bool `json:"lead"`
}

// TeamDraft is a new team.
type TeamDraft struct {
	Name    string `json:"name"`
	Slug    string `json:"slug,omitempty" doc:"Proposed from the name without it"`
	Purpose string `json:"purpose,omitempty"`
	Open    bool   `json:"open" doc:"Everybody but guests may read and join"`
}

// Newcomer is somebody who is added to a team.
type Newcomer struct {
	Person string `json:"person" doc:"Id or handle"`
	Lead   bool   `json:"lead,omitempty"`
}

// Made is the id of something new.
type Made struct {
	ID string `json:"id"`
}

// OfTeam is an address of one team.
type OfTeam struct {
	ID string `path:"id" maxLength:"64" doc:"Id or slug of the team"`
}

func teamOf(q *request, t store.Team) Team {
	can := make(map[access.Action]bool)
	for _, a := range []access.Action{access.Join, access.Leave, access.Manage, access.WriteIn} {
		can[a] = access.Can(q.actor(), a, t.Object()) == nil
	}
	return Team{TeamName: TeamName{ID: t.ID, Slug: t.Slug, Name: t.Name}, Purpose: t.Purpose, Open: t.Open, Mine: q.actor().Teams[t.ID], Can: allowed(can)}
}

func (s *Server) teamOperations() {
	on(s, endpoint{id: "list-teams", method: "GET", path: "/teams", policy: member, summary: "List the teams you may see, by name"},
		func(q *request, _ *nothing) (List[Team], error) {
			all, err := q.read.Teams(q.ctx)
			out := List[Team]{Items: []Team{}}
			for _, t := range all {
				out.Items = append(out.Items, teamOf(q, t))
			}
			return out, err
		})
	on(s, endpoint{id: "add-team", method: "POST", path: "/teams", policy: member, status: http.StatusCreated, summary: "Make a team, with you as its first member"},
		func(q *request, in *struct {
			Keyed
			Body TeamDraft
		},
		) (Made, error) {
			id, err := s.cfg.Door.AddTeam(q.ctx, q.actor(), door.TeamDraft{
				Key: q.key, Name: in.Body.Name, Slug: in.Body.Slug, Purpose: in.Body.Purpose, Open: in.Body.Open,
			})
			return Made{ID: id}, err
		})
	on(s, endpoint{id: "get-team", method: "GET", path: "/teams/{id}", policy: member, summary: "Read a team"},
		func(q *request, in *OfTeam) (Team, error) {
			t, err := s.team(q, in.ID)
			return teamOf(q, t), err
		})
	on(s, endpoint{id: "list-members", method: "GET", path: "/teams/{id}/members", policy: member, summary: "List who belongs to a team, by name"},
		func(q *request, in *OfTeam) (List[Member], error) {
			t, err := s.team(q, in.ID)
			if err != nil {
				return List[Member]{}, err
			}
			all, err := q.read.Members(q.ctx, t)
			out := List[Member]{Items: []Member{}}
			for _, m := range all {
				out.Items = append(out.Items, Member{Person: person(m.Person, q.now), Lead: m.Lead})
			}
			return out, err
		})
	on(s, endpoint{id: "list-team-items", method: "GET", path: "/teams/{id}/items", policy: member, summary: "List what a team wrote, the newest first"},
		func(q *request, in *struct {
			OfTeam
			Paging
		},
		) (List[Head], error) {
			t, err := s.team(q, in.ID)
			if err != nil {
				return List[Head]{}, err
			}
			return paged(s, q, "team "+t.ID, in.Paging, func(after store.Mark, limit int) (store.Page[item.Item], error) {
				items, next, err := q.read.TeamItems(q.ctx, t, after.ID, limit)
				return store.Page[item.Item]{Rows: items, Next: store.Mark{ID: next}}, err
			}, s.heads(q))
		})
	act(s, endpoint{id: "join-team", method: "POST", path: "/teams/{id}/membership", policy: member, summary: "Join an open team"},
		func(q *request, in *struct {
			Keyed
			OfTeam
		},
		) error {
			t, err := s.team(q, in.ID)
			if err != nil {
				return err
			}
			return s.cfg.Door.JoinTeam(q.ctx, q.actor(), door.Membership{Key: q.key, Team: t.ID})
		})
	act(s, endpoint{id: "leave-team", method: "POST", path: "/teams/{id}/membership/removal", policy: member, summary: "Leave a team"},
		func(q *request, in *struct {
			Keyed
			OfTeam
		},
		) error {
			t, err := s.team(q, in.ID)
			if err != nil {
				return err
			}
			return s.cfg.Door.LeaveTeam(q.ctx, q.actor(), door.Membership{Key: q.key, Team: t.ID})
		})
	act(s, endpoint{id: "add-member", method: "POST", path: "/teams/{id}/members", policy: member, summary: "Add somebody to a team"},
		func(q *request, in *struct {
			Keyed
			OfTeam
			Body Newcomer
		},
		) error {
			t, err := s.team(q, in.ID)
			if err != nil {
				return err
			}
			p, err := s.one(q, "person", in.Body.Person)
			if err == nil && p == "" {
				err = &door.Problem{Field: "person", Code: "nobody"}
			}
			if err != nil {
				return err
			}
			return s.cfg.Door.JoinTeam(q.ctx, q.actor(), door.Membership{Key: q.key, Team: t.ID, Person: p, Lead: in.Body.Lead})
		})
	act(s, endpoint{id: "remove-member", method: "POST", path: "/teams/{id}/members/{person}/removal", policy: member, summary: "Take somebody out of a team"},
		func(q *request, in *struct {
			Keyed
			OfTeam
			Person string `path:"person" maxLength:"64" doc:"Id or handle"`
		},
		) error {
			t, err := s.team(q, in.ID)
			if err != nil {
				return err
			}
			p, err := s.person(q, in.Person)
			if err != nil {
				return err
			}
			return s.cfg.Door.LeaveTeam(q.ctx, q.actor(), door.Membership{Key: q.key, Team: t.ID, Person: p.ID})
		})
}
