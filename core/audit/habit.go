package audit

import (
	"cmp"
	"math"
	"slices"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Habit is one of the seven default habits, by its row in the table (A5).
type Habit int

// The seven habits.
const (
	StatusMeeting Habit = 1 + iota
	QuickCall
	AlwaysOn
	LiveDecision
	LiveBrainstorm
	ReplyASAP
	JustInCase
)

// Findings are found from here on, and possible, which is a question to the
// person, from here.
const (
	foundFrom    = .70
	possibleFrom = .50
	mostSure     = .95
)

// Point is a sign that a habit was told by, with what it adds to the confidence.
type Point struct {
	Code  string // a member of the family "audit.sign"
	Value float64
	N, Of int // what is counted in it, 0 for nothing
}

// Finding is a habit in a series, or in what stands alone under one title.
type Finding struct {
	Habit      Habit
	Key        string // by which the person may say no to it
	series     string
	Title      string
	Confidence float64
	Points     []Point
	// Primary is false for a habit that the same series shows more surely as
	// another: its hours are counted there.
	Primary bool
	NotSo   bool // the person said no to it

	Occurrences int     // in the weeks that are looked at
	Minutes     int     // how long one is, the median
	PerWeek     float64 // how many a week
	People      int     // with the person; 0 for unknown
	AtLeast     bool    // a list is among them
	Mine        bool    // the person organises it
	Outside     bool    // somebody of another organisation is there
	Trust       bool    // its title is that of what stays live
	Chat        bool    // a chat shows it, and no calendar
	// Recovery is how many seconds of the person's own recovery lie behind one
	// occurrence, on average.
	Recovery float64
}

// SeriesKey is the series that a finding is in, as Key writes it.
func (f Finding) SeriesKey() string { return Key(f.series) }

// Found reports whether it is shown as found.
func (f Finding) Found() bool { return !f.NotSo && f.Confidence >= foundFrom-1e-9 }

// Possible reports whether it is a question to the person.
func (f Finding) Possible() bool {
	return !f.NotSo && f.Confidence >= possibleFrom-1e-9 && f.Confidence < foundFrom-1e-9
}

// series is what repeats, or stands alone, with its instances in time.
type series struct {
	key       string
	item      *Item // that describes most of it: the last in the weeks
	v         *verdict
	all       []Instance // up to the end of the weeks, not counted ones too
	counted   []Instance // meetings in the weeks
	minutes   int
	recurring bool
	agenda    int // of the counted, those with signs of an agenda
	preRead   int
	late      int // made less than a day before
	declined  int
	behind    float64 // seconds of recovery after one meeting, on average
}

// total is how many minutes its meetings in the weeks take together.
func (s *series) total() (minutes float64) {
	for _, i := range s.counted {
		minutes += float64(i.End-i.Start) / minute
	}
	return minutes
}

// off counts which of a series' last twelve instances did not take place.
func (in *Input) off(s *series) (n, of int) {
	twelve := s.all[max(0, len(s.all)-12):]
	for _, i := range twelve {
		if i.Cancelled || i.Excluded || in.judge(i.Item).cancels {
			n++
		}
	}
	return n, len(twelve)
}

// group puts instances together by their series.
func (in *Input) series(window worktime.Interval) []*series {
	byKey := make(map[string]*series)
	var out []*series
	for _, i := range in.Instances {
		if i.Start >= window.To {
			continue
		}
		s := byKey[i.Item.Series]
		if s == nil {
			s = &series{key: i.Item.Series}
			byKey[s.key] = s
			out = append(out, s)
		}
		s.all = append(s.all, i)
		s.recurring = s.recurring || i.Item.Recurring
		v := in.judge(i.Item)
		if v.answer == No {
			s.declined++
		}
		if i.Start < window.From || in.counts(i) != Counts {
			continue
		}
		s.counted = append(s.counted, i)
		if v.agenda {
			s.agenda++
		}
		if v.preRead {
			s.preRead++
		}
		if i.Item.Created > 0 && i.Start-i.Item.Created < day && i.Start >= i.Item.Created {
			s.late++
		}
	}
	kept := out[:0]
	for _, s := range out {
		if len(s.counted) == 0 {
			continue
		}
		s.item = s.counted[len(s.counted)-1].Item
		for _, i := range s.counted { // a replaced instance is not the series
			if !i.Item.Override {
				s.item = i.Item
			}
		}
		s.v = in.judge(s.item)
		var lengths []int
		for _, i := range s.counted {
			lengths = append(lengths, int(i.End-i.Start)/minute)
		}
		s.minutes = median(lengths)
		kept = append(kept, s)
	}
	return kept
}

func median(v []int) int {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	if len(v)%2 == 1 {
		return v[len(v)/2]
	}
	return (v[len(v)/2-1] + v[len(v)/2]) / 2
}

// points collect the signs of a habit.
type points struct {
	list []Point
	sum  float64
}

func (p *points) add(when bool, code string, value float64) {
	if when {
		p.list = append(p.list, Point{Code: code, Value: value})
		p.sum += value
	}
}

func (p *points) count(when bool, code string, value float64, n, of int) {
	if when {
		p.list = append(p.list, Point{Code: code, Value: value, N: n, Of: of})
		p.sum += value
	}
}

func (p *points) confidence() float64 {
	return min(mostSure, max(0, math.Round(p.sum*100)/100))
}

// findings are the habits that a series shows, the surest first. Texts says
// whether the calendar carries descriptions at all: where it does not, what they
// would say counts as nothing (A2.6). Named says the same of attendees.
func (in *Input) findings(s *series, texts bool) []Finding {
	v, d, n := s.v, s.minutes, s.v.n
	all := len(s.counted)
	noAgenda := texts && s.agenda*2 < all
	kept := v.outside > 0 || v.has(Client, Sensitive, Fast, Train)
	var out []Finding
	tell := func(h Habit, p points) {
		if c := p.confidence(); c >= possibleFrom-1e-9 {
			out = append(out, Finding{Habit: h, Confidence: c, Points: p.list})
		}
	}

	var p points
	if v.has(Status) {
		p.add(true, "status", .55)
		p.add(s.recurring, "recurring", .15)
		p.count(n >= 4, "people", .10, n, 0)
		p.count(noAgenda, "no-agenda", .10, all-s.agenda, all)
		p.add(d <= 60, "short", .05)
		p.add(n == 2, "pair", -.25)
		p.add(v.has(Decide, Brain), "other-purpose", -.30)
		p.add(kept, "kept", -.35)
		tell(StatusMeeting, p)
	}
	if s.item.Huddle {
		p = points{}
		p.count(true, "huddle", .90, all, 0)
		tell(QuickCall, p)
	} else if v.has(Call) && !s.recurring {
		p = points{}
		p.add(true, "call", .50)
		p.count(s.late > 0, "late", .20, s.late, all)
		p.add(n > 0 && n <= 3, "small", .10)
		p.add(d <= 15, "quarter", .15)
		p.add(d > 15 && d <= 30, "half", .10)
		p.add(texts && v.words == 0, "no-text", .10)
		tell(QuickCall, p)
	}
	if v.has(Decide) {
		p = points{}
		p.add(true, "decide", .45)
		p.count(texts && s.preRead*2 < all, "no-pre-read", .20, all-s.preRead, all)
		p.count(n >= 3, "people", .10, n, 0)
		p.add(d >= 30, "long", .10)
		p.add(texts && v.words <= 25 && !v.linked && s.item.Attached == 0, "bare", .10)
		p.count(s.late*2 >= all && s.late > 0, "late", .10, s.late, all)
		p.add(v.linked || s.item.Attached > 0, "document", -.40)
		p.add(kept || v.has(Open), "kept", -.35)
		tell(LiveDecision, p)
	}
	if v.has(Brain) {
		p = points{}
		p.add(true, "brainstorm", .60)
		p.add(texts && !v.board && !v.linked, "no-board", .15)
		p.count(n >= 4, "people", .10, n, 0)
		p.add(d >= 45, "long", .05)
		p.add(texts && !v.preRead, "no-collection", .05)
		p.add(v.board || v.linked && v.preRead, "collected", -.40)
		p.add(kept || v.has(Open), "kept", -.35)
		tell(LiveBrainstorm, p)
	}
	if f, ok := in.justInCase(s, noAgenda, kept); ok {
		tell(JustInCase, f)
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(-cmp.Compare(a.Confidence, b.Confidence), cmp.Compare(rank(a.Habit), rank(b.Habit)))
	})
	for i := range out {
		out[i].Primary = i == 0
	}
	return out
}

// rank is the order of habits that are equally sure (A5).
func rank(h Habit) int {
	return slices.Index([]Habit{LiveDecision, LiveBrainstorm, QuickCall, StatusMeeting, JustInCase}, h)
}

// justInCase tells whether a series stands there whether or not there is
// anything to discuss.
func (in *Input) justInCase(s *series, noAgenda, kept bool) (p points, ok bool) {
	if !s.recurring || len(s.all) < 6 {
		return p, false
	}
	first, last := s.all[0].Start, s.all[len(s.all)-1].Start
	if begins := s.item.Begins; begins > 0 {
		first = min(first, begins)
	}
	if last-first < 8*7*day {
		return p, false
	}
	v := s.v
	off, of := in.off(s)
	p.count(true, "standing", .30, len(s.all), 0)
	p.count(noAgenda, "no-agenda", .15, len(s.counted)-s.agenda, len(s.counted))
	p.count(s.agenda*4 >= 3*len(s.counted), "agenda", -.20, s.agenda, len(s.counted)) // held when there is one: the good form
	p.add(s.item.Endless, "endless", .05)
	p.add(last-first > 26*7*day, "old", .10)
	p.count(off*4 >= of && off*2 < of, "often-off", .20, off, of)
	p.count(off*2 >= of, "mostly-off", .30, off, of)
	p.add(s.declined*2 >= len(s.all) && s.declined > 0 || v.others > 1 && v.unsaid*2 >= v.others, "unanswered", .15)
	p.count(v.n >= 5, "people", .05, v.n, 0)
	p.add(v.has(Status), "generic", .05)
	p.add(v.n == 2, "pair", -.30)
	p.add(kept || v.has(Open), "kept", -.35)
	return p, true
}
