package door

import (
	"context"
	"errors"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// MaxDraft bounds the fields of a draft.
const MaxDraft = MaxBody + 100_000

// SaveDraft keeps what the actor is writing, under an id that their page made.
// It is seen by them alone (R5.5). save counts the saves that the page knows of:
// when another tab or device saved meanwhile, this one goes on as a draft of its
// own, and neither text is lost. It returns the draft as it is kept. An id that
// is somebody else's is hidden.
func (d *Door) SaveDraft(ctx context.Context, by access.Actor, id string, save int64, fields string) (store.Draft, error) {
	if len(id) != 26 {
		return store.Draft{}, access.ErrHidden
	}
	if len(fields) > MaxDraft {
		return store.Draft{}, problem("context", "too-long")
	}
	if err := access.Can(by, access.Own, access.Object{Kind: access.Draft, Org: by.Org, Person: by.Person}); err != nil {
		return store.Draft{}, err
	}
	own := store.NewID(d.now()) // outside the closure: it may run again
	var kept store.Draft
	err := d.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		now := d.now()
		old, err := tx.Draft(ctx, by.Person, id)
		switch {
		case errors.Is(err, store.ErrNotFound):
			kept = store.Draft{ID: id, Person: by.Person, Save: 1, Fields: fields, Created: now, Saved: now}
			err = tx.AddDraft(ctx, kept)
			if errors.Is(err, store.ErrExists) {
				return access.ErrHidden
			}
			return err
		case err != nil:
			return err
		case old.Fields == fields: // the answer to the save before was lost
			kept = old
			return nil
		case old.Save != save:
			kept = store.Draft{ID: own, Person: by.Person, Save: 1, Fields: fields, Created: now, Saved: now}
			return tx.AddDraft(ctx, kept)
		}
		old.Save++
		old.Fields, old.Saved = fields, now
		kept = old
		return tx.SaveDraft(ctx, old)
	})
	return kept, err
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
