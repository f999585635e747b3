package report

import (
	"strings"

	"github.com/rubato-hq/rubato/words"
)

// Paper is what a report says, whatever form it is written in.
type Paper struct {
	Lang               string
	Title, Crumb, Head string
	Lead               Rich
	Aside              string // what was read, and that nothing left the machine
	// Summary is for who reads no further: a line each.
	Summary []Row
	Parts   []Part
}

// Rich is text of which some is bold.
type Rich []Run

// Run is a piece of text.
type Run struct {
	Text string
	Bold bool
}

// String is the text alone.
func (r Rich) String() string {
	var b strings.Builder
	for _, run := range r {
		b.WriteString(run.Text)
	}
	return b.String()
}

func plain(s string) Rich { return Rich{{Text: s}} }

// bold makes text of a message: what fills its open places, in their order of
// names and values in turn, is bold.
func bold(parts []words.Part, kv ...string) (r Rich) {
	for _, p := range parts {
		if p.Slot == "" {
			r = append(r, Run{Text: p.Text})
			continue
		}
		for i := 0; i+1 < len(kv); i += 2 {
			if kv[i] == p.Slot {
				r = append(r, Run{Text: kv[i+1], Bold: true})
			}
		}
	}
	return r
}

// Part is a section with its title and what stands beside it.
type Part struct {
	ID, Title, Side string
	Blocks          []Block
}

// Block is a piece of a part: one of these, the others nil.
type Block struct {
	Para   *Para   `json:",omitempty"`
	Table  *Table  `json:",omitempty"`
	Steps  *Steps  `json:",omitempty"`
	Copy   *Copy   `json:",omitempty"`
	Figure *Figure `json:",omitempty"`
}

// piece is what can be a block; there is none of what says nothing.
type piece interface{ block() (Block, bool) }

// Para is a paragraph, Quiet for one in small letters.
type Para struct {
	Text  Rich
	Quiet bool
}

// Table is a table. Numbers tells which columns hold numbers.
type Table struct {
	Caption string
	Head    []string
	Numbers []bool
	Rows    [][]string
	Wide    bool // too wide for a terminal, where each row is an entry of its own
}

// Steps are things to do, in their order, each with what it gives back.
type Steps struct{ Items []Step }

// Step is one thing to do.
type Step struct {
	N                       int // which step it is
	Title, Gain, Risk, Note string
	When                    string // in which days
	Copy                    *Copy  // a ready text, nil for none
}

// Copy is a ready text to use somewhere else.
type Copy struct{ Title, Text string }

// Figure is a picture with the table behind it.
type Figure struct {
	Kind        Kind
	ID          string
	Title, Desc string // what it shows, for who does not see it
	Caption     string
	Height      int // pixels, of a line in a picture by days
	Marks       []Mark
	Behind      Table
	Word        string // "the figures as a table"
	// Axis, Lines and Key are those of a picture by days.
	Axis  []Mark
	Lines []Line
	Key   []KeyItem
}

// Kind is what a picture shows.
type Kind string

// The pictures.
const (
	TierScale Kind = "tier"
	DayLines  Kind = "days"
	HeatMap   Kind = "heat"
	PlanMap   Kind = "plan"
	Bars      Kind = "bars"
	Trend     Kind = "trend"
)

// Mark is something drawn: a box, a line, a dot or a word. X and Width are
// percent of the width, Y and Height pixels.
type Mark struct {
	Shape               Shape
	Class               string
	X, Width, Y, Height float64
	Text, Anchor        string
}

// Shape is what a mark is drawn as.
type Shape string

// The shapes.
const (
	Box   Shape = "box"
	Rule  Shape = "rule"
	Dot   Shape = "dot"
	Label Shape = "label"
)

// Line is one day of a picture by days.
type Line struct {
	Name, Short, Title string
	Marks              []Mark
	Sum                []string
}

// KeyItem explains what a mark looks like.
type KeyItem struct{ Class, Text string }

// Row is a line of the summary: a name and what is said of it.
type Row struct {
	Name string
	Text Rich
}

func (p *Para) block() (Block, bool) { return Block{Para: p}, p.Text.String() != "" }

func (t *Table) block() (Block, bool) { return Block{Table: t}, len(t.Rows) > 0 }

func (s *Steps) block() (Block, bool) { return Block{Steps: s}, len(s.Items) > 0 }

func (c *Copy) block() (Block, bool) { return Block{Copy: c}, c.Text != "" }

func (f *Figure) block() (Block, bool) { return Block{Figure: f}, f != nil }
