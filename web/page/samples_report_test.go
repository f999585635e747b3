package page

import (
	"time"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/report"
	"github.com/rubato-hq/rubato/wire/ics"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// reportSamples are the pages of one's own audit: with a report, without one, and with
// files that are none.
func (c cast) reportSamples(add func(string, viewer)) {
	const hours = "Monday to Friday 09:00-17:00"
	add("report", Report{Frame: c.frame(RoomAudit, PathAudit), Paper: c.paper(), Made: c.now.Add(-time.Hour), Hours: hours})
	add("report-none", Report{Frame: c.frame(RoomAudit, PathAudit), Hours: hours})
	add("report-wrong", Report{Frame: c.frame(RoomAudit, PathAudit), Hours: hours, Problems: Problems{{Field: "calendar", Code: "no-calendar-file"}, {Field: "chat", Code: "not-a-chat"}}})
}

func (c cast) paper() *report.Paper {
	zones := zoneinfo.New().Zone
	calendar, err := intake.ReadCalendars([]string{"../../report/testdata/lena.ics"}, nil, ics.NewZones(zones))
	if err != nil {
		panic(err)
	}
	now := worktime.Of(c.now)
	in, read := calendar.Audit(intake.Asked{}, nil, now)
	day := []worktime.Span{{From: worktime.ClockTime(9, 0), To: worktime.ClockTime(17, 0)}}
	in.Clock, err = worktime.Compile(worktime.Charter{Zone: read.Zone.Name(), Hours: [7][]worktime.Span{1: day, 2: day, 3: day, 4: day, 5: day}, Windows: worktime.DefaultWindows()}, zones)
	if err != nil {
		panic(err)
	}
	in.Days = true
	return report.New(audit.Run(in), report.About{Words: c.w, Now: now, Clock: in.Clock, Hours: "mon-fri 09:00-17:00", Files: 1, Recovery: in.Recovery, Titles: true, OnServer: true})
}
