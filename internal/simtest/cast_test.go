package simtest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/rubato-hq/rubato/internal/simtest/oracle"
)

// zones are those of the people: every kind of offset, and changes of daylight
// saving on four different days of the month.
var zones = []string{
	"Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Chatham", "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo",
	"Pacific/Apia", "Pacific/Kiritimati", "America/Sao_Paulo", "Asia/Tehran", "Asia/Kolkata", "America/St_Johns", "Australia/Adelaide",
}

// person is one of the cast, with the charters they will have, in order.
type person struct {
	handle   string
	joins    int64 // nanoseconds
	leaves   int64 // 0 for never
	charters []oracle.Charter
	changes  []instant // of charters[1:]
	teams    []int     // joined at first
}

// instant is when an act is done. After the look means: when the briefs of that
// very instant have been made.
type instant struct {
	nano      int64
	afterLook bool
}

// team is one of the organisation.
type team struct {
	slug    string
	open    bool
	members []int // at first; the first one makes it
}

// shift is a way to work: hours by weekday, and the windows that suit them.
type shift struct {
	hours   [7][]string
	windows []string
	focus   []string
}

func week(days string, spans ...string) (w [7][]string) {
	for d := range w {
		if days[d] != '-' {
			w[d] = spans
		}
	}
	return w
}

func join(weeks ...[7][]string) (w [7][]string) {
	for _, v := range weeks {
		for d := range v {
			w[d] = append(w[d], v[d]...)
		}
	}
	return w
}

const (
	monFri = "-mtwtf-"
	daily  = "smtwtfs"
)

// shifts are drawn from. Weekdays begin on Sunday.
func shifts() []shift {
	office := []string{"09:30", "10:00", "11:00", "11:45", "13:30", "14:00", "15:15", "16:00", "17:00"}
	return []shift{
		{week(monFri, "09:00-17:00"), office, []string{"09:00-11:00", "13:00-15:30", "14:00-16:30", "10:30-11:30"}},
		{week(monFri, "09:00-12:30", "13:30-17:30"), []string{"09:00", "11:00", "12:30", "14:00", "16:00", "17:30"}, []string{"09:00-11:00", "14:00-16:30", "15:30-17:30"}},
		{join(week("-mtwt--", "08:30-17:00"), week("-----f-", "08:30-13:00")), []string{"08:30", "10:00", "11:00", "12:45", "16:00"}, []string{"08:30-10:30", "11:30-13:00"}},
		{week("-mtw-f-", "08:00-18:00"), office, []string{"08:00-12:00", "13:00-17:00"}},
		{week(monFri, "06:30-14:30"), []string{"07:00", "10:00", "11:00", "14:00"}, []string{"06:30-09:30", "12:00-14:30"}},
		{week(monFri, "12:00-20:00"), []string{"12:15", "14:00", "16:00", "19:45", "20:00"}, []string{"12:00-14:00", "17:00-20:00"}},
		{week(monFri, "09:00-12:00"), []string{"09:15", "11:00", "12:00"}, []string{"09:00-10:30"}},
		{week(monFri, "07:00-11:00", "15:00-19:00"), []string{"08:00", "10:30", "15:00", "18:30"}, []string{"07:00-09:00", "15:00-17:00"}},
		{week("smtwt--", "09:00-17:00"), office, []string{"09:00-11:00", "14:00-16:00"}},
		{week("smtw--s", "08:00-16:00"), []string{"08:30", "10:00", "11:00", "13:30", "15:45"}, []string{"08:00-10:00", "12:30-14:30"}},
		{week(monFri, "22:00-06:00"), []string{"23:00", "02:30", "05:00", "01:15"}, []string{"00:00-02:00", "03:00-04:30", "23:30-01:30"}},
		{week("s--wtfs", "21:00-05:00"), []string{"22:00", "02:15", "02:45", "04:30", "05:00"}, []string{"01:30-03:00", "22:30-01:00"}},
		{join(week("s-----s", "00:00-24:00"), week("-m---f-", "10:00-18:00")), []string{"11:00", "16:00", "12:00"}, []string{"10:00-12:00", "14:30-16:30"}},
		{week(daily, "00:00-24:00"), []string{"02:15", "02:45", "11:00", "00:00", "18:30"}, []string{"02:00-03:00", "12:00-16:00"}},
		{week("-mtwtfs", "16:00-24:00"), []string{"17:00", "20:00", "23:30", "16:00"}, []string{"16:00-18:00", "21:00-23:00", "22:00-24:00"}},
	}
}

// caster draws people and their lives.
type caster struct {
	*rand.Rand

	from, to time.Time
}

// one of a list.
func one[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// some of a list, n of them, in its order.
func some[T any](r *rand.Rand, list []T, n int) []T {
	picked := r.Perm(len(list))[:min(n, len(list))]
	slices.Sort(picked)
	out := make([]T, len(picked))
	for i, p := range picked {
		out[i] = list[p]
	}
	return out
}

// chance is true n times in a hundred.
func (r caster) chance(n int) bool { return r.IntN(100) < n }

// date is a drawn date within the month, or a little beyond.
func (r caster) date() time.Time {
	days := int(r.to.Sub(r.from)/(24*time.Hour)) + 2
	return r.from.AddDate(0, 0, r.IntN(days)-1)
}

// charter draws one from scratch that the product does not refuse.
func (r caster) charter(zone string) oracle.Charter {
	for {
		if c := r.anyCharter(zone); accepted(c) {
			return c
		}
	}
}

func (r caster) anyCharter(zone string) oracle.Charter {
	s := one(r.Rand, shifts())
	c := oracle.Charter{Zone: zone, Hours: s.hours, WeekFrom: one(r.Rand, []time.Weekday{time.Monday, time.Monday, time.Sunday, time.Saturday})}
	r.windows(&c, s)
	if r.chance(55) {
		r.focus(&c, s)
	}
	for range r.IntN(3) {
		c.Holidays = append(c.Holidays, r.date().Format(time.DateOnly))
	}
	for range r.IntN(2) {
		r.off(&c)
	}
	for range r.IntN(3) {
		r.hoursOff(&c)
	}
	if r.chance(25) {
		r.date1(&c)
	}
	if r.chance(25) {
		r.focusOn(&c)
	}
	if r.chance(20) {
		r.trip(&c)
	}
	return c
}

// windows draws one to three of them, the same for all days or not. A window
// at the end of work, at midnight or in a gap of the clocks is fine.
func (r caster) windows(c *oracle.Charter, s shift) {
	n := one(r.Rand, []int{1, 2, 2, 2, 2, 3, 3})
	all := some(r.Rand, s.windows, n)
	for d := range c.Windows {
		c.Windows[d] = all
	}
	if r.chance(15) {
		c.Windows[1+r.IntN(5)] = some(r.Rand, s.windows, 1+r.IntN(2))
	}
}

func (r caster) focus(c *oracle.Charter, s shift) {
	block := one(r.Rand, s.focus)
	for d := range c.Focus {
		if len(c.Hours[d]) > 0 && r.chance(80) {
			c.Focus[d] = []string{block}
		}
	}
	if d := r.IntN(7); r.chance(12) { // a day that is all focus
		c.Focus[d] = c.Hours[d]
	}
}

func (r caster) off(c *oracle.Charter) {
	from := r.date()
	to := from.AddDate(0, 0, one(r.Rand, []int{0, 0, 0, 1, 2, 4, 9}))
	c.Off = append(c.Off, [2]string{from.Format(time.DateOnly), to.Format(time.DateOnly)})
}

func (r caster) hoursOff(c *oracle.Charter) {
	d := r.date().Format(time.DateOnly)
	from := r.IntN(20)
	c.Off = append(c.Off, [2]string{fmt.Sprintf("%sT%02d:%02d", d, from, 15*r.IntN(4)), fmt.Sprintf("%sT%02d:00", d, from+1+r.IntN(4))})
}

func (r caster) date1(c *oracle.Charter) {
	if c.Dates == nil {
		c.Dates = make(map[string][]string)
	}
	c.Dates[r.date().Format(time.DateOnly)] = one(r.Rand, [][]string{nil, {"09:00-12:00"}, {"10:00-18:00"}, {"22:00-04:00"}})
}

func (r caster) focusOn(c *oracle.Charter) {
	d := r.date().Format(time.DateOnly)
	from := 8 + r.IntN(9)
	c.FocusOn = append(c.FocusOn, [2]string{fmt.Sprintf("%sT%02d:00", d, from), fmt.Sprintf("%sT%02d:30", d, from+1+r.IntN(3))})
}

func (r caster) trip(c *oracle.Charter) {
	from := r.date()
	t := oracle.Trip{From: from.Format(time.DateOnly), Zone: one(r.Rand, zones)}
	if r.chance(85) {
		t.To = from.AddDate(0, 0, r.IntN(8)).Format(time.DateOnly)
	}
	for _, other := range c.Travel { // two trips share no date
		if other.To == "" || t.To == "" || t.From <= other.To && other.From <= t.To {
			return
		}
	}
	c.Travel = append(c.Travel, t)
}

// change draws the charter that comes after one, at an instant: mostly
// something small about the days around it.
func (r caster) change(c oracle.Charter, at time.Time) oracle.Charter {
	for {
		if next := r.anyChange(copied(c), at); accepted(next) {
			return next
		}
	}
}

func (r caster) anyChange(c oracle.Charter, at time.Time) oracle.Charter {
	near := caster{r.Rand, at.AddDate(0, 0, -1), at.AddDate(0, 0, 2)}
	switch r.IntN(9) {
	case 0:
		near.off(&c)
	case 1:
		near.hoursOff(&c)
	case 2:
		near.trip(&c)
	case 3:
		near.date1(&c)
	case 4:
		near.focusOn(&c)
	case 5:
		c.Holidays = append(c.Holidays, near.date().Format(time.DateOnly))
	case 6:
		c.Off, c.Holidays = nil, nil // back early
	case 7:
		c.Zone = one(r.Rand, zones) // moved
	default:
		return r.charter(c.Zone)
	}
	return c
}

func copied(c oracle.Charter) oracle.Charter {
	c.FocusOn, c.Off, c.Holidays, c.Travel = slices.Clone(c.FocusOn), slices.Clone(c.Off), slices.Clone(c.Holidays), slices.Clone(c.Travel)
	dates := make(map[string][]string)
	maps.Copy(dates, c.Dates)
	c.Dates = dates
	return c
}

// moment is one at which a person may be near a desk: mostly by day.
func (r caster) moment(zone string) time.Time {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	for {
		d := r.from.Add(time.Duration(r.Int64N(int64(r.to.Sub(r.from))))).In(loc)
		at := d
		if r.chance(75) {
			at = time.Date(d.Year(), d.Month(), d.Day(), 7+r.IntN(13), r.IntN(60), r.IntN(60), (1+r.IntN(998))*1_000_000, loc)
		}
		at = at.Truncate(time.Millisecond)
		if at.After(r.from) && at.Before(r.to) {
			return at
		}
	}
}

// atWindow is a stated window of a charter, or a tick beside it: exactly at it,
// before or after its brief is made, or up to a second off.
func (r caster) atWindow(c oracle.Charter, around time.Time) instant {
	loc, err := time.LoadLocation(c.Zone)
	if err != nil {
		panic(err)
	}
	local := around.In(loc)
	var h, m int
	fmt.Sscanf(one(r.Rand, c.Windows[local.Weekday()]), "%d:%d", &h, &m)
	at := time.Date(local.Year(), local.Month(), local.Day(), h, m, 0, 0, loc)
	off := one(r.Rand, []time.Duration{0, 0, 0, time.Second, -time.Second, time.Millisecond, -time.Millisecond, 500 * time.Millisecond})
	return instant{at.Add(off).UnixNano(), off == 0 && r.chance(50)}
}

// people draws the cast.
func (r caster) people(n, changes int) []person {
	out := make([]person, n)
	first := 0
	if n < len(zones) { // each life has others of them
		first = r.IntN(len(zones))
	}
	for i := range out {
		p := &out[i]
		p.handle = fmt.Sprintf("p%03d", i)
		p.joins = r.from.UnixNano()
		zone := zones[(i+first)%len(zones)]
		if i > 0 && r.chance(3) {
			p.joins = r.moment(zone).UnixNano()
		}
		if i > 0 && r.chance(3) {
			p.leaves = r.moment(zone).UnixNano()
			if p.leaves < p.joins {
				p.leaves = 0
			}
		}
		c := r.charter(zone)
		p.charters = []oracle.Charter{c}
		var when []instant
		for range r.IntN(changes) {
			at := instant{nano: r.moment(c.Zone).UnixNano()}
			if r.chance(20) {
				at = r.atWindow(c, time.Unix(0, at.nano))
			}
			if at.nano > p.joins+int64(time.Minute) {
				when = append(when, at)
			}
		}
		slices.SortFunc(when, func(a, b instant) int { return int(a.nano - b.nano) })
		for k, at := range when {
			if k > 0 && at.nano-when[k-1].nano < int64(3*time.Second) {
				continue // two charters within a second say nothing new
			}
			c = r.change(c, time.Unix(0, at.nano))
			p.charters, p.changes = append(p.charters, c), append(p.changes, at)
		}
	}
	return out
}

// teams draws them, each with its first members, who are all there at first.
func (r caster) teams(people []person, n int) []team {
	var there []int
	for i, p := range people {
		if p.joins == r.from.UnixNano() {
			there = append(there, i)
		}
	}
	out := make([]team, n)
	for i := range out {
		out[i] = team{slug: fmt.Sprintf("team-%02d", i), open: i%3 != 0}
		size := min(len(there), 8+r.IntN(8))
		out[i].members = some(r.Rand, there, size)
		for _, m := range out[i].members {
			people[m].teams = append(people[m].teams, i)
		}
	}
	return out
}
