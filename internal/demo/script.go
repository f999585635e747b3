package demo

// An act is one thing that somebody of the team did, at a local time of theirs.
type act struct {
	// At is the actor's local time, "2006-01-02 15:04".
	At string
	// By is the handle of who acts.
	By string
	// Ref names the item for later acts of the script; it is not shown.
	Ref string
	// Do is what they do: update, request, ask, comment, answer, decline,
	// handon, asktime, grant, withdraw, crisis, have-it, crisis-note, end-crisis.
	Do string
	// On is the Ref of the item acted on.
	On string
	// Team is the slug of the team an item is written in; "" with To for
	// people alone.
	Team string
	// To and Readers are handles.
	To      []string
	Readers []string
	// Point is the conclusion or the ask; Body the context; both Markdown.
	Point string
	Body  string
	// Term, Urgent (the reason) and Need belong to asks.
	Term   string
	Urgent string
	Need   int
}
