package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// peopleAtOnce is how many people the admin page lists.
const peopleAtOnce = 50

// getAdmin shows who is here, what goes out, and what does not.
func (s *Server) getAdmin(q *request) error {
	p, err := s.adminPage(q)
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, p.View())
}

func (s *Server) adminPage(q *request) (page.Admin, error) {
	p := page.Admin{Frame: s.frame(q, page.NoRoom), Org: q.org.Name, URL: s.address(q.org, ""), MailHost: s.cfg.MailHost}
	stands, err := s.cfg.Standing(q.r.Context(), q.read)
	if err != nil {
		return p, err
	}
	p.Promise, p.Mail = promise(stands), s.mailIs(stands)
	for _, r := range access.Roles() {
		if r != access.Owner || q.actor().Role == access.Owner {
			p.Roles = append(p.Roles, string(r))
		}
	}
	teams, err := q.read.Teams(q.r.Context())
	if err != nil {
		return p, err
	}
	for _, t := range teams {
		if access.Can(q.actor(), access.Manage, t.Object()) == nil {
			p.Teams = append(p.Teams, team(t))
		}
	}
	if err := s.adminPeople(q, &p); err != nil {
		return p, err
	}
	if err := s.adminInvites(q, &p, teams); err != nil {
		return p, err
	}
	if err := s.adminCalendars(q, &p); err != nil {
		return p, err
	}
	return p, nil
}

// finding is which people an address of the admin page, or of an act from it,
// asks for.
func finding(q *request) page.Finding {
	asked := q.r.URL.Query()
	f := page.Finding{Words: strings.TrimSpace(cut(asked.Get("q"), 100)), After: asked.Get("after")}
	if slices.Contains(access.States(), access.State(asked.Get("state"))) {
		f.State = asked.Get("state")
	}
	return f
}

// adminPeople adds the people whom the address asks for, some at a time.
func (s *Server) adminPeople(q *request, p *page.Admin) error {
	p.Find = finding(q)
	for _, state := range access.States() {
		p.States = append(p.States, string(state))
	}
	some, err := q.read.EnrolledPage(q.r.Context(), store.Finding{Words: p.Find.Words, State: access.State(p.Find.State)}, store.Mark{ID: p.Find.After}, peopleAtOnce)
	if err != nil {
		return err
	}
	p.Found, p.Before, p.More = some.Found, some.Before, some.Next.ID
	for _, e := range some.Rows {
		one := e.Person
		p.People = append(p.People, page.AdminPerson{
			Person: s.person(one, q.now), Email: e.Email, Role: string(one.Role), State: string(one.State), Joined: one.Joined, MayRaise: one.MayRaise,
			Fixed: one.ID == q.who.Person.ID || one.State == access.Removed || one.Role == access.Owner && q.actor().Role != access.Owner,
		})
	}
	return nil
}

// adminInvites adds the open invites.
func (s *Server) adminInvites(q *request, p *page.Admin, teams []store.Team) error {
	invites, err := q.read.Invites(q.r.Context(), time.Now())
	if err != nil {
		return err
	}
	var ids []string
	for _, l := range invites {
		ids = append(ids, l.Person, l.MadeBy)
	}
	people, err := q.read.Names(q.r.Context(), ids)
	for _, l := range invites {
		one := page.Invite{ID: l.ID, Email: l.Address, Name: people[l.Person].Name, Role: string(l.Role), By: people[l.MadeBy].Name, Ends: l.Ends}
		for _, t := range teams {
			if t.ID == l.Team {
				one.Team = t.Name
			}
		}
		p.Invites = append(p.Invites, one)
	}
	return err
}

// adminCalendars adds the organisation's calendars of holidays.
func (s *Server) adminCalendars(q *request, p *page.Admin) error {
	all, err := q.read.Calendars(q.r.Context())
	if err != nil {
		return err
	}
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.By
	}
	people, err := q.read.Names(q.r.Context(), ids)
	for _, c := range all {
		p.Calendars = append(p.Calendars, page.AdminCalendar{Name: c.Name, Days: len(c.Days), Changed: c.Changed, By: people[c.By].Name})
	}
	return err
}

// adminAct reads the form of an act and runs it; it goes back to a part of the
// page, or shows it again with what to mend.
func (s *Server) adminAct(q *request, act, part string, fn func(form map[string]string) error) error {
	values, err := readForm(q)
	if err != nil {
		return err
	}
	form := make(map[string]string)
	for name := range values {
		form[name] = strings.TrimSpace(values.Get(name))
	}
	err = fn(form)
	if ps, ok := problems(err); ok {
		p, err := s.adminPage(q)
		if err != nil {
			return err
		}
		p.Act, p.Typed, p.Problems = act, form, ps
		return q.show(http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	return q.seeOther(page.PathAdmin + finding(q).Query() + "#" + part)
}

func (s *Server) postRole(q *request) error {
	return s.adminAct(q, "people", "people", func(form map[string]string) error {
		return s.cfg.Door.SetRole(q.r.Context(), q.actor(), q.r.PathValue("person"), access.Role(form["role"]))
	})
}

func (s *Server) postState(q *request) error {
	return s.adminAct(q, "people", "people", func(form map[string]string) error {
		return s.cfg.Door.SetState(q.r.Context(), q.actor(), q.r.PathValue("person"), access.State(form["state"]))
	})
}

func (s *Server) postMayRaise(q *request) error {
	return s.adminAct(q, "people", "people", func(form map[string]string) error {
		return s.cfg.Door.SetMayRaise(q.r.Context(), q.actor(), q.r.PathValue("person"), form["may"] == "yes")
	})
}

// postRaiser ends, or gives back, somebody's right to raise a crisis, from the
// remark on top of the pages of those who were told.
func (s *Server) postRaiser(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	if err := s.cfg.Door.SetMayRaise(q.r.Context(), q.actor(), q.r.PathValue("person"), form.Get("may") == "yes"); err != nil {
		return err
	}
	return q.seeOther(back(form.Get("back")))
}

// shown shows the page with a link that was just made, this once.
func (s *Server) shown(q *request, kind, path, whom, mailed string) error {
	p, err := s.adminPage(q)
	if err != nil {
		return err
	}
	p.NewLink, p.NewLinkKind, p.NewLinkFor, p.NewLinkMailed = s.address(q.org, path), kind, whom, mailed
	return q.show(http.StatusCreated, p.View())
}

// postResetLink makes a link for somebody's new password, to hand over.
func (s *Server) postResetLink(q *request) error {
	person := q.r.PathValue("person")
	_, draft := newReset()
	made := errors.New("made")
	err := s.adminAct(q, "people", "people", func(map[string]string) error {
		if err := s.cfg.Door.MakeReset(q.r.Context(), q.actor(), person, draft); err != nil {
			return err
		}
		return made
	})
	if !errors.Is(err, made) {
		return err
	}
	people, err := q.read.Names(q.r.Context(), []string{person})
	if err != nil {
		return err
	}
	return s.shown(q, "reset", draft.Path, people[person].Name, "")
}

// postInvite makes an invite; with an address, and where mail goes out, it is
// mailed too.
func (s *Server) postInvite(q *request) error {
	return s.invite(q, "invite", "invites", func(form map[string]string, draft *door.InviteDraft) error {
		draft.Address, draft.Role = auth.Address(form["email"]), access.Role(form["role"])
		if form["team"] == "" {
			return nil
		}
		t, err := q.read.TeamBySlug(q.r.Context(), form["team"])
		draft.Team = t.ID
		return err
	})
}

// postInvitePerson invites an imported name, at the address that came with it.
func (s *Server) postInvitePerson(q *request) error {
	return s.invite(q, "people", "people", func(_ map[string]string, draft *door.InviteDraft) error {
		draft.Person = q.r.PathValue("person")
		who, err := q.read.Enrolled(q.r.Context(), draft.Person)
		draft.Address, draft.Role = who.Email, who.Person.Role
		return err
	})
}

func (s *Server) invite(q *request, act, part string, fill func(form map[string]string, draft *door.InviteDraft) error) error {
	secret, draft := newInvite()
	path := page.Sub("/join", secret)
	made := errors.New("made")
	err := s.adminAct(q, act, part, func(form map[string]string) error {
		if err := fill(form, &draft); err != nil {
			return err
		}
		if !s.cfg.MailOff {
			draft.Path = path
		}
		if err := s.cfg.Door.Invite(q.r.Context(), q.actor(), draft); err != nil {
			return err
		}
		return made
	})
	if !errors.Is(err, made) {
		return err
	}
	mailed := ""
	if draft.Path != "" {
		mailed = draft.Address
	}
	return s.shown(q, "invite", path, draft.Address, mailed)
}

func (s *Server) postInviteRemoval(q *request) error {
	return s.adminAct(q, "invite", "invites", func(map[string]string) error {
		return s.cfg.Door.EndInvite(q.r.Context(), q.actor(), q.r.PathValue("id"))
	})
}

// postCalendar keeps the days of a calendar file for everybody to take from.
func (s *Server) postCalendar(q *request) error {
	return s.adminAct(q, "holidays", "holidays", func(form map[string]string) error {
		file, _, err := q.r.FormFile("file")
		if err != nil {
			return &door.Problem{Field: "file", Code: "not-a-calendar"}
		}
		defer file.Close()
		days, _, wrong := fileDays(file, s.cfg.Zones, q.who.Person.Clock.DateOf(worktime.Of(q.now)))
		if wrong != "" {
			return &door.Problem{Field: "file", Code: wrong}
		}
		return s.cfg.Door.SetCalendar(q.r.Context(), q.actor(), form["name"], days)
	})
}

func (s *Server) postCalendarRemoval(q *request) error {
	return s.adminAct(q, "holidays", "holidays", func(map[string]string) error {
		return s.cfg.Door.DropCalendar(q.r.Context(), q.actor(), q.r.PathValue("name"))
	})
}
