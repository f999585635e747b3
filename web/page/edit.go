package page

import "time"

// Edit is the form for a new version of an item's text.
type Edit struct {
	Frame Frame
	Head  Head
	// Base is the version that the text grew from; the form sends it back.
	Base int64
	// Point and Context are what is in the form.
	Point, Context string
	// Files hang on the item already; Desk holds those that this version brings.
	Files []File
	Desk  Desk
	// Conflict is set when somebody changed the same place meanwhile: nothing
	// was saved, and both texts are here (R5.5). Base is then their version.
	Conflict *Conflict
	Problems Problems
}

// Conflict is what somebody else saved while this was being written.
type Conflict struct {
	By      Person
	Version int64
	// Point and Context are the two texts side by side.
	Point, Context []Piece
	// Theirs are their texts whole.
	TheirPoint, TheirContext string
}

// Piece is a stretch of a merge: Kind is a code of core/merge, "same", "mine",
// "theirs" or "conflict".
type Piece struct {
	Kind         string
	Mine, Theirs string
}

// clashes are the places that somebody has to decide.
func (c Conflict) clashes() []Piece {
	var out []Piece
	for _, p := range append(append([]Piece{}, c.Point...), c.Context...) {
		if p.Kind == "conflict" {
			out = append(out, p)
		}
	}
	return out
}

// Revisions are all versions of an item, newest first.
type Revisions struct {
	Frame     Frame
	Head      Head
	Revisions []Revision
}

// Revision is one saved version.
type Revision struct {
	Version int64
	By      Person
	At      time.Time
}

// Diff is one version beside the one before it.
type Diff struct {
	Frame Frame
	Head  Head
	This  Revision
	// Before is the version that it is compared with, the zero Revision for the first.
	Before Revision
	// Point and Context say what became of the texts.
	Point, Context []Change
	// Newest is the item's last version.
	Newest int64
}

// Change is a stretch of text: Op is a code of core/merge, "kept", "deleted"
// or "inserted".
type Change struct {
	Op   string
	Text string
}

func (p Edit) path(act ...string) string {
	return Sub("/items", append([]string{p.Head.ID}, act...)...)
}

func (p Revisions) path(version int64) string {
	return Sub("/items", p.Head.ID, "revisions", itoa(int(version)))
}
