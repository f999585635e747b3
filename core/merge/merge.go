package merge

import (
	"iter"
	"strings"
)

// Kind says whose text a [Segment] holds.
type Kind uint8

const (
	// Same is text that both sides have: unchanged, or changed alike.
	Same Kind = iota
	// Mine is a change that I alone made; an empty text is a deletion.
	Mine
	// Theirs is a change that they alone made.
	Theirs
	// Conflict is a place that both changed, each in another way.
	Conflict
)

// String returns the kind's name in lower case.
func (k Kind) String() string {
	return [...]string{"same", "mine", "theirs", "conflict"}[k&3]
}

// A Segment is one stretch of the merged text, with what each of the three texts
// has there. Joined over all segments, Base, Mine and Theirs are the three texts
// to the byte: whatever was typed stands in one of them.
type Segment struct {
	Kind               Kind
	Base, Mine, Theirs string
}

// Text returns what stands here in the merged text. A conflict has no text of
// its own: it returns "".
func (s Segment) Text() string {
	switch s.Kind {
	case Theirs:
		return s.Theirs
	case Conflict:
		return ""
	default:
		return s.Mine
	}
}

// Result is a merge: its segments in order, neighbours of different kinds.
type Result struct {
	Segments []Segment
}

// Conflicts returns how many places somebody has to decide.
func (r Result) Conflicts() int {
	n := 0
	for _, s := range r.Segments {
		if s.Kind == Conflict {
			n++
		}
	}
	return n
}

// Text returns the merged text, and false if conflicts are missing from it.
func (r Result) Text() (string, bool) {
	return r.Resolve(Segment.Text), r.Conflicts() == 0
}

// Resolve returns the merged text with each conflict replaced by what choose
// returns for it.
func (r Result) Resolve(choose func(conflict Segment) string) string {
	var b strings.Builder
	for _, s := range r.Segments {
		if s.Kind == Conflict {
			b.WriteString(choose(s))
		} else {
			b.WriteString(s.Text())
		}
	}
	return b.String()
}

// Merge joins two texts that both began as base. Changes to different lines are
// taken from both; changes within one line (a paragraph, as people type it) are
// joined word by word where a word that both kept stands between them. Where
// they meet, the conflict covers the whole line, so that each side's sentence
// can be read. Merge(b, x, y) and Merge(b, y, x) differ only in the sides' names.
func Merge(base, mine, theirs string) Result {
	m := merger{base: base, mine: mine, theirs: theirs}
	for c := range chunks(inLines(base), inLines(mine), inLines(theirs)) {
		s := decide(c.base, c.mine, c.theirs)
		if s.Kind == Conflict && c.base != "" && c.mine != "" && c.theirs != "" {
			m.byWords(c)
			continue
		}
		m.add(s)
	}
	return m.result()
}

// A merger collects places from the beginning of the three texts to their end.
type merger struct {
	base, mine, theirs string
	places             []place
	all                place // the sum of their lengths
}

// A place is a segment by its lengths, so that joining two costs nothing.
type place struct {
	kind               Kind
	alike              bool // Same, but not what the base has
	base, mine, theirs int
}

func (p *place) grow(q place) {
	p.base, p.mine, p.theirs = p.base+q.base, p.mine+q.mine, p.theirs+q.theirs
}

// add appends a segment, to the one before it if they are of one kind.
func (m *merger) add(s Segment) {
	p := place{s.Kind, s.Kind == Same && s.Mine != s.Base, len(s.Base), len(s.Mine), len(s.Theirs)}
	m.all.grow(p)
	if n := len(m.places); n > 0 && m.places[n-1].kind == p.kind && m.places[n-1].alike == p.alike {
		m.places[n-1].grow(p)
		return
	}
	m.places = append(m.places, p)
}

func (m *merger) result() Result {
	segments := make([]Segment, len(m.places))
	base, mine, theirs := m.base, m.mine, m.theirs
	for i, p := range m.places {
		segments[i] = Segment{p.kind, base[:p.base], mine[:p.mine], theirs[:p.theirs]}
		base, mine, theirs = base[p.base:], mine[p.mine:], theirs[p.theirs:]
	}
	return Result{segments}
}

// byWords merges one stretch of changed lines word by word.
func (m *merger) byWords(c chunk) {
	var l line
	for w := range chunks(inWords(c.base), inWords(c.mine), inWords(c.theirs)) {
		if !w.stable {
			l.add(decide(w.base, w.mine, w.theirs))
			continue
		}
		// Where all three have the end of a line, what stands before it is decided.
		for part := range strings.SplitAfterSeq(w.base, "\n") {
			if part == "" {
				continue
			}
			l.add(Segment{Same, part, part, part})
			if strings.HasSuffix(part, "\n") {
				m.addLine(l)
				l = line{}
			}
		}
	}
	m.addLine(l)
}

// A line collects the word-level segments of a line, or of several if their ends
// differ.
type line struct {
	segments  []Segment
	had, kept int // words of the base, and those of them that both sides kept
	// The change that came last, and whether no word that both kept follows it.
	last         Kind
	near         bool
	mine, theirs bool // who changed something
	clash        bool
}

func (l *line) add(s Segment) {
	l.segments = append(l.segments, s)
	n := countWords(s.Base)
	l.had += n
	switch {
	case s.Kind == Conflict:
		l.clash = true
	case s.Kind == Same && s.Base == s.Mine:
		l.kept += n
		l.near = l.near && n == 0
	case s.Kind == Same: // changed alike: on both sides' part
	default:
		// A "not" put in by one right before the word that the other replaced
		// would make a sentence that nobody wrote.
		l.clash = l.clash || l.near && s.Kind != l.last
		l.last, l.near = s.Kind, true
		l.mine = l.mine || s.Kind == Mine
		l.theirs = l.theirs || s.Kind == Theirs
	}
}

// addLine appends a line: word by word if that says what both meant, else as
// one conflict.
func (m *merger) addLine(l line) {
	// What keeps less than a third of its words was written anew by both.
	if !l.clash && !(l.mine && l.theirs && l.kept*3 < l.had) {
		for _, s := range l.segments {
			m.add(s)
		}
		return
	}
	at, end := m.all, m.all
	for _, s := range l.segments {
		end.grow(place{base: len(s.Base), mine: len(s.Mine), theirs: len(s.Theirs)})
	}
	m.add(decide(m.base[at.base:end.base], m.mine[at.mine:end.mine], m.theirs[at.theirs:end.theirs]))
}

// decide names the kind of a place from what the three texts have there.
func decide(base, mine, theirs string) Segment {
	kind := Conflict
	switch {
	case mine == theirs:
		kind = Same
	case theirs == base:
		kind = Mine
	case mine == base:
		kind = Theirs
	}
	return Segment{kind, base, mine, theirs}
}

// A chunk is a stretch of the three texts. It is stable if both sides kept it.
type chunk struct {
	stable             bool
	base, mine, theirs string
}

// chunks walks the three texts side by side, a stable stretch and a changed one
// in turn.
func chunks(base, mine, theirs tokens) iter.Seq[chunk] {
	return func(yield func(chunk) bool) {
		toMine, toTheirs := partners(base, mine), partners(base, theirs)
		for i, m, t := 0, 0, 0; i < base.len() || m < mine.len() || t < theirs.len(); {
			i2, m2, t2 := i, m, t
			for i2 < base.len() && toMine[i2] == m2 && toTheirs[i2] == t2 {
				i2, m2, t2 = i2+1, m2+1, t2+1
			}
			stable := i2 > i
			if !stable {
				for i2 < base.len() && (toMine[i2] < 0 || toTheirs[i2] < 0) {
					i2++
				}
				m2, t2 = mine.len(), theirs.len()
				if i2 < base.len() {
					m2, t2 = toMine[i2], toTheirs[i2]
				}
			}
			if !yield(chunk{stable, base.between(i, i2), mine.between(m, m2), theirs.between(t, t2)}) {
				return
			}
			i, m, t = i2, m2, t2
		}
	}
}
