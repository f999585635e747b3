package worktime

import "slices"

// Reading is the comment time of one reader.
type Reading struct {
	// Delivered is when the document reaches the reader.
	Delivered   Instant
	DeliveredOK bool
	// Until is when the reader has had the hours.
	Until   Instant
	UntilOK bool
	// Away is the reader's days away until Delivered.
	Away int
}

// FairClose is when a decision may close (worktime 7.1).
type FairClose struct {
	Each []Reading
	// Close is the latest Until; CloseOK is false when a reader has none.
	Close   Instant
	CloseOK bool
	// Binding are the ids of those who set Close, sorted; of those who have no
	// Until when CloseOK is false.
	Binding []string
	// Present is the close without the readers who are away, false when nobody
	// is left or one of them has no Until.
	Present   Instant
	PresentOK bool
}

// Fair gives every reader of a document that was opened at an instant so many
// hours of their own day clock (worktime 7.1).
func Fair(people []Person, opened Instant, hours int) FairClose {
	each := make([]Reading, len(people))
	for i, p := range people {
		each[i] = p.Clock.reading(opened, hours)
	}
	return CloseOf(people, each)
}

// CloseOf is the fair close of readers by what each of them has (worktime 7.1).
func CloseOf(people []Person, each []Reading) FairClose {
	f := FairClose{Each: each, CloseOK: len(people) > 0}
	here, open := false, false // somebody is present; one of them has no Until
	for _, r := range each {
		f.CloseOK = f.CloseOK && r.UntilOK
		f.Close = max(f.Close, r.Until)
		if r.DeliveredOK && r.Away == 0 {
			here, open = true, open || !r.UntilOK
			f.Present = max(f.Present, r.Until)
		}
	}
	f.PresentOK = here && !open
	for i, r := range f.Each {
		if !f.CloseOK && !r.UntilOK || f.CloseOK && r.Until == f.Close {
			f.Binding = append(f.Binding, people[i].ID)
		}
	}
	slices.Sort(f.Binding)
	return f
}

func (c *Clock) reading(opened Instant, hours int) (r Reading) {
	r.Delivered, r.DeliveredOK = c.Next(Normal, opened, NotSealed)
	if !r.DeliveredOK {
		return r
	}
	r.Away = c.AwayDays(opened, r.Delivered)
	r.Until, r.UntilOK = c.dueDay(r.Delivered, int64(hours), nil)
	return r
}

// Show is a decision that would close before all had their time (worktime 7.3).
type Show struct {
	// Theatre says that it would.
	Theatre bool
	// Earliest is the fair close, if there is one.
	Earliest   Instant
	EarliestOK bool
	// Short is who would have less, with the seconds of the day clock that they
	// would have had.
	Short map[string]int64
}

// Theatre judges a decision that was opened at one instant and closes at
// another, with so many hours due to each reader: 24 by worktime 7.3.
func Theatre(people []Person, opened Instant, hours int, closes Instant) Show {
	f := Fair(people, opened, hours)
	s := Show{
		Theatre:  !f.CloseOK || closes < f.Close,
		Earliest: f.Close, EarliestOK: f.CloseOK,
		Short: make(map[string]int64),
	}
	for i, r := range f.Each {
		if r.UntilOK && r.Until <= closes {
			continue
		}
		had := int64(0)
		if r.DeliveredOK {
			had = people[i].Clock.Elapsed(DayClock, r.Delivered, closes, nil)
		}
		s.Short[people[i].ID] = had
	}
	return s
}
