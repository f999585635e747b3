package delivery

import (
	"context"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// seal makes one brief: its lines with the rights and truths of this moment,
// its deliveries marked, the clocks of its asks started, its streams moved on
// and its mail written, all in the caller's transaction.
func (e *Engine) seal(ctx context.Context, tx *store.Tx, id string, p store.Person, since worktime.Instant, s *brief.Seal, waiting []store.Delivery, now time.Time) (store.Brief, error) {
	b := store.Brief{ID: id, Person: p.ID, Kind: s.Kind, Window: s.At, Delivered: s.Delivered, Since: since, Sealed: now}
	take := make([]store.Delivery, len(s.Take))
	for i, n := range s.Take {
		take[i] = waiting[n]
	}
	g, err := tx.Gather(ctx, p, take, paces(s), s.At)
	if err != nil {
		return b, err
	}
	if err := e.assertContract(p, s, g, now); err != nil {
		return b, err
	}
	dues := make(map[string]worktime.Instant)
	for _, d := range g.Given {
		if err := tx.Deliver(ctx, d.ID, b.ID, s.Delivered, string(s.Kind)); err != nil {
			return b, err
		}
		switch d.Cause {
		case store.CauseAsked:
			if dues[d.Item], err = startClock(ctx, tx, p, d.Item, s.Delivered); err != nil {
				return b, err
			}
		case store.CauseReplied:
			if err := resumeClock(ctx, tx, p, d.Item, s.Delivered, dues); err != nil {
				return b, err
			}
		}
	}
	for delivery, why := range g.Dropped {
		if err := tx.Drop(ctx, delivery, why, now); err != nil {
			return b, err
		}
	}
	for _, f := range g.Moved {
		if err := tx.MoveFollow(ctx, p.ID, f.Stream, f.Position); err != nil {
			return b, err
		}
	}
	for i, l := range g.Lines {
		if due, ok := dues[l.Item]; ok && l.Section == brief.Asks {
			g.Lines[i].Due = due
		}
		b.Words += l.Words
	}
	g.Lines = brief.Compose(g.Lines) // due times are known only now
	b.Lines = len(g.Lines)
	if err := tx.Seal(ctx, b, g.Lines); err != nil {
		return b, err
	}
	if brief.New(g.Lines) == 0 {
		return b, e.out.windowWithout(ctx, tx, p, b) // sealed and not sent (R12.2)
	}
	return b, e.out.enqueueBrief(ctx, tx, p, b, now)
}

// paces are those of the streams that a brief reads. An urgent brief reads none.
func paces(s *brief.Seal) []store.Pace {
	if s.Kind != brief.Window {
		return nil
	}
	out := []store.Pace{store.PaceWindow}
	if s.Daily {
		out = append(out, store.PaceDaily)
	}
	if s.Weekly {
		out = append(out, store.PaceWeekly)
	}
	return out
}

// startClock begins a recipient's response clock at their delivery (R9.2) and
// returns the due time, 0 for none.
func startClock(ctx context.Context, tx *store.Tx, p store.Person, itemID string, at worktime.Instant) (worktime.Instant, error) {
	a, err := tx.Ask(ctx, itemID)
	if err != nil {
		return 0, err
	}
	r, err := a.Recipient(p.ID)
	if err != nil {
		return 0, fmt.Errorf("start the clock of %s: %w", itemID, err)
	}
	r.Started = at
	r.Redue(p.Clock)
	return r.Due, tx.SetAsk(ctx, a)
}

// resumeClock lets a recipient's clock run on when the asker's reply to their
// question is delivered to them (worktime 6.7). Any other reply changes nothing.
func resumeClock(ctx context.Context, tx *store.Tx, p store.Person, replyID string, at worktime.Instant, dues map[string]worktime.Instant) error {
	reply, err := tx.Item(ctx, replyID)
	if err != nil {
		return err
	}
	root, err := tx.Item(ctx, reply.Root)
	if err != nil {
		return err
	}
	if root.Kind != item.Ask || reply.Author != root.Author {
		return nil
	}
	a, err := tx.Ask(ctx, root.ID)
	if err != nil {
		return err
	}
	r, err := a.Recipient(p.ID)
	if err != nil || !r.Resume(reply.Parent, reply.ID, at) {
		return nil //nolint:nilerr // a reply to somebody who is not asked
	}
	if r.State == ask.Waiting {
		r.Redue(p.Clock)
		dues[root.ID] = r.Due
	}
	return tx.SetAsk(ctx, a)
}

// ContractError says that a brief about to be sealed would break the delivery
// contract (R1.1, R1.2). The transaction ends, nothing of it reaches anybody,
// and the error is counted and logged.
type ContractError struct {
	Person string
	Rule   string
	At     worktime.Instant
}

func (e *ContractError) Error() string {
	return fmt.Sprintf("delivery contract: %s for person %s at %s", e.Rule, e.Person, e.At.Time().Format(time.RFC3339))
}

// assertContract checks what must hold of every seal, in production too. It
// asks the person's clock itself, not the code that decided.
func (e *Engine) assertContract(p store.Person, s *brief.Seal, g store.Gathered, now time.Time) error {
	reached := worktime.Instant(now.Unix())
	fail := func(rule string) error {
		e.met.contract.Inc()
		return &ContractError{Person: p.ID, Rule: rule, At: s.At}
	}
	if s.At > reached || s.Delivered > reached {
		return fail("sealed before its window")
	}
	if late := reached - s.At; late > brief.Grace {
		if state, _, _ := p.Clock.State(reached); state != worktime.On {
			return fail("late brief outside working hours or in focus")
		}
	}
	for _, d := range g.Given {
		if d.From > s.At {
			return fail("item written after the window")
		}
		if s.Kind == brief.Urgent && d.Class != worktime.Urgent {
			return fail("an item that is not urgent between windows")
		}
	}
	return nil
}
