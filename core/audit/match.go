package audit

import (
	"slices"

	"github.com/rubato-hq/rubato/core/phrase"
)

// Class is a kind of words that a title or a message may hold (A4).
type Class string

// The classes of words.
const (
	Status    Class = "status"
	Call      Class = "call"
	Decide    Class = "decide"
	Brain     Class = "brainstorm"
	ASAP      Class = "asap"
	Trust     Class = "trust"
	Sensitive Class = "sensitive"
	Fast      Class = "fast"
	Client    Class = "client"
	Train     Class = "training"
	Open      Class = "open"
	Hold      Class = "hold"
	Off       Class = "cancelled" // a summary that says so
	Meet      Class = "meeting"   // a title that says no more than that people meet
	Request   Class = "request"   // a message that asks for something
	Window    Class = "window"    // and says until when
)

// Hit is an entry of a list that a text holds.
type Hit = phrase.Hit[Class]

// Words are the lists of words, made ready. They never change.
type Words struct{ lists *phrase.Lists[Class] }

// NewWords makes the lists ready; a program that makes many audits does it once.
func NewWords() *Words { return &Words{phrase.New(entries)} }

// hits are the entries that a text of folded words holds, in its order.
func (w *Words) hits(text []string) []Hit {
	all := w.lists.Find(text)
	return slices.DeleteFunc(slices.Clone(all), func(h Hit) bool { // a workshop of ideas is no training
		return slices.ContainsFunc(all, func(o Hit) bool {
			return h.Class != Request && o.Class != h.Class && o.N > h.N && o.At <= h.At && o.At+o.N >= h.At+h.N
		})
	})
}
