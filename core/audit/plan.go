package audit

import (
	"cmp"
	"math"
	"slices"
)

// Range is a value with what it may be at least and at most.
type Range struct{ Low, Mid, High float64 }

func (r Range) times(f float64) Range { return Range{r.Low * f, r.Mid * f, r.High * f} }

func (r Range) plus(o Range) Range { return Range{r.Low + o.Low, r.Mid + o.Mid, r.High + o.High} }

// conversion is what becomes of a habit's meetings (A9.2).
type conversion struct {
	goes Range   // share of occurrences that really go
	cost float64 // minutes that the written form costs each person
	risk float64
}

var conversions = map[Habit]conversion{
	StatusMeeting:  {Range{.50, .75, .90}, 10, .10},
	JustInCase:     {Range{.50, .70, .90}, 2, .10},
	QuickCall:      {Range{.40, .60, .80}, 5, .15},
	ReplyASAP:      {Range{.30, .50, .70}, 0, .20},
	AlwaysOn:       {Range{.30, .50, .70}, 0, .25},
	LiveBrainstorm: {Range{.25, .50, .60}, 10, .35},
	LiveDecision:   {Range{.25, .50, .67}, 10, .40},
}

// Reach is how far a person's word goes for a series (A9.3).
type Reach string

// The reaches.
const (
	Mine   Reach = "mine"
	Team   Reach = "team"
	Theirs Reach = "theirs"
)

var reaches = map[Reach]float64{Mine: 1, Team: .7, Theirs: .4}

// Move is one thing to change, with what it is expected to give back. Minutes
// are a week and person.
type Move struct {
	Finding
	Reach Reach
	Risk  float64
	// Removed is the live time that goes, Net what is left of it after what the
	// written form costs; Recovery is the most that comes back beside it.
	Removed, Net Range
	Recovery     float64
	Priority     float64
	Phase        int // 30, 60 or 90
}

// Keep is a series that stays live, and why (A9.1).
type Keep struct {
	Key     string
	Title   string
	Reason  Purpose
	PerWeek float64
	Minutes int
	People  int
}

// Plan is what to change, the most worthwhile first (A9).
type Plan struct {
	Moves []Move
	Kept  []Keep
	// Removed and Net are the sums of all moves, in minutes a week.
	Removed, Net Range
	// Live is the live time of today, After what is left of it, in minutes.
	Live  float64
	After Range
	// AboveOthers says that the middle value is above what others published:
	// then their figures stand beside it (A9.4).
	AboveOthers bool
}

// sanity is the share of live time above which a plan says what others had.
const sanity = .32

// move is a finding as something to change. empty is the share of its
// occurrences that did not take place.
func move(f Finding, reach Reach, empty float64) Move {
	c := conversions[f.Habit]
	goes := c.goes
	if f.Habit == JustInCase {
		goes.Low = max(goes.Low, min(empty, goes.Mid))
	}
	d := float64(f.Minutes)
	m := Move{Finding: f, Reach: reach, Risk: c.risk}
	m.Removed = goes.times(d * f.PerWeek)
	m.Net = goes.times((d - min(c.cost, d/2)) * f.PerWeek)
	m.Recovery = goes.Mid * f.Recovery / 60 * f.PerWeek
	if f.Outside {
		m.Risk += .20
	}
	if !f.Mine {
		m.Risk += .20
	}
	if f.Trust {
		m.Risk += .30
	}
	m.Risk = min(m.Risk, .9)
	people := max(f.People, 1)
	hours := m.Net.Mid / 60
	if f.Minutes == 0 { // habits that take no meeting, but what follows an interruption
		hours = m.Recovery / 60
	}
	m.Priority = hours * float64(people) * f.Confidence * (1 - m.Risk) * reaches[reach]
	return m
}

// plan orders moves and gives each its month.
func plan(moves []Move, kept []Keep, live float64) Plan {
	slices.SortStableFunc(moves, func(a, b Move) int {
		return cmp.Or(-cmp.Compare(round(a.Priority), round(b.Priority)), cmp.Compare(a.Risk, b.Risk), -cmp.Compare(a.People, b.People), cmp.Compare(a.Title, b.Title))
	})
	p := Plan{Moves: moves, Kept: kept, Live: live}
	first := 0
	for i := range moves {
		m := &moves[i]
		p.Removed, p.Net = p.Removed.plus(m.Removed), p.Net.plus(m.Net)
		switch {
		case m.Risk <= .2+1e-9 && first < 3:
			m.Phase = 30
			first++
		case m.Habit == LiveBrainstorm || m.Reach == Theirs:
			m.Phase = 90
		default:
			m.Phase = 60
		}
	}
	p.After = Range{max(0, live-p.Removed.Low), max(0, live-p.Removed.Mid), max(0, live-p.Removed.High)}
	p.AboveOthers = live > 0 && p.Net.Mid/live > sanity
	return p
}

// round is a priority as it is shown: what differs by less is equal.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }
