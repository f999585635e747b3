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
	// EmailFailed is when mail was last not taken, and why; zero for never.
	EmailFailed    time.Time
	EmailFailedWhy string
	// MailOff is true where the server sends no mail at all.
	MailOff bool
	// AddressAsked says that a link to a new address is on its way.
	AddressAsked bool
	// Webhook is the address of the reader's own, "" for none; Secret signs
	// what is sent to it and is shown when it was just made.
	Webhook          string
	WebhookSecret    string
	WebhookBriefs    bool
	WebhookCrises    bool
	WebhookFailed    time.Time
	WebhookFailedWhy string
	// Act is the form that came back with Problems: "password", "token",
	// "webhook", "name", "address".
	Act      string
	Typed    map[string]string
	Problems Problems
}

// Session is one place where the reader is signed in.
type Session struct {
	ID      string
	Device  Device
	Created time.Time
	Used    time.Time
	Current bool
}

// Device is where somebody is signed in: "Firefox" on "Windows". Of a program
// only Browser is known, and of some not even that.
type Device struct{ Browser, System string }

func (d Device) says(f Frame) string {
	switch {
	case d.Browser == "":
		return f.W.T("settings.device_unknown")
	case d.System == "":
		return d.Browser
	}
	return f.W.T("settings.device", "browser", d.Browser, "system", d.System)
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

// scopes says what a token may do.
func (t Token) scopes(f Frame) string {
	said := make([]string, len(t.Scopes))
	for i, s := range t.Scopes {
		said[i] = f.W.Of("scope", s)
	}
	return f.W.List(said)
}
