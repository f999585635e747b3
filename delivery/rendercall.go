package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/crisis"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
)

// maxSubjectWords is how much of what happens stands in a crisis's subject, in
// runes: a phone shows no more.
const maxSubjectWords = 90

// crisis renders one call: what, at stake, who raised it, since when, and the
// one thing to do. It is ErrNothing once they answered, it ended, a later call
// has been made, or they may not see it any more.
func (r Letters) crisis(ctx context.Context, w writing, o store.Outgoing, m Message) (Message, error) {
	if o.Round == 0 {
		return w.watch(ctx, o, m)
	}
	i, c, err := w.read.Call(ctx, o.About)
	if errors.Is(err, access.ErrHidden) {
		return m, ErrNothing
	}
	if err != nil {
		return m, err
	}
	people, err := w.read.Names(ctx, []string{i.Author})
	if err != nil {
		return m, err
	}
	by := people[i.Author]
	one, err := c.One(w.to.Person.ID)
	switch {
	case c.Over():
		return m, ErrNothing
	case err != nil || !one.HasIt.IsZero() || !one.Cannot.IsZero() || o.Round < one.Round:
		return m, ErrNothing
	}
	m.Urgent = true
	if first, err := r.Store.FirstCall(ctx, o); err != nil {
		return m, err
	} else if first != "" {
		m.Thread = []string{first}
	}
	if o.Channel == store.ChannelWebhook {
		return w.call(i, by, o, m)
	}
	return w.alarm(i, by, int(o.Round)).finish(ctx, m)
}

// alarm is the letter of a call.
func (w writing) alarm(i item.Item, by store.Person, round int) letter {
	what, stake := oneLine(markup.PlainAt(i.Point, w.org.URL)), markup.PlainAt(i.Body, w.org.URL)
	return letter{
		W:       w.w,
		Alarm:   true,
		Subject: w.w.T("mail.crisis_subject", "ref", i.Ref(), "what", cutRunes(what, maxSubjectWords)),
		Crumb:   w.org.Name,
		Title:   w.w.T("mail.crisis_title", "ref", i.Ref()),
		Facts: []fact{
			{w.w.T("mail.crisis_what"), what, true},
			{w.w.T("mail.crisis_stake"), stake, true},
			{w.w.T("mail.crisis_by"), w.w.T("mail.crisis_by_whom", "name", by.Name, "place", by.Place), false},
			{w.w.T("mail.crisis_since"), w.dayTime(i.Sent), false},
		},
		Act:   link{w.w.T("mail.crisis_act"), w.at("/" + i.Ref())},
		After: []string{w.w.N("mail.crisis_call", round, "every", w.w.Minutes(int(crisis.Repeat/time.Minute)))},
		Foot:  []string{w.w.T("mail.crisis_foot")},
	}
}

// watch tells an admin or a lead of somebody who raises many crises (R11.3).
// What the newest is about stands in it only if they may read it.
func (w writing) watch(ctx context.Context, o store.Outgoing, m Message) (Message, error) {
	people, err := w.read.Names(ctx, []string{o.Payload})
	if err != nil {
		return m, err
	}
	by, ok := people[o.Payload]
	if !ok || by.State != access.Active {
		return m, ErrNothing
	}
	l := letter{
		W:       w.w,
		Subject: w.w.T("mail.watch_subject", "name", by.Name),
		Title:   w.w.T("mail.watch_title", "name", by.Name),
		Lead:    []string{w.w.T("mail.watch_lead", "name", by.Name)},
		Act:     link{w.w.T("mail.watch_act"), w.at("/crisis")},
		Foot:    []string{w.w.T("mail.crisis_foot")},
	}
	v, err := w.read.Item(ctx, o.About)
	switch {
	case err == nil:
		l.Facts = []fact{{w.w.T("mail.watch_newest", "ref", v.Item.Ref()), w.point(v.Item), true}, {w.w.T("mail.crisis_since"), w.dayTime(v.Item.Sent), false}}
	case !errors.Is(err, access.ErrHidden):
		return m, err
	}
	m.Urgent = true // its lane, because it is about crises
	return l.finish(ctx, m)
}

// call makes the body of a webhook about a crisis.
func (w writing) call(i item.Item, by store.Person, o store.Outgoing, m Message) (Message, error) {
	return w.event("crisis.call", o, m, callData{
		Crisis: i.Ref(), URL: w.at("/" + i.Ref()), What: cutRunes(oneLine(markup.PlainAt(i.Point, w.org.URL)), maxCallWords),
		AtStake: cutRunes(markup.PlainAt(i.Body, w.org.URL), maxCallWords), RaisedBy: by.Name, RaisedAt: i.Sent.UTC().Format(time.RFC3339), Call: o.Round,
	})
}

func cutRunes(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
