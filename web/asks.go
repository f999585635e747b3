package web

import (
	"net/http"

	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// listed is how many settled asks, and asks of one's own, the page lists.
const listed = 50

// getAsks lists the asks to the reader and those of the reader.
func (s *Server) getAsks(q *request) error {
	mine, err := q.read.AsksToMe(q.r.Context())
	if err != nil {
		return err
	}
	theirs, err := q.read.AsksOfMine(q.r.Context(), listed)
	if err != nil {
		return err
	}
	done, err := q.read.AsksDone(q.r.Context(), listed)
	if err != nil {
		return err
	}
	ids := []string{q.who.Person.ID}
	for _, l := range append(append(append([]store.AskLine{}, mine...), theirs...), done...) {
		ids = append(ids, l.Item.Author)
		for _, r := range l.Ask.Recipients {
			ids = append(ids, r.Person)
		}
	}
	people, err := q.read.Names(q.r.Context(), ids)
	if err != nil {
		return err
	}
	p := page.Asks{Frame: s.frame(q, page.RoomAsks)}
	var chart page.DueChart
	for _, l := range mine {
		line := s.askRow(q, l, people)
		p.Mine = append(p.Mine, line)
		if !line.Due.IsZero() {
			chart.Dues = append(chart.Dues, page.DueMark{Name: line.Head.Author.First(), At: line.Due})
		}
	}
	if len(chart.Dues) > 0 {
		p.Chart = s.dueChart(q, chart)
	}
	for _, l := range done {
		p.Done = append(p.Done, s.askRow(q, l, people))
	}
	for _, live := range []bool{true, false} { // those that still run come first
		for _, l := range theirs {
			if l.Ask.Live() == live {
				p.Theirs = append(p.Theirs, s.askRow(q, l, people))
			}
		}
	}
	return q.show(http.StatusOK, p.View())
}

// askRow is one ask in a list, seen by its recipient or by its asker.
func (s *Server) askRow(q *request, l store.AskLine, people map[string]store.Person) page.AskLine {
	a := l.Ask
	row := page.AskLine{
		Head: s.head(q, l.Item, people), Stands: string(a.Stands()), Urgent: a.Urgent, Because: a.UrgentWhy, Answers: a.Answers(), Needed: a.Needed(),
	}
	at := worktime.Of(q.now)
	for _, r := range a.Recipients {
		if r.State == ask.Waiting && a.Live() {
			row.Waits = append(row.Waits, s.person(people[r.Person], q.now))
		}
		row.TimeAsked = row.TimeAsked || r.TimeAsked != ""
		question, asking := r.Asking()
		asking = asking && r.State == ask.Waiting && a.Live()
		row.AsksBack = row.AsksBack || asking && l.Item.Author == q.who.Person.ID
		if r.Person != q.who.Person.ID {
			continue
		}
		if asking {
			row.Paused = question.From.Time()
		}
		row.State, row.Delivered = string(r.State), r.Started != 0
		if r.Started != 0 {
			row.At = r.Started.Time()
		}
		if r.Due != 0 {
			row.Due, row.Overdue = r.Due.Time(), r.State == ask.Waiting && r.Due < at
			row.Left = q.who.Person.Clock.Elapsed(worktime.WorkClock, at, r.Due, r.Pauses())
		}
	}
	if due := a.Due(); l.Item.Author == q.who.Person.ID && a.Live() && due != 0 {
		row.Due, row.Overdue = due.Time(), due < at
	}
	return row
}
