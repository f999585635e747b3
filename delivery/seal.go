package delivery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// sealing is a person whose brief is being made.
type sealing struct {
	store.Served

	seal  *brief.Seal
	got   store.Gathered
	dues  map[string]worktime.Instant // of the asks whose clocks start or run on
	brief store.Brief
}

// wanted is what the brief is to hold.
func (d *sealing) wanted() store.Wanted {
	w := store.Wanted{Person: d.Person, Paces: paces(d.seal), Until: d.seal.At, Reading: d.Reading}
	for _, n := range d.seal.Take {
		w.Waiting = append(w.Waiting, d.Waiting[n])
	}
	return w
}

// after is the person once the brief is sealed.
func (d *sealing) after() store.Served {
	v := d.Served
	v.Waiting = nil
	for n, w := range d.Waiting {
		if !slices.Contains(d.seal.Take, n) {
			v.Waiting = append(v.Waiting, w)
		}
	}
	switch d.seal.Kind {
	case brief.Window:
		v.Sealed, v.Reading = d.seal.At, d.got.Reading
	case brief.Urgent:
		v.Urgent = d.seal.At
	}
	return v
}

// seal makes one brief for each: its lines with the rights and truths of this
// moment, its deliveries marked, the clocks of its asks started, its streams
// moved on and its mail written, all in the caller's transaction.
func (e *Engine) seal(ctx context.Context, tx *store.Tx, due []*sealing, now time.Time) error {
	wanted := make([]store.Wanted, len(due))
	var asks []string
	for i, d := range due {
		wanted[i] = d.wanted()
		for _, w := range wanted[i].Waiting {
			if w.Cause == store.CauseAsked {
				asks = append(asks, w.Item)
			}
		}
	}
	if err := tx.LockAsks(ctx, asks); err != nil {
		return err
	}
	gathered, err := tx.Gather(ctx, wanted)
	if err != nil {
		return err
	}
	var given []store.Given
	var clocks []store.Clock
	for i, d := range due {
		d.got = gathered[i]
		if err := e.assertContract(d, now); err != nil {
			return err
		}
		d.brief = store.Brief{
			ID: store.NewID(now), Person: d.Person.ID, Kind: d.seal.Kind, Window: d.seal.At, Delivered: d.seal.Delivered, Since: d.Sealed, Sealed: now,
		}
		for _, g := range d.got.Given {
			given = append(given, store.Given{Delivery: g.ID, Brief: d.brief.ID, At: d.seal.Delivered, Why: string(d.seal.Kind)})
		}
		started, err := d.startClocks()
		if err != nil {
			return err
		}
		clocks = append(clocks, started...)
	}
	if err := tx.Deliver(ctx, given...); err != nil {
		return err
	}
	if err := tx.StartClocks(ctx, clocks...); err != nil {
		return err
	}
	briefs := make([]store.Sealing, len(due))
	for i, d := range due {
		if err := d.close(ctx, tx, now); err != nil {
			return err
		}
		briefs[i] = store.Sealing{Brief: d.brief, Contents: d.got.Lines}
	}
	if err := tx.Seal(ctx, briefs); err != nil {
		return err
	}
	return e.out.enqueueBriefs(ctx, tx, due, now)
}

// close ends what the brief brings, and gives it its last form.
func (d *sealing) close(ctx context.Context, tx *store.Tx, now time.Time) error {
	for _, g := range d.got.Given {
		if g.Cause != store.CauseReplied {
			continue
		}
		if err := resumeClock(ctx, tx, d.Person, g.Item, d.seal.Delivered, d.dues); err != nil {
			return err
		}
	}
	for delivery, why := range d.got.Dropped {
		if err := tx.Drop(ctx, delivery, why, now); err != nil {
			return err
		}
	}
	for _, f := range d.got.Moved {
		if err := tx.MoveFollow(ctx, f); err != nil {
			return err
		}
	}
	for i, l := range d.got.Lines {
		if due, ok := d.dues[l.Item]; ok && l.Section == brief.Asks {
			d.got.Lines[i].Due = due
		}
		d.brief.Words += l.Words
	}
	d.got.Lines = brief.Compose(d.got.Lines) // due times are known only now
	d.brief.Lines = len(d.got.Lines)
	return nil
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

// startClocks begins the response clocks of the asks that the brief gives (R9.2),
// and notes when they are due, 0 for never.
func (d *sealing) startClocks() ([]store.Clock, error) {
	d.dues = make(map[string]worktime.Instant)
	var out []store.Clock
	for _, g := range d.got.Given {
		if g.Cause != store.CauseAsked {
			continue
		}
		a := d.got.Asks[g.Item]
		r, err := a.Recipient(d.Person.ID)
		if err != nil {
			return nil, fmt.Errorf("start the clock of %s: %w", g.Item, err)
		}
		r.Started = d.seal.Delivered
		r.Redue(d.Person.Clock)
		d.dues[g.Item] = r.Due
		out = append(out, store.Clock{Item: g.Item, Recipient: *r})
	}
	return out, nil
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
func (e *Engine) assertContract(d *sealing, now time.Time) error {
	p, s := d.Person, d.seal
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
	for _, g := range d.got.Given {
		if g.From > s.At {
			return fail("item written after the window")
		}
		if s.Kind == brief.Urgent && g.Class != worktime.Urgent {
			return fail("an item that is not urgent between windows")
		}
	}
	return nil
}
