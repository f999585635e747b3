package ics

import (
	"bufio"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// fold is the most octets of a line (RFC 5545, 3.1).
const fold = 75

// Writer writes content lines: with CRLF, folded, and so that no value can begin
// a line of its own. The first error stays; Flush returns it.
type Writer struct{ w *bufio.Writer }

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{bufio.NewWriter(w)} }

// Begin opens a component: "VEVENT".
func (w *Writer) Begin(component string) { w.Raw("BEGIN", component) }

// End closes a component.
func (w *Writer) End(component string) { w.Raw("END", component) }

// Text writes a property whose value is text.
func (w *Writer) Text(name, value string) { w.Raw(name, escape(value)) }

// Instant writes a property whose value is a date with time, in UTC.
func (w *Writer) Instant(name string, t time.Time) {
	w.Raw(name, t.UTC().Format("20060102T150405Z"))
}

// Raw writes a property whose value stands in its form of the RFC already. name
// may carry parameters. What controls a terminal or ends a line is left out.
func (w *Writer) Raw(name, value string) {
	line := strings.Map(printable, strings.ToValidUTF8(name+":"+value, "\uFFFD"))
	for room := fold; len(line) > room; room = fold - 1 {
		at := room
		for !utf8.RuneStart(line[at]) {
			at--
		}
		w.put(line[:at] + "\r\n ")
		line = line[at:]
	}
	w.put(line + "\r\n")
}

// put writes; bufio keeps the first error for Flush.
func (w *Writer) put(s string) { _, _ = w.w.WriteString(s) }

// Flush writes what is left and returns the first error.
func (w *Writer) Flush() error { return w.w.Flush() }

func printable(r rune) rune {
	if r < ' ' && r != '\t' || r == 0x7F {
		return -1
	}
	return r
}

// escape is a text as a value (RFC 5545, 3.3.11).
func escape(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\r", `\n`).Replace(s)
}
