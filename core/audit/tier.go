package audit

import "github.com/rubato-hq/rubato/core/worktime"

// TierOf is the tier of so many minutes of live time in a week (A6). It is
// worktime.TierOf, which rounds hours half up.
func TierOf(minutes int) worktime.Tier { return worktime.TierOf(int64(minutes) * minute) }

// edges are the minutes at which tiers begin.
var edges = [...]int{210, 390, 750, 1110}

// edge says where a value lies in its tier: "lower" within half an hour of the
// tier below, "upper" of the one above, "" between.
func edge(minutes int) string {
	for _, e := range edges {
		switch {
		case minutes >= e && minutes < e+30:
			return "lower"
		case minutes < e && minutes >= e-30:
			return "upper"
		}
	}
	return ""
}
