package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/door"
)

// kept is a file as a program reads of it.
type kept struct {
	ID, Name, Type string
	Size           int64
	Again          bool
}

func (a answer) kept(t *testing.T) kept {
	t.Helper()
	var k kept
	if err := json.Unmarshal([]byte(a.body), &k); err != nil || a.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s: %v", a.StatusCode, a.body, err)
	}
	return k
}

// onDisk are the files that lie in the folder, whatever they are called.
func (w *world) onDisk() []string {
	w.t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(w.folder), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return names
}

// TestFiles sends a file, hangs it on something written, and reads it as others do.
func TestFiles(t *testing.T) { both(t, hangsFiles) }

func hangsFiles(t *testing.T, open func(testing.TB) *world) {
	w := open(t)
	const script = `<html><script>alert(1)</script>`
	before := len(w.onDisk())
	w.ids = maps.Clone(w.ids)
	w.ids["mine"] = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	k := w.do("member", "POST", "/drafts/{mine}/files?name=a/b.png", script, "Content-Type", "image/png").kept(t)
	if k.Name != "b.png" || k.Type != "text/plain" || k.Size != int64(len(script)) {
		t.Errorf("what its sender said was believed: %+v", k)
	}
	path := "/files/" + k.ID
	for who, want := range map[string]int{"member": 200, "read-token": 200, "author": 404, "admin": 404, "team-token": 404, "nobody": 401} {
		if a := w.do(who, "GET", path, ""); a.StatusCode != want {
			t.Errorf("a file that is not sent, as %s: %d, want %d", who, a.StatusCode, want)
		}
	}
	a := w.do("member", "POST", "/items/{update}/comments", `{"text":"See this.","draft":"{mine}"}`)
	if a.StatusCode != http.StatusCreated {
		t.Fatal(a.body)
	}
	if a := w.do("member", "GET", "/items/{update}/thread", ""); !strings.Contains(a.body, k.ID) {
		t.Errorf("the thread does not list it: %s", a.body)
	}
	a = w.do("team-token", "GET", path, "")
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "Content-Disposition": "attachment; filename=b.png", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'", "Cache-Control": "no-store", "Accept-Ranges": "bytes",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if a.body != script {
		t.Errorf("the bytes are %q", a.body)
	}
	tag := a.Header.Get("ETag")
	for _, tt := range []struct {
		method, header, value string
		status                int
		body                  string
	}{
		{"GET", "Range", "bytes=1-4", 206, "html"},
		{"GET", "Range", "bytes=9000-", 416, "invalid range: failed to overlap\n"},
		{"GET", "If-None-Match", tag, 304, ""},
		{"GET", "If-Match", `"other"`, 412, ""},
		{"HEAD", "", "", 200, ""},
	} {
		r := w.request("author", tt.method, path, "", tt.header, tt.value)
		if a := w.serve(r); a.StatusCode != tt.status || a.body != tt.body {
			t.Errorf("%s with %s %s: %d %q, want %d %q", tt.method, tt.header, tt.value, a.StatusCode, a.body, tt.status, tt.body)
		}
	}
	if a := w.do("member", "DELETE", path, ""); a.StatusCode != http.StatusNotFound {
		t.Errorf("taken off after it was sent: %d", a.StatusCode)
	}
	w.do("member", "DELETE", "/files/{unsent}", "")
	if n := len(w.onDisk()); n != before {
		t.Errorf("%d files lie in the folder, want %d", n, before)
	}
}

// TestFileOnce holds that a key attaches a file once, also the last that has room.
func TestFileOnce(t *testing.T) {
	w := open(t)
	const at = "/drafts/aaaaaaaaaaaaaaaaaaaaaaaaaa/files"
	for n := range door.MaxFiles - 1 {
		w.do("member", "POST", fmt.Sprintf("%s?name=%d.txt", at, n), "text").kept(t)
	}
	before := len(w.onDisk())
	send := func(key, name, body string) answer {
		return w.do("member", "POST", at+"?name="+name, body, "Idempotency-Key", key)
	}
	first, again := send("k", "last.txt", "the last").kept(t), send("k", "last.txt", "the last").kept(t)
	if first.Again || !again.Again || again.ID != first.ID {
		t.Errorf("the same key twice: %+v, then %+v", first, again)
	}
	for name, a := range map[string]answer{"another content": send("k", "last.txt", "another"), "another name": send("k", "other.txt", "the last")} {
		if p := a.problem(t); p.Status != http.StatusUnprocessableEntity || p.Code != "key-reused" {
			t.Errorf("%s under the key: %s", name, a.body)
		}
	}
	p := send("new", "more.txt", "one more").problem(t)
	if p.Status != http.StatusUnprocessableEntity || len(p.Errors) != 1 || p.Errors[0].Code != "too-many-files" || p.Errors[0].Pointer != "#" || !strings.Contains(p.Detail, "more.txt") {
		t.Errorf("a file too many: %+v", p)
	}
	if n := len(w.onDisk()); n != before+1 {
		t.Errorf("%d files lie in the folder, want %d: what was refused stays", n, before+1)
	}
}

// zeros is a body of n bytes that can be read once, and no longer than is needed.
type zeros struct {
	left int64
	read int64
	then error // instead of the end
}

func (z *zeros) Read(b []byte) (int, error) {
	if z.left == 0 {
		if z.then != nil {
			return 0, z.then
		}
		return 0, io.EOF
	}
	n := min(int64(len(b)), z.left)
	clear(b[:n])
	z.left -= n
	z.read += n
	return int(n), nil
}

// TestFileBounds sends one file that just fits, and some that do not, and holds
// that none of them is ever whole in memory.
func TestFileBounds(t *testing.T) {
	w := open(t)
	before := w.onDisk()
	send := func(body *zeros, length int64) answer {
		t.Helper()
		r := w.request("member", "POST", "/drafts/bbbbbbbbbbbbbbbbbbbbbbbbbb/files?name=film.bin", "", "Content-Type", "application/octet-stream")
		r.Body, r.ContentLength = io.NopCloser(body), length
		var was, is runtime.MemStats
		runtime.ReadMemStats(&was)
		a := w.serve(r)
		runtime.ReadMemStats(&is)
		if got := is.TotalAlloc - was.TotalAlloc; got > 8<<20 {
			t.Errorf("%d MB were allocated", got>>20)
		}
		w.described(r, a)
		return a
	}
	if k := send(&zeros{left: door.MaxFile}, door.MaxFile).kept(t); k.Size != door.MaxFile {
		t.Errorf("%d bytes were kept", k.Size)
	} else {
		w.do("member", "DELETE", "/files/"+k.ID, "")
	}
	for _, tt := range []struct {
		name   string
		body   *zeros
		length int64
		status int
		code   string
	}{
		{"one byte too many", &zeros{left: door.MaxFile + 1}, -1, 413, "too-large"},
		{"one byte too many, and it says so", &zeros{left: door.MaxFile + 1}, door.MaxFile + 1, 413, "too-large"},
		{"no end", &zeros{left: 1 << 40}, -1, 413, "too-large"},
		{"broken off", &zeros{left: 1 << 20, then: io.ErrUnexpectedEOF}, 2 << 20, 400, "unreadable"},
		{"nothing", &zeros{}, 0, 422, "mend"},
	} {
		a := send(tt.body, tt.length)
		if p := a.problem(t); p.Status != tt.status || p.Code != tt.code {
			t.Errorf("%s: %d %s, want %d %s", tt.name, p.Status, p.Code, tt.status, tt.code)
		}
		if tt.length > door.MaxFile && tt.body.read > 0 {
			t.Errorf("%s: %d bytes were read", tt.name, tt.body.read)
		}
		if tt.body.read > 4*door.MaxFile {
			t.Errorf("%s: %d bytes were read of a file that was refused", tt.name, tt.body.read)
		}
		if got := w.onDisk(); !slices.Equal(got, before) {
			t.Errorf("%s leaves %v in the folder", tt.name, got)
		}
	}
	a := w.do("member", "POST", "/drafts/{draft}/files?name=x.txt", "--b\r\n", "Content-Type", "multipart/form-data; boundary=b")
	if p := a.problem(t); p.Status != http.StatusUnsupportedMediaType || p.Code != "not-a-file" {
		t.Errorf("a form: %s", a.body)
	}
	if a := w.do("member", "POST", "/drafts/{draft}/files", "text"); a.problem(t).Errors[0].Parameter != "name" {
		t.Errorf("a file without a name: %s", a.body)
	}
	if a := w.do("member", "POST", "/drafts/short/files?name=x.txt", "text"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a draft of another form: %d", a.StatusCode)
	}
	if a := w.do("team-token", "POST", "/drafts/{draft}/files?name=x.txt", "text"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a token of a team: %d", a.StatusCode)
	}
}

// TestBrokenOff breaks an upload off on the wire, and sends it again under its key.
func TestBrokenOff(t *testing.T) {
	w := open(t)
	server := httptest.NewServer(w.server)
	defer server.Close()
	before := w.onDisk()
	body := strings.Repeat("half a file\n", 10_000)
	send := func(part string) *http.Response {
		t.Helper()
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		r := w.request("member", "POST", "/drafts/{draft}/files?name=half.txt", "", "Idempotency-Key", "half")
		_, err = fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\nIdempotency-Key: half\r\nContent-Length: %d\r\n\r\n%s",
			r.URL.RequestURI(), here, r.Header.Get("Authorization"), len(body), part)
		if err == nil && part != body {
			err = c.(*net.TCPConn).CloseWrite()
		}
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(c), r)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	res := send(body[:len(body)/2])
	if res.StatusCode != http.StatusBadRequest || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("broken off: %d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	if got := w.onDisk(); !slices.Equal(got, before) {
		t.Errorf("half a file stays: %v", got)
	}
	if res := send(body); res.StatusCode != http.StatusCreated {
		t.Errorf("sent again: %d", res.StatusCode)
	}
	if a := w.do("member", "GET", "/drafts/{draft}/files", ""); !strings.Contains(a.body, fmt.Sprintf(`"size":%d`, len(body))) {
		t.Errorf("it does not hang on the draft: %s", a.body)
	}
}
