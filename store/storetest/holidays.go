package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// calendars: the organisation's calendars of holidays come back by name as they
// were brought, are renewed under their name, and go.
func calendars(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	bens := b.Store.Reader(b.actor("a", ben))
	day := func(y int, m time.Month, d int, name string) store.Holiday {
		return store.Holiday{Date: worktime.DateFrom(y, m, d), Name: name}
	}
	bring := func(name string, minute int, days ...store.Holiday) store.Calendar {
		t.Helper()
		c := store.Calendar{Name: name, Days: days, Changed: after(minute), By: ada}
		b.write("a", func(tx *store.Tx) error { return tx.SetCalendar(ctx, c) })
		return c
	}
	b.write("a", func(tx *store.Tx) error { return tx.DropCalendar(ctx, "Turkey") })
	bring("Germany", 1, day(2026, 12, 25, "Weihnachten"))
	bring("Åland", 1)
	germany := bring("Germany", 2, day(2026, 12, 25, "Erster Weihnachtstag"), day(2027, 1, 1, ""))
	b.write("a", func(tx *store.Tx) error {
		if n, err := tx.CountCalendars(ctx); n != 2 || err != nil {
			t.Errorf("CountCalendars = %d, %v, want 2", n, err)
		}
		return tx.DropCalendar(ctx, "Åland")
	})
	if diff := cmp.Diff([]store.Calendar{germany}, must(bens.Calendars(ctx))); diff != "" {
		t.Errorf("Calendars (-want +got):\n%s", diff)
	}
	b.refuse("dropping one that is not there", store.ErrNotFound, "a", func(tx *store.Tx) error { return tx.DropCalendar(ctx, "Åland") })
}
