package worktime

import "fmt"

// Charter is when a person works and reads, as local values (worktime 3). The
// zero value has no hours and no windows. Weekly fields are indexed by
// time.Weekday; the order within lists does not matter.
type Charter struct {
	// Zone is the IANA name of the home zone.
	Zone string
	// Hours are the spans of work of each weekday.
	Hours [7][]Span
	// Windows are the batch windows of each weekday, see EveryDay.
	Windows Windows
	// Focus are weekly focus blocks, FocusOn dated ones.
	Focus   [7][]Span
	FocusOn []LocalSpan
	// Off is time off.
	Off []TimeOff
	// Holidays are dates without work; Dates are the hours of single dates and
	// beat them. Off beats both.
	Holidays []Date
	Dates    map[Date][]Span
	// Travel are stays in other zones.
	Travel []Trip
	// WeekStart is the first day of the week.
	WeekStart WeekStart
}

// Windows are batch windows by weekday. A window is a moment, not a span.
type Windows [7][]TimeOfDay

// EveryDay returns the same windows for every working day.
func EveryDay(at ...TimeOfDay) Windows {
	var w Windows
	for d := range w {
		w[d] = at
	}
	return w
}

// DefaultWindows are those of a charter that names none: 11:00 and 16:00.
func DefaultWindows() Windows { return EveryDay(ClockTime(11, 0), ClockTime(16, 0)) }

// LocalSpan is the local time from From up to To.
type LocalSpan struct{ From, To Local }

// TimeOff is one time off. Either whole dates, From to To, both included: it
// removes the spans that start on them. Or Part is set: it cuts out exactly the
// local times from Begin up to End.
type TimeOff struct {
	From, To   Date
	Part       bool
	Begin, End Local
}

// OffDates is time off of whole dates, both included.
func OffDates(from, to Date) TimeOff { return TimeOff{From: from, To: to} }

// OffTimes is time off from one local time up to another.
func OffTimes(from, to Local) TimeOff { return TimeOff{Part: true, Begin: from, End: to} }

// ParseTimeOff reads a time off from two dates or two local times.
func ParseTimeOff(from, to string) (TimeOff, error) {
	if a, err := ParseDate(from); err == nil {
		b, err := ParseDate(to)
		if err != nil {
			return TimeOff{}, fmt.Errorf("end of time off: %w", err)
		}
		return OffDates(a, b), nil
	}
	a, err := ParseLocal(from)
	if err != nil {
		return TimeOff{}, fmt.Errorf("start of time off: %w", err)
	}
	b, err := ParseLocal(to)
	if err != nil {
		return TimeOff{}, fmt.Errorf("end of time off: %w", err)
	}
	return OffTimes(a, b), nil
}

// Strings returns the start and the end as ParseTimeOff reads them.
func (o TimeOff) Strings() (from, to string) {
	if o.Part {
		return o.Begin.String(), o.End.String()
	}
	return o.From.String(), o.To.String()
}

// Trip is a change of zone by whole dates, From to To, both included, or for
// good when Open is set. Hours keep their local times.
type Trip struct {
	From, To Date
	Open     bool
	Zone     string
}

// last is the last date of the trip.
func (t Trip) last() Date {
	if t.Open {
		return lastDate
	}
	return t.To
}

// The dates before and after all others, small enough to add to.
const (
	firstDate Date = -1 << 28
	lastDate  Date = 1 << 28
)
