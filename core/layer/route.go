package layer

import (
	"regexp"
	"strings"
)

// Suggestion is what a draft reads like (R4.2, R4.3). It is advice: the writer
// says what it is, except that a crisis asks for a confirmation of its own.
type Suggestion struct {
	// Kind is "ask", "request" or "update", "" for no suggestion.
	Kind string
	// Hint is "quick_call" or "asap", "" for none.
	Hint string
}

var (
	quickCall = regexp.MustCompile(`(?i)\b(quick (call|chat|sync|question)\b|(got|have) a (sec|second|minute|min)\b|(hop|jump) on a call\b|call me\b|kurzer call\b|hast du (kurz|eine minute)|rápida llamada|llamada rápida|appel rapide|t['’]as deux minutes|hızlı bir (görüşme|arama)|bir dakikan var mı)`)
	asap      = regexp.MustCompile(`(?i)(\basap\b|\bas soon as possible\b|\bright away\b|\bimmediately\b|\burgently\b|\bso schnell wie möglich\b|\bsofort\b|\blo antes posible\b|\bdès que possible\b|\bau plus vite\b|\bacilen\b|\ben kısa sürede\b)`)
	question  = regexp.MustCompile(`\?(\s|$|["”»)\]*_!’'])`)
	work      = regexp.MustCompile(`(?i)^\s*(please|could you|can you|bitte|por favor|s['’]il (te|vous) plaît|lütfen)\b`)
)

// Route reads a draft and says what it is like: a question to named people is
// an ask, work named for a team is a request, everything else something to know.
func Route(point, body string, named bool) Suggestion {
	var s Suggestion
	text := point + "\n" + body
	switch {
	case quickCall.MatchString(text):
		s.Hint = "quick_call"
	case asap.MatchString(text):
		s.Hint = "asap"
	}
	switch {
	case strings.TrimSpace(point) == "":
	case question.MatchString(point) && named:
		s.Kind = "ask"
	case work.MatchString(point) || question.MatchString(point):
		s.Kind = "request"
	default:
		s.Kind = "update"
	}
	return s
}
