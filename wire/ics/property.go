package ics

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Property is one content line. Its values are only valid as long as the
// component that it belongs to.
type Property struct {
	Name   string // in capitals
	Line   int    // of the file, where it begins, from 1
	params []byte // ";NAME=VALUE..." as it stands
	value  []byte // as it stands
}

// Raw is the value as it stands.
func (p Property) Raw() string { return valid(p.value) }

// Text is the value as text (RFC 5545, 3.3.11).
func (p Property) Text() string {
	if bytes.IndexByte(p.value, '\\') < 0 {
		return valid(p.value)
	}
	return unescape(valid(p.value))
}

// Param is the value of a parameter without its quotes, "" for none. The circumflex
// escapes of RFC 6868 are taken off.
func (p Property) Param(name string) string {
	rest := p.params
	for len(rest) > 0 {
		rest = rest[1:] // the semicolon
		end := unquoted(rest, ';')
		one := rest[:end]
		rest = rest[end:]
		eq := bytes.IndexByte(one, '=')
		if eq < 0 || !equalFold(one[:eq], name) {
			continue
		}
		return paramText(one[eq+1:])
	}
	return ""
}

func paramText(b []byte) string {
	b = bytes.TrimSpace(b)
	if n := len(b); n >= 2 && b[0] == '"' && b[n-1] == '"' && bytes.IndexByte(b[1:n-1], '"') < 0 {
		b = b[1 : n-1]
	}
	s := valid(b)
	if strings.Contains(s, "^") {
		s = strings.NewReplacer("^n", "\n", "^N", "\n", "^'", `"`, "^^", "^").Replace(s)
	}
	return s
}

// unquoted is where a byte first stands outside of quotes, or the length.
func unquoted(b []byte, c byte) int {
	quoted := false
	for i, x := range b {
		switch {
		case x == '"':
			quoted = !quoted
		case x == c && !quoted:
			return i
		}
	}
	return len(b)
}

func equalFold(b []byte, capitals string) bool {
	if len(b) != len(capitals) {
		return false
	}
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != capitals[i] {
			return false
		}
	}
	return true
}

// valid is bytes as a string of valid UTF-8.
func valid(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

// nameByte is true for what a name is made of (RFC 5545, 3.1), and for the
// underscore and the dot, which some programs write.
func nameByte(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.'
}

// split takes a content line apart: NAME, ";PARAM=VALUE..." and VALUE. ok is
// false for what is none.
func split(line []byte) (name, params, value []byte, ok bool) {
	n := 0
	for n < len(line) && nameByte(line[n]) {
		n++
	}
	if n == 0 || n == len(line) {
		return nil, nil, nil, false
	}
	switch line[n] {
	case ':':
		return line[:n], nil, line[n+1:], true
	case ';':
		colon := valueAt(line[n:])
		if colon < 0 {
			return nil, nil, nil, false
		}
		return line[:n], line[n : n+colon], line[n+colon+1:], true
	}
	return nil, nil, nil, false
}

// valueAt is where the colon before the value stands. Outlook writes names of
// zones with a colon in them and no quotes: after one, a time still follows.
func valueAt(b []byte) int {
	colon := unquoted(b, ':')
	if colon == len(b) { // a quote that does not end
		return bytes.IndexByte(b, ':')
	}
	if !bytes.Contains(b[:colon], []byte("TZID=")) {
		return colon
	}
	if last := bytes.LastIndexByte(b, ':'); last > colon && last+1 < len(b) && digit(b[last+1]) && !digit(b[min(colon+1, len(b)-1)]) {
		return last // tzone://Microsoft/Utc
	}
	for { // (UTC-05:00) Eastern Time
		at := colon + 1
		if at+2 >= len(b) || !digit(b[at]) || !digit(b[at+1]) || b[at+2] != ')' {
			return colon
		}
		next := bytes.IndexByte(b[at:], ':')
		if next < 0 {
			return colon
		}
		colon = at + next
	}
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// unescape is the text of a value.
func unescape(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 || i+1 == len(s) {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		switch c := s[i+1]; c {
		case 'n', 'N':
			b.WriteByte('\n')
		case '\\', ';', ',', ':', '"':
			b.WriteByte(c)
		default: // no escape: it stays as it is
			b.WriteString(s[i : i+2])
		}
		s = s[i+2:]
	}
}
