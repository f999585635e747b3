package nodetest

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/proctest"
)

// patience bounds every wait for something observable.
const patience = 10 * time.Minute

// built is the program, made once for all tests of a run.
var built = sync.OnceValues(proctest.Built)

func TestMain(m *testing.M) { proctest.Main(m, built) }

// node is one process of "rubato serve".
type node struct {
	t    *testing.T
	exe  string
	args []string
	url  string
	log  string
	cmd  *exec.Cmd
}

// begin starts a node of a world; name tells its log from the others'.
func (w *world) begin(name, database string) *node {
	w.t.Helper()
	exe, err := built()
	if err != nil {
		w.t.Fatal(err)
	}
	address := proctest.Address(w.t)
	n := &node{t: w.t, exe: exe, url: "http://" + address, log: filepath.Join(w.t.ArtifactDir(), name+".log")}
	n.args = []string{"serve", "--listen", address, "--data", w.data, "--database", database, "--smtp", "smtp://" + w.mail.Addr()}
	w.t.Cleanup(func() {
		if n.cmd != nil && n.cmd.ProcessState == nil {
			_ = n.cmd.Process.Signal(syscall.SIGCONT)
			_ = n.cmd.Process.Kill()
			_ = n.cmd.Wait()
		}
		if w.t.Failed() {
			said, _ := os.ReadFile(n.log)
			w.t.Logf("the log of %s ends:\n%s", name, said[max(0, len(said)-3000):])
		}
	})
	n.start()
	return n
}

// start runs the node until it can do its work.
func (n *node) start() {
	n.t.Helper()
	log, err := os.OpenFile(n.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		n.t.Fatal(err)
	}
	defer log.Close()
	n.cmd = exec.Command(n.exe, n.args...)
	n.cmd.Stdout, n.cmd.Stderr = log, log
	if err := n.cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
	until(n.t, "the node answers", func() bool { return n.get("/healthz") == http.StatusOK })
}

// stop ends it as an administrator does.
func (n *node) stop() {
	n.t.Helper()
	n.signal(syscall.SIGTERM)
	if err := n.cmd.Wait(); err != nil {
		n.t.Errorf("stop: %v", err)
	}
}

func (n *node) signal(s syscall.Signal) {
	n.t.Helper()
	if err := n.cmd.Process.Signal(s); err != nil {
		n.t.Fatal(err)
	}
}

var stranger = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// get is the status of a page without a session, 0 for no answer.
func (n *node) get(path string) int {
	answer, err := stranger.Get(n.url + path)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode
}

// said is the node's log so far.
func (n *node) said() string {
	n.t.Helper()
	b, err := os.ReadFile(n.log)
	if err != nil {
		n.t.Fatal(err)
	}
	return string(b)
}

// until waits for something to be seen.
func until(t *testing.T, what string, seen func() bool) {
	t.Helper()
	if !proctest.Within(t, patience, seen) {
		t.Fatalf("waited %s for nothing: %s", patience, what)
	}
}

// pass lets time go by that nothing tells the end of.
func pass(t *testing.T, d time.Duration) { proctest.Within(t, d, func() bool { return false }) }
