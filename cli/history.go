package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/serve"
	"github.com/rubato-hq/rubato/wire/slackexport"
)

func importCommand(s std) *cobra.Command {
	slack := &cobra.Command{
		Use:   "slack EXPORT",
		Short: "Bring the history of a Slack workspace from its export, a zip or a folder",
		Long: `Bring people, channels and what was written in them from the export of a Slack
workspace, a zip or a folder. It is history: it can be read by whoever could
read it before, and nothing is delivered for it. People come as names; an
account whose e-mail address a member here has verified is that member.

It is read where it lies, and nothing is fetched. Run it again to go on where it
was stopped, or with a newer export to bring what is new: nothing comes twice.
Stop the server meanwhile if its data are in SQLite.`,
		Example: `  rubato import slack --data /var/lib/rubato export.zip
  rubato import slack --database postgres://rubato@/rubato --as lena --json export.zip > report.json`,
		Args: oneArg("export"),
	}
	orgFlags(slack)
	as := slack.Flags().String("as", "", "`HANDLE` of the owner or admin in whose name it comes (default the first owner)")
	asJSON := slack.Flags().Bool("json", false, "print the report as JSON")
	slack.RunE = func(c *cobra.Command, args []string) error {
		settings, err := load(c)
		if err != nil {
			return err
		}
		bar := newBar(s.err)
		report, err := serve.ImportSlack(c.Context(), settings, args[0], strings.TrimPrefix(*as, "@"), bar.show)
		bar.end()
		if report.Source.Tool != "" { // what was kept before an error counts
			if printed := s.printImport(report, *asJSON); err == nil {
				err = printed
			}
		}
		if r, ok := errors.AsType[*slackexport.Refused](err); ok {
			return refused(r, report.Source.Tool != "")
		}
		if errors.Is(err, context.Canceled) {
			return errors.New("stopped: what came so far is kept, and the same command goes on from there")
		}
		return err
	}
	return group(&cobra.Command{
		Use:   "import",
		Short: "Bring history from another tool",
		Long: `Bring history from another tool. It can be read from then on and is never
changed; nobody is told of it.`,
	}, slack)
}

// refused says why an export is not taken, and what came of it.
func refused(r *slackexport.Refused, begun bool) error {
	why, ok := map[slackexport.Reason]string{
		slackexport.NotAnArchive:   "it is neither a folder nor a zip that can be read",
		slackexport.NotAnExport:    "it holds no channels.json and no day of a channel; is it an export of Slack?",
		slackexport.SeveralExports: "it holds several exports; take them out and bring one after the other",
		slackexport.ClimbingName:   "climbs out of the export",
		slackexport.AbsoluteName:   "names a place outside of the export",
		slackexport.BadName:        "has a name that no export has",
		slackexport.DuplicateName:  "stands in it twice",
		slackexport.Link:           "is a link or a device, not a file",
		slackexport.Overlapping:    "shares its bytes with another file, as no honest zip does",
		slackexport.Encrypted:      "needs a password; pack the export again without one",
		slackexport.Compression:    "is packed in a way that is not read here; pack the export again",
		slackexport.TooManyEntries: "it holds more files than any export does",
		slackexport.TooLarge:       "is larger than any day of a channel",
		slackexport.Inflated:       "unpacks to far more than any text does",
		slackexport.SizeLies:       "unpacks to more than it says",
		slackexport.NameLies:       "goes by two names",
	}[r.Why]
	if !ok {
		why = string(r.Why)
	}
	if r.Entry != "" {
		why = strconv.Quote(r.Entry) + " " + why
	}
	if begun {
		return errors.New("the export is refused: " + why + ". What came before is kept")
	}
	return errors.New("the export is refused, and nothing of it was brought: " + why)
}

// bar shows how far an import is, on a terminal and nowhere else.
type bar struct {
	out   io.Writer // nil for none
	began time.Time
	last  time.Time
}

func newBar(w io.Writer) *bar {
	b := &bar{began: time.Now()}
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			b.out = w
		}
	}
	return b
}

// barCells is the length of the bar itself.
const barCells = 24

func (b *bar) show(r intake.Report) {
	if b.out == nil || time.Since(b.last) < 100*time.Millisecond {
		return
	}
	b.last = time.Now()
	share := 1.0
	if r.Read.Bytes > 0 {
		share = float64(r.Read.BytesDone) / float64(r.Read.Bytes)
	}
	full := min(int(share*barCells), barCells)
	left := ""
	if spent := time.Since(b.began); share > 0.02 && share < 1 && spent > 2*time.Second {
		left = ", about " + time.Duration(float64(spent)*(1-share)/share).Round(time.Second).String() + " left"
	}
	fmt.Fprintf(b.out, "\r\x1b[K%s%s %3.0f %%  %d documents, %d comments%s", strings.Repeat("█", full), strings.Repeat("·", barCells-full), share*100,
		r.Counts.Documents, r.Counts.Comments, left)
}

func (b *bar) end() {
	if b.out != nil && !b.last.IsZero() {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}

// importReport is the report as JSON.
type importReport struct {
	Tool    string          `json:"tool"`
	Team    string          `json:"team"`
	Zone    string          `json:"zone"`
	New     importCounts    `json:"new"`
	Edited  int             `json:"edited"`
	Known   int             `json:"known"`
	LeftOut importLeftOut   `json:"left_out"`
	Unread  []importProblem `json:"unread"`
	More    int             `json:"unread_more"`
}

type importCounts struct {
	People    int `json:"people"`
	Bots      int `json:"bots"`
	Left      int `json:"left"`
	Members   int `json:"members"`
	Teams     int `json:"teams"`
	Documents int `json:"documents"`
	Comments  int `json:"comments"`
	Files     int `json:"files"`
}

type importLeftOut struct {
	Notices int `json:"notices"`
	Deleted int `json:"deleted"`
	Huddles int `json:"huddles"`
	Empty   int `json:"empty"`
}

type importProblem struct {
	File   string `json:"file"`
	Offset int64  `json:"offset"`
	Item   int    `json:"item"`
	Reason string `json:"reason"`
	Detail string `json:"detail,omitempty"`
}

func (s std) printImport(r intake.Report, asJSON bool) error {
	n, out := r.Counts, r.LeftOut
	if asJSON {
		j := importReport{
			Tool: r.Source.Tool, Team: r.Source.Team, Zone: r.Zone,
			New:    importCounts{n.People, n.Bots, n.Left, n.Members, n.Teams, n.Documents, n.Comments, n.Files},
			Edited: n.Edited, Known: n.Known, LeftOut: importLeftOut{out.Notices, out.Gone, out.Huddles, out.Empty},
			Unread: []importProblem{}, More: r.More,
		}
		for _, p := range r.Problems {
			j.Unread = append(j.Unread, importProblem{p.File, p.Offset, p.Item, string(p.Why), p.Detail})
		}
		return s.printJSON(j)
	}
	w := s.out
	fmt.Fprintf(w, "History of the Slack workspace %q, with days as in %s:\n\n", r.Source.Team, r.Zone)
	for _, row := range []struct {
		what string
		n    int
	}{
		{"new names", n.People},
		{"  of them bots", n.Bots},
		{"  of them left", n.Left},
		{"found as members", n.Members},
		{"teams", n.Teams},
		{"documents", n.Documents},
		{"comments", n.Comments},
		{"files listed", n.Files},
		{"newer words", n.Edited},
		{"here already", n.Known},
		{"left out: notices", out.Notices},
		{"left out: deleted", out.Gone},
		{"left out: calls", out.Huddles},
		{"left out: empty", out.Empty},
	} {
		fmt.Fprintf(w, "  %-18s %8d\n", row.what, row.n)
	}
	if len(r.Problems) == 0 {
		_, err := fmt.Fprintln(w, "\nEvery line was read.")
		return err
	}
	fmt.Fprintf(w, "\nNot read (%d):\n", len(r.Problems)+r.More)
	for _, p := range r.Problems {
		fmt.Fprintln(w, "  "+plain(p.String()))
	}
	if r.More > 0 {
		fmt.Fprintf(w, "  and %d more\n", r.More)
	}
	return nil
}
