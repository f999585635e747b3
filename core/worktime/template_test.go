package worktime_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/worktime"
)

// TestTemplateIsTheDefinition asks a clock and the same clock without its
// weekly template the same things, to the second and for many dates.
func TestTemplateIsTheDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draws.Draw(t, "in")
		fast := compile(t, in.charter)
		plain := fast.Plain()
		day := rapid.Int64Range(-30, 30).Draw(t, "days off")
		now := worktime.Instant(in.now + day*refDay + rapid.Int64Range(0, 59).Draw(t, "second"))

		same := func(what string, a, b any) {
			t.Helper()
			if a != b {
				t.Fatalf("%v: %s at %v = %v, by definition %v", in, what, now, a, b)
			}
		}
		for c := worktime.Urgent; c <= worktime.Weekly; c++ {
			sealed := now + worktime.Instant(rapid.Int64Range(-20, 3).Draw(t, "sealed")*refDay/2)
			a, okA := fast.Next(c, now, sealed)
			b, okB := plain.Next(c, now, sealed)
			same(c.String(), or(a, okA), or(b, okB))
			same("away", fast.AwayDays(now, max(a, now)), plain.AwayDays(now, max(a, now)))
		}
		stateA, untilA, okA := fast.State(now)
		stateB, untilB, okB := plain.State(now)
		same("state", stateA, stateB)
		same("until", or(untilA, okA), or(untilB, okB))
		for _, term := range terms(rapid.IntRange(1, 100).Draw(t, "hours")) {
			same(term.String(), fast.Due(now, term, nil), plain.Due(now, term, nil))
		}
		to := now + worktime.Instant(rapid.Int64Range(0, 40*refDay).Draw(t, "for"))
		for _, kind := range []worktime.Kind{worktime.DayClock, worktime.WorkClock} {
			same(kind.String(), fast.Elapsed(kind, now, to, nil), plain.Elapsed(kind, now, to, nil))
		}
		if a, b := fast.Windows(now, to), plain.Windows(now, to); !slices.Equal(a, b) {
			t.Fatalf("%v: windows %v, by definition %v", in, a, b)
		}
	})
}

// terms are the four that move.
func terms(hours int) []worktime.Term {
	return []worktime.Term{worktime.Hours(hours), worktime.WorkHours(hours), worktime.EndOfDay(), worktime.EndOfWeek()}
}

// TestOrdinaryDays holds that most days of an ordinary year need no definition.
func TestOrdinaryDays(t *testing.T) {
	t.Parallel()
	k := compile(t, berlin())
	odd := 0
	for d := worktime.DateFrom(2026, 1, 1); d < worktime.DateFrom(2027, 1, 1); d++ {
		if !k.Ordinary(d) {
			odd++
		}
	}
	if odd > 24 {
		t.Errorf("%d dates of 2026 in Berlin are odd, want no more than two weeks about each change of summer time", odd)
	}
}
