package audit

import "github.com/rubato-hq/rubato/core/worktime"

// TierOf is the tier of so many minutes of live time in a week (A6). It is
// worktime.TierOf, which rounds hours half up.
func TierOf(minutes int) worktime.Tier { return worktime.TierOf(int64(minutes) * minute) }

// edge says where a value lies in its tier: "lower" within half an hour of the
// tier below, "upper" of the one above, "" between.
func edge(minutes int) string {
	switch t := TierOf(minutes); {
	case TierOf(minutes-30) != t:
		return "lower"
	case TierOf(minutes+30) != t:
		return "upper"
	}
	return ""
}
