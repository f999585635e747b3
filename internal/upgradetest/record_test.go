package upgradetest

import (
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/proctest"
	_ "github.com/rubato-hq/rubato/store" // the databases' drivers
)

var recordFlag = flag.String("record", "", "a program of which to keep what its demo leaves and answers, in testdata")

func TestMain(m *testing.M) {
	flag.Parse()
	if *recordFlag != "" {
		if err := record(context.Background(), *recordFlag); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	proctest.Main(m, built)
}

// recorded is what a program answered about its database.
type recorded struct {
	URL string    `json:"url"` // at which it was asked
	Now time.Time `json:"now"` // the time of its demo
	// Answers are all of status 200, by who asked.
	Answers map[string][]answered `json:"answers"`
}

type answered struct {
	Path string `json:"path"`
	Body any    `json:"body"`
}

// readers are those who ask: everybody who sees something of their own.
func readers() []string {
	return []string{"lena", "jonas", "elif", "deniz", "ana", "caio", "kenji", "priya"}
}

// record lets a program live the story of its demo and keeps the database, a
// backup, and its answers in a folder named by its schema.
func record(ctx context.Context, exe string) (err error) {
	data, err := os.MkdirTemp("", "rubato-record-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return err
	}
	r := recorded{URL: "http://" + address, Answers: make(map[string][]answered)}
	cmd := exec.CommandContext(ctx, exe, "demo", "--data", data, "--listen", address)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := r.all(ctx); err != nil {
		return errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	if err := errors.Join(cmd.Process.Signal(syscall.SIGTERM), cmd.Wait()); err != nil {
		return err
	}
	database := filepath.Join(data, "rubato.db")
	schema, ahead, err := marks(ctx, database)
	if err != nil {
		return err
	}
	r.Now = time.Now().Add(ahead).UTC().Truncate(time.Second)
	to := filepath.Join("testdata", strconv.Itoa(schema))
	if err := errors.Join(os.RemoveAll(to), os.MkdirAll(to, 0o750)); err != nil {
		return err
	}
	if said, err := exec.CommandContext(ctx, exe, "backup", "--data", data, filepath.Join(to, "backup.zip")).CombinedOutput(); err != nil {
		return fmt.Errorf("backup: %w\n%s", err, said)
	}
	from, err := os.Open(database)
	if err != nil {
		return err
	}
	defer from.Close()
	answers, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return errors.Join(pack(filepath.Join(to, "rubato.db.gz"), from), pack(filepath.Join(to, "answers.json.gz"), strings.NewReader(string(answers))))
}

// pack writes a file and makes it small.
func pack(name string, from io.Reader) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return errors.Join(err, f.Close())
	}
	_, err = io.Copy(z, from)
	return errors.Join(err, z.Close(), f.Close())
}

// marks reads a database's schema, and how far its demo's clock is ahead.
func marks(ctx context.Context, database string) (schema int, ahead time.Duration, err error) {
	db, err := sql.Open("sqlite", database)
	if err != nil {
		return 0, 0, err
	}
	defer db.Close()
	var ms int64
	err = errors.Join(
		db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&schema),
		db.QueryRowContext(ctx, `SELECT value FROM setting WHERE name = 'demo_offset_ms'`).Scan(&ms),
	)
	return schema, time.Duration(ms) * time.Millisecond, err
}

// all asks as each of the readers.
func (r *recorded) all(ctx context.Context) error {
	deadline := time.Now().Add(time.Minute)
	for up := false; !up; {
		a, err := http.Get(r.URL + "/healthz")
		if up = err == nil && a.StatusCode == http.StatusOK; err == nil {
			_ = a.Body.Close()
		}
		if time.Now().After(deadline) {
			return errors.New("the program does not answer")
		}
	}
	for _, handle := range readers() {
		token, err := r.token(handle)
		if err != nil {
			return fmt.Errorf("sign in as %s: %w", handle, err)
		}
		get := func(path string) (int, []byte, error) {
			q, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL+"/api/v1"+path, http.NoBody)
			if err != nil {
				return 0, nil, err
			}
			q.Header.Set("Authorization", "Bearer "+token)
			a, err := http.DefaultClient.Do(q)
			if err != nil {
				return 0, nil, err
			}
			defer a.Body.Close()
			body, err := io.ReadAll(a.Body)
			return a.StatusCode, body, err
		}
		if r.Answers[handle], err = walk(get); err != nil {
			return fmt.Errorf("ask as %s: %w", handle, err)
		}
	}
	return nil
}

// token makes somebody of the demo's cast one.
func (r *recorded) token(handle string) (string, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	browser := &http.Client{Jar: jar}
	for _, form := range []struct {
		path   string
		fields url.Values
	}{
		{"/demo/person", url.Values{"person": {handle}}},
		{"/settings/tokens", url.Values{"name": {"recorder"}, "scope": {"read", "write"}, "days": {"30"}}},
	} {
		a, err := browser.PostForm(r.URL+form.path, form.fields)
		if err != nil {
			return "", err
		}
		body, err := io.ReadAll(a.Body)
		if err = errors.Join(err, a.Body.Close()); err != nil {
			return "", err
		}
		if token := regexp.MustCompile(`rbt_[a-z0-9]+`).Find(body); token != nil {
			return string(token), nil
		}
	}
	return "", errors.New("no token is on the page")
}

// walk reads what somebody can: the lists, and a few of what stands in each.
func walk(get func(path string) (int, []byte, error)) (all []answered, err error) {
	seen := make(map[string]bool)
	read := func(path string) []map[string]any {
		if seen[path] || err != nil {
			return nil
		}
		seen[path] = true
		status, body, e := get(path)
		if e != nil {
			err = e
			return nil
		}
		if status != http.StatusOK {
			return nil // it has no such list, or nothing is in it
		}
		var said any
		if err = json.Unmarshal(body, &said); err != nil {
			return nil
		}
		all = append(all, answered{path, said})
		return listed(said)
	}
	for _, path := range []string{"/me", "/charter", "/follows", "/people/watched", "/me/channels/email", "/holidays", "/crises/alarms", "/between?with=jonas", "/between?with=kenji"} {
		read(path)
	}
	item := func(one map[string]any, id string) {
		ref := fmt.Sprint(one[id])
		if one[id] == nil {
			return
		}
		read("/items/" + ref)
		read("/items/" + ref + "/thread")
		for _, rev := range read("/items/" + ref + "/revisions") {
			read(fmt.Sprintf("/items/%s/revisions/%v", ref, rev["version"]))
		}
		if d, ok := one["delivery"].(string); ok {
			read("/why/" + d)
		}
	}
	for _, path := range []string{"/asks", "/asks?of=settled", "/asks?of=written", "/crises"} {
		for _, one := range first(read(path), 6) {
			item(one, "id")
		}
	}
	for _, one := range first(read("/briefs"), 6) {
		for _, line := range first(read(fmt.Sprintf("/briefs/%v", one["id"])), 6) {
			item(line, "id")
		}
	}
	for _, one := range first(read("/people"), 3) {
		read(fmt.Sprintf("/people/%v", one["id"]))
	}
	for _, one := range read("/teams") {
		id := fmt.Sprint(one["id"])
		read("/teams/" + id)
		read("/teams/" + id + "/members")
		for _, i := range first(read("/teams/"+id+"/items"), 6) {
			item(i, "id")
		}
	}
	return all, err
}

// listed is what stands in a list, or in a brief.
func listed(said any) (all []map[string]any) {
	m, ok := said.(map[string]any)
	if !ok {
		return nil
	}
	for _, name := range []string{"items", "lines"} {
		list, ok := m[name].([]any)
		if !ok {
			continue
		}
		for _, one := range list {
			if o, ok := one.(map[string]any); ok {
				all = append(all, o)
			}
		}
	}
	return all
}

func first[T any](all []T, n int) []T { return all[:min(n, len(all))] }
