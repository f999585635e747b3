package intake

import (
	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/ics"
)

// year is how far ahead an invitation is looked for, and how often it repeats.
const year = 366 * 24 * 3600

// Gate finds the meeting that an invitation is about: its first time from now on,
// else its last one. c is the person's own calendar, for what else is on that
// day; perWeek is how often the meeting takes place, 0 for once. ok is false when
// the invitation holds no meeting.
func (c *Calendars) Gate(invite *Calendars, asked Asked, now worktime.Instant) (in *audit.Input, meeting audit.Instance, perWeek float64, ok bool) {
	zone := asked.Zone
	if zone == nil {
		zone = invite.Zone()
	}
	me := lowered(asked.Me)
	if len(me) == 0 {
		me = c.me()
	}
	in = &audit.Input{Me: me, Domains: ownDomains(asked.Domains, me)}
	made := make(map[*ics.Event]*audit.Item)
	of := func(i ics.Instance) audit.Instance {
		return audit.Instance{Item: itemOf(made, i), Start: i.Start, End: i.End, Whole: i.Whole, Cancelled: i.Cancelled, Excluded: i.Excluded}
	}
	for i := range invite.Instances(now-year, now+year, zone) {
		if i.Whole || i.Cancelled || i.End <= i.Start {
			continue
		}
		one := of(i)
		switch {
		case !ok, one.Start >= now && meeting.Start < now, one.Start >= now && one.Start < meeting.Start, one.Start < now && meeting.Start < now && one.Start > meeting.Start:
			meeting, ok = one, true
		}
	}
	if !ok {
		return in, meeting, 0, false
	}
	if meeting.Item.Recurring {
		first, last := meeting.Start, meeting.Start
		n := 0
		for i := range invite.Instances(meeting.Start, meeting.Start+year, zone) {
			if one := of(i); one.Item == meeting.Item && !i.Cancelled {
				last, n = max(last, i.Start), n+1
			}
		}
		if n > 1 {
			perWeek = float64(n-1) / (float64(last-first) / (7 * 24 * 3600))
		}
	}
	const day = 24 * 3600
	for i := range c.Instances(meeting.Start-2*day, meeting.End+2*day, zone) {
		if one := of(i); one.Item.Series != meeting.Item.Series { // it may stand there already
			in.Instances = append(in.Instances, one)
		}
	}
	return in, meeting, perWeek, true
}
