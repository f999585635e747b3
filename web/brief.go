package web

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// getBrief shows the last sealed brief, or, on the first opening of a working
// day before its first window and after an absence, a look at what waits. Both
// are told from what is sealed, not from visits: nothing is stored (R12.2).
func (s *Server) getBrief(q *request) error {
	last, err := q.read.LastBrief(q.r.Context(), part(q))
	none := errors.Is(err, access.ErrHidden)
	if err != nil && !none {
		return err
	}
	clock := q.who.Person.Clock
	at := worktime.Of(q.now)
	today := clock.DateOf(at)
	sealedToday := !none && clock.DateOf(last.Brief.Window) == today
	// Before work and after it, nothing new comes into sight by itself (R12.6).
	state, _, _ := clock.State(at)
	if state != worktime.Off && !sealedToday {
		if first, ok := clock.Next(worktime.Daily, at, worktime.NotSealed); ok && clock.DateOf(first) == today && first > at {
			return s.look(q, page.BriefCatchUp)
		}
	}
	if none {
		return s.showBrief(q, page.Brief{Frame: s.frame(q, page.RoomBrief), Kind: page.BriefNone})
	}
	b, err := s.briefPage(q, page.BriefSealed, last)
	if err != nil {
		return err
	}
	return s.showBrief(q, b)
}

// getLook shows what waits, at the reader's own wish.
func (s *Server) getLook(q *request) error { return s.look(q, page.BriefLook) }

func (s *Server) look(q *request, kind page.BriefKind) error {
	v, err := q.read.Look(q.r.Context(), q.now, part(q))
	if err != nil {
		return err
	}
	b, err := s.briefPage(q, kind, v)
	if err != nil {
		return err
	}
	return s.showBrief(q, b)
}

// linesOfBrief are shown on a page at once.
const linesOfBrief = 100

// part is the lines that the address asks for.
func part(q *request) store.Part {
	from, _ := strconv.Atoi(q.r.FormValue("from")) // what is no number is the beginning
	return store.Part{From: max(0, from), Most: linesOfBrief}
}

// briefPage builds the page of a brief from what its reader may see of it now.
func (s *Server) briefPage(q *request, kind page.BriefKind, v store.BriefView) (page.Brief, error) {
	b := page.Brief{Frame: s.frame(q, page.RoomBrief), Kind: kind, At: v.Brief.Window.Time(), Budget: q.who.Person.Charter.Budget, Beyond: make(map[string]int)}
	b.From, b.Next, b.Of = v.At()
	for name, n := range v.Beyond {
		b.Beyond[string(name)] = n
	}
	if v.Brief.Delivered != v.Brief.Window {
		b.Late = v.Brief.Delivered.Time()
	}
	if kind == page.BriefCatchUp && v.Brief.Since != 0 {
		if err := s.catchUp(q, &b, v); err != nil {
			return b, err
		}
	}
	var chart page.DueChart
	inRest := make(map[string]int) // words, by fold
	for _, name := range brief.Sections() {
		sec := page.BriefSection{Name: string(name)}
		words := 0
		for _, l := range v.Lines {
			if l.Section != name {
				continue
			}
			line := s.briefLine(q, v, l)
			if name == brief.Rest || name == brief.Updates {
				b.Rest = rest(b.Rest, line, q.org.Name, inRest, l.Words)
				continue
			}
			sec.Lines = append(sec.Lines, line)
			if line.Mine == nil { // its reader wrote that
				words += l.Words
			}
			if line.Open && !line.Due.IsZero() {
				chart.Dues = append(chart.Dues, page.DueMark{Name: line.Head.Author.First(), At: line.Due})
			}
		}
		if len(sec.Lines) > 0 {
			sec.Minutes = brief.Minutes(words)
			b.Minutes += sec.Minutes // so that who adds the sections up finds the same
			b.Sections = append(b.Sections, sec)
		}
	}
	b.All = b.Minutes
	for _, f := range b.Rest {
		b.All += f.Minutes
	}
	if len(b.Beyond) > 0 {
		b.All = max(b.All, brief.Minutes(v.Brief.Words))
	}
	if len(chart.Dues) > 0 {
		b.Due = s.dueChart(q, chart)
	}
	return b, nil
}

// showBrief adds how the reader's brief mail stands, and shows the page.
func (s *Server) showBrief(q *request, b page.Brief) error {
	contact, err := q.read.Contact(q.r.Context(), store.ChannelEmail)
	if err == nil {
		b.MailOff, b.MailTo, b.MailFailed, b.MailFailedWhy = !contact.Briefs, contact.Address, contact.Failed, contact.FailedWhy
	}
	return q.show(http.StatusOK, b.View())
}

// dueChart draws the days until the last due time, at least until tomorrow.
func (s *Server) dueChart(q *request, c page.DueChart) *page.DueChart {
	slices.SortFunc(c.Dues, func(a, b page.DueMark) int { return a.At.Compare(b.At) })
	clock := q.who.Person.Clock
	at := worktime.Of(q.now)
	last := worktime.Of(c.Dues[len(c.Dues)-1].At)
	from := clock.Day(clock.DateOf(min(at, worktime.Of(c.Dues[0].At)))).Interval.From
	to := clock.Day(clock.DateOf(max(at, last))).Interval.To
	const fortnight = 14 * 24 * 60 * 60
	to = min(to, from+fortnight)
	c.From, c.To = from.Time(), to.Time()
	c.Work = rhythm(clock, worktime.Interval{From: from, To: to}).Work
	return &c
}

// catchUp adds what the absence since the last brief held: how long it was,
// how much happened, and the strip of it.
func (s *Server) catchUp(q *request, b *page.Brief, v store.BriefView) error {
	clock := q.who.Person.Clock
	from := v.Brief.Since
	// The absence begins when work ended, not at the window before it.
	if day := clock.Day(clock.DateOf(from)); len(day.Pieces) > 0 {
		from = max(from, min(day.Pieces[len(day.Pieces)-1].To, worktime.Of(q.now)))
	}
	b.Since, b.Away = from.Time(), int64(worktime.Of(q.now)-from)
	happened, err := q.read.Happened(q.r.Context(), from, q.now)
	if err != nil {
		return err
	}
	night := page.Night{From: from.Time(), To: q.now, Events: happened}
	for _, l := range v.Lines {
		if i := v.Items[l.Item]; l.Section != brief.Rest && l.Section != brief.Updates && l.Section != brief.Asked && i.Sent.After(night.From) {
			night.Notes = append(night.Notes, i.Sent)
		}
	}
	b.Things = len(happened)
	b.Night = &night
	return nil
}

// briefLine is one entry with what its reader may do about it.
func (s *Server) briefLine(q *request, v store.BriefView, l brief.Line) page.BriefLine {
	i := v.Items[l.Item]
	line := page.BriefLine{Head: s.head(q, i, v.People), Why: v.Why(l), Cause: cause(l.Cause, i)}
	line.Head.Team = team(v.Teams[i.Team])
	if c, ok := v.Crises[i.ID]; ok {
		line.Ended = c.Ended
		_, err := c.One(q.who.Person.ID)
		line.Needed = err == nil
	}
	line.By = line.Head.Author
	if root, ok := v.Items[i.Root]; ok && i.Root != "" {
		line.Root = s.head(q, root, v.People)
		line.Said = markup.Plain(said(i))
		if a, ok := v.Asks[root.ID]; ok && i.Kind == item.State && root.Author == q.who.Person.ID {
			line.Short = a.Stands() == ask.Short
		}
	}
	switch {
	case l.Section == brief.Asked:
		row := s.askRow(q, store.AskLine{Item: i, Ask: v.Asks[i.ID]}, v.People)
		row.Why = line.Why
		line.Mine, line.Head.Minutes = &row, 0 // its reader wrote it
	case i.Kind == item.Ask:
		s.askLine(q, v.Asks[i.ID], l, &line)
	}
	return line
}

// team is a team as a line names it.
func team(t store.Team) page.Team {
	return page.Team{ID: t.ID, Slug: t.Slug, Name: t.Name, Open: t.Open}
}

// said is the text of a comment, an answer or a note on an ask.
func said(i item.Item) string {
	if i.Kind == item.State {
		return i.Body
	}
	return cmp.Or(i.Body, i.Point)
}

func (s *Server) askLine(q *request, a ask.Ask, l brief.Line, line *page.BriefLine) {
	line.Urgent, line.UrgentWhy = a.Urgent, a.UrgentWhy
	r, err := a.Recipient(q.who.Person.ID)
	if err != nil {
		return
	}
	line.Open = a.Live() && r.State == ask.Waiting
	due := r.Due
	if question, asking := r.Asking(); asking {
		line.Paused = question.From.Time()
	} else if r.Started == 0 { // it waits: the clock starts with its window
		if plan := layer.ReachDue(a.Class(), q.who.Person.Reader(worktime.NotSealed), max(l.Sent, worktime.Of(q.now)), r.Term); plan.DueOK {
			due = plan.Due
		}
	}
	if due == 0 {
		return
	}
	line.Due = due.Time()
	at := worktime.Of(q.now)
	line.Overdue = due < at
	line.Left = q.who.Person.Clock.Elapsed(worktime.WorkClock, at, due, r.Pauses())
}

// head is an item as a line names it.
func (s *Server) head(q *request, i item.Item, people map[string]store.Person) page.Head {
	h := page.Head{
		ID: i.ID, Ref: i.Ref(), Kind: i.Kind, Point: markup.Plain(i.Point), Wide: i.Wide, Sent: i.Sent, Edited: i.Edited,
		Version: i.Version, Minutes: brief.Minutes(i.Words), Imported: i.Origin == item.Imported,
	}
	if p, ok := people[i.Author]; ok {
		h.Author = s.person(p, q.now)
	}
	return h
}

// rest adds a line of so many words to the fold of its kind: new writing by
// team, the rest by what happened. in counts the words of each fold.
func rest(folds []page.Fold, l page.BriefLine, org string, in map[string]int, words int) []page.Fold {
	code, name := l.Cause, ""
	if code == "update" || code == "wide" {
		code, name = "updates", cmp.Or(l.Head.Team.Name, org)
	}
	line := page.FoldLine{Ref: cmp.Or(l.Head.Ref, l.Root.Ref), Point: cmp.Or(l.Head.Point, l.Said, l.Root.Point), By: l.By, Why: l.Why}
	in[code+" "+name] += words
	minutes := brief.Minutes(in[code+" "+name])
	for i := range folds {
		if folds[i].Code == code && folds[i].Name == name {
			folds[i].N++
			folds[i].Minutes = minutes
			folds[i].Lines = append(folds[i].Lines, line)
			return folds
		}
	}
	return append(folds, page.Fold{Code: code, Name: name, N: 1, Minutes: minutes, Lines: []page.FoldLine{line}})
}
