package merge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokens is a text cut into pieces: lines, or words and what stands between.
type tokens struct {
	text string
	at   []int // where each piece begins, and the text's length
}

func (t tokens) len() int                    { return len(t.at) - 1 }
func (t tokens) between(from, to int) string { return t.text[t.at[from]:t.at[to]] }
func (t tokens) piece(i int) string          { return t.text[t.at[i]:t.at[i+1]] }

// inLines cuts behind each "\n".
func inLines(s string) tokens {
	t := tokens{text: s, at: make([]int, 1, strings.Count(s, "\n")+2)}
	for i := 0; i < len(s); {
		n := strings.IndexByte(s[i:], '\n') + 1
		if n == 0 {
			n = len(s) - i
		}
		i += n
		t.at = append(t.at, i)
	}
	return t
}

// inWords cuts into words, runs of white space, single line ends and single
// other characters. Characters of scripts that do not part words with spaces
// are words of their own.
func inWords(s string) tokens {
	t := tokens{text: s, at: make([]int, 1, len(s)/3+2)}
	for i := 0; i < len(s); {
		i = wordEnd(s, i)
		t.at = append(t.at, i)
	}
	return t
}

func wordEnd(s string, i int) int {
	first, size := utf8.DecodeRuneInString(s[i:])
	kind := classOf(first)
	i += size
	if kind == alone {
		return i
	}
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if classOf(r) != kind && !(kind == word && unicode.Is(unicode.M, r)) {
			break
		}
		i += size
	}
	return i
}

type class uint8

const (
	alone class = iota
	word
	space
)

func classOf(r rune) class {
	switch {
	case r == '\n':
		return alone
	case r < utf8.RuneSelf:
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_':
			return word
		case r == ' ', r == '\t', r == '\r':
			return space
		}
		return alone
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		return alone
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return word
	case unicode.IsSpace(r):
		return space
	}
	return alone
}

// countWords counts the pieces that carry meaning by themselves: with a letter
// or a digit.
func countWords(s string) int {
	n := 0
	for i := 0; i < len(s); {
		r, _ := utf8.DecodeRuneInString(s[i:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
		i = wordEnd(s, i)
	}
	return n
}
