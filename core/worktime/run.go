package worktime

import (
	"cmp"
	"slices"
	"sort"
	"time"
)

// run is a maximal run of dates with one zone (worktime 2.5).
type run struct {
	first Date
	zone  *Zone
	rules Interval // where the zone rules
}

// runsOf lays trips, which share no date, over the home zone.
func runsOf(home *Zone, trips []Trip, zones map[string]*Zone) []run {
	trips = slices.SortedFunc(slices.Values(trips), func(a, b Trip) int { return cmp.Compare(a.From, b.From) })
	runs := []run{{first: firstDate, zone: home}}
	add := func(first Date, zone *Zone) {
		if last := &runs[len(runs)-1]; last.first == first {
			last.zone = zone
		} else {
			runs = append(runs, run{first: first, zone: zone})
		}
	}
	for _, t := range trips {
		add(t.From, zones[t.Zone])
		if !t.Open {
			add(t.To+1, home)
		}
	}
	runs = slices.CompactFunc(runs, func(a, b run) bool { return a.zone.name == b.zone.name })
	for i := range runs {
		r := &runs[i]
		r.rules = Interval{never, forever}
		if i > 0 {
			r.rules.From = r.zone.At(r.first.midnight())
		}
		if i+1 < len(runs) {
			n := runs[i+1].first
			r.rules.To = min(starts(runs, n), starts(runs, n+1), starts(runs, n+2))
		}
	}
	return runs
}

func runOn(runs []run, d Date) *run {
	if len(runs) == 1 {
		return &runs[0]
	}
	return &runs[max(0, sort.Search(len(runs), func(i int) bool { return runs[i].first > d })-1)]
}

// starts is S(d) of worktime 2.3: the midnight that begins d, in the zone of d.
func starts(runs []run, d Date) Instant { return runOn(runs, d).zone.At(d.midnight()) }

func (c *Clock) starts(d Date) Instant { return starts(c.runs, d) }

// ZoneOn is the zone that d is lived in: that of a trip, else home.
func (c *Clock) ZoneOn(d Date) *time.Location { return runOn(c.runs, d).zone.loc }

// In is t as the clock on the wall shows it to the person, in the zone of its
// date.
func (c *Clock) In(t Instant) time.Time { return time.Unix(int64(t), 0).In(c.ZoneOn(c.DateOf(t))) }

// DateOf is the date that t belongs to: the last one that has begun (worktime
// 2.3). It is not always the date on the wall: where clocks go back over
// midnight the new date stays, and on a trip every date has one zone.
func (c *Clock) DateOf(t Instant) Date {
	t = min(max(t, -1<<40), 1<<40)
	if len(c.runs) == 1 {
		z := c.runs[0].zone
		i := z.index(t)
		// With the offset unchanged for two days, S is the plain midnight.
		if off := Instant(z.off[i]); t-z.start[i] > 2*day && z.start[i+1]-t > 2*day {
			return Local(t + off).Date()
		}
	}
	d := Local(t + maxOffset).Date()
	for c.starts(d) > t {
		d--
	}
	return d
}

// dayOf is day(d) of worktime 2.3, empty for a date that was skipped.
func (c *Clock) dayOf(d Date) Interval {
	if from, ok := c.ordinary(d); ok {
		return Interval{from, from + day}
	}
	return c.plainDay(d)
}

func (c *Clock) plainDay(d Date) Interval {
	v := Interval{c.starts(d), min(c.starts(d+1), c.starts(d+2), c.starts(d+3))}
	if v.empty() {
		v.To = v.From
	}
	return v
}
