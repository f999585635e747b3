package report

import (
	"math"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
)

// move is a thing to do, as a sentence.
func (d *draft) move(m audit.Move) string {
	return d.w.Of("audit.move", number(int(m.Habit)), "title", d.about(m.Finding))
}

// gain is what a move gives back a week.
func (d *draft) gain(m audit.Move) string {
	if m.Minutes == 0 || m.Net.High == 0 {
		return d.w.T("audit.up_to", "time", d.length(m.Recovery))
	}
	return d.span(m.Net)
}

func risk(r float64) string {
	switch {
	case r <= .2+1e-9:
		return "low"
	case r <= .5+1e-9:
		return "medium"
	}
	return "high"
}

// trial is for how many days a move is tried (A9.6).
const trial = 30

// plan is what to change, the most worthwhile first (A9).
func (d *draft) plan() {
	w, p := d.w, d.r.Plan
	if len(p.Moves) == 0 {
		d.part("plan", w.T("audit.plan"), w.T("audit.plan_side"), para(w.T("audit.no_moves")))
		return
	}
	steps := &Steps{}
	for i, m := range d.inOrder() {
		steps.Items = append(steps.Items, d.step(i+1, m))
	}
	blocks := []piece{d.planMap(), steps}
	sum := w.T("audit.plan_sum", "net", d.span(p.Net), "removed", d.span(p.Removed))
	if !d.r.Shared {
		sum += " " + w.T("audit.plan_after", "live", d.hours(p.Live), "after", d.span(p.After), "tier", d.tier(audit.TierOf(int(p.After.Mid))))
	}
	blocks = append(blocks, para(sum))
	if p.AboveOthers {
		blocks = append(blocks, quiet(w.T("audit.above_others")))
	}
	blocks = append(blocks, quiet(w.T("audit.plan_note")+d.hint(w.T("audit.say_compare"))))
	d.part("plan", w.T("audit.plan"), w.T("audit.plan_side"), blocks...)
}

func (d *draft) step(number int, m audit.Move) Step {
	w := d.w
	s := Step{N: number, Title: d.move(m), Gain: d.gain(m), Risk: w.Of("audit.risk", risk(m.Risk)), When: w.T("audit.days_to", "from", m.Phase-29, "to", m.Phase)}
	s.Note = w.Of("audit.reach", string(m.Reach))
	if m.Minutes > 0 {
		s.Note += " " + w.T("audit.expect", "removed", d.hours(m.Removed.Mid), "half", d.hours(m.Removed.Low/2))
	}
	if !d.Share {
		s.Note += " " + w.T("audit.restore", "date", d.date(d.today().AddDays(trial)))
	}
	s.Copy = &Copy{Title: w.T("audit.ready_title"), Text: d.ready(m)}
	return s
}

func (d *draft) today() worktime.Date { return d.Clock.DateOf(d.Now) }

// ready is the text that a move begins with (A5).
func (d *draft) ready(m audit.Move) string {
	date := d.w.T("audit.in_days", "n", trial)
	if !d.Share {
		date = d.date(d.today().AddDays(trial))
	}
	return d.w.Of("audit.ready", number(int(m.Habit)), "title", d.about(m.Finding), "date", date, "minutes", d.w.Minutes(m.Minutes))
}

// planMap draws the moves by what they give back and their risk.
func (d *draft) planMap() *Figure {
	w, moves := d.w, d.inOrder()
	most := 60.0
	for _, m := range moves {
		most = math.Max(most, worth(m))
	}
	most = math.Ceil(most/60) * 60
	f := &Figure{Kind: PlanMap, ID: "plan-map", Title: w.T("audit.map_title"), Height: 264, Caption: w.T("audit.map_caption"), Word: w.T("audit.as_table")}
	f.Behind = Table{Head: []string{w.T("audit.step"), w.T("audit.gives"), w.T("audit.risk_head"), w.T("audit.priority")}, Numbers: []bool{false, true, false, true}}
	row := map[string]float64{"low": 54, "medium": 130, "high": 206}
	for _, level := range []string{"low", "medium", "high"} {
		f.Marks = append(f.Marks, Mark{Shape: Rule, Class: "rb-staff", X: 0, Width: 100, Y: row[level]}, Mark{Shape: Label, X: 0, Y: row[level] - 26, Text: w.Of("audit.risk", level)})
	}
	ticks := most / 60
	step := math.Max(1, math.Ceil(ticks/7))
	for h := 0.0; h <= ticks; h += step {
		anchor := "middle"
		switch {
		case h == 0:
			anchor = "start"
		case h+step > ticks:
			anchor = "end"
		}
		f.Marks = append(f.Marks, Mark{Shape: Rule, Class: "rb-tick", X: h / ticks * 100, Y: 232, Height: 6}, Mark{Shape: Label, X: h / ticks * 100, Y: 256, Text: w.T("audit.h", "n", number(int(h))), Anchor: anchor})
	}
	taken := make(map[[2]int]int) // how many stand at a place already
	for i, m := range moves {
		f.Behind.Rows = append(f.Behind.Rows, []string{number(i+1) + " " + d.move(m), d.gain(m), w.Of("audit.risk", risk(m.Risk)), w.T("audit.decimals", "whole", int(m.Priority), "rest", twoDigits(m.Priority))})
		if i >= 20 {
			continue
		}
		level := risk(m.Risk)
		x := math.Min(97, math.Max(3, worth(m)/most*100))
		place := [2]int{int(x / 4), int(row[level])}
		shift := []float64{0, -16, 16, -28, 28}[min(4, taken[place])]
		taken[place]++
		f.Marks = append(f.Marks, Mark{Shape: Dot, Class: "rb-note", X: x, Y: row[level] + shift, Height: 13}, Mark{Shape: Label, Class: "on", X: x, Y: row[level] + shift + 5, Text: number(i + 1), Anchor: "middle"})
	}
	return f
}

// worth is what a move gives back in minutes a week.
func worth(m audit.Move) float64 {
	if m.Minutes == 0 {
		return m.Recovery
	}
	return m.Net.Mid
}

// inOrder are the moves as they are numbered: by their month, then as they are.
func (d *draft) inOrder() (out []audit.Move) {
	for _, phase := range []int{30, 60, 90} {
		for _, m := range d.r.Plan.Moves {
			if m.Phase == phase {
				out = append(out, m)
			}
		}
	}
	return out
}

func twoDigits(v float64) string {
	n := int(math.Round(v*100)) % 100
	if n < 10 {
		return "0" + number(n)
	}
	return number(n)
}

// stays is what the plan leaves alone, and why (A9.1).
func (d *draft) stays() {
	w := d.w
	t := &Table{Caption: w.T("audit.stays_caption"), Head: []string{w.T("audit.meeting"), w.T("audit.a_week"), w.T("audit.why")}, Numbers: []bool{false, true, false}}
	for _, k := range d.r.Plan.Kept[:min(20, len(d.r.Plan.Kept))] {
		t.Rows = append(t.Rows, []string{d.name(k.Key, k.Title), d.length(k.PerWeek * float64(k.Minutes)), w.Of("audit.stays_for", string(k.Reason))})
	}
	d.part("stays", w.T("audit.stays"), w.T("audit.stays_side"), t)
}
