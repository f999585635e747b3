package loadtest

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/proctest"
)

// tick is the unit of /proc: Linux tells user space 100 a second everywhere.
const tick = 10 * time.Millisecond

// build makes the program as "make build" does, and stripped.
func build(tb testing.TB) string {
	tb.Helper()
	exe, said, err := proctest.Build(tb.Context(), tb.TempDir(), "-trimpath", "-ldflags", "-s -w")
	if err != nil {
		tb.Fatalf("build rubato: %v\n%s", err, said)
	}
	return exe
}

// server is one running process that answers HTTP.
type server struct {
	tb  testing.TB
	cmd *exec.Cmd
	url string
	log string
}

// start runs the program and returns when its first page was read to its end.
func start(tb testing.TB, exe, data string, args ...string) *server {
	tb.Helper()
	address := proctest.Address(tb)
	args = append([]string{"serve", "--listen", address, "--data", data}, args...)
	if *metricsFlag != "" {
		args = append(args, "--metrics", *metricsFlag)
	}
	return run(tb, exec.Command(exe, args...), address, page)
}

// run starts a process that listens on an address and waits until it answers.
func run(tb testing.TB, cmd *exec.Cmd, address string, answers func(*http.Client, string) error) *server {
	tb.Helper()
	s := &server{tb: tb, cmd: cmd, url: "http://" + address, log: filepath.Join(tb.TempDir(), "log")}
	log, err := os.Create(s.log)
	if err != nil {
		tb.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill() // the benchmark failed before it stopped it
			_ = cmd.Wait()
		}
	})
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Minute)
	defer cancel()
	for {
		err := answers(client, s.url+"/")
		if err == nil {
			return s
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			said, _ := os.ReadFile(s.log)
			tb.Fatalf("no answer: %v\n%.2000s", err, said)
		}
	}
}

// stop ends it as an administrator does, and fails if it does not end well.
func (s *server) stop() {
	s.tb.Helper()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		s.tb.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		said, _ := os.ReadFile(s.log)
		s.tb.Fatalf("stop: %v\n%.2000s", err, said)
	}
}

// cpu is what the process has used, user and system.
func (s *server) cpu() time.Duration { return stat(s.tb, s.cmd.Process.Pid).cpu }

// memory returns the resident memory in MiB.
func (s *server) memory() float64 {
	s.tb.Helper()
	return proctest.Memory(s.tb, s.cmd.Process.Pid, "VmRSS")
}

// used is what /proc tells of one process.
type used struct {
	parent    int
	cpu, dead time.Duration // its own, and that of its children that ended
}

func stat(tb testing.TB, pid int) used {
	tb.Helper()
	u, err := readStat(tb, pid)
	if err != nil {
		tb.Fatal(err)
	}
	return u
}

func readStat(tb testing.TB, pid int) (used, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return used{}, err
	}
	// The name is in brackets and may hold anything.
	f := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	at := func(i int) time.Duration { return time.Duration(number(tb, f[i])) * tick }
	return used{parent: number(tb, f[1]), cpu: at(11) + at(12), dead: at(13) + at(14)}, nil
}

// family is what a process has used with all its children.
func family(tb testing.TB, pid int) time.Duration {
	u := stat(tb, pid)
	sum := u.cpu + u.dead
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		tb.Fatal(err)
	}
	for _, dir := range all {
		child, err := readStat(tb, number(tb, filepath.Base(dir)))
		if err == nil && child.parent == pid { // else it has ended meanwhile
			sum += child.cpu
		}
	}
	return sum
}

// machine is what all processors together were busy with.
func machine(tb testing.TB) time.Duration {
	tb.Helper()
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		tb.Fatal(err)
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	f := strings.Fields(first)
	busy := 0
	for _, i := range []int{1, 2, 3, 6, 7, 8} { // user nice system, and after idle and iowait: irq softirq steal
		busy += number(tb, f[i])
	}
	return time.Duration(busy) * tick
}

// own is what this process has used: the load itself.
func own(tb testing.TB) time.Duration {
	tb.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func number(tb testing.TB, s string) int {
	tb.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}
