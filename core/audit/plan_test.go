package audit

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// TestTryIt is the case of the second seed (A9.5): fourteen weekly meetings,
// eleven hours a person; where to start?
func TestTryIt(t *testing.T) {
	meeting := func(h Habit, title string, minutes, perWeek, people int) Move {
		return move(Finding{Habit: h, Title: title, Confidence: 1, Minutes: minutes, PerWeek: float64(perWeek), People: people, Mine: true}, Mine, 0)
	}
	moves := []Move{
		meeting(StatusMeeting, "Stand-up", 15, 2, 8), meeting(JustInCase, "Tuesday touchpoint", 30, 1, 5), meeting(LiveDecision, "Design review", 60, 1, 6),
		meeting(LiveBrainstorm, "Idea session", 45, 1, 8), meeting(LiveDecision, "Prioritisation", 60, 1, 7), meeting(StatusMeeting, "Metrics read-out", 30, 1, 10),
		meeting(StatusMeeting, "Project B sync", 45, 1, 6), meeting(StatusMeeting, "Project A sync", 45, 1, 6), meeting(StatusMeeting, "Team status", 60, 1, 8),
		meeting(StatusMeeting, "Cross-team update", 60, 1, 14),
	}
	p := plan(moves, nil, 11*60)
	var got []string
	for _, m := range p.Moves {
		got = append(got, fmt.Sprintf("%s %s/%s/%s %.2f %d", m.Title, tenth(m.Net.Low), tenth(m.Net.Mid), tenth(m.Net.High), m.Priority, m.Phase))
	}
	want := []string{
		"Cross-team update 25/37.5/45 7.88 30", "Team status 25/37.5/45 4.50 30", "Project A sync 17.5/26.3/31.5 2.36 30", "Project B sync 17.5/26.3/31.5 2.36 60",
		"Metrics read-out 10/15/18 2.25 60", "Prioritisation 12.5/25/33.5 1.75 60", "Idea session 8.8/17.5/21 1.52 90", "Design review 12.5/25/33.5 1.50 60",
		"Tuesday touchpoint 14/19.6/25.2 1.47 60", "Stand-up 7.5/11.3/13.5 1.35 60",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	hours := func(r Range) string { return fmt.Sprintf("%.1f (%.1f-%.1f)", r.Mid/60, r.Low/60, r.High/60) }
	sum := func(which func(Move) bool) (r Range) {
		for _, m := range p.Moves {
			if which(m) {
				r = r.plus(m.Net)
			}
		}
		return r
	}
	for _, tt := range []struct{ name, got, want string }{
		{"the first 30 days", hours(sum(func(m Move) bool { return m.Phase == 30 })), "1.7 (1.1-2.0)"},
		{"status alone", hours(sum(func(m Move) bool { return m.Habit == StatusMeeting })), "2.6 (1.7-3.1)"},
		{"with the touchpoint", hours(sum(func(m Move) bool { return m.Habit == StatusMeeting || m.Habit == JustInCase })), "2.9 (1.9-3.5)"},
		{"all of it", hours(p.Net), "4.0 (2.5-5.0)"},
		{"live time falls by", hours(p.Removed), "5.1 (3.2-6.3)"},
		{"to", hours(Range{p.After.Low, p.After.Mid, p.After.High}), "5.9 (7.8-4.7)"},
		{"from", string(TierOf(11 * 60)), "healthy"},
		{"into", string(TierOf(int(p.After.Mid))), "async-first"},
		{"of eleven hours", fmt.Sprintf("%.0f%%, said %v", 100*p.Net.Mid/p.Live, p.AboveOthers), "36%, said true"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

// tenth is a number as A9.5 writes it: rounded half up to a tenth.
func tenth(v float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.1f", math.Floor(v*10+.5)/10), ".0")
}

// TestPlanRefuses: what is somebody else's, or of people outside, comes later
// and counts less.
func TestMoveRisks(t *testing.T) {
	f := Finding{Habit: StatusMeeting, Confidence: 1, Minutes: 60, PerWeek: 1, People: 8, Mine: true}
	mine := move(f, Mine, 0)
	f.Mine = false
	theirs := move(f, Theirs, 0)
	if mine.Risk != .10 || math.Abs(theirs.Risk-.30) > 1e-9 || theirs.Priority >= mine.Priority*.4 {
		t.Errorf("risks %.2f and %.2f, priorities %.2f and %.2f", mine.Risk, theirs.Risk, mine.Priority, theirs.Priority)
	}
	f.Outside, f.Trust = true, true
	if got := move(f, Theirs, 0).Risk; math.Abs(got-.80) > 1e-9 {
		t.Errorf("the risk of all is %.2f", got)
	}
	f.Habit, f.PerWeek = JustInCase, 1
	if got := move(f, Mine, .6); got.Removed.Low != 36 || got.Removed.Mid != 42 {
		t.Errorf("where six in ten are empty, %+v go", got.Removed)
	}
}
