package charter_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

func span(from, to string) worktime.Span {
	s, err := worktime.ParseSpan(from + "-" + to)
	if err != nil {
		panic(err)
	}
	return s
}

func TestParseWeek(t *testing.T) {
	nine := []worktime.Span{span("09:00", "17:00")}
	for _, tt := range []struct {
		name, line string
		want       map[time.Weekday][]worktime.Span
		bad        bool
	}{
		{name: "nothing", line: "", want: nil},
		{name: "only separators", line: " ; ;", want: nil},
		{name: "one day", line: "tue 09:00-17:00", want: map[time.Weekday][]worktime.Span{time.Tuesday: nine}},
		{name: "a range", line: "mon-wed 09:00-17:00", want: map[time.Weekday][]worktime.Span{time.Monday: nine, time.Tuesday: nine, time.Wednesday: nine}},
		{name: "a range over the end of the week", line: "sat-sun 09:00-17:00", want: map[time.Weekday][]worktime.Span{time.Saturday: nine, time.Sunday: nine}},
		{name: "a range of one", line: "fri-fri 09:00-17:00", want: map[time.Weekday][]worktime.Span{time.Friday: nine}},
		{
			name: "two spans and a short day", line: "mon 08:30-12:30, 14:30-18:30; fri 08:30-12:30",
			want: map[time.Weekday][]worktime.Span{
				time.Monday: {span("08:30", "12:30"), span("14:30", "18:30")},
				time.Friday: {span("08:30", "12:30")},
			},
		},
		{name: "a day named twice keeps both", line: "mon 09:00-12:00; mon 13:00-17:00", want: map[time.Weekday][]worktime.Span{
			time.Monday: {span("09:00", "12:00"), span("13:00", "17:00")},
		}},
		{name: "a night", line: "sun 22:00-06:00", want: map[time.Weekday][]worktime.Span{time.Sunday: {span("22:00", "06:00")}}},
		{name: "spaces", line: "  mon   09:00-12:00 ,13:00-17:00 ", want: map[time.Weekday][]worktime.Span{
			time.Monday: {span("09:00", "12:00"), span("13:00", "17:00")},
		}},
		{name: "no such day", line: "mond 09:00-17:00", bad: true},
		{name: "no such day at the end of a range", line: "mon-fry 09:00-17:00", bad: true},
		{name: "no hours", line: "mon", bad: true},
		{name: "no such hour", line: "mon 09:00-25:00", bad: true},
		{name: "half a span", line: "mon 09:00", bad: true},
		{name: "an empty span", line: "mon 09:00-12:00,", bad: true},
	} {
		week, err := charter.ParseWeek(tt.line)
		if (err != nil) != tt.bad {
			t.Errorf("%s: ParseWeek(%q): %v", tt.name, tt.line, err)
			continue
		}
		if tt.bad {
			continue
		}
		var want [7][]worktime.Span
		for d, spans := range tt.want {
			want[d] = spans
		}
		if diff := cmp.Diff(want, week); diff != "" {
			t.Errorf("%s: ParseWeek(%q) (-want +got):\n%s", tt.name, tt.line, diff)
		}
	}
}

func FuzzParseWeek(f *testing.F) {
	for _, s := range []string{"mon-thu 08:30-12:30, 14:30-18:30; fri 08:30-12:30", "sat-mon 00:00-24:00", ";", "mon- 1", "-", "mon-fri-sun 09:00-10:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		week, err := charter.ParseWeek(line)
		if err != nil {
			return
		}
		again := ""
		for d, spans := range week {
			for _, s := range spans {
				again += worktime.WeekdayName(time.Weekday(d)) + " " + s.String() + "; "
			}
		}
		back, err := charter.ParseWeek(again)
		if err != nil || !cmp.Equal(back, week) {
			t.Errorf("ParseWeek(%q) read back from %q: %v, %v, want %v", line, again, back, err, week)
		}
	})
}

func TestParseWindows(t *testing.T) {
	eleven, four := worktime.ClockTime(11, 0), worktime.ClockTime(16, 0)
	for _, tt := range []struct {
		line string
		want []worktime.TimeOfDay
		bad  bool
	}{
		{"", nil, false},
		{"11:00 16:00", []worktime.TimeOfDay{eleven, four}, false},
		{"16:00  11:00 16:00", []worktime.TimeOfDay{eleven, four}, false},
		{"11:00,16:00", nil, true},
		{"11", nil, true},
		{"24:01", nil, true},
	} {
		got, err := charter.ParseWindows(tt.line)
		if (err != nil) != tt.bad {
			t.Errorf("ParseWindows(%q): %v", tt.line, err)
			continue
		}
		for d := range got {
			if !slices.Equal(got[d], tt.want) {
				t.Errorf("ParseWindows(%q) on %s = %v, want %v", tt.line, time.Weekday(d), got[d], tt.want)
			}
		}
	}
}

// TestProposed: the charter of a newcomer is one that could be saved, and reads
// at 11 and 16 on working days.
func TestProposed(t *testing.T) {
	zones := zoneinfo.New().Zone
	c := charter.Proposed("Europe/Berlin")
	if bad, warnings := worktime.Check(c.Time, zones); len(bad)+len(warnings) > 0 {
		t.Errorf("Check(Proposed) = %v, %v", bad, warnings)
	}
	if c.Budget != 0 {
		t.Errorf("Proposed has a reading budget of %d; nobody is given one to live up to (R12.3)", c.Budget)
	}
	clock, err := worktime.Compile(c.Time, zones)
	if err != nil {
		t.Fatal(err)
	}
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	var got []string
	for _, w := range clock.Windows(worktime.Of(monday), worktime.Of(monday.AddDate(0, 0, 7))) {
		got = append(got, clock.In(w).Format("Mon 15:04"))
	}
	want := []string{
		"Mon 11:00", "Mon 16:00", "Tue 11:00", "Tue 16:00", "Wed 11:00", "Wed 16:00", "Thu 11:00", "Thu 16:00", "Fri 11:00", "Fri 16:00",
	}
	if !slices.Equal(got, want) {
		t.Errorf("windows of a week = %v, want %v", got, want)
	}
}

func TestNorms(t *testing.T) {
	n := charter.DefaultNorms()
	if n.Normal != worktime.Hours(24) || n.Urgent != worktime.WorkHours(4) {
		t.Errorf("DefaultNorms() = %s, %s, want 24h, 4wh (R3.2)", n.Normal, n.Urgent)
	}
	want := []charter.Archetype{charter.Maker, charter.Manager, charter.Operator, charter.Decider, charter.Connector}
	if got := charter.Archetypes(); !slices.Equal(got, want) {
		t.Errorf("Archetypes() = %v, want %v", got, want)
	}
}
