package testmail

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Process is a mail server in a process of its own, which a test may kill.
type Process struct {
	Addr string // host:port, the same after Restart
	Dir  string // where its messages are
	exe  string
	args []string
	cmd  *exec.Cmd
}

// Spawn starts one that keeps its messages in dir and fails as told. It ends
// with the test, and with the test process however that ends.
func Spawn(t testing.TB, dir string, faults ...Fault) *Process {
	t.Helper()
	p := &Process{Addr: "127.0.0.1:0", Dir: dir, exe: filepath.Join(t.TempDir(), "testmaild")}
	build := exec.Command("go", "build", "-o", p.exe, "github.com/rubato-hq/rubato/internal/testmail/testmaild")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the test mail server: %v\n%s", err, out)
	}
	for _, f := range faults {
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		p.args = append(p.args, "-fault", string(text))
	}
	p.start(t)
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // may be dead already
		_ = p.cmd.Wait()
	})
	return p
}

// Messages returns what it has accepted so far, before and after each kill.
func (p *Process) Messages(t testing.TB) []Message {
	t.Helper()
	m, err := ReadDir(p.Dir)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Kill ends it with SIGKILL and waits until it is gone.
func (p *Process) Kill(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // "signal: killed" is what we asked for
}

// Restart starts a killed one again, on the same address and folder, with the
// faults of Spawn counted anew.
func (p *Process) Restart(t testing.TB) {
	t.Helper()
	p.start(t)
}

func (p *Process) start(t testing.TB) {
	t.Helper()
	p.cmd = exec.Command(p.exe, append([]string{"-listen", p.Addr, "-dir", p.Dir}, p.args...)...)
	p.cmd.Stderr = os.Stderr
	if _, err := p.cmd.StdinPipe(); err != nil { // it ends when this pipe does
		t.Fatal(err)
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(fmt.Errorf("start the test mail server: %w", err))
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the test mail server did not start: %v", err)
	}
	p.Addr = strings.TrimSpace(line)
}
