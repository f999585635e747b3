package door

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxFileName bounds a file's name, in bytes: what every system can save.
const maxFileName = 180

// CleanName makes a file's name safe to show and to save: its last part, on one
// line, without what cannot be seen or turns the direction of what is read (a
// name must not look as if it ended otherwise than it does), and without what
// some system takes for a path or a wildcard.
func CleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = norm.NFC.String(strings.ToValidUTF8(name, ""))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == utf8.RuneError:
			return -1
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if len(name) > maxFileName {
		ending := path.Ext(name)
		if len(ending) > 16 {
			ending = ""
		}
		name = strings.TrimRight(strings.ToValidUTF8(name[:maxFileName-len(ending)], ""), " .") + ending
	}
	if name == "" {
		return "file"
	}
	return name
}
