package worktime

import (
	"errors"
	"fmt"
	"time"
)

// Date is a day of the calendar without zone, as days since 1970-01-01.
type Date int32

var errDate = errors.New("not a date of the form 2006-01-02")

// DateFrom returns the date of a year, month and day. Days and months beyond
// their ends are carried over, as time.Date does.
func DateFrom(year int, month time.Month, dayOfMonth int) Date {
	// In UTC, time.Date has no gaps and no repeated hours.
	return Date(floorDiv(time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC).Unix(), day))
}

// ParseDate reads 2006-01-02.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("%q: %w", s, errDate)
	}
	return Date(floorDiv(t.Unix(), day)), nil
}

// String is d as 2006-01-02.
func (d Date) String() string { return d.midnight().wall().Format(time.DateOnly) }

// Civil returns the year, month and day of the month.
func (d Date) Civil() (int, time.Month, int) { return d.midnight().wall().Date() }

// Weekday is the day of the week of d.
func (d Date) Weekday() time.Weekday {
	w := (int64(d) + 4) % 7 // 1970-01-01 was a Thursday
	if w < 0 {
		w += 7
	}
	return time.Weekday(w)
}

// AddDays returns the date n days after d.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// At returns the local time of a time of day on d; 24:00 is the next midnight.
func (d Date) At(t TimeOfDay) Local { return d.midnight() + Local(t)*minute }

func (d Date) midnight() Local { return Local(d) * day }

// floorDiv is the integer division that rounds down.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// WeekStart is the day on which a person's week begins, RFC 5545's WKST. The
// zero value is Monday, the default.
type WeekStart uint8

// StartOn returns the week that starts on a weekday.
func StartOn(d time.Weekday) WeekStart { return WeekStart((d + 6) % 7) }

// Weekday is the first day of the week.
func (w WeekStart) Weekday() time.Weekday { return time.Weekday((w + 1) % 7) }

// String is "mon" ... "sun".
func (w WeekStart) String() string { return WeekdayName(w.Weekday()) }

// First is the first date of the week that d lies in.
func (w WeekStart) First(d Date) Date {
	return d - Date((d.Weekday()-w.Weekday()+7)%7)
}

// WeekdayName is the key of a weekday in a charter: "mon" ... "sun".
func WeekdayName(d time.Weekday) string {
	return [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[d]
}

// ParseWeekday reads "mon" ... "sun".
func ParseWeekday(s string) (time.Weekday, error) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if WeekdayName(d) == s {
			return d, nil
		}
	}
	return 0, fmt.Errorf("%q: not a weekday of the form mon", s)
}
