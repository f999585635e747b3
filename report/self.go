package report

import (
	"slices"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/words"
)

// self is the self-audit with what the data say of it (A8).
func (d *draft) self() {
	w, r := d.w, d.r
	if len(r.Questions) == 0 {
		return
	}
	t := &Table{Caption: w.T("audit.self_caption"), Head: []string{w.T("audit.question"), w.T("audit.answer"), w.T("audit.then")}, Numbers: []bool{false, false, false}}
	for _, q := range r.Questions {
		var answer string
		switch {
		case q.Told && q.Yes:
			answer = w.T("audit.yes")
		case q.Told:
			answer = w.T("audit.no")
		case q.Answer == "yes":
			answer = w.N("audit.data_yes", max(1, len(q.Evidence)))
		case q.Answer == "hint":
			answer = w.T("audit.data_hint")
		default:
			answer = w.T("audit.only_you")
		}
		t.Rows = append(t.Rows, []string{w.Of("audit.self_q", number(q.N)), answer, d.habitName(q.Habit)})
	}
	least, most := r.Score()
	text := Scored(w, least, most)
	side := w.T("audit.self_side")
	blocks := []piece{t, para(text), quiet(d.local(w.T("audit.self_how")))}
	if len(d.Scores) > 0 && !d.Share {
		past := &Table{Caption: w.T("audit.scores"), Head: []string{w.T("audit.on"), w.T("audit.yes_of_six")}, Numbers: []bool{false, true}}
		for _, s := range d.Scores[max(0, len(d.Scores)-12):] {
			past.Rows = append(past.Rows, []string{d.date(s.On), number(s.Yes)})
		}
		blocks = append(blocks, past)
	}
	d.part("self", w.T("audit.self"), side, blocks...)
}

// Scored says what so many yes to the six questions mean, at least and at most
// (A8.1).
func Scored(w *words.Words, least, most int) string {
	switch {
	case audit.Taxed(least):
		return w.T("audit.score_taxed", "n", least)
	case least == most:
		return w.T("audit.score_keep", "n", least)
	}
	return w.T("audit.score_range", "least", least, "most", most)
}

// archetype is what kind of work the weeks look like, and what does not fit (A7).
func (d *draft) archetype() {
	w, r := d.w, d.r
	if r.Shared {
		return
	}
	var says string
	first := d.Stated
	switch {
	case d.Stated != "":
		says = w.T("audit.you_are", "archetype", d.arch(d.Stated))
	case r.Inference.Confidence > 0:
		first = r.Inference.First()
		says = w.T("audit.are_you", "archetype", d.arch(first), "n", int(r.Inference.Confidence*100))
	default:
		says = w.Of("audit.unclear", r.Inference.Unclear)
	}
	t := &Table{Caption: w.T("audit.matrix"), Head: []string{w.T("audit.archetype"), w.T("audit.tax"), w.T("audit.leverage"), w.T("audit.where_to_start")}, Numbers: []bool{false, false, false, false}}
	for _, m := range audit.Matrix() {
		name := d.arch(m.Archetype)
		if m.Archetype == first {
			name = w.T("audit.this_is_you", "archetype", name)
		}
		t.Rows = append(t.Rows, []string{name, w.Of("audit.tax_of", string(m.Archetype)), w.Of("audit.leverage_of", string(m.Archetype)), w.Of("audit.start_of", string(m.Archetype))})
	}
	if d.Stated == "" {
		says += d.hint(w.T("audit.say_archetype"))
	}
	blocks := []piece{para(says)}
	for _, m := range r.Mismatches {
		blocks = append(blocks, para(d.mismatch(m)))
	}
	blocks = append(blocks, t, quiet(w.T("audit.matrix_note")))
	d.part("archetype", w.T("audit.archetype"), w.T("audit.archetype_side"), blocks...)
}

func (d *draft) arch(a charter.Archetype) string { return d.w.Of("archetype", string(a)) }

// evidence is what studies say, as comparison (A11).
func (d *draft) evidence() {
	w := d.w
	t := &Table{Caption: w.T("audit.evidence_caption"), Head: []string{w.T("audit.says"), w.T("audit.source")}, Numbers: []bool{false, false}}
	for _, e := range audit.Evidence() {
		t.Rows = append(t.Rows, []string{w.Of("audit.evidence", e), w.Of("audit.evidence_by", e)})
	}
	d.part("evidence", w.T("audit.evidence_title"), w.T("audit.evidence_side"), t)
}

// method is how it was counted, what is missing and what could not be read.
func (d *draft) method() {
	w, r := d.w, d.r
	blocks := []piece{para(w.T("audit.method", "hours", d.Hours, "zone", d.zone(), "recovery", d.recoveryLength()))}
	for _, m := range r.Missing {
		text := w.Of("audit.missing", m.What)
		if m.What == "me" || m.What == "chat-me" {
			text += d.hint(w.T("audit.say_me"))
		}
		blocks = append(blocks, para(text))
	}
	if d.Guess && !d.Share {
		blocks = append(blocks, quiet(d.local(w.T("audit.guessed"))))
	}
	if d.Files == 0 {
		d.part("method", w.T("audit.method_title"), w.T("audit.method_side"), blocks...)
		return
	}
	if !r.Shared {
		blocks = append(blocks, quiet(w.T("audit.lower_bound")+d.hint(w.T("audit.say_unscheduled"))))
	}
	not := &Table{Caption: w.T("audit.counted", "instances", r.Counted.Instances, "meetings", r.Counted.Meetings), Head: []string{w.T("audit.not_counted"), w.T("audit.how_many")}, Numbers: []bool{false, true}}
	for _, why := range []audit.Why{audit.IsOff, audit.IsLong, audit.IsEmpty, audit.IsFree, audit.IsDeclined, audit.IsHold} {
		if n := r.Counted.Not[why]; n > 0 {
			not.Rows = append(not.Rows, []string{w.Of("audit.not", string(why)), w.Number(n)})
		}
	}
	if r.Counted.Unknown > 0 {
		not.Rows = append(not.Rows, []string{w.T("audit.unknown_people"), w.Number(r.Counted.Unknown)})
	}
	if len(not.Rows) == 0 {
		blocks = append(blocks, quiet(not.Caption))
	}
	blocks = append(blocks, not)
	if d.Faulty > 0 {
		t := &Table{Caption: w.N("audit.faulty", d.Faulty), Head: []string{w.T("audit.line"), w.T("audit.what")}, Numbers: []bool{true, false}}
		for _, f := range d.Faults[:min(20, len(d.Faults))] {
			where := number(f.Line)
			if d.Files > 1 && !d.Share {
				where = f.File + ":" + where
			}
			what := w.Of("audit.fault", f.Code)
			if !d.Share && d.Titles && f.Text != "" {
				what += ": " + f.Text
			}
			t.Rows = append(t.Rows, []string{where, what})
		}
		blocks = append(blocks, t)
	}
	d.part("method", w.T("audit.method_title"), w.T("audit.method_side"), blocks...)
}

func (d *draft) zone() string {
	if d.Share {
		return d.w.T("audit.own_zone")
	}
	return d.Clock.ZoneOn(d.today()).String()
}

// compare shows what changed since an earlier report (A9.6).
func (d *draft) compare() {
	w := d.w
	if d.Before == nil {
		return
	}
	b, now := d.Before, Figures(d.r, d.About)
	t := &Table{Head: []string{w.T("audit.measure"), w.T("audit.before"), w.T("audit.now"), w.T("audit.change")}, Numbers: []bool{false, true, true, true}}
	add := func(name string, before, after float64) {
		change := w.T("audit.same")
		switch diff := after - before; {
		case diff >= .5:
			change = w.T("audit.more", "time", d.length(diff))
		case diff <= -.5:
			change = w.T("audit.less", "time", d.length(-diff))
		}
		t.Rows = append(t.Rows, []string{name, d.length(before), d.length(after), change})
	}
	add(w.T("audit.live"), b.Sync.Minutes.Mid, now.Sync.Minutes.Mid)
	add(w.T("audit.m_focus"), b.Focus.Minutes, now.Focus.Minutes)
	add(w.T("audit.m_fragmented"), b.Focus.FragmentMinutes, now.Focus.FragmentMinutes)
	add(w.T("audit.m_recovery"), b.Recovery.UpToMinutes, now.Recovery.UpToMinutes)
	add(w.T("audit.m_outside"), b.OutsideMinutes, now.OutsideMinutes)
	add(w.T("audit.m_early"), b.EarlyLateMinutes, now.EarlyLateMinutes)
	blocks := []piece{t}
	if b.WorkingTime != now.WorkingTime || b.Recovery.Seconds != now.Recovery.Seconds {
		blocks = append(blocks, para(w.T("audit.other_terms")))
	}
	moves := &Table{Caption: w.T("audit.moves_since"), Head: []string{w.T("audit.meeting"), w.T("audit.expected"), w.T("audit.measured"), w.T("audit.verdict")}, Numbers: []bool{false, true, true, false}}
	for _, m := range b.Plan.Moves {
		if m.Series == "" {
			continue
		}
		after := 0.0
		if i := slices.IndexFunc(now.Series, func(s SeriesData) bool { return s.Key == m.Series }); i >= 0 {
			after = now.Series[i].HoursAWeek * 60
		}
		fell := m.LiveMinutes - after
		verdict := w.T("audit.adjust")
		if fell >= m.RemovedMinutes.Low/2 {
			verdict = w.T("audit.keep")
		}
		name := m.Title
		if name == "" || !d.Titles {
			name = d.name(m.Series, "")
			if d.Titles {
				name = w.T("audit.private")
			}
		}
		measured := w.T("audit.same")
		switch {
		case fell >= .5:
			measured = w.T("audit.less", "time", d.length(fell))
		case fell <= -.5:
			measured = w.T("audit.more", "time", d.length(-fell))
		}
		moves.Rows = append(moves.Rows, []string{name, w.T("audit.less", "time", d.span(audit.Range(m.RemovedMinutes))), measured, verdict})
	}
	side := w.T("audit.compare_other")
	if b.Made != "" {
		side = w.T("audit.compare_side", "date", b.Made)
	}
	d.part("compare", w.T("audit.compare"), side, append(blocks, moves)...)
}
