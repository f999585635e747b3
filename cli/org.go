package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/serve"
)

func orgCommand(s std) *cobra.Command {
	return group(&cobra.Command{
		Use:   "org",
		Short: "Several organisations on one server",
		Long: `Several organisations on one server. Each beside the first has a host of its own,
and sees nothing of the others. The server may run meanwhile.`,
	}, addOrgCommand(s), listOrgsCommand(s))
}

func addOrgCommand(s std) *cobra.Command {
	return linkCommand(s, &cobra.Command{
		Use:   "add NAME",
		Short: "Add an organisation at an address of its own, and make its owner's link",
		Long: `Add an organisation at the address that --url says, and print the link with which
its owner joins. The link is good for two weeks and for one use; until somebody
joins, the same command makes a new one. The proxy before the server must send
that host here too.`,
		Example: "  rubato org add \"Kite Harbour\" --url https://kite.example.org --data /var/lib/rubato",
		Args:    oneArg("name"),
	}, func(c *cobra.Command, args []string) (string, error) {
		settings, err := load(c)
		if err != nil {
			return "", err
		}
		if settings.URL == "" {
			return "", usageError{fmt.Errorf("give the organisation's address with --url; see \"%s --help\"", c.CommandPath())}
		}
		return serve.AddOrganisation(c.Context(), settings, args[0])
	})
}

func listOrgsCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:     "list",
		Short:   "List organisations: name and address, oldest first",
		Example: "  rubato org list --data /var/lib/rubato --json",
		Args:    noArgs,
	}
	orgFlags(c)
	asJSON := c.Flags().Bool("json", false, "print JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		settings, err := load(c)
		if err != nil {
			return err
		}
		all, err := serve.Organisations(c.Context(), settings)
		if err != nil {
			return err
		}
		type row struct {
			Name string `json:"name"`
			URL  string `json:"url"`
		}
		rows := make([]row, len(all))
		for i, o := range all {
			rows[i] = row{o.Name, o.URL}
		}
		if *asJSON {
			return s.printJSON(rows)
		}
		w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		for _, r := range rows {
			fmt.Fprintf(w, "%s\t%s\n", plain(r.Name), r.URL)
		}
		return w.Flush()
	}
	return c
}
