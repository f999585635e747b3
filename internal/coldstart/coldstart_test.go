// Package coldstart measures the program from outside, as an administrator
// meets it: how long until it answers, and how much memory it takes while
// nobody asks anything. It has benchmarks alone; what the server does once it
// runs is not measured here.
package coldstart

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkColdStart goes from nothing running to the first answer over HTTP,
// on SQLite: once on an empty folder (the schema is made), once on one that
// was used before.
func BenchmarkColdStart(b *testing.B) {
	exe := filepath.Join(b.TempDir(), "rubato")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", exe, "github.com/rubato-hq/rubato/cmd/rubato")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build rubato: %v\n%s", err, out)
	}
	b.Run("first", func(b *testing.B) {
		measure(b, exe, func() string { return b.TempDir() })
	})
	b.Run("again", func(b *testing.B) {
		data := b.TempDir()
		start(b, exe, data).stop()
		measure(b, exe, func() string { return data })
	})
}

// measure times starts alone, and reports the memory of one more.
func measure(b *testing.B, exe string, data func() string) {
	for b.Loop() {
		b.StopTimer()
		folder := data()
		b.StartTimer()
		s := start(b, exe, folder)
		b.StopTimer()
		s.stop()
		b.StartTimer()
	}
	b.StopTimer()
	s := start(b, exe, data())
	b.ReportMetric(s.memory(), "idle-MiB")
	s.stop()
}

// server is one running process.
type server struct {
	b   *testing.B
	cmd *exec.Cmd
}

// start runs the server and returns at its first answer.
func start(b *testing.B, exe, data string) server {
	b.Helper()
	address := free(b)
	var said bytes.Buffer
	cmd := exec.CommandContext(b.Context(), exe, "serve", "--listen", address, "--data", data)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	client := http.Client{Timeout: time.Second}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	tooLate := time.After(time.Minute)
	for {
		answer, err := client.Get("http://" + address + "/healthz")
		if err == nil {
			answer.Body.Close()
			return server{b, cmd}
		}
		select {
		case <-tick.C:
		case <-tooLate:
			_ = cmd.Process.Kill() // it has gone already, perhaps
			_ = cmd.Wait()
			b.Fatalf("no answer: %v\n%s", err, said.String())
		}
	}
}

// memory returns the resident memory in MiB (Linux), after a moment in which
// the process is left alone.
func (s server) memory() float64 {
	s.b.Helper()
	<-time.After(300 * time.Millisecond)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		s.b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if kib, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.Fields(kib)[0])
			if err != nil {
				s.b.Fatal(err)
			}
			return float64(n) / 1024
		}
	}
	s.b.Fatal("no VmRSS in the status of the process")
	return 0
}

// stop ends the server as an administrator does, and fails if it does not end well.
func (s server) stop() {
	s.b.Helper()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		s.b.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.b.Fatalf("stop: %v", err)
	}
}

func free(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
