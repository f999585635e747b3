package store_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rubato-hq/rubato/store/storetest"
)

// heard is a driver of SQLite that remembers which texts it was given.
type heard struct {
	name  string
	under driver.Driver
	mu    sync.Mutex
	texts map[string]bool
}

func hear(t *testing.T) *heard {
	t.Helper()
	db, err := sql.Open("sqlite", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	h := &heard{name: "sqlite, heard by " + t.Name(), under: db.Driver(), texts: make(map[string]bool)}
	sql.Register(h.name, h)
	return h
}

// Open is that of a driver.
func (h *heard) Open(name string) (driver.Conn, error) {
	c, err := h.under.Open(name)
	if err != nil {
		return nil, err
	}
	return &hearing{c.(fullConn), h}, nil
}

func (h *heard) say(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.texts[text] = true
}

// fullConn is what database/sql asks of a connection, and SQLite's gives.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

type hearing struct {
	fullConn
	h *heard
}

func (c *hearing) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	c.h.say(text)
	return c.fullConn.PrepareContext(ctx, text)
}

func (c *hearing) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	c.h.say(text)
	return c.fullConn.ExecContext(ctx, text, args)
}

func (c *hearing) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	c.h.say(text)
	return c.fullConn.QueryContext(ctx, text, args)
}

// whole says which texts may read all of an organisation in a table, by a part of
// them, and why.
var whole = []struct{ part, why string }{
	{"DELETE FROM attachment WHERE org_id = ? AND draft_id <> '' AND created_at", "what drafts left behind, looked for once in a while"},
	{"DELETE FROM feed WHERE org_id = ?", "all end after a restore"},
	{"DELETE FROM session WHERE org_id = ?", "all end after a restore"},
	{"DELETE FROM token WHERE org_id = ?", "all end after a restore"},
	{"UPDATE link SET used_at = ? WHERE org_id = ? AND used_at = 0", "all end after a restore"},
	{"UPDATE outbox SET unsure = TRUE, lease_until = 0", "after a restore, at a start and when the clock was set back"},
	{"UPDATE tick SET lease_until = 0, lease_owner = '' WHERE org_id = ? AND lease_until > ", "after a restore, at a start and when the clock was set back"},
	{"item_id FROM crisis WHERE org_id = ?", "in the order of its key, as far as the page goes"},
	{"SELECT due_at FROM tick", "the first of an index"},
	{"SELECT coalesce(max(tx), 0) + 1 FROM event", "the last of an index"},
	{"FROM outbox WHERE org_id = ? AND state = 'waiting'", "only what waits is in the index"},
	{"UPDATE outbox SET state = 'dropped'", "only what waits is in the index"},
	{"FROM delivery WHERE org_id = ? AND delivered_sec = 0", "only what waits is in the index"},
	{"SELECT d.plan_sec, d.delivered_sec, coalesce(o.state", "of the trial's own organisation, which keeps two days"},
	{"FROM holidays WHERE org_id = ?", "a handful"},
	{"created_at FROM organisation", "organisations, not what is in one"},
	{"FROM team WHERE org_id = ? ORDER BY name", "all teams, to choose from"},
	{"SELECT id FROM person WHERE org_id = ? AND role IN", "people alone, when one of them acts on another's rights"},
	{"WHERE p.org_id = ? AND p.state IN ('active', 'imported')", "all people, to choose from"},
	{"FROM person p WHERE p.org_id = ? ORDER BY p.id", "all people, in pages by name"},
	{"WHERE p.org_id = ? AND p.bot = FALSE ORDER BY", "all people, for admins"},
	{"WHERE c.org_id = ? AND c.failed_at > 0", "people alone, for admins"},
	{"FROM watched WHERE org_id = ? ORDER BY since", "hardly ever anybody"},
}

// explain asks SQLite how it would run each text, and fails where it would walk
// through all that an organisation has in a table, or through the whole table,
// and nobody said why. It does so gladly, to find rows in the order that a text
// asks for, if no index has both; and what is read so gets slower with every day
// that an organisation writes.
func (h *heard) explain(t *testing.T) {
	database := sqlite(t)
	if err := storetest.Open(t, database).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables := make(map[string]bool)
	for _, name := range column(t, db, 0, `SELECT name FROM sqlite_master WHERE type = 'table'`) {
		tables[name] = true
	}
	statement := regexp.MustCompile(`^(SELECT|INSERT|UPDATE|DELETE)\b`)
	alias := regexp.MustCompile(`(?:FROM|JOIN) (\w+)(?: AS)? (\w+)`)
	reads := regexp.MustCompile(`^(?:SCAN|SEARCH) (\w+)(.*)$`)
	used := make(map[int]bool) // exceptions that a text needs
	for _, text := range slices.Sorted(maps.Keys(h.texts)) {
		if !statement.MatchString(text) || strings.Contains(text, "goose_") || strings.Contains(text, "sqlite_master") || strings.Contains(text, "pragma_") {
			continue
		}
		bare := strings.Join(strings.Fields(text), " ")
		argued := slices.IndexFunc(whole, func(w struct{ part, why string }) bool { return strings.Contains(bare, w.part) })
		if argued >= 0 {
			used[argued] = true
			continue
		}
		names := make(map[string]string)
		for _, m := range alias.FindAllStringSubmatch(bare, -1) {
			names[m[2]] = m[1]
		}
		for _, text := range []string{text, grown(text)} {
			for _, step := range column(t, db, 3, `EXPLAIN QUERY PLAN `+text, make([]any, strings.Count(text, "?"))...) {
				m := reads.FindStringSubmatch(step)
				if m == nil {
					continue
				}
				table := m[1]
				if is, ok := names[table]; ok {
					table = is
				}
				if tables[table] && (strings.HasPrefix(step, "SCAN") || strings.HasSuffix(m[2], "(org_id=?)")) {
					t.Errorf("reads all of %s (%s):\n%.1000s", table, step, text)
				}
			}
		}
	}
	for i, w := range whole {
		if !used[i] {
			t.Errorf("nothing is run like %q any more: drop that exception", w.part)
		}
	}
	if len(h.texts) < 100 {
		t.Errorf("heard %d texts; this proves nothing", len(h.texts))
	}
}

var (
	sets  = regexp.MustCompile(`IN \(\?(, \?)*\)`)
	pairs = regexp.MustCompile(`IN \(VALUES (\(\?(?:, \?)*\))(, \(\?(, \?)*\))*\)`)
	unite = regexp.MustCompile(`\((SELECT (?:CAST\(\? AS \w+\) AS \w+(?:, )?)+)(?: UNION ALL [^)]*(?:\)[^)]*)*?)?\) v\b`)
)

// grown is a text as it is for many rows at once: what is best for a few is not
// best for these.
func grown(text string) string {
	const many = 64
	times := func(one, between string) string { return strings.Repeat(one+between, many-1) + one }
	text = sets.ReplaceAllString(text, "IN ("+times("?", ", ")+")")
	text = pairs.ReplaceAllStringFunc(text, func(s string) string {
		return "IN (VALUES " + times(pairs.FindStringSubmatch(s)[1], ", ") + ")"
	})
	return unite.ReplaceAllStringFunc(text, func(s string) string {
		return "(" + times(unite.FindStringSubmatch(s)[1], " UNION ALL ") + ") v"
	})
}

// column is one column of all rows, as text.
func column(t *testing.T, db *sql.DB, n int, text string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text, args...)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		into := make([]any, len(names))
		for i := range into {
			into[i] = new(sql.NullString)
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		out = append(out, into[n].(*sql.NullString).String)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
