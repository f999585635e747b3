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

	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
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

// holidayFile lists the days of a file; nothing is saved yet.
func (s *Server) holidayFile(q *request, form url.Values, file io.Reader, head *multipart.FileHeader) error {
	refuse := func(code string) error {
		return s.saveCharter(q, form, q.who.Person.Charter, page.Problems{{Field: "file", Code: code}}, "holidays")
	}
	me := q.who.Person
	today := me.Clock.DateOf(worktime.Of(q.now))
	y, m, d := today.Civil()
	days, report, err := ics.Days(file, today, worktime.DateFrom(y+holidayYears, m, d))
	switch {
	case errors.Is(err, ics.ErrTooMuch) || len(days) > charter.MaxHolidays:
		return refuse("calendar-too-much")
	case err != nil:
		return refuse("not-a-calendar")
	}
	p := page.HolidayFile{Frame: s.frame(q, page.RoomCharter), Source: fileName(head.Filename), Timed: report.Timed, Unreadable: report.Unreadable}
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
	if len(p.Days) == 0 && p.There == 0 {
		return refuse("no-holidays")
	}
	return q.show(http.StatusOK, p.View())
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
