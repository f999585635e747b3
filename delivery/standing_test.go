package delivery_test

import (
	"testing"
	"time"

	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/store"
)

// TestWhatBreaksThePromise: each trouble is named by what shows it, the worst
// comes first, and only what keeps a brief from its page or a crisis from its
// people breaks the promise.
func TestWhatBreaksThePromise(t *testing.T) {
	wall := time.Date(2026, 11, 24, 10, 30, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return wall.Add(-d) }
	for _, tt := range []struct {
		name   string
		change func(*delivery.Standing)
		want   []delivery.Trouble
		kept   bool
	}{
		{"nothing", func(*delivery.Standing) {}, nil, true},
		{"the disk", func(s *delivery.Standing) { s.NotReady = []string{"disk"} }, []delivery.Trouble{delivery.TroubleDisk}, false},
		{"the database", func(s *delivery.Standing) { s.NotReady = []string{"database"} }, []delivery.Trouble{delivery.TroubleDisk}, false},
		{"a loop that stopped", func(s *delivery.Standing) { s.Health.Beats[1].At = ago(2 * time.Minute) }, []delivery.Trouble{delivery.TroubleStopped}, false},
		{"a loop that never went round", func(s *delivery.Standing) { s.Health.Beats[1].At = time.Time{} }, []delivery.Trouble{delivery.TroubleStopped}, false},
		{"a loop that has just begun", func(s *delivery.Standing) {
			s.Health.Since = ago(time.Minute)
			s.Health.Beats[1].At = time.Time{}
		}, nil, true},
		{"a crisis", func(s *delivery.Standing) { s.Calls = 1 }, []delivery.Trouble{delivery.TroubleCalls}, false},
		{"somebody late", func(s *delivery.Standing) { s.Late = 1 }, []delivery.Trouble{delivery.TroubleLate}, false},
		{"a violation", func(s *delivery.Standing) { s.Health.Violations = 1 }, []delivery.Trouble{delivery.TroubleRefused}, false},
		{"a late trial", func(s *delivery.Standing) { s.Canary.Arrived = s.Canary.Promised.Add(3 * time.Minute) }, []delivery.Trouble{delivery.TroubleCanary}, false},
		{"a trial on its way that is late", func(s *delivery.Standing) { s.Canary.Waiting = ago(3 * time.Minute) }, []delivery.Trouble{delivery.TroubleCanary}, false},
		{"no trial for long", func(s *delivery.Standing) {
			s.Canary = store.Canary{Arrived: ago(3 * time.Hour), Promised: ago(3 * time.Hour)}
		}, []delivery.Trouble{delivery.TroubleCanary}, false},
		{"no trial yet", func(s *delivery.Standing) { s.Canary, s.Health.Since = store.Canary{}, ago(time.Hour) }, nil, true},
		{"a demo", func(s *delivery.Standing) { s.Trials, s.Canary = false, store.Canary{} }, nil, true},
		{"messages held, and the trial's with them", func(s *delivery.Standing) {
			s.Hold.Since = ago(time.Hour)
			s.Canary.Waiting, s.Canary.Sealed = ago(30*time.Minute), true
		}, []delivery.Trouble{delivery.TroubleHeld}, true},
		{"the relay", func(s *delivery.Standing) { s.MailTrouble = "454" }, []delivery.Trouble{delivery.TroubleMail}, true},
		{"a failed message", func(s *delivery.Standing) { s.Lately = 1 }, []delivery.Trouble{delivery.TroubleFailed}, true},
		{"all at once", func(s *delivery.Standing) {
			s.Lately, s.MailTrouble, s.Late, s.Calls = 1, "454", 2, 1
		}, []delivery.Trouble{delivery.TroubleCalls, delivery.TroubleLate, delivery.TroubleMail, delivery.TroubleFailed}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hour := wall.Truncate(time.Hour)
			s := delivery.Standing{
				Now: wall, Wall: wall, Trials: true, Canary: store.Canary{Arrived: hour, Promised: hour, Waiting: hour.Add(time.Hour)},
				Health: delivery.Health{Since: ago(24 * time.Hour), Beats: []delivery.Beat{{Loop: delivery.LoopBriefs, At: ago(time.Second)}, {Loop: delivery.LoopCrises, At: ago(30 * time.Second)}}},
			}
			tt.change(&s)
			same(t, "Troubles", s.Troubles(), tt.want)
			if s.Kept() != tt.kept {
				t.Errorf("Kept = %v", s.Kept())
			}
		})
	}
}
