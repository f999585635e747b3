package slackexport

import (
	"path"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// cleanName returns an entry's name in one spelling: slashes, composed letters,
// no "." in between. A name that would leave the folder it is unpacked to, if
// anybody did that, is a reason to refuse the archive.
func cleanName(name string) (string, Reason) {
	if name == "" || strings.ContainsFunc(name, unicode.IsControl) {
		return "", BadName
	}
	name = strings.ReplaceAll(name, `\`, "/") // some packers on Windows write it
	if name[0] == '/' || len(name) > 1 && name[1] == ':' {
		return "", AbsoluteName
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return "", ClimbingName
		}
	}
	return norm.NFC.String(path.Clean(name)), ""
}

// dayOf returns the day of a file named like 2025-01-10.json as the number
// 20250110, or 0.
func dayOf(base string) int32 {
	date, ok := strings.CutSuffix(base, ".json")
	if !ok || len(date) != len("2025-01-10") || date[4] != '-' || date[7] != '-' {
		return 0
	}
	var day int32
	for i := range len(date) {
		switch c := date[i]; {
		case i == 4 || i == 7:
		case c < '0' || c > '9':
			return 0
		default:
			day = day*10 + int32(c-'0')
		}
	}
	return day
}

// dayName is the inverse of dayOf, without ".json".
func dayName(day int32) string {
	b := []byte("0000-00-00")
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] != '-' {
			b[i] = byte('0' + day%10)
			day /= 10
		}
	}
	return string(b)
}
