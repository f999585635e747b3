package serve_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/internal/browsertest"
)

// uploader is somebody at a running demo, without a browser.
type uploader struct {
	t    *testing.T
	http *http.Client
	at   string
}

func signIn(t *testing.T, address, handle string) uploader {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := uploader{t, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, address}
	if handle != "" {
		if res, _ := c.do("POST", "/demo/person", "application/x-www-form-urlencoded", strings.NewReader("person="+handle), nil); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("sign in as %s: %s", handle, res.Status)
		}
	}
	return c
}

func (c uploader) do(method, path, media string, body io.Reader, header map[string]string) (*http.Response, string) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.at+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if media != "" {
		req.Header.Set("Content-Type", media)
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return res, string(got)
}

func (c uploader) get(path string) (int, string) {
	c.t.Helper()
	res, body := c.do("GET", path, "", nil, nil)
	return res.StatusCode, body
}

// file is one in a form.
type file struct{ name, body string }

// post sends a multipart form, fields (name and value in turn) before files.
func (c uploader) post(path string, fields []string, files ...file) (int, string) {
	c.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			c.t.Fatal(err)
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile("files", f.name)
		if err != nil {
			c.t.Fatal(err)
		}
		if _, err := io.WriteString(part, f.body); err != nil {
			c.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		c.t.Fatal(err)
	}
	res, body := c.do("POST", path, w.FormDataContentType(), &b, nil)
	return res.StatusCode, body
}

var (
	fileLink  = regexp.MustCompile(`/files/[0-9a-z]{26}`)
	itemID    = regexp.MustCompile(`/items/([0-9a-z]{26})/comments`)
	resetForm = regexp.MustCompile(`action="(/admin/people/[0-9a-z]{26}/reset)"`)
	itemRef   = regexp.MustCompile(`href="(/[UA]-[0-9]+)"`)
)

func draftID(n int) string { return fmt.Sprintf("01kax0000000000000000%05d", n) }

func first(t *testing.T, re *regexp.Regexp, in string) string {
	t.Helper()
	m := re.FindStringSubmatch(in)
	if m == nil {
		t.Fatalf("nothing like %s in %s", re, in[:min(len(in), 3000)])
	}
	return m[len(m)-1]
}

// TestFilesFollowTheirItem is row 16 and 18 of security 2: a file is had only
// through what carries it, by who sees that at the moment they ask.
func TestFilesFollowTheirItem(t *testing.T) {
	both(t, func(t *testing.T, database string) {
		address := start(t, database)
		jonas, kenji, elif, nobody := signIn(t, address, "jonas"), signIn(t, address, "kenji"), signIn(t, address, "elif"), signIn(t, address, "")
		status := func(what, path string, want map[int][]uploader) {
			t.Helper()
			for code, people := range want {
				for i, c := range people {
					if got, _ := c.get(path); got != code {
						t.Errorf("%s: person %d gets %d, want %d", what, i, got, code)
					}
				}
			}
		}

		// On a draft: its owner's alone.
		write := func(n int) []string {
			return []string{"key", fmt.Sprint("k", n), "draft", draftID(n), "kind", "update", "point", "A canary.", "where", "named", "to", "@kenji"}
		}
		if code, body := jonas.post("/drafts/"+draftID(1), write(1), file{"plan.txt", "canary one"}); code != http.StatusSeeOther {
			t.Fatalf("save: %d %s", code, body)
		}
		_, body := jonas.get("/drafts/" + draftID(1))
		plan := first(t, fileLink, body)
		status("a draft's file", plan, map[int][]uploader{200: {jonas}, 404: {kenji, elif}, 303: {nobody}})
		if _, body := jonas.get("/drafts"); !strings.Contains(body, "plan.txt") || !strings.Contains(body, "Text, ") {
			t.Error("the drafts do not say what hangs on them")
		}
		// Another person's id in a request of one's own moves nothing.
		if code, _ := kenji.post(plan+"/removal", nil); code != http.StatusNotFound {
			t.Errorf("removal by another: %d", code)
		}
		if code, _ := kenji.post("/drafts/"+draftID(1)+"/files", nil, file{"mine.txt", "mine"}); code != http.StatusSeeOther {
			t.Errorf("files of my own under the same name: %d", code)
		}
		_, body = jonas.get("/drafts/" + draftID(1))
		if strings.Contains(body, "mine.txt") {
			t.Error("somebody else's file hangs on my draft")
		}

		// Sent: whoever it names, and nobody else.
		code, body := jonas.post("/write", write(1))
		if code != http.StatusCreated {
			t.Fatalf("send: %d", code)
		}
		ref := first(t, itemRef, body)
		status("a sent file", plan, map[int][]uploader{200: {jonas, kenji}, 404: {elif}, 303: {nobody}})
		if code, _ := jonas.post(plan+"/removal", nil); code != http.StatusNotFound {
			t.Errorf("taken off after it was sent: %d", code)
		}

		// A comment brings one, and takes it along when it is taken back.
		_, body = kenji.get(ref)
		id := first(t, itemID, body)
		if code, body := kenji.post("/items/"+id+"/comments", []string{"key", "c1", "draft", "comment-" + id, "text", "See this."}, file{"reply.csv", "a,b"}); code != http.StatusSeeOther {
			t.Fatalf("comment: %d %s", code, body)
		}
		_, body = jonas.get(ref)
		if !strings.Contains(body, "reply.csv") {
			t.Fatal("the comment's file is not listed")
		}
		links := fileLink.FindAllString(body, -1)
		reply := links[len(links)-1]
		status("a comment's file", reply, map[int][]uploader{200: {jonas, kenji}, 404: {elif}})

		// An edit adds one.
		if code, body := jonas.post("/items/"+id+"/revisions", []string{"key", "e1", "draft", "edit-" + id, "base", "1", "point", "A canary, again."}, file{"more.txt", "more"}); code != http.StatusSeeOther {
			t.Fatalf("edit: %d %s", code, body)
		}
		if _, body := kenji.get(ref); !strings.Contains(body, "more.txt") {
			t.Error("the edit's file is not listed")
		}

		// Taken back: nobody's, not even its author's.
		if code, _ := jonas.post("/items/"+id+"/deletion", []string{"key", "d1"}); code != http.StatusSeeOther {
			t.Fatalf("deletion: %d", code)
		}
		status("what was taken back", plan, map[int][]uploader{404: {jonas, kenji, elif}})
		status("a comment on what was taken back", reply, map[int][]uploader{404: {jonas, kenji, elif}})
	})
}

// TestRefusedFilesKeepTheWords: whatever becomes of a file, the form comes back
// with everything that was typed, and says what happened.
func TestRefusedFilesKeepTheWords(t *testing.T) {
	jonas := signIn(t, start(t, ""), "jonas")
	words := []string{"key", "k", "draft", draftID(1), "kind", "update", "point", "The words are kept.", "context", "All of them.", "where", "named", "to", "@kenji"}
	kept := func(what string, code, want int, body string, says ...string) {
		t.Helper()
		if code != want {
			t.Errorf("%s: %d, want %d", what, code, want)
		}
		for _, s := range append(says, "The words are kept.", "All of them.", "@kenji") {
			if !strings.Contains(body, s) {
				t.Errorf("%s does not say %q", what, s)
			}
		}
	}
	code, body := jonas.post("/write", words, file{"void.txt", ""}, file{"good.txt", "good"})
	kept("an empty file", code, 422, body, "void.txt is empty", "good.txt")
	code, body = jonas.post("/write", words, file{"bomb.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x01\x00\x00\x00\x01\x00\x00\x08\x02\x00\x00\x00\x00\x00\x00\x00"})
	kept("a pixel bomb", code, 422, body, "bomb.png has more than 40 million pixels")

	// 100 MB and one byte, and one that claims far more than it has.
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() {
		for i := 0; i < len(words); i += 2 {
			_ = form.WriteField(words[i], words[i+1])
		}
		part, _ := form.CreateFormFile("files", "film.bin")
		zero := make([]byte, 1<<20)
		for range 96 { // 100,663,296
			_, _ = part.Write(zero)
		}
		_ = form.Close()
		_ = w.Close()
	}()
	res, body := jonas.do("POST", "/write", form.FormDataContentType(), r, nil)
	kept("a file that is too large", res.StatusCode, 413, body, "film.bin is larger")

	for n := range 19 { // good.txt hangs there already
		if code, _ := jonas.post("/drafts/"+draftID(1), words, file{fmt.Sprintf("f%d.txt", n), "x"}); code != http.StatusSeeOther {
			t.Fatalf("file %d: %d", n, code)
		}
	}
	code, body = jonas.post("/write", words, file{"last.txt", "x"})
	kept("a file too many", code, 422, body, "last.txt would be one file too many")

	// Words beyond what a form takes: a page that can be read.
	code, body = jonas.post("/write", append(words, "readers", strings.Repeat("x", 1<<20)))
	if code != 413 || !strings.Contains(body, "This is too large.") {
		t.Errorf("too many words: %d", code)
	}
	// A form that breaks off is no fault of ours.
	res, body = jonas.do("POST", "/write", "multipart/form-data; boundary=b", strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"draft\"\r\n\r\n"+draftID(1)+"\r\n--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"x.txt\"\r\n\r\nhalf a fi"), nil)
	if res.StatusCode != http.StatusBadRequest || strings.Contains(body, "our fault") {
		t.Errorf("broken off: %d", res.StatusCode)
	}
	if code, _ := jonas.post("/drafts/short/files", nil, file{"x.txt", "x"}); code != http.StatusNotFound {
		t.Errorf("a draft of another form: %d", code)
	}
}

// TestFilesAreServed: Range, HEAD, and headers that let nothing run.
func TestFilesAreServed(t *testing.T) {
	jonas := signIn(t, start(t, ""), "jonas")
	const script = `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`
	png, err := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")
	if err != nil {
		t.Fatal(err)
	}
	for n, f := range []struct{ name, body, media, how string }{
		{"board.png", string(png), "image/png", "inline; filename=board.png"},
		{"page.png", "<html><script>alert(1)</script>", "text/plain; charset=utf-8", "attachment; filename=page.png"},
		{"draw.svg", script, "text/plain; charset=utf-8", "attachment; filename=draw.svg"},
		{"Größe\u202Egnp.exe", "MZ\x90\x00" + script, "application/octet-stream", "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fegnp.exe"},
		{"plan.pdf", "%PDF-1.7 " + script, "application/pdf", "attachment; filename=plan.pdf"},
	} {
		jonas.post("/drafts/"+draftID(n), []string{"draft", draftID(n), "point", "x"}, file{f.name, f.body})
		_, body := jonas.get("/drafts/" + draftID(n))
		link := first(t, fileLink, body)
		for _, method := range []string{"GET", "HEAD"} {
			res, body := jonas.do(method, link, "", nil, nil)
			for name, want := range map[string]string{
				"Content-Type": f.media, "Content-Disposition": f.how, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
				"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'", "Accept-Ranges": "bytes",
				"Content-Length": fmt.Sprint(len(f.body)), "Cross-Origin-Resource-Policy": "same-origin",
			} {
				if got := res.Header.Get(name); got != want {
					t.Errorf("%s %s: %s is %q, want %q", method, f.name, name, got, want)
				}
			}
			if want := map[string]string{"GET": f.body, "HEAD": ""}[method]; res.StatusCode != http.StatusOK || body != want {
				t.Errorf("%s %s: %d %q", method, f.name, res.StatusCode, body)
			}
		}
		for rng, want := range map[string]string{"bytes=2-4": f.body[2:5], "bytes=5-": f.body[5:], "bytes=-3": f.body[len(f.body)-3:]} {
			if res, body := jonas.do("GET", link, "", nil, map[string]string{"Range": rng}); res.StatusCode != http.StatusPartialContent || body != want {
				t.Errorf("%s %s: %d %q, want %q", f.name, rng, res.StatusCode, body, want)
			}
		}
		if res, _ := jonas.do("GET", link, "", nil, map[string]string{"Range": "bytes=900000-"}); res.StatusCode != http.StatusRequestedRangeNotSatisfiable {
			t.Errorf("a range behind the end: %d", res.StatusCode)
		}
	}
	for _, path := range []string{"/files/", "/files/..", "/files/%2e%2e%2frubato.db", "/files/" + draftID(9)} {
		if code, _ := jonas.get(path); code != 404 && code != 307 {
			t.Errorf("%s: %d", path, code)
		}
	}
}

// TestAttachInTheBrowser attaches with the script and without, sends, and sees
// it; what somebody meant to run does not.
func TestAttachInTheBrowser(t *testing.T) {
	address := start(t, "")
	dir := t.TempDir()
	write := func(name, body string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	png, err := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")
	if err != nil {
		t.Fatal(err)
	}
	board := write("board.png", string(png)+"<script>document.title='ran'</script>")
	evil := write("evil.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='ran'"><script>document.title='ran'</script></svg>`)

	v := visitor{t, browsertest.New(t)}
	v.Open(address + "/")
	v.be("jonas")
	v.Open("/write")
	v.Fill(`[name="point"]`, "The board as riders see it.")
	v.Type(`#to`, "@kenji,")
	v.Choose(`[name="where"]`, "named")
	v.Upload(`#files-of-write`, board, evil)
	v.WaitText(".attached", "evil.svg")
	v.says(".attached", "Picture, ")
	v.Click(`.attached [data-put]`)
	if got := browsertest.Eval[string](v.Page, `document.querySelector("[name=context]").value`); !strings.Contains(got, "![board](/files/") {
		t.Errorf("the text has no picture: %q", got)
	}
	v.Upload(`#files-of-write`, write("wrong.txt", "wrong"))
	v.WaitText(".attached", "wrong.txt")
	v.Click(`.attached li:nth-child(3) [data-take-off]`)
	v.WaitText(`[data-says]`, "wrong.txt is taken off")
	v.WaitText(`#draft-state`, "Draft saved")
	v.WaitText(`#beside`, "Kenji")
	v.Follow(`.bar .btn-pen`)
	if v.Status() != 201 {
		t.Fatalf("sending answered %d: %s", v.Status(), v.Text("main"))
	}
	v.Open(v.Attribute(`.point a`, "href"))
	v.says(".files", "board.png")
	v.says(".files", "evil.svg")
	v.silent(".files", "wrong.txt")
	if n := browsertest.Eval[int](v.Page, `document.querySelector(".prose img").naturalWidth`); n != 1 {
		t.Errorf("the picture in the text is %d pixels wide", n)
	}

	v.Clean()

	// As a picture, a script or a page, what was uploaded runs nothing.
	link := browsertest.Eval[string](v.Page, `document.querySelector(".prose img").getAttribute("src")`)
	item := v.Path()
	v.Open(link)
	if got := browsertest.Eval[string](v.Page, `document.title + document.querySelectorAll("script").length`); strings.Contains(got, "ran") || !strings.HasSuffix(got, "0") {
		t.Errorf("the picture opened by its address: %q", got)
	}

	// Without a script the form brings the file itself, and a comment too.
	w := visitor{t, browsertest.New(t)}
	w.NoScript()
	w.Open(address + "/")
	w.be("kenji")
	w.Open(item)
	w.Click(`#comment .attach summary`)
	w.Fill(`#comment textarea`, "Here is ours.")
	w.Upload(`#comment input[type=file]`, write("ours.csv", "a,b\n1,2\n"))
	w.Follow(`#comment button`)
	w.says(".thread", "ours.csv")
	w.Clean()
	w.Fill(`#comment textarea`, "And nothing in this one.")
	w.Click(`#comment .attach summary`)
	w.Upload(`#comment input[type=file]`, write("void.csv", ""))
	w.Follow(`#comment button`)
	w.says("main", "void.csv is empty")
	if got := browsertest.Eval[string](w.Page, `document.querySelector("#comment textarea").value`); got != "And nothing in this one." {
		t.Errorf("the comment says %q", got)
	}
	if found := w.Violations(); len(found) > 0 {
		t.Errorf("violations: %v", found)
	}
}
