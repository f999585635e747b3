package static

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestServes(t *testing.T) {
	kinds := map[string]string{
		"tokens.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8", "mark.svg": "image/svg+xml",
		"fonts/literata-latin-wght-normal.woff2": "font/woff2", "fonts/LICENSE-literata.txt": "text/plain; charset=utf-8",
	}
	for name, kind := range kinds {
		a := get(t, Path(name))
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != kind {
			t.Errorf("%s: %d %s, want %s", name, a.StatusCode, a.Header.Get("Content-Type"), kind)
		}
		for h, want := range map[string]string{
			"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := a.Header.Get(h); got != want {
				t.Errorf("%s: %s is %q, want %q", name, h, got, want)
			}
		}
		body, err := io.ReadAll(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		if string(body) != string(file) {
			t.Errorf("%s: the answer is not the file", name)
		}
	}
}

func TestPacked(t *testing.T) {
	a := get(t, Path("components.css"), "Accept-Encoding", "br, gzip")
	if a.Header.Get("Content-Encoding") != "gzip" || a.Header.Get("Vary") != "Accept-Encoding" {
		t.Fatalf("encoding %q, vary %q", a.Header.Get("Content-Encoding"), a.Header.Get("Vary"))
	}
	z, err := gzip.NewReader(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(body), ".dayline") {
		t.Error("the packed file is not the file")
	}
	if a := get(t, Path("fonts/literata-latin-wght-normal.woff2"), "Accept-Encoding", "gzip"); a.Header.Get("Content-Encoding") != "" {
		t.Error("a font is packed twice")
	}
}

func TestOtherAddresses(t *testing.T) {
	old := get(t, Prefix+"0123456789abcdef/tokens.css")
	if old.StatusCode != http.StatusOK || old.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("an old checksum: %d %q", old.StatusCode, old.Header.Get("Cache-Control"))
	}
	for _, path := range []string{Prefix, Path("none.css"), Path("fonts"), Path("../static.go"), Prefix + "tokens.css"} {
		if a := get(t, path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
}

// TestRefersToWhatIsThere holds that styles and scripts name only files that
// are served, and nothing of another host.
func TestRefersToWhatIsThere(t *testing.T) {
	refers := regexp.MustCompile(`url\(([^)#]+)\)|from "\./([^"]+)"`)
	for _, name := range Names() {
		if !strings.HasSuffix(name, ".css") && !strings.HasSuffix(name, ".js") {
			continue
		}
		body := string(loaded().files[name].body)
		for _, m := range refers.FindAllStringSubmatch(body, -1) {
			to := m[1] + m[2]
			if _, ok := loaded().files[to]; !ok {
				t.Errorf("%s refers to %s, which is not there", name, to)
			}
		}
		if strings.Contains(body, "http://") || strings.Contains(body, "https://") || strings.Contains(body, "@import") {
			t.Errorf("%s refers to another host", name)
		}
		for _, sink := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"} {
			if strings.Contains(body, sink) {
				t.Errorf("%s uses %s; only swap.js turns text into elements, by its policy", name, sink)
			}
		}
		if strings.HasSuffix(name, ".js") && name != "swap.js" && (strings.Contains(body, "createPolicy") || strings.Contains(body, "DOMParser") || strings.Contains(body, "fetch(")) {
			t.Errorf("%s does what is swap.js's alone", name)
		}
	}
}
