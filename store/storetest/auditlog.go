package storetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// tamper runs a statement beside the store, as somebody with the file would.
func (b *Bench) tamper(statement string, args ...any) {
	b.T.Helper()
	driver, address := "sqlite", "file:"+b.Database+"?_pragma=busy_timeout(10000)"
	if strings.HasPrefix(b.Database, "postgres") {
		driver, address = "pgx", b.Database
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		b.T.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(b.T.Context(), statement, args...); err != nil {
		b.T.Fatal(err)
	}
}

func auditLog(t *testing.T, b *Bench) {
	ctx := store.WithOrigin(t.Context(), "web 192.0.2.7")
	b.fill("a", "mark") // its first entry
	reader := b.Store.Reader(b.actor("a", ada))
	chain := func() store.AuditChain { return must(reader.AuditChain(ctx)) }
	for i, e := range []store.AuditEntry{
		{At: after(1), Actor: ada, Act: store.ActRole, Object: ben, Detail: "admin"},
		{At: after(2), Actor: ben, Act: store.ActSignIn, Origin: "terminal"},
		{At: after(3), Act: store.ActSignInFailed, Detail: "10"},
	} {
		if err := b.Store.Write(ctx, "a", func(tx *store.Tx) error { return tx.Audit(ctx, e) }); err != nil {
			t.Fatal(i, err)
		}
	}
	b.refuse("a transaction that fails", errStop, "a", func(tx *store.Tx) error {
		return errors.Join(tx.Audit(ctx, store.AuditEntry{At: after(4), Actor: ada, Act: store.ActRole, Object: ben}), errStop)
	})

	got := must(reader.Audit(ctx, 0, 3))
	var hashes []string
	for i := range got {
		hashes = append(hashes, got[i].Hash)
		got[i].Hash = ""
	}
	want := []store.AuditEntry{
		{N: 4, At: after(3), Act: store.ActSignInFailed, Detail: "10", Origin: "web 192.0.2.7"},
		{N: 3, At: after(2), Actor: ben, Act: store.ActSignIn, Origin: "terminal"},
		{N: 2, At: after(1), Actor: ada, Act: store.ActRole, Object: ben, Detail: "admin", Origin: "web 192.0.2.7"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Audit (-want +got):\n%s", diff)
	}
	if older := must(reader.Audit(ctx, 2, 3)); len(older) != 1 || older[0].N != 1 {
		t.Errorf("Audit before 2 = %+v", older)
	}
	// The chain, worked out from what an export says.
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n[3,%d,%q,\"sign-in\",\"\",\"\",\"terminal\"]", hashes[2], after(2).UnixMilli(), ben))
	if hex.EncodeToString(sum[:]) != hashes[1] {
		t.Errorf("the hash of 3 is %s, worked out %x", hashes[1], sum)
	}
	if c := chain(); c != (store.AuditChain{Entries: 4, Head: hashes[0]}) {
		t.Errorf("AuditChain = %+v", c)
	}
	for _, who := range []string{ben, cem} {
		if _, err := b.Store.Reader(b.actor("a", who)).Audit(ctx, 0, 3); !errors.Is(err, access.ErrDenied) {
			t.Errorf("%s reads the audit log: %v", who, err)
		}
	}

	for _, tt := range []struct {
		name, change, back string
		broken             int64
	}{
		{"another actor", `UPDATE audit_log SET actor_id = 'ben' WHERE org_id = 'a' AND n = 2`, `UPDATE audit_log SET actor_id = 'ada' WHERE org_id = 'a' AND n = 2`, 2},
		{"another time", `UPDATE audit_log SET at = at + 1 WHERE org_id = 'a' AND n = 3`, `UPDATE audit_log SET at = at - 1 WHERE org_id = 'a' AND n = 3`, 3},
		{"an empty place moved", `UPDATE audit_log SET detail = '', object = '10' WHERE org_id = 'a' AND n = 4`, `UPDATE audit_log SET detail = '10', object = '' WHERE org_id = 'a' AND n = 4`, 4},
		{"another hash", `UPDATE audit_log SET hash = 'x' || hash WHERE org_id = 'a' AND n = 1`, `UPDATE audit_log SET hash = substr(hash, 2) WHERE org_id = 'a' AND n = 1`, 1},
		{"the newest gone", `UPDATE audit_log SET org_id = 'gone' WHERE org_id = 'a' AND n = 4`, `UPDATE audit_log SET org_id = 'a' WHERE org_id = 'gone' AND n = 4`, 4},
		{"one gone", `UPDATE audit_log SET org_id = 'gone' WHERE org_id = 'a' AND n = 2`, `UPDATE audit_log SET org_id = 'a' WHERE org_id = 'gone' AND n = 2`, 2},
	} {
		b.tamper(tt.change)
		if c := chain(); c.Broken != tt.broken {
			t.Errorf("%s: broken at %d, want %d", tt.name, c.Broken, tt.broken)
		}
		b.tamper(tt.back)
		if c := chain(); c.Broken != 0 {
			t.Fatalf("%s, put back: broken at %d", tt.name, c.Broken)
		}
	}
	// Somebody who keeps the rules of the chain is found by what was noted elsewhere.
	head := chain().Head
	holds := func() bool { return must(reader.HoldsAudit(ctx, 4, head)) }
	if !holds() || must(reader.HoldsAudit(ctx, 3, head)) || must(reader.HoldsAudit(ctx, 5, head)) {
		t.Errorf("the head %s is not found where it is", head)
	}
	anew := sha256.Sum256(fmt.Appendf(nil, "%s\n[4,%d,%q,\"sign-in-failed\",\"\",\"10\",\"web 192.0.2.7\"]", hashes[1], after(3).UnixMilli(), cem))
	b.tamper(`UPDATE audit_log SET actor_id = $1, hash = $2 WHERE org_id = 'a' AND n = 4`, cem, hex.EncodeToString(anew[:]))
	if c := chain(); c.Broken != 0 || holds() {
		t.Errorf("an entry written anew with its hash: broken at %d, found: %v", c.Broken, !holds())
	}
	b.tamper(`UPDATE audit_log SET actor_id = '', hash = $1 WHERE org_id = 'a' AND n = 4`, head)
	b.tamper(`UPDATE audit_log SET org_id = 'gone' WHERE org_id = 'a' AND n = 4`)
	b.tamper(`UPDATE counter SET value = 3 WHERE org_id = 'a' AND name = 'audit'`)
	if c := chain(); c.Broken != 0 || holds() {
		t.Errorf("the end cut off with its count: broken at %d, found: %v", c.Broken, !holds())
	}
	b.tamper(`UPDATE counter SET value = 4 WHERE org_id = 'a' AND name = 'audit'`)
	if err := b.Store.Write(ctx, "a", func(tx *store.Tx) error { return tx.Audit(ctx, want[0]) }); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a log whose end is gone goes on: %v", err)
	}
}

var errStop = errors.New("stop")

// concurrentAudit: entries that are written at once stand in one chain.
func concurrentAudit(t *testing.T, b *Bench) {
	b.fill("a", "mark")
	const writers, each = 8, 10
	err := concurrently(writers, func(n int) error {
		for i := range each {
			err := b.Store.Write(t.Context(), "a", func(tx *store.Tx) error {
				return tx.Audit(t.Context(), store.AuditEntry{At: after(i), Actor: ada, Act: store.ActSetting, Object: fmt.Sprint(n)})
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if c := must(b.Store.Reader(b.actor("a", ada)).AuditChain(t.Context())); c.Entries != writers*each+1 || c.Broken != 0 {
		t.Errorf("AuditChain = %+v", c)
	}
}

func invites(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark") // with one invite, by ada, for 600 minutes
	for _, l := range []store.Link{
		{Hash: "h1", ID: "second", Kind: store.LinkInvite, MadeBy: ada, Role: access.Guest, Team: teamOpen, Created: after(1), Ends: after(60)},
		{Hash: "h2", ID: "late", Kind: store.LinkInvite, MadeBy: ben, Created: after(2), Ends: after(5)},
		{Hash: "h3", ID: "reset", Kind: store.LinkReset, MadeBy: ada, Person: ben, Created: after(3), Ends: after(60)},
	} {
		b.write("a", func(tx *store.Tx) error { return tx.AddLink(ctx, l) })
	}
	reader := b.Store.Reader(b.actor("a", ada))
	open := func(at int) []string {
		var out []string
		for _, l := range must(reader.Invites(ctx, after(at))) {
			out = append(out, l.ID)
		}
		return out
	}
	if got, want := open(4), []string{"late", "second", "invite-id"}; !slices.Equal(got, want) {
		t.Errorf("Invites = %v, want %v", got, want)
	}
	if got, want := open(5), []string{"second", "invite-id"}; !slices.Equal(got, want) {
		t.Errorf("Invites when one is too old = %v, want %v", got, want)
	}
	since := get(b, "a", func(ctx context.Context, tx *store.Tx) (int, error) {
		made, err := tx.InvitesSince(ctx, ada, now)
		return len(made), err
	})
	if since != 1 {
		t.Errorf("InvitesSince counts %d, want the one after it", since)
	}
	b.write("a", func(tx *store.Tx) error {
		return tx.MailLink(ctx, store.LinkMail{Link: "second", Kind: store.LinkInvite, Address: "new@example.org", Path: "/join/secret", Ends: after(60)}, after(1))
	})
	b.write("a", func(tx *store.Tx) error { return tx.EndInvite(ctx, "second", after(6)) })
	if got, want := open(6), []string{"invite-id"}; !slices.Equal(got, want) {
		t.Errorf("Invites after one was taken back = %v, want %v", got, want)
	}
	for _, o := range must(reader.Sendings(ctx, store.SendWaiting, 100)) {
		if o.About == "second" {
			t.Error("the mail of an invite that was taken back still waits")
		}
	}
	for _, id := range []string{"second", "reset", "none"} {
		b.refuse("ending "+id, store.ErrNotFound, "a", func(tx *store.Tx) error { return tx.EndInvite(ctx, id, after(7)) })
	}
	if _, err := b.Store.Reader(b.actor("a", ben)).Invites(ctx, now); !errors.Is(err, access.ErrDenied) {
		t.Errorf("a member lists invites: %v", err)
	}
}

func watched(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark") // ben is watched; ada owns, and leads the private team that he is in
	sees := func(who string) int { return len(must(b.Store.Reader(b.actor("a", who)).Watched(ctx))) }
	b.write("a", func(tx *store.Tx) error { return tx.AddMember(ctx, teamOpen, ben, false, now) })
	b.write("a", func(tx *store.Tx) error { return tx.AddMember(ctx, teamOpen, dia, true, now) })
	if got := []int{sees(ada), sees(dia), sees(cem), sees(ben)}; !slices.Equal(got, []int{1, 1, 0, 0}) {
		t.Errorf("the owner, a lead, a guest and themselves see %v, want 1 1 0 0", got)
	}
	leads := get(b, "a", func(ctx context.Context, tx *store.Tx) ([]string, error) { return tx.LeadsOf(ctx, ben) })
	if !slices.Equal(leads, []string{ada, dia}) {
		t.Errorf("LeadsOf = %v", leads)
	}
	for _, tt := range []struct {
		who   string
		first bool
	}{{ben, false}, {dia, true}, {dia, false}} {
		if got := get(b, "a", func(ctx context.Context, tx *store.Tx) (bool, error) { return tx.Watch(ctx, tt.who, 8, after(1)) }); got != tt.first {
			t.Errorf("Watch(%s) = %v, want %v", tt.who, got, tt.first)
		}
	}
	if v := must(b.Store.Reader(b.actor("a", ada)).Watched(ctx)); v[0].Raised != 8 || !v[0].Since.Equal(now) || v[0].Person.ID != ben {
		t.Errorf("Watched = %+v", v[0])
	}
	b.write("a", func(tx *store.Tx) error { return tx.Unwatch(ctx, ben) })
	if got := []int{sees(ada), sees(dia)}; !slices.Equal(got, []int{1, 0}) {
		t.Errorf("after a review they see %v, want 1 0", got)
	}
}

func backlog(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark") // everybody is looked at in 120 minutes, three items wait
	reader := b.Store.Reader(b.actor("a", ada))
	if got, want := must(reader.Backlog(ctx, after(60))), (store.Backlog{Waiting: 3, Next: after(120)}); got != want {
		t.Errorf("Backlog = %+v, want %+v", got, want)
	}
	b.write("a", func(tx *store.Tx) error { return tx.MoveTick(ctx, ben, after(90)) })
	if got, want := must(reader.Backlog(ctx, after(110))), (store.Backlog{Waiting: 3, Late: 1, Oldest: after(90), Next: after(120)}); got != want {
		t.Errorf("Backlog with one overdue = %+v, want %+v", got, want)
	}
	if got, want := must(reader.Overdue(ctx, after(110), 10)), []store.Overdue{{Person: ben, Name: "Name of ben mark", Due: after(90)}}; !cmp.Equal(want, got) {
		t.Errorf("Overdue = %+v, want %+v", got, want)
	}
	if got := must(reader.Overdue(ctx, after(91), 10)); len(got) != 0 {
		t.Errorf("Overdue within the minute = %+v", got)
	}
	if got, want := must(reader.Outbox(ctx)), []store.SendCount{{Channel: store.ChannelEmail, State: store.SendWaiting, N: 2}}; !cmp.Equal(want, got) {
		t.Errorf("Outbox = %+v, want %+v", got, want)
	}
	for _, o := range must(reader.Sendings(ctx, store.SendWaiting, 10)) {
		if want := map[string]string{"outgoing": "", "outgoing-link": "ben@mark"}[o.ID]; o.Address != want {
			t.Errorf("%s goes to %q, want %q", o.ID, o.Address, want)
		}
	}
	o := must(b.Store.ClaimOutgoing(ctx, "a", "me", false, after(1), 1, 10))
	i := slices.IndexFunc(o, func(o store.Outgoing) bool { return o.ID == "outgoing" })
	if err := b.Store.Fail(ctx, o[i], after(2), store.Failure{Reason: "550 no such user", Address: "ben@mark"}); err != nil {
		t.Fatal(err)
	}
	u := must(reader.Unreachable(ctx))
	if len(u) != 1 || u[0].Name != "Name of ben mark" || u[0].Address != "ben@mark" || u[0].FailedWhy != "550 no such user" || !u[0].Failed.Equal(after(2)) || u[0].Secret != "" {
		t.Errorf("Unreachable = %+v", u)
	}
	if one := must(reader.Enrolled(ctx, ben)); one.Person.ID != ben || one.Email != "ben@example.org" {
		t.Errorf("Enrolled = %+v", one)
	}
	if _, err := reader.Enrolled(ctx, "nobody"); !errors.Is(err, access.ErrHidden) {
		t.Errorf("Enrolled of nobody: %v", err)
	}
	as := b.Store.Reader(b.actor("a", ben))
	for name, read := range map[string]func() error{
		"Backlog":      func() error { _, err := as.Backlog(ctx, now); return err },
		"Overdue":      func() error { _, err := as.Overdue(ctx, now, 1); return err },
		"Failing":      func() error { _, err := as.Failing(ctx, now, now); return err },
		"Outbox":       func() error { _, err := as.Outbox(ctx); return err },
		"BackedUp":     func() error { _, err := as.BackedUp(ctx); return err },
		"HoldsAudit":   func() error { _, err := as.HoldsAudit(ctx, 1, ""); return err },
		"Canary":       func() error { _, err := as.Canary(ctx); return err },
		"Unreachable":  func() error { _, err := as.Unreachable(ctx); return err },
		"Enrolled":     func() error { _, err := as.Enrolled(ctx, ben); return err },
		"EnrolledPage": func() error { _, err := as.EnrolledPage(ctx, store.Finding{}, store.Mark{}, 1); return err },
		"Held":         func() error { _, err := as.Held(ctx); return err },
	} {
		if err := read(); !errors.Is(err, access.ErrDenied) {
			t.Errorf("a member reads %s: %v", name, err)
		}
	}
}
