package markup

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"
)

// WordsAMinute is how fast people read prose silently, in English (Brysbaert
// 2019, "How many words do we read per minute?").
const WordsAMinute = 238

// ConclusionRunes is the longest line that [Conclusion] returns.
const ConclusionRunes = 200

// Plain returns a text as one would type it into a mail: no markup but that of
// habit (dashes before items, > before quotes), addresses in brackets behind
// their words. It holds no control characters. Lines are not wrapped. A text
// longer than [MaxBytes] comes back as it is, but for the control characters.
func Plain(md string) string { return PlainAt(md, "") }

// PlainAt is [Plain] for a text that is read elsewhere: links into this site
// appear under publicURL. Without it they would lead nowhere and are left out.
func PlainAt(md, publicURL string) string {
	md = clean(md)
	if len(md) > MaxBytes || unmarked(md) {
		return md
	}
	p := plainer{src: []byte(md), publicURL: strings.TrimRight(publicURL, "/"), addresses: true, expansion: 64<<10 + 2*len(md)}
	return strings.Join(p.blocks(parse(p.src)), "\n")
}

// unmarked reports whether a text surely is one paragraph of a single line in
// which nothing means anything to Markdown: most of what stands in one line is.
// It may say no to others of the kind.
func unmarked(md string) bool {
	if md == "" || strings.ContainsAny(md, "\\`*_[]<>&~|@\n\r\t") || strings.Contains(md, "://") || strings.Contains(md, "www.") {
		return false
	}
	first, last := md[0], md[len(md)-1]
	return ('A' <= first && first <= 'Z' || 'a' <= first && first <= 'z') && last > ' ' && last < 0x80
}

// Conclusion returns the first paragraph as one plain line of at most
// [ConclusionRunes] runes, cut behind a word. A text that has no paragraph of its
// own gives its first item, heading, quote or line of code instead.
func Conclusion(md string) string {
	const enough = 8 << 10
	if len(md) > enough { // the first paragraph is near the top, its links' addresses do not matter
		cut := strings.LastIndexByte(md[:enough], '\n')
		if cut < 0 {
			cut = enough
		}
		md = md[:cut]
	}
	p := plainer{src: []byte(clean(md))}
	doc := parse(p.src)
	for _, found := range []func(node) bool{ownParagraph, anyButHeading, anyBlock} {
		if line := p.first(doc, found); line != "" {
			return line
		}
	}
	return ""
}

func ownParagraph(n node) bool {
	switch n.(type) {
	case *ast.Paragraph, *plainBlock:
		return n.Parent().Kind() == ast.KindDocument
	}
	return false
}

func anyButHeading(n node) bool { return n.Kind() != ast.KindHeading }
func anyBlock(node) bool        { return true }

// first returns the first block of text under n that is wanted, as one line.
func (p *plainer) first(n node, wanted func(node) bool) string {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		line := ""
		switch c.(type) {
		case *ast.Blockquote, *ast.List, *ast.ListItem:
			line = p.first(c, wanted)
		case *ast.Heading:
			if wanted(c) {
				line = oneLine(p.inlines(c))
			}
		case *ast.ThematicBreak:
		default:
			if wanted(c) {
				line = oneLine(strings.Join(p.block(c), " "))
			}
		}
		if line != "" {
			return line
		}
	}
	return ""
}

// oneLine folds white space and cuts at a word.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= ConclusionRunes {
		return s
	}
	end, runes := 0, 0
	for end = range s {
		if runes == ConclusionRunes-1 {
			break
		}
		runes++
	}
	if space := strings.LastIndexByte(s[:end+1], ' '); space > end/2 {
		end = space
	}
	return strings.TrimRight(s[:end], " ,;:-–—") + "…"
}

// Words counts the words that a reader reads: runs of non-space with a letter or
// a digit in them, in text, code and tables, but not in addresses behind links.
func Words(md string) int {
	md = clean(md)
	lines := []string{md}
	if len(md) <= MaxBytes {
		p := plainer{src: []byte(md)}
		lines = p.blocks(parse(p.src))
	}
	words := 0
	for _, line := range lines {
		for field := range strings.FieldsSeq(line) {
			if strings.ContainsFunc(field, inWord) {
				words++
			}
		}
	}
	return words
}

// ReadingMinutes returns how long so many words take to read at [WordsAMinute],
// rounded up, at least 1.
func ReadingMinutes(words int) int {
	return max(1, (words+WordsAMinute-1)/WordsAMinute)
}

// A plainer renders one tree as lines of plain text.
type plainer struct {
	src       []byte
	publicURL string
	addresses bool // behind links
	expansion int  // bytes of addresses that references may still repeat
}

// blocks returns the lines of all blocks in parent, an empty one between two.
func (p *plainer) blocks(parent node) []string {
	var lines []string
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		more := p.block(n)
		if len(more) == 0 {
			continue
		}
		_, tight := n.(*ast.List)
		if len(lines) > 0 && !(tight && parent.Kind() == ast.KindListItem) {
			lines = append(lines, "")
		}
		lines = append(lines, more...)
	}
	return lines
}

func (p *plainer) block(n node) []string {
	switch n := n.(type) {
	case *ast.Heading:
		line := strings.TrimSpace(p.inlines(n))
		if line == "" || n.Level > 2 {
			return nonEmpty(line)
		}
		return []string{line, strings.Repeat("-", min(utf8.RuneCountInString(line), 60))}
	case *plainBlock:
		return strings.Split(strings.TrimRight(rawLines(n, p.src), "\n"), "\n")
	case *ast.Paragraph, *ast.TextBlock:
		return nonEmpty(p.inlines(n))
	case *ast.Blockquote:
		return prefixed(p.blocks(n), "> ", "> ")
	case *ast.List:
		return p.list(n)
	case *ast.ThematicBreak:
		return []string{"----"}
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return prefixed(strings.Split(strings.TrimRight(rawLines(n, p.src), "\n"), "\n"), "    ", "    ")
	case *xast.Table:
		return p.table(n)
	case *ast.LinkReferenceDefinition:
		return nil
	}
	return p.blocks(n)
}

func nonEmpty(s string) []string {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func prefixed(lines []string, first, other string) []string {
	for i, line := range lines {
		prefix := other
		if i == 0 {
			prefix = first
		}
		lines[i] = strings.TrimRight(prefix+line, " ")
	}
	return lines
}

func (p *plainer) list(n *ast.List) []string {
	var lines []string
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		first := "- "
		if n.IsOrdered() {
			first = strconv.Itoa(number) + ". "
			number++
		}
		if !n.IsTight && len(lines) > 0 {
			lines = append(lines, "")
		}
		body := p.blocks(item)
		if len(body) == 0 {
			body = []string{""}
		}
		lines = append(lines, prefixed(body, first, strings.Repeat(" ", len(first)))...)
	}
	return lines
}

// table sets the cells under each other, with columns as wide as their widest
// cell up to a bound.
func (p *plainer) table(n *xast.Table) []string {
	const widest = 40
	var rows [][]string
	var widths []int
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cell := strings.Join(strings.Fields(p.inlines(c)), " ")
			if len(cells) == len(widths) {
				widths = append(widths, 0)
			}
			widths[len(cells)] = max(widths[len(cells)], min(utf8.RuneCountInString(cell), widest))
			cells = append(cells, cell)
		}
		rows = append(rows, cells)
	}
	var lines []string
	for i, cells := range rows {
		for j, cell := range cells {
			cells[j] = cell + strings.Repeat(" ", max(0, widths[j]-utf8.RuneCountInString(cell)))
		}
		lines = append(lines, strings.TrimRight(strings.Join(cells, "  "), " "))
		if i == 0 {
			var rule []string
			for _, w := range widths {
				rule = append(rule, strings.Repeat("-", w))
			}
			lines = append(lines, strings.TrimRight(strings.Join(rule, "  "), " "))
		}
	}
	return lines
}

// inlines returns the text inside a block; hard breaks are line breaks in it.
func (p *plainer) inlines(parent node) string {
	var b strings.Builder
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			s := string(n.Segment.Value(p.src))
			if !n.IsRaw() {
				s = resolve(s)
			}
			b.WriteString(clean(s))
			switch {
			case n.HardLineBreak():
				b.WriteByte('\n')
			case n.SoftLineBreak():
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.CodeSpan:
			b.WriteString(codeText(n, p.src))
		case *xast.TaskCheckBox:
			b.WriteString(map[bool]string{true: "[x] ", false: "[ ] "}[n.IsChecked])
		case *ast.AutoLink:
			b.Write(n.Label(p.src))
		case *ast.Link:
			b.WriteString(p.withAddress(p.inlines(n), n.Destination, n.Reference != nil))
		case *ast.Image:
			b.WriteString(p.withAddress(p.inlines(n), n.Destination, n.Reference != nil))
		default:
			b.WriteString(p.inlines(n))
		}
	}
	return b.String()
}

// withAddress puts the address of a link behind its words, unless they are the
// same or it is of no use outside this site.
func (p *plainer) withAddress(words string, dest []byte, byReference bool) string {
	if byReference {
		p.expansion -= len(dest)
	}
	if !p.addresses || byReference && p.expansion < 0 {
		return words
	}
	address, ok := target(resolve(string(dest)), p.publicURL)
	if !ok || strings.HasPrefix(address, "/") {
		return words
	}
	switch bare := strings.TrimPrefix(address, "mailto:"); strings.TrimFunc(words, unicode.IsSpace) {
	case "", address, bare:
		return bare
	}
	return words + " (" + address + ")"
}

// plainText returns the words under n, for the description of an image.
func plainText(n node, src []byte) string {
	p := plainer{src: src}
	return p.inlines(n)
}
