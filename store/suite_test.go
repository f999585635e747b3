package store_test

import (
	"path/filepath"
	"testing"

	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store/storetest"
)

// sqlite names a new file.
func sqlite(t testing.TB) string { return filepath.Join(t.TempDir(), "rubato.db") }

func TestSQLite(t *testing.T) { storetest.Run(t, sqlite) }

func TestPostgreSQL(t *testing.T) { storetest.Run(t, pgtest.URL) }
