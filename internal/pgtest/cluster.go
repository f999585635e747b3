package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rubato-hq/rubato/internal/atexit"
)

// Options say how a private cluster is set up.
type Options struct {
	// Fsync keeps PostgreSQL's promise that a commit is on disk. Off, a test is
	// faster and only a crash of the whole machine can tell the difference.
	Fsync bool
	// Settings are further lines of postgresql.conf, as in "max_connections=10".
	Settings []string
}

// Cluster is a private PostgreSQL server that a test may stop and start.
type Cluster struct {
	bin  string              // where initdb, pg_ctl and postgres are
	dir  string              // all that it owns: data, socket, log
	cred *syscall.Credential // who runs it; nil: the user we are
	port int                 // on 127.0.0.1, the same after each Start
}

// New starts a cluster for this test alone, stopped and removed at its end. It
// takes about two seconds: use it where the server must fail, and URL elsewhere.
func New(t testing.TB, o Options) *Cluster {
	t.Helper()
	c, err := start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.ctl("stop", "-m", "immediate") // fails if the test left it stopped
		if err := os.RemoveAll(c.dir); err != nil {
			t.Error(err)
		}
	})
	return c
}

// URL returns the address of a fresh database in the cluster.
func (c *Cluster) URL(t testing.TB) string {
	t.Helper()
	return database(t, c.server(), "template0")
}

// Stop ends the server as a crash would (immediate shutdown): connections
// break, nothing is flushed, and the next Start recovers from the log.
func (c *Cluster) Stop(t testing.TB) {
	t.Helper()
	if err := c.ctl("stop", "-m", "immediate"); err != nil {
		t.Fatal(err)
	}
}

// Start brings a stopped server up again, on the same port and with its data.
func (c *Cluster) Start(t testing.TB) {
	t.Helper()
	if err := c.ctl("start"); err != nil {
		t.Fatal(err)
	}
}

// Standby makes a second cluster that follows this one, whose commits from now
// on wait until they are on its disk too. It is stopped and removed at the
// test's end.
func (c *Cluster) Standby(t testing.TB) *Cluster {
	t.Helper()
	dir, err := folder()
	if err != nil {
		t.Fatal(err)
	}
	s := &Cluster{bin: c.bin, dir: dir, cred: c.cred}
	t.Cleanup(func() {
		_ = s.ctl("stop", "-m", "immediate") // fails if the test left it stopped
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	check := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	if s.cred != nil {
		check(os.Chown(dir, int(s.cred.Uid), int(s.cred.Gid)))
	}
	check(atexit.Run(s.cred, `"$1" -D "$2/data" -m immediate stop; rm -rf "$2"`, filepath.Join(s.bin, "pg_ctl"), dir))
	from := fmt.Sprintf("host=127.0.0.1 port=%d user=postgres application_name=standby", c.port)
	check(s.run("pg_basebackup", "-D", s.data(), "-d", from, "-R", "-X", "stream", "-c", "fast", "--no-sync"))
	s.port, err = freePort()
	check(err)
	check(s.configure(Options{Fsync: true}))
	check(s.ctl("start"))
	check(execute(c.server(), "ALTER SYSTEM SET synchronous_standby_names = 'standby'"))
	check(execute(c.server(), "SELECT pg_reload_conf()"))
	return s
}

// Promote ends a standby's following: it takes writes from now on.
func (c *Cluster) Promote(t testing.TB) {
	t.Helper()
	if err := c.ctl("promote"); err != nil {
		t.Fatal(err)
	}
	// It was made from a server that waits for a standby, and has none.
	for _, s := range []string{"ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()"} {
		if err := execute(c.server(), s); err != nil {
			t.Fatal(err)
		}
	}
}

// Same is the address of a database of another cluster in this one.
func (c *Cluster) Same(t testing.TB, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port))
	return u.String()
}

// Both is an address that names two clusters.
func (c *Cluster) Both(t testing.TB, database string, other *Cluster) string {
	t.Helper()
	return strings.Replace(database, fmt.Sprintf("127.0.0.1:%d", c.port), fmt.Sprintf("127.0.0.1:%d,127.0.0.1:%d", c.port, other.port), 1)
}

// PID is that of the server's first process, whose children do its work.
func (c *Cluster) PID(t testing.TB) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatalf("PostgreSQL's own file of its number: %v", err)
	}
	return pid
}

// Shared starts a cluster for a whole test run and returns the URL to put into
// Env. It lives as long as this process.
func Shared() (server string, err error) {
	c, err := start(Options{})
	if err != nil {
		return "", err
	}
	return c.server(), nil
}

// start makes a cluster and brings it up.
func start(o Options) (*Cluster, error) {
	bin, err := binaries("/usr/lib/postgresql")
	if err != nil {
		return nil, err
	}
	cred, err := credential()
	if err != nil {
		return nil, err
	}
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin, dir: dir, cred: cred}
	if err := c.up(o); err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	return c, nil
}

// folder makes the place of a cluster, in /tmp whatever TMPDIR says: the folders
// of a test are closed to the other user, and the path of a socket may not
// exceed 107 bytes.
func folder() (string, error) {
	dir, err := os.MkdirTemp("/tmp", "rubato-pg-")
	if err != nil {
		return "", fmt.Errorf("PostgreSQL for tests: %w", err)
	}
	return dir, nil
}

func (c *Cluster) up(o Options) error {
	if c.cred != nil {
		if err := os.Chown(c.dir, int(c.cred.Uid), int(c.cred.Gid)); err != nil {
			return fmt.Errorf("PostgreSQL for tests: %w", err)
		}
	}
	err := atexit.Run(c.cred, `"$1" -D "$2/data" -m immediate stop; rm -rf "$2"`, filepath.Join(c.bin, "pg_ctl"), c.dir)
	if err != nil {
		return err
	}
	err = c.run("initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions",
		"--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "en-US")
	if err != nil {
		return err
	}
	// Another process may take the free port before the server does.
	for range 5 {
		if c.port, err = freePort(); err != nil {
			return fmt.Errorf("PostgreSQL for tests: %w", err)
		}
		if err := c.configure(o); err != nil {
			return fmt.Errorf("PostgreSQL for tests: %w", err)
		}
		if err = c.ctl("start"); err == nil {
			return nil
		}
	}
	return err
}

// configure writes our settings after initdb's own, so that they win.
func (c *Cluster) configure(o Options) error {
	lines := []string{
		"port=" + strconv.Itoa(c.port),
		"listen_addresses='127.0.0.1'",
		"unix_socket_directories='" + c.dir + "'",
		"max_connections=300", // several test binaries at once, each with pools
		"timezone='UTC'",
		"jit=off",
		"max_wal_size='2GB'",
		"autovacuum_naptime='10s'",
		"log_min_messages='warning'",
	}
	if !o.Fsync {
		lines = append(lines, "fsync=off", "full_page_writes=off")
	}
	lines = append(lines, o.Settings...)
	conf := filepath.Join(c.data(), "rubato.conf")
	if err := os.WriteFile(conf, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		return err
	}
	main := filepath.Join(c.data(), "postgresql.conf")
	text, err := os.ReadFile(main)
	if err != nil {
		return err
	}
	include := []byte("\ninclude 'rubato.conf'\n")
	if bytes.HasSuffix(text, include) {
		return nil
	}
	return os.WriteFile(main, append(text, include...), 0o600)
}

// server returns the URL of the cluster's own database.
func (c *Cluster) server() string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.User("postgres"),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)),
		Path:     "/postgres",
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }
func (c *Cluster) log() string  { return filepath.Join(c.dir, "log") }

// ctl runs pg_ctl and waits until the server has done as told.
func (c *Cluster) ctl(verb string, args ...string) error {
	err := c.run("pg_ctl", append([]string{verb, "-D", c.data(), "-l", c.log(), "-w", "-t", "60", "-s"}, args...)...)
	if err == nil {
		return nil
	}
	said, _ := os.ReadFile(c.log()) // no log yet says nothing
	if len(said) > 2000 {
		said = said[len(said)-2000:]
	}
	return fmt.Errorf("%w\nthe server's log ends:\n%s", err, said)
}

// run runs one of PostgreSQL's programs as the cluster's user.
func (c *Cluster) run(program string, args ...string) error {
	// A file, not a pipe: the server that pg_ctl leaves behind would hold it open.
	out, err := os.CreateTemp("", "rubato-pg-*.out")
	if err != nil {
		return fmt.Errorf("PostgreSQL for tests: %w", err)
	}
	defer os.Remove(out.Name())
	defer out.Close()

	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = c.dir
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: c.cred}
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		return fmt.Errorf("PostgreSQL for tests: %s: %w\n%s", program, err, said)
	}
	return nil
}

// errMissing is what a developer without PostgreSQL reads.
var errMissing = errors.New("PostgreSQL 15 or newer is needed for this test and was not found " +
	"in /usr/lib/postgresql or on the PATH; install it with: sudo apt-get install -y postgresql")

// binaries returns the folder with the programs of the newest PostgreSQL: under
// Debian's folder, whose programs are not on the PATH, or else on the PATH.
func binaries(debian string) (string, error) {
	found, err := filepath.Glob(filepath.Join(debian, "*", "bin", "initdb"))
	if err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	if len(found) > 0 && version(found[len(found)-1]) >= 15 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errMissing
}

// version reads the 15 in /usr/lib/postgresql/15/bin/initdb.
func version(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb)))) // not a number: 0, too old
	return n
}

// credential says who runs the server: we ourselves, or, since it refuses to
// run as root, the user postgres or nobody.
func credential() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			continue
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			continue
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL for tests: it does not run as root, and there is no user postgres or nobody to run it as")
}

// freePort asks the kernel for a port that nobody listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
