package page

import (
	"regexp"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/words"
)

// Promise is whether the promise of delivery holds now.
type Promise struct {
	// Troubles are members of the family "promise.do", the worst first; Kept is
	// true when none of them breaks the promise.
	Troubles []string
	Kept     bool
	// Late is how many people's briefs are overdue, the oldest by LateBy seconds.
	Late   int
	LateBy int64
	// Calls are messages of open crises that are not out, Violations briefs that
	// were refused because they would have broken the promise, and Lately
	// messages that failed for good since yesterday.
	Calls, Violations, Lately int
	// Stopped are loops that do not go round: of the family "promise.loop".
	Stopped []string
}

// sentence tells it in one.
func (p Promise) sentence(f Frame) string {
	if p.Kept {
		return f.W.T("promise.kept")
	}
	return p.says(f, p.Troubles[0])
}

// lead says what the sentence means and what to do.
func (p Promise) lead(f Frame) string {
	if p.Kept {
		return f.W.T("promise.kept_text")
	}
	return f.W.Of("promise.do", p.Troubles[0])
}

// others are the troubles beside the one of the sentence.
func (p Promise) others() []string {
	if p.Kept {
		return p.Troubles
	}
	return p.Troubles[1:]
}

// says is the sentence of one trouble.
func (p Promise) says(f Frame, trouble string) string {
	switch trouble {
	case "late":
		return f.W.N("promise.late", p.Late, "length", f.W.Length(p.LateBy))
	case "calls":
		return f.W.N("promise.calls", p.Calls)
	case "refused":
		return f.W.N("promise.refused", p.Violations)
	case "failed":
		return f.W.N("promise.failed", p.Lately)
	case "stopped":
		return f.W.T("promise.stopped", "loops", f.W.List(loops(f.W, p.Stopped)))
	}
	return f.W.Of("promise.is", trouble)
}

func loops(w *words.Words, codes []string) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = w.Of("promise.loop", c)
	}
	return out
}

// Delivery is the page that tells whether the promise holds now.
type Delivery struct {
	Frame   Frame
	Promise Promise
	// Items is how many things wait for somebody's window, Next when the next
	// look at somebody is due, and Oldest when the most overdue one was.
	Items        int
	Next, Oldest time.Time
	// Overdue are the first of those who are late.
	Overdue []Overdue
	// Queues are the messages that wait and that failed for good, by channel.
	Queues []Queue
	// Trials is true where the server sends itself trial deliveries. The last one
	// came at TrialArrived, one on its way is promised for TrialWaiting and is
	// TrialOverdue; TrialSealed is true when it stands in its brief and only its
	// message is not out. TrialLate is by how many seconds it is, or was, late.
	Trials                     bool
	TrialArrived, TrialWaiting time.Time
	TrialOverdue, TrialSealed  bool
	TrialLate                  int64
	// Up is for how many seconds this process runs, LastViolation how many ago it
	// last refused a brief.
	Up, LastViolation int64
	Loops             []LoopBeat
	// BackedUp is when the last backup of the server was made, zero for never.
	BackedUp time.Time
	// Mail says how mail stands: "off", "on" or "failing"; MailError is what
	// the mail server last said.
	Mail, MailHost, MailError string
	// Unreachable are those whose address takes nothing.
	Unreachable []Unreachable
	// Waiting and Failed are messages on their way out. Both are counted whole
	// and listed up to a limit.
	Waiting, Failed           []Outgoing
	WaitingCount, FailedCount int
	// Held is since when a restore holds sending back, zero for not at all, and
	// HeldCount how many messages.
	Held      time.Time
	HeldCount int
	// Problems are why an act was refused.
	Problems Problems
}

// Overdue is somebody whose brief is late.
type Overdue struct {
	Name string
	Due  time.Time
}

// Queue is how many messages are "waiting" or "failed" on one channel.
type Queue struct {
	Channel, State string
	N              int
}

// LoopBeat is how many seconds ago a loop last went round, -1 for not yet.
type LoopBeat struct {
	Loop string // a member of the family "promise.loop"
	Ago  int
}

// Outgoing is one message to one person that is not out yet, or never will be.
type Outgoing struct {
	ID string
	// To is the name of whom it is for, or the address of somebody not here yet.
	To      string
	Channel string // "email" or "webhook"
	Subject string // "brief", "crisis" or "link"
	// At is when it is tried next, or when it failed; Window is true for mail
	// that waits for its person's next window.
	At     time.Time
	Window bool
	// Perhaps it has gone out already: a restore holds it.
	Perhaps bool
	Attempt int
	Error   string
}

// Unreachable is an address of somebody that takes nothing.
type Unreachable struct {
	Name    string
	Channel string
	Address string
	At      time.Time
	Error   string
}

// queued lists how many messages are in a state, by channel.
func (p Delivery) queued(f Frame, state string) string {
	var out []string
	for _, q := range p.Queues {
		if q.State == state {
			out = append(out, f.W.T("promise.queue", "n", q.N, "channel", f.W.Of("channel", q.Channel)))
		}
	}
	if len(out) == 0 {
		return f.W.Of("promise.queue_none", state)
	}
	return f.W.List(out)
}

// round says how the loops go: a member of the family "promise.round".
func (p Delivery) round() string {
	if len(p.Promise.Stopped) > 0 {
		return "stopped"
	}
	if slices.ContainsFunc(p.Loops, func(l LoopBeat) bool { return l.Ago < 0 }) {
		return "begins"
	}
	return "well"
}

// beats tells when each loop last went round.
func (p Delivery) beats(f Frame) string {
	var out []string
	for _, l := range p.Loops {
		if l.Ago < 0 {
			out = append(out, f.W.T("promise.beat_none", "loop", f.W.Of("promise.loop", l.Loop)))
		} else {
			out = append(out, f.W.T("promise.beat", "loop", f.W.Of("promise.loop", l.Loop), "n", l.Ago))
		}
	}
	return f.W.List(out)
}

// trialWhere is where an overdue trial delivery is: a member of the family
// "promise.trial_overdue".
func (p Delivery) trialWhere() string {
	if p.TrialSealed {
		return "sealed"
	}
	return "unsealed"
}

// said finds the number in an answer of the other side.
var said = regexp.MustCompile(`\b[1-5][0-9][0-9]\b`)

// refusal says in plain words what the other side meant: a member of the family
// "refusal".
func refusal(channel, answer string) string {
	code := said.FindString(answer)
	switch {
	case channel == "webhook" && code == "410":
		return "gone"
	case channel == "webhook" && code != "":
		return "webhook"
	case code == "550" || code == "551" || code == "553":
		return "nobody"
	case code == "552" || code == "452":
		return "full"
	case code != "" && code[0] == '5':
		return "unwanted"
	case code != "" && code[0] == '4':
		return "later"
	}
	return "silent"
}
