package report

import (
	"math"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
)

// Assumed is what a replay was told.
type Assumed struct {
	Hours, Windows, Focus string
	Zones                 int // that people have of their own
	Charters              int // that were given
	Everything            bool
	LeftOut, Unread       int
}

// fewest is how many people a figure has to stand for (A12.3).
const fewest = 5

// Replay puts both worlds side by side.
func Replay(r *audit.Replay, a Assumed, about About) *Paper {
	d := &draft{About: about, w: about.Words, r: &audit.Report{}}
	w := d.w
	from, to := worktime.DateFrom(r.From.Time().Date()), worktime.DateFrom(r.To.Time().Date())
	d.paper = Paper{Lang: w.Lang(), Title: w.T("replay.title"), Crumb: w.T("replay.crumb", "from", d.date(from), "to", d.date(to)), Aside: w.T("replay.aside")}
	p := &d.paper
	if r.People < fewest {
		p.Head = w.T("replay.too_few", "n", r.People)
		p.Lead = plain(w.T("replay.few_lead"))
		d.counts(r, a)
		return p
	}
	p.Head = w.T("replay.head", "was", d.tenth(r.Was.PerDay), "would", d.tenth(r.Would.PerDay))
	if r.Was.PerDay == 0 {
		p.Head = w.T("replay.head_all", "was", r.Was.Interruptions, "would", r.Would.Interruptions)
	}
	p.Lead = bold(w.Parts("replay.lead"), "half", d.wait(audit.Quantile(r.Delays, .5)), "most", d.wait(audit.Quantile(r.Delays, .9)))
	back := Run{Text: w.T("replay.no_focus") + " "}
	if more := r.Would.FocusSeconds - r.Was.FocusSeconds; r.Days > 0 && more*5/int64(r.Days) >= 60 {
		back.Text = w.T("replay.focus_back", "focus", d.perPerson(more, r)) + " "
	}
	p.Lead = append(Rich{back}, p.Lead...)

	t := &Table{Caption: w.T("replay.worlds_caption"), Head: []string{w.T("audit.measure"), w.T("replay.was"), w.T("replay.would")}, Numbers: []bool{false, true, true}}
	add := func(name, was, would string) { t.Rows = append(t.Rows, []string{name, was, would}) }
	n := func(a, b int) (string, string) { return w.Number(a), w.Number(b) }
	was, would := n(r.Was.Interruptions, r.Would.Interruptions)
	add(w.T("replay.interruptions"), was, would)
	add(w.T("replay.per_day"), d.tenth(r.Was.PerDay), d.tenth(r.Would.PerDay))
	for _, row := range []struct {
		name string
		a, b int
	}{
		{w.T("replay.in_focus"), r.Was.InFocus, r.Would.InFocus},
		{w.T("replay.in_hours"), r.Was.InHours, r.Would.InHours},
		{w.T("replay.evenings"), r.Was.Evenings, r.Would.Evenings},
		{w.T("replay.nights"), r.Was.Nights, r.Would.Nights},
		{w.T("replay.days_off"), r.Was.DaysOff, r.Would.DaysOff},
	} {
		was, would := n(row.a, row.b)
		add(row.name, was, would)
	}
	add(w.T("replay.focus"), d.perPerson(r.Was.FocusSeconds, r), d.perPerson(r.Would.FocusSeconds, r))
	add(w.T("replay.recovery"), w.T("audit.up_to", "time", d.perPerson(r.Was.RecoverySeconds, r)), w.T("audit.up_to", "time", d.perPerson(r.Would.RecoverySeconds, r)))
	add(w.T("replay.briefs"), "–", w.Number(r.Briefs))
	if r.Days > 0 {
		add(w.T("replay.briefs_day"), "–", d.tenth(10*r.Briefs/r.Days))
	}
	add(w.T("replay.lines"), "–", w.Number(r.Lines))
	d.part("worlds", w.T("replay.worlds"), w.T("replay.worlds_side"), t)

	wait := &Table{Caption: w.T("replay.waits_caption"), Head: []string{w.T("replay.share"), w.T("replay.clock"), w.T("replay.work")}, Numbers: []bool{false, true, true}}
	for _, q := range []float64{.25, .5, .75, .9, .99} {
		wait.Rows = append(wait.Rows, []string{w.T("audit.percent", "n", int(math.Round(q*100))), d.wait(audit.Quantile(r.Delays, q)), d.wait(audit.Quantile(r.WorkDelays, q))})
	}
	d.part("waits", w.T("replay.waits"), w.T("replay.waits_side"), wait, quiet(w.T("replay.waits_note")))

	class := &Table{Head: []string{w.T("replay.class"), w.T("audit.how_many"), w.T("replay.share")}, Numbers: []bool{false, true, true}}
	for _, row := range []struct {
		name string
		n    int
	}{{w.T("replay.asks"), r.Asks}, {w.T("replay.urgent"), r.Urgent}, {w.T("replay.crises"), r.Crises}} {
		share := 0.0
		if r.Directed > 0 {
			share = float64(row.n) * 100 / float64(r.Directed)
		}
		text := w.T("audit.percent", "n", int(math.Round(share)))
		if row.n > 0 && share < .5 {
			text = w.T("replay.under_one")
		}
		class.Rows = append(class.Rows, []string{row.name, w.Number(row.n), text})
	}
	d.part("classes", w.T("replay.classes"), w.T("replay.classes_side"), class, quiet(w.T("replay.rules")))
	d.counts(r, a)
	for _, row := range t.Rows[:8] {
		p.Summary = append(p.Summary, Row{row[0], plain(w.T("replay.against", "was", row[1], "would", row[2]))})
	}
	return p
}

// counts are what was read, and what was assumed.
func (d *draft) counts(r *audit.Replay, a Assumed) {
	w := d.w
	t := &Table{Head: []string{w.T("replay.read"), w.T("audit.how_many")}, Numbers: []bool{false, true}}
	for _, row := range []struct {
		name string
		n    int
	}{
		{w.T("replay.messages"), r.Messages}, {w.T("replay.directed"), r.Directed}, {w.T("replay.people"), r.People}, {w.T("replay.days"), r.Days}, {w.T("replay.left_out"), a.LeftOut}, {w.T("replay.unread"), a.Unread},
	} {
		t.Rows = append(t.Rows, []string{row.name, w.Number(row.n)})
	}
	reach := w.T("replay.named")
	if a.Everything {
		reach = w.T("replay.everything")
	}
	d.part("assumed", w.T("replay.assumed"), w.T("replay.assumed_side"),
		para(w.T("replay.charter", "hours", a.Hours, "windows", w.List(strings.Fields(a.Windows)), "focus", a.Focus)),
		para(w.T("replay.zones", "zones", a.Zones, "charters", a.Charters)), para(reach), para(w.T("replay.recovers", "recovery", d.recoveryLength())), t)
}

// tenth writes tenths.
func (d *draft) tenth(n int) string { return d.w.T("audit.tenths", "whole", n/10, "tenth", n%10) }

// perPerson is seconds over all as a time for a person and five working days.
func (d *draft) perPerson(seconds int64, r *audit.Replay) string {
	if r.Days == 0 {
		return "–"
	}
	return d.length(float64(seconds) / 60 / float64(r.Days) * 5)
}

// wait writes a delay, in days from two on.
func (d *draft) wait(seconds int64) string {
	if day := int64(24 * time.Hour / time.Second); seconds >= 2*day {
		return d.w.N("replay.n_days", int(seconds/day))
	}
	return d.w.Length(seconds)
}

// ReplayData is a replay as JSON. Times are seconds unless a field says otherwise.
type ReplayData struct {
	From       string           `json:"from"`
	To         string           `json:"to"`
	Messages   int              `json:"messages"`
	Directed   int              `json:"directed"`
	LeftOut    int              `json:"left_out"`
	Unread     int              `json:"unread"`
	People     int              `json:"people"`
	Days       int              `json:"working_days"`
	Was        *WorldData       `json:"as_it_was,omitempty"`
	Would      *WorldData       `json:"with_windows,omitempty"`
	Briefs     int              `json:"briefs"`
	Lines      int              `json:"lines"`
	Asks       int              `json:"asks"`
	Urgent     int              `json:"urgent"`
	Crises     int              `json:"crises"`
	Delays     map[string]int64 `json:"delays"`
	WorkDelays map[string]int64 `json:"delays_in_working_time"`
	Assumed    AssumedData      `json:"assumed"`
}

// WorldData is one world.
type WorldData struct {
	Interruptions   int     `json:"interruptions"`
	PerDay          float64 `json:"per_person_and_day_median"`
	InFocus         int     `json:"in_focus"`
	InHours         int     `json:"in_hours"`
	Evenings        int     `json:"evenings"`
	Nights          int     `json:"nights"`
	DaysOff         int     `json:"days_off"`
	FocusSeconds    int64   `json:"focus"`
	RecoverySeconds int64   `json:"recovery_up_to"`
}

// AssumedData is what a replay was told.
type AssumedData struct {
	Hours      string `json:"hours"`
	Windows    string `json:"windows"`
	Focus      string `json:"focus"`
	Charters   int    `json:"charters"`
	Everything bool   `json:"everything"`
}

// ReplayOf makes the JSON form; without five people it counts and says nothing of
// them (A12.3).
func ReplayOf(r *audit.Replay, a Assumed) ReplayData {
	out := ReplayData{
		From: r.From.String(), To: r.To.String(), Messages: r.Messages, Directed: r.Directed, LeftOut: a.LeftOut, Unread: a.Unread, People: r.People, Days: r.Days,
		Briefs: r.Briefs, Lines: r.Lines, Asks: r.Asks, Urgent: r.Urgent, Crises: r.Crises,
		Delays: make(map[string]int64), WorkDelays: make(map[string]int64), Assumed: AssumedData{a.Hours, a.Windows, a.Focus, a.Charters, a.Everything},
	}
	if r.People < fewest {
		return out
	}
	world := func(w audit.World) *WorldData {
		return &WorldData{w.Interruptions, float64(w.PerDay) / 10, w.InFocus, w.InHours, w.Evenings, w.Nights, w.DaysOff, w.FocusSeconds, w.RecoverySeconds}
	}
	out.Was, out.Would = world(r.Was), world(r.Would)
	for name, q := range map[string]float64{"p25": .25, "p50": .5, "p75": .75, "p90": .9, "p99": .99} {
		out.Delays[name], out.WorkDelays[name] = audit.Quantile(r.Delays, q), audit.Quantile(r.WorkDelays, q)
	}
	return out
}
