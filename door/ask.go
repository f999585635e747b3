package door

import (
	"context"
	"errors"
	"strings"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// AskDraft is one question to named people (R9.1).
type AskDraft struct {
	Writing
	// Term is 24h, 4wh, eod, eow, a date or an RFC 3339 instant; "" takes the norm.
	Term      string
	Urgent    bool
	UrgentWhy string
	// Need is how many answers are wanted: 0 all, 1 anyone, n of them.
	Need int
}

// Ask writes one ask and plans its delivery to every recipient, in one
// transaction. A missing question, name or unreadable term is a Problem.
func (d *Door) Ask(ctx context.Context, by access.Actor, draft AskDraft) (Receipt, error) {
	draft.Point, draft.Body = written(draft.Point), writtenBody(draft.Body)
	draft.UrgentWhy = strings.TrimSpace(draft.UrgentWhy)
	term, err := AskTerm(draft.Term, draft.Urgent)
	if err != nil {
		return Receipt{}, err
	}
	id := store.NewID(d.now()) // outside the closure: it may run again
	return once(ctx, d, by, "ask", draft.Key, draft, func(tx *store.Tx) (Receipt, error) {
		people, err := d.everybody(ctx, tx, draft.Writing)
		if err != nil {
			return Receipt{}, err
		}
		s, err := d.begin(ctx, tx, by, people)
		if err != nil {
			return Receipt{}, err
		}
		a, err := ask.New(id, by.Person, draft.Point, draft.To, term, draft.Urgent, draft.UrgentWhy, draft.Need)
		if err != nil {
			return Receipt{}, askProblem(err)
		}
		i, err := s.add(ctx, item.Ask, id, draft.Writing)
		if err != nil {
			return Receipt{}, err
		}
		if err := tx.AddAsk(ctx, a); err != nil {
			return Receipt{}, err
		}
		rec := Receipt{ID: i.ID, Ref: i.Ref()}
		for _, n := range i.People {
			cause, class, clock := causeOf(n.As), worktime.Normal, (*worktime.Term)(nil)
			if n.As == item.To {
				cause, class, clock = store.CauseAsked, a.Class(), &a.Term
			}
			plan, ok, err := s.deliver(ctx, i, n.Person, cause, class, clock)
			if err != nil {
				return Receipt{}, err
			}
			if !ok {
				continue
			}
			rec.Plans = append(rec.Plans, plan)
			if err := tx.AddFollow(ctx, n.Person, store.ThreadStream(i.ID), store.PaceWindow, s.now); err != nil { // R12.7
				return Receipt{}, err
			}
		}
		return rec, d.endDraft(ctx, tx, by, draft.Draft, i.ID)
	})
}

// AskTerm reads an ask's term; "" is the norm for its urgency (R3.2).
func AskTerm(term string, urgent bool) (worktime.Term, error) {
	norms := charter.DefaultNorms()
	switch {
	case term == "" && urgent:
		return norms.Urgent, nil
	case term == "":
		return norms.Normal, nil
	}
	t, err := worktime.ParseTerm(term)
	if err != nil {
		return t, problem("term", "unreadable-term")
	}
	return t, nil
}

// everybody returns the ids of all whom a writing may name, mentions resolved.
// A handle that nobody has is plain text.
func (d *Door) everybody(ctx context.Context, tx *store.Tx, w Writing) ([]string, error) {
	byHandle, err := tx.PeopleByHandle(ctx, mentioned(w))
	if err != nil {
		return nil, err
	}
	ids := append([]string{}, w.To...)
	ids = append(ids, w.Readers...)
	for _, id := range byHandle {
		ids = append(ids, id)
	}
	return unique(ids), nil
}

func causeOf(n item.Naming) string {
	switch n {
	case item.Reader:
		return store.CauseReader
	case item.Mentioned:
		return store.CauseMention
	default:
		return store.CauseTo
	}
}

// askProblem turns a rule's refusal into the field it is about.
func askProblem(err error) error {
	for _, p := range []struct {
		err         error
		field, code string
	}{
		{ask.ErrNoQuestion, "point", "no-question"},
		{ask.ErrNobody, "to", "nobody"},
		{ask.ErrOneself, "to", "oneself"},
		{ask.ErrUrgentWhy, "urgent_why", "no-urgent-why"},
		{ask.ErrNeed, "need", "need-too-many"},
		{ask.ErrSettled, "", "settled"},
		{ask.ErrWithdrawn, "", "withdrawn"},
		{ask.ErrNotAsked, "", "not-asked"},
		{ask.ErrReason, "reason", "no-reason"},
		{ask.ErrAlreadyAsked, "to", "already-asked"},
		{ask.ErrNoTime, "", "no-time-asked"},
		{ask.ErrAsking, "text", "question-open"},
		{ask.ErrInDocument, "", "in-document"},
		{ask.ErrAllIn, "to", "all-in"},
		{ask.ErrClosed, "", "enough"},
	} {
		if errors.Is(err, p.err) {
			return problem(p.field, p.code)
		}
	}
	return err
}
