package door

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/store"
)

// Bounds of the organisation's calendars of holidays: how many, and how long a
// name is, of a calendar or of a day, in characters.
const (
	MaxCalendars    = 100
	MaxCalendarName = 40
	maxHolidayName  = 50
)

// SetCalendar keeps a calendar of holidays under a name, in place of the one
// that had it (worktime 3.2). It changes nobody's charter: that is written by
// its owner alone (R3.3), who takes days from it.
func (d *Door) SetCalendar(ctx context.Context, by access.Actor, name string, days []store.Holiday) error {
	name = oneLine(name, MaxCalendarName)
	switch {
	case name == "" || strings.ContainsAny(name, `/\`):
		return problem("name", "calendar-name")
	case len(days) == 0:
		return problem("days", "no-holidays")
	case len(days) > charter.MaxHolidays:
		return problem("days", "calendar-too-much")
	}
	days = slices.Clone(days)
	for i := range days {
		days[i].Name = oneLine(days[i].Name, maxHolidayName)
	}
	slices.SortStableFunc(days, func(a, b store.Holiday) int { return cmp.Compare(a.Date, b.Date) })
	days = slices.CompactFunc(days, func(a, b store.Holiday) bool { return a.Date == b.Date })
	return d.onCalendars(ctx, by, store.ActCalendarSet, name, func(tx *store.Tx) error {
		if err := tx.SetCalendar(ctx, store.Calendar{Name: name, Days: days, Changed: d.now(), By: by.Person}); err != nil {
			return err
		}
		n, err := tx.CountCalendars(ctx)
		if err == nil && n > MaxCalendars {
			return problem("name", "too-many-calendars")
		}
		return err
	})
}

// DropCalendar takes a calendar of holidays away. Days that people took from it
// stay theirs.
func (d *Door) DropCalendar(ctx context.Context, by access.Actor, name string) error {
	err := d.onCalendars(ctx, by, store.ActCalendarDropped, name, func(tx *store.Tx) error { return tx.DropCalendar(ctx, name) })
	if errors.Is(err, store.ErrNotFound) {
		return access.ErrHidden
	}
	return err
}

func (d *Door) onCalendars(ctx context.Context, by access.Actor, act store.Act, name string, fn func(*store.Tx) error) error {
	return d.store.Write(ctx, by.Org, func(tx *store.Tx) error {
		if err := access.Can(by, access.Govern, access.Object{Kind: access.Organisation, Org: by.Org}); err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: by.Person, Act: act, Object: name})
	})
}
