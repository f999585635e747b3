package upgradetest

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rubato-hq/rubato/backup"
	"github.com/rubato-hq/rubato/internal/proctest"
	"github.com/rubato-hq/rubato/store"
)

// built is the program, made once.
var built = sync.OnceValues(proctest.Built)

// points are how many times each fault is tried.
const points = 20

// TestUpgradeIsCutShort kills the program while it brings up the oldest folder,
// and lets its disk be full, at points all over its writing. What is left is the
// schema of before or the newest, sound; the next try ends well, and what the
// backup's name says is a backup.
func TestUpgradeIsCutShort(t *testing.T) {
	t.Parallel()
	newest, err := store.Newest()
	if err != nil {
		t.Fatal(err)
	}
	const oldest = 12
	folder := unpacked(t, fmt.Sprintf("testdata/%d/rubato.db.gz", oldest))
	lay := func(t *testing.T) (data, database string) {
		data = t.TempDir()
		database = filepath.Join(data, "rubato.db")
		if err := os.WriteFile(database, folder, 0o600); err != nil {
			t.Fatal(err)
		}
		return data, database
	}
	// traced runs it with the system calls that write what is there traced, in a
	// file, and made to fail.
	traced := func(t *testing.T, data, to, calls string, fault ...string) error {
		words := []string{"strace", "-f", "-o", to, "-e", "trace=" + calls}
		for _, file := range []string{"rubato.db", "rubato.db-wal", "before-upgrades"} {
			words = append(words, "-P", filepath.Join(data, file))
		}
		for _, f := range fault {
			words = append(words, "-e", "inject="+calls+":"+f)
		}
		_, err := migrate(t, data, words...)
		return err
	}
	for name, fault := range map[string]struct{ calls, what string }{
		"killed":    {"pwrite64,write,fdatasync,fsync,renameat", "signal=SIGKILL"},
		"disk full": {"pwrite64,write,fdatasync,fsync", "error=ENOSPC"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, _ := lay(t)
			log := filepath.Join(t.ArtifactDir(), "strace")
			if err := traced(t, data, log, fault.calls); err != nil {
				t.Fatalf("strace shows the program's writing (apt-get install strace): %v", err)
			}
			most := busiest(t, log)
			if most < points {
				t.Fatalf("%d writes of one thread are too few", most)
			}
			cut, whole, kept := 0, 0, 0
			for i := range points {
				n := 1 + i*most/points // of one thread, as strace counts
				data, database := lay(t)
				if traced(t, data, os.DevNull, fault.calls, fmt.Sprintf("%s:when=%d", fault.what, n)) == nil {
					continue // its threads shared the work otherwise
				}
				cut++
				switch schema := sound(t, database); schema {
				case newest:
					whole++
				case oldest:
				default:
					t.Errorf("cut at %d: schema %d is left", n, schema)
				}
				if said, err := migrate(t, data); err != nil {
					t.Errorf("cut at %d, the next try: %v\n%s", n, err, said)
				}
				if schema := sound(t, database); schema != newest {
					t.Errorf("cut at %d, the next try leaves schema %d", n, schema)
				}
				kept += backups(t, data)
			}
			if cut < points/2 {
				t.Errorf("cut short %d times of %d", cut, points)
			}
			t.Attr("upgrade", fmt.Sprintf("%s at %d points of %d writes: %d times the new schema is there, whole, else the one before; %d backups, all whole", name, cut, most, whole, kept))
		})
	}
}

// busiest counts the system calls of the thread that made most of them.
func busiest(t *testing.T, log string) int {
	t.Helper()
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	calls := make(map[string]int)
	most := 0
	for line := range strings.Lines(string(b)) {
		pid, _, _ := strings.Cut(line, " ")
		calls[pid]++
		most = max(most, calls[pid])
	}
	return most
}

// migrate runs "rubato migrate" on a data folder, as it is wrapped.
func migrate(t *testing.T, data string, wrap ...string) (said string, err error) {
	t.Helper()
	exe, err := built()
	if err != nil {
		t.Fatal(err)
	}
	words := append(wrap, exe, "migrate", "--data", data)
	out, err := exec.CommandContext(t.Context(), words[0], words[1:]...).CombinedOutput()
	return string(out), err
}

// sound checks a database and returns its schema's version.
func sound(t *testing.T, database string) (schema int64) {
	t.Helper()
	db, err := sql.Open("sqlite", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var says string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&says); err != nil || says != "ok" {
		t.Errorf("integrity: %s, %v", says, err)
	}
	if err := db.QueryRowContext(t.Context(), `SELECT max(version_id) FROM goose_db_version`).Scan(&schema); err != nil {
		t.Error(err)
	}
	return schema
}

// backups opens those that upgrades kept, and returns how many they are.
func backups(t *testing.T, data string) int {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(data, "before-upgrades", "*.zip"))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Error("no backup was kept before the upgrade")
	}
	for _, name := range names {
		a, err := backup.Open(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_ = a.Close()
	}
	return len(names)
}
