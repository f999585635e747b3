package audit

import (
	"slices"
	"strings"

	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
)

// Item is an entry of a calendar: a series, or what stands in the place of one
// of its instances.
type Item struct {
	// Series is the same for a series and all that stands in its instances' places.
	Series string
	// Place, Online and Text are never told again (A12.1): links in them carry
	// passwords.
	Title, Text, Place string
	Online             []string // URLs that the entry names as its conference or itself
	Attached           int
	Organizer          Party
	Attendees          []Party

	Recurring bool // it repeats
	Endless   bool // and has no end
	Override  bool // it stands in the place of an instance
	Free      bool // transparent, or free, away or working elsewhere
	Away      bool // out of office
	Private   bool
	Huddle    bool             // a call that somebody began in a chat
	Begins    worktime.Instant // of the whole series
	Created   worktime.Instant // 0 for unknown

	judged *verdict
}

// shown is the title as a report may say it.
func (i *Item) shown() string {
	if i.Private {
		return ""
	}
	return i.Title
}

// Party is somebody whom an entry names.
type Party struct {
	Address string // in lower case; what stands there when it is none
	Name    string
	Answer  Answer
	// Apart is true for rooms and resources, and for those who only hear of it.
	Apart bool
}

// Answer is what somebody answered an invitation (RFC 5545, PARTSTAT).
type Answer string

// The answers. An empty one counts as yes (A2.9).
const (
	Yes      Answer = "accepted"
	No       Answer = "declined"
	Maybe    Answer = "tentative"
	Unsaid   Answer = "needs-action"
	Unstated Answer = ""
)

// Instance is one time at which an entry takes place.
type Instance struct {
	Item       *Item
	Start, End worktime.Instant
	Whole      bool // of whole days
	// Cancelled says that it does not take place, Excluded that its series leaves
	// it out (EXDATE); both count for habit 7.
	Cancelled, Excluded bool
}

// Input is what an audit is made of.
type Input struct {
	// Instances are those of the weeks that are looked at, and of half a year
	// before them, by which habits are told. They are sorted by their start.
	Instances []Instance
	// Weeks are the Mondays of the complete weeks that are looked at (A1.3).
	Weeks []worktime.Date
	// Clock is the person's working time, for which audit.md writes W.
	Clock *worktime.Clock
	// Me are the addresses of the person, none when nobody knows (A1.4); Domains
	// those of their own organisation.
	Me, Domains []string
	// Shared says that the calendar is no person's (A1.5), Own that it is one's,
	// whatever it looks like.
	Shared, Own bool
	// Archetype is what the person said of themselves, "" for nothing (A7.1).
	Archetype charter.Archetype
	// Recovery is how long it takes to come back to a task, in seconds (A3.1).
	Recovery int64
	// Words are the lists; nil for making them anew.
	Words *Words
	// Chat is what the person's messages say, nil without an export.
	Chat *Chat
	// Unscheduled is what the person says they spend in calls that nobody
	// invited to, in minutes a week (A3.3): it stands beside the figures and is
	// not added to them.
	Unscheduled int
	// Decisions is how many decisions came out of the weeks, as the person counts
	// them; 0 when they did not say (A10.2).
	Decisions int
	// Answers are the person's own to the six questions, by number (A8).
	Answers map[int]bool
	// Days asks for every week's days, cut up.
	Days bool
	// NotSo are the findings that the person said no to, by their key.
	NotSo map[string]bool

	meetings []Instance         // of Instances, those that count, by their start
	pings    []worktime.Instant // at which the person answered at once, sorted
}

// me reports whether an address is the person's.
func (in *Input) me(address string) bool {
	return slices.Contains(in.Me, address)
}

// external reports whether an address is of another organisation (A7.3). What is
// no address is nobody's.
func (in *Input) external(address string) bool {
	_, domain, ok := strings.Cut(address, "@")
	if !ok || len(in.Domains) == 0 {
		return false
	}
	for _, d := range in.Domains {
		if domain == d || strings.HasSuffix(domain, "."+d) {
			return false
		}
	}
	return true
}

// named reports whether a calendar tells at all who takes part.
func named(instances []Instance) bool {
	for _, i := range instances {
		if len(i.Item.Attendees) > 0 {
			return true
		}
	}
	return false
}
