package brief_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/worktime"
)

func TestCompose(t *testing.T) {
	ask := func(item string, due, sent worktime.Instant) brief.Line {
		return brief.Line{Section: brief.Asks, Item: item, Delivery: "d-" + item, Cause: "asked", Due: due, Sent: sent}
	}
	carried := func(item string, due, sent worktime.Instant) brief.Line {
		return brief.Line{Section: brief.Asks, Item: item, Cause: "asked", Due: due, Carried: true, Sent: sent}
	}
	mine := func(item string, due worktime.Instant) brief.Line {
		return brief.Line{Section: brief.Asked, Item: item, Cause: "waits", Due: due, Carried: true, Sent: 1}
	}
	named := func(item string, sent worktime.Instant) brief.Line {
		return brief.Line{Section: brief.Named, Item: item, Delivery: "d-" + item, Cause: "mention", Sent: sent}
	}
	stream := func(s brief.Section, item, stream, kind string, sent worktime.Instant) brief.Line {
		return brief.Line{Section: s, Item: item, Stream: stream, Cause: kind, Sent: sent}
	}
	for _, tt := range []struct {
		name string
		in   []brief.Line
		want []brief.Line
	}{
		{"nothing", nil, nil},
		{
			"sections in the order of R12.2",
			[]brief.Line{
				stream(brief.Rest, "rest", "team:t", "comment", 1), stream(brief.Updates, "update", "team:t", "sent", 1), named("named", 1),
				{Section: brief.Replies, Item: "reply", Delivery: "d-reply", Sent: 1},
				mine("mine", 50),
				ask("ask", 0, 1), stream(brief.Crises, "crisis", "wide", "crisis-state", 1),
			},
			[]brief.Line{
				stream(brief.Crises, "crisis", "wide", "crisis-state", 1), ask("ask", 0, 1), mine("mine", 50),
				{Section: brief.Replies, Item: "reply", Delivery: "d-reply", Sent: 1},
				named("named", 1), stream(brief.Updates, "update", "team:t", "sent", 1), stream(brief.Rest, "rest", "team:t", "comment", 1),
			},
		},
		{
			"asks by due time, those without one last, carried over among them",
			[]brief.Line{ask("none", 0, 1), ask("late", 300, 2), carried("soon", 100, 3), ask("mid", 200, 4)},
			[]brief.Line{carried("soon", 100, 3), ask("mid", 200, 4), ask("late", 300, 2), ask("none", 0, 1)},
		},
		{
			"asks of one's own by due time too",
			[]brief.Line{mine("a", 300), mine("b", 100), mine("c", 200)},
			[]brief.Line{mine("b", 100), mine("c", 200), mine("a", 300)},
		},
		{
			"all else as it was written, whatever is due",
			[]brief.Line{{Section: brief.Named, Item: "b", Delivery: "2", Due: 1, Sent: 20}, {Section: brief.Named, Item: "a", Delivery: "1", Due: 9, Sent: 10}},
			[]brief.Line{{Section: brief.Named, Item: "a", Delivery: "1", Due: 9, Sent: 10}, {Section: brief.Named, Item: "b", Delivery: "2", Due: 1, Sent: 20}},
		},
		{
			"by name and by a stream: once, by name",
			[]brief.Line{stream(brief.Updates, "x", "team:t", "sent", 1), named("x", 1)},
			[]brief.Line{named("x", 1)},
		},
		{
			"by two streams: once, as what says most",
			[]brief.Line{stream(brief.Rest, "x", "item:x", "edited", 1), stream(brief.Updates, "x", "team:t", "sent", 1)},
			[]brief.Line{stream(brief.Updates, "x", "team:t", "sent", 1)},
		},
		{
			"asked and mentioned: once, as an ask",
			[]brief.Line{named("x", 1), ask("x", 100, 1)},
			[]brief.Line{ask("x", 100, 1)},
		},
		{
			"carried over and mentioned anew: the ask, and new",
			[]brief.Line{carried("x", 100, 1), named("x", 1)},
			[]brief.Line{{Section: brief.Asks, Item: "x", Cause: "asked", Due: 100, Sent: 1}},
		},
		{
			"carried over and changed: still nothing new",
			[]brief.Line{stream(brief.Rest, "x", "item:x", "edited", 1), carried("x", 100, 1)},
			[]brief.Line{carried("x", 100, 1)},
		},
		{
			"written in one second: by item",
			[]brief.Line{named("b", 1), named("a", 1)},
			[]brief.Line{named("a", 1), named("b", 1)},
		},
	} {
		got := brief.Compose(slices.Clone(tt.in))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		slices.Reverse(tt.in)
		if diff := cmp.Diff(tt.want, brief.Compose(tt.in)); diff != "" {
			t.Errorf("%s, the other way round (-want +got):\n%s", tt.name, diff)
		}
	}
}

var drawLine = rapid.Custom(func(t *rapid.T) brief.Line {
	l := brief.Line{
		Section: rapid.SampledFrom(brief.Sections()).Draw(t, "section"), Item: rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "item"),
		Version: rapid.Int64Range(1, 2).Draw(t, "version"), Due: worktime.Instant(rapid.Int64Range(0, 3).Draw(t, "due")),
		Sent: worktime.Instant(rapid.Int64Range(1, 3).Draw(t, "sent")), Words: rapid.IntRange(0, 2).Draw(t, "words"),
		Cause: rapid.SampledFrom([]string{"asked", "sent"}).Draw(t, "cause"),
	}
	switch rapid.IntRange(0, 2).Draw(t, "by") {
	case 0:
		l.Delivery = rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "delivery")
	case 1:
		l.Stream = rapid.SampledFrom([]string{"team:t", "wide"}).Draw(t, "stream")
	default:
		l.Section, l.Carried = brief.Asks, true
	}
	return l
})

// TestComposeLaws: the same lines in any order give the same brief; each item
// stands once, and by name if it came by name; composing again changes nothing.
func TestComposeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(drawLine, 0, 12).Draw(t, "lines")
		got := brief.Compose(slices.Clone(lines))
		if diff := cmp.Diff(got, brief.Compose(rapid.Permutation(lines).Draw(t, "order"))); diff != "" {
			t.Fatalf("another order gives another brief:\n%s", diff)
		}
		if diff := cmp.Diff(got, brief.Compose(slices.Clone(got))); diff != "" {
			t.Fatalf("composing again changes it:\n%s", diff)
		}
		byName, fresh, seen := make(map[string]bool), make(map[string]bool), make(map[string]bool)
		for _, l := range lines {
			byName[l.Item] = byName[l.Item] || l.Delivery != "" || l.Carried
			fresh[l.Item] = fresh[l.Item] || l.Delivery != ""
			seen[l.Item] = true
		}
		for i, l := range got {
			switch {
			case !seen[l.Item]:
				t.Fatalf("%s stands twice, or came from nowhere", l.Item)
			case byName[l.Item] && l.Delivery == "" && l.Stream != "":
				t.Fatalf("%s came by name and stands as a stream's", l.Item)
			case l.Carried && fresh[l.Item]:
				t.Fatalf("%s is new and stands as carried over", l.Item)
			case i > 0 && slices.Index(brief.Sections(), got[i-1].Section) > slices.Index(brief.Sections(), l.Section):
				t.Fatalf("%s before %s", got[i-1].Section, l.Section)
			}
			delete(seen, l.Item)
		}
		if len(seen) > 0 {
			t.Fatalf("left out: %v", seen)
		}
	})
}

func TestNewLines(t *testing.T) {
	lines := []brief.Line{{Carried: true}, {}, {Carried: true}, {}}
	if got := brief.New(lines); got != 2 {
		t.Errorf("New() = %d, want 2", got)
	}
	if got := brief.New(nil); got != 0 {
		t.Errorf("New(nil) = %d, want 0", got)
	}
}

// TestTells holds of which due times an asker's brief says so (R9.4).
func TestTells(t *testing.T) {
	for _, tt := range []struct {
		name string
		due  worktime.Instant
		ok   bool
		want bool
	}{
		{"none", 0, true, false},
		{"past", 50, true, true},
		{"before the next brief", 199, true, true},
		{"with the next brief, which comes too late to say so", 200, true, true},
		{"after the next brief", 201, true, false},
		{"no next brief", 9999, false, true},
		{"none, and no next brief", 0, false, false},
	} {
		if got := brief.Tells(tt.due, 200, tt.ok); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestMinutes(t *testing.T) {
	for _, tt := range []struct{ words, want int }{
		{-5, 0}, {0, 0}, {1, 1}, {119, 1}, {238, 1}, {356, 1}, {357, 2}, {476, 2}, {2380, 10},
	} {
		if got := brief.Minutes(tt.words); got != tt.want {
			t.Errorf("Minutes(%d) = %d, want %d", tt.words, got, tt.want)
		}
	}
}

func BenchmarkCompose(b *testing.B) {
	var lines []brief.Line
	for n := range 500 {
		l := brief.Line{Section: brief.Sections()[n%6], Item: string(rune('a'+n%26)) + string(rune('a'+n/26)), Sent: worktime.Instant(n * 7 % 100)}
		if n%3 == 0 {
			l.Delivery = l.Item
		}
		lines = append(lines, l)
	}
	for b.Loop() {
		brief.Compose(lines)
	}
}
