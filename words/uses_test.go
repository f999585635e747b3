package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// uses are the ids and families that the code asks for, each with a place.
type uses struct {
	flat, plural, families map[string]string
	// problems are the codes that a form can be refused with.
	problems map[string]string
	// loose are look-ups whose id is no literal.
	loose []string
}

// call matches a look-up in a templ source.
var call = regexp.MustCompile(`\.(T|N|Of|Parts|NParts|OfParts)\(\s*("[^"]*")?`)

// scan reads every Go and templ source of the repository but tests.
func scan(t *testing.T) uses {
	t.Helper()
	u := uses{flat: map[string]string{}, plural: map[string]string{}, families: map[string]string{}, problems: map[string]string{}}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "testdata" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".templ"):
			return u.templ(path)
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "_templ.go"):
			return u.source(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (u *uses) add(method, id, at string) {
	switch method {
	case "T", "Parts":
		u.flat[id] = at
	case "N", "NParts":
		u.plural[id] = at
	default:
		u.families[id] = at
	}
}

func (u *uses) templ(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for n, line := range strings.Split(string(text), "\n") {
		for _, m := range call.FindAllStringSubmatch(line, -1) {
			at := path + ":" + strconv.Itoa(n+1)
			id, err := strconv.Unquote(m[2])
			if err != nil {
				u.loose = append(u.loose, at)
				continue
			}
			u.add(m[1], id, at)
		}
	}
	return nil
}

func (u *uses) source(path string) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ours := file.Name.Name == "words"
	ast.Inspect(file, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			u.codes(n, set)
			return true
		}
		sel, ok := c.Fun.(*ast.SelectorExpr)
		if !ok || len(c.Args) == 0 {
			u.refusal(c, set)
			return true
		}
		if !slices.Contains([]string{"T", "N", "Of", "Parts", "NParts", "OfParts"}, sel.Sel.Name) {
			return true
		}
		at := set.Position(c.Pos()).String()
		if id, ok := literal(c.Args[0]); ok {
			if strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == "" && id != "" {
				u.add(sel.Sel.Name, id, at)
			}
		} else if !ours && (strings.HasPrefix(sel.Sel.Name, "Of") && len(c.Args) > 1 || sel.Sel.Name == "Parts") {
			u.loose = append(u.loose, at)
		}
		return true
	})
	return nil
}

// refusal notes the code of problem("field", "code").
func (u *uses) refusal(c *ast.CallExpr, set *token.FileSet) {
	if f, ok := c.Fun.(*ast.Ident); ok && f.Name == "problem" && len(c.Args) == 2 {
		if code, ok := literal(c.Args[1]); ok {
			u.problems[code] = set.Position(c.Pos()).String()
		}
	}
}

// codes notes the code of Problem{Code: "code"} and of {ErrX, "field", "code"}.
func (u *uses) codes(n ast.Node, set *token.FileSet) {
	lit, ok := n.(*ast.CompositeLit)
	if !ok {
		return
	}
	at := set.Position(lit.Pos()).String()
	field := false
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Field" {
				field = true
			}
		}
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok && field {
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Code" {
				if code, ok := literal(kv.Value); ok {
					u.problems[code] = at
				}
			}
		}
	}
	if len(lit.Elts) != 3 {
		return
	}
	if sel, ok := lit.Elts[0].(*ast.SelectorExpr); ok && strings.HasPrefix(sel.Sel.Name, "Err") {
		_, isField := literal(lit.Elts[1])
		if code, ok := literal(lit.Elts[2]); ok && isField {
			u.problems[code] = at
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	b, ok := e.(*ast.BasicLit)
	if !ok || b.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(b.Value)
	return s, err == nil
}

// TestCatalogueAndCodeAgree holds both directions: every id that the code asks
// for is there, in the shape it is asked for, and every message is asked for.
func TestCatalogueAndCodeAgree(t *testing.T) {
	w := english(t)
	u := scan(t)
	if len(u.flat) < 300 {
		t.Fatalf("only %d ids were found in the code: the scan is broken", len(u.flat))
	}
	for _, at := range u.loose {
		t.Errorf("%s: an id that is computed; use Of with a family", at)
	}
	for id, at := range u.flat {
		if _, ok := w.plain[id]; !ok {
			t.Errorf("%s: no message %s", at, id)
		}
	}
	for id, at := range u.plural {
		if !w.plural[id] {
			t.Errorf("%s: no message %s with plural forms", at, id)
		}
	}
	for family, at := range u.families {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(w.plain)), func(id string) bool { return strings.HasPrefix(id, family+".") }) {
			t.Errorf("%s: no family %s", at, family)
		}
	}
	for code, at := range u.problems {
		if !w.Has("problem", code) {
			t.Errorf("%s: no message for the problem %q", at, code)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.plain)) {
		if _, asked := u.flat[id]; !asked && !inFamily(u.families, id) {
			t.Errorf("nobody asks for %s", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.plural)) {
		if _, asked := u.plural[id]; !asked {
			t.Errorf("nobody asks for %s", id)
		}
	}
}

// inFamily reports whether an id is a member, or a member of a member, of one
// of the families.
func inFamily(families map[string]string, id string) bool {
	for family := range families {
		if strings.HasPrefix(id, family+".") {
			return true
		}
	}
	return false
}

// TestNoMarkup keeps HTML and shouting out of the messages.
func TestNoMarkup(t *testing.T) {
	w := english(t)
	for id, parts := range w.plain {
		for _, p := range parts {
			if strings.ContainsAny(p.Text, "<>") || strings.Contains(p.Text, "&nbsp") {
				t.Errorf("%s holds markup: %q", id, p.Text)
			}
			if strings.Contains(p.Text, "!") {
				t.Errorf("%s shouts: %q", id, p.Text)
			}
			if strings.Contains(p.Text, "'") || strings.Contains(p.Text, `"`) {
				t.Errorf("%s has straight quotes: %q", id, p.Text)
			}
		}
	}
}
