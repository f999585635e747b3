package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrNotEmpty says that a database that should be filled has something in it.
var ErrNotEmpty = errors.New("there is a database already: restore into an empty place")

// Snapshot is the whole of a database as it stood at one moment, for a backup.
// Whatever is written meanwhile is not in it.
type Snapshot struct {
	store  *Store
	tx     *sql.Tx
	schema int64
	tables []Table
}

// Table is one table of the database, with the columns in the order in which
// Rows gives them.
type Table struct {
	Name    string
	Columns []string
	kinds   []string // TEXT, BIGINT, BOOLEAN or BYTEA
	refers  []string // tables whose rows must be there first
}

// OpenSnapshot opens a snapshot of everything that was committed before the
// call, beside a server that may go on writing.
func OpenSnapshot(ctx context.Context, cfg Config) (*Snapshot, error) {
	cfg.Beside = true
	st, err := Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{store: st}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open a snapshot: %w", err), s.Close())
	}
	return s, nil
}

func (s *Snapshot) open(ctx context.Context) (err error) {
	if s.schema, err = s.store.SchemaVersion(ctx); err != nil {
		return err
	}
	if s.tx, err = s.store.pool.BeginTx(ctx, s.store.dialect.snapshot()); err != nil {
		return err
	}
	// The first read takes the snapshot.
	if s.tables, err = s.store.dialect.tables(ctx, s.tx); err != nil {
		return err
	}
	s.tables, err = inOrder(s.tables)
	return err
}

// Close ends the snapshot.
func (s *Snapshot) Close() error { return errors.Join(s.end(), s.store.Close()) }

// end ends its transaction.
func (s *Snapshot) end() error {
	if s.tx == nil {
		return nil
	}
	return s.tx.Rollback()
}

// Schema is the schema's version.
func (s *Snapshot) Schema() int64 { return s.schema }

// Tables lists the tables, each after those that its rows refer to.
func (s *Snapshot) Tables() []Table { return s.tables }

// Rows calls fn with each row of a table but those of trial deliveries: string, int64, bool or nil, and
// Bytes for what is no text. The slice is used again for the next row.
func (s *Snapshot) Rows(ctx context.Context, t Table, fn func([]any) error) error {
	rows, err := s.tx.QueryContext(ctx, `SELECT `+strings.Join(t.Columns, ", ")+` FROM `+t.Name+` WHERE org_id <> $1`, CanaryOrg) //nolint:gosec // names of our own tables
	if err != nil {
		return fmt.Errorf("read %s: %w", t.Name, err)
	}
	defer rows.Close()
	cells := make([]cell, len(t.Columns))
	into, row := make([]any, len(cells)), make([]any, len(cells))
	for i, kind := range t.kinds {
		cells[i].kind = kind
		into[i] = cells[i].scan()
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read %s: %w", t.Name, err)
		}
		for i := range cells {
			row[i] = cells[i].value()
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", t.Name, err)
	}
	return nil
}

// Bytes are a value that is no valid text. In JSON they are {"base64": "..."}.
type Bytes struct {
	Base64 string `json:"base64"`
}

// cell takes one value of a row, by the type of its column: the drivers do not
// agree on the type that a value has by itself.
type cell struct {
	kind  string
	text  sql.NullString
	num   sql.NullInt64
	truth sql.NullBool
	bytes []byte
}

func (c *cell) scan() any {
	switch c.kind {
	case "BIGINT":
		return &c.num
	case "BOOLEAN":
		return &c.truth
	case "BYTEA":
		return &c.bytes
	}
	return &c.text
}

func (c *cell) value() any {
	switch {
	case c.kind == "BIGINT" && c.num.Valid:
		return c.num.Int64
	case c.kind == "BOOLEAN" && c.truth.Valid:
		return c.truth.Bool
	case c.kind == "BYTEA" && c.bytes != nil:
		return Bytes{base64.StdEncoding.EncodeToString(c.bytes)}
	case c.kind == "TEXT" && c.text.Valid && !utf8.ValidString(c.text.String):
		return Bytes{base64.StdEncoding.EncodeToString([]byte(c.text.String))}
	case c.kind == "TEXT" && c.text.Valid:
		return c.text.String
	}
	return nil
}

// Newest is the newest schema that this program knows.
func Newest() (int64, error) {
	entries, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		return 0, fmt.Errorf("read the migrations: %w", err)
	}
	var newest int64
	for _, e := range entries {
		number, _, _ := strings.Cut(path.Base(e.Name()), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read the migrations: %w", err)
		}
		newest = max(newest, n)
	}
	return newest, nil
}

// Fill makes the database that cfg names out of rows, as they stood at a
// schema, and brings it up to date; finish works on it before anybody else can.
// Each table is asked for its columns and its rows, in an order in which those
// that others refer to come first. The database must not exist, or be empty.
// When it fails, nothing of it stays.
func Fill(ctx context.Context, cfg Config, schema int64, rows func(table string, put func(columns []string, row []any) error) error, finish func(*Store) error) (err error) {
	s, err := create(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() {
		if s != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if err := s.migrateTo(ctx, schema); err != nil {
		return err
	}
	if err := s.fill(ctx, rows); err != nil {
		return err
	}
	if err := s.migrate(ctx, nil); err != nil {
		return err
	}
	if err := s.dialect.prepare(ctx, s.write); err != nil {
		return fmt.Errorf("prepare the database: %w", err)
	}
	return finish(s)
}

// create opens a database without a schema, or with an empty one.
func create(ctx context.Context, cfg Config) (*Store, error) {
	s, err := connect(ctx, cfg)
	if err != nil {
		return nil, err
	}
	have, err := s.dialect.tables(ctx, s.write)
	if err == nil {
		err = s.empty(ctx, have)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// empty fails when any table has a row.
func (s *Store) empty(ctx context.Context, tables []Table) error {
	for _, t := range tables {
		// On PostgreSQL a server that failed while it was filled leaves this behind.
		if t.Name == "setting" {
			continue
		}
		n, err := single(ctx, s.write, s.dialect, scanInt, `SELECT count(*) FROM `+t.Name)
		if err != nil {
			return fmt.Errorf("look into %s: %w", t.Name, err)
		}
		if n > 0 {
			return fmt.Errorf("%w (%s has %d rows)", ErrNotEmpty, t.Name, n)
		}
	}
	return nil
}

// fill writes all rows in one transaction.
func (s *Store) fill(ctx context.Context, rows func(string, func([]string, []any) error) error) error {
	tables, err := s.dialect.tables(ctx, s.write)
	if err != nil {
		return err
	}
	if tables, err = inOrder(tables); err != nil {
		return err
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	// What the migrations wrote stands in the backup too, as it has become.
	for _, t := range slices.Backward(tables) {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+t.Name); err != nil { //nolint:gosec // names of our own tables
			return fmt.Errorf("empty %s: %w", t.Name, err)
		}
	}
	for _, t := range tables {
		l := loader{tx: tx, table: t}
		if err := rows(t.Name, func(columns []string, row []any) error { return l.put(ctx, columns, row) }); err != nil {
			return fmt.Errorf("fill %s: %w", t.Name, err)
		}
		if err := l.flush(ctx); err != nil {
			return fmt.Errorf("fill %s: %w", t.Name, s.dialect.classify(err))
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// loader writes rows many at a time.
type loader struct {
	tx      *sql.Tx
	table   Table
	columns []string
	args    []any
	rows    int
}

// atOnce bounds the values of one statement: SQLite finds each of them by its
// name among all of the statement's, so that ten times as many cost a hundred
// times as much.
const atOnce = 300

func (l *loader) put(ctx context.Context, columns []string, row []any) error {
	if l.columns == nil {
		if !slices.Equal(slices.Sorted(slices.Values(columns)), slices.Sorted(slices.Values(l.table.Columns))) {
			return fmt.Errorf("it has the columns %s, and not %s", strings.Join(columns, " "), strings.Join(l.table.Columns, " "))
		}
		l.columns = columns
	}
	if len(row) != len(columns) {
		return fmt.Errorf("a row has %d values, not %d", len(row), len(columns))
	}
	for i, v := range row {
		value, err := l.table.value(columns[i], v)
		if err != nil {
			return err
		}
		l.args = append(l.args, value)
	}
	l.rows++
	if len(l.args)+len(columns) > atOnce {
		return l.flush(ctx)
	}
	return nil
}

func (l *loader) flush(ctx context.Context) error {
	if l.rows == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString(`INSERT INTO ` + l.table.Name + ` (` + strings.Join(l.columns, ", ") + `) VALUES `)
	for n := range l.args {
		switch {
		case n == 0:
			b.WriteByte('(')
		case n%len(l.columns) == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", n+1)
	}
	b.WriteByte(')')
	_, err := l.tx.ExecContext(ctx, b.String(), l.args...)
	l.args, l.rows = l.args[:0], 0
	return err
}

// value is what a backup holds, as the column takes it.
func (t Table) value(column string, v any) (any, error) {
	kind := t.kinds[slices.Index(t.Columns, column)]
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		if kind == "TEXT" {
			return v, nil
		}
	case int64:
		if kind == "BIGINT" {
			return v, nil
		}
	case bool:
		if kind == "BOOLEAN" {
			return v, nil
		}
	case Bytes:
		raw, err := base64.StdEncoding.DecodeString(v.Base64)
		if err == nil && kind == "TEXT" {
			return string(raw), nil
		}
		if err == nil && kind == "BYTEA" {
			return raw, nil
		}
	}
	return nil, fmt.Errorf("%s is %s and cannot hold a %T", column, kind, v)
}

// inOrder sorts tables so that each comes after those that it refers to.
func inOrder(tables []Table) ([]Table, error) {
	var out []Table
	done := make(map[string]bool)
	for len(out) < len(tables) {
		before := len(out)
		for _, t := range tables {
			if !done[t.Name] && !slices.ContainsFunc(t.refers, func(to string) bool { return to != t.Name && !done[to] }) {
				done[t.Name] = true
				out = append(out, t)
			}
		}
		if len(out) == before {
			return nil, errors.New("the tables refer to one another in a circle")
		}
	}
	return out, nil
}

// kindOf is the word of the dialect card for a column's type.
func kindOf(declared string) string {
	switch word := strings.ToUpper(declared); word {
	case "BIGINT", "BOOLEAN", "BYTEA":
		return word
	}
	return "TEXT"
}
