// Package phrase finds phrases in a text: entries of lists, by the class that
// each list stands for, in whatever language they are written.
//
// What does not live here: the lists, and what follows from a phrase (core/audit,
// core/format).
package phrase

import (
	"slices"
	"strings"
)

// pattern is an entry, in the form that New says.
type pattern[C ~string] struct {
	class              C
	entry              string
	whole, first, last bool
	words              []choice
}

type choice struct {
	gap   bool // up to two words
	words map[string]bool
	stems []string // with a free ending
}

func (c choice) takes(word string) bool {
	if c.words[word] {
		return true
	}
	return slices.ContainsFunc(c.stems, func(stem string) bool { return strings.HasPrefix(word, stem) })
}

func parsePattern[C ~string](class C, entry string) pattern[C] {
	p := pattern[C]{class: class, entry: entry}
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
		c := choice{words: make(map[string]bool)}
		for one := range strings.SplitSeq(word, "|") {
			if stem, free := strings.CutSuffix(one, "*"); free {
				c.stems = append(c.stems, strings.Join(Fold(stem), ""))
			} else {
				c.words[strings.Join(Fold(one), "")] = true
			}
		}
		p.words = append(p.words, c)
	}
	return p
}

// at reports how many words of a text the pattern takes from a place on, 0 for
// none.
func (p pattern[C]) at(text []string, from int) int {
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
type Hit[C ~string] struct {
	Class C
	Entry string
	At, N int // which word it begins with, and how many it takes
}

// Lists are entries made ready: by the first word of each, or by its first letter
// where the ending is free. They never change.
type Lists[C ~string] struct {
	words map[string][]pattern[C]
	stems map[byte][]pattern[C]
}

// New makes lists ready, one entry a line; a program does it once.
//
// An entry is words one after the other. A word is a choice ("call|chat"), may
// have a free ending ("retro*"), and "~" stands for up to two words between. An
// entry that begins with "=" is the whole text, one that begins with "^" its
// beginning, one that ends with "$" its end.
func New[C ~string](entries map[C]string) *Lists[C] {
	l := &Lists[C]{words: make(map[string][]pattern[C]), stems: make(map[byte][]pattern[C])}
	for class, text := range entries {
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if line == "" {
				continue
			}
			p := parsePattern(class, line)
			for w := range p.words[0].words {
				l.words[w] = append(l.words[w], p)
			}
			for _, stem := range p.words[0].stems {
				l.stems[stem[0]] = append(l.stems[stem[0]], p)
			}
		}
	}
	return l
}

// Find returns the entries that a text of folded words holds, in its order.
func (l *Lists[C]) Find(text []string) []Hit[C] {
	var out []Hit[C]
	for i, w := range text {
		for _, from := range [][]pattern[C]{l.words[w], l.stems[w[0]]} {
			for _, p := range from {
				if n := p.at(text, i); n > 0 {
					out = append(out, Hit[C]{p.class, p.entry, i, n})
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Hit[C]) int {
		if a.At != b.At {
			return a.At - b.At
		}
		return strings.Compare(string(a.Class)+a.Entry, string(b.Class)+b.Entry)
	})
	return out
}
