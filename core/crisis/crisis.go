// Package crisis is the crisis layer in its simplest form (R11.1): who is
// needed, what they said, and when they are called again.
//
// What does not live here: sending (package delivery) and rights (core/access).
package crisis

import (
	"errors"
	"slices"
	"time"
)

// Repeat is how long after a call without an answer the next one comes.
const Repeat = 2 * time.Minute

// Watched is from which crisis of one person within WatchedIn on the admins
// are told at once (R11.3). None is ever refused or delayed.
const (
	Watched   = 7
	WatchedIn = time.Hour
)

// Crisis is one crisis beside its item: the item's point says what happens,
// its body what is at stake.
type Crisis struct {
	Item    string
	Ended   time.Time // zero while it runs
	EndedBy string
	Outcome string
	Needed  []Needed
}

// Needed is one person who is called until they answer.
type Needed struct {
	Person string
	HasIt  time.Time // they said that they have it
	Cannot time.Time // they said that they cannot
	Round  int64     // calls so far
	Next   time.Time // the next call, zero for none
}

// Errors of the verbs.
var (
	ErrNothing   = errors.New("a crisis says what happens")
	ErrNoStake   = errors.New("a crisis says what is at stake")
	ErrNobody    = errors.New("a crisis names who is needed")
	ErrOver      = errors.New("the crisis is over")
	ErrNotNeeded = errors.New("this person is not needed in it")
)

// New checks a crisis and calls everybody needed for the first time at now.
func New(itemID, what, stake string, needed []string, now time.Time) (Crisis, error) {
	needed = slices.Compact(slices.Sorted(slices.Values(needed)))
	switch {
	case what == "":
		return Crisis{}, ErrNothing
	case stake == "":
		return Crisis{}, ErrNoStake
	case len(needed) == 0:
		return Crisis{}, ErrNobody
	}
	c := Crisis{Item: itemID}
	for _, p := range needed {
		c.Needed = append(c.Needed, Needed{Person: p, Round: 1, Next: now.Add(Repeat)})
	}
	return c, nil
}

// Over reports whether it has ended.
func (c Crisis) Over() bool { return !c.Ended.IsZero() }

// One returns the needed person with this id.
func (c *Crisis) One(person string) (*Needed, error) {
	for i := range c.Needed {
		if c.Needed[i].Person == person {
			return &c.Needed[i], nil
		}
	}
	return nil, ErrNotNeeded
}

// Answer records that a needed person has it, or cannot; their calls end.
func (c *Crisis) Answer(person string, has bool, now time.Time) error {
	if c.Over() {
		return ErrOver
	}
	n, err := c.One(person)
	if err != nil {
		return err
	}
	if has {
		n.HasIt, n.Cannot = now, time.Time{}
	} else {
		n.Cannot, n.HasIt = now, time.Time{}
	}
	n.Next = time.Time{}
	return nil
}

// Call adds a person to those needed; somebody needed already is called again.
func (c *Crisis) Call(person string, now time.Time) error {
	if c.Over() {
		return ErrOver
	}
	if n, err := c.One(person); err == nil {
		n.HasIt, n.Cannot = time.Time{}, time.Time{}
		n.Again(now)
		return nil
	}
	c.Needed = append(c.Needed, Needed{Person: person, Round: 1, Next: now.Add(Repeat)})
	return nil
}

// Again is the next call of a person who has not answered: its round counts up.
func (n *Needed) Again(now time.Time) {
	n.Round++
	n.Next = now.Add(Repeat)
}

// End ends it for everybody.
func (c *Crisis) End(by, outcome string, now time.Time) error {
	if c.Over() {
		return ErrOver
	}
	c.Ended, c.EndedBy, c.Outcome = now, by, outcome
	for i := range c.Needed {
		c.Needed[i].Next = time.Time{}
	}
	return nil
}
