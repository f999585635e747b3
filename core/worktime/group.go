package worktime

import "slices"

// Person is somebody in a group. Results about groups keep the order of people.
type Person struct {
	ID    string
	Clock *Clock
}

// KofN is when k answers are due: the k-th smallest of the due times, false when
// fewer have one (worktime 6.9). k = 1 is "first", k = len(dues) "all".
func KofN(dues []Due, k int) (Instant, bool) {
	var at []Instant
	for _, d := range dues {
		if d.OK {
			at = append(at, d.At)
		}
	}
	if k < 1 || k > len(at) {
		return 0, false
	}
	slices.Sort(at)
	return at[k-1], true
}

// Reach is what an ask comes to for one person.
type Reach struct {
	Delivered   Instant
	DeliveredOK bool
	Due         Due
}

// AskDue plans an ask to several people, sent at one instant: when it reaches
// each, when each answer is due, and when need of them are (worktime 6.9).
func AskDue(people []Person, class Class, sent Instant, term Term, need int) (each []Reach, due Instant, ok bool) {
	each = make([]Reach, len(people))
	dues := make([]Due, len(people))
	for i, p := range people {
		r := &each[i]
		if r.Delivered, r.DeliveredOK = p.Clock.Next(class, sent, NotSealed); r.DeliveredOK {
			r.Due = p.Clock.Due(r.Delivered, term, nil)
		}
		dues[i] = r.Due
	}
	due, ok = KofN(dues, need)
	return each, due, ok
}
