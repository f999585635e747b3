package report

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"
)

// The width of a report in a terminal is what was asked for, within these.
const (
	narrowest = 60
	widest    = 100
)

// TextOptions say how a report is written for a terminal.
type TextOptions struct {
	Width   int  // columns
	Summary bool // what fits a screen, and nothing after it
	More    string
}

// styles are those of a terminal: its own colours, so that they are to be read on
// light and dark.
type styles struct{ strong, title, quiet, pen lipgloss.Style }

func newStyles() styles {
	return styles{
		strong: lipgloss.NewStyle().Bold(true),
		title:  lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Blue),
		quiet:  lipgloss.NewStyle().Faint(true),
		pen:    lipgloss.NewStyle().Foreground(lipgloss.Blue),
	}
}

// text writes one report.
type text struct {
	b     strings.Builder
	width int
	styles
}

// Text writes a report for a terminal, with escape sequences for its styles: the
// writer has to take them out where there is none.
func Text(w io.Writer, p *Paper, o TextOptions) error {
	t := &text{width: min(widest, max(narrowest, o.Width)), styles: newStyles()}
	t.line(t.quiet.Render(p.Crumb))
	t.line("")
	t.wrapped(t.strong.Render(p.Head), 0)
	t.wrapped(t.rich(p.Lead), 0)
	if len(p.Summary) > 0 {
		t.line("")
		t.summary(p.Summary)
	}
	if o.More != "" {
		t.line("")
		t.wrapped(t.quiet.Render(o.More), 0)
	}
	if !o.Summary {
		for _, part := range p.Parts {
			t.part(part)
		}
		t.line("")
		t.wrapped(t.quiet.Render(p.Aside), 0)
	}
	_, err := io.WriteString(w, tidy(t.b.String()))
	return err
}

// joins is a hyphen at which no line ends.
const joins = "\u2011"

// tidy takes out spaces at the ends of lines, and those that only keep a number
// with its unit.
func tidy(s string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.NewReplacer("\u00a0", " ", joins, "-").Replace(s)) {
		b.WriteString(strings.TrimRight(strings.TrimSuffix(line, "\n"), " "))
		b.WriteByte('\n')
	}
	return b.String()
}

// safe takes out what could steer a terminal: titles are others' words.
func safe(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
}

func (t *text) line(s string) { t.b.WriteString(s + "\n") }

func (t *text) rich(r Rich) string {
	var b strings.Builder
	for _, run := range r {
		if run.Bold {
			b.WriteString(t.strong.Render(safe(run.Text)))
		} else {
			b.WriteString(safe(run.Text))
		}
	}
	return b.String()
}

// flags keep their hyphens together.
var flags = regexp.MustCompile(`--[a-z-]+`)

// wrapped writes lines that fit, each after so many spaces.
func (t *text) wrapped(s string, indent int) {
	s = flags.ReplaceAllStringFunc(s, func(f string) string { return strings.ReplaceAll(f, "-", joins) })
	for line := range strings.Lines(lipgloss.Wrap(s, t.width-indent, " ")) {
		t.line(strings.Repeat(" ", indent) + strings.TrimSuffix(line, "\n"))
	}
}

func (t *text) summary(rows []Row) {
	wide := 0
	for _, r := range rows {
		wide = max(wide, lipgloss.Width(r.Name))
	}
	for _, r := range rows {
		name := t.pen.Render(r.Name) + strings.Repeat(" ", wide-lipgloss.Width(r.Name)+2)
		for i, line := range strings.Split(lipgloss.Wrap(t.rich(r.Text), t.width-wide-2, " "), "\n") {
			if i > 0 {
				name = strings.Repeat(" ", wide+2)
			}
			t.line(name + line)
		}
	}
}

func (t *text) part(p Part) {
	t.line("")
	title := t.title.Render(p.Title)
	if p.Side != "" {
		title += t.quiet.Render("  " + p.Side)
	}
	t.wrapped(title, 0)
	for _, b := range p.Blocks {
		t.line("")
		switch {
		case b.Para != nil && b.Para.Quiet:
			t.wrapped(t.quiet.Render(safe(b.Para.Text.String())), 0)
		case b.Para != nil:
			t.wrapped(t.rich(b.Para.Text), 0)
		case b.Table != nil:
			t.table(b.Table)
		case b.Steps != nil:
			t.steps(b.Steps)
		case b.Copy != nil:
			t.copy(b.Copy)
		case b.Figure != nil:
			t.figure(b.Figure)
		}
	}
}

func (t *text) table(b *Table) {
	if b.Caption != "" {
		t.wrapped(t.quiet.Render(b.Caption), 0)
	}
	if b.Wide {
		t.entries(b)
		return
	}
	rows := make([][]string, len(b.Rows))
	for i, row := range b.Rows {
		for _, cell := range row {
			rows[i] = append(rows[i], safe(cell))
		}
	}
	last := len(b.Head) - 1
	t.line(table.New().Headers(b.Head...).Rows(rows...).Width(t.width).Wrap(true).
		BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).BorderColumn(false).BorderRow(false).BorderHeader(true).
		Border(lipgloss.NormalBorder()).BorderStyle(t.quiet).
		StyleFunc(func(row, column int) lipgloss.Style {
			s := lipgloss.NewStyle()
			if row == table.HeaderRow {
				s = t.quiet
			}
			if column < last {
				s = s.PaddingRight(2)
			}
			if column < len(b.Numbers) && b.Numbers[column] {
				s = s.Align(lipgloss.Right)
			}
			return s
		}).String())
}

// entries writes a table as one entry a row: its name, what is short, what is long.
func (t *text) entries(b *Table) {
	const short = 26
	for _, row := range b.Rows {
		t.wrapped("• "+t.strong.Render(safe(row[0])), 0)
		var line, long []string
		for _, cell := range row[1:] {
			if cell = safe(cell); lipgloss.Width(cell) <= short {
				line = append(line, cell)
			} else {
				long = append(long, cell)
			}
		}
		t.wrapped(t.pen.Render(strings.Join(line, " · ")), 2)
		for _, l := range long {
			t.wrapped(l, 2)
		}
	}
}

func (t *text) steps(b *Steps) {
	for i, s := range b.Items {
		if i > 0 {
			t.line("")
		}
		t.wrapped(number(s.N)+". "+t.strong.Render(safe(s.Title)), 0)
		t.wrapped(t.pen.Render(s.Gain)+" · "+s.Risk+" · "+s.When, 2)
		t.wrapped(safe(s.Note), 2)
		if s.Copy != nil {
			t.copy(s.Copy)
		}
	}
}

// copy writes a ready text, line by line as it is to be sent.
func (t *text) copy(c *Copy) {
	t.wrapped(t.quiet.Render(c.Title), 2)
	for line := range strings.Lines(c.Text) {
		for part := range strings.SplitSeq(lipgloss.Wrap(safe(strings.TrimSuffix(line, "\n")), t.width-4, " "), "\n") {
			t.line("    " + part)
		}
	}
}

// figure draws with characters what is a picture elsewhere.
func (t *text) figure(f *Figure) {
	switch f.Kind {
	case TierScale:
		t.scale(f)
	case Bars, Trend:
		t.bars(f)
	case DayLines:
		t.dayLines(f)
	case HeatMap:
		t.heat(f)
	case PlanMap:
		t.table(&Table{Caption: f.Title, Head: f.Behind.Head, Numbers: f.Behind.Numbers, Rows: f.Behind.Rows})
		return
	}
	if f.Caption != "" {
		t.wrapped(t.quiet.Render(f.Caption), 0)
	}
}

// scale draws the tiers on a line, with where the person is.
func (t *text) scale(f *Figure) {
	wide := t.width - 2
	bar, names := []rune(strings.Repeat("─", wide)), []rune(strings.Repeat(" ", wide))
	put := func(on []rune, at int, s string) {
		for i, r := range []rune(s) {
			if at+i < len(on) {
				on[at+i] = r
			}
		}
	}
	cell := func(x float64) int { return min(wide-1, int(x/100*float64(wide))) }
	for i, m := range f.Marks {
		if m.Shape == Box && i+1 < len(f.Marks) {
			put(bar, cell(m.X), "├")
			put(names, cell(m.X), f.Marks[i+1].Text)
		}
	}
	above := []rune(strings.Repeat(" ", wide))
	for i, m := range f.Marks {
		if m.Shape == Rule {
			at := cell(m.X)
			put(bar, at, "▲")
			label := strings.ReplaceAll(f.Marks[i+1].Text, "\u00a0", " ")
			put(above, max(0, min(at, wide-len([]rune(label)))), label)
		}
	}
	t.line(t.strong.Render(string(above)))
	t.line(t.pen.Render(string(bar)))
	t.line(t.quiet.Render(string(names)))
}

func (t *text) bars(f *Figure) {
	t.wrapped(t.strong.Render(f.Title), 0)
	name, value, most := 0, 0, 0.0
	var sizes []float64
	for _, m := range f.Marks {
		if m.Shape == Box {
			size := m.Width
			if f.Kind == Trend {
				size = m.Height
			}
			sizes = append(sizes, size)
			most = max(most, size)
		}
	}
	for _, row := range f.Behind.Rows {
		name, value = max(name, lipgloss.Width(row[0])), max(value, lipgloss.Width(row[1]))
	}
	room := t.width - name - value - 4
	for i, row := range f.Behind.Rows {
		cells := 0
		if i < len(sizes) && most > 0 {
			cells = max(1, int(sizes[i]/most*float64(room)))
		}
		t.line(row[0] + strings.Repeat(" ", name-lipgloss.Width(row[0])+2) + t.pen.Render(strings.Repeat("█", cells)) + " " + row[1])
	}
}

// drawn are the characters for what a day went to; they differ without colour.
var drawn = map[string]rune{"rb-well": ' ', "rb-frag": '·', "rb-whole": '─', "rb-rec": '░', "rb-pen": '█'}

func (t *text) dayLines(f *Figure) {
	t.wrapped(t.strong.Render(f.Title), 0)
	const sum = 11
	wide := t.width - 5 - sum
	cell := func(x float64) int { return min(wide-1, max(0, int(x/100*float64(wide)))) }
	axis := []rune(strings.Repeat(" ", wide))
	for _, m := range f.Axis {
		for i, r := range []rune(m.Text) {
			if at := cell(m.X) + i; at < wide {
				axis[at] = r
			}
		}
	}
	t.line(strings.Repeat(" ", 5) + t.quiet.Render(string(axis)))
	for i, l := range f.Lines {
		row := []rune(strings.Repeat(" ", wide))
		for _, m := range l.Marks {
			if r, ok := drawn[m.Class]; ok && m.Shape == Box {
				for c := cell(m.X); c < max(cell(m.X)+1, cell(m.X+m.Width)); c++ {
					row[c] = r
				}
			}
		}
		t.line(l.Short + strings.Repeat(" ", max(0, 5-lipgloss.Width(l.Short))) + t.pen.Render(string(row)) + " " + f.Behind.Rows[i][1])
	}
	var key []string
	for _, k := range f.Key {
		key = append(key, string(drawn[k.Class])+" "+k.Text)
	}
	t.wrapped(t.quiet.Render(strings.Join(key, "   ")), 5)
}

func (t *text) heat(f *Figure) {
	t.wrapped(t.strong.Render(f.Title), 0)
	shades := []string{" · ", "░░░", "▒▒▒", "▓▓▓", "███"}
	head := strings.Repeat(" ", 5)
	for _, h := range f.Behind.Head[1:] {
		head += fmt.Sprintf("%-3s", h)
	}
	t.line(t.quiet.Render(head))
	columns := len(f.Behind.Head) - 1
	steps := make([]string, 0, len(f.Marks))
	for _, m := range f.Marks {
		if m.Shape == Box {
			steps = append(steps, m.Class)
		}
	}
	var short []string
	for _, m := range f.Marks {
		if m.Shape == Label && m.Anchor == "" {
			short = append(short, m.Text)
		}
	}
	for day := range f.Behind.Rows {
		row := short[day] + strings.Repeat(" ", max(0, 5-lipgloss.Width(short[day])))
		for c := range columns {
			n := slices.Index([]string{"heat-0", "heat-1", "heat-2", "heat-3", "heat-4"}, steps[day*columns+c])
			row += t.pen.Render(shades[n])
		}
		t.line(row)
	}
}
