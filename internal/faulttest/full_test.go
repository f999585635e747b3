package faulttest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestDiskFull fills the disk under people who write, and makes room again:
// whoever writes is told what happened, what was kept and what to do, reading
// goes on, and when there is room it works again by itself.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	const size = 40       // MB
	spare := share(7, 20) // the demo takes six
	data := t.TempDir()
	p := beginIn(t, data, small(t, data, size)...)
	disk, err := os.OpenRoot(filepath.Join("/proc", fmt.Sprint(p.pid()), "root", data)) // as the program sees it
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	if err := ballast(disk, (size-spare)<<20); err != nil {
		t.Fatal(err)
	}
	w := p.writers(share(4, 16))
	w.some(share(20, 100))
	w.full(t)
	before := w.count()

	free := time.Now()
	if err := disk.Remove("ballast"); err != nil {
		t.Fatal(err)
	}
	w.some(1)
	wrote := time.Since(free)
	p.until("/readyz is well again", func() bool { return p.get("/readyz").code == http.StatusOK })
	ready := time.Since(free)
	w.some(share(20, 500))
	for code := range w.codes {
		if code != http.StatusCreated && code != http.StatusInsufficientStorage {
			t.Errorf("answered %d %d times:\n%s", code, w.codes[code], w.pages[code])
		}
	}
	p.stop()
	p.data = t.TempDir() // the disk goes with the program; what is on it is still open
	for _, name := range []string{"rubato.db", "rubato.db-wal"} {
		if err := fetch(disk, name, p.data); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	w.whole()
	t.Attr("full", fmt.Sprintf("%d acknowledged before it was full, %d refused with 507, nothing else; with room again the first one is taken after %d ms, /readyz well after %d ms; lost 0",
		before, w.codes[http.StatusInsufficientStorage], wrote.Milliseconds(), ready.Milliseconds()))
}

// full lets people write until there is no room, and looks at all that they are
// told and can do meanwhile.
func (w *writers) full(t *testing.T) {
	t.Helper()
	w.refused(http.StatusInsufficientStorage)
	who := w.people[0]
	a := w.send(who, w.next.Add(1)-1)
	for deadline := time.Now().Add(patience); a.code == http.StatusCreated && time.Now().Before(deadline); {
		a = w.send(who, w.next.Add(1)-1) // what is small may still find room
	}
	for _, says := range []string{"The server’s disk is full.", "was not stored", "All that was stored before is safe", "Tell an admin", "is one of many."} {
		if !strings.Contains(a.body, says) {
			t.Errorf("the page of %d does not say %q:\n%s", a.code, says, a.body)
		}
	}
	if a.header.Get("Retry-After") == "" {
		t.Error("nothing says when to try again")
	}
	w.until("the API says so", func() bool {
		a := who.ask(fmt.Sprintf("Is this taken, %d?", w.next.Add(1)), "jonas")
		return a.code == http.StatusInsufficientStorage && strings.Contains(a.body, `"code":"no-room"`) && strings.Contains(a.body, "reading goes on")
	})
	for _, path := range []string{"/brief", "/asks", "/settings"} {
		if a := who.read(path); a.code != http.StatusOK {
			t.Errorf("reading %s: %d", path, a.code)
		}
	}
	w.until("/readyz says so", func() bool {
		a := w.get("/readyz")
		return a.code == http.StatusServiceUnavailable && strings.Contains(a.body, "disk")
	})
	if !strings.Contains(w.said(), "the disk of the database is full") {
		t.Error("the log does not say that the disk is full")
	}
}

// small wraps a program so that it finds a disk of so many MB at a folder. The
// disk is the program's alone, and goes with it.
func small(t *testing.T, at string, mb int) []string {
	t.Helper()
	return append(apart(t), "sh", "-c", fmt.Sprintf(`mount -t tmpfs -o size=%dm tmpfs "$0" && exec "$@"`, mb), at)
}

// apart is a command that runs another one whose mounts are its own.
func apart(t *testing.T) []string {
	t.Helper()
	unshare := []string{"unshare", "--mount"}
	if os.Getuid() != 0 {
		unshare = append(unshare, "--map-root-user")
	}
	if out, err := exec.Command(unshare[0], append(unshare[1:], "true")...).CombinedOutput(); err != nil {
		t.Fatalf("mounts of one's own need a namespace (util-linux, as root or with user namespaces): %v\n%s", err, out)
	}
	return unshare
}

func ballast(disk *os.Root, bytes int) error {
	f, err := disk.Create("ballast")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, bytes))
	return errors.Join(err, f.Close())
}

// fetch copies a file to a folder.
func fetch(disk *os.Root, name, to string) error {
	from, err := disk.Open(name)
	if err != nil {
		return err
	}
	defer from.Close()
	f, err := os.Create(filepath.Join(to, name))
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	return errors.Join(err, f.Close())
}
