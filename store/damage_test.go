package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/store/storetest"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// lived is a SQLite file with an organisation of some people, closed in good
// order.
func lived(t *testing.T) string {
	t.Helper()
	database := filepath.Join(t.TempDir(), "rubato.db")
	st, err := store.Open(t.Context(), store.Config{Database: database, Zones: zoneinfo.New().Zone})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	err = st.Write(t.Context(), "org", func(tx *store.Tx) error {
		if err := tx.AddOrganisation(t.Context(), store.Organisation{ID: "org", Name: "Meridian", Created: now}); err != nil {
			return err
		}
		for range 200 {
			id := store.NewID(now)
			p := store.Person{ID: id, Name: "Person " + id, Handle: id, Lang: "en", Role: access.Member, State: access.Active, Created: now, Charter: charter.Proposed("Europe/Berlin")}
			if err := tx.AddPerson(t.Context(), p); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	return database
}

// TestDamage opens files with a damage of each kind: it is told, with the file,
// when it is opened or when it is checked, and nothing is written any more.
func TestDamage(t *testing.T) {
	healthy := lived(t)
	db, err := sql.Open("sqlite", "file:"+healthy)
	if err != nil {
		t.Fatal(err)
	}
	const pageSize = 4096
	root := func(name string) int64 {
		t.Helper()
		var page int64
		if err := db.QueryRowContext(t.Context(), `SELECT rootpage FROM sqlite_master WHERE name = ?`, name).Scan(&page); err != nil {
			t.Fatal(err)
		}
		return (page - 1) * pageSize
	}
	whole, err := os.ReadFile(healthy)
	if err != nil {
		t.Fatal(err)
	}
	noise := bytes.Repeat([]byte{0xa7, 0x13, 0xee, 0x5c}, pageSize/4)
	person, index, charters, last := root("person"), root("person_handle"), root("charter"), int64(len(whole))-pageSize
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	put := func(at int64, b []byte) func([]byte) []byte {
		return func(file []byte) []byte { copy(file[at:], b); return file }
	}
	for name, damage := range map[string]func([]byte) []byte{
		"header":                  put(0, []byte("no database at all")),
		"page size":               put(16, []byte{0, 7}),
		"schema":                  put(100, make([]byte, pageSize-100)),
		"page of zeros":           put(person, make([]byte, pageSize)),
		"kind of a page":          put(person, []byte{0x99}),
		"page of noise":           put(person, noise),
		"page of an index":        put(index, noise),
		"cell pointers":           put(charters+8, bytes.Repeat([]byte{0xff}, 40)),
		"cell count":              put(charters+3, []byte{0xff, 0xff}),
		"last page":               put(last, noise),
		"cut to half":             func(file []byte) []byte { return file[:len(file)/2] },
		"cut within a page":       func(file []byte) []byte { return file[:len(file)-1000] },
		"emptied":                 func([]byte) []byte { return nil },
		"gone (its lock is left)": nil,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			database := filepath.Join(dir, "rubato.db")
			lock, err := os.ReadFile(healthy + ".lock")
			if err == nil {
				err = os.WriteFile(database+".lock", lock, 0o600)
			}
			if err == nil && damage != nil {
				err = os.WriteFile(database, damage(bytes.Clone(whole)), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			st, err := store.Open(t.Context(), store.Config{Database: database, Zones: zoneinfo.New().Zone})
			if err == nil {
				defer st.Close()
				err = st.Check(t.Context())
				select {
				case <-st.Damaged():
				default:
					t.Error("Damaged was not closed")
				}
				if err := st.Write(t.Context(), "org", func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrReadOnly) {
					t.Errorf("a write after that: %v, want ErrReadOnly", err)
				}
			}
			d, ok := errors.AsType[*store.Damage](err)
			if !ok || d.Path != database || strings.Contains(d.Where, "\n") {
				t.Errorf("err = %v, want a Damage of %s in one line", err, database)
			}
		})
	}
	st := storetest.Open(t, healthy)
	if err := st.Check(t.Context()); err != nil {
		t.Errorf("a healthy file: %v", err)
	}
}
