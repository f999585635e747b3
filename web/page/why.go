package page

import (
	"slices"
	"strings"
	"time"
)

// WhyPage answers "why did I see this now?" and "why not yet?" for one
// delivery (R12, style 0.5): what was decided when, and by which rule.
type WhyPage struct {
	Frame Frame
	// Head is the item; for a comment or an answer, that which it is about.
	Head Head
	// Cause is a member of the family "brief.cause"; By did it.
	Cause string
	By    Person
	// For is whose brief it is, Mine that it is the reader's own.
	For  Person
	Mine bool
	// Class is "crisis", "urgent", "normal", "daily", "weekly" or "muted".
	Class string
	// Code is "" for a delivery, "stream" for what comes by a follow, "asked" for
	// an ask of the reader's own, and else why no brief brings it: a member of
	// the family "why.none".
	Code string
	// Follow is the stream that it comes by, nil for none. Told are the briefs
	// that brought it, oldest first. Coming says that something new in it waits,
	// for the window of Next, zero for none in sight, because of NextWhy.
	Follow  *Followed
	Told    []Told
	Coming  bool
	Next    time.Time
	NextWhy Why
	// Called are those who were needed in a crisis, Needed that the reader was
	// one of them, Ended when it was over.
	Called []Person
	Needed bool
	Ended  time.Time
	// Changed is when the text was last changed, zero for never. Open is true for
	// an ask that still waits for the reader.
	Changed time.Time
	Open    bool
	// Written is when it was sent, or changed.
	Written time.Time
	// Plans are the decisions in their order; the last one holds.
	Plans []Planned
	// Delivered is when it counted as given, zero for not yet. Late is when
	// its window was, where the server was down at it. Dropped is a member of
	// the family "why.dropped" for what is not delivered any more, "" else.
	Delivered time.Time
	Late      time.Time
	Dropped   string
	// Due is when an answer is due, zero for none.
	Due time.Time
	// Sends are the ways out of this brief.
	Sends []Send
}

// Followed is how the reader follows a stream.
type Followed struct {
	Stream string
	// Kind is "team", "thread" or "wide"; Name and Path are what it belongs to.
	Kind, Name, Path string
	// Pace is "" where they do not follow it now.
	Pace   string
	Since  time.Time
	ByHand bool
}

// Told is one brief that brought something: it was due at Window, and came at
// Came. Named says that it came by name, and not by the stream.
type Told struct {
	Window, Came time.Time
	Named        bool
	Why          Why
}

// Planned is one decision: at At it was planned for For.
type Planned struct {
	At  time.Time
	For time.Time // zero: no window in sight
	Why Why
	// Again says why it was decided again, a member of the family "why.again":
	// "charter", "late"; "" for the first decision.
	Again string
}

// Send is one message on its way to a person by one channel.
type Send struct {
	// Channel is "email" or "webhook"; State "waiting", "sent", "failed" or "dropped".
	Channel string
	State   string
	// At is when it was sent or failed, or when it is tried next.
	At time.Time
	// Attempt counts the tries; Error is what the other side said, "" for nothing.
	Attempt int
	Error   string
}

// plan is the decision that holds.
func (p WhyPage) plan() (Planned, bool) {
	if len(p.Plans) == 0 {
		return Planned{}, false
	}
	return p.Plans[len(p.Plans)-1], true
}

// said is the headline: the answer in one sentence.
func (p WhyPage) said() string {
	f := p.Frame
	if p.Code != "" {
		return p.saidOfStream()
	}
	plan, ok := p.plan()
	switch {
	case p.Dropped != "":
		return f.W.T("why.title_dropped")
	case !p.Delivered.IsZero() && p.Mine:
		return f.W.T("why.title_mine", "when", f.dayTime(p.Delivered))
	case !p.Delivered.IsZero():
		return f.W.T("why.title_theirs", "name", p.For.First(), "when", f.dayTime(p.Delivered))
	case ok && !plan.For.IsZero() && p.Mine:
		return f.W.T("why.title_waits", "when", f.dayTime(plan.For))
	case ok && !plan.For.IsZero():
		return f.W.T("why.title_waits_theirs", "name", p.For.First(), "when", f.dayTime(plan.For))
	}
	return f.W.T("why.title_never")
}

// saidOfStream is the headline for what nobody brought by name.
func (p WhyPage) saidOfStream() string {
	f := p.Frame
	last, told := p.last()
	code := "stream"
	if p.Code == "asked" {
		code = "asked"
	}
	switch {
	case told && p.Coming && !p.Next.IsZero():
		return f.W.Of("why.title_again", code, "when", f.dayTime(last.Came), "next", f.dayTime(p.Next))
	case told:
		return f.W.Of("why.title_told", code, "when", f.dayTime(last.Came))
	case p.Coming && p.Next.IsZero():
		return f.W.T("why.title_never")
	case p.Coming:
		return f.W.Of("why.title_coming", code, "when", f.dayTime(p.Next))
	case code == "asked":
		return f.W.T("why.title_quiet")
	}
	return f.W.T("why.title_none")
}

// last is the newest brief that brought it.
func (p WhyPage) last() (Told, bool) {
	if len(p.Told) == 0 {
		return Told{}, false
	}
	return p.Told[len(p.Told)-1], true
}

// lead says why: who was needed, what is followed, which window, and why that.
func (p WhyPage) lead() string {
	said := slices.DeleteFunc(p.leads(), func(s string) bool { return s == "" })
	return strings.Join(said, " ")
}

func (p WhyPage) leads() []string {
	f := p.Frame
	if p.Code == "" {
		out := []string{}
		if p.Dropped != "" {
			return append(out, f.W.Of("why.dropped", p.Dropped))
		}
		if plan, ok := p.plan(); ok {
			out = append(out, p.because(plan.Why), p.state(plan.Why))
		}
		if p.Open {
			out = append(out, f.W.T("why.open"))
		}
		return out
	}
	var out []string
	if len(p.Called) > 0 && !p.Needed {
		out = append(out, f.W.T("brief.crisis_not_needed"))
	}
	if p.Code == "asked" {
		return append(out, f.W.T("why.asked"))
	}
	if p.Code != "stream" {
		return append(out, f.W.Of("why.none", p.Code))
	}
	if p.Follow != nil && p.Follow.Pace != "" {
		out = append(out, f.W.Of("why.by", p.Follow.Kind, "name", p.Follow.Name))
	}
	why := p.NextWhy
	if !p.Coming {
		last, _ := p.last()
		why = last.Why
	}
	return append(out, p.because(why), p.state(why))
}

// whyRow is one moment of how it came about.
type whyRow struct {
	At            time.Time
	What, Because string
}

// came are the moments of what nobody brought by name, in their order.
func (p WhyPage) came() []whyRow {
	if p.Code == "" {
		return nil
	}
	f, told := p.Frame, "stream"
	if p.Code == "asked" {
		told = "asked"
	}
	rows := []whyRow{{p.Changed, f.W.T("why.changed"), ""}, {p.Ended, f.W.T("why.ended"), ""}, {p.Due, f.W.T("why.due"), ""}}
	for _, t := range p.Told {
		if !t.Came.Equal(t.Window) {
			rows = append(rows, whyRow{t.Window, f.W.T("why.late"), f.W.T("why.late_text")})
		}
		rows = append(rows, whyRow{t.Came, f.W.Of("why.told", told), p.toldOf(t)})
	}
	switch {
	case p.Coming && told == "asked":
		rows = append(rows, whyRow{p.Next, f.W.T("why.next_asked"), f.W.T("why.told_asked")})
	case p.Coming:
		rows = append(rows, whyRow{p.Next, f.W.T("why.next"), p.because(p.NextWhy)})
	}
	rows = slices.DeleteFunc(rows, func(r whyRow) bool { return r.At.IsZero() })
	slices.SortStableFunc(rows, func(a, b whyRow) int { return a.At.Compare(b.At) })
	return rows
}

// toldOf is why a brief brought it.
func (p WhyPage) toldOf(t Told) string {
	switch {
	case t.Named:
		return p.Frame.W.T("why.named")
	case p.Code == "asked":
		return p.Frame.W.T("why.told_asked")
	}
	return p.because(t.Why)
}

// because is the rule behind a decision, told to the reader or about somebody.
func (p WhyPage) because(v Why) string {
	w := p.Frame.W
	if p.Mine {
		return w.Of("why.you", v.Code)
	}
	return w.Of("why.they", v.Code)
}

// state is what the person was doing when it was decided, "" for nothing worth saying.
func (p WhyPage) state(v Why) string {
	w := p.Frame.W
	if v.Code == "now" || v.State == "" {
		return ""
	}
	if p.Mine {
		return w.Of("why.you_were", v.State)
	}
	return w.Of("why.they_were", v.State)
}
