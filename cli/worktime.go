package cli

import (
	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/wire/worktimecase"
)

func worktimeCommand(s std) *cobra.Command {
	eval := &cobra.Command{
		Use:   "eval",
		Short: "Compute the cases on standard input and compare them with what they want",
		Long: `Read cases of the format rubato-worktime/1 from standard input, compute each,
and print a line for every difference, then "N passed, N failed". It exits with
1 when a case failed.`,
		Example: `  rubato worktime eval < cases.json
  rubato worktime eval --json < cases.json > computed.json`,
		Args: noArgs,
	}
	asJSON := eval.Flags().Bool("json", false, "print what was computed, as JSON, and compare nothing")
	eval.RunE = func(*cobra.Command, []string) error {
		failed, err := worktimecase.Run(s.in, s.out, *asJSON)
		if err != nil {
			return err
		}
		if failed > 0 && !*asJSON {
			return errFound
		}
		return nil
	}
	return group(&cobra.Command{
		Use:   "worktime",
		Short: "Check the working-time clock against cases of your own",
		Long: `The working-time clock answers when something may reach somebody. It needs no
server: give it cases and see what it says.`,
	}, eval)
}
