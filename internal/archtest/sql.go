package archtest

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"strings"
)

// sql is L4: one place, and the same result on both databases.
func sql(t *Tree, r *reporter) {
	for _, p := range t.sorted() {
		here, _ := place(p.dir)
		inStore := within(p.dir, "store")
		if !inStore && !here.tests {
			imports(p.product(), func(at *ast.ImportSpec, importPath string) {
				if isDatabase(importPath) {
					r.at(at.Pos(), "%s imports %s: databases are for store", p.dir, importPath)
				}
			})
		}
		if here.tests {
			continue
		}
		for _, f := range p.product() {
			p.texts(f, func(at token.Pos, text string, whole bool) {
				switch {
				case !inStore && isStatement(text):
					r.at(at, "SQL outside store: %s", begin(text))
				case inStore && looksLikeSQL(text):
					for _, wrong := range judge(text, whole, apart(f.path)) {
						r.at(at, "%s: %s", wrong, begin(text))
					}
				}
			})
		}
	}
	for file, text := range t.sql {
		if !within(path.Dir(file), "store") {
			r.line(file, 1, "SQL outside store")
		}
		line := 1
		for statement := range strings.SplitAfterSeq(text, ";") {
			bare := strings.TrimLeft(statement, " \t\r\n")
			before := strings.Count(statement[:len(statement)-len(bare)], "\n")
			for _, wrong := range judge(bare, false, apart(file)) {
				r.line(file, line+before, "%s: %s", wrong, begin(bare))
			}
			line += strings.Count(statement, "\n")
		}
	}
}

func isDatabase(importPath string) bool {
	for _, p := range []string{"database/sql", "modernc.org/sqlite", "github.com/jackc/pgx", "github.com/pressly/goose"} {
		if importPath == p || strings.HasPrefix(importPath, p+"/") {
			return true
		}
	}
	return false
}

// apart tells whether a file may use what only one database knows: its name
// says which. (The events and the search, opening, backup, error codes.)
func apart(file string) bool {
	base := path.Base(file)
	return strings.Contains(base, "sqlite") || strings.Contains(base, "postgres")
}

// hole stands in a text for what is only known when it runs.
const hole = "\x00"

// texts calls f for each text that the file puts together: constants are put
// in, and what is not constant is a hole, which makes the text not whole.
func (p *pkg) texts(file *file, f func(at token.Pos, text string, whole bool)) {
	ast.Inspect(file.File, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BinaryExpr:
			if n.Op != token.ADD || !p.hasText(n) {
				return true
			}
			text := p.fold(n)
			f(n.Pos(), text, !strings.Contains(text, hole))
			return false
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				f(n.Pos(), p.fold(n), true)
			}
		}
		return true
	})
}

func (p *pkg) hasText(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return p.hasText(e.X) || p.hasText(e.Y)
	case *ast.ParenExpr:
		return p.hasText(e.X)
	case *ast.BasicLit:
		return e.Kind == token.STRING
	}
	return false
}

func (p *pkg) fold(e ast.Expr) string {
	if v := p.info.Types[e].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v)
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return p.fold(e.X) + p.fold(e.Y)
	case *ast.ParenExpr:
		return p.fold(e.X)
	case *ast.Ident: // types gives the use of a constant no value when its type is unknown
		if c, ok := p.info.Uses[e].(*types.Const); ok && c.Val().Kind() == constant.String {
			return constant.StringVal(c.Val())
		}
	}
	return hole
}

var (
	statement = regexp.MustCompile(`(?s)^\s*(?:SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|(?:CREATE|ALTER|DROP)\s+(?:TABLE|(?:UNIQUE\s+)?INDEX|VIEW)\s|WITH\s.+\sAS\s*\(\s*SELECT\s)`)
	lowercase = regexp.MustCompile(`(?s)^\s*(?:select\s[\w*,.()\s]+\sfrom\s+\w+(?:\s+(?:where|order|limit|join)\s|\s*$)|insert\s+into\s+\w+\s*(?:\(|values|select)|update\s+\w+\s+set\s+\w+\s*=|delete\s+from\s+\w+(?:\s+where\s|\s*$))`)
	fragment  = regexp.MustCompile(`\$\d|\b(?:WHERE|ORDER BY|GROUP BY|LIMIT|JOIN|VALUES|RETURNING|ON CONFLICT)\b`)
)

func isStatement(text string) bool  { return statement.MatchString(text) || lowercase.MatchString(text) }
func looksLikeSQL(text string) bool { return isStatement(text) || fragment.MatchString(text) }

// never are what no statement says, whichever the database; and, but for the
// files apart, what only one of the two would understand.
var (
	neverClock  = regexp.MustCompile(`(?i)\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|strftime|julianday|unixepoch|datetime|timeofday)\s*\(|\b(?:current_timestamp|current_date|current_time|localtimestamp|localtime)\b`)
	neverChance = regexp.MustCompile(`(?i)\b(?:random|randomblob|gen_random_uuid|setseed)\s*\(`)
	neverBoth   = regexp.MustCompile(`(?i)\b(?:ILIKE|AUTOINCREMENT|(?:BIG|SMALL)?SERIAL|GENERATED\s+(?:ALWAYS|BY\s+DEFAULT)\s+AS\s+IDENTITY|LAST_INSERT_ROWID|REPLACE\s+INTO|INSERT\s+OR\s+\w+|MERGE\s+INTO|GROUP_CONCAT|JSON_EACH|LATERAL|SKIP\s+LOCKED|OFFSET)\b|=\s*ANY\s*\(|\?`)
	quoted      = regexp.MustCompile(`'(?:[^']|'')*'`)
	comment     = regexp.MustCompile(`--[^\n]*|(?s:/\*.*?\*/)`)
	argument    = regexp.MustCompile(`\$(\d+)`)
	inText      = regexp.MustCompile(`\$\d`)
)

// judge returns what is wrong with one SQL text.
func judge(text string, whole, apart bool) []string {
	var wrong []string
	bare := comment.ReplaceAllString(text, " ")
	for _, q := range quoted.FindAllString(bare, -1) {
		if inText.MatchString(q) {
			wrong = append(wrong, "an argument inside a quoted text")
		}
	}
	bare = quoted.ReplaceAllString(bare, "''")
	if found := neverClock.FindString(bare); found != "" {
		wrong = append(wrong, "SQL asks the clock ("+call(found)+"): times are arguments")
	}
	if found := neverChance.FindString(bare); found != "" {
		wrong = append(wrong, "SQL asks chance ("+call(found)+")")
	}
	if found := neverBoth.FindString(bare); found != "" && !apart {
		wrong = append(wrong, "only one database takes this ("+call(found)+"), or not the same way")
	}
	if unordered(bare) {
		wrong = append(wrong, "LIMIT without ORDER BY: which rows is left to chance")
	}
	if order := numbering(bare, whole && isStatement(text)); order != "" {
		wrong = append(wrong, order)
	}
	return wrong
}

var word = regexp.MustCompile(`[A-Za-z_]+|[()]`)

// unordered tells whether a LIMIT stands in a query that has no ORDER BY of its
// own. In a piece of a query the ORDER BY must be in the same piece.
func unordered(text string) bool {
	ordered := []bool{false} // by depth of parentheses
	last := ""
	for _, w := range word.FindAllString(text, -1) {
		w = strings.ToUpper(w)
		top := len(ordered) - 1
		switch {
		case w == "(":
			ordered = append(ordered, false)
		case w == ")" && top > 0:
			ordered = ordered[:top]
		case w == "BY" && last == "ORDER":
			ordered[top] = true
		case w == "LIMIT" && !ordered[top]:
			return true
		}
		last = w
	}
	return false
}

// numbering tells what is wrong with $1, $2, ...: some drivers bind them by
// where they first stand, so a whole statement counts up from $1 without a gap,
// and a piece of one at least counts up.
func numbering(text string, whole bool) string {
	highest, seen := 0, map[int]bool{}
	for _, m := range argument.FindAllStringSubmatch(text, -1) {
		n := 0
		for _, digit := range m[1] {
			n = 10*n + int(digit-'0')
		}
		switch {
		case n == 0:
			return "arguments are numbered from $1"
		case seen[n]:
			continue
		case n < highest, whole && n != highest+1:
			return "$" + m[1] + " comes out of turn: arguments are numbered in the order of their first use"
		}
		seen[n] = true
		highest = n
	}
	return ""
}

// call names the function of the beginning of a call.
func call(found string) string { return strings.TrimRight(found, "( \t\n") }

// begin returns the beginning of a text, on one line.
func begin(text string) string {
	text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), hole, "...")
	if len(text) > 70 {
		text = text[:70] + " ..."
	}
	return text
}
