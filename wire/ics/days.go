package ics

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/rubato-hq/rubato/core/worktime"
)

// ErrTooMuch says that a file repeats its events without measure.
var ErrTooMuch = errors.New("its rules repeat without measure")

// The bounds of expanding one file: dates looked at, and events.
const (
	maxSteps  = 5_000_000
	maxEvents = 20_000
	maxName   = 120
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

// allDay is an event as far as it matters here.
type allDay struct {
	uid, name string
	start     worktime.Date
	length    int // in days
	repeats   bool
	rule      rule
	more, out []worktime.Date // RDATE and EXDATE
	instead   worktime.Date   // RECURRENCE-ID
	override  bool
	cancelled bool
}

// instance is one date of what repeats.
type instance struct {
	uid  string
	date worktime.Date
}

// Days returns the dates in [from, to] that the all-day events of a file take,
// each once under its first name, sorted: single ones, those of several days,
// repeated ones with their exceptions and replacements. Timed events do not
// count.
func Days(r io.Reader, from, to worktime.Date) ([]Day, Report, error) {
	var report Report
	var events []allDay
	replaced := make(map[instance]bool)
	in := NewReader(r)
	for {
		e, err := in.Event()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, report, err
		}
		a, err := wholeDays(e)
		switch {
		case errors.Is(err, errTimed):
			report.Timed++
			continue
		case err != nil:
			report.Unreadable++
			continue
		case a.override:
			replaced[instance{a.uid, a.instead}] = true
		}
		if a.cancelled {
			report.Cancelled++
			continue
		}
		if events = append(events, a); len(events) > maxEvents {
			return nil, report, ErrTooMuch
		}
	}
	names := make(map[worktime.Date]string)
	steps := maxSteps
	for _, a := range events {
		starts, ok := a.starts(from, to, &steps)
		if !ok {
			return nil, report, ErrTooMuch
		}
		for _, d := range starts {
			if !a.override && (slices.Contains(a.out, d) || replaced[instance{a.uid, d}]) {
				continue
			}
			end := d.AddDays(a.length)
			if steps -= max(0, int(min(end, to+1)-max(d, from))); steps < 0 {
				return nil, report, ErrTooMuch
			}
			for ; d < end; d = max(d.AddDays(1), from) {
				if d > to {
					break
				}
				if _, there := names[d]; !there && d >= from {
					names[d] = a.name
				}
			}
		}
	}
	out := make([]Day, 0, len(names))
	for d, name := range names {
		out = append(out, Day{d, name})
	}
	slices.SortFunc(out, func(a, b Day) int { return cmp.Compare(a.Date, b.Date) })
	return out, report, nil
}

// starts are the dates on which an event starts, as far as it reaches into
// [from, to].
func (a allDay) starts(from, to worktime.Date, steps *int) ([]worktime.Date, bool) {
	out := append([]worktime.Date{a.start}, a.more...)
	if a.repeats && !a.override {
		dates, ok := a.rule.dates(a.start, from.AddDays(1-a.length), to, steps)
		if !ok {
			return nil, false
		}
		out = append(dates, a.more...)
	}
	return out, true
}

// errTimed says of an event that it has a time of day.
var errTimed = errors.New("an event with a time of day")

// maxLength bounds one event, in days: longer ones are no holidays.
const maxLength = 400

func wholeDays(e Event) (allDay, error) {
	a := allDay{uid: e.text("UID"), name: clean(e.text("SUMMARY")), length: 1}
	a.cancelled = strings.EqualFold(e.text("STATUS"), "CANCELLED")
	begin, ok := e.Get("DTSTART")
	if !ok {
		return a, errRule
	}
	if !isDate(begin, e) {
		return a, errTimed
	}
	var err error
	if a.start, err = dateOf(begin.Value); err != nil {
		return a, err
	}
	if end, ok := e.Get("DTEND"); ok {
		last, err := dateOf(end.Value)
		if err != nil {
			return a, err
		}
		a.length = int(last - a.start)
	} else if p, ok := e.Get("DURATION"); ok {
		a.length = days(p.Value)
	}
	a.length = min(max(a.length, 1), maxLength) // an end at the start is written for one day
	if p, ok := e.Get("RECURRENCE-ID"); ok {
		a.override = true
		if a.instead, err = dateOf(p.Value); err != nil {
			return a, err
		}
	}
	if p, ok := e.Get("RRULE"); ok {
		a.repeats = true
		if a.rule, err = parseRule(p.Value); err != nil {
			return a, err
		}
	}
	for _, p := range e.Properties {
		if p.Name != "RDATE" && p.Name != "EXDATE" {
			continue
		}
		for one := range strings.SplitSeq(p.Value, ",") {
			d, err := dateOf(one)
			if err != nil {
				return a, err
			}
			if p.Name == "RDATE" {
				a.more = append(a.more, d)
			} else {
				a.out = append(a.out, d)
			}
		}
	}
	return a, nil
}

// isDate reports whether an event is of whole days: its start is a date, or
// Outlook says so of a midnight.
func isDate(begin Property, e Event) bool {
	if len(begin.Value) == len("20060102") {
		return true
	}
	p, _ := e.Get("X-MICROSOFT-CDO-ALLDAYEVENT")
	return strings.EqualFold(p.Value, "TRUE") && strings.HasPrefix(begin.Value[min(8, len(begin.Value)):], "T000000")
}

// dateOf is the date of a DATE, or of a DATE-TIME where it says it.
func dateOf(s string) (worktime.Date, error) {
	s = strings.TrimSpace(s)
	if len(s) > 8 && s[8] != 'T' {
		return 0, errRule
	}
	t, err := time.Parse("20060102", s[:min(8, len(s))])
	if err != nil || t.Year() < 1 {
		return 0, errRule
	}
	return worktime.DateFrom(t.Year(), t.Month(), t.Day()), nil
}

// days is a duration of whole days or weeks: "P1D", "P2W". Anything else is one
// day.
func days(s string) int {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "+"), "P")
	each := 1
	if weeks, ok := strings.CutSuffix(s, "W"); ok {
		s, each = weeks, 7
	} else {
		s, _, _ = strings.Cut(s, "D")
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxLength {
		return 1
	}
	return n * each
}

// clean is a name on one line, of bounded length.
func clean(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if r := []rune(s); len(r) > maxName {
		return string(r[:maxName-1]) + "…"
	}
	return s
}
