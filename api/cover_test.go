package api_test

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/api"
	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// operations are those of the description that is served, with their status of success.
func operations(t *testing.T) map[string]int {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			ID        string         `json:"operationId"`
			Responses map[string]any `json:"responses"`
			Security  []any          `json:"security"`
		} `json:"paths"`
	}
	text, err := served("/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	out := make(map[string]int)
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if len(op.Security) == 0 {
				t.Errorf("%s %s is open to anybody", method, path)
			}
			for _, status := range slices.Sorted(maps.Keys(op.Responses)) { // a part of a file is a success, too
				if n, err := strconv.Atoi(status); err == nil && n < http.StatusMultipleChoices && out[op.ID] == 0 {
					out[op.ID] = n
				}
			}
		}
	}
	return out
}

// TestDescription holds the committed description to the code.
func TestDescription(t *testing.T) {
	got, err := api.New(api.Config{}).Description()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("api/openapi.yaml is stale: go generate ./api")
	}
}

// reaches are the methods that package api calls or passes on, by what they
// are called on: Door.Ask, Auth.EndToken, read.Me.
func reaches(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]bool)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if on, ok := sel.X.(*ast.SelectorExpr); ok {
				out[on.Sel.Name+"."+sel.Sel.Name] = true
			}
			return true
		})
	}
	return out
}

// without are the verbs and readings that have no operation, and why. A token
// makes no secret (security 1.11): whoever got hold of one would make a second
// way in that outlives it. What is done with a secret, and not by a person with
// a token, has none either.
func without() map[string]string {
	return map[string]string{
		"Door.Setup":       "opens an empty server with the secret of the terminal; there is no token yet",
		"Door.Found":       "the second half of Setup",
		"Door.Join":        "opens a door with an invite's secret; there is no token yet",
		"Door.AskReset":    "is for somebody without a way in",
		"Door.Unsubscribe": "is done with a mail's secret; with a token it is set-brief-mail",

		"Door.Invite":     "makes a secret",
		"Door.SetWebhook": "makes a secret",
		"Door.MakeReset":  "makes a secret",
		"Auth.NewFeed":    "makes a secret",
		"Auth.NewToken":   "makes a secret",

		"Door.Enrol":           "is for the terminal, and lets somebody in without an invite",
		"Door.AddOrganisation": "is for the terminal of the server, which is above every organisation's admins",
		"Door.Import":          "reads a file of the server's, at its terminal",
		"Door.SweepFiles":      "is housekeeping of the server",
		"Door.NoteBackup":      "notes a backup, which is made at the terminal",
		"Door.Canary":          "is the server's own trial delivery",
		"Door.NoteExport":      "notes that a file of the audit log was made; list-audit makes none, and has the same entries",

		"Auth.SignIn":         "makes a session, which is a secret",
		"Auth.Begin":          "makes a session, which is a secret",
		"Auth.Who":            "reads a browser's cookie, and a token comes without",
		"Auth.SignOut":        "ends the session of a browser's cookie; with a token it is end-session",
		"Auth.SetupLink":      "makes a secret, at the terminal",
		"Auth.Link":           "opens the pages of one-time links",
		"Auth.HashPassword":   "is a part of joining",
		"Auth.ChangePassword": "wants the person themselves with the old one, and ends every token",
		"Auth.Invitation":     "opens the page of an invite",
		"Auth.ResetOf":        "opens the page of a new password",
		"Auth.Reset":          "sets a password by a mail's secret",
		"Auth.MayReset":       "counts wishes for a new password",
		"Auth.Feed":           "is opened by a feed's secret",
		"Auth.MayMove":        "in change-address: front.AskAddress",
		"Door.AskAddress":     "in change-address: front.AskAddress",
		"Auth.AddressOf":      "opens the page of another mail address",
		"Auth.MoveAddress":    "changes a mail address by a mail's secret",
		"Auth.Stop":           "is the server's own end",

		"Door.KeepReport":  "is the page's own: the command line makes the same report of the same files",
		"Door.DropReport":  "is the page's own, as what it deletes",
		"read.AuditReport": "is the page's own: the command line makes it as JSON",

		"read.Backlog":     "in get-backlog: Engine.Standing",
		"read.Overdue":     "in get-backlog: Engine.Standing",
		"read.Failing":     "in get-backlog: Engine.Standing",
		"read.Outbox":      "in get-backlog: Engine.Standing",
		"read.Held":        "in get-backlog: Engine.Standing",
		"read.BackedUp":    "in get-backlog: Engine.Standing",
		"read.HoldsAudit":  "is for the terminal; list-audit has every entry's chain",
		"read.Canary":      "in get-backlog: Engine.Standing",
		"read.People":      "in pages: PeoplePage",
		"read.Nameable":    "in pages: PeoplePage",
		"read.FewNameable": "in pages: PeoplePage",
		"read.Everybody":   "in pages: EnrolledPage",
		"read.Enrolled":    "in pages: EnrolledPage",
		"read.Drafts":      "in pages: DraftPage",
		"read.Crises":      "in pages: CrisisPage",
		"read.Revisions":   "in pages: RevisionPage",
		"read.Handles":     "tells a page which mentions to link; get-person finds one by handle",
		"read.Comments":    "in pages: ThreadPage",
		"read.Entries":     "in pages: ThreadPage",
		"read.AsksToMe":    "in pages: AskPage",
		"read.AsksDone":    "in pages: AskPage",
		"read.AsksOfMine":  "in pages: AskPage",
		"read.Sendings":    "in pages: SendingPage",
		"read.EachAudit":   "in pages: Audit",
		"read.PacesOf":     "is counted in the preview: front.FollowersOf",
		"read.Paces":       "are among all of them: list-follows",
		"read.Call":        "is for a letter to each; get-crisis has it whole",
		"read.Came":        "is told by why: front.WhyOf",
		"read.Delivery":    "is told by why: front.WhyOf",
		"read.Reigns":      "is told by why: front.PlansOf",
		"read.Waits":       "is for the demo's own page",
	}
}

// TestEverythingIsReached holds that whatever pages can do or show has an
// operation, or is left out on purpose.
func TestEverythingIsReached(t *testing.T) {
	used, left := reaches(t), without()
	for prefix, typ := range map[string]reflect.Type{
		"Door": reflect.TypeFor[*door.Door](), "Auth": reflect.TypeFor[*auth.Auth](), "read": reflect.TypeFor[*store.Reader](),
	} {
		for method := range typ.Methods() {
			name := prefix + "." + method.Name
			reason, out := left[name]
			delete(left, name)
			switch {
			case used[name] && out:
				t.Errorf("%s has an operation, and a reason to have none: %s", name, reason)
			case !used[name] && !out:
				t.Errorf("%s has no operation: declare one, or say in without() why not", name)
			}
		}
	}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for n := range left {
			if !yield(n) {
				return
			}
		}
	}) {
		t.Errorf("%s is left out, and there is no such method", name)
	}
}
