package worktime_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Instants of 2026, drawn once and taken in turn.
func year() []worktime.Instant {
	r := rand.New(rand.NewPCG(1, 2))
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	all := make([]worktime.Instant, 4096)
	for i := range all {
		all[i] = worktime.Instant(from + r.Int64N(365*refDay))
	}
	return all
}

// busy is an ordinary charter with three years of holidays, time off, a trip and
// focus.
func busy() worktime.Charter {
	c := berlin()
	c.Focus = week("09:00-11:00", "14:00-16:30")
	for y := 2025; y < 2028; y++ {
		for m := time.January; m <= time.December; m++ {
			c.Holidays = append(c.Holidays, worktime.DateFrom(y, m, 1+int(m)))
		}
		aug := worktime.DateFrom(y, 8, 1)
		c.Off = append(c.Off, worktime.OffDates(aug, aug+14), worktime.OffTimes((aug+40).At(13*60), (aug+40).At(18*60)))
	}
	c.Travel = []worktime.Trip{{From: worktime.DateFrom(2026, 10, 5), To: worktime.DateFrom(2026, 10, 9), Zone: "America/New_York"}}
	return c
}

// BenchmarkTimeIn is what the others are held against: the hour of an instant in
// a zone by the standard library.
func BenchmarkTimeIn(b *testing.B) {
	zone, at := location("Europe/Berlin"), year()
	b.ReportAllocs()
	i, sum := 0, 0
	for b.Loop() {
		sum += time.Unix(int64(at[i&4095]), 0).In(zone).Hour()
		i++
	}
	_ = sum
}

func BenchmarkNext(b *testing.B) {
	for _, c := range []struct {
		name    string
		charter worktime.Charter
	}{{"ordinary", berlin()}, {"busy", busy()}} {
		k, at := compile(b, c.charter), year()
		for class := worktime.Urgent; class <= worktime.Weekly; class++ {
			b.Run(c.name+"/"+class.String(), func(b *testing.B) {
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					k.Next(class, at[i&4095], worktime.NotSealed)
					i++
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "queries/s")
			})
		}
	}
}

// BenchmarkNextOdd is the definition itself, as on dates next to a change.
func BenchmarkNextOdd(b *testing.B) {
	k, at := compile(b, busy()).Plain(), year()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		k.Next(worktime.Normal, at[i&4095], worktime.NotSealed)
		i++
	}
}

// BenchmarkNextNever looks through the whole horizon.
func BenchmarkNextNever(b *testing.B) {
	c := berlin()
	c.Windows = worktime.Windows{}
	k, at := compile(b, c), year()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		k.Next(worktime.Normal, at[i&4095], worktime.NotSealed)
		i++
	}
}

func BenchmarkDue(b *testing.B) {
	for _, c := range []struct {
		name    string
		charter worktime.Charter
	}{{"ordinary", berlin()}, {"busy", busy()}} {
		k, at := compile(b, c.charter), year()
		for _, term := range []worktime.Term{worktime.Hours(24), worktime.WorkHours(4), worktime.EndOfDay(), worktime.EndOfWeek()} {
			b.Run(c.name+"/"+term.String(), func(b *testing.B) {
				b.ReportAllocs()
				i := 0
				for b.Loop() {
					k.Due(at[i&4095], term, nil)
					i++
				}
			})
		}
	}
}

func BenchmarkState(b *testing.B) {
	k, at := compile(b, busy()), year()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		k.State(at[i&4095])
		i++
	}
}

func BenchmarkFair100(b *testing.B) {
	people := make([]worktime.Person, 100)
	for i := range people {
		c := busy()
		c.Zone = zoneNames[i%len(zoneNames)]
		people[i] = worktime.Person{ID: fmt.Sprint("p", i), Clock: compile(b, c)}
	}
	at := year()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		worktime.Fair(people, at[i&4095], 48)
		i++
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, c := range []struct {
		name    string
		charter worktime.Charter
	}{{"ordinary", berlin()}, {"busy", busy()}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				compile(b, c.charter)
			}
		})
	}
}

// BenchmarkZone is what sharing tables saves.
func BenchmarkZone(b *testing.B) {
	loc := location("Europe/Berlin")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := worktime.NewZone("Europe/Berlin", loc); err != nil {
			b.Fatal(err)
		}
	}
}
