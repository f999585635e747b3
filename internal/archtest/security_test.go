package archtest

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestEveryBugClassHasATest reads the table of docs/security/bugs.md: each of
// the 71 classes stands in it once, with tests that exist, or says "not yet" and
// why.
func TestEveryBugClassHasATest(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "security", "bugs.md"))
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`^\| (\d+) \| [^|]+ \| ([^|]+) \|$`)
	proof := newProofs(t)
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
		if proof.tests(m[1], m[2]) == 0 && !strings.Contains(m[2], "not yet: ") {
			t.Errorf("row %s has neither a test nor a reason: %s", m[1], m[2])
		}
	}
	if next != 72 {
		t.Errorf("%d rows, want 71", next-1)
	}
}

// TestEveryRequirementIsAnswered reads the table of docs/security/asvs.md: each
// requirement of ASVS 5.0 level 2 stands in it once, alone or among neighbours,
// and what it names exists.
func TestEveryRequirementIsAnswered(t *testing.T) {
	numbers, err := os.ReadFile("testdata/asvs-5.0-level-2")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Fields(string(numbers))
	text, err := os.ReadFile(filepath.Join(root, "docs", "security", "asvs.md"))
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`^\| (V[\d.]+)(?: to (V[\d.]+))? \| [^|]+ \| ([^|]+) \|$`)
	file := regexp.MustCompile("`([\\w.-]+/[\\w./-]+\\.\\w+|\\w+\\.md|Makefile|deps\\.txt)`")
	proof := newProofs(t)
	var got []string
	for line := range strings.Lines(string(text)) {
		m := row.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			continue
		}
		from, to := slices.Index(want, m[1]), slices.Index(want, cmp.Or(m[2], m[1]))
		if from < 0 || to < from {
			t.Errorf("%s: no such requirements", m[0])
			continue
		}
		got = append(got, want[from:to+1]...)
		proof.tests(m[1], m[3])
		for _, f := range file.FindAllStringSubmatch(m[3], -1) {
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(f[1]))); err != nil {
				t.Errorf("%s: %v", m[1], err)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the table holds %d requirements, want these %d in their order", len(got), len(want))
	}
}

// proofs looks up tests that a document names.
type proofs struct {
	t       *testing.T
	sources map[string]string // the tests of a package
}

func newProofs(t *testing.T) *proofs { return &proofs{t, make(map[string]string)} }

var (
	cited = regexp.MustCompile("`([a-z/]+)`: ((?:`\\w+`(?:, )?)+)")
	named = regexp.MustCompile("`(\\w+)`")
)

// tests reports tests that a row names and that do not exist, and returns how
// many it names.
func (p *proofs) tests(row, text string) (found int) {
	p.t.Helper()
	for _, c := range cited.FindAllStringSubmatch(text, -1) {
		if _, ok := p.sources[c[1]]; !ok {
			p.sources[c[1]] = testsOf(p.t, filepath.Join(root, filepath.FromSlash(c[1])))
		}
		for _, test := range named.FindAllStringSubmatch(c[2], -1) {
			found++
			if !strings.Contains(p.sources[c[1]], "\nfunc "+test[1]+"(") {
				p.t.Errorf("row %s: %s has no %s", row, c[1], test[1])
			}
		}
	}
	if found != strings.Count(text, "`Test")+strings.Count(text, "`Fuzz")+strings.Count(text, "`Benchmark") {
		p.t.Errorf("row %s names tests without their package: %s", row, text)
	}
	return found
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
