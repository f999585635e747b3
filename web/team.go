package web

import (
	"maps"
	"net/http"
	"strings"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// postTeam makes a team.
func (s *Server) postTeam(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	draft := door.TeamDraft{
		Key: form.Get("key"), Name: form.Get("name"), Slug: strings.TrimSpace(form.Get("slug")), Purpose: form.Get("purpose"),
		Open: form.Get("private") != "yes",
	}
	id, err := s.cfg.Door.AddTeam(q.r.Context(), q.actor(), draft)
	if ps, ok := problems(err); ok {
		p, err := s.teamsPage(q)
		if err != nil {
			return err
		}
		p.Name, p.Slug, p.Purpose, p.Private, p.Problems = draft.Name, draft.Slug, draft.Purpose, !draft.Open, ps
		return q.show(http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	teams, err := s.cfg.Read(withTeam(q.actor(), id)).Teams(q.r.Context())
	if err != nil {
		return err
	}
	for _, t := range teams {
		if t.ID == id {
			return q.seeOther(page.TeamPath(t.Slug))
		}
	}
	return q.seeOther(page.PathTeams)
}

// withTeam is an actor who has just entered a team.
func withTeam(a access.Actor, team string) access.Actor {
	teams := map[string]bool{team: true}
	for t := range a.Teams {
		teams[t] = true
	}
	a.Teams = teams
	return a
}

// getTeam shows a team: who belongs to it, and what it wrote.
func (s *Server) getTeam(q *request) error {
	t, err := q.read.TeamBySlug(q.r.Context(), q.r.PathValue("slug"))
	if err != nil {
		return err
	}
	p, err := s.teamPage(q, t)
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, p.View())
}

// pageOf is how many items a team's page lists at a time.
const pageOf = 50

func (s *Server) teamPage(q *request, t store.Team) (page.TeamPage, error) {
	o := t.Object()
	can := func(act access.Action) bool { return access.Can(q.actor(), act, o) == nil }
	p := page.TeamPage{
		Frame: s.frame(q, page.RoomTeams), Team: team(t), Purpose: t.Purpose, Mine: q.actor().Teams[t.ID],
		CanJoin: can(access.Join), CanLeave: can(access.Leave), CanManage: can(access.Manage), CanWrite: can(access.WriteIn),
	}
	stream := store.TeamStream(t.ID)
	paces, err := q.read.Paces(q.r.Context(), []string{stream})
	if err != nil {
		return p, err
	}
	p.Pace = string(paces[stream])
	members, err := q.read.Members(q.r.Context(), t)
	if err != nil {
		return p, err
	}
	people := make(map[string]store.Person, len(members))
	for _, m := range members {
		people[m.Person.ID] = m.Person
		p.Members = append(p.Members, page.Member{Person: s.person(m.Person, q.now), Lead: m.Lead})
	}
	items, next, err := q.read.TeamItems(q.r.Context(), t, q.r.URL.Query().Get("before"), pageOf)
	if err != nil {
		return p, err
	}
	var gone []string // who wrote and is no member any more
	for _, one := range items {
		if _, ok := people[one.Author]; !ok {
			gone = append(gone, one.Author)
		}
	}
	others, err := q.read.Names(q.r.Context(), gone)
	if err != nil {
		return p, err
	}
	maps.Copy(people, others)
	for _, one := range items {
		p.Items = append(p.Items, s.head(q, one, people))
	}
	if next != "" {
		p.Older = page.TeamPath(t.Slug) + "?before=" + next
	}
	if p.CanManage {
		if p.People, err = s.choice(q, anybodyNamed); err != nil {
			return p, err
		}
	}
	return p, nil
}

// onTeam runs one act on a team's membership and goes back to the team, or to
// all teams when it is out of sight now.
func (s *Server) onTeam(q *request, verb func(t store.Team, m door.Membership) error) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	t, err := q.read.TeamBySlug(q.r.Context(), q.r.PathValue("slug"))
	if err != nil {
		return err
	}
	m := door.Membership{Key: form.Get("key"), Team: t.ID, Person: q.r.PathValue("person")}
	if to := strings.TrimSpace(form.Get("person")); to != "" {
		m.Person, err = s.oneNamed(q, to)
	}
	if err == nil {
		err = verb(t, m)
	}
	if ps, ok := problems(err); ok {
		p, err := s.teamPage(q, t)
		if err != nil {
			return err
		}
		for i := range ps {
			ps[i].Field = "person"
		}
		p.Problems, p.Typed = ps, form.Get("person")
		return q.show(http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	if m.Person == "" && !t.Open {
		return q.seeOther(page.PathTeams)
	}
	return q.seeOther(page.TeamPath(t.Slug))
}

func (s *Server) postMembership(q *request) error {
	return s.onTeam(q, func(_ store.Team, m door.Membership) error {
		m.Person = ""
		return s.cfg.Door.JoinTeam(q.r.Context(), q.actor(), m)
	})
}

func (s *Server) postMembershipRemoval(q *request) error {
	return s.onTeam(q, func(_ store.Team, m door.Membership) error {
		m.Person = ""
		return s.cfg.Door.LeaveTeam(q.r.Context(), q.actor(), m)
	})
}

func (s *Server) postMember(q *request) error {
	return s.onTeam(q, func(_ store.Team, m door.Membership) error {
		if m.Person == "" {
			return &door.Problem{Field: "person", Code: "nobody"}
		}
		return s.cfg.Door.JoinTeam(q.r.Context(), q.actor(), m)
	})
}

func (s *Server) postMemberRemoval(q *request) error {
	return s.onTeam(q, func(_ store.Team, m door.Membership) error { return s.cfg.Door.LeaveTeam(q.r.Context(), q.actor(), m) })
}
