package api_test

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestDocs runs the commands of docs/api.md against a server.
func TestDocs(t *testing.T) {
	w := open(t)
	server := httptest.NewServer(w.server)
	defer server.Close()
	text, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 4 {
		t.Fatalf("docs/api.md has only %d commands", len(blocks))
	}
	for _, b := range blocks {
		c := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", b[1]) // the project's own page
		c.Env = append(os.Environ(), "RUBATO="+server.URL, "TOKEN="+w.tokens["member"])
		c.Dir = t.TempDir()
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), `":`) {
			t.Errorf("%s\n%v\n%s", b[1], err, out)
		}
	}
}
