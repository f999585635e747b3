package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/serve"
)

func auditLogCommand(s std) *cobra.Command {
	return group(&cobra.Command{
		Use:   "audit-log",
		Short: "Who did what to rights and settings",
		Long: `Who did what to rights and settings. Admins read and export it on their page; each
entry follows from all before it.`,
	}, verifyAuditCommand(s))
}

func verifyAuditCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:   "verify",
		Short: "Check that no entry of the audit log was changed or taken out",
		Long: `Check that no entry of the audit log was changed or taken out, and print the head
of each organisation's: the number and the hash of its newest entry. The server
may run meanwhile.

Whoever has the database in their hands can write the whole log anew, or take its
newest entries and their count away. Keep the head somewhere else from time to
time, and give it with --head: then that is found, too. The exit code is 1 when
something is wrong.`,
		Example: `  rubato audit-log verify --data /var/lib/rubato
  rubato audit-log verify --head 1312:5f0c... --data /var/lib/rubato`,
		Args: noArgs,
	}
	dataFlags(c)
	head := c.Flags().String("head", "", "a head that was printed earlier: `NUMBER:HASH`")
	asJSON := c.Flags().Bool("json", false, "print JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		settings, err := load(c)
		if err != nil {
			return err
		}
		noted, err := notedHead(*head)
		if err != nil {
			return usageError{err}
		}
		all, err := serve.CheckAudit(c.Context(), settings, noted)
		if err != nil {
			return err
		}
		lost := noted != nil && !slices.ContainsFunc(all, func(a serve.AuditCheck) bool { return a.Held })
		if err := s.printAudit(all, noted, lost, *asJSON); err != nil {
			return err
		}
		if lost || slices.ContainsFunc(all, func(a serve.AuditCheck) bool { return a.Broken > 0 }) {
			return errFound
		}
		return nil
	}
	return c
}

func (s std) printAudit(all []serve.AuditCheck, noted *serve.Noted, lost, asJSON bool) error {
	if asJSON {
		type row struct {
			Organisation string `json:"organisation"`
			Entries      int64  `json:"entries"`
			Broken       int64  `json:"broken,omitempty"`
			Head         string `json:"head"`
			Held         bool   `json:"held"`
		}
		rows := make([]row, len(all))
		for i, a := range all {
			rows[i] = row{a.Organisation, a.Entries, a.Broken, headOf(a), a.Held}
		}
		return s.printJSON(rows)
	}
	for _, a := range all {
		if a.Broken > 0 {
			fmt.Fprintf(s.out, "%s: entry %d was changed or taken out. What stands before it is as it was written.\n", plain(a.Organisation), a.Broken)
		} else {
			fmt.Fprintf(s.out, "%s: %d entries, all as they were written. Head %s\n", plain(a.Organisation), a.Entries, headOf(a))
		}
	}
	if lost {
		fmt.Fprintf(s.out, "No log has the entry %d any more as it was noted: it was written anew, or cut off before it.\n", noted.N)
	}
	return nil
}

func headOf(a serve.AuditCheck) string { return strconv.FormatInt(a.Entries, 10) + ":" + a.Head }

// notedHead reads "1312:5f0c...", nil for "".
func notedHead(text string) (*serve.Noted, error) {
	if text == "" {
		return nil, nil
	}
	number, hash, ok := strings.Cut(text, ":")
	n, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || n < 1 || hash == "" {
		return nil, fmt.Errorf("a head is a number, a colon and a hash, as \"rubato audit-log verify\" prints it")
	}
	return &serve.Noted{N: n, Hash: hash}, nil
}
