package slackexport

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// A ts is Slack's name for a message: seconds since 1970 with a fraction, as a
// decimal string, unique in its channel. It is compared as one and never goes
// through a float, which would take two messages for one.

// validTS reports whether s is digits, with at most one point among them.
func validTS(s string) bool {
	whole, fraction, _ := strings.Cut(s, ".")
	return whole != "" && len(s) <= 32 && digits(whole) && digits(fraction)
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// CompareTS orders two ts by value: -1, 0 or 1.
func CompareTS(a, b string) int {
	aWhole, aFraction, _ := strings.Cut(a, ".")
	bWhole, bFraction, _ := strings.Cut(b, ".")
	aWhole, bWhole = strings.TrimLeft(aWhole, "0"), strings.TrimLeft(bWhole, "0")
	return cmp.Or(
		cmp.Compare(len(aWhole), len(bWhole)),
		cmp.Compare(aWhole, bWhole),
		cmp.Compare(strings.TrimRight(aFraction, "0"), strings.TrimRight(bFraction, "0")),
	)
}

// instant returns the point in time of a ts, in UTC, to the nanosecond.
func instant(ts string) (time.Time, bool) {
	whole, fraction, _ := strings.Cut(ts, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || !validTS(ts) || seconds > 253_402_300_799 { // the year 9999
		return time.Time{}, false
	}
	nanos, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
	return time.Unix(seconds, nanos).UTC(), true
}
