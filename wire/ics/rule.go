package ics

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/rubato-hq/rubato/core/worktime"
)

var errRule = errors.New("a rule that is none")

// frequency is how often a rule repeats, the rarest last.
type frequency int

const (
	secondly frequency = iota
	minutely
	hourly
	daily
	weekly
	monthly
	yearly
)

// Rule is a RRULE (RFC 5545, 3.3.10), made ready for one start. Weekdays count
// from 0 for Monday; sets are bits.
type Rule struct {
	freq     frequency
	interval int
	count    int // 0 for none
	until    Time
	ends     bool // by until
	wkst     int

	seconds, minutes uint64 // 0 to 59
	hours            uint32 // 0 to 23
	months           uint16 // 1 to 12
	monthDays        uint32 // 1 to 31
	lastDays         uint32 // 1 to 31, back from the end
	weekdays         uint8  // every one of them
	nth              []nthDay
	yearDays, weeks  []int
	positions        []int
}

// nthDay is an element of BYDAY with a number, back from the end below zero.
type nthDay struct{ n, day int }

// days reports whether the rule says anything of weekdays.
func (r *Rule) days() bool { return r.weekdays != 0 || len(r.nth) > 0 }

// Ends reports whether the rule ends by itself.
func (r *Rule) Ends() bool { return r.ends || r.count > 0 }

func parseRule(s string) (*Rule, error) {
	r := &Rule{freq: -1, interval: 1}
	for part := range strings.SplitSeq(strings.ToUpper(s), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		value = strings.TrimSpace(value)
		var err error
		switch strings.TrimSpace(name) {
		case "":
		case "FREQ":
			r.freq = frequency(slices.Index([]string{"SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, value))
		case "INTERVAL":
			r.interval, err = number(value, 1, 1<<20)
		case "COUNT":
			r.count, err = number(value, 1, 1<<30)
		case "UNTIL":
			r.until, err = parseTime([]byte(value))
			r.ends = true
		case "WKST":
			r.wkst, err = weekday(value)
		case "BYSECOND":
			err = each(value, 0, 60, func(n int) { r.seconds |= 1 << min(n, 59) })
		case "BYMINUTE":
			err = each(value, 0, 59, func(n int) { r.minutes |= 1 << n })
		case "BYHOUR":
			err = each(value, 0, 23, func(n int) { r.hours |= 1 << n })
		case "BYDAY":
			err = r.parseDays(value)
		case "BYMONTH":
			err = each(value, 1, 12, func(n int) { r.months |= 1 << n })
		case "BYWEEKNO":
			err = each(value, -53, 53, func(n int) { r.weeks = append(r.weeks, n) })
		case "BYMONTHDAY":
			err = each(value, -31, 31, func(n int) {
				if n > 0 {
					r.monthDays |= 1 << n
				} else {
					r.lastDays |= 1 << -n
				}
			})
		case "BYYEARDAY":
			err = each(value, -366, 366, func(n int) { r.yearDays = append(r.yearDays, n) })
		case "BYSETPOS":
			err = each(value, -366, 366, func(n int) { r.positions = append(r.positions, n) })
		case "RSCALE":
			if value != "GREGORIAN" { // other calendars (RFC 7529)
				err = errRule
			}
		case "SKIP":
			if value != "OMIT" {
				err = errRule
			}
		default: // an extension
		}
		if err != nil {
			return nil, err
		}
	}
	if r.freq < 0 {
		return nil, errRule
	}
	return r, nil
}

func number(s string, least, most int) (int, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(s, "+"))
	if err != nil || n < least || n > most {
		return 0, errRule
	}
	return n, nil
}

// each reads a list of numbers; a range that begins below zero has none at zero.
func each(s string, least, most int, take func(int)) error {
	taken := 0
	for one := range strings.SplitSeq(s, ",") {
		n, err := number(strings.TrimSpace(one), least, most)
		if taken++; err != nil || n == 0 && least != 0 || taken > 800 {
			return errRule
		}
		take(n)
	}
	return nil
}

func weekday(s string) (int, error) {
	d := slices.Index([]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}, s)
	if d < 0 {
		return 0, errRule
	}
	return d, nil
}

func (r *Rule) parseDays(s string) error {
	for one := range strings.SplitSeq(s, ",") {
		one = strings.TrimSpace(one)
		if len(one) < 2 || len(r.nth) > 800 {
			return errRule
		}
		d, err := weekday(one[len(one)-2:])
		if err != nil {
			return err
		}
		ordinal := one[:len(one)-2]
		if ordinal == "" {
			r.weekdays |= 1 << d
			continue
		}
		n, err := number(ordinal, -53, 53)
		if err != nil || n == 0 {
			return errRule
		}
		r.nth = append(r.nth, nthDay{n, d})
	}
	return nil
}

// completed takes from it what the rule leaves open.
func (r *Rule) completed(start worktime.Local) Rule {
	c := *r
	second := int(int64(start) - int64(dayOf(start))*day)
	if c.seconds == 0 && c.freq > secondly {
		c.seconds = 1 << (second % minute)
	}
	if c.minutes == 0 && c.freq > minutely {
		c.minutes = 1 << (second / minute % 60)
	}
	if c.hours == 0 && c.freq > hourly {
		c.hours = 1 << (second / hour)
	}
	if c.freq < monthly || c.weeks != nil && c.freq == yearly { // a number means nothing there
		for _, d := range c.nth {
			c.weekdays |= 1 << d.day
		}
		c.nth = nil
	}
	if c.days() || c.yearDays != nil || c.weeks != nil || c.monthDays != 0 || c.lastDays != 0 {
		return c
	}
	_, m, d := civilOf(dayOf(start))
	switch c.freq {
	case weekly:
		c.weekdays = 1 << weekdayOf(dayOf(start))
	case yearly:
		if c.months == 0 {
			c.months = 1 << m
		}
		c.monthDays = 1 << d
	case monthly:
		c.monthDays = 1 << d
	default:
	}
	return c
}

// plain is true for a rule whose days only their weekday decides.
func (r *Rule) plain() bool {
	return r.months == 0 && r.monthDays == 0 && r.lastDays == 0 && r.yearDays == nil && r.weeks == nil && r.nth == nil
}
