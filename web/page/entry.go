package page

import "time"

// SignIn is the page at the door.
type SignIn struct {
	Frame Frame
	// Org is the organisation's name.
	Org string
	// Email is what was typed; Back the address asked for before, a path of ours.
	Email    string
	Back     string
	Problems Problems
	// People can be chosen with one click, in demo mode alone.
	People []DemoPerson
	// Expired says that a form was not taken because nobody was signed in any
	// more; Kept are its words.
	Expired bool
	Kept    []Kept
	// Mail is true when a reset link can be sent.
	Mail bool
}

// DemoPerson is one of the cast.
type DemoPerson struct {
	Person Person
	// Next is their next batch window, zero for none in sight.
	Next time.Time
	// Off and Focus say where their charter puts them at this moment.
	Off, Focus bool
}

// Setup is the first page of an empty server (R2.5).
type Setup struct {
	Frame Frame
	// Token stands in the address; the form posts back to it.
	Token                    string
	Org, Name, Handle, Email string
	Zone                     string
	Zones                    []string
	Problems                 Problems
}

// Join is where an invite link leads.
type Join struct {
	Frame        Frame
	Token        string
	Org          string
	By           string // who invites
	Team         string // the name of the team one joins, "" for none
	Name, Handle string
	Email        string
	// EmailFixed is true when the invite was sent to one address.
	EmailFixed bool
	Zone       string
	Zones      []string
	Problems   Problems
}

// ResetAsk is where one asks for a link to set a new password.
type ResetAsk struct {
	Frame    Frame
	Email    string
	Mail     bool // mail goes out; else an admin has to make the link
	Sent     bool // the form was sent: what is shown does not tell whether the address is known
	Problems Problems
}

// ResetSet is where a reset link leads.
type ResetSet struct {
	Frame    Frame
	Token    string
	Name     string
	Problems Problems
}

// AddressLink is where a link for another mail address leads; Done that it was
// used.
type AddressLink struct {
	Frame            Frame
	Token            string
	Name, Org, Email string
	Done             bool
}

// BadLink answers a setup, invite, reset or address link that opens nothing.
type BadLink struct {
	Frame Frame
	// Kind is "setup", "invite", "reset" or "address"; How says what became of
	// it: "used", "late" or "unknown", of an address also "taken".
	Kind string
	How  string
}

// code is a member of the family "badlink.lead".
func (p BadLink) code() string {
	if p.Kind == "setup" {
		return p.Kind
	}
	return p.Kind + "-" + p.How
}

// HereAlready answers an invite link opened by somebody who is signed in.
type HereAlready struct {
	Frame Frame
	Org   string
}
