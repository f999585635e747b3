package web

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/crisis"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// getCrises is the room of the crisis layer.
func (s *Server) getCrises(q *request) error {
	p, err := s.crisesPage(q, nil)
	if err != nil {
		return err
	}
	p.What = q.r.URL.Query().Get("what")
	return q.show(http.StatusOK, p.View())
}

// crisesPage lists what runs and what ended, and offers the form; chosen are
// the handles that were ticked.
func (s *Server) crisesPage(q *request, chosen []string) (page.Crises, error) {
	p := page.Crises{Frame: s.frame(q, page.RoomCrisis), Org: q.org.Name, MayNot: !q.who.Person.MayRaise}
	all, err := q.read.Crises(q.r.Context(), listed)
	if err != nil {
		return p, err
	}
	people, err := q.read.People(q.r.Context())
	if err != nil {
		return p, err
	}
	byID := make(map[string]store.Person, len(people))
	at := worktime.Of(q.now)
	for _, one := range people {
		byID[one.ID] = one
		if one.ID == q.who.Person.ID || one.State != access.Active {
			continue
		}
		p.People = append(p.People, s.person(one, q.now))
		p.Likely = append(p.Likely, s.callable(q, one, at, chosen))
	}
	for _, c := range all {
		head := page.CrisisHead{Head: s.head(q, c.Item, byID), Ended: c.Crisis.Ended, Called: len(c.Crisis.Needed)}
		for _, n := range c.Crisis.Needed {
			if !n.HasIt.IsZero() && (head.Answered.IsZero() || n.HasIt.Before(head.Answered)) {
				head.Answered = n.HasIt
			}
			if n.Person == q.who.Person.ID {
				head.Mine = !c.Crisis.Over() && n.HasIt.IsZero() && n.Cannot.IsZero()
			}
		}
		if c.Crisis.Over() {
			p.Ended = append(p.Ended, head)
		} else {
			p.Running = append(p.Running, head)
		}
	}
	teams, err := q.read.Teams(q.r.Context())
	for _, t := range teams {
		if q.actor().Teams[t.ID] {
			p.Teams = append(p.Teams, team(t))
		}
	}
	return p, err
}

func (s *Server) callable(q *request, p store.Person, at worktime.Instant, chosen []string) page.Callable {
	c := page.Callable{Person: s.person(p, q.now)}
	if next, ok := p.Clock.Next(worktime.Normal, at+1, worktime.NotSealed); ok {
		c.Next = next.Time()
	}
	state, _, _ := p.Clock.State(at)
	c.Off, c.Focus = state == worktime.Off, state == worktime.Focus
	for _, h := range chosen {
		c.Chosen = c.Chosen || strings.TrimPrefix(h, "@") == p.Handle
	}
	return c
}

// postCrisis raises a crisis. It is never refused for its number.
func (s *Server) postCrisis(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	// Whom they name, and not all who could be: this must not wait.
	people, err := s.addressed(q, false, form["needed"]...)
	if err != nil {
		return err
	}
	teams, err := q.read.Teams(q.r.Context())
	if err != nil {
		return err
	}
	ids, lost := named(people, strings.Join(form["needed"], ","))
	draft := door.CrisisDraft{Key: form.Get("key"), What: form.Get("what"), Stake: form.Get("stake"), Needed: ids, Sure: form.Get("sure") == "yes"}
	for _, t := range teams {
		if t.Slug == form.Get("team") && q.actor().Teams[t.ID] {
			draft.Team = t.ID
		}
	}
	var rec door.Receipt
	switch {
	case len(lost) > 0:
		err = &door.Problem{Field: "needed", Code: "unknown-person", Name: q.words.List(lost)}
	case form.Get("team") != "" && draft.Team == "":
		// They may have left it since they opened the form: the whole organisation
		// must not read what was meant for a team.
		err = &door.Problem{Field: "team", Code: "unknown-team"}
	default:
		rec, err = s.cfg.Door.Raise(q.r.Context(), q.actor(), draft)
	}
	if ps, ok := problems(err); ok {
		if missing := unsaid(draft); len(missing) > 0 && len(lost) == 0 {
			ps = missing
		}
		for i := range ps {
			ps[i].Field = cmp.Or(map[string]string{"to": "needed"}[ps[i].Field], ps[i].Field)
		}
		p, err := s.crisesPage(q, form["needed"])
		if err != nil {
			return err
		}
		p.What, p.Stake, p.Team, p.Sure, p.Problems = draft.What, draft.Stake, form.Get("team"), draft.Sure, ps
		return q.show(http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	return q.seeOther(page.RefPath(rec.Ref))
}

// unsaid is all that a crisis still lacks, at once: whoever raises one has no
// time to be sent back for each.
func unsaid(d door.CrisisDraft) page.Problems {
	var out page.Problems
	for _, v := range []struct {
		missing     bool
		field, code string
	}{
		{strings.TrimSpace(d.What) == "", "what", "no-what"},
		{strings.TrimSpace(d.Stake) == "", "stake", "no-stake"},
		{len(d.Needed) == 0, "needed", "nobody"},
		{!d.Sure, "sure", "not-sure"},
	} {
		if v.missing {
			out = append(out, page.Problem{Field: v.field, Code: v.code})
		}
	}
	return out
}

// crisisPage is one crisis with its timeline.
func (s *Server) crisisPage(q *request, v store.View) (page.Crisis, error) {
	p := page.Crisis{Frame: s.frame(q, page.RoomCrisis), Stake: v.Item.Body, CanSettle: v.Can[access.Settle]}
	c, err := q.read.Crisis(q.r.Context(), v)
	if err != nil {
		return p, err
	}
	ids := []string{v.Item.Author, c.EndedBy}
	for _, n := range c.Needed {
		ids = append(ids, n.Person)
	}
	log, err := q.read.Entries(q.r.Context(), v, item.State)
	if err != nil {
		return p, err
	}
	for _, n := range log {
		ids = append(ids, n.Author)
		ids = append(ids, n.Names()...)
	}
	people, err := q.read.Names(q.r.Context(), ids)
	if err != nil {
		return p, err
	}
	p.Head = s.head(q, v.Item, people)
	p.Ended, p.Outcome = c.Ended, c.Outcome
	if c.EndedBy != "" {
		p.EndedBy = s.person(people[c.EndedBy], q.now)
	}
	for _, n := range c.Needed {
		row := page.Called{Person: s.person(people[n.Person], q.now), HasIt: n.HasIt, Cannot: n.Cannot, Round: int(n.Round), Next: n.Next}
		p.Called = append(p.Called, row)
		if n.Person == q.who.Person.ID {
			p.Mine = &row
		}
	}
	hang, err := q.read.Attachments(q.r.Context(), log)
	if err != nil {
		return p, err
	}
	if p.Desk, err = s.desk(q, page.DeskID("note", v.Item.ID)); err != nil {
		return p, err
	}
	p.Log = s.timeline(q, v.Item, log, people, hang)
	followers, err := q.read.Followers(q.r.Context(), streamOf(v.Item))
	if err != nil {
		return p, err
	}
	p.Others = max(0, followers-len(c.Needed))
	p.People, err = s.choice(q, joined)
	return p, err
}

// streamOf is where followers read of an item.
func streamOf(i item.Item) string {
	if i.Team != "" {
		return store.TeamStream(i.Team)
	}
	return store.WideStream
}

func (s *Server) timeline(q *request, raised item.Item, notes []item.Item, people map[string]store.Person, hang map[string][]store.Attachment) []page.CrisisNote {
	log := []page.CrisisNote{{At: raised.Sent, By: s.person(people[raised.Author], q.now), Code: "raised"}}
	for _, n := range notes {
		note := page.CrisisNote{At: n.Sent, By: s.person(people[n.Author], q.now), Code: n.Point, Text: n.Body, Files: pictured(hang[n.ID], "")}
		for _, who := range n.Names() {
			note.Who = s.person(people[who], q.now)
		}
		log = append(log, note)
	}
	return log
}

// onCrisis runs one act on a crisis and goes back to it.
func (s *Server) onCrisis(q *request, act string, verb func(r door.CrisisReply) (door.Receipt, error)) error {
	form, refused, err := s.receive(q)
	if err != nil {
		return err
	}
	v, err := q.read.Item(q.r.Context(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	if v.Item.Kind != item.Crisis {
		return access.ErrHidden
	}
	r := door.CrisisReply{Key: form.Get("key"), Crisis: v.Item.ID, Has: form.Get("has") == "yes", Text: form.Get("text"), Draft: form.Get("draft")}
	if to := strings.TrimSpace(form.Get("to")); to != "" {
		r.Person, err = s.oneNamed(q, to)
	}
	var rec door.Receipt
	if err == nil && len(refused) == 0 {
		rec, err = verb(r)
	}
	ps, wrong := problems(err)
	if ps = append(refused, ps...); wrong || len(refused) > 0 {
		p, err := s.crisisPage(q, v)
		if err != nil {
			return err
		}
		p.Act, p.Problems, p.Typed = act, ps, map[string]string{"text": form.Get("text"), "to": form.Get("to")}
		return q.show(refusedStatus(refused), p.View())
	}
	if err != nil {
		return err
	}
	return q.seeOther(page.RefPath(rec.Ref))
}

func (s *Server) postHaveIt(q *request) error {
	return s.onCrisis(q, "acknowledgement", func(r door.CrisisReply) (door.Receipt, error) {
		return s.cfg.Door.HaveIt(q.r.Context(), q.actor(), r)
	})
}

func (s *Server) postCrisisNote(q *request) error {
	return s.onCrisis(q, "note", func(r door.CrisisReply) (door.Receipt, error) {
		return s.cfg.Door.NoteCrisis(q.r.Context(), q.actor(), r)
	})
}

func (s *Server) postCall(q *request) error {
	return s.onCrisis(q, "call", func(r door.CrisisReply) (door.Receipt, error) {
		if r.Person == "" {
			return door.Receipt{}, &door.Problem{Field: "to", Code: "nobody"}
		}
		return s.cfg.Door.CallToo(q.r.Context(), q.actor(), r)
	})
}

func (s *Server) postCrisisEnd(q *request) error {
	return s.onCrisis(q, "end", func(r door.CrisisReply) (door.Receipt, error) {
		return s.cfg.Door.EndCrisis(q.r.Context(), q.actor(), r)
	})
}

// alarms are the running crises in which the reader is needed, for the top of
// every page.
func (s *Server) alarms(q *request) ([]page.Alarm, error) {
	all, err := q.read.Alarms(q.r.Context())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.Item.Author
	}
	people, err := q.read.Names(q.r.Context(), ids)
	if err != nil {
		return nil, err
	}
	var out []page.Alarm
	for _, c := range all {
		out = append(out, page.Alarm{
			Ref: c.Item.Ref(), Point: c.Item.Point, By: s.person(people[c.Item.Author], q.now), Since: c.Item.Sent, Mine: unanswered(c.Crisis, q.who.Person.ID),
		})
	}
	return out, nil
}

func unanswered(c crisis.Crisis, person string) bool {
	n, err := c.One(person)
	return err == nil && n.HasIt.IsZero() && n.Cannot.IsZero()
}

// getAlarms is the part of a page that looks for a crisis while it stands open.
func (s *Server) getAlarms(q *request) error {
	return q.show(http.StatusOK, s.frame(q, page.NoRoom).AlarmsPart())
}
