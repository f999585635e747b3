// Package coldstart measures the program from outside, as an administrator
// meets it: how long until it answers, and how much memory it takes while
// nobody asks anything. It has benchmarks alone; what the server does once it
// runs is not measured here.
package coldstart

import (
	"bytes"
	"fmt"
	"io"
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

// BenchmarkColdStart goes from nothing running to the first page, whole and
// as a person gets it, on SQLite: once on an empty folder (the schema is
// made), once on one that was used before. It reports the memory of a server
// that nobody asks anything, and the size of the binary that was measured.
func BenchmarkColdStart(b *testing.B) {
	exe := filepath.Join(b.TempDir(), "rubato")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", exe, "github.com/rubato-hq/rubato/cmd/rubato")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build rubato: %v\n%s", err, out)
	}
	binary, err := os.Stat(exe)
	if err != nil {
		b.Fatal(err)
	}
	size := float64(binary.Size()) / 1e6
	b.Run("first", func(b *testing.B) {
		measure(b, exe, size, func() string { return b.TempDir() })
	})
	b.Run("again", func(b *testing.B) {
		data := b.TempDir()
		start(b, exe, data).stop()
		measure(b, exe, size, func() string { return data })
	})
}

// measure times starts alone, and reports the memory of one more.
func measure(b *testing.B, exe string, size float64, data func() string) {
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
	b.ReportMetric(size, "binary-MB")
	s.stop()
}

// server is one running process.
type server struct {
	b   *testing.B
	cmd *exec.Cmd
}

// start runs the server and returns when the first page was read to its end.
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
	tooLate := time.After(10 * time.Second)
	for {
		err := page(&client, "http://"+address+"/")
		if err == nil {
			return server{b, cmd}
		}
		select {
		case <-tick.C:
		case <-tooLate:
			_ = cmd.Process.Kill() // it has gone already, perhaps
			_ = cmd.Wait()
			b.Fatalf("no page: %v\n%.2000s", err, said.String())
		}
	}
}

// page reads the page that somebody gets who types the address and is not
// signed in. On an empty server that is where to find the link to set it up.
func page(client *http.Client, address string) error {
	answer, err := client.Get(address)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	ready := answer.StatusCode == http.StatusOK || answer.StatusCode == http.StatusServiceUnavailable
	if !ready || !bytes.Contains(body, []byte("</html>")) {
		return fmt.Errorf("no page but %s: %.200s", answer.Status, body)
	}
	return nil
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
