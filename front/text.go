package front

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/core/access"
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

// Readable refuses an address that holds more than texts: nothing of ours has
// such a path, and nothing of ours asks for such a thing behind it.
func Readable(u *url.URL) error {
	if !textual(u.Path) {
		return access.ErrHidden
	}
	if !strings.Contains(u.RawQuery, "%") && textual(u.RawQuery) {
		return nil
	}
	for name, values := range u.Query() {
		for _, v := range append(values, name) {
			if !textual(v) {
				return ErrUnreadable
			}
		}
	}
	return nil
}

func textual(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
