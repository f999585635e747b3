package door

import (
	"context"
	"errors"
	"slices"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
)

// AskReply is what a recipient, or the asker, does about one ask. Reason, To,
// Term and Text are read by the verbs that need them.
type AskReply struct {
	Key    string
	Ask    string // id of the ask
	Text   string // the answer, Markdown
	Reason string
	To     string // id of the person it is handed on to
	Term   string // the term asked for instead
	Person string // the recipient the asker means
	Grant  bool
	Draft  string // where the files of an answer hang, "" for none
}

// Answer answers an ask. The recipient's clock stops; the asker gets the
// answer at their next window. Enough answers end the ask for all (R9.1).
func (d *Door) Answer(ctx context.Context, by access.Actor, r AskReply) (Receipt, error) {
	r.Text = written(r.Text)
	if r.Text == "" {
		return Receipt{}, problem("text", "empty")
	}
	id := store.NewID(d.now())
	return d.onAsk(ctx, by, access.Answer, "answer", r, func(s *sending, i item.Item, a *ask.Ask) (Receipt, error) {
		if err := a.Settle(by.Person, id, s.now); err != nil {
			return Receipt{}, askProblem(err)
		}
		answer, err := s.tx.AddItem(ctx, item.Item{
			ID: id, Org: by.Org, Kind: item.Reply, Team: i.Team, Wide: i.Wide, Author: by.Person, Root: i.ID, Parent: i.ID,
			Body: r.Text, Words: markup.Words(r.Text), Origin: item.Here, Sent: s.now, Edited: s.now,
		})
		if err != nil {
			return Receipt{}, err
		}
		if err := d.sendFiles(ctx, s.tx, by, r.Draft, answer.ID); err != nil {
			return Receipt{}, err
		}
		if err := s.tell(ctx, store.ThreadStream(i.ID), store.EventComment, answer); err != nil {
			return Receipt{}, err
		}
		if err := s.tx.DropItem(ctx, i.ID, by.Person, store.DroppedSettled, s.now); err != nil {
			return Receipt{}, err
		}
		if !a.Live() {
			if err := s.settleRest(ctx, i, a); err != nil {
				return Receipt{}, err
			}
		}
		rec := Receipt{ID: answer.ID, Ref: i.Ref()}
		plan, ok, err := s.deliver(ctx, answer, i.Author, store.CauseAnswer, worktime.Normal, nil)
		if ok {
			rec.Plans = append(rec.Plans, plan)
		}
		return rec, err
	})
}

// settleRest takes an ask that needs no more answers out of the briefs that wait.
func (s *sending) settleRest(ctx context.Context, i item.Item, a *ask.Ask) error {
	for _, r := range a.Recipients {
		if r.State == ask.Waiting {
			if err := s.tx.DropItem(ctx, i.ID, r.Person, store.DroppedSettled, s.now); err != nil {
				return err
			}
		}
	}
	return nil
}

// Decline takes the recipient out of an ask with a reason, which the asker
// reads at their next window.
func (d *Door) Decline(ctx context.Context, by access.Actor, r AskReply) (Receipt, error) {
	r.Reason = written(r.Reason)
	return d.onAsk(ctx, by, access.Answer, "decline", r, func(s *sending, i item.Item, a *ask.Ask) (Receipt, error) {
		if err := a.Decline(by.Person, r.Reason, s.now); err != nil {
			return Receipt{}, askProblem(err)
		}
		if err := s.tx.DropItem(ctx, i.ID, by.Person, store.DroppedSettled, s.now); err != nil {
			return Receipt{}, err
		}
		return s.noteState(ctx, i, i.Author, "declined", r.Reason)
	})
}

// HandOn passes an ask to a named person. Their own clock starts at their own
// delivery (worktime 6.9).
func (d *Door) HandOn(ctx context.Context, by access.Actor, r AskReply) (Receipt, error) {
	r.Reason = written(r.Reason)
	return d.onAsk(ctx, by, access.Answer, "hand-on", r, func(s *sending, i item.Item, a *ask.Ask) (Receipt, error) {
		if r.To == "" {
			return Receipt{}, problem("to", "nobody")
		}
		if r.To == i.Author {
			return Receipt{}, problem("to", "asker")
		}
		if err := a.HandOn(by.Person, r.To, r.Reason, s.now); err != nil {
			return Receipt{}, askProblem(err)
		}
		if err := s.tx.DropItem(ctx, i.ID, by.Person, store.DroppedSettled, s.now); err != nil {
			return Receipt{}, err
		}
		plan, ok, err := s.askAnother(ctx, i, a, r.To)
		if err != nil {
			return Receipt{}, err
		}
		rec, err := s.noteState(ctx, i, i.Author, "handed", r.Reason)
		if ok {
			rec.Plans = append(rec.Plans, plan)
		}
		return rec, err
	}, r.To)
}

// AskInstead asks somebody else in the place of one who declined or left, for
// the asker. Their own clock starts at their own delivery.
func (d *Door) AskInstead(ctx context.Context, by access.Actor, r AskReply) (Receipt, error) {
	return d.onAsk(ctx, by, access.Manage, "ask-instead", r, func(s *sending, i item.Item, a *ask.Ask) (Receipt, error) {
		switch r.To {
		case "":
			return Receipt{}, problem("to", "nobody")
		case i.Author:
			return Receipt{}, askProblem(ask.ErrOneself)
		}
		if err := a.Instead(r.To); err != nil {
			return Receipt{}, askProblem(err)
		}
		rec := Receipt{ID: i.ID, Ref: i.Ref()}
		plan, ok, err := s.askAnother(ctx, i, a, r.To)
		if ok {
			rec.Plans = append(rec.Plans, plan)
		}
		return rec, err
	}, r.To)
}

// askAnother sends an ask to one more person, who must be able to open it.
func (s *sending) askAnother(ctx context.Context, i item.Item, a *ask.Ask, to string) (Planned, bool, error) {
	if err := s.addressable(ctx, s.people[to]); err != nil {
		return Planned{}, false, err
	}
	i.People = slices.DeleteFunc(i.People, func(n item.Named) bool { return n.Person == to })
	i.People = append(i.People, item.Named{Person: to, As: item.To})
	if err := s.visibleTo(ctx, i, to); err != nil {
		return Planned{}, false, err
	}
	if err := s.tx.SetNamed(ctx, i.ID, i.People); err != nil {
		return Planned{}, false, err
	}
	// What waits for them because they were named is this ask now.
	if err := s.tx.DropItem(ctx, i.ID, to, store.DroppedSettled, s.now); err != nil {
		return Planned{}, false, err
	}
	plan, ok, err := s.deliver(ctx, i, to, store.CauseAsked, a.Class(), &a.Term)
	if err != nil {
		return Planned{}, false, err
	}
	return plan, ok, s.tx.AddFollow(ctx, to, store.ThreadStream(i.ID), store.PaceWindow, s.now) // R12.7
}

// visibleTo refuses to name somebody who could not open the item.
func (s *sending) visibleTo(ctx context.Context, i item.Item, person string) error {
	p := s.people[person]
	actor, err := s.tx.Actor(ctx, p)
	if err != nil {
		return err
	}
	if access.Can(actor, access.See, i.Object(nil)) != nil {
		return &Problem{Field: "to", Code: "not-in-team", Name: p.Name}
	}
	return nil
}

// AskTime asks the asker for another term instead, with a reason.
func (d *Door) AskTime(ctx context.Context, by access.Actor, r AskReply) (Receipt, error) {
	r.Reason = written(r.Reason)
	term, err := worktime.ParseTerm(r.Term)
	if err != nil {
		return Receipt{}, problem("term", "unreadable-term")
	}
	return d.onAsk(ctx, by, access.Answer, "ask-time", r, func(s *sending, i item.Item, a *ask.Ask) (Receipt, error) {
		if err := a.AskTime(by.Person, term, r.Reason); err != nil {
			return Receipt{}, askProblem(err)
		}
		return s.noteState(ctx, i, i.Author, "time-asked", r.Reason)
	})
}

// GrantTime answers AskTime for the asker: granted, the recipient's clock
// starts anew with the term they asked for.
func (d *Door) GrantTime(ctx context.Context, by access.Actor, r AskReply) (Receipt, error) {
	return d.onAsk(ctx, by, access.Manage, "grant-time", r, func(s *sending, i item.Item, a *ask.Ask) (Receipt, error) {
		if err := a.GrantTime(r.Person, r.Grant, s.from); err != nil {
			return Receipt{}, askProblem(err)
		}
		one, err := a.Recipient(r.Person)
		if err != nil {
			return Receipt{}, askProblem(err)
		}
		if r.Grant {
			one.Redue(s.people[r.Person].Clock) // more time never takes time away
		}
		state := "time-refused"
		if r.Grant {
			state = "time-granted"
		}
		return s.noteState(ctx, i, r.Person, state, "")
	}, r.Person)
}

// Withdraw takes an ask back from everybody who has not settled it.
func (d *Door) Withdraw(ctx context.Context, by access.Actor, r AskReply) (Receipt, error) {
	return d.onAsk(ctx, by, access.Manage, "withdraw", r, func(s *sending, i item.Item, a *ask.Ask) (Receipt, error) {
		if err := a.Withdraw(s.now); err != nil {
			return Receipt{}, askProblem(err)
		}
		// Whoever has it already reads that it is gone; the others never see it.
		rec := Receipt{ID: i.ID, Ref: i.Ref()}
		for _, one := range a.Recipients {
			if one.State != ask.Waiting || one.Started == 0 {
				continue
			}
			note, err := s.noteState(ctx, i, one.Person, "withdrawn", "")
			if err != nil {
				return Receipt{}, err
			}
			rec.Plans = append(rec.Plans, note.Plans...)
		}
		return rec, s.tx.DropItem(ctx, i.ID, "", store.DroppedSettled, s.now)
	})
}

// CouldWait records the recipient's mark that an urgent ask could have waited (R9.5).
func (d *Door) CouldWait(ctx context.Context, by access.Actor, r AskReply) (Receipt, error) {
	return d.onAsk(ctx, by, access.Answer, "could-wait", r, func(_ *sending, i item.Item, a *ask.Ask) (Receipt, error) {
		one, err := a.Recipient(by.Person)
		if err != nil {
			return Receipt{}, askProblem(err)
		}
		one.CouldWait = true
		return Receipt{ID: i.ID, Ref: i.Ref()}, nil
	})
}

// noteState writes what happened to an ask as a small item of its own and
// sends it to one person at their next window.
func (s *sending) noteState(ctx context.Context, i item.Item, to, state, reason string) (Receipt, error) {
	rec := Receipt{ID: i.ID, Ref: i.Ref()}
	note, err := s.tx.AddItem(ctx, item.Item{
		ID: store.NewID(s.now), Org: s.by.Org, Kind: item.State, Team: i.Team, Wide: i.Wide, Author: s.by.Person, Root: i.ID, Parent: i.ID,
		Point: state, Body: reason, Words: markup.Words(reason), Origin: item.Here, Sent: s.now, Edited: s.now,
	})
	if err != nil {
		return rec, err
	}
	plan, ok, err := s.deliver(ctx, note, to, store.CauseState, worktime.Normal, nil)
	if ok {
		rec.Plans = append(rec.Plans, plan)
	}
	return rec, err
}

// onAsk runs one act on an ask: rights, lock, rule, and what changed of it.
// more are further people whose plans the act needs.
func (d *Door) onAsk(ctx context.Context, by access.Actor, act access.Action, verb string, r AskReply,
	fn func(s *sending, i item.Item, a *ask.Ask) (Receipt, error), more ...string,
) (Receipt, error) {
	return once(ctx, d, by, verb, r.Key, r, func(tx *store.Tx) (Receipt, error) {
		i, err := tx.Item(ctx, r.Ask)
		if errors.Is(err, store.ErrNotFound) {
			return Receipt{}, access.ErrHidden
		}
		if err != nil {
			return Receipt{}, err
		}
		if err := access.Can(by, act, i.Object(nil)); err != nil {
			return Receipt{}, err
		}
		people := append([]string{by.Person, i.Author}, i.Names(item.To)...)
		for _, p := range more {
			if p != "" {
				people = append(people, p)
			}
		}
		s, err := d.begin(ctx, tx, by, unique(people))
		if err != nil {
			return Receipt{}, err
		}
		a, err := tx.Ask(ctx, i.ID) // after the lock: a brief may just have started a clock
		if err != nil {
			return Receipt{}, err
		}
		rec, err := fn(s, i, &a)
		if err != nil {
			return Receipt{}, err
		}
		return rec, tx.SetAsk(ctx, a)
	})
}
