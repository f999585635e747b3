package web

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bring uploads files with a form, by the names of their fields.
func (w *world) bring(path, cookie string, fields map[string]string, files map[string][2]string) answered {
	w.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, value := range fields {
		w.must(m.WriteField(name, value))
	}
	for field, file := range files {
		part, err := m.CreateFormFile(field, file[0])
		w.must(err)
		_, err = part.Write([]byte(file[1]))
		w.must(err)
	}
	w.must(m.Close())
	r := httptest.NewRequestWithContext(w.Context(), http.MethodPost, "http://"+w.host+path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: "rubato", Value: cookie})
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, r)
	return answered{status: rec.Code, to: rec.Header().Get("Location"), text: html.UnescapeString(rec.Body.String()), header: rec.Header()}
}

// TestReport: a calendar becomes a report that its owner alone sees, and deleting
// it leaves no byte of it (R13, A12.4).
func TestReport(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	w := newHouse(t, "").newWorld()
	text, err := os.ReadFile("../report/testdata/lena.ics")
	w.must(err)
	calendar := [2]string{"lena.ics", string(text)}
	member, admin := w.cookies["member"], w.cookies["admin"]

	w.want("before", w.ask("GET", "/audit", member, nil), 200, "Your calendar", "Make the report")
	w.want("what is no calendar", w.bring("/audit", member, nil, map[string][2]string{"calendar": {"x.ics", "hello"}}), 422, "There is no calendar in it")
	w.want("what is no chat", w.bring("/audit", member, nil, map[string][2]string{"calendar": calendar, "chat": {"x.zip", "hello"}}), 422, "This is no export that can be read")
	w.want("what is too much", w.bring("/audit", member, nil, map[string][2]string{"calendar": {"x.ics", strings.Repeat("x", maxCalendar)}}), 413, "up to 16\u00a0MB")
	w.want("a calendar", w.bring("/audit", member, map[string]string{"me": "lena@example.org"}, map[string][2]string{"calendar": calendar}), 303, "/audit")
	page := w.ask("GET", "/audit", member, nil)
	w.want("the report", page, 200, "Where you stand", "Steering committee", "Customer call Northwind", "Conversion plan", "Delete it")
	if strings.Contains(page.text, "--") {
		t.Error("it names flags of the command line")
	}
	for _, other := range []string{admin, w.cookies["mate"], w.cookies["other"]} {
		if got := w.ask("GET", "/audit", other, nil); strings.Contains(got.text, "Northwind") || got.status != 200 {
			t.Errorf("somebody else sees it: %d", got.status)
		}
		if got := w.ask("GET", "/audit/report.html", other, nil); got.status != 404 {
			t.Errorf("somebody else saves it: %d", got.status)
		}
	}
	file := w.ask("GET", "/audit/report.html", member, nil)
	w.want("as a file", file, 200, "Northwind", "Content-Security-Policy")
	if !strings.Contains(file.header.Get("Content-Disposition"), "attachment") {
		t.Error("the file is shown in place")
	}
	again := w.bring("/audit", member, map[string]string{"me": "lena@example.org"}, map[string][2]string{"calendar": calendar, "chat": {"team.jsonl", `{"type":"version","version":1}` + "\n" + `{"type":"post","post":{"team":"a","channel":"b","user":"lena","message":"can you look?","create_at":1790000000000}}` + "\n"}})
	w.want("a second one, with a chat", again, 303, "/audit")
	w.want("what changed since", w.ask("GET", "/audit", member, nil), 200, "Since last time")

	w.want("deleted", w.ask("POST", "/audit/removal", member, nil), 303, "/audit")
	if got := w.ask("GET", "/audit", member, nil); strings.Contains(got.text, "Northwind") {
		t.Error("it is still there")
	}
	for _, name := range []string{w.database, w.database + "-wal"} {
		held, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, words := range []string{"Northwind", "Steering committee"} {
			if n := bytes.Count(held, []byte(words)); n > 0 {
				t.Errorf("%s holds %q %d times", filepath.Base(name), words, n)
			}
		}
	}
	if left, _ := filepath.Glob(filepath.Join(temp, "rubato-chat-*")); len(left) > 0 {
		t.Errorf("a chat was left behind: %v", left)
	}
}
