package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/store"
)

// read asks and reads the answer.
func read[T any](w *world, who, path string) T {
	w.t.Helper()
	var v T
	a := w.do(who, "GET", path, "")
	if err := json.Unmarshal([]byte(a.body), &v); err != nil || a.StatusCode != http.StatusOK {
		w.t.Fatalf("GET %s: %d %s: %v", path, a.StatusCode, a.body, err)
	}
	return v
}

// TestAdminReads: what the admin page shows, as JSON.
func TestAdminReads(t *testing.T) { both(t, readsAsAdmin) }

func readsAsAdmin(t *testing.T, open func(testing.TB) *world) {
	w := open(t)
	type enrolled struct{ Handle, Email, Role, State string }
	type list[T any] struct {
		Items []T
		Next  string
	}
	for find, want := range map[string][]enrolled{
		"find=RITA":               {{"rita", "rita@example.org", "member", "removed"}},
		"find=gita@example.org":   {{"gita", "gita@example.org", "guest", "active"}},
		"find=rita&state=active":  nil,
		"state=deactivated":       {{"dora", "dora@example.org", "member", "deactivated"}},
		"find=xenia@example.org":  nil, // of the other organisation
		"state=removed&limit=100": {{"rita", "rita@example.org", "member", "removed"}},
	} {
		if got := read[list[enrolled]](w, "admin", "/admin/people?"+find).Items; !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%s finds %v, want %v", find, got, want)
		}
	}
	if got := read[list[enrolled]](w, "admin", "/people?find=@otto").Items; len(got) != 1 || got[0].Handle != "otto" {
		t.Errorf("a member's look for @otto finds %v", got)
	}
	var names []string
	for cursor := ""; ; {
		page := read[list[enrolled]](w, "admin", "/admin/people?limit=3&cursor="+cursor)
		for _, e := range page.Items {
			names = append(names, e.Handle)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if want := []string{"adam", "arno", "dora", "gita", "mara", "olga", "otto", "rita"}; !slices.Equal(names, want) {
		t.Errorf("page by page: %v, want %v", names, want)
	}

	type backlog struct {
		Items, Waiting, Failed int
		Held                   *struct{ Messages int }
	}
	before := read[backlog](w, "admin", "/admin/delivery")
	if before.Waiting == 0 || before.Failed != 0 || before.Held != nil {
		t.Errorf("the backlog is %+v", before)
	}
	for _, crisis := range []bool{true, false} {
		out, err := w.store.ClaimOutgoing(t.Context(), w.ids["org"], "test", crisis, time.Now().Add(24*time.Hour), time.Minute, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range out {
			if err := w.store.Fail(t.Context(), o, morning, store.Failure{Reason: "gone", Address: "mara@example.org"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.store.Write(t.Context(), store.Server, func(tx *store.Tx) error { return tx.Hold(t.Context(), morning) }); err != nil {
		t.Fatal(err)
	}
	if b := read[backlog](w, "admin", "/admin/delivery"); b.Waiting != 0 || b.Failed != before.Waiting || b.Held == nil {
		t.Errorf("after all failed the backlog is %+v", b)
	}
	type unreachable struct {
		Person             struct{ Handle string }
		Address, FailedWhy string
	}
	if all := read[list[unreachable]](w, "admin", "/admin/unreachable").Items; len(all) != 1 || all[0].Person.Handle != "mara" || all[0].Address != "mara@example.org" {
		t.Errorf("unreachable are %+v", all)
	}
}

// TestAuditChain works the chain out from what the description says of it.
func TestAuditChain(t *testing.T) {
	w := open(t)
	type entry struct {
		N                                  int64
		At                                 time.Time
		Actor                              struct{ ID string }
		Act, Object, Detail, Origin, Chain string
	}
	var all []entry
	for cursor := ""; ; {
		page := read[struct {
			Items []entry
			Next  string
		}](w, "admin", "/admin/audit?limit=7&cursor="+cursor)
		all = append(all, page.Items...)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	slices.Reverse(all)
	chain := ""
	for _, e := range all {
		fields, err := json.Marshal([]any{e.N, e.At.UnixMilli(), e.Actor.ID, e.Act, e.Object, e.Detail, e.Origin})
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(append([]byte(chain+"\n"), fields...))
		if chain = hex.EncodeToString(sum[:]); chain != e.Chain {
			t.Fatalf("entry %d has the chain %s, and it is %s", e.N, e.Chain, chain)
		}
	}
	type checked struct{ Entries, Broken int64 }
	if got, want := read[checked](w, "admin", "/admin/audit/chain"), (checked{int64(len(all)), 0}); len(all) < 8 || got != want {
		t.Errorf("the chain is %+v, want %+v", got, want)
	}
}

// TestWatchedByItsLead: whoever leads a team of somebody who raised many crises
// reads of it and may end the right; an admin alone gives it back.
func TestWatchedByItsLead(t *testing.T) {
	w := open(t)
	err := w.store.Write(t.Context(), w.ids["org"], func(tx *store.Tx) error {
		_, err := tx.Watch(t.Context(), w.ids["mara"], 7, morning)
		return errors.Join(err, tx.DropMember(t.Context(), w.ids["core"], w.ids["arno"]), tx.AddMember(t.Context(), w.ids["core"], w.ids["arno"], true, morning))
	})
	if err != nil {
		t.Fatal(err)
	}
	type watched struct {
		Items []struct {
			Handle   string
			Raised   int
			MayRaise bool `json:"may_raise"`
		}
	}
	for who, want := range map[string]int{"author": 1, "admin": 1, "member": 0, "other-team": 0, "team-token": 0} {
		if got := read[watched](w, who, "/people/watched").Items; len(got) != want {
			t.Errorf("%s reads of %+v, want %d", who, got, want)
		}
	}
	for _, tt := range []struct {
		who    string
		may    bool
		status int
	}{
		{"other-team", false, 403}, {"author", false, 204}, {"author", true, 403}, {"admin", true, 204}, {"author", false, 403},
	} {
		if a := w.do(tt.who, "PUT", "/people/{mara}/may-raise", fmt.Sprintf(`{"may_raise":%v}`, tt.may)); a.StatusCode != tt.status {
			t.Errorf("%s sets %v: %d, want %d", tt.who, tt.may, a.StatusCode, tt.status)
		}
	}
}

// TestReachOfATeam: the preview counts those who follow a team, and tells when
// the first and the last of them have it.
func TestReachOfATeam(t *testing.T) {
	w := open(t)
	var p struct {
		Reaches   []any
		Following *struct {
			People, Muted int
			First, Last   time.Time
		}
	}
	reach := func(body string) {
		t.Helper()
		p.Following = nil
		a := w.do("member", "POST", "/reach", body)
		if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	reach(`{"team":"core"}`)
	if f := p.Following; f == nil || f.People != 1 || f.First.IsZero() || !f.First.Equal(f.Last) || len(p.Reaches) != 0 { // arno: the others left, or ask
		t.Errorf("the team's followers are %+v", f)
	}
	reach(`{"team":"core","to":["arno"]}`)
	if f := p.Following; f == nil || f.People != 0 || len(p.Reaches) != 1 {
		t.Errorf("without whom it names they are %+v", f)
	}
	reach(`{"to":["arno"]}`)
	if p.Following != nil {
		t.Errorf("nobody follows what is for named people: %+v", p.Following)
	}
	if a := w.do("member", "POST", "/reach", `{"team":"annex"}`); a.problem(t).Errors[0].Code != "unknown-team" {
		t.Errorf("a team out of sight: %s", a.body)
	}
}
