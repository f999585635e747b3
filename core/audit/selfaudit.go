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
	// Told says that the person answered, and Yes what.
	Told, Yes bool
}

func (in *Input) questions(r *Report) []Question {
	found := func(h Habit) (answer string, evidence []Finding) {
		var sure, perhaps []Finding
		for _, f := range r.Findings {
			switch {
			case f.Habit != h:
			case f.Found():
				sure = append(sure, f)
			case f.Possible():
				perhaps = append(perhaps, f)
			}
		}
		switch {
		case len(sure) > 0:
			return "yes", sure
		case len(perhaps) > 0:
			return "hint", perhaps
		}
		return "person", nil
	}
	var out []Question
	add := func(n int, h Habit, answer string, evidence []Finding) {
		out = append(out, Question{N: n, Habit: h, Answer: answer, Evidence: evidence})
	}
	first, fifth := ReplyASAP, LiveDecision
	if h := r.costliest(LiveDecision, LiveBrainstorm, ReplyASAP); h != 0 {
		first, fifth = h, h // A8.2
	}
	early := "person"
	if in.noFocusOnThreeDays(r) || r.Chat != nil && r.Chat.EdgeDays >= 3 {
		early = "hint"
	}
	add(1, first, early, nil)
	a, e := found(StatusMeeting)
	add(2, StatusMeeting, a, e)
	a, e = found(QuickCall)
	add(3, QuickCall, a, e)
	a, e = found(AlwaysOn)
	add(4, AlwaysOn, a, e)
	add(5, fifth, "person", nil)
	a, e = found(JustInCase)
	add(6, JustInCase, a, e)
	for i := range out {
		if yes, told := in.Answers[out[i].N]; told {
			out[i].Told, out[i].Yes = true, yes
		}
	}
	return out
}

// costliest is which of these habits takes the most time where it is found, 0
// where none is.
func (r *Report) costliest(of ...Habit) (most Habit) {
	var cost float64
	for _, h := range of {
		sum := 0.0
		for _, f := range r.Findings {
			if f.Habit == h && f.Primary && f.Found() {
				sum += f.PerWeek * (float64(f.Minutes) + f.Recovery/60)
			}
		}
		if sum > cost {
			most, cost = h, sum
		}
	}
	return most
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

// Score is how many of the six questions the person says yes to, at least and at
// most, while some are not answered. What the data say counts only when the
// person confirmed it (A8.1).
func (r *Report) Score() (least, most int) {
	for _, q := range r.Questions {
		if !q.Told || q.Yes {
			most++
		}
		if q.Told && q.Yes {
			least++
		}
	}
	return least, most
}

// Taxed reports whether a score says that the synchronous default taxes the
// person's real output: three yes or more.
func Taxed(least int) bool { return least >= 3 }

// QuestionHabit is the row that a yes to a question leads to, where no data say
// which costs most (A8).
func QuestionHabit(n int) Habit {
	return [...]Habit{1: ReplyASAP, 2: StatusMeeting, 3: QuickCall, 4: AlwaysOn, 5: LiveDecision, 6: JustInCase}[n]
}
