package brief_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

var zones = zoneinfo.New().Zone

// berlin is a working week there: focus and windows as given.
func berlin(t fataler, windows, focus string) *worktime.Clock {
	t.Helper()
	return clock(t, "Europe/Berlin", "mon-fri 09:00-17:00", windows, focus)
}

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

// at reads "Tue 11:00" or "Tue 11:00:30" of the week of 23 November 2026, in Berlin;
// "+Mon" is the week after.
func at(t fataler, s string) worktime.Instant {
	t.Helper()
	day, clock, _ := strings.Cut(s, " ")
	add := 0
	for strings.HasPrefix(day, "+") {
		day, add = day[1:], add+7
	}
	n := slices.Index([]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}, day)
	if len(clock) == len("15:04") {
		clock += ":00"
	}
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	of, err := time.Parse(time.TimeOnly, clock)
	if err != nil || n < 0 {
		t.Fatal(s, err)
	}
	return worktime.Of(time.Date(2026, 11, 23+n+add, of.Hour(), of.Minute(), of.Second(), 0, loc))
}

// said is an instant as at reads it.
func said(i worktime.Instant) string {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, loc)
	when, plus := i.Time().In(loc), ""
	for monday = monday.AddDate(0, 0, 7); !when.Before(monday); monday = monday.AddDate(0, 0, 7) {
		plus += "+"
	}
	return plus + strings.TrimSuffix(when.Format("Mon 15:04:05"), ":00")
}

// engine is delivery without a database: it keeps what is sealed and pending
// and looks when told.
type engine struct {
	reigns  []layer.Reign
	sealed  worktime.Instant
	urgent  worktime.Instant
	pending []pending
	log     []sealed
}

type pending struct {
	name string
	brief.Pending
}

type sealed struct {
	now   worktime.Instant
	seal  brief.Seal
	taken []string
}

func (s sealed) String() string {
	out := fmt.Sprintf("%s %s", said(s.seal.At), s.seal.Kind)
	if s.seal.Delivered != s.seal.At {
		out += " given " + said(s.seal.Delivered)
	}
	if s.seal.Daily {
		out += " daily"
	}
	if s.seal.Weekly {
		out += " weekly"
	}
	return out + " [" + strings.Join(s.taken, " ") + "]"
}

// look does what is due at now, as delivery does, and returns when to look again.
func (e *engine) look(now worktime.Instant) (worktime.Instant, bool) {
	for {
		ps := make([]brief.Pending, len(e.pending))
		for i, p := range e.pending {
			ps[i] = p.Pending
		}
		d := brief.Look(layer.Reader{Reigns: e.reigns, Sealed: e.sealed}, e.urgent, ps, now)
		if d.Seal == nil {
			return d.Next, d.NextOK
		}
		one := sealed{now: now, seal: *d.Seal}
		var left []pending
		for i, p := range e.pending {
			if slices.Contains(d.Seal.Take, i) {
				one.taken = append(one.taken, p.name)
			} else {
				left = append(left, p)
			}
		}
		e.log, e.pending = append(e.log, one), left
		if d.Seal.Kind == brief.Window {
			e.sealed = d.Seal.At
		} else {
			e.urgent = d.Seal.At
		}
	}
}

// TestLook tells timelines: a person in Berlin, what was written and when the
// engine looked, and what was sealed.
func TestLook(t *testing.T) {
	plain := berlin(t, "11:00 16:00", "")
	maker := berlin(t, "11:00 16:00", "mon-fri 09:00-10:30; mon-fri 13:00-15:30")
	inFocus := berlin(t, "11:00 14:00", "mon-fri 13:00-15:30")
	allFocus := berlin(t, "11:00", "mon-fri 09:00-17:00")
	later := berlin(t, "12:00 15:00", "")
	moved := berlin(t, "10:30 15:30", "")
	off := clock(t, "Europe/Berlin", "mon-fri 09:00-17:00", "11:00 16:00", "", func(c *worktime.Charter) {
		from, err := worktime.ParseDate("2026-11-24")
		if err != nil {
			t.Fatal(err)
		}
		c.Off = []worktime.TimeOff{worktime.OffDates(from, from)}
	})
	noWindows := clock(t, "Europe/Berlin", "", "", "")
	type item struct {
		name  string
		class worktime.Class
		from  string
	}
	type reign struct {
		from  string
		clock *worktime.Clock
	}
	always := func(c *worktime.Clock) []reign { return []reign{{"Mon 00:00", c}} }
	for _, tt := range []struct {
		name   string
		reigns []reign
		sealed string // the window sealed last
		urgent string
		items  []item
		looks  []string
		want   []string
		next   string // after the last look; "" for never
	}{
		{
			name: "nothing waits: the window is sealed all the same", reigns: always(plain), sealed: "Mon 16:00", looks: []string{"Tue 10:59:59", "Tue 11:00"},
			want: []string{"Tue 11:00 window daily []"}, next: "Tue 16:00",
		},
		{
			name: "written in the night", reigns: always(plain), sealed: "Mon 16:00", items: []item{{"a", worktime.Normal, "Mon 23:00"}},
			looks: []string{"Tue 09:00", "Tue 11:00"}, want: []string{"Tue 11:00 window daily [a]"}, next: "Tue 16:00",
		},
		{
			name: "written at the window itself", reigns: always(plain), sealed: "Mon 16:00", items: []item{{"a", worktime.Normal, "Tue 11:00"}},
			looks: []string{"Tue 11:00"}, want: []string{"Tue 11:00 window daily [a]"}, next: "Tue 16:00",
		},
		{
			name: "written a second after it", reigns: always(plain), sealed: "Mon 16:00", items: []item{{"a", worktime.Normal, "Tue 11:00:01"}},
			looks: []string{"Tue 11:00:01", "Tue 16:00"}, want: []string{"Tue 11:00 window daily []", "Tue 16:00 window [a]"}, next: "Wed 11:00",
		},
		{
			name: "sealed once", reigns: always(plain), sealed: "Tue 11:00", items: []item{{"a", worktime.Normal, "Tue 11:00"}},
			looks: []string{"Tue 11:00", "Tue 11:04", "Tue 16:00"}, want: []string{"Tue 16:00 window [a]"}, next: "Wed 11:00",
		},
		{
			name: "the first of the week", reigns: always(plain), sealed: "Fri 16:00", looks: []string{"+Mon 11:00", "+Mon 16:00", "+Tue 11:00"},
			want: []string{"+Mon 11:00 window daily weekly []", "+Mon 16:00 window []", "+Tue 11:00 window daily []"}, next: "+Tue 16:00",
		},
		{
			name: "late within the grace counts as given at the window", reigns: always(plain), sealed: "Mon 16:00", items: []item{{"a", worktime.Normal, "Mon 23:00"}},
			looks: []string{"Tue 11:05"}, want: []string{"Tue 11:00 window daily [a]"}, next: "Tue 16:00",
		},
		{
			name: "later than that, in hours: at once", reigns: always(plain), sealed: "Mon 16:00", items: []item{{"a", worktime.Normal, "Mon 23:00"}, {"b", worktime.Normal, "Tue 11:02"}},
			looks: []string{"Tue 11:05:01"}, want: []string{"Tue 11:00 window given Tue 11:05:01 daily [a]"}, next: "Tue 16:00",
		},
		{
			name: "an outage into focus: when the focus ends", reigns: always(maker), sealed: "Mon 16:00", items: []item{{"a", worktime.Normal, "Mon 23:00"}},
			looks: []string{"Tue 13:10", "Tue 15:29:59", "Tue 15:30"}, want: []string{"Tue 11:00 window given Tue 15:30 daily [a]"}, next: "Tue 16:00",
		},
		{
			name: "an outage past the end of work: the next window, one brief for both", reigns: always(plain), sealed: "Tue 11:00",
			items: []item{{"a", worktime.Normal, "Tue 12:00"}, {"b", worktime.Normal, "Tue 20:00"}}, looks: []string{"Tue 18:00", "Wed 09:30", "Wed 11:00"},
			want: []string{"Wed 11:00 window daily [a b]"}, next: "Wed 16:00",
		},
		{
			name: "down for days: one brief, in hours", reigns: always(plain), sealed: "Mon 11:00",
			items: []item{{"a", worktime.Normal, "Mon 12:00"}, {"b", worktime.Normal, "Wed 12:00"}, {"c", worktime.Normal, "Thu 11:30"}}, looks: []string{"Thu 13:00"},
			want: []string{"Thu 11:00 window given Thu 13:00 daily [a b]"}, next: "Thu 16:00",
		},
		{
			name: "down for days, back at night: not before the next window", reigns: always(plain), sealed: "Mon 11:00",
			items: []item{{"a", worktime.Normal, "Mon 12:00"}}, looks: []string{"Thu 22:00", "Fri 08:00", "Fri 11:00"},
			want: []string{"Fri 11:00 window daily [a]"}, next: "Fri 16:00",
		},
		{
			name: "down over the first window of the week: its streams come with the next one", reigns: always(plain), sealed: "Fri 16:00",
			looks: []string{"+Mon 15:59", "+Mon 16:00"}, want: []string{"+Mon 11:00 window given +Mon 15:59 daily weekly []", "+Mon 16:00 window []"}, next: "+Tue 11:00",
		},
		{
			name: "down over it until the next one", reigns: always(plain), sealed: "Fri 16:00",
			looks: []string{"+Mon 16:00"}, want: []string{"+Mon 16:00 window daily weekly []"}, next: "+Tue 11:00",
		},
		{
			name: "down over the whole first day of the week", reigns: always(plain), sealed: "Fri 16:00",
			looks: []string{"+Mon 17:00", "+Tue 11:00"}, want: []string{"+Tue 11:00 window daily weekly []"}, next: "+Tue 16:00",
		},
		{
			name: "a window in focus is served at its end", reigns: always(inFocus), sealed: "Tue 11:00", items: []item{{"a", worktime.Normal, "Tue 12:00"}},
			looks: []string{"Tue 14:00", "Tue 15:30"}, want: []string{"Tue 15:30 window [a]"}, next: "Wed 11:00",
		},
		{
			name: "time off", reigns: always(off), sealed: "Mon 16:00", items: []item{{"a", worktime.Normal, "Mon 23:00"}, {"u", worktime.Urgent, "Tue 10:00"}},
			looks: []string{"Tue 11:00", "Tue 16:00", "Wed 09:00", "Wed 11:00"}, want: []string{"Wed 09:00 urgent [u]", "Wed 11:00 window daily [a]"}, next: "Wed 16:00",
		},
		{
			name: "never at work: nothing to look for", reigns: always(noWindows), sealed: "Mon 16:00", items: []item{{"a", worktime.Normal, "Mon 23:00"}},
			looks: []string{"Tue 11:00"}, want: nil, next: "",
		},

		// Changes of charter (worktime 5.7).
		{
			name: "later windows, just before one: it does not come", reigns: []reign{{"Mon 00:00", plain}, {"Tue 10:59:59", later}}, sealed: "Mon 16:00",
			items: []item{{"a", worktime.Normal, "Mon 23:00"}}, looks: []string{"Tue 11:00", "Tue 12:00"}, want: []string{"Tue 12:00 window daily [a]"}, next: "Tue 15:00",
		},
		{
			name: "a change at the window itself: that was still the old charter's", reigns: []reign{{"Mon 00:00", plain}, {"Tue 11:00", later}}, sealed: "Mon 16:00",
			items: []item{{"a", worktime.Normal, "Mon 23:00"}}, looks: []string{"Tue 11:00"}, want: []string{"Tue 11:00 window daily [a]"}, next: "Tue 12:00",
		},
		{
			name: "a change in the second before a window: that was still the old charter's", reigns: []reign{{"Mon 00:00", plain}, {"Tue 11:00", later}}, sealed: "Mon 16:00",
			items: []item{{"a", worktime.Normal, "Mon 23:00"}}, looks: []string{"Tue 10:59:59", "Tue 11:00"}, want: []string{"Tue 11:00 window daily [a]"}, next: "Tue 12:00",
		},
		{
			name: "an earlier window that has passed is not made up for", reigns: []reign{{"Mon 00:00", later}, {"Tue 11:30", moved}}, sealed: "Mon 15:00",
			items: []item{{"a", worktime.Normal, "Mon 23:00"}}, looks: []string{"Tue 11:30", "Tue 12:00", "Tue 15:30"},
			want: []string{"Tue 15:30 window [a]"}, next: "Wed 10:30",
		},
		{
			name: "two changes while down: what the first charter owed comes once", reigns: []reign{{"Mon 00:00", plain}, {"Tue 11:30", later}, {"Tue 14:00", moved}}, sealed: "Mon 16:00",
			items: []item{{"a", worktime.Normal, "Mon 23:00"}, {"b", worktime.Normal, "Tue 11:40"}, {"c", worktime.Normal, "Tue 14:30"}}, looks: []string{"Tue 15:30"},
			want: []string{"Tue 15:30 window daily [a b c]"}, next: "Wed 10:30",
		},
		{
			name: "off from now on, in hours and with an urgent ask", reigns: []reign{{"Mon 00:00", plain}, {"Tue 09:30", off}}, sealed: "Mon 16:00",
			items: []item{{"u", worktime.Urgent, "Tue 09:30:30"}}, looks: []string{"Tue 09:31", "Wed 09:00"}, want: []string{"Wed 09:00 urgent [u]"}, next: "Wed 11:00",
		},

		// Urgent asks.
		{
			name: "urgent in hours: at once", reigns: always(plain), sealed: "Mon 16:00", items: []item{{"u", worktime.Urgent, "Tue 09:40:07"}, {"a", worktime.Normal, "Tue 09:00"}},
			looks: []string{"Tue 09:40:07"}, want: []string{"Tue 09:40:07 urgent [u]"}, next: "Tue 11:00",
		},
		{
			name: "urgent in focus: at its end, and nothing else with it", reigns: always(maker), sealed: "Tue 11:00",
			items: []item{{"u", worktime.Urgent, "Tue 13:20"}, {"v", worktime.Urgent, "Tue 14:20"}, {"a", worktime.Normal, "Tue 13:30"}},
			looks: []string{"Tue 13:20", "Tue 15:30"}, want: []string{"Tue 15:30 urgent [u v]"}, next: "Tue 16:00",
		},
		{
			name: "urgent at night: at the start of work", reigns: always(plain), sealed: "Mon 16:00", items: []item{{"u", worktime.Urgent, "Mon 22:00"}},
			looks: []string{"Mon 22:00", "Tue 09:00"}, want: []string{"Tue 09:00 urgent [u]"}, next: "Tue 11:00",
		},
		{
			name: "urgent at a window goes with it", reigns: always(plain), sealed: "Mon 16:00", items: []item{{"u", worktime.Urgent, "Tue 11:00"}, {"a", worktime.Normal, "Mon 23:00"}},
			looks: []string{"Tue 11:00"}, want: []string{"Tue 11:00 window daily [u a]"}, next: "Tue 16:00",
		},
		{
			name: "urgent when a day is all focus: the window at its end", reigns: always(allFocus), sealed: "Mon 17:00", items: []item{{"u", worktime.Urgent, "Tue 10:00"}},
			looks: []string{"Tue 10:00", "Tue 17:00"}, want: []string{"Tue 17:00 window daily [u]"}, next: "Wed 17:00",
		},
		{
			name: "a second urgent ask in the second of the first", reigns: always(plain), sealed: "Mon 16:00", urgent: "Tue 09:40:07", items: []item{{"v", worktime.Urgent, "Tue 09:40:07"}},
			looks: []string{"Tue 09:40:07", "Tue 09:40:08"}, want: []string{"Tue 09:40:08 urgent [v]"}, next: "Tue 11:00",
		},
		{
			name: "urgent, missed, and back in hours: at once, with its own time", reigns: always(plain), sealed: "Mon 16:00", items: []item{{"u", worktime.Urgent, "Tue 09:40"}},
			looks: []string{"Tue 10:30"}, want: []string{"Tue 09:40 urgent given Tue 10:30 [u]"}, next: "Tue 11:00",
		},
		{
			name: "urgent, missed, and back in focus: after it", reigns: always(maker), sealed: "Tue 11:00", items: []item{{"u", worktime.Urgent, "Tue 12:00"}},
			looks: []string{"Tue 13:30", "Tue 15:30"}, want: []string{"Tue 12:00 urgent given Tue 15:30 [u]"}, next: "Tue 16:00",
		},
		{
			name: "urgent, missed until the window: with it", reigns: always(plain), sealed: "Mon 16:00", items: []item{{"u", worktime.Urgent, "Tue 09:40"}},
			looks: []string{"Tue 11:00"}, want: []string{"Tue 11:00 window daily [u]"}, next: "Tue 16:00",
		},
		{
			name: "urgent, missed, and back at night: the start of work", reigns: always(plain), sealed: "Tue 16:00", items: []item{{"u", worktime.Urgent, "Tue 16:30"}},
			looks: []string{"Tue 20:00", "Wed 09:00"}, want: []string{"Tue 16:30 urgent given Wed 09:00 [u]"}, next: "Wed 11:00",
		},
	} {
		e := &engine{sealed: at(t, tt.sealed)}
		if tt.urgent != "" {
			e.urgent = at(t, tt.urgent)
		}
		for _, r := range tt.reigns {
			e.reigns = append(e.reigns, layer.Reign{From: at(t, r.from), Clock: r.clock})
		}
		for _, i := range tt.items {
			e.pending = append(e.pending, pending{i.name, brief.Pending{Class: i.class, From: at(t, i.from)}})
		}
		var next worktime.Instant
		var ok bool
		for _, l := range tt.looks {
			next, ok = e.look(at(t, l))
		}
		var got []string
		for _, s := range e.log {
			got = append(got, s.String())
			if s.seal.At > s.now || s.seal.Delivered > s.now {
				t.Errorf("%s: %s was sealed at %s, before its time", tt.name, s, said(s.now))
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		gotNext := ""
		if ok {
			gotNext = said(next)
		}
		if gotNext != tt.next {
			t.Errorf("%s: the next look is at %q, want %q", tt.name, gotNext, tt.next)
		}
	}
}
