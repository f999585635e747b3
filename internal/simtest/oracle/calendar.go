package oracle

import (
	"fmt"
	"slices"
	"strings"
)

// calendar is one charter laid out over the days that are looked at.
type calendar struct {
	Charter

	w     *World
	first date
	days  []day
	// offHours and focusOn are the time off and the focus of single dates.
	offHours, focusOn []stretch
	from              int64 // of minutes
	// minutes is what the person is doing, minute by minute.
	minutes []doing
	windows []Window
	dues    map[dueKey]int64 // of due, 0 for none
}

type doing uint8

const (
	working doing = 1 << iota
	focused
	counted // a working day, or the tail of its work: the day clock runs (worktime 4)
)

// Window is a batch window: a moment at which a brief is made. Daily and Weekly
// say that it is the first of its working day, of its week (worktime 5.3).
type Window struct {
	At            int64
	Daily, Weekly bool
}

// stretch is the time from one instant up to another.
type stretch struct{ from, to int64 }

func (s stretch) holds(t int64) bool { return s.from <= t && t < s.to }

func hold(all []stretch, t int64) bool {
	return slices.ContainsFunc(all, func(s stretch) bool { return s.holds(t) })
}

// day is a date of the person's.
type day struct {
	date  date
	rules stretch // where its zone rules (worktime 2.5)
	// work are the spans that start on the date, focus its weekly blocks. Time
	// off by the hour is not yet taken out.
	work, focus []stretch
	works       bool // it is a working day
	end         int64
	windows     []int64
}

const margin = 10 // days that are laid out before and after the time looked at

func (w *World) calendar(c Charter, from int64) *calendar {
	if w.shared == nil {
		return w.lay(c, from)
	}
	from = from / (24 * hour) * (24 * hour)
	key := fmt.Sprintf("%d %+v", from, c)
	if w.shared[key] == nil {
		w.shared[key] = w.lay(c, from)
	}
	return w.shared[key]
}

func (w *World) lay(c Charter, from int64) *calendar {
	cal := &calendar{Charter: c, w: w, first: dateOf(from) - margin, from: (from/(24*hour) - 2) * 24 * hour}
	cal.offHours, cal.focusOn = cal.dated(c.Off), cal.dated(c.FocusOn)
	for d := cal.first; d <= dateOf(w.to)+margin; d++ {
		cal.days = append(cal.days, cal.day(d))
	}
	cal.minutes = make([]doing, (w.to-cal.from)/minute+1)
	cal.paint()
	for i := range cal.days {
		cal.days[i].windows = cal.windowsOf(&cal.days[i])
	}
	cal.windows = cal.listWindows()
	return cal
}

// wallOn is the wall clock that rules on a date: a trip's, else that of home.
func (c *calendar) wallOn(d date) *wall {
	for _, t := range c.Travel {
		if readDate(t.From) <= d && (t.To == "" || d <= readDate(t.To)) {
			return c.w.wall(t.Zone)
		}
	}
	return c.w.wall(c.Zone)
}

// midnight is S(d) of worktime 2.3.
func (c *calendar) midnight(d date) int64 { return c.wallOn(d).at(d.midnight()) }

// rules is where the zone of a date rules: from the first midnight of its dates
// to the first of those that follow (worktime 2.5).
func (c *calendar) rules(d date) stretch {
	zone := c.wallOn(d)
	first, next := d, d
	for first > c.first-margin && c.wallOn(first-1) == zone {
		first--
	}
	for next < dateOf(c.w.to)+margin+2 && c.wallOn(next) == zone {
		next++
	}
	return stretch{c.midnight(first), min(c.midnight(next), c.midnight(next+1), c.midnight(next+2))}
}

// skipped is a date without any time (worktime 2.4).
func (c *calendar) skipped(d date) bool {
	return min(c.midnight(d+1), c.midnight(d+2), c.midnight(d+3)) <= c.midnight(d)
}

// base are the hours of a date: its own, else none on a holiday, else those of
// the weekday.
func (c *calendar) base(d date) []string {
	if own, ok := c.Dates[d.String()]; ok {
		return own
	}
	if slices.Contains(c.Holidays, d.String()) {
		return nil
	}
	return c.Hours[d.weekday()]
}

// dayOff is a date within whole days of time off.
func (c *calendar) dayOff(d date) bool {
	for _, o := range c.Off {
		if !strings.Contains(o[0], "T") && readDate(o[0]) <= d && d <= readDate(o[1]) {
			return true
		}
	}
	return false
}

// within resolves spans that start on a date, cut to where its zone rules.
func (c *calendar) within(d date, rules stretch, spans []string) []stretch {
	var out []stretch
	for _, s := range spans {
		from, to := readSpan(s)
		w := c.wallOn(d)
		v := stretch{max(rules.from, w.at(d.midnight()+from)), min(rules.to, w.at(d.midnight()+to))}
		if v.from < v.to {
			out = append(out, v)
		}
	}
	return out
}

// dated resolves pairs of local times, each in the zone of its own date.
func (c *calendar) dated(pairs [][2]string) []stretch {
	var out []stretch
	for _, p := range pairs {
		if strings.Contains(p[0], "T") {
			from, to := readLocal(p[0]), readLocal(p[1])
			out = append(out, stretch{c.wallOn(dateOf(from)).at(from), c.wallOn(dateOf(to)).at(to)})
		}
	}
	return out
}

func (c *calendar) hoursOff(t int64) bool { return hold(c.offHours, t) }

func (c *calendar) day(d date) day {
	out := day{date: d, rules: c.rules(d)}
	if !c.skipped(d) && !c.dayOff(d) {
		out.work = c.within(d, out.rules, c.base(d))
	}
	for _, s := range out.work {
		for t := s.from; t < s.to; t += minute {
			if !c.hoursOff(t) {
				out.works = true
				out.end = max(out.end, t+minute)
			}
		}
	}
	if out.works {
		out.focus = c.within(d, out.rules, c.Focus[d.weekday()])
	}
	return out
}

// worksOn reports whether t lies in a piece of a day's work.
func (c *calendar) worksOn(d *day, t int64) bool { return hold(d.work, t) && !c.hoursOff(t) }

// inFocus reports whether t lies in a focus block, weekly or dated.
func (c *calendar) inFocus(t int64) bool {
	for i := range c.days {
		if hold(c.days[i].focus, t) {
			return true
		}
	}
	return hold(c.focusOn, t)
}

func (c *calendar) paint() {
	put := func(s stretch, what doing) {
		for t := max(s.from, c.from); t < min(s.to, c.w.to); t += minute {
			c.minutes[(t-c.from)/minute] |= what
		}
	}
	for _, d := range c.days {
		if d.works {
			put(stretch{c.midnight(d.date), min(c.midnight(d.date+1), c.midnight(d.date+2), c.midnight(d.date+3))}, counted)
		}
		for _, s := range d.work {
			put(s, working)
			for t := s.from; t < s.to; t += minute {
				if !c.hoursOff(t) {
					put(stretch{t, t + minute}, counted)
				}
			}
		}
		for _, s := range d.focus {
			put(s, focused)
		}
	}
	for _, s := range c.focusOn {
		put(s, focused)
	}
	for _, s := range c.offHours {
		for t := max(s.from, c.from); t < min(s.to, c.w.to); t += minute {
			c.minutes[(t-c.from)/minute] &^= working
		}
	}
}

// does is what the person is doing at an instant.
func (c *calendar) does(t int64) doing {
	if t < c.from || t >= c.w.to {
		return 0
	}
	return c.minutes[(t-c.from)/minute]
}

// free is at work and out of focus.
func (c *calendar) free(t int64) bool { return c.does(t)&(working|focused) == working }

// windowsOf are the windows of a working day (worktime 5.2).
func (c *calendar) windowsOf(d *day) []int64 {
	var out []int64
	if !d.works {
		return nil
	}
	dates := []date{d.date}
	if slices.ContainsFunc(c.base(d.date), func(s string) bool { _, to := readSpan(s); return to > 24*hour }) {
		dates = append(dates, d.date+1)
	}
	for _, stated := range c.Windows[d.date.weekday()] {
		for _, on := range dates {
			x := c.wallOn(d.date).at(on.midnight() + readClock(stated))
			if at, ok := c.served(d, x); ok {
				out = append(out, at)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// served is where a window that was resolved to x is served, if at all.
func (c *calendar) served(d *day, x int64) (int64, bool) {
	inside := c.worksOn(d, x) || c.worksOn(d, x-minute) // the end counts too
	if !inside || c.hoursOff(x) || x >= d.rules.to {
		return 0, false
	}
	if !c.inFocus(x) {
		return x, true
	}
	for t := x; t < d.end; t += minute {
		if c.worksOn(d, t) && !c.inFocus(t) {
			return t, true
		}
	}
	at := d.end
	if c.hoursOff(at) || at >= d.rules.to {
		return 0, false
	}
	for i := range c.days {
		if other := &c.days[i]; other.date != d.date && c.worksOn(other, at) && c.inFocus(at) {
			return 0, false // in focus within a neighbouring day's work
		}
	}
	return at, true
}

func (c *calendar) listWindows() []Window {
	weekly := make(map[date]int64) // the first window of each week, by its first date
	for _, d := range c.days {
		monday := d.date
		for monday.weekday() != c.WeekFrom {
			monday--
		}
		for _, w := range d.windows {
			if first, ok := weekly[monday]; !ok || w < first {
				weekly[monday] = w
			}
		}
	}
	all := make(map[int64]Window)
	for _, d := range c.days {
		for i, at := range d.windows {
			w := all[at]
			w.At, w.Daily = at, w.Daily || i == 0
			all[at] = w
		}
	}
	for _, first := range weekly {
		w := all[first]
		w.Weekly = true
		all[first] = w
	}
	var out []Window
	for _, w := range all {
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b Window) int { return int(a.At - b.At) })
	return out
}
