package access_test

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/core/access"
)

// Few ids, so that chance brings them together.
var (
	orgs    = rapid.SampledFrom([]string{"", "a", "b"})
	persons = rapid.SampledFrom([]string{"", "p", "q", "r"})
	teams   = rapid.SampledFrom([]string{"", "s", "t"})
	lists   = rapid.SliceOfN(rapid.SampledFrom([]string{"p", "q", "r"}), 0, 3)
	kinds   = rapid.SampledFrom([]access.Kind{access.Organisation, access.Team, access.Person, access.Item, access.Draft, "thing"})
)

var drawActor = rapid.Custom(func(t *rapid.T) access.Actor {
	a := access.Actor{
		Org: orgs.Draw(t, "org"), Person: persons.Draw(t, "person"), Role: rapid.SampledFrom(access.Roles()).Draw(t, "role"),
		State: rapid.SampledFrom([]access.State{access.Active, access.Active, access.Imported, access.Deactivated, access.Removed}).Draw(t, "state"),
		Teams: map[string]bool{}, Token: rapid.Bool().Draw(t, "token"),
	}
	for _, team := range rapid.SliceOfN(rapid.SampledFrom([]string{"s", "t"}), 0, 2).Draw(t, "teams") {
		a.Teams[team] = true
	}
	if a.Token {
		a.Scopes = rapid.SliceOfN(rapid.SampledFrom([]access.Scope{access.ScopeRead, access.ScopeWrite, access.ScopeAdmin}), 0, 3).Draw(t, "scopes")
		a.TokenTeam = teams.Draw(t, "token team")
	}
	return a
})

var drawObject = rapid.Custom(func(t *rapid.T) access.Object {
	return access.Object{
		Kind: kinds.Draw(t, "kind"), Org: orgs.Draw(t, "org"), Team: teams.Draw(t, "team"), Open: rapid.Bool().Draw(t, "open"),
		Wide: rapid.Bool().Draw(t, "wide"), Person: persons.Draw(t, "owner"), Shares: rapid.Bool().Draw(t, "shares"), Author: persons.Draw(t, "author"),
		People: lists.Draw(t, "people"), Asked: lists.Draw(t, "asked"), Gone: rapid.Bool().Draw(t, "gone"), Part: rapid.Bool().Draw(t, "part"),
		History: rapid.Bool().Draw(t, "history"), Leads: lists.Draw(t, "leads"), Watched: rapid.Bool().Draw(t, "watched"),
	}
})

// TestLaws holds what every rule of rights rests on, for any actor and object.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, o := drawActor.Draw(t, "actor"), drawObject.Draw(t, "object")
		seen := access.Can(a, access.See, o)
		named := o.Author == a.Person || slices.Contains(o.People, a.Person) || slices.Contains(o.Asked, a.Person)
		for _, act := range actions() {
			err := access.Can(a, act, o)
			if err != nil && !errors.Is(err, access.ErrHidden) && !errors.Is(err, access.ErrDenied) {
				t.Fatalf("%s: an error of another kind: %v", act, err)
			}
			if errors.Is(seen, access.ErrHidden) != errors.Is(err, access.ErrHidden) {
				t.Fatalf("%s: %v, though seeing it: %v", act, err, seen)
			}
			if err != nil {
				continue
			}
			session := a
			session.Token, session.Scopes, session.TokenTeam = false, nil, ""
			switch {
			case act != access.See && seen != nil && !a.Token:
				t.Fatalf("%s: whoever may not see it may do nothing with it", act)
			case a.State != access.Active || a.Person == "" || a.Org == "":
				t.Fatalf("%s: somebody who is not here", act)
			case a.Org != o.Org:
				t.Fatalf("%s: across organisations", act)
			case access.Can(session, act, o) != nil:
				t.Fatalf("%s: a token may what its person may not", act)
			case o.Kind == access.Item && o.Gone:
				t.Fatalf("%s: on what was taken back", act)
			case o.Kind == access.Item && o.Team != "" && !o.Open && !a.Teams[o.Team]:
				t.Fatalf("%s: through the wall of a private team", act)
			case o.Kind == access.Team && !o.Open && !a.Teams[o.Team]:
				t.Fatalf("%s: a private team that one is not in", act)
			case o.Kind == access.Item && o.Team == "" && !o.Wide && !named:
				t.Fatalf("%s: what is addressed to others alone", act)
			case o.Kind == access.Draft && o.Person != a.Person:
				t.Fatalf("%s: somebody else's draft", act)
			case a.Role == access.Guest && o.Kind == access.Team && !a.Teams[o.Team]:
				t.Fatalf("%s: a guest in a team they were not named for", act)
			case a.Role == access.Guest && o.Kind == access.Item && !a.Teams[o.Team] && !named:
				t.Fatalf("%s: a guest, in what neither their teams hold nor they are named in", act)
			case (act == access.Govern || act == access.Invite) && a.Role != access.Owner && a.Role != access.Admin:
				t.Fatalf("%s: without administering", act)
			case act == access.Answer && !slices.Contains(o.Asked, a.Person):
				t.Fatalf("answering an ask of others")
			case (act == access.Edit || act == access.Delete) && o.History:
				t.Fatalf("%s: history", act)
			case act == access.Delete && o.Author != a.Person:
				t.Fatalf("taking back what somebody else wrote")
			case act == access.Edit && o.Author != a.Person && (o.Part || len(o.Asked) > 0 || !a.Teams[o.Team]):
				t.Fatalf("editing what is somebody else's")
			case act == access.Own && o.Person != a.Person:
				t.Fatalf("owning what is somebody else's")
			case a.Token && a.TokenTeam != "" && (act == access.Own || o.Kind == access.Draft && o.Team != a.TokenTeam):
				t.Fatalf("%s: a token held to a team, on what is its person's own", act)
			case a.Token && !slices.Contains(a.Scopes, access.ScopeWrite) && act != access.See && act != access.Govern && act != access.Invite:
				t.Fatalf("%s: a token without the scope to write", act)
			}
		}
	})
}

// TestWider holds that an open team shows at least what a private one does, and
// that more names never hide anything.
func TestWider(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, o := drawActor.Draw(t, "actor"), drawObject.Draw(t, "object")
		if access.Can(a, access.See, o) != nil {
			return
		}
		open, more := o, o
		open.Open = true
		more.People = append(slices.Clone(o.People), "p", "q")
		if access.Can(a, access.See, open) != nil {
			t.Fatal("opening a team hides its object")
		}
		if access.Can(a, access.See, more) != nil {
			t.Fatal("naming people hides an object")
		}
	})
}
