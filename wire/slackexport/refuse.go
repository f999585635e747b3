package slackexport

import (
	"fmt"
	"strconv"
	"sync"
)

// Reason says why an export was refused, or a part of it not read. It reads as
// one word, for messages and for scripts.
type Reason string

// Why an export is refused as a whole.
const (
	NotAnArchive   Reason = "not-an-archive"   // neither a folder nor a zip that can be read
	NotAnExport    Reason = "not-an-export"    // no index file and no day file
	SeveralExports Reason = "several-exports"  // index files in several places, none above the others
	BadName        Reason = "bad-name"         // an empty name, or one with control characters
	ClimbingName   Reason = "climbing-name"    // ".." in a name
	AbsoluteName   Reason = "absolute-name"    // a name that starts at a root or a drive
	DuplicateName  Reason = "duplicate-name"   // one name twice
	Link           Reason = "link"             // a link, a device, a pipe
	Overlapping    Reason = "overlapping"      // two entries share bytes of the archive
	Encrypted      Reason = "encrypted"        // an entry that needs a password
	Compression    Reason = "compression"      // a method other than stored and deflated
	TooManyEntries Reason = "too-many-entries" // more than Limits.Entries
	TooLarge       Reason = "too-large"        // more than Limits.EntryBytes or TotalBytes
	Inflated       Reason = "inflated"         // out of proportion to its packed size: Limits.Ratio
	SizeLies       Reason = "size-lies"        // more comes out than the directory says
	NameLies       Reason = "name-lies"        // the entry calls itself otherwise than the directory does
)

// Why a part of an export was not read.
const (
	Malformed    Reason = "malformed"     // not JSON from here on; what stood before was kept
	Truncated    Reason = "truncated"     // the file ends too early
	Damaged      Reason = "damaged"       // cannot be unpacked, or its checksum is wrong
	TooLong      Reason = "too-long"      // one element longer than any message; the file ends here
	WrongShape   Reason = "wrong-shape"   // an element, or a part of it, is not of its type
	NoTime       Reason = "no-time"       // a message whose ts is no point in time
	Repeated     Reason = "repeated"      // a second message with the ts of one before
	OutOfOrder   Reason = "out-of-order"  // the day file begins before the one before it ended
	Ambiguous    Reason = "ambiguous"     // several channels claim the folder
	Unlisted     Reason = "unlisted"      // no index file names the folder
	OutsideOfAll Reason = "outside-of-it" // day files outside the export's folders
)

// Refused is the refusal of a whole export.
type Refused struct {
	Entry string // the entry's name in the archive, "" for the archive itself
	Why   Reason
}

// Error names the entry, quoted, and the reason on one line.
func (e *Refused) Error() string {
	if e.Entry == "" {
		return "slack export refused: " + string(e.Why)
	}
	return fmt.Sprintf("slack export refused: entry %s: %s", strconv.Quote(e.Entry), e.Why)
}

// A Problem is one place of an export that could not be read.
type Problem struct {
	File   string
	Offset int64 // byte of the unpacked file, -1 when it concerns no place in it
	Item   int   // element of the file's array, from 0; -1 when it concerns none
	Why    Reason
	Detail string // the decoder's own words, may be empty
}

// String returns the problem on one line, with quoted names.
func (p Problem) String() string {
	s := strconv.Quote(p.File)
	if p.Item >= 0 {
		s += " item " + strconv.Itoa(p.Item)
	}
	if p.Offset >= 0 {
		s += " byte " + strconv.FormatInt(p.Offset, 10)
	}
	s += ": " + string(p.Why)
	if p.Detail != "" {
		s += ": " + p.Detail
	}
	return s
}

// maxProblems bounds the memory that a report takes.
const maxProblems = 10_000

// Report lists what could not be read so far, each place once.
type Report struct {
	Problems []Problem
	More     int // beyond the first 10,000
}

// reporter collects problems; an importer may show them while it reads.
type reporter struct {
	mu   sync.Mutex
	seen map[Problem]bool
	r    Report
}

func (r *reporter) add(p Problem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen[p] {
		return
	}
	if len(r.r.Problems) >= maxProblems {
		r.r.More++
		return
	}
	if r.seen == nil {
		r.seen = map[Problem]bool{}
	}
	r.seen[p] = true
	r.r.Problems = append(r.r.Problems, p)
}

func (r *reporter) report() Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Report{Problems: append([]Problem(nil), r.r.Problems...), More: r.r.More}
}
