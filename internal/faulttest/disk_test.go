package faulttest

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var longFlag = flag.Bool("long", false, "the long form of each, with its figures (make faults)")

// share is n in the short form, and long in the long one.
func share(n, long int) int {
	if *longFlag {
		return long
	}
	return n
}

// straced is strace over a running program, until it is let go.
type straced struct {
	p    *program
	cmd  *exec.Cmd
	log  string
	once sync.Once
}

// strace traces the program from now on. It returns when it does.
func (p *program) strace(args ...string) *straced {
	p.t.Helper()
	log := filepath.Join(p.t.ArtifactDir(), "strace")
	cmd := exec.Command("strace", append(append([]string{"-f", "-o", log}, args...), "-p", fmt.Sprint(p.pid()))...)
	said, err := os.Create(log + ".said")
	if err != nil {
		p.t.Fatal(err)
	}
	defer said.Close()
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		p.t.Fatalf("strace makes the disk fail: apt-get install strace: %v", err)
	}
	s := &straced{p: p, cmd: cmd, log: log}
	p.t.Cleanup(s.stop)
	p.until("strace is attached", func() bool {
		b, err := os.ReadFile(said.Name())
		return err == nil && strings.Contains(string(b), "attached")
	})
	return s
}

// stop lets the program go on alone.
func (s *straced) stop() {
	s.once.Do(func() {
		_ = s.cmd.Process.Signal(syscall.SIGINT)
		_ = s.cmd.Wait() // "signal: interrupt"
	})
}

// injected counts the system calls that were made to fail.
func (s *straced) injected() int {
	s.p.t.Helper()
	b, err := os.ReadFile(s.log)
	if err != nil {
		s.p.t.Fatal(err)
	}
	return strings.Count(string(b), "(INJECTED)")
}

// TestSyncFails refuses one sync of a file, or all of every file: from then on
// no write is taken, everybody is told so, reading goes on, and the next start
// finds everything that was acknowledged.
func TestSyncFails(t *testing.T) {
	for _, tt := range []struct {
		name, file, ending string
		args               func(p *program) []string
	}{
		{"one sync of a commit", "-wal", "-wal", func(p *program) []string {
			return []string{"-P", p.database() + "-wal", "-e", "inject=fsync,fdatasync:error=EIO:when=1"}
		}},
		{"one sync of the database", "", "", func(p *program) []string {
			return []string{"-P", p.database(), "-e", "inject=fsync,fdatasync:error=EIO:when=1"}
		}},
		{"every sync", "-wal", "-wal", func(*program) []string { return []string{"-e", "inject=fsync,fdatasync:error=EIO"} }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := begin(t)
			w := p.writers(share(4, 8))
			w.some(share(50, 1000))
			s := p.strace(tt.args(p)...)
			refused := w.refused(http.StatusServiceUnavailable)
			s.stop()
			if s.injected() == 0 {
				t.Fatal("no sync failed")
			}
			acked := w.count()

			who := w.people[0]
			for range 3 { // although the disk is well again
				a := w.send(who, w.next.Add(1)-1)
				refused.alike(t, a)
				if !strings.Contains(a.body, "The server cannot write to its disk.") || !strings.Contains(a.body, "is one of many.") || a.header.Get("Retry-After") == "" {
					t.Errorf("the page says %d %v:\n%s", a.code, a.header, a.body)
				}
			}
			if a := who.ask("Is this taken?", "jonas"); a.code != http.StatusServiceUnavailable || !strings.Contains(a.body, `"code":"read-only"`) || a.header.Get("Retry-After") == "" {
				t.Errorf("the API says %d %v: %s", a.code, a.header, a.body)
			}
			for _, path := range []string{"/brief", "/asks", "/settings"} {
				if a := who.read(path); a.code != http.StatusOK {
					t.Errorf("reading %s: %d", path, a.code)
				}
			}
			p.until("/readyz says so", func() bool {
				a := p.get("/readyz")
				return a.code == http.StatusServiceUnavailable && strings.Contains(a.body, "database")
			})
			if says := "the sync of " + p.database() + tt.ending + " failed"; !strings.Contains(p.said(), says) {
				t.Errorf("the log does not say that %s", says)
			}
			if w.count() != acked {
				t.Error("something was acknowledged after the sync had failed")
			}
			p.stop()
			w.whole()
			p.start()
			w.some(10)
			p.stop()
			w.whole()
			t.Attr("sync", fmt.Sprintf("%s: %d acknowledged before, %d refused, 0 taken after it; started again, sound, lost 0", tt.name, acked, w.codes[http.StatusServiceUnavailable]))
		})
	}
}

// refused lets everybody write until all of them are, with this status.
func (w *writers) refused(code int) answer {
	w.t.Helper()
	var mu sync.Mutex
	var first answer
	deadline := time.Now().Add(patience)
	w.write(func(a answer) bool {
		mu.Lock()
		defer mu.Unlock()
		if a.code == code {
			first = a
			return false
		}
		return time.Now().Before(deadline)
	})
	if first.code != code {
		w.t.Fatalf("nothing was refused with %d; answers %v, %v", code, w.codes, w.errs)
	}
	return first
}

// alike checks that an answer has the status of another.
func (a answer) alike(t *testing.T, b answer) {
	t.Helper()
	if a.code != b.code {
		t.Errorf("answered %d, and %d before: %v\n%s", b.code, a.code, b.err, b.body)
	}
}

// TestWritesFail refuses one write in 170 to the database and its log, of each
// thread; a commit makes about fifty. What is acknowledged is whole, what is
// refused is not there, and nobody is left without a word.
func TestWritesFail(t *testing.T) {
	for _, tt := range []struct {
		errno string
		code  int
		says  string
	}{
		{"EIO", http.StatusInternalServerError, "Nothing was half done"},
		{"ENOSPC", http.StatusInsufficientStorage, "The server’s disk is full."},
	} {
		t.Run(tt.errno, func(t *testing.T) {
			t.Parallel()
			p := begin(t)
			w := p.writers(2)
			s := p.strace("-P", p.database(), "-P", p.database()+"-wal", "-e", "inject=pwrite64:error="+tt.errno+":when=50+170")
			w.some(share(40, 2000))
			for deadline := time.Now().Add(patience); w.codes[tt.code] == 0 && time.Now().Before(deadline); {
				w.some(20)
			}
			s.stop()
			for code := range w.codes {
				if code != http.StatusCreated && code != tt.code {
					t.Errorf("answered %d %d times:\n%s", code, w.codes[code], w.pages[code])
				}
			}
			if len(w.errs) > 0 {
				t.Errorf("without an answer: %v", w.errs)
			}
			if page := w.pages[tt.code]; !strings.Contains(page, tt.says) || !strings.Contains(page, "is one of many.") {
				t.Errorf("the page says:\n%s", page)
			}
			w.some(10)
			p.stop()
			w.whole()
			t.Attr("write", fmt.Sprintf("%s: %d writes failed; %d acknowledged, %d refused with %d; half 0, lost 0", tt.errno, s.injected(), w.count(), w.codes[tt.code], tt.code))
		})
	}
}
