package format

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/core/phrase"
)

// sentence is one of a block, or a clause of it that a semicolon or a colon ends.
type sentence struct {
	line     int
	text     string   // as read, without marks
	words    []string // folded, figures as "0"
	question bool
	mention  bool // of somebody, @handle
	label    bool // a colon ends it
	before   int  // words of prose before it in the document
	block    int
}

// prose is what of a document its writer says: neither quotations, code nor tables.
type prose struct {
	page
	sentences []sentence
	words     int
	links     []linked
	counts    []int // words of each block
}

// linked is a link with the line it stands on.
type linked struct {
	text string
	line int
}

func read(text string) *prose {
	p := &prose{page: blocksOf(text)}
	p.counts = make([]int, len(p.blocks))
	for i, b := range p.blocks {
		switch b.shape {
		case code:
		case quoted, table: // links are looked at, words are not
			for n, line := range b.lines {
				bare(line, func(t string) { p.links = append(p.links, linked{t, b.line + n}) })
			}
		case paragraph, heading, listed:
			before := p.words
			p.sentencesOf(i, b)
			p.counts[i] = p.words - before
		}
	}
	return p
}

// sentencesOf cuts a block at the ends of its sentences. An item of a list or a
// heading ends one, a line does not.
func (p *prose) sentencesOf(i int, b block) {
	var now strings.Builder
	line := b.line
	end := func(question, label bool) {
		text := strings.TrimSpace(now.String())
		now.Reset()
		if text == "" {
			return
		}
		words := figures(phrase.Fold(unquoted(text)))
		p.sentences = append(p.sentences, sentence{
			line: line, text: text, words: words, question: question, label: label, mention: mentions(text), before: p.words, block: i,
		})
		p.words += countWords(text)
	}
	for n, raw := range b.lines {
		text := bare(raw, func(t string) { p.links = append(p.links, linked{t, b.line + n}) })
		if now.Len() == 0 {
			line = b.line + n
		} else {
			now.WriteByte(' ')
		}
		from := 0
		for j := range len(text) {
			sign := text[j]
			if strings.IndexByte("?!;.:", sign) < 0 {
				continue
			}
			last := j+1 == len(text) || strings.IndexByte(` ")`, text[j+1]) >= 0
			if (sign == '.' || sign == ':') && !last || sign == '.' && short(text[from:j+1]) {
				continue
			}
			now.WriteString(text[from : j+1])
			end(sign == '?', sign == ':')
			from, line = j+1, b.line+n
		}
		now.WriteString(text[from:])
	}
	end(false, false)
}

// unquoted is a text without what it quotes from others: two words or more
// between marks of quotation.
func unquoted(text string) string {
	for _, marks := range [...][2]string{{"“", "”"}, {"„", "“"}, {"«", "»"}, {`"`, `"`}} {
		for from := 0; ; {
			open := strings.Index(text[from:], marks[0])
			if open < 0 {
				break
			}
			open += from
			inside := open + len(marks[0])
			end := strings.Index(text[inside:], marks[1])
			if end < 0 {
				break
			}
			if end += inside; strings.Contains(strings.TrimSpace(text[inside:end]), " ") {
				text = text[:open] + " … " + text[end+len(marks[1]):]
				from = open
			} else {
				from = end + len(marks[1])
			}
		}
	}
	return text
}

// short reports whether a point belongs to an abbreviation or to a figure, as in
// "3. Juni" and "z. B.".
func short(text string) bool {
	text = strings.TrimSuffix(text, ".")
	word := text[strings.LastIndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '(' })+1:]
	if word == "" {
		return false
	}
	if n := utf8.RuneCountInString(word); n == 1 || n <= 2 && strings.Trim(word, "0123456789") == "" {
		return true
	}
	switch strings.ToLower(word) {
	case "e.g", "i.e", "approx", "vs", "dr", "mr", "mrs", "ms", "nr", "no", "ca", "bzw", "ggf", "inkl", "usw", "z.b", "d.h", "u.a", "evtl", "örn", "yak", "av", "env", "cf", "p.ej", "sr", "sra", "núm", "vb", "bkz", "st":
		return true
	}
	return false
}

// countWords counts what a reader takes for words.
func countWords(text string) int {
	n := 0
	for word := range strings.FieldsSeq(text) {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// figures puts "0" for the digits that a word begins with: "17", "3rd", "48h"
// become "0", "0rd", "0h".
func figures(words []string) []string {
	for i, w := range words {
		if w[0] >= '0' && w[0] <= '9' {
			words[i] = "0" + strings.TrimLeft(w, "0123456789")
		}
	}
	return words
}

func mentions(text string) bool {
	for i := 0; ; {
		at := strings.IndexByte(text[i:], '@')
		if at < 0 {
			return false
		}
		at += i
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+1:])
		if (at == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before)) && unicode.IsLetter(after) {
			return true
		}
		i = at + 1
	}
}
