package archtest

import (
	"go/ast"
	"slices"
)

// clock are the names of package time that look at the real time or wait for it.
var clock = []string{"After", "AfterFunc", "LoadLocation", "LoadLocationFromTZData", "Local", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until"}

// pureBodies is L3: now and zones are arguments, and there is one thread.
func pureBodies(t *Tree, r *reporter) {
	for _, p := range t.sorted() {
		if !core(p.dir) {
			continue
		}
		p.names(p.product(), func(at *ast.SelectorExpr, from, name string) {
			if from == "time" && slices.Contains(clock, name) {
				r.at(at.Pos(), "the rules use time.%s: now and zones come in as arguments", name)
			}
		})
		for _, f := range p.product() {
			for n := range ast.Preorder(f.File) {
				switch n := n.(type) {
				case *ast.GoStmt:
					r.at(n.Pos(), "the rules start a goroutine")
				case *ast.SelectStmt:
					r.at(n.Pos(), "the rules wait for a channel")
				case *ast.Field:
					if n.Tag != nil {
						r.at(n.Tag.Pos(), "the rules carry a struct tag: api owns its JSON, and store its rows")
					}
				}
			}
		}
	}
}
