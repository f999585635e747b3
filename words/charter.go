package words

import (
	"slices"
	"strings"
)

// Reading is what the sentence of a charter is made from (R3.1).
type Reading struct {
	// Place is how the reader's zone is called: "Berlin".
	Place string
	// Windows holds the batch windows by ISO weekday, 1 for Monday, as "11:00".
	Windows [8][]string
	// Normal and Urgent are the terms of the person's norms, "24h" and "4wh".
	Normal, Urgent string
	// Focus is true when the charter keeps focus blocks.
	Focus bool
}

// Sentence is how somebody works, in one breath, for every other tool.
func (w *Words) Sentence(r Reading) string {
	said, except := w.windows(r.Windows)
	if said == "" {
		return w.T("charter.says_nothing")
	}
	urgent := w.T("charter.says_urgent")
	if r.Focus {
		urgent = w.T("charter.says_urgent_focus")
	}
	return w.T("charter.says", "windows", said, "place", r.Place, "except", except,
		"normal", w.span(r.Normal), "urgent_term", w.span(r.Urgent), "urgent", urgent)
}

// AutoReply is the text for the mail tools of a world without Rubato (R17).
func (w *Words) AutoReply(r Reading, name, page string) string {
	parts := []string{w.T("charter.reply_hello"), w.Sentence(r)}
	if page != "" {
		parts = append(parts, w.T("charter.reply_page", "page", page))
	}
	return strings.Join(append(parts, name), "\n\n")
}

// windows writes the windows of a week, "11:00 and 16:00", and, where days
// differ, the exceptions: ", on Friday at 11:00,". Both are "" for none at all.
func (w *Words) windows(week [8][]string) (most, except string) {
	type group struct {
		at   []string
		days []int
	}
	var groups []group
	for day := 1; day <= 7; day++ {
		if len(week[day]) == 0 {
			continue
		}
		i := slices.IndexFunc(groups, func(g group) bool { return slices.Equal(g.at, week[day]) })
		if i < 0 {
			groups = append(groups, group{at: week[day], days: []int{day}})
			continue
		}
		groups[i].days = append(groups[i].days, day)
	}
	if len(groups) == 0 {
		return "", ""
	}
	// The commonest set speaks first, the others are its exceptions.
	slices.SortStableFunc(groups, func(a, b group) int { return len(b.days) - len(a.days) })
	for _, g := range groups[1:] {
		names := make([]string, len(g.days))
		for i, d := range g.days {
			names[i] = w.WeekdayName(d)
		}
		except += w.T("charter.says_except", "days", w.List(names), "windows", w.List(g.at))
	}
	if except != "" {
		except += w.T("charter.says_excepted")
	}
	return w.List(groups[0].at), except
}

// Seen is what a colleague in another place is told: "Lena reads messages at
// 13:00 and 18:00 your time." windows are already in the reader's clock.
func (w *Words) Seen(name string, windows []string) string {
	if len(windows) == 0 {
		return w.T("charter.seen_none", "name", name)
	}
	return w.T("charter.seen", "name", name, "windows", w.List(windows))
}

// Days names a run of weekdays by ISO number: "Monday to Thursday", "Friday",
// "Saturday, Sunday".
func (w *Words) Days(days []int) string {
	if n := len(days); n > 2 && days[n-1]-days[0] == n-1 {
		return w.T("time.days", "from", w.WeekdayName(days[0]), "to", w.WeekdayName(days[n-1]))
	}
	said := w.WeekdayName(days[0])
	for _, d := range days[1:] {
		said = w.T("list.middle", "a", said, "b", w.WeekdayName(d))
	}
	return said
}

// span writes a term as a length: "24 h", "4 working hours".
func (w *Words) span(code string) string {
	if n, ok := strings.CutSuffix(code, "wh"); ok {
		return w.N("charter.working_hours", digits(n))
	}
	if n, ok := strings.CutSuffix(code, "h"); ok {
		return w.T("time.hours", "n", digits(n))
	}
	return code
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}
