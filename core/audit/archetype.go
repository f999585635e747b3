package audit

import (
	"cmp"
	"slices"

	"github.com/rubato-hq/rubato/core/charter"
)

// Leaning is how much somebody's weeks look like those of an archetype.
type Leaning struct {
	Archetype charter.Archetype
	Points    float64
}

// Inference is what somebody's weeks look like (A7). It is shown to them alone
// and asked, never set.
type Inference struct {
	Leanings []Leaning // the most first
	// Confidence is never above .8; 0 says that it is unclear, and why.
	Confidence float64
	Unclear    string // "no-attendees", "me-unknown", "close", "" for a clear one
}

// First is the archetype that is asked for, "" where it is unclear.
func (i Inference) First() charter.Archetype {
	if i.Confidence == 0 || len(i.Leanings) == 0 {
		return ""
	}
	return i.Leanings[0].Archetype
}

// traits are what an archetype is told by, as shares of live time and numbers.
type traits struct {
	external, client, status, decide, pairShare float64 // shares of meeting hours
	pairs                                       int     // different internal people in recurring meetings of two
	people                                      int     // different people
	organises                                   float64 // share of meetings of three and more
	sync, focus                                 int     // minutes a week
	focusHolds                                  bool
}

// infer gives points (A7.2).
func infer(t traits) Inference {
	points := map[charter.Archetype]float64{}
	give := func(a charter.Archetype, when bool, n float64) {
		if when {
			points[a] += n
		}
	}
	give(charter.Connector, t.external >= .40, 3)
	give(charter.Connector, t.external >= .25 && t.external < .40, 1.5)
	give(charter.Connector, t.client >= .20, 1)
	give(charter.Manager, t.pairs >= 3, 3)
	give(charter.Manager, t.pairs == 2, 1)
	give(charter.Manager, t.pairShare >= .20, 1)
	give(charter.Operator, t.status >= .35, 2)
	give(charter.Operator, t.organises >= .40, 1.5)
	give(charter.Operator, t.people >= 20, 1)
	give(charter.Decider, t.decide >= .20, 2)
	give(charter.Decider, t.sync >= 1110, 1)
	give(charter.Decider, t.people >= 30, 1)
	give(charter.Decider, t.pairs >= 5, .5)
	give(charter.Maker, t.focus >= 12*60, 2)
	give(charter.Maker, t.sync <= 720, 1)
	give(charter.Maker, t.focusHolds, 1)
	give(charter.Maker, t.status <= .35 && t.external < .10 && t.pairs <= 1, 1)

	var i Inference
	for _, a := range charter.Archetypes() {
		i.Leanings = append(i.Leanings, Leaning{a, points[a]})
	}
	slices.SortStableFunc(i.Leanings, func(a, b Leaning) int { return -cmp.Compare(a.Points, b.Points) })
	first, second := i.Leanings[0].Points, i.Leanings[1].Points
	switch lead := (first - second) / first; {
	case first == 0:
		i.Unclear = "close"
	case lead >= .5:
		i.Confidence = .8
	case lead >= .25:
		i.Confidence = .6
	default:
		i.Unclear = "close"
	}
	return i
}

// Readiness is a row of the seed's matrix: how much an archetype pays for being
// always available, and how much it gains. The numbers only order (A7.1).
type Readiness struct {
	Archetype     charter.Archetype
	Tax, Leverage float64
}

// Matrix is the readiness matrix, by its order.
func Matrix() []Readiness {
	return []Readiness{
		{charter.Maker, 5, 5},
		{charter.Operator, 4, 5},
		{charter.Manager, 3, 4},
		{charter.Decider, 3, 3.5},
		{charter.Connector, 2, 3},
	}
}

// Order is the product by which the matrix is ordered.
func (r Readiness) Order() float64 { return r.Tax * r.Leverage }

// archetype infers it, and finds what does not fit (A7).
func (in *Input) archetype(r *Report, all []*series) {
	if len(in.Me) == 0 || !named(in.Instances) {
		r.Inference = Inference{Unclear: "no-attendees"}
		if len(in.Me) == 0 {
			r.Inference.Unclear = "me-unknown"
		}
	} else {
		r.Inference = infer(in.traits(r, all))
	}
	r.Mismatches = in.mismatches(r, all)
	r.Questions = in.questions(r)
}

func (in *Input) traits(r *Report, all []*series) traits {
	t := traits{sync: int(r.Sync.Mid), focus: r.Focus}
	total, many, organised := 0.0, 0, 0
	persons := make(map[string]bool)
	pairs := make(map[string]bool)
	for _, s := range all {
		v := s.v
		minutes := s.total()
		total += minutes
		if v.outside > 0 {
			t.external += minutes
		}
		if v.has(Client) {
			t.client += minutes
		}
		if v.has(Status) {
			t.status += minutes
		}
		if v.has(Decide) {
			t.decide += minutes
		}
		if v.n == 2 {
			t.pairShare += minutes
		}
		if v.n >= 3 {
			many += len(s.counted)
			if v.mine {
				organised += len(s.counted)
			}
		}
		for _, p := range append(slices.Clone(s.item.Attendees), s.item.Organizer) {
			if p.Address == "" || in.me(p.Address) || p.Apart || group(p.Address) || p.Answer == No {
				continue
			}
			persons[p.Address] = true
			if v.n == 2 && s.recurring && !in.external(p.Address) {
				pairs[p.Address] = true
			}
		}
	}
	if total > 0 {
		for _, share := range []*float64{&t.external, &t.client, &t.status, &t.decide, &t.pairShare} {
			*share /= total
		}
	}
	if many > 0 {
		t.organises = float64(organised) / float64(many)
	}
	t.people, t.pairs = len(persons), len(pairs)
	window := in.window()
	for _, i := range in.Instances {
		if i.Start >= window.From && i.Start < window.To && in.counts(i) == IsHold && in.focusHold(i.Item) {
			t.focusHolds = true
		}
	}
	return t
}

func (in *Input) focusHold(i *Item) bool {
	return slices.ContainsFunc(in.judge(i).title, func(h Hit) bool {
		return slices.Contains([]string{"focus|focused", "deep work", "fokuszeit|fokus", "concentration", "concentración", "odak"}, h.Entry)
	})
}

// stated is the archetype that mismatches are told of: what the person said, else
// what is inferred, which makes a question of it (A7.4).
func (in *Input) stated(r *Report) (a charter.Archetype, asked bool) {
	if in.Archetype != "" {
		return in.Archetype, false
	}
	return r.Inference.First(), true
}
