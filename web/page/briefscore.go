package page

import (
	"time"
)

// nightTicks are the midnights and mornings of an absence.
func nightTicks(a Axis, f Frame) []tick {
	loc := f.loc()
	from := a.From.In(loc)
	step := 4
	if a.To.Sub(a.From) > 36*time.Hour {
		step = 24
	}
	var out []tick
	for h := 0; ; h += step {
		t := time.Date(from.Year(), from.Month(), from.Day(), h, 0, 0, 0, loc)
		if t.After(a.To) {
			return out
		}
		p := a.part(t)
		if t.Before(a.From) || p < 0.12 || p > 0.88 || len(out) > 0 && p-a.part(out[len(out)-1].at) < 0.13 {
			continue
		}
		switch {
		case t.In(loc).Hour() == 0 && step == 24:
			out = append(out, tick{at: t, label: f.W.Day(t, loc, f.Now)})
		case t.In(loc).Hour() == 0:
			out = append(out, tick{at: t, label: f.W.T("time.midnight")})
		case t.In(loc).Hour() == 4:
			out = append(out, tick{at: t, label: f.W.Clock(t, loc)})
		}
	}
}

// describe lists the due times in words.
func (d DueChart) describe(f Frame) string {
	said := make([]string, len(d.Dues))
	for i, m := range d.Dues {
		said[i] = f.W.T("brief.due_one", "name", m.Name, "when", f.dayTime(m.At))
	}
	return f.W.T("brief.due_all", "list", f.W.List(said))
}

// dayName is "Today", or the weekday.
func dayName(f Frame, t time.Time) string {
	if f.W.Day(t, f.loc(), f.Now) == f.W.Day(f.Now, f.loc(), f.Now) {
		return f.W.T("time.today_name")
	}
	return f.W.Weekday(t, f.loc())
}

// sectionCount is the line under a section's name.
func (p Brief) sectionCount(s BriefSection) string {
	f, n := p.Frame, len(s.Lines)+p.Beyond[s.Name]
	switch s.Name {
	case "crises":
		return f.W.N("brief.count_crises", n)
	case "asks":
		return f.W.N("brief.count_asks", n)
	case "asked":
		return f.W.N("brief.count_asked", n)
	case "replies":
		return f.W.N("brief.count_replies", n)
	case "named":
		return f.W.N("brief.count_named", n)
	}
	return f.W.N("brief.count_updates", n)
}
