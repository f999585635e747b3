package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// getCharter shows one's own operating model.
func (s *Server) getCharter(q *request) error {
	p, err := s.charterPage(q, q.who.Person.Charter)
	if err != nil {
		return err
	}
	asked := q.r.URL.Query()
	p.ByDay = p.ByDay || asked.Get("windows") == "days"
	p.EachDay = map[string]bool{asked.Get("each"): true}
	if asked.Get("focus") == "proposed" {
		p.Focus, p.Proposed = pairs(charter.ProposedFocus(q.who.Person.Archetype, q.who.Person.Charter.Time)), true
	}
	_, warnings := worktime.Check(q.who.Person.Charter.Time, s.cfg.Zones)
	p.Warnings = found(warnings)
	return q.show(http.StatusOK, p.View())
}

// charterPage is the page with a charter in its form.
func (s *Server) charterPage(q *request, c charter.Charter) (page.Charter, error) {
	me := q.who.Person
	p := page.Charter{
		Frame: s.frame(q, page.RoomCharter), Revision: me.Revision, Reading: front.Reading(me), Week: s.weekIn(q, me.Clock, q.zone()),
		Hours: pairs(c.Time.Hours), Focus: pairs(c.Time.Focus), Zone: c.Time.Zone, Place: me.Place, Zones: zoneNames(),
		Lang: me.Lang, Langs: s.cfg.Words.Languages(), Archetype: string(me.Archetype),
	}
	for _, a := range charter.Archetypes() {
		p.Archetypes = append(p.Archetypes, string(a))
	}
	p.Contact, p.ContactShown = c.Contact, c.ContactShown
	if c.Budget > 0 {
		p.Budget = strconv.Itoa(c.Budget)
	}
	p.Windows, p.WindowsOn, p.ByDay = windowsOf(c.Time)
	s.absences(q, c, &p)
	people, err := q.read.People(q.r.Context())
	if err != nil {
		return p, err
	}
	for _, one := range people {
		if one.ID == c.Cover {
			p.Cover = "@" + one.Handle
		}
		if one.ID == me.ID || one.State != access.Active {
			continue
		}
		p.People = append(p.People, s.person(one, q.now))
		if len(p.Seen) < 2 && one.Charter.Time.Zone != me.Charter.Time.Zone {
			p.Seen = append(p.Seen, s.seen(q, one))
		}
	}
	if p.Public, err = q.read.HasFeed(q.r.Context(), store.FeedPage); err != nil {
		return p, err
	}
	if p.Feed, err = q.read.HasFeed(q.r.Context(), store.FeedCalendar); err != nil {
		return p, err
	}
	if p.Calendars, err = s.calendars(q, c, me.Clock.DateOf(worktime.Of(q.now))); err != nil {
		return p, err
	}
	p.Follows, err = s.followed(q)
	return p, err
}

// seen is what a colleague is told: one's windows and what they write now.
func (s *Server) seen(q *request, one store.Person) page.Seen {
	at := worktime.Of(q.now)
	c := q.who.Person.Clock
	v := page.Seen{Person: s.person(one, q.now)}
	next, ok := c.Next(worktime.Normal, at+1, worktime.NotSealed)
	if !ok {
		return v
	}
	v.Next = next.Time()
	for _, w := range c.Day(c.DateOf(next)).Windows {
		v.Windows = append(v.Windows, w.Time())
	}
	return v
}

func (s *Server) followed(q *request) ([]page.Follow, error) {
	teams, err := q.read.Teams(q.r.Context())
	if err != nil {
		return nil, err
	}
	paces, err := q.read.Paces(q.r.Context(), append(store.TeamStreams(teams), store.WideStream))
	if err != nil {
		return nil, err
	}
	var out []page.Follow
	if pace, ok := paces[store.WideStream]; ok {
		out = append(out, page.Follow{Stream: store.WideStream, Name: q.words.T("write.everyone", "org", q.org.Name), Path: page.PathTeams, Pace: string(pace)})
	}
	for _, t := range teams {
		if pace, ok := paces[store.TeamStream(t.ID)]; ok {
			out = append(out, page.Follow{Stream: store.TeamStream(t.ID), Name: t.Name, Path: page.TeamPath(t.Slug), Pace: string(pace)})
		}
	}
	return out, nil
}

func pairs(week [7][]worktime.Span) map[string][]page.Pair {
	out := make(map[string][]page.Pair)
	for d, spans := range week {
		name := worktime.WeekdayName(time.Weekday(d))
		for _, sp := range spans {
			out[name] = append(out[name], page.Pair{From: sp.From.String(), To: sp.To.String()})
		}
	}
	return out
}

// windowsOf are the windows as the form shows them: one list, or one a day
// where working days differ.
func windowsOf(c worktime.Charter) (all []string, on map[string][]string, byDay bool) {
	on = make(map[string][]string)
	first := true
	for d, at := range c.Windows {
		name := worktime.WeekdayName(time.Weekday(d))
		for _, w := range at {
			on[name] = append(on[name], w.String())
		}
		if len(c.Hours[d]) == 0 {
			continue
		}
		if first {
			all, first = on[name], false
		} else if !slices.Equal(all, on[name]) {
			byDay = true
		}
	}
	return all, on, byDay
}

// absences lists time off, trips and holidays that are not over.
func (s *Server) absences(q *request, c charter.Charter, p *page.Charter) {
	clock := q.who.Person.Clock
	today := clock.DateOf(worktime.Of(q.now))
	zone := q.zone()
	at := func(d worktime.Date) time.Time { return midnight(d, zone) }
	for _, o := range c.Time.Off {
		row := page.Off{ID: offID(o), Part: o.Part}
		end := o.To
		if o.Part {
			end = o.End.Date()
			row.From, row.To = local(o.Begin, zone), local(o.End, zone)
		} else {
			row.From, row.To = at(o.From), at(o.To)
		}
		if end < today {
			continue
		}
		if next, ok := clock.Next(worktime.Normal, worktime.Of(at(end.AddDays(1))), worktime.NotSealed); ok && !o.Part {
			row.Back = next.Time()
		}
		p.Off = append(p.Off, row)
	}
	for _, t := range c.Time.Travel {
		if !t.Open && t.To < today {
			continue
		}
		row := page.Trip{ID: tripID(t), From: at(t.From), Open: t.Open, Zone: t.Zone}
		if !t.Open {
			row.To = at(t.To)
		}
		p.Trips = append(p.Trips, row)
	}
	p.Holidays = holidays(c, today, zone)
}

func local(l worktime.Local, zone *time.Location) time.Time {
	y, m, d := l.Date().Civil()
	secs := int(l - l.Date().At(0))
	return time.Date(y, m, d, secs/3600, secs/60%60, 0, 0, zone)
}

func found(fs []worktime.Finding) page.Problems {
	var out page.Problems
	for _, f := range fs {
		out = append(out, page.Problem{Field: f.Where, Code: string(f.Code)})
	}
	return out
}

// postCharter saves hours, windows, focus and who one is.
func (s *Server) postCharter(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	c := q.who.Person.Charter
	c.Time.Zone = strings.TrimSpace(form.Get("zone"))
	ps := readWeek(form, "hours", &c.Time.Hours)
	ps = append(ps, readWeek(form, "focus", &c.Time.Focus)...)
	ps = append(ps, readWindows(form, &c.Time)...)
	if b := strings.TrimSpace(form.Get("budget")); b == "" {
		c.Budget = 0
	} else if c.Budget, err = strconv.Atoi(b); err != nil || c.Budget < 0 || c.Budget > 480 {
		ps = append(ps, page.Problem{Field: "budget", Code: "not-a-number"})
	}
	c.Contact, c.ContactShown = strings.TrimSpace(form.Get("contact")), form.Get("contact_shown") == "yes"
	if len(c.Contact) > charter.MaxContact {
		ps = append(ps, page.Problem{Field: "contact", Code: "contact-length"})
	}
	if lang := form.Get("lang"); lang != "" && !slices.Contains(s.cfg.Words.Languages(), lang) {
		ps = append(ps, page.Problem{Field: "lang", Code: "unknown-language"})
	}
	if a := charter.Archetype(form.Get("archetype")); a != "" && !slices.Contains(charter.Archetypes(), a) {
		ps = append(ps, page.Problem{Field: "archetype", Code: "unknown-archetype"})
	}
	c.Cover = ""
	if cover := strings.TrimSpace(form.Get("cover")); cover != "" {
		if c.Cover, err = s.oneNamed(q, cover); err != nil {
			ps = append(ps, page.Problem{Field: "cover", Code: "unknown-person", Values: []any{"name", cover}})
		}
	}
	return s.saveCharter(q, form, c, ps, "")
}

// saveCharter gives a charter to the door; a refusal shows the page with what
// was typed.
func (s *Server) saveCharter(q *request, form url.Values, c charter.Charter, ps page.Problems, act string) error {
	if len(ps) == 0 {
		revision, err := strconv.ParseInt(form.Get("revision"), 10, 64)
		if err != nil {
			revision = q.who.Person.Revision // the lists change one entry of the newest
		}
		_, err = s.cfg.Door.SetCharter(q.r.Context(), q.actor(), door.CharterDraft{
			Key: form.Get("key"), Revision: revision, Charter: c, Reason: form.Get("reason"), Place: strings.TrimSpace(form.Get("place")),
			Lang: form.Get("lang"), Archetype: charter.Archetype(form.Get("archetype")),
		})
		if err == nil {
			return q.seeOther(page.PathCharter)
		}
		invalid, wrong := errors.AsType[*door.Invalid](err)
		if more, ok := problems(err); ok {
			ps = more
		} else if wrong {
			ps = found(invalid.Findings)
		} else {
			return err
		}
	}
	p, err := s.charterPage(q, c)
	if err != nil {
		return err
	}
	p.Problems, p.Act, p.Typed = ps, act, make(map[string]string)
	for name := range form {
		p.Typed[name] = form.Get(name)
	}
	if act == "" && form.Has("zone") {
		keepTyped(form, &p)
	}
	return q.show(http.StatusUnprocessableEntity, p.View())
}

// keepTyped puts into the form what was typed in it, readable or not (R5.5).
func keepTyped(form url.Values, p *page.Charter) {
	p.Hours, p.Focus, p.WindowsOn = map[string][]page.Pair{}, map[string][]page.Pair{}, map[string][]string{}
	for d := range 7 {
		day := worktime.WeekdayName(time.Weekday(d))
		p.Hours[day], p.Focus[day] = typedPairs(form, rowOf(form, "hours", day)), typedPairs(form, rowOf(form, "focus", day))
		p.WindowsOn[day] = typedClocks(form["windows."+day])
	}
	p.Windows, p.ByDay = typedClocks(form["windows"]), form.Get("by_day") == "yes"
	p.EachDay = make(map[string]bool)
	for _, part := range form["each"] {
		p.EachDay[part] = true
	}
	p.Zone, p.Place, p.Budget, p.Cover = form.Get("zone"), form.Get("place"), form.Get("budget"), form.Get("cover")
	p.Lang, p.Archetype = form.Get("lang"), form.Get("archetype")
}

// rowOf are the fields in which the spans of a day stand: its own, or those of
// the first of several that are alike.
func rowOf(form url.Values, part, day string) string {
	return part + "." + cmp.Or(form.Get(page.DayAs(part, day)), day)
}

func typedPairs(form url.Values, field string) (out []page.Pair) {
	from, to := form[field+".from"], form[field+".to"]
	for i := range min(len(from), len(to)) {
		if one := (page.Pair{From: from[i], To: to[i]}); strings.TrimSpace(one.From+one.To) != "" {
			out = append(out, one)
		}
	}
	return out
}

func typedClocks(typed []string) []string {
	return slices.DeleteFunc(slices.Clone(typed), func(v string) bool { return strings.TrimSpace(v) == "" })
}

// readWeek reads the rows of spans of a form.
func readWeek(form url.Values, name string, week *[7][]worktime.Span) page.Problems {
	var ps page.Problems
	for d := range week {
		week[d] = nil
		day := worktime.WeekdayName(time.Weekday(d))
		field, row := name+"."+day, rowOf(form, name, day)
		from, to := form[row+".from"], form[row+".to"]
		for i := range min(len(from), len(to)) {
			if strings.TrimSpace(from[i]) == "" && strings.TrimSpace(to[i]) == "" {
				continue
			}
			a, okA := readClock(from[i])
			b, okB := readClock(to[i])
			if !okA || !okB {
				ps = append(ps, notTime(field, from[i], okA, to[i], okB))
				continue
			}
			week[d] = append(week[d], worktime.Span{From: a, To: b})
		}
	}
	return ps
}

// notTime says which of two times is none.
func notTime(field, from string, okFrom bool, to string, okTo bool) page.Problem {
	for _, t := range []struct {
		typed string
		ok    bool
	}{{from, okFrom}, {to, okTo}} {
		if typed := strings.TrimSpace(t.typed); !t.ok && typed != "" {
			return page.Problem{Field: field, Code: "not-a-time", Values: []any{"name", typed}}
		}
	}
	return page.Problem{Field: field, Code: string(worktime.CodeTime)}
}

// readWindows reads one list of windows for all days, or one a day.
func readWindows(form url.Values, c *worktime.Charter) page.Problems {
	var ps page.Problems
	read := func(field string) []worktime.TimeOfDay {
		var out []worktime.TimeOfDay
		for _, v := range form[field] {
			if strings.TrimSpace(v) == "" {
				continue
			}
			t, ok := readClock(v)
			if !ok {
				ps = append(ps, page.Problem{Field: "windows", Code: "not-a-time", Values: []any{"name", v}})
				continue
			}
			out = append(out, t)
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	if form.Get("by_day") != "yes" {
		c.Windows = worktime.EveryDay(read("windows")...)
		return ps
	}
	for d := range c.Windows {
		c.Windows[d] = read("windows." + worktime.WeekdayName(time.Weekday(d)))
	}
	return ps
}

// postTimeOff adds time off: whole days, or some hours.
func (s *Server) postTimeOff(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	c := q.who.Person.Charter
	from, to := strings.TrimSpace(form.Get("from")), strings.TrimSpace(form.Get("to"))
	if to == "" {
		to = from
	}
	begin, end := strings.TrimSpace(form.Get("from_clock")), strings.TrimSpace(form.Get("to_clock"))
	if begin != "" || end != "" {
		a, okA := readClock(begin)
		b, okB := readClock(end)
		if !okA || !okB {
			return s.saveCharter(q, form, c, page.Problems{{Field: "from_clock", Code: "unreadable-clock"}}, "time-off")
		}
		from, to = from+"T"+a.String(), to+"T"+b.String()
	}
	off, err := worktime.ParseTimeOff(from, to)
	if err != nil {
		return s.saveCharter(q, form, c, page.Problems{{Field: "from", Code: "unreadable-date"}}, "time-off")
	}
	c.Time.Off = append(slices.Clone(c.Time.Off), off)
	return s.saveCharter(q, form, c, nil, "time-off")
}

// postTrip adds a stay in another zone.
func (s *Server) postTrip(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	c := q.who.Person.Charter
	trip := worktime.Trip{Zone: strings.TrimSpace(form.Get("zone"))}
	if trip.From, err = worktime.ParseDate(strings.TrimSpace(form.Get("from"))); err != nil {
		return s.saveCharter(q, form, c, page.Problems{{Field: "from", Code: "unreadable-date"}}, "trips")
	}
	if to := strings.TrimSpace(form.Get("to")); to == "" {
		trip.Open = true
	} else if trip.To, err = worktime.ParseDate(to); err != nil {
		return s.saveCharter(q, form, c, page.Problems{{Field: "to", Code: "unreadable-date"}}, "trips")
	}
	if _, err := s.cfg.Zones(trip.Zone); err != nil {
		return s.saveCharter(q, form, c, page.Problems{{Field: "zone", Code: "unknown-zone"}}, "trips")
	}
	c.Time.Travel = append(slices.Clone(c.Time.Travel), trip)
	return s.saveCharter(q, url.Values{"key": form["key"], "from": form["from"], "to": form["to"]}, c, nil, "trips")
}

// postAbsenceRemoval takes one entry out of a list of the charter, by what it
// says: a list that changed meanwhile loses no other.
func (s *Server) postAbsenceRemoval(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	c := q.who.Person.Charter
	id := q.r.PathValue("id")
	switch q.r.PathValue("list") {
	case "time-off":
		c.Time.Off, err = remove(c.Time.Off, id, offID)
	case "trips":
		c.Time.Travel, err = remove(c.Time.Travel, id, tripID)
	case "holidays":
		c.Time.Holidays, err = remove(c.Time.Holidays, id, worktime.Date.String)
		c = namedOnly(c)
	default:
		err = access.ErrHidden
	}
	if err != nil {
		return err
	}
	return s.saveCharter(q, form, c, nil, "")
}

func offID(o worktime.TimeOff) string {
	from, to := o.Strings()
	return from + "_" + to
}

func tripID(t worktime.Trip) string { return t.From.String() }

func remove[T any](list []T, id string, of func(T) string) ([]T, error) {
	left := slices.DeleteFunc(slices.Clone(list), func(v T) bool { return of(v) == id })
	if len(left) == len(list) {
		return nil, fmt.Errorf("no entry %q: %w", id, access.ErrHidden)
	}
	return left, nil
}
