// Package proctest is what tests share that run the program in processes of its
// own: building it, an address for it to listen on, and waiting for what can be
// seen from outside.
//
// What a process is started with, and what is done to it, does not live here:
// each of internal/killtest, internal/faulttest and internal/nodetest has its
// own. It is for tests alone.
package proctest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Build makes the program in a folder, with these flags of "go build" more.
func Build(ctx context.Context, dir string, flags ...string) (exe string, said []byte, err error) {
	exe = filepath.Join(dir, "rubato")
	words := append(append([]string{"build", "-o", exe}, flags...), "github.com/rubato-hq/rubato/cmd/rubato")
	cmd := exec.CommandContext(ctx, "go", words...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	said, err = cmd.CombinedOutput()
	return exe, said, err
}

// Built is Build in a folder of its own, which Main removes.
func Built() (string, error) {
	dir, err := os.MkdirTemp("", "rubato-built-*")
	if err != nil {
		return "", err
	}
	exe, said, err := Build(context.Background(), dir)
	if err != nil {
		return "", fmt.Errorf("build rubato: %w\n%s", err, said)
	}
	return exe, nil
}

// Main runs the tests of a package that share one program, made when the first
// of them asks for it.
func Main(m *testing.M, built func() (string, error)) {
	code := m.Run()
	if exe, err := built(); err == nil {
		_ = os.RemoveAll(filepath.Dir(exe))
	}
	os.Exit(code)
}

// Address is one of this machine's on which nobody listens.
func Address(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Memory is a figure of a process's memory in MiB: VmRSS for what it holds now,
// VmHWM for the most that it ever held (proc(5)).
func Memory(tb testing.TB, pid int, figure string) float64 {
	tb.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		tb.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if after, ok := strings.CutPrefix(line, figure+":"); ok {
			kib, err := strconv.Atoi(strings.Fields(after)[0])
			if err != nil {
				tb.Fatal(err)
			}
			return float64(kib) / 1024
		}
	}
	tb.Fatalf("no %s in the status of the process", figure)
	return 0
}

// Within waits for something to be seen, at most so long, and reports whether it was.
func Within(tb testing.TB, d time.Duration, seen func() bool) bool {
	ctx, cancel := context.WithTimeout(tb.Context(), d)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !seen() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}
