package worktime

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Term is how much time an ask gives, the "window" of worktime 6. Terms can be
// compared with ==; the zero Term gives no time at all and nothing is due.
type Term struct {
	kind termKind
	n    int64 // hours, Date or Instant
}

type termKind uint8

const (
	termHours termKind = iota + 1
	termWorkHours
	termDay
	termWeek
	termDate
	termInstant
)

// maxHours is more than the horizon holds and far from any overflow.
const maxHours = 999_999

// Hours is a term of n hours of the day clock: "24h".
func Hours(n int) Term { return Term{termHours, int64(n)} }

// WorkHours is a term of n working hours: "4wh".
func WorkHours(n int) Term { return Term{termWorkHours, int64(n)} }

// EndOfDay is the term "eod", EndOfWeek "eow".
func EndOfDay() Term { return Term{kind: termDay} }

// EndOfWeek is the term "eow".
func EndOfWeek() Term { return Term{kind: termWeek} }

// OnDate is a date as a term, each recipient's own.
func OnDate(d Date) Term { return Term{termDate, int64(d)} }

// OnInstant is a fixed instant as a term, one for all.
func OnInstant(t Instant) Term { return Term{termInstant, int64(t)} }

// ParseTerm reads a term: 24h, 4wh, eod, eow, 2006-01-02 or an RFC 3339
// instant. Hours are from 1 to 999999.
func ParseTerm(s string) (Term, error) {
	switch s {
	case "eod":
		return EndOfDay(), nil
	case "eow":
		return EndOfWeek(), nil
	}
	if n, ok := parseHours(s, "wh"); ok {
		return WorkHours(n), nil
	}
	if n, ok := parseHours(s, "h"); ok {
		return Hours(n), nil
	}
	if d, err := ParseDate(s); err == nil {
		return OnDate(d), nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return OnInstant(Of(t)), nil
	}
	return Term{}, fmt.Errorf("%q: not a term of the form 24h, 4wh, eod, eow, 2006-01-02 or 2006-01-02T15:04:05Z", s)
}

func parseHours(s, unit string) (int, bool) {
	digits, ok := strings.CutSuffix(s, unit)
	if !ok || digits == "" || digits[0] < '1' || digits[0] > '9' {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n <= maxHours
}

// String is t as ParseTerm reads it, an instant in UTC, "" for the zero Term.
func (t Term) String() string {
	switch t.kind {
	case termHours:
		return strconv.FormatInt(t.n, 10) + "h"
	case termWorkHours:
		return strconv.FormatInt(t.n, 10) + "wh"
	case termDay:
		return "eod"
	case termWeek:
		return "eow"
	case termDate:
		return Date(t.n).String()
	case termInstant:
		return Instant(t.n).String()
	default:
		return ""
	}
}

// Fixed reports whether t is a date or an instant: they do not move, and may
// turn out tight.
func (t Term) Fixed() bool { return t.kind == termDate || t.kind == termInstant }
