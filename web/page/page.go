// Package page draws every page: typed structs in, HTML out. A page struct
// holds values (instants, names, codes, counts); the sentences are made here
// from the reader's words. What a struct cannot say cannot be shown, and a
// wrong field does not compile.
//
// What does not live here: handlers, rights and queries (package web), the
// messages (package words), styles and scripts (web/static), and mail.
package page

import (
	"slices"
	"time"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/core/item"
)

// Person is somebody as others see them: a name and where they are.
type Person struct {
	ID     string
	Name   string
	Handle string
	// Place is what they call where they are: "São Paulo". Loc is their zone;
	// nil stands for UTC.
	Place string
	Loc   *time.Location
	// Bot is true for a name of history that wrote by itself.
	Bot bool
}

// First is the name that a short line uses: the first word of the name.
func (p Person) First() string {
	for i, r := range p.Name {
		if r == ' ' {
			return p.Name[:i]
		}
	}
	return p.Name
}

// Team is a team as a line names it. The zero Team is none.
type Team struct {
	ID   string
	Slug string
	Name string
	Open bool
}

// HTML is what package markup made of somebody's Markdown: safe to show as it
// stands. Nothing else may be converted to it.
type HTML string

// Head is an item as a list or the top of its page shows it.
type Head struct {
	ID   string
	Ref  string // "A-12"; "" for comments and answers
	Kind item.Kind
	// Point is the conclusion or the ask, as plain text.
	Point  string
	Author Person
	// Team is the team that holds it, the zero Team for none; Wide is true
	// for what is written to the whole organisation.
	Team Team
	Wide bool
	// Sent is when it was first sent, Edited when its newest version was saved.
	Sent    time.Time
	Edited  time.Time
	Version int64
	// Minutes is the reading time.
	Minutes  int
	Imported bool
}

// long is true for a point that is a paragraph: it is read as one, not as a headline.
func (h Head) long() bool { return utf8.RuneCountInString(h.Point) > 90 }

// Span is a stretch of time, From included, To not.
type Span struct{ From, To time.Time }

// Rhythm is somebody's working time inside a chart: what is drawn on a staff.
type Rhythm struct {
	Work    []Span
	Focus   []Span
	Windows []time.Time
}

// Why explains an instant of delivery. Code, State and Away are those of
// core/layer: "window", "after-focus" and so on; "off", "on", "focus"; the days
// that the person is away.
type Why struct {
	Code  string
	State string
	Away  int
}

// Reach is when one thing reaches one person, and why then.
type Reach struct {
	Person Person
	// At is when it stands in their brief; zero: no window within the horizon.
	At time.Time
	// Due is when an answer is due, zero for none. Tight says that fewer than
	// two working hours lie between the two.
	Due   time.Time
	Tight bool
	Why   Why
	// Cover is who is named while they are away, the zero Person for nobody.
	Cover Person
	// Urgent is when an urgent ask would reach them, zero where not asked for.
	Urgent time.Time
	Rhythm Rhythm
}

// TeamReach is how a team gets a thing that is written to it.
type TeamReach struct {
	Team Team
	// People is how many others belong to it and get it; Muted how many of
	// them look only by themselves.
	People int
	Muted  int
	// First and Last are when the first and the last of them have it.
	First, Last time.Time
}

// names lists the names of people in their order.
func names(people []Person) []string {
	out := make([]string, len(people))
	for i, p := range people {
		out[i] = p.Name
	}
	return out
}

// firsts lists their first names.
func firsts(people []Person) []string {
	out := make([]string, len(people))
	for i, p := range people {
		out[i] = p.First()
	}
	return out
}

// sortedReach puts the people whom something reaches first at the top; those
// whom it does not reach stand last.
func sortedReach(rs []Reach) []Reach {
	out := slices.Clone(rs)
	slices.SortStableFunc(out, func(a, b Reach) int {
		switch {
		case a.At.IsZero() == b.At.IsZero():
			return a.At.Compare(b.At)
		case a.At.IsZero():
			return 1
		}
		return -1
	})
	return out
}
