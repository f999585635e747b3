// Package adr reads and writes records of decisions as files of Markdown: MADR
// (2 to 4) and the form of Nygard and adr-tools. What it does not know stays as
// it is, byte for byte.
//
// What does not live here: what a decision is (core/decision), and which file
// becomes which.
package adr

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Status is where a record stands, in MADR's words.
type Status string

// The statuses.
const (
	Draft      Status = "draft"
	Proposed   Status = "proposed"
	Accepted   Status = "accepted"
	Rejected   Status = "rejected"
	Deprecated Status = "deprecated"
	Superseded Status = "superseded"
)

// Record is one file.
type Record struct {
	Name   string // of the file
	Number int    // by its title or its name, 0 for none
	Title  string
	Status Status
	// Date is of the last change of status, YYYY-MM-DD, "" for none.
	Date string
	// Deciders, Consulted and Informed are names as they stand there.
	Deciders, Consulted, Informed []string
	// Supersedes and SupersededBy are numbers or names of files.
	Supersedes, SupersededBy []string
	Options                  []string
	// Chosen is the option, and Because why, where the outcome says so in MADR's
	// words; Outcome is all that stands there.
	Chosen, Because, Outcome string
	Context                  string

	// The file in pieces that make it whole again.
	front  []string // lines between the dashes, with their ends
	marks  [2]string
	bullet bool // MADR 2 and 3: keys are bullets under the title
	parts  []part
}

// part is a heading and what follows it, as it stands there. The first may have none.
type part struct {
	level   int
	heading string // without marks
	head    string // its line or lines
	text    string
}

// The bounds of a file.
const (
	MaxBytes = 4 << 20
	maxParts = 10_000
)

// Errors of Parse.
var (
	ErrTooLarge = errors.New("it is larger than 4 MB")
	ErrNoText   = errors.New("it is not text in UTF-8")
	ErrNoTitle  = errors.New("it has no title")
)

// Parse reads a file by its name and its text.
func Parse(name string, text []byte) (*Record, error) {
	switch {
	case len(text) > MaxBytes:
		return nil, ErrTooLarge
	case !utf8.Valid(text) || slices.Contains(text, 0):
		return nil, ErrNoText
	}
	r := &Record{Name: path.Base(strings.ReplaceAll(name, `\`, "/"))}
	rest := r.cutFront(string(text))
	r.cut(rest)
	title := slices.IndexFunc(r.parts, func(p part) bool { return p.level == 1 && p.heading != "" })
	if title < 0 {
		return nil, ErrNoTitle
	}
	r.Number, r.Title = numbered(r.parts[title].heading)
	if r.Number == 0 {
		r.Number = leading(r.Name)
	}
	r.keys(title)
	r.sections()
	return r, nil
}

// Bytes is the file again, the same byte for byte when nothing was set.
func (r *Record) Bytes() []byte {
	var b strings.Builder
	b.WriteString(r.marks[0])
	for _, line := range r.front {
		b.WriteString(line)
	}
	b.WriteString(r.marks[1])
	for _, p := range r.parts {
		b.WriteString(p.head)
		b.WriteString(p.text)
	}
	return []byte(b.String())
}

// Body is the file without its front matter and its title.
func (r *Record) Body() string {
	var b strings.Builder
	for _, p := range r.parts {
		if p.level != 1 {
			b.WriteString(p.head)
		}
		b.WriteString(p.text)
	}
	return strings.TrimSpace(b.String())
}

func (r *Record) cutFront(text string) string {
	lines := strings.SplitAfter(text, "\n")
	if len(lines) == 0 || strings.TrimRight(lines[0], " \r\n") != "---" {
		return text
	}
	for i := 1; i < len(lines); i++ {
		if strings.TrimRight(lines[i], " \r\n") == "---" {
			r.marks = [2]string{lines[0], lines[i]}
			r.front = lines[1:i]
			return strings.Join(lines[i+1:], "")
		}
	}
	return text
}

// cut divides the text at its headings; those in a fence of code are none.
func (r *Record) cut(text string) {
	fence := ""
	now := part{}
	lines := strings.SplitAfter(text, "\n")
	for i := range lines {
		bare := strings.TrimRight(lines[i], " \t\r\n")
		trimmed := strings.TrimLeft(bare, " ")
		if fence == "" && (strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~")) {
			fence = trimmed[:3]
		} else if fence != "" && strings.HasPrefix(trimmed, fence) {
			fence = ""
		}
		level, heading := 0, ""
		if fence == "" && len(r.parts) < maxParts {
			level, heading = headingOf(bare)
		}
		if level == 0 {
			now.text += lines[i]
			continue
		}
		r.parts = append(r.parts, now)
		now = part{level: level, heading: heading, head: lines[i]}
	}
	r.parts = append(r.parts, now)
}

func headingOf(line string) (level int, heading string) {
	level = len(line) - len(strings.TrimLeft(line, "#"))
	if level == 0 || level > 6 || len(line) == level || line[level] != ' ' && line[level] != '\t' {
		return 0, ""
	}
	return level, strings.TrimSpace(strings.TrimRight(strings.TrimSpace(line[level:]), "#"))
}

var (
	titleNumber = regexp.MustCompile(`^(?:(?i:ADR)[- ]?0*([1-9]\d{0,5})[.:)]?|0*([1-9]\d{0,5})[.:)]|0*([1-9]\d{0,5}) +[-–—])\s+(.+)$`)
	nameNumber  = regexp.MustCompile(`^(?:adr-?)?(\d{1,6})[-_. ]`)
	bulletKey   = regexp.MustCompile(`^[*-] +([A-Za-z][A-Za-z -]{1,30}): *(.*)$`)
	plainKey    = regexp.MustCompile(`^(?:\*\*)?(Date|Status|Deciders|Decision-makers)(?::\*\*|\*\*:|:) *(.*)$`)
	isoDate     = regexp.MustCompile(`\b(\d{4})[-/](\d{2})[-/](\d{2})\b`)
	chosen      = regexp.MustCompile(`(?is)chosen option: *["“”'\[*_]*(.+?)["“”'\]*_]*,?\s+because,?\s*(.*)`)
	chosenAlone = regexp.MustCompile(`(?i)chosen option: *["“”'\[*_]*([^"“”*_\n]+)`)
	sectionNo   = regexp.MustCompile(`^\d+(\.\d+)*[.:)]? +`)
	adrLink     = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]+)\)`)
	adrNumber   = regexp.MustCompile(`(?i)\bADR[- ]?0*(\d{1,6})\b`)
)

func numbered(heading string) (int, string) {
	if m := titleNumber.FindStringSubmatch(heading); m != nil {
		n, _ := strconv.Atoi(m[1] + m[2] + m[3]) // one of the three
		return n, m[4]
	}
	return 0, heading
}

func leading(name string) int {
	if m := nameNumber.FindStringSubmatch(strings.ToLower(name)); m != nil && len(m[1]) < 8 {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	return 0
}

// keys reads what stands in the front matter (MADR 4), in bullets under the
// title (MADR 2 and 3) or in lines there (adr-tools).
func (r *Record) keys(title int) {
	list := ""
	for _, line := range r.front {
		bare := strings.TrimRight(line, " \r\n")
		if item, ok := strings.CutPrefix(strings.TrimSpace(bare), "- "); ok && list != "" && bare != strings.TrimLeft(bare, " ") || ok && list != "" {
			r.set(list, item)
			continue
		}
		key, value, ok := strings.Cut(bare, ":")
		if !ok || strings.HasPrefix(key, " ") || strings.HasPrefix(key, "#") {
			continue
		}
		list = strings.ToLower(strings.TrimSpace(key))
		r.set(list, value)
	}
	for line := range strings.SplitSeq(r.parts[title].text, "\n") {
		line = strings.TrimRight(line, " \r")
		if m := bulletKey.FindStringSubmatch(line); m != nil {
			r.bullet = true
			r.set(strings.ToLower(m[1]), m[2])
		} else if m := plainKey.FindStringSubmatch(line); m != nil {
			r.set(strings.ToLower(m[1]), m[2])
		}
	}
}

func (r *Record) set(key, value string) {
	value = unquoted(value)
	if value == "" || strings.HasPrefix(value, "{") {
		return // MADR's hints for the writer
	}
	switch key {
	case "status":
		r.status(value)
	case "date":
		if m := isoDate.FindStringSubmatch(value); m != nil {
			r.Date = m[1] + "-" + m[2] + "-" + m[3]
		}
	case "decision-makers", "deciders":
		r.Deciders = append(r.Deciders, names(value)...)
	case "consulted":
		r.Consulted = append(r.Consulted, names(value)...)
	case "informed":
		r.Informed = append(r.Informed, names(value)...)
	}
}

func unquoted(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && (s[0] == '"' && s[len(s)-1] == '"' || s[0] == '\'' && s[len(s)-1] == '\'') {
		return s[1 : len(s)-1]
	}
	return s
}

func names(s string) []string {
	s = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s), "["), "]")
	var out []string
	for name := range strings.SplitSeq(s, ",") {
		if name = unquoted(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// status reads "accepted", "Superseded by ADR-0123", "superceded by [2. Use
// X](0002-use-x.md)" and the like. One that is not known is none.
func (r *Record) status(s string) {
	lower := strings.ToLower(strings.Trim(s, " *_[]"))
	for _, known := range []struct {
		word string
		is   Status
	}{
		{"supersed", Superseded},
		{"superced", Superseded},
		{"replaced", Superseded},
		{"accepted", Accepted},
		{"approved", Accepted},
		{"decided", Accepted},
		{"proposed", Proposed},
		{"pending", Proposed},
		{"rejected", Rejected},
		{"deprecated", Deprecated},
		{"draft", Draft},
	} {
		if strings.HasPrefix(lower, known.word) {
			by := strings.Contains(lower, " by") || known.is != Superseded
			if known.is == Superseded && !by {
				r.Supersedes = append(r.Supersedes, others(s)...) // "Supersedes [1. ...](...)"
				return
			}
			r.Status = known.is
			if known.is == Superseded {
				r.SupersededBy = append(r.SupersededBy, others(s)...)
			}
			return
		}
	}
}

// others are the records that a line names.
func others(s string) []string {
	var out []string
	for _, m := range adrLink.FindAllStringSubmatch(s, -1) {
		if name := path.Base(m[2]); strings.HasSuffix(name, ".md") {
			out = append(out, name)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, m := range adrNumber.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1])
	}
	return out
}

// sections reads what stands under the headings that both forms have.
func (r *Record) sections() {
	for i, p := range r.parts {
		switch strings.ToLower(sectionNo.ReplaceAllString(p.heading, "")) {
		case "status":
			for line := range strings.SplitSeq(p.text, "\n") {
				if line = strings.TrimSpace(line); line != "" {
					r.status(line)
				}
			}
		case "context", "context and problem statement":
			r.Context = strings.TrimSpace(p.text)
		case "considered options", "options", "options considered", "alternatives", "considered alternatives":
			r.Options = append(r.Options, bullets(p.text)...)
		case "decision", "decision outcome":
			r.Outcome = strings.TrimSpace(p.text)
			if m := chosen.FindStringSubmatch(p.text); m != nil {
				r.Chosen, r.Because = m[1], strings.TrimSpace(m[2])
			} else if m := chosenAlone.FindStringSubmatch(p.text); m != nil {
				r.Chosen = strings.TrimRight(strings.TrimSpace(m[1]), ".,")
			}
		case "date":
			if m := isoDate.FindStringSubmatch(p.text); m != nil && r.Date == "" {
				r.Date = m[1] + "-" + m[2] + "-" + m[3]
			}
		case "pros and cons of the options":
			if len(r.Options) > 0 {
				continue
			}
			for _, o := range r.parts[i+1:] {
				if o.level <= p.level {
					break
				}
				r.Options = append(r.Options, o.heading)
			}
		}
	}
}

// bullets are the items of the outermost list of a text, links as they are read.
func bullets(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(line, " \r")
		if len(line) > 2 && strings.ContainsRune("*-+", rune(line[0])) && line[1] == ' ' {
			item := adrLink.ReplaceAllString(strings.TrimSpace(line[2:]), "$1")
			if item != "" {
				out = append(out, item)
			}
			continue
		}
		digits := strings.TrimLeft(line, "0123456789")
		if n := len(line) - len(digits); n > 0 && n < 4 && (strings.HasPrefix(digits, ". ") || strings.HasPrefix(digits, ") ")) {
			out = append(out, strings.TrimSpace(digits[2:]))
		}
	}
	return out
}
