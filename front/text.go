package front

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// Text is what somebody sent, as every database takes it: what is no UTF-8, and
// the character 0, are shown as U+FFFD.
func Text(s string) string {
	if textual(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// Texts makes texts of the fields of a form. A field whose name is no text is
// none of ours.
func Texts(form url.Values) {
	for name, values := range form {
		if !textual(name) {
			delete(form, name)
			continue
		}
		for i := range values {
			values[i] = Text(values[i])
		}
	}
}

// Readable reports whether an address holds texts alone, in its path and in
// what follows it: nothing of ours is found by anything else.
func Readable(u *url.URL) bool {
	if !textual(u.Path) {
		return false
	}
	if !strings.Contains(u.RawQuery, "%") && textual(u.RawQuery) {
		return true
	}
	for name, values := range u.Query() {
		for _, v := range append(values, name) {
			if !textual(v) {
				return false
			}
		}
	}
	return true
}

func textual(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
