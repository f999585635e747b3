package markup

import (
	"fmt"
	"strings"
)

// slowTexts are texts that make naive Markdown parsers look over the same bytes
// again and again. Each function makes one of about n bytes.
func slowTexts() map[string]func(n int) string {
	rep := func(s string) func(int) string {
		return func(n int) string { return strings.Repeat(s, n/len(s)+1) }
	}
	pair := func(a, b string) func(int) string {
		return func(n int) string {
			return strings.Repeat(a, n/2/len(a)+1) + strings.Repeat(b, n/2/len(b)+1)
		}
	}
	grow := func(f func(i int) string) func(int) string {
		return func(n int) string {
			var b strings.Builder
			for i := 1; b.Len() < n; i++ {
				b.WriteString(f(i))
			}
			return b.String()
		}
	}
	after := func(head string, f func(int) string) func(int) string {
		return func(n int) string { return head + f(n) }
	}
	return map[string]func(int) string{
		"open brackets":           rep("["),
		"closed brackets":         rep("]"),
		"bracket pairs":           pair("[", "]"),
		"empty brackets":          rep("[]"),
		"brackets with words":     rep("[a] "),
		"bracket lines":           rep("[a]\n"),
		"image brackets":          rep("!["),
		"image pairs":             pair("![", "](x)"),
		"nested links":            pair("[", "](x)"),
		"open inline links":       rep("[a](b"),
		"open link titles":        rep(`[a](b "`),
		"open angle links":        rep("[a](<b"),
		"open references":         rep("[a]["),
		"links":                   rep("[a](/b) "),
		"link lines":              rep("[a](/b)\n"),
		"stars":                   rep("*"),
		"stars and words":         rep("*a "),
		"closing stars":           rep("a* "),
		"mixed stars":             rep("*a **a "),
		"star pairs":              pair("*a ", "a* "),
		"both ways stars":         rep("a**b"),
		"stars apart":             rep("a***b*c**"),
		"underscores":             rep("_a"),
		"underscores closing":     pair("_a ", "a_ "),
		"mixed marks":             rep("*_~a"),
		"tildes":                  rep("~a~~b"),
		"marks in links":          rep("[*a](b)*"),
		"link after marks":        pair("*a_ ", "[a](b)"),
		"backticks growing":       grow(func(i int) string { return strings.Repeat("`", i) + "a" }),
		"backticks odd":           rep("`a``b"),
		"backticks":               rep("`"),
		"angle":                   rep("<"),
		"angle letters":           rep("<a"),
		"angle scheme":            rep("<a:"),
		"angle comments":          rep("<!--"),
		"angle cdata":             rep("<![CDATA["),
		"angle instruction":       rep("<?"),
		"tags":                    rep("<b>"),
		"open tags":               rep("<a href='"),
		"ampersands":              rep("&"),
		"entities":                rep("&amp;"),
		"open entities":           rep("&a"),
		"backslashes":             rep("\\"),
		"quotes":                  rep(">"),
		"quotes spaced":           rep("> "),
		"quote lines":             rep(strings.Repeat(">", 60) + "a\n"),
		"lists":                   rep("- "),
		"lists and blanks":        pair("- ", "\n"),
		"list lines":              rep("- a\n"),
		"ordered":                 rep("1. "),
		"lists deeper":            grow(func(i int) string { return strings.Repeat(" ", 2*(i%200)) + "- a\n" }),
		"lists deeper and blanks": after(strings.Join(indented(200), ""), rep("\n")),
		"lists and lazy lines":    after(strings.Repeat("- ", 500)+"a\n", rep("a\n")),
		"quotes and lists":        rep("> - "),
		"hashes":                  rep("# "),
		"setext":                  rep("a\n="),
		"rules":                   rep("---\n"),
		"fences":                  rep("```\n"),
		"fences open":             rep("~~~a\n"),
		"indented code":           rep("    a\n\n"),
		"definitions":             rep("[a]: b\n"),
		"definitions apart":       rep("[a]: b\n\n"),
		"definitions growing":     grow(func(i int) string { return fmt.Sprintf("[%d]: b\n\n", i) }),
		"definitions open":        rep("[a]: b '\n"),
		"definition used":         after("[a]: /"+strings.Repeat("b", 2000)+"\n\n", rep("[a] ")),
		"definition title used":   after("[a]: /b '"+strings.Repeat("b", 2000)+"'\n\n", rep("[a] ")),
		"table rows":              after("|a|b|\n|-|-|\n", rep("|\n")),
		"wide table": func(n int) string {
			k := n / 6
			return strings.Repeat("|a", k) + "\n" + strings.Repeat("|-", k) + "\n" + strings.Repeat("|\n", k)
		},
		"tables":                   rep("a|b\n-|-\n\n"),
		"table delimiters":         rep("-|-\n"),
		"table escapes":            after("|a|\n|-|\n", rep("|`\\|`|\n")),
		"tables with escapes":      rep("|a|\n|-|\n|`\\|`|\n\n"),
		"one long line":            rep("a"),
		"words":                    rep("word "),
		"line":                     rep("a\n"),
		"line of links":            rep("http://a.b "),
		"www":                      rep("www.a.b"),
		"link punctuation":         after("http://a.bc/", rep("?!.,")),
		"link parentheses":         after("http://a.bc/", rep(")(")),
		"link entities":            after("http://a.bc/", rep("&a;")),
		"addresses":                rep("a@b.c "),
		"address marks":            rep("_a_a@"),
		"address underscores":      rep("_a"),
		"address dots":             after("a@", rep("b.")),
		"address long":             rep("(aaaaaaaaaaaaaaaaaaaaaaaaa@bbbbbbbbbbbbbbbbbbbbbb"),
		"mentions":                 rep("@mia "),
		"mentions joined":          rep("@mia"),
		"ats":                      rep("@"),
		"handles":                  rep("@a.b_c-"),
		"items":                    rep("D-1 "),
		"hyphens":                  rep("-"),
		"item letters":             rep("D-"),
		"nul":                      rep("\x00"),
		"bad utf-8":                rep("\xff"),
		"carriage returns":         rep("\r"),
		"tabs":                     rep("\t"),
		"tab lists":                rep("-\t"),
		"spaces":                   rep(" "),
		"spaces in text":           rep("a    "),
		"hard breaks":              rep("a  \n"),
		"backslash breaks":         rep("a\\\n"),
		"blank quotes":             rep(">\n\n"),
		"tasks":                    rep("- [ ] a\n"),
		"heading marks":            rep("# *a _b\n"),
		"marks in cells":           after("|a|\n|-|\n", rep("|*a _b|\n")),
		"brackets over paragraphs": rep("[a\n\n"),
	}
}

func indented(n int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = strings.Repeat(" ", 2*i) + "- a\n"
	}
	return lines
}
