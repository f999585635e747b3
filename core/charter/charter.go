// Package charter is one person's operating model and a team's norms (R3):
// what they contain, what is proposed at first, and what may not be set.
//
// What does not live here: what hours and windows mean in instants
// (core/worktime), and the sentence others see (package words).
package charter

import (
	"time"

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
