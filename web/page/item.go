package page

import (
	"net/url"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/item"
)

// Item is the page of one written thing: an update, a request or an ask. A
// crisis has a page of its own.
type Item struct {
	Frame Frame
	Head  Head
	// Body is the context, rendered.
	Body HTML
	// Named are those it is addressed to, Readers those expected to read it.
	// Who has read is not known to anybody.
	Named, Readers []Person
	Files          []File
	// Elsewhere are files that stayed where the document was imported from.
	Elsewhere []File
	// Ask is set for an ask.
	Ask *Ask
	// Comments are threads, oldest first, a stretch of all that was Said; answers
	// to an ask are not in here.
	Comments []Comment
	Said     Said
	// ReplySees is when those whom a comment names or answers would have it:
	// the author first. Empty says nothing.
	ReplySees []Reach
	// What the reader may do here.
	CanComment, CanEdit, CanDelete bool
	// Pace is how the reader follows this document: "window", "daily",
	// "weekly", "muted", or "" for not at all; CanFollow shows the choice.
	Pace      string
	CanFollow bool
	// Act is the form that stands open: "answer", "decline", "hand-on",
	// "more-time", "comment" ... ; Typed is what came back with Problems, by field.
	Act      string
	Typed    map[string]string
	Problems Problems
	People   []Person
	Find     string
	// Desk bounds what hangs on the forms; Unsent are the files that do, by DeskID.
	Desk   Desk
	Unsent map[string][]File
	// From is the item that this was made from, Into the one it became.
	From, Into *Head
}

// Ask is what an ask's page shows beside the question.
type Ask struct {
	// Term is the code of worktime 6; Because the sentence of an urgent one.
	Term    string
	Urgent  bool
	Because string
	// Need is how many answers were wanted, Needed how many that comes to, and
	// Answers how many came. Stands is a code of core/ask: "open", "closed",
	// "short", "withdrawn", "in-document".
	Needed, Answers int
	Anyone          bool
	Stands          string
	// Asked are the recipients as the asker sees them: states, never reading.
	Asked []Asked
	Axis  Axis
	// Mine is the reader's own row, nil if they are not asked. Asker is true
	// for who asked.
	Mine  *Asked
	Asker bool
	// Vacant is in whose place the asker may ask somebody else, zero for nobody.
	Vacant Person
	// CanAskBack offers a question back, which stops the reader's clock until
	// its answer is delivered (worktime 6.7).
	CanAskBack bool
	// Fixed is true for a term that is a date or an instant: no pause moves it.
	Fixed bool
	// Replies are the answers that came, oldest first.
	Replies []Comment
}

// Asked is one recipient of an ask.
type Asked struct {
	Person Person
	// State is a code of core/ask: "waiting", "answered", "declined", "handed", "left".
	State string
	Term  string
	// At is when it stands, or stood, in their brief; Delivered says that it
	// has. Zero: no window ahead.
	At        time.Time
	Delivered bool
	Why       Why
	WhyID     string
	// Due is when the answer is due, zero while that is not known. Left are the
	// recipient's own working seconds until then.
	Due     time.Time
	Left    int64
	Overdue bool
	// Settled is when they answered, declined, handed on or left; Reason belongs
	// to the second and the third. To is who is asked in their place, From who
	// handed it on to them (zero for none).
	Settled  time.Time
	Reason   string
	To, From Person
	// TimeAsked is the term asked for instead, "" for none, with its reason.
	TimeAsked, TimeReason string
	// Asking is when they asked back, zero while no question of theirs waits for
	// its answer; Question is what they asked. Replied says that the answer is on
	// its way to them. Their clock stands still unless the term is fixed.
	Asking   time.Time
	Question Comment
	Replied  bool
	// CouldWait is the recipient's mark on an urgent ask.
	CouldWait bool
	Rhythm    Rhythm
}

// Comment is one thing said under an item, or an answer to an ask.
type Comment struct {
	ID     string
	By     Person
	At     time.Time
	Edited time.Time
	Body   HTML
	Files  []File
	// Outcome is how the thread was settled, for its first comment; "" is open.
	Outcome string
	Replies []Comment
	// Mine allows taking it back.
	Mine bool
	// Gone is true for one that was taken back: only that is shown.
	Gone bool
	// Elsewhere are files that stayed where the comment was imported from.
	Elsewhere []File
}

// Said counts all comments on an item, and those before and behind the stretch
// that is shown. First is what the thread begins with, Earlier and Later what the
// stretches around it begin with; "" for none.
type Said struct {
	All, Before, After    int
	First, Earlier, Later string
}

// stretch is where a stretch of the comments is shown.
func (p Item) stretch(from string) string {
	if from == "" {
		return RefPath(p.Head.Ref) + "#comments"
	}
	return RefPath(p.Head.Ref) + "?c=" + url.QueryEscape(from) + "#comments"
}

// keys are the shortcuts of this page.
func (p Item) keys() []shortcut {
	var out []shortcut
	if p.mayAnswer() {
		out = append(out, shortcut{"r", "answer"}, shortcut{"h", "hand_on"}, shortcut{"m", "more_time"}, shortcut{"d", "decline"})
	} else if p.CanComment {
		out = append(out, shortcut{"r", "comment"})
	}
	if p.CanEdit {
		out = append(out, shortcut{"e", "edit"})
	}
	return append(out, shortcut{"mod+enter", "send"})
}

// mayAnswer is true while the reader is asked and has not settled it.
func (p Item) mayAnswer() bool {
	return p.Ask != nil && p.Ask.Mine != nil && p.Ask.Mine.State == "waiting" && p.Ask.live()
}

// dues reports whether any answer is due in sight.
func (a Ask) dues() bool {
	return slices.ContainsFunc(a.Asked, func(r Asked) bool { return a.Axis.has(r.Due) })
}

// withMe reports whether the reader is one of those asked.
func (a Ask) withMe(f Frame) bool {
	return slices.ContainsFunc(a.Asked, func(r Asked) bool { return f.is(r.Person) })
}

// live is true while an answer still helps.
func (a Ask) live() bool { return a.Stands == "open" || a.Stands == "short" }

// opens tells which form stands open: the one asked for.
func (p Item) opens(act string) bool { return p.Act == act }

// typed is what came back for a field of the form that was sent.
func (p Item) typed(act, field string) string {
	if p.Act != act {
		return ""
	}
	return p.Typed[field]
}

// wrong are the problems, for the form that was sent alone.
func (p Item) wrong(act string) Problems {
	if p.Act != act {
		return nil
	}
	return p.Problems
}

// room is where this kind of thing is found again.
func (p Item) crumbPath() (path, label string) {
	if p.Head.Kind == item.Ask {
		return PathAsks, p.Frame.W.T("asks.title")
	}
	if p.Head.Team.Slug != "" {
		return PathTeams, p.Frame.W.T("teams.title")
	}
	return PathBrief, p.Frame.W.Of("room", string(RoomBrief))
}

// askPath is an act on this ask.
func (p Item) askPath(act ...string) string {
	return Sub(PathAsks, append([]string{p.Head.ID}, act...)...)
}

// docPath is an act on this item.
func (p Item) docPath(act ...string) string {
	return Sub("/items", append([]string{p.Head.ID}, act...)...)
}

// stand is where one recipient stands, for the heavy line of their row.
func (r Asked) stand(f Frame) string {
	switch {
	case r.State == "answered":
		return f.W.T("asked.answered", "when", f.dayTime(r.Settled))
	case r.State == "declined":
		return f.W.T("asked.declined", "when", f.dayTime(r.Settled))
	case r.State == "handed":
		return f.W.T("asked.handed", "name", r.To.Name)
	case r.State == "left":
		return f.W.T("asked.left")
	case r.State == "not-needed":
		return f.W.T("asked.not_needed")
	case r.At.IsZero():
		return f.W.T("reach.not")
	case !r.Asking.IsZero():
		return f.W.T("asked.asks_back", "when", f.dayTime(r.Asking))
	case !r.Delivered:
		return f.W.T("asked.has_it", "when", f.W.DayTime(r.At, r.Person.Loc, f.Now))
	case r.Overdue:
		return f.W.T("asked.was_due", "when", f.W.DayTime(r.Due, r.Person.Loc, f.Now))
	case r.Due.IsZero():
		return f.W.T("asked.has")
	}
	return f.W.T("asked.due", "when", f.W.DayTime(r.Due, r.Person.Loc, f.Now))
}
