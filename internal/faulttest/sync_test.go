package faulttest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/internal/proctest"
)

// TestSyncBeforeAnswer watches the program's system calls from outside: no
// answer that says that something is taken leaves before it is on the disk.
func TestSyncBeforeAnswer(t *testing.T) {
	t.Parallel()
	early, acks, syncs := watched(t, begin(t))
	if len(early) > 0 {
		t.Errorf("%d of %d answers left before their sync: %v", len(early), acks, early)
	}
	t.Attr("sync", fmt.Sprintf("%d answers before their sync of %d, which shared %d syncs", len(early), acks, syncs))
}

// TestSyncBeforeAnswerIsSeen plants the bug: a program that does not sync is found out.
func TestSyncBeforeAnswerIsSeen(t *testing.T) {
	if !*longFlag {
		return // it builds most of the program anew; TestTrace is its small form
	}
	p := begin(t, unsynced(t))
	early, acks, _ := watched(t, p)
	if len(early) < acks/2 {
		t.Errorf("a program that never syncs: %d of %d answers are found", len(early), acks)
	}
	t.Attr("planted", fmt.Sprintf("synchronous=OFF: %d of %d answers before their sync", len(early), acks))
}

// watched lets people write and returns what the trace of it says.
func watched(t *testing.T, p *program) (early []string, acks, syncs int) {
	t.Helper()
	w := p.writers(share(4, 8))
	s := p.strace("-yy", "-s", "4200", "-e", "trace=read,write,pwrite64,fsync,fdatasync")
	w.some(share(60, 1000))
	s.stop()
	f, err := os.Open(s.log)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := readTrace(f, p.database()+"-wal")
	if err != nil {
		t.Fatal(err)
	}
	// Whoever was answered while strace let go may be missing.
	if len(got.acks) < w.count()-len(w.people) || len(got.first) < w.count()-len(w.people) {
		t.Fatalf("of %d answers the trace has %d, of %d writings", w.count(), len(got.acks), len(got.first))
	}
	return got.early(), len(got.acks), len(got.synced)
}

// unsynced builds the program with SQLite's syncs off and returns a command that
// runs it in place of the one it is given.
func unsynced(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	source, err := filepath.Abs("../../store/sqlite.go")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	const was, is = `sync := "FULL"`, `sync := "OFF"`
	if strings.Count(string(text), was) != 1 {
		t.Fatalf("%s does not stand once in %s", was, source)
	}
	planted := filepath.Join(dir, "sqlite.go")
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {source: planted}})
	if err != nil {
		t.Fatal(err)
	}
	exe, script := filepath.Join(dir, "rubato"), filepath.Join(dir, "run")
	for name, content := range map[string][]byte{
		planted:                            []byte(strings.Replace(string(text), was, is, 1)),
		filepath.Join(dir, "overlay.json"): overlay,
		script:                             []byte("#!/bin/sh\nshift\nexec " + exe + " \"$@\"\n"),
	} {
		if err := os.WriteFile(name, content, 0o700); err != nil { // one of them is run
			t.Fatal(err)
		}
	}
	if _, said, err := proctest.Build(t.Context(), dir, "-overlay", filepath.Join(dir, "overlay.json")); err != nil {
		t.Fatalf("build rubato without syncs: %v\n%s", err, said)
	}
	return script
}

// TestTrace holds the reading of traces: what is in order, and what is not.
func TestTrace(t *testing.T) {
	t.Parallel()
	const in, out = `TCP:[127.0.0.1:1->127.0.0.1:2]`, `TCP:[127.0.0.1:1->127.0.0.1:3]`
	asks := func(pid, socket, n string) string {
		return pid + ` read(7<` + socket + `>, "POST /write HTTP/1.1\r\n\r\npoint=Writing+` + n + `+is", 4096) = 99`
	}
	logs := func(pid, n string) string {
		return pid + ` pwrite64(9</d/rubato.db-wal>, "\0Writing ` + n + ` is", 4096, 56) = 4096`
	}
	says := func(pid, socket string) string {
		return pid + ` write(7<` + socket + `>, "HTTP/1.1 201 Created\r\n", 4096) = 4096`
	}
	const sync = `1 fdatasync(9</d/rubato.db-wal>) = 0`
	for _, tt := range []struct {
		name string
		want string // those that are early
		log  []string
	}{
		{"in order", "", []string{asks("1", in, "000001"), logs("1", "000001"), sync, says("1", in)}},
		{"never synced", "000001", []string{asks("1", in, "000001"), logs("1", "000001"), says("1", in)}},
		{"synced too late", "000001", []string{asks("1", in, "000001"), logs("1", "000001"), says("1", in), sync}},
		{"synced before it was in the log", "000001", []string{asks("1", in, "000001"), sync, logs("1", "000001"), says("1", in)}},
		{"not in the log", "000001", []string{asks("1", in, "000001"), sync, says("1", in)}},
		{"another file is synced", "000001", []string{asks("1", in, "000001"), logs("1", "000001"), `1 fdatasync(8</d/rubato.db>) = 0`, says("1", in)}},
		{"the sync fails", "000001", []string{asks("1", in, "000001"), logs("1", "000001"), `1 fdatasync(9</d/rubato.db-wal>) = -1 EIO (Input/output error)`, says("1", in)}},
		{"the sync is not over", "000001", []string{
			asks("1", in, "000001"), logs("1", "000001"), `1 fdatasync(9</d/rubato.db-wal> <unfinished ...>`, says("2", in), `1 <... fdatasync resumed>) = 0`,
		}},
		{"the sync is over", "", []string{
			asks("1", in, "000001"), logs("1", "000001"), `1 fdatasync(9</d/rubato.db-wal> <unfinished ...>`, asks("2", out, "000002"), `1 <... fdatasync resumed>) = 0`, says("1", in),
		}},
		{"two share a sync, and one more does not", "000003", []string{
			asks("1", in, "000001"), asks("1", out, "000002"), logs("1", "000001"), logs("1", "000002"), sync, says("1", in), says("1", out),
			asks("1", in, "000003"), logs("1", "000003"), says("1", in),
		}},
	} {
		got, err := readTrace(strings.NewReader(strings.Join(tt.log, "\n")), "/d/rubato.db-wal")
		if err != nil {
			t.Fatal(err)
		}
		if early := strings.Join(got.early(), " "); early != tt.want {
			t.Errorf("%s: early are %q, want %q", tt.name, early, tt.want)
		}
	}
}
