package cli

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/backup"
	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/serve"
)

func backupCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:   "backup FILE|FOLDER|-",
		Short: "Write everything into one file, while the server runs",
		Long: `Write the database and the attachments into one file, while the server runs. It
holds every change that was acknowledged before it began. Into a folder it is
written under a name with the date, and to standard output for "-".

The file is the same for SQLite and PostgreSQL, and "rubato restore" takes it
into either. It appears under its name when it is whole and on disk. It holds
everything that people wrote: keep it as you keep the server, or encrypt it.`,
		Example: `  rubato backup /backups --data /var/lib/rubato
  rubato backup - | age -r age1... > rubato.zip.age
  rubato restore --check /backups/rubato-20261124-030000.zip`,
		Args: oneArg("file or folder"),
	}
	dataFlags(c)
	asJSON := c.Flags().Bool("json", false, "print what was written as JSON")
	c.RunE = func(c *cobra.Command, args []string) error {
		settings, err := load(c)
		if err != nil {
			return err
		}
		if args[0] == "-" {
			m, err := serve.Backup(c.Context(), settings, s.out)
			if err == nil {
				s.noteBackup(c, settings, m)
			}
			return err
		}
		var m backup.Manifest
		name, err := backup.File(args[0], func(w io.Writer) (err error) {
			m, err = serve.Backup(c.Context(), settings, w)
			return err
		})
		if err != nil {
			return err
		}
		s.noteBackup(c, settings, m)
		return s.printBackup("Wrote", name, m, *asJSON)
	}
	return c
}

// noteBackup lets the server know that there is a backup. One that cannot be
// told is a backup all the same.
func (s std) noteBackup(c *cobra.Command, settings config.Settings, m backup.Manifest) {
	if err := serve.NoteBackup(c.Context(), settings, m.Made); err != nil {
		fmt.Fprintf(s.err, "The backup is whole. The server was not told of it, so that it will call the last one old: %s\n", plain(err.Error()))
	}
}

func (s std) printBackup(did, name string, m backup.Manifest, asJSON bool) error {
	if asJSON {
		return s.printJSON(struct {
			File    string    `json:"file"`
			Made    time.Time `json:"made"`
			Version string    `json:"version"`
			Schema  int64     `json:"schema"`
			Rows    int64     `json:"rows"`
			Files   int       `json:"files"`
			Bytes   int64     `json:"bytes"`
		}{name, m.Made, m.Version, m.Schema, m.Rows(), len(m.Files), m.Size()})
	}
	_, err := fmt.Fprintf(s.out, "%s %s: %d rows and %d files, %.1f MB, of %s.\n", did, name, m.Rows(), len(m.Files), float64(m.Size())/1e6, m.Made.Format("Mon 2 Jan 2006 15:04:05 MST"))
	return err
}

func restoreCommand(s std) *cobra.Command {
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Fill an empty server from a backup",
		Long: `Fill an empty server from a backup. The file is read from end to end first: one
that is damaged, cut or from a newer version is refused before anything is
touched. The place must be empty: a data folder without a database, or an empty
PostgreSQL database.

All sessions, tokens, feeds and links end, and the owner gets a new link. Nothing
goes out until "rubato delivery release" says so: since the backup was made, some
of it may have gone out already.`,
		Example: `  rubato restore --data /var/lib/rubato --url https://rubato.example.org rubato-20261124-030000.zip
  rubato restore --database postgres://rubato@/rubato --data /var/lib/rubato backup.zip
  rubato restore --check backup.zip`,
		Args: oneArg("file"),
	}
	someSettingFlags(c, "url", "data", "database")
	check := c.Flags().Bool("check", false, "only say whether the backup is whole")
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		settings, err := load(c)
		if err != nil {
			return err
		}
		a, err := backup.Open(args[0])
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, a.Close()) }()
		if *check {
			return s.printBackup("Whole:", args[0], a.Manifest, false)
		}
		r, err := serve.Restore(c.Context(), settings, a)
		if err != nil {
			return err
		}
		if err := s.printBackup("Restored", args[0], r.Manifest, false); err != nil {
			return err
		}
		for _, l := range r.Links {
			if l.Handle == "" {
				fmt.Fprintf(s.out, "\nSet it up here, within a day:\n\n  %s\n", l.Address)
				continue
			}
			fmt.Fprintf(s.out, "\nNobody is signed in any more. @%s sets a new password here, within half an hour\n(\"rubato user reset-link\" makes a new one):\n\n  %s\n", plain(l.Handle), l.Address)
		}
		fmt.Fprint(s.out, "\nNothing goes out by mail or webhook until you say so: start the server, look\nround, then run \"rubato delivery release\".\n")
		return nil
	}
	return c
}

func deliveryCommand(s std) *cobra.Command {
	release := &cobra.Command{
		Use:   "release",
		Short: "Let go out what a restore holds back",
		Long: `Let go out what a restore holds back: mail and webhooks that waited when the
backup was made, and those of briefs since. Some of them may have gone out before
the restore; mail that comes again has the same Message-ID, so that most mail
readers fold it. --drop lets none of them go out; what they told of stands in
everybody's briefs. The server may run meanwhile, and notices within a minute.`,
		Example: `  rubato delivery release --data /var/lib/rubato
  rubato delivery release --drop`,
		Args: noArgs,
	}
	dataFlags(release)
	drop := release.Flags().Bool("drop", false, "drop what waits instead of sending it")
	release.RunE = func(c *cobra.Command, _ []string) error {
		settings, err := load(c)
		if err != nil {
			return err
		}
		held, n, err := serve.Release(c.Context(), settings, *drop)
		switch {
		case err != nil:
			return err
		case held.IsZero():
			fmt.Fprintln(s.out, "Nothing is held back.")
		case *drop:
			fmt.Fprintf(s.out, "Dropped %d messages that waited. What comes from now on goes out.\n", n)
		default:
			fmt.Fprintf(s.out, "%d messages that waited go out now, and whatever comes from now on.\n", n)
		}
		return nil
	}
	return group(&cobra.Command{Use: "delivery", Short: "What goes out by mail and webhook"}, release)
}
