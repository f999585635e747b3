package report

import (
	"math"
	"strings"

	"github.com/rubato-hq/rubato/core/audit"
)

func (d *draft) habitName(h audit.Habit) string { return d.w.Of("audit.habit", number(int(h))) }

// habit is how many minutes a week a habit takes where it is found, and in how
// many series.
func (d *draft) habit(h audit.Habit) (minutes float64, series int) {
	for _, f := range d.r.Findings {
		if f.Habit == h && f.Primary && f.Found() {
			minutes += f.PerWeek * float64(f.Minutes)
			series++
		}
	}
	return minutes, series
}

func (d *draft) recovery(h audit.Habit) (minutes float64) {
	for _, f := range d.r.Findings {
		if f.Habit == h && f.Primary && f.Found() {
			minutes += f.PerWeek * f.Recovery / 60
		}
	}
	return minutes
}

// habits are the seven, what each costs, and by what it was found (A5).
func (d *draft) habits() {
	w, r := d.w, d.r
	seven := &Table{Caption: w.T("audit.habits_caption"), Head: []string{w.T("audit.habit_name"), w.T("audit.live"), w.T("audit.recovery"), w.T("audit.really_head"), w.T("audit.instead_head")}, Numbers: []bool{false, true, true, false, false}}
	for h := audit.StatusMeeting; h <= audit.JustInCase; h++ {
		row := []string{d.habitName(h), "–", "–", w.Of("audit.really", number(int(h))), w.Of("audit.instead", number(int(h)))}
		if minutes, n := d.habit(h); n > 0 {
			row[1], row[2] = d.length(minutes), w.T("audit.up_to", "time", d.length(d.recovery(h)))
		} else if (h == audit.AlwaysOn || h == audit.ReplyASAP) && r.Chat == nil {
			row[1] = w.T("audit.needs_chat")
		}
		seven.Rows = append(seven.Rows, row)
	}
	found := &Table{Wide: true, Caption: w.T("audit.found_caption"), Head: []string{w.T("audit.meeting"), w.T("audit.habit_name"), w.T("audit.a_week"), w.T("audit.because"), w.T("audit.sure"), w.T("audit.not_so")}, Numbers: []bool{false, false, true, false, true, false}}
	possible := &Table{Wide: true, Caption: w.T("audit.possible_caption"), Head: []string{w.T("audit.meeting"), w.T("audit.question"), w.T("audit.because"), w.T("audit.sure"), w.T("audit.not_so")}, Numbers: []bool{false, false, false, true, false}}
	n := 0
	for _, f := range r.Findings {
		name, sure := d.about(f), w.T("audit.percent", "n", int(math.Round(f.Confidence*100)))
		switch {
		case f.Found() && f.Primary:
			if n++; n <= 40 {
				found.Rows = append(found.Rows, []string{name, d.habitName(f.Habit), d.length(f.PerWeek * float64(f.Minutes)), d.reasons(f), sure, f.Key})
			}
		case f.Possible() && f.Primary && len(possible.Rows) < 20:
			possible.Rows = append(possible.Rows, []string{name, w.Of("audit.ask", number(int(f.Habit))), d.reasons(f), sure, f.Key})
		}
	}
	if d.OnServer { // where nobody gives it to a flag
		for _, t := range []*Table{found, possible} {
			t.Head = t.Head[:len(t.Head)-1]
			for i, row := range t.Rows {
				t.Rows[i] = row[:len(row)-1]
			}
		}
	}
	decisions := ""
	switch {
	case r.PerDecision > 0:
		decisions = w.T("audit.per_decision", "time", d.length(r.PerDecision))
	case r.Deciding > 0:
		decisions = w.T("audit.decisions", "time", d.length(r.Deciding)) + d.hint(w.T("audit.say_decisions"))
	}
	none := ""
	if n == 0 {
		none = w.T("audit.none_found")
	}
	side := w.T("audit.habits_side")
	if r.Shared {
		side = w.T("audit.if_attended")
	}
	d.part("habits", w.T("audit.habits"), side, seven, para(none), found, possible, para(decisions), quiet(d.local(w.T("audit.not_so_how"))))
}

// about is what a finding is in.
func (d *draft) about(f audit.Finding) string {
	if f.Chat {
		return d.w.T("audit.in_chat")
	}
	return d.name(f.SeriesKey(), f.Title)
}

// reasons are the signs in words, the weightiest first.
func (d *draft) reasons(f audit.Finding) string {
	var out []string
	for _, p := range f.Points {
		out = append(out, d.w.Of("audit.sign", p.Code, "n", p.N, "of", p.Of))
	}
	return strings.Join(out, ", ")
}

// talk is what a chat export says (A5.3).
func (d *draft) talk() {
	w, f := d.w, d.r.Chat
	if f == nil {
		return
	}
	t := &Table{Head: []string{w.T("audit.measure"), w.T("audit.value")}, Numbers: []bool{false, true}}
	add := func(name, value string) { t.Rows = append(t.Rows, []string{name, value}) }
	if !f.Group {
		add(w.T("audit.chat_own"), w.Number(f.Own))
		add(w.T("audit.chat_sessions"), w.T("audit.tenths", "whole", f.Sessions/10, "tenth", f.Sessions%10))
		if f.Answers > 0 {
			add(w.T("audit.chat_answer"), w.Minutes(f.AnswerMinutes))
		}
		add(w.T("audit.chat_episodes"), w.Number(f.Episodes))
		add(w.T("audit.chat_outside"), w.Number(f.OutsideDays))
		if f.OfMeetings > 0 {
			add(w.T("audit.chat_meetings"), w.T("audit.n_of", "n", f.InMeetings, "of", f.OfMeetings))
		}
	}
	add(w.T("audit.chat_asks"), w.Number(f.Asks))
	add(w.T("audit.chat_hurried"), w.T("audit.n_of", "n", f.Hurried, "of", f.Asks))
	add(w.T("audit.chat_nudges"), w.Number(f.Nudges))
	add(w.T("audit.chat_calls"), w.Number(f.QuickCalls+f.Loose))
	add(w.T("audit.chat_huddles"), w.Number(f.Huddles))
	if f.Asks > 0 && f.DirectAsks > 0 {
		add(w.T("audit.chat_direct"), w.T("audit.n_of", "n", f.DirectAsks, "of", f.Asks))
	}
	side := w.T("audit.chat_side")
	if f.Group {
		side = w.T("audit.chat_group")
	}
	d.part("chat", w.T("audit.chat"), side, t, quiet(w.T("audit.chat_note")))
}
