package merge

import "strings"

// Passage is a stretch of a text, in bytes.
type Passage struct{ From, To int }

// In returns the passage's text, "" where a text does not have it.
func (p Passage) In(text string) string {
	if p.From < 0 || p.From > p.To || p.To > len(text) {
		return ""
	}
	return text[p.From:p.To]
}

// Follow returns where a passage of one revision stands in another: from the
// first word of it that is left to the last. What was put in between belongs to
// it. When less than a third of its words are left it may have moved: it is where
// its text stands, if that is one place alone. Otherwise it is gone.
func Follow(a, b string, p Passage) (Passage, bool) {
	text := p.In(a)
	words := countWords(text)
	if words == 0 {
		return Passage{}, false
	}
	left, at := 0, Passage{From: -1}
	atA, atB := 0, 0
	for _, c := range Diff(a, b) {
		switch c.Op {
		case Deleted:
			atA += len(c.Text)
		case Inserted:
			atB += len(c.Text)
		case Kept:
			from, to := max(p.From, atA), min(p.To, atA+len(c.Text))
			if from < to {
				if n := countWords(a[from:to]); n > 0 {
					left += n
					from = to - len(strings.TrimLeft(a[from:to], " \t\r\n"))
					to = from + len(strings.TrimRight(a[from:to], " \t\r\n"))
					if at.From < 0 {
						at.From = atB + from - atA
					}
					at.To = atB + to - atA
				}
			}
			atA, atB = atA+len(c.Text), atB+len(c.Text)
		}
	}
	if left*3 >= words {
		return at, true
	}
	if first := strings.Index(b, text); first >= 0 && first == strings.LastIndex(b, text) {
		return Passage{first, first + len(text)}, true
	}
	return Passage{}, false
}

// Find returns where a quotation stands in a text: the only place, or of several
// the one with this text right before it. Spaces and ends of lines are alike, as
// they are on a page.
func Find(text, quote, before string) (Passage, bool) {
	want := strings.Fields(quote)
	if len(want) == 0 {
		return Passage{}, false
	}
	var found []Passage
	for from := 0; ; {
		i := strings.Index(text[from:], want[0])
		if i < 0 {
			break
		}
		if end, ok := continues(text, from+i, want); ok {
			found = append(found, Passage{from + i, end})
		}
		from += i + len(want[0])
	}
	if len(found) == 1 {
		return found[0], true
	}
	ahead := strings.Join(strings.Fields(before), " ")
	var only []Passage
	for _, p := range found {
		if ahead != "" && strings.HasSuffix(strings.Join(strings.Fields(text[max(0, p.From-4*len(before)):p.From]), " "), ahead) {
			only = append(only, p)
		}
	}
	if len(only) == 1 {
		return only[0], true
	}
	return Passage{}, false
}

// continues reports whether words follow each other from a place on, and where
// the last one ends.
func continues(text string, at int, words []string) (end int, ok bool) {
	for i, w := range words {
		if i > 0 {
			next := len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\r\n"))
			if next == 0 {
				return 0, false
			}
			at += next
		}
		if !strings.HasPrefix(text[at:], w) {
			return 0, false
		}
		at += len(w)
	}
	return at, true
}
