package browsertest_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/internal/browsertest"
)

// The tests below run themselves again as a child process that must fail,
// because a test cannot watch its own failure.
const failing = "RUBATO_BROWSERTEST_FAIL"

// fail runs the test as a child and returns what it printed.
func fail(t *testing.T, environment, arguments []string) string {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], append([]string{"-test.run=^" + t.Name() + "$"}, arguments...)...)
	child.Env = append(append(os.Environ(), failing+"=1"), environment...)
	out, err := child.CombinedOutput()
	if err == nil {
		t.Fatalf("the child passed:\n%s", out)
	}
	return string(out)
}

func TestFailureKeepsThePage(t *testing.T) {
	if os.Getenv(failing) != "" {
		p := browsertest.New(t)
		p.Open(serve(t, map[string]string{"/": "<h1>Hello</h1><p class=gone>secret</p><p class=over>over</p><button disabled>Send</button>"}) + "/")
		browsertest.Eval[bool](p, `console.log("a note"), true`)
		t.Error("failed on purpose")
		return
	}
	dir := t.TempDir()
	fail(t, nil, []string{"-test.artifacts", "-test.outputdir=" + dir})
	kept := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		kept[filepath.Ext(path)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for ending, want := range map[string]string{".png": "PNG", ".html": "<h1>Hello</h1>", ".txt": "console.log: a note"} {
		if !strings.Contains(kept[ending], want) {
			t.Errorf("kept %s holds %d bytes without %q", ending, len(kept[ending]), want)
		}
	}
}

func TestMissingBrowserNamesTheCommand(t *testing.T) {
	if os.Getenv(failing) != "" {
		browsertest.New(t)
		return
	}
	out := fail(t, []string{"PATH=/nowhere", browsertest.Env + "="}, nil)
	if want := "apt-get install -y chromium"; !strings.Contains(out, want) {
		t.Errorf("without a browser the test says %q, without %q", out, want)
	}
	if strings.Contains(out, "SKIP") {
		t.Errorf("without a browser the test was skipped: %q", out)
	}
}
