package pgtest_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/rubato-hq/rubato/internal/pgtest"
)

func TestURLIsFreshForEachTest(t *testing.T) {
	var urls []string
	for _, name := range []string{"first", "second"} {
		t.Run(name, func(t *testing.T) {
			u := pgtest.URL(t)
			urls = append(urls, u)
			conn := connect(t, u)
			if _, err := conn.Exec(t.Context(), "CREATE TABLE ask (id TEXT PRIMARY KEY)"); err != nil {
				t.Errorf("create a table in a fresh database: %v", err)
			}
		})
	}
	if urls[0] == urls[1] {
		t.Fatalf("two tests were given the same database %s", urls[0])
	}
	for _, u := range urls {
		if _, err := pgx.Connect(t.Context(), u); err == nil || !strings.Contains(err.Error(), "does not exist") {
			t.Errorf("connect to the database of a test that has ended: %v, want that it does not exist", err)
		}
	}
}

func TestURLDropsWhatIsStillInUse(t *testing.T) {
	var conn *pgx.Conn
	t.Run("leaves a connection open", func(t *testing.T) {
		var err error
		if conn, err = pgx.Connect(t.Context(), pgtest.URL(t)); err != nil {
			t.Fatal(err)
		}
	})
	if err := conn.Ping(t.Context()); err == nil {
		t.Error("the connection outlived its database")
	}
}

// TestSortsLikeAnOffice holds the promise of the package comment.
func TestSortsLikeAnOffice(t *testing.T) {
	conn := connect(t, pgtest.URL(t))
	var before bool
	if err := conn.QueryRow(t.Context(), "SELECT 'alpha' < 'Beta'").Scan(&before); err != nil {
		t.Fatal(err)
	}
	if !before {
		t.Error("'alpha' sorts after 'Beta': the cluster compares bytes")
	}
}

func TestClusterCrashAndRecover(t *testing.T) {
	c := pgtest.New(t, pgtest.Options{Fsync: true, Settings: []string{"max_connections=20"}})
	u := c.URL(t)
	conn := connect(t, u)
	for setting, want := range map[string]string{"fsync": "on", "max_connections": "20", "jit": "off", "TimeZone": "UTC"} {
		var got string
		if err := conn.QueryRow(t.Context(), "SELECT current_setting($1)", setting).Scan(&got); err != nil || got != want {
			t.Errorf("setting %s = %q, %v; want %q", setting, got, err, want)
		}
	}
	if _, err := conn.Exec(t.Context(), "CREATE TABLE ask AS SELECT 'A-1' AS id"); err != nil {
		t.Fatal(err)
	}

	c.Stop(t)
	if err := conn.Ping(t.Context()); err == nil {
		t.Error("a connection survived the crash")
	}
	if _, err := pgx.Connect(t.Context(), u); err == nil {
		t.Error("the stopped server takes connections")
	}

	c.Start(t)
	var id string
	if err := connect(t, u).QueryRow(t.Context(), "SELECT id FROM ask").Scan(&id); err != nil || id != "A-1" {
		t.Errorf("after the crash: %q, %v; want the row that was committed before it", id, err)
	}
}

func TestSharedClusterIsTakenFromTheEnvironment(t *testing.T) {
	if os.Getenv("RUBATO_PGTEST_CHILD") != "" {
		connect(t, pgtest.URL(t))
		return
	}
	c := pgtest.New(t, pgtest.Options{})
	server := c.URL(t) // any of its databases will do
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), "RUBATO_PGTEST_CHILD=1", pgtest.Env+"="+server)
	if out, err := child.CombinedOutput(); err != nil {
		t.Fatalf("with %s set: %v\n%s", pgtest.Env, err, out)
	}
	c.Stop(t)
	child = exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), "RUBATO_PGTEST_CHILD=1", pgtest.Env+"="+server)
	if out, err := child.CombinedOutput(); err == nil {
		t.Fatalf("with %s naming a server that is down the test passed:\n%s", pgtest.Env, out)
	}
}

func BenchmarkURL(b *testing.B) {
	for b.Loop() {
		pgtest.URL(b)
	}
}

func connect(t *testing.T, u string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) }) // a broken one is closed already
	return conn
}
