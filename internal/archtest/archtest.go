// Package archtest holds the laws of the architecture (ARCHITECTURE.md) over
// the source tree: which room may import which, that the rules are pure, that
// all SQL is in one place, that nothing but a channel reaches a person.
//
// It reads source with go/parser and go/types and never builds or runs it; the
// laws are lines that a reviewer would otherwise have to remember. Where each
// package belongs is the table in rooms.go. Each law can fail: testdata holds a
// planted source for it.
//
// What a function does is not judged here (the tests beside it do that), nor
// its style (the linter does).
package archtest

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
)

// Finding is one place where a law is broken.
type Finding struct {
	Law  string // as in "L3"
	File string // relative to the root of the module
	Line int
	Says string
}

// String tells the finding as compilers do, so that editors can jump to it.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.Law, f.Says)
}

// Law is one rule over the whole tree.
type Law struct {
	ID    string
	Says  string
	check func(t *Tree, r *reporter)
}

// Laws are those that the source alone can tell; L10 needs the build list and
// is Modules. T1 is the one about tests.
var Laws = []Law{
	{"L1", "every package has a ring, and imports point down", rings},
	{"L2", "the rules import other rules below them and a short list of the standard library", pureImports},
	{"L3", "the rules never read a clock, start a goroutine, load a zone or carry struct tags", pureBodies},
	{"L4", "SQL is in store alone, asks no clock and no chance, and numbers its arguments in order", sql},
	{"L5", "a channel is built by serve alone", channels},
	{"L6", "outgoing network is where it can be found", network},
	{"L7", "ways in get the door and a reader, never the store", waysIn},
	{"L8", "the audit and the formats stay alone", alone},
	{"L9", "no init, no state in packages, no package that is named after nothing", state},
	{"L11", "a package says what lives in it and what does not, and no file is too long", prose},
	{"L12", "the organisation comes first in every statement", tenancy},
	{"L13", "the audit log is written to at its end and never changed", appended},
	{"T1", "tests neither skip nor sleep", honest},
}

// Check returns where the tree breaks a law, in order of file and line.
func Check(t *Tree) []Finding {
	var all []Finding
	for _, law := range Laws {
		law.check(t, &reporter{tree: t, law: law.ID, to: &all})
	}
	slices.SortFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Law, b.Law), cmp.Compare(a.Says, b.Says))
	})
	return slices.Compact(all)
}

// reporter collects the findings of one law.
type reporter struct {
	tree *Tree
	law  string
	to   *[]Finding
}

// at reports something at a position of the tree.
func (r *reporter) at(pos token.Pos, format string, args ...any) {
	p := r.tree.fset.Position(pos)
	r.line(p.Filename, p.Line, format, args...)
}

// line reports something in a file.
func (r *reporter) line(file string, line int, format string, args ...any) {
	*r.to = append(*r.to, Finding{r.law, file, line, fmt.Sprintf(format, args...)})
}
