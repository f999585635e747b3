package store

import (
	"context"
	"math"
)

// SQLite has one writer, so transactions end in the order in which they began:
// the next number is a position, and nothing is open below any other.

func (d sqliteDialect) position(ctx context.Context, tx querier, org string) (int64, error) {
	return single(ctx, tx, d, scanInt, `SELECT coalesce(max(tx), 0) + 1 FROM event WHERE org_id = $1`, org)
}

func (sqliteDialect) horizon(context.Context, querier) (int64, error) { return math.MaxInt64, nil }
