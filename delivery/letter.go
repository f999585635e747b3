package delivery

import (
	"strings"

	"github.com/rubato-hq/rubato/words"
)

// letter is what a mail says, before it is written as text and as HTML. Every
// string is plain text but those of type markupHTML.
type letter struct {
	W *words.Words
	// Alarm is a crisis: it looks like nothing else.
	Alarm    bool
	Subject  string
	Crumb    string
	Title    string
	Lead     []string
	Facts    []fact // of a crisis
	Act      link   // the one thing to do, if there is one
	After    []string
	Sections []part
	Rest     []fold
	End      string // the headline of the end, "" for letters that have none
	EndLines []string
	Foot     []string
	FootLink link
}

// link is an address on our own public site with its words.
type link struct{ Text, URL string }

// fact is a name and what it is; Said is what somebody wrote.
type fact struct {
	Name, Text string
	Said       bool
}

// part is a section of a brief.
type part struct {
	Title string
	Notes []string // how many, how long
	Lines []entry
}

// entry is one line of a brief.
type entry struct {
	Point link
	Due   string
	Meta  []string
	Why   link
	Said  markupHTML
	Plain string // Said as text
	Note  string // why it is urgent, that nobody was interrupted
}

// fold is a kind of thing that is counted, with its lines in short.
type fold struct {
	Title, Count string
	Lines        []entry
	More         string
}

// markupHTML is made by package markup, and safe to write as it is.
type markupHTML string

// text writes the letter as one would type it: it is what comes first in the
// mail, and all of it for those who read plain text.
func (l letter) text() string {
	var b strings.Builder
	para := func(lines ...string) {
		for _, s := range lines {
			if s != "" {
				b.WriteString(s + "\n\n")
			}
		}
	}
	para(l.Crumb, l.Title)
	para(l.Lead...)
	for _, f := range l.Facts {
		para(f.Name + ":\n" + indent(f.Text))
	}
	if l.Act.URL != "" {
		para(l.Act.Text + ":\n" + l.Act.URL)
	}
	para(l.After...)
	for _, s := range l.Sections {
		b.WriteString("\n" + heading(s.Title, s.Notes...))
		for _, e := range s.Lines {
			para(e.text())
		}
	}
	for _, f := range l.Rest {
		b.WriteString("\n" + heading(f.Title, f.Count))
		for _, e := range f.Lines {
			para(e.text())
		}
		para(f.More)
	}
	if l.End != "" {
		b.WriteString("\n")
		para(l.End)
		para(l.EndLines...)
	}
	b.WriteString("-- \n")
	for _, s := range l.Foot {
		b.WriteString(s + "\n")
	}
	if l.FootLink.URL != "" {
		b.WriteString(l.FootLink.Text + ": " + l.FootLink.URL + "\n")
	}
	return b.String()
}

func (e entry) text() string {
	lines := []string{"* " + e.Point.Text}
	add := func(s string) {
		if s != "" {
			lines = append(lines, indent(s))
		}
	}
	add(e.Due)
	add(strings.Join(e.Meta, " · "))
	add(e.Note)
	if e.Plain != "" {
		add(quote(e.Plain))
	}
	add(e.Point.URL)
	if e.Why.URL != "" {
		add(e.Why.Text + ": " + e.Why.URL)
	}
	return strings.Join(lines, "\n")
}

// heading is a title underlined, with its notes beside it.
func heading(title string, notes ...string) string {
	if s := strings.Join(notes, ", "); s != "" {
		title += " (" + s + ")"
	}
	return title + "\n" + strings.Repeat("-", len([]rune(title))) + "\n\n"
}

func indent(s string) string { return "  " + strings.ReplaceAll(s, "\n", "\n  ") }

func quote(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") }
