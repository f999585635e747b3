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
the same when it starts. Each step is a transaction: one that fails changes
nothing and says so. There is no way back but a backup: make one first.`,
		Example: `  rubato backup /backups && rubato migrate --data /var/lib/rubato`,
		Args:    noArgs,
	}
	dataFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		settings, err := load(c)
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
