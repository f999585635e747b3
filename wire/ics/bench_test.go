package ics_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/ics"
)

// ruled is a series of the kinds that calendars hold, by the shares that
// docs/performance.md gives.
type ruled struct {
	start time.Time
	rule  string
	zone  string
}

func draw(r *rand.Rand) ruled {
	days := []string{"MO", "TU", "WE", "TH", "FR"}
	v := ruled{zone: []string{"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Europe/London"}[r.IntN(4)]}
	loc, err := time.LoadLocation(v.zone)
	if err != nil {
		panic(err) // a zone of the tz database
	}
	v.start = time.Date(2026, 1, 1+r.IntN(28), 8+r.IntN(9), 15*r.IntN(4), 0, 0, loc)
	switch at := r.IntN(100); {
	case at < 40:
		n := 1 + r.IntN(3)
		from := r.IntN(5 - n)
		v.rule = "FREQ=WEEKLY;BYDAY=" + strings.Join(days[from:from+n], ",")
	case at < 60:
		v.rule = "FREQ=DAILY"
	case at < 70:
		v.rule = "FREQ=WEEKLY;INTERVAL=2"
	case at < 85:
		v.rule = fmt.Sprintf("FREQ=MONTHLY;BYDAY=%d%s", 1+r.IntN(4), days[r.IntN(5)])
	case at < 95:
		v.rule = fmt.Sprintf("FREQ=MONTHLY;BYMONTHDAY=%d", 1+r.IntN(28))
	default:
		v.rule = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
	}
	return v
}

const rules = 10_000

func drawn() []ruled {
	r := rand.New(rand.NewPCG(26, 4))
	out := make([]ruled, rules)
	for i := range out {
		out[i] = draw(r)
	}
	return out
}

// calendarOf is a calendar of series, with what programs write beside.
func calendarOf(all []ruled) []byte {
	var b bytes.Buffer
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n")
	for i, v := range all {
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nDTSTART;TZID=%s:%s\r\nDTEND;TZID=%s:%s\r\nRRULE:%s\r\nDTSTAMP:20260101T080000Z\r\nORGANIZER;CN=Jonas Brandt:mailto:jonas@example.org\r\n"+
			"UID:%08d-calendar-bench@example.org\r\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Jonas\r\n  Brandt;X-NUM-GUESTS=0:mailto:jonas@example.org\r\n"+
			"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;CN=Mia\r\n  Lang;X-NUM-GUESTS=0:mailto:mia@example.org\r\nCREATED:20260101T080000Z\r\n"+
			"DESCRIPTION:What we know\\, what is open\\, and who has it. The notes are at htt\r\n ps://docs.example.org/d/%d\r\nLAST-MODIFIED:20260101T080000Z\r\nLOCATION:\r\nSEQUENCE:0\r\nSTATUS:CONFIRMED\r\nSUMMARY:Series %d\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\n",
			v.zone, v.start.Format("20060102T150405"), v.zone, v.start.Add(time.Hour).Format("20060102T150405"), v.rule, i, i, i)
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.Bytes()
}

// into is where the calendar of the benchmarks goes, for others to be measured on
// it: testdata/speed.c for libical, testdata/speed.mjs for ical.js.
var into = flag.String("into", "", "write the calendar of the benchmarks into this file")

// BenchmarkParse reads a calendar: ours its lines, and all that an Event holds;
// go-ical beside it.
func BenchmarkParse(b *testing.B) {
	file := calendarOf(drawn())
	if *into != "" {
		if err := os.WriteFile(*into, file, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("lines", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		r := ics.NewReader(nil)
		for b.Loop() {
			r.Reset(bytes.NewReader(file))
			for {
				if _, err := r.Next(); err != nil {
					break
				}
			}
		}
	})
	b.Run("events", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		for b.Loop() {
			s := ics.NewSet(zones)
			if err := s.Read("", bytes.NewReader(file)); err != nil || s.Found != rules {
				b.Fatal(s.Found, err)
			}
		}
	})
	b.Run("go-ical", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		for b.Loop() {
			if _, err := ical.NewDecoder(bytes.NewReader(file)).Decode(); err != nil && !errors.Is(err, io.EOF) {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkExpand walks through a year of the instances of a calendar, each with
// its start and end in UTC; rrule-go beside it, which gives the starts.
func BenchmarkExpand(b *testing.B) {
	all := drawn()
	s := ics.NewSet(zones)
	if err := s.Read("", bytes.NewReader(calendarOf(all))); err != nil {
		b.Fatal(err)
	}
	from, to := worktime.Of(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)), worktime.Of(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	utc := zone(b, "UTC")
	ours := 0
	b.Run("ours", func(b *testing.B) {
		for b.Loop() {
			ours = 0
			sum := worktime.Instant(0)
			for i := range s.Instances(from, to, utc) {
				ours++
				sum += i.Start
			}
		}
		b.ReportMetric(float64(ours)*float64(b.N)/b.Elapsed().Seconds()/1e6, "M/s")
		b.ReportMetric(float64(ours), "instances")
	})
	b.Run("rrule-go", func(b *testing.B) {
		theirs := 0
		made := make([]*rrule.RRule, len(all))
		for i, v := range all {
			o, err := rrule.StrToROption(v.rule)
			if err != nil {
				b.Fatal(err)
			}
			o.Dtstart = v.start
			if made[i], err = rrule.NewRRule(*o); err != nil {
				b.Fatal(err)
			}
		}
		end := to.Time()
		for b.Loop() {
			theirs = 0
			sum := int64(0)
			for _, r := range made {
				next := r.Iterator()
				for at, ok := next(); ok && at.Before(end); at, ok = next() {
					theirs++
					sum += at.Unix()
				}
			}
		}
		b.ReportMetric(float64(theirs)*float64(b.N)/b.Elapsed().Seconds()/1e6, "M/s")
		b.ReportMetric(float64(theirs), "instances")
	})
}
