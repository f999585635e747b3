package audit

import (
	"cmp"
	"slices"

	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
)

// Replayed is a chat's history, and what a replay assumes of it.
type Replayed struct {
	Chat *Chat
	// Clocks are the charters of people, by their number; nil for whoever is no
	// person or not to be counted.
	Clocks []*worktime.Clock
	// Recovery is how long it takes to come back to a task, in seconds.
	Recovery int64
	// Everything says that in the world as it was every message of a channel
	// interrupted whoever wrote there in the seven days before, and not only who
	// was named, answered or alone with the writer.
	Everything bool
}

// World is what one way of working did to people.
type World struct {
	// Interruptions are moments at which something reached somebody on its own
	// account; what one sender writes within two minutes is one.
	Interruptions int
	InFocus       int // of them, in a focus block
	InHours       int // in working time outside of focus
	Evenings      int // on a working day, outside of working time, from 7 to 22
	Nights        int // from 22 to 7 where the person is
	DaysOff       int // on a day without work
	// PerDay are tenths of an interruption a person and working day, of the median
	// person.
	PerDay int
	// FocusSeconds are stretches of two hours and more of working time in which
	// nothing came; RecoverySeconds what may have passed after what came.
	FocusSeconds, RecoverySeconds int64
}

// Replay is a history in both worlds.
type Replay struct {
	Messages, Directed int // of people; directed at somebody
	People, Days       int // who are counted, and their working days together
	From, To           worktime.Instant
	Was, Would         World
	Briefs             int // with something in them
	Lines              int // in briefs, of channels and threads that one reads
	Asks               int // directed, with a question or a request
	Urgent, Crises     int // directed, by the stated rules
	// Delays are how long directed messages would have waited, in seconds, sorted;
	// WorkDelays counts in the receiver's working time alone.
	Delays, WorkDelays []int64
}

// Quantile is a quantile of sorted delays, of 0 to 1, in seconds.
func Quantile(sorted []int64, of float64) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(of*float64(len(sorted))))]
}

// reader is what is gathered for one person.
type reader struct {
	clock         *worktime.Clock
	was, would    []worktime.Instant // interruptions
	briefs        map[worktime.Instant]bool
	first, last   worktime.Instant
	burst         map[int]worktime.Instant // the last message of a sender
	lines         int
	wrote         map[int]worktime.Instant // places, and when last
	threads       map[int64]bool
	delays, spent []int64
}

// Run replays. It holds two instants for each message that reached somebody.
//
// The rules: what is directed at somebody is urgent when it hurries and names no
// time in which to answer, a crisis when it hurries about an incident, and waits
// for the next window otherwise; what a channel says is a line of the next brief.
func (in *Replayed) Run() *Replay {
	r := &Replay{From: in.Chat.From, To: in.Chat.To, Messages: len(in.Chat.Messages)}
	readers := make([]*reader, len(in.Clocks))
	for i, c := range in.Clocks {
		if c != nil {
			readers[i] = &reader{clock: c, briefs: make(map[worktime.Instant]bool), burst: make(map[int]worktime.Instant), wrote: make(map[int]worktime.Instant), threads: make(map[int64]bool)}
		}
	}
	order := make([]int, len(in.Chat.Messages)) // as they came, over all places
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(in.Chat.Messages[a].At, in.Chat.Messages[b].At) })
	members := make(map[int][]int) // who wrote in a place, and so reads it
	for _, i := range order {
		in.message(r, readers, members, &in.Chat.Messages[i])
	}
	var each, eachWould []int
	for _, p := range readers {
		if p == nil || p.first == 0 {
			continue
		}
		r.People++
		days := p.account(r, in.Recovery)
		r.Days += days
		if days > 0 {
			each, eachWould = append(each, 10*len(p.was)/days), append(eachWould, 10*len(p.would)/days)
		}
		r.Briefs += len(p.briefs)
		r.Lines += p.lines
		r.Delays, r.WorkDelays = append(r.Delays, p.delays...), append(r.WorkDelays, p.spent...)
	}
	slices.Sort(r.Delays)
	slices.Sort(r.WorkDelays)
	r.Was.PerDay, r.Would.PerDay = median(each), median(eachWould)
	return r
}

// message lets one message reach whom it reaches.
func (in *Replayed) message(r *Replay, readers []*reader, members map[int][]int, m *Message) {
	directed := false
	for _, to := range m.To {
		if to >= len(readers) || readers[to] == nil {
			continue
		}
		directed = true
		readers[to].directed(r, m)
	}
	for _, one := range members[m.Place] {
		p := readers[one]
		if one == m.Author || p == nil || slices.Contains(m.To, one) {
			continue
		}
		switch {
		case m.Thread != 0 && p.threads[m.Thread]: // an answer where they wrote
			p.interrupted(m)
			p.brief(m.At)
		case m.At-p.wrote[m.Place] <= 7*day:
			if in.Everything {
				p.interrupted(m)
			}
			p.brief(m.At)
		}
	}
	if directed {
		r.Directed++
		if m.Signs.Has(Asks) {
			r.Asks++
		}
	}
	if m.Author >= len(readers) || readers[m.Author] == nil {
		return
	}
	w := readers[m.Author]
	w.seen(m.At)
	if w.wrote[m.Place] == 0 {
		members[m.Place] = append(members[m.Place], m.Author)
	}
	w.wrote[m.Place] = m.At
	if m.Thread != 0 {
		w.threads[m.Thread] = true
	}
}

func (p *reader) seen(at worktime.Instant) {
	if p.first == 0 {
		p.first = at
	}
	p.last = max(p.last, at)
}

// interrupted is the world as it was.
func (p *reader) interrupted(m *Message) {
	last, before := p.burst[m.Author]
	p.burst[m.Author] = m.At
	if !before || m.At-last > burst {
		p.was = append(p.was, m.At)
	}
}

// brief puts a line into the next brief.
func (p *reader) brief(at worktime.Instant) {
	p.seen(at)
	if plan := layer.Reach(worktime.Normal, layer.Reader{Reigns: []layer.Reign{{Clock: p.clock}}}, at); plan.OK {
		p.briefs[plan.At] = true
		p.lines++
	}
}

// directed is a message for somebody by name.
func (p *reader) directed(r *Replay, m *Message) {
	p.seen(m.At)
	p.interrupted(m)
	class := worktime.Normal
	switch {
	case m.Signs.Has(Hurries) && m.Signs.Has(Alarms):
		class = worktime.Crisis
		r.Crises++
	case m.Signs.Has(Hurries):
		class = worktime.Urgent
		r.Urgent++
	}
	plan := layer.Reach(class, layer.Reader{Reigns: []layer.Reign{{Clock: p.clock}}}, m.At)
	if !plan.OK {
		return
	}
	p.delays = append(p.delays, int64(plan.At-m.At))
	p.spent = append(p.spent, p.clock.Elapsed(worktime.WorkClock, m.At, plan.At, nil))
	if class == worktime.Normal {
		p.briefs[plan.At] = true
	} else {
		p.would = append(p.would, plan.At)
	}
}

// account adds up what came to somebody in both worlds, and returns their working
// days.
func (p *reader) account(r *Replay, recovery int64) (days int) {
	slices.Sort(p.was)
	slices.Sort(p.would)
	for _, t := range p.was {
		r.Was.at(p.clock, t)
	}
	for _, t := range p.would {
		r.Would.at(p.clock, t)
	}
	windows := make([]worktime.Instant, 0, len(p.briefs))
	for t := range p.briefs {
		windows = append(windows, t)
	}
	would := slices.Sorted(slices.Values(append(windows, p.would...)))
	for d := p.clock.DateOf(p.first); d <= p.clock.DateOf(p.last); d++ {
		day := p.clock.Day(d)
		if !day.Working {
			continue
		}
		days++
		r.Was.whole(day.Pieces, p.was, recovery)
		r.Would.whole(day.Pieces, would, recovery)
	}
	return days
}

// at says in what an interruption came.
func (w *World) at(c *worktime.Clock, t worktime.Instant) {
	w.Interruptions++
	switch state, _, _ := c.State(t); state {
	case worktime.Focus:
		w.InFocus++
	case worktime.On:
		w.InHours++
	case worktime.Off:
		hour := c.In(t).Hour()
		switch {
		case !c.Day(c.DateOf(t)).Working:
			w.DaysOff++
		case hour >= 22 || hour < 7:
			w.Nights++
		default:
			w.Evenings++
		}
	}
}

// whole adds the stretches of working time in which nothing came.
func (w *World) whole(pieces []worktime.Interval, came []worktime.Instant, recovery int64) {
	for _, p := range pieces {
		from := p.From
		first, _ := slices.BinarySearch(came, p.From)
		reached := p.From // of what may pass after an interruption
		add := func(to worktime.Instant) {
			if to-from >= 2*hour {
				w.FocusSeconds += int64(to - from)
			}
			from = to
		}
		for _, t := range came[first:] {
			if t >= p.To {
				break
			}
			add(t)
			end := min(p.To, t+worktime.Instant(recovery))
			w.RecoverySeconds += int64(max(0, end-max(t, reached)))
			reached = max(reached, end)
		}
		add(p.To)
	}
}
