// Package charter is one person's operating model and a team's norms (R3):
// what they contain, what is proposed at first, and what may not be set.
//
// What does not live here: what hours and windows mean in instants
// (core/worktime), and the sentence others see (package words).
package charter

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Archetype is a person's kind of knowledge work (R2.1).
type Archetype string

// The five archetypes.
const (
	Maker     Archetype = "maker"
	Manager   Archetype = "manager"
	Operator  Archetype = "operator"
	Decider   Archetype = "decider"
	Connector Archetype = "connector"
)

// Archetypes lists all five in the order of the design.
func Archetypes() []Archetype { return []Archetype{Maker, Manager, Operator, Decider, Connector} }

// Charter is one person's operating model (R3.1).
type Charter struct {
	// Time holds zone, hours, windows, focus, time off, trips and holidays.
	Time worktime.Charter
	// Budget is the reading time in minutes that the person chose for a
	// catch-up; 0 means none was chosen (R12.3: there is no default).
	Budget int
	// Cover is the id of the person who is named while this one is off, or "".
	Cover string
	// Contact is how the person is reached when nothing else does, in their own
	// words: a telephone number. ContactShown puts it on the public page.
	Contact      string
	ContactShown bool
	// Named says what a holiday of Time is called and where it came from.
	Named map[worktime.Date]Holiday
}

// Holiday is what is known about a date without work.
type Holiday struct {
	Name   string
	Source string // the file it was read from, "" for one added by hand
}

// Bounds of what a charter holds.
const (
	MaxHolidays = 2000
	MaxContact  = 200
	maxName     = 200
)

// Fits reports whether what a charter says in words and in number stays within
// bounds.
func (c Charter) Fits() bool {
	if len(c.Time.Holidays) > MaxHolidays || len(c.Named) > MaxHolidays || !line(c.Contact, MaxContact) {
		return false
	}
	for _, h := range c.Named {
		if !line(h.Name, maxName) || !line(h.Source, maxName) {
			return false
		}
	}
	return true
}

// line reports whether s is one line of at most n bytes.
func line(s string, n int) bool {
	return len(s) <= n && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// Proposed is the charter that a newcomer starts from: Monday to Friday nine
// to five with the default windows (R3.1).
func Proposed(zone string) Charter {
	c := Charter{Time: worktime.Charter{Zone: zone, Windows: worktime.DefaultWindows()}}
	day := worktime.Span{From: worktime.ClockTime(9, 0), To: worktime.ClockTime(17, 0)}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Time.Hours[d] = []worktime.Span{day}
	}
	return c
}

// Norms are a team's defaults, or the organisation's (R3.2).
type Norms struct {
	Normal worktime.Term // term of an ordinary ask
	Urgent worktime.Term // term of an urgent one, in working hours
}

// DefaultNorms are those of R3.2.
func DefaultNorms() Norms {
	return Norms{Normal: worktime.Hours(24), Urgent: worktime.WorkHours(4)}
}
