package worktime_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/worktime"
)

// TestInvariantAlias holds that another name of a zone is the same clock, also
// on a trip to it as long as nothing crosses midnight.
func TestInvariantAlias(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SampledFrom([][2]string{
			{"Asia/Kolkata", "Asia/Calcutta"},
			{"Asia/Kathmandu", "Asia/Katmandu"},
			{"Europe/Istanbul", "Turkey"},
			{"America/New_York", "US/Eastern"},
			{"Pacific/Auckland", "NZ"},
			{"Europe/Lisbon", "Portugal"},
		}).Draw(t, "zone")
		now := moments(names[0]).Draw(t, "now")
		c := charters(names[0], worktime.Date(now/refDay)).Draw(t, "charter")
		other := c
		other.Zone = names[1]
		other.Travel = slices.Clone(c.Travel)
		for i := range other.Travel {
			if trip := &other.Travel[i]; trip.Zone == names[0] {
				trip.Zone = names[1]
			}
		}
		alike(t, compile(t, c), compile(t, other), worktime.Instant(now), 0)

		c = mild(c)
		c.Travel = nil
		other = c
		from := worktime.Date(now/refDay + rapid.Int64Range(-4, 4).Draw(t, "from"))
		other.Travel = []worktime.Trip{{From: from, To: from + 3, Zone: names[1]}}
		alike(t, compile(t, c), compile(t, other), worktime.Instant(now), 0)
	})
}

// TestInvariantOffset holds that a charter moved from UTC+a to UTC+b moves all
// answers by a-b.
func TestInvariantOffset(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.IntRange(-12, 14).Draw(t, "a"), rapid.IntRange(-12, 14).Draw(t, "b")
		fixed := func(hours int) string { return fmt.Sprintf("Etc/GMT%+d", -hours) } // POSIX counts west
		now := rapid.Int64Range(5000, 40000).Draw(t, "date")*refDay + rapid.Int64Range(0, refDay-1).Draw(t, "second")
		c := charters(fixed(a), worktime.Date(now/refDay)).Draw(t, "charter")
		c.Travel = nil
		other := c
		other.Zone = fixed(b)
		alike(t, compile(t, c), compile(t, other), worktime.Instant(now), worktime.Instant(a-b)*refHour)
	})
}

// TestInvariantLaterTrip holds that a trip that begins three dates after an
// answer does not change it.
func TestInvariantLaterTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, k, now := clock(t)
		if n := len(c.Travel); n > 0 && c.Travel[n-1].Open {
			return
		}
		class := worktime.Class(rapid.IntRange(int(worktime.Urgent), int(worktime.Weekly)).Draw(t, "class"))
		at, ok := k.Next(class, now, worktime.NotSealed)
		if !ok {
			return
		}
		from := k.DateOf(at) + 3
		for _, trip := range c.Travel {
			from = max(from, trip.To+1)
		}
		c.Travel = append(c.Travel[:len(c.Travel):len(c.Travel)], worktime.Trip{From: from, Open: true, Zone: rapid.SampledFrom(zoneNames).Draw(t, "zone")})
		if got, ok := compile(t, c).Next(class, now, worktime.NotSealed); !ok || got != at {
			t.Fatalf("%v at %v, with a trip from %v on at %v", class, at, from, got)
		}
	})
}

// group draws people around one instant.
func group(t *rapid.T) ([]worktime.Person, worktime.Instant) {
	_, k, now := clock(t)
	people := []worktime.Person{{ID: "a", Clock: k}}
	for i := range rapid.IntRange(1, 3).Draw(t, "others") {
		zone := rapid.SampledFrom(zoneNames).Draw(t, "zone")
		c := charters(zone, k.DateOf(now)).Draw(t, "charter")
		people = append(people, worktime.Person{ID: string(rune('b' + i)), Clock: compile(t, c)})
	}
	return people, now
}

func TestInvariantKofN(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people, now := group(t)
		before := worktime.Instant(0)
		for k := 1; k <= len(people)+1; k++ {
			each, due, ok := worktime.AskDue(people, worktime.Normal, now, worktime.Hours(24), k)
			have := 0
			for _, r := range each {
				if r.Due.OK {
					have++
				}
			}
			if ok != (k <= have) || ok && due < before {
				t.Fatalf("%d of %d is due at %v, %v; one less at %v", k, have, due, ok, before)
			}
			before = due
		}
	})
}

func TestInvariantFair(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people, now := group(t)
		hours := rapid.IntRange(24, 48).Draw(t, "hours")
		all, fewer := worktime.Fair(people, now, hours), worktime.Fair(people[1:], now, hours)
		if all.CloseOK && (!fewer.CloseOK || all.Close < fewer.Close) {
			t.Fatalf("close %+v, with one reader more %+v", fewer, all)
		}
		for _, r := range all.Each {
			if r.UntilOK && all.CloseOK && r.Until > all.Close {
				t.Fatalf("close at %v, before %+v", all.Close, r)
			}
		}
		closes := now + worktime.Instant(rapid.Int64Range(0, 8*refDay).Draw(t, "close"))
		show := worktime.Theatre(people, now, hours, closes)
		if want := !all.CloseOK || closes < all.Close; show.Theatre != want || want != (len(show.Short) > 0) {
			t.Fatalf("close at %v, fair %+v: %+v", closes, all, show)
		}
	})
}

func TestInvariantSendBy(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people, start := group(t)
		lead := rapid.SampledFrom([]int{24, 48}).Draw(t, "lead")
		at, ok := worktime.SendBy(people, start, lead)
		if !ok {
			return
		}
		if !worktime.Ready(people, at, start, lead) {
			t.Fatalf("send by %v is too late", at)
		}
		if worktime.Ready(people, at+1, start, lead) {
			t.Fatalf("send by %v, and a second later is soon enough too", at)
		}
	})
}

func TestInvariantBurden(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people, now := group(t)
		now = now / 900 * 900
		slot := worktime.Interval{From: now, To: now + 900*worktime.Instant(rapid.IntRange(1, 8).Draw(t, "quarters"))}
		turns, _ := worktime.Rotate(people, []worktime.Interval{slot}, int(slot.Seconds()/60), nil)
		if !turns[0].StartOK {
			return // somebody is away, if perhaps still in the night shift of the date before
		}
		common := worktime.Overlap(people, slot.From, slot.To)
		free := len(common) == 1 && common[0] == slot
		sum := int64(0)
		for _, p := range turns[0].Points {
			sum += p
		}
		if (sum == 0) != free {
			t.Fatalf("%v: %+v, common %v", slot, turns, common)
		}
	})
}

func TestInvariantSync(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, k, now := clock(t)
		near := rapid.Int64Range(-4*refDay, 4*refDay)
		var events []worktime.Event
		length, ends := int64(0), 0
		for range rapid.IntRange(0, 12).Draw(t, "meetings") {
			start := now + worktime.Instant(near.Draw(t, "start"))
			e := worktime.Event{Start: start, End: start + worktime.Instant(rapid.Int64Range(1, 43200).Draw(t, "length")), People: 2, Busy: true, Status: "confirmed", Me: "accepted", Kind: "meeting"}
			events = append(events, e)
			length += int64(e.End - e.Start)
			ends++
		}
		var pings []worktime.Instant
		for range rapid.IntRange(0, 8).Draw(t, "pings") {
			pings = append(pings, now+worktime.Instant(near.Draw(t, "ping")))
		}
		s := k.Sync(k.DateOf(now), events, pings, worktime.Recovery)
		if s.SyncSeconds > length || s.RecoverySeconds > 1395*int64(ends+len(pings)) {
			t.Fatalf("%d s of meetings, %d ends: %+v", length, ends+len(pings), s)
		}
		if s.SyncSeconds+s.RecoverySeconds > s.WorkSeconds+s.OutsideSeconds || s.EarlyLateSeconds > s.OutsideSeconds {
			t.Fatalf("more time than there is: %+v", s)
		}
		if len(events) == 0 {
			return
		}
		twice := k.Sync(k.DateOf(now), append(events, events[0]), pings, worktime.Recovery)
		twice.Meetings = s.Meetings
		if twice != s {
			t.Fatalf("%+v, with a meeting twice %+v", s, twice)
		}
	})
}
