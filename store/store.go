// Package store holds all SQL. One text serves SQLite and PostgreSQL
// (ARCHITECTURE.md, the dialect card); what differs stands in sqlite*.go and
// *_postgres.go. A Tx writes, a Reader reads what its viewer may see, and both
// belong to one organisation: its id is the first predicate of every query.
//
// What does not live here: rules, rights (core/access decides, the Reader
// asks), the clock (times come in as arguments), and sentences.
package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Errors that a caller decides on.
var (
	// ErrNotFound says that no such row exists in this organisation.
	ErrNotFound = errors.New("not found")
	// ErrExists says that a unique key is taken.
	ErrExists = errors.New("exists already")
	// ErrReference says that a row names another that does not exist.
	ErrReference = errors.New("refers to something that does not exist")
	// ErrConflict says that the row changed since it was read.
	ErrConflict = errors.New("changed meanwhile")
	// ErrFence says that a lease was lost to another process: what was
	// done under it is rolled back.
	ErrFence = errors.New("lease lost")
	// ErrNoDatabase says that there is none where one should be.
	ErrNoDatabase = errors.New("there is no database")
	// ErrAway says that the database does not answer. What it was asked for has
	// not happened, unless it is an ErrUnknownOutcome too.
	ErrAway = errors.New("the database does not answer")
	// ErrUnknownOutcome says that the answer to a commit was lost. The
	// idempotency key settles it.
	ErrUnknownOutcome = errors.New("outcome of the commit is unknown")
)

// Config says where the store is. Zones resolves zone names for people's
// clocks; it must be safe for concurrent use.
type Config struct {
	// Database is a path of a SQLite file, or a postgres:// address.
	Database string
	// Unsynced turns SQLite's fsync off. Only simulations of months use it.
	Unsynced bool
	// Driver names the database/sql driver that opens SQLite, "" for our own.
	// Only tests of failures wrap it.
	Driver string
	// Beside opens beside a server that may be running, for a reading or a
	// single act: it takes no lock, and the schema must be there and the newest.
	Beside bool
	// Upgrade, if set, is given the whole of a database whose schema is older
	// than this program's, before it is brought forward: to keep a backup. An
	// error of it leaves the database as it is.
	Upgrade func(ctx context.Context, old *Snapshot) error
	Zones   worktime.Zones
}

// Store is one open database. It is safe for concurrent use.
type Store struct {
	write *sql.DB
	read  querier // outside of transactions
	pool  *sql.DB // of read
	reads *statements
	// together is set for SQLite, whose one writer takes several along.
	together *together
	dialect  dialect
	zones    worktime.Zones
	clocks   clockCache
	unlock   func() error
	watch    *watch // of a SQLite file
}

// dialect is what the two databases do differently.
type dialect interface {
	// name of the goose dialect.
	name() string
	// prepare brings what no migration can say in one text for both.
	prepare(ctx context.Context, db *sql.DB) error
	// turn makes nodes that migrate at once take turns.
	turn(ctx context.Context, tx *sql.Tx) error
	// script runs a text of several statements.
	script(ctx context.Context, tx *sql.Tx, text string) error
	// classify turns a driver's error into one of ours, or returns it as it is.
	classify(err error) error
	// retryable reports whether the whole transaction may be run again.
	retryable(err error) bool
	// lost reports whether the connection broke, so that a commit's outcome is unknown.
	lost(err error) bool
	// patience is how long one statement waits for its answer, 0 for ever.
	patience(ctx context.Context) time.Duration
	// snapshot are the options of a transaction that sees one moment.
	snapshot() *sql.TxOptions
	// tables lists the tables of the schema by name.
	tables(ctx context.Context, q querier) ([]Table, error)
	// position returns the event position of a transaction, asked for once in it.
	position(ctx context.Context, tx querier, org string) (int64, error)
	// horizon returns the position below which no transaction is open any more.
	horizon(ctx context.Context, q querier) (int64, error)
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Open opens the database and brings its schema up to date. A SQLite file that
// another process holds is refused in one line.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	s, err := connect(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if cfg.Beside {
		err = s.current(ctx)
	} else {
		err = s.migrate(ctx, cfg.Upgrade)
	}
	if damage, ok := errors.AsType[*Damage](err); ok {
		if more, ok := errors.AsType[*Damage](s.Check(ctx)); ok { // which knows the page
			damage = more
		}
		err = damage
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.dialect.prepare(ctx, s.write); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the database: %w", err), s.Close())
	}
	if s.unlock != nil {
		if err := made(s.watch.path); err != nil {
			return nil, errors.Join(fmt.Errorf("note that the database is made: %w", err), s.Close())
		}
	}
	return s, nil
}

// connect opens a database as it is, without looking at its schema.
func connect(ctx context.Context, cfg Config) (*Store, error) {
	s := &Store{zones: cfg.Zones}
	if isPostgres(cfg.Database) {
		return s, s.openPostgres(ctx, cfg)
	}
	return s, s.openSQLite(ctx, cfg)
}

// Close closes the database and lets go of its lock. Closing again does nothing.
func (s *Store) Close() error {
	var errs []error
	if s.pool != nil && s.pool != s.write {
		errs = append(errs, s.pool.Close())
	}
	if s.write != nil {
		errs = append(errs, s.write.Close())
	}
	if s.unlock != nil {
		errs = append(errs, s.unlock())
		s.unlock = nil
	}
	return errors.Join(errs...)
}

// Ping reports whether the database answers a read.
func (s *Store) Ping(ctx context.Context) error {
	ctx, cancel := bound(ctx, s.dialect)
	defer cancel()
	if err := s.pool.PingContext(ctx); err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	return nil
}

// Tx is one write transaction in one organisation.
type Tx struct {
	org      string
	q        querier
	s        *Store
	eventTx  int64
	eventN   int64
	hasEvent bool
	head     Position
	hasHead  bool
	locked   map[string]worktime.Instant // see Lock
}

// Org is the id of the organisation that the transaction belongs to.
func (t *Tx) Org() string { return t.org }

// maxTries bounds how often a transaction is run again after a serialization
// failure or a deadlock; each try may meet a different winner.
const maxTries = 8

// Write runs fn in one transaction of an organisation and commits it to disk
// before it returns nil. fn may run again, after a serialization failure or a
// deadlock, so it builds its results afresh each time. An error of fn rolls
// everything back and is returned as it is.
func (s *Store) Write(ctx context.Context, org string, fn func(*Tx) error) error {
	var err error
	for range maxTries {
		if s.together != nil {
			err = s.together.write(ctx, s, org, fn)
		} else {
			err = s.writeAlone(ctx, org, fn)
		}
		if err == nil || !s.dialect.retryable(err) {
			return err
		}
	}
	return fmt.Errorf("write, tried %d times: %w", maxTries, err)
}

func (s *Store) writeAlone(ctx context.Context, org string, fn func(*Tx) error) error {
	// A transaction lives as long as the context it began with: only its
	// begin and its commit are bound here, its statements each for itself.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	inTime := within(ctx, cancel, s.dialect)
	q, err := s.write.BeginTx(ctx, nil)
	if !inTime() {
		err = errors.Join(ErrAway, err)
	}
	if err != nil {
		return fmt.Errorf("begin: %w", s.dialect.classify(err))
	}
	done := false
	defer func() {
		if !done { // fn failed or panicked: nothing of it stays
			_ = q.Rollback()
		}
	}()
	if err := fn(&Tx{org: org, q: q, s: s}); err != nil {
		return err
	}
	done = true
	inTime = within(ctx, cancel, s.dialect)
	err = q.Commit()
	inTime()
	if err != nil {
		if s.dialect.lost(err) {
			return fmt.Errorf("%w: %w: %w", ErrUnknownOutcome, ErrAway, err)
		}
		return fmt.Errorf("commit: %w", s.dialect.classify(err))
	}
	return nil
}

// exec runs one statement and returns how many rows it touched.
func (t *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx, cancel := bound(ctx, t.s.dialect)
	defer cancel()
	res, err := t.q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, t.s.dialect.classify(err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("rows affected: %w", err)
	}
	return n, nil
}

// rows are the values of many rows for one table, so many columns wide.
type rows struct {
	width  int
	values []any
}

func newRows(width int) *rows { return &rows{width: width} }

func (r *rows) add(values ...any) { r.values = append(r.values, values...) }

// insert writes rows, many with one statement: head ends with VALUES, tail
// follows the rows. The stretches are powers of two, so that there are few texts
// to compile.
func (t *Tx) insert(ctx context.Context, head string, r *rows, tail string) error {
	for values := r.values; len(values) > 0; {
		n := min(64, 1<<(bits.Len(uint(len(values)/r.width))-1))
		groups := make([]string, n)
		for i := range groups {
			groups[i] = group(1+i*r.width, r.width)
		}
		if _, err := t.exec(ctx, head+strings.Join(groups, ", ")+tail, values[:n*r.width]...); err != nil {
			return err
		}
		values = values[n*r.width:]
	}
	return nil
}

// update changes many rows by their keys, many with one statement: text takes
// them as the table v at its %s, with these columns, the organisation behind them
// at its $%d, and the first column alone at its IN (%s): where many rows are to be
// changed, SQLite walks through all of the organisation's otherwise. It returns how
// many rows were changed.
func (t *Tx) update(ctx context.Context, text string, columns []column, r *rows) (int64, error) {
	var changed int64
	for values := r.values; len(values) > 0; {
		n := min(64, 1<<(bits.Len(uint(len(values)/r.width))-1))
		selects, keys := make([]string, n), make([]string, n)
		for i := range selects {
			one := make([]string, len(columns))
			for j, c := range columns {
				one[j] = fmt.Sprintf("CAST($%d AS %s) AS %s", 1+i*r.width+j, c.kind, c.name)
			}
			selects[i], keys[i] = "SELECT "+strings.Join(one, ", "), fmt.Sprintf("$%d", 1+i*r.width)
		}
		table := "(" + strings.Join(selects, " UNION ALL ") + ") v"
		got, err := t.exec(ctx, fmt.Sprintf(text, table, 1+n*r.width, strings.Join(keys, ", ")), append(slices.Clone(values[:n*r.width]), t.org)...)
		if err != nil {
			return changed, err
		}
		changed += got
		values = values[n*r.width:]
	}
	return changed, nil
}

// column is one of the rows of an update.
type column struct{ name, kind string }

// one runs a statement that must touch exactly one row; none is ErrNotFound.
func (t *Tx) one(ctx context.Context, query string, args ...any) error {
	n, err := t.exec(ctx, query, args...)
	if err == nil && n != 1 {
		return ErrNotFound
	}
	return err
}

// scanner is a row being read.
type scanner interface{ Scan(dest ...any) error }

// list reads every row of a query with scan.
func list[T any](ctx context.Context, q querier, d dialect, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	ctx, cancel := bound(ctx, d)
	defer cancel()
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, d.classify(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read a row: %w", err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, d.classify(err)
	}
	return out, nil
}

// single reads one row; none is ErrNotFound.
func single[T any](ctx context.Context, q querier, d dialect, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	ctx, cancel := bound(ctx, d)
	defer cancel()
	v, err := scan(q.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		var zero T
		return zero, ErrNotFound
	}
	if err != nil {
		var zero T
		return zero, d.classify(err)
	}
	return v, nil
}

func scanString(r scanner) (string, error) {
	var s string
	err := r.Scan(&s)
	return s, err
}

func scanInt(r scanner) (int64, error) {
	var n int64
	err := r.Scan(&n)
	return n, err
}

// idOf is the id of something, with whom it belongs to.
type idOf struct{ person, id string }

func scanIDOf(r scanner) (idOf, error) {
	var v idOf
	err := r.Scan(&v.person, &v.id)
	return v, err
}

// byPerson are ids by whom they belong to, in order.
func byPerson(rows []idOf) map[string][]string {
	out := make(map[string][]string)
	for _, r := range rows {
		out[r.person] = append(out[r.person], r.id)
	}
	return out
}

// in returns "($2, $3, ...)" for a list of values after the organisation's $1,
// and the values as arguments. For no values it returns a list that matches nothing.
func in(values []string) (string, []any) { return inFrom(2, values) }

// inFrom is in behind other arguments: its first value is $n. The last value is
// repeated up to a power of two, so that lists of all lengths make few texts to
// compile: count what is returned, not values.
func inFrom(n int, values []string) (string, []any) {
	if len(values) == 0 {
		return "(NULL)", nil
	}
	args := make([]any, 1<<bits.Len(uint(len(values)-1)))
	for i := range args {
		args[i] = values[min(i, len(values)-1)]
	}
	return group(n, len(args)), args
}

// byPairs is byIDs for pairs of ids: the set is "(VALUES ($2, $3), ...)".
func byPairs[T any](pairs [][2]string, read func(set string, args []any) ([]T, error)) ([]T, error) {
	slices.SortFunc(pairs, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	var out []T
	for some := range slices.Chunk(slices.Compact(pairs), 256) {
		n := 1 << bits.Len(uint(len(some)-1))
		set := make([]string, n)
		args := make([]any, 0, 2*n)
		for i := range n {
			p := some[min(i, len(some)-1)]
			set[i] = group(2+len(args), 2)
			args = append(args, p[0], p[1])
		}
		rows, err := read("(VALUES "+strings.Join(set, ", ")+")", args)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// group is "($n, $n+1, ...)", so many long.
func group(n, long int) string {
	b := append(make([]byte, 0, 6*long+2), '(')
	for i := range long {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendInt(append(b, '$'), int64(n+i), 10)
	}
	return string(append(b, ')'))
}

// byIDs reads by a list of ids, a stretch of it at a time: a statement has room
// for only so many. read is given what in returns.
func byIDs[T any](ids []string, read func(set string, args []any) ([]T, error)) ([]T, error) {
	var out []T
	for some := range slices.Chunk(ids, 512) {
		rows, err := read(in(some))
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}
