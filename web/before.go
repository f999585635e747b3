package web

import (
	"slices"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// What a writer sees before sending (R4.1), beside each person's own time.
const (
	lastAsks = 10             // of the writer, for their own use of urgent (R9.5)
	few      = 4              // of them: fewer say nothing about a habit
	farOff   = 24 * time.Hour // urgent later than this asks who is on now (worktime 5.6)
	maxOnNow = 3
)

// teamReaches is when those have it who follow the team, or everything, that
// it is written to and are not named.
func (s *Server) teamReaches(q *request, p page.Write, w door.Writing) ([]page.TeamReach, error) {
	stream, one := "", page.TeamReach{}
	switch {
	case p.Kind == item.Crisis:
	case w.Team != "":
		stream = store.TeamStream(w.Team)
		one.Team = p.Teams[slices.IndexFunc(p.Teams, func(t page.Team) bool { return t.ID == w.Team })]
	case w.Wide:
		stream, one.Team = store.WideStream, page.Team{Name: q.org.Name}
	}
	if stream == "" {
		return nil, nil
	}
	f, err := front.FollowersOf(q.r.Context(), q.read, stream, slices.Concat([]string{q.who.Person.ID}, w.To, w.Readers), q.now)
	one.People, one.Muted, one.First, one.Last = f.People, f.Muted, f.First, f.Last
	return []page.TeamReach{one}, err
}

// urgentUse shows the writer how many of their last asks were urgent, and how
// many of those could have waited (R9.5).
func (s *Server) urgentUse(q *request, v *page.Preview) error {
	mine, err := q.read.AsksOfMine(q.r.Context(), lastAsks)
	if err != nil {
		return err
	}
	for _, l := range mine {
		if !l.Ask.Urgent {
			continue
		}
		v.UrgentOf++
		for _, r := range l.Ask.Recipients {
			if r.CouldWait {
				v.CouldWait++
				break
			}
		}
	}
	if v.UrgentOf > 0 && len(mine) >= few {
		v.AsksOf = len(mine)
	}
	if v.Urgent && v.Hint == "" && len(mine) >= few && 2*v.UrgentOf > len(mine) {
		v.Hint = "few_urgent"
	}
	return nil
}

// onNow are those of the team who are at work and free, when urgent reaches
// somebody more than a day off.
func (s *Server) onNow(q *request, v *page.Preview, w door.Writing) ([]page.Person, error) {
	late := slices.ContainsFunc(v.Reaches, func(r page.Reach) bool { return r.At.IsZero() || r.At.Sub(q.now) > farOff })
	if !v.Urgent || !late || w.Team == "" {
		return nil, nil
	}
	members, err := q.read.Members(q.r.Context(), store.Team{ID: w.Team})
	if err != nil {
		return nil, err
	}
	var out []page.Person
	for _, m := range members {
		if m.Person.ID == q.who.Person.ID || slices.Contains(w.To, m.Person.ID) {
			continue
		}
		if state, _, _ := m.Person.Clock.State(worktime.Of(q.now)); state == worktime.On && len(out) < maxOnNow {
			out = append(out, s.person(m.Person, q.now))
		}
	}
	slices.SortFunc(out, func(a, b page.Person) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}
