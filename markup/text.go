package markup

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// resolve reads backslash escapes and character references, in one pass, as
// CommonMark does for text, addresses and titles.
func resolve(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\':
			if i+1 < len(s) && util.IsPunct(s[i+1]) {
				i++
			}
			b.WriteByte(s[i])
		case '&':
			chars, size := character(s[i:])
			if size == 0 {
				b.WriteByte(c)
				continue
			}
			b.WriteString(chars)
			i += size - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// character reads the character reference at the start of s: what it stands for
// and its length, 0 if there is none.
func character(s string) (string, int) {
	const longest = 34 // the longest name, with & and ;
	end := strings.IndexByte(s[:min(len(s), longest)], ';')
	if end < 2 {
		return "", 0
	}
	name := s[1:end]
	if name[0] != '#' {
		entity, ok := util.LookUpHTML5EntityByName(name)
		if !ok {
			return "", 0
		}
		return string(entity.Characters), end + 1
	}
	digits, base := name[1:], 10
	if len(digits) > 0 && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	if strings.HasPrefix(digits, "+") {
		return "", 0
	}
	n, err := strconv.ParseUint(digits, base, 31)
	if err != nil {
		return "", 0
	}
	if n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		n = uint64(utf8.RuneError)
	}
	return string(rune(n)), end + 1
}

// rawLines returns the lines of a code block as they were typed.
func rawLines(n node, src []byte) string {
	var b strings.Builder
	lines := n.Lines()
	for _, s := range lines.Sliced(0, lines.Len()) {
		b.Write(s.Value(src))
	}
	return b.String()
}

// codeText returns the text of a code span; line breaks in it are spaces.
func codeText(n *ast.CodeSpan, src []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(src))
		}
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}

// languageClass returns the class attribute of a code block in the language that
// its first line names, or nothing if that is not a name.
func languageClass(language []byte) string {
	if len(language) == 0 || len(language) > maxLanguage {
		return ""
	}
	for _, c := range language {
		if !handleByte(c) && c != '+' && c != '#' {
			return ""
		}
	}
	return ` class="language-` + string(language) + `"`
}
