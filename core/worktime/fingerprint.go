package worktime

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// Fingerprint is a hash of what some zones do from an instant on for three
// years. When it differs from the one before, the tz data has changed for
// somebody and everybody is planned anew (worktime 2.7). The order of the zones
// does not matter.
func Fingerprint(zones []*Zone, from Instant) string {
	zones = slices.SortedFunc(slices.Values(zones), func(a, b *Zone) int { return cmp.Compare(a.name, b.name) })
	zones = slices.CompactFunc(zones, func(a, b *Zone) bool { return a.name == b.name })
	h := sha256.New()
	for _, z := range zones {
		i := z.index(from)
		fmt.Fprintf(h, "%s %d\n", z.name, z.off[i])
		for i++; z.start[i] < from+3*366*day; i++ {
			fmt.Fprintf(h, "%d %d\n", z.start[i], z.off[i])
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
