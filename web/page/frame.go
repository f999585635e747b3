package page

import (
	"time"

	"github.com/rubato-hq/rubato/words"
)

// Room is a place in the navigation.
type Room string

// The rooms that exist. NoRoom is for pages outside of them.
const (
	NoRoom      Room = ""
	RoomBrief   Room = "brief"
	RoomWrite   Room = "write"
	RoomAsks    Room = "asks"
	RoomPeople  Room = "people"
	RoomTeams   Room = "teams"
	RoomAudit   Room = "audit"
	RoomCharter Room = "charter"
	RoomCrisis  Room = "crisis"
)

// room is one link of the navigation; stay keeps it beside Menu on a phone.
type room struct {
	room Room
	path string
	key  string
	stay bool
}

func rooms() []room {
	return []room{
		{RoomBrief, PathBrief, "b", false},
		{RoomWrite, PathWrite, "w", true},
		{RoomAsks, PathAsks, "a", false},
		{RoomPeople, PathPeople, "p", false},
		{RoomTeams, PathTeams, "t", false},
		{RoomAudit, PathAudit, "u", false},
		{RoomCharter, PathCharter, "c", false},
		{RoomCrisis, PathCrisis, "!", true},
	}
}

// Frame is what every page shows around its own matter.
type Frame struct {
	// W speaks the reader's language. Required.
	W *words.Words
	// Room is the current place in the navigation.
	Room Room
	// Path is the address asked for, without its query; forms that come back
	// to the page send it along.
	Path string
	// Me is who is signed in, nil for nobody. Admin opens the admin's rooms.
	Me    *Person
	Admin bool
	// Shut is true where nobody can sign in: at a server that is not set up, or
	// by another name than its own.
	Shut bool
	// Now is the moment of the page, by the clock that rules what people see.
	Now time.Time
	// Day is the reader's own day on top of the page, nil for none.
	Day *Day
	// NextBrief is when the next brief comes, zero for none in sight.
	NextBrief time.Time
	// Alarms are the running crises that this person is needed in.
	Alarms []Alarm
	// Demo is set in demo mode alone.
	Demo    *DemoBar
	Notices []Notice
	// Watched raised many crises in an hour; the reader may end their right to.
	Watched []Watched
	// Flash is what the act that led here has done, nil for none.
	Flash *Flash
	// Key is fresh for every page shown; each form derives its idempotency key from it.
	Key string
}

// Day is one day of the reader, drawn as the line on top.
type Day struct {
	// From and To are the local midnights, 23 to 25 hours apart.
	From, To time.Time
	Rhythm
}

// Alarm is a running crisis on top of every page of those who are needed.
type Alarm struct {
	Ref   string
	Point string
	By    Person
	Since time.Time
	// Mine is true while this person is needed and has not said that they have it.
	Mine bool
}

// DemoBar is the strip of demo mode: the team's clock and who one is.
type DemoBar struct {
	// NextAt is the reader's next window, zero for none in sight.
	NextAt time.Time
}

// Notice is a standing remark on top of pages.
type Notice string

// The notices. They are for admins.
const (
	NoticeInsecure Notice = "insecure"  // plain http beyond this machine
	NoticeMailOff  Notice = "mail_off"  // no SMTP server is configured
	NoticeMailFail Notice = "mail_fail" // the SMTP server refuses or is not reached
	NoticeAlone    Notice = "alone"     // nobody else is here yet
)

// Watched is somebody who raised many crises in an hour (R11.3).
type Watched struct {
	Person Person
	Since  time.Time
	Raised int
	// MayRaise is false once their right has ended, until an admin reviewed it.
	MayRaise bool
}

// Flash says what was done. Code is a member of the family "flash" of the
// catalogue; the values fill its places.
type Flash struct {
	Code string
	Name string
	Ref  string
	At   time.Time
	N    int
}

// loc is the reader's zone.
func (f Frame) loc() *time.Location {
	if f.Me == nil || f.Me.Loc == nil {
		return time.UTC
	}
	return f.Me.Loc
}

// is reports whether somebody is the reader.
func (f Frame) is(p Person) bool { return f.Me != nil && f.Me.ID == p.ID }

// form is the idempotency key of one form of this page.
func (f Frame) form(name string) string { return f.Key + "." + name }

func (f Frame) clock(t time.Time) string    { return f.W.Clock(t, f.loc()) }
func (f Frame) clockDay(t time.Time) string { return f.W.ClockDay(t, f.loc(), f.Now) }
func (f Frame) dayTime(t time.Time) string  { return f.W.DayTime(t, f.loc(), f.Now) }
func (f Frame) at(t time.Time) string       { return f.W.At(t, f.loc(), f.Now) }

// until is the end of a span that began at from, without the day where both
// are on one.
func (f Frame) until(from, to time.Time) string {
	if f.W.Date(from, f.loc()) == f.W.Date(to, f.loc()) {
		return f.clock(to)
	}
	return f.dayTime(to)
}

func (f Frame) day(t time.Time) string { return f.W.Day(t, f.loc(), f.Now) }

// shortcut is a key that this page understands beside the general ones. What
// it does is a member of the family "key".
type shortcut struct{ Key, Does string }

// cap is how a key is drawn.
func (s shortcut) cap(w *words.Words) string {
	switch s.Key {
	case "mod+enter":
		return w.T("cap.ctrl_enter")
	case "enter":
		return "↵"
	case "alt+digit":
		return w.T("cap.alt_digit")
	}
	return s.Key
}
