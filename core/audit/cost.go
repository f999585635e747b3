package audit

import (
	"cmp"
	"slices"
)

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
