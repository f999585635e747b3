package page

import (
	"net/url"
	"time"
)

// Admin is the room of those who keep the server.
type Admin struct {
	Frame Frame
	Org   string
	URL   string
	// People are those of Find with roles and states, some of Found in all that
	// come behind Before others; More is whom the next ones follow, "" at the
	// end. Roles are those that the reader may give.
	People        []AdminPerson
	Find          Finding
	Found, Before int
	More          string
	Roles, States []string
	// Invites are open; NewLink is one just made, shown this once, with what
	// it does: "invite" or "reset". NewLinkFor is whom it is for, NewLinkMailed
	// the address that it was mailed to as well.
	Invites       []Invite
	NewLink       string
	NewLinkKind   string
	NewLinkFor    string
	NewLinkMailed string
	Teams         []Team
	// Mail says how mail stands: "off", "on" or "failing".
	Mail     string
	MailHost string
	// Calendars are the organisation's calendars of holidays.
	Calendars []AdminCalendar
	// Promise is how delivery stands, in a sentence.
	Promise Promise
	// Act is the form that came back with Problems.
	Act      string
	Typed    map[string]string
	Problems Problems
}

// AdminCalendar is a calendar of holidays, with who brought it when.
type AdminCalendar struct {
	Name    string
	Days    int
	Changed time.Time
	By      string
}

// Finding is which people the admin page lists: Words and State narrow them, "",
// and After is whom they follow.
type Finding struct{ Words, State, After string }

// Query is the finding in an address, "" for everybody from the beginning.
func (f Finding) Query() string {
	v := make(url.Values)
	for name, value := range map[string]string{"q": f.Words, "state": f.State, "after": f.After} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// from is the same finding further on.
func (f Finding) from(after string) string {
	f.After = after
	return PathAdmin + f.Query() + "#people"
}

// AdminPerson is one person with what only admins see.
type AdminPerson struct {
	Person   Person
	Email    string
	Role     string // owner, admin, member, guest
	State    string // imported, active, deactivated, removed
	Joined   time.Time
	MayRaise bool
	// Fixed is true where the reader may not change them.
	Fixed bool
}

// Invite is a way in that nobody has used yet.
type Invite struct {
	ID    string
	Email string // bound to this address, "" for a link for anybody
	Name  string // of the imported person it is for, "" for none
	Role  string
	Team  string
	By    string
	Ends  time.Time
}

// Audit is the audit log: who did what to rights and settings.
type Audit struct {
	Frame   Frame
	Entries []AuditLine
	// Count is how many there are in all; Broken the first that is not as it
	// was written, 0 for none.
	Count, Broken int64
	// Older is where the ones before these are, "" for none.
	Older string
}

// AuditLine is one entry. Act is a member of the family "auditlog.act"; the others
// are names, or words of the catalogue.
type AuditLine struct {
	N               int64
	At              time.Time
	Act             string
	Who, Whom, What string
	From            string
}

func (p Admin) typed(act, field string) string {
	if p.Act != act {
		return ""
	}
	return p.Typed[field]
}

func (p Admin) wrong(act string) Problems {
	if p.Act != act {
		return nil
	}
	return p.Problems
}

// sentence tells an entry.
func (l AuditLine) sentence(f Frame) string {
	if !f.W.Has("auditlog.act", l.Act) {
		return f.W.T("auditlog.unknown_act", "who", l.Who, "act", l.Act)
	}
	return f.W.Of("auditlog.act", l.Act, "who", l.Who, "whom", l.Whom, "what", l.What)
}
