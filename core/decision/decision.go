// Package decision is a decision in writing (R6): its states, the ways to decide,
// the positions that people take with their reasons, when it may close, what is
// kept when it does, and the chain of what replaced what.
//
// What does not live here: its text (core/item), who may decide (core/access),
// and when it reaches whom (core/layer).
package decision

import (
	"errors"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// State is where a decision stands.
type State string

// The states of R6.1. A draft is nobody else's yet and has none.
const (
	Open       State = "open"       // for comments and positions
	Proposed   State = "proposed"   // decided elsewhere, and not yet fair to all (R6.6)
	Decided    State = "decided"    // in force, or to be from a date
	Superseded State = "superseded" // by another one
	Withdrawn  State = "withdrawn"  // by its driver, before it was decided
)

// Way is how a decision is made (R6.2).
type Way string

// The ways.
const (
	ByDecider Way = "decider" // decides after comments
	ByConsent Way = "consent" // no reasoned objection by the close
	BySingle  Way = "single"  // a vote for one option
	ByRanked  Way = "ranked"  // options in an order
	ByScore   Way = "score"   // points for each option
)

// Ways are all of them, in the order in which they are offered.
func Ways() []Way { return []Way{ByDecider, ByConsent, BySingle, ByRanked, ByScore} }

// Votes reports whether positions choose among options.
func (w Way) Votes() bool { return w == BySingle || w == ByRanked || w == ByScore }

// MostPoints is the highest that an option gets in a vote by points.
const MostPoints = 5

// Stance is what a position says.
type Stance string

// The stances.
const (
	Agrees   Stance = "agree"
	Reserves Stance = "reservation" // agrees with a reservation
	Objects  Stance = "object"
	NoView   Stance = "none" // an answer too: nobody waits for it
)

// Position is one person's, the newest they took.
type Position struct {
	Person string
	Stance Stance
	Reason string
	// Votes are points by option in a vote by points, the place from 1 in a
	// ranked one, 1 for the one option of a single one. Options left out have none.
	Votes map[string]int
	Taken time.Time
	// Settled is when the driver or a decider answered an objection in writing,
	// zero before. One that was changed afterwards is another objection.
	Settled time.Time
}

// Option is one of those compared.
type Option struct {
	Key  string // "A", "B"
	Text string
}

// Decision is what a decision has beside its text.
type Decision struct {
	Item    string
	State   State
	Driver  string
	Way     Way
	Options []Option
	// Recommended is the key of the option that the driver recommends.
	Recommended string
	Deciders    []string
	// Hours is the comment time of each required reader (R6.3), in the hours of
	// the day clock.
	Hours int
	// Opened is when it was opened for comments, and Closes when it closes.
	Opened time.Time
	Closes time.Time
	// Source is where it was made, of one that was recorded afterwards (R6.6).
	Source    string
	Positions []Position
	Outcome   Outcome
	// Supersedes are the items that it replaces once it is decided.
	Supersedes []string
	// SupersededBy is the item that replaced it.
	SupersededBy string
	// Reviewed is when it was looked at again, with what was found.
	Reviewed time.Time
	Review   Review
}

// Outcome is what was decided.
type Outcome struct {
	Text   string
	Why    string
	Option string // its key, "" for none of them
	By     string
	At     time.Time
	// Early is why it closed before everybody had their time, "" when it did not.
	Early string
	// From is the date from which it is in force, and ReviewOn when it is looked
	// at again; zero for none.
	From     worktime.Date
	ReviewOn worktime.Date
	// Dissent are the positions that did not agree, as they were.
	Dissent []Position
	Hash    string
}

// Review is what a look at a decision found.
type Review string

// The findings (A10).
const (
	Better Review = "better"
	AsMade Review = "as_expected"
	Worse  Review = "worse"
)

// Errors of the verbs. They say which rule refused.
var (
	ErrNoPoint     = errors.New("a decision says on top what is to be decided")
	ErrNoDecider   = errors.New("somebody decides")
	ErrWay         = errors.New("there is no such way to decide")
	ErrOptions     = errors.New("a vote has at least two options")
	ErrOptionKey   = errors.New("there is no such option")
	ErrNotOpen     = errors.New("the decision is not open")
	ErrReason      = errors.New("a reason is wanted")
	ErrStance      = errors.New("there is no such position")
	ErrVotes       = errors.New("the votes are not of the form that this way has")
	ErrOutcome     = errors.New("what was decided, and why, is written down")
	ErrEarly       = errors.New("not every required reader has had their time")
	ErrObjection   = errors.New("an objection stands")
	ErrUnanswered  = errors.New("an objection was not answered")
	ErrItself      = errors.New("a decision does not replace itself")
	ErrUndecided   = errors.New("only a decision that was made can be replaced or reviewed")
	ErrReviewEarly = errors.New("the review lies before the decision is in force")
	ErrNotDriver   = errors.New("only its driver does that")
	ErrNotDecider  = errors.New("only a decider does that")
	ErrFinding     = errors.New("there is no such finding")
)

// New checks a draft and returns the decision, open from now on.
func New(d Decision, point string, now time.Time) (Decision, error) {
	d.Deciders = slices.Compact(slices.Sorted(slices.Values(d.Deciders)))
	d.Supersedes = slices.Compact(slices.Sorted(slices.Values(d.Supersedes)))
	switch {
	case point == "":
		return Decision{}, ErrNoPoint
	case !slices.Contains(Ways(), d.Way):
		return Decision{}, ErrWay
	case d.Way == ByDecider && len(d.Deciders) == 0:
		return Decision{}, ErrNoDecider
	case d.Way.Votes() && len(d.Options) < 2:
		return Decision{}, ErrOptions
	case d.Recommended != "" && !d.has(d.Recommended):
		return Decision{}, ErrOptionKey
	case slices.Contains(d.Supersedes, d.Item):
		return Decision{}, ErrItself
	}
	d.State, d.Opened = Open, now
	if d.Source != "" {
		d.State = Proposed
	}
	return d, nil
}

func (d Decision) has(option string) bool {
	return slices.ContainsFunc(d.Options, func(o Option) bool { return o.Key == option })
}

// InForce reports whether it is, on a date of whoever asks.
func (d Decision) InForce(on worktime.Date) bool {
	return d.State == Decided && on >= d.Outcome.From
}

// Takes reports whether positions are taken and its text is changed.
func (d Decision) Takes() bool { return d.State == Open || d.State == Proposed }

// Take keeps a person's position, instead of the one they had.
func (d *Decision) Take(p Position) error {
	switch {
	case !d.Takes():
		return ErrNotOpen
	case !slices.Contains([]Stance{Agrees, Reserves, Objects, NoView}, p.Stance):
		return ErrStance
	case (p.Stance == Objects || p.Stance == Reserves) && p.Reason == "":
		return ErrReason
	}
	if err := d.fits(p); err != nil {
		return err
	}
	p.Settled = time.Time{}
	d.Positions = slices.DeleteFunc(d.Positions, func(o Position) bool { return o.Person == p.Person })
	d.Positions = append(d.Positions, p)
	slices.SortStableFunc(d.Positions, func(a, b Position) int { return a.Taken.Compare(b.Taken) })
	return nil
}

// fits checks the votes of a position. Without a view there are none.
func (d *Decision) fits(p Position) error {
	if !d.Way.Votes() || p.Stance == NoView {
		if len(p.Votes) > 0 {
			return ErrVotes
		}
		return nil
	}
	places := make(map[int]bool)
	for option, n := range p.Votes {
		switch {
		case !d.has(option):
			return ErrOptionKey
		case d.Way == BySingle && (n != 1 || len(p.Votes) != 1),
			d.Way == ByRanked && (n < 1 || n > len(p.Votes) || places[n]),
			d.Way == ByScore && (n < 0 || n > MostPoints):
			return ErrVotes
		}
		places[n] = true
	}
	if len(p.Votes) == 0 && p.Stance != Objects {
		return ErrVotes
	}
	return nil
}

// Settle keeps that an objection was answered by the driver or a decider.
func (d *Decision) Settle(person string, now time.Time) error {
	if !d.Takes() {
		return ErrNotOpen
	}
	for i := range d.Positions {
		if p := &d.Positions[i]; p.Person == person && p.Stance == Objects {
			p.Settled = now
			return nil
		}
	}
	return ErrStance
}

// Objections are those that keep a decision from closing: every one where all
// have to consent, those without an answer elsewhere.
func (d Decision) Objections() []Position {
	var out []Position
	for _, p := range d.Positions {
		if p.Stance == Objects && (d.Way == ByConsent || p.Settled.IsZero()) {
			out = append(out, p)
		}
	}
	return out
}

// Decide closes a decision. fair is when it may close at the earliest, ok false
// when there is no such time; before it, an early reason is wanted. The dissent
// is kept as it stands.
func (d *Decision) Decide(o Outcome, fair time.Time, ok bool) error {
	objections := d.Objections()
	switch {
	case !d.Takes():
		return ErrNotOpen
	case o.Text == "" || o.Why == "":
		return ErrOutcome
	case o.Option != "" && !d.has(o.Option):
		return ErrOptionKey
	case d.Way == ByDecider && !slices.Contains(d.Deciders, o.By):
		return ErrNotDecider
	case d.Way != ByDecider && o.By != d.Driver && !slices.Contains(d.Deciders, o.By):
		return ErrNotDriver
	case len(objections) > 0 && d.Way == ByConsent:
		return ErrObjection
	case len(objections) > 0:
		return ErrUnanswered
	case (!ok || o.At.Before(fair)) && o.Early == "":
		return ErrEarly
	case o.ReviewOn != 0 && o.ReviewOn < o.From:
		return ErrReviewEarly
	}
	if ok && !o.At.Before(fair) {
		o.Early = ""
	}
	o.Dissent = nil
	for _, p := range d.Positions {
		if p.Stance == Objects || p.Stance == Reserves {
			o.Dissent = append(o.Dissent, p)
		}
	}
	d.Outcome, d.State = o, Decided
	return nil
}

// Withdraw takes back a decision that was not made.
func (d *Decision) Withdraw(by, why string) error {
	switch {
	case !d.Takes():
		return ErrNotOpen
	case by != d.Driver:
		return ErrNotDriver
	case why == "":
		return ErrReason
	}
	d.State, d.Outcome.Why = Withdrawn, why
	return nil
}

// Replace keeps that another decision took this one's place.
func (d *Decision) Replace(by string) error {
	switch {
	case by == d.Item:
		return ErrItself
	case d.State != Decided:
		return ErrUndecided
	}
	d.State, d.SupersededBy = Superseded, by
	return nil
}

// Judge keeps what a look at a decision found.
func (d *Decision) Judge(r Review, now time.Time) error {
	switch {
	case d.State != Decided:
		return ErrUndecided
	case !slices.Contains([]Review{Better, AsMade, Worse}, r):
		return ErrFinding
	}
	d.Review, d.Reviewed = r, now
	return nil
}
