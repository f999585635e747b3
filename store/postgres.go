package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

type postgresDialect struct{ base int64 }

func isPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}

// connections is how many a node has at most.
const connections = 16

// minPostgres is the oldest server that is supported.
const minPostgres = 150000

func (s *Store) openPostgres(ctx context.Context, cfg Config) error {
	conf, err := pgx.ParseConfig(cfg.Database)
	if err != nil {
		return fmt.Errorf("read the database address: %w", err) // pgx hides the password
	}
	// Just-in-time compilation costs 300 ms on queries of half a millisecond.
	conf.RuntimeParams["jit"] = "off"
	conf.RuntimeParams["application_name"] = "rubato"
	if !cfg.Beside { // a backup may read for long, and look up from it
		conf.RuntimeParams["idle_in_transaction_session_timeout"] = strconv.FormatInt(frozen.Milliseconds(), 10)
		// Every query has its index. While statistics are young the planner takes a
		// table for small and walks through it, ten times slower.
		conf.RuntimeParams["enable_seqscan"] = "off"
	}
	if conf.ConnectTimeout == 0 {
		conf.ConnectTimeout = connecting
	}
	if several(conf) && conf.ValidateConnect == nil {
		conf.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	s.write = stdlib.OpenDB(*conf)
	s.write.SetMaxOpenConns(connections)
	s.write.SetMaxIdleConns(connections) // a new one costs a process, and the plans of the old one
	s.read, s.pool = s.write, s.write
	s.dialect = &postgresDialect{}
	version, err := single(ctx, s.write, s.dialect, scanInt, `SELECT CAST(current_setting('server_version_num') AS BIGINT)`)
	if err != nil {
		return errors.Join(fmt.Errorf("reach PostgreSQL: %w", err), s.Close())
	}
	if version < minPostgres {
		return errors.Join(fmt.Errorf("PostgreSQL %d is too old: Rubato needs 15 or newer", version/10000), s.Close())
	}
	return nil
}

// several tells whether an address names more than one host: then only that
// which takes writes is ours, and a standby is passed over.
func several(conf *pgx.ConnConfig) bool {
	return slices.ContainsFunc(conf.Fallbacks, func(f *pgconn.FallbackConfig) bool {
		return f.Host != conf.Host || f.Port != conf.Port // else the same one without TLS
	})
}

func (*postgresDialect) snapshot() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

func (d *postgresDialect) tables(ctx context.Context, q querier) ([]Table, error) {
	names, err := list(ctx, q, d, scanString, `SELECT CAST(table_name AS TEXT) FROM information_schema.tables
		WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'goose%' ORDER BY table_name`)
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	var out []Table
	for _, name := range names {
		t := Table{Name: name}
		if t.Columns, err = list(ctx, q, d, scanString, `SELECT CAST(column_name AS TEXT) FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`, name); err != nil {
			return nil, fmt.Errorf("columns of %s: %w", name, err)
		}
		kinds, err := list(ctx, q, d, scanString, `SELECT CAST(data_type AS TEXT) FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`, name)
		if err != nil {
			return nil, fmt.Errorf("columns of %s: %w", name, err)
		}
		for _, k := range kinds {
			t.kinds = append(t.kinds, kindOf(k))
		}
		if t.refers, err = list(ctx, q, d, scanString, `SELECT DISTINCT CAST(parent.relname AS TEXT) FROM pg_constraint c
			JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid
			WHERE c.contype = 'f' AND child.relname = $1 AND child.relnamespace = CAST(CAST(current_schema() AS TEXT) AS regnamespace)`, name); err != nil {
			return nil, fmt.Errorf("references of %s: %w", name, err)
		}
		out = append(out, t)
	}
	return out, nil
}

func (*postgresDialect) name() string { return "postgres" }

func (*postgresDialect) turn(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7827151)`)
	return err
}

func (*postgresDialect) script(ctx context.Context, tx *sql.Tx, text string) error {
	_, err := tx.ExecContext(ctx, text, pgx.QueryExecModeSimpleProtocol)
	return err
}

func (d *postgresDialect) classify(err error) error {
	if d.lost(err) && !errors.Is(err, context.Canceled) { // else nobody waits for it any more
		return fmt.Errorf("%w: %w", ErrAway, err)
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	switch e.Code {
	case "23505":
		return fmt.Errorf("%w: %w", ErrExists, err)
	case "23503":
		return fmt.Errorf("%w: %w", ErrReference, err)
	case "53100": // disk_full
		return fmt.Errorf("%w: %w", ErrNoRoom, err)
	}
	return err
}

// A serialization failure or a deadlock: the server rolled everything back.
func (*postgresDialect) retryable(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01")
}

func (*postgresDialect) lost(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok || pgconn.SafeToRetry(err) { // nothing was sent
		return true
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		// Connections, the server's end, a transaction that stood still, and a
		// server that became a standby.
		return strings.HasPrefix(e.Code, "08") || strings.HasPrefix(e.Code, "57P") || e.Code == "25P03" || e.Code == "25006"
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, sql.ErrConnDone)
}

func (*postgresDialect) patience(ctx context.Context) time.Duration {
	if ctx.Value(patientKey{}) != nil {
		return patient
	}
	return patience
}
