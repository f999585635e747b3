package page

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/words"
)

// Charter is the page of one's own operating model (R3.1).
type Charter struct {
	Frame Frame
	// Revision is the one shown; the form sends it back.
	Revision int64
	// Reading is what the sentence is made from.
	Reading words.Reading
	Week    Week
	// What the form holds, by weekday: mon, tue ... as typed.
	Hours, Focus map[string][]Pair
	// EachDay names the parts, hours and focus, in which every day has a row of
	// its own; else days that are alike share one.
	EachDay map[string]bool
	// Windows are the same for every day, or by weekday where ByDay is set.
	Windows       []string
	WindowsOn     map[string][]string
	ByDay         bool
	Zone, Place   string
	Zones         []string
	Lang          string
	Langs         []string
	Archetype     string
	Archetypes    []string
	Budget, Cover string
	People        []Person
	// Off, Trips and Holidays are lists of their own, each with its form.
	Off      []Off
	Trips    []Trip
	Holidays []HolidaySource
	// Calendars are the organisation's, to take holidays from.
	Calendars []Calendar
	// Contact is how the person is reached in a crisis when nothing else does.
	Contact      string
	ContactShown bool
	// Proposed says that Focus holds a proposal, which is not saved.
	Proposed bool
	// Seen is what some colleagues are told, in their own time.
	Seen []Seen
	// Public and Feed say that there is a public page and a calendar feed.
	// Their addresses hold a secret and are shown once, when made.
	Public, Feed               bool
	PublicAddress, FeedAddress string
	// Follows are the streams of the reader, with their paces.
	Follows []Follow
	// Warnings do not refuse a charter; Problems do. Both name their place as
	// core/worktime does: "hours.mon", "windows.19:00".
	Warnings Problems
	Problems Problems
	// Act is the list whose form came back with Problems: "time-off", "trips",
	// "holidays", "" for the charter itself; Typed is what was typed in it.
	Act   string
	Typed map[string]string
}

// Pair is a span as typed: "08:30" and "12:30".
type Pair struct{ From, To string }

// Week is a week drawn by days, in minutes after midnight at the person's place.
type Week struct {
	Days []WeekDay
	// Hours and Focus are sums over the week, in seconds; Longest is the
	// longest stretch that no window breaks.
	Hours, Focus, Longest int64
}

// WeekDay is one day: Day by its ISO number, 1 for Monday. Now is the minute of
// the moment if it is today, else -1.
type WeekDay struct {
	Day     int
	Work    []Minutes
	Focus   []Minutes
	Windows []int
	Now     int
}

// Minutes is a span of minutes after midnight; To may lie beyond 1440.
type Minutes struct{ From, To int }

// Off is one time off. Part is one of hours rather than of days.
type Off struct {
	ID       string
	From, To time.Time
	Part     bool
	// Back is when messages are read again, zero for not in sight.
	Back time.Time
}

// Trip is a stay in another zone, for good if Open.
type Trip struct {
	ID       string
	From, To time.Time
	Open     bool
	Zone     string
}

// Holiday is one day without work.
type Holiday struct {
	ID   string
	Day  time.Time
	Name string
}

// HolidaySource is the holidays of one file, or with no Name those added by hand.
type HolidaySource struct {
	ID   string // unique on the page
	Name string
	Days []Holiday
}

// Calendar is one of the organisation's calendars of holidays: how many days lie
// ahead, and how many of them the charter does not have.
type Calendar struct {
	Name      string
	Days, New int
}

// HolidayFile shows what a calendar file would add, before it does.
type HolidayFile struct {
	Frame  Frame
	Source string
	Days   []FileDay
	// There counts days that the charter has already; Timed and Unreadable
	// entries of the file that are no whole days.
	There, Timed, Unreadable int
}

// FileDay is one day of a file. Value is what the form sends for it; Works says
// that it is a working day by the week.
type FileDay struct {
	Value string
	Day   time.Time
	Name  string
	Works bool
}

// Seen is what one colleague is told: when the windows are in their time, and
// when they would be read if they wrote now.
type Seen struct {
	Person  Person
	Windows []time.Time
	Next    time.Time
}

// Follow is one stream and its pace.
type Follow struct {
	Stream string
	Name   string
	Path   string
	Pace   string
}

// PublicCharter is what the world sees under a secret address.
type PublicCharter struct {
	Frame   Frame
	Person  Person
	Zone    string
	Reading words.Reading
	Week    Week
	// Next is when messages are read next, zero for not in sight.
	Next time.Time
	// Contact is how the person is reached in an emergency, "" where they did
	// not allow it here.
	Contact string
}

// dayCount counts all holidays.
func (p Charter) dayCount() int {
	n := 0
	for _, s := range p.Holidays {
		n += len(s.Days)
	}
	return n
}

// counting counts the days of a file that free a working day.
func (p HolidayFile) counting() int {
	n := 0
	for _, d := range p.Days {
		if d.Works {
			n++
		}
	}
	return n
}

// Unsubscribe is the page behind the address in every brief mail.
type Unsubscribe struct {
	Frame Frame
	// Done says that brief mail is off now.
	Done bool
}

// rows are the rows of a part of the form: in each the days, by ISO number, that
// are alike, also in what is wrong with them.
func (p Charter) rows(part string, typed map[string][]Pair) [][]int {
	var rows [][]int
	names := weekdays()
	wrong := p.wrong("")
	for i, day := range names {
		bad, _ := wrong.at(part + "." + day)
		with := slices.IndexFunc(rows, func(r []int) bool {
			first := names[r[0]-1]
			as, _ := wrong.at(part + "." + first)
			return !p.EachDay[part] && slices.Equal(typed[first], typed[day]) && as.Code == bad.Code
		})
		if with < 0 {
			rows = append(rows, []int{i + 1})
		} else {
			rows[with] = append(rows[with], i+1)
		}
	}
	return rows
}

// eachDay is the query of the page with a row for every day of a part.
func (p Charter) eachDay(part string) string {
	if p.Proposed {
		return "?focus=proposed&each=" + part + "#" + part
	}
	return "?each=" + part + "#" + part
}

// toMend are the problems of the form, one for each row.
func (p Charter) toMend() Problems {
	out := slices.Clone(p.wrong(""))
	for part, typed := range map[string]map[string][]Pair{"hours": p.Hours, "focus": p.Focus} {
		for _, row := range p.rows(part, typed) {
			for _, d := range row[1:] {
				field := part + "." + weekdays()[d-1]
				out = slices.DeleteFunc(out, func(o Problem) bool { return o.Field == field })
			}
		}
	}
	return out
}

// DayAs is the name of the field that says as which day's row a day is typed.
func DayAs(part, day string) string { return part + "." + day + ".as" }

// weekdays are the names of the days in forms, Monday first.
func weekdays() []string { return []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} }

// span is the part of the day that the week shows: from six to ten, and more
// where somebody works then.
func (w Week) span() (from, to int) {
	from, to = 6*60, 22*60
	for _, d := range w.Days {
		for _, s := range d.Work {
			from, to = min(from, s.From/60*60), max(to, (s.To+59)/60*60)
		}
	}
	return from, min(to, 30*60)
}

func (w Week) any(of func(WeekDay) bool) bool { return slices.ContainsFunc(w.Days, of) }

func (w Week) x(minute int) string {
	from, to := w.span()
	return percent(min(1, max(0, float64(minute-from)/float64(to-from))))
}

func (w Week) width(s Minutes) string {
	from, to := w.span()
	return percent(min(1, float64(min(s.To, to)-max(s.From, from))/float64(to-from)))
}

// labels are the hours written above the week.
func (w Week) labels() []int {
	from, to := w.span()
	var out []int
	for m := (from/60 + 2) * 60; m <= to-60; m += 180 {
		out = append(out, m)
	}
	return out
}

func minute(m int) string {
	return pad2(m/60%24) + ":" + pad2(m%60)
}

func pad2(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// sum is a day's hours in few words.
func (d WeekDay) sum(w *words.Words) string {
	var work, focus int64
	for _, s := range d.Work {
		work += int64(s.To-s.From) * 60
	}
	for _, s := range d.Focus {
		focus += int64(s.To-s.From) * 60
	}
	switch {
	case work == 0:
		return w.T("week.off")
	case focus == 0:
		return w.T("week.hours", "hours", w.Hours(work))
	}
	return w.T("week.hours_focus", "hours", w.Hours(work), "focus", w.Hours(focus))
}

// title says a day's line in words.
func (d WeekDay) title(w *words.Words) string {
	name := w.WeekdayName(d.Day)
	if len(d.Work) == 0 {
		return w.T("week.title_off", "day", name)
	}
	said := w.T("week.title", "day", name, "hours", minutes(w, d.Work))
	if len(d.Focus) > 0 {
		said += " " + w.T("score.day_focus", "hours", minutes(w, d.Focus))
	}
	if len(d.Windows) > 0 {
		at := make([]string, len(d.Windows))
		for i, m := range d.Windows {
			at[i] = minute(m)
		}
		said += " " + w.T("week.title_windows", "clocks", w.List(at))
	}
	return said
}

func minutes(w *words.Words, spans []Minutes) string {
	said := make([]string, len(spans))
	for i, s := range spans {
		said[i] = w.T("score.span", "from", minute(s.From), "to", minute(s.To))
	}
	return w.List(said)
}

// about are the problems whose place begins with a prefix.
func (ps Problems) about(prefix string) Problems {
	var out Problems
	for _, p := range ps {
		if len(p.Field) >= len(prefix) && p.Field[:len(prefix)] == prefix {
			out = append(out, p)
		}
	}
	return out
}

// warning names the window or the day that a warning is about.
func (p Charter) warning(v Problem) string {
	w := p.Frame.W
	_, at, _ := strings.Cut(v.Field, ".")
	if day := slices.Index(weekdays(), at); day >= 0 {
		at = w.WeekdayName(day + 1)
	}
	return w.Of("charter.warning", v.Code, "at", at)
}

func (p Charter) typed(act, field string) string {
	if p.Act != act {
		return ""
	}
	return p.Typed[field]
}

func (p Charter) wrong(act string) Problems {
	if p.Act != act {
		return nil
	}
	return p.Problems
}

// when is a time off in words.
func (o Off) when(f Frame) string {
	switch {
	case o.Part:
		if f.day(o.From) == f.day(o.To) {
			return f.W.T("charter.off_hours", "day", f.W.DayTime(o.From, f.loc(), f.Now), "to", f.clock(o.To))
		}
		return f.W.T("charter.off_part", "from", f.W.DayTime(o.From, f.loc(), f.Now), "to", f.clockDay(o.To))
	case f.day(o.From) == f.day(o.To):
		return f.day(o.From)
	}
	return f.W.T("charter.off_days", "from", f.W.ShortDate(o.From, f.loc(), f.Now), "to", f.W.ShortDate(o.To, f.loc(), f.Now))
}

func (t Trip) when(f Frame) string {
	if t.Open {
		return f.W.T("charter.trip_open", "from", f.W.ShortDate(t.From, f.loc(), f.Now))
	}
	return f.W.T("charter.off_days", "from", f.W.ShortDate(t.From, f.loc(), f.Now), "to", f.W.ShortDate(t.To, f.loc(), f.Now))
}
