package markup

import (
	"bytes"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A hostile text can make a Markdown parser look over the same bytes again and
// again. Each limit below bounds one such search; what lies beyond a limit is
// shown as it was typed. Documents that people write stay far below them.
const (
	maxDepth    = 16       // open blocks around a line: quotes, lists and their items
	maxLines    = 1000     // lines of a paragraph that is read for inline marks
	maxRun      = 32 << 10 // bytes of such a paragraph
	maxHeading  = 4 << 10  // bytes of a heading
	maxMarks    = 400      // emphasis marks in one block
	maxMarkRun  = 16       // equal marks in a row
	maxMisses   = 200      // closing brackets in one block that close no link
	maxOpeners  = 400      // opening brackets in one block that are still open
	maxTicks    = 32       // backticks in a row
	maxCells    = 20_000   // cells of all tables
	maxEscapes  = 200      // escaped pipes within all tables
	maxAddress  = 64       // bytes of an e-mail address before the @ (RFC 5321 4.5.3.1.1)
	maxLinkURL  = 2048     // bytes of a link's address
	maxLanguage = 32       // bytes of a code block's language
)

type node = ast.Node

// kindPlain is a paragraph beyond maxLines or maxRun: text without marks.
var kindPlain = ast.NewNodeKind("Plain")

type plainBlock struct{ ast.BaseBlock }

func (*plainBlock) Kind() ast.NodeKind        { return kindPlain }
func (*plainBlock) IsRaw() bool               { return true }
func (n *plainBlock) Dump(src []byte, at int) { ast.DumpHelper(n, src, at, nil, nil) }

// tally counts what one parse has met. It travels in the parse's context, so
// that one parser serves all goroutines.
type tally struct {
	cells, escapes        int          // of the text
	marks, misses, opened int          // of the block
	ticks                 map[int]bool // of the block: lengths of backtick runs that found no partner
}

func (t *tally) nextBlock() { t.marks, t.misses, t.opened, t.ticks = 0, 0, 0, nil }

type bounds struct{ key parser.ContextKey }

func (b bounds) tally(pc parser.Context) *tally {
	return pc.ComputeIfAbsent(b.key, func() any { return new(tally) }).(*tally)
}

// reader returns the one parser: CommonMark and GFM without the two parts that
// read raw HTML, so that a tag is text like any other.
var reader = sync.OnceValue(func() parser.Parser {
	b := bounds{key: parser.NewContextKey()}
	at := util.Prioritized
	return parser.NewParser(
		parser.WithBlockParsers(
			at(parser.NewSetextHeadingParser(), 100),
			at(parser.NewThematicBreakParser(), 200),
			at(shallow{parser.NewListParser()}, 300),
			at(parser.NewListItemParser(), 400),
			at(parser.NewCodeBlockParser(), 500),
			at(shortHeading{parser.NewATXHeadingParser()}, 600),
			at(parser.NewFencedCodeBlockParser(), 700),
			at(shallow{parser.NewBlockquoteParser()}, 800),
			at(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			at(extension.NewTaskCheckBoxParser(), 0),
			at(codeSpans{parser.NewCodeSpanParser(), b}, 100),
			at(brackets{parser.NewLinkParser(), b}, 200),
			at(parser.NewAutoLinkParser(), 300),
			at(marks{parser.NewEmphasisParser(), b}, 500),
			at(marks{extension.NewStrikethroughParser(), b}, 500),
			at(bareLinks{extension.NewLinkifyParser(
				extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"}),
			)}, 999),
		),
		parser.WithParagraphTransformers(
			at(longParagraphs{}, 50),
			at(parser.LinkReferenceParagraphTransformer, 100),
			at(tables{extension.NewTableParagraphTransformer(), b}, 200),
		),
		parser.WithASTTransformers(at(extension.NewTableASTTransformer(), 0)),
	)
})

// shallow refuses to open a list or quote in too many others: every line costs
// a step for each block around it.
type shallow struct{ parser.BlockParser }

func (p shallow) Open(parent node, r text.Reader, pc parser.Context) (node, parser.State) {
	if len(pc.OpenedBlocks()) >= maxDepth {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, r, pc)
}

// shortHeading leaves lines that are too long for a heading to the paragraphs.
type shortHeading struct{ parser.BlockParser }

func (p shortHeading) Open(parent node, r text.Reader, pc parser.Context) (node, parser.State) {
	if line, _ := r.PeekLine(); len(line) > maxHeading {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, r, pc)
}

// longParagraphs takes a paragraph that is too long to be searched for marks out
// of the inline parser's hands. What may be a table waits for its own bounds.
type longParagraphs struct{}

func (longParagraphs) Transform(p *ast.Paragraph, r text.Reader, _ parser.Context) {
	if tooLong(p.Lines()) && !delimiterRow(p.Lines(), 1, r.Source()) {
		toPlain(p)
	}
}

func tooLong(lines *text.Segments) bool {
	size := 0
	for _, s := range lines.Sliced(0, lines.Len()) {
		size += s.Len()
	}
	return lines.Len() > maxLines || size > maxRun
}

func toPlain(p *ast.Paragraph) {
	plain := &plainBlock{}
	plain.SetLines(p.Lines())
	plain.SetBlankPreviousLines(p.HasBlankPreviousLines())
	p.Parent().ReplaceChild(p.Parent(), p, plain)
}

// delimiterRow reports whether the line looks like the one below a table's head.
func delimiterRow(lines *text.Segments, at int, src []byte) bool {
	if lines.Len() <= at {
		return false
	}
	line := lines.At(at)
	row := line.Value(src)
	return bytes.IndexByte(row, '-') >= 0 && len(bytes.Trim(row, "|-: \t\n")) == 0
}

// tables refuses tables whose missing cells, filled in, would exceed what was
// typed by orders of magnitude: one wide head and many short rows.
type tables struct {
	parser.ParagraphTransformer
	b bounds
}

func (p tables) Transform(par *ast.Paragraph, r text.Reader, pc parser.Context) {
	if p.fits(par.Lines(), r.Source(), p.b.tally(pc)) {
		p.ParagraphTransformer.Transform(par, r, pc)
	}
	if par.Parent() != nil && tooLong(par.Lines()) {
		toPlain(par)
	}
}

// fits counts the table that the lines may hold, if it stays within bounds.
func (tables) fits(lines *text.Segments, src []byte, t *tally) bool {
	head := 1
	for head < min(lines.Len(), 20) && !delimiterRow(lines, head, src) {
		head++ // text may stand right above a table, but not pages of it
	}
	if head >= min(lines.Len(), 20) {
		return false
	}
	row := lines.At(head)
	cells := (bytes.Count(row.Value(src), []byte{'|'}) + 1) * (lines.Len() - head + 1)
	escapes := 0
	for _, s := range lines.Sliced(0, lines.Len()) {
		if s.Len() > maxRun {
			return false
		}
		escapes += bytes.Count(s.Value(src), []byte(`\|`))
	}
	if t.cells+cells > maxCells || t.escapes+escapes > maxEscapes {
		return false
	}
	t.cells += cells
	t.escapes += escapes
	return true
}

// marks bounds the search of each closing mark through all opening ones.
type marks struct {
	parser.InlineParser
	b bounds
}

func (p marks) Parse(parent node, block text.Reader, pc parser.Context) node {
	line, seg := block.PeekLine()
	run := 1
	for run < len(line) && line[run] == line[0] {
		run++
	}
	if run > maxMarkRun {
		block.Advance(run)
		return ast.NewTextSegment(seg.WithStop(seg.Start + run))
	}
	t := p.b.tally(pc)
	if t.marks >= maxMarks {
		return nil
	}
	t.marks++
	return p.InlineParser.Parse(parent, block, pc)
}

// brackets bounds the searches that follow a closing bracket.
type brackets struct {
	parser.InlineParser
	b bounds
}

func (p brackets) Parse(parent node, block text.Reader, pc parser.Context) node {
	t := p.b.tally(pc)
	if t.misses >= maxMisses {
		return nil
	}
	line, _ := block.PeekLine()
	if line[0] != ']' {
		if t.opened >= maxOpeners {
			return nil
		}
		n := p.InlineParser.Parse(parent, block, pc)
		if n != nil {
			t.opened++
		}
		return n
	}
	n := p.InlineParser.Parse(parent, block, pc)
	if t.opened > 0 {
		t.opened--
	}
	if n == nil {
		t.misses++
	}
	return n
}

// CloseBlock ends the block for the brackets and for all counts.
func (p brackets) CloseBlock(parent node, block text.Reader, pc parser.Context) {
	p.InlineParser.(parser.CloseBlocker).CloseBlock(parent, block, pc)
	p.b.tally(pc).nextBlock()
}

// codeSpans remembers the lengths of backtick runs for which the rest of the
// block holds no partner, so that the rest is searched once for each length.
type codeSpans struct {
	parser.InlineParser
	b bounds
}

func (p codeSpans) Parse(parent node, block text.Reader, pc parser.Context) node {
	line, seg := block.PeekLine()
	run := 0
	for run < len(line) && line[run] == '`' {
		run++
	}
	t := p.b.tally(pc)
	if run > maxTicks || t.ticks[run] {
		block.Advance(run)
		return ast.NewTextSegment(seg.WithStop(seg.Start + run))
	}
	n := p.InlineParser.Parse(parent, block, pc)
	if _, missed := n.(*ast.Text); missed {
		if t.ticks == nil {
			t.ticks = map[int]bool{}
		}
		t.ticks[run] = true
	}
	return n
}

// bareLinks asks for a link only where one can begin; the parser behind it would
// otherwise read to the end of the line at every space, star and underscore.
type bareLinks struct{ parser.InlineParser }

func (p bareLinks) Parse(parent node, block text.Reader, pc parser.Context) node {
	line, _ := block.PeekLine()
	switch line[0] {
	case ' ', '*', '_', '~', '(':
		line = line[1:]
	}
	if bytes.HasPrefix(line, []byte("http")) || bytes.HasPrefix(line, []byte("www.")) {
		return p.InlineParser.Parse(parent, block, pc)
	}
	for i, c := range line[:min(len(line), maxAddress+1)] {
		switch c {
		case '@':
			if i > 0 {
				return p.InlineParser.Parse(parent, block, pc)
			}
			return nil
		case ' ', '\n', '\t', '(', ')', '<', '>', ',', ';', ':', '"':
			return nil
		}
	}
	return nil
}
