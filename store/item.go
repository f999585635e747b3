package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/item"
)

// The team's openness is read with the item, at the moment rights are asked for.
const itemColumns = `i.id, i.org_id, i.kind, i.number, i.team_id, coalesce(t.open, FALSE), i.wide, i.author_id, i.root_id, i.parent_id, i.version, i.point, i.body, i.words, i.origin, i.sent_at, i.edited_at, i.gone_at`

// headColumns are the same without the words.
const headColumns = `i.id, i.org_id, i.kind, i.number, i.team_id, coalesce(t.open, FALSE), i.wide, i.author_id, i.root_id, i.parent_id, i.version, '', '', i.words, i.origin, i.sent_at, i.edited_at, i.gone_at`

// lineColumns are the same with what stands in a line of a list: the words of a
// document do not, those of a comment do.
const lineColumns = `i.id, i.org_id, i.kind, i.number, i.team_id, coalesce(t.open, FALSE), i.wide, i.author_id, i.root_id, i.parent_id, i.version, i.point, CASE WHEN i.root_id = '' THEN '' ELSE i.body END, i.words, i.origin, i.sent_at, i.edited_at, i.gone_at`

// byNumber says of number what the index of numbers does of itself: without it
// SQLite would read every item.
const byNumber = `i.kind = $2 AND i.number = $3 AND i.number > 0`

const itemFrom = ` FROM item i LEFT JOIN team t ON t.org_id = i.org_id AND t.id = i.team_id`

func scanItem(r scanner) (item.Item, error) {
	var i item.Item
	var sent, edited, gone int64
	err := r.Scan(&i.ID, &i.Org, &i.Kind, &i.Number, &i.Team, &i.Open, &i.Wide, &i.Author, &i.Root, &i.Parent, &i.Version, &i.Point, &i.Body, &i.Words, &i.Origin, &sent, &edited, &gone)
	i.Sent, i.Edited, i.Gone = instant(sent), instant(edited), instant(gone)
	return i, err
}

// AddItem writes a new item with its first revision and those it names. A kind
// with numbers gets its next one, in this transaction; the item with its number
// is returned.
func (t *Tx) AddItem(ctx context.Context, i item.Item) (item.Item, error) {
	i.Org, i.Version = t.org, 1
	if i.Kind.Numbered() {
		n, err := t.count(ctx, "item:"+string(i.Kind))
		if err != nil {
			return i, err
		}
		i.Number = n
	}
	_, err := t.exec(ctx, `INSERT INTO item (org_id, id, kind, number, team_id, wide, author_id, root_id, parent_id, version, point, body, words, origin, sent_at, edited_at, gone_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0)`,
		t.org, i.ID, i.Kind, i.Number, i.Team, i.Wide, i.Author, i.Root, i.Parent, i.Version, i.Point, i.Body, i.Words, i.Origin, millis(i.Sent), millis(i.Edited))
	if err != nil {
		return i, fmt.Errorf("add item: %w", err)
	}
	if err := t.addRevision(ctx, i, i.Author, i.Sent); err != nil {
		return i, err
	}
	return i, t.addNamed(ctx, i.ID, i.People)
}

// count takes the next number of a counter. Gaps are allowed, reuse is not (R2.6).
func (t *Tx) count(ctx context.Context, name string) (int64, error) {
	n, err := single(ctx, t.q, t.s.dialect, scanInt, `INSERT INTO counter (org_id, name, value) VALUES ($1, $2, 1)
		ON CONFLICT (org_id, name) DO UPDATE SET value = counter.value + 1 RETURNING value`, t.org, name)
	if err != nil {
		return 0, fmt.Errorf("next number of %s: %w", name, err)
	}
	return n, nil
}

func (t *Tx) addRevision(ctx context.Context, i item.Item, author string, at time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO revision (org_id, item_id, version, author_id, point, body, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		t.org, i.ID, i.Version, author, i.Point, i.Body, millis(at))
	if err != nil {
		return fmt.Errorf("add revision: %w", err)
	}
	return nil
}

// SetNamed replaces the people that an item names.
func (t *Tx) SetNamed(ctx context.Context, itemID string, people []item.Named) error {
	if _, err := t.exec(ctx, `DELETE FROM named WHERE org_id = $1 AND item_id = $2`, t.org, itemID); err != nil {
		return fmt.Errorf("clear named: %w", err)
	}
	return t.addNamed(ctx, itemID, people)
}

func (t *Tx) addNamed(ctx context.Context, itemID string, people []item.Named) error {
	for _, n := range people {
		if _, err := t.exec(ctx, `INSERT INTO named (org_id, item_id, person_id, naming) VALUES ($1, $2, $3, $4)`, t.org, itemID, n.Person, n.As); err != nil {
			return fmt.Errorf("name a person: %w", err)
		}
	}
	return nil
}

// Revise saves a new version of an item: it must be exactly one above the
// stored version, else ErrConflict, and nothing is written.
func (t *Tx) Revise(ctx context.Context, i item.Item, author string, at time.Time) error {
	err := t.one(ctx, `UPDATE item SET version = $1, point = $2, body = $3, words = $4, edited_at = $5 WHERE org_id = $6 AND id = $7 AND version = $1 - 1`,
		i.Version, i.Point, i.Body, i.Words, millis(at), t.org, i.ID)
	if errors.Is(err, ErrNotFound) {
		return ErrConflict
	}
	if err != nil {
		return fmt.Errorf("revise item: %w", err)
	}
	if err := t.addRevision(ctx, i, author, at); err != nil {
		return err
	}
	return t.SetNamed(ctx, i.ID, i.People)
}

// TakeBack marks an item as gone; its words are shown to nobody from then on.
func (t *Tx) TakeBack(ctx context.Context, id string, at time.Time) error {
	if err := t.one(ctx, `UPDATE item SET gone_at = $1 WHERE org_id = $2 AND id = $3 AND gone_at = 0`, millis(at), t.org, id); err != nil {
		return fmt.Errorf("take back item: %w", err)
	}
	return nil
}

// Item returns one item with those it names, unscoped: ask access.Can before
// anything of it is shown or changed.
func (t *Tx) Item(ctx context.Context, id string) (item.Item, error) {
	return t.s.item(ctx, t.q, t.org, `i.id = $2`, id)
}

// ItemByRef is Item by the permanent address, as item.ParseRef reads it.
func (t *Tx) ItemByRef(ctx context.Context, kind item.Kind, number int64) (item.Item, error) {
	return t.s.item(ctx, t.q, t.org, byNumber, kind, number)
}

func (s *Store) item(ctx context.Context, q querier, org, where string, args ...any) (item.Item, error) {
	i, err := single(ctx, q, s.dialect, scanItem, `SELECT `+itemColumns+itemFrom+` WHERE i.org_id = $1 AND `+where, append([]any{org}, args...)...)
	if err != nil {
		return i, fmt.Errorf("item: %w", err)
	}
	named, err := s.named(ctx, q, org, []string{i.ID})
	i.People = named[i.ID]
	return i, err
}

// items returns the items with these ids by id, those that exist.
func (s *Store) items(ctx context.Context, q querier, org string, ids []string) (map[string]item.Item, error) {
	return s.itemsAs(ctx, q, org, itemColumns, ids)
}

// heads is items without their words.
func (s *Store) heads(ctx context.Context, q querier, org string, ids []string) (map[string]item.Item, error) {
	return s.itemsAs(ctx, q, org, headColumns, ids)
}

func (s *Store) itemsAs(ctx context.Context, q querier, org, columns string, ids []string) (map[string]item.Item, error) {
	out := make(map[string]item.Item, len(ids))
	rows, err := byIDs(ids, func(set string, args []any) ([]item.Item, error) {
		return list(ctx, q, s.dialect, scanItem, `SELECT `+columns+itemFrom+` WHERE i.org_id = $1 AND i.id IN `+set+` ORDER BY i.id`, append([]any{org}, args...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("items: %w", err)
	}
	named, err := s.named(ctx, q, org, ids)
	for _, i := range rows {
		i.People = named[i.ID]
		out[i.ID] = i
	}
	return out, err
}

// withRoots reads items by id together with the documents they belong to.
func withRoots(ids []string, read func(ids []string) (map[string]item.Item, error)) (map[string]item.Item, error) {
	items, err := read(unique(ids))
	if err != nil {
		return nil, err
	}
	var roots []string
	for _, i := range items {
		if _, ok := items[i.Root]; i.Root != "" && !ok {
			roots = append(roots, i.Root)
		}
	}
	more, err := read(unique(roots))
	maps.Copy(items, more)
	return items, err
}

func unique(ids []string) []string { return slices.Compact(slices.Sorted(slices.Values(ids))) }

// named returns whom each of the items names, ordered by person.
func (s *Store) named(ctx context.Context, q querier, org string, ids []string) (map[string][]item.Named, error) {
	type row struct {
		item string
		item.Named
	}
	rows, err := byIDs(ids, func(set string, args []any) ([]row, error) {
		return list(ctx, q, s.dialect, func(r scanner) (row, error) {
			var n row
			err := r.Scan(&n.item, &n.Person, &n.As)
			return n, err
		}, `SELECT item_id, person_id, naming FROM named WHERE org_id = $1 AND item_id IN `+set+` ORDER BY item_id, person_id`, append([]any{org}, args...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("named people: %w", err)
	}
	out := make(map[string][]item.Named)
	for _, n := range rows {
		out[n.item] = append(out[n.item], n.Named)
	}
	return out, nil
}

// Revision is one saved version of an item.
type Revision struct {
	Version int64
	Author  string
	Point   string
	Body    string
	Saved   time.Time
}

func scanRevision(r scanner) (Revision, error) {
	var v Revision
	var saved int64
	err := r.Scan(&v.Version, &v.Author, &v.Point, &v.Body, &saved)
	v.Saved = instant(saved)
	return v, err
}

// RevisionOf returns one version of an item, unscoped.
func (t *Tx) RevisionOf(ctx context.Context, itemID string, version int64) (Revision, error) {
	v, err := single(ctx, t.q, t.s.dialect, scanRevision, `SELECT version, author_id, point, body, saved_at FROM revision WHERE org_id = $1 AND item_id = $2 AND version = $3`, t.org, itemID, version)
	if err != nil {
		return v, fmt.Errorf("revision %d of %s: %w", version, itemID, err)
	}
	return v, nil
}

// Revisions returns the versions of an item that the viewer was shown, the
// newest first.
func (r *Reader) Revisions(ctx context.Context, v View) ([]Revision, error) {
	all, err := list(ctx, r.s.read, r.s.dialect, scanRevision, `SELECT version, author_id, point, body, saved_at FROM revision WHERE org_id = $1 AND item_id = $2 ORDER BY version DESC`, r.viewer.Org, v.Item.ID)
	if err != nil {
		return nil, fmt.Errorf("revisions: %w", err)
	}
	return all, nil
}
