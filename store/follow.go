package store

import (
	"context"
	"fmt"
	"math"
	"slices"
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
	Person string
	Stream string
	Pace   Pace
	ByHand bool
	// Position is that of the log when the follow began; of one that is Behind,
	// up to where it was read. The others are read as far as their person is.
	Position Position
	Since    time.Time
	Behind   bool
}

const followColumns = `f.person_id, f.stream, f.pace, f.by_hand, f.pos_tx, f.pos_n, f.since, f.behind`

func scanFollow(r scanner) (Follow, error) {
	var f Follow
	var since int64
	err := r.Scan(&f.Person, &f.Stream, &f.Pace, &f.ByHand, &f.Position.Tx, &f.Position.N, &since, &f.Behind)
	f.Since = instant(since)
	return f, err
}

// AddFollow starts a follow at the log's position of this moment. One that
// exists stays as it is: a pace chosen by hand is not undone by writing.
func (t *Tx) AddFollow(ctx context.Context, person, stream string, pace Pace, now time.Time) error {
	head, err := t.headFor(ctx, person)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO follow (org_id, person_id, stream, pace, by_hand, pos_tx, pos_n, since, behind) VALUES ($1, $2, $3, $4, FALSE, $5, $6, $7, $8)
		ON CONFLICT (org_id, person_id, stream) DO NOTHING`, t.org, person, stream, pace, head.Tx, head.N, millis(now), pace.slow())
	if err != nil {
		return fmt.Errorf("follow: %w", err)
	}
	return nil
}

// slow reports whether a pace is slower than every window.
func (p Pace) slow() bool { return p == PaceDaily || p == PaceWeekly }

// headFor is the log's position of this moment for a person: no brief of theirs
// is sealed before this transaction ends, so what comes after it is read.
func (t *Tx) headFor(ctx context.Context, person string) (Position, error) {
	if _, err := t.Lock(ctx, []string{person}); err != nil {
		return Position{}, err
	}
	return t.Head(ctx)
}

// SetPace changes a follow's pace by hand. What its person has not had comes at
// the new pace; but what was muted does not come after all.
func (t *Tx) SetPace(ctx context.Context, person, stream string, pace Pace, now time.Time) error {
	head, err := t.headFor(ctx, person)
	if err != nil {
		return err
	}
	old, err := list(ctx, t.q, t.s.dialect, scanFollow, `SELECT `+followColumns+` FROM follow f WHERE f.org_id = $1 AND f.person_id = $2 AND f.stream = $3`, t.org, person, stream)
	if err != nil {
		return fmt.Errorf("set pace: %w", err)
	}
	at, behind := head, pace.slow()
	if len(old) > 0 && old[0].Pace != PaceMuted {
		read, err := t.s.reading(ctx, t.q, t.org, person)
		if err != nil {
			return err
		}
		at = old[0].Position
		if from := (Position{Tx: read.Late - 1, N: math.MaxInt64}); !old[0].Behind && at.before(from) {
			at = from
		}
		behind = behind || old[0].Behind
	}
	_, err = t.exec(ctx, `INSERT INTO follow (org_id, person_id, stream, pace, by_hand, pos_tx, pos_n, since, behind) VALUES ($1, $2, $3, $4, TRUE, $5, $6, $7, $8)
		ON CONFLICT (org_id, person_id, stream) DO UPDATE SET by_hand = TRUE, pos_tx = excluded.pos_tx, pos_n = excluded.pos_n, pace = excluded.pace, behind = excluded.behind`,
		t.org, person, stream, pace, at.Tx, at.N, millis(now), behind && pace != PaceMuted)
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

// MoveFollow records that a stream that was behind was had up to a position, in
// the sealing transaction.
func (t *Tx) MoveFollow(ctx context.Context, f Follow) error {
	err := t.one(ctx, `UPDATE follow SET pos_tx = $1, pos_n = $2, behind = $3 WHERE org_id = $4 AND person_id = $5 AND stream = $6`,
		f.Position.Tx, f.Position.N, f.Pace.slow(), t.org, f.Person, f.Stream)
	if err != nil {
		return fmt.Errorf("move follow: %w", err)
	}
	return nil
}

// PacesOf returns the paces of those who follow a stream, by person: what is
// written to a team says beforehand when the first and the last have it (R4.1).
func (r *Reader) PacesOf(ctx context.Context, stream string) (map[string]Pace, error) {
	fs, err := list(ctx, r.s.read, r.s.dialect, scanFollow, `SELECT `+followColumns+` FROM follow f WHERE f.org_id = $1 AND f.stream = $2 ORDER BY f.person_id`, r.viewer.Org, stream)
	if err != nil {
		return nil, fmt.Errorf("followers: %w", err)
	}
	out := make(map[string]Pace, len(fs))
	for _, f := range fs {
		out[f.Person] = f.Pace
	}
	return out, nil
}

// follows are those of a person's that are of the streams.
func (s *Store) follows(ctx context.Context, q querier, org, person string, streams []string) ([]Follow, error) {
	var fs []Follow
	for some := range slices.Chunk(streams, 512) {
		set, args := inFrom(3, some)
		rows, err := list(ctx, q, s.dialect, scanFollow, `SELECT `+followColumns+` FROM follow f WHERE f.org_id = $1 AND f.person_id = $2 AND f.stream IN `+set+` ORDER BY f.stream`, append([]any{org, person}, args...)...)
		if err != nil {
			return nil, fmt.Errorf("follows: %w", err)
		}
		fs = append(fs, rows...)
	}
	return fs, nil
}

// follow reports which pairs of a person and a stream are follows.
func (s *Store) follow(ctx context.Context, q querier, org string, pairs [][2]string) (map[[2]string]bool, error) {
	rows, err := byPairs(pairs, func(set string, args []any) ([]idOf, error) {
		return list(ctx, q, s.dialect, scanIDOf, `SELECT person_id, stream FROM follow WHERE org_id = $1 AND (person_id, stream) IN `+set+` ORDER BY person_id, stream`, append([]any{org}, args...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("which of them are followed: %w", err)
	}
	out := make(map[[2]string]bool, len(rows))
	for _, r := range rows {
		out[[2]string{r.person, r.id}] = true
	}
	return out, nil
}
