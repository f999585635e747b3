package crisis_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/crisis"
)

var start = time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)

func minutes(n int) time.Time { return start.Add(time.Duration(n) * time.Minute) }

func raised(t *testing.T, needed ...string) crisis.Crisis {
	t.Helper()
	c, err := crisis.New("item", "The feed is down.", "Riders see wrong times.", needed, start)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNew(t *testing.T) {
	for _, tt := range []struct {
		name, what, stake string
		needed            []string
		want              error
		people            []string
	}{
		{"one", "It is down.", "Money.", []string{"b"}, nil, []string{"b"}},
		{"each once, in order", "It is down.", "Money.", []string{"c", "b", "c"}, nil, []string{"b", "c"}},
		{"nothing happens", "", "Money.", []string{"b"}, crisis.ErrNothing, nil},
		{"nothing at stake", "It is down.", "", []string{"b"}, crisis.ErrNoStake, nil},
		{"nobody needed", "It is down.", "Money.", nil, crisis.ErrNobody, nil},
	} {
		c, err := crisis.New("item", tt.what, tt.stake, tt.needed, start)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: New() = %v, want %v", tt.name, err, tt.want)
		}
		want := crisis.Crisis{}
		if tt.want == nil {
			want.Item = "item"
		}
		for _, p := range tt.people {
			want.Needed = append(want.Needed, crisis.Needed{Person: p, Round: 1, Next: minutes(2)})
		}
		if diff := cmp.Diff(want, c); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestStories holds who is called, how often, and when next.
func TestStories(t *testing.T) {
	type step func(*crisis.Crisis) error
	answer := func(p string, has bool, at int) step {
		return func(c *crisis.Crisis) error { return c.Answer(p, has, minutes(at)) }
	}
	call := func(p string, at int) step { return func(c *crisis.Crisis) error { return c.Call(p, minutes(at)) } }
	end := func(at int) step {
		return func(c *crisis.Crisis) error { return c.End("b", "switched over", minutes(at)) }
	}
	again := func(p string, at int) step {
		return func(c *crisis.Crisis) error {
			n, err := c.One(p)
			if err == nil {
				n.Again(minutes(at))
			}
			return err
		}
	}
	for _, tt := range []struct {
		name  string
		steps []step
		err   error // of the last one
		want  []crisis.Needed
	}{
		{"nobody answers", []step{again("b", 2), again("c", 2), again("b", 4)}, nil, []crisis.Needed{
			{Person: "b", Round: 3, Next: minutes(6)}, {Person: "c", Round: 2, Next: minutes(4)},
		}},
		{"one has it", []step{answer("b", true, 1)}, nil, []crisis.Needed{
			{Person: "b", Round: 1, HasIt: minutes(1)}, {Person: "c", Round: 1, Next: minutes(2)},
		}},
		{"one cannot", []step{answer("b", false, 1)}, nil, []crisis.Needed{
			{Person: "b", Round: 1, Cannot: minutes(1)}, {Person: "c", Round: 1, Next: minutes(2)},
		}},
		{"one has it and then cannot", []step{answer("b", true, 1), answer("b", false, 3)}, nil, []crisis.Needed{
			{Person: "b", Round: 1, Cannot: minutes(3)}, {Person: "c", Round: 1, Next: minutes(2)},
		}},
		{"one cannot and then has it", []step{answer("b", false, 1), answer("b", true, 3)}, nil, []crisis.Needed{
			{Person: "b", Round: 1, HasIt: minutes(3)}, {Person: "c", Round: 1, Next: minutes(2)},
		}},
		{"one more is called", []step{call("d", 5)}, nil, []crisis.Needed{
			{Person: "b", Round: 1, Next: minutes(2)}, {Person: "c", Round: 1, Next: minutes(2)}, {Person: "d", Round: 1, Next: minutes(7)},
		}},
		{"one is called again after answering", []step{answer("b", false, 1), call("b", 5)}, nil, []crisis.Needed{
			{Person: "b", Round: 2, Next: minutes(7)}, {Person: "c", Round: 1, Next: minutes(2)},
		}},
		{"it ends", []step{end(9)}, nil, []crisis.Needed{{Person: "b", Round: 1}, {Person: "c", Round: 1}}},
		{"ended twice", []step{end(9), end(10)}, crisis.ErrOver, []crisis.Needed{{Person: "b", Round: 1}, {Person: "c", Round: 1}}},
		{"answered after the end", []step{end(9), answer("b", true, 10)}, crisis.ErrOver, []crisis.Needed{{Person: "b", Round: 1}, {Person: "c", Round: 1}}},
		{"called after the end", []step{end(9), call("d", 10)}, crisis.ErrOver, []crisis.Needed{{Person: "b", Round: 1}, {Person: "c", Round: 1}}},
		{"somebody else answers", []step{answer("d", true, 1)}, crisis.ErrNotNeeded, []crisis.Needed{
			{Person: "b", Round: 1, Next: minutes(2)}, {Person: "c", Round: 1, Next: minutes(2)},
		}},
	} {
		c := raised(t, "b", "c")
		var err error
		for i, do := range tt.steps {
			if err != nil {
				t.Errorf("%s: step %d: %v", tt.name, i-1, err)
			}
			err = do(&c)
		}
		if !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.err)
		}
		if diff := cmp.Diff(tt.want, c.Needed); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestEnd(t *testing.T) {
	c := raised(t, "b")
	if c.Over() {
		t.Error("a new crisis is over")
	}
	if err := c.End("x", "switched over", minutes(9)); err != nil {
		t.Fatal(err)
	}
	_ = c.End("y", "again", minutes(10)) // refused, and changes nothing
	if !c.Over() || c.EndedBy != "x" || c.Outcome != "switched over" || !c.Ended.Equal(minutes(9)) {
		t.Errorf("ended: %+v", c)
	}
}

// TestCallsGoOn: whoever has not answered is called again, until the end; whoever
// has is left in peace; rounds only rise (each is one message).
func TestCallsGoOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := []string{"b", "c", "d"}
		c, err := crisis.New("item", "It is down.", "Money.", people[:rapid.IntRange(1, 2).Draw(t, "needed")], start)
		if err != nil {
			t.Fatal(err)
		}
		rounds := make(map[string]int64)
		for at := range rapid.IntRange(1, 15).Draw(t, "minutes") {
			p := rapid.SampledFrom(people).Draw(t, "person")
			switch rapid.IntRange(0, 4).Draw(t, "act") {
			case 0, 1:
				_ = c.Answer(p, rapid.Bool().Draw(t, "has it"), minutes(at))
			case 2:
				_ = c.Call(p, minutes(at))
			case 3:
				if rapid.IntRange(0, 5).Draw(t, "end") == 0 {
					_ = c.End("x", "", minutes(at))
				}
			}
			seen := make(map[string]bool)
			for i := range c.Needed { // as the loop of calls does
				n := &c.Needed[i]
				if !n.Next.IsZero() && !n.Next.After(minutes(at)) {
					n.Again(minutes(at))
				}
				answered := !n.HasIt.IsZero() || !n.Cannot.IsZero()
				switch {
				case seen[n.Person]:
					t.Fatalf("%s is needed twice", n.Person)
				case n.Round < rounds[n.Person] || n.Round < 1:
					t.Fatalf("%s: round %d after %d", n.Person, n.Round, rounds[n.Person])
				case (c.Over() || answered) != n.Next.IsZero():
					t.Fatalf("%s: over %v, answered %v, next call %v", n.Person, c.Over(), answered, n.Next)
				case !n.Next.IsZero() && n.Next.Sub(minutes(at)) > crisis.Repeat:
					t.Fatalf("%s waits %s for the next call", n.Person, n.Next.Sub(minutes(at)))
				case !n.HasIt.IsZero() && !n.Cannot.IsZero():
					t.Fatalf("%s both has it and cannot", n.Person)
				}
				seen[n.Person], rounds[n.Person] = true, n.Round
			}
		}
	})
}
