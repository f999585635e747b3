package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestEveryBugClassHasATest reads the table of docs/security/bugs.md: each of
// the 71 classes stands in it once, with tests that exist, or says "not yet" and
// why.
func TestEveryBugClassHasATest(t *testing.T) {
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "docs", "security", "bugs.md"))
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`^\| (\d+) \| [^|]+ \| ([^|]+) \|$`)
	cited := regexp.MustCompile("`([a-z/]+)`: ((?:`\\w+`(?:, )?)+)")
	name := regexp.MustCompile("`(\\w+)`")
	sources := make(map[string]string) // the tests of a package
	next := 1
	for line := range strings.Lines(string(text)) {
		m := row.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			continue
		}
		if n, err := strconv.Atoi(m[1]); err != nil || n != next {
			t.Errorf("row %s, want %d", m[1], next)
		}
		next++
		found := 0
		for _, c := range cited.FindAllStringSubmatch(m[2], -1) {
			if _, ok := sources[c[1]]; !ok {
				sources[c[1]] = testsOf(t, filepath.Join(root, filepath.FromSlash(c[1])))
			}
			for _, test := range name.FindAllStringSubmatch(c[2], -1) {
				found++
				if !strings.Contains(sources[c[1]], "\nfunc "+test[1]+"(") {
					t.Errorf("row %s: %s has no %s", m[1], c[1], test[1])
				}
			}
		}
		if found != strings.Count(m[2], "`Test")+strings.Count(m[2], "`Fuzz")+strings.Count(m[2], "`Benchmark") {
			t.Errorf("row %s names tests without their package: %s", m[1], m[2])
		}
		if found == 0 && !strings.Contains(m[2], "not yet: ") {
			t.Errorf("row %s has neither a test nor a reason: %s", m[1], m[2])
		}
	}
	if next != 72 {
		t.Errorf("%d rows, want 71", next-1)
	}
}

func testsOf(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no tests: %v", dir, err)
	}
	var all strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
