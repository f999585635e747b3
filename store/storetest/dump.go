package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // a driver of database/sql
)

// Dump returns every row that an organisation has, by table, as text and in
// order; with no organisation, those of all. It reads beside the store, so it
// sees what is committed.
func Dump(t testing.TB, database string, org ...string) map[string][]string {
	t.Helper()
	out, err := dump(t.Context(), database, org)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Count returns how many rows each table has. Equal counts before and after say
// that nothing half written stayed.
func Count(t testing.TB, database string) map[string]int {
	t.Helper()
	n := make(map[string]int)
	for table, rows := range Dump(t, database) {
		n[table] = len(rows)
	}
	return n
}

func dump(ctx context.Context, database string, org []string) (map[string][]string, error) {
	driver, tables := "pgx", `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	if !strings.HasPrefix(database, "postgres") {
		driver, tables = "sqlite", `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
		database = "file:" + (&url.URL{Path: database}).EscapedPath() + "?_pragma=query_only(1)&_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, database)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	names, err := rows(ctx, db, tables)
	if err != nil {
		return nil, err
	}
	out := make(map[string][]string)
	for _, table := range names {
		table = strings.TrimPrefix(table, "table_name=")
		table = strings.TrimSpace(strings.TrimPrefix(table, "name="))
		if strings.HasPrefix(table, "goose") {
			continue
		}
		query, args := "SELECT * FROM "+table, []any{}
		if len(org) > 0 {
			query, args = query+" WHERE org_id = $1", append(args, org[0])
		}
		if out[table], err = rows(ctx, db, query, args...); err != nil {
			return nil, fmt.Errorf("dump %s: %w", table, err)
		}
	}
	return out, nil
}

// rows returns the rows of a query, each as "column=value" in a line, sorted.
func rows(ctx context.Context, db *sql.DB, query string, args ...any) ([]string, error) {
	rs, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	columns, err := rs.Columns()
	if err != nil {
		return nil, err
	}
	var out []string
	for rs.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rs.Scan(values...); err != nil {
			return nil, err
		}
		var line strings.Builder
		for i, c := range columns {
			v := *values[i].(*any)
			if text, ok := v.([]byte); ok {
				v = string(text)
			}
			fmt.Fprintf(&line, "%s=%v ", c, v)
		}
		out = append(out, line.String())
	}
	slices.Sort(out)
	return out, rs.Err()
}
