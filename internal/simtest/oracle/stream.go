package oracle

// Pace is how fast a person wants a stream (R12.7).
type Pace string

// The paces.
const (
	AtWindow Pace = "window"
	Daily    Pace = "daily"
	Weekly   Pace = "weekly"
	Muted    Pace = "muted"
)

// Follow is a person's hold on a stream, from a moment on.
type Follow struct {
	person *Person
	paces  []paced // the first is how it began
	ended  Moment
}

type paced struct {
	at   Moment
	pace Pace
}

// Follow begins to follow a stream at a moment.
func (p *Person) Follow(at Moment, pace Pace) *Follow {
	return &Follow{person: p, paces: []paced{{at, pace}}}
}

// SetPace changes the pace.
func (f *Follow) SetPace(at Moment, pace Pace) { f.paces = append(f.paces, paced{at, pace}) }

// End ends the follow: what waits of the stream does not come any more.
func (f *Follow) End(at Moment) { f.ended = at }

// Reads is the window in whose brief an event of the stream stands: the first
// one that its pace serves. It is false for never, and for not before the end
// of the time looked at. What was written while the stream was muted does not
// come after all.
func (f *Follow) Reads(written Moment) (int64, bool) {
	if written.Seq < f.paces[0].at.Seq {
		return 0, false // a new follow starts at the log's position of that moment
	}
	for _, w := range f.person.Windows() {
		if !written.Before(w.At) {
			continue
		}
		if (f.ended != Moment{}) && f.ended.Before(w.At) {
			return 0, false
		}
		var pace Pace
		for _, p := range f.paces {
			if !p.at.Before(w.At) {
				break
			}
			if pace == Muted && p.at.Seq > written.Seq {
				return 0, false // muted when it was written, or since
			}
			pace = p.pace
		}
		if pace == AtWindow || pace == Daily && w.Daily || pace == Weekly && w.Weekly {
			return w.At, true
		}
	}
	return 0, false
}

// Of says whose it is, when that person's time was laid out anew.
func (f *Follow) Of(p *Person) { f.person = p }

// From is when the follow began.
func (f *Follow) From() Moment { return f.paces[0].at }

// Over reports whether it had ended before something else was done.
func (f *Follow) Over(seq int) bool { return f.ended != (Moment{}) && f.ended.Seq < seq }

// PaceAt is the pace before something else is done, and since when what is
// written comes at all: since it began, or since it was last muted or is no more.
func (f *Follow) PaceAt(seq int) (pace Pace, since int) {
	for _, p := range f.paces {
		if p.at.Seq >= seq {
			break
		}
		if since == 0 || p.pace == Muted || pace == Muted {
			since = p.at.Seq
		}
		pace = p.pace
	}
	return pace, since
}
