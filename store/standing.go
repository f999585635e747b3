package store

import (
	"context"
	"fmt"
	"time"
)

// Backlog is how the delivery of one organisation stands.
type Backlog struct {
	Waiting int       // directed items that wait for their window
	Late    int       // people whose look is overdue
	Oldest  time.Time // when the most overdue look was due, zero for none
	Next    time.Time // when the next look is due, zero for none
}

// Lateness is how long after it was due a look counts as overdue, and a crisis's
// message as not sent.
const Lateness = time.Minute

// Backlog tells admins how delivery stands at now.
func (r *Reader) Backlog(ctx context.Context, now time.Time) (Backlog, error) {
	if err := r.governs(); err != nil {
		return Backlog{}, err
	}
	return r.s.Backlog(ctx, r.viewer.Org, now)
}

// Backlog tells how the delivery of an organisation stands at now.
func (s *Store) Backlog(ctx context.Context, org string, now time.Time) (Backlog, error) {
	var b Backlog
	type row struct{ n, at int64 }
	overdue, err := single(ctx, s.read, s.dialect, func(r scanner) (row, error) {
		var v row
		err := r.Scan(&v.n, &v.at)
		return v, err
	}, `SELECT count(*), coalesce(min(due_at), 0) FROM tick WHERE org_id = $1 AND due_at < $2`, org, millis(now.Add(-Lateness)))
	if err != nil {
		return b, fmt.Errorf("overdue looks: %w", err)
	}
	next, err := list(ctx, s.read, s.dialect, scanInt, `SELECT due_at FROM tick WHERE org_id = $1 AND due_at >= $2 ORDER BY due_at, person_id LIMIT 1`, org, millis(now))
	if err != nil {
		return b, fmt.Errorf("next look: %w", err)
	}
	if len(next) > 0 {
		b.Next = instant(next[0])
	}
	waiting, err := single(ctx, s.read, s.dialect, scanInt, `SELECT count(*) FROM delivery WHERE org_id = $1 AND delivered_sec = 0 AND dropped_at = 0`, org)
	if err != nil {
		return b, fmt.Errorf("waiting items: %w", err)
	}
	b.Waiting, b.Late, b.Oldest = int(waiting), int(overdue.n), instant(overdue.at)
	return b, nil
}

// Overdue is somebody whose look is overdue.
type Overdue struct {
	Person, Name string
	Due          time.Time
}

// Overdue lists for admins whose looks are overdue at now, the oldest first, at
// most limit.
func (r *Reader) Overdue(ctx context.Context, now time.Time, limit int) ([]Overdue, error) {
	if err := r.governs(); err != nil {
		return nil, err
	}
	out, err := list(ctx, r.s.read, r.s.dialect, func(s scanner) (Overdue, error) {
		var o Overdue
		var due int64
		err := s.Scan(&o.Person, &o.Name, &due)
		o.Due = instant(due)
		return o, err
	}, `SELECT t.person_id, p.name, t.due_at FROM tick t JOIN person p ON p.org_id = t.org_id AND p.id = t.person_id
		WHERE t.org_id = $1 AND t.due_at < $2 ORDER BY t.due_at, t.person_id LIMIT $3`, r.viewer.Org, millis(now.Add(-Lateness)), limit)
	if err != nil {
		return nil, fmt.Errorf("whose looks are overdue: %w", err)
	}
	return out, nil
}

// Failing is what goes wrong with an organisation's messages.
type Failing struct {
	// Calls are messages of open crises that are overdue or have failed for good.
	Calls int
	// Lately are messages that have failed for good since a moment.
	Lately int
}

// Failing tells admins what goes wrong with messages at wall; Lately counts
// since a moment.
func (r *Reader) Failing(ctx context.Context, wall, since time.Time) (Failing, error) {
	if err := r.governs(); err != nil {
		return Failing{}, err
	}
	f := Failing{}
	lately, err := single(ctx, r.s.read, r.s.dialect, scanInt, `SELECT count(*) FROM outbox WHERE org_id = $1 AND state = 'failed' AND done_at >= $2`, r.viewer.Org, millis(since))
	if err != nil {
		return f, fmt.Errorf("what failed lately: %w", err)
	}
	f.Lately = int(lately)
	f.Calls, err = r.s.UnsentCalls(ctx, r.viewer.Org, wall)
	return f, err
}

// UnsentCalls counts the messages of an organisation's open crises that are
// overdue at wall or have failed for good.
func (s *Store) UnsentCalls(ctx context.Context, org string, wall time.Time) (int, error) {
	n, err := single(ctx, s.read, s.dialect, scanInt, `SELECT count(*) FROM crisis c JOIN outbox o ON o.org_id = c.org_id AND o.subject_kind = 'crisis' AND o.subject_id = c.item_id
		WHERE c.org_id = $1 AND c.ended_at = 0 AND o.state IN ('waiting', 'failed') AND (o.state = 'failed' OR o.created_at < $2)`,
		org, millis(wall.Add(-Lateness)))
	if err != nil {
		return 0, fmt.Errorf("calls that are not out: %w", err)
	}
	return int(n), nil
}

// Outbox counts for admins what waits to go out and what failed for good, by channel.
func (r *Reader) Outbox(ctx context.Context) ([]SendCount, error) {
	if err := r.governs(); err != nil {
		return nil, err
	}
	return r.s.CountSendings(ctx, r.viewer.Org)
}

// Canary tells admins how the server's trial deliveries stand.
func (r *Reader) Canary(ctx context.Context) (Canary, error) {
	if err := r.governs(); err != nil {
		return Canary{}, err
	}
	return r.s.Canary(ctx)
}
