// Package access decides who may see and do what. It is the one place that
// decides (R2.3): pages, API, briefs, mail, feeds and exports ask Can at the
// moment of the act or of the delivery, never earlier.
//
// What does not live here: who is there (package auth) and how an object's
// facts are read (package store).
package access

import (
	"errors"
	"slices"
)

// Role is a person's role in their organisation (R2.3).
type Role string

// The roles, from the widest to the narrowest.
const (
	Owner  Role = "owner"
	Admin  Role = "admin"
	Member Role = "member"
	Guest  Role = "guest"
)

// Roles lists every role, widest first.
func Roles() []Role { return []Role{Owner, Admin, Member, Guest} }

// States lists the states, from before to after.
func States() []State { return []State{Imported, Active, Deactivated, Removed} }

// State is a person's standing in their organisation.
type State string

// The states of a person.
const (
	// Imported people came with a history import: names without sign-in, mail or clocks.
	Imported State = "imported"
	// Active people have joined.
	Active State = "active"
	// Deactivated people keep their place but cannot come in.
	Deactivated State = "deactivated"
	// Removed people have left; what they wrote stays under their name (R2.4).
	Removed State = "removed"
)

// Scope narrows what an API token may do for its person (security 1.11).
type Scope string

// The scopes of a token. A session has none and is not narrowed.
const (
	ScopeRead  Scope = "read"
	ScopeWrite Scope = "write"
	ScopeAdmin Scope = "admin"
)

// Actor is somebody at the door: a person with the facts that rights depend
// on. The zero Actor is nobody.
type Actor struct {
	Org    string
	Person string
	Role   Role
	State  State
	// Teams holds the ids of the teams this person belongs to.
	Teams map[string]bool
	// Token is true when an API token speaks for the person; Scopes then
	// says what it may do, and TokenTeam, if set, to which team it is held.
	Token     bool
	Scopes    []Scope
	TokenTeam string
}

// Here reports whether the actor is a person who has joined and not left.
func (a Actor) Here() bool { return a.Person != "" && a.Org != "" && a.State == Active }

// Admin reports whether the actor administers the organisation.
func (a Actor) Admin() bool { return a.Here() && (a.Role == Owner || a.Role == Admin) }

// Kind says what an Object is.
type Kind string

// The kinds of object that rights are asked for.
const (
	Organisation Kind = "organisation"
	Team         Kind = "team"
	Person       Kind = "person"
	Item         Kind = "item"
	Draft        Kind = "draft" // what only its owner sees: drafts, briefs, sessions, tokens
)

// Object is what somebody wants to see or act on, reduced to the facts that
// decide. Build it from the stored thing at the moment of the act.
type Object struct {
	Kind Kind
	Org  string
	// Team is the team that holds the object, or the team itself; "" if none.
	Team string
	// Open is true for an open team and for what is written in one.
	Open bool
	// Wide is true for what is written to the whole organisation.
	Wide bool
	// Person is the owner of a draft, or the person an object of kind Person is.
	Person string
	// Shares is true when a person shares a team with the actor.
	Shares bool
	// Author wrote the item.
	Author string
	// People are those an item names: addressees, required readers, people mentioned.
	People []string
	// Asked are the recipients of an ask, or those needed in a crisis.
	Asked []string
	// Gone is true for a deleted item: its words are nobody's any more.
	Gone bool
	// Part is true for a comment, an answer or a note: what somebody said on a
	// document, which is theirs and not the team's.
	Part bool
	// Leads lead a team that a person belongs to; Watched is true when that
	// person raised many crises and was not reviewed yet (R11.3).
	Leads   []string
	Watched bool
	// History is true for what an import brought, and for notes of what
	// happened: they are read, never changed.
	History bool
}

// Action is what somebody wants to do with an Object.
type Action string

// The actions. See comes first: whoever may not see an object may do nothing with it.
const (
	See     Action = "see"     // read an item, a team, a person's public facts
	Comment Action = "comment" // write a comment on an item
	Edit    Action = "edit"    // change an item's text
	Delete  Action = "delete"  // take an item back
	Answer  Action = "answer"  // answer, decline, hand on, ask for more time
	Manage  Action = "manage"  // withdraw an ask, grant time, lead a team's membership
	Join    Action = "join"    // become a member of a team
	Leave   Action = "leave"
	WriteIn Action = "write-in" // write something new in a team or to the organisation
	Address Action = "address"  // name a person in something new
	Raise   Action = "raise"    // raise a crisis
	Settle  Action = "settle"   // acknowledge a crisis, add to it, end it
	Curb    Action = "curb"     // end somebody's right to raise a crisis until they were reviewed
	Invite  Action = "invite"   // bring somebody into the organisation
	Govern  Action = "govern"   // people's roles and states, norms, imports, mail, the audit log
	Own     Action = "own"      // one's own drafts, charter, sessions, tokens, briefs
)

// ErrHidden says that, for this actor, the object does not exist. A page
// answers it with 404, so that nobody learns of what they may not see.
var ErrHidden = errors.New("not found")

// ErrDenied says that the actor may see the object but not do this.
var ErrDenied = errors.New("not allowed")

// Can returns nil when the actor may do this with the object, ErrHidden when
// the object must look as if it did not exist, ErrDenied otherwise.
func Can(a Actor, act Action, o Object) error {
	if !a.Here() || a.Org != o.Org {
		return ErrHidden
	}
	if !sees(a, o) {
		return ErrHidden
	}
	if !scoped(a, act, o) || !may(a, act, o) {
		return ErrDenied
	}
	return nil
}

// scoped holds an API token to its scopes and its team; a session is not narrowed.
func scoped(a Actor, act Action, o Object) bool {
	if !a.Token {
		return true
	}
	if a.TokenTeam != "" && (act == Own || act == Curb || o.Kind == Organisation && act != See) {
		return false // what is one's own, writing to all, raising a crisis and governing reach beyond the team
	}
	switch act {
	case See:
		return slices.Contains(a.Scopes, ScopeRead) || slices.Contains(a.Scopes, ScopeWrite) || slices.Contains(a.Scopes, ScopeAdmin)
	case Govern, Invite, Curb:
		return slices.Contains(a.Scopes, ScopeAdmin)
	default:
		return slices.Contains(a.Scopes, ScopeWrite)
	}
}

// sees decides whether the object exists for the actor.
func sees(a Actor, o Object) bool {
	if a.Token && a.TokenTeam != "" && o.Team != a.TokenTeam && (o.Kind == Item || o.Kind == Team || o.Kind == Draft) {
		return false
	}
	inTeam := o.Team != "" && a.Teams[o.Team]
	switch o.Kind {
	case Organisation:
		return true
	case Team:
		return inTeam || (o.Open && a.Role != Guest)
	case Person:
		return a.Role != Guest || o.Person == a.Person || o.Shares
	case Draft:
		return o.Person == a.Person
	case Item:
		if o.Gone {
			return false
		}
		// Being named opens an item of a private team only to its members:
		// the team's wall is above the address line (R2.2).
		if o.Team != "" {
			return inTeam || (o.Open && (a.Role != Guest || named(a, o)))
		}
		if o.Wide {
			return a.Role != Guest || named(a, o)
		}
		return named(a, o)
	}
	return false
}

func named(a Actor, o Object) bool {
	return o.Author == a.Person || slices.Contains(o.People, a.Person) || slices.Contains(o.Asked, a.Person)
}

// may decides an act on an object that the actor sees.
func may(a Actor, act Action, o Object) bool {
	inTeam := o.Team != "" && a.Teams[o.Team]
	switch act {
	case See:
		return true
	case Comment:
		return o.Kind == Item
	case Edit:
		// A team's documents are the team's: any member may edit, and every
		// save is a revision under its author's name (R5.5). An ask is its
		// asker's, and what somebody said is theirs.
		if o.Kind != Item || o.History {
			return false
		}
		if len(o.Asked) > 0 || o.Part || o.Team == "" {
			return o.Author == a.Person
		}
		return o.Author == a.Person || inTeam
	case Delete:
		return o.Kind == Item && o.Author == a.Person && !o.History
	case Answer:
		return o.Kind == Item && slices.Contains(o.Asked, a.Person)
	case Manage:
		if o.Kind == Team {
			return inTeam && a.Role != Guest || a.Admin() && o.Open
		}
		return o.Kind == Item && o.Author == a.Person
	case Join:
		return o.Kind == Team && o.Open && !inTeam && a.Role != Guest
	case Leave:
		return o.Kind == Team && inTeam
	case WriteIn:
		if o.Kind == Team {
			return inTeam || (o.Open && a.Role != Guest)
		}
		return o.Kind == Organisation && a.Role != Guest
	case Address:
		return o.Kind == Person
	case Raise:
		return o.Kind == Organisation
	case Settle:
		return o.Kind == Item
	case Curb:
		// A lead is no right (R2.2) but this one, while the person is watched.
		return o.Kind == Person && o.Person != a.Person && (a.Admin() || o.Watched && slices.Contains(o.Leads, a.Person))
	case Invite:
		return o.Kind == Organisation && a.Admin()
	case Govern:
		return o.Kind == Organisation && a.Admin()
	case Own:
		return o.Person == a.Person
	}
	return false
}
