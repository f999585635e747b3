package measure

import (
	"fmt"
	"math"
	"testing"

	"github.com/rubato-hq/rubato/core/worktime"
)

// TestWorkedEffectiveness is A10.1 to the digit.
func TestWorkedEffectiveness(t *testing.T) {
	for _, c := range []struct {
		name    string
		quality float64
		kept    float64
		hours   float64
		want    string
	}{
		{"a meeting and a half", .8, .9, 1.5, "0.48"},
		{"document on Monday, comments, 30 minutes on Thursday", 1, 1, .5, "2.00"},
		{"all in writing", .9, 1, Live(nil) / 60, "3.60"},
		{"decided in chat", .8, Record{}.Persistence(0), .25, "0.00"},
		{"the best there is", 1, 1, Live(nil) / 60, "4.00"},
	} {
		e := Effective([]Score{{Quality: c.quality, Judged: true, Persistence: c.kept, Live: c.hours * 60}})
		if got := fmt.Sprintf("%.2f", e.Value); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestPeriod holds that a period is a mean by a mean, not a mean of quotients,
// and that a decision without a quality is left out of both.
func TestPeriod(t *testing.T) {
	e := Effective([]Score{
		{Quality: 1, Judged: true, Persistence: 1, Live: 15},
		{Quality: .8, Judged: true, Persistence: .5, Live: 165},
		{Persistence: 1, Live: 600},
	})
	if want := (1 + .4) / 2 / 1.5; e.Scores != 2 || math.Abs(e.Value-want) > 1e-12 {
		t.Errorf("%d decisions, %v; want 2, %v", e.Scores, e.Value, want)
	}
	if e := Effective(nil); e.Scores != 0 || e.Value != 0 {
		t.Errorf("of nothing: %+v", e)
	}
}

func TestQuality(t *testing.T) {
	decided := worktime.DateFrom(2026, 3, 2)
	all := Checks{Options: Met, Reasoned: Met, Fair: Missed, Stands: Met, AsWished: Met, Decided: decided, ReviewsOn: decided + 180}
	few := Checks{Options: Met, Reasoned: Met, Decided: decided}
	for _, c := range []struct {
		name   string
		checks Checks
		on     worktime.Date
		want   string
	}{
		{"the day after: three apply", all, decided + 1, "0.67 true"},
		{"the day before the 90th", all, decided + 89, "0.67 true"},
		{"on day 90", all, decided + 90, "0.75 true"},
		{"on the day of its review", all, decided + 180, "0.80 true"},
		{"two apply: none", few, decided + 1, "0.00 false"},
		{"two apply after 90 days too", few, decided + 100, "0.00 false"},
	} {
		q, ok := c.checks.Quality(c.on)
		if got := fmt.Sprintf("%.2f %v", q, ok); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestPersistence(t *testing.T) {
	decided := worktime.DateFrom(2026, 3, 2)
	for _, c := range []struct {
		name   string
		record Record
		on     worktime.Date
		want   string
	}{
		{"in chat alone", Record{Links: true, Found: true, Chain: true}, decided + 50, "0.00"},
		{"new, links whole", Record{Permanent: true, Links: true}, decided + 29, "1.00"},
		{"new, a link is broken", Record{Permanent: true}, decided + 29, "0.67"},
		{"a month old, nobody has looked", Record{Permanent: true, Links: true, Chain: true}, decided + 30, "0.80"},
		{"all", Record{Permanent: true, Links: true, Chain: true, Found: true}, decided + 30, "1.00"},
		{"the record alone", Record{Permanent: true}, decided + 30, "0.40"},
	} {
		c.record.Decided = decided
		if got := fmt.Sprintf("%.2f", c.record.Persistence(c.on)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestLive(t *testing.T) {
	for _, c := range []struct {
		name     string
		meetings []Linked
		want     float64
	}{
		{"none", nil, 15},
		{"ten minutes", []Linked{{Minutes: 10, Decisions: 1}}, 15},
		{"an hour that led to three", []Linked{{Minutes: 60, Decisions: 3}}, 20},
		{"two meetings", []Linked{{Minutes: 60, Decisions: 2}, {Minutes: 30, Decisions: 1}}, 60},
	} {
		if got := Live(c.meetings); got != c.want {
			t.Errorf("%s: %v minutes, want %v", c.name, got, c.want)
		}
	}
}

// TestWorkedSavings is A10.4: 41 hits a quarter.
func TestWorkedSavings(t *testing.T) {
	s := Savings(make([]Hit, 41), Usual)
	if got := fmt.Sprintf("%.1f h, %.0f h", s.Low/60, s.Mid/60); got != "13.7 h, 41 h" {
		t.Errorf("41 hits: %s, want 13.7 h, 41 h", got)
	}
	s = Savings([]Hit{{Decided: 240}, {}}, 20)
	if want := (Saved{Low: 40, Mid: 80, High: 280}); s != want {
		t.Errorf("one decided by eight people in half an hour, one in writing: %+v, want %+v", s, want)
	}
}
