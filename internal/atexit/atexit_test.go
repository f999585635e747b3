package atexit_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rubato-hq/rubato/internal/atexit"
)

// TestMain doubles as the process that dies: RUBATO_ATEXIT names the fifo that
// the clean-up writes to.
func TestMain(m *testing.M) {
	if fifo := os.Getenv("RUBATO_ATEXIT"); fifo != "" {
		if err := atexit.Run(nil, `echo "cleaned $2" >"$1"`, fifo, "the room"); err != nil {
			panic(err)
		}
		os.Stdout.WriteString("ready\n")
		select {} // until killed
	}
	os.Exit(m.Run())
}

func TestRunAfterKill(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if out, err := exec.Command("mkfifo", fifo).CombinedOutput(); err != nil {
		t.Fatalf("mkfifo: %v: %s", err, out)
	}
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), "RUBATO_ATEXIT="+fifo)
	stdout, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(stdout, make([]byte, len("ready\n"))); err != nil {
		t.Fatalf("wait for the process: %v", err)
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = victim.Wait() // killed: the error is what we want

	got, err := os.ReadFile(fifo) // blocks until the clean-up has opened it
	if err != nil {
		t.Fatal(err)
	}
	if want := "cleaned the room\n"; string(got) != want {
		t.Errorf("after kill -9 the clean-up wrote %q, want %q", got, want)
	}
}
