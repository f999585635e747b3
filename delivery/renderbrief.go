package delivery

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
)

// The bounds of a brief's mail.
const (
	maxSaid   = 1500 // runes of a reply that stand in the mail; a longer one in its first words
	maxFolded = 8    // lines of each kind in the rest
	maxLines  = 200  // of a brief; what goes beyond stands on its page
	maxKinds  = 3    // of things in the subject, what comes first
)

// briefs is a brief with what earlier ones could not bring.
type briefs struct {
	store.BriefView
	from    map[lineKey]time.Time // the window of a line of an earlier brief
	carried []time.Time           // the windows of those briefs
	beyond  map[brief.Section]int // lines of all of them that are not read here
}

type lineKey struct{ item, delivery, cause string }

func keyOf(l brief.Line) lineKey { return lineKey{l.Item, l.Delivery, l.Cause} }

// brief renders the mail of a sealed brief: the same lines in the same order as
// on the page, and an end.
func (r Letters) brief(ctx context.Context, w writing, o store.Outgoing, m Message) (Message, error) {
	v, err := gather(ctx, w.read, o)
	if err != nil {
		return m, err
	}
	v.Lines = slices.DeleteFunc(v.Lines, func(l brief.Line) bool { return settled(v.Asks[l.Item], l, w.to.Person.ID) })
	if brief.New(v.Lines) == 0 && v.more() == 0 {
		return m, ErrNothing
	}
	if o.Channel == store.ChannelWebhook {
		return w.sealedCall(v, o, m)
	}
	if m.Unsubscribe, err = r.unsubscribe(ctx, w); err != nil {
		return m, err
	}
	l := w.briefLetter(v)
	l.FootLink = link{w.w.T("mail.unsubscribe"), m.Unsubscribe}
	return l.finish(ctx, m)
}

// gather reads a brief and those that its mail carries, as its reader may see
// them now, and puts their lines into one order.
func gather(ctx context.Context, read *store.Reader, o store.Outgoing) (briefs, error) {
	first, err := read.Brief(ctx, o.About, store.Part{Most: maxLines})
	if errors.Is(err, access.ErrHidden) {
		return briefs{}, ErrNothing
	}
	if err != nil {
		return briefs{}, err
	}
	v := briefs{BriefView: first, from: make(map[lineKey]time.Time), beyond: make(map[brief.Section]int)}
	with, err := o.TakenUp()
	if err != nil {
		return v, err
	}
	v.further(first)
	have := make(map[lineKey]bool)
	items := make(map[string]bool)
	for _, l := range v.Lines {
		have[keyOf(l)], items[l.Item] = true, true
	}
	for _, u := range slices.Backward(with) { // the newest of them knows best
		earlier, err := read.Brief(ctx, u.Brief, store.Part{Most: maxLines})
		if errors.Is(err, access.ErrHidden) {
			continue
		}
		if err != nil {
			return v, err
		}
		v.further(earlier)
		v.carried = append([]time.Time{earlier.Brief.Window.Time()}, v.carried...)
		for _, l := range earlier.Lines {
			// An open ask stands in each brief anyway, one's own as long as that
			// is to be told; what came by a stream, once.
			if l.Section == brief.Asked || have[keyOf(l)] || (items[l.Item] && (l.Delivery == "" || l.Section == brief.Asks)) {
				continue
			}
			have[keyOf(l)], items[l.Item] = true, true
			v.from[keyOf(l)] = earlier.Brief.Window.Time()
			v.Lines = append(v.Lines, l)
		}
		merge(v.Items, earlier.Items)
		merge(v.Asks, earlier.Asks)
		merge(v.People, earlier.People)
		merge(v.Crises, earlier.Crises)
		merge(v.Given, earlier.Given)
	}
	v.Lines = brief.Compose(v.Lines)
	return v, nil
}

// further counts the lines of a brief that are too many for a mail.
func (v briefs) further(of store.BriefView) {
	for s, n := range of.Beyond {
		v.beyond[s] += n
	}
}

// more is how many lines are not read here.
func (v briefs) more() int {
	n := 0
	for _, of := range v.beyond {
		n += of
	}
	return n
}

func merge[V any](into, from map[string]V) {
	for k, v := range from {
		if _, ok := into[k]; !ok {
			into[k] = v
		}
	}
}

// settled reports whether a line asks, or waits, for something that was given
// meanwhile. a is the ask of the line, if it is one.
func settled(a ask.Ask, l brief.Line, person string) bool {
	switch l.Section {
	case brief.Asked:
		return !a.Live()
	case brief.Asks:
		one, err := a.Recipient(person)
		return err != nil || one.State != ask.Waiting || !a.Live()
	default:
		return false
	}
}

func (w writing) briefLetter(v briefs) letter {
	at := v.Brief.Window.Time()
	l := letter{
		W:       w.w,
		Subject: w.subject(v),
		Crumb:   w.w.T("brief.crumb_sealed", "date", w.w.Date(at, w.loc), "clock", w.clock(at), "name", w.to.Person.Name),
		Act:     link{w.w.T("mail.open_brief"), w.at("/brief")},
		Foot:    []string{w.w.T("mail.foot")},
	}
	needed, words := 0, 0
	var rest []brief.Line
	minutes := 0
	for _, name := range brief.Sections() {
		var lines []brief.Line
		n := 0
		for _, line := range v.Lines {
			switch {
			case line.Section != name:
			case name == brief.Updates || name == brief.Rest:
				rest = append(rest, line)
				minutes += brief.Minutes(line.Words)
			default:
				lines = append(lines, line)
				n += brief.Minutes(line.Words)
				words += line.Words
			}
		}
		if len(lines) == 0 {
			continue
		}
		s := part{Title: w.w.Of("brief.section", string(name)), Notes: []string{w.count(name, len(lines)+v.beyond[name])}}
		if name != brief.Asked { // those need others
			needed += len(lines) + v.beyond[name]
			s.Notes = append(s.Notes, w.w.Minutes(n))
		}
		for _, line := range lines {
			s.Lines = append(s.Lines, w.entry(v, line))
		}
		l.Sections = append(l.Sections, s)
	}
	l.Title = w.w.T("brief.nothing")
	if needed > 0 {
		l.Title = w.w.N("brief.needing", needed)
		own := brief.Minutes(words)
		l.Lead = []string{w.w.T("brief.lead_free", "needed", w.w.Minutes(own), "all", w.w.Minutes(own+minutes))}
	}
	if v.Brief.Delivered != v.Brief.Window {
		l.Lead = append(l.Lead, w.w.T("brief.late", "planned", w.dayTime(at), "came", w.dayTime(v.Brief.Delivered.Time())))
	}
	if len(v.carried) > 0 {
		times := make([]string, len(v.carried))
		for i, t := range v.carried {
			times[i] = w.dayTime(t)
		}
		l.Lead = append(l.Lead, w.w.T("mail.carried_note", "list", w.w.List(times)))
	}
	l.Rest = w.folds(v, rest)
	l.End, l.EndLines = w.w.T("brief.end"), []string{w.ending()}
	if n := v.more(); n > 0 {
		l.End = w.w.N("mail.goes_on", n)
	}
	return l
}

// ending says when the next brief comes.
func (w writing) ending() string {
	next, ok := w.to.Person.Clock.Next(worktime.Normal, worktime.Of(w.now)+1, worktime.NotSealed)
	if !ok {
		return w.w.T("brief.end_no_next")
	}
	return w.w.T("brief.end_next", "when", w.w.At(next.Time(), w.loc, w.now))
}

// count is how many lines a section has, in its own words.
func (w writing) count(s brief.Section, n int) string {
	switch s {
	case brief.Crises:
		return w.w.N("brief.count_crises", n)
	case brief.Asks:
		return w.w.N("brief.count_asks", n)
	case brief.Asked:
		return w.w.N("brief.count_asked", n)
	case brief.Replies:
		return w.w.N("brief.count_replies", n)
	default:
		return w.w.N("brief.count_named", n)
	}
}

func (w writing) subject(v briefs) string {
	return w.w.T("mail.subject", "when", w.w.WeekdayClock(v.Brief.Window.Time(), w.loc), "what", w.what(v))
}

// what is the subject's summary: "one ask due tomorrow 11:00, two updates".
func (w writing) what(v briefs) string {
	n := make(map[brief.Section]int)
	var due worktime.Instant
	for _, l := range v.Lines {
		n[l.Section]++
		if d := l.Due; l.Section == brief.Asks && d > worktime.Of(w.now) && (due == 0 || d < due) {
			due = d
		}
	}
	for s, further := range v.beyond {
		n[s] += further
	}
	var said []string
	for _, s := range brief.Sections() {
		c := "count"
		switch {
		case n[s] == 0 || s == brief.Asked:
		case s == brief.Crises:
			said = append(said, w.w.N("mail.crises", n[s], c, w.few(n[s])))
		case s == brief.Asks && due != 0:
			said = append(said, w.w.N("mail.asks_due", n[s], c, w.few(n[s]), "when", w.dayTime(due.Time())))
		case s == brief.Asks:
			said = append(said, w.w.N("mail.asks", n[s], c, w.few(n[s])))
		case s == brief.Replies:
			said = append(said, w.w.N("mail.replies", n[s], c, w.few(n[s])))
		case s == brief.Named:
			said = append(said, w.w.N("mail.named", n[s], c, w.few(n[s])))
		case s == brief.Updates:
			said = append(said, w.w.N("mail.updates", n[s], c, w.few(n[s])))
		default:
			said = append(said, w.w.N("mail.rest", n[s], c, w.few(n[s])))
		}
	}
	if len(said) == 0 { // all that is read here was settled meanwhile
		return w.w.T("brief.nothing")
	}
	all := said[0]
	for _, s := range said[1:min(len(said), maxKinds)] {
		all = w.w.T("list.middle", "a", all, "b", s)
	}
	return all
}

// few writes a small number as a word.
func (w writing) few(n int) string {
	if n > 1 && n < 10 {
		return w.w.Of("mail.few", strconv.Itoa(n))
	}
	return w.w.Number(n)
}

// entry is one line with all that stands beside it.
func (w writing) entry(v briefs, l brief.Line) entry {
	i := v.Items[l.Item]
	head := i
	root, reply := v.Items[i.Root]
	if reply = reply && i.Root != ""; reply {
		head = root
	}
	e := entry{Point: link{w.point(head), w.at("/" + head.Ref())}}
	by := v.People[i.Author]
	switch {
	case reply:
		e.Meta = append(e.Meta, w.cause(v, l, i, root))
		e.Point.URL += "?c=" + i.ID + "#c-" + i.ID // however much was said there
		e.Plain, e.Said = w.said(i)
		if a, ok := v.Asks[root.ID]; ok && i.Kind == item.State && root.Author == w.to.Person.ID && a.Stands() == ask.Short {
			e.Note = w.w.T("ask.short")
		}
	case i.Kind == item.Crisis:
		e.Meta = append(e.Meta, i.Ref())
		w.crisisEntry(v, i, &e)
	case l.Section == brief.Asks:
		e.Meta = append(e.Meta, w.w.T("mail.crisis_by_whom", "name", by.Name, "place", by.Place), i.Ref())
		w.askEntry(v.Asks[i.ID], l, &e)
	case l.Section == brief.Asked:
		w.waits(v, v.Asks[i.ID], &e)
		e.Meta = append(e.Meta, i.Ref())
	default:
		e.Meta = append(e.Meta, w.cause(v, l, i, root), i.Ref())
	}
	if l.Words > 0 && !reply {
		e.Meta = append(e.Meta, w.w.T("item.to_read", "minutes", w.w.Minutes(brief.Minutes(l.Words))))
	}
	if from, ok := v.from[keyOf(l)]; ok {
		e.Meta = append(e.Meta, w.w.T("mail.carried", "when", w.dayTime(from)))
	}
	e.Why = link{w.w.T("why.link"), w.at("/why/" + v.Why(l))}
	return e
}

func (w writing) askEntry(a ask.Ask, l brief.Line, e *entry) {
	if a.Urgent {
		e.Note = w.w.T("brief.urgent_because", "why", a.UrgentWhy)
	}
	due := l.Due
	one, err := a.Recipient(w.to.Person.ID)
	if err == nil && one.Due != 0 {
		due = one.Due // more time was given meanwhile
	}
	if due == 0 {
		if err != nil {
			return
		}
		if q, asking := one.Asking(); asking {
			e.Due = w.w.T("brief.paused", "when", w.dayTime(q.From.Time()))
		}
		return
	}
	when, now := w.dayTime(due.Time()), worktime.Of(w.now)
	if due < now {
		e.Due = w.w.T("brief.was_due", "when", w.w.T("brief.was_due_when", "when", when))
		return
	}
	e.Due = w.w.T("brief.due_when", "when", when)
	if left := w.to.Person.Clock.Elapsed(worktime.WorkClock, now, due, one.Pauses()); left > 0 {
		e.Due = w.w.T("brief.due_left", "when", e.Due, "left", w.w.Length(left))
	}
}

// waits says for whom an ask of the reader's own waits, and when it is due.
func (w writing) waits(v briefs, a ask.Ask, e *entry) {
	var names []string
	for _, r := range a.Recipients {
		if r.State == ask.Waiting {
			names = append(names, v.People[r.Person].Name)
		}
	}
	e.Due = w.w.N("asks.waits", len(names), "names", w.w.List(names))
	if due := a.Due(); due != 0 && due < worktime.Of(w.now) {
		e.Meta = append(e.Meta, w.w.T("asks.was_due", "when", w.dayTime(due.Time())))
	} else if due != 0 {
		e.Meta = append(e.Meta, w.w.T("asks.due", "when", w.dayTime(due.Time())))
	}
}

func (w writing) crisisEntry(v briefs, i item.Item, e *entry) {
	by, c := v.People[i.Author].Name, v.Crises[i.ID]
	if c.Over() {
		e.Meta = append(e.Meta, w.w.T("brief.crisis_ended", "name", by, "from", w.dayTime(i.Sent), "to", w.w.ClockDay(c.Ended, w.loc, w.now)))
	} else {
		e.Meta = append(e.Meta, w.w.T("brief.crisis_since", "name", by, "since", w.dayTime(i.Sent)))
	}
	if _, err := c.One(w.to.Person.ID); err != nil {
		e.Note = w.w.T("brief.crisis_not_needed")
	}
}

// point is an item's conclusion as one plain line.
func (w writing) point(i item.Item) string {
	return oneLine(cmp.Or(markup.PlainAt(i.Point, w.org.URL), markup.Conclusion(i.Body), i.Ref()))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// said is what was said in a reply, as text and as HTML; a long one in its
// first words.
func (w writing) said(i item.Item) (string, markupHTML) {
	md := i.Body
	if i.Kind != item.State {
		md = cmp.Or(i.Body, i.Point)
	}
	if len([]rune(md)) > maxSaid {
		md = markup.Conclusion(md)
	}
	html, err := markup.HTML(md, markup.Options{HeadingShift: 2, PublicURL: w.org.URL})
	if err != nil { // too large, and it was just cut
		return "", ""
	}
	return strings.TrimSpace(markup.PlainAt(md, w.org.URL)), markupHTML(html)
}

// cause says who did what to bring the line here.
func (w writing) cause(v briefs, l brief.Line, i, root item.Item) string {
	by := v.People[i.Author]
	code := causeCode(l.Cause, i)
	if !w.w.Has("brief.cause", code) {
		code = strings.ReplaceAll(code, "-", "_")
	}
	return w.w.Of("brief.cause", code, "name", by.Name, "place", by.Place, "team", v.Teams[i.Team].Name, "ref", cmp.Or(root.Ref(), i.Ref()))
}

// causeCode is the member of the family "brief.cause" for a line.
func causeCode(cause string, i item.Item) string {
	switch cause {
	case store.CauseAnswer:
		return "answered"
	case store.CauseComment:
		return "commented"
	case store.CauseMention:
		return "mentioned"
	case store.CauseState:
		return i.Point
	case store.EventSent:
		if i.Wide {
			return "wide"
		}
		return "update"
	case store.EventEdited:
		return "changed"
	case store.EventState:
		return "crisis"
	}
	return cause
}

// folds are the rest, by kind, each with its first lines.
func (w writing) folds(v briefs, lines []brief.Line) []fold {
	type group struct {
		fold
		lines   []brief.Line
		minutes int
	}
	var groups []*group
	byTitle := make(map[string]*group)
	for _, l := range lines {
		i := v.Items[l.Item]
		code, name := causeCode(l.Cause, i), ""
		if code == "update" || code == "wide" {
			code, name = "updates", cmp.Or(v.Teams[i.Team].Name, w.org.Name)
		}
		if !w.w.Has("brief.fold", code) {
			code = "update"
		}
		title := w.w.Of("brief.fold", code, "name", name)
		g := byTitle[title]
		if g == nil {
			g = &group{fold: fold{Title: title}}
			byTitle[title] = g
			groups = append(groups, g)
		}
		g.lines = append(g.lines, l)
		g.minutes += brief.Minutes(l.Words)
	}
	var out []fold
	for _, g := range groups {
		g.Count = w.w.Number(len(g.lines))
		if g.minutes > 0 {
			g.Count = w.w.T("brief.fold_count", "n", len(g.lines), "minutes", w.w.Minutes(g.minutes))
		}
		for n, l := range g.lines {
			if n == maxFolded {
				g.More = w.w.N("brief.fold_more", len(g.lines)-n)
				break
			}
			e := w.entry(v, l)
			e.Meta, e.Said, e.Plain, e.Due, e.Note = []string{v.People[v.Items[l.Item].Author].Name}, "", "", "", ""
			if from, ok := v.from[keyOf(l)]; ok {
				e.Meta = append(e.Meta, w.w.T("mail.carried", "when", w.dayTime(from)))
			}
			g.Lines = append(g.Lines, e)
		}
		out = append(out, g.fold)
	}
	return out
}
