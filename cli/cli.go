// Package cli is the command line: a table of commands over the rooms that do
// the work.
//
// What does not live here: the work.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/store"
)

// Exit codes. A script can rely on them.
const (
	exitOK    = 0
	exitError = 1 // the work failed, or a check found something
	exitUsage = 2 // the command line or the settings are wrong
	exitHarm  = 3 // the database file is damaged
)

// errFound ends a command whose work went well and found what it looked for,
// such as failed cases; it prints nothing more.
var errFound = errors.New("found")

// usageError is a wrong command line, or a setting that cannot be.
type usageError struct{ error }

// Unwrap lets errors.Is see what is wrong.
func (u usageError) Unwrap() error { return u.error }

// std is what one run reads and writes.
type std struct {
	in       io.Reader
	out, err io.Writer
}

// Main runs one command line and returns its exit code. What it writes is for
// its user alone: files are made without rights for anybody else.
func Main(args []string, in io.Reader, out, errw io.Writer) int {
	syscall.Umask(0o077)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	root := newRoot(std{in, out, errw})
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errw)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFound):
		return exitError
	}
	if damage, ok := errors.AsType[*store.Damage](err); ok {
		fmt.Fprintf(errw, "rubato: %s. Nothing more was written. Keep a copy of the folder as it is, and restore the last backup into an empty one with \"rubato restore\"\n", plain(damage.Error()))
		return exitHarm
	}
	fmt.Fprintln(errw, "rubato:", plain(err.Error()))
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitError
}

func newRoot(s std) *cobra.Command {
	root := group(&cobra.Command{
		Use:   "rubato",
		Short: "The async-first work server",
		Long: `Rubato makes written work the default and lets an interruption happen only
when it is earned. Start with "rubato demo" to look around, or "rubato serve"
to work.

Every setting is a flag, an environment variable (RUBATO_LISTEN for --listen) or
a line in /etc/rubato/rubato.toml; the first of these that says something wins.
"rubato config" prints them all with where each came from.

Exit codes: 0 all is well; 1 the work failed, or a check found something;
2 the command line or a setting is wrong; 3 the database file is damaged.`,
		Example: `  rubato demo
  rubato audit calendar.ics
  rubato serve --data /var/lib/rubato --url https://rubato.example.org
  rubato backup /backups
  rubato worktime eval < cases.json
  source <(rubato completion bash)`,
		SilenceErrors: true,
		SilenceUsage:  true,
	},
		serveCommand(s), demoCommand(s), importCommand(s), auditCommand(s), selfAuditCommand(s), gateCommand(s), replayCommand(s), checkCommand(s), calendarCommand(s), worktimeCommand(s), userCommand(s), orgCommand(s),
		backupCommand(s), restoreCommand(s), deliveryCommand(s), auditLogCommand(s), configCommand(s), migrateCommand(s), versionCommand(s))
	root.SetUsageTemplate(usage)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see \"%s --help\"", err, c.CommandPath())}
	})
	return root
}

// usage is cobra's text with fewer words.
const usage = `Usage:
{{- if .HasAvailableSubCommands}}
  {{.CommandPath}} COMMAND
{{- else}}
  {{.UseLine}}
{{- end}}
{{- if .HasExample}}

Examples:
{{.Example}}
{{- end}}
{{- if .HasAvailableSubCommands}}

Commands:
{{- range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}}  {{.Short}}
{{- end}}{{end}}
{{- end}}
{{- if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}
{{- end}}
{{- if .HasAvailableSubCommands}}

"{{.CommandPath}} COMMAND --help" says more about each.
{{- end}}
`

// group is a command that only holds others: alone it prints its help, and a
// word that it does not know is a wrong command line.
func group(c *cobra.Command, commands ...*cobra.Command) *cobra.Command {
	c.AddCommand(commands...)
	c.Args = cobra.ArbitraryArgs
	c.SuggestionsMinimumDistance = 2
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		hint := fmt.Sprintf("see %q", c.CommandPath()+" --help")
		if near := c.SuggestionsFor(args[0]); len(near) > 0 {
			hint = fmt.Sprintf("did you mean %q?", c.CommandPath()+" "+near[0])
		}
		return usageError{fmt.Errorf("no command is called %q; %s", args[0], hint)}
	}
	return c
}

// noArgs refuses arguments that a command does not take.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("unexpected %q; see %q", args[0], c.CommandPath()+" --help")}
	}
	return nil
}

// oneArg wants exactly one argument, called by what it is.
func oneArg(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError{fmt.Errorf("give one %s; see %q", name, c.CommandPath()+" --help")}
		}
		return nil
	}
}

// printJSON writes a value for scripts.
func (s std) printJSON(v any) error {
	enc := json.NewEncoder(s.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// plain takes out what could steer a terminal: names and answers of others
// come through here.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return '?'
		}
		return r
	}, s)
}
