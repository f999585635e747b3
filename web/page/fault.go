package page

import "strconv"

// Fault is the page of something that did not work: what happened, what was
// kept, what to do next.
type Fault struct {
	Frame Frame
	// Status is the HTTP status: 403, 404, 405, 409, 413, 421, 422, 429, 500, 503
	// or 507.
	Status int
	// Says tells apart what has one status, "" for what is usual.
	Says string
	// Kept are the words that were sent and are shown again, so that nothing
	// typed is lost.
	Kept []Kept
	// Wait is in how many seconds it may be tried again (429).
	Wait int64
	// Max is the largest size that is taken, in bytes (413).
	Max int64
	// Host is the right address of this server (421).
	Host string
}

// What Fault.Says may be.
const (
	FaultAgain    = "again"     // a form was sent once more with other words (409)
	FaultReadOnly = "read-only" // nothing can be written until the server is started again (503)
	FaultAway     = "away"      // the database does not answer (503)
)

// Kept is one field of a form that could not be taken.
type Kept struct {
	// Label is a member of the family "kept": "point", "context", "text" ...
	Label string
	Text  string
}

// code is the status as the catalogue knows it; unknown ones read as 500.
func (p Fault) code() string {
	s := strconv.Itoa(p.Status)
	if p.Status == 400 { // to a reader there is no difference
		s = "422"
	}
	if !p.Frame.W.Has("fault.title", s) {
		return "500"
	}
	return s
}

// says names the words for what happened.
func (p Fault) says() string {
	if p.Says != "" {
		return p.Says
	}
	return p.code()
}

// text says what happened and what it means.
func (p Fault) text() string {
	w := p.Frame.W
	switch p.code() {
	case "413":
		return w.Of("fault.text", "413", "size", w.Size(p.Max))
	case "421":
		return w.Of("fault.text", "421", "host", p.Host)
	case "429":
		return w.Of("fault.text", "429", "length", w.Length(p.Wait))
	}
	return w.Of("fault.text", p.says())
}
