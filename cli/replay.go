package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/report"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// replayFlags are what a replay assumes.
type replayFlags struct {
	charters, tz        string
	rule                rhythm
	recovery            time.Duration
	everything, noColor bool
	asJSON, summary     bool
	width               int
	out                 []string
}

// rhythm is a charter in short, as the file of charters holds them.
type rhythm struct {
	Zone    string `toml:"zone"`
	Hours   string `toml:"hours"`
	Windows string `toml:"windows"`
	Focus   string `toml:"focus"`
}

func replayCommand(s std) *cobra.Command {
	var f replayFlags
	c := &cobra.Command{
		Use:   "replay EXPORT",
		Short: "Show a team's chat history twice: as it was, and with windows and briefs",
		Long: `Reads a chat export (Slack as a zip or folder, Mattermost as .jsonl or its zip, a
mailbox) and lets every message reach people by the rules of Rubato's delivery,
on a simulated clock: interruptions as they were, by night, on days off and in
focus; against briefs and asks, what each message would have waited, and what
would have been urgent or a crisis.

Figures stand for five people at least and never for one. --charters gives
people their own, as TOML:

  [default]
  hours = "mon-fri 09:00-17:00"
  windows = "11:00 16:00"
  ["lena@example.org"]
  zone = "Europe/Berlin"
  focus = "mon-fri 09:00-11:00"`,
		Example: `  rubato replay slack-export.zip
  rubato replay slack-export.zip --charters team.toml --out replay.html`,
		Args: oneArg("export"),
		RunE: func(c *cobra.Command, args []string) error { return s.replay(c.Context(), args[0], f) },
	}
	c.Flags().StringVar(&f.charters, "charters", "", "a `FILE` with people's charters")
	c.Flags().StringVar(&f.rule.Hours, "hours", "mon-fri 09:00-17:00", "working `HOURS` of whoever has no charter")
	c.Flags().StringVar(&f.rule.Windows, "windows", defaultWindows, "`WINDOWS` in which they read messages")
	c.Flags().StringVar(&f.rule.Focus, "focus", "mon-fri 09:00-11:00, 14:00-16:00", "`BLOCKS` that they keep for focus")
	c.Flags().StringVar(&f.tz, "tz", "UTC", "the `ZONE` of whoever has none in the export")
	c.Flags().DurationVar(&f.recovery, "recovery", worktime.Recovery*time.Second, "how long it takes to find the thread again")
	c.Flags().BoolVar(&f.everything, "everything", false, "as it was, every message of a channel interrupted whoever wrote there within a week")
	c.Flags().StringArrayVar(&f.out, "out", nil, "write the result to a `FILE`: .html, .json or .md; may be given again")
	c.Flags().BoolVar(&f.summary, "summary", false, "print what fits a screen, and not the details after it")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&f.noColor, "no-color", false, "print without colours (as NO_COLOR=1)")
	c.Flags().IntVar(&f.width, "width", 80, "`COLUMNS` of the output")
	return c
}

func (s std) replay(ctx context.Context, path string, f replayFlags) error {
	if err := knownForms(f.out); err != nil {
		return err
	}
	if chat, err := intake.IsChat(path); err != nil {
		return err
	} else if !chat {
		return fmt.Errorf("%s: %w", path, intake.ErrNoChat)
	}
	talk, err := intake.ReadChat(path, nil, audit.NewWords())
	if err != nil {
		return err
	}
	clocks, assumed, err := f.clocks(talk)
	if err != nil {
		return usageError{err}
	}
	r := (&audit.Replayed{Chat: &talk.Chat, Clocks: clocks, Recovery: int64(f.recovery / time.Second), Everything: f.everything}).Run()
	w, err := spoken()
	if err != nil {
		return err
	}
	about := report.About{Words: w, Now: worktime.Of(time.Now()), Recovery: int64(f.recovery / time.Second)}
	paper := report.Replay(r, assumed, about)
	if err := s.write(ctx, f.out, paper, report.ReplayOf(r, assumed)); err != nil {
		return err
	}
	if f.asJSON {
		return s.printJSON(report.ReplayOf(r, assumed))
	}
	return report.Text(s.terminal(f.noColor), paper, report.TextOptions{Width: f.width, Summary: f.summary})
}

// clocks give each person their charter: that of the file, else the assumed one
// in their own zone.
func (f replayFlags) clocks(talk *intake.Talk) ([]*worktime.Clock, report.Assumed, error) {
	assumed := report.Assumed{Hours: f.rule.Hours, Windows: f.rule.Windows, Focus: f.rule.Focus, Everything: f.everything, LeftOut: talk.LeftOut, Unread: talk.Unread}
	given := make(map[string]rhythm)
	if f.charters != "" {
		meta, err := toml.DecodeFile(f.charters, &given)
		if err != nil {
			return nil, assumed, fmt.Errorf("--charters: %w", err)
		}
		if odd := meta.Undecoded(); len(odd) > 0 {
			return nil, assumed, fmt.Errorf("--charters: %s is no part of a charter; it has zone, hours, windows and focus", odd[0])
		}
	}
	standard := f.rule.under(given["default"])
	delete(given, "default")
	assumed.Hours, assumed.Windows, assumed.Focus = standard.Hours, standard.Windows, standard.Focus
	zones := zoneinfo.New().Zone
	clocks := make([]*worktime.Clock, len(talk.People))
	for i, p := range talk.People {
		if p.Bot {
			continue
		}
		own := standard
		if p.Zone != "" {
			if _, err := zones(p.Zone); err == nil {
				own.Zone = p.Zone
				assumed.Zones++
			}
		}
		for key, r := range given {
			if slices.Contains(p.Keys, strings.ToLower(key)) {
				own = own.under(r)
				assumed.Charters++
			}
		}
		if own.Zone == "" {
			own.Zone = f.tz
		}
		var err error
		if clocks[i], err = own.clock(zones); err != nil {
			return nil, assumed, err
		}
	}
	return clocks, assumed, nil
}

// under is a charter with what another one says instead.
func (r rhythm) under(o rhythm) rhythm {
	for _, one := range []struct {
		to   *string
		from string
	}{{&r.Zone, o.Zone}, {&r.Hours, o.Hours}, {&r.Windows, o.Windows}, {&r.Focus, o.Focus}} {
		if one.from != "" {
			*one.to = one.from
		}
	}
	return r
}

func (r rhythm) clock(zones worktime.Zones) (*worktime.Clock, error) {
	c := worktime.Charter{Zone: r.Zone, WeekStart: worktime.StartOn(time.Monday)}
	var err error
	if c.Hours, err = charter.ParseWeek(strings.ToLower(r.Hours)); err != nil {
		return nil, fmt.Errorf("hours %q: %w", r.Hours, err)
	}
	if c.Windows, err = charter.ParseWindows(strings.ToLower(r.Windows)); err != nil {
		return nil, fmt.Errorf("windows %q: %w", r.Windows, err)
	}
	if c.Focus, err = charter.ParseWeek(strings.ToLower(r.Focus)); err != nil {
		return nil, fmt.Errorf("focus %q: %w", r.Focus, err)
	}
	k, err := worktime.Compile(c, zones)
	if err != nil {
		return nil, fmt.Errorf("a charter: %w", err)
	}
	return k, nil
}
