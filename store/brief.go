package store

import (
	"context"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/worktime"
)

// Brief is a sealed brief of one person.
type Brief struct {
	ID     string
	Person string
	Kind   brief.Kind
	// Window is the instant the seal is unique on, Delivered when its items
	// count as given, Since the window sealed before it.
	Window    worktime.Instant
	Delivered worktime.Instant
	Since     worktime.Instant
	Sealed    time.Time
	Lines     int
	Words     int
}

const briefColumns = `id, person_id, kind, window_sec, delivered_sec, since_sec, sealed_at, lines, words`

func scanBrief(r scanner) (Brief, error) {
	var b Brief
	var sealed int64
	err := r.Scan(&b.ID, &b.Person, &b.Kind, &b.Window, &b.Delivered, &b.Since, &sealed, &b.Lines, &b.Words)
	b.Sealed = instant(sealed)
	return b, err
}

// Seal writes a brief and its lines in order. A second brief of the same
// person, kind and window is ErrExists.
func (t *Tx) Seal(ctx context.Context, b Brief, lines []brief.Line) error {
	_, err := t.exec(ctx, `INSERT INTO brief (org_id, id, person_id, kind, window_sec, delivered_sec, since_sec, sealed_at, lines, words)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		t.org, b.ID, b.Person, b.Kind, int64(b.Window), int64(b.Delivered), int64(b.Since), millis(b.Sealed), b.Lines, b.Words)
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	for n, l := range lines {
		_, err := t.exec(ctx, `INSERT INTO brief_line (org_id, brief_id, position, section, item_id, item_version, delivery_id, stream, cause, due_sec, carried)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, t.org, b.ID, n, l.Section, l.Item, l.Version, l.Delivery, l.Stream, l.Cause, int64(l.Due), l.Carried)
		if err != nil {
			return fmt.Errorf("seal line %d: %w", n, err)
		}
	}
	return nil
}

// UrgentSealed is the instant of the person's last urgent brief, 0 for none.
func (t *Tx) UrgentSealed(ctx context.Context, person string) (worktime.Instant, error) {
	n, err := single(ctx, t.q, t.s.dialect, scanInt, `SELECT coalesce(max(window_sec), 0) FROM brief WHERE org_id = $1 AND person_id = $2 AND kind = 'urgent'`, t.org, person)
	if err != nil {
		return 0, fmt.Errorf("last urgent brief: %w", err)
	}
	return worktime.Instant(n), nil
}

// BriefByID returns one brief and its lines in order, unscoped: whoever shows
// it asks access.Can for every line.
func (t *Tx) BriefByID(ctx context.Context, id string) (Brief, []brief.Line, error) {
	return t.s.briefWhere(ctx, t.q, t.org, `id = $2`, id)
}

func (s *Store) briefWhere(ctx context.Context, q querier, org, where string, args ...any) (Brief, []brief.Line, error) {
	b, err := single(ctx, q, s.dialect, scanBrief, `SELECT `+briefColumns+` FROM brief WHERE org_id = $1 AND `+where, append([]any{org}, args...)...)
	if err != nil {
		return b, nil, fmt.Errorf("brief: %w", err)
	}
	lines, err := list(ctx, q, s.dialect, scanLine, `SELECT section, item_id, item_version, delivery_id, stream, cause, due_sec, carried FROM brief_line WHERE org_id = $1 AND brief_id = $2 ORDER BY position`, org, b.ID)
	if err != nil {
		return b, nil, fmt.Errorf("lines of the brief: %w", err)
	}
	return b, lines, nil
}

func scanLine(r scanner) (brief.Line, error) {
	var l brief.Line
	err := r.Scan(&l.Section, &l.Item, &l.Version, &l.Delivery, &l.Stream, &l.Cause, &l.Due, &l.Carried)
	return l, err
}
