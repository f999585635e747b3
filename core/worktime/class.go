package worktime

import "fmt"

// Class is when a thing reaches a person (R4, worktime 5.3).
type Class uint8

// The classes, from the soonest to never.
const (
	Crisis Class = iota + 1 // now, whatever the charter says
	Urgent                  // in hours and outside focus, or at the next window if that is sooner
	Normal                  // at the next window
	Daily                   // at the first window of a working day
	Weekly                  // at the first window of a week
	Muted                   // only when looked for
)

// String is "crisis", "urgent", "normal", "daily", "weekly" or "muted".
func (c Class) String() string {
	if c < Crisis || c > Muted {
		return fmt.Sprintf("class(%d)", uint8(c))
	}
	return [...]string{"crisis", "urgent", "normal", "daily", "weekly", "muted"}[c-Crisis]
}

// ParseClass reads what String prints, and "default", another name of normal.
func ParseClass(s string) (Class, error) {
	if s == "default" {
		return Normal, nil
	}
	for c := Crisis; c <= Muted; c++ {
		if c.String() == s {
			return c, nil
		}
	}
	return 0, fmt.Errorf("%q: not a class", s)
}
