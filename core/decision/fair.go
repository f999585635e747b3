package decision

import (
	"github.com/rubato-hq/rubato/core/worktime"
)

// Reader is a required reader of a decision.
type Reader struct {
	worktime.Person

	// Delivered is when the decision stood in a brief of theirs, 0 while it waits.
	Delivered worktime.Instant
	// Added is when they became one, if that was after it was opened.
	Added worktime.Instant
}

// Change is a new version of options or recommendation: everybody reads it anew
// (worktime 7.2).
type Change struct {
	At        worktime.Instant
	Delivered map[string]worktime.Instant // by reader; those it has reached
}

// ChangeHours is the comment time after a change of options or recommendation
// (worktime 7.2), and the floor that no norm goes under (7.1).
const ChangeHours = 24

// Close is when a decision may close.
type Close struct {
	worktime.FairClose

	// Counts says whose Delivered is what was, not what is expected.
	Counts []bool
}

// FairClose returns when a decision may close that was opened at an instant:
// every reader has so many hours of their own day clock from when it was
// delivered to them, and ChangeHours from each change (worktime 7.1, 7.2). What
// was not delivered yet counts from the window that it is expected in, which is
// after now.
func FairClose(readers []Reader, opened, now worktime.Instant, hours int, changes []Change) Close {
	people, each, counts := make([]worktime.Person, len(readers)), make([]worktime.Reading, len(readers)), make([]bool, len(readers))
	for i, r := range readers {
		people[i] = r.Person
		each[i], counts[i] = r.from(max(opened, r.Added), now, r.Delivered, hours)
		for _, change := range changes {
			again, _ := r.from(max(change.At, r.Added), now, change.Delivered[r.ID], ChangeHours)
			each[i].UntilOK = each[i].UntilOK && again.UntilOK
			each[i].Until = max(each[i].Until, again.Until)
		}
	}
	return Close{FairClose: worktime.CloseOf(people, each), Counts: counts}
}

// from is the reading of what was written at an instant.
func (r Reader) from(written, now, delivered worktime.Instant, hours int) (one worktime.Reading, was bool) {
	one.Delivered, one.DeliveredOK, was = delivered, true, true
	if delivered == 0 {
		was = false
		one.Delivered, one.DeliveredOK = r.Clock.Next(worktime.Normal, max(written, now), worktime.NotSealed)
	}
	if !one.DeliveredOK {
		return one, false
	}
	one.Away = r.Clock.AwayDays(written, one.Delivered)
	due := r.Clock.Due(one.Delivered, worktime.Hours(hours), nil)
	one.Until, one.UntilOK = due.At, due.OK
	return one, was
}
