package page

import "time"

// Settings are the reader's sessions, tokens and channels.
type Settings struct {
	Frame Frame
	// Name and Handle are how others see the reader.
	Name, Handle string
	Sessions     []Session
	Tokens       []Token
	// NewToken is a token just made: it is shown this once.
	NewToken string
	Teams    []Team
	// Email is where brief mail goes, "" for nowhere; EmailOn that it does.
	Email   string
	EmailOn bool
	// EmailFailed is when mail last failed for good, and why; zero for never.
	EmailFailed    time.Time
	EmailFailedWhy string
	// MailOff is true where the server sends no mail at all.
	MailOff bool
	// Webhook is the address of the reader's own, "" for none; Secret signs
	// what is sent to it and is shown when it was just made.
	Webhook          string
	WebhookSecret    string
	WebhookBriefs    bool
	WebhookCrises    bool
	WebhookFailed    time.Time
	WebhookFailedWhy string
	// Act is the form that came back with Problems: "password", "token",
	// "webhook", "name".
	Act      string
	Typed    map[string]string
	Problems Problems
}

// Session is one place where the reader is signed in.
type Session struct {
	ID      string
	Device  string
	Created time.Time
	Used    time.Time
	Current bool
}

// Token speaks for the reader to the API. Scopes are "read", "write", "admin".
type Token struct {
	ID      string
	Name    string
	Scopes  []string
	Team    string
	Created time.Time
	Ends    time.Time
}

// Admin is the room of those who keep the server.
type Admin struct {
	Frame Frame
	Org   string
	URL   string
	// People are all, with roles and states; Roles are those that the reader
	// may give.
	People []AdminPerson
	Roles  []string
	// Invites are open; NewLink is one just made, shown this once, with what
	// it does: "invite" or "reset".
	Invites     []Invite
	NewLink     string
	NewLinkKind string
	Teams       []Team
	// Mail says how mail stands: "off", "on" or "failing"; MailError is what
	// the mail server last said.
	Mail      string
	MailHost  string
	MailError string
	// Waiting and Failed are messages on their way out. Both are counted whole
	// and listed up to a limit.
	Waiting, Failed           []Outgoing
	WaitingCount, FailedCount int
	// Late is how many people's looks are overdue, Next when the next is due.
	Late int
	Next time.Time
	// Act is the form that came back with Problems.
	Act      string
	Typed    map[string]string
	Problems Problems
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
	Role  string
	Team  string
	By    string
	Ends  time.Time
}

// Outgoing is one message to one person that is not out yet, or never will be.
type Outgoing struct {
	ID      string
	Person  Person
	Channel string // "email" or "webhook"
	Subject string // "brief", "crisis" or "link"
	// At is when it is tried next, or when it failed.
	At      time.Time
	Attempt int
	Error   string
}

func (p Settings) typed(act, field string) string {
	if p.Act != act {
		return ""
	}
	return p.Typed[field]
}

func (p Settings) wrong(act string) Problems {
	if p.Act != act {
		return nil
	}
	return p.Problems
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

// scopes says what a token may do.
func (t Token) scopes(f Frame) string {
	said := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		said[i] = f.W.Of("scope", s)
	}
	return f.W.List(said)
}
