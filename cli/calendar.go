package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/wire/ics"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

func calendarCommand(s std) *cobra.Command {
	return group(&cobra.Command{Use: "calendar", Short: "Look into calendar files"}, factsCommand(s))
}

func factsCommand(s std) *cobra.Command {
	var tz, from, to, week string
	var asJSON bool
	c := &cobra.Command{
		Use:   "facts FILE...",
		Short: "Count what calendars hold, to compare with any other reader",
		Long: `Counts events and their instances, with all their repetitions, exceptions and
replacements, as any reader of RFC 5545 should find them. FILE is an .ics file,
a folder of them, a .zip with some, or - for the standard input.

Instances are counted by their start, from --from to before --to; the hours are
those of timed instances in the week that take place and are not transparent.
What cannot be read is told by its line and passed over.`,
		Example: `  rubato calendar facts calendar.ics --tz Europe/Berlin --from 2026-01-01 --to 2027-01-01 --week 2026-W12
  curl -s https://example.org/calendar.ics | rubato calendar facts - --json`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{fmt.Errorf("give a file; see %q", c.CommandPath()+" --help")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			zones := ics.NewZones(zoneinfo.New().Zone)
			cal, err := intake.ReadCalendars(args, s.in, zones)
			if err != nil {
				return err
			}
			zone := cal.Zone()
			if tz != "" {
				var ok bool
				if zone, ok = zones.Named(tz); !ok {
					return usageError{fmt.Errorf("no zone is called %q; write one as in Europe/Berlin", tz)}
				}
			}
			r, err := rangeOf(from, to, week, time.Now().In(zone.Location()))
			if err != nil {
				return usageError{err}
			}
			facts := cal.Facts(zone, r.from, r.to, r.monday)
			s.tellFaults(cal)
			if asJSON {
				return s.printJSON(facts)
			}
			fmt.Fprintf(s.out, "%s to before %s, and the week from %s, in %s\n", r.from, r.to, r.monday, zone.Name())
			for _, line := range []struct {
				name string
				n    float64
			}{
				{"events", float64(facts.VEvents)},
				{"instances", float64(facts.Instances)},
				{"cancelled", float64(facts.InstancesCancelled)},
				{"all day", float64(facts.InstancesAllDay)},
				{"timed in the week", float64(facts.WeekInstancesTimed)},
				{"hours, added up", facts.BusyHoursSum},
				{"hours, counted once", facts.BusyHoursUnion},
			} {
				fmt.Fprintf(s.out, "%-20s %s\n", line.name, strconv.FormatFloat(line.n, 'f', -1, 64))
			}
			return nil
		},
	}
	c.Flags().StringVar(&tz, "tz", "", "the zone in which to read (default: the calendar's own)")
	c.Flags().StringVar(&from, "from", "", "the first date (default: four weeks before --to)")
	c.Flags().StringVar(&to, "to", "", "the date before which to end (default: this week's Monday)")
	c.Flags().StringVar(&week, "week", "", "the ISO week whose hours are counted, as 2026-W12 (default: the last one before --to)")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// tellFaults says on the error output what was passed over.
func (s std) tellFaults(c *intake.Calendars) {
	for _, f := range c.NotRead {
		fmt.Fprintln(s.err, "rubato:", plain(f.Error()))
	}
	for _, f := range c.Faults {
		fmt.Fprintf(s.err, "%s:%d: %s: %s\n", plain(f.File), f.Line, f.Code, plain(f.Text))
	}
	if more := c.Faulty - len(c.Faults); more > 0 {
		fmt.Fprintf(s.err, "and %d more\n", more)
	}
}

// dates are what a command is to look at.
type dates struct{ from, to, monday worktime.Date }

func rangeOf(from, to, week string, now time.Time) (d dates, err error) {
	today := worktime.DateFrom(now.Date())
	d.to = worktime.StartOn(time.Monday).First(today)
	if to != "" {
		if d.to, err = worktime.ParseDate(to); err != nil {
			return d, fmt.Errorf("--to: %w", err)
		}
	}
	d.from = d.to.AddDays(-28)
	if from != "" {
		if d.from, err = worktime.ParseDate(from); err != nil {
			return d, fmt.Errorf("--from: %w", err)
		}
	}
	if d.from >= d.to {
		return d, errors.New("--from has to be before --to")
	}
	d.monday = worktime.StartOn(time.Monday).First(d.to.AddDays(-7))
	if week != "" {
		if d.monday, err = mondayOf(week); err != nil {
			return d, fmt.Errorf("--week: %w", err)
		}
	}
	return d, nil
}

// mondayOf reads an ISO week as 2026-W12.
func mondayOf(s string) (worktime.Date, error) {
	wrong := fmt.Errorf("%q is no week; write one as 2026-W12", s)
	year, number, ok := strings.Cut(strings.ToUpper(s), "-W")
	y, err := strconv.Atoi(year)
	n, err2 := strconv.Atoi(number)
	if !ok || err != nil || err2 != nil || y < 1 || y > 9999 || n < 1 || n > 53 {
		return 0, wrong
	}
	first := worktime.StartOn(time.Monday).First(worktime.DateFrom(y, time.January, 4))
	monday := first.AddDays(7 * (n - 1))
	if n == 53 && monday >= worktime.StartOn(time.Monday).First(worktime.DateFrom(y+1, time.January, 4)) {
		return 0, wrong
	}
	return monday, nil
}
