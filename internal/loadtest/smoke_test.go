package loadtest

import (
	"path/filepath"
	"testing"
	"time"
)

// TestWorks holds that everything that is measured answers as it should: a
// few requests each, and no figure is asked for.
func TestWorks(t *testing.T) {
	t.Parallel()
	w := prepare(t, 50)
	s := start(t, build(t), w.data)
	f := floor(t, filepath.Join(t.TempDir(), "floor.db"))
	subjects := []*subject{
		bare(t, f, w, "floor-one", "/one", f.cpu), bare(t, f, w, "floor-group", "/group", f.cpu), byPage(t, s, w, s.cpu), byToken(t, s, w, s.cpu),
		plain(t, f, "floor", "/bytes?n=1000"), plain(t, s, "healthz", "/healthz"),
	}
	for _, name := range []string{"brief", "look", "team", "archive", "item"} {
		subjects = append(subjects, reading(t, s, w, name, w.path(name)))
	}
	for _, one := range subjects {
		if m := one.measure(t, 2, 20*time.Millisecond); m.requests == 0 || m.rate <= 0 {
			t.Errorf("%s: %+v", one.name, m)
		}
	}
	if family(t, s.cmd.Process.Pid) < s.cpu() || s.memory() <= 0 || machine(t) < own(t) {
		t.Error("the times of a process do not add up")
	}
	s.stop()
}
