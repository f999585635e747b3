package intake

import (
	"cmp"
	"slices"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Facts are counts over calendars by which their reading can be compared with
// any other reader's.
type Facts struct {
	VEvents            int     `json:"vevents"`
	Instances          int     `json:"instances"`
	InstancesCancelled int     `json:"instances_cancelled"`
	InstancesAllDay    int     `json:"instances_all_day"`
	WeekInstancesTimed int     `json:"week_instances_timed"`
	BusyHoursSum       float64 `json:"busy_hours_sum"`
	BusyHoursUnion     float64 `json:"busy_hours_union"`
}

// Facts counts the instances that start in [from, to) in a zone, the cancelled
// and the all-day ones among them; and of the seven days from a Monday on the
// timed ones that take place and keep somebody busy, with their hours, cut to
// that week. What a series leaves out (EXDATE) is no instance.
func (c *Calendars) Facts(zone *worktime.Zone, from, to, monday worktime.Date) Facts {
	f := Facts{VEvents: c.Found}
	at := func(d worktime.Date) worktime.Instant { return zone.AtRFC5545(d.At(0)) }
	begin, end := at(from), at(to)
	week := worktime.Interval{From: at(monday), To: at(monday.AddDays(7))}
	var busy []worktime.Interval
	var sum worktime.Instant
	for i := range c.Instances(min(begin, week.From), max(end, week.To), zone) {
		if i.Excluded {
			continue
		}
		if i.Start >= begin && i.Start < end {
			f.Instances++
			if i.Cancelled {
				f.InstancesCancelled++
			}
			if i.Whole {
				f.InstancesAllDay++
			}
		}
		part := worktime.Interval{From: max(i.Start, week.From), To: min(i.End, week.To)}
		if i.Whole || i.Cancelled || i.Event.Free || part.From >= part.To {
			continue
		}
		f.WeekInstancesTimed++
		sum += part.To - part.From
		busy = append(busy, part)
	}
	slices.SortFunc(busy, func(a, b worktime.Interval) int { return cmp.Compare(a.From, b.From) })
	var union, reached worktime.Instant
	for _, b := range busy {
		if b.From > reached {
			union += b.To - b.From
		} else if b.To > reached {
			union += b.To - reached
		}
		reached = max(reached, b.To)
	}
	f.BusyHoursSum, f.BusyHoursUnion = float64(sum)/3600, float64(union)/3600
	return f
}
