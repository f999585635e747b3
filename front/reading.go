package front

import (
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/words"
)

// Reading is what the sentence of a person's charter is made from.
func Reading(p store.Person) words.Reading {
	norms := charter.DefaultNorms()
	r := words.Reading{Place: p.Place, Normal: norms.Normal.String(), Urgent: norms.Urgent.String()}
	for day := range 7 { // 0 is Sunday
		if len(p.Charter.Time.Hours[day]) == 0 {
			continue
		}
		iso := (day+6)%7 + 1
		for _, at := range p.Charter.Time.Windows[day] {
			r.Windows[iso] = append(r.Windows[iso], at.String())
		}
		r.Focus = r.Focus || len(p.Charter.Time.Focus[day]) > 0
	}
	return r
}
