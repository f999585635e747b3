package door

import (
	"strings"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/core/history"
	"github.com/rubato-hq/rubato/markup"
)

// headline divides an entry that becomes a document into its point and the
// rest. The point is the first line, in its writer's own words; where that is
// no line of its own, or a long one, or leads elsewhere, it is the beginning of
// the text, and the text follows whole. An entry of files alone is called by the first.
func headline(e history.Entry) (point, body string) {
	first, rest, _ := strings.Cut(e.Text, "\n")
	first = strings.TrimSpace(first)
	plain := markup.Plain(first)
	short := first != "" && len(first) <= MaxPoint && utf8.RuneCountInString(plain) <= markup.ConclusionRunes
	if short && ownLine(first) && strings.TrimSpace(plain) != "" {
		return first, strings.Trim(rest, "\n")
	}
	point, body = literally(markup.Conclusion(e.Text)), e.Text
	if point == "" && len(e.Files) > 0 {
		point = literally(e.Files[0].Name)
	}
	if point == "" {
		point = "…"
	}
	return point, body
}

// ownLine reports whether a line of Markdown stands by itself: without a link,
// which no headline can be followed by, and not the mark of a list, a quote or
// code that the next line goes on with.
func ownLine(line string) bool {
	if strings.Contains(line, "](") || strings.Contains(line, "<http") || strings.Contains(line, "<mailto") {
		return false
	}
	for _, mark := range []string{"> ", "- ", "```", "|"} {
		if strings.HasPrefix(line, mark) {
			return false
		}
	}
	digits := strings.TrimLeft(line, "0123456789")
	return len(digits) == len(line) || !strings.HasPrefix(digits, ". ") && !strings.HasPrefix(digits, ") ")
}

// literally writes plain text as Markdown that shows it.
func literally(s string) string {
	s = marks.Replace(s)
	if s != "" && strings.ContainsRune("#+-=|:", rune(s[0])) {
		return `\` + s
	}
	if rest := strings.TrimLeft(s, "0123456789"); len(rest) < len(s) && rest != "" && (rest[0] == '.' || rest[0] == ')') {
		return s[:len(s)-len(rest)] + `\` + rest
	}
	return s
}

var marks = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "&", `\&`, "~", `\~`)
