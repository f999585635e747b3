package worktime_test

import (
	"testing"

	"github.com/rubato-hq/rubato/core/worktime"
)

// span reads a span that a test states.
func span(s string) worktime.Span {
	v, err := worktime.ParseSpan(s)
	if err != nil {
		panic(err)
	}
	return v
}

// week gives Monday to Friday the same spans.
func week(spans ...string) (w [7][]worktime.Span) {
	for d := 1; d <= 5; d++ {
		for _, s := range spans {
			w[d] = append(w[d], span(s))
		}
	}
	return w
}

// berlin is the charter of that name in worktime 14.
func berlin() worktime.Charter {
	return worktime.Charter{
		Zone:    "Europe/Berlin",
		Hours:   week("09:00-12:30", "13:30-17:30"),
		Windows: worktime.DefaultWindows(),
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*worktime.Charter)
		want   string
	}{
		{"unknown zone", func(c *worktime.Charter) { c.Zone = "Europe/Atlantis" }, "charter cannot be read: zone (zone)"},
		{"no zone", func(c *worktime.Charter) { c.Zone = "" }, "charter cannot be read: zone (zone)"},
		{"the machine's zone", func(c *worktime.Charter) { c.Zone = "Local" }, "charter cannot be read: zone (zone)"},
		{"empty span", func(c *worktime.Charter) { c.Hours[1] = []worktime.Span{{From: 540, To: 540}} }, "charter cannot be read: time (hours.mon)"},
		{
			"trips that share a date", func(c *worktime.Charter) {
				c.Travel = []worktime.Trip{{From: 20000, To: 20002, Zone: "UTC"}, {From: 20002, Open: true, Zone: "Nowhere"}}
			},
			"charter cannot be read: travel (travel.2024-10-06), zone (travel.2024-10-06)",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := berlin()
			tc.change(&c)
			_, err := worktime.Compile(c, tables.Zone)
			if err == nil || err.Error() != tc.want {
				t.Errorf("Compile: %v, want %s", err, tc.want)
			}
		})
	}
}

// TestCompileCopies holds that a clock does not see what becomes of its charter.
func TestCompileCopies(t *testing.T) {
	t.Parallel()
	c := berlin()
	c.Holidays = []worktime.Date{worktime.DateFrom(2026, 11, 25)}
	k := compile(t, c)
	now := worktime.Instant(1795510800) // Tue 24 Nov 2026, 10:00 in Berlin
	want, _ := k.Next(worktime.Normal, now, worktime.NotSealed)
	c.Hours[2][0], c.Windows[2][0], c.Holidays[0] = span("00:00-01:00"), 0, 0
	if got, _ := k.Next(worktime.Normal, now, worktime.NotSealed); got != want {
		t.Errorf("after a change of the charter: %v, want %v", got, want)
	}
}
