package simtest

import (
	"database/sql"
	"strings"
	"testing"
)

// facts is what came, as it stands in the database.
type facts struct {
	deliveries []delivered
	briefs     map[string]*sealed
	// notes are the ids of what became of asks, by whom and what they say.
	notes map[noteKey][]string
}

type noteKey struct{ root, by, says string }

// delivered is a directed row. at is 0 when it has not come.
type delivered struct {
	id, person, item, cause, brief, dropped string
	version, at                             int64
}

// sealed is a brief with its lines.
type sealed struct {
	id, person, kind string
	// window and at are those of the brief, in seconds; made is when it was
	// made in truth, in milliseconds.
	window, at, made int64
	lines            []line
}

type line struct {
	item, delivery, stream, cause string
	carried                       bool
}

// fresh counts the lines that say something new.
func (s *sealed) fresh() int {
	n := 0
	for _, l := range s.lines {
		if !l.carried {
			n++
		}
	}
	return n
}

// opened is the database of a life, to be read beside it.
func opened(t *testing.T, database string) *sql.DB {
	t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(database, "postgres") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, database)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// read reads everything that the deliveries of one life left behind.
func read(t *testing.T, database string) facts {
	t.Helper()
	db := opened(t, database)
	defer db.Close()
	f := facts{briefs: make(map[string]*sealed), notes: make(map[noteKey][]string)}
	rows(t, db, `SELECT id, person_id, item_id, item_version, cause, delivered_sec, brief_id, dropped_why FROM delivery ORDER BY id`, func(scan func(...any) error) error {
		var d delivered
		err := scan(&d.id, &d.person, &d.item, &d.version, &d.cause, &d.at, &d.brief, &d.dropped)
		f.deliveries = append(f.deliveries, d)
		return err
	})
	rows(t, db, `SELECT id, person_id, kind, window_sec, delivered_sec, sealed_at FROM brief ORDER BY id`, func(scan func(...any) error) error {
		var b sealed
		err := scan(&b.id, &b.person, &b.kind, &b.window, &b.at, &b.made)
		f.briefs[b.id] = &b
		return err
	})
	rows(t, db, `SELECT brief_id, item_id, delivery_id, stream, cause, carried FROM brief_line ORDER BY brief_id, position`, func(scan func(...any) error) error {
		var id string
		var l line
		err := scan(&id, &l.item, &l.delivery, &l.stream, &l.cause, &l.carried)
		f.briefs[id].lines = append(f.briefs[id].lines, l)
		return err
	})
	rows(t, db, `SELECT id, root_id, author_id, point FROM item WHERE kind = 'state' ORDER BY id`, func(scan func(...any) error) error {
		var id string
		var k noteKey
		err := scan(&id, &k.root, &k.by, &k.says)
		f.notes[k] = append(f.notes[k], id)
		return err
	})
	return f
}

func rows(t *testing.T, db *sql.DB, query string, each func(scan func(...any) error) error) {
	t.Helper()
	rs, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rs.Close()
	for rs.Next() {
		if err := each(rs.Scan); err != nil {
			t.Fatal(err)
		}
	}
	if err := rs.Err(); err != nil {
		t.Fatal(err)
	}
}
