package audit

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// nine is nine to five in Berlin.
func nine(t *testing.T) *worktime.Clock {
	t.Helper()
	hours := [7][]worktime.Span{}
	for d := time.Monday; d <= time.Friday; d++ {
		hours[d] = []worktime.Span{{From: worktime.ClockTime(9, 0), To: worktime.ClockTime(17, 0)}}
	}
	c, err := worktime.Compile(worktime.Charter{Zone: "Europe/Berlin", Hours: hours, Windows: worktime.DefaultWindows(), WeekStart: worktime.StartOn(time.Monday)}, zoneinfo.New().Zone)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// at is a time of the worked week, "Mon 9:30".
func at(t *testing.T, c *worktime.Clock, s string) worktime.Instant {
	t.Helper()
	day, clock, _ := strings.Cut(s, " ")
	n := strings.Index("MonTueWedThuFri", day) / 3
	h, m := 0, 0
	if _, err := fmt.Sscanf(clock+":0", "%d:%d", &h, &m); err != nil {
		t.Fatal(s, err)
	}
	return c.Day(worktime.DateFrom(2026, 11, 16+n)).Interval.From + worktime.Instant(h*hour+m*minute)
}

const workedWeek = "Mon 9:30-9:45, 10-11, 14-14:30 · Tue 9:30-9:45, 11-12, 15-15:30 · Wed 9:30-9:45, 13-14, 14-15 · Thu 9:30-9:45, 10-10:30, 16-17 · Fri 9:30-9:45, 10:30-11:30"

// worked is the week of A3 as an input.
func worked(t *testing.T) *Input {
	t.Helper()
	in := &Input{Clock: nine(t), Me: []string{"me@example.org"}, Recovery: worktime.Recovery, Weeks: []worktime.Date{worktime.DateFrom(2026, 11, 16)}, Days: true}
	for d, day := range strings.Split(workedWeek, " · ") {
		for n, span := range strings.Split(day[4:], ", ") {
			from, to, _ := strings.Cut(span, "-")
			item := &Item{Series: fmt.Sprintf("%d-%d", d, n), Title: "Meeting", Attendees: []Party{{Address: "me@example.org", Answer: Yes}, {Address: "mia@example.org", Answer: Yes}}}
			in.Instances = append(in.Instances, Instance{Item: item, Start: at(t, in.Clock, day[:4]+from), End: at(t, in.Clock, day[:4]+to)})
		}
	}
	return in
}

// TestWorkedWeek is the worked week of A3 to the digit, day by day.
func TestWorkedWeek(t *testing.T) {
	in := worked(t)
	r := Run(in)
	w := r.Weeks[0]
	var days []float64
	for _, d := range w.Days[:5] {
		sum := int64(0)
		for _, v := range d.Recovery {
			sum += v.Seconds()
		}
		days = append(days, float64(sum)/60)
	}
	index := math.Round(float64(r.Fragmented)*1000/float64(r.Fragmented+r.Focus)) / 1000
	got := fmt.Sprintf("%.0f %s %d %d %.3f %d %v %.1f", r.Sync.Mid, r.Tier, r.Focus, r.Fragmented, index, int(r.Sync.Mid)+r.Focus+r.Fragmented, days, r.RecoveryMinutes)
	if want := "525 healthy 1485 390 0.208 2400 [61.5 69.75 46.5 38.25 46.5] 262.5"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if each := float64(len(in.Instances)) * worktime.Recovery / 60; each != 325.5 {
		t.Errorf("counted one by one it is %.1f, want 325.5", each)
	}
	if every := edge(int(r.Sync.Mid)); every != "" {
		t.Errorf("8.75 h lie at the %s edge", every)
	}
}

// TestWorkedPings: what was answered on Tuesday at 12:10, 12:30, 13:40 and 13:50
// makes 86.5 minutes of the stretch from 12 to 15, not five times 23:15 (A3).
func TestWorkedPings(t *testing.T) {
	in := worked(t)
	in.Chat = &Chat{Me: 0, Writers: 2, From: at(t, in.Clock, "Mon 9"), To: at(t, in.Clock, "Fri 17")}
	for n, clock := range []string{"12:10", "12:30", "13:40", "13:50"} {
		when := at(t, in.Clock, "Tue "+clock)
		in.Chat.Messages = append(in.Chat.Messages,
			Message{At: when - 60, Author: 1, To: []int{0}, Spot: InDirect, Place: n},
			Message{At: when, Author: 0, Spot: InDirect, Place: n})
	}
	r := Run(in)
	noon, three := at(t, in.Clock, "Tue 12"), at(t, in.Clock, "Tue 15")
	var sum int64
	for _, v := range r.Weeks[0].Days[1].Recovery {
		sum += worktime.Interval{From: max(v.From, noon), To: min(v.To, three)}.Seconds()
	}
	if got := float64(sum) / 60; got != 86.5 {
		t.Errorf("%.2f minutes, want 86.5", got)
	}
	if r.Chat.Episodes != 4 {
		t.Errorf("%d answered at once, want 4", r.Chat.Episodes)
	}
}

// TestPersonHours: eight people for half an hour are four person-hours (A3.2), and
// the worked cost of row 1 (A5.2).
func TestPersonHours(t *testing.T) {
	for _, tt := range []struct {
		minutes     int
		hours, most float64
	}{{30, 4, 2.7}, {60, 8, 2.7}} {
		in := &Input{Clock: nine(t), Me: []string{"me@example.org"}, Recovery: worktime.Recovery, Weeks: []worktime.Date{worktime.DateFrom(2026, 11, 16)}}
		item := &Item{Series: "s", Title: "Weekly team sync", Recurring: true, Attendees: []Party{{Address: "me@example.org", Answer: Yes}}}
		for i := range 7 {
			item.Attendees = append(item.Attendees, Party{Address: fmt.Sprintf("p%d@example.org", i), Answer: Yes})
		}
		start := at(t, in.Clock, "Mon 10")
		in.Instances = []Instance{{Item: item, Start: start, End: start + worktime.Instant(tt.minutes)*minute}}
		c := Run(in).Cost[0]
		if c.PersonHours != tt.hours || math.Round(c.OthersRecovery*10)/10 != tt.most || c.People != 8 {
			t.Errorf("%d minutes: %.1f person-hours of %d, others' recovery up to %.2f h", tt.minutes, c.PersonHours, c.People, c.OthersRecovery)
		}
	}
}

// TestTiers: the edges of A6.1, in minutes.
func TestTiers(t *testing.T) {
	for minutes, want := range map[int]worktime.Tier{
		209: worktime.TierBelow, 210: worktime.TierAsync, 389: worktime.TierAsync, 390: worktime.TierHealthy, 749: worktime.TierHealthy, 750: worktime.TierAverage, 1109: worktime.TierAverage, 1110: worktime.TierCaptured,
	} {
		if got := TierOf(minutes); got != want {
			t.Errorf("%d minutes: %s, want %s", minutes, got, want)
		}
	}
	if edge(390) != "lower" {
		t.Error("6.5 h are not at the lower edge of Healthy")
	}
}

// TestChatPoints: the two worked checks of A5.3.
func TestChatPoints(t *testing.T) {
	in := &Input{}
	for _, f := range in.chatFindings(ChatFigures{Asks: 40, Hurried: 6, Nudges: 5}, 4) {
		if f.Habit != ReplyASAP || f.Confidence != .75 || !f.Found() {
			t.Errorf("40 asks, 6 in a hurry, five nudges: %d %.2f", f.Habit, f.Confidence)
		}
	}
	found := in.chatFindings(ChatFigures{Days: 20, Own: 400, Sessions: 34, Answers: 12, AnswerMinutes: 4, OutsideDays: 3}, 4)
	if len(found) != 1 || found[0].Habit != AlwaysOn || found[0].Confidence != .80 {
		t.Errorf("3.4 sessions an hour: %+v", found)
	}
	if got := in.chatFindings(ChatFigures{Group: true, Asks: 9, Hurried: 9}, 1); len(got) != 0 {
		t.Errorf("nine asks are too few: %+v", got)
	}
}

// TestGate: what a meeting takes of a day that others are on already, whatever
// order they come in (R10.1).
func TestGate(t *testing.T) {
	in := worked(t)
	slices.Reverse(in.Instances)
	item := &Item{Series: "new", Title: "Weekly status", Recurring: true, Organizer: Party{Address: "mia@example.org"}, Attendees: []Party{{Address: "me@example.org"}, {Address: "mia@example.org"}, {Address: "bo@example.org"}, {Address: "cy@example.org"}}}
	start := at(t, in.Clock, "Tue 16")
	g := in.Ask(Instance{Item: item, Start: start, End: start + 5400}, 1)
	// Tuesday is whole from 12 to 15 alone: the gaps before 11 and after 15:30 are short.
	if g.Focus != 180 || g.FocusLeft != 180 || g.Outside != 30 || g.People != 4 || g.PersonHours != 6 || g.Mine || g.Stays != "" || len(g.Habits) == 0 || g.Habits[0].Habit != StatusMeeting {
		t.Errorf("%+v", g)
	}
	start = at(t, in.Clock, "Tue 13")
	if g := in.Ask(Instance{Item: item, Start: start, End: start + 3600}, 1); g.FocusLeft != 0 || g.Focus != 180 {
		t.Errorf("in the middle of it: %+v", g)
	}
	item.Attendees = append(item.Attendees, Party{Address: "eva@client.example"})
	item.judged, in.Domains = nil, []string{"example.org"}
	if g := in.Ask(Instance{Item: item, Start: start, End: start + 3600}, 1); g.Stays != Clients {
		t.Errorf("with somebody from outside: %q", g.Stays)
	}
}
