package format

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/core/phrase"
)

// Kind is what a document is, as far as its form goes (R5.1).
type Kind string

// The kinds that have a form of their own.
const (
	Update   Kind = "update"
	Decision Kind = "decision"
	Request  Kind = "request"
)

// Rule is what a remark is about.
type Rule string

// The rules (R5.3).
const (
	AskNotOnTop      Rule = "ask_not_on_top"    // neither conclusion nor ask in the first paragraph or section
	AskBuried        Rule = "ask_buried"        // an explicit ask stands only after 150 words
	NoOwner          Rule = "no_owner"          // of decisions and requests
	NoTimeframe      Rule = "no_timeframe"      // of decisions and requests
	OneOption        Rule = "one_option"        // of decisions
	NoRecommendation Rule = "no_recommendation" // of decisions
	WallOfText       Rule = "wall_of_text"      // a paragraph over 150 words, or 400 without heading or list
	UndefinedAcronym Rule = "undefined_acronym" // two to five capitals
	LinkText         Rule = "link_text"         // "here"
)

// Remark is one on a document.
type Remark struct {
	Rule Rule
	Line int    // from 1
	Word string // the acronym, or the text of the link
	N    int    // how many words a wall of text has
}

// The bounds of the rules, in words.
const (
	top       = 150 // within which an ask stands
	tallest   = 150 // paragraph
	longest   = 400 // without a heading or a list
	rambling  = 150 // of a text that says nothing in its lead
	goodStart = 3   // headings of at least so many words can be a conclusion
)

// Checker checks documents. It never changes; a program makes one.
type Checker struct {
	lists    *phrase.Lists[sense]
	headings map[string]sense // by their first words
	labels   map[string]sense
	links    map[string]bool
	known    map[string]bool
	starters map[string]bool
	modals   map[string]bool
	calls    map[string]bool
	decides  map[string]bool
	days     map[string]bool
}

// New makes the lists ready.
func New() *Checker {
	c := &Checker{
		lists: phrase.New(entries()), headings: make(map[string]sense), labels: make(map[string]sense), links: make(map[string]bool),
		known: set(knownAcronyms), starters: set(starters), modals: set(modals), calls: set(calls), decides: set(decisionWords), days: make(map[string]bool),
	}
	each := func(list string, do func(word string)) {
		for word := range strings.SplitSeq(list, "|") {
			do(strings.Join(phrase.Fold(word), " "))
		}
	}
	each(contextHeadings, func(w string) { c.headings[w] = opens })
	each(optionHeadings, func(w string) { c.headings[w] = compares })
	each(askHeadings, func(w string) { c.headings[w] = concludes })
	each(ownerLabels, func(w string) { c.labels[w] = owns })
	each(untilLabels, func(w string) { c.labels[w] = until })
	each(day, func(w string) { c.days[w] = true })
	each(linkTexts, func(w string) { c.links[w] = true })
	return c
}

// said is a document with what its sentences say.
type said struct {
	*prose
	*Checker

	hits []senses // of each sentence
	asks []bool   // explicitly
}

// Check returns the remarks on a document in Markdown, by line. An empty
// document has none.
func (c *Checker) Check(kind Kind, text string) []Remark {
	d := c.said(text)
	if len(d.sentences) == 0 {
		return nil
	}
	var out []Remark
	add := func(r Remark, is bool) {
		if is {
			out = append(out, r)
		}
	}
	line, missing := d.lead(kind)
	add(Remark{Rule: AskNotOnTop, Line: line}, missing)
	line, buried := d.buried()
	add(Remark{Rule: AskBuried, Line: line}, buried)
	if kind == Decision || kind == Request {
		first := d.firstLine()
		add(Remark{Rule: NoOwner, Line: first}, !d.owned())
		add(Remark{Rule: NoTimeframe, Line: first}, !d.timed())
	}
	if kind == Decision {
		line, few := d.fewOptions()
		add(Remark{Rule: OneOption, Line: line}, few)
		add(Remark{Rule: NoRecommendation, Line: d.firstLine()}, !d.recommends())
	}
	out = append(out, d.walls()...)
	out = append(out, d.acronyms()...)
	out = append(out, d.linkTexts()...)
	slices.SortStableFunc(out, func(a, b Remark) int { return a.Line - b.Line })
	return out
}

// KindOf guesses what kind a document is: one that weighs options or was written
// as a record of a decision, one that asks for something, else an update.
func (c *Checker) KindOf(text string) Kind {
	d := c.said(text)
	if d.keys["status"] > 0 || d.keys["deciders"] > 0 || d.keys["decision-makers"] > 0 {
		return Decision
	}
	for _, b := range d.blocks {
		if (b.shape == heading || b.shape == table) && d.headed(b) == compares {
			return Decision
		}
		if words := phrase.Fold(b.lines[0]); b.shape == heading && len(words) > 0 && d.decides[words[0]] {
			return Decision
		}
	}
	var said senses
	for _, has := range d.hits {
		said |= has
	}
	if said.say(compares) && said.say(recommends) {
		return Decision
	}
	if slices.Contains(d.asks, true) {
		return Request
	}
	return Update
}

func (c *Checker) said(text string) *said {
	d := &said{prose: read(text), Checker: c}
	for _, s := range d.sentences {
		var has senses
		for _, h := range c.lists.Find(s.words) {
			has |= h.Class.bit()
		}
		d.hits = append(d.hits, has)
		d.asks = append(d.asks, has.say(asks) && !has.say(courtesy))
	}
	return d
}

// firstLine is where the words of a document begin.
func (d *said) firstLine() int { return d.sentences[0].line }

// headed is what a heading announces, "" for anything else.
func (d *said) headed(b block) sense {
	words := phrase.Fold(b.lines[0])
	for i, w := range words {
		if i > 2 { // "2. Context and problem statement"
			break
		}
		if s := d.headings[w]; s != "" && (s != concludes || len(words) <= 4) {
			return s
		}
	}
	return ""
}

// leads reports whether a sentence is a conclusion or an ask.
func (d *said) leads(i int) bool {
	return d.asks[i] || d.hits[i].say(concludes) || d.hits[i].say(recommends) || d.sentences[i].question && !d.hits[i].say(courtesy)
}

// lead reports whether the first paragraph or section holds neither conclusion
// nor ask although the document has one, or clearly begins elsewhere. A plain
// statement at the top may be the conclusion: it is passed over.
func (d *said) lead(kind Kind) (line int, missing bool) {
	begin, end := d.opening()
	if begin == end {
		return 0, false
	}
	elsewhere := false // it begins with how it came about
	for i, s := range d.sentences {
		b := d.blocks[s.block]
		switch {
		case s.block >= end:
			continue
		case b.shape == heading:
			// A title says what kind of text it is: "Decision: a new tool".
			if d.headed(b) == concludes && s.block > 0 || d.asks[i] || len(s.words) >= goodStart && (d.hits[i].say(recommends) || d.hits[i].say(concludes)) {
				return 0, false
			}
			elsewhere = elsewhere || d.headed(b) == opens
		case s.block >= begin:
			if line == 0 {
				line = s.line
				elsewhere = elsewhere || d.hits[i].say(opens) || s.label && d.headed(block{lines: []string{s.text}}) == opens
			}
			if d.leads(i) {
				return 0, false
			}
		}
	}
	if line == 0 {
		return 0, false
	}
	if elsewhere {
		return line, true
	}
	later := false
	for i, s := range d.sentences {
		if s.block < end {
			continue
		}
		b := d.blocks[s.block]
		later = later || d.asks[i] || b.shape == heading && d.headed(b) == concludes
	}
	return line, later || kind == Request || kind == Decision && d.words > rambling && !d.anything()
}

// anything reports whether a document says anything at all.
func (d *said) anything() bool {
	for i := range d.sentences {
		if d.leads(i) {
			return true
		}
	}
	return false
}

// opening is from which block to which the top of a document goes: its first
// section, or its first paragraph with the list that follows when there are no
// sections. A title and a greeting are not yet it.
func (d *said) opening() (begin, end int) {
	sections := 0
	for i, b := range d.blocks {
		if b.shape == heading && i > 0 {
			sections++
		}
	}
	begin = -1
	for i, b := range d.blocks {
		switch b.shape {
		case heading:
			if begin >= 0 {
				return begin, i
			}
		case paragraph, listed:
			if begin < 0 {
				if !greeting(b) {
					begin = i
				}
				continue
			}
			if sections == 0 && b.shape == paragraph {
				return begin, i
			}
		case quoted, code, table: // not the writer's own words
		}
	}
	if begin < 0 {
		return 0, 0
	}
	return begin, len(d.blocks)
}

// greeting reports whether a paragraph is no more than "Hi all,".
func greeting(b block) bool {
	text := strings.TrimSpace(strings.Join(b.lines, " "))
	return b.shape == paragraph && countWords(text) <= 4 && strings.HasSuffix(strings.TrimRight(text, "*_ "), ",")
}

// buried reports whether an ask stands only after the first 150 words. The title
// is one of those words' places.
func (d *said) buried() (line int, is bool) {
	for i, s := range d.sentences {
		if d.asks[i] && d.blocks[s.block].shape != heading || d.asks[i] && s.before == 0 {
			return s.line, s.before >= top
		}
	}
	return 0, false
}

// owned reports whether somebody is named who has it.
func (d *said) owned() bool {
	for _, key := range []string{"owner", "owners", "driver", "decider", "deciders", "decision-makers", "assignee", "responsible"} {
		if d.keys[key] > 0 {
			return true
		}
	}
	for i, s := range d.sentences {
		if s.mention || d.hits[i].say(owns) || d.labelled(i) == owns || d.asks[i] && d.addressed(s.text) {
			return true
		}
	}
	return d.cell(owns)
}

// timed reports whether it is said until when, or from when.
func (d *said) timed() bool {
	for _, key := range []string{"due", "deadline", "closes", "until", "comment-until", "effective"} {
		if d.keys[key] > 0 {
			return true
		}
	}
	for i := range d.sentences {
		has := d.hits[i]
		if has.say(until) || d.labelled(i) == until || has.say(dated) && d.asks[i] {
			return true
		}
		// "Please comment: Thursday 17:00."
		if has.say(dated) && i > 0 && d.sentences[i-1].label && d.asks[i-1] {
			return true
		}
	}
	return d.cell(until)
}

// labelled is what "Owner:" in front of a text says it is.
func (d *said) labelled(i int) sense {
	s := d.sentences[i]
	if !s.label || len(s.words) == 0 || len(s.words) > 4 || i+1 == len(d.sentences) || d.sentences[i+1].block != s.block {
		return ""
	}
	return d.labels[s.words[0]]
}

// cell reports whether the first cell of a row of a table, or of its head, is a
// label.
func (d *said) cell(want sense) bool {
	for _, b := range d.blocks {
		if b.shape != table {
			continue
		}
		for n, row := range b.lines {
			for i, cell := range strings.Split(strings.Trim(row, "| "), "|") {
				words := phrase.Fold(cell)
				if i > 0 && n > 0 || len(words) == 0 || len(words) > 3 {
					continue
				}
				if d.labels[words[0]] == want {
					return true
				}
			}
		}
	}
	return false
}

// addressed reports whether a text calls somebody by name: "Mia, can you",
// "Can Mia", "I need Mia to".
func (c *Checker) addressed(text string) bool {
	first, rest, _ := strings.Cut(text, " ")
	if name := strings.TrimRight(first, ",:"); len(name) < len(first) && named(name) && !c.starters[strings.ToLower(name)] {
		return true
	}
	second, _, _ := strings.Cut(rest, " ")
	if c.modals[strings.ToLower(first)] && named(second) {
		return true
	}
	before := strings.ToLower(first)
	for word := range strings.FieldsSeq(rest) {
		if c.calls[before] && named(word) && !c.days[strings.Join(phrase.Fold(word), "")] {
			return true
		}
		before = strings.ToLower(word)
	}
	return false
}

// named reports whether a word is written as a name is.
func named(word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(first) && strings.ContainsFunc(word[size:], unicode.IsLower)
}

// recommends reports whether one way is preferred.
func (d *said) recommends() bool {
	for i, s := range d.sentences {
		if d.hits[i].say(recommends) {
			return true
		}
		if b := d.blocks[s.block]; b.shape == heading && s.block > 0 && d.headed(b) == concludes {
			return true
		}
	}
	return false
}

// fewOptions reports whether fewer than two ways are weighed, and where.
func (d *said) fewOptions() (line int, few bool) {
	line = d.firstLine()
	counted, level, section := 0, 0, false
	for _, b := range d.blocks {
		if b.shape == heading {
			switch {
			case section && b.level > level:
				counted++
				continue
			case d.headed(b) == compares && numbered(b):
				counted++ // "Option A" as a heading of its own
				line = b.line
			case d.headed(b) == compares:
				section, level, line = true, b.level, b.line
				continue
			}
			section = false
			continue
		}
		if b.shape == table && d.headed(b) == compares {
			counted += max(0, len(b.lines)-2)
			continue
		}
		if !section {
			continue
		}
		switch b.shape {
		case listed:
			counted++
		case table:
			counted += max(0, len(b.lines)-2) // but for its head
		case paragraph:
			if strings.HasPrefix(b.lines[0], "**") {
				counted++
			}
		case heading, quoted, code:
		}
	}
	return line, counted < 2 && !d.weighs()
}

// numbered reports whether a heading names one of several: "Option B: wait".
func numbered(b block) bool {
	words := phrase.Fold(b.lines[0])
	return len(words) > 1 && (len(words[1]) == 1 || words[1][0] >= '0' && words[1][0] <= '9')
}

// weighs reports whether a sentence speaks of more than one way.
func (d *said) weighs() bool {
	for i, s := range d.sentences {
		if d.blocks[s.block].shape != heading && d.hits[i].say(compares) {
			return true
		}
	}
	return false
}
