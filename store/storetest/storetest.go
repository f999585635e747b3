// Package storetest holds what the store promises, once for both databases:
// Run is the suite, and Dump shows tests of other packages what a database
// holds. A promise is never tested on one database alone.
//
// What does not live here: what only one database does (opening, pragmas, its
// error codes, the positions of PostgreSQL's events), which is tested in
// package store.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// Run holds a kind of database to all that the store promises. open names a
// fresh, empty one; driver opens it if it is SQLite, "" for the store's own.
func Run(t *testing.T, open func(testing.TB) string, driver string) {
	for _, tt := range []struct {
		name string
		test func(*testing.T, *Bench)
	}{
		{"transactions", transactions},
		{"tenancy: the same ids in two organisations", sameIDs},
		{"tenancy: ids of another organisation", foreignIDs},
		{"people", people},
		{"handles and slugs", names},
		{"charters", charters},
		{"clock cache", clockCache},
		{"teams", teams},
		{"addresses and contacts", contacts},
		{"items", items},
		{"revisions", revisions},
		{"numbers", numbers},
		{"numbers under concurrent writers", concurrentNumbers},
		{"asks", asks},
		{"asks under concurrent writers", concurrentAsks},
		{"crises", crises},
		{"drafts", drafts},
		{"reports", reports},
		{"attachments", attachments},
		{"receipts", receipts},
		{"receipts under concurrent requests", concurrentReceipts},
		{"deliveries", deliveries},
		{"briefs", briefs},
		{"ticks", ticks},
		{"leases and fences", leases},
		{"claims under concurrent claimers", concurrentClaims},
		{"outbox", outbox},
		{"outbox under concurrent claimers", concurrentOutbox},
		{"outbox held after a restore", holds},
		{"dropping what is held", dropsHeld},
		{"what opens doors ends after a restore", ends},
		{"events", events},
		{"events under concurrent writers", concurrentEvents},
		{"follows", follows},
		{"gathering", gathering},
		{"own asks", ownAsks},
		{"sessions", sessions},
		{"links", links},
		{"tokens and feeds", tokens},
		{"settings", settings},
		{"audit log", auditLog},
		{"audit log under concurrent writers", concurrentAudit},
		{"invites", invites},
		{"watched", watched},
		{"what admins see of delivery", backlog},
		{"history", imported},
		{"what a reader sees", readerSees},
		{"what a reader lists", readerLists},
		{"listings in pages", listings},
		{"what was said, in stretches", threads},
		{"finding people", finds},
		{"between people", between},
		{"calendars of holidays", calendars},
		{"opened again", openedAgain},
	} {
		t.Run(tt.name, func(t *testing.T) {
			database := open(t)
			tt.test(t, &Bench{T: t, Database: database, Store: openBy(t, database, driver)})
		})
	}
}

// Bench is an open store under test.
type Bench struct {
	T        *testing.T
	Database string
	Store    *store.Store
	claims   int // see serve
}

// Open opens a database, with the zones of the world, and closes it at the end
// of the test.
func Open(t testing.TB, database string) *store.Store {
	t.Helper()
	return openBy(t, database, "")
}

func openBy(t testing.TB, database, driver string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{Database: database, Driver: driver, Zones: zoneinfo.New().Zone})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// now is the moment at which everything here happens, Tue 24 Nov 2026 09:00 in Berlin.
var now = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// after is a moment so many minutes later.
func after(minutes int) time.Time { return now.Add(time.Duration(minutes) * time.Minute) }

// write runs a transaction that must succeed.
func (b *Bench) write(org string, fn func(tx *store.Tx) error) {
	b.T.Helper()
	if err := b.Store.Write(b.T.Context(), org, fn); err != nil {
		b.T.Fatalf("write in %s: %v", org, err)
	}
}

// refuse runs a transaction that must fail with an error.
func (b *Bench) refuse(what string, want error, org string, fn func(tx *store.Tx) error) {
	b.T.Helper()
	if err := b.Store.Write(b.T.Context(), org, fn); !errors.Is(err, want) {
		b.T.Errorf("%s: %v, want %v", what, err, want)
	}
}

// get reads one thing in a transaction of its own.
func get[T any](b *Bench, org string, fn func(ctx context.Context, tx *store.Tx) (T, error)) T {
	b.T.Helper()
	var v T
	b.write(org, func(tx *store.Tx) error {
		var err error
		v, err = fn(b.T.Context(), tx)
		return err
	})
	return v
}

// dump is what an organisation has in every table.
func (b *Bench) dump(org string) map[string][]string {
	b.T.Helper()
	return Dump(b.T, b.Database, org)
}

// must is for what is only there to get somewhere: an error of it ends the run.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// one is the only one of a list.
func one[T any](vs []T, err error) (T, error) {
	if err != nil || len(vs) != 1 {
		var none T
		return none, errors.Join(err, fmt.Errorf("%d, want one", len(vs)))
	}
	return vs[0], nil
}

// seal writes one brief.
func seal(ctx context.Context, tx *store.Tx, b store.Brief, lines []brief.Line) error {
	return tx.Seal(ctx, []store.Sealing{{Brief: b, Contents: lines}})
}
