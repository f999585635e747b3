// Package history is what an import brings from another tool: people, rooms
// and what was written in them, in the words that every such tool shares. It
// also says where a piece of writing belongs: a thread is one document, and the
// loose entries of a room and day are one.
//
// What does not live here: reading a tool's files (wire, intake), rights and
// writing (door), and what has happened here since.
package history

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// Source is where history comes from: a tool, and a workspace of it. Whatever
// an import brings is known again by its source, its room and its key.
type Source struct {
	Tool string // "slack"
	Team string // the workspace's id there
}

// Person is an account of the workspace. Its person here has not joined.
type Person struct {
	Key    string // the account's id
	Name   string
	Handle string // as proposed; who was here first keeps theirs
	// Address is an e-mail address that nobody has verified: it finds a member
	// who has verified it, and is not kept.
	Address string
	Zone    string // IANA, "" if it is not told
	Bot     bool
	Left    bool // the account was closed: a name beside what they wrote
	Guest   bool
}

// Kind says who reads a room.
type Kind string

// The kinds of rooms.
const (
	Open    Kind = "open"    // a team that all read
	Private Kind = "private" // a team of its members
	Direct  Kind = "direct"  // no team: for its people alone
)

// Room is a channel or a direct conversation.
type Room struct {
	Key     string
	Kind    Kind
	Name    string // "" for direct conversations
	Purpose string
	Created time.Time // zero if it is not told
	// People are the keys of those who belong to it. With Writers, whoever
	// wrote in it belongs to it too: the export does not tell who else.
	People  []string
	Writers bool
}

// MaxText bounds the text of an entry, in bytes.
const MaxText = 400_000

// Entry is one message.
type Entry struct {
	Key    string // unique in its room, in order of time
	Thread string // key of the thread's first entry, its own for that one; "" outside of threads
	Day    string // "2016-11-24", of an entry outside of threads
	Author string // key of a person
	Text   string // Markdown
	Files  []File
	At     time.Time
	Edited time.Time // zero if it was not
}

// File is a file that hung on an entry. It stayed where it was.
type File struct {
	Name string
	Type string // as in Content-Type, may be ""
	Size int64  // bytes, 0 if it is not told
}

// Batch is what one transaction brings: people, a room, and entries of it in
// the order in which they were written.
type Batch struct {
	Source Source
	// Zone is where days begin and end, as proposed. The first import of a
	// source decides it, so that no later one divides the days otherwise.
	Zone    string
	People  []Person
	Room    *Room
	Entries []Entry
}

// Done is what came of a batch.
type Done struct {
	Zone    string            // where days begin and end
	Handles map[string]string // of the batch's people, by key
	Counts
}

// Counts says what was new and what was known.
type Counts struct {
	People    int // names that are new here
	Bots      int // among them
	Left      int // among them
	Members   int // accounts found to be members
	Teams     int
	Documents int
	Comments  int
	Files     int // listed with them
	Edited    int // known entries with newer words
	Known     int // people and entries that had come before
}

// Add adds other counts.
func (c *Counts) Add(o Counts) {
	c.People += o.People
	c.Bots += o.Bots
	c.Left += o.Left
	c.Members += o.Members
	c.Teams += o.Teams
	c.Documents += o.Documents
	c.Comments += o.Comments
	c.Files += o.Files
	c.Edited += o.Edited
	c.Known += o.Known
}

// Group names the document that an entry belongs to, within its room: that of
// its thread, or that of its day.
func (e Entry) Group() (thread bool, key string) {
	if e.Thread != "" {
		return true, e.Thread
	}
	return false, e.Day
}

// Zone returns where most of the people live who are there and no bots, the
// first by name among equals, and "UTC" if nobody says: one day for all rooms,
// whoever imports and whoever reads. known tells which names are zones.
func Zone(people []Person, known func(zone string) bool) string {
	count := make(map[string]int)
	for _, p := range people {
		if p.Zone != "" && !p.Bot && !p.Left {
			count[p.Zone]++
		}
	}
	maps.DeleteFunc(count, func(zone string, _ int) bool { return !known(zone) })
	zones := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), strings.Compare(a, b))
	})
	if len(zones) == 0 {
		return "UTC"
	}
	return zones[0]
}
