package delivery

import (
	"testing"
	"time"
)

// TestFitting: whoever writes waits for a turn's time, not for fifty briefs of
// thousands of lines; short ones are made many at a time again.
func TestFitting(t *testing.T) {
	for _, tt := range []struct {
		name    string
		some, n int
		took    time.Duration
		want    int
	}{
		{"all fit", together, together, turn, together},
		{"they take twice as long", together, together, 2 * turn, together / 2},
		{"few take long", together, 4, 4 * turn, 1},
		{"one takes longer than a turn", 1, 1, time.Minute, 1},
		{"one fits again", 1, 1, time.Millisecond, 2},
		{"few of many say nothing of many", 20, 3, time.Millisecond, 20},
		{"no more than together", 40, 40, time.Millisecond, together},
		{"no time at all", together, together, 0, together},
	} {
		if got := fitting(tt.some, tt.n, tt.took); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}
