package store

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// TestFullDiskOfPostgres: PostgreSQL says in its own words that its disk is full.
// SQLite's are met by internal/faulttest.
func TestFullDiskOfPostgres(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{"53100": true, "53200": false, "23505": false} {
		if got := errors.Is((&postgresDialect{}).classify(&pgconn.PgError{Code: code}), ErrNoRoom); got != want {
			t.Errorf("%s is a full disk: %v, want %v", code, got, want)
		}
	}
}
