package audit

import (
	"github.com/rubato-hq/rubato/core/charter"
)

// Mismatch is where somebody's weeks do not fit their kind of work (A7.4).
type Mismatch struct {
	Rule  string // M1 to M5
	Code  string // a member of the family "audit.mismatch"
	Asked bool   // it is a question, because the archetype is only inferred
}

func (in *Input) mismatches(r *Report, all []*series) []Mismatch {
	a, asked := in.stated(r)
	var out []Mismatch
	tell := func(rule, code string) { out = append(out, Mismatch{rule, code, asked}) }
	// A Maker who drowns in meetings looks like a Manager: nothing is inferred here.
	if a == charter.Maker && !asked {
		if r.Sync.Mid >= 750 || r.Focus < 600 || 2*r.Chained >= r.Workdays && r.Workdays > 0 {
			tell("M1", "maker")
		}
	} else if in.Archetype == "" && (r.Sync.Mid >= 750 || r.Focus < 600) {
		out = append(out, Mismatch{"M1", "maker", true})
	}
	var total, outside, decide, bare, pairs, status float64
	recurring := 0
	weekly := make(map[string]bool)
	for _, s := range all {
		minutes := s.total()
		total += minutes
		if s.v.outside > 0 {
			outside += minutes
		}
		if s.v.has(Decide) {
			decide += float64(len(s.counted))
			bare += float64(len(s.counted) - s.preRead)
		}
		if s.v.n == 2 {
			pairs++
		}
		if s.v.has(Status) {
			status += minutes
		}
		if s.recurring {
			recurring++
			for _, p := range s.item.Attendees {
				if !in.me(p.Address) && !p.Apart && !in.external(p.Address) {
					weekly[p.Address] = true
				}
			}
		}
	}
	internal := (total - outside) / float64(max(1, r.Used))
	switch {
	case a == charter.Connector && total > 0 && outside/total < .20 && internal >= 390:
		tell("M2", "connector")
	case a == charter.Decider && decide > 0 && bare/decide >= .60:
		tell("M3", "decider")
	case a == charter.Manager && pairs == 0 && len(weekly) >= 3:
		tell("M4", "manager")
	case a == charter.Operator && total > 0 && status/total >= .50:
		tell("M5", "operator")
	}
	return out
}

// Question is one of the six of the self-audit, with what the data say (A8).
type Question struct {
	N     int
	Habit Habit // the row that a yes leads to
	// Answer is "yes" where the data say so, "hint" where they point there, and
	// "person" where only the person knows.
	Answer   string
	Evidence []Finding
}

func (in *Input) questions(r *Report) []Question {
	found := func(h Habit) (answer string, evidence []Finding) {
		answer = "person"
		for _, f := range r.Findings {
			switch {
			case f.Habit != h:
			case f.Found():
				answer = "yes"
				evidence = append(evidence, f)
			case f.Possible() && answer == "person":
				answer = "hint"
				evidence = append(evidence, f)
			}
		}
		return answer, evidence
	}
	var out []Question
	add := func(n int, h Habit, answer string, evidence []Finding) {
		out = append(out, Question{n, h, answer, evidence})
	}
	early := "person"
	if in.noFocusOnThreeDays(r) {
		early = "hint"
	}
	add(1, ReplyASAP, early, nil)
	a, e := found(StatusMeeting)
	add(2, StatusMeeting, a, e)
	a, e = found(QuickCall)
	add(3, QuickCall, a, e)
	add(4, AlwaysOn, "person", nil)
	add(5, LiveDecision, "person", nil)
	a, e = found(JustInCase)
	add(6, JustInCase, a, e)
	return out
}

// noFocusOnThreeDays reports whether three days a week have no gap of two hours.
func (in *Input) noFocusOnThreeDays(r *Report) bool {
	for _, w := range r.Weeks {
		if !w.Away && w.Workdays-w.FocusBlocks >= 3 {
			return true
		}
	}
	return false
}

// Score is how many of the six questions a person says yes to, at least and at
// most, while some are not answered yet.
func Score(answers map[int]bool) (least, most int) {
	most = 6
	for n := 1; n <= 6; n++ {
		yes, answered := answers[n]
		switch {
		case answered && yes:
			least++
		case answered:
			most--
		}
	}
	return least, most
}

// Taxed reports whether a score says that the synchronous default taxes the
// person's real output: three yes or more.
func Taxed(least int) bool { return least >= 3 }
