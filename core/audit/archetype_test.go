package audit

import (
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
)

// TestInfer: the points of A7.2, and when they are not enough (A7.3).
func TestInfer(t *testing.T) {
	for _, tt := range []struct {
		name  string
		of    traits
		first charter.Archetype
		sure  float64
	}{
		{"half of the hours with clients", traits{external: .5, client: .3, sync: 900}, charter.Connector, .8},
		{"three people one by one", traits{pairs: 3, pairShare: .3, sync: 900}, charter.Manager, .8},
		{"status, which they organise", traits{status: .4, organises: .5, people: 25, sync: 900}, charter.Operator, .8},
		{"decisions of many", traits{decide: .3, sync: 1200, people: 35}, charter.Decider, .8},
		{"long blocks", traits{focus: 20 * 60, sync: 400, focusHolds: true}, charter.Maker, .8},
		{"a manager with clients", traits{pairs: 3, external: .3, sync: 900}, charter.Manager, .8},
		{"two alike", traits{pairs: 3, external: .45, sync: 900}, "", 0},
		{"nothing at all", traits{sync: 900, status: .4 - .1, external: .2}, "", 0},
	} {
		i := infer(tt.of)
		if i.First() != tt.first || i.Confidence != tt.sure {
			t.Errorf("%s: %s, sure %.1f (%v); want %s, %.1f", tt.name, i.First(), i.Confidence, i.Leanings, tt.first, tt.sure)
		}
		if (i.Unclear != "") != (tt.first == "") {
			t.Errorf("%s: unclear is %q", tt.name, i.Unclear)
		}
	}
}

// TestMatrix: the order of the seed's readiness matrix (A7).
func TestMatrix(t *testing.T) {
	want := []float64{25, 20, 12, 10.5, 6}
	for i, m := range Matrix() {
		if m.Order() != want[i] {
			t.Errorf("%s stands at %.1f, want %.1f", m.Archetype, m.Order(), want[i])
		}
	}
}

// mismatched tells the rules that speak for a report of those figures.
func mismatched(in *Input, r *Report, all []*series) (out []string) {
	for _, m := range in.mismatches(r, all) {
		rule := m.Rule
		if m.Asked {
			rule += "?"
		}
		out = append(out, rule)
	}
	return out
}

// TestMismatch: each rule of A7.4 where it speaks and where it does not.
func TestMismatch(t *testing.T) {
	one := func(minutes, n, outside int, classes ...Class) *series {
		item := &Item{Recurring: true}
		v := &verdict{n: n, outside: outside, classes: make(map[Class]bool)}
		for _, c := range classes {
			v.classes[c] = true
		}
		s := &series{item: item, v: v, recurring: true}
		s.counted = []Instance{{Item: item, End: worktime.Instant(minutes) * minute}}
		return s
	}
	for _, tt := range []struct {
		name   string
		stated charter.Archetype
		sync   float64
		focus  int
		all    []*series
		want   string
	}{
		{"a maker in meetings", charter.Maker, 800, 900, nil, "M1"},
		{"a maker without focus", charter.Maker, 300, 500, nil, "M1"},
		{"a maker in peace", charter.Maker, 300, 1200, nil, ""},
		{"somebody who said nothing, in meetings", "", 800, 900, nil, "M1?"},
		{"a connector inside", charter.Connector, 500, 900, []*series{one(400, 5, 0), one(60, 3, 2)}, "M2"},
		{"a connector outside", charter.Connector, 500, 900, []*series{one(400, 5, 3), one(60, 3, 0)}, ""},
		{"a decider without anything to read", charter.Decider, 500, 900, []*series{one(60, 5, 0, Decide)}, "M3"},
		{"an operator of status", charter.Operator, 500, 900, []*series{one(300, 5, 0, Status), one(200, 5, 0)}, "M5"},
		{"an operator of other things", charter.Operator, 500, 900, []*series{one(100, 5, 0, Status), one(200, 5, 0)}, ""},
	} {
		r := &Report{Used: 1, Focus: tt.focus, Workdays: 5}
		r.Sync.Mid = tt.sync
		got := mismatched(&Input{Archetype: tt.stated}, r, tt.all)
		if text := strings.Join(got, " "); text != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, text, tt.want)
		}
	}
}

// TestScore: what the data say counts only when it is confirmed, until then the
// score is a range (A8.1); questions 1 and 5 follow what costs most (A8.2).
func TestScore(t *testing.T) {
	r := &Report{Findings: []Finding{
		{Habit: StatusMeeting, Confidence: .85, Primary: true, PerWeek: 5, Minutes: 15},
		{Habit: JustInCase, Confidence: .60},
		{Habit: LiveBrainstorm, Confidence: .75, Primary: true, PerWeek: 1, Minutes: 90},
	}}
	in := &Input{}
	r.Questions = in.questions(r)
	if least, most := r.Score(); least != 0 || most != 6 {
		t.Errorf("nothing answered: %d to %d", least, most)
	}
	for n, want := range map[int]string{1: "person", 2: "yes", 3: "person", 4: "person", 5: "person", 6: "hint"} {
		if got := r.Questions[n-1].Answer; got != want {
			t.Errorf("question %d: the data say %q, want %q", n, got, want)
		}
	}
	if r.Questions[0].Habit != LiveBrainstorm || r.Questions[4].Habit != LiveBrainstorm {
		t.Errorf("1 and 5 lead to %d and %d, want where it costs most", r.Questions[0].Habit, r.Questions[4].Habit)
	}
	in.Answers = map[int]bool{1: true, 2: true, 6: true, 3: false}
	r.Questions = in.questions(r)
	if least, most := r.Score(); least != 3 || most != 5 || !Taxed(least) {
		t.Errorf("three yes and a no: %d to %d", least, most)
	}
}
