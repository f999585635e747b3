package measure

// Hit is a question that an entry of the log answered, as the asker confirmed.
type Hit struct {
	// Decided is the person-minutes of the meeting that decided it; 0 for none.
	Decided float64
}

// Saved is what a log saved, in person-minutes (A10).
type Saved struct{ Low, Mid, High float64 }

// Minutes of one discussion that did not have to be (A10).
const (
	shortest = 10
	// Usual is for a team whose own median is not known.
	Usual = 30
	both  = 2 // people of a discussion
)

// Savings returns what hits saved: at least ten minutes of two people each, in
// the middle the team's median discussion, at most the meetings that decided.
// Never is the most less than the middle: a decision in writing has no meeting.
func Savings(hits []Hit, median float64) Saved {
	var s Saved
	for _, h := range hits {
		mid := both * median
		s.Low += min(both*shortest, mid)
		s.Mid += mid
		s.High += max(h.Decided, mid)
	}
	return s
}
