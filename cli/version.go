package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/serve"
)

func versionCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Example: "  rubato version --json",
		Args:    noArgs,
	}
	asJSON := c.Flags().Bool("json", false, "print JSON")
	c.RunE = func(*cobra.Command, []string) error {
		b := serve.ThisBuild()
		if *asJSON {
			return s.printJSON(struct {
				Version  string `json:"version"`
				Revision string `json:"revision"`
				Go       string `json:"go"`
			}{b.Version, b.Revision, b.Go})
		}
		line := "rubato " + b.Version
		if b.Revision != "" {
			line += " " + b.Revision
		}
		_, err := fmt.Fprintln(s.out, line)
		return err
	}
	return c
}
