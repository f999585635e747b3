package store

import (
	"context"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/worktime"
)

// maxHappened bounds what the strip of an absence is drawn from.
const maxHappened = 5000

// Happened returns when something happened in what the viewer follows, after
// from and up to now, in order: other people's writing that they may see. From
// is not before their last brief.
func (r *Reader) Happened(ctx context.Context, from worktime.Instant, now time.Time) ([]time.Time, error) {
	read, err := r.s.reading(ctx, r.s.read, r.viewer.Org, r.viewer.Person)
	if err != nil {
		return nil, err
	}
	// + 0 keeps SQLite from reading all that happened once for each stream.
	events, err := list(ctx, r.s.read, r.s.dialect, scanEvent, `SELECT e.tx, e.n, e.id, e.stream, e.kind, e.item_id, e.item_version, e.actor_id, e.at
		FROM follow f CROSS JOIN event e
		WHERE f.org_id = $1 AND f.person_id = $2 AND e.org_id = $1 AND e.stream = f.stream AND e.tx >= $3 AND e.actor_id <> $2 AND e.at + 0 > $4 AND e.at + 0 <= $5 ORDER BY e.at, e.tx, e.n LIMIT $6`,
		r.viewer.Org, r.viewer.Person, read.Late, from.Time().UnixMilli(), millis(now), maxHappened)
	if err != nil {
		return nil, fmt.Errorf("what happened: %w", err)
	}
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.Item
	}
	items, err := r.withRoots(ctx, ids)
	if err != nil {
		return nil, err
	}
	var at []time.Time
	for _, e := range events {
		if i, ok := items[e.Item]; ok && r.can(access.See, object(i, items)) == nil {
			at = append(at, e.At)
		}
	}
	return at, nil
}

// Contact returns where the viewer is reached over a channel.
func (r *Reader) Contact(ctx context.Context, channel string) (Contact, error) {
	if err := r.private(); err != nil {
		return Contact{}, err
	}
	cs, err := r.s.contacts(ctx, r.s.read, r.viewer.Org, r.viewer.Person)
	if err != nil {
		return Contact{}, err
	}
	c, ok := cs[channel]
	if !ok {
		return c, access.ErrHidden
	}
	return c, nil
}
