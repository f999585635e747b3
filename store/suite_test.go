package store_test

import (
	"path/filepath"
	"testing"

	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store/storetest"
)

// sqlite names a new file.
func sqlite(t testing.TB) string { return filepath.Join(t.TempDir(), "rubato.db") }

// TestSQLite also holds every text that was run to reading by an index.
func TestSQLite(t *testing.T) {
	h := hear(t)
	storetest.Run(t, sqlite, h.name)
	h.explain(t)
}

func TestPostgreSQL(t *testing.T) { storetest.Run(t, pgtest.URL, "") }
