package slackexport

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Names tells how the accounts, channels and user groups that a text names are
// called. Each function gets an id and returns "" for one it does not know; a nil
// one knows none. A known account is shown as it is returned ("@mia"), so that
// the caller decides whether it is a mention.
type Names struct {
	User, Channel, Group func(id string) string
}

func ask(f func(string) string, id string) string {
	if f == nil {
		return ""
	}
	return f(id)
}

// Markdown turns a text as Slack writes it into Markdown that shows the same:
// names for ids, links, bold, italic and struck-out words, quotes, lists and code.
// What only looks like Markdown is escaped. An address with a token of Slack's in
// it is dropped and its words are kept.
func Markdown(text string, n Names) string {
	w := textWriter{names: n}
	for rest := text; rest != ""; {
		before, after, fenced := strings.Cut(rest, "```")
		code, behind, closed := strings.Cut(after, "```")
		if !fenced || !closed {
			w.lines(rest)
			break
		}
		w.lines(before)
		w.fence(code)
		rest = behind
	}
	return strings.TrimRight(w.b.String(), " \n")
}

// A textWriter writes Markdown line by line; what stands between two lines
// depends on what both are.
type textWriter struct {
	b     strings.Builder
	names Names
	last  lineKind
	blank bool // an empty line was read
	all   bool // >>> was read: the rest is a quote
}

type lineKind uint8

const (
	nothing lineKind = iota
	paragraph
	item
	quote
	fence
)

func (w *textWriter) lines(text string) {
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r", ""), "\n") {
		if strings.TrimSpace(line) == "" {
			w.blank = w.last != nothing
			continue
		}
		w.line(strings.TrimRightFunc(line, unicode.IsSpace))
	}
}

func (w *textWriter) line(line string) {
	if rest, ok := strings.CutPrefix(line, "&gt;&gt;&gt;"); ok {
		w.all, line = true, rest
	} else if rest, ok := strings.CutPrefix(line, "&gt;"); ok && !w.all {
		w.put(quote, "> "+w.words(strings.TrimLeft(rest, " ")))
		return
	}
	if w.all {
		w.put(quote, "> "+w.words(strings.TrimLeft(line, " ")))
		return
	}
	text := strings.TrimLeft(line, " \t\u00a0")
	if mark, rest := listMark(text); mark != "" {
		indent := strings.ReplaceAll(line[:len(line)-len(text)], "\t", "    ")
		w.put(item, indent+mark+w.words(rest))
		return
	}
	w.put(paragraph, w.words(text))
}

// listMark cuts the mark of a list's item off a line.
func listMark(line string) (mark, rest string) {
	for _, bullet := range []string{"• ", "◦ ", "▪︎ ", "▪ ", "‣ ", "- ", "* "} {
		if rest, ok := strings.CutPrefix(line, bullet); ok {
			return "- ", strings.TrimLeft(rest, " ")
		}
	}
	n := 0
	for n < len(line) && n < 3 && '0' <= line[n] && line[n] <= '9' {
		n++
	}
	if n > 0 && n+1 < len(line) && line[n] == '.' && line[n+1] == ' ' {
		return line[:n+2], strings.TrimLeft(line[n+2:], " ")
	}
	return "", line
}

// put writes a line behind the one before it. Slack shows every line end, and
// Markdown only those with two spaces before them.
func (w *textWriter) put(kind lineKind, line string) {
	switch {
	case w.last == nothing:
	case w.blank && kind == quote && w.last == quote && w.all:
		w.b.WriteString("\n>\n")
	case w.blank, kind != w.last, kind == fence:
		w.b.WriteString("\n\n")
	case kind == item:
		w.b.WriteString("\n")
	default:
		w.b.WriteString("  \n")
	}
	w.b.WriteString(line)
	w.last, w.blank = kind, false
}

// fence writes a block of code, whose line ends and signs are the writer's own.
func (w *textWriter) fence(code string) {
	code = strings.Trim(strings.ReplaceAll(code, "\r", ""), "\n")
	if strings.TrimSpace(code) == "" {
		return
	}
	w.put(fence, "```\n"+literal(code)+"\n```")
}

// A piece is a part of a line: finished Markdown, or a mark that may open or
// close something.
type piece struct {
	text        string
	mark        byte
	open, close bool
}

// words converts the text of one line.
func (w *textWriter) words(s string) string {
	var pieces []piece
	var depth [256]int // open marks
	var open []int     // their places in pieces
	ticks := true      // there may be a further backtick
	brackets := strings.Contains(s, "](") || strings.Contains(s, "][") || strings.Contains(s, "]:")
	for i := 0; i < len(s); {
		switch c := s[i]; c {
		case '`':
			end := -1
			if before, _ := utf8.DecodeLastRuneInString(s[:i]); unicode.IsLetter(before) || unicode.IsDigit(before) {
				end = 0 // Slack opens no code within a word
			} else if ticks {
				end = strings.IndexByte(s[i+1:], '`')
			}
			if end > 0 {
				pieces = append(pieces, piece{text: "`" + literal(s[i+1:i+1+end]) + "`"})
				i += end + 2
				continue
			}
			ticks = ticks && end >= 0
			pieces = append(pieces, piece{text: "\\`"})
		case '<':
			end := strings.IndexAny(s[i+1:], "<>")
			if end > 0 && s[i+1+end] == '>' {
				pieces = append(pieces, piece{text: w.reference(s[i+1 : i+1+end])})
				i += end + 2
				continue
			}
			pieces = append(pieces, piece{text: `\<`})
		case '*', '_', '~':
			p := mark(s, i)
			if p.close && depth[c] > 0 {
				at := open[len(open)-1]
				for ; pieces[at].mark != c; at = open[len(open)-1] { // it crosses these: they are words
					depth[pieces[at].mark]--
					open = open[:len(open)-1]
				}
				open, depth[c] = open[:len(open)-1], depth[c]-1
				both := piece{text: map[byte]string{'*': "**", '_': "_", '~': "~~"}[c]}
				pieces[at] = both
				pieces = append(pieces, both)
				i++
				continue
			}
			if p.open && depth[c] == 0 {
				open, depth[c] = append(open, len(pieces)), depth[c]+1
			}
			pieces = append(pieces, p)
		default:
			end := i + 1
			for end < len(s) && !strings.ContainsRune("`<*_~", rune(s[end])) {
				end++
			}
			pieces = append(pieces, piece{text: escape(unescape(s[i:end]), brackets)})
			i = end
			continue
		}
		i++
	}
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return atLineStart(b.String())
}

// mark reads the sign at s[i] as Slack does: it opens behind white space or
// punctuation and before a word, it closes the other way round. By itself it is
// an escaped sign, or a bare one inside a word.
func mark(s string, i int) piece {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+1:])
	wordBefore := i > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before))
	wordAfter := i+1 < len(s) && (unicode.IsLetter(after) || unicode.IsDigit(after))
	p := piece{
		text:  `\` + s[i:i+1],
		mark:  s[i],
		open:  !wordBefore && i+1 < len(s) && !unicode.IsSpace(after) && after != rune(s[i]),
		close: !wordAfter && i > 0 && !unicode.IsSpace(before) && before != rune(s[i]),
	}
	if s[i] == '_' && wordBefore && wordAfter {
		p.text = "_"
	}
	return p
}

// unescape reads the three signs that Slack writes as entities.
func unescape(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// literal returns text for code: what stands in angle brackets there is an
// address or a name that Slack put in by itself.
func literal(s string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "<")
		b.WriteString(before)
		if !ok {
			break
		}
		end := strings.IndexAny(rest, "<>")
		if end < 0 || rest[end] == '<' {
			b.WriteByte('<')
			s = rest
			continue
		}
		target, label, labelled := strings.Cut(rest[:end], "|")
		if labelled {
			target = label
		}
		if token(target) {
			target = ""
		}
		b.WriteString(target)
		s = rest[end+1:]
	}
	return unescape(b.String())
}

// escape keeps characters from being Markdown.
func escape(s string, brackets bool) string {
	var b strings.Builder
	for i, c := range s {
		switch c {
		case '\\', '`', '*', '~':
			b.WriteByte('\\')
		case '_':
			before, _ := utf8.DecodeLastRuneInString(s[:i])
			after, _ := utf8.DecodeRuneInString(s[i+1:])
			if !unicode.IsLetter(before) && !unicode.IsDigit(before) || !unicode.IsLetter(after) && !unicode.IsDigit(after) {
				b.WriteByte('\\')
			}
		case '[', ']':
			if brackets {
				b.WriteByte('\\')
			}
		case '<':
			if next := s[i+1:]; next != "" && (next[0] == '/' || next[0] == '!' || next[0] == '?' || unicode.IsLetter(rune(next[0]))) {
				b.WriteByte('\\')
			}
		case '&':
			if name, _, ok := strings.Cut(s[i+1:min(len(s), i+40)], ";"); ok && name != "" && !strings.ContainsAny(name, " &<>") {
				b.WriteByte('\\')
			}
		}
		b.WriteRune(c)
	}
	return b.String()
}

// atLineStart escapes what would make a line a heading, a rule, a quote, an item
// or code.
func atLineStart(s string) string {
	s = strings.TrimLeft(s, " \t")
	if s == "" {
		return s
	}
	switch s[0] {
	case '#': // not that of a channel
		if rest := strings.TrimLeft(s, "#"); rest == "" || rest[0] == ' ' {
			return `\` + s
		}
	case '>':
		return `\` + s
	case '-', '+', '=', '|', ':': // an item, a rule, the line under a heading or a table's head
		if strings.Trim(s, "-+=|: ") == "" || len(s) > 1 && s[1] == ' ' && (s[0] == '-' || s[0] == '+') {
			return `\` + s
		}
	}
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if digits > 0 && digits < 10 && digits < len(s) && (s[digits] == '.' || s[digits] == ')') && (digits+1 == len(s) || s[digits+1] == ' ') {
		return s[:digits] + `\` + s[digits:]
	}
	return s
}

// reference converts what stands between angle brackets.
func (w *textWriter) reference(s string) string {
	target, label, labelled := strings.Cut(s, "|")
	label = unescape(label)
	name := func(sign, known string) string {
		switch {
		case known != "":
			return escape(known, true)
		case labelled && label != "":
			return escape(sign+strings.TrimPrefix(label, sign), true)
		}
		return escape(sign+target[1:], true)
	}
	switch {
	case target == "":
		return escape(label, true)
	case target[0] == '@':
		return name("@", ask(w.names.User, target[1:]))
	case target[0] == '#':
		known := ask(w.names.Channel, target[1:])
		if known != "" {
			known = "#" + strings.TrimPrefix(known, "#")
		}
		return name("#", known)
	case strings.HasPrefix(target, "!subteam^"):
		id := strings.TrimPrefix(target, "!subteam^")
		target = "@" + id
		return name("@", ask(w.names.Group, id))
	case strings.HasPrefix(target, "!date^"):
		return date(target, label)
	case target[0] == '!':
		return name("@", "")
	}
	return link(unescape(target), label)
}

// date shows an instant as Slack would where it cannot read it: by the words
// that came with it, else in UTC.
func date(target, label string) string {
	parts := strings.SplitN(target, "^", 4) // !date, seconds, format, address
	if at, ok := instant(parts[1]); label == "" && ok {
		label = at.Format(time.DateTime) + " UTC"
	}
	if label == "" {
		return escape("<"+target+">", true)
	}
	if len(parts) == 4 {
		return link(unescape(parts[3]), label)
	}
	return escape(label, true)
}

func link(address, label string) string {
	if token(address) || !linkable(address) {
		if label == "" && !token(address) {
			label = address
		}
		return escape(label, true)
	}
	address = strings.NewReplacer(" ", "%20", "<", "%3C", ">", "%3E", "(", "%28", ")", "%29", `\`, "%5C", "\t", "%09").Replace(address)
	if address == "mailto:"+label || label == "" && strings.HasPrefix(address, "mailto:") {
		return "<" + strings.TrimPrefix(address, "mailto:") + ">"
	}
	if label == "" || label == address || "http://"+label == address || "https://"+label == address {
		return "<" + address + ">"
	}
	return "[" + escape(label, true) + "](" + address + ")"
}

func linkable(address string) bool {
	scheme, rest, _ := strings.Cut(address, ":")
	switch strings.ToLower(scheme) {
	case "http", "https":
		return strings.HasPrefix(rest, "//")
	case "mailto":
		return strings.Contains(rest, "@")
	}
	return false
}

// token reports whether a text holds one of Slack's tokens, "xoxe-..." and the
// like: exports put them into the addresses of files.
func token(s string) bool {
	for rest := s; ; {
		_, after, ok := strings.Cut(rest, "xox")
		if !ok {
			return false
		}
		if len(after) > 1 && 'a' <= after[0] && after[0] <= 'z' && (after[1] == '-' || after[1] == '.') {
			return true
		}
		rest = after
	}
}
