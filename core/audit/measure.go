package audit

import (
	"cmp"
	"slices"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Week is one week that is looked at. Seconds; see worktime 10 for its figures.
type Week struct {
	Monday worktime.Date
	worktime.Sync
	// Low counts what was agreed to, High what may have been attended as well;
	// SyncSeconds of Sync counts what was not declined (A2.9).
	Low, High int64
	// Sum is the time of all meetings, each in full: what it is above SyncSeconds
	// was booked twice.
	Sum int64
	// Away is true for a week that was left out, because three days of it or more
	// are out of office (A1.3).
	Away bool
	// Busy are the minutes in meetings by weekday and hour of day, for the map.
	Busy [7][24]int
	// Chained are the days on which three meetings or more follow one another
	// with no more than ten minutes between.
	Chained int
	Late    int // meetings that were called less than a day before
	Called  int // of so many of which it is known
	// Days are the seven days, cut into what their time went to; none unless
	// they were asked for.
	Days []worktime.Cut
}

// interval is the week in the person's zone.
func (in *Input) week(monday worktime.Date) worktime.Interval {
	return worktime.Interval{From: in.Clock.Day(monday).Interval.From, To: in.Clock.Day(monday.AddDays(7)).Interval.From}
}

// window is all weeks, from the first to the last.
func (in *Input) window() worktime.Interval {
	if len(in.Weeks) == 0 {
		return worktime.Interval{}
	}
	return worktime.Interval{From: in.week(in.Weeks[0]).From, To: in.week(in.Weeks[len(in.Weeks)-1]).To}
}

// taken are the meetings of a week.
type taken struct {
	instances []Instance // that the middle value counts
	events    []worktime.Event
	low, high int64 // seconds as low and high count them
}

// taken says which meetings touch a week. A tentative answer counts in the upper
// value alone, one that was not given in the middle and the upper one (A2.9).
func (in *Input) taken(week worktime.Interval) taken {
	var t taken
	low, high := union{from: week.From}, union{from: week.From}
	for _, i := range in.between(week) {
		v := in.judge(i.Item)
		part := worktime.Interval{From: i.Start, To: min(i.End, week.To)}
		high.add(part)
		if v.answer == Maybe {
			continue
		}
		t.instances = append(t.instances, i)
		t.events = append(t.events, event(i))
		if v.answer != Unsaid {
			low.add(part)
		}
	}
	t.low, t.high = low.seconds, high.seconds
	return t
}

// union adds up intervals that come by their start, each second once.
type union struct {
	from    worktime.Instant // what is before was counted
	seconds int64
}

func (u *union) add(v worktime.Interval) {
	if v.To > u.from {
		u.seconds += int64(v.To - max(v.From, u.from))
		u.from = v.To
	}
}

// between are the meetings that touch an interval, by their start.
func (in *Input) between(v worktime.Interval) []Instance {
	first, _ := slices.BinarySearchFunc(in.meetings, v.From-longest, func(i Instance, t worktime.Instant) int { return cmp.Compare(i.Start, t) })
	last, _ := slices.BinarySearchFunc(in.meetings, v.To, func(i Instance, t worktime.Instant) int { return cmp.Compare(i.Start, t) })
	out := in.meetings[first:last]
	if !slices.ContainsFunc(out, func(i Instance) bool { return i.End <= v.From }) {
		return out
	}
	return slices.DeleteFunc(slices.Clone(out), func(i Instance) bool { return i.End <= v.From })
}

// measure measures one week (A3).
func (in *Input) measure(monday worktime.Date) Week {
	span := in.week(monday)
	t := in.taken(span)
	w := Week{Monday: monday, Sync: in.Clock.Sync(monday, t.events, in.pings, in.Recovery), Low: t.low, High: t.high}
	if in.Days {
		for d := monday; d < monday+7; d++ {
			w.Days = append(w.Days, in.Clock.Cut(d, t.events, in.pings, in.Recovery))
		}
	}
	var last worktime.Instant
	chain := 0
	var chained map[worktime.Date]bool
	covered := span.From
	for _, i := range t.instances {
		from, to := max(i.Start, span.From), min(i.End, span.To)
		if from >= to {
			continue
		}
		w.Sum += int64(to - from)
		if c := i.Item.Created; c > 0 {
			w.Called++
			if i.Start >= c && i.Start-c < day {
				w.Late++
			}
		}
		if i.Start-last <= 10*minute {
			chain++
		} else {
			chain = 1
		}
		if chain == 3 {
			if chained == nil {
				chained = make(map[worktime.Date]bool)
			}
			chained[in.Clock.DateOf(i.Start)] = true
		}
		last = max(last, i.End)
		for at := max(from, covered); at < to; { // once, however many there are
			d := in.Clock.DateOf(at)
			into := int64(at - in.Clock.Day(d).Interval.From)
			next := min(to, at+worktime.Instant(hour-into%hour))
			w.Busy[(int(d.Weekday())+6)%7][min(23, into/hour)] += int(next-at) / minute
			at = next
		}
		covered = max(covered, to)
	}
	w.Chained = len(chained)
	w.Away = in.away(span) >= 3
	return w
}

// away counts the working days of a week on which the person is out of office,
// as their calendar says.
func (in *Input) away(week worktime.Interval) int {
	days := make(map[worktime.Date]bool)
	for _, i := range in.Instances {
		if !i.Whole && i.End-i.Start <= longest || i.End <= week.From || i.Start >= week.To || i.Cancelled || !in.outOfOffice(i.Item) {
			continue
		}
		for at := max(i.Start, week.From); at < min(i.End, week.To); at += day {
			if d := in.Clock.DateOf(at); len(in.Clock.Day(d).Pieces) > 0 {
				days[d] = true
			}
		}
	}
	return len(days)
}

// outOfOffice reports whether an entry says that the person is away.
func (in *Input) outOfOffice(i *Item) bool {
	for _, h := range in.judge(i).title {
		if h.Class == Hold && slices.Contains(awayWords, h.Entry) {
			return true
		}
	}
	return i.Away
}

var awayWords = []string{"holiday|holidays", "urlaub", "congés|congé", "vacaciones", "izin"}
