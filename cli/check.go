package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rubato-hq/rubato/core/format"
)

// remark is one in JSON; File is left out when there is one file alone.
type remark struct {
	File    string      `json:"file,omitempty"`
	Rule    format.Rule `json:"rule"`
	Line    int         `json:"line"`
	Message string      `json:"message"`
}

// mostText is how large a document may be that is checked.
const mostText = 4 << 20

func checkCommand(s std) *cobra.Command {
	var kind string
	var asJSON bool
	c := &cobra.Command{
		Use:   "check FILE...",
		Short: "Say what a document lacks: an ask on top, an owner, a date, options",
		Long: `Reads documents in Markdown and remarks on their form: each remark has its line,
its reason and how to mend it. It understands English, German, French, Spanish
and Turkish, needs no server, and exits with 1 when it found something, so that
it can stand before a commit. "-" is standard input.`,
		Example: `  rubato check --kind decision proposal.md
  rubato check docs/decisions/*.md
  git diff --cached --name-only -- '*.md' | xargs -r rubato check`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("name at least one file, or - for standard input")}
			}
			return nil
		},
	}
	c.Flags().StringVar(&kind, "kind", "", "update, decision or request (default: what the document looks like)")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if kind != "" && !slices.Contains([]format.Kind{format.Update, format.Decision, format.Request}, format.Kind(kind)) {
			return usageError{fmt.Errorf("--kind %q: it is update, decision or request", kind)}
		}
		return s.check(args, format.Kind(kind), asJSON)
	}
	return c
}

func (s std) check(files []string, kind format.Kind, asJSON bool) error {
	w, err := spoken()
	if err != nil {
		return err
	}
	checker := format.New()
	all := []remark{}
	for _, file := range files {
		text, err := s.document(file)
		if err != nil {
			return err
		}
		as := kind
		if as == "" {
			as = checker.KindOf(text)
		}
		for _, r := range checker.Check(as, text) {
			one := remark{File: file, Rule: r.Rule, Line: r.Line, Message: w.Remark(string(r.Rule), r.Word, r.N)}
			if !asJSON {
				fmt.Fprintln(s.out, plain(w.T("format.line", "file", file, "line", r.Line, "message", one.Message, "rule", string(r.Rule))))
			}
			if len(files) == 1 {
				one.File = ""
			}
			all = append(all, one)
		}
	}
	if asJSON {
		if err := s.printJSON(all); err != nil {
			return err
		}
	}
	if len(all) > 0 {
		return errFound
	}
	return nil
}

func (s std) document(file string) (string, error) {
	in := s.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("read the document: %w", err)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, mostText+1))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", file, err)
	}
	if len(text) > mostText {
		return "", fmt.Errorf("%s: more than 4 MB: that is no document", file)
	}
	return strings.ToValidUTF8(string(text), "\uFFFD"), nil
}
