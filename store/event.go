package store

import (
	"context"
	"fmt"
	"time"
)

// Position is a place in the event log. Positions are compared by both parts.
type Position struct{ Tx, N int64 }

func (p Position) before(o Position) bool { return p.Tx < o.Tx || p.Tx == o.Tx && p.N < o.N }

// TeamStream and ThreadStream name the two kinds of stream (R12.7).
func TeamStream(team string) string { return "team:" + team }

// TeamStreams are those of teams.
func TeamStreams(teams []Team) []string {
	out := make([]string, len(teams))
	for i, t := range teams {
		out[i] = TeamStream(t.ID)
	}
	return out
}

// ThreadStream is the stream of what is said on one document.
func ThreadStream(item string) string { return "item:" + item }

// WideStream is the stream of what is written to the whole organisation.
const WideStream = "wide"

// Event tells of one change, in the transaction of what it tells.
type Event struct {
	Position Position
	ID       string
	Stream   string // "" for an event that belongs to no stream
	Kind     string
	Item     string
	Version  int64
	Actor    string
	At       time.Time
}

// AddEvent appends an event in this transaction.
func (t *Tx) AddEvent(ctx context.Context, e Event) error {
	if !t.hasEvent {
		pos, err := t.s.dialect.position(ctx, t.q, t.org)
		if err != nil {
			return fmt.Errorf("event position: %w", err)
		}
		t.eventTx, t.hasEvent = pos, true
	}
	t.eventN++
	_, err := t.exec(ctx, `INSERT INTO event (org_id, tx, n, id, stream, kind, item_id, item_version, actor_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		t.org, t.eventTx, t.eventN, e.ID, e.Stream, e.Kind, e.Item, e.Version, e.Actor, millis(e.At))
	if err != nil {
		return fmt.Errorf("add event: %w", err)
	}
	return nil
}

// Head is the position up to which the log was complete when the transaction
// first asked: a new follow starts here. Nothing below it can still be committed.
func (t *Tx) Head(ctx context.Context) (Position, error) {
	if t.hasHead {
		return t.head, nil
	}
	h, err := t.s.dialect.horizon(ctx, t.q)
	if err != nil {
		return Position{}, fmt.Errorf("event horizon: %w", err)
	}
	t.head, err = t.s.head(ctx, t.q, t.org, h)
	t.hasHead = err == nil
	return t.head, err
}

// head is the last position below the horizon.
func (s *Store) head(ctx context.Context, q querier, org string, horizon int64) (Position, error) {
	pos, err := list(ctx, q, s.dialect, func(r scanner) (Position, error) {
		var p Position
		err := r.Scan(&p.Tx, &p.N)
		return p, err
	}, `SELECT tx, n FROM event WHERE org_id = $1 AND tx < $2 ORDER BY tx DESC, n DESC LIMIT 1`, org, horizon)
	if err != nil {
		return Position{}, fmt.Errorf("last event: %w", err)
	}
	if len(pos) == 0 {
		return Position{}, nil
	}
	return pos[0], nil
}

// EventsAfter returns the events of one stream after a position, in order, up
// to where the log is complete, at most limit.
func (t *Tx) EventsAfter(ctx context.Context, stream string, after Position, limit int) ([]Event, error) {
	// The horizon is read first: what is below it is visible to the next statement.
	h, err := t.s.dialect.horizon(ctx, t.q)
	if err != nil {
		return nil, fmt.Errorf("event horizon: %w", err)
	}
	events, err := list(ctx, t.q, t.s.dialect, scanEvent, `SELECT tx, n, id, stream, kind, item_id, item_version, actor_id, at FROM event
		WHERE org_id = $1 AND stream = $2 AND (tx, n) > ($3, $4) AND tx < $5 ORDER BY tx, n LIMIT $6`,
		t.org, stream, after.Tx, after.N, h, limit)
	if err != nil {
		return nil, fmt.Errorf("events of %s: %w", stream, err)
	}
	return events, nil
}

func scanEvent(r scanner) (Event, error) {
	var e Event
	var at int64
	err := r.Scan(&e.Position.Tx, &e.Position.N, &e.ID, &e.Stream, &e.Kind, &e.Item, &e.Version, &e.Actor, &at)
	e.At = instant(at)
	return e, err
}
