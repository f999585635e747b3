package report

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/words"
)

// About is what a report needs to know besides the audit itself.
type About struct {
	Words *words.Words
	Now   worktime.Instant
	Clock *worktime.Clock
	// Hours is the working time as the report tells it: "Mon-Fri 09:00-17:00".
	Hours    string
	Files    int  // calendars that were read
	Guess    bool // nobody said who "me" is, and the calendar tells it
	Stated   charter.Archetype
	Recovery int64 // seconds
	// Titles shows what one's meetings are called. Share makes a report for
	// others: no titles, no people, no dates (A12.2). Names tells who takes part.
	Titles, Share, Names bool
	// Faults are entries that could not be read, Faulty how many there are.
	Faults []Fault
	Faulty int
	// Before is an earlier report to compare with, nil for none.
	Before *Data
	// OnServer says that the report was made by a server, for its page.
	OnServer bool
	// Scores are the self-audits of the past, the oldest first.
	Scores []Score
}

// Fault is something that was wrong with a calendar.
type Fault struct {
	File string
	Line int
	Code string // a member of the family "audit.fault"
	Text string
}

// Score is a self-audit that was answered.
type Score struct {
	On  worktime.Date
	Yes int
}

// draft is a paper that is being put together.
type draft struct {
	About
	w     *words.Words
	r     *audit.Report
	named map[string]string // how a series is called in a report for others
	paper Paper
}

// New puts together what an audit says.
func New(r *audit.Report, about About) *Paper {
	d := &draft{About: about, w: about.Words, r: r, named: make(map[string]string)}
	if d.Share {
		d.Titles, d.Names = false, false
	}
	d.paper.Lang, d.paper.Title = d.w.Lang(), d.w.T("audit.title")
	d.head()
	switch {
	case r.Used == 0:
	case d.Files == 0: // a chat alone tells nothing of meetings
		d.habits()
		d.talk()
		d.plan()
		d.self()
	default:
		d.stand()
		d.costs()
		d.habits()
		d.talk()
		d.week()
		d.plan()
		d.stays()
		d.self()
		d.archetype()
		d.trend()
		d.compare()
	}
	d.evidence()
	d.method()
	d.summary()
	return &d.paper
}

func (d *draft) part(id, title, side string, pieces ...piece) {
	var blocks []Block
	for _, p := range pieces {
		if b, says := p.block(); says {
			blocks = append(blocks, b)
		}
	}
	if len(blocks) > 0 {
		d.paper.Parts = append(d.paper.Parts, Part{id, title, side, blocks})
	}
}

func para(text string) *Para  { return &Para{Text: plain(text)} }
func quiet(text string) *Para { return &Para{Text: plain(text), Quiet: true} }

// local is what names the flags of the command line: nothing on a page.
func (d *draft) local(text string) string {
	if d.OnServer {
		return ""
	}
	return text
}

// hint is local, after a sentence.
func (d *draft) hint(text string) string {
	if d.OnServer {
		return ""
	}
	return " " + text
}

// length writes minutes as hours and minutes.
func (d *draft) length(minutes float64) string { return d.w.Length(int64(math.Round(minutes)) * 60) }

// hours writes minutes as hours with one decimal, or what is little as minutes.
func (d *draft) hours(minutes float64) string {
	if minutes < 15 {
		return d.length(minutes)
	}
	return d.w.T("audit.h", "n", d.w.Hours(int64(math.Round(minutes*60))))
}

// span writes a range of minutes as "2.6 h (1.7 to 3.1)".
func (d *draft) span(r audit.Range) string {
	if math.Abs(r.High-r.Low) < 3 || r.High < 15 {
		return d.hours(r.Mid)
	}
	return d.w.T("audit.span", "mid", d.w.T("audit.h", "n", d.w.Hours(int64(math.Round(r.Mid*60)))), "low", d.w.Hours(int64(math.Round(r.Low*60))), "high", d.w.Hours(int64(math.Round(r.High*60))))
}

// name is what a series is called in this report.
func (d *draft) name(key, title string) string {
	if d.Titles && title != "" {
		return title
	}
	if d.Titles {
		return d.w.T("audit.private")
	}
	n, there := d.named[key]
	if !there {
		n = d.w.T("audit.series", "n", len(d.named)+1)
		d.named[key] = n
	}
	return n
}

func (d *draft) tier(t worktime.Tier) string { return d.w.Of("audit.tier", string(t)) }

// dates are the first and last day that is looked at, "" in a report for others.
func (d *draft) dates() string {
	if d.Share || len(d.r.Weeks) == 0 {
		return ""
	}
	first, last := d.r.Weeks[0].Monday, d.r.Weeks[len(d.r.Weeks)-1].Monday.AddDays(6)
	return d.w.T("audit.dates", "from", d.date(first), "to", d.date(last))
}

func (d *draft) date(day worktime.Date) string {
	y, m, dom := day.Civil()
	return d.w.ShortDate(time.Date(y, m, dom, 12, 0, 0, 0, time.UTC), time.UTC, d.Now.Time())
}

// head is the title, and the three figures that matter most.
func (d *draft) head() {
	w, r, p := d.w, d.r, &d.paper
	switch {
	case d.OnServer:
		p.Aside = w.T("audit.aside_server")
	case d.Files == 0:
		p.Aside = w.T("audit.aside_chat")
	default:
		p.Aside = w.N("audit.aside", d.Files)
	}
	switch dates := d.dates(); {
	case dates == "":
		p.Crumb = w.T("audit.title")
	case r.Used < 2:
		p.Crumb = w.T("audit.crumb_one", "dates", dates)
	default:
		p.Crumb = w.T("audit.crumb", "dates", dates, "weeks", r.Used)
	}
	switch {
	case r.Used == 0:
		p.Head = w.T("audit.head_none")
		p.Lead = plain(w.T("audit.lead_none"))
	case d.Files == 0:
		p.Head = w.T("audit.head_chat")
		p.Lead = plain(w.T("audit.lead_chat"))
	case r.Shared:
		p.Head = w.T("audit.head_shared", "live", d.length(r.Sync.Mid))
		p.Lead = plain(w.T("audit.lead_shared"))
	case r.Counted.Meetings == 0:
		p.Head = w.T("audit.head_free", "work", d.length(float64(r.Work)))
		p.Lead = plain(w.T("audit.lead_free"))
	default:
		p.Head = w.T("audit.head", "work", d.length(float64(r.Work)), "whole", d.length(float64(r.Focus)))
		p.Lead = bold(w.Parts("audit.lead"), "live", d.length(r.Sync.Mid), "recovery", d.length(float64(r.Recovery)), "fragments", d.length(float64(r.Fragmented)))
	}
}

// summary is what fits a screen of a terminal.
func (d *draft) summary() {
	w, r := d.w, d.r
	if r.Used == 0 {
		return
	}
	add := func(name, text string) { d.paper.Summary = append(d.paper.Summary, Row{name, plain(text)}) }
	if d.Files == 0 {
		d.summaryOfHabits(add)
		return
	}
	if r.Shared {
		add(w.T("audit.sum_live"), w.T("audit.sum_shared", "live", d.length(r.Sync.Mid), "meetings", r.Meetings))
	} else {
		d.paper.Summary = append(d.paper.Summary, Row{w.T("audit.sum_live"), bold(w.Parts("audit.sum_tier", "value", d.between(), "meetings", r.Meetings), "tier", d.tier(r.Tier))})
		add("", w.T("audit.hypothetical"))
	}
	if hours, people := d.personHours(); people {
		add(w.T("audit.sum_cost"), d.atLeast(w.T("audit.sum_person_hours", "hours", d.hours(hours*60), "year", w.Number(int(math.Round(hours*46))))))
	}
	if !r.Shared {
		add(w.T("audit.sum_focus"), w.T("audit.sum_gaps", "focus", d.length(float64(r.Focus)), "fragments", d.length(float64(r.Fragmented)), "recovery", d.length(float64(r.Recovery))))
	}
	d.summaryOfHabits(add)
	for i, m := range d.inOrder()[:min(3, len(r.Plan.Moves))] {
		name := ""
		if i == 0 {
			name = w.T("audit.sum_first")
		}
		add(name, w.T("audit.sum_move", "n", i+1, "move", d.move(m), "gain", d.gain(m)))
	}
	if n := len(r.Plan.Moves); n > 0 && !r.Shared {
		add(w.T("audit.sum_plan"), w.T("audit.sum_whole", "net", d.span(r.Plan.Net), "tier", d.tier(audit.TierOf(int(r.Plan.After.Mid))), "after", d.hours(r.Plan.After.Mid)))
	}
	if n := len(r.Plan.Kept); n > 0 {
		add(w.T("audit.sum_stays"), w.N("audit.sum_kept", n))
	}
}

func (d *draft) summaryOfHabits(add func(name, text string)) {
	w, r := d.w, d.r
	var found []string
	possible := 0
	for h := audit.StatusMeeting; h <= audit.JustInCase; h++ {
		minutes, n := d.habit(h)
		switch {
		case n > 0 && minutes == 0: // a habit that takes no meeting
			found = append(found, d.habitName(h))
		case n > 0:
			found = append(found, w.T("audit.sum_habit", "habit", d.habitName(h), "time", d.length(minutes)))
		}
	}
	for _, f := range r.Findings {
		if f.Primary && f.Possible() {
			possible++
		}
	}
	if len(found) == 0 {
		found = append(found, w.T("audit.sum_no_habit"))
	}
	if possible > 0 {
		found = append(found, w.N("audit.sum_possible", possible))
	}
	add(w.T("audit.sum_habits"), strings.Join(found, " · "))
}

// between is the live time with what it may be at least and most.
func (d *draft) between() string {
	r := d.r.Sync
	if r.Low == r.High {
		return d.length(r.Mid)
	}
	return d.w.T("audit.between", "mid", d.length(r.Mid), "low", d.length(r.Low), "high", d.length(r.High))
}

// personHours are those of a week, and whether anybody knows who takes part.
func (d *draft) personHours() (hours float64, known bool) {
	for _, c := range d.r.Cost {
		hours += c.PersonHours
		known = known || c.People > 0
	}
	return hours, known
}

// atLeast says of a sum of person-hours when it is a lower bound, because some
// meetings do not tell who takes part.
func (d *draft) atLeast(text string) string {
	if d.r.Counted.Unknown == 0 {
		return text
	}
	return d.w.T("audit.lower", "text", text)
}

// stand is the tier (A6).
func (d *draft) stand() {
	w, r := d.w, d.r
	if r.Shared {
		d.part("stand", w.T("audit.stand"), w.T("audit.stand_side"), para(w.T("audit.stand_shared", "live", d.length(r.Sync.Mid))), quiet(d.local(w.T("audit.not_shared"))))
		return
	}
	text := w.T("audit.stand_at", "value", d.between(), "tier", d.tier(r.Tier))
	switch r.Edge {
	case "lower":
		text += " " + w.T("audit.lower_edge")
	case "upper":
		text += " " + w.T("audit.upper_edge")
	}
	if r.Also != "" {
		text += " " + w.T("audit.also", "tier", d.tier(r.Also))
	}
	below := ""
	if r.Tier == worktime.TierBelow {
		below = w.T("audit.below")
	}
	ad := ""
	if r.Unscheduled > 0 {
		ad = w.T("audit.unscheduled", "time", d.length(float64(r.Unscheduled)))
	}
	weeks := ""
	if r.Used < 4 {
		weeks = w.N("audit.few_weeks", r.Used)
	}
	d.part("stand", w.T("audit.stand"), w.T("audit.stand_side"), d.scale(), para(text), para(below), para(ad), quiet(strings.TrimSpace(w.T("audit.hypothetical")+" "+weeks)), d.mix())
}

// tiers are the table of A6, in hours.
func tiers() []struct {
	tier     worktime.Tier
	from, to float64 // hours, as drawn
	seed     string
} {
	return []struct {
		tier     worktime.Tier
		from, to float64
		seed     string
	}{
		{worktime.TierBelow, 0, 3.5, "0–3"},
		{worktime.TierAsync, 3.5, 6.5, "4–6"},
		{worktime.TierHealthy, 6.5, 12.5, "7–12"},
		{worktime.TierAverage, 12.5, 18.5, "13–18"},
		{worktime.TierCaptured, 18.5, 24, "19+"},
	}
}

// scale draws where the live hours are, and where the plan leads.
func (d *draft) scale() *Figure {
	w, r := d.w, d.r
	f := &Figure{Kind: TierScale, ID: "tier", Title: w.T("audit.scale_title", "live", d.length(r.Sync.Mid), "tier", d.tier(r.Tier)), Desc: w.T("audit.scale_desc"), Height: 92, Word: w.T("audit.as_table")}
	const most = 24.0
	at := func(minutes float64) float64 { return math.Min(minutes/60, most) / most * 100 }
	f.Behind = Table{Head: []string{w.T("audit.tier_name"), w.T("audit.tier_hours")}, Numbers: []bool{false, true}}
	for i, t := range tiers() {
		class := "rb-soft"
		if i >= 3 {
			class = "rb-rest"
		}
		x := t.from / most * 100
		f.Marks = append(f.Marks, Mark{Shape: Box, Class: class, X: x + .25, Width: (t.to-t.from)/most*100 - .5, Y: 44, Height: 12})
		f.Marks = append(f.Marks, Mark{Shape: Label, X: x + .4, Y: 73, Text: w.Of("audit.tier_short", string(t.tier))}, Mark{Shape: Label, X: x + .4, Y: 89, Text: t.seed})
		f.Behind.Rows = append(f.Behind.Rows, []string{d.tier(t.tier), t.seed})
	}
	anchor := func(x float64) string {
		switch {
		case x < 12:
			return "start"
		case x > 88:
			return "end"
		}
		return "middle"
	}
	you := at(r.Sync.Mid)
	f.Marks = append(f.Marks, Mark{Shape: Rule, Class: "rb-ink-line", X: you, Y: 36, Height: 22}, Mark{Shape: Label, Class: "is-ink", X: you, Y: 30, Text: w.T("audit.you", "live", d.length(r.Sync.Mid)), Anchor: anchor(you)})
	f.Behind.Rows = append(f.Behind.Rows, []string{w.T("audit.you_now"), d.hours(r.Sync.Mid)})
	if len(r.Plan.Moves) > 0 {
		after := at(r.Plan.After.Mid)
		f.Marks = append(f.Marks, Mark{Shape: Dot, Class: "rb-open", X: after, Y: 50, Height: 5}, Mark{Shape: Label, Class: "is-pen", X: after, Y: 13, Text: w.T("audit.whole_plan"), Anchor: anchor(after)})
		f.Behind.Rows = append(f.Behind.Rows, []string{w.T("audit.whole_plan"), d.span(r.Plan.After)})
	}
	return f
}

// mix is what live time is for: the first bar of a report (A3).
func (d *draft) mix() *Figure {
	w, r := d.w, d.r
	if len(r.Mix) == 0 {
		return nil
	}
	f := &Figure{Kind: Bars, ID: "mix", Title: w.T("audit.mix"), Desc: w.T("audit.mix_desc"), Height: 26*len(r.Mix) + 4, Word: w.T("audit.as_table")}
	f.Behind = Table{Head: []string{w.T("audit.purpose"), w.T("audit.a_week")}, Numbers: []bool{false, true}}
	most := 0.0
	for _, s := range r.Mix {
		most = math.Max(most, s.Minutes)
	}
	for i, s := range r.Mix {
		name := w.Of("audit.for", string(s.Purpose))
		y := float64(26 * i)
		class := "rb-mid"
		if s.Purpose == audit.Information {
			class = "rb-pen"
		}
		f.Marks = append(f.Marks,
			Mark{Shape: Label, X: 0, Y: y + 17, Text: name},
			Mark{Shape: Box, Class: class, X: 34, Width: math.Max(.4, s.Minutes/most*42), Y: y + 5, Height: 16},
			Mark{Shape: Label, Class: "is-ink", X: 35 + s.Minutes/most*42, Y: y + 17, Text: d.length(s.Minutes)})
		f.Behind.Rows = append(f.Behind.Rows, []string{name, d.length(s.Minutes)})
	}
	f.Caption = w.T("audit.mix_caption")
	return f
}

// mostShown is how many series a table of costs lists.
const mostShown = 12

// costs is what the series take of everybody (A3.2).
func (d *draft) costs() {
	w, r := d.w, d.r
	_, known := d.personHours()
	t := &Table{Caption: w.T("audit.cost_caption"), Head: []string{w.T("audit.meeting"), w.T("audit.yours"), w.T("audit.people"), w.T("audit.person_hours"), w.T("audit.others_recovery")}, Numbers: []bool{false, true, true, true, true}}
	if r.Shared {
		t.Head[1] = w.T("audit.length")
	}
	for _, c := range r.Cost[:min(mostShown, len(r.Cost))] {
		row := []string{d.name(c.Key, c.Title), d.length(c.Hours * 60), "–", "–", "–"}
		if c.People > 0 {
			row[2], row[3] = w.Number(c.People), d.hours(c.PersonHours*60)
			if c.AtLeast {
				row[2] = w.T("audit.at_least", "n", c.People)
			}
			row[4] = w.T("audit.up_to", "time", d.hours(c.OthersRecovery*60))
		}
		if d.Names && len(c.Names) > 0 {
			row[0] += " (" + strings.Join(c.Names, ", ") + ")"
		}
		t.Rows = append(t.Rows, row)
	}
	var text string
	if hours, ok := d.personHours(); ok {
		text = d.atLeast(w.T("audit.cost_sum", "hours", d.hours(hours*60), "year", w.Number(int(math.Round(hours*46)))))
	}
	more := ""
	if n := len(r.Cost) - mostShown; n > 0 {
		more = w.N("audit.more_series", n)
	}
	unknown := ""
	if !known {
		unknown = w.T("audit.cost_unknown")
	}
	d.part("cost", w.T("audit.cost"), w.T("audit.cost_side"), para(text), para(unknown), t, quiet(more), quiet(w.T("audit.cost_note")))
}

func number(n int) string { return strconv.Itoa(n) }
