package front

import (
	"context"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// Following is when those have something who follow what it is written to, and
// are not named in it (R4.1). First and Last are zero where nobody reads it at a
// time that can be told, or too many do.
type Following struct {
	People, Muted int
	First, Last   time.Time
}

// maxFollow is how many the first and the last are worked out for.
const maxFollow = 500

// FollowersOf tells it for a stream that the reader may write to, but for some
// people.
func FollowersOf(ctx context.Context, read *store.Reader, stream string, but []string, now time.Time) (Following, error) {
	var f Following
	paces, err := read.PacesOf(ctx, stream)
	if err != nil {
		return f, err
	}
	var ids []string
	for id := range paces {
		if !slices.Contains(but, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 || len(ids) > maxFollow {
		f.People = len(ids)
		return f, nil
	}
	people, err := read.Names(ctx, ids)
	if err != nil {
		return f, err
	}
	sealed, err := read.Sealed(ctx, ids)
	if err != nil {
		return f, err
	}
	for _, id := range ids {
		at, here := sealed[id]
		if !here {
			continue
		}
		f.People++
		plan := layer.Reach(classOf(paces[id]), people[id].Reader(at), worktime.Of(now))
		switch {
		case paces[id] == store.PaceMuted:
			f.Muted++
		case !plan.OK:
		case f.First.IsZero():
			f.First, f.Last = plan.At.Time(), plan.At.Time()
		case plan.At.Time().Before(f.First):
			f.First = plan.At.Time()
		case plan.At.Time().After(f.Last):
			f.Last = plan.At.Time()
		}
	}
	return f, nil
}

func classOf(p store.Pace) worktime.Class {
	switch p {
	case store.PaceDaily:
		return worktime.Daily
	case store.PaceWeekly:
		return worktime.Weekly
	case store.PaceMuted:
		return worktime.Muted
	case store.PaceWindow:
	}
	return worktime.Normal
}
