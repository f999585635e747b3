package door

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ValidHandle reports whether a handle, or a team's slug, is 2 to 32 of the
// letters a-z, digits, dot, underscore and hyphen, with a letter or digit at
// both ends (R2.6).
func ValidHandle(s string) bool {
	if len(s) < 2 || len(s) > 32 {
		return false
	}
	for i, r := range s {
		plain := 'a' <= r && r <= 'z' || '0' <= r && r <= '9'
		inner := r == '.' || r == '_' || r == '-'
		if !plain && (!inner || i == 0 || i == len(s)-1) {
			return false
		}
	}
	return true
}

// ProposeHandle makes a handle from a name: its first word in plain letters.
func ProposeHandle(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	h := plainLetters(first, "")
	for len(h) < 2 {
		h += "x"
	}
	return h[:min(len(h), 32)]
}

// handleOf makes a handle from a name that another tool gave, with room behind
// it for a number; "" if too little of it is left.
func handleOf(name string) string {
	h := plainLetters(strings.Join(strings.Fields(name), "-"), "._-")
	h = strings.Trim(h[:min(len(h), 25)], "._-")
	if !ValidHandle(h) {
		return ""
	}
	return h
}

// plainLetters keeps the letters a-z and digits of a text, without what stands
// on or under them, and the marks that are asked for.
func plainLetters(s, marks string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune(marks, r):
			b.WriteRune(r)
		case r == 'ı': // has no decomposition
			b.WriteRune('i')
		case r == 'ß':
			b.WriteString("ss")
		case r == 'ø':
			b.WriteRune('o')
		case r == 'ł':
			b.WriteRune('l')
		}
	}
	return b.String()
}

// Bounds of names and purposes, in runes.
const (
	maxName    = 100
	maxPurpose = 300
)

// oneLine makes a name of a text from elsewhere: one line, nothing that cannot
// be seen, at most so many runes.
func oneLine(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > most {
		s = strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
	}
	return s
}

// ValidAddress reports whether s is one e-mail address and nothing else: no
// name, no list, no control characters.
func ValidAddress(s string) bool {
	if len(s) > 254 || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r > unicode.MaxASCII }) {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == "" && strings.Count(s, "@") == 1
}

// placeOf is the town of a zone's name, until its person says another.
func placeOf(zone string) string {
	town := zone[strings.LastIndexByte(zone, '/')+1:]
	return strings.ReplaceAll(town, "_", " ")
}
