package worktime

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// Zone is the table of one time zone: every real change of its offset from
// UTC up to the year 2110. It never changes and is meant to be shared.
type Zone struct {
	name  string
	loc   *time.Location
	start []Instant // offset i is in force in [start[i], start[i+1])
	off   []int32   // seconds east of UTC
	// hint[b] is the index in force at b<<hintShift, a little under every
	// 100 days from 1970 to 2106, so that a look-up need not search.
	hint []uint16
}

// Zones finds the table of a zone by its IANA name; an unknown name is an
// error. It must be safe for concurrent use and should return the same table
// for the same name: wire/zoneinfo keeps them.
type Zones func(name string) (*Zone, error)

// Locations makes Zones of a function like time.LoadLocation. It builds a table
// for every call; wire/zoneinfo keeps them.
func Locations(load func(name string) (*time.Location, error)) Zones {
	return func(name string) (*Zone, error) {
		if err := checkZoneName(name); err != nil {
			return nil, err
		}
		loc, err := load(name)
		if err != nil {
			return nil, fmt.Errorf("load zone %q: %w", name, err)
		}
		return NewZone(name, loc)
	}
}

var errZone = errors.New("not an IANA time zone name")

// checkZoneName refuses names that stand for no zone, or for a different one on
// each machine (worktime 2.6).
func checkZoneName(name string) error {
	switch {
	case name == "", name == "Local", name == "localtime", name == "posixrules",
		strings.HasPrefix(name, "posix/"), strings.HasPrefix(name, "right/"):
		return fmt.Errorf("%q: %w", name, errZone)
	}
	return nil
}

const (
	hintShift = 23
	hints     = 1 << (32 - hintShift)
	maxOffset = 26 * hour // no zone is or was further from UTC (worktime 2.2)
)

// NewZone builds the table of a location under the name as it was written.
func NewZone(name string, loc *time.Location) (*Zone, error) {
	if err := checkZoneName(name); err != nil {
		return nil, err
	}
	z := &Zone{name: name, loc: loc}
	t := time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC).In(loc)
	end := time.Date(2110, 1, 1, 0, 0, 0, 0, time.UTC)
	z.start, z.off = append(z.start, never), append(z.off, offset(t))
	for t.Before(end) {
		t = nextBound(t)
		if t.IsZero() {
			break
		}
		if o := offset(t); o != z.off[len(z.off)-1] {
			z.start, z.off = append(z.start, Instant(t.Unix())), append(z.off, o)
		}
	}
	z.start, z.off = append(z.start, forever), append(z.off, z.off[len(z.off)-1])
	z.start, z.off = slices.Clip(z.start), slices.Clip(z.off)
	z.hint = make([]uint16, hints)
	for b := range z.hint {
		z.hint[b] = uint16(z.search(Instant(b) << hintShift))
	}
	return z, nil
}

func offset(t time.Time) int32 {
	_, o := t.Zone()
	return int32(o)
}

// nextBound is a later time up to which the offset at t is in force, zero when
// it is for ever. ZoneBounds can say that it ended before t on the last day of
// a leap year (golang/go#81583); then the day after is looked through.
func nextBound(t time.Time) time.Time {
	_, end := t.ZoneBounds()
	if end.IsZero() || end.After(t) {
		return end
	}
	next := t.Unix() + day
	if o := offset(t); offset(time.Unix(next, 0).In(t.Location())) != o {
		next = t.Unix() + 1 + int64(sort.Search(day, func(i int) bool {
			return offset(time.Unix(t.Unix()+1+int64(i), 0).In(t.Location())) != o
		}))
	}
	return time.Unix(next, 0).In(t.Location())
}

// Name is the zone's name as it was written.
func (z *Zone) Name() string { return z.name }

// Location is what the table was built from.
func (z *Zone) Location() *time.Location { return z.loc }

// search is the index of the offset in force at t.
func (z *Zone) search(t Instant) int {
	return sort.Search(len(z.start), func(i int) bool { return z.start[i] > t }) - 1
}

// index is search, mostly without searching.
func (z *Zone) index(t Instant) int {
	b := uint64(t) >> hintShift
	if b >= uint64(len(z.hint)) {
		return z.search(min(max(t, never), forever-1))
	}
	i := int(z.hint[b])
	for z.start[i+1] <= t {
		i++
	}
	return i
}

// local is the local time at t.
func (z *Zone) local(t Instant) Local { return Local(t) + Local(z.off[z.index(t)]) }

// At is the first instant at which the local time is l or later: the time
// itself, the first of two in an overlap, the end of a gap (worktime 2.2).
func (z *Zone) At(l Local) Instant {
	for i := z.index(Instant(l) - maxOffset); ; i++ {
		t := max(Instant(l)-Instant(z.off[i]), z.start[i])
		if i+1 == len(z.start) || t < z.start[i+1] {
			return t
		}
	}
}

// AtRFC5545 is l as calendar files mean it: as At, but a time in a gap is read
// with the offset before the gap (RFC 5545, 3.3.5; worktime 10.1).
func (z *Zone) AtRFC5545(l Local) Instant {
	t := z.At(l)
	if z.local(t) == l {
		return t
	}
	return Instant(l) - Instant(z.off[z.index(t)-1])
}

// steady returns the offset around the midnight l, if it is one and the same for
// all that a date, and those in reach of it, can be asked: up to the end of the
// date after and the beginnings of three more.
func (z *Zone) steady(l Local, reach Date) (Instant, bool) {
	// Two days more than reach, and one for the offset itself, are enough.
	from := Instant(l) - Instant(reach+2)*day
	i := z.index(from)
	return Instant(z.off[i]), z.start[i+1] > Instant(l)+Instant(reach/2+4)*day
}
