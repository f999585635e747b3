package api

import (
	"strconv"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// Calendar is a calendar of holidays that an admin brought. To take days from
// it, put them into holidays of your charter, and their names into named.
type Calendar struct {
	Name    string    `json:"name"`
	Days    []Day     `json:"days"`
	Changed time.Time `json:"changed"`
	By      Name      `json:"by"`
}

// Day is a date in a calendar.
type Day struct {
	Date string `json:"date" format:"date"`
	Name string `json:"name,omitempty"`
}

// Days are those of a calendar.
type Days struct {
	Days []Day `json:"days" nullable:"false" minItems:"1" maxItems:"2000"`
}

// OfCalendar is an address of one calendar.
type OfCalendar struct {
	Name string `path:"name" maxLength:"40" doc:"A country or a place, without a slash"`
}

func (s *Server) holidayOperations() {
	on(s, endpoint{id: "list-calendars", method: "GET", path: "/holidays", policy: member, summary: "List the organisation's calendars of holidays, by name"},
		func(q *request, _ *nothing) (List[Calendar], error) {
			out := List[Calendar]{Items: []Calendar{}}
			all, err := q.read.Calendars(q.ctx)
			if err != nil {
				return out, err
			}
			ids := make([]string, len(all))
			for i, c := range all {
				ids[i] = c.By
			}
			people, err := q.read.Names(q.ctx, ids)
			for _, c := range all {
				one := Calendar{Name: c.Name, Days: []Day{}, Changed: c.Changed.UTC(), By: names(people, []string{c.By})[0]}
				for _, d := range c.Days {
					one.Days = append(one.Days, Day{d.Date.String(), d.Name})
				}
				out.Items = append(out.Items, one)
			}
			return out, err
		})
	act(s, endpoint{
		id: "set-calendar", method: "PUT", path: "/admin/holidays/{name}", policy: admin, summary: "Bring a calendar of holidays, or renew it",
		detail: "Nobody's charter changes by it: that is written by its owner alone.",
	}, func(q *request, in *struct {
		OfCalendar
		Body Days
	},
	) error {
		days := make([]store.Holiday, len(in.Body.Days))
		for i, d := range in.Body.Days {
			date, err := worktime.ParseDate(d.Date)
			if err != nil {
				return &Fault{Pointer: "#/days/" + strconv.Itoa(i) + "/date", Code: "not-a-date", Detail: q.words.Of("problem", "not-a-date")}
			}
			days[i] = store.Holiday{Date: date, Name: d.Name}
		}
		return s.cfg.Door.SetCalendar(q.ctx, q.actor(), in.Name, days)
	})
	act(s, endpoint{id: "drop-calendar", method: "DELETE", path: "/admin/holidays/{name}", policy: admin, summary: "Remove a calendar of holidays; days taken from it stay"},
		func(q *request, in *OfCalendar) error { return s.cfg.Door.DropCalendar(q.ctx, q.actor(), in.Name) })
}
