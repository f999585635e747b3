package archtest

import (
	"go/ast"
	"slices"
	"strings"
)

// rings is L1: one direction, and a new package is placed on purpose.
func rings(t *Tree, r *reporter) {
	for _, p := range t.sorted() {
		from, known := place(p.dir)
		if !known {
			r.at(p.files[0].Name.Pos(), "package %s has no ring: place it in internal/archtest/rooms.go", p.dir)
			continue
		}
		imports(p.product(), func(at *ast.ImportSpec, importPath string) {
			dir, inside := t.inside(importPath)
			if !inside {
				return
			}
			to, known := place(dir)
			switch {
			case !known: // reported where it is, or by the compiler
			case to.tests && !from.tests:
				r.at(at.Pos(), "%s imports %s, which serves tests alone", p.dir, dir)
			case to.ring >= from.ring && !from.tests:
				r.at(at.Pos(), "%s (ring %d) imports %s (ring %d): imports point down", p.dir, from.ring, dir, to.ring)
			}
		})
	}
}

// pureStd is all of the standard library that the rules may see.
var pureStd = []string{
	"cmp", "crypto/sha256", "encoding/hex", "errors", "fmt", "iter", "maps", "math", "math/bits", "regexp",
	"slices", "sort", "strconv", "strings", "time", "unicode", "unicode/utf8",
}

// pureImports is L2.
func pureImports(t *Tree, r *reporter) {
	for _, p := range t.sorted() {
		if !core(p.dir) {
			continue
		}
		imports(p.product(), func(at *ast.ImportSpec, importPath string) {
			if dir, inside := t.inside(importPath); inside && core(dir) || slices.Contains(pureStd, importPath) {
				return
			}
			r.at(at.Pos(), "the rules import %s; of the standard library they see only %s", importPath, strings.Join(pureStd, " "))
		})
	}
}

// channels is L5: nobody else can interrupt a person.
func channels(t *Tree, r *reporter) {
	for _, p := range t.sorted() {
		if here, _ := place(p.dir); p.dir == "serve" || here.tests {
			continue
		}
		imports(p.product(), func(at *ast.ImportSpec, importPath string) {
			if dir, inside := t.inside(importPath); inside && within(dir, "channel") {
				r.at(at.Pos(), "%s imports %s: serve alone builds channels, and delivery uses them", p.dir, dir)
			}
		})
	}
}

// waysIn is L7: one door, so that the API and the pages cannot drift apart.
// That ways in do not import each other follows from L1: they share a ring.
func waysIn(t *Tree, r *reporter) {
	whole := []string{"Open", "Store", "Tx"}
	for _, p := range t.sorted() {
		if here, _ := place(p.dir); !here.wayIn {
			continue
		}
		p.names(p.product(), func(at *ast.SelectorExpr, from, name string) {
			if dir, _ := t.inside(from); dir == "store" && slices.Contains(whole, name) {
				r.at(at.Pos(), "%s uses store.%s: a way in gets *door.Door and *store.Reader", p.dir, name)
			}
		})
	}
}

// alone is L8: what works without a server must not come to need one. The
// intake may use the door; the others not even through a room between.
func alone(t *Tree, r *reporter) {
	for _, p := range t.sorted() {
		if !within(p.dir, "core/audit", "intake", "report", "wire") {
			continue
		}
		imports(p.product(), func(at *ast.ImportSpec, importPath string) {
			if bad := t.leadsOut(importPath, !within(p.dir, "intake"), map[string]bool{}); bad != "" {
				r.at(at.Pos(), "%s imports %s: it works alone, without server, store and network", p.dir, bad)
			}
		})
	}
}

// leadsOut returns what of the server an import is or, if asked for, brings
// along within the module; "" if nothing.
func (t *Tree) leadsOut(importPath string, through bool, seen map[string]bool) string {
	if importPath == "net" || importPath == "net/http" {
		return importPath
	}
	dir, inside := t.inside(importPath)
	if !inside || seen[dir] {
		return ""
	}
	seen[dir] = true
	if within(dir, "store", "web") {
		return dir
	}
	next := t.packages[dir]
	if !through || next == nil {
		return ""
	}
	var bad string
	imports(next.product(), func(_ *ast.ImportSpec, importPath string) {
		if found := t.leadsOut(importPath, true, seen); found != "" && bad == "" {
			bad = dir + ", which imports " + found
		}
	})
	return bad
}
