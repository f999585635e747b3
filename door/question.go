package door

import (
	"context"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
)

// AskBack asks the asker something before answering. The recipient's clock
// stands still until the asker's reply to it is delivered to them (worktime
// 6.7): the sealing of that brief ends the pause.
func (d *Door) AskBack(ctx context.Context, by access.Actor, r AskReply) (Receipt, error) {
	r.Text = written(r.Text)
	switch {
	case r.Text == "":
		return Receipt{}, problem("text", "empty")
	case len(r.Text) > MaxBody:
		return Receipt{}, problem("text", "too-long")
	}
	id := store.NewID(d.now())
	return d.onAsk(ctx, by, access.Answer, "ask-back", r, func(s *sending, i item.Item, a *ask.Ask) (Receipt, error) {
		if err := a.AskBack(by.Person, id, s.from); err != nil {
			return Receipt{}, askProblem(err)
		}
		one, err := a.Recipient(by.Person)
		if err != nil {
			return Receipt{}, askProblem(err)
		}
		one.Redue(s.people[by.Person].Clock)
		q, err := s.tx.AddItem(ctx, item.Item{
			ID: id, Org: by.Org, Kind: item.Comment, Team: i.Team, Wide: i.Wide, Author: by.Person, Root: i.ID,
			Body: r.Text, Words: markup.Words(r.Text), Origin: item.Here, Sent: s.now, Edited: s.now,
		})
		if err != nil {
			return Receipt{}, err
		}
		if err := s.tell(ctx, store.ThreadStream(i.ID), store.EventComment, q); err != nil {
			return Receipt{}, err
		}
		rec := Receipt{ID: q.ID, Ref: i.Ref()}
		plan, ok, err := s.deliver(ctx, q, i.Author, store.CauseQuestion, worktime.Normal, nil)
		if ok {
			rec.Plans = append(rec.Plans, plan)
		}
		return rec, err
	})
}
