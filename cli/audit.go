package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/report"
	"github.com/rubato-hq/rubato/web/static"
	"github.com/rubato-hq/rubato/wire/ics"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
	"github.com/rubato-hq/rubato/words"
)

// auditFlags are what somebody says of themselves and of the report.
type auditFlags struct {
	tz, hours, from, to, now, archetype, unscheduled, plan, compare, settings string
	me, domains, out, notSo                                                   []string
	yes, no                                                                   []int
	shared, own, share, names, noTitles, noColor, summary, asJSON             bool
	decisions                                                                 int
	recovery                                                                  time.Duration
	width                                                                     int
}

func auditCommand(s std) *cobra.Command {
	var f auditFlags
	c := &cobra.Command{
		Use:   "audit FILE...",
		Short: "Tell what being always available costs you, from your calendar, and where to start",
		Long: `Reads calendars, and a chat export if you have one, and tells how much of your
week is live, what it breaks into, which of seven habits it comes from, what it
costs, what to change first and what should stay live.

FILE is an .ics file, a folder of them, a .zip with some, or - for the standard
input; and at most one chat: a Slack export (zip or folder), a Mattermost bulk
export (.jsonl or its zip) or a mailbox (.mbox). How to get your calendar as a
file: in Google Calendar, Settings, Export; in Outlook, Save calendar or a
published .ics link; in Apple Calendar, File, Export.

Everything stays on this machine: no connection is opened, and nothing is kept
but your own answers (--settings). A calendar shows invitations only, so its
hours are a lower bound.`,
		Example: `  rubato audit calendar.ics
  rubato audit calendar.ics --out report.html --out report.json
  rubato audit calendar.ics slack-export.zip --me lena@example.org
  curl -s https://example.org/calendar.ics | rubato audit - --summary
  rubato audit calendar.ics --plan monday
  rubato audit calendar.ics --compare report.json`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{fmt.Errorf("give a calendar; see %q", c.CommandPath()+" --help")}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return s.audit(c.Context(), args, f) },
	}
	flags := c.Flags()
	flags.StringSliceVar(&f.me, "me", nil, "your `ADDRESS`, several with commas (default: taken from the calendar)")
	flags.StringVar(&f.tz, "tz", "", "your time `ZONE` (default: the calendar’s)")
	flags.StringVar(&f.hours, "hours", defaultHours, "your working `HOURS`")
	flags.StringVar(&f.from, "from", "", "the first `DATE` to look at (default: the last four complete weeks)")
	flags.StringVar(&f.to, "to", "", "the `DATE` before which to end")
	flags.StringVar(&f.now, "now", "", "the `DATE` that counts as today")
	flags.StringSliceVar(&f.domains, "my-domains", nil, "the `DOMAINS` of your organisation (default: that of your address)")
	flags.BoolVar(&f.shared, "shared", false, "it is nobody’s own calendar: no tier, no self-audit")
	flags.BoolVar(&f.own, "own", false, "it is your own calendar, whatever it looks like")
	flags.StringVar(&f.archetype, "archetype", "", "your `KIND` of work: maker, manager, operator, decider or connector")
	flags.DurationVar(&f.recovery, "recovery", worktime.Recovery*time.Second, "how long it takes to find the thread again")
	flags.StringVar(&f.unscheduled, "unscheduled", "", "calls that nobody was invited to, a week, as `6x10m`")
	flags.IntVar(&f.decisions, "decisions", 0, "how many decisions came out of these weeks, as you count them")
	flags.IntSliceVar(&f.yes, "yes", nil, "the `QUESTIONS` of the self-audit that you answer with yes: 1,2")
	flags.IntSliceVar(&f.no, "no", nil, "the `QUESTIONS` that you answer with no")
	flags.StringSliceVar(&f.notSo, "not-so", nil, "findings that are wrong, by their `NAME` in the report; kept")
	flags.StringArrayVar(&f.out, "out", nil, "write the report to a `FILE`: .html, .json or .md; may be given again")
	flags.StringVar(&f.plan, "plan", "", "write ready texts and calendars for the plan into a `FOLDER`")
	flags.StringVar(&f.compare, "compare", "", "show what changed since an earlier report in JSON, `FILE`")
	flags.BoolVar(&f.share, "share", false, "for others to read: no titles, no people, no dates")
	flags.BoolVar(&f.names, "names", false, "name who takes part")
	flags.BoolVar(&f.noTitles, "no-titles", false, "leave out what your meetings are called")
	flags.BoolVar(&f.summary, "summary", false, "print what fits a screen, and not the details after it")
	flags.BoolVar(&f.asJSON, "json", false, "print JSON")
	flags.BoolVar(&f.noColor, "no-color", false, "print without colours (as NO_COLOR=1)")
	flags.IntVar(&f.width, "width", 80, "`COLUMNS` of the report in the terminal")
	flags.StringVar(&f.settings, "settings", "", "the `FILE` with your answers (default: rubato/audit.json in your settings; \"none\" for none)")
	return c
}

// audited is an audit with all that a report needs.
type audited struct {
	input  *audit.Input
	result *audit.Report
	about  report.About
	cal    *intake.Calendars
}

func (s std) audit(ctx context.Context, args []string, f auditFlags) error {
	if err := knownForms(f.out); err != nil {
		return err
	}
	kept, err := openAnswers(f.settings)
	if err != nil {
		return err
	}
	kept.notSo(f.notSo)
	a, err := s.makeAudit(args, f, kept)
	if err != nil {
		return err
	}
	if err := kept.save(); err != nil {
		return err
	}
	for _, bad := range a.cal.NotRead {
		fmt.Fprintln(s.err, "rubato:", plain(bad.Error()))
	}
	paper := report.New(a.result, a.about)
	if err := s.write(ctx, f.out, paper, report.Figures(a.result, a.about)); err != nil {
		return err
	}
	if f.plan != "" {
		files, err := a.writePlan(f.plan)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.err, "Written: %d files in %s\n", files, f.plan)
	}
	if f.asJSON {
		return s.printJSON(report.Figures(a.result, a.about))
	}
	more := ""
	if len(f.out) == 0 {
		more = a.about.Words.T("audit.more_out")
	}
	return report.Text(s.terminal(f.noColor), paper, report.TextOptions{Width: f.width, Summary: f.summary, More: more})
}

// terminal is the output with the styles that it can show: none where it is no
// terminal.
func (s std) terminal(plain bool) io.Writer {
	w := colorprofile.NewWriter(s.out, os.Environ())
	if plain {
		w.Profile = colorprofile.Ascii
	}
	if file, ok := s.out.(*os.File); !ok || !isTerminal(file) {
		w.Profile = colorprofile.NoTTY
	}
	return w
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// knownForms refuses names of files that say no form.
func knownForms(names []string) error {
	for _, name := range names {
		switch strings.ToLower(filepath.Ext(name)) {
		case ".html", ".htm", ".json", ".md":
		default:
			return usageError{fmt.Errorf("--out %s: give a name that ends in .html, .json or .md", name)}
		}
	}
	return nil
}

// write writes a paper into files, in the form that their names end in; figures
// are what is written as JSON.
func (s std) write(ctx context.Context, names []string, paper *report.Paper, figures any) error {
	for _, name := range names {
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		switch strings.ToLower(filepath.Ext(name)) {
		case ".json":
			err = std{out: file}.printJSON(figures)
		case ".md":
			err = report.Markdown(file, paper)
		default:
			err = report.HTML(ctx, file, paper, static.Standalone())
		}
		if err := errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		fmt.Fprintln(s.err, "Written:", name)
	}
	return nil
}

// makeAudit reads what is given, and measures it.
func (s std) makeAudit(args []string, f auditFlags, kept *answers) (*audited, error) {
	zones := zoneinfo.New().Zone
	table := ics.NewZones(zones)
	chats, calendars, err := sorted(args)
	if err != nil {
		return nil, err
	}
	asked, now, err := f.asked(table)
	if err != nil {
		return nil, usageError{err}
	}
	lists := audit.NewWords()
	var talk *intake.Talk
	if len(chats) > 0 {
		if talk, err = intake.ReadChat(chats[0], f.me, lists); err != nil {
			return nil, err
		}
	}
	cal := intake.NoCalendars(table)
	if len(calendars) > 0 {
		if cal, err = intake.ReadCalendars(calendars, s.in, table); err != nil {
			return nil, err
		}
	}
	if cal.Found > 0 && cal.Empty() && talk == nil {
		s.tellFaults(cal)
		return nil, fmt.Errorf("none of the %d entries could be read; what was wrong with each stands above", cal.Found)
	}
	in, read := cal.Audit(asked, talk, now)
	in.Words, in.Recovery, in.Days = lists, int64(f.recovery/time.Second), true
	if in.Clock, err = ordinary(read.Zone, f.hours, zones); err != nil {
		return nil, usageError{err}
	}
	if f.archetype != "" {
		if in.Archetype, err = parseArchetype(f.archetype); err != nil {
			return nil, usageError{err}
		}
	}
	if in.Unscheduled, err = parseUnscheduled(f.unscheduled); err != nil {
		return nil, usageError{err}
	}
	if in.Answers, err = answered(f.yes, f.no); err != nil {
		return nil, usageError{err}
	}
	if len(in.Answers) == 0 {
		in.Answers = kept.latest(in.Clock.DateOf(now))
	}
	in.NotSo, in.Decisions = kept.marks(), f.decisions
	if talk != nil {
		in.Chat = &talk.Chat
	}
	w, err := spoken()
	if err != nil {
		return nil, err
	}
	a := &audited{input: in, result: audit.Run(in), cal: cal}
	a.about = report.About{
		Words: w, Now: now, Clock: in.Clock, Hours: f.hours, Files: len(cal.Files), Guess: read.Guess && len(read.Me) > 0, Stated: in.Archetype, Recovery: in.Recovery,
		Titles: !f.noTitles, Share: f.share, Names: f.names, Faulty: cal.Faulty, Scores: kept.scores(),
	}
	for _, fault := range cal.Faults {
		a.about.Faults = append(a.about.Faults, report.Fault{File: fault.File, Line: fault.Line, Code: string(fault.Code), Text: fault.Text})
	}
	if f.compare != "" {
		before, err := os.Open(f.compare)
		if err != nil {
			return nil, fmt.Errorf("open the earlier report: %w", err)
		}
		defer before.Close()
		if a.about.Before, err = report.Read(before); err != nil {
			return nil, fmt.Errorf("%s: %w", f.compare, err)
		}
	}
	return a, nil
}

// sorted tells chats from calendars.
func sorted(args []string) (chats, calendars []string, err error) {
	for _, arg := range args {
		if arg == "-" {
			calendars = append(calendars, arg)
			continue
		}
		chat, err := intake.IsChat(arg)
		switch {
		case err != nil:
			return nil, nil, err
		case chat:
			chats = append(chats, arg)
		default:
			calendars = append(calendars, arg)
		}
	}
	if len(chats) > 1 {
		return nil, nil, usageError{fmt.Errorf("give one chat export at most: %s are %d", strings.Join(chats, ", "), len(chats))}
	}
	return chats, calendars, nil
}

// asked reads what somebody says of themselves.
func (f auditFlags) asked(zones *ics.Zones) (a intake.Asked, now worktime.Instant, err error) {
	a = intake.Asked{Me: f.me, Domains: f.domains, Shared: f.shared, Own: f.own}
	if f.shared && f.own {
		return a, 0, errors.New("--shared and --own contradict one another")
	}
	if f.tz != "" {
		zone, ok := zones.Named(f.tz)
		if !ok {
			return a, 0, fmt.Errorf("no zone is called %q; write one as in Europe/Berlin", f.tz)
		}
		a.Zone = zone
	}
	now = worktime.Of(time.Now())
	if f.now != "" {
		day, err := worktime.ParseDate(f.now)
		if err != nil {
			return a, 0, fmt.Errorf("--now: %w", err)
		}
		now = worktime.Instant(day.At(worktime.ClockTime(12, 0)))
	}
	for _, one := range []struct {
		name, text string
		to         *worktime.Date
	}{{"--from", f.from, &a.From}, {"--to", f.to, &a.To}} {
		if one.text == "" {
			continue
		}
		if *one.to, err = worktime.ParseDate(one.text); err != nil {
			return a, 0, fmt.Errorf("%s: %w", one.name, err)
		}
	}
	switch {
	case a.From != 0 && a.To == 0:
		a.To = worktime.DateFrom(now.Time().Date())
	case a.From == 0 && a.To != 0:
		a.From = a.To.AddDays(-4 * 7)
	}
	if a.From > a.To || a.From == a.To && a.From != 0 {
		return a, 0, errors.New("--from has to be before --to")
	}
	if f.recovery < 0 || f.recovery > 8*time.Hour {
		return a, 0, errors.New("--recovery: give a time between 0 and 8h, as 23m15s")
	}
	return a, now, nil
}

// What somebody who says nothing works, and when they read messages.
const (
	defaultHours   = "Mon-Fri 09:00-17:00"
	defaultWindows = "11:00 16:00"
)

// ordinary is the clock of somebody who said their hours, with the default windows.
func ordinary(zone *worktime.Zone, hours string, zones worktime.Zones) (*worktime.Clock, error) {
	return rhythm{Zone: zone.Name(), Hours: hours, Windows: defaultWindows}.clock(zones)
}

// spoken are the words of the language that the terminal asks for.
func spoken() (*words.Words, error) {
	catalogue, err := words.Load()
	if err != nil {
		return nil, err
	}
	return catalogue.For(os.Getenv("LANG")), nil
}

func parseArchetype(s string) (charter.Archetype, error) {
	for _, a := range charter.Archetypes() {
		if strings.EqualFold(s, string(a)) {
			return a, nil
		}
	}
	return "", fmt.Errorf("--archetype: %q is none; say maker, manager, operator, decider or connector", s)
}

// parseUnscheduled reads "6x10m" as minutes a week.
func parseUnscheduled(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	times, each, ok := strings.Cut(s, "x")
	n, err := strconv.Atoi(times)
	length, err2 := time.ParseDuration(each)
	if !ok || err != nil || err2 != nil || n < 0 || n > 500 || length < 0 || length > 12*time.Hour {
		return 0, fmt.Errorf("--unscheduled: %q is nothing to count; write how many and how long, as 6x10m", s)
	}
	return n * int(length/time.Minute), nil
}

// answered are answers to the six questions, by number.
func answered(yes, no []int) (map[int]bool, error) {
	all := make(map[int]bool)
	for i, list := range [][]int{no, yes} {
		for _, n := range list {
			if _, twice := all[n]; twice {
				return nil, fmt.Errorf("question %d is answered twice", n)
			}
			if n < 1 || n > questions {
				return nil, fmt.Errorf("there is no question %d: they are 1 to %d", n, questions)
			}
			all[n] = i == 1
		}
	}
	return all, nil
}

// questions is how many the self-audit asks (A8).
const questions = 6

// writePlan writes what a plan begins with into a folder; what is there already
// is not written over.
func (a *audited) writePlan(dir string) (int, error) {
	files, err := report.Plan(a.result, a.about)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, fmt.Errorf("write the plan: %w", err)
	}
	for _, f := range files {
		if _, err := os.Stat(filepath.Join(dir, f.Name)); err == nil {
			return 0, fmt.Errorf("%s is there already, and may hold words of yours; give an empty folder", filepath.Join(dir, f.Name))
		}
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Text, 0o600); err != nil {
			return 0, fmt.Errorf("write the plan: %w", err)
		}
	}
	return len(files), nil
}
