package measure

import "github.com/rubato-hq/rubato/core/worktime"

// Check is how one check on a decision came out.
type Check int

// The checks of A10.
const (
	Unknown Check = iota // nobody can tell, or it does not apply
	Missed
	Met
)

// Checks are those on the quality of a decision (A10).
type Checks struct {
	Options   Check // at least two were compared, with a recommendation
	Reasoned  Check // why was recorded when it was decided
	Fair      Check // every required reader had the fair window
	Stands    Check // not reversed within 90 days on facts known at the time
	AsWished  Check // reviewed on its date: as expected or better
	Decided   worktime.Date
	ReviewsOn worktime.Date // zero without a date
}

// Days after a decision from which a check on it applies (A10).
const (
	standsFrom = 90
	foundFrom  = 30
	fewest     = 3 // applicable checks without which there is no quality
)

// Quality is the share of the checks met that apply on a day, 0 to 1; ok is
// false when fewer than three apply.
func (c Checks) Quality(on worktime.Date) (q float64, ok bool) {
	checks := []Check{c.Options, c.Reasoned, c.Fair}
	if on >= c.Decided+standsFrom {
		checks = append(checks, c.Stands)
	}
	if c.ReviewsOn != 0 && on >= c.ReviewsOn {
		checks = append(checks, c.AsWished)
	}
	met, applies := 0, 0
	for _, check := range checks {
		if check != Unknown {
			applies++
		}
		if check == Met {
			met++
		}
	}
	if applies < fewest {
		return 0, false
	}
	return float64(met) / float64(applies), true
}

// Record is what is kept of a decision (A10).
type Record struct {
	Permanent bool // its outcome, why and owner, where they stay
	Links     bool // all of them resolve today
	Found     bool // opened again by somebody not involved
	Chain     bool // what it supersedes and what supersedes it is whole
	Decided   worktime.Date
}

// Persistence is how well a decision is kept, 0 to 1. Whether it is found again
// and its chain whole counts from day 30; until then the rest stands for all.
func (r Record) Persistence(on worktime.Date) float64 {
	if !r.Permanent {
		return 0
	}
	parts := []struct {
		holds  bool
		tenths int
	}{{true, 4}, {r.Links, 2}, {r.Found, 2}, {r.Chain, 2}}
	if on < r.Decided+foundFrom {
		parts = parts[:2]
	}
	held, all := 0, 0
	for _, p := range parts {
		all += p.tenths
		if p.holds {
			held += p.tenths
		}
	}
	return float64(held) / float64(all)
}

// Linked is a meeting that led to decisions.
type Linked struct {
	Minutes   float64 // by the clock
	Decisions int     // that it led to, at least one
}

// FewestMinutes is what a decision without any meeting counts as having taken
// live: the norm's threshold (A10).
const FewestMinutes = 15

// Live is the minutes by the clock that went into one decision, each meeting
// divided among those it led to; never fewer than FewestMinutes.
func Live(meetings []Linked) float64 {
	sum := 0.0
	for _, m := range meetings {
		sum += m.Minutes / float64(max(m.Decisions, 1))
	}
	return max(sum, FewestMinutes)
}

// Score is a decision in figures.
type Score struct {
	Quality     float64
	Judged      bool // there is a quality
	Persistence float64
	Live        float64 // minutes
}

// Effectiveness is that of one decision or of several: the mean of quality x
// persistence by the mean of live hours, 0 to 4 (A10).
type Effectiveness struct {
	Scores int // with all their terms, which alone count
	Value  float64
}

// Effective returns the effectiveness of scores. Those without a quality do not
// count; nothing is filled in for them.
func Effective(scores []Score) Effectiveness {
	var e Effectiveness
	kept, live := 0.0, 0.0
	for _, s := range scores {
		if !s.Judged {
			continue
		}
		e.Scores++
		kept += s.Quality * s.Persistence
		live += s.Live / 60
	}
	if e.Scores > 0 {
		e.Value = kept / live
	}
	return e
}
