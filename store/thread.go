package store

import (
	"context"
	"fmt"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
)

// Comments are a stretch of what was said on an item, in the order in which it
// is read: each comment that begins a thread is followed by the answers to it.
type Comments struct {
	// Rows are the stretch, and before it the comment that its first rows
	// answer, when that is not in it.
	Rows []item.Item
	// Said are all that were written, Before and After those that lie before and
	// behind the stretch.
	Said, Before, After int
	// First is the id that the thread begins with; Earlier and Later are those
	// that the stretches before and behind begin with, "" for none.
	First, Earlier, Later string
}

// spoken is a comment as far as its place is concerned.
type spoken struct{ id, parent string }

// Comments returns at most limit comments on an item that the viewer was shown:
// from a comment on or, with "" or one that is not there, the last ones. What
// was taken back is left out.
func (r *Reader) Comments(ctx context.Context, v View, from string, limit int) (Comments, error) {
	all, err := list(ctx, r.s.read, r.s.dialect, func(s scanner) (spoken, error) {
		var c spoken
		err := s.Scan(&c.id, &c.parent)
		return c, err
	}, `SELECT id, parent_id FROM item WHERE org_id = $1 AND root_id = $2 AND root_id <> '' AND kind = 'comment' AND gone_at = 0 ORDER BY sent_at, id`, r.viewer.Org, v.Item.ID)
	if err != nil {
		return Comments{}, fmt.Errorf("comments: %w", err)
	}
	order, begins := readingOrder(all)
	n := len(order)
	start := n
	for i, id := range order {
		if id == from {
			start = i
		}
	}
	start = max(0, min(start, n-limit))
	end := min(n, start+limit)
	out := Comments{Said: n, Before: start, After: n - end}
	if start > 0 {
		out.First, out.Earlier = order[0], order[max(0, start-limit)]
	}
	if end < n {
		out.Later = order[end]
	}
	ids := order[start:end]
	if len(ids) > 0 && begins[ids[0]] != ids[0] {
		ids = append([]string{begins[ids[0]]}, ids...)
	}
	out.Rows, err = r.entries(ctx, v, ids)
	return out, err
}

// readingOrder puts the answers to a comment behind it, those to an answer
// too. begins is the comment that each one's thread begins with.
func readingOrder(all []spoken) (order []string, begins map[string]string) {
	begins = make(map[string]string, len(all))
	threads := make(map[string][]string)
	var first []string
	for _, c := range all {
		b, ok := begins[c.parent]
		if !ok { // on the document, or on what was taken back
			b = c.id
			first = append(first, b)
		}
		begins[c.id] = b
		threads[b] = append(threads[b], c.id)
	}
	for _, b := range first {
		order = append(order, threads[b]...)
	}
	return order, begins
}

// Entries returns all entries of a kind in the thread of an item that the viewer
// was shown, the oldest first: the answers to an ask, or what happened in a
// crisis, which are few.
func (r *Reader) Entries(ctx context.Context, v View, kind item.Kind) ([]item.Item, error) {
	ids, err := list(ctx, r.s.read, r.s.dialect, scanString, `SELECT id FROM item WHERE org_id = $1 AND root_id = $2 AND root_id <> '' AND kind = $3 AND gone_at = 0 ORDER BY sent_at, id`,
		r.viewer.Org, v.Item.ID, kind)
	if err != nil {
		return nil, fmt.Errorf("entries: %w", err)
	}
	return r.entries(ctx, v, ids)
}

// entries are what stands in the thread of an item under these ids, in their
// order.
func (r *Reader) entries(ctx context.Context, v View, ids []string) ([]item.Item, error) {
	items, err := r.s.items(ctx, r.s.read, r.viewer.Org, ids)
	if err != nil {
		return nil, err
	}
	out := make([]item.Item, 0, len(ids))
	for _, id := range ids {
		if c, ok := items[id]; ok && r.can(access.See, c.Object(&v.Item)) == nil {
			out = append(out, c)
		}
	}
	return out, nil
}
