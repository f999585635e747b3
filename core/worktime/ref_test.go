package worktime_test

import (
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// ref is worktime.md read aloud: it looks at every minute and knows nothing but
// the offset of a time.Location. It shares no code with the clock, only the
// charter's plain values. Everything in it is in seconds and on full minutes.
type ref struct {
	c      worktime.Charter
	ats    map[string]map[int64]int64
	pieces map[int64][]bool
	ruled  map[int64][2]int64
	worked map[int64]bool
	blocks map[int64][][2]int64
	days   map[int64][2]int64
}

const (
	refDay  = 86400
	refHour = 3600
)

func newRef(c worktime.Charter) *ref {
	return &ref{c: c, ats: map[string]map[int64]int64{}, pieces: map[int64][]bool{}, ruled: map[int64][2]int64{}, worked: map[int64]bool{}, blocks: map[int64][][2]int64{}, days: map[int64][2]int64{}}
}

func refLocal(zone *time.Location, t int64) int64 {
	_, off := time.Unix(t, 0).In(zone).Zone()
	return t + int64(off)
}

// at is the least t at which it is l or later (2.2).
func (r *ref) at(zone string, l int64) int64 {
	memo := r.ats[zone]
	if memo == nil {
		memo = map[int64]int64{}
		r.ats[zone] = memo
	}
	if t, ok := memo[l]; ok {
		return t
	}
	t, loc := l-27*refHour, location(zone)
	for refLocal(loc, t) < l {
		t += 60
	}
	memo[l] = t
	return t
}

func (r *ref) zone(d int64) string {
	for _, t := range r.c.Travel {
		if int64(t.From) <= d && (t.Open || d <= int64(t.To)) {
			return t.Zone
		}
	}
	return r.c.Zone
}

func (r *ref) start(d int64) int64 { return r.at(r.zone(d), d*refDay) }

func (r *ref) date(t int64) int64 {
	d := t/refDay + 2
	for r.start(d) > t {
		d--
	}
	return d
}

func (r *ref) dayOf(d int64) (int64, int64) {
	v, ok := r.days[d]
	if !ok {
		v = [2]int64{r.start(d), min(r.start(d+1), r.start(d+2), r.start(d+3))}
		r.days[d] = v
	}
	return v[0], v[1]
}

// rules is where the zone of d rules (2.5). Drawn trips end within two months,
// so a run that goes on for longer goes on for good.
func (r *ref) rules(d int64) (int64, int64) {
	if v, ok := r.ruled[d]; ok {
		return v[0], v[1]
	}
	const long = 60
	first, next := d, d+1
	for r.zone(first-1) == r.zone(d) && first > d-long {
		first--
	}
	for r.zone(next) == r.zone(d) && next < d+long {
		next++
	}
	from, to := int64(-1<<60), int64(1<<60)
	if first > d-long {
		from = r.start(first)
	}
	if next < d+long {
		to = min(r.start(next), r.start(next+1), r.start(next+2))
	}
	r.ruled[d] = [2]int64{from, to}
	return from, to
}

func (r *ref) off(d int64) bool {
	return slices.ContainsFunc(r.c.Off, func(o worktime.TimeOff) bool {
		return !o.Part && int64(o.From) <= d && d <= int64(o.To)
	})
}

func (r *ref) localAt(l worktime.Local) int64 {
	d := int64(l) / refDay
	return r.at(r.zone(d), int64(l))
}

func (r *ref) partOff(t int64) bool {
	return slices.ContainsFunc(r.c.Off, func(o worktime.TimeOff) bool {
		return o.Part && r.localAt(o.Begin) <= t && t < r.localAt(o.End)
	})
}

func (r *ref) base(d int64) []worktime.Span {
	if s, ok := r.c.Dates[worktime.Date(d)]; ok {
		return s
	}
	if slices.Contains(r.c.Holidays, worktime.Date(d)) {
		return nil
	}
	return r.c.Hours[refWeekday(d)]
}

func refWeekday(d int64) int { return int((d + 4) % 7) }

// resolve is the spans of d in instants, cut to where the zone of d rules.
func (r *ref) resolve(d int64, spans []worktime.Span) (vs [][2]int64) {
	from, to := r.rules(d)
	for _, s := range spans {
		end := int64(s.To)
		if s.To < s.From {
			end += 24 * 60
		}
		vs = append(vs, [2]int64{
			max(from, r.at(r.zone(d), d*refDay+int64(s.From)*60)),
			min(to, r.at(r.zone(d), d*refDay+end*60)),
		})
	}
	return vs
}

func within(vs [][2]int64, t int64) bool {
	return slices.ContainsFunc(vs, func(v [2]int64) bool { return v[0] <= t && t < v[1] })
}

// refFirst is the first minute that the pieces of d are drawn from, as an
// instant; they are eight days of minutes.
func refFirst(d int64) int64 { return (d - 3) * refDay }

func (r *ref) minutes(d int64) []bool {
	if m, ok := r.pieces[d]; ok {
		return m
	}
	m := make([]bool, 8*24*60)
	spans := r.base(d)
	from, to := r.dayOf(d)
	if len(spans) > 0 && from < to && !r.off(d) {
		vs := r.resolve(d, spans)
		for i := range m {
			t := refFirst(d) + int64(i)*60
			m[i] = within(vs, t) && !r.partOff(t)
		}
	}
	r.pieces[d] = m
	return m
}

func (r *ref) inPiece(d, t int64) bool {
	i := (t - refFirst(d)) / 60
	m := r.minutes(d)
	return 0 <= i && i < int64(len(m)) && m[i]
}

func (r *ref) working(d int64) bool {
	on, ok := r.worked[d]
	if !ok {
		on = slices.Contains(r.minutes(d), true)
		r.worked[d] = on
	}
	return on
}

// end is the end of the last piece of d.
func (r *ref) end(d int64) int64 {
	m := r.minutes(d)
	for i := len(m) - 1; i >= 0; i-- {
		if m[i] {
			return refFirst(d) + int64(i+1)*60
		}
	}
	return 0
}

// near are the dates whose work can hold t.
func near(t int64) []int64 {
	var ds []int64
	for d := t/refDay - 4; d <= t/refDay+2; d++ {
		ds = append(ds, d)
	}
	return ds
}

func (r *ref) work(t int64) bool {
	return slices.ContainsFunc(near(t), func(d int64) bool { return r.inPiece(d, t) })
}

func (r *ref) focus(t int64) bool {
	for _, f := range r.c.FocusOn {
		if r.localAt(f.From) <= t && t < r.localAt(f.To) {
			return true
		}
	}
	return slices.ContainsFunc(near(t), func(d int64) bool {
		vs, ok := r.blocks[d]
		if !ok {
			vs = r.resolve(d, r.c.Focus[refWeekday(d)])
			r.blocks[d] = vs
		}
		return within(vs, t) && r.working(d)
	})
}

func (r *ref) free(t int64) bool { return r.work(t) && !r.focus(t) }

// on is D of section 4.
func (r *ref) on(t int64) bool {
	for _, d := range near(t) {
		if from, to := r.dayOf(d); from <= t && t < to && r.working(d) {
			return true
		}
	}
	return r.work(t)
}

func (r *ref) windows(d int64) []int64 {
	if !r.working(d) {
		return nil
	}
	crosses := slices.ContainsFunc(r.base(d), func(s worktime.Span) bool { return s.To < s.From })
	_, rulesEnd := r.rules(d)
	allowed := func(t int64) bool { return !r.partOff(t) && t < rulesEnd }
	var ws []int64
	for _, w := range r.c.Windows[refWeekday(d)] {
		xs := []int64{r.at(r.zone(d), d*refDay+int64(w)*60)}
		if crosses {
			xs = append(xs, r.at(r.zone(d), (d+1)*refDay+int64(w)*60))
		}
		for _, x := range xs {
			// In a piece, or at the end of one.
			if !r.inPiece(d, x) && !r.inPiece(d, x-60) || !allowed(x) {
				continue
			}
			if r.focus(x) {
				y := x
				for y < x+4*refDay && (!r.inPiece(d, y) || r.focus(y)) {
					y += 60
				}
				if y == x+4*refDay {
					y = r.end(d)
					others := slices.DeleteFunc(near(y), func(e int64) bool { return e == d })
					if !allowed(y) || r.focus(y) && slices.ContainsFunc(others, func(e int64) bool { return r.inPiece(e, y) }) {
						continue
					}
				}
				x = y
			}
			ws = append(ws, x)
		}
	}
	slices.Sort(ws)
	return slices.Compact(ws)
}

// next looks a number of dates ahead; none is -1.
func (r *ref) next(class worktime.Class, now, sealed int64, dates int64) int64 {
	today := r.date(now)
	least := int64(-1)
	take := func(w int64) {
		if w >= now && (sealed <= 0 || w > sealed) && (least < 0 || w < least) {
			least = w
		}
	}
	switch class {
	case worktime.Crisis:
		return now
	case worktime.Urgent:
		least = r.next(worktime.Normal, now, sealed, dates)
		for t := now; t < now+dates*refDay && (least < 0 || t < least); t += 60 {
			if r.free(t) {
				return t
			}
		}
	case worktime.Normal:
		for d := today - 8; d <= today+dates; d++ {
			for _, w := range r.windows(d) {
				take(w)
			}
		}
	case worktime.Daily:
		for d := today - 8; d <= today+dates; d++ {
			if ws := r.windows(d); len(ws) > 0 {
				take(ws[0])
			}
		}
	case worktime.Weekly:
		first := today - 15
		for refWeekday(first) != int(r.c.WeekStart.Weekday()) {
			first--
		}
		for ; first <= today+dates; first += 7 {
			var week []int64
			for d := first; d < first+7; d++ {
				week = append(week, r.windows(d)...)
			}
			if len(week) > 0 {
				take(slices.Min(week))
			}
		}
	default: // muted: never
	}
	return least
}

func (r *ref) away(from, to int64) int {
	n := 0
	for d := r.date(from); d <= r.date(to); d++ {
		a, b := r.dayOf(d)
		if len(r.c.Hours[refWeekday(d)]) > 0 && a < b && !r.working(d) {
			n++
		}
	}
	return n
}

// add counts minutes of a set without pauses; none within 30 days is -1.
func (r *ref) add(in func(int64) bool, t, seconds int64, pauses []worktime.Pause) int64 {
	for end := t + 30*refDay; t < end; t += 60 {
		if seconds <= 0 {
			return t
		}
		paused := slices.ContainsFunc(pauses, func(p worktime.Pause) bool {
			return int64(p.From) <= t && t < int64(p.To)
		})
		if in(t) && !paused {
			seconds -= 60
		}
	}
	return -1
}

func (r *ref) dueDay(t, hours int64, pauses []worktime.Pause) int64 {
	a := r.add(r.on, t, hours*refHour, pauses)
	b := r.add(r.work, t, hours*refHour/6, pauses)
	if a < 0 || b < 0 {
		return -1
	}
	for x := max(a, b); x < t+40*refDay; x += 60 {
		if r.work(x) || x == max(a, b) && r.work(x-60) {
			return x
		}
	}
	return -1
}

func (r *ref) workLeft(from, to int64) (seconds int64) {
	for t := from; t < to; t += 60 {
		if r.work(t) {
			seconds += 60
		}
	}
	return seconds
}

// workdays are the working dates of the month after t whose end is after t.
func (r *ref) workdays(t int64) (ds []int64) {
	for d := r.date(t) - 8; d < r.date(t)+25; d++ {
		if r.working(d) && r.end(d) > t {
			ds = append(ds, d)
		}
	}
	return ds
}

func (r *ref) endOfDay(t int64) int64 {
	ds := r.workdays(t)
	if len(ds) < 2 {
		return -1
	}
	left := int64(0)
	for x := t; x < r.end(ds[0]); x += 60 {
		if r.inPiece(ds[0], x) {
			left += 60
		}
	}
	if left >= 2*refHour {
		return r.end(ds[0])
	}
	for d := ds[0] + 1; ; d++ {
		if r.working(d) && r.end(d) > r.end(ds[0]) {
			return r.end(d)
		}
	}
}

func (r *ref) endOfWeek(t int64) int64 {
	ds := r.workdays(t)
	if len(ds) < 2 || ds[len(ds)-1] < ds[0]+14 {
		return -1
	}
	weekEnd := func(d int64) int64 { // the last date of the week of d
		for refWeekday(d+1) != int(r.c.WeekStart.Weekday()) {
			d++
		}
		return d
	}
	last := weekEnd(ds[0])
	for !r.working(last) {
		last--
	}
	if r.workLeft(t, r.end(last)) >= 2*refHour {
		return r.end(last)
	}
	after := max(t, r.end(last))
	d := last + 1
	for !r.working(d) || r.end(d) <= after {
		d++
	}
	last = weekEnd(d)
	for !r.working(last) {
		last--
	}
	return r.end(last)
}

// weight is what a minute of a meeting costs (8.3), -1 where none is offered.
func (r *ref) weight(t int64) int64 {
	d := r.date(t)
	a, b := r.dayOf(d)
	if r.partOff(t) || len(r.c.Hours[refWeekday(d)]) > 0 && a < b && !r.working(d) {
		return -1
	}
	switch {
	case r.free(t):
		return 0
	case r.work(t):
		return 1
	case r.working(d) && r.at(r.zone(d), d*refDay+7*refHour) <= t && t < r.at(r.zone(d), d*refDay+22*refHour):
		return 2
	default:
		return 4
	}
}
