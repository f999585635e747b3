package page

import (
	"math"
	"strconv"
	"time"

	"github.com/rubato-hq/rubato/words"
)

// Axis is the stretch of time that a chart shows from left to right.
type Axis struct{ From, To time.Time }

// part is where an instant stands between 0 and 1. Time runs evenly: on a day
// of 23 hours the axis has 23.
func (a Axis) part(t time.Time) float64 {
	whole := a.To.Sub(a.From)
	if whole <= 0 {
		return 0
	}
	return min(1, max(0, float64(t.Sub(a.From))/float64(whole)))
}

// x is part as an SVG length: "35.42%".
func (a Axis) x(t time.Time) string { return percent(a.part(t)) }

// width is the length of a span that was cut to the axis.
func (a Axis) width(s Span) string { return percent(a.part(s.To) - a.part(s.From)) }

// has reports whether an instant lies on the axis, both ends included.
func (a Axis) has(t time.Time) bool { return !t.Before(a.From) && !t.After(a.To) }

// spans are those that touch the axis.
func (a Axis) spans(all []Span) []Span {
	var out []Span
	for _, s := range all {
		if s.To.After(a.From) && s.From.Before(a.To) {
			out = append(out, s)
		}
	}
	return out
}

// points are those that lie on the axis.
func (a Axis) points(all []time.Time) []time.Time {
	var out []time.Time
	for _, t := range all {
		if a.has(t) {
			out = append(out, t)
		}
	}
	return out
}

// anchor keeps a label inside the chart.
func (a Axis) anchor(t time.Time) string {
	switch p := a.part(t); {
	case p < 0.04:
		return "start"
	case p > 0.96:
		return "end"
	}
	return "middle"
}

func percent(p float64) string {
	return strconv.FormatFloat(math.Round(p*10_000)/100, 'f', -1, 64) + "%"
}

// tick is a label on an axis; wide ones are left out on a phone.
type tick struct {
	at    time.Time
	label string
	wide  bool
}

// ticks labels an axis in the reader's time: hours on a short one, days on a
// long one.
func (a Axis) ticks(w *words.Words, loc *time.Location) []tick {
	length := a.To.Sub(a.From)
	step := 0
	for _, hours := range []int{1, 2, 3, 6} {
		if length <= time.Duration(hours)*7*time.Hour {
			step = hours
			break
		}
	}
	if step == 0 {
		return a.dayTicks(w, loc)
	}
	var out []tick
	from := a.From.In(loc)
	t := time.Date(from.Year(), from.Month(), from.Day(), from.Hour()/step*step, 0, 0, 0, loc)
	for ; !t.After(a.To); t = t.Add(time.Duration(step) * time.Hour) {
		if p := a.part(t); a.has(t) && p > 0.02 && p < 0.98 {
			label := w.Clock(t, loc)
			if step == 6 && t.In(loc).Hour() == 0 { // more than one midnight: say which
				label = a.dayLabel(w, loc, t)
			}
			out = append(out, tick{at: t, label: label, wide: len(out)%2 == 1 && length > 8*time.Hour*time.Duration(step)})
		}
	}
	return out
}

func (a Axis) dayTicks(w *words.Words, loc *time.Location) []tick {
	var out []tick
	from := a.From.In(loc)
	count := int(a.To.Sub(a.From)/(24*time.Hour)) + 1
	every := max(1, (count+6)/7)
	for d := 0; ; d += every {
		t := time.Date(from.Year(), from.Month(), from.Day()+d, 0, 0, 0, 0, loc)
		if t.After(a.To) {
			return out
		}
		if t.Before(a.From) {
			t = a.From
		}
		if a.part(t) < 0.94 {
			out = append(out, tick{at: t, label: a.dayLabel(w, loc, t), wide: len(out)%2 == 1 && count > 3})
		}
	}
}

// hours writes spans as "08:30 to 12:30 and 14:30 to 18:30".
func hours(w *words.Words, loc *time.Location, spans []Span) string {
	said := make([]string, len(spans))
	for i, s := range spans {
		said[i] = w.T("score.span", "from", w.Clock(s.From, loc), "to", w.Clock(s.To, loc))
	}
	return w.List(said)
}

// clocks writes instants as "11:00 and 16:00".
func clocks(w *words.Words, loc *time.Location, at []time.Time) string {
	said := make([]string, len(at))
	for i, t := range at {
		said[i] = w.Clock(t, loc)
	}
	return w.List(said)
}

// describe says in words what the line of a day draws.
func (d Day) describe(f Frame) string {
	w, loc := f.W, f.loc()
	said := w.T("score.day_off", "date", w.Date(d.From, loc))
	if len(d.Work) > 0 {
		said = w.T("score.day_work", "date", w.Date(d.From, loc), "hours", hours(w, loc, d.Work))
	}
	if len(d.Focus) > 0 {
		said += " " + w.T("score.day_focus", "hours", hours(w, loc, d.Focus))
	}
	if len(d.Windows) > 0 {
		said += " " + w.T("score.day_windows", "clocks", clocks(w, loc, d.Windows))
	}
	return said + " " + w.T("score.day_now", "clock", w.Clock(f.Now, loc))
}

func (a Axis) dayLabel(w *words.Words, loc *time.Location, t time.Time) string {
	return w.T("time.axis_day", "weekday", w.WeekdayShort(t, loc), "day", strconv.Itoa(t.In(loc).Day()))
}
