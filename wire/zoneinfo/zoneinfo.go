// Package zoneinfo gives core/worktime its zone tables: each zone of the tz
// database is loaded and laid out once and then shared.
//
// What does not live here: what a table does (core/worktime), and the database
// itself, which cmd/rubato embeds (time/tzdata) and a newer copy of the system
// overrides (worktime 2.7).
package zoneinfo

import (
	"sync"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Tables keeps zone tables. It is safe for concurrent use.
type Tables struct {
	load worktime.Zones
	kept sync.Map // name -> *worktime.Zone
}

// New returns Tables of the tz database that Go finds.
func New() *Tables { return From(time.LoadLocation) }

// From returns Tables of another source, for tests.
func From(load func(name string) (*time.Location, error)) *Tables {
	return &Tables{load: worktime.Locations(load)}
}

// Zone returns the table of a zone by its IANA name. It is a worktime.Zones.
// Names that are not in the database are errors, "" and "Local" among them, and
// are not kept.
func (t *Tables) Zone(name string) (*worktime.Zone, error) {
	if z, ok := t.kept.Load(name); ok {
		return z.(*worktime.Zone), nil
	}
	z, err := t.load(name)
	if err != nil {
		return nil, err
	}
	kept, _ := t.kept.LoadOrStore(name, z)
	return kept.(*worktime.Zone), nil
}
