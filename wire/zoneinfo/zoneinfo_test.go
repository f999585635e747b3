package zoneinfo_test

import (
	"errors"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

func TestTablesAreShared(t *testing.T) {
	t.Parallel()
	tables := zoneinfo.New()
	var wg sync.WaitGroup
	got := make([]*worktime.Zone, 8)
	for i := range got {
		wg.Go(func() {
			z, err := tables.Zone("Europe/Berlin")
			if err != nil {
				t.Error(err)
			}
			got[i] = z
		})
	}
	wg.Wait()
	for _, z := range got {
		if z == nil || z != got[0] {
			t.Fatalf("one zone, different tables: %p and %p", z, got[0])
		}
	}
}

// TestErrorsAreNotKept holds that a zone can be had once the database is there.
func TestErrorsAreNotKept(t *testing.T) {
	t.Parallel()
	missing := true
	tables := zoneinfo.From(func(name string) (*time.Location, error) {
		if missing {
			return nil, errors.New("no database")
		}
		return time.LoadLocation(name)
	})
	if _, err := tables.Zone("Asia/Tokyo"); err == nil || err.Error() != `load zone "Asia/Tokyo": no database` {
		t.Errorf("without a database: %v", err)
	}
	missing = false
	if z, err := tables.Zone("Asia/Tokyo"); err != nil || z.Name() != "Asia/Tokyo" {
		t.Errorf("with a database: %v, %v", z, err)
	}
	if _, err := tables.Zone("Local"); err == nil {
		t.Error("the machine's own zone was not refused")
	}
}
