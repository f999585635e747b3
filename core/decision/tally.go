package decision

import (
	"cmp"
	"slices"
)

// Standing is how an option stands in a vote.
type Standing struct {
	Option string
	// Votes are first places of a single or ranked vote, Points the sum of a vote
	// by points; People gave it any.
	Votes, Points, People int
	// Out is the round in which a ranked vote let it go, 0 for never.
	Out int
}

// Mean is the points that an option got from each who gave it any.
func (s Standing) Mean() float64 {
	if s.People == 0 {
		return 0
	}
	return float64(s.Points) / float64(s.People)
}

// Count is a vote counted: the options from the first to the last, and the one
// that leads; "" when two are level, or when nobody voted.
type Count struct {
	Standings []Standing
	Leads     string
	Voters    int
}

// Count counts the votes of those who have a view.
func (d Decision) Count() Count {
	var ballots []map[string]int
	for _, p := range d.Positions {
		if p.Stance != NoView && len(p.Votes) > 0 {
			ballots = append(ballots, p.Votes)
		}
	}
	c := Count{Voters: len(ballots)}
	for _, o := range d.Options {
		s := Standing{Option: o.Key}
		for _, b := range ballots {
			n, voted := b[o.Key]
			if !voted {
				continue
			}
			s.People++
			s.Points += n
		}
		c.Standings = append(c.Standings, s)
	}
	if !d.Way.Votes() || len(ballots) == 0 {
		return c
	}
	level := func(a, b Standing) int { return cmp.Compare(b.Votes, a.Votes) }
	switch d.Way {
	case ByScore:
		// Points are summed: an option that few know does not win by its mean.
		level = func(a, b Standing) int { return cmp.Compare(b.Points, a.Points) }
	case BySingle:
		for i := range c.Standings {
			c.Standings[i].Votes = c.Standings[i].People
		}
	case ByRanked:
		c.runoff(ballots)
		level = func(a, b Standing) int {
			return cmp.Or(cmp.Compare(last(b), last(a)), cmp.Compare(b.Votes, a.Votes))
		}
	case ByDecider, ByConsent: // they do not vote
	}
	slices.SortStableFunc(c.Standings, level)
	if len(c.Standings) < 2 || level(c.Standings[0], c.Standings[1]) < 0 {
		c.Leads = c.Standings[0].Option
	}
	return c
}

// last is how long an option stayed: those never let go stay longest.
func last(s Standing) int {
	if s.Out == 0 {
		return 1 << 30
	}
	return s.Out
}

// runoff counts in rounds: each ballot counts for the first of its options that
// is still in; who has fewest goes, all of them when several do, until one has
// more than half of the ballots that still count or those left are level.
func (c *Count) runoff(ballots []map[string]int) {
	in := make(map[string]bool)
	for _, s := range c.Standings {
		in[s.Option] = true
	}
	for round := 1; ; round++ {
		votes, counted := make(map[string]int), 0
		for _, b := range ballots {
			first, place := "", 0
			for option, n := range b {
				if in[option] && (first == "" || n < place) {
					first, place = option, n
				}
			}
			if first != "" {
				votes[first]++
				counted++
			}
		}
		fewest, most := counted, 0
		for option := range in {
			fewest, most = min(fewest, votes[option]), max(most, votes[option])
		}
		for i := range c.Standings {
			if s := &c.Standings[i]; in[s.Option] {
				s.Votes = votes[s.Option]
			}
		}
		if 2*most > counted || fewest == most {
			return
		}
		for i := range c.Standings {
			if s := &c.Standings[i]; in[s.Option] && votes[s.Option] == fewest {
				s.Out = round
				delete(in, s.Option)
			}
		}
	}
}
