package ask_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/ask"
)

// TestAnyStory runs acts in any order and holds what must be true after each.
func TestAnyStory(t *testing.T) {
	people := []string{"b", "c", "d", "x", "y"}
	rapid.Check(t, func(t *rapid.T) {
		to := rapid.SliceOfNDistinct(rapid.SampledFrom(people[:3]), 1, 3, rapid.ID[string]).Draw(t, "to")
		a, err := ask.New("item", "asker", "Which?", to, day, false, "", rapid.IntRange(0, len(to)).Draw(t, "need"))
		if err != nil {
			t.Fatal(err)
		}
		person := rapid.SampledFrom(people)
		settled := make(map[string]ask.State)
		for range rapid.IntRange(1, 12).Draw(t, "acts") {
			p := person.Draw(t, "person")
			acts := []act{
				answers(p), declines(p), hands(p, person.Draw(t, "to whom")), asksTime(p),
				granted(p, rapid.Bool().Draw(t, "granted")), leaves(p), withdraws, asksBack(p), resumes(p), written(p), instead(p),
			}
			n := rapid.IntRange(0, len(acts)-1).Draw(t, "act")
			before, gone, written1 := a.Answers(), a.Stands() == ask.Withdrawn, a.Stands() == ask.InWriting
			_ = acts[n](&a) // refused or not
			seen := make(map[string]bool)
			waits, replaced := 0, 0
			for _, r := range a.Recipients {
				if seen[r.Person] {
					t.Fatalf("%s is asked twice", r.Person)
				}
				seen[r.Person] = true
				open := 0
				for _, q := range r.Pauses() {
					if q.Open {
						open++
					}
				}
				if _, asking := r.Asking(); open > 1 || asking != (open == 1) {
					t.Fatalf("%s has %d open questions, Asking says %v", r.Person, open, asking)
				}
				if was, ok := settled[r.Person]; ok && was != r.State {
					t.Fatalf("%s went from %s to %s", r.Person, was, r.State)
				}
				if r.To != "" {
					replaced++
				}
				switch r.State {
				case ask.Waiting:
					waits++
					if !r.Settled.IsZero() {
						t.Fatalf("%s waits, and is settled", r.Person)
					}
				default:
					settled[r.Person] = r.State
					if r.Settled.IsZero() || r.TimeAsked != "" {
						t.Fatalf("%s is %s with %+v", r.Person, r.State, r)
					}
				}
			}
			switch {
			case a.Answers() < before:
				t.Fatal("an answer got lost")
			case waits != a.Waits():
				t.Fatalf("Waits() = %d, want %d", a.Waits(), waits)
			case len(a.Recipients)-replaced != len(to):
				t.Fatalf("%d people stand for %d asked", len(a.Recipients)-replaced, len(to))
			case a.Needed() < 1 || a.Needed() > len(to):
				t.Fatalf("Needed() = %d of %d", a.Needed(), len(to))
			case written1 && a.Stands() != ask.InWriting:
				t.Fatal("a document and back again")
			case gone && a.Stands() != ask.Withdrawn:
				t.Fatal("withdrawn and back again")
			case a.Live() && (a.Waits() == 0 || a.Answers() >= a.Needed()):
				t.Fatal("live, though nothing of it waits or enough answers came")
			case a.Stands() == ask.Closed && a.Answers() < a.Needed():
				t.Fatal("closed without enough answers")
			case a.Stands() == ask.Open && a.Answers()+a.Waits() < a.Needed():
				t.Fatal("open, though enough answers cannot come")
			}
		}
	})
}
