package access_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/access"
)

var update = flag.Bool("update", false, "rewrite testdata")

// actor is one column of the table of rights.
type actor struct {
	name string
	who  access.Actor
}

// actors are the nine of security 1.12. The member is in the teams "open" and
// "private"; so is whoever has left or is shut out, and somebody with the same
// ids in another organisation.
func actors() []actor {
	in := func(teams ...string) map[string]bool {
		m := make(map[string]bool)
		for _, t := range teams {
			m[t] = true
		}
		return m
	}
	person := func(id string, role access.Role, state access.State, teams ...string) access.Actor {
		return access.Actor{Org: "org", Person: id, Role: role, State: state, Teams: in(teams...)}
	}
	token := person("member", access.Member, access.Active, "open", "private")
	token.Token, token.Scopes = true, []access.Scope{access.ScopeRead}
	elsewhere := person("member", access.Owner, access.Active, "open", "private")
	elsewhere.Org = "other"
	return []actor{
		{"nobody", access.Actor{}},
		{"member", person("member", access.Member, access.Active, "open", "private")},
		{"other-team", person("other", access.Member, access.Active, "elsewhere")},
		{"guest", person("guest", access.Guest, access.Active, "open")},
		{"admin", person("admin", access.Admin, access.Active)},
		{"other-org", elsewhere},
		{"removed", person("removed", access.Admin, access.Removed, "open", "private")},
		{"deactivated", person("deactivated", access.Owner, access.Deactivated, "open", "private")},
		{"read-token", token},
	}
}

// object is one block of rows of the table. Where an object names people, it
// names all nine, so that only what they are can shut them out.
type object struct {
	name string
	what access.Object
}

func objects() []object {
	var everybody []string
	for _, a := range actors() {
		if a.who.Person != "" && !slices.Contains(everybody, a.who.Person) {
			everybody = append(everybody, a.who.Person)
		}
	}
	item := func(change func(*access.Object)) access.Object {
		o := access.Object{Kind: access.Item, Org: "org", Author: "somebody"}
		change(&o)
		return o
	}
	open := func(o *access.Object) { o.Team, o.Open = "open", true }
	private := func(o *access.Object) { o.Team = "private" }
	return []object{
		{"organisation", access.Object{Kind: access.Organisation, Org: "org"}},
		{"open team", access.Object{Kind: access.Team, Org: "org", Team: "open", Open: true}},
		{"private team", access.Object{Kind: access.Team, Org: "org", Team: "private"}},
		{"the member themselves", access.Object{Kind: access.Person, Org: "org", Person: "member"}},
		{"somebody in a shared team", access.Object{Kind: access.Person, Org: "org", Person: "somebody", Shares: true}},
		{"somebody else", access.Object{Kind: access.Person, Org: "org", Person: "somebody"}},
		{"somebody in a team that the member leads, who raised many crises", access.Object{Kind: access.Person, Org: "org", Person: "somebody", Shares: true, Leads: everybody, Watched: true}},
		{"somebody in a team that the member leads", access.Object{Kind: access.Person, Org: "org", Person: "somebody", Shares: true, Leads: everybody}},
		{"a draft of the member", access.Object{Kind: access.Draft, Org: "org", Person: "member"}},
		{"a document in the open team", item(open)},
		{"a document in the open team by the member", item(func(o *access.Object) { open(o); o.Author = "member" })},
		{"a document in the open team naming everybody", item(func(o *access.Object) { open(o); o.People = everybody })},
		{"a document in the private team", item(private)},
		{"a document in the private team naming everybody", item(func(o *access.Object) { private(o); o.People = everybody })},
		{"a document for the whole organisation", item(func(o *access.Object) { o.Wide = true })},
		{"a document to the member alone", item(func(o *access.Object) { o.People = []string{"member"} })},
		{"a document to named people, everybody", item(func(o *access.Object) { o.People = everybody })},
		{"an ask of everybody in the open team", item(func(o *access.Object) { open(o); o.People, o.Asked = everybody, everybody })},
		{"an ask of everybody in the private team", item(func(o *access.Object) { private(o); o.People, o.Asked = everybody, everybody })},
		{"an ask by the member of somebody else", item(func(o *access.Object) {
			o.Author, o.People, o.Asked = "member", []string{"somebody"}, []string{"somebody"}
		})},
		{"a comment by somebody in the open team", item(func(o *access.Object) { open(o); o.Part = true })},
		{"a comment by the member in the open team", item(func(o *access.Object) { open(o); o.Part, o.Author = true, "member" })},
		{"a note of what happened, by the member", item(func(o *access.Object) { open(o); o.Part, o.History, o.Author = true, true, "member" })},
		{"imported history by the member in the open team", item(func(o *access.Object) { open(o); o.History, o.Author = true, "member" })},
		{"a document of the member, taken back", item(func(o *access.Object) { open(o); o.Gone, o.Author, o.People = true, "member", everybody })},
		{"an object of no kind", access.Object{Org: "org", Person: "member", Author: "member", People: everybody}},
	}
}

func actions() []access.Action {
	return []access.Action{
		access.See, access.Comment, access.Edit, access.Delete, access.Answer, access.Manage, access.Join, access.Leave,
		access.WriteIn, access.Address, access.Raise, access.Settle, access.Curb, access.Invite, access.Govern, access.Own, "unheard-of",
	}
}

// sign is how the table says an outcome.
func sign(err error) string {
	switch {
	case err == nil:
		return "yes"
	case errors.Is(err, access.ErrHidden):
		return "."
	case errors.Is(err, access.ErrDenied):
		return "no"
	}
	return err.Error()
}

// TestRights holds testdata/rights.txt, the whole table of who may do what.
// "." says that for this actor the object does not exist. An act that nobody
// may do with an object has no row there.
func TestRights(t *testing.T) {
	var b strings.Builder
	row := func(name string, cells []string) {
		var line strings.Builder
		fmt.Fprintf(&line, "%-12s", name)
		for _, c := range cells {
			fmt.Fprintf(&line, "%-12s", c)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	var names []string
	for _, a := range actors() {
		names = append(names, a.name)
	}
	for _, o := range objects() {
		b.WriteString(o.name + "\n")
		row("", names)
		for _, act := range actions() {
			var cells []string
			for _, a := range actors() {
				cells = append(cells, sign(access.Can(a.who, act, o.what)))
			}
			if act == access.See || slices.Contains(cells, "yes") {
				row("  "+string(act), cells)
			}
		}
		b.WriteString("\n")
	}
	got := b.String()
	const golden = "testdata/rights.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("rights differ from %s (-want +got):\n%s", golden, diff)
	}
}

// TestShutOut holds what the table must never say, whatever it says.
func TestShutOut(t *testing.T) {
	for _, o := range objects() {
		for _, act := range actions() {
			for _, a := range actors() {
				err := access.Can(a.who, act, o.what)
				switch a.name {
				case "nobody", "other-org", "removed", "deactivated":
					if !errors.Is(err, access.ErrHidden) {
						t.Errorf("Can(%s, %s, %s) = %v, want ErrHidden", a.name, act, o.name, err)
					}
				case "read-token":
					if act != access.See && err == nil {
						t.Errorf("Can(%s, %s, %s) = nil, want a refusal", a.name, act, o.name)
					}
				}
			}
		}
	}
}

// TestScopes holds each scope of a token to its acts (security 1.11).
func TestScopes(t *testing.T) {
	in := access.Object{Kind: access.Team, Org: "org", Team: "t"}
	org := access.Object{Kind: access.Organisation, Org: "org"}
	doc := access.Object{Kind: access.Item, Org: "org", Team: "t", Author: "p"}
	for _, tt := range []struct {
		name                string
		scopes              []access.Scope
		see, comment, admin string
	}{
		{"none", nil, "no", "no", "no"},
		{"read", []access.Scope{access.ScopeRead}, "yes", "no", "no"},
		{"write", []access.Scope{access.ScopeWrite}, "yes", "yes", "no"},
		{"admin", []access.Scope{access.ScopeAdmin}, "yes", "no", "yes"},
		{"all", []access.Scope{access.ScopeRead, access.ScopeWrite, access.ScopeAdmin}, "yes", "yes", "yes"},
		{"unknown", []access.Scope{"everything"}, "no", "no", "no"},
	} {
		a := access.Actor{Org: "org", Person: "p", Role: access.Owner, State: access.Active, Teams: map[string]bool{"t": true}, Token: true, Scopes: tt.scopes}
		got := []string{sign(access.Can(a, access.See, doc)), sign(access.Can(a, access.Comment, doc)), sign(access.Can(a, access.Govern, org))}
		if want := []string{tt.see, tt.comment, tt.admin}; !slices.Equal(got, want) {
			t.Errorf("%s: see, comment, govern = %v, want %v", tt.name, got, want)
		}
		if got, want := sign(access.Can(a, access.WriteIn, in)), tt.comment; got != want {
			t.Errorf("%s: write in the team = %s, want %s", tt.name, got, want)
		}
		if got, want := sign(access.Can(a, access.Invite, org)), tt.admin; got != want {
			t.Errorf("%s: invite = %s, want %s", tt.name, got, want)
		}
	}
}

// TestTokenTeam holds a token to its team, though its person is in two and
// administers the organisation.
func TestTokenTeam(t *testing.T) {
	a := access.Actor{
		Org: "org", Person: "p", Role: access.Owner, State: access.Active, Teams: map[string]bool{"mine": true, "also": true},
		Token: true, Scopes: []access.Scope{access.ScopeRead, access.ScopeWrite, access.ScopeAdmin}, TokenTeam: "mine",
	}
	item := func(team string, wide bool) access.Object {
		return access.Object{Kind: access.Item, Org: "org", Team: team, Wide: wide, Author: "p", People: []string{"p"}}
	}
	for _, tt := range []struct {
		name string
		act  access.Action
		o    access.Object
		want string
	}{
		{"its team", access.WriteIn, access.Object{Kind: access.Team, Org: "org", Team: "mine"}, "yes"},
		{"a document of its team", access.Edit, item("mine", false), "yes"},
		{"the other team", access.See, access.Object{Kind: access.Team, Org: "org", Team: "also", Open: true}, "."},
		{"a document of the other team", access.See, item("also", false), "."},
		{"a document for all", access.See, item("", true), "."},
		{"a document to its person", access.See, item("", false), "."},
		{"the organisation's name", access.See, access.Object{Kind: access.Organisation, Org: "org"}, "yes"},
		{"writing to all", access.WriteIn, access.Object{Kind: access.Organisation, Org: "org"}, "no"},
		{"raising a crisis", access.Raise, access.Object{Kind: access.Organisation, Org: "org"}, "no"},
		{"roles", access.Govern, access.Object{Kind: access.Organisation, Org: "org"}, "no"},
		{"inviting", access.Invite, access.Object{Kind: access.Organisation, Org: "org"}, "no"},
	} {
		if got := sign(access.Can(a, tt.act, tt.o)); got != tt.want {
			t.Errorf("%s: Can(token of a team, %s) = %s, want %s", tt.name, tt.act, got, tt.want)
		}
	}
}

func TestActor(t *testing.T) {
	for _, tt := range []struct {
		name        string
		who         access.Actor
		here, admin bool
	}{
		{"zero", access.Actor{}, false, false},
		{"owner", access.Actor{Org: "o", Person: "p", Role: access.Owner, State: access.Active}, true, true},
		{"admin", access.Actor{Org: "o", Person: "p", Role: access.Admin, State: access.Active}, true, true},
		{"member", access.Actor{Org: "o", Person: "p", Role: access.Member, State: access.Active}, true, false},
		{"guest", access.Actor{Org: "o", Person: "p", Role: access.Guest, State: access.Active}, true, false},
		{"imported", access.Actor{Org: "o", Person: "p", Role: access.Owner, State: access.Imported}, false, false},
		{"deactivated owner", access.Actor{Org: "o", Person: "p", Role: access.Owner, State: access.Deactivated}, false, false},
		{"removed owner", access.Actor{Org: "o", Person: "p", Role: access.Owner, State: access.Removed}, false, false},
		{"no organisation", access.Actor{Person: "p", Role: access.Owner, State: access.Active}, false, false},
		{"no person", access.Actor{Org: "o", Role: access.Owner, State: access.Active}, false, false},
	} {
		if here, admin := tt.who.Here(), tt.who.Admin(); here != tt.here || admin != tt.admin {
			t.Errorf("%s: Here, Admin = %v, %v, want %v, %v", tt.name, here, admin, tt.here, tt.admin)
		}
	}
	if got, want := access.Roles(), []access.Role{access.Owner, access.Admin, access.Member, access.Guest}; !slices.Equal(got, want) {
		t.Errorf("Roles() = %v, want %v", got, want)
	}
}
