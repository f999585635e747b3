package charter

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// ParseWeek reads spans by weekday from one line: "mon-thu 08:30-12:30,
// 14:30-18:30; fri 08:30-12:30". Days are English three-letter names, a range
// may run over the end of the week. A day named twice keeps both.
func ParseWeek(line string) (week [7][]worktime.Span, err error) {
	for part := range strings.SplitSeq(line, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		days, spans, _ := strings.Cut(part, " ")
		on, err := weekdays(days)
		if err != nil {
			return week, err
		}
		for s := range strings.SplitSeq(spans, ",") {
			span, err := worktime.ParseSpan(strings.TrimSpace(s))
			if err != nil {
				return week, fmt.Errorf("hours of %s: %w", days, err)
			}
			for _, d := range on {
				week[d] = append(week[d], span)
			}
		}
	}
	return week, nil
}

func weekdays(s string) ([]time.Weekday, error) {
	from, to, ranged := strings.Cut(s, "-")
	first, err := worktime.ParseWeekday(from)
	if err != nil {
		return nil, err
	}
	if !ranged {
		return []time.Weekday{first}, nil
	}
	last, err := worktime.ParseWeekday(to)
	if err != nil {
		return nil, err
	}
	on := []time.Weekday{first}
	for d := first; d != last; {
		d = (d + 1) % 7
		on = append(on, d)
	}
	return on, nil
}

// ParseWindows reads the batch windows of every working day: "11:00 16:00".
func ParseWindows(line string) (worktime.Windows, error) {
	var at []worktime.TimeOfDay
	for s := range strings.FieldsSeq(line) {
		t, err := worktime.ParseTimeOfDay(s)
		if err != nil {
			return worktime.Windows{}, err
		}
		at = append(at, t)
	}
	slices.Sort(at)
	return worktime.EveryDay(slices.Compact(at)...), nil
}
