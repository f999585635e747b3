package web

import (
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// reaches plans for each person when something written now would have them.
func (s *Server) reaches(q *request, ids []string, class worktime.Class, term *worktime.Term) ([]page.Reach, error) {
	people, err := q.read.Names(q.r.Context(), ids)
	if err != nil {
		return nil, err
	}
	sealed, err := q.read.Sealed(q.r.Context(), ids)
	if err != nil {
		return nil, err
	}
	covers, err := s.covers(q, people)
	if err != nil {
		return nil, err
	}
	at := worktime.Of(q.now)
	var out []page.Reach
	seen := make(map[string]bool)
	for _, id := range ids {
		p, ok := people[id]
		if !ok || seen[id] {
			continue
		}
		seen[id] = true
		var plan layer.Plan
		if term != nil {
			plan = layer.ReachDue(class, p.Reader(sealed[id]), at, *term)
		} else {
			plan = layer.Reach(class, p.Reader(sealed[id]), at)
		}
		r := s.reach(q, p, plan)
		r.Cover = covers[p.Charter.Cover]
		if class == worktime.Normal && term != nil {
			if u := layer.Reach(worktime.Urgent, p.Reader(sealed[id]), at); u.OK {
				r.Urgent = u.At.Time()
			}
		}
		out = append(out, r)
	}
	return out, nil
}

// covers are those whom these people name while they are off, by id.
func (s *Server) covers(q *request, people map[string]store.Person) (map[string]page.Person, error) {
	var ids []string
	for _, p := range people {
		if p.Charter.Cover != "" {
			ids = append(ids, p.Charter.Cover)
		}
	}
	found, err := q.read.Names(q.r.Context(), ids)
	out := make(map[string]page.Person, len(found))
	for id, p := range found {
		out[id] = s.person(p, q.now)
	}
	return out, err
}

// reach is one plan as a page shows it.
func (s *Server) reach(q *request, p store.Person, plan layer.Plan) page.Reach {
	r := page.Reach{Person: s.person(p, q.now), Tight: plan.Tight, Why: why(plan.Why)}
	if plan.OK {
		r.At = plan.At.Time()
	}
	if plan.DueOK {
		r.Due = plan.Due.Time()
	}
	return r
}

func why(w layer.Why) page.Why {
	return page.Why{Code: string(w.Code), State: w.State.String(), Away: w.Away}
}

// axis is the stretch that a score draws: from a little before now to a little
// after the last arrival, at least half a day and at most four.
func axis(now time.Time, reaches []page.Reach) page.Axis {
	from := now.Add(-30 * time.Minute).Truncate(time.Hour)
	to := from.Add(12 * time.Hour)
	for _, r := range reaches {
		if end := r.At.Add(2 * time.Hour); end.After(to) {
			to = end
		}
	}
	if limit := from.Add(4 * 24 * time.Hour); to.After(limit) {
		to = limit
	}
	return page.Axis{From: from, To: to}
}

// drawn adds each person's working time on the axis.
func (s *Server) drawn(q *request, reaches []page.Reach, a page.Axis) {
	ids := make([]string, len(reaches))
	for i, r := range reaches {
		ids[i] = r.Person.ID
	}
	people, err := q.read.Names(q.r.Context(), ids)
	if err != nil {
		return // the times stand without the drawing
	}
	in := worktime.Interval{From: worktime.Of(a.From), To: worktime.Of(a.To)}
	for i, r := range reaches {
		if p, ok := people[r.Person.ID]; ok {
			reaches[i].Rhythm = rhythm(p.Clock, in)
		}
	}
}

// sentPage is the receipt of a sending: the promise that was made.
func (s *Server) sentPage(q *request, rec door.Receipt) (page.Sent, error) {
	p := page.Sent{Frame: s.frame(q, page.RoomWrite), Again: rec.Again}
	v, err := q.read.Item(q.r.Context(), rec.ID)
	if err != nil {
		return p, err
	}
	ids := []string{v.Item.Author}
	for _, plan := range rec.Plans {
		ids = append(ids, plan.Person)
	}
	people, err := q.read.Names(q.r.Context(), ids)
	if err != nil {
		return p, err
	}
	p.Head = s.head(q, v.Item, people)
	p.Minutes = brief.Minutes(v.Item.Words)
	for _, plan := range rec.Plans {
		if one, ok := people[plan.Person]; ok {
			p.Reaches = append(p.Reaches, s.reach(q, one, plan.Plan))
		}
	}
	p.Axis = axis(q.now, p.Reaches)
	s.drawn(q, p.Reaches, p.Axis)
	state, _, _ := q.who.Person.Clock.State(worktime.Of(q.now))
	p.Outside = state == worktime.Off
	return p, nil
}

func readingMinutes(parts ...string) int {
	words := 0
	for _, p := range parts {
		words += markup.Words(p)
	}
	return brief.Minutes(words)
}

// readClock reads a time of day as people write it: 14:30, 9:05, 2:30 pm, 14.
func readClock(s string) (worktime.TimeOfDay, bool) {
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	s = strings.ReplaceAll(s, ".", ":")
	afternoon := strings.HasSuffix(s, "pm") || strings.HasSuffix(s, "p:m:")
	morning := strings.HasSuffix(s, "am") || strings.HasSuffix(s, "a:m:")
	for _, end := range []string{"pm", "am", "p:m:", "a:m:", "uhr", "h"} {
		s = strings.TrimSuffix(s, end)
	}
	hours, minutes, found := strings.Cut(s, ":")
	if !found {
		minutes = "00"
	}
	if len(hours) == 1 {
		hours = "0" + hours
	}
	t, err := worktime.ParseTimeOfDay(hours + ":" + minutes)
	if err != nil {
		return 0, false
	}
	noon := worktime.ClockTime(12, 0)
	switch {
	case (afternoon || morning) && (t >= noon+60 || t < 60):
		return 0, false
	case afternoon && t < noon:
		t += noon
	case morning && t >= noon:
		t -= noon
	}
	return t, true
}
