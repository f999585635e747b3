package audit

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// calendar is weeks of instances of one entry, the last 12 of them in the window.
func calendar(i *Item, weeks, every int, minutes int) *Input {
	in := &Input{Me: []string{"me@example.org"}, Domains: []string{"example.org"}}
	i.Series = "s"
	start := worktime.Of(time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC))
	i.Begins = start
	for n := 0; n < weeks; n += every {
		at := start + worktime.Instant(n)*7*day
		in.Instances = append(in.Instances, Instance{Item: i, Start: at, End: at + worktime.Instant(minutes)*minute})
	}
	return in
}

func window(in *Input, last int) worktime.Interval {
	n := len(in.Instances)
	return worktime.Interval{From: in.Instances[max(0, n-last)].Start, To: in.Instances[n-1].End}
}

func people(n int) (out []Party) {
	out = append(out, Party{Address: "me@example.org"})
	for i := 1; i < n; i++ {
		out = append(out, Party{Address: fmt.Sprintf("p%d@example.org", i)})
	}
	return out
}

// TestPoints are the checks on the points that A5.1 gives, to the digit.
func TestPoints(t *testing.T) {
	long := strings.Repeat("We talk about what the sketches of last week mean for the new navigation. ", 6)
	for _, tt := range []struct {
		name    string
		item    Item
		weeks   int
		every   int
		minutes int
		texts   bool
		want    string
	}{
		{"a stand-up without attendees, in a file without texts", Item{Title: "Standup", Recurring: true}, 4, 1, 30, false, "1 0.75 found"},
		{"a weekly sync of eight without agenda", Item{Title: "Weekly team sync", Recurring: true, Attendees: people(8)}, 4, 1, 60, true, "1 0.95 found"},
		{"a jour fixe of two", Item{Title: "Jour fixe", Recurring: true, Attendees: people(2)}, 4, 1, 60, true, "1 0.60 possible"},
		{"the same in a file without texts", Item{Title: "Jour fixe", Recurring: true, Attendees: people(2)}, 4, 1, 60, false, "1 0.50 possible"},
		{"a decision every other week, with a long text and no document", Item{Title: "Needs: Decision - UX", Recurring: true, Text: long}, 8, 2, 60, true, "4 0.75 found"},
		{
			"a community call with notes and an agenda that all build",
			Item{Title: "Cucumber Community Call", Recurring: true, Endless: true, Place: "https://example.zoom.us/j/1", Text: "We build the agenda together in the notes: https://docs.google.com/document/d/x"},
			60, 1, 60, true, "",
		},
		{"an old open-ended weekly without agenda and cancellations", Item{Title: "Quokka", Recurring: true, Endless: true, Attendees: people(4)}, 40, 1, 60, true, "7 0.60 possible"},
		{"a brainstorm of five", Item{Title: "Brainstorming: names", Attendees: people(5)}, 1, 1, 60, true, "5 0.95 found"},
		{"a brainstorm with a board", Item{Title: "Brainstorming: names", Attendees: people(5), Text: "https://miro.com/app/board/x"}, 1, 1, 60, true, ""},
		{"a quick call of today", Item{Title: "Quick call", Attendees: people(2)}, 1, 1, 15, true, "2 0.85 found"},
		{"with a client", Item{Title: "Status meeting with the client", Recurring: true, Attendees: people(5)}, 4, 1, 60, true, "1 0.60 possible"},
		{"a stand-up that is a decision too", Item{Title: "Status and decisions", Recurring: true, Attendees: people(3)}, 4, 1, 60, true, "4 0.95 found"},
	} {
		item := tt.item
		in := calendar(&item, tt.weeks, tt.every, tt.minutes)
		all := in.series(window(in, 4))
		if len(all) != 1 {
			t.Errorf("%s: %d series count", tt.name, len(all))
			continue
		}
		var said string
		if f := in.findings(all[0], tt.texts); len(f) > 0 {
			said = fmt.Sprintf("%d %.2f", f[0].Habit, f[0].Confidence)
			if f[0].Found() {
				said += " found"
			} else if f[0].Possible() {
				said += " possible"
			}
		}
		if said != tt.want {
			t.Errorf("%s: %q, want %q; %+v", tt.name, said, tt.want, in.findings(all[0], tt.texts))
		}
	}
}

// TestJustInCase: what was cancelled again and again.
func TestJustInCase(t *testing.T) {
	item := Item{Title: "Platform forum", Recurring: true, Endless: true, Attendees: people(7)}
	in := calendar(&item, 30, 1, 45)
	for n := range in.Instances {
		in.Instances[n].Cancelled = n%2 == 0 && n >= 18
	}
	all := in.series(window(in, 8))
	f := in.findings(all[0], true)
	if len(f) == 0 || f[0].Habit != JustInCase || f[0].Confidence != .95 {
		t.Fatalf("%+v", f)
	}
	var said []string
	for _, p := range f[0].Points {
		said = append(said, fmt.Sprintf("%s %d/%d", p.Code, p.N, p.Of))
	}
	if got, want := strings.Join(said, ", "), "standing 30/0, no-agenda 4/4, endless 0/0, old 0/0, mostly-off 6/12, people 7/0"; got != want {
		t.Errorf("its signs are %s, want %s", got, want)
	}
}

// TestCounts holds what is no meeting (A2).
func TestCounts(t *testing.T) {
	at := worktime.Of(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	for _, tt := range []struct {
		name string
		i    Instance
		want Why
	}{
		{"others", Instance{Item: &Item{Title: "X", Attendees: people(3)}}, Counts},
		{"nobody, no sign", Instance{Item: &Item{Title: "Write the report"}}, IsHold},
		{"me alone", Instance{Item: &Item{Title: "X", Attendees: people(1)}}, IsHold},
		{"a room alone", Instance{Item: &Item{Title: "X", Attendees: []Party{{Address: "room@example.org", Apart: true}}}}, IsHold},
		{"a link", Instance{Item: &Item{Title: "X", Place: "https://example.zoom.us/j/123"}}, Counts},
		{"a link, and a word of a hold", Instance{Item: &Item{Title: "Focus time", Place: "https://example.zoom.us/j/123"}}, IsHold},
		{"a number to dial", Instance{Item: &Item{Title: "X", Text: "tel:+491234567"}}, IsHold},
		{"a word", Instance{Item: &Item{Title: "Standup"}}, Counts},
		{"organised by somebody", Instance{Item: &Item{Title: "X", Organizer: Party{Address: "p@example.org"}}}, Counts},
		{"declined", Instance{Item: &Item{Title: "X", Attendees: []Party{{Address: "me@example.org", Answer: No}, {Address: "p@example.org"}}}}, IsDeclined},
		{"everybody else declined", Instance{Item: &Item{Title: "X", Attendees: []Party{{Address: "me@example.org"}, {Address: "p@example.org", Answer: No}}}}, IsHold},
		{"cancelled", Instance{Item: &Item{Title: "X", Attendees: people(3)}, Cancelled: true}, IsOff},
		{"cancelled by its title", Instance{Item: &Item{Title: "Abgesagt: Standup", Attendees: people(3)}}, IsOff},
		{"free", Instance{Item: &Item{Title: "X", Attendees: people(3), Free: true}}, IsFree},
		{"whole days", Instance{Item: &Item{Title: "X", Attendees: people(3)}, Whole: true}, IsLong},
		{"longer than half a day", Instance{Item: &Item{Title: "X", Attendees: people(3)}, End: at + 13*hour}, IsLong},
		{"no length", Instance{Item: &Item{Title: "X", Attendees: people(3)}, End: at}, IsEmpty},
	} {
		in := &Input{Me: []string{"me@example.org"}}
		tt.i.Start = at
		if tt.i.End == 0 {
			tt.i.End = at + hour
		}
		if got := in.counts(tt.i); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestOwnText: what a program wrote is no description (A2.6).
func TestOwnText(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"zoom", "Bring numbers.\n\nJoin Zoom Meeting\nhttps://x.zoom.us/j/1\n\nMeeting ID: 123\nOne tap mobile\n+13462487799,,1#\n\nFind your local number: https://x.zoom.us/u/a\n\nThanks", "Bring numbers.\n\n\n\nThanks"},
		{"teams", "Bring numbers.\n________________________________________________________________________________\nMicrosoft Teams meeting\nJoin: https://teams.microsoft.com/l/1\n________________________________________________________________________________\n", "Bring numbers."},
		{"meet", "Bring numbers.\n\n-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-\nJoin with Google Meet: https://meet.google.com/a\n-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-", "Bring numbers."},
		{"webex", "Bring numbers.\n-- Do not delete or change any of the following text. --\nJoin", "Bring numbers."},
		{"HTML", "<html><style>p{}</style><p>Bring&nbsp;numbers.</p><ul><li>one</li></ul></html>", "Bring numbers.\n\n- one"},
		{"a mail that is quoted", "Yes.\n> Shall we?\n", "Yes."},
		{"nothing", "", ""},
	} {
		if got := own(tt.in); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
