package markup

import (
	"html"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"
)

// A writer renders one tree as HTML. It knows every kind of node that the parser
// makes and writes nothing but what the policy allows; the policy then holds it
// to that.
type writer struct {
	b         strings.Builder
	src       []byte
	o         Options
	inLink    bool            // links do not nest
	known     map[string]bool // handles asked for, so that each is asked once
	expansion int             // bytes of addresses that references may still repeat
}

func (w *writer) blocks(parent node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		w.block(n)
	}
}

func (w *writer) block(n node) {
	switch n := n.(type) {
	case *ast.Heading:
		if n.FirstChild() == nil {
			return // a heading without words only disturbs those who listen
		}
		level := strconv.Itoa(min(max(n.Level+w.o.HeadingShift, 1), 6))
		w.element("h"+level, n, w.inlines)
	case *ast.Paragraph:
		w.element("p", n, w.inlines)
	case *plainBlock:
		w.b.WriteString("<p>")
		w.plainLines(n)
		w.b.WriteString("</p>\n")
	case *ast.TextBlock: // the text of a tight list's item
		w.inlines(n)
		if n.NextSibling() != nil {
			w.b.WriteByte('\n')
		}
	case *ast.Blockquote:
		w.around("blockquote", n)
	case *ast.List:
		w.list(n)
	case *ast.ThematicBreak:
		w.b.WriteString("<hr>\n")
	case *ast.FencedCodeBlock:
		w.code(n, languageClass(n.Language(w.src)))
	case *ast.CodeBlock:
		w.code(n, "")
	case *xast.Table:
		w.table(n)
	case *ast.LinkReferenceDefinition:
	default:
		w.blocks(n)
	}
}

func (w *writer) element(name string, n node, inside func(node)) {
	w.b.WriteString("<" + name + ">")
	inside(n)
	w.b.WriteString("</" + name + ">\n")
}

func (w *writer) around(name string, n node) {
	w.b.WriteString("<" + name + ">\n")
	w.blocks(n)
	w.b.WriteString("</" + name + ">\n")
}

func (w *writer) list(n *ast.List) {
	name := "ul"
	w.b.WriteByte('<')
	if n.IsOrdered() {
		name = "ol"
	}
	w.b.WriteString(name)
	if n.IsOrdered() && n.Start != 1 {
		w.b.WriteString(` start="` + strconv.Itoa(n.Start) + `"`)
	}
	w.b.WriteString(">\n")
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		w.b.WriteString("<li>")
		if first := item.FirstChild(); first != nil {
			if _, tight := first.(*ast.TextBlock); !tight {
				w.b.WriteByte('\n')
			}
			w.blocks(item)
		}
		w.b.WriteString("</li>\n")
	}
	w.b.WriteString("</" + name + ">\n")
}

func (w *writer) code(n node, class string) {
	w.b.WriteString("<pre><code" + class + ">")
	w.text(rawLines(n, w.src))
	w.b.WriteString("</code></pre>\n")
}

func (w *writer) table(n *xast.Table) {
	w.b.WriteString("<table>\n")
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		cell := "td"
		if _, head := row.(*xast.TableHeader); head {
			cell = "th"
			w.b.WriteString("<thead>\n")
		} else if row.PreviousSibling() == n.FirstChild() {
			w.b.WriteString("<tbody>\n")
		}
		w.b.WriteString("<tr>\n")
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			w.b.WriteString("<" + cell)
			if tc, ok := c.(*xast.TableCell); ok && tc.Alignment != xast.AlignNone {
				w.b.WriteString(` align="` + tc.Alignment.String() + `"`)
			}
			w.b.WriteByte('>')
			w.inlines(c)
			w.b.WriteString("</" + cell + ">\n")
		}
		w.b.WriteString("</tr>\n")
		if cell == "th" {
			w.b.WriteString("</thead>\n")
		} else if row.NextSibling() == nil {
			w.b.WriteString("</tbody>\n")
		}
	}
	w.b.WriteString("</table>\n")
}

func (w *writer) inlines(parent node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if t, ok := n.(*ast.Text); ok {
			n = w.run(t)
			continue
		}
		w.inline(n)
	}
}

func (w *writer) inline(n node) {
	switch n := n.(type) {
	case *ast.String:
		w.text(string(n.Value))
	case *ast.CodeSpan:
		w.b.WriteString("<code>")
		w.text(codeText(n, w.src))
		w.b.WriteString("</code>")
	case *ast.Emphasis:
		w.marked([]string{"em", "strong"}[min(n.Level, 2)-1], n)
	case *xast.Strikethrough:
		w.marked("del", n)
	case *xast.TaskCheckBox:
		// A character, not a form field: it reads the same in mail, and no policy
		// of ours has to allow one.
		w.b.WriteString(map[bool]string{true: "☑ ", false: "☐ "}[n.IsChecked])
	case *ast.AutoLink:
		w.autoLink(n)
	case *ast.Link:
		w.link(n)
	case *ast.Image:
		w.image(n)
	default:
		w.inlines(n)
	}
}

func (w *writer) marked(name string, n node) {
	w.b.WriteString("<" + name + ">")
	w.inlines(n)
	w.b.WriteString("</" + name + ">")
}

// run writes the text from t to the end of its run, with its mentions and item
// references as links, and returns the last node it took.
func (w *writer) run(t *ast.Text) node {
	last, stop := runEnd(t)
	for range t.Segment.Padding {
		w.b.WriteByte(' ')
	}
	w.words(t.Segment.Start, stop, t.IsRaw())
	switch {
	case last.HardLineBreak():
		w.b.WriteString("<br>\n")
	case last.SoftLineBreak():
		w.b.WriteByte('\n')
	}
	return last
}

// plainLines writes the lines of a block that was not read for marks.
func (w *writer) plainLines(n node) {
	lines := n.Lines()
	for i, s := range lines.Sliced(0, lines.Len()) {
		s = s.TrimRightSpace(w.src)
		if i > 0 {
			w.b.WriteByte('\n')
		}
		w.words(s.Start, s.Stop, true)
	}
}

func (w *writer) words(start, stop int, raw bool) {
	for t := range tokens(w.src, start, stop) {
		shown := string(w.src[t.start:t.stop])
		switch {
		case t.kind == mention && !w.inLink && w.person(t.name):
			w.open(w.o.PublicURL+"/people/"+t.name, "")
			w.text(shown)
			w.b.WriteString("</a>")
		case t.kind == reference && !w.inLink && (w.o.Item == nil || w.o.Item(t.name)):
			w.open(w.o.PublicURL+"/"+t.name, "")
			w.text(shown)
			w.b.WriteString("</a>")
		case raw:
			w.text(shown)
		default:
			w.text(resolve(shown))
		}
	}
}

func (w *writer) person(handle string) bool {
	if w.o.Person == nil {
		return false
	}
	known, asked := w.known[handle]
	if !asked {
		known = w.o.Person(handle)
		w.known[handle] = known
	}
	return known
}

// text writes characters as characters, never as markup.
func (w *writer) text(s string) { w.b.WriteString(html.EscapeString(clean(s))) }

// open begins a link. The address is one that target has let through.
func (w *writer) open(address, title string) {
	w.b.WriteString(`<a href="` + html.EscapeString(address) + `" rel="` + rel + `"`)
	w.title(title)
	w.b.WriteByte('>')
}

func (w *writer) title(title string) {
	if title != "" && len(title) <= maxLinkURL {
		w.b.WriteString(` title="` + html.EscapeString(title) + `"`)
	}
}
