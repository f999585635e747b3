package worktime

import "time"

// Instant is a moment in whole seconds since 1970-01-01T00:00:00Z.
type Instant int64

// Lengths in seconds.
const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
)

// Ends of time, far enough for every charter and small enough to add to.
const (
	never   Instant = -1 << 50
	forever Instant = 1 << 50
)

// Of returns the first whole second that is not before t, so that nothing
// happens before it was asked for (worktime 2.1).
func Of(t time.Time) Instant {
	s := t.Unix()
	if t.Nanosecond() > 0 {
		s++
	}
	return Instant(s)
}

// Time returns i as a time in UTC.
func (i Instant) Time() time.Time { return time.Unix(int64(i), 0).UTC() }

// String is i in RFC 3339, UTC.
func (i Instant) String() string { return i.Time().Format(time.RFC3339) }
