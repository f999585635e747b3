package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// getPeople lists those whom the reader may see: name, place and next window,
// never what they do right now.
func (s *Server) getPeople(q *request) error {
	asked := q.r.URL.Query()
	p := page.People{Frame: s.frame(q, page.RoomPeople), Query: strings.TrimSpace(cut(asked.Get("q"), 100)), After: asked.Get("after")}
	some, err := q.read.PeoplePage(q.r.Context(), p.Query, store.Mark{ID: p.After}, peopleAtOnce)
	if err != nil {
		return err
	}
	p.Found, p.Before, p.More = some.Found, some.Before, some.Next.ID
	for _, one := range some.Rows {
		row := page.PersonRow{Person: s.person(one, q.now), Joined: one.State == access.Active}
		if next, ok := one.Clock.Next(worktime.Normal, worktime.Of(q.now)+1, worktime.NotSealed); ok && row.Joined {
			row.Next = next.Time()
		}
		p.Rows = append(p.Rows, row)
	}
	return q.show(http.StatusOK, p.View())
}

// namesFound is how many names are suggested for what was typed.
const namesFound = 12

// getNames suggests people in whose name, handle or place what was typed stands,
// for pages that do not list all of them.
func (s *Server) getNames(q *request) error {
	some, err := q.read.PeoplePage(q.r.Context(), strings.TrimSpace(cut(q.r.URL.Query().Get("q"), 100)), store.Mark{}, namesFound)
	if err != nil {
		return err
	}
	var found []page.Person
	for _, one := range some.Rows {
		if one.ID != q.who.Person.ID {
			found = append(found, s.person(one, q.now))
		}
	}
	return q.show(http.StatusOK, page.NamesFound(found))
}

// getPerson shows somebody as others see them: the sentence of their charter
// and their hours in the reader's time, nothing else.
func (s *Server) getPerson(q *request) error {
	one, err := q.read.PersonByHandle(q.r.Context(), q.r.PathValue("handle"))
	if err != nil {
		return err
	}
	at := worktime.Of(q.now)
	p := page.PersonPage{
		Frame: s.frame(q, page.RoomPeople), Person: s.person(one, q.now), Zone: one.Charter.Time.Zone, Reading: front.Reading(one),
		Joined: one.State == access.Active, Left: one.State == access.Removed, Me: one.ID == q.who.Person.ID,
	}
	if p.Joined {
		p.Week = s.weekIn(q, one.Clock, q.zone())
		if next, ok := one.Clock.Next(worktime.Normal, at+1, worktime.NotSealed); ok {
			p.Next = next.Time()
			if one.Clock.AwayDays(at, next) > 0 {
				p.Back = p.Next
				if cover, err := q.read.Names(q.r.Context(), []string{one.Charter.Cover}); err == nil && one.Charter.Cover != "" {
					p.Cover = s.person(cover[one.Charter.Cover], q.now)
				}
			}
		}
	}
	return q.show(http.StatusOK, p.View())
}

// isoDay is a time.Weekday as 1 for Monday to 7 for Sunday.
func isoDay(weekday int) int { return (weekday+6)%7 + 1 }

// weekIn draws the week around now of a clock as it looks in a zone.
func (s *Server) weekIn(q *request, c *worktime.Clock, loc *time.Location) page.Week {
	var w page.Week
	today := q.now.In(loc)
	monday := time.Date(today.Year(), today.Month(), today.Day()-isoDay(int(today.Weekday()))+1, 0, 0, 0, 0, loc)
	for d := range 7 {
		from := monday.AddDate(0, 0, d)
		in := worktime.Interval{From: worktime.Of(from), To: worktime.Of(from.AddDate(0, 0, 1))}
		day := page.WeekDay{Day: d + 1, Now: -1}
		r := rhythm(c, in)
		for _, sp := range r.Work {
			if m, ok := minutes(sp, from, in); ok {
				day.Work = append(day.Work, m)
				w.Hours += int64(m.To-m.From) * 60
			}
		}
		for _, sp := range r.Focus {
			if m, ok := minutes(sp, from, in); ok {
				day.Focus = append(day.Focus, m)
				w.Focus += int64(m.To-m.From) * 60
			}
		}
		for _, at := range r.Windows {
			day.Windows = append(day.Windows, minuteOf(at, from))
		}
		w.Longest = max(w.Longest, longest(day))
		if !q.now.Before(from) && q.now.Before(from.AddDate(0, 0, 1)) {
			day.Now = minuteOf(q.now, from)
		}
		w.Days = append(w.Days, day)
	}
	return w
}

// longest is the longest stretch of work of a day, in seconds, that no window
// breaks.
func longest(day page.WeekDay) int64 {
	most := 0
	for _, s := range day.Work {
		from := s.From
		for _, at := range day.Windows {
			if at > from && at < s.To {
				most, from = max(most, at-from), at
			}
		}
		most = max(most, s.To-from)
	}
	return int64(most) * 60
}

// minutes is a span in minutes of the wall clock after a midnight, cut to its day.
func minutes(sp page.Span, midnight time.Time, in worktime.Interval) (page.Minutes, bool) {
	from, to := max(worktime.Of(sp.From), in.From), min(worktime.Of(sp.To), in.To)
	if from >= to {
		return page.Minutes{}, false
	}
	m := page.Minutes{From: minuteOf(from.Time(), midnight), To: minuteOf(to.Time(), midnight)}
	if to == in.To {
		m.To = 24 * 60
	}
	return m, true
}

func minuteOf(t, midnight time.Time) int {
	local := t.In(midnight.Location())
	return local.Hour()*60 + local.Minute()
}

// getTeams lists the teams that the reader may see.
func (s *Server) getTeams(q *request) error {
	p, err := s.teamsPage(q)
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, p.View())
}

func (s *Server) teamsPage(q *request) (page.Teams, error) {
	p := page.Teams{Frame: s.frame(q, page.RoomTeams)}
	p.MayAdd = access.Can(q.actor(), access.WriteIn, access.Object{Kind: access.Organisation, Org: q.org.ID}) == nil
	teams, err := q.read.Teams(q.r.Context())
	if err != nil {
		return p, err
	}
	paces, err := q.read.Paces(q.r.Context(), store.TeamStreams(teams))
	if err != nil {
		return p, err
	}
	for _, t := range teams {
		members, err := q.read.Members(q.r.Context(), t)
		if err != nil {
			return p, err
		}
		p.Rows = append(p.Rows, page.TeamRow{
			Team: team(t), Purpose: t.Purpose, Members: len(members), Mine: q.actor().Teams[t.ID], Pace: string(paces[store.TeamStream(t.ID)]),
		})
	}
	return p, nil
}
