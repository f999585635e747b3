package cli

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/report"
	"github.com/rubato-hq/rubato/words"
)

func selfAuditCommand(s std) *cobra.Command {
	var yes, no []int
	var settings, now string
	var asJSON bool
	c := &cobra.Command{
		Use:   "self-audit",
		Short: "Six questions about last week; three yes or more say: change the architecture",
		Long: `Asks the six questions of the audit, or takes the answers as flags. They are kept
on this machine, so that you see how your score goes, and "rubato audit" uses
those of the last seven days.`,
		Example: `  rubato self-audit
  rubato self-audit --yes 2,3,6 --no 1,4,5`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			given, err := answered(yes, no)
			if err != nil {
				return usageError{err}
			}
			today := worktime.DateFrom(time.Now().Date())
			if now != "" {
				if today, err = worktime.ParseDate(now); err != nil {
					return usageError{fmt.Errorf("--now: %w", err)}
				}
			}
			return s.selfAudit(given, settings, today, asJSON)
		},
	}
	c.Flags().IntSliceVar(&yes, "yes", nil, "the `QUESTIONS` that you answer with yes: 2,3")
	c.Flags().IntSliceVar(&no, "no", nil, "the `QUESTIONS` that you answer with no")
	c.Flags().StringVar(&settings, "settings", "", "the `FILE` with your answers (default: rubato/audit.json in your settings; \"none\" for none)")
	c.Flags().StringVar(&now, "now", "", "the `DATE` that counts as today")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (s std) selfAudit(given map[int]bool, settings string, today worktime.Date, asJSON bool) error {
	w, err := spoken()
	if err != nil {
		return err
	}
	kept, err := openAnswers(settings)
	if err != nil {
		return err
	}
	if len(given) == 0 {
		if given, err = s.ask(w); err != nil {
			return err
		}
	}
	one := answeredOnce{On: today.String(), Yes: []int{}, No: []int{}}
	for n := 1; n <= questions; n++ {
		yes, told := given[n]
		switch {
		case told && yes:
			one.Yes = append(one.Yes, n)
		case told:
			one.No = append(one.No, n)
		}
	}
	kept.add(one)
	if err := kept.save(); err != nil {
		return err
	}
	least, most := len(one.Yes), questions-len(one.No)
	if asJSON {
		return s.printJSON(struct {
			On    string `json:"on"`
			Yes   []int  `json:"yes"`
			No    []int  `json:"no"`
			Least int    `json:"least"`
			Most  int    `json:"most"`
			Taxed bool   `json:"taxed"`
		}{one.On, one.Yes, one.No, least, most, audit.Taxed(least)})
	}
	for n := 1; n <= questions; n++ {
		answer := "–"
		if slices.Contains(one.Yes, n) {
			answer = w.T("audit.yes")
		} else if slices.Contains(one.No, n) {
			answer = w.T("audit.no")
		}
		fmt.Fprintf(s.out, "%d. %-72s %s\n", n, w.Of("audit.self_q", fmt.Sprint(n)), answer)
	}
	fmt.Fprintf(s.out, "\n%s\n", report.Scored(w, least, most))
	for _, n := range one.Yes {
		habit := fmt.Sprint(int(audit.QuestionHabit(n)))
		fmt.Fprintf(s.out, "  %d: %s. %s.\n", n, w.Of("audit.habit", habit), w.Of("audit.instead", habit))
	}
	if past := kept.scores(); len(past) > 1 {
		fmt.Fprintf(s.out, "\n%s\n", w.T("audit.scores"))
		for _, p := range past[max(0, len(past)-12):] {
			fmt.Fprintf(s.out, "  %s  %s %d\n", p.On, strings.Repeat("■", p.Yes)+strings.Repeat("·", questions-p.Yes), p.Yes)
		}
	}
	return nil
}

// ask asks in the terminal. What is neither yes nor no is left open.
func (s std) ask(w *words.Words) (map[int]bool, error) {
	given := make(map[int]bool)
	in := bufio.NewScanner(s.in)
	fmt.Fprintln(s.out, w.T("audit.ask_intro"))
	for n := 1; n <= questions; n++ {
		fmt.Fprintf(s.out, "\n%d. %s\n   %s ", n, w.Of("audit.self_q", fmt.Sprint(n)), w.T("audit.ask_answer"))
		if !in.Scan() {
			break
		}
		switch strings.ToLower(strings.TrimSpace(in.Text())) {
		case "y", "yes", "j", "ja", "o", "oui", "s", "sí", "si", "e", "evet":
			given[n] = true
		case "n", "no", "nein", "non", "h", "hayır":
			given[n] = false
		}
	}
	fmt.Fprintln(s.out)
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("read your answers: %w", err)
	}
	if len(given) == 0 {
		return nil, fmt.Errorf("nothing was answered, so nothing was kept; answer with y or n, or give --yes and --no")
	}
	return given, nil
}
