// Package ask is one question to named people with a term (R9): whose clock
// runs, what counts as enough answers, and what each side may do.
//
// What does not live here: instants of delivery and due times (core/layer and
// core/worktime compute them), and rights (core/access).
package ask

import (
	"errors"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// State is where one recipient stands.
type State string

// The states of a recipient.
const (
	Waiting  State = "waiting"
	Answered State = "answered"
	Declined State = "declined"
	Handed   State = "handed" // handed on to somebody else, whose own clock runs
	Left     State = "left"   // cannot answer any more: left the team or the organisation, or is kept out
)

// Ask is the ask itself: what all recipients share.
type Ask struct {
	Item      string
	Term      worktime.Term
	Urgent    bool
	UrgentWhy string
	// Need is how many answers are wanted; 0 means all of the recipients.
	Need int
	// Withdrawn is when the asker took it back, zero if they did not.
	Withdrawn time.Time
	// Document is the id of the document it was turned into, or "".
	Document   string
	Recipients []Recipient
}

// Class is when the ask reaches people: between windows only when urgent.
func (a Ask) Class() worktime.Class {
	if a.Urgent {
		return worktime.Urgent
	}
	return worktime.Normal
}

// Recipient is one person asked, with a clock of their own.
type Recipient struct {
	Person string
	State  State
	// Term is the ask's, or the one that was granted instead.
	Term worktime.Term
	// Started is when the clock began: the window in which the ask stood in
	// the person's brief (worktime 5.5); 0 while it waits for that.
	Started worktime.Instant
	// Due is the due time shown; 0 for none (not started, paused, beyond the horizon).
	Due     worktime.Instant
	Settled time.Time
	Answer  string // id of the answer item
	Reason  string // why declined, or why handed on
	To      string // who is asked instead: handed on to, or named by the asker
	From    string // handed on by
	// TimeAsked is the term a recipient asked for instead, "" if none is open.
	TimeAsked  string
	TimeReason string
	// CouldWait is the recipient's mark on an urgent ask (R9.5).
	CouldWait bool
	// Questions are those that the recipient asked back, oldest first.
	Questions []Question
}

// Question is one that a recipient asked back: their clock stands still from
// then until its answer is delivered to them (worktime 6.7).
type Question struct {
	Item  string // id of the question
	From  worktime.Instant
	Until worktime.Instant // 0 while it waits for its answer
	// Answer is the id of the answer that was delivered, "" before.
	Answer string
	// Due is the due time shown when the clock stopped, 0 for none: it never
	// comes earlier by a question (worktime 6.8).
	Due worktime.Instant
}

// Pauses are the times that the recipient's clock does not count.
func (r Recipient) Pauses() []worktime.Pause {
	var out []worktime.Pause
	for _, q := range r.Questions {
		out = append(out, worktime.Pause{From: q.From, To: q.Until, Open: q.Until == 0})
	}
	return out
}

// Asking returns the question that waits for its answer; ok is false when none does.
func (r Recipient) Asking() (q Question, ok bool) {
	i := slices.IndexFunc(r.Questions, func(q Question) bool { return q.Until == 0 })
	if i < 0 {
		return Question{}, false
	}
	return r.Questions[i], true
}

// Redue computes the due time anew in the recipient's own clock. It never comes
// earlier than one that was shown, and there is none while the clock stands
// still (worktime 6.7, 6.8).
func (r *Recipient) Redue(c *worktime.Clock) {
	shown := r.Due
	for _, q := range r.Questions {
		shown = max(shown, q.Due)
	}
	r.Due = 0
	if r.Started == 0 {
		return
	}
	if due := c.Due(r.Started, r.Term, r.Pauses()); due.OK {
		r.Due = max(due.At, shown)
	}
}

// Errors of the verbs. They say which rule refused.
var (
	ErrNobody       = errors.New("an ask names at least one person")
	ErrNoQuestion   = errors.New("an ask has one clear question")
	ErrUrgentWhy    = errors.New("an urgent ask says in a sentence why")
	ErrNeed         = errors.New("more answers are wanted than people are asked")
	ErrOneself      = errors.New("an ask goes to somebody else")
	ErrSettled      = errors.New("this recipient has answered, declined or handed on already")
	ErrWithdrawn    = errors.New("the ask was withdrawn")
	ErrInDocument   = errors.New("the ask became a document")
	ErrNotAsked     = errors.New("this person is not asked")
	ErrReason       = errors.New("a reason is wanted")
	ErrAlreadyAsked = errors.New("this person is asked already")
	ErrNoTime       = errors.New("no more time was asked for")
	ErrAsking       = errors.New("a question of this recipient waits for its answer already")
	ErrAllIn        = errors.New("everybody who is asked may still answer")
	ErrClosed       = errors.New("enough answers came")
)

// New checks a draft and returns the ask with its recipients waiting, ordered
// by id. The class of an urgent term is the asker's choice: urgent needs a reason.
func New(itemID, asker, question string, to []string, term worktime.Term, urgent bool, urgentWhy string, need int) (Ask, error) {
	to = slices.Compact(slices.Sorted(slices.Values(to)))
	switch {
	case question == "":
		return Ask{}, ErrNoQuestion
	case len(to) == 0:
		return Ask{}, ErrNobody
	case slices.Contains(to, asker):
		return Ask{}, ErrOneself
	case urgent && urgentWhy == "":
		return Ask{}, ErrUrgentWhy
	case need < 0 || need > len(to):
		return Ask{}, ErrNeed
	}
	if !urgent {
		urgentWhy = ""
	}
	a := Ask{Item: itemID, Term: term, Urgent: urgent, UrgentWhy: urgentWhy, Need: need}
	for _, p := range to {
		a.Recipients = append(a.Recipients, Recipient{Person: p, State: Waiting, Term: term})
	}
	return a, nil
}

// Needed is how many answers end the ask for all.
func (a Ask) Needed() int {
	if a.Need > 0 {
		return a.Need
	}
	n := 0
	for _, r := range a.Recipients {
		if r.To == "" { // whoever is asked instead counts
			n++
		}
	}
	return n
}

// Answers counts the recipients who have answered.
func (a Ask) Answers() int {
	n := 0
	for _, r := range a.Recipients {
		if r.State == Answered {
			n++
		}
	}
	return n
}

// Waits counts the recipients who may still answer.
func (a Ask) Waits() int {
	n := 0
	for _, r := range a.Recipients {
		if r.State == Waiting {
			n++
		}
	}
	return n
}

// Due is when the ask as a whole is due, which is what its asker waits for: the
// k-th smallest due time of those who have answered or may (worktime 6.9), by
// what can still come when that is fewer. 0 while fewer have a due time.
func (a Ask) Due() worktime.Instant {
	var dues []worktime.Due
	for _, r := range a.Recipients {
		if r.State == Waiting || r.State == Answered {
			dues = append(dues, worktime.Due{At: r.Due, OK: r.Due != 0 || r.State == Answered})
		}
	}
	at, _ := worktime.KofN(dues, min(a.Needed(), len(dues)))
	return at
}

// Outcome is where the whole ask stands.
type Outcome string

// The outcomes. Overdue is not one: it is computed from now (architecture 8).
const (
	Open      Outcome = "open"
	Closed    Outcome = "closed"      // enough answers came
	Short     Outcome = "short"       // k can no longer be met (worktime 6.9)
	Withdrawn Outcome = "withdrawn"   // the asker took it back
	InWriting Outcome = "in-document" // it was turned into a document
)

// Stands returns where the ask stands.
func (a Ask) Stands() Outcome {
	switch {
	case !a.Withdrawn.IsZero():
		return Withdrawn
	case a.Document != "":
		return InWriting
	case a.Answers() >= a.Needed() && a.Answers() > 0:
		return Closed
	case a.Answers()+a.Waits() < a.Needed() || a.Waits() == 0:
		return Short
	}
	return Open
}

// Wanted reports whether the asker still lacks answers, though it may be that
// none can come any more.
func (a Ask) Wanted() bool {
	s := a.Stands()
	return s == Open || s == Short
}

// Live reports whether anything of the ask still waits for an answer.
func (a Ask) Live() bool { return a.Wanted() && a.Waits() > 0 }

// Recipient returns the recipient with this id.
func (a *Ask) Recipient(person string) (*Recipient, error) {
	for i := range a.Recipients {
		if a.Recipients[i].Person == person {
			return &a.Recipients[i], nil
		}
	}
	return nil, ErrNotAsked
}

// open returns the recipient if they may still act.
func (a *Ask) open(person string) (*Recipient, error) {
	r, err := a.Recipient(person)
	if err != nil {
		return nil, err
	}
	if !a.Withdrawn.IsZero() {
		return nil, ErrWithdrawn
	}
	if a.Document != "" {
		return nil, ErrInDocument
	}
	if r.State != Waiting {
		return nil, ErrSettled
	}
	return r, nil
}

// Settle answers for a recipient with the answer item's id. Their clock stops at now.
func (a *Ask) Settle(person, answer string, now time.Time) error {
	r, err := a.open(person)
	if err != nil {
		return err
	}
	r.State, r.Answer, r.Settled, r.TimeAsked = Answered, answer, now, ""
	return nil
}

// Decline takes a recipient out with a reason that the asker reads.
func (a *Ask) Decline(person, reason string, now time.Time) error {
	r, err := a.open(person)
	if err != nil {
		return err
	}
	if reason == "" {
		return ErrReason
	}
	r.State, r.Reason, r.Settled, r.TimeAsked = Declined, reason, now, ""
	return nil
}

// Leave takes somebody who cannot answer any more out of an ask that waits for
// them (worktime 6.9).
func (a *Ask) Leave(person string, now time.Time) error {
	r, err := a.open(person)
	if err != nil {
		return err
	}
	r.State, r.Settled, r.TimeAsked = Left, now, ""
	return nil
}

// HandOn passes the ask to a named person, whose own clock starts at their own
// delivery (worktime 6.9).
func (a *Ask) HandOn(person, to, reason string, now time.Time) error {
	r, err := a.open(person)
	if err != nil {
		return err
	}
	if to == person {
		return ErrOneself
	}
	if _, err := a.Recipient(to); err == nil {
		return ErrAlreadyAsked
	}
	r.State, r.To, r.Reason, r.Settled, r.TimeAsked = Handed, to, reason, now, ""
	a.Recipients = append(a.Recipients, Recipient{Person: to, State: Waiting, Term: a.Term, From: person})
	return nil
}

// Instead asks a named person in the place of one who declined or left, by the
// asker's wish: how many answers are wanted stays. Their own clock starts at
// their own delivery.
func (a *Ask) Instead(to string) error {
	switch {
	case !a.Withdrawn.IsZero():
		return ErrWithdrawn
	case a.Document != "":
		return ErrInDocument
	case a.Stands() == Closed:
		return ErrClosed
	}
	if _, err := a.Recipient(to); err == nil {
		return ErrAlreadyAsked
	}
	i := slices.IndexFunc(a.Recipients, Recipient.out)
	if i < 0 {
		return ErrAllIn
	}
	a.Recipients[i].To = to
	a.Recipients = append(a.Recipients, Recipient{Person: to, State: Waiting, Term: a.Term})
	return nil
}

// Vacant is the recipient in whose place somebody else may be asked; ok is false
// when there is none.
func (a Ask) Vacant() (r Recipient, ok bool) {
	i := slices.IndexFunc(a.Recipients, Recipient.out)
	if i < 0 || !a.Wanted() {
		return Recipient{}, false
	}
	return a.Recipients[i], true
}

// out is somebody who will not answer, and in whose place nobody is asked yet.
func (r Recipient) out() bool { return (r.State == Declined || r.State == Left) && r.To == "" }

// AskTime asks the asker for another term instead, with a reason.
func (a *Ask) AskTime(person string, term worktime.Term, reason string) error {
	r, err := a.open(person)
	if err != nil {
		return err
	}
	if reason == "" {
		return ErrReason
	}
	r.TimeAsked, r.TimeReason = term.String(), reason
	return nil
}

// GrantTime answers AskTime: granted, a new clock with the asked term starts at
// now (worktime 6.7: more time granted is a new window from the grant).
func (a *Ask) GrantTime(person string, granted bool, now worktime.Instant) error {
	r, err := a.open(person)
	if err != nil {
		return err
	}
	if r.TimeAsked == "" {
		return ErrNoTime
	}
	if granted {
		term, err := worktime.ParseTerm(r.TimeAsked)
		if err != nil {
			return err
		}
		r.Term = term
		if r.Started != 0 {
			r.Started = max(r.Started, now)
		}
	}
	r.TimeAsked = ""
	return nil
}

// AskBack stops a recipient's clock at now, for the question with this id, until
// its answer is delivered to them (worktime 6.7). One question at a time.
func (a *Ask) AskBack(person, question string, now worktime.Instant) error {
	r, err := a.open(person)
	if err != nil {
		return err
	}
	if !a.Live() {
		return ErrSettled
	}
	if _, asking := r.Asking(); asking {
		return ErrAsking
	}
	if n := len(r.Questions); n > 0 {
		now = max(now, r.Questions[n-1].From+1) // a question is told apart by when it came
	}
	r.Questions = append(r.Questions, Question{Item: question, From: now, Due: r.Due})
	return nil
}

// Resume ends the pause of a question: its answer was delivered at an instant.
// It reports whether that question was open.
func (r *Recipient) Resume(question, answer string, at worktime.Instant) bool {
	for i := range r.Questions {
		if q := &r.Questions[i]; q.Item == question && q.Until == 0 {
			q.Until, q.Answer = at, answer
			return true
		}
	}
	return false
}

// IntoDocument settles the ask by a document, written by one who is asked or by
// the asker (R9.3): for who is asked it is their answer, and everybody of the
// ask reads it.
func (a *Ask) IntoDocument(person, document string, now time.Time) error {
	r, err := a.open(person)
	switch {
	case errors.Is(err, ErrNotAsked): // the asker
		if !a.Withdrawn.IsZero() {
			return ErrWithdrawn
		}
		if a.Document != "" {
			return ErrInDocument
		}
	case err != nil:
		return err
	}
	if !a.Wanted() {
		return ErrSettled
	}
	if r != nil {
		r.State, r.Answer, r.Settled, r.TimeAsked = Answered, document, now, ""
	}
	a.Document = document
	return nil
}

// Withdraw takes the ask back for everybody who has not settled it.
func (a *Ask) Withdraw(now time.Time) error {
	if !a.Withdrawn.IsZero() {
		return ErrWithdrawn
	}
	if a.Document != "" {
		return ErrInDocument
	}
	a.Withdrawn = now
	return nil
}
