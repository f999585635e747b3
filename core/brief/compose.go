package brief

import (
	"cmp"
	"maps"
	"slices"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Section is a part of a brief. The order of R12.2 is the order of Sections.
type Section string

// The sections that this version fills.
const (
	Crises  Section = "crises"
	Asks    Section = "asks"    // asks to you, by due time
	Asked   Section = "asked"   // asks of yours that are near or past due (R9.4)
	Replies Section = "replies" // answers and comments on what you wrote or are named in
	Named   Section = "named"   // addressed to you, required reading, mentions
	Updates Section = "updates" // new in your teams
	Rest    Section = "rest"    // counted, folded
)

// Sections lists them in reading order.
func Sections() []Section { return []Section{Crises, Asks, Asked, Replies, Named, Updates, Rest} }

// Line is one entry of a brief before its words are known.
type Line struct {
	Section  Section
	Item     string
	Version  int64
	Delivery string // id of the delivery row, "" for a line from a stream
	Stream   string // the stream it came by, "" for a directed item
	Cause    string // why it is here: the delivery's cause, or the stream event's kind
	// Due is when an answer is due, 0 for none.
	Due worktime.Instant
	// Carried is true for an ask that was given before and still waits, and for
	// one of the reader's own: it stands by its due time, and is nothing new (R9.4).
	Carried bool
	// Sent orders lines that nothing else tells apart.
	Sent  worktime.Instant
	Words int
}

// New counts the lines that are not carried over: a brief without any is
// sealed and not sent (R12.2).
func New(lines []Line) int {
	n := 0
	for _, l := range lines {
		if !l.Carried {
			n++
		}
	}
	return n
}

// Tells reports whether its asker's brief says when an ask is due: when it is
// past due, or near, that is due before their next brief comes (R9.4). next is
// the window of that brief, ok false when none is in sight.
func Tells(due, next worktime.Instant, ok bool) bool { return due != 0 && (!ok || due <= next) }

// Compose puts the lines in reading order (R12.2): by section, asks by due
// time with those without one last, everything else in the order it was
// written. An item stands once, by name if it came by name and by a stream.
// The same lines give the same brief, whatever their order was.
func Compose(lines []Line) []Line {
	best := make(map[string]Line, len(lines))
	fresh := make(map[string]bool) // what came by name and is new
	for _, l := range lines {
		if l.Stream == "" && !l.Carried {
			fresh[l.Item] = true
		}
		if b, twice := best[l.Item]; !twice || compareSame(l, b) < 0 {
			best[l.Item] = l
		}
	}
	out := slices.SortedFunc(maps.Values(best), compare)
	for i := range out {
		out[i].Carried = out[i].Carried && !fresh[out[i].Item]
	}
	return out
}

// compareSame orders lines of one item, the one that stands first.
func compareSame(a, b Line) int {
	switch {
	case a.Stream == "" && b.Stream != "":
		return -1
	case a.Stream != "" && b.Stream == "":
		return 1
	}
	return compare(a, b)
}

// compare is the reading order. It tells any two lines apart.
func compare(a, b Line) int {
	order := Sections()
	if c := cmp.Or(
		cmp.Compare(slices.Index(order, a.Section), slices.Index(order, b.Section)),
		compareDue(a, b),
		cmp.Compare(a.Sent, b.Sent),
		cmp.Compare(a.Item, b.Item),
	); c != 0 {
		return c
	}
	return cmp.Or( // two lines of one item
		cmp.Compare(b.Version, a.Version),
		cmp.Compare(a.Delivery, b.Delivery),
		cmp.Compare(a.Stream, b.Stream),
		cmp.Compare(a.Cause, b.Cause),
		cmp.Compare(a.Due, b.Due),
		cmp.Compare(a.Words, b.Words),
	)
}

func compareDue(a, b Line) int {
	if a.Section != Asks && a.Section != Asked || a.Due == b.Due {
		return 0
	}
	if a.Due == 0 || b.Due == 0 {
		return cmp.Compare(b.Due, a.Due) // none is last
	}
	return cmp.Compare(a.Due, b.Due)
}

// WordsPerMinute is the reading speed behind every figure in minutes.
const WordsPerMinute = 238

// Minutes is the reading time of so many words, at least one minute for any.
func Minutes(words int) int {
	if words <= 0 {
		return 0
	}
	return max(1, (words+WordsPerMinute/2)/WordsPerMinute)
}
