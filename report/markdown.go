package report

import (
	"io"
	"strings"
)

// Markdown writes a report as Markdown (GitHub's, for its tables).
func Markdown(w io.Writer, p *Paper) error {
	m := &markdown{}
	m.add("# " + m.plain(p.Head))
	m.add(m.plain(p.Crumb))
	m.add(m.rich(p.Lead))
	for _, part := range p.Parts {
		m.add("## " + m.plain(part.Title))
		if part.Side != "" {
			m.add("*" + m.plain(part.Side) + "*")
		}
		for _, b := range part.Blocks {
			m.block(b)
		}
	}
	m.add("---")
	m.add(m.plain(p.Aside))
	_, err := io.WriteString(w, strings.ReplaceAll(m.b.String(), "\u00a0", " "))
	return err
}

type markdown struct{ b strings.Builder }

func (m *markdown) add(s string) {
	if m.b.Len() > 0 {
		m.b.WriteByte('\n')
	}
	m.b.WriteString(s + "\n")
}

// marks are the characters that mean something in Markdown: what others wrote
// stays text.
var marks = strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "]", "\\]", "<", "&lt;", "|", "\\|", "#", "\\#", "~", "\\~", "\n", " ")

func (m *markdown) plain(s string) string { return marks.Replace(safe(s)) }

func (m *markdown) rich(r Rich) string {
	var b strings.Builder
	for _, run := range r {
		if run.Bold {
			b.WriteString("**" + m.plain(run.Text) + "**")
		} else {
			b.WriteString(m.plain(run.Text))
		}
	}
	return b.String()
}

func (m *markdown) block(b Block) {
	switch {
	case b.Para != nil:
		m.add(m.rich(b.Para.Text))
	case b.Table != nil:
		m.table(b.Table.Caption, b.Table)
	case b.Steps != nil:
		for _, s := range b.Steps.Items {
			m.add("### " + number(s.N) + ". " + m.plain(s.Title))
			m.add("**" + m.plain(s.Gain) + "**, " + m.plain(s.Risk) + ", " + m.plain(s.When) + ". " + m.plain(s.Note))
			if s.Copy != nil {
				m.copy(s.Copy)
			}
		}
	case b.Copy != nil:
		m.copy(b.Copy)
	case b.Figure != nil:
		m.table(b.Figure.Title, &b.Figure.Behind)
		if b.Figure.Caption != "" {
			m.add("*" + m.plain(b.Figure.Caption) + "*")
		}
	}
}

func (m *markdown) copy(c *Copy) {
	m.add(m.plain(c.Title) + ":")
	fence := "```"
	for strings.Contains(c.Text, fence) {
		fence += "`"
	}
	m.add(fence + "text\n" + c.Text + "\n" + fence)
}

func (m *markdown) table(caption string, t *Table) {
	if caption != "" {
		m.add("**" + m.plain(caption) + "**")
	}
	var b strings.Builder
	row := func(cells []string) {
		b.WriteString("|")
		for _, c := range cells {
			b.WriteString(" " + m.plain(c) + " |")
		}
		b.WriteByte('\n')
	}
	row(t.Head)
	b.WriteString("|")
	for i := range t.Head {
		if i < len(t.Numbers) && t.Numbers[i] {
			b.WriteString(" ---: |")
		} else {
			b.WriteString(" --- |")
		}
	}
	b.WriteByte('\n')
	for _, r := range t.Rows {
		row(r)
	}
	m.add(strings.TrimSuffix(b.String(), "\n"))
}
