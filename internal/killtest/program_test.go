package killtest

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/proctest"
	"github.com/rubato-hq/rubato/internal/testmail"
)

// patience bounds every wait for something observable.
const patience = 5 * time.Minute

// build makes the program, with the points at which it can be held or without.
func build(t *testing.T, tags string) string {
	t.Helper()
	exe, said, err := proctest.Build(t.Context(), t.TempDir(), "-tags", tags)
	if err != nil {
		t.Fatalf("build rubato: %v\n%s", err, said)
	}
	return exe
}

// program is a demo that is killed and started again, on one address.
type program struct {
	t      *testing.T
	exe    string
	args   []string
	url    string
	faults string // folder of the points that are armed
	log    string
	mail   *testmail.Server
	// database is what the counting reads.
	database string
	cmd      *exec.Cmd
	kills    map[point]int
	starts   []time.Duration // of each start after a kill, to the first page
}

// begin starts a demo whose mail goes to a server outside of it.
func begin(t *testing.T, exe, database string) *program {
	t.Helper()
	address := proctest.Address(t)
	p := &program{t: t, exe: exe, url: "http://" + address, faults: t.TempDir(), mail: testmail.Start(t), kills: make(map[point]int)}
	p.log = filepath.Join(t.ArtifactDir(), "rubato.log")
	p.args = []string{"demo", "--listen", address, "--data", t.TempDir(), "--smtp", "smtp://" + p.mail.Addr()}
	if p.database = database; database != "" {
		p.args = append(p.args, "--database", database)
	} else {
		p.database = filepath.Join(p.args[4], "rubato.db")
	}
	p.start()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it may have ended already
		_ = p.cmd.Wait()
		if t.Failed() {
			said, _ := os.ReadFile(p.log)
			t.Logf("the program's log ends:\n%s", said[max(0, len(said)-4000):])
		}
	})
	return p
}

// start runs the program and returns at its first page.
func (p *program) start() {
	p.t.Helper()
	began := time.Now()
	p.launch()
	p.until("the program answers", func() bool {
		answer, err := http.Get(p.url + "/")
		if err != nil {
			return false
		}
		answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
	if len(p.kills) > 0 {
		p.starts = append(p.starts, time.Since(began))
	}
}

// launch runs the program and does not wait for it.
func (p *program) launch() {
	p.t.Helper()
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(p.exe, p.args...)
	cmd.Env = append(os.Environ(), "RUBATO_FAULTS="+p.faults)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.cmd = cmd
}

// kill ends it with SIGKILL and starts it again.
func (p *program) kill(at point) {
	p.t.Helper()
	p.end(at)
	p.start()
}

// end ends it with SIGKILL.
func (p *program) end(at point) {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatalf("it ended by itself: %v", err)
	}
	_ = p.cmd.Wait() // "signal: killed" is what we asked for
	p.mail.Heal()
	p.kills[at]++
}

// sleep puts a kill at a moment that nothing tells.
func (p *program) sleep(d time.Duration) { p.within(d, func() bool { return false }) }

// stop ends it as an administrator does.
func (p *program) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("stop: %v", err)
	}
}

// until waits for something to be seen.
func (p *program) until(what string, seen func() bool) {
	p.t.Helper()
	if !p.within(patience, seen) {
		p.t.Fatalf("waited %s for nothing: %s", patience, what)
	}
}

func (p *program) within(d time.Duration, seen func() bool) bool {
	return proctest.Within(p.t, d, seen)
}

// person is somebody of the demo's cast with a browser of their own.
type person struct {
	*program

	handle string
	http   *http.Client
}

// be signs in as somebody.
func (p *program) be(handle string) *person {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	one := &person{p, handle, &http.Client{Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	p.until(handle+" is signed in", func() bool {
		code, err := one.post("/demo/person", url.Values{"person": {handle}})
		return err == nil && code == http.StatusSeeOther
	})
	return one
}

// post sends a form and returns the status of the answer, read to its end.
func (p *person) post(path string, form url.Values) (int, error) {
	answer, err := p.http.PostForm(p.url+path, form)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(answer.Body)
	if err == nil && !strings.Contains(path, "clock") && answer.StatusCode >= 400 && answer.StatusCode < 500 {
		err = errors.New(answer.Status + ": " + body.String())
	}
	return answer.StatusCode, err
}

// next moves everybody's clock to the person's next window. It is fine if the
// program dies meanwhile.
func (p *person) next() { _, _ = p.post("/demo/clock", url.Values{"to": {"next"}}) }
