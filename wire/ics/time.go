package ics

import (
	"errors"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
)

// Time is a date, or a date with a time of day, as a file says it.
type Time struct {
	Local worktime.Local // what a clock shows there
	Zone  *worktime.Zone // nil: floating, wherever its reader is
	Whole bool           // a date alone; Local is its midnight
	place int            // of its zone's name, until it is resolved
}

// At is the instant of a time; what floats is read in a zone.
func (t Time) At(floating *worktime.Zone) worktime.Instant {
	if t.Zone != nil {
		return t.Zone.AtRFC5545(t.Local)
	}
	return floating.AtRFC5545(t.Local)
}

var errTime = errors.New("a time that is none")

// The places of zones that have no name in a file.
const (
	floats = 0
	inUTC  = 1
)

// parseTime reads 20261124 or 20261124T093000 or 20261124T093000Z. The place
// says which of floats and inUTC it is.
func parseTime(b []byte) (t Time, err error) {
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	if len(b) < 8 {
		return t, errTime
	}
	y, ok1 := digits(b[:4])
	m, ok2 := digits(b[4:6])
	d, ok3 := digits(b[6:8])
	if !ok1 || !ok2 || !ok3 || y < 1 || m < 1 || m > 12 || d < 1 || d > monthLength(y, m) {
		return t, errTime
	}
	t.Local = worktime.Local(civil(y, m, d)) * day
	if len(b) == 8 {
		t.Whole = true
		return t, nil
	}
	if len(b) < 15 || b[8] != 'T' && b[8] != 't' || len(b) > 16 {
		return t, errTime
	}
	h, ok1 := digits(b[9:11])
	n, ok2 := digits(b[11:13])
	s, ok3 := digits(b[13:15])
	if !ok1 || !ok2 || !ok3 || h > 23 || n > 59 || s > 60 {
		return t, errTime
	}
	t.Local += worktime.Local(h*hour + n*minute + min(s, 59)) // no clock of ours shows a leap second
	if len(b) == 16 {
		if b[15] != 'Z' && b[15] != 'z' {
			return t, errTime
		}
		t.place = inUTC
	}
	return t, nil
}

func digits(b []byte) (n int, ok bool) {
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}

// civil is a date in days since 1970.
func civil(y, m, d int) int { return int(worktime.DateFrom(y, time.Month(m), d)) }

// civilOf is the date of so many days since 1970.
func civilOf(days int) (y, m, d int) {
	y, month, d := worktime.Date(days).Civil() //nolint:gosec // dates of four digits
	return y, int(month), d
}

func leap(y int) bool { return y%4 == 0 && (y%100 != 0 || y%400 == 0) }

func monthLength(y, m int) int {
	switch m {
	case 2:
		if leap(y) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// dayOf is the date of a local time, in days since 1970.
func dayOf(l worktime.Local) int { return int(l.Date()) }

// weekdayOf is 0 for Monday.
func weekdayOf(days int) int {
	return (int(worktime.Date(days).Weekday()) + 6) % 7 //nolint:gosec // dates of four digits
}

// parseDuration reads a DURATION (RFC 5545, 3.3.6): whole days, of which weeks
// are seven, and seconds.
func parseDuration(s string) (days int, seconds int64, err error) {
	sign := 1
	switch {
	case s == "":
		return 0, 0, errTime
	case s[0] == '-':
		sign, s = -1, s[1:]
	case s[0] == '+':
		s = s[1:]
	}
	if len(s) < 2 || s[0] != 'P' && s[0] != 'p' {
		return 0, 0, errTime
	}
	inTime, n, have := false, 0, false
	for _, c := range []byte(s[1:]) {
		switch {
		case digit(c):
			if n = 10*n + int(c-'0'); n > 1<<31 {
				return 0, 0, errTime
			}
			have = true
			continue
		case (c == 'T' || c == 't') && !inTime && !have:
			inTime = true
			continue
		case !have:
			return 0, 0, errTime
		}
		switch c {
		case 'W', 'w':
			days += 7 * n
		case 'D', 'd':
			days += n
		case 'H', 'h':
			seconds += int64(n) * hour
		case 'M', 'm':
			seconds += int64(n) * minute
		case 'S', 's':
			seconds += int64(n)
		default:
			return 0, 0, errTime
		}
		n, have = 0, false
	}
	if have || days > 1<<20 || seconds > 1<<40 {
		return 0, 0, errTime
	}
	return sign * days, int64(sign) * seconds, nil
}
