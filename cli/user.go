package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/serve"
)

func userCommand(s std) *cobra.Command {
	link := &cobra.Command{
		Use:   "setup-link",
		Short: "Make a new one-time link to set up an empty server; older ones end",
		Long: `Make a new one-time link at which the first owner sets up an empty server, and
print it. Older ones end. It is good for a day.`,
		Example: "  rubato user setup-link --data /var/lib/rubato --url https://rubato.example.org",
		Args:    noArgs,
	}
	someSettingFlags(link, "url", "data", "database")
	link.RunE = func(c *cobra.Command, _ []string) error {
		settings, err := load(c)
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
	return group(&cobra.Command{
		Use:   "user",
		Short: "What an operator does for people without a page",
		Long: `What an operator does for people without a page: the server may run meanwhile.
Give it the settings that the server has.`,
	}, link)
}
