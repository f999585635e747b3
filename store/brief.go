package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
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
	// Sections counts its lines by section. Nothing is known of it, and it is nil,
	// for a brief of before it was kept.
	Sections map[brief.Section]int
}

const briefColumns = `id, person_id, kind, window_sec, delivered_sec, since_sec, sealed_at, lines, words, sections`

func scanBrief(r scanner) (Brief, error) {
	var b Brief
	var sealed int64
	var sections string
	err := r.Scan(&b.ID, &b.Person, &b.Kind, &b.Window, &b.Delivered, &b.Since, &sealed, &b.Lines, &b.Words, &sections)
	b.Sealed = instant(sealed)
	if err == nil && sections != "" {
		err = json.Unmarshal([]byte(sections), &b.Sections)
	}
	return b, err
}

// Sealing is a brief with its lines in order.
type Sealing struct {
	Brief
	Contents []brief.Line
}

// Seal writes briefs and their lines. A second brief of the same person, kind
// and window is ErrExists.
func (t *Tx) Seal(ctx context.Context, briefs []Sealing) error {
	heads, lines := newRows(11), newRows(11)
	for _, b := range briefs {
		sections, err := json.Marshal(bySection(b.Contents))
		if err != nil {
			return fmt.Errorf("seal: %w", err)
		}
		heads.add(t.org, b.ID, b.Person, b.Kind, int64(b.Window), int64(b.Delivered), int64(b.Since), millis(b.Sealed), b.Lines, b.Words, string(sections))
		for n, l := range b.Contents {
			lines.add(t.org, b.ID, n, l.Section, l.Item, l.Version, l.Delivery, l.Stream, l.Cause, int64(l.Due), l.Carried)
		}
	}
	if err := t.insert(ctx, `INSERT INTO brief (org_id, id, person_id, kind, window_sec, delivered_sec, since_sec, sealed_at, lines, words, sections) VALUES `, heads, ""); err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	if err := t.insert(ctx, `INSERT INTO brief_line (org_id, brief_id, position, section, item_id, item_version, delivery_id, stream, cause, due_sec, carried) VALUES `, lines, ""); err != nil {
		return fmt.Errorf("seal the lines: %w", err)
	}
	return nil
}

// urgentSealed is the instant of each person's last urgent brief, of those who
// had one.
func (t *Tx) urgentSealed(ctx context.Context, people []string) (map[string]worktime.Instant, error) {
	type row struct {
		person string
		at     worktime.Instant
	}
	rows, err := byIDs(people, func(set string, ids []any) ([]row, error) {
		return list(ctx, t.q, t.s.dialect, func(r scanner) (row, error) {
			var v row
			err := r.Scan(&v.person, &v.at)
			return v, err
		}, `SELECT person_id, max(window_sec) FROM brief WHERE org_id = $1 AND person_id IN `+set+` AND kind = 'urgent' GROUP BY person_id ORDER BY person_id`, append([]any{t.org}, ids...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("last urgent briefs: %w", err)
	}
	out := make(map[string]worktime.Instant, len(rows))
	for _, v := range rows {
		out[v.person] = v.at
	}
	return out, nil
}

// BriefByID returns one brief and its lines in order, unscoped: whoever shows
// it asks access.Can for every line.
func (t *Tx) BriefByID(ctx context.Context, id string) (Brief, []brief.Line, error) {
	b, err := t.s.briefWhere(ctx, t.q, t.org, `id = $2`, id)
	if err != nil {
		return b, nil, err
	}
	lines, err := t.s.briefLines(ctx, t.q, t.org, b, Whole)
	return b, lines, err
}

func (s *Store) briefWhere(ctx context.Context, q querier, org, where string, args ...any) (Brief, error) {
	b, err := single(ctx, q, s.dialect, scanBrief, `SELECT `+briefColumns+` FROM brief WHERE org_id = $1 AND `+where, append([]any{org}, args...)...)
	if err != nil {
		return b, fmt.Errorf("brief: %w", err)
	}
	return b, nil
}

func (s *Store) briefLines(ctx context.Context, q querier, org string, b Brief, part Part) ([]brief.Line, error) {
	lines, err := list(ctx, q, s.dialect, scanLine, `SELECT section, item_id, item_version, delivery_id, stream, cause, due_sec, carried FROM brief_line
		WHERE org_id = $1 AND brief_id = $2 AND position >= $3 AND position < $4 ORDER BY position`, org, b.ID, part.From, part.From+part.Most)
	if err != nil {
		return nil, fmt.Errorf("lines of the brief: %w", err)
	}
	return lines, nil
}

func bySection(lines []brief.Line) map[brief.Section]int {
	out := make(map[brief.Section]int)
	for _, l := range lines {
		out[l.Section]++
	}
	return out
}

// beyond counts the lines of a brief that a part of it, which holds these, does not.
func (s *Store) beyond(ctx context.Context, q querier, org string, b Brief, part Part, lines []brief.Line) (map[brief.Section]int, error) {
	from, to := part.of(b.Lines)
	if to-from == b.Lines {
		return nil, nil
	}
	if b.Sections != nil {
		out := maps.Clone(b.Sections)
		for section, n := range bySection(lines) {
			if out[section] -= n; out[section] <= 0 {
				delete(out, section)
			}
		}
		return out, nil
	}
	type row struct {
		section brief.Section
		n       int
	}
	rows, err := list(ctx, q, s.dialect, func(r scanner) (row, error) {
		var v row
		err := r.Scan(&v.section, &v.n)
		return v, err
	}, `SELECT section, COUNT(*) FROM brief_line WHERE org_id = $1 AND brief_id = $2 AND (position < $3 OR position >= $4) GROUP BY section`, org, b.ID, from, to)
	if err != nil {
		return nil, fmt.Errorf("count the lines of the brief: %w", err)
	}
	out := make(map[brief.Section]int, len(rows))
	for _, v := range rows {
		out[v.section] = v.n
	}
	return out, nil
}

// Part is which lines of a brief are read: at most so many, from a position on
// that counts from 0.
type Part struct{ From, Most int }

// Whole is all lines.
var Whole = Part{Most: math.MaxInt32}

// of returns where the part begins and ends in a brief of so many lines.
func (p Part) of(lines int) (from, to int) {
	from = max(0, min(p.From, lines))
	return from, from + min(max(0, p.Most), lines-from)
}

func scanLine(r scanner) (brief.Line, error) {
	var l brief.Line
	err := r.Scan(&l.Section, &l.Item, &l.Version, &l.Delivery, &l.Stream, &l.Cause, &l.Due, &l.Carried)
	return l, err
}
