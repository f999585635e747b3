package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Draft is what somebody is writing, seen by them alone (R5.5). Fields is the
// form as its page keeps it.
type Draft struct {
	ID     string
	Person string
	// Item and ItemVersion are set for a draft of an edit: the version it began from.
	Item        string
	ItemVersion int64
	// Save counts the saves; a save that does not follow the stored one is a conflict.
	Save    int64
	Fields  string
	Created time.Time
	Saved   time.Time
}

func scanDraft(r scanner) (Draft, error) {
	var d Draft
	var created, saved int64
	err := r.Scan(&d.ID, &d.Person, &d.Item, &d.ItemVersion, &d.Save, &d.Fields, &created, &saved)
	d.Created, d.Saved = instant(created), instant(saved)
	return d, err
}

const draftColumns = `id, person_id, item_id, item_version, save, fields, created_at, saved_at`

// AddDraft writes a new draft.
func (t *Tx) AddDraft(ctx context.Context, d Draft) error {
	_, err := t.exec(ctx, `INSERT INTO draft (org_id, id, person_id, item_id, item_version, save, fields, created_at, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		t.org, d.ID, d.Person, d.Item, d.ItemVersion, d.Save, d.Fields, millis(d.Created), millis(d.Saved))
	if err != nil {
		return fmt.Errorf("add draft: %w", err)
	}
	return nil
}

// SaveDraft writes the next save of a person's draft: d.Save must be exactly
// one above the stored one, else ErrConflict.
func (t *Tx) SaveDraft(ctx context.Context, d Draft) error {
	err := t.one(ctx, `UPDATE draft SET save = $1, fields = $2, saved_at = $3 WHERE org_id = $4 AND person_id = $5 AND id = $6 AND save = $1 - 1`,
		d.Save, d.Fields, millis(d.Saved), t.org, d.Person, d.ID)
	if errors.Is(err, ErrNotFound) {
		return ErrConflict
	}
	if err != nil {
		return fmt.Errorf("save draft: %w", err)
	}
	return nil
}

// Draft returns a person's own draft.
func (t *Tx) Draft(ctx context.Context, person, id string) (Draft, error) {
	d, err := single(ctx, t.q, t.s.dialect, scanDraft, `SELECT `+draftColumns+` FROM draft WHERE org_id = $1 AND person_id = $2 AND id = $3`, t.org, person, id)
	if err != nil {
		return d, fmt.Errorf("draft: %w", err)
	}
	return d, nil
}

// DropDraft removes a person's own draft; one that is gone already stays gone.
func (t *Tx) DropDraft(ctx context.Context, person, id string) error {
	if _, err := t.exec(ctx, `DELETE FROM draft WHERE org_id = $1 AND person_id = $2 AND id = $3`, t.org, person, id); err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}

// Drafts returns the viewer's drafts, the newest first.
func (r *Reader) Drafts(ctx context.Context) ([]Draft, error) {
	if err := r.private(); err != nil {
		return nil, err
	}
	ds, err := list(ctx, r.s.read, r.s.dialect, scanDraft, `SELECT `+draftColumns+` FROM draft WHERE org_id = $1 AND person_id = $2 ORDER BY saved_at DESC, id DESC`, r.viewer.Org, r.viewer.Person)
	if err != nil {
		return nil, fmt.Errorf("drafts: %w", err)
	}
	return ds, nil
}

// Draft returns one of the viewer's drafts.
func (r *Reader) Draft(ctx context.Context, id string) (Draft, error) {
	if err := r.private(); err != nil {
		return Draft{}, err
	}
	d, err := single(ctx, r.s.read, r.s.dialect, scanDraft, `SELECT `+draftColumns+` FROM draft WHERE org_id = $1 AND person_id = $2 AND id = $3`, r.viewer.Org, r.viewer.Person, id)
	return d, r.hide(err)
}
