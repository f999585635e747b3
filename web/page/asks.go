package page

import (
	"time"

	"github.com/rubato-hq/rubato/core/item"
)

// Asks are the asks to the reader and those of the reader.
type Asks struct {
	Frame Frame
	// Mine wait for the reader, by due time; Theirs the reader has asked,
	// those that still run first.
	Mine   []AskLine
	Theirs []AskLine
	// Done are asks to the reader that are settled, newest first.
	Done []AskLine
	// Chart shows when those that wait are due, nil for none.
	Chart *DueChart
}

// AskLine is one ask in a list.
type AskLine struct {
	Head Head
	// Stands is a code of core/ask; State is that of the reader's own part, ""
	// for the reader's own asks.
	Stands string
	State  string
	// At is when it stands in the reader's brief, Delivered that it has.
	At        time.Time
	Delivered bool
	Due       time.Time
	Left      int64
	Overdue   bool
	Urgent    bool
	Because   string
	// Answers came of Needed; Waits are those who have not answered; TimeAsked
	// says that one of them asks for more time.
	Answers, Needed int
	Waits           []Person
	TimeAsked       bool
	// AsksBack says that one of them asks back; Paused is since when the
	// reader's own time stands still, zero while it runs.
	AsksBack bool
	Paused   time.Time
	// Why is the id under which a brief's line is explained, "" outside of one.
	Why string
}

// Drafts are what the reader is writing. Only they see them.
type Drafts struct {
	Frame  Frame
	Drafts []DraftLine
}

// DraftLine is one draft.
type DraftLine struct {
	ID    string
	Kind  item.Kind
	Point string
	Saved time.Time
	// Files hang on it.
	Files []File
	// Edits is the item that this is a new version of, nil for something new.
	Edits *Head
}

// running counts the reader's asks that still wait for somebody.
func (p Asks) running() int {
	n := 0
	for _, l := range p.Theirs {
		if l.Stands == "open" || l.Stands == "short" {
			n++
		}
	}
	return n
}

// stands is where an ask of the reader stands, in one phrase.
func (l AskLine) stands(f Frame) string {
	if (l.Stands == "open" || l.Stands == "short") && len(l.Waits) > 0 {
		return f.W.N("asks.waits", len(l.Waits), "names", f.W.List(firsts(l.Waits)))
	}
	return f.W.Of("ask.stands", l.Stands)
}

func (d DraftLine) path() string { return Sub(PathDrafts, d.ID) }
