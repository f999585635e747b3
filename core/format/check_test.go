package format

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// document is one of the corpus, with the kind and the remarks that its first
// line says.
type document struct {
	name, text string
	kind       Kind
	want       []string
}

func corpus(t testing.TB) []document {
	t.Helper()
	files, err := filepath.Glob("testdata/corpus/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	var docs []document
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := bytes.Cut(text, []byte("-->"))
		kind, wants, ok := strings.Cut(strings.TrimPrefix(string(head), "<!-- "), ":")
		if !ok {
			t.Fatalf("%s: its first line says nothing", file)
		}
		d := document{name: filepath.Base(file), text: string(text), kind: Kind(kind)}
		for want := range strings.SplitSeq(wants, ",") {
			if want = strings.TrimSpace(want); want != "" {
				d.want = append(d.want, want)
			}
		}
		// What stands in it is for the test alone: front matter comes first.
		if _, rest, ok := strings.Cut(d.text, "-->\n---\n"); ok {
			d.text = "---\n" + rest
			for i, want := range d.want {
				rule, line, _ := strings.Cut(want, " ")
				n := 0
				fmt.Sscan(line, &n)
				d.want[i] = fmt.Sprintf("%s %d", rule, n-1)
			}
		}
		docs = append(docs, d)
	}
	return docs
}

// TestCorpus measures the check on documents in five languages that say of
// themselves what is wrong with them, and where.
func TestCorpus(t *testing.T) {
	c := New()
	type count struct{ right, wrong, missed int }
	rules := make(map[Rule]*count)
	for _, d := range corpus(t) {
		want := slices.Clone(d.want)
		for _, r := range c.Check(d.kind, d.text) {
			if rules[r.Rule] == nil {
				rules[r.Rule] = &count{}
			}
			got := fmt.Sprintf("%s %d", r.Rule, r.Line)
			if i := slices.Index(want, got); i >= 0 {
				want = slices.Delete(want, i, i+1)
				rules[r.Rule].right++
				continue
			}
			rules[r.Rule].wrong++
			t.Logf("%s: not wanted: %s %s", d.name, got, r.Word)
		}
		for _, w := range want {
			rule, _, _ := strings.Cut(w, " ")
			if rules[Rule(rule)] == nil {
				rules[Rule(rule)] = &count{}
			}
			rules[Rule(rule)].missed++
			t.Logf("%s: passed over: %s", d.name, w)
		}
	}
	for _, rule := range []Rule{AskNotOnTop, AskBuried, NoOwner, NoTimeframe, OneOption, NoRecommendation, WallOfText, UndefinedAcronym, LinkText} {
		n := rules[rule]
		if n == nil {
			t.Errorf("%s: nothing in the corpus", rule)
			continue
		}
		precision, recall := float64(n.right)/float64(max(n.right+n.wrong, 1)), float64(n.right)/float64(max(n.right+n.missed, 1))
		t.Logf("%-18s %3d right, precision %.2f, recall %.2f", rule, n.right, precision, recall)
		if precision < .95 || recall < .9 {
			t.Errorf("%s: precision %.2f, recall %.2f", rule, precision, recall)
		}
	}
}

// TestKindOf: documents of the corpus are taken for what they are. A decision that
// names no ways, and an update that ends in an ask, may not be.
func TestKindOf(t *testing.T) {
	c := New()
	docs, wrong := corpus(t), 0
	for _, d := range docs {
		if got := c.KindOf(d.text); got != d.kind {
			wrong++
			t.Logf("%s: taken for %s", d.name, got)
		}
	}
	if wrong*6 > len(docs) {
		t.Errorf("%d of %d are taken for something else", wrong, len(docs))
	}
}

func FuzzCheck(f *testing.F) {
	c := New()
	for _, d := range corpus(f) {
		f.Add(d.text)
	}
	f.Add("---\nowner: x\n---\n[a](b [c][d ![e](f) `g`` <a href=x>here</a> https://x")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		for _, kind := range []Kind{Update, Decision, Request} {
			for _, r := range c.Check(kind, text) {
				if r.Line < 1 || r.Line > lines {
					t.Errorf("a remark on line %d of %d: %s", r.Line, lines, r.Rule)
				}
			}
		}
		c.KindOf(text)
	})
}

func BenchmarkCheck(b *testing.B) {
	c := New()
	var memo strings.Builder // six pages: about 3,000 words
	memo.WriteString("# One database\n\nWe recommend PostgreSQL by Thursday. Mia decides.\n\n")
	docs := corpus(b)
	for i := 0; strings.Count(memo.String(), " ") < 3000; i++ {
		fmt.Fprintf(&memo, "## Part %d\n\n%s\n\n", i, docs[i%len(docs)].text)
	}
	for b.Loop() {
		c.Check(Decision, memo.String())
	}
	b.ReportMetric(float64(len(strings.Fields(memo.String()))), "words")
}
