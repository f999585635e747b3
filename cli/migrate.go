package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/serve"
)

func migrateCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to date, without serving",
		Long: `Bring the database's schema up to date, without serving; "rubato serve" does
the same when it starts. All steps are one transaction: one that fails changes
nothing and says so, and the version before still runs. There is no way back but
a backup: one is kept in the data folder, in before-upgrades, before the first
step is taken. "rubato restore" of the version before takes it into an empty
place.`,
		Example: `  rubato migrate --data /var/lib/rubato`,
		Args:    noArgs,
	}
	someSettingFlags(c, "data", "database", "no-upgrade-backup")
	c.RunE = func(c *cobra.Command, _ []string) error {
		settings, err := load(c)
		if err != nil {
			return err
		}
		version, kept, err := serve.Migrate(c.Context(), settings)
		if err != nil {
			return err
		}
		if kept != "" {
			fmt.Fprintf(s.out, "A backup of what was there before: %s\n", kept)
		}
		fmt.Fprintf(s.out, "The schema is at version %d.\n", version)
		return nil
	}
	return c
}
