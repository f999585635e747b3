package archtest

import (
	"go/ast"
	"slices"
	"strings"
)

// outgoing are the names that open connections, by package.
var outgoing = map[string][]string{
	"net": {
		"Dial", "DialIP", "DialTCP", "DialTimeout", "DialUDP", "DialUnix", "Dialer", "DefaultResolver", "Resolver",
		"LookupAddr", "LookupCNAME", "LookupHost", "LookupIP", "LookupMX", "LookupNS", "LookupPort", "LookupSRV", "LookupTXT",
	},
	"net/http":          {"Client", "Transport"},
	"net/http/httputil": {"ReverseProxy", "NewSingleHostReverseProxy"},
	"crypto/tls":        {"Dial", "DialWithDialer", "Dialer"},
}

// speaking are the packages that open connections whatever one asks of them.
var speaking = []string{"net/smtp", "net/rpc", "net/rpc/jsonrpc", "github.com/wneessen/go-mail", "github.com/jackc/pgx/v5/stdlib"}

// careless are the names without a time limit or a choice of dialer: nobody
// uses them, wherever they are.
var careless = []string{"DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm"}

// escapes are the packages by which a program leaves the language: it starts
// others, loads code, or reads memory as it likes.
var escapes = []string{"os/exec", "plugin", "unsafe"}

// network is L6: every outgoing connection can be found, and nothing else
// leads out.
func network(t *Tree, r *reporter) {
	for _, p := range t.sorted() {
		here, _ := place(p.dir)
		if here.tests {
			continue
		}
		imports(p.product(), func(at *ast.ImportSpec, importPath string) {
			if slices.Contains(escapes, importPath) {
				r.at(at.Pos(), "%s imports %s: the program starts nothing and loads nothing", p.dir, importPath)
			}
		})
		p.names(p.product(), func(at *ast.SelectorExpr, from, name string) {
			switch {
			case from == "net/http" && slices.Contains(careless, name):
				r.at(at.Pos(), "http.%s has no time limit and goes past the dialers", name)
			case !here.outside && slices.Contains(outgoing[from], name):
				r.at(at.Pos(), "%s opens connections (%s.%s): only %s do", p.dir, from, name, strings.Join(outside(), " "))
			}
		})
		if here.outside {
			continue
		}
		imports(p.product(), func(at *ast.ImportSpec, importPath string) {
			if slices.Contains(speaking, importPath) {
				r.at(at.Pos(), "%s imports %s, which opens connections: only %s do", p.dir, importPath, strings.Join(outside(), " "))
			}
		})
	}
}

// outside returns the rooms that may open connections.
func outside() []string {
	var out []string
	for dir, here := range rooms {
		if here.outside {
			out = append(out, dir)
		}
	}
	slices.Sort(out)
	return out
}
