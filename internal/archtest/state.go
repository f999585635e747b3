package archtest

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"
)

// nothing are names that say nothing about what lives in a package.
var nothing = []string{
	"base", "common", "commons", "helper", "helpers", "manager", "managers", "misc", "model", "models", "service", "services",
	"type", "types", "util", "utils",
}

// state is L9: what a package remembers between two calls is in values that
// somebody made and passes on.
func state(t *Tree, r *reporter) {
	for _, p := range t.sorted() {
		if slices.Contains(nothing, path.Base(p.dir)) || slices.Contains(nothing, p.name) {
			r.at(p.files[0].Name.Pos(), "the name %s says nothing", p.name)
		}
		kept := map[types.Object]bool{}
		for _, f := range p.product() {
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					if d.Name.Name == "init" && d.Recv == nil {
						r.at(d.Pos(), "init runs unseen: make it a function that somebody calls")
					}
				case *ast.GenDecl:
					p.variables(d, r, kept)
				}
			}
		}
		p.changes(r, kept)
		p.global(r)
	}
}

// variables judges the variables of a package by what they begin as, and
// notes them as kept.
func (p *pkg) variables(d *ast.GenDecl, r *reporter, kept map[types.Object]bool) {
	if d.Tok != token.VAR {
		return
	}
	for _, s := range d.Specs {
		spec := s.(*ast.ValueSpec)
		for i, name := range spec.Names {
			if name.Name == "_" {
				continue // an assertion for the compiler
			}
			kept[p.info.Defs[name]] = true
			switch {
			case len(spec.Values) == 0 && !embeds(d.Doc) && !embeds(spec.Doc):
				r.at(name.Pos(), "%s has no value, so it is there to be set: state belongs in a value that is passed on", name.Name)
			case len(spec.Values) > 0:
				if why := p.mutable(spec.Values[min(i, len(spec.Values)-1)], strings.HasPrefix(strings.ToLower(name.Name), "err")); why != "" {
					r.at(name.Pos(), "%s is %s: state belongs in a value that is passed on", name.Name, why)
				}
			}
		}
	}
}

func embeds(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// settled are the calls whose result does not change once it is there.
var settled = map[string][]string{
	"errors":                       {"New"},
	"fmt":                          {"Errorf", "Sprintf"},
	"golang.org/x/text/language":   {"NewMatcher"},
	"strings":                      {"NewReplacer"},
	"sync":                         {"OnceValue", "OnceValues"}, // a constant that is worked out at its first use
	"time":                         {"Date", "Duration", "Unix", "UnixMilli"},
	"encoding/base32":              {"NewEncoding"},
	"encoding/base64":              {"NewEncoding"},
	"github.com/yuin/goldmark/ast": {"NewNodeKind"},
}

// mutable returns what makes a value something that can change, or "". Tables
// (maps, slices, arrays and structs written out) count as constants as long as
// nobody changes them, which changes looks for.
func (p *pkg) mutable(e ast.Expr, sentinel bool) string {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return p.mutable(e.X, sentinel)
	case *ast.BinaryExpr:
		return first(p.mutable(e.X, false), p.mutable(e.Y, false))
	case *ast.KeyValueExpr:
		return p.mutable(e.Value, false)
	case *ast.UnaryExpr:
		if e.Op == token.AND && !sentinel {
			return "a pointer"
		}
		return p.mutable(e.X, false)
	case *ast.CompositeLit:
		if s, ok := e.Type.(*ast.SelectorExpr); ok && within(p.imported(s.X), "sync") {
			return "a sync." + s.Sel.Name
		}
		for _, element := range e.Elts {
			if why := p.mutable(element, true); why != "" {
				return why
			}
		}
		return ""
	case *ast.CallExpr:
		return p.mutableCall(e)
	}
	return "" // a literal, a function, another variable: judged where it is
}

func (p *pkg) mutableCall(e *ast.CallExpr) string {
	switch called := ast.Unparen(e.Fun).(type) {
	case *ast.ArrayType:
		return "" // []byte("...")
	case *ast.Ident:
		switch o := p.info.Uses[called].(type) {
		case *types.TypeName:
			return ""
		case *types.Builtin:
			if o.Name() == "make" || o.Name() == "new" {
				return "made to be filled"
			}
			return ""
		}
		return "what " + called.Name + " returns (work out a constant with sync.OnceValue)"
	case *ast.SelectorExpr:
		if before, ok := called.X.(*ast.CallExpr); ok {
			return p.mutableCall(before) // base64.NewEncoding(...).WithPadding(...)
		}
		from := p.imported(called.X)
		if from != "" && (slices.Contains(settled[from], called.Sel.Name) || strings.HasPrefix(called.Sel.Name, "Must")) {
			return ""
		}
		return "what " + types.ExprString(called) + " returns (work out a constant with sync.OnceValue)"
	}
	return "what a call returns (work out a constant with sync.OnceValue)"
}

func first(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}

// changes reports where a variable of a package is changed, by its own package
// or by another one.
func (p *pkg) changes(r *reporter, kept map[types.Object]bool) {
	pointed := p.pointerMethods()
	report := func(e ast.Expr, how string) {
		switch root := p.root(e).(type) {
		case *ast.Ident:
			if kept[p.info.Uses[root]] {
				r.at(e.Pos(), "%s, a variable of the package, %s", root.Name, how)
			}
		case *ast.SelectorExpr:
			r.at(e.Pos(), "%s, a variable of another package, %s", types.ExprString(root), how)
		}
	}
	for _, f := range p.product() {
		for n := range ast.Preorder(f.File) {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok == token.DEFINE {
					continue
				}
				for _, left := range n.Lhs {
					report(left, "is changed")
				}
			case *ast.IncDecStmt:
				report(n.X, "is changed")
			case *ast.RangeStmt:
				if n.Tok == token.ASSIGN {
					report(n.Key, "is changed")
					report(n.Value, "is changed")
				}
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					if _, ours := p.root(n.X).(*ast.Ident); ours {
						report(n.X, "has its address taken")
					}
				}
			case *ast.CallExpr:
				p.called(n, pointed, report)
			}
		}
	}
}

// called looks at the calls that change what they are given.
func (p *pkg) called(n *ast.CallExpr, pointed map[string]bool, report func(ast.Expr, string)) {
	switch called := n.Fun.(type) {
	case *ast.Ident:
		if b, ok := p.info.Uses[called].(*types.Builtin); ok && slices.Contains([]string{"clear", "copy", "delete"}, b.Name()) && len(n.Args) > 0 {
			report(n.Args[0], "is changed by "+b.Name())
		}
	case *ast.SelectorExpr:
		if id, ok := called.X.(*ast.Ident); ok && pointed[called.Sel.Name] {
			report(id, "is changed by its method "+called.Sel.Name)
		}
	}
}

// pointerMethods returns the names of the package's methods on pointers.
func (p *pkg) pointerMethods() map[string]bool {
	names := map[string]bool{}
	for _, f := range p.product() {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && len(fn.Recv.List) == 1 {
				if _, pointer := fn.Recv.List[0].Type.(*ast.StarExpr); pointer {
					names[fn.Name.Name] = true
				}
			}
		}
	}
	return names
}

// root returns what is left of x.f[i].g when fields and indexes are taken off:
// a name, or the name of another package's variable.
func (p *pkg) root(e ast.Expr) ast.Expr {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.SelectorExpr:
			if p.imported(x.X) != "" {
				return x
			}
			e = x.X
		default:
			return e
		}
	}
}

// global reports the doors to state that a library keeps for everybody.
func (p *pkg) global(r *reporter) {
	forbidden := map[string][]string{
		"net/http": {"DefaultServeMux", "Handle", "HandleFunc"},
		"os":       {"Setenv", "Unsetenv", "Clearenv", "Chdir"},
		"github.com/prometheus/client_golang/prometheus": {"DefaultRegisterer", "DefaultGatherer", "MustRegister", "Register"},
	}
	p.names(p.product(), func(at *ast.SelectorExpr, from, name string) {
		if slices.Contains(forbidden[from], name) {
			r.at(at.Pos(), "%s.%s is state of the whole process", path.Base(from), name)
		}
	})
}
