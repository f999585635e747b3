package store

import (
	"context"
	"fmt"
	"time"
)

// Pace is how fast a person wants a stream (R12.7).
type Pace string

// The paces.
const (
	PaceWindow Pace = "window"
	PaceDaily  Pace = "daily"
	PaceWeekly Pace = "weekly"
	PaceMuted  Pace = "muted"
)

// Follow is one person's hold on one stream, and how far they have had it.
type Follow struct {
	Person   string
	Stream   string
	Pace     Pace
	ByHand   bool
	Position Position
	Since    time.Time
}

func scanFollow(r scanner) (Follow, error) {
	var f Follow
	var since int64
	err := r.Scan(&f.Person, &f.Stream, &f.Pace, &f.ByHand, &f.Position.Tx, &f.Position.N, &since)
	f.Since = instant(since)
	return f, err
}

// AddFollow starts a follow at the log's position of this moment. One that
// exists stays as it is: a pace chosen by hand is not undone by writing.
func (t *Tx) AddFollow(ctx context.Context, person, stream string, pace Pace, now time.Time) error {
	head, err := t.Head(ctx)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO follow (org_id, person_id, stream, pace, by_hand, pos_tx, pos_n, since) VALUES ($1, $2, $3, $4, FALSE, $5, $6, $7)
		ON CONFLICT (org_id, person_id, stream) DO NOTHING`, t.org, person, stream, pace, head.Tx, head.N, millis(now))
	if err != nil {
		return fmt.Errorf("follow: %w", err)
	}
	return nil
}

// SetPace changes a follow's pace by hand. Leaving muted starts at the log's
// position of this moment: what was muted does not come after all.
func (t *Tx) SetPace(ctx context.Context, person, stream string, pace Pace, now time.Time) error {
	head, err := t.Head(ctx)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO follow (org_id, person_id, stream, pace, by_hand, pos_tx, pos_n, since) VALUES ($1, $2, $3, $4, TRUE, $5, $6, $7)
		ON CONFLICT (org_id, person_id, stream) DO UPDATE SET by_hand = TRUE,
			pos_tx = CASE WHEN follow.pace = 'muted' THEN excluded.pos_tx ELSE follow.pos_tx END,
			pos_n = CASE WHEN follow.pace = 'muted' THEN excluded.pos_n ELSE follow.pos_n END,
			pace = excluded.pace`, t.org, person, stream, pace, head.Tx, head.N, millis(now))
	if err != nil {
		return fmt.Errorf("set pace: %w", err)
	}
	return nil
}

// DropFollow ends a follow.
func (t *Tx) DropFollow(ctx context.Context, person, stream string) error {
	if _, err := t.exec(ctx, `DELETE FROM follow WHERE org_id = $1 AND person_id = $2 AND stream = $3`, t.org, person, stream); err != nil {
		return fmt.Errorf("drop follow: %w", err)
	}
	return nil
}

// MoveFollow records that a stream was had up to a position, in the sealing
// transaction.
func (t *Tx) MoveFollow(ctx context.Context, person, stream string, to Position) error {
	err := t.one(ctx, `UPDATE follow SET pos_tx = $1, pos_n = $2 WHERE org_id = $3 AND person_id = $4 AND stream = $5`, to.Tx, to.N, t.org, person, stream)
	if err != nil {
		return fmt.Errorf("move follow: %w", err)
	}
	return nil
}

// PacesOf returns the paces of those who follow a stream, by person: what is
// written to a team says beforehand when the first and the last have it (R4.1).
func (r *Reader) PacesOf(ctx context.Context, stream string) (map[string]Pace, error) {
	fs, err := list(ctx, r.s.read, r.s.dialect, scanFollow, `SELECT person_id, stream, pace, by_hand, pos_tx, pos_n, since FROM follow WHERE org_id = $1 AND stream = $2 ORDER BY person_id`, r.viewer.Org, stream)
	if err != nil {
		return nil, fmt.Errorf("followers: %w", err)
	}
	out := make(map[string]Pace, len(fs))
	for _, f := range fs {
		out[f.Person] = f.Pace
	}
	return out, nil
}

func (s *Store) follows(ctx context.Context, q querier, org, person string) ([]Follow, error) {
	fs, err := list(ctx, q, s.dialect, scanFollow, `SELECT person_id, stream, pace, by_hand, pos_tx, pos_n, since FROM follow WHERE org_id = $1 AND person_id = $2 ORDER BY stream`, org, person)
	if err != nil {
		return nil, fmt.Errorf("follows: %w", err)
	}
	return fs, nil
}
