package door_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/files"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// TestSweepFiles: what hangs on nothing goes, and nothing else ever does.
func TestSweepFiles(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { sweep(t, filepath.Join(t.TempDir(), "rubato.db")) })
	t.Run("postgres", func(t *testing.T) { sweep(t, pgtest.URL(t)) })
}

func sweep(t *testing.T, database string) {
	ctx := t.Context()
	zones := zoneinfo.New().Zone
	st, err := store.Open(ctx, store.Config{Database: database, Unsynced: true, Zones: zones})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	folder, err := files.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC)
	d := door.New(door.Config{Store: st, Now: func() time.Time { return at }, Wake: func() {}, Zones: zones, Files: folder})
	found := func(name string) (string, access.Actor, access.Actor) {
		t.Helper()
		org, owner, err := d.Found(ctx, name, "https://"+name+".example.org", door.Newcomer{Name: "Ada", Handle: "ada", Address: "ada@example.org", Zone: "Europe/Berlin"})
		if err != nil {
			t.Fatal(err)
		}
		other, err := d.Enrol(ctx, org, door.Newcomer{Name: "Ben", Handle: "ben", Address: "ben@example.org", Zone: "Europe/Berlin"}, access.Member)
		if err != nil {
			t.Fatal(err)
		}
		return org, actor(ctx, t, st, org, owner), actor(ctx, t, st, org, other)
	}
	org, ada, ben := found("here")
	_, elsewhere, _ := found("there")
	attach := func(by access.Actor, draft string) string {
		t.Helper()
		a, err := d.Attach(ctx, by, door.FileDraft{Draft: draft, Name: "plan.txt"}, strings.NewReader("The plan."))
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	draft := func(letter string) string { return strings.Repeat(letter, 26) }
	// age makes a file look as if it was written some time ago.
	age := func(org, name string, since time.Duration) {
		t.Helper()
		then := time.Now().Add(-since)
		if err := os.Chtimes(filepath.Join(dir, org, name), then, then); err != nil {
			t.Fatal(err)
		}
	}
	place := func(org, name string, since time.Duration) string {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, org, name), []byte("bytes"), 0o600); err != nil {
			t.Fatal(err)
		}
		age(org, name, since)
		return name
	}

	const day = 24 * time.Hour
	stay, goes := make(map[string]string), make(map[string]string) // by what they are
	stay["sent"] = attach(ada, draft("a"))
	if _, err := d.Write(ctx, ada, "update", door.Writing{Draft: draft("a"), Point: "The plan.", Wide: true}); err != nil {
		t.Fatal(err)
	}
	stay["on a saved draft"] = attach(ada, draft("b"))
	if _, err := d.SaveDraft(ctx, ada, draft("b"), 0, `{}`); err != nil {
		t.Fatal(err)
	}
	goes["on nothing"] = attach(ada, draft("c"))
	goes["on a form that was left"] = attach(ada, "comment-"+draft("d"))
	goes["on a draft that somebody else saved"] = attach(ben, draft("b"))
	stay["of another organisation"] = attach(elsewhere, draft("c"))
	at = at.Add(4 * day)
	stay["on nothing, three days ago"] = attach(ada, draft("c"))
	stay["on nothing, whose bytes are old"] = attach(ada, draft("c"))
	at = at.Add(3*day + time.Second) // a week and a second after the first of them
	stay["just received"] = attach(ada, draft("e"))
	for name := range stay {
		if name != "of another organisation" && name != "just received" {
			age(org, stay[name], 400*day)
		}
	}
	stay["received, and not known yet"] = place(org, strings.Repeat("1", 26), day-time.Minute)
	goes["known to nobody"] = place(org, strings.Repeat("2", 26), day+time.Minute)
	stay["being received"] = place(org, strings.Repeat("3", 26)+".part", day-time.Minute)
	stay["being cleaned"] = place(org, strings.Repeat("3", 26)+".clean", day-time.Minute)
	parts := []string{place(org, strings.Repeat("4", 26)+".part", day+time.Minute), place(org, strings.Repeat("4", 26)+".clean", day+time.Minute)}
	stay["of somebody who looked in"] = place(org, "notes.txt", 400*day)
	stay["a folder"] = "kept"
	if err := os.Mkdir(filepath.Join(dir, org, "kept"), 0o700); err != nil {
		t.Fatal(err)
	}
	age(org, "kept", 400*day)

	for round := range 2 { // once more finds nothing
		gone, err := d.SweepFiles(ctx, org)
		if want := []int{len(goes), 0}[round]; err != nil || gone != want {
			t.Errorf("round %d sweeps %d files, %v, want %d", round, gone, err, want)
		}
		lies := make(map[string]bool)
		names, err := filepath.Glob(filepath.Join(dir, "*/*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			lies[filepath.Base(name)] = true
		}
		for what, name := range stay {
			if !lies[name] {
				t.Errorf("round %d: a file %s is gone", round, what)
			}
			delete(lies, name)
		}
		if len(lies) > 0 {
			t.Errorf("round %d: these lie there still: %v of %v and %v", round, lies, goes, parts)
		}
	}
	// The rows went with their bytes, and with no others.
	known, err := st.Attached(ctx, org, slices.Collect(func(yield func(string) bool) {
		for _, all := range []map[string]string{stay, goes} {
			for _, id := range all {
				if !yield(id) {
					return
				}
			}
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for what, id := range stay {
		if known[id] {
			left = append(left, what)
		}
	}
	slices.Sort(left)
	if diff := cmp.Diff([]string{"just received", "on a saved draft", "on nothing, three days ago", "on nothing, whose bytes are old", "sent"}, left); diff != "" || len(known) != 5 {
		t.Errorf("known afterwards (-want +got), %d in all:\n%s", len(known), diff)
	}
}

func actor(ctx context.Context, t *testing.T, st *store.Store, org, person string) (a access.Actor) {
	t.Helper()
	err := st.Write(ctx, org, func(tx *store.Tx) error {
		p, err := tx.Person(ctx, person)
		if err == nil {
			a, err = tx.Actor(ctx, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
