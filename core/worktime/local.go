package worktime

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// TimeOfDay is a local time of day in minutes after 00:00; 24:00, the midnight
// that ends the date, is 1440.
type TimeOfDay int16

const endOfDay TimeOfDay = 24 * 60

var (
	errTime  = errors.New("not a time of the form 09:00")
	errSpan  = errors.New("not a span of the form 09:00-12:30")
	errLocal = errors.New("not a local time of the form 2006-01-02T15:04")
)

// ClockTime returns the time of day at an hour and a minute.
func ClockTime(hour, minute int) TimeOfDay { return TimeOfDay(hour*60 + minute) }

// ParseTimeOfDay reads 00:00 to 24:00, always five characters.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	if len(s) != 5 || s[2] != ':' {
		return 0, fmt.Errorf("%q: %w", s, errTime)
	}
	h, okH := twoDigits(s[:2])
	m, okM := twoDigits(s[3:])
	t := ClockTime(h, m)
	if !okH || !okM || m > 59 || t > endOfDay {
		return 0, fmt.Errorf("%q: %w", s, errTime)
	}
	return t, nil
}

func twoDigits(s string) (int, bool) {
	if s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9' {
		return 0, false
	}
	return int(s[0]-'0')*10 + int(s[1]-'0'), true
}

// String is t as 09:00.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", t/60, t%60) }

func (t TimeOfDay) valid() bool { return 0 <= t && t <= endOfDay }

// Span is a stretch of local time that belongs to the date it starts on. An
// end before the start lies on the next date (worktime 3).
type Span struct{ From, To TimeOfDay }

// ParseSpan reads 09:00-12:30. An end at the start and a start at 24:00 are
// errors.
func ParseSpan(s string) (Span, error) {
	from, to, ok := strings.Cut(s, "-")
	if !ok {
		return Span{}, fmt.Errorf("%q: %w", s, errSpan)
	}
	a, errA := ParseTimeOfDay(from)
	b, errB := ParseTimeOfDay(to)
	v := Span{a, b}
	if errA != nil || errB != nil || !v.valid() {
		return Span{}, fmt.Errorf("%q: %w", s, errSpan)
	}
	return v, nil
}

// String is v as 09:00-12:30.
func (v Span) String() string { return v.From.String() + "-" + v.To.String() }

func (v Span) valid() bool {
	return v.From.valid() && v.To.valid() && v.From != endOfDay && v.From != v.To
}

// crosses reports whether v ends on the next date; 24:00 is still its own.
func (v Span) crosses() bool { return v.To < v.From }

// end is the end in minutes after the midnight that begins the date.
func (v Span) end() TimeOfDay {
	if v.crosses() {
		return v.To + endOfDay
	}
	return v.To
}

// Local is a local date and time without zone, in seconds since
// 1970-01-01T00:00 there, as if it were UTC.
type Local int64

// ParseLocal reads 2006-01-02T15:04, with seconds if given. 24:00 is the
// midnight that ends the date.
func ParseLocal(s string) (Local, error) {
	date, clock, ok := strings.Cut(s, "T")
	d, err := ParseDate(date)
	if !ok || err != nil || len(clock) < 5 {
		return 0, fmt.Errorf("%q: %w", s, errLocal)
	}
	t, err := ParseTimeOfDay(clock[:5])
	if err != nil {
		return 0, fmt.Errorf("%q: %w", s, errLocal)
	}
	l := d.At(t)
	if rest := clock[5:]; rest != "" {
		sec, ok := 0, len(rest) == 3 && rest[0] == ':'
		if ok {
			sec, ok = twoDigits(rest[1:])
		}
		if !ok || sec > 59 || t == endOfDay && sec > 0 {
			return 0, fmt.Errorf("%q: %w", s, errLocal)
		}
		l += Local(sec)
	}
	return l, nil
}

// Date is the date of l.
func (l Local) Date() Date { return Date(floorDiv(int64(l), day)) }

// String is l as 2006-01-02T15:04, with seconds only where there are any.
func (l Local) String() string {
	if l%minute != 0 {
		return l.wall().Format("2006-01-02T15:04:05")
	}
	return l.wall().Format("2006-01-02T15:04")
}

func (l Local) wall() time.Time { return time.Unix(int64(l), 0).UTC() }
