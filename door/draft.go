package door

import (
	"context"
	"errors"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// MaxDraft bounds the fields of a draft.
const MaxDraft = MaxBody + 100_000

// SaveDraft keeps what the actor is writing, under an id that their page made.
// It is seen by them alone (R5.5). It returns when it was saved. An id that is
// somebody else's is hidden.
func (d *Door) SaveDraft(ctx context.Context, by access.Actor, id, fields string) (time.Time, error) {
	if len(id) != 26 {
		return time.Time{}, access.ErrHidden
	}
	if len(fields) > MaxDraft {
		return time.Time{}, problem("context", "too-long")
	}
	if err := access.Can(by, access.Own, access.Object{Kind: access.Draft, Org: by.Org, Person: by.Person}); err != nil {
		return time.Time{}, err
	}
	var now time.Time
	err := d.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		now = d.now()
		old, err := tx.Draft(ctx, by.Person, id)
		switch {
		case errors.Is(err, store.ErrNotFound):
			err = tx.AddDraft(ctx, store.Draft{ID: id, Person: by.Person, Save: 1, Fields: fields, Created: now, Saved: now})
			if errors.Is(err, store.ErrExists) {
				return access.ErrHidden
			}
			return err
		case err != nil:
			return err
		}
		old.Save++
		old.Fields, old.Saved = fields, now
		return tx.SaveDraft(ctx, old)
	})
	return now, err
}

// DropDraft throws one of the actor's drafts away, with the files that hang on it.
func (d *Door) DropDraft(ctx context.Context, by access.Actor, id string) error {
	if err := access.Can(by, access.Own, access.Object{Kind: access.Draft, Org: by.Org, Person: by.Person}); err != nil {
		return err
	}
	var gone []string
	err := d.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		var err error
		if gone, err = tx.DropAttachments(ctx, by.Person, id); err != nil {
			return err
		}
		return tx.DropDraft(ctx, by.Person, id)
	})
	if err != nil {
		return err
	}
	for _, file := range gone {
		if err := d.files.Remove(by.Org, file); err != nil {
			return err
		}
	}
	return nil
}
