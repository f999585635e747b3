package report

import (
	"math"
	"time"

	"github.com/rubato-hq/rubato/core/audit"
)

// Gate puts together what a meeting costs, the question, and a reply (R17).
func Gate(g audit.Gate, about About) *Paper {
	d := &draft{About: about, w: about.Words, r: &audit.Report{}, named: make(map[string]string)}
	w, loc := d.w, d.Clock.ZoneOn(d.Clock.DateOf(g.Start))
	title := g.Title
	if title == "" {
		title = w.T("audit.private")
	}
	d.paper = Paper{Lang: w.Lang(), Title: title, Crumb: w.T("gate.crumb"), Head: title, Aside: w.T("gate.aside")}
	d.paper.Lead = plain(w.T("gate.when", "when", w.DayTime(g.Start.Time(), loc, d.Now.Time()), "until", w.Clock(g.End.Time(), loc), "zone", loc.String()))
	cost := &Table{Head: []string{w.T("gate.cost"), w.T("gate.amount")}, Numbers: []bool{false, true}}
	add := func(name, value string) { cost.Rows = append(cost.Rows, []string{name, value}) }
	if g.People > 0 {
		people := w.Number(g.People)
		if g.AtLeast {
			people = w.T("audit.at_least", "n", g.People)
		}
		add(w.T("gate.person_hours", "people", people, "minutes", w.Minutes(g.Minutes)), d.hours(g.PersonHours*60))
		add(w.T("gate.recovery"), w.T("audit.up_to", "time", d.hours(g.Recovery*60)))
		if g.PerWeek > 0 {
			add(w.T("gate.year"), w.T("audit.h", "n", w.Number(int(math.Round(g.PersonHours*g.PerWeek*46)))))
		}
	} else {
		add(w.T("gate.yours"), w.Minutes(g.Minutes))
		add(w.T("gate.your_recovery"), w.T("audit.up_to", "time", d.recoveryLength()))
	}
	if d.Files > 1 || g.Focus != g.FocusLeft {
		add(w.T("gate.focus"), w.T("gate.focus_left", "before", d.length(float64(g.Focus)), "after", d.length(float64(g.FocusLeft))))
	}
	if g.Outside > 0 {
		add(w.T("gate.outside"), d.length(float64(g.Outside)))
	}
	form := gateForm(g)
	looks := ""
	if len(g.Habits) > 0 && g.Stays == "" {
		looks = w.T("gate.looks", "habit", d.habitName(g.Habits[0].Habit), "because", d.reasons(g.Habits[0]))
	}
	agenda := ""
	if !g.Agenda && g.Stays == "" {
		agenda = w.T("gate.no_agenda")
	}
	d.part("cost", w.T("gate.cost_title"), "", cost, para(looks), para(agenda))
	if g.Stays == audit.Clients {
		d.part("ask", w.T("gate.question"), "", para(w.T("gate.clients")))
		return &d.paper
	}
	reasons := &Table{Head: []string{w.T("gate.answer"), w.T("gate.then")}, Numbers: []bool{false, false}}
	reasons.Rows = append(reasons.Rows, []string{w.T("gate.no"), w.Of("gate.instead", form)})
	for _, r := range []string{"disagreement", "trust", "sensitive", "ambiguity"} {
		reasons.Rows = append(reasons.Rows, []string{w.Of("gate.reason", r), w.Of("gate.needs", r)})
	}
	stays := ""
	if g.Stays != "" {
		stays = w.T("gate.stays", "reason", w.Of("audit.stays_for", string(g.Stays)))
	}
	d.part("ask", w.T("gate.question"), "", para(stays), reasons)
	who := "reply"
	if g.Mine {
		who = "own"
	}
	d.part("reply", w.Of("gate.text_title", who), "", &Copy{Title: w.T("gate.copy"), Text: d.gateText(g, title)})
	return &d.paper
}

// gateForm is the written form that a meeting would have.
func gateForm(g audit.Gate) string {
	switch {
	case g.Stays != "":
		return "stays"
	case len(g.Habits) == 0:
		return "open"
	}
	switch g.Habits[0].Habit {
	case audit.StatusMeeting:
		return "update"
	case audit.QuickCall:
		return "ask"
	case audit.LiveDecision:
		return "decision"
	case audit.LiveBrainstorm:
		return "ideas"
	case audit.JustInCase:
		return "checkin"
	case audit.AlwaysOn, audit.ReplyASAP: // no meeting shows these
	}
	return "open"
}

// gateText is a reply to an invitation, or what takes the place of one's own.
func (d *draft) gateText(g audit.Gate, title string) string {
	if g.Mine {
		return d.w.Of("gate.own", gateForm(g), "title", title, "minutes", d.w.Minutes(g.Minutes))
	}
	return d.w.Of("gate.reply", gateForm(g), "title", title, "minutes", d.w.Minutes(g.Minutes))
}

// GateData is a meeting at the gate as JSON.
type GateData struct {
	Title             string   `json:"title,omitempty"`
	Start             string   `json:"start"`
	End               string   `json:"end"`
	Minutes           int      `json:"minutes"`
	People            int      `json:"people"`
	PeopleAtLeast     bool     `json:"people_at_least"`
	PersonHours       float64  `json:"person_hours"`
	RecoveryUpToHours float64  `json:"recovery_up_to_hours"`
	PerWeek           float64  `json:"per_week"`
	FocusMinutes      int      `json:"focus_minutes"`
	FocusMinutesLeft  int      `json:"focus_minutes_left"`
	OutsideMinutes    int      `json:"outside_minutes"`
	Stays             string   `json:"stays,omitempty"`
	Habits            []string `json:"habits"`
	Form              string   `json:"form"`
	Text              string   `json:"text"`
}

// GateOf makes the JSON form.
func GateOf(g audit.Gate, about About) GateData {
	d := &draft{About: about, w: about.Words}
	title := g.Title
	if title == "" {
		title = d.w.T("audit.private")
	}
	out := GateData{
		g.Title, g.Start.Time().Format(time.RFC3339), g.End.Time().Format(time.RFC3339), g.Minutes, g.People, g.AtLeast, hundredths(g.PersonHours), hundredths(g.Recovery), hundredths(g.PerWeek),
		g.Focus, g.FocusLeft, g.Outside, string(g.Stays),
		[]string{},
		gateForm(g), d.gateText(g, title),
	}
	for _, h := range g.Habits {
		out.Habits = append(out.Habits, d.habitName(h.Habit))
	}
	return out
}
