package faulttest

import (
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/proctest"
)

// run runs the program with these words to its end, and returns what it said.
func (p *program) run(words ...string) (string, error) {
	p.t.Helper()
	said, err := p.command(words...).CombinedOutput()
	return string(said), err
}

// TestBackupUnderLoad makes backups while people write a hundred things a
// second. Each can be restored, is sound, and holds every writing that was
// acknowledged before it began.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	p := begin(t)
	w := p.writers(8)
	w.some(share(50, 2000))
	var mu sync.Mutex
	var alone, meanwhile []time.Duration
	backing, done := false, make(chan struct{})
	turn := time.NewTicker(10 * time.Millisecond) // for all of them
	defer turn.Stop()
	var all sync.WaitGroup
	for _, who := range w.people {
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				case <-turn.C:
				}
				mu.Lock()
				beside := backing
				mu.Unlock()
				began := time.Now()
				w.send(who, w.next.Add(1)-1)
				took := time.Since(began)
				mu.Lock()
				if beside {
					meanwhile = append(meanwhile, took)
				} else {
					alone = append(alone, took)
				}
				mu.Unlock()
			}
		})
	}
	more := w.count() + share(100, 500)
	w.until("writings without a backup", func() bool { return w.count() > more })
	var longest, restoring time.Duration
	var bytes int64
	for i := range share(2, 10) {
		w.mu.Lock()
		sure := slices.Collect(maps.Keys(w.acked))
		w.mu.Unlock()
		file := filepath.Join(t.TempDir(), "backup.zip")
		mu.Lock()
		backing = true
		mu.Unlock()
		began := time.Now()
		said, err := p.run("backup", "--data", p.data, file)
		longest = max(longest, time.Since(began))
		mu.Lock()
		backing = false
		mu.Unlock()
		if err != nil {
			t.Fatalf("backup %d: %v\n%s", i, err, said)
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		bytes = info.Size()
		elsewhere := t.TempDir()
		began = time.Now()
		if said, err := p.run("restore", "--data", elsewhere, "--url", p.url, file); err != nil {
			t.Fatalf("restore %d: %v\n%s", i, err, said)
		}
		restoring = max(restoring, time.Since(began))
		restored := &writers{program: &program{t: t, data: elsewhere}, acked: make(map[int64]bool)}
		for _, n := range sure {
			restored.acked[n] = true
		}
		restored.whole()
	}
	close(done)
	all.Wait()
	if len(w.errs) > 0 || len(w.codes) != 1 {
		t.Errorf("while backups were made: %v, %v", w.codes, w.errs)
	}
	p.stop()
	w.whole()
	t.Attr("backup", fmt.Sprintf("%d backups under load, the last of %.1f MB: %d ms at most, restored in %d ms at most; %d writings acknowledged; answers p95 %d ms without, %d ms meanwhile (%d of them); lost 0",
		share(2, 10), float64(bytes)/1e6, longest.Milliseconds(), restoring.Milliseconds(), w.count(), within(alone, 95).Milliseconds(), within(meanwhile, 95).Milliseconds(), len(meanwhile)))
}

// within returns how long so many percent of them took at most.
func within(all []time.Duration, percent int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)*percent/100]
}

// TestRestoreSendsNothing restores a backup in which mails are about to leave:
// they are made and stay until they are let go, and then come once.
func TestRestoreSendsNothing(t *testing.T) {
	t.Parallel()
	n := share(6, 50)
	address := func(i int) string { return fmt.Sprintf("p%d@example.org", i) }
	o := newStaff(t, "", n, address, nil)
	file := filepath.Join(t.TempDir(), "backup.zip")
	if said, err := o.run("backup", "--data", o.data, file); err != nil {
		t.Fatalf("backup: %v\n%s", err, said)
	}
	o.data = t.TempDir()
	if said, err := o.run("restore", "--data", o.data, "--url", o.url, file); err != nil {
		t.Fatalf("restore: %v\n%s", err, said)
	}
	o.start()
	db, err := sql.Open("sqlite", o.database())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	held := func() (n int) {
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM outbox WHERE state = 'waiting' AND attempt = 0 AND channel = 'email' AND subject_kind = 'brief'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	o.until("everybody's mail is made", func() bool { return held() >= n })
	if got := len(o.mail.Messages()); got > 0 {
		t.Errorf("%d mails left before they were let go", got)
	}
	if said, err := o.run("delivery", "release", "--data", o.data); err != nil || !strings.Contains(said, fmt.Sprint(n)) {
		t.Errorf("release: %v\n%s", err, said)
	}
	if !proctest.Within(t, patience, func() bool { return len(o.mail.Messages()) >= n }) {
		t.Errorf("%d of %d mails came when they were let go", len(o.mail.Messages()), n)
	}
	for i := range n {
		if got := len(o.mail.To(address(i))); got != 1 {
			t.Errorf("%s has %d mails", address(i), got)
		}
	}
	t.Attr("restore", fmt.Sprintf("%d mails were made and none left; let go, each came once", n))
	o.stop()
}
