package faulttest

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptrace"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/proctest"
	"github.com/rubato-hq/rubato/internal/testmail"
	_ "github.com/rubato-hq/rubato/store" // the databases' drivers
)

// patience bounds every wait for something observable.
const patience = 2 * time.Minute

// built is the program, made once for all tests of a run.
var built = sync.OnceValues(proctest.Built)

func TestMain(m *testing.M) { proctest.Main(m, built) }

// program is a demo in a process of its own. wrap, if set, is what runs it: the
// words of a command before its own.
type program struct {
	t    *testing.T
	wrap []string
	word string   // its command: demo
	more []string // flags
	data string
	url  string
	log  string
	mail *testmail.Server
	cmd  *exec.Cmd
}

// begin starts a demo on a new database, whose mail goes to a server outside.
func begin(t *testing.T, wrap ...string) *program {
	t.Helper()
	return beginIn(t, t.TempDir(), wrap...)
}

func beginIn(t *testing.T, data string, wrap ...string) *program {
	t.Helper()
	address := proctest.Address(t)
	p := &program{t: t, wrap: wrap, word: "demo", data: data, url: "http://" + address, log: filepath.Join(t.ArtifactDir(), "rubato.log"), mail: testmail.Start(t)}
	p.ends()
	p.start()
	return p
}

// ends sees to it that the process ends with the test.
func (p *program) ends() {
	t := p.t
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			said, _ := os.ReadFile(p.log)
			t.Logf("the program's log ends:\n%s", said[max(0, len(said)-3000):])
		}
	})
}

// database is the path of the program's SQLite file.
func (p *program) database() string { return filepath.Join(p.data, "rubato.db") }

// command is the program with these words, as it is wrapped.
func (p *program) command(words ...string) *exec.Cmd {
	p.t.Helper()
	exe, err := built()
	if err != nil {
		p.t.Fatal(err)
	}
	words = append(append(append([]string(nil), p.wrap...), exe), words...)
	return exec.Command(words[0], words[1:]...)
}

// start runs the program and returns at its first answer.
func (p *program) start() {
	p.t.Helper()
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer log.Close()
	p.cmd = p.command(append([]string{p.word, "--listen", strings.TrimPrefix(p.url, "http://"), "--data", p.data, "--smtp", "smtp://" + p.mail.Addr()}, p.more...)...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what wraps it goes with it
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.until("the program answers", func() bool { return p.get("/healthz").code == http.StatusOK })
}

// kill ends it and what wraps it, however it is.
func (p *program) kill() {
	if p.cmd != nil && p.cmd.ProcessState == nil {
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
		_ = p.cmd.Wait()
	}
}

// stop ends it with SIGTERM, and returns how long that took.
func (p *program) stop() time.Duration {
	p.t.Helper()
	began := time.Now()
	if err := syscall.Kill(p.pid(), syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("stop: %v", err)
	}
	return time.Since(began)
}

// pid is the program's own, not that of what wraps it.
func (p *program) pid() int {
	p.t.Helper()
	pid := p.cmd.Process.Pid
	for range 4 { // wrapped in so many at most
		if name, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid)); err == nil && filepath.Base(name) == "rubato" {
			return pid
		}
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
		if err != nil {
			break
		}
		first, _, _ := strings.Cut(string(children), " ")
		if pid, err = strconv.Atoi(first); err != nil {
			break
		}
	}
	p.t.Fatal("the program is not among the processes that were started")
	return 0
}

// said is the program's log so far.
func (p *program) said() string {
	p.t.Helper()
	b, err := os.ReadFile(p.log)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(b)
}

// until waits for something to be seen.
func (p *program) until(what string, seen func() bool) {
	p.t.Helper()
	if !proctest.Within(p.t, patience, seen) {
		p.t.Fatalf("waited %s for nothing: %s", patience, what)
	}
}

// answer is what came back; err is that of the network.
type answer struct {
	code   int
	header http.Header
	body   string
	err    error
}

func take(a *http.Response, err error) answer {
	if err != nil {
		return answer{err: err}
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	return answer{a.StatusCode, a.Header, string(body), err}
}

var stranger = &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}

// get asks as somebody who is not signed in.
func (p *program) get(path string) answer { return take(stranger.Get(p.url + path)) }

// person is somebody of the demo's cast with a browser of their own.
type person struct {
	*program

	handle string
	http   *http.Client
	token  string // for the API
}

// be signs in as somebody and makes them a token.
func (p *program) be(handle string) *person {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	one := &person{program: p, handle: handle, http: &http.Client{
		Jar: jar, Timeout: time.Minute, Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if a := one.post("/demo/person", url.Values{"person": {handle}}); a.code != http.StatusSeeOther {
		p.t.Fatalf("sign in as %s: %+v", handle, a)
	}
	made := one.post("/settings/tokens", url.Values{"name": {"faulttest"}, "scope": {"read", "write"}, "days": {"30"}})
	if one.token = regexp.MustCompile(`rbt_[a-z0-9]+`).FindString(made.body); one.token == "" {
		p.t.Fatalf("make a token for %s: %d %v", handle, made.code, made.err)
	}
	return one
}

func (p *person) post(path string, form url.Values) answer {
	return take(p.http.PostForm(p.url+path, form))
}

func (p *person) read(path string) answer { return take(p.http.Get(p.url + path)) }

// ask sends an ask over the API.
func (p *person) ask(question, to string) answer {
	body := fmt.Sprintf(`{"point":%q,"to":[%q]}`, question, to)
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+"/api/v1/asks", strings.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Idempotency-Key", question)
	return take(p.http.Do(r))
}

// cast is who writes to whom.
func cast() []string {
	return []string{"lena", "jonas", "elif", "deniz", "ana", "caio", "kenji", "priya"}
}

// text is that by which a writing is found again.
func text(n int64) string { return fmt.Sprintf("Writing %06d is one of many.", n) }

// writers send forms, each under a key of its own.
type writers struct {
	*program

	people []*person
	next   atomic.Int64
	mu     sync.Mutex
	acked  map[int64]bool
	codes  map[int]int // answers by status
	pages  map[int]string
	errs   map[string]int // of the network
}

func (p *program) writers(n int) *writers {
	w := &writers{program: p, acked: make(map[int64]bool), codes: make(map[int]int), pages: make(map[int]string), errs: make(map[string]int)}
	for i := range n {
		w.people = append(w.people, p.be(cast()[i%len(cast())]))
	}
	return w
}

// send sends a writing once, every fourth an ask, and remembers what came of it.
func (w *writers) send(who *person, n int64) answer {
	to := cast()[int(n)%len(cast())]
	if to == who.handle {
		to = cast()[int(n+1)%len(cast())]
	}
	form := url.Values{"kind": {"update"}, "point": {text(n)}, "where": {"named"}, "to": {"@" + to}, "key": {fmt.Sprintf("writing-%06d", n)}}
	if n%4 == 0 {
		form.Set("kind", "ask")
	}
	var conn httptrace.GotConnInfo
	r, err := http.NewRequestWithContext(httptrace.WithClientTrace(w.t.Context(), &httptrace.ClientTrace{
		GotConn: func(c httptrace.GotConnInfo) { conn = c },
	}), http.MethodPost, w.url+"/write", strings.NewReader(form.Encode()))
	if err != nil {
		return answer{err: err}
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a := take(who.http.Do(r))
	w.mu.Lock()
	defer w.mu.Unlock()
	if a.err != nil {
		says := root(a.err)
		if says == syscall.ECONNRESET.Error() || says == syscall.EPIPE.Error() {
			switch {
			case !conn.Reused:
				says = atTheDoor
			case conn.IdleTime > 2*time.Second:
				says = atRest
			}
		}
		w.errs[says]++
		return a
	}
	w.codes[a.code]++
	w.pages[a.code] = a.body
	if a.code == http.StatusCreated {
		w.acked[n] = true
	}
	return a
}

// atTheDoor is what writers count for a connection that the system cut off when
// nobody had let it in yet.
const atTheDoor = "cut off before it was let in"

// atRest is what they count for a connection that had done nothing for seconds,
// and that the program closed for somebody who waited just when it was used
// again: browsers send anew then (RFC 9112, 9.3.1).
const atRest = "closed while it was at rest"

// root is what an error of the network comes to, without addresses.
func root(err error) string {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return err.Error()
}

// write lets everybody write, each one thing after the other, while more says so.
func (w *writers) write(more func(answer) bool) {
	var all sync.WaitGroup
	for _, who := range w.people {
		all.Go(func() {
			for more(w.send(who, w.next.Add(1)-1)) {
			}
		})
	}
	all.Wait()
}

// some lets everybody write until so many more are acknowledged.
func (w *writers) some(n int) {
	w.t.Helper()
	end := w.count() + n
	deadline := time.Now().Add(patience)
	w.write(func(answer) bool { return w.count() < end && time.Now().Before(deadline) })
	if w.count() < end {
		w.t.Fatalf("of %d writings %d were acknowledged; answers %v, %v", n, w.count()-end+n, w.codes, w.errs)
	}
}

func (w *writers) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acked)
}

// whole checks what is left in the database of the stopped program: it is
// sound, each writing that was acknowledged is there once and with its delivery,
// and there is none without. It returns how many writings there are.
func (w *writers) whole() int {
	w.t.Helper()
	db, err := sql.Open("sqlite", w.database())
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	var sound string
	if err := db.QueryRowContext(w.t.Context(), `PRAGMA integrity_check`).Scan(&sound); err != nil || sound != "ok" {
		w.t.Errorf("integrity: %s, %v", sound, err)
	}
	rows, err := db.QueryContext(w.t.Context(), `SELECT i.point, count(DISTINCT i.id), count(d.id) FROM item i LEFT JOIN delivery d ON d.org_id = i.org_id AND d.item_id = i.id
		WHERE i.point LIKE 'Writing %' GROUP BY i.point`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	stored := make(map[string]bool)
	for rows.Next() {
		var point string
		var items, deliveries int
		if err := rows.Scan(&point, &items, &deliveries); err != nil {
			w.t.Fatal(err)
		}
		if stored[point] = true; items != 1 || deliveries != 1 {
			w.t.Errorf("%q stands %d times, with %d deliveries", point, items, deliveries)
		}
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	for n := range w.acked {
		if !stored[text(n)] {
			w.t.Errorf("%q was acknowledged and is lost", text(n))
		}
	}
	var orphans int
	if err := db.QueryRowContext(w.t.Context(), `SELECT count(*) FROM delivery d WHERE NOT EXISTS (SELECT 1 FROM item i WHERE i.org_id = d.org_id AND i.id = d.item_id)`).Scan(&orphans); err != nil || orphans > 0 {
		w.t.Errorf("%d deliveries without their item, %v", orphans, err)
	}
	return len(stored)
}
