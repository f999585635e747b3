package door

import (
	"context"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/merge"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
)

// EditDraft is a new version of an item's text, grown from version Base.
type EditDraft struct {
	Key   string
	Item  string
	Base  int64
	Point string
	Body  string
	// Draft is where files hang that the new version brings, "" for none.
	Draft string
}

// Edited says what a save came to.
type Edited struct {
	Receipt
	Version int64
	// Merged is the id of whoever saved meanwhile and whose changes were
	// joined with these; "" if nobody did.
	Merged string
}

// Clash says that two people changed the same place: nothing was saved, and
// both texts are here in full, to be shown and decided (R5.5).
type Clash struct {
	Point, Body merge.Result
	// Version is the newest one, By who saved it.
	Version int64
	By      string
}

func (c *Clash) Error() string { return "somebody else changed the same place" }

// Edit saves a new version. What others saved meanwhile is merged; where both
// changed the same place it returns a Clash and saves nothing. Whoever a new
// version mentions for the first time gets it at their next window.
func (d *Door) Edit(ctx context.Context, by access.Actor, draft EditDraft) (Edited, error) {
	draft.Point, draft.Body = written(draft.Point), writtenBody(draft.Body)
	return once(ctx, d, by, "edit", draft.Key, draft, func(tx *store.Tx) (Edited, error) {
		i, err := d.visible(ctx, tx, by, draft.Item, access.Edit)
		if err != nil {
			return Edited{}, err
		}
		out := Edited{}
		if draft.Base != i.Version {
			if draft, out.Merged, err = d.joined(ctx, tx, i, draft); err != nil {
				return Edited{}, err
			}
		}
		switch {
		case draft.Point == "" && i.Root == "":
			return Edited{}, problem("point", "no-point")
		case len(draft.Point) > MaxPoint:
			return Edited{}, problem("point", "too-long")
		case len(draft.Body) > MaxBody:
			return Edited{}, problem("body", "too-long")
		}
		if err := d.sendFiles(ctx, tx, by, draft.Draft, i.ID); err != nil {
			return Edited{}, err
		}
		out.ID, out.Ref, out.Version = i.ID, i.Ref(), i.Version
		if draft.Point == i.Point && draft.Body == i.Body {
			return out, nil
		}
		w := Writing{Point: draft.Point, Body: draft.Body}
		people, err := d.everybody(ctx, tx, w)
		if err != nil {
			return Edited{}, err
		}
		s, err := d.begin(ctx, tx, by, people)
		if err != nil {
			return Edited{}, err
		}
		fresh, err := s.newlyMentioned(ctx, i, w)
		if err != nil {
			return Edited{}, err
		}
		i.Point, i.Body, i.Version = draft.Point, draft.Body, i.Version+1
		i.Words = markup.Words(i.Point) + markup.Words(i.Body)
		i.People = append(i.People, fresh...)
		if err := tx.Revise(ctx, i, by.Person, s.now); err != nil {
			return Edited{}, err
		}
		out.Version = i.Version
		root := i.Root
		if root == "" {
			root = i.ID
		}
		if err := s.tell(ctx, store.ThreadStream(root), store.EventEdited, i); err != nil {
			return Edited{}, err
		}
		for _, n := range fresh {
			plan, ok, err := s.deliver(ctx, i, n.Person, store.CauseMention, worktime.Normal, nil)
			if err != nil {
				return Edited{}, err
			}
			if !ok {
				continue
			}
			out.Plans = append(out.Plans, plan)
			if err := tx.AddFollow(ctx, n.Person, store.ThreadStream(root), store.PaceWindow, s.now); err != nil { // R12.7
				return Edited{}, err
			}
		}
		return out, nil
	})
}

// joined merges a draft with what was saved since its base.
func (d *Door) joined(ctx context.Context, tx *store.Tx, i item.Item, draft EditDraft) (EditDraft, string, error) {
	base, err := tx.RevisionOf(ctx, i.ID, draft.Base)
	if err != nil {
		return draft, "", store.ErrConflict
	}
	newest, err := tx.RevisionOf(ctx, i.ID, i.Version)
	if err != nil {
		return draft, "", err
	}
	point := merge.Merge(base.Point, draft.Point, i.Point)
	body := merge.Merge(base.Body, draft.Body, i.Body)
	p, okPoint := point.Text()
	b, okBody := body.Text()
	if !okPoint || !okBody {
		return draft, "", &Clash{Point: point, Body: body, Version: i.Version, By: newest.Author}
	}
	draft.Point, draft.Body = p, b
	return draft, newest.Author, nil
}

// newlyMentioned are the people a new version mentions who were not named before.
func (s *sending) newlyMentioned(ctx context.Context, i item.Item, w Writing) ([]item.Named, error) {
	root := i
	if i.Root != "" {
		r, err := s.tx.Item(ctx, i.Root)
		if err != nil {
			return nil, err
		}
		root = r
	}
	mentions, err := s.mentions(ctx, root, w)
	if err != nil {
		return nil, err
	}
	var out []item.Named
	for _, n := range mentions {
		known := false
		for _, old := range i.People {
			known = known || old.Person == n.Person
		}
		if !known {
			out = append(out, n)
		}
	}
	return out, nil
}

// TakeBack takes an item back: its words are nobody's any more, and what waits
// of it is dropped.
func (d *Door) TakeBack(ctx context.Context, by access.Actor, key, id string) (Receipt, error) {
	return once(ctx, d, by, "take-back", key, id, func(tx *store.Tx) (Receipt, error) {
		i, err := d.visible(ctx, tx, by, id, access.Delete)
		if err != nil {
			return Receipt{}, err
		}
		now := d.now()
		if err := tx.TakeBack(ctx, i.ID, now); err != nil {
			return Receipt{}, err
		}
		rec := Receipt{ID: i.ID, Ref: i.Ref()}
		if i.Root != "" {
			root, err := tx.Item(ctx, i.Root)
			if err != nil {
				return Receipt{}, err
			}
			rec.Ref = root.Ref()
		}
		return rec, tx.DropItem(ctx, i.ID, "", store.DroppedGone, now)
	})
}
