// Package pgtest gives tests a real PostgreSQL: one private cluster, and in it
// a fresh, empty database for each test.
//
// All test binaries of one "make test" share the cluster that the test runner
// started and named in RUBATO_TEST_POSTGRES. A binary run alone starts its
// own, and it is gone again when the binary is, even after kill -9. A missing
// PostgreSQL fails the test and names the command that installs it; no test is
// ever skipped.
//
// The cluster sorts text as an English office would (ICU en-US), not by bytes,
// because that is what administrators have; SQL that leans on byte order finds
// out here. No schema lives here and no SQL of the product: a test gives its
// URL to the store, as serve does.
package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Env names the environment variable with the URL of a cluster to use instead
// of starting one. Its user must be allowed to create databases.
const Env = "RUBATO_TEST_POSTGRES"

// URL returns the address (postgres://...) of a fresh, empty database, which is
// dropped at the end of the test with whatever still uses it. Durability is
// off (fsync=off): for tests that crash the server there is New.
func URL(t testing.TB) string {
	t.Helper()
	server, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return database(t, server, "template0") // nobody connects to it, so copying it never has to wait
}

// Copy is URL for a copy of a database of the same cluster that nobody uses any
// more: much cheaper than to fill another one.
func Copy(t testing.TB, of string) string {
	t.Helper()
	u, err := url.Parse(of)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	u.Path = "/postgres"
	return database(t, u.String(), name)
}

// shared returns the URL of the cluster of this process, started at the first
// call unless Env names one.
var shared = sync.OnceValues(func() (string, error) {
	if server := os.Getenv(Env); server != "" {
		return server, nil
	}
	c, err := start(Options{})
	if err != nil {
		return "", err
	}
	return c.server(), nil
})

// database creates a copy of a database on the server and drops it in t.Cleanup.
func database(t testing.TB, server, of string) string {
	t.Helper()
	name := "t_" + strings.ToLower(rand.Text())
	if err := execute(server, "CREATE DATABASE "+name+" TEMPLATE "+of); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute(server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Log(err) // a fault test may have left its cluster stopped
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", Env, err)
	}
	u.Path = "/" + name
	return u.String()
}

// execute runs one statement on a connection of its own. It takes no context
// of the test, because cleaning up happens after that has ended.
func execute(server, statement string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("PostgreSQL for tests: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("PostgreSQL for tests: %s: %w", statement, err)
	}
	return nil
}
