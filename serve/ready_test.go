package serve

import (
	"log/slog"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// TestWhatIsNotReady takes the parts away: a database that is closed, an engine
// that never went round, a folder that does not exist.
func TestWhatIsNotReady(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(t.Context(), store.Config{Database: filepath.Join(dir, "rubato.db"), Zones: zoneinfo.New().Zone})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	r := readiness{store: st, engine: delivery.New(delivery.Config{Store: st, Now: time.Now, Log: log}), data: dir, log: log}
	look := func(want ...string) {
		t.Helper()
		r.at = time.Time{} // as if the last answer were old
		if got := r.failing(t.Context()); !slices.Equal(got, want) {
			t.Errorf("failing = %q, want %q", got, want)
		}
	}
	look("engine")
	r.data = filepath.Join(dir, "none")
	look("engine", "disk")
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	look("database", "engine", "disk")

	// An answer holds for a moment, so that asking costs nothing.
	r.data = dir
	if got := r.failing(t.Context()); !slices.Contains(got, "disk") {
		t.Errorf("asked again at once it says %q", got)
	}
}
