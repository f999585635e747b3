package intake_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/wire/ics"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// yearOf is a year of one person's calendar: four series and some single
// meetings, about two hundred times.
func yearOf(n int) string {
	var b strings.Builder
	me := fmt.Sprintf("p%d@example.org", n)
	fmt.Fprintf(&b, "BEGIN:VCALENDAR\r\nX-WR-CALNAME:%s\r\nX-WR-TIMEZONE:Europe/Berlin\r\n", me)
	event := func(uid, title, start, end, rule string, people int) {
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%s-%d\r\nSUMMARY:%s\r\nDTSTART;TZID=Europe/Berlin:%s\r\nDTEND;TZID=Europe/Berlin:%s\r\n%sORGANIZER:mailto:p%d@example.org\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:%s\r\n", uid, n, title, start, end, rule, n+1, me)
		for i := range people - 1 {
			fmt.Fprintf(&b, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:p%d@example.org\r\n", n+i+1)
		}
		b.WriteString("END:VEVENT\r\n")
	}
	event("sync", "Weekly team sync", "20251103T100000", "20251103T110000", "RRULE:FREQ=WEEKLY\r\n", 8)
	event("one", "1:1", "20251105T140000", "20251105T143000", "RRULE:FREQ=WEEKLY\r\n", 2)
	event("steer", "Steering committee", "20251106T150000", "20251106T160000", "RRULE:FREQ=WEEKLY;INTERVAL=2\r\n", 6)
	event("talk", "Product alignment", "20251104T090000", "20251104T093000", "RRULE:FREQ=WEEKLY\r\n", 5)
	for i := range 20 {
		day := time.Date(2026, 1, 5+i*14, 11, 0, 0, 0, time.UTC)
		event(fmt.Sprint("x", i), "Customer call", day.Format("20060102T150405"), day.Add(time.Hour).Format("20060102T150405"), "", 4)
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

// BenchmarkYear audits a year of so many people, each read from the text of their
// calendar, expanded and measured, one after the other on every core.
func BenchmarkYear(b *testing.B) {
	zones := zoneinfo.New().Zone
	texts := make([]string, 100) // made before: it is no part of the audit
	for i := range texts {
		texts[i] = yearOf(i)
	}
	clock, err := worktime.Compile(worktime.Charter{Zone: "Europe/Berlin", Hours: nineToFive(), Windows: worktime.DefaultWindows(), WeekStart: worktime.StartOn(time.Monday)}, zones)
	if err != nil {
		b.Fatal(err)
	}
	words := audit.NewWords()
	now := worktime.Of(time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC))
	asked := intake.Asked{From: worktime.DateFrom(2025, 11, 24), To: worktime.DateFrom(2026, 11, 23)}
	for _, people := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			for range b.N {
				var next, instances atomic.Int64
				var peak uint64
				var wg sync.WaitGroup
				began := time.Now()
				for range runtime.GOMAXPROCS(0) {
					wg.Go(func() {
						table := ics.NewZones(zones)
						for {
							i := int(next.Add(1)) - 1
							if i >= people {
								return
							}
							c, err := intake.ReadCalendars([]string{"-"}, strings.NewReader(texts[i%len(texts)]), table)
							if err != nil {
								b.Error(err)
								return
							}
							in, _ := c.Audit(asked, nil, now)
							in.Clock, in.Words = clock, words
							instances.Add(int64(audit.Run(in).Counted.Instances))
						}
					})
				}
				wg.Wait()
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.Sys)
				b.ReportMetric(time.Since(began).Seconds(), "s")
				b.ReportMetric(float64(instances.Load()), "instances")
				b.ReportMetric(float64(peak)/(1<<20), "MiB")
			}
		})
	}
}

func nineToFive() (hours [7][]worktime.Span) {
	for d := time.Monday; d <= time.Friday; d++ {
		hours[d] = []worktime.Span{{From: worktime.ClockTime(9, 0), To: worktime.ClockTime(17, 0)}}
	}
	return hours
}
