package audit

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Report is what an audit says. What the data cannot carry is not in it, and
// Missing says so.
type Report struct {
	Weeks []Week // those that are looked at, in their order
	Used  int    // of them, without those on which the person was away
	// Shared says that the calendar is read as nobody's own (A1.5): its hours are
	// the calendar's, and no tier, archetype or self-audit follows from them.
	Shared bool

	// Sync are the minutes of live time in a week: the median of the weeks as low,
	// middle and high count them, with the least and the most of the middle (A3).
	Sync        Range
	Least, Most int
	Sum         int // the median of all meetings, each in full
	Tier        worktime.Tier
	Also        worktime.Tier // where the interval reaches another one, "" else
	Edge        string        // "lower" or "upper" where the value lies near it

	Meetings                                      int // a week, the median
	Work                                          int // minutes of stated hours a week
	Focus, Fragmented, FocusBlocks, DeepBlocks    int // minutes and blocks a week
	RecoveryMinutes                               float64
	Recovery, Outside, EarlyLate, Conflict, Every int // minutes a week
	Chained, Workdays                             int // days with chains, of so many
	Late, Called                                  int
	Unscheduled                                   int // minutes a week that the person told of

	// Deciding is the live time of a week whose title says that something is
	// decided, in minutes; PerDecision is how many minutes of all weeks came to one
	// decision, a quarter of an hour at least, 0 when nobody counted (A10).
	Deciding, PerDecision float64

	Mix      []Share // of live time by what it is for
	Findings []Finding
	Cost     []Cost
	Plan     Plan

	// Chat is what a chat export says of the person, nil without one.
	Chat *ChatFigures

	Inference  Inference
	Mismatches []Mismatch
	Questions  []Question

	Counted Counted
	Missing []Missing
}

// Counted says what became of the instances in the weeks.
type Counted struct {
	Instances int
	Meetings  int
	Not       map[Why]int
	Unknown   int // meetings of which nobody knows who takes part
}

// Missing is something that an audit cannot say, and what it would need.
type Missing struct {
	What string // a member of the family "audit.missing"
}

// Run makes the audit.
func Run(in *Input) *Report {
	in.prepare()
	r := &Report{Counted: Counted{Not: make(map[Why]int)}, Unscheduled: in.Unscheduled}
	for _, monday := range in.Weeks {
		w := in.measure(monday)
		r.Weeks = append(r.Weeks, w)
		if !w.Away {
			r.Used++
		}
	}
	if r.Used == 0 { // away all the time: then all weeks say what there was
		for i := range r.Weeks {
			r.Weeks[i].Away = false
		}
		r.Used = len(r.Weeks)
	}
	if r.Used == 0 {
		r.Missing = append(r.Missing, Missing{"weeks"})
		return r
	}
	r.figures()
	r.Shared = in.Shared || !in.Own && len(in.Me) == 0 && r.crowded()
	window := in.window()
	all := in.series(window)
	for _, s := range all {
		s.behind = in.behind(s)
	}
	texts := in.texts(window)
	if !texts && len(in.Instances) > 0 {
		r.Missing = append(r.Missing, Missing{"descriptions"})
	}
	if !named(in.Instances) && len(in.Instances) > 0 {
		r.Missing = append(r.Missing, Missing{"attendees"})
	}
	if len(in.Me) == 0 && len(in.Instances) > 0 {
		r.Missing = append(r.Missing, Missing{"me"})
	}
	in.count(r, window)
	in.discover(r, all, texts)
	in.talk(r)
	r.mix(all)
	in.decisions(r, all)
	in.cost(r, all)
	in.convert(r, all)
	if !r.Shared {
		in.archetype(r, all)
	}
	return r
}

// prepare sorts the instances, finds the meetings among them, and what the person
// answered at once outside of those.
func (in *Input) prepare() {
	slices.SortStableFunc(in.Instances, func(a, b Instance) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Item.Series, b.Item.Series), cmp.Compare(a.Item.Title, b.Item.Title))
	})
	in.meetings = nil
	for _, i := range in.Instances {
		if in.counts(i) == Counts {
			in.meetings = append(in.meetings, i)
		}
	}
	in.pings = in.episodes()
}

// crowded reports whether there is more than one person could attend: more than
// a quarter at the same time as something else, or sixty hours a week (A1.5).
func (r *Report) crowded() bool {
	return r.Sum > 0 && 4*r.Conflict > r.Sum || r.Sync.Mid > 60*60
}

// figures are the medians of the weeks.
func (r *Report) figures() {
	pick := func(of func(Week) int64) (out []int) {
		for _, w := range r.Weeks {
			if !w.Away {
				out = append(out, int(of(w)))
			}
		}
		return out
	}
	minutes := func(of func(Week) int64) int { return median(pick(of)) / minute }
	mid := pick(func(w Week) int64 { return w.SyncSeconds })
	r.Sync = Range{
		float64(minutes(func(w Week) int64 { return w.Low })), float64(median(mid) / minute), float64(minutes(func(w Week) int64 { return w.High })),
	}
	r.Least, r.Most = slices.Min(mid)/minute, slices.Max(mid)/minute
	r.Sum = minutes(func(w Week) int64 { return w.Sum })
	r.Conflict = minutes(func(w Week) int64 { return w.Sum - w.SyncSeconds })
	r.Tier = TierOf(int(r.Sync.Mid))
	for _, other := range []worktime.Tier{TierOf(int(r.Sync.Low)), TierOf(int(r.Sync.High))} {
		if other != r.Tier {
			r.Also = other
		}
	}
	r.Edge = edge(int(r.Sync.Mid))
	r.Meetings = median(pick(func(w Week) int64 { return int64(w.Meetings) }))
	r.Focus = minutes(func(w Week) int64 { return w.FocusSeconds })
	r.Fragmented = minutes(func(w Week) int64 { return w.FragmentSeconds })
	r.FocusBlocks = median(pick(func(w Week) int64 { return int64(w.FocusBlocks) }))
	r.DeepBlocks = median(pick(func(w Week) int64 { return int64(w.DeepBlocks) }))
	r.Work = minutes(func(w Week) int64 { return w.WorkSeconds })
	r.RecoveryMinutes = float64(median(pick(func(w Week) int64 { return w.RecoverySeconds }))) / minute
	r.Recovery = minutes(func(w Week) int64 { return w.RecoverySeconds })
	r.Outside = minutes(func(w Week) int64 { return w.OutsideSeconds })
	r.EarlyLate = minutes(func(w Week) int64 { return w.EarlyLateSeconds })
	r.Every = minutes(func(w Week) int64 { return w.EverySeconds })
	for _, w := range r.Weeks {
		if !w.Away {
			r.Chained += w.Chained
			r.Workdays += w.Workdays
			r.Late += w.Late
			r.Called += w.Called
		}
	}
}

// texts reports whether the calendar carries descriptions at all (A2.6).
func (in *Input) texts(window worktime.Interval) bool {
	with, all := 0, 0
	seen := make(map[*Item]bool)
	for _, i := range in.Instances {
		if i.Start >= window.To || seen[i.Item] {
			continue
		}
		seen[i.Item] = true
		all++
		if in.judge(i.Item).words > 0 {
			with++
		}
	}
	return with*10 >= all && all > 0
}

func (in *Input) count(r *Report, window worktime.Interval) {
	for _, i := range in.Instances {
		if i.Start < window.From || i.Start >= window.To || i.Excluded {
			continue
		}
		r.Counted.Instances++
		why := in.counts(i)
		if why != Counts {
			r.Counted.Not[why]++
			continue
		}
		r.Counted.Meetings++
		if in.judge(i.Item).n == 0 {
			r.Counted.Unknown++
		}
	}
}

// Key is the name of a series in a report: it tells nobody what a UID may say.
func Key(series string) string {
	sum := sha256.Sum256([]byte(series))
	return hex.EncodeToString(sum[:4])
}

// discover finds habits in every series.
func (in *Input) discover(r *Report, all []*series, texts bool) {
	for _, s := range all {
		for _, f := range in.findings(s, texts) {
			f.series, f.Key = s.key, Key(s.key)+"-"+strconv.Itoa(int(f.Habit))
			f.NotSo = in.NotSo[f.Key]
			in.describe(&f, s, r.Used)
			r.Findings = append(r.Findings, f)
		}
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(-cmp.Compare(a.PerWeek*float64(a.Minutes), b.PerWeek*float64(b.Minutes)), cmp.Compare(a.Habit, b.Habit), cmp.Compare(a.Title, b.Title))
	})
}

func (in *Input) describe(f *Finding, s *series, weeks int) {
	f.Title, f.Occurrences, f.Minutes = s.item.shown(), len(s.counted), s.minutes
	f.PerWeek = float64(len(s.counted)) / float64(max(1, weeks))
	f.People, f.AtLeast = s.v.n, s.v.atLeast
	f.Mine = s.v.mine || s.item.Organizer.Address == "" && s.v.n == 0
	f.Outside = s.v.outside > 0
	f.Trust = s.stays() == StaysTrust
	f.Recovery = s.behind
}

// behind is how many seconds of recovery lie behind one meeting of a series, on
// average: in working time, and outside of other meetings.
func (in *Input) behind(s *series) float64 {
	total := worktime.Instant(0)
	for _, i := range s.counted {
		free := worktime.Interval{From: i.End, To: i.End + worktime.Instant(in.Recovery)}
		near := in.between(free)
		for _, piece := range in.Clock.Day(in.Clock.DateOf(i.End)).Pieces {
			from, to := max(piece.From, free.From), min(piece.To, free.To)
			for _, o := range near {
				if o.Start > from {
					to = min(to, o.Start)
					break
				}
				from = max(from, o.End)
			}
			total += max(0, to-from)
		}
	}
	return float64(total) / float64(max(1, len(s.counted)))
}
