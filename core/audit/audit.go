package audit

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/rubato-hq/rubato/core/charter"
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

// Share is a part of live time, in minutes a week.
type Share struct {
	Purpose Purpose
	Minutes float64
}

// Purpose is what live time is for.
type Purpose string

// The purposes of the live mix (A3).
const (
	Information Purpose = "information"
	Questions   Purpose = "questions"
	Decisions   Purpose = "decisions"
	Ideas       Purpose = "ideas"
	StaysTrust  Purpose = "trust"
	StaysHard   Purpose = "sensitive"
	StaysFast   Purpose = "fast"
	Clients     Purpose = "clients"
	Training    Purpose = "training"
	Unknown     Purpose = "unknown"
)

// Cost is what a series takes of everybody in it, a week (A3.2).
type Cost struct {
	Key         string
	Title       string
	PersonHours float64 // 0 where nobody knows who takes part
	Hours       float64 // the person's own
	// OthersRecovery is the most that comes to it for the others, in hours.
	OthersRecovery float64
	People         int
	AtLeast        bool
	Names          []string // who takes part, as the calendar calls them
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
	slices.SortStableFunc(in.Instances, func(a, b Instance) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Item.Series, b.Item.Series), cmp.Compare(a.Item.Title, b.Item.Title))
	})
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

// prepare finds the meetings among the instances, and what the person answered at
// once outside of them.
func (in *Input) prepare() {
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

// talk adds the habits that a chat shows.
func (in *Input) talk(r *Report) {
	if in.Chat == nil {
		r.Missing = append(r.Missing, Missing{"chat"})
		return
	}
	f, ok := in.chatFigures()
	if !ok {
		r.Missing = append(r.Missing, Missing{"chat-few"})
		return
	}
	r.Chat = &f
	if in.Chat.Me < 0 {
		r.Missing = append(r.Missing, Missing{"chat-me"})
	}
	if !in.Chat.Direct {
		r.Missing = append(r.Missing, Missing{"direct"})
	}
	weeks := max(1, float64(in.Chat.To-in.Chat.From)/(7*day))
	for _, found := range in.chatFindings(f, weeks) {
		found.Key = "chat-" + strconv.Itoa(int(found.Habit))
		found.NotSo = in.NotSo[found.Key]
		switch found.Habit {
		case QuickCall:
			found.Minutes, found.Recovery = 2, float64(in.Recovery) // A5.2
		case AlwaysOn:
			if n := len(in.pings); n > 0 {
				found.Recovery = in.pinged() / float64(n)
			}
		case StatusMeeting, LiveDecision, LiveBrainstorm, ReplyASAP, JustInCase: // 6 shares its minutes with 3
		}
		r.Findings = append(r.Findings, found)
	}
}

// pinged is how many seconds of recovery come to that of meetings by what was
// answered at once, in the weeks that are looked at.
func (in *Input) pinged() (seconds float64) {
	for _, monday := range in.Weeks {
		events := in.taken(in.week(monday)).events
		with := in.Clock.Sync(monday, events, in.pings, in.Recovery).RecoverySeconds
		seconds += float64(with - in.Clock.Sync(monday, events, nil, in.Recovery).RecoverySeconds)
	}
	return seconds
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

// stays is why a series stays live, "" if nothing says so (A9.1).
func (s *series) stays() Purpose {
	v := s.v
	switch {
	case v.has(Sensitive):
		return StaysHard
	case v.has(Trust) && !v.first(Trust, Status, Decide, Brain, Call):
		return StaysTrust
	case v.has(Fast):
		return StaysFast
	case v.has(Client) || v.outside > 0:
		return Clients
	}
	return ""
}

// purpose is what a series is for.
func (s *series) purpose(findings []Finding) Purpose {
	if stays := s.stays(); stays != "" {
		return stays
	}
	if s.v.has(Train, Open) {
		return Training
	}
	for _, f := range findings {
		if f.Primary && f.Found() {
			switch f.Habit {
			case StatusMeeting, JustInCase:
				return Information
			case QuickCall:
				return Questions
			case LiveDecision:
				return Decisions
			case LiveBrainstorm:
				return Ideas
			case AlwaysOn, ReplyASAP: // no series shows these
			}
		}
	}
	return Unknown
}

func (r *Report) mix(all []*series) {
	sum := make(map[Purpose]float64)
	for _, s := range all {
		var own []Finding
		for _, f := range r.Findings {
			if f.series == s.key {
				own = append(own, f)
			}
		}
		sum[s.purpose(own)] += s.total() / float64(r.Used)
	}
	for _, p := range []Purpose{Information, Questions, Decisions, Ideas, StaysTrust, StaysHard, StaysFast, Clients, Training, Unknown} {
		if sum[p] > 0 {
			r.Mix = append(r.Mix, Share{p, sum[p]})
		}
	}
}

// decisions are the one term of A10 that a calendar has: how much live time came to
// a decision.
func (in *Input) decisions(r *Report, all []*series) {
	sum := 0.0
	for _, s := range all {
		if s.v.has(Decide) {
			sum += s.total()
		}
	}
	r.Deciding = sum / float64(r.Used)
	if in.Decisions > 0 {
		r.PerDecision = max(15, sum/float64(in.Decisions))
	}
}

// cost is what each series takes of everybody (A3.2).
func (in *Input) cost(r *Report, all []*series) {
	for _, s := range all {
		c := Cost{Key: Key(s.key), Title: s.item.shown(), People: s.v.n, AtLeast: s.v.atLeast, Hours: s.total() / 60 / float64(r.Used)}
		for _, p := range s.item.Attendees {
			if name := cmp.Or(p.Name, p.Address); !p.Apart && !in.me(p.Address) && name != "" {
				c.Names = append(c.Names, name)
			}
		}
		c.PersonHours = c.Hours * float64(s.v.n)
		if s.v.n > 1 {
			each := float64(in.Recovery)
			if len(in.Me) > 0 {
				each = s.behind
			}
			c.OthersRecovery = float64(s.v.n-1) * each / hour * float64(len(s.counted)) / float64(r.Used)
		}
		r.Cost = append(r.Cost, c)
	}
	slices.SortStableFunc(r.Cost, func(a, b Cost) int {
		return cmp.Or(-cmp.Compare(max(a.PersonHours, a.Hours), max(b.PersonHours, b.Hours)), cmp.Compare(a.Title, b.Title))
	})
}

// convert makes the plan: what is found and may go, and what stays and why.
func (in *Input) convert(r *Report, all []*series) {
	var moves []Move
	var kept []Keep
	for _, s := range all {
		per := float64(len(s.counted)) / float64(r.Used)
		if why := s.stays(); why != "" {
			kept = append(kept, Keep{Key(s.key), s.item.shown(), why, per, s.minutes, s.v.n})
			continue
		}
		for _, f := range r.Findings {
			if f.series != s.key || !f.Primary || !f.Found() {
				continue
			}
			reach := Theirs
			if f.Mine {
				reach = Mine
			} else if s.v.outside == 0 && s.v.n > 0 && s.v.n <= 12 {
				reach = Team
			}
			off, of := in.off(s)
			moves = append(moves, move(f, reach, float64(off)/float64(of)))
		}
	}
	for _, f := range r.Findings {
		if f.Chat && f.Found() {
			moves = append(moves, move(f, Mine, 0))
		}
	}
	slices.SortStableFunc(kept, func(a, b Keep) int {
		return cmp.Or(-cmp.Compare(a.PerWeek*float64(a.Minutes), b.PerWeek*float64(b.Minutes)), cmp.Compare(a.Title, b.Title))
	})
	r.Plan = plan(moves, kept, r.Sync.Mid)
}

// archetype infers it, and finds what does not fit (A7).
func (in *Input) archetype(r *Report, all []*series) {
	if len(in.Me) == 0 || !named(in.Instances) {
		r.Inference = Inference{Unclear: "no-attendees"}
		if len(in.Me) == 0 {
			r.Inference.Unclear = "me-unknown"
		}
	} else {
		r.Inference = infer(in.traits(r, all))
	}
	r.Mismatches = in.mismatches(r, all)
	r.Questions = in.questions(r)
}

func (in *Input) traits(r *Report, all []*series) traits {
	t := traits{sync: int(r.Sync.Mid), focus: r.Focus}
	total, many, organised := 0.0, 0, 0
	persons := make(map[string]bool)
	pairs := make(map[string]bool)
	for _, s := range all {
		v := s.v
		minutes := s.total()
		total += minutes
		if v.outside > 0 {
			t.external += minutes
		}
		if v.has(Client) {
			t.client += minutes
		}
		if v.has(Status) {
			t.status += minutes
		}
		if v.has(Decide) {
			t.decide += minutes
		}
		if v.n == 2 {
			t.pairShare += minutes
		}
		if v.n >= 3 {
			many += len(s.counted)
			if v.mine {
				organised += len(s.counted)
			}
		}
		for _, p := range append(slices.Clone(s.item.Attendees), s.item.Organizer) {
			if p.Address == "" || in.me(p.Address) || p.Apart || group(p.Address) || p.Answer == No {
				continue
			}
			persons[p.Address] = true
			if v.n == 2 && s.recurring && !in.external(p.Address) {
				pairs[p.Address] = true
			}
		}
	}
	if total > 0 {
		for _, share := range []*float64{&t.external, &t.client, &t.status, &t.decide, &t.pairShare} {
			*share /= total
		}
	}
	if many > 0 {
		t.organises = float64(organised) / float64(many)
	}
	t.people, t.pairs = len(persons), len(pairs)
	window := in.window()
	for _, i := range in.Instances {
		if i.Start >= window.From && i.Start < window.To && in.counts(i) == IsHold && in.focusHold(i.Item) {
			t.focusHolds = true
		}
	}
	return t
}

func (in *Input) focusHold(i *Item) bool {
	return slices.ContainsFunc(in.judge(i).title, func(h Hit) bool {
		return slices.Contains([]string{"focus|focused", "deep work", "fokuszeit|fokus", "concentration", "concentración", "odak"}, h.Entry)
	})
}

// stated is the archetype that mismatches are told of: what the person said, else
// what is inferred, which makes a question of it (A7.4).
func (in *Input) stated(r *Report) (a charter.Archetype, asked bool) {
	if in.Archetype != "" {
		return in.Archetype, false
	}
	return r.Inference.First(), true
}
