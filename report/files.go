package report

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/ics"
	"github.com/rubato-hq/rubato/words"
)

// File is something to use on Monday.
type File struct {
	Name string
	Text []byte
}

// mostTexts is for how many moves texts are written.
const mostTexts = 20

// Plan makes what a plan begins with (R17): the sentence of a charter with its
// auto-reply, windows and focus blocks as a calendar to bring in, and a ready
// text for each move. The first move is a default, never a focus block.
func Plan(r *audit.Report, about About) ([]File, error) {
	d := &draft{About: about, w: about.Words, r: r, named: make(map[string]string)}
	w := d.w
	var read strings.Builder
	read.WriteString(w.T("audit.files_lead") + "\n\n")
	var files []File
	for i, m := range d.inOrder() {
		if i >= mostTexts {
			break
		}
		name := fmt.Sprintf("%02d-%s.txt", i+1, fileName(d.move(m)))
		text := d.move(m) + "\n" + d.gain(m) + " · " + w.Of("audit.risk", risk(m.Risk)) + " · " + w.T("audit.days_to", "from", m.Phase-29, "to", m.Phase) + "\n\n" + d.ready(m) + "\n"
		files = append(files, File{name, []byte(flat(text))})
		fmt.Fprintf(&read, "%d. %s (%s)\n   %s\n", i+1, d.move(m), d.gain(m), name)
	}
	reading := d.reading()
	own := w.T("audit.files_charter") + "\n\n" + w.Sentence(reading) + "\n\n" + w.T("audit.files_reply") + "\n\n" + w.AutoReply(reading, "", "") + "\n"
	files = append(files, File{"charter.txt", []byte(flat(own))})
	read.WriteString("\n" + w.T("audit.files_own") + "\n   charter.txt\n")
	cal, err := d.calendar()
	if err != nil {
		return nil, err
	}
	files = append(files, File{"windows-and-focus.ics", cal})
	read.WriteString("\n" + w.T("audit.files_calendar") + "\n   windows-and-focus.ics\n")
	return append([]File{{"README.txt", []byte(flat(read.String()))}}, files...), nil
}

func flat(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

// fileName is a title as the name of a file: letters, digits and hyphens.
func fileName(title string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(title) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			dash = false
		} else {
			dash = true
		}
		if b.Len() >= 48 {
			break
		}
	}
	return b.String()
}

// reading is the charter that a plan proposes: the default windows on the days
// of the person's own hours.
func (d *draft) reading() words.Reading {
	r := words.Reading{Place: words.Place(d.Clock.ZoneOn(d.today()).String()), Normal: "24h", Urgent: "4wh", Focus: true}
	monday := worktime.StartOn(time.Monday).First(d.today())
	for i := range 7 {
		for _, at := range d.windows(monday.AddDays(i)) {
			r.Windows[i+1] = append(r.Windows[i+1], at.String())
		}
	}
	return r
}

// windows are those of a date, as times of day.
func (d *draft) windows(date worktime.Date) (out []worktime.TimeOfDay) {
	day := d.Clock.Day(date)
	for _, t := range day.Windows {
		out = append(out, clockAt(t, day))
	}
	return out
}

// clockAt is an instant of a date as a time of day; after midnight it goes on.
func clockAt(t worktime.Instant, day worktime.Day) worktime.TimeOfDay {
	return worktime.TimeOfDay(max(0, min(2*24*60, (t-day.Interval.From)/60)))
}

// The lengths of what a plan puts into a calendar, in minutes.
const (
	windowLength = 30
	focusLength  = 120
)

// calendar is the windows, and two hours of focus before each, as weekly series
// from next Monday on.
func (d *draft) calendar() ([]byte, error) {
	var b bytes.Buffer
	w := ics.NewWriter(&b)
	w.Begin("VCALENDAR")
	w.Raw("VERSION", "2.0")
	w.Raw("PRODID", "-//Rubato//audit//EN")
	w.Text("X-WR-CALNAME", d.w.T("audit.cal_name"))
	zone := d.Clock.ZoneOn(d.today()).String()
	w.Raw("X-WR-TIMEZONE", zone)
	monday := worktime.StartOn(time.Monday).First(d.today().AddDays(7))
	type slot struct {
		from, length worktime.TimeOfDay
		focus        bool
	}
	days := make(map[slot][]string)
	first := make(map[slot]worktime.Date)
	var order []slot
	for i := range 7 {
		date := monday.AddDays(i)
		day := d.Clock.Day(date)
		for _, at := range d.windows(date) {
			slots := []slot{{at, windowLength, false}}
			for _, p := range day.Pieces {
				begin := clockAt(p.From, day)
				end := clockAt(p.To, day)
				if begin < at && at <= end {
					if from := max(begin, at-focusLength); at-from >= 60 {
						slots = append(slots, slot{from, at - from, true})
					}
				}
			}
			for _, s := range slots {
				if days[s] == nil {
					order, first[s] = append(order, s), date
				}
				days[s] = append(days[s], [...]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}[i])
			}
		}
	}
	for _, s := range order {
		name, text := d.w.T("audit.cal_window"), d.w.T("audit.cal_window_text")
		if s.focus {
			name, text = d.w.T("audit.cal_focus"), d.w.T("audit.cal_focus_text")
		}
		w.Begin("VEVENT")
		w.Raw("UID", fmt.Sprintf("%d-%d-%s@audit.rubato", s.from, s.length, strings.ToLower(strings.Join(days[s], ""))))
		w.Instant("DTSTAMP", d.Now.Time())
		stamp := func(t worktime.TimeOfDay) string {
			y, m, day := first[s].Civil()
			return time.Date(y, m, day, int(t)/60, int(t)%60, 0, 0, time.UTC).Format("20060102T150405")
		}
		w.Raw("DTSTART;TZID="+zone, stamp(s.from))
		w.Raw("DTEND;TZID="+zone, stamp(s.from+s.length))
		w.Raw("RRULE", "FREQ=WEEKLY;BYDAY="+strings.Join(days[s], ","))
		w.Text("SUMMARY", name)
		w.Text("DESCRIPTION", text)
		if !s.focus {
			w.Raw("TRANSP", "TRANSPARENT")
		}
		w.End("VEVENT")
	}
	w.End("VCALENDAR")
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("write a calendar: %w", err)
	}
	return b.Bytes(), nil
}
