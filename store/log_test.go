package store

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// TestLogIsBegunAnew writes several times as much as the log may hold, while
// there is always somebody who reads: the log stays as short as it may be.
func TestLogIsBegunAnew(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "rubato.db")
	s, err := Open(ctx, Config{Database: path, Unsynced: true, Zones: func(string) (*worktime.Zone, error) { return nil, nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	done := make(chan struct{})
	var all sync.WaitGroup
	// Each begins to read before the other ends, and reads through some commits.
	baton := make(chan *sql.Tx, 1)
	begin := func() *sql.Tx {
		tx, err := s.pool.BeginTx(ctx, s.dialect.snapshot())
		if err == nil {
			var n int
			err = tx.QueryRowContext(ctx, `SELECT count(*) FROM setting`).Scan(&n)
		}
		if err != nil {
			t.Error(err)
		}
		return tx
	}
	baton <- begin()
	all.Go(func() {
		for {
			next := begin()
			_ = (<-baton).Rollback()
			baton <- next
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	})
	const page = 4096
	longest := int64(0)
	for n := range 12 * tooLong / 16 {
		err := s.Write(ctx, Server, func(tx *Tx) error {
			return tx.SetSetting(ctx, "long", strings.Repeat(string(rune('a'+n%26)), 16*page))
		})
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path + "-wal"); err == nil {
			longest = max(longest, info.Size())
		}
	}
	close(done)
	all.Wait()
	_ = (<-baton).Rollback()
	// One try or two may find a reader who takes longer, on a busy machine.
	if most := int64(3*tooLong) * page; longest > most {
		t.Errorf("the log grew to %d pages, want %d at most", longest/page, most/page)
	}
}
