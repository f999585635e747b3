package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
)

// On PostgreSQL a transaction's position is its own id: a reader stops below
// the oldest id that is still open in this database, so it can never pass a
// writer that commits late, which a plain sequence would. Within a transaction events are counted.
//
// A restored database may stand in a cluster whose ids are smaller than those
// in its events. eventBase, added to every id, keeps positions ascending.
const eventBase = "event_base"

func (d *postgresDialect) prepare(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	// Two nodes that start together take turns.
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7827150)`); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	stored, err := list(ctx, tx, d, scanString, `SELECT value FROM setting WHERE org_id = '' AND name = $1`, eventBase)
	if err != nil {
		return fmt.Errorf("read the event base: %w", err)
	}
	var base int64
	if len(stored) > 0 {
		if base, err = strconv.ParseInt(stored[0], 10, 64); err != nil {
			return fmt.Errorf("read the event base: %w", err)
		}
	}
	newest, err := single(ctx, tx, d, scanInt, `SELECT coalesce(max(tx), 0) FROM event`)
	if err != nil {
		return fmt.Errorf("read the newest event: %w", err)
	}
	current, err := single(ctx, tx, d, scanInt, `SELECT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)`)
	if err != nil {
		return fmt.Errorf("read the transaction id: %w", err)
	}
	if newest >= base+current {
		base = newest - current + 1
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO setting (org_id, name, value) VALUES ('', $1, $2)
		ON CONFLICT (org_id, name) DO UPDATE SET value = excluded.value`, eventBase, strconv.FormatInt(base, 10)); err != nil {
		return fmt.Errorf("keep the event base: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	d.base = base
	return nil
}

func (d *postgresDialect) position(ctx context.Context, tx querier, _ string) (int64, error) {
	id, err := single(ctx, tx, d, scanInt, `SELECT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)`)
	return d.base + id, err
}

// horizon looks at the transactions that are open in this statement's snapshot,
// its own among them, and leaves out those known to be of another database of
// the cluster: a long one there holds nobody's stream here. What is not known
// counts as ours.
func (d *postgresDialect) horizon(ctx context.Context, q querier) (int64, error) {
	id, err := single(ctx, q, d, scanInt, `SELECT least(
		CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT),
		CAST(CAST(pg_current_xact_id_if_assigned() AS TEXT) AS BIGINT),
		(SELECT min(CAST(CAST(open AS TEXT) AS BIGINT)) FROM pg_snapshot_xip(pg_current_snapshot()) AS open WHERE NOT EXISTS (
			SELECT 1 FROM pg_stat_activity AS a WHERE a.datname <> current_database() AND a.backend_xid IS NOT NULL
			AND CAST(CAST(a.backend_xid AS TEXT) AS BIGINT) = CAST(CAST(open AS TEXT) AS BIGINT) % 4294967296)))`)
	return d.base + id, err
}
