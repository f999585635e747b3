package store

import (
	"context"
	"fmt"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
)

// Mark is a place in a listing: the values that its last row was ordered by.
// Which of them a listing uses is its own affair. The zero Mark is the
// beginning, and as the Next of a Page the end.
type Mark struct {
	At   int64
	Text string
	ID   string
}

// Page is a stretch of a listing. It may hold fewer rows than were asked for:
// what the viewer may not see is left out of it.
type Page[T any] struct {
	Rows []T
	Next Mark
}

func scanMark(r scanner) (Mark, error) {
	var m Mark
	err := r.Scan(&m.At, &m.Text, &m.ID)
	return m, err
}

// marks runs a listing's query for at most limit rows of at, text and id. It
// returns the ids, and where the next page begins.
func (r *Reader) marks(ctx context.Context, what string, limit int, query string, args ...any) (ids []string, next Mark, err error) {
	all, err := list(ctx, r.s.read, r.s.dialect, scanMark, query, append([]any{r.viewer.Org}, args...)...)
	if err != nil {
		return nil, Mark{}, fmt.Errorf("%s: %w", what, err)
	}
	ids = make([]string, len(all))
	for i, m := range all {
		ids[i] = m.ID
	}
	if len(all) == limit && limit > 0 {
		next = all[limit-1]
	}
	return ids, next, nil
}

func (r *Reader) sees(p Person, shared map[string]bool) error {
	return r.can(access.See, access.Object{Kind: access.Person, Org: p.Org, Person: p.ID, Shares: shared[p.ID]})
}

// Person returns a person the viewer may see.
func (r *Reader) Person(ctx context.Context, id string) (Person, error) {
	p, err := r.s.person(ctx, r.viewer.Org, `p.id = $2`, id)
	if err != nil {
		return p, r.hide(err)
	}
	shared, err := r.shared(ctx)
	if err != nil {
		return p, err
	}
	return p, r.sees(p, shared)
}

// Team returns a team the viewer may see.
func (r *Reader) Team(ctx context.Context, id string) (Team, error) {
	t, err := single(ctx, r.s.read, r.s.dialect, scanTeam, `SELECT `+teamColumns+` FROM team WHERE org_id = $1 AND id = $2`, r.viewer.Org, id)
	if err != nil {
		return t, r.hide(err)
	}
	return t, r.can(access.See, t.Object())
}

// AskList names a listing of asks.
type AskList string

// The listings of asks.
const (
	AsksWaiting AskList = "waiting" // to the viewer, delivered and unsettled, by due time
	AsksSettled AskList = "settled" // to the viewer and settled, the newest first
	AsksWritten AskList = "written" // by the viewer, the newest first
)

// AskPage is AsksToMe, AsksDone and AsksOfMine in pages.
func (r *Reader) AskPage(ctx context.Context, of AskList, after Mark, limit int) (Page[AskLine], error) {
	var query string
	switch of {
	case AsksWaiting: // an ask without a due time comes last
		query = `SELECT CASE d.due_sec WHEN 0 THEN 9007199254740991 ELSE d.due_sec END, '', d.item_id FROM asked d
			WHERE d.org_id = $1 AND d.person_id = $2 AND d.open AND d.started_sec > 0
			AND ($3 = '' OR (CASE d.due_sec WHEN 0 THEN 9007199254740991 ELSE d.due_sec END, d.item_id) > ($4, $3))
			ORDER BY CASE d.due_sec WHEN 0 THEN 9007199254740991 ELSE d.due_sec END, d.item_id LIMIT $5`
	case AsksSettled:
		query = `SELECT d.settled_at, '', d.item_id FROM asked d WHERE d.org_id = $1 AND d.person_id = $2 AND d.state <> 'waiting'
			AND ($3 = '' OR (d.settled_at, d.item_id) < ($4, $3)) ORDER BY d.settled_at DESC, d.item_id DESC LIMIT $5`
	default:
		query = `SELECT i.sent_at, '', i.id FROM item i WHERE i.org_id = $1 AND i.author_id = $2 AND i.root_id = '' AND i.kind = 'ask' AND i.gone_at = 0
			AND ($3 = '' OR (i.sent_at, i.id) < ($4, $3)) ORDER BY i.sent_at DESC, i.id DESC LIMIT $5`
	}
	ids, next, err := r.marks(ctx, "asks", limit, query, r.viewer.Person, after.ID, after.At, limit)
	if err != nil {
		return Page[AskLine]{}, err
	}
	rows, err := r.askLines(ctx, ids)
	return Page[AskLine]{Rows: rows, Next: next}, err
}

// BetweenPage returns what was written to named people alone, the viewer among
// them, the newest first; with somebody else, only what is between those two
// and whoever else it names. An id of somebody unknown finds nothing.
func (r *Reader) BetweenPage(ctx context.Context, with string, after Mark, limit int) (Page[item.Item], error) {
	ids, next, err := r.marks(ctx, "between people", limit, `SELECT 0, '', i.id FROM item i
		WHERE i.org_id = $1 AND i.root_id = '' AND i.team_id = '' AND i.wide = FALSE AND i.gone_at = 0
		AND i.id IN (SELECT n.item_id FROM named n WHERE n.org_id = $1 AND n.person_id = $2
			UNION ALL SELECT o.id FROM item o WHERE o.org_id = $1 AND o.author_id = $2 AND o.root_id = '')
		AND ($3 = '' OR i.author_id = $3 OR EXISTS (SELECT 1 FROM named n WHERE n.org_id = i.org_id AND n.item_id = i.id AND n.person_id = $3))
		AND ($4 = '' OR i.id < $4) ORDER BY i.id DESC LIMIT $5`, r.viewer.Person, with, after.ID, limit)
	page := Page[item.Item]{Next: next}
	if err != nil {
		return page, err
	}
	items, err := r.s.items(ctx, r.s.read, r.viewer.Org, ids)
	for _, id := range ids {
		if i, ok := items[id]; ok && r.can(access.See, i.Object(nil)) == nil {
			page.Rows = append(page.Rows, i)
		}
	}
	return page, err
}

// CrisisPage is Crises in pages.
func (r *Reader) CrisisPage(ctx context.Context, after Mark, limit int) (Page[CrisisLine], error) {
	ids, next, err := r.marks(ctx, "crises", limit, `SELECT 0, '', item_id FROM crisis WHERE org_id = $1 AND ($2 = '' OR item_id < $2) ORDER BY item_id DESC LIMIT $3`, after.ID, limit)
	if err != nil {
		return Page[CrisisLine]{}, err
	}
	rows, err := r.crisisLines(ctx, ids)
	return Page[CrisisLine]{Rows: rows, Next: next}, err
}

// BriefPage returns the viewer's briefs of both kinds in pages, the newest first.
func (r *Reader) BriefPage(ctx context.Context, after Mark, limit int) (Page[Brief], error) {
	bs, err := list(ctx, r.s.read, r.s.dialect, scanBrief, `SELECT `+briefColumns+` FROM brief WHERE org_id = $1 AND person_id = $2
		AND ($3 = '' OR (sealed_at, id) < ($4, $3)) ORDER BY sealed_at DESC, id DESC LIMIT $5`, r.viewer.Org, r.viewer.Person, after.ID, after.At, limit)
	if err != nil {
		return Page[Brief]{}, fmt.Errorf("briefs: %w", err)
	}
	page := Page[Brief]{Rows: bs}
	if len(bs) == limit {
		page.Next = Mark{At: millis(bs[limit-1].Sealed), ID: bs[limit-1].ID}
	}
	return page, nil
}

// DraftPage is Drafts in pages.
func (r *Reader) DraftPage(ctx context.Context, after Mark, limit int) (Page[Draft], error) {
	if err := r.private(); err != nil {
		return Page[Draft]{}, err
	}
	ds, err := list(ctx, r.s.read, r.s.dialect, scanDraft, `SELECT `+draftColumns+` FROM draft WHERE org_id = $1 AND person_id = $2
		AND ($3 = '' OR (saved_at, id) < ($4, $3)) ORDER BY saved_at DESC, id DESC LIMIT $5`, r.viewer.Org, r.viewer.Person, after.ID, after.At, limit)
	if err != nil {
		return Page[Draft]{}, fmt.Errorf("drafts: %w", err)
	}
	page := Page[Draft]{Rows: ds}
	if len(ds) == limit {
		page.Next = Mark{At: millis(ds[limit-1].Saved), ID: ds[limit-1].ID}
	}
	return page, nil
}

// RevisionPage is Revisions in pages.
func (r *Reader) RevisionPage(ctx context.Context, v View, after Mark, limit int) (Page[Revision], error) {
	all, err := list(ctx, r.s.read, r.s.dialect, scanRevision, `SELECT version, author_id, point, body, saved_at FROM revision WHERE org_id = $1 AND item_id = $2
		AND ($3 = 0 OR version < $3) ORDER BY version DESC LIMIT $4`, r.viewer.Org, v.Item.ID, after.At, limit)
	if err != nil {
		return Page[Revision]{}, fmt.Errorf("revisions: %w", err)
	}
	page := Page[Revision]{Rows: all}
	if len(all) == limit {
		page.Next = Mark{At: all[limit-1].Version}
	}
	return page, nil
}

// ThreadPage is the thread of an item that the viewer was shown, in pages.
func (r *Reader) ThreadPage(ctx context.Context, v View, after Mark, limit int) (Page[item.Item], error) {
	ids, next, err := r.marks(ctx, "thread", limit, `SELECT i.sent_at, '', i.id FROM item i WHERE i.org_id = $1 AND i.root_id = $2 AND i.root_id <> ''
		AND ($3 = '' OR (i.sent_at, i.id) > ($4, $3)) ORDER BY i.sent_at, i.id LIMIT $5`, v.Item.ID, after.ID, after.At, limit)
	page := Page[item.Item]{Next: next}
	if err != nil {
		return page, err
	}
	page.Rows, err = r.entries(ctx, v, ids)
	return page, err
}

// SendingPage is Sendings in pages, for what waits and what has failed.
func (r *Reader) SendingPage(ctx context.Context, state SendState, after Mark, limit int) (Page[Sending], error) {
	if err := r.can(access.Govern, access.Object{Kind: access.Organisation, Org: r.viewer.Org}); err != nil {
		return Page[Sending]{}, err
	}
	where := `state = 'failed' AND ($2 = '' OR (done_at, id) < ($3, $2)) ORDER BY done_at DESC, id DESC LIMIT $4`
	if state == SendWaiting {
		where = `state = 'waiting' AND ($2 = '' OR (due_at, id) > ($3, $2)) ORDER BY due_at, id LIMIT $4`
	}
	all, err := r.s.sendings(ctx, r.viewer.Org, where, after.ID, after.At, limit)
	page := Page[Sending]{Rows: all}
	if len(all) == limit && limit > 0 {
		last := all[limit-1]
		page.Next = Mark{At: millis(last.Done), ID: last.ID}
		if state == SendWaiting {
			page.Next.At = millis(last.Due)
		}
	}
	return page, err
}
