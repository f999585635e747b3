package page

import "time"

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
	// Stream is the name of the team it came by, "" for a directed item.
	Class  string
	Stream string
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
