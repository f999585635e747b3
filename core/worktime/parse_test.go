package worktime_test

import (
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

func TestOfRoundsUp(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ in, want string }{
		{"2026-11-24T11:00:00Z", "2026-11-24T11:00:00Z"},
		{"2026-11-24T11:00:00.000000001Z", "2026-11-24T11:00:01Z"},
		{"2026-11-24T11:00:00.999+01:00", "2026-11-24T10:00:01Z"},
		{"1969-12-31T23:59:58.5Z", "1969-12-31T23:59:59Z"},
	} {
		in, err := time.Parse(time.RFC3339, tc.in)
		if err != nil {
			t.Fatal(err)
		}
		if got := worktime.Of(in).String(); got != tc.want {
			t.Errorf("Of(%s) = %s, want %s", tc.in, got, tc.want)
		}
	}
}

// TestStrings reads what each type prints, and refuses what is not like it.
func TestStrings(t *testing.T) {
	t.Parallel()
	date := func(s string) (string, error) { d, err := worktime.ParseDate(s); return d.String(), err }
	clock := func(s string) (string, error) { v, err := worktime.ParseTimeOfDay(s); return v.String(), err }
	span := func(s string) (string, error) { v, err := worktime.ParseSpan(s); return v.String(), err }
	local := func(s string) (string, error) { v, err := worktime.ParseLocal(s); return v.String(), err }
	term := func(s string) (string, error) { v, err := worktime.ParseTerm(s); return v.String(), err }
	class := func(s string) (string, error) { v, err := worktime.ParseClass(s); return v.String(), err }
	weekday := func(s string) (string, error) {
		v, err := worktime.ParseWeekday(s)
		return worktime.StartOn(v).String(), err
	}

	const refused = "refused"
	for _, tc := range []struct {
		parse    func(string) (string, error)
		in, want string
	}{
		{date, "2026-11-24", "2026-11-24"},
		{date, "0001-01-01", "0001-01-01"},
		{date, "2024-02-29", "2024-02-29"},
		{date, "2026-02-29", refused},
		{date, "2026-1-1", refused},
		{date, "", refused},
		{clock, "00:00", "00:00"},
		{clock, "24:00", "24:00"},
		{clock, "24:01", refused},
		{clock, "09:60", refused},
		{clock, "9:00", refused},
		{clock, "+9:00", refused},
		{clock, "09:00:00", refused},
		{span, "09:00-12:30", "09:00-12:30"},
		{span, "22:00-06:00", "22:00-06:00"},
		{span, "00:00-24:00", "00:00-24:00"},
		{span, "22:00-00:00", "22:00-00:00"},
		{span, "09:00-09:00", refused},
		{span, "24:00-06:00", refused},
		{span, "09:00", refused},
		{span, "09:00 - 12:00", refused},
		{local, "2026-11-24T13:00", "2026-11-24T13:00"},
		{local, "2026-11-24T13:00:05", "2026-11-24T13:00:05"},
		{local, "2026-11-24T24:00", "2026-11-25T00:00"},
		{local, "2026-11-24T24:00:01", refused},
		{local, "2026-11-24T13:00:60", refused},
		{local, "2026-11-24T13", refused},
		{local, "2026-11-24 13:00", refused},
		{local, "2026-11-24T13:00Z", refused},
		{local, "2026-11-24", refused},
		{term, "24h", "24h"},
		{term, "4wh", "4wh"},
		{term, "999999h", "999999h"},
		{term, "eod", "eod"},
		{term, "eow", "eow"},
		{term, "2026-11-27", "2026-11-27"},
		{term, "2026-11-24T17:00:00+01:00", "2026-11-24T16:00:00Z"},
		{term, "2026-11-24T17:00:00.5Z", "2026-11-24T17:00:01Z"},
		{term, "0h", refused},
		{term, "024h", refused},
		{term, "-1h", refused},
		{term, "1.5h", refused},
		{term, "1000000h", refused},
		{term, "99999999999999999999h", refused},
		{term, "h", refused},
		{term, "wh", refused},
		{term, "EOD", refused},
		{term, "2026-11-24T17:00", refused},
		{term, "", refused},
		{class, "crisis", "crisis"},
		{class, "default", "normal"},
		{class, "muted", "muted"},
		{class, "Urgent", refused},
		{weekday, "mon", "mon"},
		{weekday, "sun", "sun"},
		{weekday, "monday", refused},
	} {
		got, err := tc.parse(tc.in)
		if err != nil {
			got = refused
		}
		if got != tc.want {
			t.Errorf("%q is read as %s (%v), want %s", tc.in, got, err, tc.want)
		}
	}
}

func TestTimeOff(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from, to string
		ok       bool
	}{
		{"2026-11-24", "2026-11-25", true},
		{"2026-11-24T13:00", "2026-11-24T18:00", true},
		{"2026-11-24", "2026-11-24T18:00", false},
		{"2026-11-24T13:00", "2026-11-24", false},
		{"", "2026-11-24", false},
	} {
		o, err := worktime.ParseTimeOff(tc.from, tc.to)
		if (err == nil) != tc.ok {
			t.Errorf("%s to %s: %v", tc.from, tc.to, err)
		}
		if from, to := o.Strings(); err == nil && (from != tc.from || to != tc.to) {
			t.Errorf("%s to %s is printed as %s to %s", tc.from, tc.to, from, to)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	d := worktime.DateFrom(2026, 11, 24)
	if y, m, day := d.Civil(); y != 2026 || m != time.November || day != 24 || d.Weekday() != time.Tuesday {
		t.Errorf("%v is %v, %d-%d-%d", d, d.Weekday(), y, m, day)
	}
	for i := worktime.Date(-1000); i < 1000; i++ {
		y, m, day := i.Civil()
		if want := time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Weekday(); i.Weekday() != want || worktime.DateFrom(y, m, day) != i {
			t.Fatalf("%v is a %v, want %v", i, i.Weekday(), want)
		}
	}
	for start := time.Sunday; start <= time.Saturday; start++ {
		w := worktime.StartOn(start)
		first := w.First(d)
		if first.Weekday() != start || d-first < 0 || d-first > 6 || w.Weekday() != start {
			t.Errorf("the week of %v that starts on %v starts on %v, %v", d, start, first, first.Weekday())
		}
	}
	if worktime.WeekStart(0).Weekday() != time.Monday {
		t.Error("a week does not start on Monday by default")
	}
}
