package archtest

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Tree is the source of one module, parsed.
type Tree struct {
	module   string // its path
	fset     *token.FileSet
	packages map[string]*pkg // by folder, relative to the root
	texts    map[string]int  // lines of .templ and .sql files, by path
	sql      map[string]string
}

// pkg is one folder with Go files.
type pkg struct {
	dir   string // "core/ask"; "." is the root
	path  string // import path
	name  string // without _test
	files []*file
	info  *types.Info // of the files that are not tests
	fset  *token.FileSet
}

// file is one Go file.
type file struct {
	*ast.File
	path      string
	test      bool // ends in _test.go
	generated bool
	lines     int
}

// product returns the files that are not tests.
func (p *pkg) product() []*file {
	return slices.DeleteFunc(slices.Clone(p.files), func(f *file) bool { return f.test })
}

// sorted returns the packages by folder.
func (t *Tree) sorted() []*pkg {
	var out []*pkg
	for _, dir := range slices.Sorted(maps.Keys(t.packages)) {
		out = append(out, t.packages[dir])
	}
	return out
}

// inside returns the folder of an import path of this module.
func (t *Tree) inside(importPath string) (dir string, ok bool) {
	if importPath == t.module {
		return ".", true
	}
	return strings.CutPrefix(importPath, t.module+"/")
}

var moduleLine = regexp.MustCompile(`(?m)^module\s+(\S+)`)

// Load parses the module at the root of the file system. Folders that begin
// with . or _, testdata, and modules within the module are left out.
func Load(root fs.FS) (*Tree, error) {
	mod, err := fs.ReadFile(root, "go.mod")
	if err != nil {
		return nil, fmt.Errorf("load the tree: %w", err)
	}
	name := moduleLine.FindSubmatch(mod)
	if name == nil {
		return nil, errors.New("load the tree: go.mod names no module")
	}
	t := &Tree{
		module: string(name[1]), fset: token.NewFileSet(),
		packages: map[string]*pkg{}, texts: map[string]int{}, sql: map[string]string{},
	}
	err = fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if leftOut(root, p) {
				return fs.SkipDir
			}
			return nil
		}
		return t.add(root, p)
	})
	if err != nil {
		return nil, fmt.Errorf("load the tree: %w", err)
	}
	for _, p := range t.packages {
		t.resolve(p)
	}
	return t, nil
}

func leftOut(root fs.FS, dir string) bool {
	if dir == "." {
		return false
	}
	base := path.Base(dir)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" {
		return true
	}
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	return err == nil
}

func (t *Tree) add(root fs.FS, p string) error {
	ending := path.Ext(p)
	if ending != ".go" && ending != ".templ" && ending != ".sql" {
		return nil
	}
	text, err := fs.ReadFile(root, p)
	if err != nil {
		return err
	}
	lines := bytes.Count(text, []byte("\n"))
	switch ending {
	case ".templ":
		t.texts[p] = lines
		return nil
	case ".sql":
		t.sql[p] = string(text)
		return nil
	}
	parsed, err := parser.ParseFile(t.fset, p, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	dir := path.Dir(p)
	in := t.packages[dir]
	if in == nil {
		in = &pkg{dir: dir, path: path.Join(t.module, dir), fset: t.fset}
		t.packages[dir] = in
	}
	f := &file{File: parsed, path: p, test: strings.HasSuffix(p, "_test.go"), generated: ast.IsGenerated(parsed), lines: lines}
	in.files = append(in.files, f)
	if in.name == "" || !f.test {
		in.name = strings.TrimSuffix(parsed.Name.Name, "_test")
	}
	return nil
}

// resolve finds out what each name in the package's own files means. Other
// packages are taken as empty: the laws ask which package a name comes from,
// not what it is, so nothing has to be built.
func (t *Tree) resolve(p *pkg) {
	p.info = &types.Info{
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{},
	}
	config := types.Config{
		Importer: empty{t}, FakeImportC: true,
		Error: func(error) {}, // of course: what the empty packages should have is missing
	}
	var files []*ast.File
	for _, f := range p.product() {
		files = append(files, f.File)
	}
	_, _ = config.Check(p.path, t.fset, files, p.info)
}

// empty imports packages with a name and nothing in them.
type empty struct{ tree *Tree }

// Import implements types.Importer.
func (e empty) Import(importPath string) (*types.Package, error) {
	name := guess(importPath)
	if dir, ok := e.tree.inside(importPath); ok && e.tree.packages[dir] != nil {
		name = e.tree.packages[dir].name
	}
	p := types.NewPackage(importPath, name)
	p.MarkComplete()
	return p, nil
}

var version = regexp.MustCompile(`^v[0-9]+$`)

// guess returns the name of a package outside, as its path suggests it.
func guess(importPath string) string {
	elements := strings.Split(importPath, "/")
	last := elements[len(elements)-1]
	if version.MatchString(last) && len(elements) > 1 {
		last = elements[len(elements)-2]
	}
	last, _, _ = strings.Cut(last, ".") // gopkg.in/yaml.v3
	last = strings.TrimPrefix(last, "go-")
	return strings.ReplaceAll(last, "-", "_")
}

// imported returns the path of the package that a selector's left side names,
// as in the http of http.Get, or "".
func (p *pkg) imported(x ast.Expr) string {
	id, ok := x.(*ast.Ident)
	if !ok {
		return ""
	}
	if name, ok := p.info.Uses[id].(*types.PkgName); ok {
		return name.Imported().Path()
	}
	return ""
}

// names calls f for each name of another package that the files use, as in
// "net/http", "Get".
func (p *pkg) names(files []*file, f func(at *ast.SelectorExpr, from, name string)) {
	for _, file := range files {
		for n := range ast.Preorder(file.File) {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if from := p.imported(s.X); from != "" {
					f(s, from, s.Sel.Name)
				}
			}
		}
	}
}

// imports calls f for each import of the files.
func imports(files []*file, f func(at *ast.ImportSpec, importPath string)) {
	for _, file := range files {
		for _, spec := range file.Imports {
			f(spec, strings.Trim(spec.Path.Value, "`\""))
		}
	}
}
