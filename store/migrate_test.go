package store

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rubato-hq/rubato/internal/pgtest"
)

// TestMigrationsAreOne holds that a step which fails takes the steps before it
// back: the version before could not open a schema in the middle.
func TestMigrationsAreOne(t *testing.T) {
	for name, open := range map[string]func(testing.TB) string{
		"SQLite": func(t testing.TB) string { return filepath.Join(t.TempDir(), "rubato.db") }, "PostgreSQL": pgtest.URL,
	} {
		t.Run(name, func(t *testing.T) {
			st, err := Open(t.Context(), Config{Database: open(t)})
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			newest, err := Newest()
			if err != nil {
				t.Fatal(err)
			}
			base, err := migrationSteps()
			if err != nil {
				t.Fatal(err)
			}
			with := func(second string) fs.FS {
				folder := fstest.MapFS{
					"9001_first.sql":  {Data: []byte("-- +goose Up\nCREATE TABLE later (org_id TEXT NOT NULL);\nINSERT INTO later (org_id) VALUES ('a');\n")},
					"9002_second.sql": {Data: []byte("-- +goose Up\nUPDATE later SET org_id = 'b';\n" + second)},
				}
				entries, err := fs.ReadDir(base, ".")
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range entries {
					text, err := fs.ReadFile(base, e.Name())
					if err != nil {
						t.Fatal(err)
					}
					folder[e.Name()] = &fstest.MapFile{Data: text}
				}
				return folder
			}
			for what, second := range map[string]string{
				"a wrong statement": "CREATE TABLE;\n",
				"a row in the way":  "INSERT INTO later (org_id) VALUES (NULL);\n",
			} {
				err = st.migrateBy(t.Context(), with(second), 9002)
				if err == nil || !strings.Contains(err.Error(), "migration 9002 failed and nothing was changed") {
					t.Errorf("%s: %v", what, err)
				}
				if v, err := st.SchemaVersion(t.Context()); v != newest || err != nil {
					t.Errorf("%s: the schema is at %d, %v; want it as before, at %d", what, v, err, newest)
				}
				if n, err := single(t.Context(), st.pool, st.dialect, scanInt, `SELECT count(*) FROM later`); err == nil {
					t.Errorf("%s: the table of the step before is there, with %d rows", what, n)
				}
			}
			if err := st.migrateBy(t.Context(), with(""), 9002); err != nil {
				t.Fatal(err)
			}
			if v, err := st.SchemaVersion(t.Context()); v != 9002 || err != nil {
				t.Errorf("the schema is at %d, %v, want 9002", v, err)
			}
			if got, err := list(t.Context(), st.pool, st.dialect, scanString, `SELECT org_id FROM later`); err != nil || len(got) != 1 || got[0] != "b" {
				t.Errorf("rows = %v, %v, want b", got, err)
			}
		})
	}
}
