package format

import (
	"strings"
	"unicode"
)

// shape is what a block of Markdown is.
type shape uint8

const (
	paragraph shape = iota
	heading
	listed // an item of a list
	quoted
	code
	table
)

// block is some lines that belong together, without the marks that make them so.
type block struct {
	shape shape
	level int // of a heading
	line  int // where it begins, from 1
	lines []string
}

// page is a document in blocks, with the keys of its front matter.
type page struct {
	blocks []block
	keys   map[string]int // the line of each key that has a value
}

// blocksOf reads Markdown line by line. It knows what the format check has to
// tell apart, no more: CommonMark's nesting is read as its innermost block.
func blocksOf(text string) page {
	p := page{keys: make(map[string]int)}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	at := p.frontMatter(lines)
	var fence string
	open, list := false, false // the last block can go on; an indented line may belong to an item
	add := func(s shape, level, line int, text string) {
		if s != heading && open {
			if last := &p.blocks[len(p.blocks)-1]; last.shape == s && (s == paragraph || s == quoted || s == code || s == table) {
				last.lines = append(last.lines, text)
				return
			}
		}
		p.blocks = append(p.blocks, block{shape: s, level: level, line: line, lines: []string{text}})
		open = s != heading
		list = s == listed || list && (s == paragraph || s == code)
	}
	comment := false
	for ; at < len(lines); at++ {
		n, raw := at+1, lines[at]
		trimmed := strings.TrimSpace(raw)
		if fence != "" {
			if strings.HasPrefix(trimmed, fence) && strings.Trim(trimmed, fence[:1]) == "" {
				fence, open = "", false
				continue
			}
			add(code, 0, n, raw)
			continue
		}
		if comment || strings.HasPrefix(trimmed, "<!--") {
			comment = !strings.Contains(trimmed, "-->")
			open = false
			continue
		}
		if trimmed == "" {
			open = false
			continue
		}
		if f := fenceOf(trimmed); f != "" {
			fence, open = f, false
			continue
		}
		indent := len(raw) - len(strings.TrimLeft(raw, " \t"))
		if level := headingOf(trimmed); level > 0 && indent < 4 {
			add(heading, level, n, strings.TrimSpace(strings.Trim(trimmed, "#")))
			continue
		}
		last := len(p.blocks) - 1
		if level := underline(trimmed); level > 0 && open && p.blocks[last].shape == paragraph && len(p.blocks[last].lines) == 1 {
			p.blocks[last].shape, p.blocks[last].level, open = heading, level, false
			continue
		}
		switch item, is := itemOf(trimmed); {
		case rule(trimmed):
			open = false
		case strings.HasPrefix(trimmed, ">"):
			add(quoted, 0, n, strings.TrimSpace(strings.TrimLeft(trimmed, "> ")))
		case strings.HasPrefix(trimmed, "|") || open && p.blocks[last].shape == table && strings.Contains(trimmed, "|"):
			add(table, 0, n, trimmed)
		case is:
			add(listed, 0, n, item)
		case open && p.blocks[last].shape == listed: // an item goes on
			p.blocks[last].lines = append(p.blocks[last].lines, trimmed)
		case open && p.blocks[last].shape == quoted: // a quotation goes on without its mark
			p.blocks[last].lines = append(p.blocks[last].lines, trimmed)
		case indent >= 4 && !open && !list:
			add(code, 0, n, raw)
		case indent >= 4 && open && p.blocks[last].shape == code:
			add(code, 0, n, raw)
		default:
			add(paragraph, 0, n, trimmed)
		}
	}
	return p
}

// frontMatter reads the keys between two lines of dashes, and returns the line
// after them.
func (p *page) frontMatter(lines []string) int {
	if len(lines) == 0 || strings.TrimRight(lines[0], " ") != "---" {
		return 0
	}
	for i := 1; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " ")
		if line == "---" || line == "..." {
			return i + 1
		}
		if key, value, ok := strings.Cut(line, ":"); ok && strings.Trim(value, ` "'{}[]`) != "" {
			p.keys[strings.ToLower(strings.TrimSpace(key))] = i + 1
		}
	}
	clear(p.keys) // never closed: it was none
	return 0
}

func fenceOf(line string) string {
	for _, mark := range []string{"```", "~~~"} {
		if strings.HasPrefix(line, mark) {
			n := len(line) - len(strings.TrimLeft(line, mark[:1]))
			return line[:n]
		}
	}
	return ""
}

func headingOf(line string) int {
	n := len(line) - len(strings.TrimLeft(line, "#"))
	if n == 0 || n > 6 || len(line) > n && line[n] != ' ' && line[n] != '\t' {
		return 0
	}
	return n
}

func underline(line string) int {
	switch {
	case strings.Trim(line, "=") == "":
		return 1
	case len(line) > 1 && strings.Trim(line, "-") == "":
		return 2
	}
	return 0
}

func rule(line string) bool {
	bare := strings.ReplaceAll(line, " ", "")
	return len(bare) >= 3 && (strings.Trim(bare, "*") == "" || strings.Trim(bare, "-") == "" || strings.Trim(bare, "_") == "")
}

// itemOf is what stands in an item of a list, without its mark and its box.
func itemOf(line string) (string, bool) {
	var rest string
	switch {
	case len(line) > 1 && strings.ContainsRune("-*+", rune(line[0])) && (line[1] == ' ' || line[1] == '\t'):
		rest = line[2:]
	default:
		digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
		if digits == 0 || digits > 9 || len(line) < digits+2 || line[digits] != '.' && line[digits] != ')' || line[digits+1] != ' ' {
			if mark, after, ok := strings.Cut(line, " "); ok && (mark == "•" || mark == "–") {
				return strings.TrimSpace(after), true
			}
			return "", false
		}
		rest = line[digits+2:]
	}
	rest = strings.TrimSpace(rest)
	for _, box := range []string{"[ ] ", "[x] ", "[X] "} {
		rest = strings.TrimPrefix(rest, box)
	}
	return rest, true
}

// far is how many bytes on the end of a mark is looked for, so that no text takes
// more than a time that grows with its length.
const far = 2000

// bare is a line of prose without its marks: without code, addresses, tags and
// pictures; of links only what is read. It tells each link.
func bare(line string, tell func(text string)) string {
	if !strings.ContainsAny(line, "`[<*_~\\") && !strings.Contains(line, "http") {
		return line
	}
	var b strings.Builder
	b.Grow(len(line))
	for i := 0; i < len(line); {
		rest := line[i:min(len(line), i+far)]
		switch {
		case rest[0] == '`':
			n := len(rest) - len(strings.TrimLeft(rest, "`"))
			if end := strings.Index(rest[n:], rest[:n]); end >= 0 {
				b.WriteByte('`') // a word of its own, that is none
				i += n + end + n
				continue
			}
		case strings.HasPrefix(rest, "!["):
			if _, after, ok := linkAt(rest[1:]); ok {
				i += 1 + after
				continue
			}
		case rest[0] == '[':
			if text, after, ok := linkAt(rest); ok {
				tell(text)
				b.WriteString(bare(text, func(string) {}))
				i += after
				continue
			}
		case rest[0] == '<':
			if end := strings.IndexByte(rest, '>'); end > 0 && end < 500 {
				tag := strings.ToLower(rest[1:end])
				if strings.HasPrefix(tag, "a ") {
					if text, _, ok := strings.Cut(rest[end+1:], "<"); ok {
						tell(text)
					}
				}
				if tag != "" && (unicode.IsLetter(rune(tag[0])) || tag[0] == '/') {
					b.WriteByte(' ')
					i += end + 1
					continue
				}
			}
		case strings.HasPrefix(rest, "http://"), strings.HasPrefix(rest, "https://"):
			rest = line[i:]
			n := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || r == ')' || r == '>' || r == '"' })
			if n < 0 {
				n = len(rest)
			}
			i += n
			continue
		case rest[0] == '*', strings.HasPrefix(rest, "__"), strings.HasPrefix(rest, "~~"):
			i++
			continue
		case rest[0] == '\\' && len(rest) > 1:
			i++
			continue
		}
		b.WriteByte(line[i])
		i++
	}
	return b.String()
}

// linkAt reads "[text](address)" or "[text][name]", and returns where it ends.
func linkAt(s string) (text string, after int, ok bool) {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth > 0 {
				continue
			}
			rest := s[i+1:]
			if strings.HasPrefix(rest, "(") {
				if end := closing(rest); end > 0 {
					return s[1:i], i + 1 + end + 1, true
				}
			}
			if strings.HasPrefix(rest, "[") {
				if end := strings.IndexByte(rest, ']'); end > 0 {
					return s[1:i], i + 1 + end + 1, true
				}
			}
			return "", 0, false
		}
	}
	return "", 0, false
}

// closing is where the bracket closes that s begins with.
func closing(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return 0
}
