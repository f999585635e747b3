package web

import (
	"html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/history"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// getItem shows an item at its permanent address.
func (s *Server) getItem(q *request) error {
	kind, number, ok := item.ParseRef(q.r.PathValue("ref"))
	if !ok {
		return access.ErrHidden
	}
	v, err := q.read.ItemByRef(q.r.Context(), kind, number)
	if err != nil {
		return err
	}
	if v.Item.Kind == item.Crisis {
		p, err := s.crisisPage(q, v)
		if err != nil {
			return err
		}
		return q.show(http.StatusOK, p.View())
	}
	p, err := s.itemPage(q, v, q.r.URL.Query().Get("c"))
	if err != nil {
		return err
	}
	p.Act = q.r.URL.Query().Get("act")
	return q.show(http.StatusOK, p.View())
}

// atOnce is how many comments an item's page shows.
const atOnce = 50

// itemPage builds the page of an update, a request or an ask, with its comments
// from one on, or with "" the last ones.
func (s *Server) itemPage(q *request, v store.View, from string) (page.Item, error) {
	room := page.NoRoom
	if v.Item.Kind == item.Ask {
		room = page.RoomAsks
	}
	p := page.Item{Frame: s.frame(q, room), CanComment: v.Can[access.Comment], CanEdit: v.Can[access.Edit], CanDelete: v.Can[access.Delete]}
	ids := append([]string{v.Item.Author, q.who.Person.ID}, v.Item.Names()...)
	said, err := q.read.Comments(q.r.Context(), v, from, atOnce)
	if err != nil {
		return p, err
	}
	shown := append([]item.Item{v.Item}, said.Rows...)
	var answers []item.Item
	if v.Ask != nil {
		for _, r := range v.Ask.Recipients {
			ids = append(ids, r.Person, r.To, r.From)
		}
		if answers, err = q.read.Entries(q.r.Context(), v, item.Reply); err != nil {
			return p, err
		}
		shown = append(shown, answers...)
	}
	for _, one := range shown {
		ids = append(ids, one.Author)
	}
	people, err := q.read.Names(q.r.Context(), ids)
	if err != nil {
		return p, err
	}
	p.Head = s.head(q, v.Item, people)
	p.Head.Team, err = s.teamOf(q, v.Item.Team)
	if err != nil {
		return p, err
	}
	thread := thread{s: s, q: q, people: people}
	if err := thread.mentions(shown); err != nil {
		return p, err
	}
	p.Body = thread.html(v.Item.Body)
	if thread.hang, err = q.read.Attachments(q.r.Context(), shown); err != nil {
		return p, err
	}
	if p.Head.Imported {
		if thread.left, err = q.read.ImportFiles(q.r.Context(), shown); err != nil {
			return p, err
		}
	}
	p.Files, p.Elsewhere = pictured(thread.hang[v.Item.ID], v.Item.Body), elsewhere(thread.left[v.Item.ID])
	if p.Desk, p.Unsent, err = s.desks(q); err != nil {
		return p, err
	}
	for _, n := range v.Item.People {
		switch n.As {
		case item.To:
			p.Named = append(p.Named, s.person(people[n.Person], q.now))
		case item.Reader:
			p.Readers = append(p.Readers, s.person(people[n.Person], q.now))
		case item.Mentioned: // stands in the text
		}
	}
	p.Comments = thread.comments(said.Rows)
	p.Said = page.Said{All: said.Said, Before: said.Before, After: said.After, First: said.First, Earlier: said.Earlier, Later: said.Later}
	if v.Source != nil {
		p.From = &page.Head{Ref: v.Source.Ref()}
	}
	if v.Into != nil {
		p.Into = &page.Head{Ref: v.Into.Ref()}
	}
	if v.Ask != nil {
		p.Ask = s.askPart(q, v, people)
		p.Ask.Replies = thread.comments(answers)
		if err := thread.questions(v, p.Ask, p.Comments); err != nil {
			return p, err
		}
		if p.Ask.Mine != nil || p.Ask.Vacant.ID != "" { // somebody may be named
			if p.People, err = s.choice(q, joined); err != nil {
				return p, err
			}
		}
	}
	if (p.CanComment || v.Can[access.Answer]) && people[v.Item.Author].State == access.Active {
		p.ReplySees, err = s.reaches(q, without1(q.who.Person.ID, v.Item.Author), worktime.Normal, nil)
	}
	return p, err
}

// elsewhere lists files that an import did not bring along.
func elsewhere(files []history.File) []page.File {
	var out []page.File
	for _, f := range files {
		out = append(out, page.File{Name: f.Name, Size: f.Size})
	}
	return out
}

// without1 lists an id unless it is the one left out.
func without1(not, id string) []string {
	if id == not {
		return nil
	}
	return []string{id}
}

// teamOf is a team as a line names it; the zero Team for none.
func (s *Server) teamOf(q *request, id string) (page.Team, error) {
	if id == "" {
		return page.Team{}, nil
	}
	teams, err := q.read.Teams(q.r.Context())
	if err != nil {
		return page.Team{}, err
	}
	for _, t := range teams {
		if t.ID == id {
			return page.Team{ID: t.ID, Slug: t.Slug, Name: t.Name, Open: t.Open}, nil
		}
	}
	return page.Team{}, nil
}

// thread makes what was said into what a page shows.
type thread struct {
	s      *Server
	q      *request
	people map[string]store.Person
	hang   map[string][]store.Attachment
	left   map[string][]history.File
	// handles are those that a mention may link to, for this reader.
	handles map[string]bool
}

// mentions looks up who is mentioned in texts that are shown.
func (t *thread) mentions(shown []item.Item) (err error) {
	var handles []string
	for _, one := range shown {
		for _, m := range atSign.FindAllString(one.Body, -1) {
			m = strings.ToLower(m[1:])
			handles = append(handles, m, strings.TrimRight(m, "._")) // a sentence may end behind it
		}
	}
	t.handles, err = t.q.read.Handles(t.q.r.Context(), handles)
	return err
}

// atSign finds whatever might be a mention, and some things that are none.
var atSign = regexp.MustCompile(`@[A-Za-z0-9._-]{2,33}`)

// html is somebody's Markdown as a page shows it.
func (t *thread) html(md string) page.HTML {
	out, err := markup.HTML(md, markup.Options{HeadingShift: 1, Uploads: "/files/", Person: func(handle string) bool { return t.handles[handle] }})
	if err != nil { // longer than the door takes: shown as it is
		return page.HTML(template.HTMLEscapeString(md))
	}
	return page.HTML(out)
}

// comments are entries as they stand under an item; an answer to one of them
// stands under it.
func (t *thread) comments(entries []item.Item) []page.Comment {
	var out []page.Comment
	at := make(map[string]int)
	for _, c := range entries {
		one := page.Comment{
			ID: c.ID, By: t.s.person(t.people[c.Author], t.q.now), At: c.Sent, Body: t.html(c.Body),
			Mine: c.Author == t.q.who.Person.ID && c.Origin != item.Imported, Files: pictured(t.hang[c.ID], c.Body), Elsewhere: elsewhere(t.left[c.ID]),
		}
		if c.Version > 1 || c.Origin == item.Imported && c.Edited.After(c.Sent) {
			one.Edited = c.Edited
		}
		if n, ok := at[c.Parent]; ok {
			out[n].Replies = append(out[n].Replies, one)
			at[c.ID] = n
			continue
		}
		at[c.ID] = len(out)
		out = append(out, one)
	}
	return out
}

// questions puts what recipients asked back beside them. One that is not among
// the comments that are shown is read for itself.
func (t *thread) questions(v store.View, a *page.Ask, shown []page.Comment) error {
	for i := range a.Asked {
		r := &a.Asked[i]
		if r.Asking.IsZero() {
			continue
		}
		at := func(c page.Comment) bool { return c.ID == r.Question.ID }
		said := shown
		if !slices.ContainsFunc(said, at) {
			some, err := t.q.read.Comments(t.q.r.Context(), v, r.Question.ID, atOnce)
			if err != nil {
				return err
			}
			said = t.comments(some.Rows)
		}
		if n := slices.IndexFunc(said, at); n >= 0 {
			r.Question = said[n]
			r.Replied = slices.ContainsFunc(said[n].Replies, func(c page.Comment) bool { return a.Asker && c.Mine })
		}
	}
	return nil
}

// askPart is where an ask stands, for the asker and for those asked.
func (s *Server) askPart(q *request, v store.View, people map[string]store.Person) *page.Ask {
	a := v.Ask
	part := &page.Ask{
		Term: a.Term.String(), Urgent: a.Urgent, Because: a.UrgentWhy, Needed: a.Needed(), Answers: a.Answers(),
		Anyone: a.Need == 1 && len(a.Recipients) > 1, Stands: string(a.Stands()), Asker: v.Item.Author == q.who.Person.ID, Fixed: a.Term.Fixed(),
	}
	var reaches []page.Reach
	for _, r := range a.Recipients {
		row := s.asked(q, v, r, people)
		part.Asked = append(part.Asked, row)
		reaches = append(reaches, page.Reach{Person: row.Person, At: row.At}, page.Reach{Person: row.Person, At: row.Due})
		if r.Person == q.who.Person.ID {
			part.Mine = &row
			part.CanAskBack = row.Asking.IsZero()
		}
	}
	if r, ok := a.Vacant(); ok && part.Asker {
		part.Vacant = s.person(people[r.Person], q.now)
	}
	part.Axis = axis(q.now, reaches)
	in := worktime.Interval{From: worktime.Of(part.Axis.From), To: worktime.Of(part.Axis.To)}
	for i := range part.Asked {
		part.Asked[i].Rhythm = rhythm(people[part.Asked[i].Person.ID].Clock, in)
	}
	return part
}

// asked is one recipient's row.
func (s *Server) asked(q *request, v store.View, r ask.Recipient, people map[string]store.Person) page.Asked {
	p := people[r.Person]
	row := page.Asked{
		Person: s.person(p, q.now), State: string(r.State), Term: r.Term.String(), Settled: r.Settled, Reason: r.Reason,
		TimeAsked: r.TimeAsked, TimeReason: r.TimeReason, CouldWait: r.CouldWait, Delivered: r.Started != 0,
	}
	if r.To != "" {
		row.To = s.person(people[r.To], q.now)
	}
	if r.From != "" {
		row.From = s.person(people[r.From], q.now)
	}
	for _, d := range v.Deliveries {
		if d.Person == r.Person && d.Cause == store.CauseAsked {
			row.WhyID = d.ID
			row.Why = page.Why{Code: d.PlanWhy}
			if d.Plan != 0 {
				row.At = d.Plan.Time()
			}
		}
	}
	if row.At.IsZero() && r.State == ask.Waiting { // not this reader's to see: told from the charter alone
		if plan := layer.Reach(v.Ask.Class(), p.Reader(worktime.NotSealed), worktime.Of(v.Item.Sent)); plan.OK {
			row.At, row.Why = plan.At.Time(), why(plan.Why)
		}
	}
	question, asking := r.Asking()
	if asking {
		row.Asking, row.Question.ID = question.From.Time(), question.Item
	}
	if r.State == ask.Waiting && !v.Ask.Live() {
		row.State = "not-needed"
	}
	at := worktime.Of(q.now)
	due := r.Due
	if r.Started != 0 {
		row.At = r.Started.Time()
	} else if !row.At.IsZero() && !asking {
		if planned := p.Clock.Due(worktime.Of(row.At), r.Term, nil); planned.OK {
			due = planned.At
		}
	}
	if due != 0 {
		row.Due = due.Time()
		row.Left = p.Clock.Elapsed(worktime.WorkClock, at, due, r.Pauses())
		row.Overdue = r.State == ask.Waiting && due < at
	}
	return row
}

// cause is the catalogue's code of why something stands in a brief.
func cause(code string, i item.Item) string {
	switch code {
	case store.CauseAnswer:
		return "answered"
	case store.CauseComment:
		return "commented"
	case store.CauseMention:
		return "mentioned"
	case store.CauseState:
		switch i.Point {
		case "time-asked":
			return "time_asked"
		case "time-granted":
			return "time_granted"
		case "time-refused":
			return "time_refused"
		}
		return i.Point
	case store.EventSent:
		if i.Wide {
			return "wide"
		}
		return "update"
	case store.EventEdited:
		return "changed"
	case store.EventState:
		return "crisis"
	}
	return code
}
