package intake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/wire/ics"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// workedWeek is the week of audit.md A3, as a calendar of one person.
const workedWeek = "Mon 9:30-9:45, 10-11, 14-14:30 · Tue 9:30-9:45, 11-12, 15-15:30 · Wed 9:30-9:45, 13-14, 14-15 · Thu 9:30-9:45, 10-10:30, 16-17 · Fri 9:30-9:45, 10:30-11:30"

func calendarOf(t *testing.T, week string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nX-WR-CALNAME:me@example.org\r\nX-WR-TIMEZONE:Europe/Berlin\r\n")
	for d, day := range strings.Split(week, "·") {
		day = strings.TrimSpace(day)
		for n, span := range strings.Split(day[4:], ",") {
			from, to, _ := strings.Cut(strings.TrimSpace(span), "-")
			at := func(s string) string {
				h, m := 0, 0
				if _, err := fmt.Sscanf(s, "%d:%d", &h, &m); err != nil {
					if _, err := fmt.Sscanf(s, "%d", &h); err != nil {
						t.Fatal(s)
					}
				}
				return fmt.Sprintf("202611%02dT%02d%02d00", 16+d, h, m)
			}
			fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d-%d\r\nSUMMARY:Meeting\r\nDTSTART;TZID=Europe/Berlin:%s\r\nDTEND;TZID=Europe/Berlin:%s\r\nATTENDEE:mailto:me@example.org\r\nATTENDEE:mailto:mia@example.org\r\nEND:VEVENT\r\n", d, n, at(from), at(to))
		}
	}
	return b.String() + "END:VCALENDAR\r\n"
}

// TestWorkedWeek takes the worked week of audit.md all the way from a calendar to
// its figures (A3).
func TestWorkedWeek(t *testing.T) {
	zones := zoneinfo.New().Zone
	c, err := intake.ReadCalendars([]string{"-"}, strings.NewReader(calendarOf(t, workedWeek)), ics.NewZones(zones))
	if err != nil || c.Faulty > 0 {
		t.Fatal(err, c.Faults)
	}
	now := worktime.Of(time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC))
	in, read := c.Audit(intake.Asked{From: worktime.DateFrom(2026, 11, 16), To: worktime.DateFrom(2026, 11, 23)}, nil, now)
	if read.Zone.Name() != "Europe/Berlin" || len(read.Me) != 1 || read.Me[0] != "me@example.org" || in.Shared {
		t.Errorf("read as %+v", read)
	}
	in.Clock, err = worktime.Compile(worktime.Charter{Zone: "Europe/Berlin", Hours: nineToFive(), Windows: worktime.DefaultWindows(), WeekStart: worktime.StartOn(time.Monday)}, zones)
	if err != nil {
		t.Fatal(err)
	}
	r := audit.Run(in)
	got := fmt.Sprintf("%d weeks, sync %.0f of %.0f to %.0f, %s, focus %d, fragmented %d, recovery %d s", r.Used, r.Sync.Mid, r.Sync.Low, r.Sync.High, r.Tier, r.Focus, r.Fragmented, r.Weeks[0].RecoverySeconds)
	if want := "1 weeks, sync 525 of 525 to 525, healthy, focus 1485, fragmented 390, recovery 15750 s"; got != want { // 262.5 minutes
		t.Errorf("%s\nwant %s", got, want)
	}
}
