package delivery

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/rubato-hq/rubato/store"
)

// TestSpent: what was claimed too long ago to be sent under that claim is left
// to whoever claims it next; claimed again meanwhile it may go.
func TestSpent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h hands
		o := store.Outgoing{ID: "m", Fence: 1}
		if !h.take(o, time.Now()) || h.claim("m").spent() {
			t.Error("a message that was claimed just now may not go")
		}
		time.Sleep(sendLease - sendTimeout)
		if h.claim("m").spent() {
			t.Error("a message may not go although its lease lasts longer than the sending of it")
		}
		time.Sleep(time.Second)
		if !h.claim("m").spent() {
			t.Error("a message may go although its lease can end on the way")
		}
		o.Fence = 2
		if h.take(o, time.Now()) || h.claim("m").spent() || h.claim("m").fence != 2 {
			t.Errorf("a message that was claimed again: %+v", h.claim("m"))
		}
	})
}
