package report

import (
	"math"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
)

// week is how time breaks up: the last week day by day, when meetings are, and
// the figures of A3.
func (d *draft) week() {
	w, r := d.w, d.r
	if r.Shared {
		d.part("week", w.T("audit.when"), "", d.heat())
		return
	}
	t := &Table{Caption: w.T("audit.figures_caption"), Head: []string{w.T("audit.measure"), w.T("audit.a_week")}, Numbers: []bool{false, true}}
	add := func(name, value string) { t.Rows = append(t.Rows, []string{name, value}) }
	add(w.T("audit.m_focus"), w.T("audit.blocks", "time", d.length(float64(r.Focus)), "n", r.FocusBlocks))
	add(w.T("audit.m_deep"), w.Number(r.DeepBlocks))
	index := 0
	if all := r.Fragmented + r.Focus; all > 0 {
		index = int(math.Round(float64(r.Fragmented) * 100 / float64(all)))
	}
	add(w.T("audit.m_fragmented"), w.T("audit.with_share", "time", d.length(float64(r.Fragmented)), "n", index))
	add(w.T("audit.m_recovery"), w.T("audit.up_to", "time", d.length(float64(r.Recovery))))
	add(w.T("audit.m_conflict"), d.length(float64(r.Conflict)))
	add(w.T("audit.m_sum"), d.length(float64(r.Sum)))
	add(w.T("audit.m_outside"), d.length(float64(r.Outside)))
	add(w.T("audit.m_early"), d.length(float64(r.EarlyLate)))
	if r.Every > 0 {
		add(w.T("audit.m_every"), d.length(float64(r.Every)))
	}
	add(w.T("audit.m_chained"), w.T("audit.n_of", "n", r.Chained, "of", r.Workdays))
	if r.Called > 0 {
		add(w.T("audit.m_late"), w.T("audit.n_of", "n", r.Late, "of", r.Called))
	}
	add(w.T("audit.m_spread"), w.T("audit.from_to", "from", d.length(float64(r.Least)), "to", d.length(float64(r.Most))))
	d.part("week", w.T("audit.week"), w.T("audit.week_side"), d.days(), d.heat(), t, quiet(w.T("audit.recovery_note", "recovery", d.recoveryLength())))
}

func (d *draft) recoveryLength() string {
	return d.w.T("audit.min_s", "minutes", int(d.Recovery/60), "seconds", int(d.Recovery%60))
}

// shown is the last week that counts.
func (d *draft) shown() *audit.Week {
	for i := len(d.r.Weeks) - 1; i >= 0; i-- {
		if !d.r.Weeks[i].Away && len(d.r.Weeks[i].Days) == 7 {
			return &d.r.Weeks[i]
		}
	}
	return nil
}

// days draws the last week: live, recovery, fragments and what was whole.
func (d *draft) days() *Figure {
	w := d.w
	week := d.shown()
	if week == nil || d.Share {
		return nil
	}
	from, to := 24*60, 0
	minuteOf := func(date worktime.Date, t worktime.Instant) int {
		return int(t-d.Clock.Day(date).Interval.From) / 60
	}
	for i, c := range week.Days {
		date := week.Monday.AddDays(i)
		for _, list := range [][]worktime.Interval{c.Work, c.Live} {
			for _, v := range list {
				from, to = min(from, minuteOf(date, v.From)), max(to, minuteOf(date, v.To))
			}
		}
	}
	if to <= from {
		return nil
	}
	from, to = max(0, from/60*60), min(26*60, (to+59)/60*60)
	x := func(m int) float64 { return math.Round(float64(m-from)*10000/float64(to-from)) / 100 }
	f := &Figure{Kind: DayLines, ID: "days", Title: w.T("audit.days_title"), Height: 46, Caption: w.T("audit.days_caption", "from", d.date(week.Monday), "to", d.date(week.Monday.AddDays(6))), Word: w.T("audit.as_table")}
	step := 120
	if to-from > 14*60 {
		step = 180
	}
	for m := (from + step - 1) / step * step; m <= to; m += step {
		anchor := "middle"
		if x(m) < 3 {
			anchor = "start"
		} else if x(m) > 97 {
			anchor = "end"
		}
		f.Axis = append(f.Axis, Mark{Shape: Label, X: x(m), Y: 12, Text: worktime.TimeOfDay(m % (24 * 60)).String(), Anchor: anchor})
	}
	f.Behind = Table{Head: []string{w.T("audit.day"), w.T("audit.live"), w.T("audit.m_whole"), w.T("audit.m_fragments"), w.T("audit.recovery")}, Numbers: []bool{false, true, true, true, true}}
	for i, c := range week.Days {
		if len(c.Work) == 0 && len(c.Live) == 0 {
			continue
		}
		date := week.Monday.AddDays(i)
		line := Line{Name: w.WeekdayName(i + 1), Short: w.WeekdayAbbr(i + 1)}
		draw := func(list []worktime.Interval, class string) (minutes int) {
			for _, v := range list {
				a, b := minuteOf(date, v.From), minuteOf(date, v.To)
				line.Marks = append(line.Marks, Mark{Shape: Box, Class: class, X: x(a), Width: math.Max(.1, x(b)-x(a)), Y: 12, Height: 26})
				minutes += int(v.Seconds()) / 60
			}
			return minutes
		}
		draw(c.Work, "rb-well")
		fragments := draw(c.Fragments, "rb-frag")
		whole := draw(c.Focus, "rb-whole")
		recovery := draw(c.Recovery, "rb-rec")
		live := draw(c.Live, "rb-pen")
		for _, v := range c.Focus { // the longest stretches say how long they are
			if v.Seconds() >= 3*3600 {
				line.Marks = append(line.Marks, Mark{Shape: Label, Class: "is-ink wide", X: (x(minuteOf(date, v.From)) + x(minuteOf(date, v.To))) / 2, Y: 30, Text: d.length(float64(v.Seconds() / 60)), Anchor: "middle"})
			}
		}
		line.Title = w.T("audit.day_title", "day", line.Name, "live", d.length(float64(live)), "whole", d.length(float64(whole)), "fragments", d.length(float64(fragments)))
		line.Sum = []string{w.T("audit.day_live", "time", d.length(float64(live))), w.T("audit.day_whole", "time", d.length(float64(whole)))}
		f.Lines = append(f.Lines, line)
		f.Behind.Rows = append(f.Behind.Rows, []string{line.Name, d.length(float64(live)), d.length(float64(whole)), d.length(float64(fragments)), w.T("audit.up_to", "time", d.length(float64(recovery)))})
	}
	f.Key = []KeyItem{{"rb-pen", w.T("audit.key_live")}, {"rb-rec", w.T("audit.key_recovery")}, {"rb-frag", w.T("audit.key_fragment")}, {"rb-whole", w.T("audit.key_whole")}}
	return f
}

// heat draws in which hours of which days meetings are, over all weeks.
func (d *draft) heat() *Figure {
	w, r := d.w, d.r
	var busy [7][24]float64
	first, last, most := 24, -1, 0.0
	days := 5
	for _, week := range r.Weeks {
		if week.Away {
			continue
		}
		for day := range busy {
			for h := range busy[day] {
				if m := float64(week.Busy[day][h]) / float64(r.Used); m > 0 {
					busy[day][h] += m
					most = math.Max(most, busy[day][h])
					first, last = min(first, h), max(last, h)
					if day >= 5 {
						days = 7
					}
				}
			}
		}
	}
	if last < first {
		return nil
	}
	columns := float64(last - first + 1)
	f := &Figure{Kind: HeatMap, ID: "heat", Title: w.T("audit.heat_title"), Desc: w.T("audit.heat_desc"), Height: 24 + 26*days, Word: w.T("audit.as_table")}
	f.Behind = Table{Head: []string{w.T("audit.day")}, Numbers: []bool{false}}
	const left = 8.0
	width := (100 - left) / columns
	for h := first; h <= last; h++ {
		f.Behind.Head, f.Behind.Numbers = append(f.Behind.Head, number(h)), append(f.Behind.Numbers, true)
		class := ""
		if columns > 10 && (h-first)%2 == 1 {
			class = "wide"
		}
		f.Marks = append(f.Marks, Mark{Shape: Label, Class: class, X: left + width*(float64(h-first)+.5), Y: 14, Text: number(h), Anchor: "middle"})
	}
	for day := range days {
		row := []string{w.WeekdayName(day + 1)}
		y := float64(24 + 26*day)
		f.Marks = append(f.Marks, Mark{Shape: Label, X: 0, Y: y + 16, Text: w.WeekdayAbbr(day + 1)})
		for h := first; h <= last; h++ {
			m := busy[day][h]
			row = append(row, number(int(math.Round(m))))
			f.Marks = append(f.Marks, Mark{Shape: Box, Class: "heat-" + number(heatStep(m)), X: left + width*float64(h-first) + .15, Width: width - .3, Y: y, Height: 24})
		}
		f.Behind.Rows = append(f.Behind.Rows, row)
	}
	f.Caption = w.T("audit.heat_caption")
	return f
}

// heatStep is how dark an hour is drawn, by its minutes: 0 to 4.
func heatStep(minutes float64) int {
	switch {
	case minutes <= 0:
		return 0
	case minutes <= 10:
		return 1
	case minutes <= 25:
		return 2
	case minutes <= 40:
		return 3
	}
	return 4
}

// trend draws live time week by week.
func (d *draft) trend() {
	w, r := d.w, d.r
	if r.Used < 3 || d.Share {
		return
	}
	weeks := r.Weeks
	if len(weeks) > 26 {
		weeks = weeks[len(weeks)-26:]
	}
	most := 20.0 * 60
	for _, week := range weeks {
		most = math.Max(most, float64(week.SyncSeconds)/60)
	}
	f := &Figure{Kind: Trend, ID: "trend", Title: w.T("audit.trend_title"), Height: 196, Word: w.T("audit.as_table")}
	f.Behind = Table{Head: []string{w.T("audit.week_of"), w.T("audit.live")}, Numbers: []bool{false, true}}
	y := func(minutes float64) float64 { return math.Round((168-minutes/most*150)*10) / 10 }
	for _, t := range []struct {
		hours int
		tier  worktime.Tier
	}{{19, worktime.TierCaptured}, {13, worktime.TierAverage}, {7, worktime.TierHealthy}} {
		at := y(float64(t.hours) * 60)
		f.Marks = append(f.Marks, Mark{Shape: Rule, Class: "rb-tick", X: 0, Width: 100, Y: at}, Mark{Shape: Label, Class: "wide", X: 100, Y: at - 5, Text: number(t.hours) + " " + d.tier(t.tier), Anchor: "end"}, Mark{Shape: Label, Class: "narrow", X: 100, Y: at - 5, Text: number(t.hours), Anchor: "end"})
	}
	slot := 88 / float64(len(weeks))
	for i, week := range weeks {
		minutes := float64(week.SyncSeconds) / 60
		class := "rb-mid"
		if i == len(weeks)-1 {
			class = "rb-pen"
		}
		name := d.date(week.Monday)
		value := d.w.Hours(week.SyncSeconds)
		if week.Away {
			class, value = "rb-rest", w.T("audit.away")
		}
		f.Marks = append(f.Marks, Mark{Shape: Box, Class: class, X: 1 + slot*float64(i), Width: slot * .6, Y: y(minutes), Height: 168 - y(minutes)})
		if len(weeks) <= 10 || i%4 == 0 {
			f.Marks = append(f.Marks, Mark{Shape: Label, Class: "wide", X: 1 + slot*(float64(i)+.3), Y: 186, Text: name, Anchor: "middle"})
		}
		if len(weeks) <= 12 {
			f.Marks = append(f.Marks, Mark{Shape: Label, X: 1 + slot*(float64(i)+.3), Y: y(minutes) - 6, Text: value, Anchor: "middle"})
		}
		f.Behind.Rows = append(f.Behind.Rows, []string{name, value})
	}
	d.part("trend", w.T("audit.trend"), w.T("audit.trend_side"), f)
}
