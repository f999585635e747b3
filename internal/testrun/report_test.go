package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReport(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string // of a module example.org/m
		want  []string          // lines that must be printed
		never []string
		close string
		err   string // "" is a success
	}{
		{
			name:  "all is well",
			files: map[string]string{"a/a_test.go": "package a\nimport \"testing\"\nfunc TestA(t *testing.T) { t.Log(\"chatter\"); t.Attr(\"count\", \"3 things\"); t.Run(\"sub\", func(t *testing.T) {}) }\n", "b/b.go": "package b\n"},
			want:  []string{"ok  \texample.org/m/a", "    \texample.org/m/a TestA\tcount: 3 things"},
			never: []string{"chatter", "example.org/m/b"},
			close: "2 passed, 0 failed",
		},
		{
			name: "a failure is told with its words",
			files: map[string]string{"a/a_test.go": "package a\nimport \"testing\"\nfunc TestGood(t *testing.T) { t.Log(\"chatter\") }\n" +
				"func TestBad(t *testing.T) { t.Error(\"the reason\") }\n"},
			want:  []string{"--- FAIL: example.org/m/a TestBad", "    a_test.go:4: the reason", "FAIL\texample.org/m/a"},
			never: []string{"chatter"},
			close: "1 passed, 1 failed",
			err:   "tests failed",
		},
		{
			name:  "a skip is a failure of the run",
			files: map[string]string{"a/a_test.go": "package a\nimport \"testing\"\nfunc TestA(t *testing.T) {}\nfunc TestB(t *testing.T) { t.Skip(\"no browser\") }\n"},
			want:  []string{"--- SKIP: example.org/m/a TestB", "    a_test.go:4: no browser"},
			close: "1 passed, 0 failed, 1 skipped",
			err:   "tests were skipped",
		},
		{
			name:  "no test at all",
			files: map[string]string{"a/a.go": "package a\n"},
			close: "0 passed, 0 failed",
			err:   "no test ran",
		},
		{
			name: "what does not build is told once",
			files: map[string]string{
				"a/a.go": "package a\nfunc A() { missing() }\n", "a/a_test.go": "package a\nimport \"testing\"\nfunc TestA(t *testing.T) {}\n",
				"b/b_test.go": "package b\nimport (\n\"testing\"\n\"example.org/m/a\"\n)\nfunc TestB(t *testing.T) { a.A() }\n",
				"c/c_test.go": "package c\nimport \"testing\"\nfunc TestC(t *testing.T) {}\n",
			},
			want:  []string{"a/a.go:2:12: undefined: missing", "FAIL\texample.org/m/a", "FAIL\texample.org/m/b", "ok  \texample.org/m/c"},
			close: "1 passed, 2 failed",
			err:   "tests failed",
		},
		{
			name:  "a panic is told by the test that was running",
			files: map[string]string{"a/a_test.go": "package a\nimport \"testing\"\nfunc TestA(t *testing.T) { c := make(chan int); go func() { panic(\"oh no\") }(); <-c }\n"},
			want:  []string{"panic: oh no", "FAIL\texample.org/m/a"},
			close: "0 passed, 1 failed",
			err:   "tests failed",
		},
		{
			name:  "TestMain that fails alone",
			files: map[string]string{"a/a_test.go": "package a\nimport (\n\"fmt\"\n\"os\"\n\"testing\"\n)\nfunc TestMain(m *testing.M) { m.Run(); fmt.Println(\"left behind\"); os.Exit(3) }\nfunc TestA(t *testing.T) {}\n"},
			want:  []string{"left behind", "FAIL\texample.org/m/a"},
			close: "1 passed, 1 failed",
			err:   "tests failed",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			tt.files["go.mod"] = "module example.org/m\n\ngo 1.26\n"
			for name, text := range tt.files {
				path := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.CommandContext(t.Context(), "go", "test", "-vet=off", "-json", "./...")
			cmd.Dir = dir
			stream, err := cmd.Output() // fails when a test does
			var printed strings.Builder
			r := newReport(&printed)
			r.broken = err != nil
			for line := range strings.Lines(string(stream)) {
				r.line([]byte(strings.TrimSuffix(line, "\n")))
			}
			err = r.close()
			if got := errorText(err); got != tt.err {
				t.Errorf("error = %q, want %q", got, tt.err)
			}
			lines := strings.Split(strings.TrimSuffix(printed.String(), "\n"), "\n")
			if got := lines[len(lines)-1]; got != tt.close {
				t.Errorf("last line = %q, want %q", got, tt.close)
			}
			for _, want := range tt.want {
				if strings.Count(printed.String(), want) != 1 {
					t.Errorf("%q is not printed once", want)
				}
			}
			for _, never := range tt.never {
				if strings.Contains(printed.String(), never) {
					t.Errorf("%q is printed", never)
				}
			}
			if t.Failed() {
				t.Logf("printed:\n%s", printed.String())
			}
		})
	}
}

// TestReportTimeOut has a stream as go test writes it when a package takes too long.
func TestReportTimeOut(t *testing.T) {
	var printed strings.Builder
	r := newReport(&printed)
	for _, e := range []event{
		{Action: "run", Package: "m/a", Test: "TestSlow"},
		{Action: "output", Package: "m/a", Test: "TestSlow", Output: "=== RUN   TestSlow\n"},
		{Action: "output", Package: "m/a", Test: "TestSlow", Output: "panic: test timed out after 1s\n"},
		{Action: "output", Package: "m/a", Output: "FAIL\tm/a\t1.0s\n"},
		{Action: "fail", Package: "m/a", Elapsed: 1},
	} {
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		r.line(line)
	}
	r.line([]byte("a line that is no event"))
	want := "--- UNFINISHED: m/a TestSlow\npanic: test timed out after 1s\nFAIL\tm/a\t1.0s\na line that is no event\n"
	if diff := cmp.Diff(want, printed.String()); diff != "" {
		t.Errorf("printed (-want +got):\n%s", diff)
	}
	if err := r.close(); errorText(err) != "tests failed" {
		t.Errorf("close = %v", err)
	}
}

func TestUnder(t *testing.T) {
	for _, tt := range []struct {
		dir, folders string
		want         bool
	}{
		{"store", "store,door", true},
		{"store/storetest", "store,door", true},
		{"storehouse", "store,door", false},
		{"door", "store,door", true},
		{"door", "", false},
	} {
		if got := under(tt.dir, tt.folders); got != tt.want {
			t.Errorf("under(%q, %q) = %v", tt.dir, tt.folders, got)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
