package door

import (
	"context"
	"errors"
	"slices"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/store"
)

// source is the ask that a writing settles, for the actor who may do that: one
// who is asked, or the asker. Nothing for a writing of its own.
func (d *Door) source(ctx context.Context, tx *store.Tx, by access.Actor, id string) (item.Item, error) {
	if id == "" {
		return item.Item{}, nil
	}
	i, err := d.visible(ctx, tx, by, id, access.See)
	if err != nil {
		return i, err
	}
	if i.Kind != item.Ask {
		return i, access.ErrHidden
	}
	if err := access.Can(by, access.Answer, i.Object(nil)); err != nil {
		return i, access.Can(by, access.Manage, i.Object(nil))
	}
	return i, nil
}

// intoDocument settles an ask by the document with this id, and names
// everybody of the ask in it: they are expected to read it (R9.3).
func (s *sending) intoDocument(ctx context.Context, i item.Item, document string, w *Writing) error {
	a, err := s.tx.Ask(ctx, i.ID)
	if err != nil {
		return err
	}
	if err := a.IntoDocument(s.by.Person, document, s.now); err != nil {
		if errors.Is(err, ask.ErrSettled) || errors.Is(err, ask.ErrWithdrawn) || errors.Is(err, ask.ErrInDocument) {
			return problem("source", "source-settled")
		}
		return askProblem(err)
	}
	for _, id := range append([]string{i.Author}, i.Names(item.To)...) {
		if id != s.by.Person && s.people[id].State == access.Active && !slices.Contains(w.To, id) && !slices.Contains(w.Readers, id) {
			w.Readers = append(w.Readers, id)
		}
	}
	if err := s.tx.SetAsk(ctx, a); err != nil {
		return err
	}
	return s.tx.DropItem(ctx, i.ID, "", store.DroppedSettled, s.now)
}
