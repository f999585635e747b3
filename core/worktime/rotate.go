package worktime

import (
	"maps"
	"slices"
)

// The weights of worktime 8.3, per minute of a meeting.
const (
	weightFree = iota
	weightFocus
	weightEdge  = 2 // outside hours, between 07:00 and 22:00 of a working day
	weightNight = 4 // any other time
)

// edgeFrom and edgeTo are when a working day may still bear a meeting.
const (
	edgeFrom = TimeOfDay(7 * 60)
	edgeTo   = TimeOfDay(22 * 60)
)

// Ledger is the burden that each member of a group carries, in points.
type Ledger map[string]int64

// Median is where a newcomer enters a ledger: half of the members carry no more.
// Between two, it is their mean, rounded down.
func (l Ledger) Median() int64 {
	all := slices.Sorted(maps.Values(l))
	n := len(all)
	if n == 0 {
		return 0
	}
	return floorDiv(all[(n-1)/2]+all[n/2], 2)
}

// Turn is one occurrence of a meeting that goes round.
type Turn struct {
	Start   Instant
	StartOK bool // false when nothing can be offered
	// Points is what the slot costs each, empty when there is none.
	Points map[string]int64
}

// Rotate finds a start for a meeting of so many minutes in each of some
// intervals, so that bad hours go round (worktime 8.4): the one with the least
// burden on whoever carries most, then the least in all, then the earliest. It
// returns the ledger after the last; who is not in it carries nothing yet.
func Rotate(people []Person, within []Interval, minutes int, ledger Ledger) ([]Turn, Ledger) {
	ledger = maps.Clone(ledger)
	if ledger == nil {
		ledger = make(Ledger)
	}
	turns := make([]Turn, 0, len(within))
	for _, v := range within {
		t := turn(people, v, Instant(minutes)*minute, ledger)
		for id, points := range t.Points {
			ledger[id] += points
		}
		turns = append(turns, t)
	}
	for _, p := range people {
		ledger[p.ID] += 0
	}
	return turns, ledger
}

func turn(people []Person, within Interval, length Instant, ledger Ledger) Turn {
	burdens := make([]burden, len(people))
	for i, p := range people {
		burdens[i] = p.Clock.burden(within)
	}
	best := Turn{Points: make(map[string]int64)}
	var bestWorst, bestSum int64
	points := make([]int64, len(people))
	for start := range quarters(within, length) {
		slot := Interval{start, start + length}
		if slices.ContainsFunc(burdens, func(b burden) bool { return slot.touches(b.refused) }) {
			continue
		}
		worst, sum := int64(0), int64(0)
		for i, p := range people {
			points[i] = burdens[i].points(slot)
			sum += points[i]
			if carried := ledger[p.ID] + points[i]; i == 0 || carried > worst {
				worst = carried
			}
		}
		if best.StartOK && (worst > bestWorst || worst == bestWorst && sum >= bestSum) {
			continue
		}
		best.Start, best.StartOK, bestWorst, bestSum = start, true, worst, sum
		for i, p := range people {
			best.Points[p.ID] = points[i]
		}
	}
	return best
}

// burden is what an interval holds for one person, as sets.
type burden struct {
	free, focus, edge []Interval
	refused           []Interval // days away and partial time off: nothing is offered
}

func (c *Clock) burden(within Interval) burden {
	work := c.workIn(within)
	b := burden{free: c.freeIn(within)}
	b.focus = minus(nil, work, b.free)
	var edge []Interval
	for d := c.DateOf(within.From); d <= c.DateOf(within.To); d++ {
		if c.working(d) {
			z := runOn(c.runs, d).zone
			edge = append(edge, Interval{z.At(d.At(edgeFrom)), z.At(d.At(edgeTo))}.clip(c.dayOf(d)))
		} else if c.away(d) {
			b.refused = append(b.refused, c.dayOf(d))
		}
	}
	b.edge = minus(nil, merge(edge), work)
	b.refused = merge(append(b.refused, c.part...))
	return b
}

// points are the weighted seconds of a slot / 60, rounded down.
func (b burden) points(slot Interval) int64 {
	free, focus, edge := slot.within(b.free), slot.within(b.focus), slot.within(b.edge)
	night := slot.Seconds() - free - focus - edge
	return (weightFree*free + weightFocus*focus + weightEdge*edge + weightNight*night) / minute
}
