package audit

import (
	"slices"
	"strings"
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

// pattern is an entry of a list: words one after the other. A word is a choice
// ("call|chat"), may have a free ending ("retro*"), and "~" stands for up to two
// words between. An entry that begins with "=" is the whole text, one that begins
// with "^" its beginning, one that ends with "$" its end.
type pattern struct {
	class              Class
	entry              string
	whole, first, last bool
	words              []choice
}

type choice struct {
	gap   bool // up to two words
	words []string
	stems []string // with a free ending
}

func (c choice) takes(word string) bool {
	if slices.Contains(c.words, word) {
		return true
	}
	return slices.ContainsFunc(c.stems, func(stem string) bool { return strings.HasPrefix(word, stem) })
}

func parsePattern(class Class, entry string) pattern {
	p := pattern{class: class, entry: entry}
	text := entry
	if strings.HasPrefix(text, "=") {
		p.whole, text = true, text[1:]
	}
	if strings.HasPrefix(text, "^") {
		p.first, text = true, text[1:]
	}
	if strings.HasSuffix(text, "$") {
		p.last, text = true, text[:len(text)-1]
	}
	for word := range strings.FieldsSeq(text) {
		if word == "~" {
			p.words = append(p.words, choice{gap: true})
			continue
		}
		var c choice
		for one := range strings.SplitSeq(word, "|") {
			if stem, free := strings.CutSuffix(one, "*"); free {
				c.stems = append(c.stems, strings.Join(fold(stem), ""))
			} else {
				c.words = append(c.words, strings.Join(fold(one), ""))
			}
		}
		p.words = append(p.words, c)
	}
	return p
}

// at reports how many words of a text the pattern takes from a place on, 0 for
// none.
func (p pattern) at(text []string, from int) int {
	n := takes(p.words, text[from:])
	if n == 0 || p.first && from > 0 || p.whole && (from > 0 || n != len(text)) || p.last && from+n != len(text) {
		return 0
	}
	return n
}

func takes(want []choice, text []string) int {
	if len(want) == 0 {
		return 0
	}
	if want[0].gap {
		for skip := range 3 {
			if skip > len(text) {
				break
			}
			if n := takes(want[1:], text[skip:]); n > 0 {
				return skip + n
			}
		}
		return 0
	}
	if len(text) == 0 || !want[0].takes(text[0]) {
		return 0
	}
	if len(want) == 1 {
		return 1
	}
	if n := takes(want[1:], text[1:]); n > 0 {
		return 1 + n
	}
	return 0
}

// Hit is an entry of a list that a text holds.
type Hit struct {
	Class Class
	Entry string
	at, n int // which word it begins with, and how many it takes
}

// lists are all entries, by the first word of each, or by its first letter where
// the ending is free.
type lists struct {
	words map[string][]pattern
	stems map[byte][]pattern
}

// Words are the lists of words, made ready. They never change.
type Words struct{ lists }

// NewWords makes the lists ready; a program that makes many audits does it once.
func NewWords() *Words {
	l := lists{words: make(map[string][]pattern), stems: make(map[byte][]pattern)}
	for class, text := range entries {
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if line == "" {
				continue
			}
			p := parsePattern(class, line)
			for _, w := range p.words[0].words {
				l.words[w] = append(l.words[w], p)
			}
			for _, stem := range p.words[0].stems {
				l.stems[stem[0]] = append(l.stems[stem[0]], p)
			}
		}
	}
	return &Words{l}
}

// hits are the entries that a text of folded words holds, in its order.
func (l lists) hits(text []string) []Hit {
	var out []Hit
	for i, w := range text {
		for _, from := range [][]pattern{l.words[w], l.stems[w[0]]} {
			for _, p := range from {
				if n := p.at(text, i); n > 0 {
					out = append(out, Hit{p.class, p.entry, i, n})
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Hit) int {
		if a.at != b.at {
			return a.at - b.at
		}
		return strings.Compare(string(a.Class)+a.Entry, string(b.Class)+b.Entry)
	})
	return slices.DeleteFunc(slices.Clone(out), func(h Hit) bool { // a workshop of ideas is no training
		return slices.ContainsFunc(out, func(o Hit) bool {
			return h.Class != Request && o.Class != h.Class && o.n > h.n && o.at <= h.at && o.at+o.n >= h.at+h.n
		})
	})
}
