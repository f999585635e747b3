package worktime_test

import (
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

func instant(t *testing.T, s string) worktime.Instant {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return worktime.Of(at)
}

// TestHorizon holds the 400 dates of worktime 4.
func TestHorizon(t *testing.T) {
	t.Parallel()
	now := instant(t, "2026-11-24T10:00:00+01:00") // a Tuesday; 400 dates on, 2027-12-29, is a Wednesday
	today := worktime.DateFrom(2026, 11, 24)
	off := func(days int) *worktime.Clock {
		c := berlin()
		c.Off = []worktime.TimeOff{worktime.OffDates(today, today.AddDays(days))}
		return compile(t, c)
	}
	back := off(399)
	for class := worktime.Urgent; class <= worktime.Weekly; class++ {
		at, ok := back.Next(class, now, worktime.NotSealed)
		if !ok || back.DateOf(at) != today.AddDays(400) {
			t.Errorf("%v, back after 400 dates: %v, %v", class, at, ok)
		}
		if at, ok := off(400).Next(class, now, worktime.NotSealed); ok {
			t.Errorf("%v, back after 401 dates: %v", class, at)
		}
		part := berlin()
		part.Off = []worktime.TimeOff{worktime.OffTimes(today.At(0), today.AddDays(400).At(10*60))}
		if at, ok := compile(t, part).Next(class, now, worktime.NotSealed); !ok || back.DateOf(at) != today.AddDays(400) {
			t.Errorf("%v, back after 400 dates and ten hours: %v, %v", class, at, ok)
		}
	}
	if got, want := back.AwayDays(now, instant(t, "2027-12-29T11:00:00+01:00")), 286; got != want {
		t.Errorf("away %d days, want %d", got, want)
	}
	if s, until, ok := off(400).State(now); s != worktime.Off || ok {
		t.Errorf("state %v until %v, %v", s, until, ok)
	}
	// One working day is left: its end counts, what needs the next one does not.
	for term, want := range map[worktime.Term]bool{
		worktime.Hours(24): false, worktime.Hours(6): true, worktime.WorkHours(24): false, worktime.WorkHours(7): true,
		worktime.EndOfDay(): true, worktime.EndOfWeek(): true,
	} {
		if due := back.Due(now, term, nil); due.OK != want {
			t.Errorf("%v from %v is due %+v", term, now, due)
		}
		if due := off(400).Due(now, term, nil); due.OK {
			t.Errorf("%v is due at %v, beyond the horizon", term, due.At)
		}
	}
	if due := off(400).Due(now, worktime.OnDate(today.AddDays(500)), nil); !due.OK || due.Tight {
		t.Errorf("a date beyond the horizon: %+v", due)
	}
}

// TestNoEnd asks about people whose state never changes.
func TestNoEnd(t *testing.T) {
	t.Parallel()
	now := instant(t, "2026-11-24T10:00:00+01:00")
	always := worktime.Charter{Zone: "Europe/Berlin", Windows: worktime.EveryDay(worktime.ClockTime(11, 0))}
	for d := range always.Hours {
		always.Hours[d] = []worktime.Span{span("00:00-24:00")}
	}
	if s, until, ok := compile(t, always).State(now); s != worktime.On || ok {
		t.Errorf("always on: %v until %v, %v", s, until, ok)
	}
	always.FocusOn = []worktime.LocalSpan{{From: 0, To: worktime.DateFrom(2100, 1, 1).At(0)}}
	k := compile(t, always)
	if s, until, ok := k.State(now); s != worktime.Focus || ok {
		t.Errorf("always in focus: %v until %v, %v", s, until, ok)
	}
	if at, ok := k.Next(worktime.Urgent, now, worktime.NotSealed); ok {
		t.Errorf("always in focus and work: urgent at %v", at)
	}
	never := compile(t, worktime.Charter{Zone: "Asia/Tokyo", Windows: worktime.DefaultWindows()})
	if s, until, ok := never.State(now); s != worktime.Off || ok {
		t.Errorf("never on: %v until %v, %v", s, until, ok)
	}
	if at, ok := never.Next(worktime.Urgent, now, worktime.NotSealed); ok {
		t.Errorf("never on: urgent at %v", at)
	}
}

// TestSealed holds that a seal far ahead is believed, within the horizon of now.
func TestSealed(t *testing.T) {
	t.Parallel()
	k := compile(t, berlin())
	now := instant(t, "2026-11-24T10:00:00+01:00")
	for _, tc := range []struct{ sealed, want string }{
		{"2026-11-24T10:30:00+01:00", "2026-11-24T11:00:00+01:00"},
		{"2026-11-24T11:00:00+01:00", "2026-11-24T16:00:00+01:00"},
		{"2027-11-24T16:00:00+01:00", "2027-11-25T11:00:00+01:00"},
		{"2027-12-29T11:00:00+01:00", "2027-12-29T16:00:00+01:00"},
		{"2027-12-29T16:00:00+01:00", ""},
	} {
		at, ok := k.Next(worktime.Normal, now, instant(t, tc.sealed))
		if ok != (tc.want != "") || ok && at != instant(t, tc.want) {
			t.Errorf("sealed %s: %v, %v, want %s", tc.sealed, at, ok, tc.want)
		}
	}
}

func TestLater(t *testing.T) {
	t.Parallel()
	one, two, none := worktime.Due{At: 1, OK: true}, worktime.Due{At: 2, OK: true}, worktime.Due{}
	for _, tc := range []struct{ a, b, want worktime.Due }{
		{one, two, two}, {two, one, two}, {one, none, none}, {none, two, none}, {none, none, none},
	} {
		if got := worktime.Later(tc.a, tc.b); got != tc.want {
			t.Errorf("Later(%v, %v) = %v, want %v", tc.a, tc.b, got, tc.want)
		}
	}
}

func TestLedgerMedian(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		ledger worktime.Ledger
		want   int64
	}{
		{nil, 0},
		{worktime.Ledger{"a": 120}, 120},
		{worktime.Ledger{"a": 0, "b": 105}, 52},
		{worktime.Ledger{"a": 600, "b": 0, "c": 90}, 90},
	} {
		if got := tc.ledger.Median(); got != tc.want {
			t.Errorf("median of %v = %d, want %d", tc.ledger, got, tc.want)
		}
	}
}
