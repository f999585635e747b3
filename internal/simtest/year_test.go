package simtest

import (
	"cmp"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/internal/simtest/oracle"
	"github.com/rubato-hq/rubato/store"
)

var (
	yearPeople = flag.Int("year-people", 40, "in the organisation of TestYear; make year has 1000")
	yearWeeks  = flag.Int("year-weeks", 2, "that it lives; make year lives 52")
	yearOrg    = flag.Uint64("year-org", 1, "which organisation, as a seed")
	yearFolder = flag.String("year-folder", "", "where its database is, \"\" for one of the test's own")
	yearPG     = flag.Bool("year-postgres", false, "live it on PostgreSQL")
	yearTell   = flag.Bool("year-tell", false, "say after each week how it stands")
)

// yearZones are those of a large organisation, one in forty in each.
func yearZones() []string {
	return append([]string{
		"Europe/London", "Europe/Lisbon", "Europe/Madrid", "Europe/Athens", "Europe/Istanbul", "Europe/Moscow", "Africa/Lagos", "Africa/Johannesburg", "Africa/Nairobi",
		"Asia/Dubai", "Asia/Kabul", "Asia/Karachi", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok", "Asia/Shanghai", "Asia/Tokyo", "Asia/Jerusalem", "Australia/Sydney", "Australia/Perth",
		"Pacific/Auckland", "Pacific/Honolulu", "America/Anchorage", "America/New_York", "America/Chicago", "America/Mexico_City",
	}, zones...)
}

// year is a year of one organisation, lived and judged week by week, so that no
// more of it is in memory than some weeks.
type year struct {
	*run

	r        caster
	began    time.Time
	walkers  []*walker
	charts   [][]charted // of each person, the last ones
	database string
	db       *sql.DB
	seqs     int
	after    string // the newest brief that was judged
	noteOf   map[noteKey][]string
	noted    string // the newest note that was read
	came     map[rowKey]delivered
	wrong    []difference
	writes   int
	total    tally
}

// charted is a charter with when it came into force.
type charted struct {
	at oracle.Moment
	c  oracle.Charter
}

const aWeek = 7 * 24 * time.Hour

// TestYear lives an organisation for weeks without failures: nothing comes
// early, late, twice or never. Make year lives ten of a thousand people for a year.
func TestYear(t *testing.T) {
	t.Parallel()
	folder := cmp.Or(*yearFolder, t.TempDir())
	database := filepath.Join(folder, fmt.Sprintf("year-%d.db", *yearOrg))
	if *yearPG {
		database = pgtest.URL(t)
	}
	y := &year{r: caster{Rand: rand.New(rand.NewPCG(*yearOrg, 365))}, noteOf: make(map[noteKey][]string), came: make(map[rowKey]delivered), began: time.Now()}
	from := time.Date(2026, 1, 4, 12, 0, 0, 0, time.UTC)
	y.r.from, y.r.to = from, from.Add(aWeek)
	s := script{model: model{seed: *yearOrg, from: from, to: from.Add(time.Duration(*yearWeeks) * aWeek), people: *yearPeople}}
	s.people, s.teams = y.cast(*yearPeople)
	y.run = &run{
		t: t, s: s, plant: plant{zones: tables.Zone}, postgres: *yearPG, byTime: true, ids: make([]string, len(s.people)), revs: make([]int64, len(s.people)), done: make(map[verb]int),
		life: &life{things: make(map[int]*thing), follows: make(map[string][]*hold), logs: make(map[string][]event)},
	}
	y.database, y.world = database, y.laid(from)
	synctest.Test(t, func(t *testing.T) {
		y.t = t
		time.Sleep(time.Until(s.from))
		y.open(database)
		y.arrive()
		y.listen()
		for week := range *yearWeeks {
			y.week(week)
		}
		y.db.Close()
	})
	y.t = t
	t.Attr("year", fmt.Sprintf("organisation %d: %d people, %d weeks: %d items, %d came by name, %d briefs (%d with something new), %d lines of streams, %d promises; %d wrong: early %d, late %d, twice %d, lost %d; %.0f s",
		*yearOrg, len(s.people), *yearWeeks, y.writes, y.total.came, y.total.briefs, y.total.fresh, y.total.lines, y.promises,
		len(y.wrong), kinds(y.wrong, "early"), kinds(y.wrong, "late"), kinds(y.wrong, "twice"), kinds(y.wrong, "missing"), time.Since(y.began).Seconds()))
	for i, d := range y.wrong {
		if i == most {
			break
		}
		t.Errorf("%s: %s (organisation %d)", d.kind, d.says, *yearOrg)
	}
	if len(y.wrong) > most {
		t.Errorf("and %d more", len(y.wrong)-most)
	}
}

func kinds(all []difference, kind string) int {
	n := 0
	for _, d := range all {
		if d.kind == kind {
			n++
		}
	}
	return n
}

// laid lays the time out around a week: what waits for somebody who is away for
// three weeks still knows when it was written.
func (y *year) laid(start time.Time) *oracle.World {
	return oracle.New(start.Add(-5*aWeek).Unix(), start.Add(10*aWeek).Unix()).Sharing()
}

// again lays everybody's time out anew, every fourth week.
func (y *year) again(start time.Time) {
	y.world = y.laid(start)
	early := start.Add(-5 * aWeek)
	for i, all := range y.charts {
		for len(all) > 1 && all[1].at.Nano < early.UnixNano() {
			all = all[1:]
		}
		y.charts[i] = all
		first := all[0].at
		if first.Nano < early.UnixNano() {
			first = oracle.Moment{Nano: early.UnixNano()}
		}
		p := y.world.Person(first, all[0].c)
		for _, c := range all[1:] {
			p.Change(c.at, c.c)
		}
		y.people[i].Person = p
		y.walkers[i].Person = p
	}
	for _, holds := range y.follows {
		for _, h := range holds {
			h.Of(y.people[h.who].Person)
		}
	}
}

// cast draws people of forty zones, and teams of about twenty.
func (y *year) cast(n int) ([]person, []team) {
	all := yearZones()
	people := make([]person, n)
	for i := range people {
		zone := all[i%len(all)]
		r := caster{rand.New(rand.NewPCG(uint64(i%160), 7)), y.r.from, y.r.to} // few ways to work in each zone
		var c oracle.Charter
		for {
			w := shifts()[[]int{0, 1, 2, 0, 1, 3, 4, 5, 8, 10}[r.IntN(10)]]
			c = oracle.Charter{Zone: zone, Hours: w.hours, WeekFrom: time.Monday}
			r.windows(&c, w)
			if r.chance(40) {
				r.focus(&c, w)
			}
			if accepted(c) {
				break
			}
		}
		people[i] = person{handle: fmt.Sprintf("p%04d", i), joins: y.r.from.UnixNano(), charters: []oracle.Charter{c}}
	}
	teams := make([]team, max(3, n/10))
	for i := range teams {
		teams[i] = team{slug: fmt.Sprintf("team-%03d", i), open: i%3 != 0, members: some(y.r.Rand, numbers(n), min(n, 15+y.r.IntN(11)))}
		for _, m := range teams[i].members {
			people[m].teams = append(people[m].teams, i)
		}
	}
	return people, teams
}

func numbers(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// listen begins a walk for everybody.
func (y *year) listen() {
	for i, p := range y.s.people {
		w := &walker{life: y.life, Person: y.people[i].Person, ages: plainTime{}, who: i, name: p.handle, say: y.differs, row: y.rowOf, given: make(map[string]int64)}
		y.walkers = append(y.walkers, w)
		y.charts = append(y.charts, []charted{{oracle.Moment{Nano: y.s.from.UnixNano()}, p.charters[0]}})
	}
	y.heard = func(h *hold, stream string) {
		y.walkers[h.who].reads = append(y.walkers[h.who].reads, &reading{hold: h, stream: stream})
	}
	for _, stream := range slices.Sorted(keysOf(y.follows)) {
		for _, h := range y.follows[stream] {
			y.heard(h, stream)
		}
	}
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (y *year) differs(kind, format string, args ...any) {
	y.wrong = append(y.wrong, difference{kind, fmt.Sprintf(format, args...)})
}

// plainTime is that of a life without failures.
type plainTime struct{}

func (plainTime) healthy(time.Time) bool                       { return true }
func (plainTime) shows(at time.Time) int64                     { return at.Unix() }
func (plainTime) first(sec int64) time.Time                    { return time.Unix(sec, 0) }
func (p plainTime) since(sec int64, _ oracle.Moment) time.Time { return p.first(sec) }

// week lives a week and judges it.
func (y *year) week(n int) {
	start := y.s.from.Add(time.Duration(n) * aWeek)
	if n > 0 && n%4 == 0 {
		y.again(start)
	}
	y.r.from, y.r.to = start, start.Add(aWeek)
	y.write(start)
	var later []act
	for _, a := range y.s.acts {
		if a.at.nano >= start.Add(aWeek).UnixNano() {
			later = append(later, a)
			continue
		}
		y.sleep(a.at.nano)
		before := len(y.things)
		y.act(a)
		y.writes += len(y.things) - before
		if a.do == doCharter {
			y.charts[a.by] = append(y.charts[a.by], charted{oracle.Moment{Nano: a.at.nano, Seq: int(a.at.nano)}, y.s.people[a.by].charters[a.revision]})
		}
		y.done[a.do]++
	}
	y.s.acts = later
	end := start.Add(aWeek).Add(500 * time.Millisecond)
	y.sleep(end.UnixNano())
	synctest.Wait()
	y.judge(end)
	y.prune(end.Add(-4 * aWeek))
	if !*yearTell {
		return
	}
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	fmt.Fprintf(os.Stderr, "organisation %d, week %d: %d items, %d came by name, %d briefs (%d with something new), %d lines of streams, %d wrong; %d MB of heap\n",
		*yearOrg, n+1, y.writes, y.total.came, y.total.briefs, y.total.fresh, y.total.lines, len(y.wrong), mem.HeapAlloc>>20)
}

// write draws what is written in a week: in every hour one in twenty of those at
// work writes, half of it asks, of these a tenth urgent, half updates.
func (y *year) write(start time.Time) {
	for hour := range 7 * 24 {
		from := start.Add(time.Duration(hour) * time.Hour)
		for i := range y.s.people {
			at := from.Add(time.Duration(1+y.r.IntN(3599_000)) * time.Millisecond)
			if y.r.IntN(20) > 0 || !y.people[i].Free(at.Unix()) {
				continue
			}
			y.one(i, at)
		}
	}
	for i := range y.s.people { // a charter changes four times a year: time off, a trip, a day that is different
		if y.r.IntN(13) > 0 {
			continue
		}
		at := start.Add(time.Duration(y.r.Int64N(int64(aWeek))))
		last := y.charts[i][len(y.charts[i])-1].c
		c := y.r.change(copied(last), at)
		c.Zone = last.Zone
		if !accepted(c) {
			continue
		}
		y.s.people[i].charters = append(y.s.people[i].charters, c)
		y.add(act{do: doCharter, by: i, at: broken(at), revision: len(y.s.people[i].charters) - 1})
	}
	slices.SortStableFunc(y.s.acts, func(a, b act) int { return cmp.Compare(a.at.nano, b.at.nano) })
	apart(y.s.acts)
}

func (y *year) add(a act) int {
	y.seqs++
	a.seq = y.seqs
	y.s.acts = append(y.s.acts, a)
	return a.seq
}

// one is what somebody writes, and what others do about it.
func (y *year) one(by int, at time.Time) {
	r := y.r
	a := act{by: by, team: -1, at: broken(at)}
	if teams := y.s.people[by].teams; len(teams) > 0 && r.chance(85) {
		a.team = one(r.Rand, teams)
	}
	after := func(on int, b act, within time.Duration) {
		b.on, b.team = on, -1
		b.at = broken(at.Add(time.Minute + time.Duration(r.Int64N(int64(within)))))
		y.add(b)
	}
	const day = 24 * time.Hour
	if r.chance(50) {
		a.do, a.urgent = doAsk, r.chance(10)
		a.to = y.s.audience(r, a, 1+r.IntN(3))
		if len(a.to) == 0 {
			return
		}
		if len(a.to) > 1 {
			a.need = 1
		}
		a.readers = without(y.s.audience(r, a, r.IntN(4)), a.to...)
		on := y.add(a)
		if r.chance(75) {
			after(on, act{do: doAnswer, by: a.to[0]}, 3*day)
		} else {
			after(on, act{do: doWithdraw, by: by}, 5*day)
		}
		after(on, act{do: doWithdraw, by: by}, 12*day)
		return
	}
	a.do = doWrite
	if r.chance(2) {
		a.team, a.wide = -1, true
	} else {
		a.readers = y.s.audience(r, a, 1+r.IntN(5))
	}
	on := y.add(a)
	if len(a.readers) > 0 && r.chance(25) {
		after(on, act{do: doComment, by: one(r.Rand, a.readers)}, 2*day)
	}
}

// judge reads what came in a week, and holds it to what had to.
func (y *year) judge(end time.Time) {
	if y.db == nil {
		y.db = opened(y.t, y.database)
	}
	rows(y.t, y.db, `SELECT id, root_id, author_id, point FROM item WHERE kind = 'state' AND id > '`+y.noted+`' ORDER BY id`, func(scan func(...any) error) error {
		var k noteKey
		err := scan(&y.noted, &k.root, &k.by, &k.says)
		y.noteOf[k] = append(y.noteOf[k], y.noted)
		return err
	})
	briefs := make(map[string][]made)
	of := make(map[string]*sealed)
	after := y.after
	rows(y.t, y.db, `SELECT id, person_id, kind, window_sec, delivered_sec, sealed_at FROM brief WHERE id > '`+after+`' ORDER BY id`, func(scan func(...any) error) error {
		var b sealed
		err := scan(&b.id, &b.person, &b.kind, &b.window, &b.at, &b.made)
		y.after = b.id
		of[b.id] = &b
		at := time.UnixMilli(b.made)
		briefs[b.person] = append(briefs[b.person], made{&b, stamp{at.UnixNano(), at}, at.Unix()})
		return err
	})
	clear(y.came)
	rows(y.t, y.db, `SELECT brief_id, item_id, delivery_id, stream, cause, carried FROM brief_line WHERE brief_id > '`+after+`' ORDER BY brief_id, position`, func(scan func(...any) error) error {
		var id string
		var l line
		if err := scan(&id, &l.item, &l.delivery, &l.stream, &l.cause, &l.carried); err != nil {
			return err
		}
		b := of[id]
		b.lines = append(b.lines, l)
		if l.delivery != "" {
			y.came[rowKey{b.person, l.item, l.cause, 0}] = delivered{person: b.person, item: l.item, brief: id, at: b.at}
		}
		return nil
	})
	for _, d := range y.sent {
		y.walkers[d.who].mine = append(y.walkers[d.who].mine, d)
	}
	y.sent = nil
	for i, w := range y.walkers {
		w.tally = tally{}
		w.walk(briefs[y.ids[i]])
		now := stamp{end.UnixNano(), end}
		w.take(now)
		w.overdue(now)
		y.total.add(w.tally)
	}
	y.wrong, y.broken = append(y.wrong, y.broken...), nil
}

// rowOf is what came of a directed thing in the week that is judged.
func (y *year) rowOf(d *directed) (delivered, bool) {
	ids := []string{d.id}
	if d.note != "" {
		ids = y.noteOf[noteKey{d.root.id, y.ids[d.by], d.note}]
	}
	for _, id := range ids {
		if row, ok := y.came[rowKey{y.ids[d.who], id, d.cause, 0}]; ok {
			return row, true
		}
	}
	return delivered{}, true
}

// prune forgets what is older and can matter no more.
func (y *year) prune(before time.Time) {
	old := before.UnixNano()
	gone := make(map[string]bool)
	for seq, t := range y.things {
		head := t
		if t.root != nil {
			head = t.root
		}
		if head.written < old {
			delete(y.things, seq)
			if t.root == nil {
				gone[store.ThreadStream(t.id)] = true
			}
		}
	}
	for stream := range gone {
		delete(y.follows, stream)
		delete(y.logs, stream)
	}
	cut := make(map[string]int)
	for stream, log := range y.logs {
		for cut[stream] < len(log) && log[cut[stream]].at.Nano < old {
			cut[stream]++
		}
		y.logs[stream] = slices.Clone(log[cut[stream]:])
	}
	for _, w := range y.walkers {
		for _, r := range w.reads {
			r.next = max(0, r.next-cut[r.stream])
		}
		w.mine, w.sent = slices.Clone(w.mine[w.sent:]), 0
		w.reads = slices.DeleteFunc(w.reads, func(r *reading) bool { return gone[r.stream] })
		for id, at := range w.given {
			if at < old/int64(time.Second) {
				delete(w.given, id)
			}
		}
	}
	for k, ids := range y.noteOf {
		if idTime(ids[len(ids)-1]) < before.UnixMilli() {
			delete(y.noteOf, k)
		}
	}
}

// idTime is when an id was made, in milliseconds: its first ten letters.
func idTime(id string) int64 {
	n := int64(0)
	for _, c := range id[:10] {
		n = n<<5 | int64(strings.IndexRune("0123456789abcdefghjkmnpqrstvwxyz", c))
	}
	return n >> 2
}
