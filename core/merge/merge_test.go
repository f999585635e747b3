package merge_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/merge"
)

// drawn writes a merge on one line: what one side changed in {m ...} or {t ...},
// a conflict as {mine|theirs}.
func drawn(r merge.Result) string {
	var b strings.Builder
	for _, s := range r.Segments {
		switch s.Kind {
		case merge.Same:
			b.WriteString(s.Mine)
		case merge.Mine:
			b.WriteString("{m " + s.Base + ">" + s.Mine + "}")
		case merge.Theirs:
			b.WriteString("{t " + s.Base + ">" + s.Theirs + "}")
		case merge.Conflict:
			b.WriteString("{" + s.Mine + "|" + s.Theirs + "}")
		}
	}
	return b.String()
}

func TestMerge(t *testing.T) {
	const doc = "# Title\n\nThe run held every writer for 48 minutes.\n\nNothing is half done.\n"
	for _, tt := range []struct{ name, base, mine, theirs, want string }{
		{"nothing", "", "", "", ""},
		{"no change", doc, doc, doc, doc},
		{"only mine", "a\nb\n", "a\nc\n", "a\nb\n", "a\n{m b\n>c\n}"},
		{"only theirs", "a\nb\n", "a\nb\n", "b\n", "{t a\n>}b\n"},
		{"both alike", "a\nb\n", "a\nc\n", "a\nc\n", "a\nc\n"},
		{
			"different paragraphs", doc, strings.Replace(doc, "Title", "Arrivals", 1), strings.Replace(doc, "half", "quite", 1),
			"{m # Title\n># Arrivals\n}\nThe run held every writer for 48 minutes.\n\n{t Nothing is half done.\n>Nothing is quite done.\n}",
		},
		{
			"one paragraph, far apart", "The run held every writer for 48 minutes.", "The nightly run held every writer for 48 minutes.", "The run held every writer for 50 minutes.",
			"The {m >nightly }run held every writer for {t 48>50} minutes.",
		},
		{"one sentence, neighbours", "It is ready today.", "It is done today.", "It is not ready today.", "{It is done today.|It is not ready today.}"},
		{"a comma between is near", "red, green and blue it is", "rot, green and blue it is", "red, grün and blue it is", "{rot, green and blue it is|red, grün and blue it is}"},
		{"same word, two ways", "Due on Friday it is.", "Due on Monday it is.", "Due on Tuesday it is.", "{Due on Monday it is.|Due on Tuesday it is.}"},
		{
			"written anew by both", "one two three four five six seven", "eins two drei four fünf six sieben", "one deux three quatre five cinq seven",
			"{eins two drei four fünf six sieben|one deux three quatre five cinq seven}",
		},
		{
			"neighbouring list items", "- [ ] bread\n- [ ] milk\n- [ ] eggs\n", "- [x] bread\n- [ ] milk\n- [ ] eggs\n", "- [ ] bread\n- [x] milk\n- [ ] eggs\n",
			"- [{m  >x}] bread\n- [{t  >x}] milk\n- [ ] eggs\n",
		},
		{
			"a conflict in one of two lines", "alpha beta gamma\nred green blue\n", "alpha beta delta\nred dark green blue\n", "alpha beta omega\nred green pale blue\n",
			"{alpha beta delta\n|alpha beta omega\n}red{m > dark} green{t > pale} blue\n",
		},
		{"both append", "a\n", "a\nmine\n", "a\ntheirs\n", "a\n{mine\n|theirs\n}"},
		{"both append the same", "a\n", "a\nmore\n", "a\nmore\n", "a\nmore\n"},
		{"both begin", "", "mine", "theirs", "{mine|theirs}"},
		{"deleted here, edited there", "a\n\nlong line here\n\nb\n", "a\n\nb\n", "a\n\nlong line there\n\nb\n", "a\n\n{|long line there\n\n}b\n"},
		{"all deleted here, edited there", "a\nb\n", "", "a\nc\n", "{|a\nc\n}"},
		{"all deleted by both", "a\nb\n", "", "", ""},
		{"deleted here, unchanged there", "a\nb\nc\n", "a\nc\n", "a\nb\nc\n", "a\n{m b\n>}c\n"},
		{"a line put in right before a changed one", "a\nb\n", "a\nx\nb\n", "a\nc\n", "a\n{x\nb\n|c\n}"},
		{"moved by one, edited by the other", "one\ntwo\nthree\n", "two\nthree\none\n", "one is first\ntwo\nthree\n", "{|one is first\n}two\nthree\n{m >one\n}"},
		{"no line end at the end", "a\nb", "a\nb\n", "a\nb", "a\n{m b>b\n}"},
		{"line ends of Windows", "a\r\nb\r\n", "a\r\nc\r\n", "d\r\nb\r\n", "{t a>d}\r\n{m b>c}\r\n"},
		{"not UTF-8", "a \xff b \xfe c d", "a \xff b \xfd c d", "x \xff b \xfe c d", "{t a>x} \xff b {m \xfe>\xfd} c d"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := merge.Merge(tt.base, tt.mine, tt.theirs)
			if diff := cmp.Diff(tt.want, drawn(r)); diff != "" {
				t.Errorf("Merge(%q, %q, %q) (-want +got):\n%s", tt.base, tt.mine, tt.theirs, diff)
			}
			checkMerge(t, tt.base, tt.mine, tt.theirs)
		})
	}
}

func TestResult(t *testing.T) {
	r := merge.Merge("a\n\nb\n", "x\n\nb\n", "y\n\nc\n")
	if text, whole := r.Text(); text != "\nc\n" || whole || r.Conflicts() != 1 {
		t.Errorf("Text() = %q, %v with %d conflicts", text, whole, r.Conflicts())
	}
	both := r.Resolve(func(s merge.Segment) string { return s.Mine + s.Theirs })
	if want := "x\ny\n\nc\n"; both != want {
		t.Errorf("Resolve(both) = %q, want %q", both, want)
	}
	if got := merge.Conflict.String() + merge.Same.String() + merge.Mine.String() + merge.Theirs.String(); got != "conflictsameminetheirs" {
		t.Errorf("kinds read %q", got)
	}
}

func drawnDiff(changes []merge.Change) string {
	var b strings.Builder
	for _, c := range changes {
		switch c.Op {
		case merge.Kept:
			b.WriteString(c.Text)
		case merge.Deleted:
			b.WriteString("[-" + c.Text + "-]")
		case merge.Inserted:
			b.WriteString("{+" + c.Text + "+}")
		}
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	for _, tt := range []struct{ name, a, b, want string }{
		{"empty", "", "", ""},
		{"equal", "a b\nc\n", "a b\nc\n", "a b\nc\n"},
		{"all new", "", "a\n", "{+a\n+}"},
		{"all gone", "a\n", "", "[-a\n-]"},
		{"a word", "Due on Friday, at noon.", "Due on Monday, at noon.", "Due on [-Friday-]{+Monday+}, at noon."},
		{"a word put in", "It is ready.", "It is not ready.", "It is {+not +}ready."},
		{"two words in a row", "the old plan holds", "the new idea holds", "the [-old plan-]{+new idea+} holds"},
		{"two words apart", "the old plan holds today", "the new plan holds tomorrow", "the [-old-]{+new+} plan holds [-today-]{+tomorrow+}"},
		{"a line", "a\nb\nc\n", "a\nx y\nc\n", "a\n[-b-]{+x y+}\nc\n"},
		{"a line gone", "a\nb\nc\n", "a\nc\n", "a\n[-b\n-]c\n"},
		{"lines apart stay apart", "a 1\nb\nc 1\n", "a 2\nb\nc 2\n", "a [-1-]{+2+}\nb\nc [-1-]{+2+}\n"},
		{"moved", "one\ntwo\nthree\n", "two\nthree\none\n", "[-one\n-]two\nthree\n{+one\n+}"},
		{"put in at the start", "b c", "a b c", "{+a +}b c"},
		{"accents", "l'été à Izmir", "l'été à İzmir", "l'été à [-Izmir-]{+İzmir+}"},
		{"no spaces between words", "会议在周一", "会议在周二", "会议在周[-一-]{+二+}"},
		{"punctuation", "yes.", "yes!", "yes[-.-]{+!+}"},
		{"nothing in common", "a b c", "x y z", "[-a b c-]{+x y z+}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := drawnDiff(merge.Diff(tt.a, tt.b)); got != tt.want {
				t.Errorf("Diff(%q, %q) = %s, want %s", tt.a, tt.b, got, tt.want)
			}
		})
	}
	if got := merge.Kept.String() + merge.Deleted.String() + merge.Inserted.String(); got != "keptdeletedinserted" {
		t.Errorf("operations read %q", got)
	}
}
