package ics

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// errRule says that a RRULE is malformed, or repeats by less than days, which
// dates cannot.
var errRule = errors.New("a rule that dates cannot follow")

type frequency int

const (
	daily frequency = iota
	weekly
	monthly
	yearly
)

// rule is a RRULE as dates follow it (RFC 5545, 3.3.10). Ordinals count from 1,
// or back from -1.
type rule struct {
	freq     frequency
	interval int
	count    int // 0 for none
	until    worktime.Date
	ends     bool // by until
	wkst     time.Weekday

	months, weeks, monthDays, yearDays, positions []int
	days                                          []weekdayNum
}

// weekdayNum is an element of BYDAY; n is 0 for every one.
type weekdayNum struct {
	n   int
	day time.Weekday
}

func parseRule(s string) (rule, error) {
	r := rule{freq: -1, interval: 1, wkst: time.Monday}
	for part := range strings.SplitSeq(strings.TrimRight(s, ";"), ";") {
		name, value, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(part)), "=")
		var err error
		switch name {
		case "FREQ":
			r.freq = frequency(slices.Index([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, value))
		case "INTERVAL":
			r.interval, err = number(value, 1, 10000)
		case "COUNT":
			r.count, err = number(value, 1, 1000000)
		case "UNTIL":
			r.until, err = dateOf(value)
			r.ends = true
		case "WKST":
			r.wkst, err = weekday(value)
		case "BYDAY":
			r.days, err = weekdayNums(value)
		case "BYMONTH":
			r.months, err = numbers(value, 1, 12)
		case "BYWEEKNO":
			r.weeks, err = numbers(value, -53, 53)
		case "BYMONTHDAY":
			r.monthDays, err = numbers(value, -31, 31)
		case "BYYEARDAY":
			r.yearDays, err = numbers(value, -366, 366)
		case "BYSETPOS":
			r.positions, err = numbers(value, -366, 366)
		case "RSCALE", "SKIP": // other calendars (RFC 7529)
			err = errRule
		default: // BYHOUR and smaller mean nothing to a date
		}
		if err != nil {
			return r, err
		}
	}
	if r.freq < 0 {
		return r, errRule
	}
	return r, nil
}

func number(s string, least, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, errRule
	}
	return n, nil
}

func numbers(s string, least, most int) ([]int, error) {
	var out []int
	for one := range strings.SplitSeq(s, ",") {
		n, err := number(strings.TrimPrefix(one, "+"), least, most)
		if err != nil || n == 0 || len(out) == most-least {
			return nil, errRule
		}
		out = append(out, n)
	}
	return out, nil
}

func weekday(s string) (time.Weekday, error) {
	d := slices.Index([]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}, s)
	if d < 0 {
		return 0, errRule
	}
	return time.Weekday(d), nil
}

func weekdayNums(s string) ([]weekdayNum, error) {
	var out []weekdayNum
	for one := range strings.SplitSeq(s, ",") {
		if len(one) < 2 || len(out) == 7*107 {
			return nil, errRule
		}
		d, err := weekday(one[len(one)-2:])
		if err != nil {
			return nil, err
		}
		n := 0
		if ordinal := one[:len(one)-2]; ordinal != "" {
			if n, err = number(strings.TrimPrefix(ordinal, "+"), -53, 53); err != nil || n == 0 {
				return nil, errRule
			}
		}
		out = append(out, weekdayNum{n, d})
	}
	return out, nil
}

// dates returns the dates of a rule that starts on a date, as far as they lie
// in [from, to]. Every date looked at takes one of steps; without any left it
// returns false.
func (r rule) dates(start, from, to worktime.Date, steps *int) ([]worktime.Date, bool) {
	r = r.completed(start)
	if r.ends {
		to = min(to, r.until)
	}
	var out []worktime.Date
	n := 0
	first := 0
	if r.count == 0 { // nothing has to be counted: begin shortly before from
		first = r.before(start, from)
	}
	for k := first; ; k++ {
		begin, end := r.period(start, k)
		if begin > to {
			return out, true
		}
		if *steps -= int(end-begin) + 1; *steps < 0 {
			return nil, false
		}
		for _, d := range r.in(begin, end) {
			if d < start {
				continue
			}
			if d > to || r.count > 0 && n == r.count {
				return out, true
			}
			if n++; d >= from {
				out = append(out, d)
			}
		}
	}
}

// completed takes from the start what the rule leaves open.
func (r rule) completed(start worktime.Date) rule {
	if len(r.weeks)+len(r.yearDays)+len(r.monthDays)+len(r.days) > 0 {
		return r
	}
	_, m, d := start.Civil()
	switch r.freq {
	case yearly:
		if len(r.months) == 0 {
			r.months = []int{int(m)}
		}
		r.monthDays = []int{d}
	case monthly:
		r.monthDays = []int{d}
	case weekly:
		r.days = []weekdayNum{{0, start.Weekday()}}
	case daily:
	}
	return r
}

// period is the k-th year, month, week or day that the rule repeats in, as
// [begin, end).
func (r rule) period(start worktime.Date, k int) (begin, end worktime.Date) {
	y, m, _ := start.Civil()
	k *= r.interval
	switch r.freq {
	case yearly:
		return worktime.DateFrom(y+k, 1, 1), worktime.DateFrom(y+k+1, 1, 1)
	case monthly:
		return worktime.DateFrom(y, m+time.Month(k), 1), worktime.DateFrom(y, m+time.Month(k+1), 1)
	case weekly:
		begin = r.week(start).AddDays(7 * k)
		return begin, begin.AddDays(7)
	case daily:
	}
	return start.AddDays(k), start.AddDays(k + 1)
}

// before is the number of a period that ends before a date, at least 0.
func (r rule) before(start, from worktime.Date) int {
	days := [...]int{daily: 1, weekly: 7, monthly: 31, yearly: 366}[r.freq] * r.interval
	k := max(0, int(from-start)/days-1)
	for {
		if begin, _ := r.period(start, k+1); begin >= from {
			return k
		}
		k++
	}
}

// in are the dates of a period, by the positions asked for.
func (r rule) in(begin, end worktime.Date) []worktime.Date {
	var set []worktime.Date
	for d := begin; d < end; d = d.AddDays(1) {
		if r.on(d) {
			set = append(set, d)
		}
	}
	if len(r.positions) == 0 {
		return set
	}
	var out []worktime.Date
	for _, p := range r.positions {
		if p < 0 {
			p += len(set) + 1
		}
		if p >= 1 && p <= len(set) {
			out = append(out, set[p-1])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// on reports whether a date has all that the rule names.
func (r rule) on(d worktime.Date) bool {
	y, m, day := d.Civil()
	if len(r.months) > 0 && !slices.Contains(r.months, int(m)) {
		return false
	}
	if len(r.monthDays) > 0 {
		length := int(worktime.DateFrom(y, m+1, 1) - worktime.DateFrom(y, m, 1))
		if !slices.Contains(r.monthDays, day) && !slices.Contains(r.monthDays, day-length-1) {
			return false
		}
	}
	if len(r.yearDays) > 0 {
		n, length := int(d-worktime.DateFrom(y, 1, 1))+1, int(worktime.DateFrom(y+1, 1, 1)-worktime.DateFrom(y, 1, 1))
		if !slices.Contains(r.yearDays, n) && !slices.Contains(r.yearDays, n-length-1) {
			return false
		}
	}
	if len(r.weeks) > 0 {
		n, of := r.weekNo(d)
		if !slices.Contains(r.weeks, n) && !slices.Contains(r.weeks, n-of-1) {
			return false
		}
	}
	return len(r.days) == 0 || slices.ContainsFunc(r.days, func(v weekdayNum) bool { return r.isNth(d, v) })
}

// isNth reports whether a date is that weekday: every one, or the n-th of its
// month or year, as the rule counts.
func (r rule) isNth(d worktime.Date, v weekdayNum) bool {
	if d.Weekday() != v.day {
		return false
	}
	if v.n == 0 || r.freq < monthly || len(r.weeks) > 0 {
		return true
	}
	y, m, _ := d.Civil()
	begin, end := worktime.DateFrom(y, m, 1), worktime.DateFrom(y, m+1, 1)
	if r.freq == yearly && len(r.months) == 0 {
		begin, end = worktime.DateFrom(y, 1, 1), worktime.DateFrom(y+1, 1, 1)
	}
	if v.n > 0 {
		return int(d-begin)/7 == v.n-1
	}
	return int(end-1-d)/7 == -v.n-1
}

// week is the first day of the week of a date.
func (r rule) week(d worktime.Date) worktime.Date {
	return d.AddDays(-((int(d.Weekday()-r.wkst) + 7) % 7))
}

// weekNo is the number of a date's week, and how many weeks its year has: week 1
// is the first with at least four days in the year.
func (r rule) weekNo(d worktime.Date) (n, of int) {
	middle := r.week(d).AddDays(3)
	y, _, _ := middle.Civil()
	first := r.week(worktime.DateFrom(y, 1, 4))
	next := r.week(worktime.DateFrom(y+1, 1, 4))
	return int(r.week(d)-first)/7 + 1, int(next-first) / 7
}
