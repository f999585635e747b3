package decision

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func opened(t *testing.T, way Way, options ...string) Decision {
	t.Helper()
	d := Decision{Item: "d1", Driver: "jonas", Deciders: []string{"maya", "maya"}, Way: way, Hours: 48}
	for _, o := range options {
		d.Options = append(d.Options, Option{Key: o, Text: "option " + o})
	}
	d, err := New(d, "Keep it as a log.", monday)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestNew(t *testing.T) {
	good := Decision{Item: "d1", Driver: "jonas", Deciders: []string{"maya"}, Way: ByDecider}
	if d, err := New(good, "x", monday); err != nil || d.State != Open || !d.Opened.Equal(monday) {
		t.Errorf("%+v, %v", d, err)
	}
	elsewhere := good
	elsewhere.Source = "the meeting of Monday"
	if d, err := New(elsewhere, "x", monday); err != nil || d.State != Proposed {
		t.Errorf("made elsewhere: %s, %v; want proposed", d.State, err)
	}
	for name, c := range map[string]struct {
		change func(*Decision)
		point  string
		want   error
	}{
		"says nothing":      {func(*Decision) {}, "", ErrNoPoint},
		"no such way":       {func(d *Decision) { d.Way = "dice" }, "x", ErrWay},
		"nobody decides":    {func(d *Decision) { d.Deciders = nil }, "x", ErrNoDecider},
		"a vote of one":     {func(d *Decision) { d.Way, d.Options = BySingle, []Option{{"A", "a"}} }, "x", ErrOptions},
		"recommends none":   {func(d *Decision) { d.Recommended = "B" }, "x", ErrOptionKey},
		"replaces itself":   {func(d *Decision) { d.Supersedes = []string{"d1"} }, "x", ErrItself},
		"consent by nobody": {func(d *Decision) { d.Way, d.Deciders = ByConsent, nil }, "x", nil},
	} {
		d := good
		c.change(&d)
		if _, err := New(d, c.point, monday); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestPositions(t *testing.T) {
	d := opened(t, ByDecider)
	for _, c := range []struct {
		p    Position
		want error
	}{
		{Position{Person: "kenji", Stance: Objects}, ErrReason},
		{Position{Person: "kenji", Stance: Reserves}, ErrReason},
		{Position{Person: "kenji", Stance: "shrugs"}, ErrStance},
		{Position{Person: "kenji", Stance: Agrees, Votes: map[string]int{"A": 1}}, ErrVotes},
		{Position{Person: "kenji", Stance: Objects, Reason: "the cost of a replay is unknown", Taken: monday}, nil},
		{Position{Person: "deniz", Stance: NoView, Taken: monday.Add(time.Hour)}, nil},
	} {
		if err := d.Take(c.p); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c.p, err, c.want)
		}
	}
	if len(d.Objections()) != 1 {
		t.Fatalf("objections: %+v", d.Objections())
	}
	if err := d.Settle("deniz", monday); !errors.Is(err, ErrStance) {
		t.Errorf("settle one who does not object: %v", err)
	}
	if err := d.Settle("kenji", monday.Add(2*time.Hour)); err != nil || len(d.Objections()) != 0 {
		t.Errorf("answered: %v, still %+v", err, d.Objections())
	}
	// Objecting anew is another objection.
	if err := d.Take(Position{Person: "kenji", Stance: Objects, Reason: "an hour is too long", Taken: monday.Add(3 * time.Hour)}); err != nil || len(d.Objections()) != 1 {
		t.Errorf("objected again: %v, %+v", err, d.Objections())
	}
	if len(d.Positions) != 2 || d.Positions[1].Person != "kenji" {
		t.Errorf("one position each, by time: %+v", d.Positions)
	}
}

func TestVotes(t *testing.T) {
	for _, c := range []struct {
		way   Way
		votes map[string]int
		want  error
	}{
		{BySingle, map[string]int{"A": 1}, nil},
		{BySingle, map[string]int{"A": 1, "B": 1}, ErrVotes},
		{BySingle, map[string]int{"A": 2}, ErrVotes},
		{BySingle, map[string]int{"Z": 1}, ErrOptionKey},
		{BySingle, nil, ErrVotes},
		{ByRanked, map[string]int{"A": 2, "B": 1}, nil},
		{ByRanked, map[string]int{"A": 1, "B": 1}, ErrVotes},
		{ByRanked, map[string]int{"A": 1, "B": 3}, ErrVotes},
		{ByScore, map[string]int{"A": 5, "B": 0}, nil},
		{ByScore, map[string]int{"A": 6}, ErrVotes},
		{ByScore, map[string]int{"A": -1}, ErrVotes},
		{ByConsent, map[string]int{"A": 1}, ErrVotes},
	} {
		d := opened(t, c.way, "A", "B", "C")
		if err := d.Take(Position{Person: "kenji", Stance: Agrees, Votes: c.votes}); !errors.Is(err, c.want) {
			t.Errorf("%s %v: %v, want %v", c.way, c.votes, err, c.want)
		}
	}
}

func TestDecide(t *testing.T) {
	fair := monday.Add(50 * time.Hour)
	out := Outcome{Text: "B", Why: "the writers wait no more", By: "maya", At: fair}
	for name, c := range map[string]struct {
		way    Way
		stance Stance
		change func(*Outcome)
		ok     bool
		want   error
	}{
		"in its time":               {ByDecider, Agrees, func(*Outcome) {}, true, nil},
		"a millisecond early":       {ByDecider, Agrees, func(o *Outcome) { o.At = fair.Add(-time.Millisecond) }, true, ErrEarly},
		"early with a reason":       {ByDecider, Agrees, func(o *Outcome) { o.At, o.Early = monday, "the licence ends tonight" }, true, nil},
		"nobody can have it":        {ByDecider, Agrees, func(*Outcome) {}, false, ErrEarly},
		"no why":                    {ByDecider, Agrees, func(o *Outcome) { o.Why = "" }, true, ErrOutcome},
		"by another":                {ByDecider, Agrees, func(o *Outcome) { o.By = "jonas" }, true, ErrNotDecider},
		"an open objection":         {ByDecider, Objects, func(*Outcome) {}, true, ErrUnanswered},
		"consent with an objection": {ByConsent, Objects, func(o *Outcome) { o.By = "jonas" }, true, ErrObjection},
		"consent with a doubt":      {ByConsent, Reserves, func(o *Outcome) { o.By = "jonas" }, true, nil},
		"consent by a bystander":    {ByConsent, Agrees, func(o *Outcome) { o.By = "kenji" }, true, ErrNotDriver},
		"review before force":       {ByDecider, Agrees, func(o *Outcome) { o.From, o.ReviewOn = 20500, 20499 }, true, ErrReviewEarly},
		"an unknown option":         {ByDecider, Agrees, func(o *Outcome) { o.Option = "Z" }, true, ErrOptionKey},
	} {
		d := opened(t, c.way)
		if err := d.Take(Position{Person: "kenji", Stance: c.stance, Reason: "it costs", Taken: monday}); err != nil {
			t.Fatal(err)
		}
		o := out
		c.change(&o)
		err := d.Decide(o, fair, c.ok)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if (err == nil) != (d.State == Decided) {
			t.Errorf("%s: %v, and it is %s", name, err, d.State)
		}
	}
}

// TestMadeIsMade: what was decided takes no position, no other outcome and no
// withdrawal; only another decision takes its place, once.
func TestMadeIsMade(t *testing.T) {
	d := opened(t, ByDecider)
	if err := d.Take(Position{Person: "kenji", Stance: Reserves, Reason: "a replay is long", Taken: monday}); err != nil {
		t.Fatal(err)
	}
	o := Outcome{Text: "B", Why: "w", By: "maya", At: monday.Add(time.Hour), Early: "it has waited since spring", From: 20500}
	if err := d.Decide(o, monday, true); err != nil {
		t.Fatal(err)
	}
	if d.Outcome.Early != "" {
		t.Error("a reason for an early close is kept although it was not early")
	}
	if len(d.Outcome.Dissent) != 1 {
		t.Errorf("dissent: %+v", d.Outcome.Dissent)
	}
	for name, err := range map[string]error{
		"decide":   d.Decide(o, monday, true),
		"position": d.Take(Position{Person: "x", Stance: Agrees}),
		"settle":   d.Settle("kenji", monday),
		"withdraw": d.Withdraw("jonas", "y"),
	} {
		if !errors.Is(err, ErrNotOpen) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if d.InForce(20499) || !d.InForce(20500) {
		t.Error("it is in force from its date on")
	}
	if err := d.Judge(Better, monday); err != nil {
		t.Error(err)
	}
	if err := d.Replace("d1"); !errors.Is(err, ErrItself) {
		t.Error(err)
	}
	if err := d.Replace("d2"); err != nil || d.State != Superseded || d.InForce(20500) {
		t.Errorf("%v, %s", err, d.State)
	}
	if err := d.Replace("d3"); !errors.Is(err, ErrUndecided) {
		t.Errorf("replaced twice: %v", err)
	}
}

func TestCount(t *testing.T) {
	ballots := func(way Way, votes ...map[string]int) Decision {
		d := opened(t, way, "A", "B", "C")
		for i, v := range votes {
			if err := d.Take(Position{Person: fmt.Sprint("p", i), Stance: Agrees, Votes: v, Taken: monday}); err != nil {
				t.Fatal(err)
			}
		}
		return d
	}
	a, b, c := map[string]int{"A": 1}, map[string]int{"B": 1}, map[string]int{"C": 1}
	for name, x := range map[string]struct {
		d     Decision
		leads string
		first []string
	}{
		"nobody":           {ballots(BySingle), "", []string{"A", "B", "C"}},
		"most":             {ballots(BySingle, b, b, a), "B", []string{"B", "A", "C"}},
		"level":            {ballots(BySingle, b, a), "", []string{"A", "B", "C"}},
		"points":           {ballots(ByScore, map[string]int{"A": 5}, map[string]int{"A": 0, "B": 3}, map[string]int{"B": 3}), "B", []string{"B", "A", "C"}},
		"ranked, at once":  {ballots(ByRanked, c, c, a), "C", []string{"C", "A", "B"}},
		"ranked, a second": {ballots(ByRanked, map[string]int{"A": 1, "B": 2}, map[string]int{"B": 1, "A": 2}, map[string]int{"B": 1}, map[string]int{"C": 1, "A": 2}, map[string]int{"A": 1}), "A", []string{"A", "B", "C"}},
		"ranked, level":    {ballots(ByRanked, a, b), "", []string{"A", "B", "C"}},
	} {
		count := x.d.Count()
		var order []string
		for _, s := range count.Standings {
			order = append(order, s.Option)
		}
		if count.Leads != x.leads || !slices.Equal(order, x.first) {
			t.Errorf("%s: %q leads in %v, want %q in %v", name, count.Leads, order, x.leads, x.first)
		}
	}
	// A position without a view is no vote.
	d := ballots(BySingle, a)
	if err := d.Take(Position{Person: "q", Stance: NoView, Taken: monday}); err != nil || d.Count().Voters != 1 {
		t.Errorf("%v, %d voters", err, d.Count().Voters)
	}
}

// TestSeal: every change of what was decided shows.
func TestSeal(t *testing.T) {
	made := func() (Decision, Text) {
		d := opened(t, BySingle, "A", "B")
		if err := d.Take(Position{Person: "kenji", Stance: Reserves, Reason: "slow", Votes: map[string]int{"A": 1}, Taken: monday}); err != nil {
			t.Fatal(err)
		}
		if err := d.Decide(Outcome{Text: "A", Why: "w", Option: "A", By: "jonas", At: monday.Add(time.Hour), From: 20500}, monday, true); err != nil {
			t.Fatal(err)
		}
		return d, Text{Ref: "D-1", Point: "p", Body: "b", Version: 3}
	}
	d, text := made()
	seal := d.Seal(text)
	if len(seal) != 64 || seal != d.Seal(text) {
		t.Fatal(seal)
	}
	for name, change := range map[string]func(*Decision, *Text){
		"text":     func(_ *Decision, t *Text) { t.Body = "b " },
		"boundary": func(_ *Decision, t *Text) { t.Point, t.Body = "pb", "" },
		"version":  func(_ *Decision, t *Text) { t.Version++ },
		"decider":  func(d *Decision, _ *Text) { d.Deciders = []string{"tom"} },
		"reason":   func(d *Decision, _ *Text) { d.Positions[0].Reason = "fine" },
		"vote":     func(d *Decision, _ *Text) { d.Positions[0].Votes = map[string]int{"B": 1} },
		"nobody":   func(d *Decision, _ *Text) { d.Positions = nil },
		"option":   func(d *Decision, _ *Text) { d.Options[1].Text = "other" },
		"outcome":  func(d *Decision, _ *Text) { d.Outcome.Why = "v" },
		"when":     func(d *Decision, _ *Text) { d.Outcome.At = d.Outcome.At.Add(time.Millisecond) },
		"chain":    func(d *Decision, _ *Text) { d.Supersedes = []string{"d0"} },
	} {
		d, text := made()
		change(&d, &text)
		if d.Seal(text) == seal {
			t.Errorf("a change of the %s does not show", name)
		}
	}
}

func TestChain(t *testing.T) {
	all := map[string]Decision{
		"1": {Item: "1", SupersededBy: "3"}, "2": {Item: "2", SupersededBy: "3"},
		"3": {Item: "3", Supersedes: []string{"1", "2"}, SupersededBy: "4"}, "4": {Item: "4", Supersedes: []string{"3"}},
		"a": {Item: "a", Supersedes: []string{"b"}, SupersededBy: "b"}, "b": {Item: "b", Supersedes: []string{"a"}, SupersededBy: "a"},
	}
	of := func(id string) (Decision, bool) { d, ok := all[id]; return d, ok }
	for from, want := range map[string]string{"1": "[4 3 1 2]", "3": "[4 3 1 2]", "4": "[4 3 1 2]", "a": "[b a]", "x": "[]"} {
		got := Chain(from, of)
		if from == "1" || from == "3" || from == "4" {
			slices.Sort(got[2:])
		}
		if fmt.Sprint(got) != want {
			t.Errorf("from %s: %v, want %s", from, got, want)
		}
	}
}
