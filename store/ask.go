package store

import (
	"context"
	"fmt"

	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/worktime"
)

// AddAsk writes an ask and its recipients beside its item.
func (t *Tx) AddAsk(ctx context.Context, a ask.Ask) error {
	_, err := t.exec(ctx, `INSERT INTO ask (org_id, item_id, term, urgent, urgent_why, need, withdrawn_at, document_id, live, author_id)
		VALUES ($1, $2, $3, $4, $5, $6, 0, '', $7, coalesce((SELECT author_id FROM item WHERE org_id = $1 AND id = $2), ''))`,
		t.org, a.Item, a.Term.String(), a.Urgent, a.UrgentWhy, a.Need, a.Live())
	if err != nil {
		return fmt.Errorf("add ask: %w", err)
	}
	for _, r := range a.Recipients {
		if err := t.setAsked(ctx, a, r); err != nil {
			return err
		}
	}
	return nil
}

// SetAsk writes what can change of an ask, and all its recipients.
func (t *Tx) SetAsk(ctx context.Context, a ask.Ask) error {
	err := t.one(ctx, `UPDATE ask SET withdrawn_at = $1, document_id = $2, live = $3 WHERE org_id = $4 AND item_id = $5`, millis(a.Withdrawn), a.Document, a.Live(), t.org, a.Item)
	if err != nil {
		return fmt.Errorf("set ask: %w", err)
	}
	for _, r := range a.Recipients {
		if err := t.setAsked(ctx, a, r); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) setAsked(ctx context.Context, a ask.Ask, r ask.Recipient) error {
	itemID, open := a.Item, a.Live() && r.State == ask.Waiting
	_, err := t.exec(ctx, `INSERT INTO asked (org_id, item_id, person_id, state, term, started_sec, due_sec, settled_at, answer_id, reason, handed_to, handed_by, time_asked, time_reason, could_wait, open)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (org_id, item_id, person_id) DO UPDATE SET state = excluded.state, term = excluded.term, started_sec = excluded.started_sec, due_sec = excluded.due_sec,
			settled_at = excluded.settled_at, answer_id = excluded.answer_id, reason = excluded.reason, handed_to = excluded.handed_to,
			time_asked = excluded.time_asked, time_reason = excluded.time_reason, could_wait = excluded.could_wait, open = excluded.open`,
		t.org, itemID, r.Person, r.State, r.Term.String(), int64(r.Started), int64(r.Due), millis(r.Settled), r.Answer, r.Reason, r.To, r.From, r.TimeAsked, r.TimeReason, r.CouldWait, open)
	if err != nil {
		return fmt.Errorf("set asked: %w", err)
	}
	for _, q := range r.Questions {
		_, err := t.exec(ctx, `INSERT INTO pause (org_id, item_id, person_id, from_sec, to_sec, question_id, answer_id, due_sec) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (org_id, item_id, person_id, from_sec) DO UPDATE SET to_sec = excluded.to_sec, answer_id = excluded.answer_id`,
			t.org, itemID, r.Person, int64(q.From), int64(q.Until), q.Item, q.Answer, int64(q.Due))
		if err != nil {
			return fmt.Errorf("set pause: %w", err)
		}
	}
	return nil
}

// Ask returns an ask with its recipients ordered by id, unscoped, and locks it.
func (t *Tx) Ask(ctx context.Context, itemID string) (ask.Ask, error) {
	if err := t.LockAsks(ctx, []string{itemID}); err != nil {
		return ask.Ask{}, err
	}
	asks, err := t.s.asks(ctx, t.q, t.org, []string{itemID})
	if err != nil {
		return ask.Ask{}, err
	}
	a, ok := asks[itemID]
	if !ok {
		return ask.Ask{}, fmt.Errorf("ask %s: %w", itemID, ErrNotFound)
	}
	return a, nil
}

// Clock is a recipient of an ask whose response clock begins.
type Clock struct {
	Item string
	ask.Recipient
}

// StartClocks writes when clocks began and until when they run, of asks that
// this transaction has locked with LockAsks.
func (t *Tx) StartClocks(ctx context.Context, clocks ...Clock) error {
	rows := newRows(4)
	for _, c := range clocks {
		rows.add(c.Item, c.Person, int64(c.Started), int64(c.Due))
	}
	_, err := t.update(ctx, `UPDATE asked SET started_sec = v.started, due_sec = v.due FROM %s WHERE asked.org_id = $%d AND asked.item_id IN (%s) AND asked.item_id = v.item AND asked.person_id = v.person`,
		[]column{{"item", "TEXT"}, {"person", "TEXT"}, {"started", "BIGINT"}, {"due", "BIGINT"}}, rows)
	if err != nil {
		return fmt.Errorf("start clocks: %w", err)
	}
	return nil
}

// LockAsks keeps these asks as they are until the transaction ends, so that a
// clock that starts and an answer that comes take turns: SetAsk writes all of an
// ask. What is no ask is left out.
func (t *Tx) LockAsks(ctx context.Context, items []string) error {
	for _, id := range unique(items) {
		if _, err := t.exec(ctx, `UPDATE ask SET need = need WHERE org_id = $1 AND item_id = $2`, t.org, id); err != nil {
			return fmt.Errorf("lock the ask %s: %w", id, err)
		}
	}
	return nil
}

// asks returns the asks of these items by item id, those that exist.
func (s *Store) asks(ctx context.Context, q querier, org string, items []string) (map[string]ask.Ask, error) {
	out := make(map[string]ask.Ask, len(items))
	heads, err := byIDs(items, func(set string, ids []any) ([]ask.Ask, error) {
		return list(ctx, q, s.dialect, scanAsk, `SELECT item_id, term, urgent, urgent_why, need, withdrawn_at, document_id FROM ask WHERE org_id = $1 AND item_id IN `+set+` ORDER BY item_id`, append([]any{org}, ids...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("asks: %w", err)
	}
	if len(heads) == 0 {
		return out, nil
	}
	found := make([]string, len(heads))
	for i, h := range heads {
		found[i] = h.Item
	}
	asked, err := byIDs(found, func(set string, ids []any) ([]askedRow, error) {
		return list(ctx, q, s.dialect, scanAsked, `SELECT item_id, person_id, state, term, started_sec, due_sec, settled_at, answer_id, reason, handed_to, handed_by, time_asked, time_reason, could_wait
			FROM asked WHERE org_id = $1 AND item_id IN `+set+` ORDER BY item_id, person_id`, append([]any{org}, ids...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("recipients: %w", err)
	}
	pauses, err := byIDs(found, func(set string, ids []any) ([]pauseRow, error) {
		return list(ctx, q, s.dialect, scanPause, `SELECT item_id, person_id, from_sec, to_sec, question_id, answer_id, due_sec FROM pause WHERE org_id = $1 AND item_id IN `+set+` ORDER BY item_id, person_id, from_sec`, append([]any{org}, ids...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("pauses: %w", err)
	}
	questions := make(map[[2]string][]ask.Question)
	for _, p := range pauses {
		questions[[2]string{p.item, p.person}] = append(questions[[2]string{p.item, p.person}], p.Question)
	}
	recipients := make(map[string][]ask.Recipient)
	for _, r := range asked {
		r.Questions = questions[[2]string{r.item, r.Person}]
		recipients[r.item] = append(recipients[r.item], r.Recipient)
	}
	for _, h := range heads {
		h.Recipients = recipients[h.Item]
		out[h.Item] = h
	}
	return out, nil
}

func scanAsk(r scanner) (ask.Ask, error) {
	var a ask.Ask
	var term string
	var withdrawn int64
	err := r.Scan(&a.Item, &term, &a.Urgent, &a.UrgentWhy, &a.Need, &withdrawn, &a.Document)
	if err != nil {
		return a, err
	}
	a.Withdrawn = instant(withdrawn)
	a.Term, err = worktime.ParseTerm(term)
	return a, err
}

type askedRow struct {
	item string
	ask.Recipient
}

func scanAsked(r scanner) (askedRow, error) {
	var a askedRow
	var term string
	var settled int64
	err := r.Scan(&a.item, &a.Person, &a.State, &term, &a.Started, &a.Due, &settled, &a.Answer, &a.Reason, &a.To, &a.From, &a.TimeAsked, &a.TimeReason, &a.CouldWait)
	if err != nil {
		return a, err
	}
	a.Settled = instant(settled)
	a.Recipient.Term, err = worktime.ParseTerm(term)
	return a, err
}

type pauseRow struct {
	item, person string
	ask.Question
}

func scanPause(r scanner) (pauseRow, error) {
	var p pauseRow
	err := r.Scan(&p.item, &p.person, &p.From, &p.Until, &p.Question.Item, &p.Answer, &p.Due)
	return p, err
}

// OpenAsks returns the ids of the asks that wait for this person, by due time,
// those without one last.
func (t *Tx) OpenAsks(ctx context.Context, person string) ([]string, error) {
	ids, err := t.s.openAsks(ctx, t.q, t.org, []string{person})
	return ids[person], err
}

func (s *Store) openAsks(ctx context.Context, q querier, org string, people []string) (map[string][]string, error) {
	rows, err := byIDs(people, func(set string, ids []any) ([]idOf, error) {
		return list(ctx, q, s.dialect, scanIDOf, `SELECT d.person_id, d.item_id FROM asked d
			WHERE d.org_id = $1 AND d.person_id IN `+set+` AND d.open
			ORDER BY d.due_sec = 0, d.due_sec, d.item_id`, append([]any{org}, ids...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("open asks: %w", err)
	}
	return byPerson(rows), nil
}

// Askers returns the ids of those whose asks wait for this person, in order.
func (t *Tx) Askers(ctx context.Context, person string) ([]string, error) {
	ids, err := list(ctx, t.q, t.s.dialect, scanString, `SELECT DISTINCT a.author_id FROM asked d JOIN ask a ON a.org_id = d.org_id AND a.item_id = d.item_id
		WHERE d.org_id = $1 AND d.person_id = $2 AND d.open ORDER BY a.author_id`, t.org, person)
	if err != nil {
		return nil, fmt.Errorf("askers: %w", err)
	}
	return ids, nil
}

// askedBy returns by asker the ids of their asks that wait for an answer which
// is due some time, in the order they were sent. They are those that may be due
// as a whole.
func (s *Store) askedBy(ctx context.Context, q querier, org string, people []string) (map[string][]string, error) {
	rows, err := byIDs(people, func(set string, ids []any) ([]idOf, error) {
		return list(ctx, q, s.dialect, scanIDOf, `SELECT a.author_id, a.item_id FROM ask a JOIN item i ON i.org_id = a.org_id AND i.id = a.item_id
			WHERE a.org_id = $1 AND a.author_id IN `+set+` AND a.live AND i.gone_at = 0
			AND EXISTS (SELECT 1 FROM asked d WHERE d.org_id = a.org_id AND d.item_id = a.item_id AND d.open AND d.due_sec > 0)
			ORDER BY i.sent_at, i.id`, append([]any{org}, ids...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("asks that are due: %w", err)
	}
	return byPerson(rows), nil
}
