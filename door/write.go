package door

import (
	"context"
	"strings"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// Write sends an update or a request: it stands in its team's stream, and the
// people it names get it at their next window (R5.1, R12.1). One with a source
// settles that ask (R9.3).
func (d *Door) Write(ctx context.Context, by access.Actor, kind item.Kind, w Writing) (Receipt, error) {
	if kind != item.Update && kind != item.Request {
		return Receipt{}, problem("kind", "unknown-kind")
	}
	w.Point, w.Body = written(w.Point), writtenBody(w.Body)
	if w.Point == "" {
		return Receipt{}, problem("point", "no-point")
	}
	id := store.NewID(d.now())
	return once(ctx, d, by, string(kind), w.Key, w, func(tx *store.Tx) (Receipt, error) {
		w := w // it may run again
		people, err := d.everybody(ctx, tx, w)
		if err != nil {
			return Receipt{}, err
		}
		source, err := d.source(ctx, tx, by, w.Source)
		if err != nil {
			return Receipt{}, err
		}
		if w.Source != "" {
			people = append(append(people, source.Author), source.Names(item.To)...)
		}
		s, err := d.begin(ctx, tx, by, unique(people))
		if err != nil {
			return Receipt{}, err
		}
		if w.Source != "" {
			if err := s.intoDocument(ctx, source, id, &w); err != nil {
				return Receipt{}, err
			}
		}
		i, err := s.add(ctx, kind, id, w)
		if err != nil {
			return Receipt{}, err
		}
		rec, err := s.deliverNamed(ctx, i)
		if err != nil {
			return Receipt{}, err
		}
		return rec, d.endDraft(ctx, tx, by, w.Draft, i.ID)
	})
}

// deliverNamed sends an item to everybody it names, at their next window. Who
// is expected to read it, and who is mentioned, follows its thread (R12.7).
func (s *sending) deliverNamed(ctx context.Context, i item.Item) (Receipt, error) {
	rec := Receipt{ID: i.ID, Ref: i.Ref()}
	for _, n := range i.People {
		if n.Person == s.by.Person {
			continue
		}
		plan, ok, err := s.deliver(ctx, i, n.Person, causeOf(n.As), worktime.Normal, nil)
		if err != nil {
			return rec, err
		}
		if !ok {
			continue
		}
		rec.Plans = append(rec.Plans, plan)
		if err := s.tx.AddFollow(ctx, n.Person, store.ThreadStream(i.ID), store.PaceWindow, s.now); err != nil {
			return rec, err
		}
	}
	return rec, nil
}

// endDraft removes the draft that an item grew from; its files go over to the
// item. A draft that is gone already changes nothing.
func (d *Door) endDraft(ctx context.Context, tx *store.Tx, by access.Actor, draft, itemID string) error {
	if draft == "" {
		return nil
	}
	if err := d.sendFiles(ctx, tx, by, draft, itemID); err != nil {
		return err
	}
	return tx.DropDraft(ctx, by.Person, draft)
}

// written is a text as it is stored. Forms send lines that end in \r\n: kept
// so, every line would differ from the same text that came another way, and two
// who changed different places would clash.
func written(text string) string { return strings.TrimSpace(lines(text)) }

// writtenBody is written for Markdown, whose first line may be indented.
func writtenBody(text string) string { return strings.TrimRight(lines(text), " \t\n") }

func lines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
