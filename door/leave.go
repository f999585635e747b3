package door

import (
	"context"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// leaveAsks takes a person out of the asks that wait for them and that they may
// not answer any more: they left the team, the organisation, or are kept out.
// Each asker hears of it in their next brief (worktime 6.9). The person's tick
// is locked by the caller, with those of the askers where the order of locks
// is to hold.
func (d *Door) leaveAsks(ctx context.Context, tx *store.Tx, p store.Person) error {
	open, err := tx.OpenAsks(ctx, p.ID)
	if err != nil || len(open) == 0 {
		return err
	}
	leaver, err := tx.Actor(ctx, p)
	if err != nil {
		return err
	}
	askers, err := tx.Askers(ctx, p.ID)
	if err != nil {
		return err
	}
	s, err := d.hold(ctx, tx, leaver, askers)
	if err != nil {
		return err
	}
	for _, id := range open {
		if err := s.leave(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// leave takes the sender out of one ask, if they may not answer it any more.
func (s *sending) leave(ctx context.Context, id string) error {
	i, err := s.tx.Item(ctx, id)
	if err != nil {
		return err
	}
	if !i.Gone.IsZero() || access.Can(s.by, access.Answer, i.Object(nil)) == nil {
		return nil
	}
	a, err := s.tx.Ask(ctx, id)
	if err != nil {
		return err
	}
	wanted := a.Live()
	if err := a.Leave(s.by.Person, s.now); err != nil {
		return err
	}
	if err := s.tx.SetAsk(ctx, a); err != nil {
		return err
	}
	if err := s.tx.DropItem(ctx, id, s.by.Person, store.DroppedAccess, s.now); err != nil || !wanted {
		return err
	}
	_, err = s.noteState(ctx, i, i.Author, "left", "")
	return err
}
