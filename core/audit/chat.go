package audit

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Chat is what the messages of an export say. It holds signs and times, no words
// and no names (A12.1).
type Chat struct {
	// Messages are those that people wrote, of one place after the other in the
	// order in which they were written.
	Messages []Message
	// Me is the person's number, -1 when nobody knows; Writers is how many
	// different people wrote.
	Me, Writers int
	// Direct says that the export holds direct messages: without them all
	// figures are lower bounds (A5.2).
	Direct bool
	// Calls are the huddles, as the chat kept them (A5.4).
	Calls []Huddle
	From  worktime.Instant // of the first message
	To    worktime.Instant // of the last one
}

// Spot is to whom a message's place speaks.
type Spot uint8

// The spots.
const (
	InRoom   Spot = iota // everybody in a channel
	InGroup              // up to four people
	InDirect             // one other person
)

// Message is one message, without its words.
type Message struct {
	At     worktime.Instant
	Author int   // a number for each writer
	Place  int   // a number for each channel or conversation
	Thread int64 // the thread in the place, 0 for none
	To     []int // whom it names; of a direct one whoever else is there
	Spot   Spot
	Signs  Signs
}

// Huddle is a call that somebody began in the chat.
type Huddle struct {
	Place      int
	Start, End worktime.Instant // End is 0 when nobody knows
	People     []int
}

// aimed reports whether a message is for somebody: by name, or because nobody
// else is there.
func (m *Message) aimed(person int) bool { return slices.Contains(m.To, person) }

// The bounds of what counts as an answer at once, and as one message (A3, A5.4).
const (
	burst     = 2 * minute
	atOnce    = 15 * minute
	sitting   = 15 * minute // own messages that are closer belong to one session
	quickly   = 5 * minute
	hastily   = 10 * minute
	renewed   = 4 * hour // a second nudge within as much working time
	leastDays = 5
	leastAsks = 10
)

// answer is the person's answer to a message that was for them.
type answer struct {
	asked, at worktime.Instant
	delay     int64 // in the person's own working time
}

// answers are the person's answers to what was written to them: the next message
// of theirs in the same thread, or in the same place where there is none. What
// one sender writes within two minutes is one message.
func (in *Input) answers() []answer {
	c := in.Chat
	type key struct {
		place  int
		thread int64
	}
	type open struct {
		at     worktime.Instant
		author int
	}
	waiting := make(map[key][]open)
	lastMine := make(map[key]worktime.Instant)
	var out []answer
	for i := range c.Messages {
		m := &c.Messages[i]
		k := key{m.Place, m.Thread}
		if m.Author == c.Me {
			for _, w := range waiting[k] {
				if m.At > w.at {
					out = append(out, answer{w.at, m.At, in.Clock.Elapsed(worktime.WorkClock, w.at, m.At, nil)})
				}
			}
			delete(waiting, k)
			lastMine[k] = m.At
			continue
		}
		reply := m.Thread != 0 && lastMine[k] > 0
		if !m.aimed(c.Me) && !reply {
			continue
		}
		if w := waiting[k]; len(w) > 0 && w[len(w)-1].author == m.Author && m.At-w[len(w)-1].at <= burst {
			continue
		}
		waiting[k] = append(waiting[k], open{m.At, m.Author})
	}
	slices.SortFunc(out, func(a, b answer) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.asked, b.asked)) })
	return out
}

// episodes are the instants at which the person answered within a quarter of an
// hour what came in their working time and outside of meetings (A3). They cannot
// show what was only read.
func (in *Input) episodes() (out []worktime.Instant) {
	if in.Chat == nil || in.Chat.Me < 0 {
		return nil
	}
	for _, a := range in.answers() {
		if a.at-a.asked > atOnce || len(out) > 0 && a.at <= out[len(out)-1] || len(in.between(worktime.Interval{From: a.asked, To: a.asked + 1})) > 0 {
			continue
		}
		if state, _, _ := in.Clock.State(a.asked); state != worktime.Off {
			out = append(out, a.at)
		}
	}
	return out
}

// ChatFigures are what a chat export says of the person, or of all who wrote
// where nobody says who the person is. A share is of 0 to 1.
type ChatFigures struct {
	Days     int // with a message of the person's own
	Own      int // messages of the person's own
	Sessions int // tenths of a session in an hour of working time, the median day
	// AnswerMinutes is the median of how long they took, over so many answers.
	AnswerMinutes, Answers int
	OutsideDays            int // days a week with own messages outside of W, the median
	EdgeDays               int // days a week with a quarter of them before 9 or after 18
	InMeetings             int // meetings in which they wrote, of so many
	OfMeetings             int
	Asks, Hurried          int // asks to named people, and those that hurry without a window
	Nudges, HurriedOff     int
	QuickCalls, Huddles    int
	Loose                  int // calls asked for without naming anybody
	Episodes               int // answered within a quarter of an hour, in working time
	// DirectAsks are those of the asks that only one person or a few could read.
	DirectAsks int
	// Group says that the figures are of all writers and not of the person.
	Group bool
}

// chatFigures counts (A5.3, A5.4). Over a group of fewer than five writers
// nothing is said (A12.3).
func (in *Input) chatFigures() (f ChatFigures, ok bool) {
	c := in.Chat
	f.Group = c.Me < 0
	if f.Group && c.Writers < 5 || len(c.Messages) == 0 {
		return f, false
	}
	in.habitsOfAsking(&f)
	if f.Group {
		return f, true
	}
	days := make(map[worktime.Date][]worktime.Instant)
	outside := make(map[worktime.Date]map[worktime.Date]bool) // by the week's Monday
	for i := range c.Messages {
		m := &c.Messages[i]
		if m.Author != c.Me {
			continue
		}
		f.Own++
		d := in.Clock.DateOf(m.At)
		days[d] = append(days[d], m.At)
		monday := worktime.StartOn(1).First(d)
		if outside[monday] == nil {
			outside[monday] = make(map[worktime.Date]bool)
		}
		if state, _, _ := in.Clock.State(m.At); state == worktime.Off {
			outside[monday][d] = true
		}
	}
	f.Days = len(days)
	var sessions, off, edges []int
	edge := make(map[worktime.Date]int) // by the week's Monday
	for d, at := range days {
		early := 0
		for _, t := range at {
			if h := in.Clock.In(t).Hour(); h < 9 || h >= 18 {
				early++
			}
		}
		if early*4 >= len(at) {
			edge[worktime.StartOn(1).First(d)]++
		}
		work := in.Clock.Day(d).Pieces
		var seconds int64
		for _, p := range work {
			seconds += p.Seconds()
		}
		if seconds == 0 {
			continue
		}
		slices.Sort(at)
		n := 0
		last := worktime.Instant(-sitting - 1)
		for _, t := range at {
			if !slices.ContainsFunc(work, func(p worktime.Interval) bool { return p.Contains(t) }) {
				continue
			}
			if n == 0 || t-last > sitting {
				n++
			}
			last = t
		}
		sessions = append(sessions, int(int64(n)*10*hour/seconds))
	}
	for monday, d := range outside {
		off, edges = append(off, len(d)), append(edges, edge[monday])
	}
	f.Sessions, f.OutsideDays, f.EdgeDays = median(sessions), median(off), median(edges)
	var took []int
	for _, a := range in.answers() {
		took = append(took, int(a.delay))
	}
	f.Answers, f.AnswerMinutes = len(took), median(took)/minute
	f.Episodes = len(in.pings)
	in.multitasking(&f)
	return f, true
}

// habitsOfAsking counts asks, hurry and calls: of what the person wrote and was
// written, or of all.
func (in *Input) habitsOfAsking(f *ChatFigures) {
	c := in.Chat
	type pair struct{ from, to int }
	nudged := make(map[pair]worktime.Instant)
	for i := range c.Messages {
		m := &c.Messages[i]
		mine := f.Group || m.Author == c.Me || m.aimed(c.Me)
		if !mine || m.Signs.Has(Alarms) {
			continue
		}
		named := m.Spot != InRoom || len(m.To) > 0
		if m.Signs.Has(Calls) {
			if named {
				f.QuickCalls++
			} else {
				f.Loose++
			}
		}
		if !named {
			continue
		}
		for _, to := range m.To {
			p := pair{m.Author, to}
			last, before := nudged[p]
			if m.Signs.Has(Nudges) && before && in.Clock.Elapsed(worktime.WorkClock, last, m.At, nil) <= renewed {
				f.Nudges++
			}
			if m.Signs != 0 {
				nudged[p] = m.At
			}
		}
		if !m.Signs.Has(Asks) && !m.Signs.Has(Hurries) {
			continue
		}
		f.Asks++
		if m.Spot != InRoom {
			f.DirectAsks++
		}
		if m.Signs.Has(Hurries) {
			f.Hurried++
			if state, _, _ := in.Clock.State(m.At); state == worktime.Off {
				f.HurriedOff++
			}
		}
	}
	for _, h := range c.Calls {
		if f.Group || slices.Contains(h.People, c.Me) {
			f.Huddles++
		}
	}
}

// multitasking counts the meetings in which the person wrote twice or more.
func (in *Input) multitasking(f *ChatFigures) {
	var mine []worktime.Instant
	for i := range in.Chat.Messages {
		if m := &in.Chat.Messages[i]; m.Author == in.Chat.Me {
			mine = append(mine, m.At)
		}
	}
	slices.Sort(mine)
	for _, i := range in.meetings {
		if i.Item.Huddle || i.Start < in.Chat.From || i.End > in.Chat.To {
			continue
		}
		f.OfMeetings++
		first, _ := slices.BinarySearch(mine, i.Start+5*minute)
		last, _ := slices.BinarySearch(mine, i.End-2*minute)
		if last-first >= 2 {
			f.InMeetings++
		}
	}
}

// chatFindings are the habits that only a chat shows: rows 3 and 6, and the
// calls of row 2 that no calendar knows (A5).
func (in *Input) chatFindings(f ChatFigures, weeks float64) []Finding {
	var out []Finding
	tell := func(h Habit, p points, n int) {
		if c := p.confidence(); c >= possibleFrom-1e-9 {
			out = append(out, Finding{Habit: h, Confidence: c, Points: p.list, Primary: true, Occurrences: n, PerWeek: float64(n) / max(1, weeks), Mine: true, Chat: true})
		}
	}
	var p points
	if calls := f.QuickCalls + f.Loose; calls > 0 {
		p.count(f.QuickCalls > 0, "asked-call", .80, f.QuickCalls, 0)
		p.count(f.QuickCalls == 0, "loose-call", .60, f.Loose, 0)
		tell(QuickCall, p, calls)
	}
	if !f.Group && f.Days >= leastDays && float64(f.Own) >= 20*weeks {
		p = points{}
		p.count(f.Sessions >= 30, "sessions", .50+min(.20, float64(f.Sessions/10-3)*.10), f.Sessions, 10)
		p.count(f.Answers >= 10 && f.AnswerMinutes <= quickly/minute, "quick-answers", .15, f.AnswerMinutes, f.Answers)
		p.count(f.OutsideDays >= 3, "outside-days", .15, f.OutsideDays, 0)
		p.count(f.OfMeetings > 0 && f.InMeetings*10 >= 3*f.OfMeetings, "in-meetings", .10, f.InMeetings, f.OfMeetings)
		tell(AlwaysOn, p, f.Episodes)
	}
	if f.Asks >= leastAsks {
		p = points{}
		share := float64(f.Hurried) / float64(f.Asks)
		p.count(share >= .10, "hurried", min(.70, .40+share), f.Hurried, f.Asks)
		p.count(float64(f.Nudges) >= 5*max(1, weeks)/4, "nudges", .20, f.Nudges, 0)
		p.count(f.HurriedOff >= 3, "hurried-off", .10, f.HurriedOff, 0)
		p.count(!f.Group && f.Answers >= 20 && f.AnswerMinutes <= hastily/minute, "hasty-answers", .10, f.AnswerMinutes, f.Answers)
		tell(ReplyASAP, p, f.Hurried)
	}
	return out
}

// talk adds the habits that a chat shows.
func (in *Input) talk(r *Report) {
	if in.Chat == nil {
		r.Missing = append(r.Missing, Missing{"chat"})
		return
	}
	f, ok := in.chatFigures()
	if !ok {
		r.Missing = append(r.Missing, Missing{"chat-few"})
		return
	}
	r.Chat = &f
	if in.Chat.Me < 0 {
		r.Missing = append(r.Missing, Missing{"chat-me"})
	}
	if !in.Chat.Direct {
		r.Missing = append(r.Missing, Missing{"direct"})
	}
	weeks := max(1, float64(in.Chat.To-in.Chat.From)/(7*day))
	for _, found := range in.chatFindings(f, weeks) {
		found.Key = "chat-" + strconv.Itoa(int(found.Habit))
		found.NotSo = in.NotSo[found.Key]
		switch found.Habit {
		case QuickCall:
			found.Minutes, found.Recovery = 2, float64(in.Recovery) // A5.2
		case AlwaysOn:
			if n := len(in.pings); n > 0 {
				found.Recovery = in.pinged() / float64(n)
			}
		case StatusMeeting, LiveDecision, LiveBrainstorm, ReplyASAP, JustInCase: // 6 shares its minutes with 3
		}
		r.Findings = append(r.Findings, found)
	}
}

// pinged is how many seconds of recovery come to that of meetings by what was
// answered at once, in the weeks that are looked at.
func (in *Input) pinged() (seconds float64) {
	for _, monday := range in.Weeks {
		events := in.taken(in.week(monday)).events
		with := in.Clock.Sync(monday, events, in.pings, in.Recovery).RecoverySeconds
		seconds += float64(with - in.Clock.Sync(monday, events, nil, in.Recovery).RecoverySeconds)
	}
	return seconds
}
