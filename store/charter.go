package store

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
)

// charterRow is a charter as it is stored: local values as people write them,
// so that a changed rule of a zone recomputes every instant (worktime 2.7).
type charterRow struct {
	Zone      string              `json:"zone"`
	Hours     map[string][]string `json:"hours,omitempty"`
	Windows   map[string][]string `json:"windows,omitempty"`
	Focus     map[string][]string `json:"focus,omitempty"`
	FocusOn   [][2]string         `json:"focus_on,omitempty"`
	Off       [][2]string         `json:"off,omitempty"`
	Holidays  []string            `json:"holidays,omitempty"`
	Dates     map[string][]string `json:"dates,omitempty"`
	Travel    []tripRow           `json:"travel,omitempty"`
	WeekStart string              `json:"week_start,omitempty"`
	Budget    int                 `json:"budget,omitempty"`
	Cover     string              `json:"cover,omitempty"`

	Contact      string               `json:"contact,omitempty"`
	ContactShown bool                 `json:"contact_shown,omitempty"`
	Named        map[string][2]string `json:"named,omitempty"` // holidays: name and source
}

type tripRow struct {
	From string `json:"from"`
	To   string `json:"to,omitempty"`
	Zone string `json:"zone"`
}

func encodeCharter(c charter.Charter) (string, error) {
	t := c.Time
	row := charterRow{
		Zone: t.Zone, Hours: spanWeek(t.Hours), Windows: make(map[string][]string), Focus: spanWeek(t.Focus),
		WeekStart: t.WeekStart.String(), Budget: c.Budget, Cover: c.Cover, Contact: c.Contact, ContactShown: c.ContactShown,
	}
	if len(c.Named) > 0 {
		row.Named = make(map[string][2]string, len(c.Named))
		for d, h := range c.Named {
			row.Named[d.String()] = [2]string{h.Name, h.Source}
		}
	}
	for d, at := range t.Windows {
		for _, w := range at {
			name := worktime.WeekdayName(time.Weekday(d))
			row.Windows[name] = append(row.Windows[name], w.String())
		}
	}
	for _, f := range t.FocusOn {
		row.FocusOn = append(row.FocusOn, [2]string{f.From.String(), f.To.String()})
	}
	for _, o := range t.Off {
		from, to := o.Strings()
		row.Off = append(row.Off, [2]string{from, to})
	}
	for _, d := range t.Holidays {
		row.Holidays = append(row.Holidays, d.String())
	}
	if len(t.Dates) > 0 {
		row.Dates = make(map[string][]string, len(t.Dates))
		for d, spans := range t.Dates {
			row.Dates[d.String()] = spanStrings(spans)
		}
	}
	for _, trip := range t.Travel {
		r := tripRow{From: trip.From.String(), Zone: trip.Zone}
		if !trip.Open {
			r.To = trip.To.String()
		}
		row.Travel = append(row.Travel, r)
	}
	body, err := json.Marshal(row)
	if err != nil {
		return "", fmt.Errorf("write the charter: %w", err)
	}
	return string(body), nil
}

func spanWeek(week [7][]worktime.Span) map[string][]string {
	out := make(map[string][]string)
	for d, spans := range week {
		if len(spans) > 0 {
			out[worktime.WeekdayName(time.Weekday(d))] = spanStrings(spans)
		}
	}
	return out
}

func spanStrings(spans []worktime.Span) []string {
	out := make([]string, len(spans))
	for i, s := range spans {
		out[i] = s.String()
	}
	return out
}

func decodeCharter(body string) (charter.Charter, error) {
	var row charterRow
	if err := json.Unmarshal([]byte(body), &row); err != nil {
		return charter.Charter{}, err
	}
	c := charter.Charter{Budget: row.Budget, Cover: row.Cover, Contact: row.Contact, ContactShown: row.ContactShown}
	d := decoder{}
	for day, h := range row.Named {
		if c.Named == nil {
			c.Named = make(map[worktime.Date]charter.Holiday, len(row.Named))
		}
		c.Named[get(&d, worktime.ParseDate, day)] = charter.Holiday{Name: h[0], Source: h[1]}
	}
	c.Time.Zone = row.Zone
	for name, spans := range row.Hours {
		c.Time.Hours[d.weekday(name)] = d.spans(spans)
	}
	for name, at := range row.Windows {
		for _, w := range at {
			day := d.weekday(name)
			c.Time.Windows[day] = append(c.Time.Windows[day], get(&d, worktime.ParseTimeOfDay, w))
		}
	}
	for name, spans := range row.Focus {
		c.Time.Focus[d.weekday(name)] = d.spans(spans)
	}
	for _, f := range row.FocusOn {
		c.Time.FocusOn = append(c.Time.FocusOn, worktime.LocalSpan{From: get(&d, worktime.ParseLocal, f[0]), To: get(&d, worktime.ParseLocal, f[1])})
	}
	for _, o := range row.Off {
		off, err := worktime.ParseTimeOff(o[0], o[1])
		d.note(err)
		c.Time.Off = append(c.Time.Off, off)
	}
	for _, h := range row.Holidays {
		c.Time.Holidays = append(c.Time.Holidays, get(&d, worktime.ParseDate, h))
	}
	for _, name := range slices.Sorted(maps.Keys(row.Dates)) {
		if c.Time.Dates == nil {
			c.Time.Dates = make(map[worktime.Date][]worktime.Span)
		}
		c.Time.Dates[get(&d, worktime.ParseDate, name)] = d.spans(row.Dates[name])
	}
	for _, t := range row.Travel {
		trip := worktime.Trip{From: get(&d, worktime.ParseDate, t.From), Zone: t.Zone, Open: t.To == ""}
		if !trip.Open {
			trip.To = get(&d, worktime.ParseDate, t.To)
		}
		c.Time.Travel = append(c.Time.Travel, trip)
	}
	if row.WeekStart != "" {
		c.Time.WeekStart = worktime.StartOn(get(&d, worktime.ParseWeekday, row.WeekStart))
	}
	return c, d.err
}

// decoder keeps the first error, so that a charter reads as one sequence.
type decoder struct{ err error }

func (d *decoder) note(err error) {
	if d.err == nil {
		d.err = err
	}
}

func get[T any](d *decoder, parse func(string) (T, error), s string) T {
	v, err := parse(s)
	d.note(err)
	return v
}

func (d *decoder) weekday(name string) time.Weekday { return get(d, worktime.ParseWeekday, name) }

func (d *decoder) spans(ss []string) []worktime.Span {
	out := make([]worktime.Span, len(ss))
	for i, s := range ss {
		out[i] = get(d, worktime.ParseSpan, s)
	}
	return out
}
