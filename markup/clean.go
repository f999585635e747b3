package markup

import (
	"strings"
	"unicode/utf8"
)

// clean makes a text fit to be shown anywhere: valid UTF-8, newlines as "\n",
// no control characters (they drive terminals and are invalid in HTML) and none
// of the invisible marks that reorder what stands around them (U+202A to 202E,
// U+2066 to 2069). NUL becomes U+FFFD as CommonMark says; the rest goes without
// a trace, since it has no shape of its own. Directional marks proper (U+200E,
// 200F, 061C) and joiners stay: right-to-left scripts and emoji need them.
func clean(s string) string {
	if !strings.ContainsFunc(s, unfit) {
		return s // a byte that is not UTF-8 reads as U+FFFD and is unfit as well
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		next := i + size
		switch {
		case r == '\r':
			if next >= len(s) || s[next] != '\n' {
				b.WriteByte('\n')
			}
		case r == '\u2028' || r == '\u2029':
			b.WriteByte('\n')
		case r == '\v' || r == '\f':
			b.WriteByte(' ')
		case r == 0 || r == utf8.RuneError || r == '\uFFFE' || r == '\uFFFF':
			b.WriteRune(utf8.RuneError)
		case unfit(r):
		default:
			b.WriteString(s[i:next])
		}
		i = next
	}
	return b.String()
}

// unfit reports whether clean changes or drops the rune.
func unfit(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20, 0x7F <= r && r < 0xA0: // C0, DEL, C1
		return true
	case 0x202A <= r && r <= 0x202E, 0x2066 <= r && r <= 0x2069: // embeddings, overrides, isolates
		return true
	case r == 0x2028, r == 0x2029, r == 0xFEFF, r == 0xFFFE, r == 0xFFFF, r == utf8.RuneError:
		return true
	}
	return false
}
