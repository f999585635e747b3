package ics

import (
	"math/bits"
	"slices"

	"github.com/rubato-hq/rubato/core/worktime"
)

// expansion walks through the times of a rule.
type expansion struct {
	Rule
	start, from, to worktime.Local
	last            worktime.Local // that until allows
	times           []int          // of day, in seconds, sorted
	set             []int          // the dates of a period, in days since 1970
	found           int            // counted against COUNT
	steps           int            // left
	yield           func(worktime.Local) bool
}

// Each calls yield for the local times of a rule from start on, in their order,
// as far as they lie in [from, to); start is the first whatever the rule says.
// last is the latest that is in it, for a rule with an end. What it looks at
// takes of steps; it returns how many are left, below zero when they did not
// last. yield may end it.
func (r *Rule) each(start, from, to, last worktime.Local, steps int, yield func(worktime.Local) bool) int {
	e := expansion{Rule: r.completed(start), start: start, from: from, to: to, last: last, steps: steps, yield: yield}
	if start < to && start >= from && !yield(start) {
		return e.steps
	}
	e.found = 1
	if e.freq < daily {
		e.within()
		return e.steps
	}
	for h := range 24 {
		if e.hours&(1<<h) == 0 {
			continue
		}
		for m := e.minutes; m != 0; m &= m - 1 {
			for s := e.seconds; s != 0; s &= s - 1 {
				e.times = append(e.times, h*hour+bits.TrailingZeros64(m)*minute+bits.TrailingZeros64(s))
			}
		}
	}
	if r.count == 0 && e.positions == nil && len(e.times) == 1 && e.plain() && (e.freq == weekly || e.freq == daily) {
		e.quick()
		return e.steps
	}
	e.periods()
	return e.steps
}

// take hands on a time; false says that there are no more.
func (e *expansion) take(l worktime.Local) bool {
	switch {
	case l <= e.start: // the start was taken
		return true
	case l > e.last || l >= e.to || e.count > 0 && e.found >= e.count:
		return false
	}
	e.found++
	if l < e.from {
		return true
	}
	e.steps--
	return e.yield(l) && e.steps >= 0
}

// quick is for what most calendars hold: some weekdays of every n-th week, or
// every n-th day, at one time.
func (e *expansion) quick() {
	at := worktime.Local(e.times[0])
	first := dayOf(e.start)
	begin := max(first, dayOf(e.from)-1)
	if e.freq == daily {
		n := e.interval
		begin = first + (begin-first)/n*n
		for d := begin; ; d += n {
			if e.weekdays != 0 && e.weekdays&(1<<weekdayOf(d)) == 0 {
				if e.steps--; e.steps < 0 || worktime.Local(d)*day >= e.to {
					return
				}
				continue
			}
			if !e.take(worktime.Local(d)*day + at) {
				return
			}
		}
	}
	var offsets [7]int
	days := 0
	for i := range 7 {
		if e.weekdays&(1<<((e.wkst+i)%7)) != 0 {
			offsets[days] = i
			days++
		}
	}
	week := first - (weekdayOf(first)-e.wkst+7)%7
	n := 7 * e.interval
	for w := week + max(0, begin-6-week)/n*n; ; w += n {
		for _, o := range offsets[:days] {
			if !e.take(worktime.Local(w+o)*day + at) {
				return
			}
		}
	}
}

// periods walks through the days, weeks, months or years of a rule.
func (e *expansion) periods() {
	k := 0
	if e.count == 0 { // nothing has to be counted: begin shortly before from
		k = e.before(dayOf(e.from) - 1)
	}
	for ; ; k++ {
		begin, end := e.period(k)
		if worktime.Local(begin)*day >= e.to || worktime.Local(begin)*day > e.last {
			return
		}
		if e.steps -= 1 + e.cost(); e.steps < 0 {
			return
		}
		e.set = e.set[:0]
		e.fill(begin, end)
		if e.positions != nil {
			if !e.chosen() {
				return
			}
			continue
		}
		for _, d := range e.set {
			for _, t := range e.times {
				if !e.take(worktime.Local(d)*day + worktime.Local(t)) {
					return
				}
			}
		}
		if begin > 9999*366 {
			return
		}
	}
}

// cost is how many steps looking at a period takes.
func (e *expansion) cost() int {
	if e.freq == yearly {
		return 30
	}
	return 2
}

// chosen takes of a period's times those at the positions asked for.
func (e *expansion) chosen() bool {
	all := len(e.set) * len(e.times)
	var at []int
	for _, p := range e.positions {
		if p < 0 {
			p += all + 1
		}
		if p >= 1 && p <= all {
			at = append(at, p-1)
		}
	}
	slices.Sort(at)
	for _, i := range slices.Compact(at) {
		if !e.take(worktime.Local(e.set[i/len(e.times)])*day + worktime.Local(e.times[i%len(e.times)])) {
			return false
		}
	}
	return true
}

// period is the k-th year, month, week or day of the rule as [begin, end).
func (e *expansion) period(k int) (begin, end int) {
	first := dayOf(e.start)
	k *= e.interval
	switch e.freq {
	case yearly:
		y, _, _ := civilOf(first)
		return civil(y+k, 1, 1), civil(y+k+1, 1, 1)
	case monthly:
		y, m, _ := civilOf(first)
		m += k - 1
		y, m = y+m/12, m%12+1
		begin = civil(y, m, 1)
		return begin, begin + monthLength(y, m)
	case weekly:
		begin = first - (weekdayOf(first)-e.wkst+7)%7 + 7*k
		return begin, begin + 7
	default:
		return first + k, first + k + 1
	}
}

// before is the number of a period that ends before a date, at least 0.
func (e *expansion) before(d int) int {
	first := dayOf(e.start)
	if d <= first {
		return 0
	}
	longest := [...]int{daily: 1, weekly: 7, monthly: 31, yearly: 366}[e.freq] * e.interval
	k := max(0, (d-first)/longest-1)
	for {
		if begin, _ := e.period(k + 1); begin >= d {
			return k
		}
		k++
	}
}

// fill puts the dates of a period into the set.
func (e *expansion) fill(begin, end int) {
	switch {
	case e.freq == yearly && (e.yearDays != nil || e.weeks != nil || e.nth != nil && e.months == 0):
		e.yearly(begin, end)
	case e.freq == yearly:
		y, _, _ := civilOf(begin)
		for m := 1; m <= 12; m++ {
			n := monthLength(y, m)
			if e.months == 0 || e.months&(1<<m) != 0 {
				e.month(begin, n)
			}
			begin += n
		}
	case e.freq == monthly:
		if _, m, _ := civilOf(begin); e.months == 0 || e.months&(1<<m) != 0 {
			e.month(begin, end-begin)
		}
	default:
		for d := begin; d < end; d++ {
			if e.on(d) {
				e.set = append(e.set, d)
			}
		}
	}
}

// sevenths has a bit for every seventh day of a month, the first among them.
const sevenths = 1 | 1<<7 | 1<<14 | 1<<21 | 1<<28

// month adds the dates of a month that begins on a day and has n days.
func (e *expansion) month(begin, n int) {
	all := uint32(1)<<n - 1 // bit 0 is the first
	if e.monthDays != 0 || e.lastDays != 0 {
		set := e.monthDays >> 1
		for last := e.lastDays; last != 0; last &= last - 1 {
			if back := bits.TrailingZeros32(last); back <= n {
				set |= 1 << (n - back)
			}
		}
		all &= set
	}
	if e.days() {
		first := weekdayOf(begin)
		set := uint32(0)
		for d := range 7 {
			if e.weekdays&(1<<d) != 0 {
				set |= sevenths << ((d - first + 7) % 7)
			}
		}
		for _, v := range e.nth {
			at := (v.day-first+7)%7 + 7*(v.n-1)
			if v.n < 0 {
				at = n - 1 - (first+n-1-v.day)%7 + 7*(v.n+1)
			}
			if at >= 0 && at < n {
				set |= 1 << at
			}
		}
		all &= set
	}
	for ; all != 0; all &= all - 1 {
		e.set = append(e.set, begin+bits.TrailingZeros32(all))
	}
}

// yearly adds the dates of a year that are told by their place in it.
func (e *expansion) yearly(begin, end int) {
	e.steps -= 366
	for d := begin; d < end; d++ {
		if e.on(d) && (e.nth == nil || e.weekdays&(1<<weekdayOf(d)) != 0 || e.nthOfYear(d, begin, end)) {
			e.set = append(e.set, d)
		}
	}
}

func (e *expansion) nthOfYear(d, begin, end int) bool {
	if e.months != 0 {
		y, m, _ := civilOf(d)
		begin = civil(y, m, 1)
		end = begin + monthLength(y, m)
	}
	wd := weekdayOf(d)
	for _, v := range e.nth {
		if v.day == wd && (v.n > 0 && (d-begin)/7 == v.n-1 || v.n < 0 && (end-1-d)/7 == -v.n-1) {
			return true
		}
	}
	return false
}

// on reports whether a date has what the rule names, but for numbered weekdays.
func (e *expansion) on(d int) bool {
	if e.weekdays != 0 && e.nth == nil && e.weekdays&(1<<weekdayOf(d)) == 0 {
		return false
	}
	if e.months == 0 && e.monthDays == 0 && e.lastDays == 0 && e.yearDays == nil && e.weeks == nil {
		return true
	}
	y, m, md := civilOf(d)
	if e.months != 0 && e.months&(1<<m) == 0 {
		return false
	}
	if e.monthDays != 0 || e.lastDays != 0 {
		if e.monthDays&(1<<md) == 0 && e.lastDays&(1<<(monthLength(y, m)-md+1)) == 0 {
			return false
		}
	}
	if e.yearDays != nil {
		n, length := d-civil(y, 1, 1)+1, 365
		if leap(y) {
			length = 366
		}
		if !slices.Contains(e.yearDays, n) && !slices.Contains(e.yearDays, n-length-1) {
			return false
		}
	}
	if e.weeks != nil {
		n, of, year := e.weekNo(d)
		// The first week of the next year is no week counted from this one's end.
		if !slices.Contains(e.weeks, n) && (year > y || !slices.Contains(e.weeks, n-of-1)) {
			return false
		}
	}
	return true
}

// week is the first day of the week of a date.
func (e *expansion) week(d int) int { return d - (weekdayOf(d)-e.wkst+7)%7 }

// weekNo is the number of a date's week, the year that the week belongs to, and
// how many weeks that has: week 1 is the first with at least four days in it.
func (e *expansion) weekNo(d int) (n, of, year int) {
	w := e.week(d)
	year, _, _ = civilOf(w + 3)
	first, next := e.week(civil(year, 1, 4)), e.week(civil(year+1, 1, 4))
	return (w-first)/7 + 1, (next - first) / 7, year
}

// within walks through the hours, minutes or seconds of a rule.
func (e *expansion) within() {
	unit := [...]int64{secondly: 1, minutely: minute, hourly: hour}[e.freq]
	step := unit * int64(e.interval)
	base := int64(dayOf(e.start))*day + (int64(e.start)-int64(dayOf(e.start))*day)/unit*unit
	k := int64(0)
	if e.count == 0 && e.from > e.start {
		k = max(0, (int64(e.from)-base)/step-1)
	}
	for ; ; k++ {
		at := base + k*step
		if worktime.Local(at) >= e.to || worktime.Local(at) > e.last {
			return
		}
		if e.steps--; e.steps < 0 {
			return
		}
		d := dayOf(worktime.Local(at))
		if !e.on(d) { // the last of this date
			k += (int64(d+1)*day - at - 1) / step
			continue
		}
		second := int(at - int64(d)*day)
		if !e.hour(second, at) {
			return
		}
	}
}

// hour takes what lies in the hour, the minute or the second that begins at a
// time, and reports whether to go on.
func (e *expansion) hour(second int, at int64) bool {
	if e.hours != 0 && e.hours&(1<<(second/hour)) == 0 {
		return true
	}
	minutes, seconds := uint64(1), uint64(1)
	switch e.freq {
	case hourly:
		minutes, seconds = e.minutes, e.seconds
	case minutely:
		if e.minutes != 0 && e.minutes&(1<<(second/minute%60)) == 0 {
			return true
		}
		seconds = e.seconds
	default:
		if e.minutes != 0 && e.minutes&(1<<(second/minute%60)) == 0 || e.seconds != 0 && e.seconds&(1<<(second%minute)) == 0 {
			return true
		}
	}
	var found []int64
	for m := minutes; m != 0; m &= m - 1 {
		for s := seconds; s != 0; s &= s - 1 {
			found = append(found, at+int64(bits.TrailingZeros64(m)*minute+bits.TrailingZeros64(s)))
		}
	}
	if e.positions == nil {
		for _, l := range found {
			if !e.take(worktime.Local(l)) {
				return false
			}
		}
		return true
	}
	for i, l := range found {
		if (slices.Contains(e.positions, i+1) || slices.Contains(e.positions, i-len(found))) && !e.take(worktime.Local(l)) {
			return false
		}
	}
	return true
}
