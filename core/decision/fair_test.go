package decision

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

func reader(t *testing.T, id, zone string, off ...string) Reader {
	t.Helper()
	c := worktime.Charter{Zone: zone, Windows: worktime.DefaultWindows(), WeekStart: worktime.StartOn(time.Monday)}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Hours[d] = []worktime.Span{{From: worktime.ClockTime(9, 0), To: worktime.ClockTime(17, 0)}}
	}
	for _, o := range off {
		from, err := worktime.ParseDate(o)
		if err != nil {
			t.Fatal(err)
		}
		c.Holidays = append(c.Holidays, from)
	}
	clock, err := worktime.Compile(c, zoneinfo.New().Zone)
	if err != nil {
		t.Fatal(err)
	}
	return Reader{Person: worktime.Person{ID: id, Clock: clock}}
}

func instant(t *testing.T, s string) worktime.Instant {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return worktime.Instant(at.Unix())
}

// TestFriday is a decision opened on Friday evening in Berlin, with a reader in
// San Francisco and one whose Monday is a holiday.
func TestFriday(t *testing.T) {
	readers := []Reader{reader(t, "lena", "Europe/Berlin"), reader(t, "kenji", "America/Los_Angeles"), reader(t, "caio", "America/Sao_Paulo", "2026-11-30")}
	opened := instant(t, "2026-11-27T18:00:00+01:00")
	c := FairClose(readers, opened, opened, 24, nil)
	if !c.CloseOK || c.Close != instant(t, "2026-12-01T16:00:00-03:00") || fmt.Sprint(c.Binding) != "[caio]" {
		t.Errorf("closes %s by %v", time.Unix(int64(c.Close), 0).UTC(), c.Binding)
	}
	// Kenji's last window of Friday is still to come: 09:00 in San Francisco.
	if got := c.Each[1].Delivered; got != instant(t, "2026-11-27T11:00:00-08:00") {
		t.Errorf("delivered to Kenji %s", time.Unix(int64(got), 0).UTC())
	}
	// He does not open it: it reaches him as it was sealed, a day later.
	readers[0].Delivered, readers[2].Delivered = c.Each[0].Delivered, c.Each[2].Delivered
	readers[1].Delivered = instant(t, "2026-12-02T16:00:00-08:00")
	c = FairClose(readers, opened, instant(t, "2026-12-03T00:00:00-08:00"), 24, nil)
	if c.Close != instant(t, "2026-12-03T16:00:00-08:00") || !c.Counts[1] {
		t.Errorf("closes %s, %v", time.Unix(int64(c.Close), 0).UTC(), c.Counts)
	}
	// A change of the recommendation gives all another day from its delivery.
	change := Change{At: instant(t, "2026-12-03T20:00:00+01:00"), Delivered: map[string]worktime.Instant{}}
	c = FairClose(readers, opened, change.At, 24, []Change{change})
	if c.Close != instant(t, "2026-12-07T11:00:00+01:00") { // Lena reads it on Friday, and her next day is Monday
		t.Errorf("after a change it closes %s", time.Unix(int64(c.Close), 0).UTC())
	}
	if c := FairClose(nil, opened, opened, 24, nil); c.CloseOK {
		t.Error("nobody reads it, and it has a fair close")
	}
}

// TestFairIsFair: before anything is delivered it is the close of worktime 7.1;
// one more reader, a later delivery, a change never make it earlier.
func TestFairIsFair(t *testing.T) {
	zones := []string{"Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Chatham", "America/Sao_Paulo", "Australia/Lord_Howe"}
	var all []Reader
	for i, z := range zones {
		all = append(all, reader(t, fmt.Sprint("p", i), z))
	}
	r := rand.New(rand.NewPCG(7, 7))
	for range 2000 {
		opened := instant(t, "2026-03-01T00:00:00Z") + worktime.Instant(r.IntN(300*86400))
		hours := 24 + 24*r.IntN(2)
		readers := append([]Reader(nil), all[:1+r.IntN(len(all)-1)]...)
		people := make([]worktime.Person, 0, len(readers))
		for _, one := range readers {
			people = append(people, one.Person)
		}
		c := FairClose(readers, opened, opened, hours, nil)
		if want := worktime.Fair(people, opened, hours); c.Close != want.Close || c.CloseOK != want.CloseOK || fmt.Sprint(c.Binding) != fmt.Sprint(want.Binding) || c.Present != want.Present {
			t.Fatalf("opened %d for %d h: %+v, want %+v", opened, hours, c.FairClose, want)
		}
		if more := FairClose(append(readers, all[len(all)-1]), opened, opened, hours, nil); more.Close < c.Close {
			t.Fatalf("opened %d: one more reader makes it earlier", opened)
		}
		if later := FairClose(readers, opened, opened+worktime.Instant(r.IntN(10*86400)), hours, nil); later.Close < c.Close {
			t.Fatalf("opened %d: undelivered for longer makes it earlier", opened)
		}
		change := Change{At: opened + worktime.Instant(r.IntN(5*86400))}
		if changed := FairClose(readers, opened, opened, hours, []Change{change}); changed.Close < c.Close {
			t.Fatalf("opened %d: a change makes it earlier", opened)
		}
	}
}
