// Package cli is the command line: a table of commands over the rooms that do
// the work.
//
// What does not live here: the work.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes. A script can rely on them.
const (
	exitOK    = 0
	exitError = 1 // the work failed, or a check found something
	exitUsage = 2 // the command line is wrong
)

// errFound ends a command whose work went well and found what it looked for,
// such as failed cases; it prints nothing more.
var errFound = errors.New("found")

// usageError is a wrong command line.
type usageError struct{ error }

// io of one run.
type std struct {
	in       io.Reader
	out, err io.Writer
}

// Main runs one command line and returns its exit code.
func Main(args []string, in io.Reader, out, errw io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
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
	fmt.Fprintln(errw, "rubato:", err)
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitError
}

func newRoot(s std) *cobra.Command {
	root := &cobra.Command{
		Use:   "rubato",
		Short: "The async-first work server",
		Long: `Rubato makes written work the default and lets an interruption happen only
when it is earned. Start with "rubato demo" to look around, or "rubato serve"
to work.`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(serveCommand(s), demoCommand(s), worktimeCommand(s), userCommand(s), configCommand(s), migrateCommand(s), versionCommand(s))
	return root
}

// noArgs refuses arguments that a command does not take.
func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("unexpected %q", args[0])}
	}
	return nil
}
