package faulttest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestStopUnderLoad ends the program with SIGTERM while people write: what is in
// hand comes to its end, and whoever comes later is refused by the network alone:
// by no connection, or by the end of one that was idle when the program closed it.
func TestStopUnderLoad(t *testing.T) {
	t.Parallel()
	p := begin(t)
	w := p.writers(share(8, 32))
	w.some(20)
	var all sync.WaitGroup
	all.Go(func() { w.write(func(a answer) bool { return a.err == nil }) })
	w.until("many are writing", func() bool { return w.count() > share(60, 300) })
	took := p.stop()
	all.Wait()
	refused, cut, idle := w.errs[syscall.ECONNREFUSED.Error()], w.errs[atTheDoor], w.errs[io.EOF.Error()]
	if refused+cut+idle != len(w.people) {
		t.Errorf("the network says %v, want each to be refused", w.errs)
	}
	for code := range w.codes {
		if code != http.StatusCreated {
			t.Errorf("answered %d:\n%s", code, w.pages[code])
		}
	}
	if kept := w.whole(); kept != w.count() {
		t.Errorf("%d writings are kept, and %d were answered", kept, w.count())
	}
	t.Attr("stop", fmt.Sprintf("%d clients writing: ended after %d ms; %d acknowledged, %d refused connections, %d cut off while they were made, %d whose idle connection was closed, no other error; lost 0",
		len(w.people), took.Milliseconds(), w.count(), refused, cut, idle))
}

// TestSecondProcess starts the program a second time on the same file: it is
// refused in one line, and the first one notices nothing.
func TestSecondProcess(t *testing.T) {
	t.Parallel()
	p := begin(t)
	w := p.writers(4)
	w.some(10)
	for _, words := range [][]string{
		{"demo", "--listen", "127.0.0.1:0", "--data", p.data},
		{"serve", "--listen", "127.0.0.1:0", "--data", p.data},
	} {
		var said bytes.Buffer
		second := p.command(words...)
		second.Stdout, second.Stderr = &said, &said
		if err := second.Run(); err == nil {
			t.Errorf("a second %s runs", words[0])
		}
		if got := said.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "another Rubato process is using this database") {
			t.Errorf("a second %s says:\n%s", words[0], got)
		}
		w.some(10)
	}
	if len(w.codes) != 1 || len(w.errs) > 0 {
		t.Errorf("the first one answered %v, %v", w.codes, w.errs)
	}
	p.stop()
	w.whole()
}

// crisis raises one and returns when its first message came, after how long.
func (p *person) crisis(t *testing.T) time.Duration {
	t.Helper()
	before := len(p.mail.Messages())
	began := p.raise(t, "jonas")
	p.until("the crisis is at the mail server", func() bool { return len(p.mail.Messages()) > before })
	return time.Since(began)
}

// raise raises a crisis to somebody and returns when that began.
func (p *person) raise(t *testing.T, handle string) time.Time {
	t.Helper()
	began := time.Now()
	form := url.Values{"what": {"The feed is down."}, "stake": {"Riders wait."}, "needed": {"@" + handle}, "sure": {"yes"}, "key": {fmt.Sprint("crisis", began.UnixNano())}}
	a := p.post("/crisis", form)
	if a.code != http.StatusCreated && a.code != http.StatusSeeOther {
		t.Errorf("the crisis is answered with %d %v:\n%s", a.code, a.err, a.body)
	}
	return began
}

// TestFewFiles lets the program open 64 files, and comes with more clients than
// that: they wait or are told when to come again, and a crisis leaves.
func TestFewFiles(t *testing.T) {
	t.Parallel()
	p := begin(t, "sh", "-c", `ulimit -n 64 && exec "$0" "$@"`)
	raiser := p.be("lena")
	w := p.writers(share(60, 200))
	left := w.crisisAmid(t, raiser, share(60, 1000))
	w.some(10)
	p.stop()
	w.whole()
	t.Attr("files", fmt.Sprintf("64 files, %d clients: %d acknowledged, answers %v, %v; a crisis left after %d ms; lost 0", len(w.people), w.count(), w.codes, w.errs, left.Milliseconds()))
}

// crisisAmid raises a crisis while everybody writes, once so many are
// acknowledged, and returns after how long it left. Everybody must have been
// answered, if only with when to come again.
func (w *writers) crisisAmid(t *testing.T, raiser *person, after int) time.Duration {
	t.Helper()
	var all sync.WaitGroup
	end := make(chan struct{})
	all.Go(func() {
		w.write(func(answer) bool {
			select {
			case <-end:
				return false
			default:
				return true
			}
		})
	})
	w.until("many are writing", func() bool { return w.count() > after })
	left := raiser.crisis(t)
	close(end)
	all.Wait()
	for code := range w.codes {
		if code != http.StatusCreated && code != http.StatusServiceUnavailable {
			t.Errorf("answered %d %d times:\n%s", code, w.codes[code], w.pages[code])
		}
	}
	for says, n := range w.errs {
		if says != atRest {
			t.Errorf("without an answer %d times: %s", n, says)
		}
	}
	return left
}

// TestLittleMemory lets the program have 96 MB, as MemoryMax of its unit would,
// and comes with many clients.
func TestLittleMemory(t *testing.T) {
	if !*longFlag {
		return // it needs a control group of its own, which not every machine gives
	}
	const limit = 96 << 20
	root, name := "/sys/fs/cgroup", "memory.max"
	if _, err := os.Stat(root + "/memory"); err == nil { // the first version
		root, name = root+"/memory", "memory.limit_in_bytes"
	}
	group := fmt.Sprintf("%s/rubato-faulttest-%d", root, os.Getpid())
	if err := os.Mkdir(group, 0o700); err != nil {
		t.Fatalf("little memory needs a control group (root): %v", err)
	}
	t.Cleanup(func() { _ = os.Remove(group) })
	if err := os.WriteFile(filepath.Join(group, name), []byte(strconv.Itoa(limit)), 0o600); err != nil {
		t.Fatal(err)
	}
	p := begin(t, "sh", "-c", `echo $$ >"$0/cgroup.procs" && exec "$@"`, group)
	raiser := p.be("lena")
	w := p.writers(100)
	left := w.crisisAmid(t, raiser, 2000)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid()))
	if err != nil {
		t.Fatal(err)
	}
	most := regexp.MustCompile(`VmHWM:\s+(\d+ kB)`).FindSubmatch(status)
	w.some(10)
	p.stop()
	w.whole()
	t.Attr("memory", fmt.Sprintf("96 MB, %d clients: %d acknowledged, answers %v, %v; %s at most; a crisis left after %d ms; lost 0", len(w.people), w.count(), w.codes, w.errs, most[1], left.Milliseconds()))
}

// TestSlowProcessor gives the program a twentieth of a processor while people
// write: it lives, answers, and a crisis leaves.
func TestSlowProcessor(t *testing.T) {
	t.Parallel()
	p := begin(t)
	w := p.writers(8)
	raiser := p.be("lena")
	normal := p.throttle(5)
	left := w.crisisAmid(t, raiser, share(10, 200))
	normal()
	p.stop()
	w.whole()
	t.Attr("processor", fmt.Sprintf("5 %% of a processor, %d clients: %d acknowledged, answers %v, %v; a crisis left after %d ms; lost 0", len(w.people), w.count(), w.codes, w.errs, left.Milliseconds()))
}

// throttle lets the program run for so many of every hundred milliseconds, as a
// quota of its control group would, until it is let go.
func (p *program) throttle(percent int) (normal func()) {
	pid, end := p.pid(), make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		defer func() { _ = syscall.Kill(pid, syscall.SIGCONT) }()
		run, halt := time.Duration(percent)*time.Millisecond, time.Duration(100-percent)*time.Millisecond
		turn := time.NewTimer(run)
		defer turn.Stop()
		for running := true; ; running = !running {
			select {
			case <-end:
				return
			case <-turn.C:
			}
			signal, next := syscall.SIGSTOP, halt
			if !running {
				signal, next = syscall.SIGCONT, run
			}
			if syscall.Kill(pid, signal) != nil {
				return
			}
			turn.Reset(next)
		}
	})
	var once sync.Once
	normal = func() { once.Do(func() { close(end); done.Wait() }) }
	p.t.Cleanup(normal)
	return normal
}
