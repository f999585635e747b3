package simtest

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	bugsFlag      = flag.String("bugs", "", "plant bugs in the product and print which lives find them: \"all\", or a part of a bug's name")
	bugsSeedsFlag = flag.Int("bugs-seeds", 200, "lives within which each planted bug has to be found")
	bugsFindFlag  = flag.Int("bugs-enough", 5, "how many of them to look for before the next bug, 0 for all")
)

// bug is a small change of the product's own source.
type bug struct {
	name  string
	test  string // that has to find it, in lives that are drawn
	edits []edit
}

// edit replaces one text of a file, which must stand there exactly once.
type edit struct{ file, was, is string }

// bugs are those that the simulator has to find (security 3.2).
func bugs() []bug {
	const small = "TestSeeds$"
	return []bug{
		{"the end of work inclusive by one second", small, []edit{
			{"core/worktime/next.go", `if p = p.shift(shift); p.To > from {`, `if p = p.shift(shift); p.To >= from {`},
		}},
		{"a clock set back pauses the calls of a crisis", small, []edit{
			{"store/rewind.go", `AND next_at > 0 AND next_at > $3`, `AND next_at > 0 AND next_at > $3 AND false`},
		}},
		{"a retry with a new id", small, []edit{
			{"delivery/render.go", `m := Message{ID: o.ID,`, `m := Message{ID: fmt.Sprintf("%s-%d", o.ID, o.Attempt),`},
		}},
		{"a day added as 24 h", small, []edit{
			{"core/worktime/next.go", `if from-z.start[i] < room || z.start[i+1]-at < room {`, `if from-z.start[i] < 0*room {`},
		}},
		{"stale rights", small, []edit{
			{"store/gather.go", `if access.Can(actor, access.See, object(i, items)) != nil {`, `if false {`},
		}},
		{"events read past an open transaction", "TestSlowWriters$", []edit{
			{"store/events_postgres.go", "id, err := single(ctx, q, d, scanInt, `SELECT least(", "id, err := single(ctx, q, d, scanInt, `SELECT greatest(1000000000000,"},
		}},
		{"a lease not checked", small, []edit{
			{"store/outbox.go", "WHERE org_id = $3 AND state = 'waiting' AND lease_until < $4 AND due_at <= $4\n", "WHERE org_id = $3 AND state = 'waiting' AND due_at <= $4\n"},
			{"store/outbox.go", `(SELECT id FROM outbox WHERE org_id = $3 AND state = 'waiting' AND lease_until < $4 AND due_at <= $4 `, `(SELECT id FROM outbox WHERE org_id = $3 AND state = 'waiting' AND due_at <= $4 `},
			{"delivery/sender.go", `if !l.hands.take(o, now) {`, `if l.hands.take(o, now); false {`},
		}},
		{"a crash between seal and send loses the mail", small, []edit{
			{"delivery/seal.go", `return e.out.enqueueBriefs(ctx, tx, due, now)`, `return nil`},
			{"delivery/engine.go", "	var made []store.Brief\n", "	var made []store.Brief\n	var all []*sealing\n"},
			{"delivery/engine.go", "		made = nil\n", "		made, all = nil, nil\n"},
			{"delivery/engine.go", "			for _, d := range due {\n", "			all = append(all, due...)\n			for _, d := range due {\n"},
			{"delivery/engine.go", "	for _, b := range made {\n", `	for _, d := range all {
		if err := e.cfg.Store.Write(ctx, claims[0].Org, func(tx *store.Tx) error {
			return e.out.enqueueBriefs(ctx, tx, []*sealing{d}, e.cfg.Now())
		}); err != nil {
			return err
		}
	}
	for _, b := range made {
`},
		}},
		{"a change of charter delivers in the past", small, []edit{
			{"core/brief/look.go", `from, to := r.Reigns[i].From, now`, `from, to := worktime.NotSealed, now`},
		}},
		{"quiet hours in the sender's zone", small, []edit{
			{"door/send.go", "	var plan layer.Plan\n	if term != nil {", "	if by, ok := s.people[s.by.Person]; ok {\n		p = by\n	}\n	var plan layer.Plan\n	if term != nil {"},
		}},
		{"a stream read twice", small, []edit{
			{"store/streams.go", `return e.Position.Tx < r.Tx && worktime.Of(e.At) <= r.Sec`, `return e.Position.Tx < r.Tx-1 && worktime.Of(e.At) <= r.Sec`},
		}},
	}
}

const root = "../.."

// planted writes the changed copies of a bug and the file that tells go of them.
func (b bug) planted(t *testing.T) (overlay string) {
	t.Helper()
	texts := make(map[string]string)
	for _, e := range b.edits {
		path, err := filepath.Abs(filepath.Join(root, e.file))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := texts[path]; !ok {
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			texts[path] = string(source)
		}
		if n := strings.Count(texts[path], e.was); n != 1 {
			t.Fatalf("%s: the text to change stands %d times in %s, not once:\n%s", b.name, n, e.file, e.was)
		}
		texts[path] = strings.Replace(texts[path], e.was, e.is, 1)
	}
	folder := t.TempDir()
	replace := make(map[string]string)
	for path, text := range texts {
		replace[path] = filepath.Join(folder, strings.ReplaceAll(strings.TrimPrefix(path, "/"), "/", "_"))
		if err := os.WriteFile(replace[path], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	body, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay = filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(overlay, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return overlay
}

var foundSeed = regexp.MustCompile(`seed (\d+): (\w+: .*); live it again`)

// TestBugs checks that every planted bug still fits the source, and with -bugs
// that each is found.
func TestBugs(t *testing.T) {
	t.Parallel()
	for _, b := range bugs() {
		overlay := b.planted(t)
		if *bugsFlag == "" || *bugsFlag != "all" && !strings.Contains(b.name, *bugsFlag) {
			continue
		}
		cmd := exec.CommandContext(t.Context(), "go", "test", "-overlay", overlay, "-count", "1", "-timeout", "0", ".", "-run", b.test,
			"-seeds", strconv.Itoa(*bugsSeedsFlag), "-enough", strconv.Itoa(*bugsFindFlag))
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		err := cmd.Run()
		found := make(map[int]string)
		for _, m := range foundSeed.FindAllStringSubmatch(out.String(), -1) {
			n, _ := strconv.Atoi(m[1])
			found[n] = m[2]
		}
		if err == nil || len(found) == 0 {
			t.Errorf("%s: not found within %d lives\n%s", b.name, *bugsSeedsFlag, tail(out.String()))
			continue
		}
		var seeds []string
		first := 0
		for n := range found {
			seeds = append(seeds, fmt.Sprintf("%4d", n))
			if first == 0 || n < first {
				first = n
			}
		}
		slices.Sort(seeds)
		t.Logf("| %s | %s | %s |", b.name, strings.Join(strings.Fields(strings.Join(seeds, " ")), ", "), found[first])
	}
}

func tail(s string) string {
	if len(s) > 3000 {
		s = s[len(s)-3000:]
	}
	return s
}
