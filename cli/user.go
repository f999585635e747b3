package cli

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/serve"
)

func userCommand(s std) *cobra.Command {
	return group(&cobra.Command{
		Use:   "user",
		Short: "What an operator does for people without a page",
		Long: `What an operator does for people without a page, in the name of the owner. The
server may run meanwhile. Give it the settings that the server has; where there
are several organisations, --url says which.`,
	}, setupLinkCommand(s), userListCommand(s), inviteCommand(s), resetLinkCommand(s), stateCommand("deactivate", access.Deactivated), stateCommand("activate", access.Active))
}

// linkCommand prints one address.
func linkCommand(s std, c *cobra.Command, link func(c *cobra.Command, args []string) (string, error)) *cobra.Command {
	orgFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		address, err := link(c, args)
		if err != nil {
			return err
		}
		fmt.Fprintln(s.out, address)
		return nil
	}
	return c
}

func setupLinkCommand(s std) *cobra.Command {
	return linkCommand(s, &cobra.Command{
		Use:   "setup-link",
		Short: "Make a new one-time link to set up an empty server; older ones end",
		Long: `Make a new one-time link at which the first owner sets up an empty server, and
print it. Older ones end. It is good for a day.`,
		Example: "  rubato user setup-link --data /var/lib/rubato --url https://rubato.example.org",
		Args:    noArgs,
	}, func(c *cobra.Command, _ []string) (string, error) {
		settings, err := load(c)
		if err != nil {
			return "", err
		}
		return serve.SetupLink(c.Context(), settings)
	})
}

func inviteCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:   "invite",
		Short: "Make a link with which one person joins, for you to hand over",
		Long: `Make a link with which one person joins, and print it for you to hand over. It is
good for two weeks and for one use. Nothing is mailed.`,
		Example: `  rubato user invite --url https://rubato.example.org
  rubato user invite --role admin --email lena@example.org`,
		Args: noArgs,
	}
	role := c.Flags().String("role", string(access.Member), "`ROLE` of the newcomer: owner, admin or member")
	email := c.Flags().String("email", "", "the one `ADDRESS` that may join with it (default any)")
	_ = c.RegisterFlagCompletionFunc("role", cobra.FixedCompletions([]string{"owner", "admin", "member"}, cobra.ShellCompDirectiveNoFileComp))
	return linkCommand(s, c, func(c *cobra.Command, _ []string) (string, error) {
		settings, err := load(c)
		if err != nil {
			return "", err
		}
		return serve.InviteLink(c.Context(), settings, access.Role(*role), *email)
	})
}

func resetLinkCommand(s std) *cobra.Command {
	return linkCommand(s, &cobra.Command{
		Use:   "reset-link HANDLE",
		Short: "Make a link with which somebody sets a new password",
		Long: `Make a link with which somebody sets a new password, and print it for you to hand
over. It is good for half an hour and for one use. Their sessions and tokens end
when they use it.`,
		Example: "  rubato user reset-link lena --url https://rubato.example.org",
		Args:    oneArg("handle"),
	}, func(c *cobra.Command, args []string) (string, error) {
		settings, err := load(c)
		if err != nil {
			return "", err
		}
		return serve.ResetLink(c.Context(), settings, args[0])
	})
}

func stateCommand(name string, state access.State) *cobra.Command {
	c := &cobra.Command{
		Use:   name + " HANDLE",
		Short: "Keep somebody out for now: sessions, tokens, feeds and links end at once",
		Long: `Keep somebody out for now. Their sessions, tokens, feeds and links end at once and
nothing is delivered to them; "rubato user activate" lets them in again.`,
		Example: "  rubato user deactivate jonas --data /var/lib/rubato",
		Args:    oneArg("handle"),
	}
	if state == access.Active {
		c.Short = "Let somebody in again"
		c.Long = `Let somebody in again who was deactivated. They sign in with their password; what
they had made, such as tokens and feeds, they make anew.`
		c.Example = "  rubato user activate jonas --data /var/lib/rubato"
	}
	orgFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		settings, err := load(c)
		if err != nil {
			return err
		}
		return serve.SetState(c.Context(), settings, args[0], state)
	}
	return c
}

func userListCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:     "list",
		Short:   "List people: handle, name, role and state",
		Example: "  rubato user list --data /var/lib/rubato --json",
		Args:    noArgs,
	}
	orgFlags(c)
	asJSON := c.Flags().Bool("json", false, "print JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		settings, err := load(c)
		if err != nil {
			return err
		}
		people, err := serve.People(c.Context(), settings)
		if err != nil {
			return err
		}
		type row struct {
			Handle string       `json:"handle"`
			Name   string       `json:"name"`
			Role   access.Role  `json:"role"`
			State  access.State `json:"state"`
		}
		rows := make([]row, len(people))
		for i, p := range people {
			rows[i] = row{p.Handle, p.Name, p.Role, p.State}
		}
		if *asJSON {
			return s.printJSON(rows)
		}
		w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		for _, r := range rows {
			fmt.Fprintf(w, "@%s\t%s\t%s\t%s\n", plain(r.Handle), plain(r.Name), r.Role, r.State)
		}
		return w.Flush()
	}
	return c
}
