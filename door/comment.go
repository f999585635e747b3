package door

import (
	"cmp"
	"context"
	"errors"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
)

// CommentDraft is something said on an item.
type CommentDraft struct {
	Key    string
	Item   string // id of the item it is said on
	Parent string // id of the comment it answers, "" for none
	Text   string // Markdown
	Draft  string // where its files hang, "" for none
}

// Comment adds to an item's thread. Its author, and whoever is mentioned or
// answered, get it at their next window; followers of the thread read it in
// their stream (R12.7).
func (d *Door) Comment(ctx context.Context, by access.Actor, draft CommentDraft) (Receipt, error) {
	draft.Text = written(draft.Text)
	switch {
	case draft.Text == "":
		return Receipt{}, problem("text", "empty")
	case len(draft.Text) > MaxBody:
		return Receipt{}, problem("text", "too-long")
	}
	id := store.NewID(d.now())
	return once(ctx, d, by, "comment", draft.Key, draft, func(tx *store.Tx) (Receipt, error) {
		root, err := d.visible(ctx, tx, by, draft.Item, access.Comment)
		if err != nil {
			return Receipt{}, err
		}
		if root.Root != "" { // a thread has one level of documents: the comment goes to it
			draft.Parent = root.ID
			if root, err = tx.Item(ctx, root.Root); err != nil {
				return Receipt{}, err
			}
		}
		w := Writing{Body: draft.Text}
		people, err := d.everybody(ctx, tx, w)
		if err != nil {
			return Receipt{}, err
		}
		direct, cause := []string{root.Author}, map[string]string{}
		if draft.Parent != "" {
			parent, err := tx.Item(ctx, draft.Parent)
			if err != nil || parent.Root != root.ID {
				return Receipt{}, problem("parent", "unknown-comment")
			}
			direct = append(direct, parent.Author)
			cause[parent.Author] = store.CauseReplied
		}
		s, err := d.begin(ctx, tx, by, unique(append(people, direct...)))
		if err != nil {
			return Receipt{}, err
		}
		mentions, err := s.mentions(ctx, root, w)
		if err != nil {
			return Receipt{}, err
		}
		c, err := tx.AddItem(ctx, item.Item{
			ID: id, Org: by.Org, Kind: item.Comment, Team: root.Team, Wide: root.Wide, Author: by.Person, Root: root.ID, Parent: draft.Parent,
			Body: draft.Text, Words: markup.Words(draft.Text), Origin: item.Here, Sent: s.now, Edited: s.now, People: mentions,
		})
		if err != nil {
			return Receipt{}, err
		}
		if err := d.sendFiles(ctx, tx, by, draft.Draft, c.ID); err != nil {
			return Receipt{}, err
		}
		if err := s.tell(ctx, store.ThreadStream(root.ID), store.EventComment, c); err != nil {
			return Receipt{}, err
		}
		if err := tx.AddFollow(ctx, by.Person, store.ThreadStream(root.ID), store.PaceWindow, s.now); err != nil {
			return Receipt{}, err
		}
		rec := Receipt{ID: c.ID, Ref: root.Ref()}
		sent := map[string]bool{by.Person: true}
		send := func(person, cause string) error {
			if sent[person] {
				return nil
			}
			sent[person] = true
			plan, ok, err := s.deliver(ctx, c, person, cause, worktime.Normal, nil)
			if ok {
				rec.Plans = append(rec.Plans, plan)
			}
			return err
		}
		for _, p := range direct {
			if err := send(p, cmp.Or(cause[p], store.CauseComment)); err != nil {
				return Receipt{}, err
			}
		}
		for _, m := range mentions {
			if err := send(m.Person, store.CauseMention); err != nil {
				return Receipt{}, err
			}
			if err := tx.AddFollow(ctx, m.Person, store.ThreadStream(root.ID), store.PaceWindow, s.now); err != nil {
				return Receipt{}, err
			}
		}
		return rec, nil
	})
}

// mentions names the people mentioned in something said on an item, those who
// may see it. A mention opens nothing: whoever may not see the item is not told.
func (s *sending) mentions(ctx context.Context, root item.Item, w Writing) ([]item.Named, error) {
	var out []item.Named
	for _, n := range s.named(w) {
		if n.As != item.Mentioned {
			continue
		}
		actor, err := s.tx.Actor(ctx, s.people[n.Person])
		if err != nil {
			return nil, err
		}
		if access.Can(actor, access.See, root.Object(nil)) == nil {
			out = append(out, n)
		}
	}
	return out, nil
}

// visible returns an item that the actor may do something with. What they may
// not see is hidden.
func (d *Door) visible(ctx context.Context, tx *store.Tx, by access.Actor, id string, act access.Action) (item.Item, error) {
	i, err := tx.Item(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return i, access.ErrHidden
	}
	if err != nil {
		return i, err
	}
	var root *item.Item
	if i.Root != "" {
		r, err := tx.Item(ctx, i.Root)
		if err != nil {
			return i, err
		}
		root = &r
	}
	return i, access.Can(by, act, i.Object(root))
}
