package front_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
)

// TestDisk holds what a client is told of a disk that takes nothing: the status,
// when to come again, and that an operator reads of it.
func TestDisk(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err    error
		status int
		after  time.Duration
		ours   bool
	}{
		{fmt.Errorf("write: %w", store.ErrNoRoom), http.StatusInsufficientStorage, 10 * time.Second, true},
		{fmt.Errorf("write: %w", store.ErrReadOnly), http.StatusServiceUnavailable, time.Minute, true},
		{errors.New("a write failed"), http.StatusInternalServerError, 0, true},
		{front.ErrEmpty, http.StatusServiceUnavailable, 0, false},
		{store.ErrNotFound, http.StatusNotFound, 0, false},
	} {
		status := front.Status(tt.err)
		if after, ours := front.After(tt.err), front.Ours(status, tt.err); status != tt.status || after != tt.after || ours != tt.ours {
			t.Errorf("%v: %d after %s, ours %v; want %d after %s, ours %v", tt.err, status, after, ours, tt.status, tt.after, tt.ours)
		}
	}
}
