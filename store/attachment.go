package store

import (
	"context"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
)

// Attachment is what is known of a file; its bytes lie in package files under
// its id. It hangs on a draft, or on the item that was sent from it.
type Attachment struct {
	ID     string
	Item   string // "" while it is not sent
	Draft  string // where it waits, "" once it is sent
	Person string
	Name   string
	Type   string // media type, by content
	Size   int64
	Sum    string // SHA-256, hexadecimal
	At     time.Time
}

const attachmentColumns = `id, item_id, draft_id, person_id, name, media_type, size, sha256, created_at`

func scanAttachment(r scanner) (Attachment, error) {
	var a Attachment
	var at int64
	err := r.Scan(&a.ID, &a.Item, &a.Draft, &a.Person, &a.Name, &a.Type, &a.Size, &a.Sum, &at)
	a.At = instant(at)
	return a, err
}

// AddAttachment writes a file that is on disk already.
func (t *Tx) AddAttachment(ctx context.Context, a Attachment) error {
	_, err := t.exec(ctx, `INSERT INTO attachment (org_id, id, item_id, draft_id, person_id, name, media_type, size, sha256, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		t.org, a.ID, a.Item, a.Draft, a.Person, a.Name, a.Type, a.Size, a.Sum, millis(a.At))
	if err != nil {
		return fmt.Errorf("add attachment: %w", err)
	}
	return nil
}

// Unsent returns the files of a person that hang on no item yet, of all their
// drafts, oldest first.
func (t *Tx) Unsent(ctx context.Context, person string) ([]Attachment, error) {
	return t.s.unsent(ctx, t.q, t.org, person)
}

func (s *Store) unsent(ctx context.Context, q querier, org, person string) ([]Attachment, error) {
	as, err := list(ctx, q, s.dialect, scanAttachment, `SELECT `+attachmentColumns+` FROM attachment WHERE org_id = $1 AND person_id = $2 AND draft_id <> '' ORDER BY id`, org, person)
	if err != nil {
		return nil, fmt.Errorf("unsent attachments: %w", err)
	}
	return as, nil
}

// AttachmentsOf returns the files of an item, unscoped.
func (t *Tx) AttachmentsOf(ctx context.Context, itemID string) ([]Attachment, error) {
	by, err := t.s.attachments(ctx, t.q, t.org, []string{itemID})
	return by[itemID], err
}

// attachments returns the files of items, oldest first.
func (s *Store) attachments(ctx context.Context, q querier, org string, items []string) (map[string][]Attachment, error) {
	out := make(map[string][]Attachment)
	if len(items) == 0 {
		return out, nil
	}
	set, args := in(items)
	as, err := list(ctx, q, s.dialect, scanAttachment, `SELECT `+attachmentColumns+` FROM attachment WHERE org_id = $1 AND item_id <> '' AND item_id IN `+set+` ORDER BY item_id, id`, append([]any{org}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("attachments: %w", err)
	}
	for _, a := range as {
		out[a.Item] = append(out[a.Item], a)
	}
	return out, nil
}

// SendAttachments moves what a person hung on a draft to the item that was
// sent from it.
func (t *Tx) SendAttachments(ctx context.Context, person, draft, itemID string) error {
	if _, err := t.exec(ctx, `UPDATE attachment SET item_id = $1, draft_id = '' WHERE org_id = $2 AND person_id = $3 AND draft_id = $4 AND draft_id <> ''`, itemID, t.org, person, draft); err != nil {
		return fmt.Errorf("send attachments: %w", err)
	}
	return nil
}

// DropAttachment forgets a file that a person has not sent. ErrNotFound for
// any other.
func (t *Tx) DropAttachment(ctx context.Context, person, id string) error {
	if err := t.one(ctx, `DELETE FROM attachment WHERE org_id = $1 AND person_id = $2 AND id = $3 AND draft_id <> ''`, t.org, person, id); err != nil {
		return fmt.Errorf("drop attachment: %w", err)
	}
	return nil
}

// DropAttachments forgets all that a person hung on a draft, and returns the ids.
func (t *Tx) DropAttachments(ctx context.Context, person, draft string) ([]string, error) {
	ids, err := list(ctx, t.q, t.s.dialect, scanString, `DELETE FROM attachment WHERE org_id = $1 AND person_id = $2 AND draft_id = $3 AND draft_id <> '' RETURNING id`, t.org, person, draft)
	if err != nil {
		return nil, fmt.Errorf("drop attachments: %w", err)
	}
	return ids, nil
}

// DropLeft forgets the files from before a moment that hang neither on an item
// nor on a draft that is kept, and returns their ids.
func (t *Tx) DropLeft(ctx context.Context, before time.Time) ([]string, error) {
	ids, err := list(ctx, t.q, t.s.dialect, scanString, `DELETE FROM attachment WHERE org_id = $1 AND draft_id <> '' AND created_at < $2
		AND NOT EXISTS (SELECT 1 FROM draft WHERE draft.org_id = attachment.org_id AND draft.person_id = attachment.person_id AND draft.id = attachment.draft_id) RETURNING id`,
		t.org, millis(before))
	if err != nil {
		return nil, fmt.Errorf("drop what was left: %w", err)
	}
	return ids, nil
}

// Attached tells which of these files an organisation knows.
func (s *Store) Attached(ctx context.Context, org string, ids []string) (map[string]bool, error) {
	out := make(map[string]bool)
	if len(ids) == 0 {
		return out, nil
	}
	set, args := in(ids)
	known, err := list(ctx, s.read, s.dialect, scanString, `SELECT id FROM attachment WHERE org_id = $1 AND id IN `+set+` ORDER BY id`, append([]any{org}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("known attachments: %w", err)
	}
	for _, id := range known {
		out[id] = true
	}
	return out, nil
}

// Attachment returns a file that the viewer may have: one that hangs on an item
// they see at this moment, or on a draft of their own.
func (r *Reader) Attachment(ctx context.Context, id string) (Attachment, error) {
	a, err := single(ctx, r.s.read, r.s.dialect, scanAttachment, `SELECT `+attachmentColumns+` FROM attachment WHERE org_id = $1 AND id = $2`, r.viewer.Org, id)
	if err != nil {
		return Attachment{}, r.hide(err)
	}
	if a.Item == "" {
		if err := r.can(access.See, access.Object{Kind: access.Draft, Org: r.viewer.Org, Person: a.Person}); err != nil {
			return Attachment{}, err
		}
		return a, nil
	}
	items, err := r.withRoots(ctx, []string{a.Item})
	if err != nil {
		return Attachment{}, err
	}
	i, ok := items[a.Item]
	if !ok {
		return Attachment{}, access.ErrHidden
	}
	if err := r.can(access.See, object(i, items)); err != nil {
		return Attachment{}, err
	}
	return a, nil
}

// Attachments returns the files of items that the viewer was shown, by item.
func (r *Reader) Attachments(ctx context.Context, shown []item.Item) (map[string][]Attachment, error) {
	ids := make([]string, len(shown))
	for i, one := range shown {
		ids[i] = one.ID
	}
	return r.s.attachments(ctx, r.s.read, r.viewer.Org, ids)
}

// Unsent returns the viewer's files that hang on no item yet, by draft.
func (r *Reader) Unsent(ctx context.Context) (map[string][]Attachment, error) {
	all, err := r.s.unsent(ctx, r.s.read, r.viewer.Org, r.viewer.Person)
	out := make(map[string][]Attachment)
	for _, a := range all {
		out[a.Draft] = append(out[a.Draft], a)
	}
	return out, err
}
