package page

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/rubato-hq/rubato/words"
)

// BriefKind is which of its faces the brief page shows.
type BriefKind string

// The faces of the brief page (R12.2).
const (
	BriefSealed  BriefKind = "sealed"   // the last sealed brief
	BriefLook    BriefKind = "look"     // what waits, at the reader's own wish
	BriefCatchUp BriefKind = "catch_up" // a look after an absence
	BriefNone    BriefKind = "none"     // no brief was made yet
)

// Brief is a brief: what needs the reader first, the rest folded, and an end.
type Brief struct {
	Frame Frame
	Kind  BriefKind
	// At is the window of a sealed brief, or the moment of a look.
	At time.Time
	// Late is when a sealed brief really came, if the server was down at its
	// window; else zero.
	Late time.Time
	// Since is where the absence that a catch-up covers began, Away its length
	// in seconds. Things is how much happened in it.
	Since  time.Time
	Away   int64
	Things int
	// Minutes is the reading time of what needs the reader, All of everything.
	// Budget is what they gave for it; 0: they chose none.
	Minutes, All, Budget int
	// Night is drawn for a catch-up, nil for none.
	Night    *Night
	Due      *DueChart
	Sections []BriefSection
	Rest     []Fold
	// From is the position of the page's first line, Next that of the first
	// behind it, Of how many there are; Beyond counts those that are on other
	// pages, by section.
	From, Next, Of int
	Beyond         map[string]int
	// MailOff is true when the reader's brief mail is off (R12.4).
	MailOff bool
	// MailFailed is when mail to MailTo was last not taken, and why;
	// zero for never.
	MailFailed    time.Time
	MailTo        string
	MailFailedWhy string
}

// BriefSection is one part of a brief. The name is a code of core/brief.
type BriefSection struct {
	Name    string
	Minutes int
	Lines   []BriefLine
}

// BriefLine is one entry: its conclusion line and what may be done with it.
type BriefLine struct {
	Head Head
	// Cause is why it is addressed to the reader, a member of the family
	// "brief.cause" ("asked", "answered", "commented" ...); By did it, and Root
	// is the item that it is about, for a comment or an answer.
	Cause string
	By    Person
	Root  Head
	// Why is the id under which the line is explained, "" for none.
	Why string
	// Said is what was said, for replies: plain text, cut by the caller.
	Said string
	// Mine is an ask of the reader's own, as it stands; nil for all else. Short
	// says of a note that the ask it is about cannot get its answers any more.
	Mine  *AskLine
	Short bool
	// Due, Left (the reader's working seconds until then) and Overdue belong to
	// asks; so do Urgent with its reason, and Open: it still waits for the reader.
	Due       time.Time
	Left      int64
	Overdue   bool
	Urgent    bool
	UrgentWhy string
	Open      bool
	// Paused is since when the reader's time stands still, zero while it runs.
	Paused time.Time
	// Ended is when a crisis ended, zero while it runs; Needed says that the
	// reader was called.
	Ended  time.Time
	Needed bool
}

// Fold is a kind of thing that is counted and folded.
type Fold struct {
	// Code is a member of the family "brief.fold"; Name fills its place.
	Code    string
	Name    string
	N       int
	Minutes int
	Lines   []FoldLine
}

// FoldLine is one line inside a fold.
type FoldLine struct {
	Ref   string
	Point string
	By    Person
	Why   string
}

// Night is what happened in an absence: a stroke for each thing, a note for
// each that needs the reader.
type Night struct {
	From, To time.Time
	Events   []time.Time
	Notes    []time.Time
}

// maxStrokes keeps the drawing of a long absence small.
const maxStrokes = 400

// thinned leaves out strokes evenly where there are too many to see.
func (n Night) thinned() []time.Time {
	if len(n.Events) <= maxStrokes {
		return n.Events
	}
	out := make([]time.Time, maxStrokes)
	for i := range out {
		out[i] = n.Events[i*len(n.Events)/maxStrokes]
	}
	return out
}

// DueChart shows when the asks of a brief are due.
type DueChart struct {
	From, To time.Time
	Work     []Span
	Dues     []DueMark
}

// DueMark is one due time; Name is who asks.
type DueMark struct {
	Name string
	At   time.Time
}

// marks joins due times whose names would stand on one another.
func (d DueChart) marks(w *words.Words) []DueMark {
	a := Axis{From: d.From, To: d.To}
	var out []DueMark
	var names []string
	for _, m := range d.Dues {
		if n := len(out); n > 0 && a.part(m.At)-a.part(out[n-1].At) < 0.09 {
			names = append(names, m.Name)
			out[n-1].Name = w.List(names)
			continue
		}
		names = []string{m.Name}
		out = append(out, m)
	}
	return out
}

// days are the beginnings of work of each day on the chart.
func (d DueChart) days(loc *time.Location) []time.Time {
	var out []time.Time
	a := Axis{From: d.From, To: d.To}
	last := ""
	for _, s := range a.spans(d.Work) {
		if day := s.From.In(loc).Format(time.DateOnly); day != last {
			last = day
			if n := len(out); n == 0 || a.part(s.From)-a.part(out[n-1]) > 0.11 {
				out = append(out, s.From)
			}
		}
	}
	return out
}

// lines counts the entries that need the reader: asks of their own need others.
func (p Brief) lines() int {
	n := 0
	for _, s := range p.Sections {
		if s.Name != "asked" {
			n += len(s.Lines)
		}
	}
	for name, beyond := range p.Beyond {
		if name != "asked" && !folded(name) {
			n += beyond
		}
	}
	return n
}

// folded is true for the sections that are counted and folded.
func folded(section string) bool { return section == "updates" || section == "rest" }

// part is where the lines from a position on are shown.
func (p Brief) part(from int) templ.SafeURL {
	path := PathBrief
	if p.Kind == BriefLook {
		path = PathLook
	}
	if from > 0 {
		path += "?from=" + strconv.Itoa(from)
	}
	return templ.SafeURL(path)
}

// rest counts what is folded.
func (p Brief) rest() int {
	n := p.Beyond["updates"] + p.Beyond["rest"]
	for _, f := range p.Rest {
		n += f.N
	}
	return n
}

// looking is true for a page that seals nothing.
func (p Brief) looking() bool { return p.Kind == BriefLook || p.Kind == BriefCatchUp }

// title is the headline.
func (p Brief) title() string {
	w := p.Frame.W
	switch {
	case p.Kind == BriefNone:
		return w.T("brief.none")
	case p.absent() && p.lines() > 0:
		return w.T("brief.away", "length", w.Length(p.away()), "things", p.things(), "need", w.N("brief.need", p.lines()))
	case p.absent():
		return w.T("brief.away", "length", w.Length(p.away()), "things", p.things(), "need", w.T("brief.need_none"))
	case p.lines() == 0:
		return w.T("brief.nothing")
	case p.looking():
		return w.N("brief.waiting", p.lines())
	}
	return w.N("brief.needing", p.lines())
}

// absent is true where the reader comes back; whoever is new was not away.
func (p Brief) absent() bool { return p.Kind == BriefCatchUp && p.Away > 0 }

// things says how much happened in the absence.
func (p Brief) things() string {
	if p.Things == 0 {
		return p.Frame.W.T("brief.things_none")
	}
	return p.Frame.W.N("brief.things", p.Things)
}

// away is the length of the absence: after a night, minutes say nothing more.
func (p Brief) away() int64 {
	const hour = 60 * 60
	if p.Away < 3*hour {
		return p.Away
	}
	return (p.Away + hour/2) / hour * hour
}

// crumb says which brief this is and for whom.
func (p Brief) crumb() string {
	f := p.Frame
	date := f.W.Date(f.Now, f.loc())
	name := ""
	if f.Me != nil {
		name = f.Me.Name
	}
	switch {
	case p.Kind == BriefSealed:
		return f.W.T("brief.crumb_sealed", "date", f.W.Date(p.At, f.loc()), "clock", f.clock(p.At), "name", name)
	case p.absent():
		return f.W.T("brief.crumb_catch_up", "date", date, "name", name)
	case p.looking():
		return f.W.T("brief.crumb_look", "date", date, "name", name)
	default:
		return f.W.T("brief.crumb", "date", date, "name", name)
	}
}

func (l BriefLine) action(act string) string { return RefPath(l.Head.Ref) + "?act=" + act + "#" + act }
