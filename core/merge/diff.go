package merge

import (
	"iter"
	"strings"
)

// Op says what became of a stretch of text.
type Op uint8

const (
	// Kept is text of both revisions.
	Kept Op = iota
	// Deleted is text that only the older one has.
	Deleted
	// Inserted is text that only the newer one has.
	Inserted
)

// String returns the operation's name in lower case.
func (o Op) String() string {
	return [...]string{"kept", "deleted", "inserted", "unknown"}[o&3]
}

// A Change is a stretch of text and what became of it.
type Change struct {
	Op   Op
	Text string
}

// Diff returns the way from a to b: the Kept and Deleted texts joined are a, the
// Kept and Inserted ones b. Lines are compared first and words within changed
// lines. Neighbours differ in kind, a deletion stands before the insertion that
// replaces it, and two changes with nothing but spaces and punctuation between
// them are one, because that is how it reads.
func Diff(a, b string) []Change {
	d := differ{a: a, b: b}
	for s := range stretches(inLines(a), inLines(b)) {
		if s.stable || s.a == "" || s.b == "" {
			d.add(s)
			continue
		}
		for w := range stretches(inWords(s.a), inWords(s.b)) {
			d.add(w)
		}
	}
	d.change()
	d.keep(len(a))
	return d.changes
}

// A stretch is a part of both texts, equal if it is stable.
type stretch struct {
	stable bool
	a, b   string
}

// stretches walks two texts side by side, a stable stretch and a changed one in
// turn.
func stretches(a, b tokens) iter.Seq[stretch] {
	return func(yield func(stretch) bool) {
		partner := partners(a, b)
		for i, j := 0, 0; i < a.len() || j < b.len(); {
			i2, j2 := i, j
			for i2 < a.len() && partner[i2] == j2 {
				i2, j2 = i2+1, j2+1
			}
			stable := i2 > i
			if !stable {
				for i2 < a.len() && partner[i2] < 0 {
					i2++
				}
				j2 = b.len()
				if i2 < a.len() {
					j2 = partner[i2]
				}
			}
			if !yield(stretch{stable, a.between(i, i2), b.between(j, j2)}) {
				return
			}
			i, j = i2, j2
		}
	}
}

// A differ joins stretches into changes. What it has not told yet is kept text,
// then a change, then kept text again, in this order and each may be empty.
type differ struct {
	a, b           string
	told           int // of a, told up to here
	open           bool
	fromA, fromB   int // the change that is being collected, if open
	untilA, untilB int
	atA, atB       int // seen up to here
	changes        []Change
}

func (d *differ) add(s stretch) {
	if s.stable {
		d.atA, d.atB = d.atA+len(s.a), d.atB+len(s.b)
		return
	}
	if d.open {
		between := d.a[d.untilA:d.atA]
		if strings.Contains(between, "\n") || countWords(between) > 0 {
			d.change()
		}
	}
	if !d.open {
		d.open, d.fromA, d.fromB = true, d.atA, d.atB
	}
	d.atA, d.atB = d.atA+len(s.a), d.atB+len(s.b)
	d.untilA, d.untilB = d.atA, d.atB
}

// change tells the collected change, and the kept text before it.
func (d *differ) change() {
	if !d.open {
		return
	}
	d.keep(d.fromA)
	d.tell(Deleted, d.a[d.fromA:d.untilA])
	d.tell(Inserted, d.b[d.fromB:d.untilB])
	d.told, d.open = d.untilA, false
}

func (d *differ) keep(to int) { d.tell(Kept, d.a[d.told:to]) }

func (d *differ) tell(op Op, text string) {
	if text != "" {
		d.changes = append(d.changes, Change{op, text})
	}
}
