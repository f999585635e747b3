package page

import (
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/item"
)

// The places that something written may belong to, beside a team's slug.
const (
	WhereEveryone = "everyone" // the whole organisation
	WhereNamed    = "named"    // the people named alone
)

// Write is the one door (R4): the form, and beside it when each reader has it.
type Write struct {
	Frame Frame
	// Draft is the id under which this text is kept, made with the page;
	// SavedAt is when it was last saved, zero before the first time.
	Draft   string
	SavedAt time.Time
	// Save counts the saves of the draft that this form knows of. Apart says
	// that another tab or device went on with it, and that this text is a draft
	// of its own from now on.
	Save  int64
	Apart bool
	Kind  item.Kind
	// Point is the conclusion or the ask, Context the rest, as typed.
	Point, Context string
	// To and Readers are handles or names with commas between, as typed.
	To, Readers string
	// Where is a team's slug, WhereEveryone or WhereNamed; Teams are those one
	// may write to, Org is what everyone is called. Wide allows WhereEveryone.
	Where string
	Teams []Team
	Org   string
	Wide  bool
	// Term is "normal", "urgent", "eod", "eow" or "date"; Date and Clock are
	// what was typed for a date; Because is the sentence why it is urgent.
	Term, Date, Clock, Because string
	// NormalTerm and UrgentTerm are those of the norms: "24h" and "4wh".
	NormalTerm, UrgentTerm string
	// Need is "all", "one" or "n"; NeedN is what was typed for n.
	Need, NeedN string
	// People can be picked by name; see FewPeople.
	People []Person
	// Desk holds the files that hang on the draft already.
	Desk Desk
	// Source is the item that this was begun from, nil for none: an ask that
	// becomes a document.
	Source   *Head
	Problems Problems
	// Preview is what the last look at the form came to, nil before one.
	Preview *Preview
}

// Preview is when each reader will have what is being written, and what it
// costs them (R4.1).
type Preview struct {
	// Axis is the stretch drawn, in the writer's time.
	Axis    Axis
	Reaches []Reach
	Teams   []TeamReach
	// Minutes is the reading time for one reader.
	Minutes int
	// Urgent is true when it comes between windows.
	Urgent bool
	// Suggest is the kind that it reads like, "" for the chosen one, or a
	// member of the family "write.suggest"; Hint is one of "write.hint":
	// "quick_call", "asap", "few_urgent".
	Suggest string
	Hint    string
	// Remarks are those on the form of the text (R5.3).
	Remarks []Remark
	// Unknown are names in the fields that nobody bears.
	Unknown []string
	// Outside is true when the writer is outside their own hours.
	Outside bool
	// UrgentOf and AsksOf show the writer their own use of urgent (R9.5): 6 of
	// the last 10. AsksOf 0 shows nothing.
	UrgentOf, AsksOf int
	// CouldWait is how many of those urgent ones could have waited, as who got
	// them said.
	CouldWait int
	// OnNow are people of the team who are at work and free at this moment, for
	// an urgent ask that reaches somebody only after more than a day.
	OnNow []Person
}

// Remark is one on the form of a text: a member of the family "format", the word
// or the number of words it is about, and the line of the context, 0 for the point.
type Remark struct {
	Rule string
	Word string
	N    int
	Line int
}

// Sent is the receipt: what was promised to whom.
type Sent struct {
	Frame   Frame
	Head    Head
	Axis    Axis
	Reaches []Reach
	Teams   []TeamReach
	Minutes int
	// Outside is true when the writer is outside their own hours.
	Outside bool
	// Again is true when the same form came a second time: nothing was sent twice.
	Again bool
}

// kinds are the choices of the form in their order.
func kinds() []item.Kind { return []item.Kind{item.Update, item.Request, item.Ask, item.Crisis} }

// is reports whether the term of the form is this one; normal is the default.
func (p Write) is(term string) bool {
	if p.Term == "" {
		return term == "normal"
	}
	return p.Term == term
}

func (p Write) needs(need string) bool {
	if p.Need == "" {
		return need == "all"
	}
	return p.Need == need
}

// last is when the last of all has it.
func last(reaches []Reach) (at time.Time, all bool) {
	all = true
	for _, r := range reaches {
		if r.At.IsZero() {
			all = false
		}
		if r.At.After(at) {
			at = r.At
		}
	}
	return at, all
}

// dues reports whether any answer is due in sight.
func dues(a Axis, reaches []Reach) bool {
	return slices.ContainsFunc(reaches, func(r Reach) bool { return a.has(r.Due) })
}

// because explains in a few words why it is not sooner, "" where the next
// window says it all.
func (r Reach) because(f Frame) string {
	switch {
	case r.At.IsZero():
		return f.W.T("reach.never")
	case r.Why.Away > 0 && r.Cover.Name != "":
		return f.W.T("reach.away_cover", "when", f.W.Day(r.At, r.Person.Loc, f.Now), "name", r.Cover.Name)
	case r.Why.Away > 0:
		return f.W.T("reach.away", "when", f.W.Day(r.At, r.Person.Loc, f.Now))
	}
	switch r.Why.Code {
	case "now", "free", "after-focus", "start":
		return f.W.Of("reach.why", r.Why.Code)
	}
	if r.At.Sub(f.Now) > 24*time.Hour {
		return f.W.T("reach.far")
	}
	return ""
}

// title is what the drawn line of one person says.
func (r Reach) title(f Frame) string {
	if r.At.IsZero() {
		return f.W.T("reach.title_never", "name", r.Person.Name, "place", r.Person.Place)
	}
	return f.W.T("reach.title", "name", r.Person.Name, "place", r.Person.Place, "when", f.W.Both(r.At, r.Person.Loc, f.loc(), f.Now))
}

// farewell closes the receipt by the hour that it is for the writer.
func (p Sent) farewell() string {
	f := p.Frame
	switch hour := f.Now.In(f.loc()).Hour(); {
	case p.Outside && (hour >= 20 || hour < 5):
		return f.W.T("sent.bed")
	case p.Outside:
		return f.W.T("sent.off")
	}
	return f.W.T("sent.on")
}
