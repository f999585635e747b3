package api

import (
	"time"

	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
)

// Why answers "why did I see this now, or not yet?".
type Why struct {
	By       string    `json:"by" enum:"name,stream,asked,own,imported,unfollowed,muted,before,nothing" doc:"How it comes to you: by name, by a stream you follow, or as an ask of yours that waits; or why no brief brings it"`
	Item     string    `json:"item" doc:"Id of what it is about"`
	Written  Moment    `json:"written" doc:"As the clock of its receiver shows it"`
	Delivery *Delivery `json:"delivery,omitempty" doc:"Where it comes by name"`
	Plans    []Plan    `json:"plans,omitempty" doc:"When its delivery was planned, the first time and after each change of their charter"`
	Follow   *Followed `json:"follow,omitempty" doc:"Where it does not come by name: the stream it comes by, or might"`
	Briefs   []Told    `json:"briefs,omitempty" doc:"Those that brought it, oldest first; the last twenty"`
	Next     *Plan     `json:"next,omitempty" doc:"When what is new in it comes"`
	Needed   []Name    `json:"needed,omitempty" doc:"Those whom a crisis called; it interrupted nobody else"`
	Late     *Moment   `json:"late,omitempty" doc:"When it should have come, if it came later"`
	Due      *Moment   `json:"due,omitempty" doc:"When their answer is due"`
}

// Plan is one time that a delivery was planned.
type Plan struct {
	Made  Moment  `json:"made"`
	For   *Moment `json:"for,omitempty" doc:"Absent where no window lay ahead"`
	Why   string  `json:"why"`
	State string  `json:"state,omitempty" doc:"What they were doing when it was written: off, focus or on"`
	Away  int     `json:"away_days,omitempty"`
}

// Followed is how you follow a stream now.
type Followed struct {
	Stream string    `json:"stream" doc:"Change it with set-pace"`
	Pace   string    `json:"pace,omitempty" doc:"window, daily, weekly or muted; absent where you do not follow it"`
	Since  time.Time `json:"since,omitzero"`
	ByHand bool      `json:"by_hand,omitempty" doc:"You chose the pace yourself"`
}

// Told is a brief that brought something.
type Told struct {
	Brief     string `json:"brief"`
	Window    Moment `json:"window"`
	Delivered Moment `json:"delivered" doc:"Another instant than window when it was late"`
	Cause     string `json:"cause"`
	Why       string `json:"why" doc:"Why at that window: a reason as of a plan, or then where your charter and pace were others"`
	State     string `json:"state,omitempty" doc:"What you were doing when it was written"`
}

func (s *Server) why(q *request, id string) (Why, error) {
	w, err := front.WhyOf(q.ctx, q.read, q.who.Person, id, q.now)
	switch {
	case err != nil:
		return Why{}, err
	case w.Came == nil:
		return s.whyDelivery(q, w.Delivery, w.View)
	}
	return s.whyCame(q, *w.Came)
}

func (s *Server) whyCame(q *request, c front.Came) (Why, error) {
	me, v := q.who.Person, c.View
	out := Why{By: c.Code, Item: v.Item.ID, Written: *moment(worktime.Of(v.Item.Sent), me)}
	if c.Code != "own" && c.Code != "asked" && c.Code != "imported" {
		out.Follow = &Followed{Stream: c.Stream, Pace: string(c.Pace), Since: c.Since.UTC(), ByHand: c.ByHand}
	}
	for _, t := range c.Told {
		out.Briefs = append(out.Briefs, Told{
			Brief: t.Brief.ID, Window: *moment(t.Brief.Window, me), Delivered: *moment(t.Brief.Delivered, me),
			Cause: t.Line.Cause, Why: string(t.Why.Code), State: t.Why.State,
		})
	}
	if c.Coming {
		out.Next = &Plan{Made: *moment(worktime.Of(q.now), me), For: moment(c.Next, me), Why: string(c.NextWhy.Code), State: c.NextWhy.State}
	}
	if v.Ask != nil && c.Code == "asked" {
		out.Due = moment(v.Ask.Due(), me)
	}
	if v.Item.Kind != item.Crisis {
		return out, nil
	}
	one, err := q.read.Crisis(q.ctx, v)
	if err != nil {
		return out, err
	}
	ids := make([]string, len(one.Needed))
	for i, n := range one.Needed {
		ids[i] = n.Person
	}
	people, err := q.read.Names(q.ctx, ids)
	out.Needed = names(people, ids)
	return out, err
}

func (s *Server) whyDelivery(q *request, d store.Delivery, v store.View) (Why, error) {
	people, err := q.read.Names(q.ctx, []string{d.Person})
	if err != nil {
		return Why{}, err
	}
	p := people[d.Person]
	given := deliveryOf(d, people)
	out := Why{By: "name", Delivery: &given, Item: v.Item.ID, Written: *moment(d.From, p)}
	plans, late, err := front.PlansOf(q.ctx, q.read, d)
	if err != nil {
		return out, err
	}
	for _, plan := range plans {
		one := Plan{Made: *moment(plan.Made, p), Why: string(plan.Why.Code), State: plan.Why.State.String(), Away: plan.Why.Away}
		if plan.OK {
			one.For = moment(plan.At, p)
		}
		out.Plans = append(out.Plans, one)
	}
	if late != 0 {
		out.Late = moment(late, p)
	}
	if v.Ask != nil {
		if r, err := v.Ask.Recipient(d.Person); err == nil {
			out.Due = moment(r.Due, p)
		}
	}
	return out, nil
}
