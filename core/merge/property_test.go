package merge_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/merge"
)

// checkMerge holds every law of a merge against three texts.
func checkMerge(t interface{ Errorf(string, ...any) }, base, mine, theirs string) {
	r := merge.Merge(base, mine, theirs)
	var b, m, th strings.Builder
	last := merge.Segment{Kind: 255}
	for _, s := range r.Segments {
		b.WriteString(s.Base)
		m.WriteString(s.Mine)
		th.WriteString(s.Theirs)
		ok := false
		switch s.Kind {
		case merge.Same:
			ok = s.Mine == s.Theirs
		case merge.Mine:
			ok = s.Theirs == s.Base && s.Mine != s.Base
		case merge.Theirs:
			ok = s.Mine == s.Base && s.Theirs != s.Base
		case merge.Conflict:
			ok = s.Mine != s.Theirs && s.Mine != s.Base && s.Theirs != s.Base
		}
		if !ok {
			t.Errorf("Merge(%q, %q, %q): segment %+v is not of its kind", base, mine, theirs, s)
		}
		if s.Kind == last.Kind && s.Kind != merge.Same {
			t.Errorf("Merge(%q, %q, %q): two segments of kind %v in a row", base, mine, theirs, s.Kind)
		}
		last = s
	}
	// Nothing disappears: each text is there whole, and by the kinds above what is
	// not in the merged text is unchanged base, or in a conflict.
	if b.String() != base || m.String() != mine || th.String() != theirs {
		t.Errorf("Merge(%q, %q, %q): its segments join to %q, %q, %q", base, mine, theirs, b.String(), m.String(), th.String())
	}
	mirrored := merge.Merge(base, theirs, mine)
	if len(mirrored.Segments) != len(r.Segments) {
		t.Errorf("Merge(%q, %q, %q) has %d segments, the other way round %d", base, mine, theirs, len(r.Segments), len(mirrored.Segments))
		return
	}
	swap := [...]merge.Kind{merge.Same, merge.Theirs, merge.Mine, merge.Conflict}
	for i, s := range r.Segments {
		if want := (merge.Segment{Kind: swap[s.Kind], Base: s.Base, Mine: s.Theirs, Theirs: s.Mine}); mirrored.Segments[i] != want {
			t.Errorf("Merge(%q, %q, %q): segment %d is %+v, the other way round %+v", base, mine, theirs, i, s, mirrored.Segments[i])
		}
	}
	for _, one := range []struct{ mine, theirs, want string }{
		{mine, base, mine}, {base, mine, mine}, {mine, mine, mine}, {theirs, base, theirs}, {base, base, base},
	} {
		if got, whole := merge.Merge(base, one.mine, one.theirs).Text(); got != one.want || !whole {
			t.Errorf("Merge(%q, %q, %q).Text() = %q, %v", base, one.mine, one.theirs, got, whole)
		}
	}
}

func checkDiff(t interface{ Errorf(string, ...any) }, a, b string) {
	var old, young strings.Builder
	last := merge.Op(255)
	for _, c := range merge.Diff(a, b) {
		if c.Text == "" || c.Op == last || last == merge.Inserted && c.Op == merge.Deleted {
			t.Errorf("Diff(%q, %q): %v %q behind %v", a, b, c.Op, c.Text, last)
		}
		if c.Op != merge.Inserted {
			old.WriteString(c.Text)
		}
		if c.Op != merge.Deleted {
			young.WriteString(c.Text)
		}
		last = c.Op
	}
	if old.String() != a || young.String() != b {
		t.Errorf("Diff(%q, %q) joins to %q and %q", a, b, old.String(), young.String())
	}
}

// A text of few different words, so that much is alike and little is unique.
var texts = rapid.Custom(func(t *rapid.T) string {
	pieces := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "cd", "é", "会", " ", " ", ", ", ".", "\n", "\n\n", "- ", "\xff", "e\u0301"}), 0, 40)
	return strings.Join(pieces.Draw(t, "pieces"), "")
})

// edited changes a text at a few places by deleting, putting in and replacing.
func edited(t *rapid.T, text, tag string) (string, []string) {
	words := strings.SplitAfter(text, " ")
	var typed []string
	for i := range rapid.IntRange(0, 4).Draw(t, tag+" edits") {
		at := rapid.IntRange(0, len(words)).Draw(t, tag+" at")
		gone := rapid.IntRange(0, min(3, len(words)-at)).Draw(t, tag+" gone")
		var put []string
		if rapid.Bool().Draw(t, tag+" put") {
			mark := fmt.Sprintf("%s%d", tag, i) // a word that nobody else types
			typed = append(typed, mark)
			put = []string{mark + " "}
		}
		words = append(words[:at:at], append(put, words[at+gone:]...)...)
	}
	text = strings.Join(words, "")
	kept := typed[:0]
	for _, mark := range typed { // a later edit may have taken it away again
		if strings.Contains(text, mark) {
			kept = append(kept, mark)
		}
	}
	return text, kept
}

func TestMergeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkMerge(t, texts.Draw(t, "base"), texts.Draw(t, "mine"), texts.Draw(t, "theirs"))
	})
	rapid.Check(t, func(t *rapid.T) {
		base := texts.Draw(t, "base")
		mine, _ := edited(t, base, "M")
		theirs, _ := edited(t, base, "T")
		checkMerge(t, base, mine, theirs)
	})
}

// What each side typed is in the merged text or shown in a conflict, on its own
// side and in the order of typing.
func TestNothingTypedDisappears(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := texts.Draw(t, "base")
		mine, typedMine := edited(t, base, "M")
		theirs, typedTheirs := edited(t, base, "T")
		r := merge.Merge(base, mine, theirs)
		shownMine := r.Resolve(func(s merge.Segment) string { return s.Mine })
		shownTheirs := r.Resolve(func(s merge.Segment) string { return s.Theirs })
		for _, mark := range typedMine {
			if strings.Count(shownMine, mark) != strings.Count(mine, mark) {
				t.Errorf("Merge(%q, %q, %q) lost %q: %q", base, mine, theirs, mark, shownMine)
			}
		}
		for _, mark := range typedTheirs {
			if strings.Count(shownTheirs, mark) != strings.Count(theirs, mark) {
				t.Errorf("Merge(%q, %q, %q) lost %q: %q", base, mine, theirs, mark, shownTheirs)
			}
		}
	})
}

func TestDiffLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := texts.Draw(t, "a")
		checkDiff(t, a, texts.Draw(t, "b"))
		b, _ := edited(t, a, "M")
		checkDiff(t, a, b)
		checkDiff(t, a, a)
	})
}

// Texts too different to be compared piece by piece still merge by the laws.
func TestCoarse(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func(words, lines int) string {
		var b strings.Builder
		for i := range words {
			b.WriteString([]string{"a", "b", "c", "d"}[r.IntN(4)])
			b.WriteString([]string{" ", ", ", "; "}[r.IntN(3)])
			if lines > 0 && i%(words/lines+1) == 0 {
				b.WriteByte('\n')
			}
		}
		return b.String()
	}
	for _, lines := range []int{0, 1, 2000} {
		base, mine, theirs := random(20_000, lines), random(20_000, lines), random(20_000, lines)
		checkMerge(t, base, mine, theirs)
		checkDiff(t, mine, theirs)
	}
}

func FuzzMerge(f *testing.F) {
	f.Add("a b\nc\n", "a x\nc\n", "a b\nd\n")
	f.Add("", "a", "b")
	f.Add("- [ ] a\n- [ ] b\n", "- [x] a\n- [ ] b\n", "- [ ] a\n- [x] b\n")
	f.Add("one two three", "one, two three", "one two, three")
	f.Fuzz(func(t *testing.T, base, mine, theirs string) {
		checkMerge(t, base, mine, theirs)
		checkDiff(t, mine, theirs)
	})
}

// paragraphs returns n paragraphs of 60 words, with every nth word of each tenth
// one changed for another seed.
func paragraphs(n int, change uint64) string {
	words := rand.New(rand.NewPCG(7, 7))
	edits := rand.New(rand.NewPCG(change, 9))
	var b strings.Builder
	for range n {
		for range 60 {
			w := fmt.Sprintf("word%d ", words.IntN(800))
			if change > 0 && edits.IntN(200) == 0 {
				w = fmt.Sprintf("edit%d ", edits.IntN(800))
			}
			b.WriteString(w)
		}
		b.WriteString("\n\n")
	}
	return b.String()
}

func BenchmarkMerge(b *testing.B) {
	for _, n := range []int{10, 100, 1000} { // 5, 50 and 500 kB
		base, mine, theirs := paragraphs(n, 0), paragraphs(n, 1), paragraphs(n, 2)
		b.Run(fmt.Sprintf("%dkB", len(base)/1000), func(b *testing.B) {
			b.SetBytes(int64(len(base)))
			for b.Loop() {
				merge.Merge(base, mine, theirs)
			}
		})
	}
}

func BenchmarkDiff(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		old, young := paragraphs(n, 0), paragraphs(n, 1)
		b.Run(fmt.Sprintf("%dkB", len(old)/1000), func(b *testing.B) {
			b.SetBytes(int64(len(old)))
			for b.Loop() {
				merge.Diff(old, young)
			}
		})
	}
}

// The worst there is: half a megabyte of few words in other order, nothing to
// hold on to, in one line and in lines of a few bytes.
func BenchmarkUnlike(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	random := func(sep string) string {
		var s strings.Builder
		for s.Len() < 500_000 {
			s.WriteByte("abcd"[r.IntN(4)])
			s.WriteString(sep)
		}
		return s.String()
	}
	for name, sep := range map[string]string{"words": " ", "lines": "\n", "marks": "."} {
		x, y, z := random(sep), random(sep), random(sep)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				merge.Merge(x, y, z)
			}
		})
	}
}
