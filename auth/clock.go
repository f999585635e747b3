package auth

import "time"

// clock is the time that sessions and tokens end by. Setting the machine's clock
// back lengthens none: it never shows less than the time at which this process
// began and what really went by since. Setting it ahead, and back to where it
// was, leaves no trace.
type clock struct{ began time.Time }

func (c clock) now() time.Time { return c.at(time.Now(), time.Since(c.began)) }

// at is now for a machine's clock that shows wall, when so much went by.
func (c clock) at(wall time.Time, went time.Duration) time.Time {
	if least := c.began.Round(0).Add(went); least.After(wall.Round(0)) {
		return least
	}
	return wall.Round(0)
}

// ahead reports whether something was written by a clock that was wrong: it
// would last longer than it was meant to.
func ahead(written, now time.Time) bool { return written.After(now.Add(touchEvery)) }
