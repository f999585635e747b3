package page

import (
	"time"

	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/words"
)

// People lists those whom the reader may see.
type People struct {
	Frame Frame
	// Query is what was looked for, "" for all; After is whom the rows follow.
	Query, After string
	Rows         []PersonRow
	// Found are all that were found, Before those before the rows; More is whom
	// the next rows follow, "" for the end.
	Found, Before int
	More          string
}

// from is the same list further on.
func (p People) from(after string) string {
	return PathPeople + Finding{Words: p.Query, After: after}.Query() + "#p-list"
}

// PersonRow is one of them: never what they do right now.
type PersonRow struct {
	Person Person
	// Next is their next window, zero for none in sight or not joined.
	Next time.Time
	// Joined is false for a name that an import brought.
	Joined bool
}

// PersonPage is somebody as others see them: the sentence of their charter and
// their hours in the reader's time, nothing else.
type PersonPage struct {
	Frame   Frame
	Person  Person
	Zone    string
	Reading words.Reading
	// Week is drawn in the reader's time.
	Week Week
	Next time.Time
	// Back is when they are back, zero for somebody who is not away.
	Back   time.Time
	Joined bool
	Left   bool
	// Cover is who is named while they are away, the zero Person for nobody.
	Cover Person
	Me    bool
}

// Between lists what was written to named people alone, the reader among them.
type Between struct {
	Frame Frame
	// With narrows it to what is between the reader and this person, the zero
	// Person for nobody.
	With  Person
	Items []BetweenLine
	// Older is the address of what was written before, "" for the end.
	Older string
}

// BetweenLine is one of them, with those it is addressed to.
type BetweenLine struct {
	Head Head
	To   []Person
}

// namesOrYou are the names of people, the reader's own as "you".
func (f Frame) namesOrYou(people []Person) []string {
	out := names(people)
	for i, p := range people {
		if f.is(p) {
			out[i] = f.W.T("between.to_you")
		}
	}
	return out
}

// title is whom it is between.
func (p Between) title() string {
	if p.With.ID != "" {
		return p.Frame.W.T("between.with", "name", p.With.Name)
	}
	return p.Frame.W.T("between.title")
}

// Teams lists the teams that the reader may see.
type Teams struct {
	Frame Frame
	Rows  []TeamRow
	// MayAdd shows the form for a new team; the rest is what was typed.
	MayAdd              bool
	Name, Slug, Purpose string
	Private             bool
	Problems            Problems
}

// TeamRow is one team.
type TeamRow struct {
	Team    Team
	Purpose string
	Members int
	Mine    bool
	Pace    string
}

// TeamPage is one team: who belongs to it, what it wrote, how one follows it.
type TeamPage struct {
	Frame   Frame
	Team    Team
	Purpose string
	Members []Member
	Items   []Head
	// Older is the address of what was written before, "" for the end.
	Older string
	// Mine is true for a member; Pace is how the reader follows it.
	Mine                         bool
	Pace                         string
	CanJoin, CanLeave, CanManage bool
	CanWrite                     bool
	People                       []Person
	Typed                        string
	Problems                     Problems
}

// Member is somebody who belongs to a team.
type Member struct {
	Person Person
	Lead   bool
}

// itemLabel says what kind of thing a line of a list is.
func itemLabel(f Frame, k item.Kind) string { return f.W.Of("kind", string(k)) }

func (p TeamPage) path(act ...string) string {
	return Sub(PathTeams, append([]string{p.Team.Slug}, act...)...)
}
