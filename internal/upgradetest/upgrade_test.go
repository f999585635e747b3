package upgradetest

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/api"
	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/backup"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/files"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
	"github.com/rubato-hq/rubato/words"
)

// TestUpgrade brings up what earlier programs left, and asks again what they
// were asked. An answer may have more in it than it had; what it had is the same.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/*/answers.json.gz")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no recorded answers, %v", err)
	}
	for _, answers := range folders {
		dir := filepath.Dir(answers)
		var old recorded
		if err := json.Unmarshal(unpacked(t, answers), &old); err != nil {
			t.Fatal(err)
		}
		inPlace := func(t *testing.T) string {
			file := filepath.Join(t.TempDir(), "rubato.db")
			if err := os.WriteFile(file, unpacked(t, filepath.Join(dir, "rubato.db.gz")), 0o600); err != nil {
				t.Fatal(err)
			}
			return file
		}
		restored := func(target func(t *testing.T) string) func(t *testing.T) string {
			return func(t *testing.T) string {
				database := target(t)
				a, err := backup.Open(filepath.Join(dir, "backup.zip"))
				if err != nil {
					t.Fatal(err)
				}
				defer a.Close()
				if err := a.Restore(t.Context(), store.Config{Database: database, Zones: zoneinfo.New().Zone}, filepath.Join(t.TempDir(), "files"), old.Now); err != nil {
					t.Fatal(err)
				}
				return database
			}
		}
		for way, database := range map[string]func(t *testing.T) string{
			"in place":               inPlace,
			"restored to SQLite":     restored(func(t *testing.T) string { return filepath.Join(t.TempDir(), "rubato.db") }),
			"restored to PostgreSQL": restored(func(t *testing.T) string { return pgtest.URL(t) }),
		} {
			t.Run(filepath.Base(dir)+" "+way, func(t *testing.T) {
				t.Parallel()
				old.same(t, database(t))
			})
		}
	}
}

// same asks today's API over a database what the program of before was asked.
func (r *recorded) same(t *testing.T, database string) {
	t.Helper()
	zones := zoneinfo.New().Zone
	st, err := store.Open(t.Context(), store.Config{Database: database, Unsynced: true, Zones: zones})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	public, err := url.Parse(r.URL)
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := files.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return r.Now }
	server := api.New(api.Config{
		Front: front.Front{Public: public, AnyHost: true},
		Door:  door.New(door.Config{Store: st, Now: now, Wake: func() {}, Zones: zones, Files: folder}),
		Auth:  auth.New(st), Read: st.Reader, Organisations: st.Organisations, Words: catalogue, Now: now, Zones: zones, Files: folder,
		Address:  func(store.Organisation) string { return r.URL },
		Standing: delivery.New(delivery.Config{Store: st, Now: now}).Standing,
		Log:      slog.New(slog.DiscardHandler),
	})
	orgs, err := st.Organisations(t.Context())
	if err != nil || len(orgs) != 1 {
		t.Fatalf("%d organisations, %v", len(orgs), err)
	}
	asked := 0
	for handle, all := range r.Answers {
		token := token(t, st, orgs[0].ID, all[0].Body.(map[string]any)["id"].(string)) // of /me
		for _, was := range all {
			q := httptest.NewRequest(http.MethodGet, r.URL+"/api/v1"+was.Path, http.NoBody)
			q.Header.Set("Authorization", "Bearer "+token)
			a := httptest.NewRecorder()
			server.ServeHTTP(a, q)
			var is any
			if err := json.Unmarshal(a.Body.Bytes(), &is); err != nil || a.Code != 200 {
				t.Errorf("%s reads %s: %d, %v: %.200s", handle, was.Path, a.Code, err, a.Body)
				continue
			}
			asked++
			if was.Path == "/asks" {
				was.Body = waiting(was.Body)
			}
			if diff := cmp.Diff(was.Body, kept(was.Body, is)); diff != "" {
				t.Errorf("%s reads %s, before (-) and now (+):\n%s", handle, was.Path, diff)
			}
		}
	}
	t.Attr("answers", strconv.Itoa(asked))
	if asked < 200 {
		t.Errorf("%d answers were compared, want 200 and more", asked)
	}
}

// token lets somebody read.
func token(t *testing.T, st *store.Store, org, person string) string {
	t.Helper()
	var by access.Actor
	err := st.Write(t.Context(), org, func(tx *store.Tx) error {
		p, err := tx.Person(t.Context(), person)
		if err == nil {
			by, err = tx.Actor(t.Context(), p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := auth.New(st).NewToken(t.Context(), by, "upgradetest", []access.Scope{access.ScopeRead, access.ScopeWrite}, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// meant reports whether a difference in a field is: what is said of the token by
// which one reads, and the place in a list, which each program writes its own way.
func meant(name string, was any) bool {
	_, text := was.(string)
	return name == "token" || name == "next" && text
}

// waiting leaves out of the asks that wait for somebody those that are closed:
// until schema 22 others' answers did not take them from the list.
func waiting(asks any) any {
	list := maps.Clone(asks.(map[string]any))
	list["items"] = slices.DeleteFunc(slices.Clone(list["items"].([]any)), func(one any) bool {
		return one.(map[string]any)["ask"].(map[string]any)["stands"] == "closed"
	})
	return list
}

// kept is what is left of an answer when all is left out that the one before
// did not have.
func kept(was, is any) any {
	switch was := was.(type) {
	case map[string]any:
		is, ok := is.(map[string]any)
		if !ok {
			return is
		}
		m := make(map[string]any)
		for name, v := range was {
			if meant(name, v) {
				m[name] = v
			} else if now, ok := is[name]; ok {
				m[name] = kept(v, now)
			}
		}
		return m
	case []any:
		is, ok := is.([]any)
		if !ok {
			return is
		}
		all := make([]any, 0, len(is))
		for i, v := range is {
			if i < len(was) {
				v = kept(was[i], v)
			}
			all = append(all, v)
		}
		return all
	}
	return is
}

func unpacked(t *testing.T, name string) []byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
