package web

import (
	"net/http"
	"strings"

	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// getWhy answers "why did I see this now, or not yet?" for a delivery, or for an
// item that came by a stream or waits.
func (s *Server) getWhy(q *request) error {
	w, err := front.WhyOf(q.r.Context(), q.read, q.who.Person, q.r.PathValue("id"), q.now)
	if err != nil {
		return err
	}
	if w.Came == nil {
		return s.whyDelivery(q, w.Delivery, w.View)
	}
	p, err := s.whyCame(q, *w.Came)
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, p.View())
}

func (s *Server) whyCame(q *request, c front.Came) (page.WhyPage, error) {
	v := c.View
	ids := []string{v.Item.Author, rootAuthor(v)}
	if v.Ask != nil {
		for _, r := range v.Ask.Recipients {
			ids = append(ids, r.Person)
		}
	}
	p := page.WhyPage{
		Frame: s.frame(q, page.RoomBrief), Mine: true, Code: c.Code, Class: c.Class().String(), Written: v.Item.Sent,
		Coming: c.Coming, NextWhy: page.Why{Code: string(c.NextWhy.Code), State: c.NextWhy.State},
	}
	called, err := s.whyCrisis(q, c, &p)
	if err != nil {
		return p, err
	}
	people, err := q.read.Names(q.r.Context(), append(ids, called...))
	if err != nil {
		return p, err
	}
	p.Head, p.By, p.For = s.head(q, headOf(v), people), s.person(people[v.Item.Author], q.now), s.person(q.who.Person, q.now)
	for _, id := range called {
		p.Called = append(p.Called, s.person(people[id], q.now))
	}
	if v.Ask != nil && c.Code == "asked" {
		p.For = s.person(people[v.Ask.Recipients[0].Person], q.now)
		if due := v.Ask.Due(); due != 0 {
			p.Due = due.Time()
		}
	}
	if c.Next != 0 {
		p.Next = c.Next.Time()
	}
	p.Cause = store.EventSent
	switch head := headOf(v); {
	case head.Kind == item.Crisis && v.Root == nil:
		p.Cause = store.EventState
	case v.Root != nil:
		p.Cause = store.EventComment
	case head.Team != "":
		t, err := q.read.Team(q.r.Context(), head.Team)
		if err != nil {
			return p, err
		}
		p.Head.Team = team(t)
	case !head.Wide:
		p.Cause = store.CauseTo
	}
	for _, t := range c.Told {
		one := page.Told{Window: t.Brief.Window.Time(), Came: t.Brief.Delivered.Time(), Named: t.Line.Delivery != "", Why: page.Why{Code: string(t.Why.Code), State: t.Why.State}}
		p.Told, p.Cause = append(p.Told, one), t.Line.Cause
	}
	p.Cause = cause(p.Cause, v.Item)
	if v.Item.Edited.After(v.Item.Sent) {
		p.Changed = v.Item.Edited
	}
	p.Follow, err = s.whyFollow(q, c)
	return p, err
}

// whyFollow is the stream it comes by, nil for what comes by none.
func (s *Server) whyFollow(q *request, c front.Came) (*page.Followed, error) {
	if c.Code == "own" || c.Code == "asked" || c.Code == "imported" {
		return nil, nil //nolint:nilnil // nothing to show
	}
	f := &page.Followed{Stream: c.Stream, Pace: string(c.Pace), Since: c.Since, ByHand: c.ByHand}
	kind, id, _ := strings.Cut(c.Stream, ":")
	switch kind {
	case "team":
		t, err := q.read.Team(q.r.Context(), id)
		if err != nil {
			return nil, err
		}
		f.Kind, f.Name, f.Path = "team", t.Name, page.TeamPath(t.Slug)
	case "item":
		head := headOf(c.View)
		f.Kind, f.Name, f.Path = "thread", head.Ref(), page.RefPath(head.Ref())
	default:
		f.Kind, f.Name, f.Path = "wide", q.words.T("write.everyone", "org", q.org.Name), page.PathTeams
	}
	return f, nil
}

// whyCrisis adds who was needed in a crisis, and returns their ids.
func (s *Server) whyCrisis(q *request, c front.Came, p *page.WhyPage) ([]string, error) {
	if c.View.Item.Kind != item.Crisis {
		return nil, nil
	}
	one, err := q.read.Crisis(q.r.Context(), c.View)
	if err != nil {
		return nil, err
	}
	p.Ended = one.Ended
	var ids []string
	for _, n := range one.Needed {
		ids = append(ids, n.Person)
		p.Needed = p.Needed || n.Person == q.who.Person.ID
	}
	return ids, nil
}

// whyDelivery explains one delivery to its receiver, or to its author.
func (s *Server) whyDelivery(q *request, d store.Delivery, v store.View) error {
	people, err := q.read.Names(q.r.Context(), []string{d.Person, v.Item.Author, rootAuthor(v)})
	if err != nil {
		return err
	}
	receiver := people[d.Person]
	p := page.WhyPage{
		Frame: s.frame(q, page.RoomBrief), Head: s.head(q, headOf(v), people), Cause: cause(d.Cause, v.Item), By: s.person(people[v.Item.Author], q.now),
		For: s.person(receiver, q.now), Mine: d.Person == q.who.Person.ID, Class: d.Class.String(), Written: v.Item.Sent, Dropped: d.DroppedWhy,
	}
	plans, late, err := front.PlansOf(q.r.Context(), q.read, d)
	if err != nil {
		return err
	}
	for n, plan := range plans {
		one := page.Planned{At: v.Item.Sent, Why: why(plan.Why)}
		if plan.OK {
			one.For = plan.At.Time()
		}
		if n > 0 {
			one.At, one.Again = plan.Made.Time(), "charter"
		}
		p.Plans = append(p.Plans, one)
	}
	if d.Delivered != 0 {
		p.Delivered = d.Delivered.Time()
	}
	if late != 0 {
		p.Late = late.Time()
	}
	if v.Ask != nil {
		if r, err := v.Ask.Recipient(d.Person); err == nil {
			p.Open = d.Cause == store.CauseAsked && d.Delivered != 0 && r.State == ask.Waiting && v.Ask.Live()
			if r.Due != 0 {
				p.Due = r.Due.Time()
			}
		}
	}
	return q.show(http.StatusOK, p.View())
}

func rootAuthor(v store.View) string {
	if v.Root != nil {
		return v.Root.Author
	}
	return v.Item.Author
}

// headOf is what a delivery is about: a comment's or an answer's document.
func headOf(v store.View) item.Item {
	if v.Root != nil {
		return *v.Root
	}
	return v.Item
}
