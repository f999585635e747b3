package web

import (
	"errors"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
	"github.com/rubato-hq/rubato/wire/ics"
)

// holidayYears is how far ahead a calendar file is read (worktime 3.2).
const holidayYears = 3

// postHoliday shows what a calendar file would add, or adds one day.
func (s *Server) postHoliday(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	if file, head, err := q.r.FormFile("file"); err == nil {
		defer file.Close()
		return s.holidayFile(q, form, file, head)
	}
	day, err := worktime.ParseDate(strings.TrimSpace(form.Get("day")))
	if err != nil {
		return s.saveCharter(q, form, q.who.Person.Charter, page.Problems{{Field: "day", Code: "not-a-date"}}, "holidays")
	}
	return s.saveCharter(q, form, withHolidays(q.who.Person.Charter, map[worktime.Date]charter.Holiday{day: {}}), nil, "holidays")
}

// fileDays reads the days of a calendar file from a date on. A Problem's code
// says why they cannot be taken, "" for nothing wrong.
func fileDays(file io.Reader, zones worktime.Zones, from worktime.Date) (days []store.Holiday, report ics.Report, wrong string) {
	y, m, d := from.Civil()
	found, report, err := ics.Days(file, ics.NewZones(zones), from, worktime.DateFrom(y+holidayYears, m, d))
	switch {
	case errors.Is(err, ics.ErrTooMuch) || len(found) > charter.MaxHolidays:
		return nil, report, "calendar-too-much"
	case err != nil:
		return nil, report, "not-a-calendar"
	case len(found) == 0:
		return nil, report, "no-holidays"
	}
	for _, one := range found {
		days = append(days, store.Holiday{Date: one.Date, Name: one.Name})
	}
	return days, report, ""
}

// holidayFile lists the days of a file; nothing is saved yet.
func (s *Server) holidayFile(q *request, form url.Values, file io.Reader, head *multipart.FileHeader) error {
	days, report, wrong := fileDays(file, s.cfg.Zones, q.who.Person.Clock.DateOf(worktime.Of(q.now)))
	if wrong != "" {
		return s.saveCharter(q, form, q.who.Person.Charter, page.Problems{{Field: "file", Code: wrong}}, "holidays")
	}
	p := s.holidayDays(q, fileName(head.Filename), days)
	p.Timed, p.Unreadable = report.Timed, report.Unreadable
	return q.show(http.StatusOK, p.View())
}

// getHolidays lists the days of one of the organisation's calendars; nothing is
// saved yet.
func (s *Server) getHolidays(q *request) error {
	all, err := q.read.Calendars(q.r.Context())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(c store.Calendar) bool { return c.Name == q.r.PathValue("name") })
	if i < 0 {
		return access.ErrHidden
	}
	today := q.who.Person.Clock.DateOf(worktime.Of(q.now))
	days := slices.DeleteFunc(all[i].Days, func(h store.Holiday) bool { return h.Date < today })
	return q.show(http.StatusOK, s.holidayDays(q, all[i].Name, days).View())
}

// holidayDays shows which days of a source are not in the reader's charter yet.
func (s *Server) holidayDays(q *request, source string, days []store.Holiday) page.HolidayFile {
	me := q.who.Person
	p := page.HolidayFile{Frame: s.frame(q, page.RoomCharter), Source: source}
	for _, one := range days {
		if slices.Contains(me.Charter.Time.Holidays, one.Date) {
			p.There++
			continue
		}
		p.Days = append(p.Days, page.FileDay{
			Value: one.Date.String() + " " + one.Name, Day: midnight(one.Date, q.zone()), Name: one.Name,
			Works: len(me.Charter.Time.Hours[one.Date.Weekday()]) > 0,
		})
	}
	return p
}

// calendars are those of the organisation, with how many of their days are not
// in a charter.
func (s *Server) calendars(q *request, c charter.Charter, today worktime.Date) ([]page.Calendar, error) {
	all, err := q.read.Calendars(q.r.Context())
	out := make([]page.Calendar, len(all))
	for i, one := range all {
		out[i] = page.Calendar{Name: one.Name}
		for _, h := range one.Days {
			if h.Date < today {
				continue
			}
			out[i].Days++
			if !slices.Contains(c.Time.Holidays, h.Date) {
				out[i].New++
			}
		}
	}
	return out, err
}

// postHolidays saves the days that were kept of a file.
func (s *Server) postHolidays(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	source := fileName(form.Get("source"))
	add := make(map[worktime.Date]charter.Holiday)
	for _, v := range form["day"] {
		date, name, _ := strings.Cut(v, " ")
		day, err := worktime.ParseDate(date)
		if err != nil {
			return errForm
		}
		add[day] = charter.Holiday{Name: name, Source: source}
	}
	return s.saveCharter(q, url.Values{"key": form["key"]}, withHolidays(q.who.Person.Charter, add), nil, "holidays")
}

// postHolidaysRemoval takes away all days of one file.
func (s *Server) postHolidaysRemoval(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	c := q.who.Person.Charter
	c.Time.Holidays = slices.DeleteFunc(slices.Clone(c.Time.Holidays), func(d worktime.Date) bool { return c.Named[d].Source == form.Get("source") })
	return s.saveCharter(q, url.Values{"key": form["key"]}, namedOnly(c), nil, "holidays")
}

// withHolidays is a charter with some holidays more. What a day was called stays.
func withHolidays(c charter.Charter, add map[worktime.Date]charter.Holiday) charter.Charter {
	c.Time.Holidays = append(slices.Clone(c.Time.Holidays), slices.Collect(maps.Keys(add))...)
	slices.Sort(c.Time.Holidays)
	c.Time.Holidays = slices.Compact(c.Time.Holidays)
	add = maps.Clone(add)
	maps.Copy(add, c.Named)
	c.Named = add
	return namedOnly(c)
}

// namedOnly drops the names of days that are no holidays, and empty ones.
func namedOnly(c charter.Charter) charter.Charter {
	c.Named = maps.Clone(c.Named)
	maps.DeleteFunc(c.Named, func(d worktime.Date, h charter.Holiday) bool {
		_, there := slices.BinarySearch(c.Time.Holidays, d)
		return !there || h == charter.Holiday{}
	})
	return c
}

// holidays lists the days that are not over, by where they came from: those
// added by hand last.
func holidays(c charter.Charter, today worktime.Date, zone *time.Location) []page.HolidaySource {
	by := make(map[string]*page.HolidaySource)
	for _, d := range c.Time.Holidays {
		if d < today {
			continue
		}
		h := c.Named[d]
		if by[h.Source] == nil {
			by[h.Source] = &page.HolidaySource{Name: h.Source}
		}
		by[h.Source].Days = append(by[h.Source].Days, page.Holiday{ID: d.String(), Day: midnight(d, zone), Name: h.Name})
	}
	var out []page.HolidaySource
	for _, name := range slices.Sorted(maps.Keys(by)) {
		if name != "" {
			out = append(out, *by[name])
		}
	}
	if own := by[""]; own != nil {
		out = append(out, *own)
	}
	for i := range out {
		out[i].ID = strconv.Itoa(i)
	}
	return out
}

func midnight(d worktime.Date, zone *time.Location) time.Time {
	y, m, day := d.Civil()
	return time.Date(y, m, day, 0, 0, 0, 0, zone)
}

// fileName is the last part of a file's name, on one line.
func fileName(s string) string {
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > 40 {
		s = string(r[:40])
	}
	return s
}
