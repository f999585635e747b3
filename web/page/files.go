package page

// File is one attachment.
type File struct {
	ID   string
	Name string
	Size int64 // bytes
	// Kind is a member of the family "file.kind": "picture", "sound", "film",
	// "pdf", "text", "archive", "office" or "plain".
	Kind string
	// Picture is true for one that the page shows below the text; one that
	// stands in the text already is only listed.
	Picture bool
}

// Desk is where the files of something unsent hang: under a draft, or under
// the form of a page for what has no draft of its own.
type Desk struct {
	// ID is the draft's, or DeskID's.
	ID    string
	Files []File
	// Max is the largest file, in bytes, and Most how many may hang on one thing.
	Max  int64
	Most int
	// Refused is what could not be taken, for the part that a script asks for.
	Refused Problems
}

// DeskID names the desk of a form on something that is there: "comment" and
// the item's id.
func DeskID(form, id string) string { return form + "-" + id }

// PathFiles is where attachments are.
const PathFiles = "/files"

// FilePath is the address of an attachment.
func FilePath(id string) string { return Sub(PathFiles, id) }

// path is where a script sends files for this desk.
func (d Desk) path() string { return Sub(PathDrafts, d.ID, "files") }

// desk is where the files of one form of this page hang.
func (p Item) desk(form, id string) Desk {
	d := p.Desk
	d.ID = DeskID(form, id)
	d.Files = p.Unsent[d.ID]
	return d
}

// reference is how Markdown shows an attached picture.
func (f File) reference() string { return FilePath(f.ID) }
