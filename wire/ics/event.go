package ics

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Event is a VEVENT as far as it says when and with whom it is. Texts are cut at
// maxText.
type Event struct {
	Line     int // of the file
	UID      string
	Sequence int
	Status   string // in capitals: CONFIRMED, TENTATIVE, CANCELLED, "" for none
	Free     bool   // TRANSP:TRANSPARENT
	Busy     string // X-MICROSOFT-CDO-BUSYSTATUS in capitals, "" for none
	Class    string // in capitals
	Method   string // of its calendar, in capitals

	Summary, Description, Location, URL string
	Conferences                         []string // of CONFERENCE and what programs write instead
	Attached                            int      // ATTACH

	Organizer Attendee
	Attendees []Attendee

	Start    Time
	End      Time // of DTEND
	Length   int64
	Days     int // of a DURATION, each as long as it is there
	byEnd    bool
	Created  worktime.Instant // 0 for unknown
	Stamp    worktime.Instant // DTSTAMP
	Modified worktime.Instant

	Rules     []*Rule
	RDates    []Period
	ExDates   []Time
	Replaces  Time // RECURRENCE-ID
	Override  bool // it has one
	AndFuture bool // RANGE=THISANDFUTURE
	calendar  *Object
	told      bool // that its rule repeats without measure
}

// Period is a time of a RDATE with its own end, if it names one.
type Period struct {
	Start  Time
	End    Time
	Length int64
	Own    bool // End or Length is meant
}

// Attendee is somebody who takes part.
type Attendee struct {
	Address string // in lower case, without "mailto:"; what stands there when it is none
	Name    string // CN
	Status  string // PARTSTAT in capitals
	Role    string // in capitals
	Kind    string // CUTYPE in capitals
}

// maxText bounds each text of an event, in bytes.
const maxText = 16 << 10

// Object is a VCALENDAR with its events.
type Object struct {
	Name   string // X-WR-CALNAME
	Zone   string // X-WR-TIMEZONE
	Method string // in capitals
	Events []*Event
	file   string
}

// building is an Object while it is read.
type building struct {
	o      Object
	zones  *Zones
	places map[string]int // of the zones' names
	names  []string       // by place
	lines  []int          // where they first stand
	own    map[string]*worktime.Zone
	seen   int // components with the name VEVENT
	texts  map[string]string
}

func newBuilding(zones *Zones) *building {
	return &building{
		zones: zones, places: make(map[string]int), names: []string{"", "UTC"}, lines: []int{0, 0}, own: make(map[string]*worktime.Zone), texts: make(map[string]string),
	}
}

// same keeps one copy of what stands in many events.
func (b *building) same(s string) string {
	if s == "" || len(s) > 100 {
		return s
	}
	if t, ok := b.texts[s]; ok {
		return t
	}
	if len(b.texts) < 10_000 {
		b.texts[s] = s
	}
	return s
}

// moment reads a value of a property that holds times.
func (b *building) moment(p Property, value []byte) (Time, error) {
	t, err := parseTime(value)
	if err != nil || t.Whole || t.place == inUTC || len(p.params) == 0 {
		return t, err
	}
	id := p.Param("TZID")
	if id == "" {
		return t, nil
	}
	place, ok := b.places[id]
	if !ok {
		place = len(b.names)
		b.places[id] = place
		b.names, b.lines = append(b.names, id), append(b.lines, p.Line)
	}
	t.place = place
	return t, nil
}

// add takes a VEVENT in. A fault is what keeps it out.
func (b *building) add(c *Component) *Fault {
	b.seen++
	e := &Event{Line: c.Line}
	started := false
	var code FaultCode
	var failed Property
	fail := func(p Property, why FaultCode) {
		if code == "" {
			code, failed = why, p
		}
	}
	for _, p := range c.Properties {
		var err error
		why := BadTime
		switch p.Name {
		case "UID":
			e.UID = strings.TrimSpace(p.Text())
		case "SUMMARY":
			e.Summary = b.same(text(p))
		case "DESCRIPTION":
			e.Description = text(p)
		case "LOCATION":
			e.Location = b.same(text(p))
		case "URL":
			e.URL = text(p)
		case "CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK", "X-MICROSOFT-ONLINEMEETINGCONFLINK", "X-MICROSOFT-ONLINEMEETINGINFORMATION":
			if len(e.Conferences) < 10 {
				e.Conferences = append(e.Conferences, text(p))
			}
		case "ATTACH":
			e.Attached++
		case "ORGANIZER":
			e.Organizer = b.attendee(p)
		case "ATTENDEE":
			e.Attendees = append(e.Attendees, b.attendee(p))
		case "STATUS":
			e.Status = b.same(capitals(p))
		case "TRANSP":
			e.Free = capitals(p) == "TRANSPARENT"
		case "X-MICROSOFT-CDO-BUSYSTATUS":
			e.Busy = b.same(capitals(p))
		case "CLASS":
			e.Class = b.same(capitals(p))
		case "SEQUENCE":
			e.Sequence, _ = strconv.Atoi(strings.TrimSpace(p.Raw())) // none is the first
		case "CREATED":
			e.Created = stamp(p)
		case "DTSTAMP":
			e.Stamp = stamp(p)
		case "LAST-MODIFIED":
			e.Modified = stamp(p)
		case "DTSTART":
			if started {
				break // it may stand there once: the first counts
			}
			e.Start, err = b.moment(p, p.value)
			started = true
		case "DTEND":
			e.End, err = b.moment(p, p.value)
			e.byEnd = true
		case "DURATION":
			if e.byEnd { // both are against the RFC: the end is what programs show
				break
			}
			e.Days, e.Length, err = parseDuration(strings.TrimSpace(p.Raw()))
		case "RRULE":
			var r *Rule
			why = BadRule
			if r, err = parseRule(p.Raw()); err == nil && len(e.Rules) < 50 {
				e.Rules = append(e.Rules, r)
			}
		case "RDATE":
			err = b.rdates(e, p)
		case "EXDATE":
			for one := range bytes.SplitSeq(p.value, []byte(",")) {
				var t Time
				if t, err = b.moment(p, one); err != nil {
					break
				}
				e.ExDates = append(e.ExDates, t)
			}
		case "RECURRENCE-ID":
			e.Replaces, err = b.moment(p, p.value)
			e.Override = true
			e.AndFuture = len(p.params) > 0 && strings.EqualFold(p.Param("RANGE"), "THISANDFUTURE")
		case "X-MICROSOFT-CDO-ALLDAYEVENT":
			if capitals(p) == "TRUE" {
				defer func() { e.wholeDays() }()
			}
		}
		if err != nil {
			fail(p, why)
		}
	}
	if !started && code == "" {
		return &Fault{Line: c.Line, Code: NoStart, Text: clean(e.Summary)}
	}
	if code != "" {
		return &Fault{Line: failed.Line, Code: code, Text: clean(failed.Name + ":" + failed.Raw())}
	}
	if e.Start.Whole {
		for _, r := range e.Rules {
			if r.freq < daily {
				return &Fault{Line: c.Line, Code: BadRule, Text: clean(e.Summary)}
			}
			r.hours, r.minutes, r.seconds = 0, 0, 0 // they mean nothing to a date
		}
	}
	if e.byEnd && e.Start.Whole != e.End.Whole { // one a date and one a time
		e.End.Whole = e.Start.Whole
	}
	b.o.Events = append(b.o.Events, e)
	return nil
}

// wholeDays makes days of what Outlook writes from midnight to midnight.
func (e *Event) wholeDays() {
	if e.Start.Whole || int64(e.Start.Local)%day != 0 || e.byEnd && int64(e.End.Local)%day != 0 {
		return
	}
	e.Start = Time{Local: e.Start.Local, Whole: true}
	if e.byEnd {
		e.End = Time{Local: e.End.Local, Whole: true}
	}
}

func (b *building) rdates(e *Event, p Property) error {
	for one := range bytes.SplitSeq(p.value, []byte(",")) {
		from, to, period := bytes.Cut(one, []byte("/"))
		at, err := b.moment(p, from)
		if err != nil {
			return err
		}
		v := Period{Start: at, Own: period}
		if period {
			if len(to) > 0 && (to[0] == 'P' || to[0] == 'p' || to[0] == '+') {
				days, seconds, err := parseDuration(string(to))
				if err != nil {
					return err
				}
				v.Length = int64(days)*day + seconds
			} else if v.End, err = b.moment(p, to); err != nil {
				return err
			}
		}
		e.RDates = append(e.RDates, v)
	}
	return nil
}

func (b *building) attendee(p Property) Attendee {
	a := Attendee{Address: strings.ToLower(strings.TrimSpace(p.Raw()))}
	if len(a.Address) > 7 && a.Address[:7] == "mailto:" {
		a.Address = a.Address[7:]
	}
	a.Address = b.same(a.Address)
	if len(p.params) > 0 {
		a.Name = b.same(p.Param("CN"))
		a.Status = b.same(strings.ToUpper(p.Param("PARTSTAT")))
		a.Role = b.same(strings.ToUpper(p.Param("ROLE")))
		a.Kind = b.same(strings.ToUpper(p.Param("CUTYPE")))
	}
	return a
}

func text(p Property) string {
	if len(p.value) > maxText {
		p.value = p.value[:maxText]
	}
	return p.Text()
}

func capitals(p Property) string { return strings.ToUpper(strings.TrimSpace(p.Raw())) }

// stamp is an instant, 0 for what is none.
func stamp(p Property) worktime.Instant {
	t, err := parseTime(p.value)
	if err != nil {
		return 0
	}
	return worktime.Instant(t.Local)
}

// define takes a VTIMEZONE in.
func (b *building) define(c *Component) {
	p, ok := c.Get("TZID")
	if !ok {
		return
	}
	id := p.Text()
	if _, known := b.zones.Named(id); known {
		return // the tz database knows more of it
	}
	if zone, err := b.zones.Defined(c); err == nil {
		b.own[id] = zone
	}
}

// finished gives every time its zone. The faults are the zones that nobody knows.
func (b *building) finished(head *Component) (*Object, []Fault) {
	for _, p := range head.Properties {
		switch p.Name {
		case "X-WR-CALNAME":
			b.o.Name = text(p)
		case "X-WR-TIMEZONE":
			b.o.Zone = strings.TrimSpace(p.Text())
		case "METHOD":
			b.o.Method = capitals(p)
		}
	}
	zones := make([]*worktime.Zone, len(b.names))
	var faults []Fault
	zones[inUTC], _ = b.zones.Named("UTC")
	for i, id := range b.names[2:] {
		zone, ok := b.zones.Named(id)
		if !ok {
			if zone, ok = b.own[id]; !ok {
				faults = append(faults, Fault{Line: b.lines[i+2], Code: UnknownZone, Text: clean(id)})
			}
		}
		zones[i+2] = zone
	}
	set := func(t *Time) { t.Zone = zones[t.place] }
	for _, e := range b.o.Events {
		e.Method, e.calendar = b.o.Method, &b.o
		set(&e.Start)
		set(&e.End)
		series := func(t *Time) { // what floats here is in the series' own zone
			if set(t); t.Zone == nil && !t.Whole {
				t.Zone = e.Start.Zone
			}
		}
		series(&e.Replaces)
		for i := range e.RDates {
			series(&e.RDates[i].Start)
			series(&e.RDates[i].End)
		}
		for i := range e.ExDates {
			series(&e.ExDates[i])
		}
		if e.byEnd && e.reversed() {
			faults = append(faults, Fault{Line: e.Line, Code: EndsEarlier, Text: clean(e.Summary)})
			e.End = e.Start
		}
	}
	return &b.o, faults
}

// reversed reports whether an event ends before it starts.
func (e *Event) reversed() bool {
	if e.Start.Whole || e.Start.Zone == e.End.Zone {
		return e.End.Local < e.Start.Local
	}
	if e.Start.Zone == nil || e.End.Zone == nil {
		return false
	}
	return e.End.At(nil) < e.Start.At(nil)
}
