// Package oracle says when a thing must reach a person: a second, plain telling
// of the working-time rules (worktime 2 to 5, R12.1, R12.7), written from their
// text, that walks through time minute by minute. Tests hold the product to it.
//
// What does not live here: anything of the product. It imports the standard
// library alone, it is slow, and nothing but tests may use it.
package oracle

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Charter is a person's working time in the words they would write it with:
// spans "09:00-12:30", dates "2026-10-25", local times "2026-10-25T13:00".
type Charter struct {
	Zone     string
	Hours    [7][]string // by time.Weekday
	Windows  [7][]string
	Focus    [7][]string
	FocusOn  [][2]string // local times
	Off      [][2]string // two dates, both included, or two local times
	Holidays []string
	Dates    map[string][]string
	Travel   []Trip
	WeekFrom time.Weekday
}

// Trip is a stay in another zone, both dates included; To is "" for good.
type Trip struct{ From, To, Zone string }

// Moment is when something was done, in nanoseconds since 1970. Two things of
// one instant are told apart by Seq, the order in which they were done.
// AfterLook says that the briefs of that very instant had been made already.
type Moment struct {
	Nano      int64
	AfterLook bool
	Seq       int
}

// Second is the first whole second that is not before the moment: nothing
// happens before it was asked for (worktime 2.1).
func (m Moment) Second() int64 {
	s := m.Nano / nano
	if m.Nano%nano > 0 {
		s++
	}
	return s
}

// Before reports whether a brief that is made at a second finds it done.
func (m Moment) Before(look int64) bool {
	return m.Nano < look*nano || m.Nano == look*nano && !m.AfterLook
}

// World holds the wall clocks and the stretch of time that is looked at.
type World struct {
	from, to int64
	walls    map[string]*wall
	// shared are the calendars of people who work alike, nil to share none.
	shared map[string]*calendar
}

// Sharing lets people with the same charter share a calendar.
func (w *World) Sharing() *World {
	w.shared = make(map[string]*calendar)
	return w
}

// New looks at the time from one second up to another.
func New(from, to int64) *World {
	return &World{from: from, to: to, walls: make(map[string]*wall)}
}

// End is up to when time is looked at.
func (w *World) End() int64 { return w.to }

const (
	nano   = 1_000_000_000
	minute = 60
	hour   = 60 * minute
)

// date counts days since 1970-01-01. A local time is told in seconds, as if the
// wall clock showed UTC.
type date int64

func (d date) weekday() time.Weekday { return time.Unix(d.midnight(), 0).UTC().Weekday() }

func (d date) midnight() int64 { return int64(d) * 24 * hour }

func (d date) String() string { return time.Unix(d.midnight(), 0).UTC().Format(time.DateOnly) }

func dateOf(local int64) date { return date(local / (24 * hour)) } // after 1970

func readDate(s string) date {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(fmt.Sprintf("date %q: %v", s, err))
	}
	return dateOf(t.Unix())
}

// readLocal reads a local time such as 2026-10-25T13:00.
func readLocal(s string) int64 {
	day, clock, _ := strings.Cut(s, "T")
	return readDate(day).midnight() + readClock(clock)
}

// readClock reads 00:00 to 24:00 as seconds after midnight.
func readClock(s string) int64 {
	h, err := strconv.Atoi(s[:2])
	m, err2 := strconv.Atoi(s[3:])
	if err != nil || err2 != nil || s[2] != ':' {
		panic(fmt.Sprintf("time %q", s))
	}
	return int64(h)*hour + int64(m)*minute
}

// readSpan reads 09:00-12:30; one that ends before it starts ends on the next
// date, and its end is more than 24 hours.
func readSpan(s string) (from, to int64) {
	a, b, _ := strings.Cut(s, "-")
	from, to = readClock(a), readClock(b)
	if to < from {
		to += 24 * hour
	}
	return from, to
}

// wall is the wall clock of a zone: what it shows at each minute.
type wall struct {
	loc   *time.Location
	from  int64
	shows []int64
	most  []int64 // the latest that was shown until then
}

func (w *World) wall(zone string) *wall {
	if c, ok := w.walls[zone]; ok {
		return c
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(fmt.Sprintf("zone %q: %v", zone, err))
	}
	c := &wall{loc: loc, from: (w.from - 30*24*hour) / minute * minute}
	most := int64(math.MinInt64)
	for t := c.from; t < w.to+30*24*hour; t += minute {
		shows := showing(t, loc)
		most = max(most, shows)
		c.shows, c.most = append(c.shows, shows), append(c.most, most)
	}
	w.walls[zone] = c
	return c
}

// showing is the local time at an instant.
func showing(t int64, loc *time.Location) int64 {
	y, mo, d := time.Unix(t, 0).In(loc).Date()
	h, mi, s := time.Unix(t, 0).In(loc).Clock()
	return time.Date(y, mo, d, h, mi, s, 0, time.UTC).Unix()
}

// at is the first minute at which the clock shows a local time or a later one
// (worktime 2.2). What lies outside of the time laid out is at an end of it.
func (c *wall) at(local int64) int64 {
	i, _ := slices.BinarySearch(c.most, local)
	return max(c.from+int64(i)*minute, local-26*hour)
}
