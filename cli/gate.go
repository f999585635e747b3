package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/report"
	"github.com/rubato-hq/rubato/wire/ics"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

func gateCommand(s std) *cobra.Command {
	var f auditFlags
	var calendar string
	c := &cobra.Command{
		Use:   "gate INVITE.ics",
		Short: "Tell what a meeting costs before you say yes, with a reply ready to send",
		Long: `Reads an invitation, or a meeting that you are about to book yourself, and tells
what it costs, asks whether writing would make it meaningfully worse, and drafts
a reply. With --calendar it also tells what it does to your focus of that day.
Nothing is sent.`,
		Example: `  rubato gate invite.ics
  rubato gate invite.ics --calendar calendar.ics --me lena@example.org`,
		Args: oneArg("invitation"),
		RunE: func(_ *cobra.Command, args []string) error { return s.gate(args[0], calendar, f) },
	}
	c.Flags().StringVar(&calendar, "calendar", "", "your own calendar, a `FILE`, to see what the meeting breaks up")
	c.Flags().StringSliceVar(&f.me, "me", nil, "your `ADDRESS`, several with commas")
	c.Flags().StringSliceVar(&f.domains, "my-domains", nil, "the `DOMAINS` of your organisation (default: that of your address)")
	c.Flags().StringVar(&f.tz, "tz", "", "your time `ZONE` (default: the invitation’s)")
	c.Flags().StringVar(&f.hours, "hours", defaultHours, "your working `HOURS`")
	c.Flags().StringVar(&f.now, "now", "", "the `DATE` that counts as today")
	c.Flags().DurationVar(&f.recovery, "recovery", worktime.Recovery*time.Second, "how long it takes to find the thread again")
	c.Flags().BoolVar(&f.noColor, "no-color", false, "print without colours (as NO_COLOR=1)")
	c.Flags().IntVar(&f.width, "width", 80, "`COLUMNS` of the output")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print JSON")
	return c
}

var errNoMeeting = errors.New("there is no meeting in it that is still to come or was ever held")

func (s std) gate(path, calendar string, f auditFlags) error {
	zones := zoneinfo.New().Zone
	table := ics.NewZones(zones)
	asked, now, err := f.asked(table)
	if err != nil {
		return usageError{err}
	}
	invite, err := intake.ReadCalendars([]string{path}, s.in, table)
	if err != nil {
		return err
	}
	others := intake.NoCalendars(table)
	if calendar != "" {
		if others, err = intake.ReadCalendars([]string{calendar}, s.in, table); err != nil {
			return err
		}
	}
	in, meeting, perWeek, ok := others.Gate(invite, asked, now)
	if !ok {
		return fmt.Errorf("%s: %w", path, errNoMeeting)
	}
	in.Words, in.Recovery = audit.NewWords(), int64(f.recovery/time.Second)
	zone := asked.Zone
	if zone == nil {
		zone = invite.Zone()
	}
	if in.Clock, err = ordinary(zone, f.hours, zones); err != nil {
		return usageError{err}
	}
	w, err := spoken()
	if err != nil {
		return err
	}
	g := in.Ask(meeting, perWeek)
	about := report.About{Words: w, Now: now, Clock: in.Clock, Recovery: in.Recovery, Titles: true, Files: 1 + len(others.Files)}
	if f.asJSON {
		return s.printJSON(report.GateOf(g, about))
	}
	return report.Text(s.terminal(f.noColor), report.Gate(g, about), report.TextOptions{Width: f.width})
}
