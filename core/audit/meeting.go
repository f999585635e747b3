package audit

import (
	"slices"
	"strings"

	"github.com/rubato-hq/rubato/core/phrase"
)

// Sign is by what an entry counts as a meeting (A2.4).
type Sign string

// The signs, the surest first.
const (
	Others    Sign = "others"
	Organised Sign = "organised" // by somebody else
	Online    Sign = "online"
	Worded    Sign = "worded"
	NoSign    Sign = ""
)

// verdict is what an entry says, judged once for all its instances.
type verdict struct {
	sign    Sign
	n       int  // people with the person; 0 where the calendar names nobody
	atLeast bool // one of them is a list
	outside int  // of the others, those of other organisations
	answer  Answer
	mine    bool // the person organises it
	others  int  // and how many of them have not answered
	unsaid  int

	title   []Hit
	classes map[Class]bool // of the title
	own     string         // what its writer wrote
	words   int
	agenda  bool
	preRead bool
	linked  bool // to a document
	board   bool
	joins   bool // an online link
	cancels bool // its title says that it does not take place
}

func (v *verdict) has(classes ...Class) bool {
	return slices.ContainsFunc(classes, func(c Class) bool { return v.classes[c] })
}

// first reports whether the title says one of others before it says a class: a
// brainstorm about the onboarding is a brainstorm.
func (v *verdict) first(class Class, others ...Class) bool {
	for _, h := range v.title {
		if h.Class == class {
			return false
		}
		if slices.Contains(others, h.Class) {
			return true
		}
	}
	return false
}

// judge returns the verdict of an entry.
func (in *Input) judge(i *Item) *verdict {
	if i.judged == nil {
		i.judged = in.judged(i)
	}
	return i.judged
}

func (in *Input) judged(i *Item) *verdict {
	v := &verdict{classes: make(map[Class]bool)}
	if in.Words == nil {
		in.Words = NewWords()
	}
	v.title = in.Words.hits(phrase.Fold(stripped(i.Title)))
	for _, h := range v.title {
		v.classes[h.Class] = true
	}
	v.cancels = v.classes[Off]
	in.people(i, v)
	v.own = own(i.Text)
	words := phrase.Fold(address.ReplaceAllString(v.own, " "))
	v.words = len(words)
	all := links(i.Text, i.Place)
	all = append(all, i.Online...)
	for _, l := range all {
		v.joins = v.joins || leads(l, meets)
		v.linked = v.linked || leads(l, documents)
		v.board = v.board || slices.ContainsFunc(boards, func(b string) bool { return strings.Contains(strings.ToLower(l), b) })
	}
	v.joins = v.joins || len(i.Online) > 0 && !strings.Contains(strings.ToLower(strings.Join(i.Online, " ")), "://")
	v.agenda = v.linked || i.Attached > 0 || len(listItem.FindAllString(v.own, 3)) == 3 || saysAgenda(words)
	v.preRead = (v.linked || i.Attached > 0) && (saysPreRead(words) || i.Override)
	v.sign = in.sign(i, v)
	return v
}

// stripped is a title without what stands before it: "RE:", "[Team]", "ABC-12".
func stripped(title string) string {
	for {
		t := strings.TrimSpace(title)
		if strings.HasPrefix(t, "[") {
			if _, rest, ok := strings.Cut(t, "]"); ok && strings.TrimSpace(rest) != "" {
				title = rest
				continue
			}
		}
		if prefix, rest, ok := strings.Cut(t, ":"); ok && slices.Contains([]string{"re", "fw", "fwd", "aw", "wg", "ynt", "tr"}, strings.ToLower(strings.TrimSpace(prefix))) {
			title = rest
			continue
		}
		return t
	}
}

// people counts those who take part (A2.3).
func (in *Input) people(i *Item, v *verdict) {
	others := make(map[string]Party)
	var order []string
	add := func(p Party, organises bool) {
		if p.Address == "" {
			return
		}
		if in.me(p.Address) {
			if !organises {
				v.answer = p.Answer
			} else {
				v.mine = true
				if v.answer == Unstated {
					v.answer = Yes
				}
			}
			return
		}
		if p.Apart || group(p.Address) {
			return
		}
		if _, there := others[p.Address]; !there {
			order = append(order, p.Address)
			others[p.Address] = p
		} else if !organises {
			others[p.Address] = p
		}
	}
	for _, a := range i.Attendees {
		add(a, false)
	}
	add(i.Organizer, true)
	n := 0
	for _, key := range order {
		p := others[key]
		if p.Answer == No {
			continue
		}
		n++
		if p.Answer == Unsaid {
			v.unsaid++
		}
		if list(p) {
			v.atLeast = true
		}
		if in.external(p.Address) {
			v.outside++
		}
	}
	v.others = n
	switch {
	case n == 0 && len(i.Attendees) == 0:
	case len(in.Me) == 0: // nobody knows which of them the person is
		v.n = max(2, n)
	default:
		v.n = n + 1
	}
}

// group reports whether an address is a calendar's and not somebody's.
func group(address string) bool {
	return strings.HasSuffix(address, "@group.calendar.google.com") || strings.HasSuffix(address, "@resource.calendar.google.com") || strings.HasSuffix(address, "@import.calendar.google.com")
}

// list reports whether an address looks like that of many.
func list(p Party) bool {
	name, host, ok := strings.Cut(p.Address, "@")
	if !ok {
		return false
	}
	return strings.HasPrefix(host, "googlegroups.") || strings.HasPrefix(host, "lists.") || strings.HasPrefix(host, "list.") || strings.HasPrefix(host, "groups.") ||
		slices.Contains([]string{"all", "team", "everyone", "alle", "everybody", "staff"}, name) || strings.HasPrefix(name, "all-") || strings.HasPrefix(name, "team-") || strings.HasSuffix(name, "-team") || strings.HasSuffix(name, "-all")
}

// sign is by what an entry is a meeting; a word of a hold wins over the last two.
func (in *Input) sign(i *Item, v *verdict) Sign {
	organised := i.Organizer.Address != "" && !in.me(i.Organizer.Address) && len(in.Me) > 0 && !group(i.Organizer.Address)
	switch {
	case v.others > 0:
		return Others
	case organised:
		return Organised
	case v.has(Hold):
		return NoSign
	case v.joins:
		return Online
	case v.has(Status, Call, Decide, Brain, Trust, Sensitive, Client, Train, Open, Meet):
		return Worded
	}
	return NoSign
}

// Why is why an instance does not count as a meeting.
type Why string

// The reasons, in the order in which they are asked (A2.2).
const (
	Counts     Why = ""
	IsOff      Why = "cancelled"
	IsLong     Why = "whole-day"
	IsFree     Why = "free"
	IsDeclined Why = "declined"
	IsHold     Why = "hold"
	IsEmpty    Why = "no-length"
)

// longest is how long a meeting is at most, in seconds.
const longest = 12 * hour

const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
)

// counts reports why an instance does not count.
func (in *Input) counts(i Instance) Why {
	v := in.judge(i.Item)
	length := i.End - i.Start
	switch {
	case i.Cancelled || i.Excluded || v.cancels:
		return IsOff
	case i.Whole || length > longest:
		return IsLong
	case length <= 0:
		return IsEmpty
	case i.Item.Free:
		return IsFree
	case v.answer == No:
		return IsDeclined
	case v.sign == NoSign:
		return IsHold
	}
	return Counts
}

var agendaWords = []string{"agenda", "minutes", "notes", "tagesordnung", "themen", "protokoll", "pad", "temario", "acta", "gundem", "tutanak", "odj"}

func saysAgenda(words []string) bool {
	if len(words) < 6 {
		return false // a word alone is no agenda
	}
	for i, w := range words {
		next := func(n int) string {
			if i+n < len(words) {
				return words[i+n]
			}
			return ""
		}
		switch {
		case slices.Contains(agendaWords, w),
			w == "top" && next(1) == "1",
			w == "ordre" && next(1) == "du" && next(2) == "jour",
			w == "compte" && next(1) == "rendu",
			w == "orden" && next(1) == "del" && next(2) == "dia":
			return true
		}
	}
	return false
}

func saysPreRead(words []string) bool {
	text := " " + strings.Join(words, " ") + " "
	for _, p := range []string{" pre read ", " preread ", " read before ", " please read ", " bitte vorab lesen ", " vorab lesen ", " a lire avant ", " leer antes ", " lectura previa ", " onceden okuyun ", " on okuma "} {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}
