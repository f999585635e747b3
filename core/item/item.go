// Package item is the common head of everything written in Rubato: what kind
// it is, its number, whom it is for, and its versions (R2.6, R5).
//
// What does not live here: the rules of one kind (core/ask, core/crisis), who
// may read it (core/access), and when it reaches whom (core/layer).
package item

import (
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
)

// Kind is what an item is.
type Kind string

// The kinds that this version writes.
const (
	Update  Kind = "update"  // something to know
	Request Kind = "request" // a scoped request to a team or people, without a clock
	Ask     Kind = "ask"     // one question for named people, with a term (R9)
	Crisis  Kind = "crisis"  // danger now (R11)
	Comment Kind = "comment" // a thread's entry on another item
	Reply   Kind = "answer"  // an answer to an ask
	State   Kind = "state"   // what became of an ask: declined, handed on, given time
)

// letters are the number prefixes of R2.6. Comments and answers have no number.
func (k Kind) letter() string {
	switch k {
	case Update:
		return "U"
	case Request:
		return "R"
	case Ask:
		return "A"
	case Crisis:
		return "C"
	default:
		return ""
	}
}

// Numbered reports whether items of this kind get a number when first sent.
func (k Kind) Numbered() bool { return k.letter() != "" }

// Written reports whether k is a kind a person can open with a form of its own.
func (k Kind) Written() bool { return k == Update || k == Request || k == Ask || k == Crisis }

// Ref is an item's permanent address within its organisation: "A-12". A kind
// without numbers has none.
func Ref(k Kind, number int64) string {
	if !k.Numbered() || number == 0 {
		return ""
	}
	return k.letter() + "-" + strconv.FormatInt(number, 10)
}

// ParseRef reads "A-12" in either case. ok is false for anything else.
func ParseRef(s string) (k Kind, number int64, ok bool) {
	letter, digits, found := strings.Cut(s, "-")
	if !found || digits == "" || digits[0] == '0' || digits[0] == '+' || digits[0] == '-' {
		return "", 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return "", 0, false
	}
	for _, k := range []Kind{Update, Request, Ask, Crisis} {
		if strings.EqualFold(k.letter(), letter) {
			return k, n, true
		}
	}
	return "", 0, false
}

// Origin says how an item came to be.
type Origin string

// The origins.
const (
	Here     Origin = "here"   // written through the door
	Imported Origin = "import" // history from another tool: read, never delivered
)

// Item is the head of one written thing and its newest words.
type Item struct {
	ID     string
	Org    string
	Kind   Kind
	Number int64
	// Team is the id of the team that holds the item, "" for none; Open is
	// that team's openness. Wide means: for the whole organisation.
	Team string
	Open bool
	Wide bool
	// Author wrote the first version.
	Author string
	// Root is the document a comment or answer belongs to, Parent what it replies to.
	Root   string
	Parent string
	// Version counts saves from 1. Point is the conclusion or the ask, one or
	// two sentences; Body is the rest. Both are Markdown.
	Version int64
	Point   string
	Body    string
	// Words counts Point and Body, for the reading time.
	Words  int
	Origin Origin
	// Sent is when it was first sent, Edited when its newest version was saved,
	// Gone when it was taken back (zero: it was not).
	Sent   time.Time
	Edited time.Time
	Gone   time.Time
	// People are those it names, each once, by their strongest role.
	People []Named
}

// Naming is why a person is named by an item.
type Naming string

// The namings, strongest first: a person named twice keeps the first.
const (
	To        Naming = "to"      // it is addressed to them; on an ask: they are asked
	Reader    Naming = "reader"  // they are expected to read it (R5.6)
	Mentioned Naming = "mention" // @handle in the text
)

// Named is one person that an item names.
type Named struct {
	Person string
	As     Naming
}

// Ref is the item's permanent address, "" for comments and answers.
func (i Item) Ref() string { return Ref(i.Kind, i.Number) }

// Names returns the ids of those the item names as any of the given namings,
// or of all when none is given.
func (i Item) Names(as ...Naming) []string {
	var ids []string
	for _, n := range i.People {
		if len(as) == 0 {
			ids = append(ids, n.Person)
			continue
		}
		for _, a := range as {
			if n.As == a {
				ids = append(ids, n.Person)
			}
		}
	}
	return ids
}

// Object reduces the item to the facts that rights depend on. A comment or
// answer is seen by those who see its root: pass the root's head as root, or
// nil for a root itself.
func (i Item) Object(root *Item) access.Object {
	head := &i
	if root != nil {
		head = root
	}
	o := access.Object{
		Kind: access.Item, Org: i.Org, Team: head.Team, Open: head.Open, Wide: head.Wide,
		Author: i.Author, Gone: !i.Gone.IsZero() || !head.Gone.IsZero(), History: i.Origin == Imported || i.Kind == State,
		People: head.Names(),
	}
	if root != nil {
		o.Part = true
		o.People = append(o.People, root.Author)
		o.People = append(o.People, i.Names()...)
	}
	if i.Kind == Ask || i.Kind == Crisis {
		o.Asked = i.Names(To)
	}
	return o
}
