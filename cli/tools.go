package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/serve"
	"github.com/rubato-hq/rubato/wire/worktimecase"
)

// demoData is where a demo keeps its database if nobody says otherwise.
func demoData() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("rubato-demo-%d", os.Getuid()))
}

func worktimeCommand(s std) *cobra.Command {
	c := &cobra.Command{Use: "worktime", Short: "The working-time clock"}
	eval := &cobra.Command{
		Use:   "eval",
		Short: "Compute the cases on standard input and compare them with what they want",
		Long: `Read cases of the format rubato-worktime/1 from standard input, compute each,
and print a line for every difference, then "N passed, N failed". It exits with
1 when a case failed.`,
		Example: "  rubato worktime eval < cases.json",
		Args:    noArgs,
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
	c.AddCommand(eval)
	return c
}

func userCommand(s std) *cobra.Command {
	c := &cobra.Command{Use: "user", Short: "People, from the terminal"}
	link := &cobra.Command{
		Use:   "setup-link",
		Short: "Make a new one-time link to set up an empty server; older ones end",
		Args:  noArgs,
	}
	settingFlags(link)
	link.RunE = func(c *cobra.Command, _ []string) error {
		settings, _, err := load(c)
		if err != nil {
			return err
		}
		address, err := serve.SetupLink(c.Context(), settings)
		if err != nil {
			return err
		}
		fmt.Fprintln(s.out, address)
		return nil
	}
	c.AddCommand(link)
	return c
}

func migrateCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to date, without serving",
		Args:  noArgs,
	}
	settingFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		settings, _, err := load(c)
		if err != nil {
			return err
		}
		version, err := serve.Migrate(c.Context(), settings)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "The schema is at version %d.\n", version)
		return nil
	}
	return c
}

func versionCommand(s std) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			version, revision := "development", ""
			if info, ok := debug.ReadBuildInfo(); ok {
				if info.Main.Version != "" && info.Main.Version != "(devel)" {
					version = info.Main.Version
				}
				for _, kv := range info.Settings {
					if kv.Key == "vcs.revision" {
						revision = " " + kv.Value
					}
				}
			}
			_, err := fmt.Fprintf(s.out, "rubato %s%s\n", version, revision)
			return err
		},
	}
}
