package ics

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/rubato-hq/rubato/core/worktime"
)

// ErrTooMuch says that a file repeats its events without measure.
var ErrTooMuch = errors.New("its rules repeat without measure")

// The bounds of reading holidays.
const (
	maxEvents = 20_000
	maxName   = 120
	maxLength = 400 // days of one event: longer ones are no holidays
)

// Day is a date that an all-day event takes.
type Day struct {
	Date worktime.Date
	Name string // "" where the file says none
}

// Report counts what was in a file and did not become a date.
type Report struct {
	Timed      int // events with a time of day
	Cancelled  int
	Unreadable int // events without a date, or with a rule that is none
}

// Days returns the dates in [from, to] that the all-day events of a file take,
// each once under its first name, sorted: single ones, those of several days,
// repeated ones with their exceptions and replacements. Timed events do not
// count. zones are those of the tz database.
func Days(r io.Reader, zones *Zones, from, to worktime.Date) ([]Day, Report, error) {
	var report Report
	utc, ok := zones.Named("UTC")
	if !ok {
		return nil, report, errZone
	}
	s := NewSet(zones)
	if err := s.Read("", r); err != nil {
		return nil, report, err
	}
	report.Unreadable = s.Found
	count := 0
	for _, o := range s.Objects {
		whole := o.Events[:0]
		for _, e := range o.Events {
			report.Unreadable--
			switch {
			case !e.Start.Whole:
				report.Timed++
			case e.cancelled() && !e.Override:
				report.Cancelled++
			default:
				if e.cancelled() {
					report.Cancelled++
				}
				whole = append(whole, e)
			}
		}
		o.Events = whole
		count += len(whole)
	}
	if count > maxEvents {
		return nil, report, ErrTooMuch
	}
	names := make(map[worktime.Date]string)
	begin, end := worktime.Instant(from)*day, worktime.Instant(to+1)*day
	faulty := s.Faulty
	for i := range s.Instances(begin, end, utc) {
		if i.Cancelled {
			continue
		}
		first := max(from, worktime.Date(dayOf(worktime.Local(i.Start))))               //nolint:gosec // in the range that was asked for
		last := min(to, worktime.Date(dayOf(worktime.Local(i.End-1))), first+maxLength) //nolint:gosec // dates of four digits
		for d := first; d <= last; d++ {
			if _, there := names[d]; !there {
				names[d] = clean(i.Event.Summary)
			}
		}
	}
	if s.Faulty > faulty {
		return nil, report, ErrTooMuch
	}
	out := make([]Day, 0, len(names))
	for d, name := range names {
		out = append(out, Day{d, name})
	}
	slices.SortFunc(out, func(a, b Day) int { return cmp.Compare(a.Date, b.Date) })
	return out, report, nil
}

// clean is a text on one line, of bounded length.
func clean(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if r := []rune(s); len(r) > maxName {
		return string(r[:maxName-1]) + "…"
	}
	return s
}
