package backup_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/backup"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/store/storetest"
)

// kinds are the databases, each by how a fresh one is named.
func kinds() map[string]func(t testing.TB) string {
	return map[string]func(t testing.TB) string{
		"sqlite":   func(t testing.TB) string { return filepath.Join(t.TempDir(), "rubato.db") },
		"postgres": pgtest.URL,
	}
}

var made = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

// small fills a database and a folder with a little of what is hard to carry.
func small(t *testing.T, database, files string) *store.Store {
	t.Helper()
	st := storetest.Open(t, database)
	for _, org := range []string{"a", "b"} {
		err := st.Write(t.Context(), org, func(tx *store.Tx) error {
			return errors.Join(
				tx.AddOrganisation(t.Context(), store.Organisation{ID: org, Name: "Ünï \u2028 \"quoted\" \\ <b>&amp;\n\ttab", Created: made}),
				tx.SetSetting(t.Context(), "empty", ""),
				tx.SetSetting(t.Context(), "long", strings.Repeat("long ", 100_000)),
				tx.AddLink(t.Context(), store.Link{Hash: "h-" + org, Kind: store.LinkInvite, ID: "l", Created: made, Ends: made.Add(1e18)}),
			)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(files, "a", "one"), strings.Repeat("bytes\x00\xff", 1000))
	write(t, filepath.Join(files, "b", "two"), "")
	write(t, filepath.Join(files, "b", "three.part"), "half of it")
	return st
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// take makes a backup file and returns its name.
func take(t *testing.T, database, files string) (string, backup.Manifest) {
	t.Helper()
	snapshot, err := store.OpenSnapshot(t.Context(), store.Config{Database: database})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := snapshot.Close(); err != nil {
			t.Error(err)
		}
	}()
	name := filepath.Join(t.TempDir(), "backup.zip")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := backup.Write(t.Context(), f, snapshot, files, "test", made)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return name, m
}

// TestThereAndBack carries everything from each database to each, and back.
func TestThereAndBack(t *testing.T) {
	for from, openFrom := range kinds() {
		for to, openTo := range kinds() {
			t.Run(from+" to "+to, func(t *testing.T) {
				files := filepath.Join(t.TempDir(), "files")
				database := openFrom(t)
				small(t, database, files)
				name, m := take(t, database, files)
				if len(m.Files) != 2 {
					t.Errorf("files: %+v, want one and two without what is half received", m.Files)
				}

				a, err := backup.Open(name)
				if err != nil {
					t.Fatal(err)
				}
				defer a.Close()
				target, into := openTo(t), filepath.Join(t.TempDir(), "files")
				now := made.Add(24 * time.Hour)
				if err := a.Restore(t.Context(), store.Config{Database: target}, into, now); err != nil {
					t.Fatal(err)
				}
				second, _ := take(t, target, into)
				got, want := content(t, second), content(t, name)
				for _, changed := range []string{"tables/setting.jsonl", "tables/link.jsonl", "manifest.json"} {
					delete(got, changed)
					delete(want, changed)
				}
				// Each organisation's audit log says so.
				said := 0
				for row := range got["tables/audit_log.jsonl"] {
					if strings.Contains(row, `"restored"`) && strings.Contains(row, made.Format(time.RFC3339)) {
						said++
						delete(got["tables/audit_log.jsonl"], row)
					}
				}
				for row := range got["tables/counter.jsonl"] {
					if strings.Contains(row, `"audit"`) {
						delete(got["tables/counter.jsonl"], row)
					}
				}
				if said != 2 {
					t.Errorf("%d audit logs say that this was restored, want 2", said)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("what came back (-want +got):\n%.2000s", diff)
				}

				st := storetest.Open(t, target)
				for _, org := range []string{"a", "b"} {
					if v, err := st.Setting(t.Context(), org, "long"); err != nil || len(v) != 500_000 {
						t.Errorf("a long setting has %d bytes, %v", len(v), err)
					}
					l, err := st.Link(t.Context(), org, store.LinkInvite, "h-"+org)
					if err != nil || !l.Used.Equal(now) {
						t.Errorf("an invite that was open has ended at %s, %v, want %s", l.Used, err, now)
					}
				}
				if held, err := st.Held(t.Context()); err != nil || !held.Equal(now) {
					t.Errorf("Held = %s, %v, want %s", held, err, now)
				}

				// Nothing is written over.
				if err := a.Restore(t.Context(), store.Config{Database: target}, filepath.Join(t.TempDir(), "f"), now); !errors.Is(err, store.ErrNotEmpty) {
					t.Errorf("restoring over a database: %v", err)
				}
				if err := a.Restore(t.Context(), store.Config{Database: openTo(t)}, into, now); err == nil || !strings.Contains(err.Error(), "has something in it") {
					t.Errorf("restoring over files: %v", err)
				}
			})
		}
	}
}

// content is what an archive holds, by name; rows in any order.
func content(t *testing.T, name string) map[string]map[string]int {
	t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out := make(map[string]map[string]int)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		out[f.Name] = make(map[string]int)
		for line := range strings.Lines(string(text)) {
			out[f.Name][line]++
		}
	}
	return out
}

// TestBackupWhileOthersWrite takes backups while writers write: each holds
// every change that was acknowledged before it began, and none by half.
func TestBackupWhileOthersWrite(t *testing.T) {
	for kind, open := range kinds() {
		t.Run(kind, func(t *testing.T) {
			database, files := open(t), filepath.Join(t.TempDir(), "files")
			st := small(t, database, files)
			var sure [4]atomic.Int64
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var writing sync.WaitGroup
			for w := range sure {
				writing.Go(func() {
					for n := int64(1); ctx.Err() == nil; n++ {
						key := fmt.Sprintf("w%d-%d", w, n)
						write(t, filepath.Join(files, "a", key), key) // the file first, as attachments do
						err := st.Write(ctx, "a", func(tx *store.Tx) error {
							return errors.Join(tx.SetSetting(ctx, key, "one"), tx.SetSetting(ctx, key+"-too", "two"))
						})
						if err != nil {
							if ctx.Err() == nil {
								t.Error(err)
							}
							return
						}
						sure[w].Store(n)
					}
				})
			}
			for range 5 {
				var before [4]int64
				for w := range sure {
					for before[w] = sure[w].Load(); before[w] < 20; before[w] = sure[w].Load() {
						if t.Failed() {
							return
						}
						<-time.After(time.Millisecond)
					}
				}
				name, _ := take(t, database, files)
				a, err := backup.Open(name)
				if err != nil {
					t.Fatal(err)
				}
				if err := a.Close(); err != nil {
					t.Fatal(err)
				}
				parts := content(t, name)
				settings := make(map[string]bool)
				for line := range parts["tables/setting.jsonl"] {
					var row []string
					if err := json.Unmarshal([]byte(line), &row); err != nil {
						t.Fatal(err)
					}
					settings[row[1]] = true
				}
				for w := range before {
					for n := int64(1); n <= before[w]; n++ {
						if key := fmt.Sprintf("w%d-%d", w, n); !settings[key] {
							t.Fatalf("%s was acknowledged before, and is not in the backup", key)
						}
					}
				}
				for key := range settings {
					if !strings.HasPrefix(key, "w") || strings.HasSuffix(key, "-too") {
						continue
					}
					if !settings[key+"-too"] {
						t.Fatalf("%s is there by half", key)
					}
					if parts["files/a/"+key] == nil {
						t.Fatalf("the file of %s is missing", key)
					}
				}
			}
			cancel()
			writing.Wait()
		})
	}
}

// TestDamageIsRefused changes bytes all over a backup and cuts it: it is
// refused, or the change was in nothing that counts.
func TestDamageIsRefused(t *testing.T) {
	files := filepath.Join(t.TempDir(), "files")
	database := filepath.Join(t.TempDir(), "rubato.db")
	small(t, database, files)
	name, m := take(t, database, files)
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad.zip")
	refused := 0
	try := func(what string, text []byte, mustFail bool) {
		t.Helper()
		if err := os.WriteFile(bad, text, 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := backup.Open(bad)
		if err == nil {
			defer a.Close()
			if diff := cmp.Diff(m, a.Manifest); mustFail || diff != "" {
				t.Errorf("%s is taken for whole:\n%s", what, diff)
			}
			return
		}
		refused++
	}
	for i := 0; i < len(good); i += max(1, len(good)/120) {
		text := bytes.Clone(good)
		text[i] ^= 0x55
		try(fmt.Sprintf("a changed byte %d", i), text, false)
	}
	if refused < 60 {
		t.Errorf("only %d of 120 changed bytes were found", refused)
	}
	for i := range 20 {
		try(fmt.Sprintf("the first %d of 20 parts", i), good[:len(good)*i/20], true)
	}
	try("an empty file", nil, true)
	try("a text", []byte("no archive at all"), true)
}

// TestForgedArchivesAreRefused builds archives that are whole as zip files and
// no backups.
func TestForgedArchivesAreRefused(t *testing.T) {
	files := filepath.Join(t.TempDir(), "files")
	database := filepath.Join(t.TempDir(), "rubato.db")
	small(t, database, files)
	name, m := take(t, database, files)
	for _, tt := range []struct {
		name  string
		forge func(m *backup.Manifest, parts map[string][]byte)
		want  string
	}{
		{"another format", func(m *backup.Manifest, _ map[string][]byte) { m.Format = "rubato-backup/2" }, "its format is"},
		{"a newer schema", func(m *backup.Manifest, _ map[string][]byte) { m.Schema = 9999 }, "newer version of Rubato"},
		{"no schema", func(m *backup.Manifest, _ map[string][]byte) { m.Schema = 0 }, "schema 0"},
		{"a part in excess", func(_ *backup.Manifest, parts map[string][]byte) { parts["files/a/more"] = []byte("x") }, "not in its manifest"},
		{"a part missing", func(_ *backup.Manifest, parts map[string][]byte) { delete(parts, "files/a/one") }, "is missing"},
		{"another part", func(_ *backup.Manifest, parts map[string][]byte) { parts["files/a/one"] = []byte("x") }, "not what was backed up"},
		{"a part without end", func(m *backup.Manifest, parts map[string][]byte) {
			parts["files/a/one"] = bytes.Repeat([]byte{0}, 64<<20)
		}, "not what was backed up"},
		{"a name that climbs", func(m *backup.Manifest, parts map[string][]byte) {
			m.Files[0].Name = "files/../../outside"
			parts["files/../../outside"] = parts["files/a/one"]
			delete(parts, "files/a/one")
		}, "leads elsewhere"},
		{"an absolute name", func(m *backup.Manifest, parts map[string][]byte) {
			m.Files[0].Name = "/etc/outside"
			parts["/etc/outside"] = parts["files/a/one"]
			delete(parts, "files/a/one")
		}, "leads elsewhere"},
	} {
		forged, parts := m, make(map[string][]byte)
		forged.Files = append([]backup.Part(nil), m.Files...)
		z, err := zip.OpenReader(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if parts[f.Name], err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
			r.Close()
		}
		z.Close()
		tt.forge(&forged, parts)
		if parts["manifest.json"], err = json.Marshal(forged); err != nil {
			t.Fatal(err)
		}
		bad := filepath.Join(t.TempDir(), "forged.zip")
		pack(t, bad, parts)
		a, err := backup.Open(bad)
		if err == nil {
			a.Close()
			t.Errorf("%s is taken for a backup", tt.name)
		} else if !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

func pack(t *testing.T, name string, parts map[string][]byte) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for part, text := range parts {
		w, err := z.Create(part)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestFailedRestoreLeavesNothing gives rows that the database refuses.
func TestFailedRestoreLeavesNothing(t *testing.T) {
	for kind, open := range kinds() {
		t.Run(kind, func(t *testing.T) {
			target := open(t)
			rows := func(table string, put func([]string, []any) error) error {
				switch table {
				case "organisation":
					return put([]string{"org_id", "name", "url", "created_at"}, []any{"a", "A", "", int64(1)})
				case "counter":
					return put([]string{"org_id", "name", "value"}, []any{"a", "D", "no number"})
				}
				return nil
			}
			newest, err := store.Newest()
			if err != nil {
				t.Fatal(err)
			}
			finish := func(*store.Store) error { return errors.New("must not come so far") }
			if err := store.Fill(t.Context(), store.Config{Database: target}, newest, rows, finish); err == nil || !strings.Contains(err.Error(), "cannot hold") {
				t.Fatalf("Fill = %v", err)
			}
			if orgs, err := storetest.Open(t, target).Organisations(t.Context()); err != nil || len(orgs) != 0 {
				t.Errorf("there stayed %v, %v", orgs, err)
			}
		})
	}
}

// TestOlderBackupComesUp fills a database with rows of the first schema.
func TestOlderBackupComesUp(t *testing.T) {
	for kind, open := range kinds() {
		t.Run(kind, func(t *testing.T) {
			target := open(t)
			rows := func(table string, put func([]string, []any) error) error {
				if table == "organisation" {
					return put([]string{"name", "org_id", "url", "created_at"}, []any{"Meridian", "a", "", int64(1)})
				}
				return nil
			}
			if err := store.Fill(t.Context(), store.Config{Database: target}, 1, rows, func(*store.Store) error { return nil }); err != nil {
				t.Fatal(err)
			}
			st := storetest.Open(t, target)
			orgs, err := st.Organisations(t.Context())
			if err != nil || len(orgs) != 1 || orgs[0].Name != "Meridian" {
				t.Errorf("Organisations = %v, %v", orgs, err)
			}
			newest, err := store.Newest()
			if have, e := st.SchemaVersion(t.Context()); errors.Join(err, e) != nil || have != newest {
				t.Errorf("schema %d, %v, want %d", have, errors.Join(err, e), newest)
			}
		})
	}
}
