package worktime

import "slices"

// The figures of worktime 10, in seconds but for studyDay.
const (
	burst       = 120      // a ping this soon belongs to the one before
	focusBlock  = 2 * hour // a shorter gap is a fragment
	deepBlock   = 3 * hour
	studyDay    = 275 // interruptions a day in the study
	officeStart = TimeOfDay(9 * 60)
	officeEnd   = TimeOfDay(18 * 60)
)

// Recovery is how many seconds pass until somebody has found the thread again
// (worktime 10.5): the figure of a study, and the most that is said of anybody.
const Recovery = 23*minute + 15

// Sync is what a week of meetings and pings took (worktime 10.7). All figures
// ending in Seconds are seconds.
type Sync struct {
	Meetings    int // that touch the week
	Blocks      int // merged meetings in it
	SyncSeconds int64
	Tier        Tier

	WorkSeconds int64
	Workdays    int

	Fragments       int // gaps under two hours
	FragmentSeconds int64
	FocusBlocks     int // gaps from two hours
	FocusSeconds    int64
	DeepBlocks      int   // those of them from three hours
	LongestSeconds  int64 // the longest gap

	Interruptions int
	// EverySeconds is the work between interruptions, 0 without any.
	EverySeconds int64
	// Of275Percent is the interruptions as a share of the study's 275 a working
	// day, 0 without working days.
	Of275Percent    int64
	RecoverySeconds int64

	OutsideSeconds   int64 // meetings outside stated hours
	EarlyLateSeconds int64 // meetings before 9 or after 6, and not in stated hours
	EarlyLatePings   int
}

// Sync accounts for the week that a date lies in, from the events of a calendar
// and the pings that came (worktime 10). Events and pings outside the week
// matter only where they reach into it. recovery is how many seconds follow an
// interruption, [Recovery] for the study's.
func (c *Clock) Sync(date Date, events []Event, pings []Instant, recovery int64) Sync {
	first := c.week.First(date)
	week := Interval{c.starts(first), c.starts(first + 7)}
	near := Interval{week.From - 4*day, week.To + 4*day}
	work := c.workIn(near)
	pings = slices.Sorted(slices.Values(pings))

	var s Sync
	var lengths []Interval
	for _, e := range events {
		if !e.Meeting() {
			continue
		}
		v := Interval{e.Start, e.End}
		if !v.clip(week).empty() {
			s.Meetings++
		}
		lengths = append(lengths, v)
	}
	meetings := merge(lengths)
	inWeek := week.both(nil, meetings)
	s.Blocks, s.SyncSeconds = len(inWeek), total(inWeek)
	s.Tier = TierOf(s.SyncSeconds)
	s.WorkSeconds = week.within(work)

	for d := first; d < first+7; d++ {
		if c.working(d) {
			s.Workdays++
			s.addGaps(minus(nil, c.plainPieces(nil, d), meetings))
		}
	}
	quiet := minus(nil, week.both(nil, work), meetings)
	s.Interruptions = bursts(pings, quiet)
	for _, m := range inWeek {
		if m.touches(work) {
			s.Interruptions++
		}
	}
	if s.Interruptions > 0 {
		s.EverySeconds = s.WorkSeconds / int64(s.Interruptions)
	}
	if n := studyDay * int64(s.Workdays); n > 0 {
		s.Of275Percent = (200*int64(s.Interruptions) + n) / (2 * n)
	}
	s.RecoverySeconds = total(both(quiet, recoveries(pings, meetings, Instant(recovery))))

	core := c.coreHours(first, work)
	s.OutsideSeconds = total(minus(nil, inWeek, work))
	s.EarlyLateSeconds = total(minus(nil, inWeek, core))
	for _, p := range pings {
		if week.Contains(p) && !contains(core, p) {
			s.EarlyLatePings++
		}
	}
	return s
}

// Cut is a date, cut into what its time went to (worktime 10). All lists are
// sorted, and nothing in one of them overlaps.
type Cut struct {
	Work []Interval // stated hours
	Live []Interval // meetings, in stated hours or not
	// Focus are the gaps between meetings from two hours on, Fragments the
	// shorter ones, both in stated hours. Recovery lies within them.
	Focus, Fragments, Recovery []Interval
}

// Cut cuts a date up by the events of a calendar and the pings that came, as
// Sync accounts for it.
func (c *Clock) Cut(d Date, events []Event, pings []Instant, recovery int64) Cut {
	cut := Cut{Work: c.plainPieces(nil, d)}
	date := c.plainDay(d)
	var lengths []Interval
	for _, e := range events {
		if e.Meeting() {
			lengths = append(lengths, Interval{e.Start, e.End})
		}
	}
	meetings := merge(lengths)
	span := date
	for _, w := range cut.Work { // a night's work ends after midnight
		span.To = max(span.To, w.To)
	}
	cut.Live = span.both(nil, meetings)
	gaps := minus(nil, cut.Work, meetings)
	for _, g := range gaps {
		if g.Seconds() < focusBlock {
			cut.Fragments = append(cut.Fragments, g)
		} else {
			cut.Focus = append(cut.Focus, g)
		}
	}
	cut.Recovery = both(gaps, recoveries(slices.Sorted(slices.Values(pings)), meetings, Instant(recovery)))
	return cut
}

func (s *Sync) addGaps(gaps []Interval) {
	for _, g := range gaps {
		length := g.Seconds()
		s.LongestSeconds = max(s.LongestSeconds, length)
		if length < focusBlock {
			s.Fragments++
			s.FragmentSeconds += length
			continue
		}
		s.FocusBlocks++
		s.FocusSeconds += length
		if length >= deepBlock {
			s.DeepBlocks++
		}
	}
}

// bursts counts the pings in a set, those close after another as one with it.
func bursts(pings []Instant, set []Interval) (n int) {
	last := never
	for _, p := range pings {
		if !contains(set, p) {
			continue
		}
		if p-last > burst {
			n++
		}
		last = p
	}
	return n
}

// recoveries is the time after each merged meeting and each ping outside one.
func recoveries(pings []Instant, meetings []Interval, recovery Instant) []Interval {
	all := make([]Interval, 0, len(pings)+len(meetings))
	for _, m := range meetings {
		all = append(all, Interval{m.To, m.To + recovery})
	}
	for _, p := range pings {
		if !contains(meetings, p) {
			all = append(all, Interval{p, p + recovery})
		}
	}
	return merge(all)
}

// coreHours is 09:00 to 18:00 of the working days around a week, and all work.
func (c *Clock) coreHours(first Date, work []Interval) []Interval {
	core := slices.Clone(work)
	for d := first - 3; d < first+10; d++ {
		if c.working(d) {
			r := runOn(c.runs, d)
			core = append(core, Interval{r.zone.At(d.At(officeStart)), r.zone.At(d.At(officeEnd))}.clip(r.rules))
		}
	}
	return merge(core)
}
