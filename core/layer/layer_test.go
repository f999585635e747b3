package layer_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

var zones = zoneinfo.New().Zone

type fataler interface {
	Helper()
	Fatal(...any)
}

func clock(t fataler, zone, hours, windows, focus string, change ...func(*worktime.Charter)) *worktime.Clock {
	t.Helper()
	c := worktime.Charter{Zone: zone}
	var err error
	if c.Hours, err = charter.ParseWeek(hours); err != nil {
		t.Fatal(err)
	}
	if c.Windows, err = charter.ParseWindows(windows); err != nil {
		t.Fatal(err)
	}
	if c.Focus, err = charter.ParseWeek(focus); err != nil {
		t.Fatal(err)
	}
	for _, ch := range change {
		ch(&c)
	}
	k, err := worktime.Compile(c, zones)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// in reads "2026-11-24 14:00" in a zone.
func in(t fataler, zone, s string) worktime.Instant {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, loc)
	if err != nil {
		t.Fatal(err)
	}
	return worktime.Of(at)
}

const (
	sf     = "America/Los_Angeles"
	berlin = "Europe/Berlin"
)

// mia is the reader of architecture 6: San Francisco, focus after lunch, away
// on Thursday 26 and Friday 27 November 2026.
func mia(t fataler) *worktime.Clock {
	return clock(t, sf, "mon-fri 09:00-17:30", "11:00 16:00", "mon-fri 13:00-15:30", func(c *worktime.Charter) {
		from, err := worktime.ParseDate("2026-11-26")
		if err != nil {
			t.Fatal(err)
		}
		c.Off = []worktime.TimeOff{worktime.OffDates(from, from.AddDays(1))}
	})
}

// TestReach is architecture 6 and the reasons that stand beside each plan.
func TestReach(t *testing.T) {
	allFocus := func() *worktime.Clock { return clock(t, sf, "mon-fri 09:00-17:00", "11:00", "mon-fri 09:00-17:00") }
	never := clock(t, sf, "", "", "")
	for _, tt := range []struct {
		name   string
		clock  *worktime.Clock
		class  worktime.Class
		from   string // in San Francisco
		sealed string
		term   worktime.Term
		at     string
		due    string
		why    layer.Why
	}{
		{
			"23:00 in Berlin", mia(t), worktime.Normal, "2026-11-24 14:00", "", worktime.Hours(24), "2026-11-24 16:00", "2026-11-25 16:00",
			layer.Why{Code: layer.WhyWindow, State: worktime.Focus},
		},
		{
			"the same, urgent: after focus", mia(t), worktime.Urgent, "2026-11-24 14:00", "", worktime.WorkHours(4), "2026-11-24 15:30", "2026-11-25 11:00",
			layer.Why{Code: layer.WhyAfterFocus, State: worktime.Focus},
		},
		{
			"a crisis: now", mia(t), worktime.Crisis, "2026-11-24 14:00", "",
			worktime.Term{},
			"2026-11-24 14:00", "",
			layer.Why{Code: layer.WhyNow, State: worktime.Focus},
		},
		{
			"after the last window before two days off", mia(t), worktime.Normal, "2026-11-25 16:30", "", worktime.Hours(24), "2026-11-30 11:00", "2026-12-01 11:00",
			layer.Why{Code: layer.WhyWindow, State: worktime.On, Away: 2},
		},
		{
			"the window of this moment is sealed: the next", mia(t), worktime.Normal, "2026-11-24 11:00", "2026-11-24 11:00", worktime.Hours(24), "2026-11-24 16:00", "2026-11-25 16:00",
			layer.Why{Code: layer.WhyWindow, State: worktime.On},
		},
		{
			"urgent in hours: at once", mia(t), worktime.Urgent, "2026-11-24 10:10", "", worktime.WorkHours(4), "2026-11-24 10:10", "2026-11-24 14:10",
			layer.Why{Code: layer.WhyFree, State: worktime.On},
		},
		{
			"urgent at night: when work begins", mia(t), worktime.Urgent, "2026-11-23 23:00", "", worktime.WorkHours(4), "2026-11-24 09:00", "2026-11-24 13:00",
			layer.Why{Code: layer.WhyStart, State: worktime.Off},
		},
		{
			"urgent on a day that is all focus: the window at its end", allFocus(), worktime.Urgent, "2026-11-24 10:00", "", worktime.WorkHours(4),
			"2026-11-24 17:00", "2026-11-25 13:00",
			layer.Why{Code: layer.WhyWindow, State: worktime.Focus},
		},
		{
			"daily, past today's first window", mia(t), worktime.Daily, "2026-11-24 14:00", "", worktime.Hours(24), "2026-11-25 11:00", "2026-11-30 11:00",
			layer.Why{Code: layer.WhyDaily, State: worktime.Focus},
		},
		{
			"weekly", mia(t), worktime.Weekly, "2026-11-24 14:00", "", worktime.Hours(24), "2026-11-30 11:00", "2026-12-01 11:00",
			layer.Why{Code: layer.WhyWeekly, State: worktime.Focus, Away: 2},
		},
		{"muted", mia(t), worktime.Muted, "2026-11-24 14:00", "", worktime.Hours(24), "", "", layer.Why{Code: layer.WhyMuted, State: worktime.Focus}},
		{"nobody ever at work", never, worktime.Normal, "2026-11-24 14:00", "", worktime.Hours(24), "", "", layer.Why{Code: layer.WhyNever, State: worktime.Off}},
		{"nobody ever at work, urgent", never, worktime.Urgent, "2026-11-24 14:00", "", worktime.Hours(24), "", "", layer.Why{Code: layer.WhyNever, State: worktime.Off}},
	} {
		r := layer.Reader{Reigns: []layer.Reign{{Clock: tt.clock}}}
		if tt.sealed != "" {
			r.Sealed = in(t, sf, tt.sealed)
		}
		from := in(t, sf, tt.from)
		want := layer.Plan{Why: tt.why}
		if tt.at != "" {
			want.At, want.OK = in(t, sf, tt.at), true
		}
		if got := layer.Reach(tt.class, r, from); got != want {
			t.Errorf("%s: Reach() = %s, want %s", tt.name, say(got), say(want))
		}
		if tt.due != "" {
			want.Due, want.DueOK = in(t, sf, tt.due), true
		}
		if got := layer.ReachDue(tt.class, r, from, tt.term); got != want {
			t.Errorf("%s: ReachDue(%s) = %s, want %s", tt.name, tt.term, say(got), say(want))
		}
	}
}

func say(p layer.Plan) string {
	loc, err := time.LoadLocation(sf)
	if err != nil {
		panic(err)
	}
	at := func(i worktime.Instant, ok bool) string {
		if !ok {
			return "never"
		}
		return i.Time().In(loc).Format("2006-01-02 15:04:05")
	}
	return fmt.Sprintf("%s, due %s, tight %v, why %s while %s, away %d", at(p.At, p.OK), at(p.Due, p.DueOK), p.Tight, p.Why.Code, p.Why.State, p.Why.Away)
}

// TestTight: a fixed term that leaves the reader almost no time is told to the writer.
func TestTight(t *testing.T) {
	r := layer.Reader{Reigns: []layer.Reign{{Clock: mia(t)}}}
	p := layer.ReachDue(worktime.Normal, r, in(t, sf, "2026-11-24 14:00"), worktime.OnInstant(in(t, sf, "2026-11-24 16:30")))
	if !p.DueOK || !p.Tight {
		t.Errorf("due half an hour after it comes: %s, want tight", say(p))
	}
}

// TestReigns tells what becomes of a thing when charters change before it comes
// (worktime 5.7). Everything is on Tuesday 24 November 2026 in Berlin unless a
// date stands there.
func TestReigns(t *testing.T) {
	plain := clock(t, berlin, "mon-fri 09:00-17:00", "11:00 16:00", "")
	late := clock(t, berlin, "mon-fri 09:00-17:00", "12:00 15:00", "")
	early := clock(t, berlin, "mon-fri 09:00-17:00", "10:00", "")
	type reign struct {
		from  string
		clock *worktime.Clock
	}
	for _, tt := range []struct {
		name   string
		reigns []reign
		class  worktime.Class
		from   string
		at     string
	}{
		{"one charter", []reign{{"00:00", plain}}, worktime.Normal, "09:00", "11:00"},
		{"written before the first charter that is known", []reign{{"08:00", plain}}, worktime.Normal, "07:00", "11:00"},
		{"changed before it was written", []reign{{"00:00", plain}, {"08:00", late}}, worktime.Normal, "09:00", "12:00"},
		{"changed as it was written", []reign{{"00:00", plain}, {"09:00", late}}, worktime.Normal, "09:00", "12:00"},
		{"changed before it came", []reign{{"00:00", plain}, {"10:59", late}}, worktime.Normal, "09:00", "12:00"},
		{"changed as it came: it has come", []reign{{"00:00", plain}, {"11:00", late}}, worktime.Normal, "09:00", "11:00"},
		{"changed after it came", []reign{{"00:00", plain}, {"11:01", late}}, worktime.Normal, "09:00", "11:00"},
		{"an earlier window that has passed is not made up for", []reign{{"00:00", plain}, {"10:30", early}}, worktime.Normal, "09:00", "2026-11-25 10:00"},
		{"an earlier window still ahead", []reign{{"00:00", plain}, {"09:30", early}}, worktime.Normal, "09:00", "10:00"},
		{"a window of the new charter at the change itself", []reign{{"00:00", plain}, {"10:00", early}}, worktime.Normal, "09:00", "10:00"},
		{"two changes", []reign{{"00:00", plain}, {"10:30", early}, {"11:30", late}}, worktime.Normal, "09:00", "12:00"},
		{"two changes, it came under the second", []reign{{"00:00", plain}, {"09:30", early}, {"10:30", late}}, worktime.Normal, "09:00", "10:00"},
		{"two changes in one second: the last counts", []reign{{"00:00", plain}, {"10:30", early}, {"10:30", late}}, worktime.Normal, "09:00", "12:00"},
		{"urgent has come already", []reign{{"00:00", plain}, {"10:30", early}}, worktime.Urgent, "09:00", "09:00"},
		{"a crisis asks no charter", []reign{{"00:00", plain}, {"10:30", early}}, worktime.Crisis, "02:00", "02:00"},
	} {
		at := func(s string) worktime.Instant {
			if len(s) == len("15:04") {
				s = "2026-11-24 " + s
			}
			return in(t, berlin, s)
		}
		var r layer.Reader
		for _, one := range tt.reigns {
			r.Reigns = append(r.Reigns, layer.Reign{From: at(one.from), Clock: one.clock})
		}
		got := layer.Reach(tt.class, r, at(tt.from))
		if want := at(tt.at); !got.OK || got.At != want {
			t.Errorf("%s: Reach() = %s, want %s", tt.name, say(got), want)
		}
	}
	if got := layer.Reach(worktime.Normal, layer.Reader{}, 0); got.OK || got.Why.Code != layer.WhyNever {
		t.Errorf("Reach without a charter = %s, want never", say(got))
	}
}

// TestClock: the newest charter is the one in force.
func TestClock(t *testing.T) {
	a, b := mia(t), mia(t)
	r := layer.Reader{Reigns: []layer.Reign{{Clock: a}, {From: 1, Clock: b}}}
	if r.Clock() != b {
		t.Error("Clock() is not that of the newest charter")
	}
}

// TestReachLaws holds plans over any history of charters: never before it was
// written, never at a moment that no charter of that time allows, and following
// the history step by step with worktime.Replan.
func TestReachLaws(t *testing.T) {
	hours := rapid.SampledFrom([]string{"mon-fri 09:00-17:00", "mon-sun 09:00-12:30, 13:30-17:30", "mon-sun 22:00-06:00", "sat 09:00-12:00"})
	windows := rapid.SampledFrom([]string{"11:00 16:00", "10:00", "23:00 02:30 11:30", "09:00 12:00 17:00"})
	focus := rapid.SampledFrom([]string{"", "mon-sun 09:00-11:30", "mon-sun 00:00-24:00"})
	places := rapid.SampledFrom([]string{berlin, sf, "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo"})
	rapid.Check(t, func(t *rapid.T) {
		start := worktime.Of(time.Date(2026, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(20, 31).Draw(t, "day"), 0, 0, 0, 0, time.UTC))
		minute := func(label string) worktime.Instant {
			return start + worktime.Instant(60*rapid.IntRange(0, 4*24*60).Draw(t, label))
		}
		var r layer.Reader
		change := start
		for range rapid.IntRange(1, 4).Draw(t, "charters") {
			k := clock(t, places.Draw(t, "zone"), hours.Draw(t, "hours"), windows.Draw(t, "windows"), focus.Draw(t, "focus"))
			r.Reigns = append(r.Reigns, layer.Reign{From: change, Clock: k})
			change = max(change, minute("change"))
		}
		class := rapid.SampledFrom([]worktime.Class{worktime.Crisis, worktime.Urgent, worktime.Normal, worktime.Daily, worktime.Weekly}).Draw(t, "class")
		from := minute("written")
		got := layer.Reach(class, r, from)

		// The same by replanning at each change in turn.
		in := r.Reigns[0].Clock
		written := from
		var want worktime.Instant
		ok, done := false, false
		for _, next := range r.Reigns[1:] {
			if next.From <= written {
				in = next.Clock
				continue
			}
			p := worktime.Replan(in, next.Clock, class, written, next.From, worktime.Term{})
			if p.Delivered {
				want, ok, done = p.At, true, true
				break
			}
			in, written = next.Clock, next.From
		}
		if !done {
			want, ok = in.Next(class, written, worktime.NotSealed)
		}
		if got.OK != ok || ok && got.At != want {
			t.Fatalf("Reach() = %s, replanning step by step says %s, %v", say(got), want, ok)
		}
		if !got.OK {
			return
		}
		if got.At < from {
			t.Fatalf("it comes at %s, before it was written at %s", got.At, from)
		}
		var ruling *worktime.Clock
		for _, one := range r.Reigns {
			if one.From < got.At || one.From <= from || ruling == nil {
				ruling = one.Clock
			}
		}
		newest := ruling
		for _, one := range r.Reigns {
			if one.From == got.At {
				newest = one.Clock
			}
		}
		if class == worktime.Crisis {
			if got.At != from {
				t.Fatalf("a crisis comes at %s, not at once", got.At)
			}
			return
		}
		allowed := func(c *worktime.Clock) bool {
			s, _, _ := c.State(got.At)
			return len(c.Windows(got.At, got.At+1)) == 1 || class == worktime.Urgent && s == worktime.On
		}
		if !allowed(ruling) && !allowed(newest) {
			t.Fatalf("a %s thing comes at %s, which is neither a window nor free", class, got.At)
		}
		if sealed := (layer.Reader{Reigns: r.Reigns, Sealed: got.At}); class == worktime.Normal {
			if again := layer.Reach(class, sealed, from); again.OK && again.At <= got.At {
				t.Fatalf("after its window was sealed it comes at %s again", again.At)
			}
		}
	})
}
