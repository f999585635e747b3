package door

import (
	"cmp"
	"context"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// CharterDraft is a person's own charter as they want it from now on.
type CharterDraft struct {
	Key string
	// Revision is the one it was made from; another one meanwhile is ErrConflict.
	Revision int64
	Charter  charter.Charter
	Reason   string
	// Place is the town shown beside the name; Lang the language that Rubato
	// speaks; Archetype the kind of work (R2.1). "" keeps what is.
	Place     string
	Lang      string
	Archetype charter.Archetype
}

// Revised says what a change of charter came to.
type Revised struct {
	Revision int64
	// Warnings are shown, not refused (worktime 3.3).
	Warnings []worktime.Finding
	// Moved counts what waits and was planned anew.
	Moved int
}

// Invalid lists what a charter cannot be saved with.
type Invalid struct{ Findings []worktime.Finding }

func (i *Invalid) Error() string { return "the charter does not work out" }

// SetCharter writes a new revision of the actor's own charter, in force from
// this moment, and plans anew what waits for them: never before the change
// (worktime 5.7). Due times already shown never come earlier (worktime 6.8).
// A charter is written by its owner alone (R3.3).
func (d *Door) SetCharter(ctx context.Context, by access.Actor, draft CharterDraft) (Revised, error) {
	if !draft.Charter.Fits() {
		return Revised{}, problem("", "charter-too-much")
	}
	errs, warnings := worktime.Check(draft.Charter.Time, d.zones)
	if len(errs) > 0 {
		return Revised{}, &Invalid{errs}
	}
	if _, err := worktime.Compile(draft.Charter.Time, d.zones); err != nil {
		return Revised{}, problem("zone", "unknown-zone")
	}
	return once(ctx, d, by, "charter", draft.Key, draft, func(tx *store.Tx) (Revised, error) {
		sealed, err := tx.Lock(ctx, []string{by.Person})
		if err != nil {
			return Revised{}, err
		}
		now := d.now()
		from := worktime.Of(now)
		p, err := tx.Person(ctx, by.Person)
		if err != nil {
			return Revised{}, err
		}
		if err := access.Can(by, access.Own, access.Object{Kind: access.Person, Org: p.Org, Person: p.ID}); err != nil {
			return Revised{}, err
		}
		if p.Revision != draft.Revision {
			return Revised{}, store.ErrConflict
		}
		p.Place, p.Lang, p.Archetype = cmp.Or(draft.Place, p.Place), cmp.Or(draft.Lang, p.Lang), cmp.Or(draft.Archetype, p.Archetype)
		if err := tx.SetPerson(ctx, p); err != nil {
			return Revised{}, err
		}
		rev := Revised{Revision: p.Revision + 1, Warnings: warnings}
		if err := tx.AddCharter(ctx, p.ID, rev.Revision, from, draft.Charter, draft.Reason, now); err != nil {
			return Revised{}, err
		}
		if rev.Moved, err = d.replan(ctx, tx, p.ID, sealed[p.ID]); err != nil {
			return Revised{}, err
		}
		if err := d.redue(ctx, tx, p.ID); err != nil {
			return Revised{}, err
		}
		// The engine looks again at once and sets the next look by the new clock.
		return rev, tx.MoveTick(ctx, p.ID, now)
	})
}

// replan moves the planned instants of what waits for a person. The decision
// is taken again at the window; this keeps the promise shown to writers true.
func (d *Door) replan(ctx context.Context, tx *store.Tx, person string, sealed worktime.Instant) (int, error) {
	waiting, err := tx.Waiting(ctx, person)
	if err != nil {
		return 0, err
	}
	moved := 0
	for _, w := range waiting {
		reigns, err := tx.Reigns(ctx, person, w.From)
		if err != nil {
			return moved, err
		}
		plan := layer.Reach(w.Class, layer.Reader{Reigns: reigns, Sealed: sealed}, w.From)
		if plan.At == w.Plan {
			continue
		}
		if err := tx.Replan(ctx, w.ID, plan.At, string(plan.Why.Code)); err != nil {
			return moved, err
		}
		moved++
	}
	return moved, nil
}

// redue computes the due times of a person's open asks anew: later where the
// new charter says so, earlier never.
func (d *Door) redue(ctx context.Context, tx *store.Tx, person string) error {
	p, err := tx.Person(ctx, person)
	if err != nil {
		return err
	}
	open, err := tx.OpenAsks(ctx, person)
	if err != nil {
		return err
	}
	for _, id := range open {
		a, err := tx.Ask(ctx, id)
		if err != nil {
			return err
		}
		r, err := a.Recipient(person)
		if err != nil || r.Due == 0 {
			continue
		}
		shown := r.Due
		if r.Redue(p.Clock); r.Due == shown {
			continue
		}
		if err := tx.SetAsk(ctx, a); err != nil {
			return err
		}
	}
	return nil
}
