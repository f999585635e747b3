package audit

import (
	"regexp"
	"slices"
	"strings"

	"github.com/rubato-hq/rubato/core/phrase"
)

// Signs are what a message says to whoever counts: its words are not kept
// (A12.1).
type Signs uint8

// The signs of a message.
const (
	Asks    Signs = 1 << iota // it holds a question or a request
	Hurries                   // a word of ASAP, and no window in which to answer
	Nudges                    // "any update?", or nothing but question marks
	Calls                     // it asks for a call
	Alarms                    // an incident, where hurry is no habit
)

// Has reports whether one of these is among them.
func (s Signs) Has(one Signs) bool { return s&one != 0 }

var (
	codeBlock = regexp.MustCompile("(?s)```.*?(```|$)")
	codeSpan  = regexp.MustCompile("`[^`\n]*`")
	emoji     = regexp.MustCompile(`:[a-z0-9_+-]+:`)
	clauseEnd = regexp.MustCompile(`[.,;:!?\n()\[\]…—–]+|\s-\s`)
)

// Signs reads a message, in any of the five languages. What it quotes, code and
// addresses say nothing; a word of which the same clause says that it is not so,
// or only if, does not count (A4.1).
func (w *Words) Signs(text string) Signs {
	text = quoted.ReplaceAllString(text, "")
	text = codeBlock.ReplaceAllString(text, " ")
	text = codeSpan.ReplaceAllString(text, " ")
	text = address.ReplaceAllString(text, " ")
	text = emoji.ReplaceAllString(text, " ")
	bare := strings.TrimSpace(text)
	if bare == "" {
		return 0
	}
	if strings.Trim(bare, "?! ") == "" {
		if strings.Contains(bare, "?") {
			return Nudges
		}
		return 0
	}
	var s Signs
	windowed := false
	if strings.Contains(text, "?") {
		s |= Asks
	}
	words := phrase.Fold(bare)
	for _, clause := range clauseEnd.Split(text, -1) {
		c := phrase.Fold(clause)
		if len(c) == 0 {
			continue
		}
		denied := slices.ContainsFunc(c, func(word string) bool { return slices.Contains(denials, word) })
		for _, h := range w.hits(c) {
			switch h.Class { //nolint:exhaustive // the other classes are of titles
			case Window:
				windowed = true
			case Request:
				s |= Asks
			case ASAP:
				switch {
				case denied && !nudge(h.Entry): // "why did you not reply" denies nothing
				case strings.HasPrefix(h.Entry, "=") && len(words) != len(c): // the whole message, not a clause
				case nudge(h.Entry):
					s |= Nudges
				default:
					s |= Hurries
				}
			case Call:
				if !denied && (!strings.HasPrefix(h.Entry, "=") || len(words) == len(c)) {
					s |= Calls
				}
			case Fast:
				s |= Alarms
			}
		}
	}
	if windowed {
		s &^= Hurries
	}
	if s.Has(Calls) && !s.Has(Asks) && !strings.Contains(text, "!") && len(words) > 12 {
		s &^= Calls // it tells of one
	}
	return s
}

// nudge reports whether an entry of ASAP asks again for what was asked.
func nudge(entry string) bool {
	return slices.Contains([]string{
		"any update|updates", "=ping", "noch nichts gehört", "tu as vu mon message", "vu mon message", "viste mi mensaje", "has visto mi mensaje", "mesajımı gördün mü", "neden cevap",
	}, entry) || strings.HasPrefix(entry, "why ")
}

// denials say of a clause that it is not so, or only if; folded, as fold writes.
var denials = []string{
	"not", "no", "isnt", "dont", "doesnt", "didnt", "wasnt", "wont", "cant", "without", "instead", "nothing", "never", "if", "whether", "unless",
	"nicht", "kein", "keine", "keinen", "keiner", "keinem", "nichts", "statt", "ohne", "wenn", "falls", "ob",
	"pas", "sans", "lieu", "rien", "si",
	"sin", "vez", "nada", "caso",
	"degil", "gerek", "yerine", "yok", "eger",
}
