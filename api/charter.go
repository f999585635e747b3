package api

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// Charter is when somebody works and reads. Times of day are local to the zone.
type Charter struct {
	Zone      string              `json:"zone" doc:"IANA name of the home zone"`
	Hours     map[string][]string `json:"hours" doc:"Spans of work by weekday: mon to sun, as 09:00-17:00"`
	Windows   map[string][]string `json:"windows" doc:"Batch windows by weekday, as 11:00"`
	Focus     map[string][]string `json:"focus,omitempty" doc:"Focus blocks by weekday"`
	FocusOn   []Local             `json:"focus_on,omitempty" nullable:"false" doc:"Focus blocks of single days"`
	Off       []Local             `json:"off,omitempty" nullable:"false" doc:"Time off: whole days, both included, or local times"`
	Holidays  []string            `json:"holidays,omitempty" nullable:"false" doc:"Days without work"`
	Dates     map[string][]string `json:"dates,omitempty" doc:"The hours of single days, which beat holidays"`
	Travel    []Trip              `json:"travel,omitempty" nullable:"false" doc:"Stays in other zones"`
	WeekStart string              `json:"week_start,omitempty" doc:"The first day of the week, mon without it"`
	Budget    int                 `json:"budget,omitempty" minimum:"0" maximum:"480" doc:"Minutes to read a catch-up in; none without it"`
	Cover     string              `json:"cover,omitempty" doc:"Id or handle of who is named while you are off"`
	Named     map[string]Holiday  `json:"named,omitempty" doc:"What holidays are called, by day"`
	Contact   string              `json:"contact,omitempty" doc:"How you are reached when nothing else does, in your own words"`
	Shown     bool                `json:"contact_shown,omitempty" doc:"It stands on your public page"`
}

// Holiday is what a day without work is called, and the file it came from.
type Holiday struct {
	Name   string `json:"name"`
	Source string `json:"source,omitempty"`
}

// Local is a stretch of local time: two days, or two times as 2026-12-01T14:00.
type Local struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Trip is a stay in another zone, for good without an end.
type Trip struct {
	From string `json:"from"`
	To   string `json:"to,omitempty"`
	Zone string `json:"zone"`
}

// CharterPage is your charter with its revision.
type CharterPage struct {
	Revision  int64    `json:"revision"`
	Charter   Charter  `json:"charter"`
	Place     string   `json:"place"`
	Archetype string   `json:"archetype"`
	Next      *Moment  `json:"next,omitempty" doc:"Your next batch window"`
	Warnings  []Remark `json:"warnings"`
}

// Remark is something about a charter that may be meant so, or not.
type Remark struct {
	Where  string `json:"where"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// CharterDraft is your charter as you want it from now on.
type CharterDraft struct {
	Revision  int64   `json:"revision" doc:"The one it was made from"`
	Charter   Charter `json:"charter"`
	Reason    string  `json:"reason,omitempty"`
	Place     string  `json:"place,omitempty" doc:"The town shown beside your name; without it, what is"`
	Archetype string  `json:"archetype,omitempty" enum:"maker,manager,operator,decider,connector" doc:"Your kind of work; without it, what is"`
}

// Revised is what a change of charter came to.
type Revised struct {
	Revision int64    `json:"revision"`
	Warnings []Remark `json:"warnings"`
	Moved    int      `json:"moved" doc:"How many things that wait were planned anew"`
}

func (s *Server) charterOperations() {
	on(s, endpoint{id: "get-charter", method: "GET", path: "/charter", policy: member, summary: "Read your charter"},
		func(q *request, _ *nothing) (CharterPage, error) {
			me, err := q.read.Me(q.ctx)
			if err != nil {
				return CharterPage{}, err
			}
			_, warnings := worktime.Check(me.Charter.Time, s.cfg.Zones)
			return CharterPage{
				Revision: me.Revision, Charter: charterOf(me.Charter), Place: me.Place, Archetype: string(me.Archetype),
				Next: person(me, q.now).Next, Warnings: remarks(q, warnings),
			}, nil
		})
	on(s, endpoint{
		id: "set-charter", method: "PUT", path: "/charter", policy: member, summary: "Change your charter",
		detail: "In force from this moment. What waits for you is planned anew, never before the change; due times already shown never come earlier.",
	}, func(q *request, in *struct {
		Keyed
		Body CharterDraft
	},
	) (Revised, error) {
		c, err := s.readCharter(q, in.Body.Charter)
		if err != nil {
			return Revised{}, err
		}
		rev, err := s.cfg.Door.SetCharter(q.ctx, q.actor(), door.CharterDraft{
			Key: q.key, Revision: in.Body.Revision, Charter: c, Reason: in.Body.Reason, Place: strings.TrimSpace(in.Body.Place),
			Archetype: charter.Archetype(in.Body.Archetype),
		})
		return Revised{Revision: rev.Revision, Warnings: remarks(q, rev.Warnings), Moved: rev.Moved}, err
	})
	on(s, endpoint{id: "list-follows", method: "GET", path: "/follows", policy: member, summary: "List what you follow, and how fast it comes"},
		func(q *request, _ *nothing) (List[Follow], error) {
			paces, err := q.read.AllPaces(q.ctx)
			out := List[Follow]{Items: []Follow{}}
			for _, stream := range slices.Sorted(maps.Keys(paces)) {
				out.Items = append(out.Items, Follow{Stream: stream, Pace: string(paces[stream])})
			}
			return out, err
		})
	act(s, endpoint{
		id: "set-pace", method: "PUT", path: "/follows/{stream}", policy: member, summary: "Choose how fast a stream comes",
		detail: "Muting never hides what is directed to you.",
	}, func(q *request, in *struct {
		Stream string `path:"stream" maxLength:"100" doc:"wide, team:ID or thread:ID"`
		Body   Pace
	},
	) error {
		return s.cfg.Door.SetPace(q.ctx, q.actor(), in.Stream, store.Pace(in.Body.Pace))
	})
}

// Follow is a stream you follow.
type Follow struct {
	Stream string `json:"stream" doc:"wide, team:ID or thread:ID"`
	Pace   string `json:"pace"`
}

// Pace is how fast a stream comes.
type Pace struct {
	Pace string `json:"pace" enum:"window,daily,weekly,muted"`
}

func remarks(q *request, found []worktime.Finding) []Remark {
	out := make([]Remark, len(found))
	for i, f := range found {
		out[i] = Remark{Where: f.Where, Code: string(f.Code), Detail: q.words.Of("problem", string(f.Code))}
	}
	return out
}

// charterOf is a charter as the API writes it.
func charterOf(c charter.Charter) Charter {
	t := c.Time
	out := Charter{
		Zone: t.Zone, Hours: week(t.Hours), Windows: make(map[string][]string), Focus: week(t.Focus), WeekStart: t.WeekStart.String(), Budget: c.Budget, Cover: c.Cover,
		Contact: c.Contact, Shown: c.ContactShown,
	}
	for d, h := range c.Named {
		if out.Named == nil {
			out.Named = make(map[string]Holiday)
		}
		out.Named[d.String()] = Holiday{Name: h.Name, Source: h.Source}
	}
	for d, at := range t.Windows {
		for _, w := range at {
			day := worktime.WeekdayName(time.Weekday(d))
			out.Windows[day] = append(out.Windows[day], w.String())
		}
	}
	for _, f := range t.FocusOn {
		out.FocusOn = append(out.FocusOn, Local{f.From.String(), f.To.String()})
	}
	for _, o := range t.Off {
		from, to := o.Strings()
		out.Off = append(out.Off, Local{from, to})
	}
	for _, d := range t.Holidays {
		out.Holidays = append(out.Holidays, d.String())
	}
	for d, spans := range t.Dates {
		if out.Dates == nil {
			out.Dates = make(map[string][]string)
		}
		out.Dates[d.String()] = spanTexts(spans)
	}
	for _, trip := range t.Travel {
		one := Trip{From: trip.From.String(), Zone: trip.Zone}
		if !trip.Open {
			one.To = trip.To.String()
		}
		out.Travel = append(out.Travel, one)
	}
	return out
}

func week(w [7][]worktime.Span) map[string][]string {
	out := make(map[string][]string)
	for d, spans := range w {
		if len(spans) > 0 {
			out[worktime.WeekdayName(time.Weekday(d))] = spanTexts(spans)
		}
	}
	return out
}

func spanTexts(spans []worktime.Span) []string {
	out := make([]string, len(spans))
	for i, s := range spans {
		out[i] = s.String()
	}
	return out
}

// charterReader reads the texts of a charter and keeps the first that cannot be read.
type charterReader struct {
	q   *request
	bad *Fault
}

func (r *charterReader) refuse(at, code string) {
	if r.bad == nil {
		r.bad = &Fault{Pointer: "#/charter/" + at, Code: code, Detail: r.q.words.Of("problem", code)}
	}
}

// readText reads one text of a charter.
func readText[T any](r *charterReader, at, code string, parse func(string) (T, error), text string) T {
	v, err := parse(text)
	if err != nil {
		r.refuse(at, code)
	}
	return v
}

func (r *charterReader) week(at string, given map[string][]string) (out [7][]worktime.Span) {
	for day, spans := range given {
		d := readText(r, at, "unreadable-date", worktime.ParseWeekday, day)
		for _, s := range spans {
			out[d] = append(out[d], readText(r, at+"/"+day, "time", worktime.ParseSpan, s))
		}
	}
	return out
}

// readCharter reads a charter as the API writes it.
func (s *Server) readCharter(q *request, in Charter) (charter.Charter, error) {
	r := &charterReader{q: q}
	out := charter.Charter{Budget: in.Budget, Contact: in.Contact, ContactShown: in.Shown}
	for day, h := range in.Named {
		if out.Named == nil {
			out.Named = make(map[worktime.Date]charter.Holiday)
		}
		out.Named[readText(r, "named", "unreadable-date", worktime.ParseDate, day)] = charter.Holiday{Name: h.Name, Source: h.Source}
	}
	t := worktime.Charter{Zone: in.Zone, Hours: r.week("hours", in.Hours), Focus: r.week("focus", in.Focus)}
	for day, at := range in.Windows {
		d := readText(r, "windows", "unreadable-date", worktime.ParseWeekday, day)
		for _, w := range at {
			t.Windows[d] = append(t.Windows[d], readText(r, "windows/"+day, "time", worktime.ParseTimeOfDay, w))
		}
		slices.Sort(t.Windows[d])
		t.Windows[d] = slices.Compact(t.Windows[d])
	}
	for _, f := range in.FocusOn {
		t.FocusOn = append(t.FocusOn, worktime.LocalSpan{
			From: readText(r, "focus_on", "unreadable-date", worktime.ParseLocal, f.From), To: readText(r, "focus_on", "unreadable-date", worktime.ParseLocal, f.To),
		})
	}
	for _, o := range in.Off {
		off, err := worktime.ParseTimeOff(o.From, o.To)
		if err != nil {
			r.refuse("off", "unreadable-date")
		}
		t.Off = append(t.Off, off)
	}
	for _, h := range in.Holidays {
		t.Holidays = append(t.Holidays, readText(r, "holidays", "unreadable-date", worktime.ParseDate, h))
	}
	slices.Sort(t.Holidays)
	t.Holidays = slices.Compact(t.Holidays)
	for day, spans := range in.Dates {
		if t.Dates == nil {
			t.Dates = make(map[worktime.Date][]worktime.Span)
		}
		d := readText(r, "dates", "unreadable-date", worktime.ParseDate, day)
		t.Dates[d] = []worktime.Span{}
		for _, span := range spans {
			t.Dates[d] = append(t.Dates[d], readText(r, "dates/"+day, "time", worktime.ParseSpan, span))
		}
	}
	for _, trip := range in.Travel {
		one := worktime.Trip{From: readText(r, "travel", "unreadable-date", worktime.ParseDate, trip.From), Zone: trip.Zone, Open: trip.To == ""}
		if !one.Open {
			one.To = readText(r, "travel", "unreadable-date", worktime.ParseDate, trip.To)
		}
		t.Travel = append(t.Travel, one)
	}
	if in.WeekStart != "" {
		t.WeekStart = worktime.StartOn(readText(r, "week_start", "unreadable-date", worktime.ParseWeekday, in.WeekStart))
	}
	if r.bad != nil {
		return out, r.bad
	}
	out.Time = t
	if in.Cover != "" {
		ids, err := s.people(q, "charter/cover", []string{in.Cover})
		if err != nil {
			return out, err
		}
		out.Cover = ids[0]
	}
	return out, nil
}
