package archtest

import (
	"go/ast"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// longest is the most lines a file may have.
const longest = 600

// boundary is how a comment says what does not live in its package.
var boundary = regexp.MustCompile(`(?i)\b(?:not|no|nothing|nobody|never|none|nor|neither|without|elsewhere)\b`)

// prose is L11: rooms stay rooms.
func prose(t *Tree, r *reporter) {
	for _, p := range t.sorted() {
		for _, f := range p.files {
			if f.lines > longest && !f.generated {
				r.line(f.path, longest, "%d lines: a file over %d has lost its subject", f.lines, longest)
			}
		}
		own := slices.DeleteFunc(p.product(), func(f *file) bool { return f.generated })
		if len(own) == 0 {
			continue
		}
		var doc string
		for _, f := range own {
			doc += f.Doc.Text()
		}
		begins := "Package " + p.name + " "
		if p.name == "main" {
			begins = "Command "
		}
		switch at := own[0].Name.Pos(); {
		case doc == "":
			r.at(at, "package %s has no comment that says what lives in it and what does not", p.dir)
		case !strings.HasPrefix(doc, begins):
			r.at(at, "the comment of package %s does not begin with %q", p.dir, begins)
		case !boundary.MatchString(doc):
			r.at(at, "the comment of package %s does not say what does not live in it", p.dir)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.texts)) {
		if n := t.texts[name]; n > longest {
			r.line(name, longest, "%d lines: a file over %d has lost its subject", n, longest)
		}
	}
}

// honest is T1: a test that is skipped has not been passed, and one that sleeps
// is slow or wrong, but for fake time.
func honest(t *Tree, r *reporter) {
	for _, p := range t.sorted() {
		for _, f := range p.files {
			bubbles := slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"testing/synctest"` })
			for n := range ast.Preorder(f.File) {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					continue
				}
				s, ok := call.Fun.(*ast.SelectorExpr)
				if !ok {
					continue
				}
				x, _ := s.X.(*ast.Ident)
				switch {
				case f.test && x != nil && slices.Contains([]string{"t", "b", "f", "tb"}, x.Name) && strings.HasPrefix(s.Sel.Name, "Skip"):
					r.at(call.Pos(), "a test is skipped: what it needs is installed, or it fails and says how to")
				case x != nil && x.Name == "time" && s.Sel.Name == "Sleep" && !bubbles:
					r.at(call.Pos(), "time.Sleep outside a synctest bubble: wait for what is to happen")
				}
			}
		}
	}
}
