package intake

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/ics"
)

// before is how long before the weeks that are looked at instances are read, by
// which habits are told (A5, row 7), in days.
const before = 40 * 7

// Asked is what somebody says of themselves and of what to look at; what is left
// out is read from the calendars.
type Asked struct {
	Zone     *worktime.Zone
	Me       []string
	Domains  []string
	From, To worktime.Date // To is not among them; both 0 for the last weeks
	Shared   bool
	Own      bool // it is not shared, whatever it looks like
}

// Read is how calendars were taken for an audit.
type Read struct {
	Zone  *worktime.Zone
	Me    []string
	Guess bool // nobody said who "me" is
	Name  string
}

// Audit makes an audit's input of calendars, and of a chat where there is one: who
// it is about, in which zone, over which weeks, and every instance in them (A1).
// The clock and what the person says besides are the caller's to set.
func (c *Calendars) Audit(asked Asked, talk *Talk, now worktime.Instant) (*audit.Input, Read) {
	read := Read{Zone: asked.Zone, Me: lowered(asked.Me)}
	if read.Zone == nil {
		read.Zone = c.zone(talk)
	}
	for _, o := range c.Objects {
		if o.Name != "" {
			read.Name = o.Name
			break
		}
	}
	if len(read.Me) == 0 {
		read.Me = c.me()
		read.Guess = true
	}
	in := &audit.Input{Me: read.Me, Domains: ownDomains(asked.Domains, read.Me), Recovery: worktime.Recovery}
	in.Weeks = c.weeks(asked, talk, read.Zone, now)
	if len(in.Weeks) > 0 {
		at := func(d worktime.Date) worktime.Instant { return read.Zone.AtRFC5545(d.At(0)) }
		last := in.Weeks[len(in.Weeks)-1].AddDays(7)
		made := make(map[*ics.Event]*audit.Item)
		for i := range c.Instances(at(in.Weeks[0].AddDays(-before)), at(last), read.Zone) {
			in.Instances = append(in.Instances, audit.Instance{Item: itemOf(made, i), Start: i.Start, End: i.End, Whole: i.Whole, Cancelled: i.Cancelled, Excluded: i.Excluded})
		}
		if talk != nil {
			in.Instances = append(in.Instances, talk.CallsOf()...)
		}
	}
	in.Own, in.Shared = asked.Own, asked.Shared || !asked.Own && len(asked.Me) == 0 && c.shared(read.Name)
	return in, read
}

// lowered are addresses as calendars are read: in lower case.
func lowered(addresses []string) (out []string) {
	for _, a := range addresses {
		out = append(out, strings.ToLower(strings.TrimSpace(a)))
	}
	return out
}

// ownDomains are those of the person's organisation: what they say, else that of
// their addresses.
func ownDomains(said, me []string) []string {
	if len(said) > 0 {
		return said
	}
	var own []string
	for _, m := range me {
		if _, domain, ok := strings.Cut(m, "@"); ok && !public[domain] {
			own = append(own, domain)
		}
	}
	return own
}

// public are the domains where anybody has an address (A7.3).
var public = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "outlook.com": true, "hotmail.com": true, "live.com": true, "yahoo.com": true, "icloud.com": true, "me.com": true,
	"aol.com": true, "gmx.de": true, "gmx.net": true, "gmx.at": true, "gmx.ch": true, "web.de": true, "t-online.de": true, "proton.me": true, "protonmail.com": true,
	"mail.ru": true, "yandex.ru": true, "yandex.com": true, "orange.fr": true, "free.fr": true, "laposte.net": true, "wanadoo.fr": true, "fastmail.com": true,
}

func itemOf(made map[*ics.Event]*audit.Item, i ics.Instance) *audit.Item {
	e := i.Event
	if item, ok := made[e]; ok {
		return item
	}
	item := &audit.Item{
		Series: e.UID, Title: norm.NFKC.String(e.Summary), Text: norm.NFKC.String(e.Description), Place: e.Location, Attached: e.Attached,
		Organizer: party(e.Organizer), Override: e.Override, Private: e.Class == "PRIVATE" || e.Class == "CONFIDENTIAL",
		Free: e.Free || e.Busy == "FREE" || e.Busy == "OOF" || e.Busy == "WORKINGELSEWHERE", Away: e.Busy == "OOF",
		Created: e.Created, Online: e.Conferences,
	}
	if item.Created == 0 && e.Method == "REQUEST" {
		item.Created = e.Stamp
	}
	if e.URL != "" {
		item.Online = append(slices.Clip(item.Online), e.URL)
	}
	if item.Series == "" { // what has no name repeats under its title at its time
		item.Series = e.Summary + "\x00" + time.Unix(int64(e.Start.Local), 0).UTC().Format("150405")
	}
	series := e
	if i.Series != nil {
		series = i.Series
	}
	item.Recurring = len(series.Rules) > 0 || len(series.RDates) > 0
	item.Endless = len(series.Rules) > 0
	for _, r := range series.Rules {
		if r.Ends() {
			item.Endless = false
		}
	}
	item.Begins = worktime.Instant(series.Start.Local) // within a day, which is enough
	for _, a := range e.Attendees {
		item.Attendees = append(item.Attendees, party(a))
	}
	made[e] = item
	return item
}

func party(a ics.Attendee) audit.Party {
	p := audit.Party{Address: a.Address, Name: a.Name, Apart: a.Kind == "RESOURCE" || a.Kind == "ROOM" || a.Role == "NON-PARTICIPANT"}
	switch a.Status {
	case "ACCEPTED":
		p.Answer = audit.Yes
	case "DECLINED", "DELEGATED":
		p.Answer = audit.No
	case "TENTATIVE":
		p.Answer = audit.Maybe
	case "NEEDS-ACTION":
		p.Answer = audit.Unsaid
	}
	return p
}

// weeks are the Mondays of the weeks to look at: those asked for, else the last
// four complete ones, else the last four in which there is something (A1.3).
func (c *Calendars) weeks(asked Asked, talk *Talk, zone *worktime.Zone, now worktime.Instant) (out []worktime.Date) {
	const weeks = 4
	local := func(t worktime.Instant) worktime.Date { return worktime.DateFrom(t.Time().In(zone.Location()).Date()) }
	monday := worktime.StartOn(time.Monday).First
	if asked.To != 0 {
		for d := monday(asked.From.AddDays(6)); d.AddDays(7) <= asked.To; d = d.AddDays(7) {
			out = append(out, d)
		}
		return out
	}
	end := monday(local(now))
	has := make(map[worktime.Date]bool)
	to := zone.AtRFC5545(end.At(0))
	for _, years := range []int{2, 10, 60} { // an old file is looked at where it ends
		for i := range c.Instances(zone.AtRFC5545(end.AddDays(-years*366).At(0)), to, zone) {
			if !i.Whole && !i.Cancelled && i.End > i.Start && i.Start < to {
				has[monday(local(i.Start))] = true
			}
		}
		if len(has) > 0 {
			break
		}
	}
	if talk != nil {
		for i := range talk.Messages {
			if at := talk.Messages[i].At; at < zone.AtRFC5545(end.At(0)) {
				has[monday(local(at))] = true
			}
		}
	}
	last := end.AddDays(-7)
	recent := false
	for n := range weeks {
		recent = recent || has[last.AddDays(-7*n)]
	}
	if recent {
		for n := weeks - 1; n >= 0; n-- {
			out = append(out, last.AddDays(-7*n))
		}
		return out
	}
	found := make([]worktime.Date, 0, len(has))
	for d := range has {
		found = append(found, d)
	}
	slices.Sort(found)
	return found[max(0, len(found)-weeks):]
}

// me is whose calendar it is: its name where that is an address, else the one
// address that is in most of its events and clearly more than any other (A1.4).
func (c *Calendars) me() []string {
	for _, o := range c.Objects {
		if name := strings.ToLower(strings.TrimSpace(o.Name)); strings.Contains(name, "@") && !strings.ContainsAny(name, " \t") && !strings.HasSuffix(name, "calendar.google.com") {
			return []string{name}
		}
	}
	count := make(map[string]int)
	all := 0
	for _, o := range c.Objects {
		for _, e := range o.Events {
			if len(e.Attendees) == 0 {
				continue
			}
			all++
			seen := make(map[string]bool)
			for _, a := range append(slices.Clone(e.Attendees), e.Organizer) {
				if strings.Contains(a.Address, "@") && !seen[a.Address] {
					seen[a.Address] = true
					count[a.Address]++
				}
			}
		}
	}
	first, second := "", 0
	for a, n := range count {
		switch {
		case first == "" || n > count[first] || n == count[first] && a < first:
			if first != "" {
				second = max(second, count[first])
			}
			first = a
		default:
			second = max(second, n)
		}
	}
	if all >= 3 && first != "" && float64(count[first]) >= .6*float64(all) && float64(count[first]) >= 1.25*float64(second) {
		return []string{first}
	}
	return nil
}

// sharedWords are in the names of calendars that are no person's (A1.5).
var sharedWords = []string{
	"community", "public", "events", "conference", "schedule", "öffentlich", "termine", "veranstaltungen", "agenda", "événements", "eventos", "etkinlik",
}

// shared reports whether calendars look like nobody's own.
func (c *Calendars) shared(name string) bool {
	low := strings.ToLower(name)
	if slices.ContainsFunc(sharedWords, func(w string) bool { return strings.Contains(low, w) }) {
		return true
	}
	groups, others := false, false
	for _, o := range c.Objects {
		for _, e := range o.Events {
			for _, a := range append(slices.Clone(e.Attendees), e.Organizer) {
				switch {
				case strings.HasSuffix(a.Address, "@group.calendar.google.com"):
					groups = true
				case a.Address != "":
					others = true
				}
			}
		}
	}
	return groups && !others
}
