package markup

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

// A token is a piece of running text: words, a mention, or an item's number.
type token struct {
	kind        tokenKind
	start, stop int    // bytes of the source
	name        string // the handle in lower case, or the reference as written
}

type tokenKind uint8

const (
	words tokenKind = iota
	mention
	reference
)

// Lengths of a handle (product R2.6) and of an item's number, in bytes.
const (
	minHandle, maxHandle = 2, 32
	maxNumber            = 9
)

// itemKinds are the letters of permanent addresses (product R2.6).
const itemKinds = "DAURCH"

// tokens cuts src[start:stop], a run of text without a line break, into its
// tokens. It looks at what stands before and after the run in the source, so
// that a backslash or a letter before it counts.
func tokens(src []byte, start, stop int) iter.Seq[token] {
	return func(yield func(token) bool) {
		from := start
		for i := start; i < stop; i++ {
			var t token
			switch src[i] {
			case '@':
				t = mentionAt(src, i, stop)
			case '-':
				t = referenceAt(src, i, start, stop)
			}
			if t.kind == words {
				continue
			}
			if t.start > from && !yield(token{words, from, t.start, ""}) {
				return
			}
			if !yield(t) {
				return
			}
			from, i = t.stop, t.stop-1
		}
		if from < stop {
			yield(token{words, from, stop, ""})
		}
	}
}

// mentionAt reads the mention whose @ is src[at], or a token of words.
func mentionAt(src []byte, at, stop int) token {
	before, _ := utf8.DecodeLastRune(src[:at])
	if at > 0 && (inWord(before) || strings.ContainsRune(`@.-/\+`, before)) {
		return token{}
	}
	end := at + 1
	for end < stop && handleByte(src[end]) {
		end++
	}
	if end < len(src) && end < stop {
		after, _ := utf8.DecodeRune(src[end:stop])
		if inWord(after) || after == '@' || after == '\\' {
			return token{}
		}
	}
	// The end of a sentence, or of _emphasis_, is not part of the handle.
	for end > at+1 && (src[end-1] == '.' || src[end-1] == '_' && before == '_') {
		end--
	}
	if n := end - at - 1; n < minHandle || n > maxHandle {
		return token{}
	}
	return token{mention, at, end, strings.ToLower(string(src[at+1 : end]))}
}

// referenceAt reads the item number around the hyphen src[at], or words.
func referenceAt(src []byte, at, start, stop int) token {
	if at == start || strings.IndexByte(itemKinds, src[at-1]) < 0 {
		return token{}
	}
	if before, n := utf8.DecodeLastRune(src[:at-1]); n > 0 && (inWord(before) || strings.ContainsRune(`@.-/\#&=`, before)) {
		return token{}
	}
	end := at + 1
	for end < stop && '0' <= src[end] && src[end] <= '9' {
		end++
	}
	if n := end - at - 1; n < 1 || n > maxNumber || src[at+1] == '0' {
		return token{}
	}
	if end < stop {
		after, size := utf8.DecodeRune(src[end:stop])
		next, _ := utf8.DecodeRune(src[min(end+size, stop):stop])
		if inWord(after) || after == '-' || after == '/' || (after == '.' || after == ',') && unicode.IsDigit(next) {
			return token{}
		}
	}
	return token{reference, at - 1, end, string(src[at-1 : end])}
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func handleByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '_' || c == '-'
}

// runEnd returns the last node of the run of text that begins with t, and the
// byte where it ends: the parser may have cut one word into several nodes.
func runEnd(t *ast.Text) (*ast.Text, int) {
	for !t.SoftLineBreak() && !t.HardLineBreak() {
		next, ok := t.NextSibling().(*ast.Text)
		if !ok || next.Segment.Start != t.Segment.Stop || next.Segment.Padding != 0 || next.IsRaw() != t.IsRaw() {
			break
		}
		t = next
	}
	return t, t.Segment.Stop
}

// eachRun calls f with the bounds of every run of text under n in which a
// mention may stand: not in code, links or images.
func eachRun(n node, f func(start, stop int)) {
	if plain, ok := n.(*plainBlock); ok {
		lines := plain.Lines()
		for _, s := range lines.Sliced(0, lines.Len()) {
			f(s.Start, s.Stop)
		}
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch t := c.(type) {
		case *ast.Text:
			last, stop := runEnd(t)
			f(t.Segment.Start, stop)
			c = last
		case *ast.CodeSpan, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.Link, *ast.Image, *ast.AutoLink:
		default:
			eachRun(c, f)
		}
	}
}
