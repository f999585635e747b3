package oracle

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestStandsAlone holds the oracle to the standard library: it must not agree
// with the product by being the product.
func TestStandsAlone(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 4 {
		t.Fatalf("the sources of the oracle: %v, %v", files, err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if path, _ := strconv.Unquote(i.Path.Value); strings.Contains(path, ".") {
				t.Errorf("%s imports %s: the oracle stands on the standard library alone", name, path)
			}
		}
	}
}

// on spreads one list over weekdays.
func on(days []time.Weekday, list ...string) (week [7][]string) {
	for _, d := range days {
		week[d] = list
	}
	return week
}

var (
	monToFri = []time.Weekday{1, 2, 3, 4, 5}
	allDays  = []time.Weekday{0, 1, 2, 3, 4, 5, 6}
)

func berlin() Charter {
	return Charter{Zone: "Europe/Berlin", Hours: on(monToFri, "09:00-12:30", "13:30-17:30"), Windows: on(allDays, "11:00", "16:00"), WeekFrom: time.Monday}
}

func maker() Charter {
	c := berlin()
	c.Focus = on(monToFri, "09:00-11:00", "14:00-16:30")
	return c
}

func night() Charter {
	return Charter{Zone: "Europe/Berlin", Hours: on(monToFri, "22:00-06:00"), Windows: on(allDays, "23:00", "02:30"), WeekFrom: time.Monday}
}

func with(c Charter, change func(*Charter)) Charter {
	change(&c)
	return c
}

func moment(t *testing.T, s string) Moment {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return Moment{Nano: at.UnixNano()}
}

// TestReaches holds the oracle to worked examples of worktime 14.
func TestReaches(t *testing.T) {
	for _, tt := range []struct {
		name    string
		charter Charter
		urgent  bool
		after   bool // the briefs of that instant had been made
		written string
		want    string // "" for not within the time looked at
	}{
		{"E20 before the window", berlin(), false, false, "2026-11-24T08:05:00+01:00", "2026-11-24T11:00:00+01:00"},
		{"E21 exactly at it", berlin(), false, false, "2026-11-24T11:00:00+01:00", "2026-11-24T11:00:00+01:00"},
		{"E22 one tick after", berlin(), false, false, "2026-11-24T11:00:00.001+01:00", "2026-11-24T16:00:00+01:00"},
		{"E23 sealed", berlin(), false, true, "2026-11-24T11:00:00+01:00", "2026-11-24T16:00:00+01:00"},
		{"E24 over a weekend", berlin(), false, false, "2026-11-27T17:10:00-08:00", "2026-11-30T11:00:00+01:00"},
		{"E25 urgent when free", maker(), true, false, "2026-11-24T11:20:00+01:00", "2026-11-24T11:20:00+01:00"},
		{"E26 urgent in focus", maker(), true, false, "2026-11-24T09:10:00+01:00", "2026-11-24T11:00:00+01:00"},
		{"E27 urgent at lunch", berlin(), true, false, "2026-11-24T12:40:00+01:00", "2026-11-24T13:30:00+01:00"},
		{"E28 urgent at night", berlin(), true, false, "2026-11-24T03:00:00+01:00", "2026-11-24T09:00:00+01:00"},
		{"E30 focus all day", with(berlin(), func(c *Charter) { c.Focus = on(monToFri, "09:00-17:30") }), true, false, "2026-11-24T09:05:00+01:00", "2026-11-24T17:30:00+01:00"},
		{"a window in focus moves to its end", maker(), false, false, "2026-11-24T15:00:00+01:00", "2026-11-24T16:30:00+01:00"},
		{"E31 half Friday", with(berlin(), func(c *Charter) { c.Hours[5] = []string{"09:00-13:00"} }), false, false, "2026-11-27T12:00:00+01:00", "2026-11-30T11:00:00+01:00"},
		{"E36 night", night(), false, false, "2026-11-27T23:30:00+01:00", "2026-11-28T02:30:00+01:00"},
		{"E37 night, weekend", night(), false, false, "2026-11-28T12:00:00+01:00", "2026-11-30T23:00:00+01:00"},
		{"E14 afternoon off", with(berlin(), func(c *Charter) { c.Off = [][2]string{{"2026-11-24T13:00", "2026-11-24T18:00"}} }), false, false, "2026-11-24T12:00:00+01:00", "2026-11-25T11:00:00+01:00"},
		{"E15 dates beat holidays", with(berlin(), func(c *Charter) {
			c.Holidays, c.Dates = []string{"2026-11-26"}, map[string][]string{"2026-11-26": {"09:00-12:00"}}
		}), false, false, "2026-11-25T17:00:00+01:00", "2026-11-26T11:00:00+01:00"},
		{"E39 travelling", with(berlin(), func(c *Charter) { c.Travel = []Trip{{"2026-11-24", "2026-11-26", "America/New_York"}} }), false, false, "2026-11-24T12:00:00+01:00", "2026-11-24T11:00:00-05:00"},
		{"E40 back home", with(berlin(), func(c *Charter) { c.Travel = []Trip{{"2026-11-24", "2026-11-26", "America/New_York"}} }), false, false, "2026-11-26T17:00:00-05:00", "2026-11-27T11:00:00+01:00"},
		{"E43 Chatham", Charter{Zone: "Pacific/Chatham", Hours: on(monToFri, "09:00-17:00"), Windows: on(allDays, "11:00")}, false, false, "2026-11-24T00:00:00Z", "2026-11-25T11:00:00+13:45"},
		{"off to the end", with(berlin(), func(c *Charter) { c.Off = [][2]string{{"2026-11-24", "2026-12-31"}} }), false, false, "2026-11-24T08:00:00+01:00", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := New(moment(t, "2026-11-20T00:00:00Z").Second(), moment(t, "2026-12-05T00:00:00Z").Second())
			p := w.Person(Moment{Nano: w.from * nano}, tt.charter)
			m := moment(t, tt.written)
			m.AfterLook = tt.after
			checkReaches(t, p, tt.urgent, m, tt.want)
		})
	}
}

func checkReaches(t *testing.T, p *Person, urgent bool, written Moment, want string) {
	t.Helper()
	at, ok := p.Reaches(urgent, written)
	switch {
	case !ok && want != "":
		t.Errorf("never, want %s", want)
	case ok && want == "":
		t.Errorf("%s, want never", time.Unix(at, 0).UTC())
	case ok && at != moment(t, want).Second():
		t.Errorf("%s, want %s", time.Unix(at, 0).UTC(), want)
	}
}

// TestChange holds it to the examples of a charter that changes (worktime 5.7).
func TestChange(t *testing.T) {
	for _, tt := range []struct {
		name          string
		written, when string
		to            Charter
		want          string
	}{
		{"E68 time off entered", "2026-11-24T12:00:00+01:00", "2026-11-24T14:00:00+01:00", with(berlin(), func(c *Charter) { c.Off = [][2]string{{"2026-11-24", "2026-11-24"}} }), "2026-11-25T11:00:00+01:00"},
		{"E69 into the past", "2026-11-24T12:00:00+01:00", "2026-11-24T15:30:00+01:00", with(berlin(), func(c *Charter) { c.Windows = on(allDays, "11:00", "15:00") }), "2026-11-25T11:00:00+01:00"},
		{"E70 delivered stays", "2026-11-24T08:00:00+01:00", "2026-11-24T12:00:00+01:00", with(berlin(), func(c *Charter) { c.Off = [][2]string{{"2026-11-24", "2026-11-26"}} }), "2026-11-24T11:00:00+01:00"},
		{"at the change counts", "2026-11-24T08:00:00+01:00", "2026-11-24T11:00:00+01:00", with(berlin(), func(c *Charter) { c.Off = [][2]string{{"2026-11-24", "2026-11-26"}} }), "2026-11-24T11:00:00+01:00"},
		{"E72 moved to Tokyo", "2026-11-24T12:00:00+01:00", "2026-11-24T12:05:00+01:00", with(berlin(), func(c *Charter) { c.Travel = []Trip{{"2026-11-25", "", "Asia/Tokyo"}} }), "2026-11-25T11:00:00+09:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := New(moment(t, "2026-11-20T00:00:00Z").Second(), moment(t, "2026-12-05T00:00:00Z").Second())
			p := w.Person(Moment{Nano: w.from * nano}, berlin())
			p.Change(moment(t, tt.when), tt.to)
			checkReaches(t, p, false, moment(t, tt.written), tt.want)
		})
	}
}

// TestWindows holds it to the days on which clocks change (E10 to E12, E41).
func TestWindows(t *testing.T) {
	always := Charter{Zone: "Europe/Berlin", Hours: on(allDays, "00:00-24:00"), Windows: on(allDays, "02:15", "02:45", "11:00"), WeekFrom: time.Monday}
	saturday := with(night(), func(c *Charter) { c.Hours[6] = []string{"22:00-06:00"} })
	for _, tt := range []struct {
		name     string
		charter  Charter
		from, to string
		want     []string
	}{
		{"E10 spring", always, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", []string{"2026-03-29T03:00:00+02:00", "2026-03-29T11:00:00+02:00"}},
		{"E11 autumn", always, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", []string{"2026-10-25T02:15:00+02:00", "2026-10-25T02:45:00+02:00", "2026-10-25T11:00:00+01:00"}},
		{"E12 a night in spring", saturday, "2026-03-28T12:00:00+01:00", "2026-03-29T12:00:00+02:00", []string{"2026-03-28T23:00:00+01:00", "2026-03-29T03:00:00+02:00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from, to := moment(t, tt.from), moment(t, tt.to)
			w := New(from.Second(), to.Second())
			var got []string
			for _, v := range w.Person(Moment{Nano: from.Nano - 1}, tt.charter).Windows() {
				got = append(got, time.Unix(v.At, 0).UTC().Format(time.RFC3339))
			}
			var want []string
			for _, s := range tt.want {
				want = append(want, time.Unix(moment(t, s).Second(), 0).UTC().Format(time.RFC3339))
			}
			if strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
}

// TestDue holds it to worked examples of response windows (worktime 14), to
// charters that change (worktime 6.8), and to what is not known.
func TestDue(t *testing.T) {
	mornings := Charter{Zone: "Europe/London", Hours: on(monToFri, "09:00-12:00"), Windows: on(allDays, "11:00"), WeekFrom: time.Monday}
	sunday := Charter{Zone: "Europe/Berlin", Hours: on([]time.Weekday{6, 0, 1}, "08:00-16:00"), Windows: on(allDays, "09:00"), WeekFrom: time.Monday}
	abroad := with(berlin(), func(c *Charter) { c.Travel = []Trip{{"2026-11-25", "2026-11-27", "America/New_York"}} })
	saturday := with(night(), func(c *Charter) { c.Hours = on([]time.Weekday{6}, "22:00-06:00") })
	halfOff := with(berlin(), func(c *Charter) { c.Off = [][2]string{{"2026-11-24T13:00", "2026-11-24T18:00"}} })
	off := func(days ...string) Charter {
		return with(berlin(), func(c *Charter) { c.Off = [][2]string{{days[0], days[1]}} })
	}
	for _, tt := range []struct {
		name    string
		charter Charter
		urgent  bool
		reached string
		changed string // "" for no change
		to      Charter
		want    string // "" for not within the time looked at
	}{
		{"E44 a day", berlin(), false, "2026-11-24T11:00:00+01:00", "", Charter{}, "2026-11-25T11:00:00+01:00"},
		{"E45 over a weekend", berlin(), false, "2026-11-27T16:00:00+01:00", "", Charter{}, "2026-11-30T16:00:00+01:00"},
		{"E47 never tighter than urgent", mornings, false, "2026-11-24T11:00:00Z", "", Charter{}, "2026-11-25T12:00:00Z"},
		{"E48 urgent over two mornings", mornings, true, "2026-11-24T11:00:00Z", "", Charter{}, "2026-11-25T12:00:00Z"},
		{"E49 a day of 23 hours", sunday, false, "2026-03-28T09:00:00+01:00", "", Charter{}, "2026-03-29T10:00:00+02:00"},
		{"E50 off to New York", abroad, false, "2026-11-24T11:00:00+01:00", "", Charter{}, "2026-11-25T09:00:00-05:00"},
		{"E51 urgent over lunch", berlin(), true, "2026-11-24T11:00:00+01:00", "", Charter{}, "2026-11-24T16:00:00+01:00"},
		{"E52 urgent over a weekend", berlin(), true, "2026-11-27T16:00:00+01:00", "", Charter{}, "2026-11-30T11:30:00+01:00"},
		{"E53 at the end of work", berlin(), true, "2026-11-24T13:30:00+01:00", "", Charter{}, "2026-11-24T17:30:00+01:00"},
		{"E55 the hour that comes twice", saturday, true, "2026-10-24T23:00:00+02:00", "", Charter{}, "2026-10-25T02:00:00+01:00"},
		{"an afternoon off counts as a day", halfOff, false, "2026-11-23T16:00:00+01:00", "", Charter{}, "2026-11-25T09:00:00+01:00"},
		{"time off entered gives time", berlin(), false, "2026-11-24T11:00:00+01:00", "2026-11-24T12:00:00+01:00", off("2026-11-25", "2026-11-25"), "2026-11-26T11:00:00+01:00"},
		{"taken back, it takes none", off("2026-11-25", "2026-11-25"), false, "2026-11-24T11:00:00+01:00", "2026-11-24T12:00:00+01:00", berlin(), "2026-11-26T11:00:00+01:00"},
		{"changed before it came", off("2026-11-25", "2026-11-25"), false, "2026-11-24T11:00:00+01:00", "2026-11-24T10:59:59+01:00", berlin(), "2026-11-25T11:00:00+01:00"},
		{"changed after the look", berlin(), false, "2026-11-24T11:00:00+01:00", "2026-11-24T16:00:01+01:00", off("2026-11-25", "2026-11-25"), "2026-11-25T11:00:00+01:00"},
		{"not in sight", berlin(), false, "2026-12-04T16:00:00+01:00", "", Charter{}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			reached := moment(t, tt.reached).Second()
			from, to := reached-4*24*hour, reached+7*24*hour
			if tt.want == "" {
				to = moment(t, "2026-12-05T00:00:00Z").Second()
			}
			p := New(from, to).Person(Moment{Nano: from * nano}, tt.charter)
			if tt.changed != "" {
				p.Change(moment(t, tt.changed), tt.to)
			}
			at, ok := p.Due(reached, tt.urgent, reached+5*hour)
			if ok != (tt.want != "") || ok && at != moment(t, tt.want).Second() {
				t.Errorf("%v %s, want %q", ok, time.Unix(at, 0).UTC(), tt.want)
			}
		})
	}
	p := New(moment(t, "2026-11-20T00:00:00Z").Second(), moment(t, "2026-12-05T00:00:00Z").Second()).Person(moment(t, "2026-11-20T00:00:00Z"), berlin())
	p.Change(moment(t, "2026-11-24T12:00:00+01:00"), with(berlin(), func(c *Charter) { c.Windows = on(allDays, "15:00") }))
	for look, want := range map[string]string{"2026-11-24T11:00:00+01:00": "2026-11-24T16:00:00+01:00", "2026-11-24T12:00:01+01:00": "2026-11-24T15:00:00+01:00"} {
		if at, ok := p.Next(moment(t, look).Second()); !ok || at != moment(t, want).Second() {
			t.Errorf("the window after %s is %v %s, want %s", look, ok, time.Unix(at, 0).UTC(), want)
		}
	}
}

// TestPaces reads streams at the windows of their paces (E34, E35).
func TestPaces(t *testing.T) {
	w := New(moment(t, "2026-11-20T00:00:00Z").Second(), moment(t, "2026-12-05T00:00:00Z").Second())
	holiday := with(berlin(), func(c *Charter) { c.Holidays = []string{"2026-11-30"} })
	p := w.Person(Moment{Nano: w.from * nano}, holiday)
	written := moment(t, "2026-11-24T12:00:00+01:00")
	written.Seq = 1
	later := func(s string, seq int) Moment {
		m := moment(t, s)
		m.Seq = seq
		return m
	}
	for _, tt := range []struct {
		name   string
		follow func() *Follow
		want   string
	}{
		{"window", func() *Follow { return p.Follow(Moment{}, AtWindow) }, "2026-11-24T16:00:00+01:00"},
		{"E34 daily", func() *Follow { return p.Follow(Moment{}, Daily) }, "2026-11-25T11:00:00+01:00"},
		{"E35 weekly, Monday a holiday", func() *Follow { return p.Follow(Moment{}, Weekly) }, "2026-12-01T11:00:00+01:00"},
		{"muted", func() *Follow { return p.Follow(Moment{}, Muted) }, ""},
		{"followed too late", func() *Follow { return p.Follow(later("2026-11-24T12:00:01+01:00", 2), AtWindow) }, ""},
		{"left before the window", func() *Follow {
			f := p.Follow(Moment{}, AtWindow)
			f.End(later("2026-11-24T13:00:00+01:00", 2))
			return f
		}, ""},
		{"quicker while it waits", func() *Follow {
			f := p.Follow(Moment{}, Weekly)
			f.SetPace(later("2026-11-26T12:00:00+01:00", 2), AtWindow)
			return f
		}, "2026-11-26T16:00:00+01:00"},
		{"muted when it was written", func() *Follow {
			f := p.Follow(Moment{}, Muted)
			f.SetPace(later("2026-11-24T13:00:00+01:00", 2), AtWindow)
			return f
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			at, ok := tt.follow().Reads(written)
			if ok != (tt.want != "") || ok && at != moment(t, tt.want).Second() {
				t.Errorf("%v %s, want %q", ok, time.Unix(at, 0).UTC(), tt.want)
			}
		})
	}
}

func TestWrong(t *testing.T) {
	w := New(moment(t, "2026-11-20T00:00:00Z").Second(), moment(t, "2026-12-05T00:00:00Z").Second())
	p := w.Person(Moment{Nano: w.from * nano}, maker())
	for at, want := range map[string]string{
		"2026-11-24T08:59:59+01:00": "off work",
		"2026-11-24T09:00:00+01:00": "in focus",
		"2026-11-24T11:00:00+01:00": "",
		"2026-11-24T12:30:00+01:00": "", // the end belongs to it
		"2026-11-24T12:30:01+01:00": "off work",
		"2026-11-24T16:29:59+01:00": "in focus",
		"2026-11-28T11:00:00+01:00": "off work",
	} {
		if got := p.Wrong(moment(t, at).Second()); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}
