package ics

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// The bounds of what is kept.
const (
	// maxLine is how much of one content line is kept; a file in the calendar,
	// say, is longer.
	maxLine = 64 << 10
	// maxProperties is how many properties of one component are kept.
	maxProperties = 5000
	// maxDepth is how deep components may stand in one another.
	maxDepth = 16
	// maxFaults is how many faults are kept; all are counted.
	maxFaults = 1000
)

// ErrNotCalendar says that there is no calendar in what was read.
var ErrNotCalendar = errors.New("there is no iCalendar in it")

// Component is a VEVENT, a VTIMEZONE or another part of a calendar. What stands
// inside an event, an alarm say, is left out; the parts of a VTIMEZONE are among
// its properties, each between a BEGIN and an END.
type Component struct {
	Name       string // in capitals
	Line       int    // of its BEGIN
	Properties []Property
}

// Get is the first property of a name.
func (c *Component) Get(name string) (Property, bool) {
	for _, p := range c.Properties {
		if p.Name == name {
			return p, true
		}
	}
	return Property{}, false
}

// Fault is something in a file that is not as it should be, and was passed over.
type Fault struct {
	Line int // of the file, from 1
	Code FaultCode
	Text string // what stands there, in its first words
}

// FaultCode says what a fault is.
type FaultCode string

// The faults of a file.
const (
	NoProperty   FaultCode = "no-property"    // a line that is no content line
	LongLine     FaultCode = "long-line"      // only the beginning of a line was kept
	NoEnd        FaultCode = "no-end"         // a component that is not ended
	TooDeep      FaultCode = "too-deep"       // components in one another without measure
	NoStart      FaultCode = "no-start"       // an event without a start
	BadTime      FaultCode = "bad-time"       // a time that is none
	BadRule      FaultCode = "bad-rule"       // a rule that is none
	EndsEarlier  FaultCode = "ends-earlier"   // an event that ends before it starts
	UnknownZone  FaultCode = "unknown-zone"   // a zone that nobody knows: read as the reader's
	Unmeasured   FaultCode = "unmeasured"     // a rule that repeats without measure
	TooManyParts FaultCode = "too-many-parts" // more properties than are kept
)

// Reader reads the components of a stream one by one, in memory of one of them.
// It takes what real files hold: bare line feeds, a byte order mark, lines that
// are none, several calendars, what stands outside of them.
type Reader struct {
	r       io.Reader
	buf     []byte
	at, end int // what of buf is not read yet
	done    error
	line    int    // how many lines lie before at
	folded  []byte // a line that was put together

	names map[string]string // as they stand -> in capitals
	arena []byte            // of the component's values
	c     Component
	state
	head  Component // VCALENDAR itself
	heads []byte    // the arena of it

	// Faults are what was passed over, the first maxFaults of them; Faulty counts all.
	Faults []Fault
	Faulty int
}

// state is where in the structure of the stream a Reader is.
type state struct {
	seen   bool // a VCALENDAR has begun
	open   bool // and is not ended
	inside bool // a component of it
	depth  int  // of what stands in that
	zone   bool // it is a VTIMEZONE
	first  bool // nothing was read yet
}

// NewReader returns a Reader of r. The caller bounds its length.
func NewReader(r io.Reader) *Reader {
	return &Reader{r: r, buf: make([]byte, 4*maxLine), names: make(map[string]string, 64), state: state{first: true}}
}

// Reset makes the Reader read another stream, with the memory that it has.
func (r *Reader) Reset(from io.Reader) {
	*r = Reader{r: from, buf: r.buf, names: r.names, arena: r.arena, folded: r.folded, c: r.c, head: r.head, heads: r.heads, state: state{first: true}}
}

// Next returns the next component, which is valid until the next call: those of
// a calendar in their order, and behind them the calendar itself, as VCALENDAR.
// After the last it returns io.EOF, and ErrNotCalendar when there was none.
func (r *Reader) Next() (*Component, error) {
	for {
		line, n, err := r.logical()
		if err != nil {
			return r.last(err)
		}
		name, params, value, ok := split(line)
		if !ok {
			if r.open && len(bytes.TrimSpace(line)) > 0 {
				r.fault(n, NoProperty, line)
			}
			continue
		}
		switch known := r.name(name); {
		case known == "BEGIN":
			if err := r.begin(r.name(bytes.TrimSpace(value)), n); err != nil {
				return nil, err
			}
		case known == "END":
			if c := r.ends(r.name(bytes.TrimSpace(value)), n); c != nil {
				return c, nil
			}
		case !r.open:
		case !r.inside:
			r.keep(&r.head, &r.heads, Property{Name: known, Line: n, params: params, value: value})
		case r.depth == 0 || r.zone:
			r.keep(&r.c, &r.arena, Property{Name: known, Line: n, params: params, value: value})
		}
	}
}

// last is what a Reader returns when nothing more can be read.
func (r *Reader) last(err error) (*Component, error) {
	if !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read a calendar: %w", err)
	}
	if r.inside {
		r.inside = false
		r.fault(r.c.Line, NoEnd, []byte(r.c.Name))
	}
	if r.open {
		r.open = false
		return &r.head, nil
	}
	if !r.seen {
		return nil, ErrNotCalendar
	}
	return nil, io.EOF
}

func (r *Reader) begin(name string, line int) error {
	switch {
	case name == "VCALENDAR":
		if r.inside {
			r.fault(r.c.Line, NoEnd, []byte(r.c.Name))
		}
		r.seen, r.open, r.inside = true, true, false
		r.head, r.heads = Component{Name: name, Line: line, Properties: r.head.Properties[:0]}, r.heads[:0]
	case !r.open:
	case !r.inside:
		r.start(name, line)
	case name == "VEVENT" || name == "VTIMEZONE": // no component holds these
		r.fault(r.c.Line, NoEnd, []byte(r.c.Name))
		r.start(name, line)
	default:
		if r.depth++; r.depth > maxDepth {
			r.fault(line, TooDeep, []byte(name))
			return fmt.Errorf("line %d: components stand in one another without measure: %w", line, ErrNotCalendar)
		}
		if r.zone {
			r.keep(&r.c, &r.arena, Property{Name: "BEGIN", Line: line, value: []byte(name)})
		}
	}
	return nil
}

func (r *Reader) start(name string, line int) {
	r.inside, r.depth, r.zone = true, 0, name == "VTIMEZONE"
	r.c, r.arena = Component{Name: name, Line: line, Properties: r.c.Properties[:0]}, r.arena[:0]
}

// ends returns the component that ends here, or nil.
func (r *Reader) ends(name string, line int) *Component {
	switch {
	case !r.open:
	case name == "VCALENDAR":
		if r.inside {
			r.fault(r.c.Line, NoEnd, []byte(r.c.Name))
		}
		r.open, r.inside = false, false
		return &r.head
	case r.inside && name == r.c.Name:
		r.inside = false
		return &r.c
	case r.inside && r.depth > 0:
		r.depth--
		if r.zone {
			r.keep(&r.c, &r.arena, Property{Name: "END", Line: line, value: []byte(name)})
		}
	}
	return nil
}

// keep copies a property into a component's memory.
func (r *Reader) keep(c *Component, arena *[]byte, p Property) {
	if len(c.Properties) >= maxProperties {
		if len(c.Properties) == maxProperties {
			r.fault(p.Line, TooManyParts, []byte(c.Name))
			c.Properties = append(c.Properties, Property{Name: "X-LEFT-OUT", Line: p.Line})
		}
		return
	}
	at := len(*arena)
	*arena = append(append(*arena, p.params...), p.value...)
	p.params, p.value = (*arena)[at:at+len(p.params):at+len(p.params)], (*arena)[at+len(p.params):len(*arena):len(*arena)]
	c.Properties = append(c.Properties, p)
}

// name is a name in capitals.
func (r *Reader) name(b []byte) string {
	if s, ok := r.names[string(b)]; ok {
		return s
	}
	s := string(bytes.ToUpper(b))
	if len(b) < 64 && len(r.names) < 4096 {
		r.names[string(b)] = s
	}
	return s
}

func (r *Reader) fault(line int, code FaultCode, what []byte) {
	if r.Faulty++; len(r.Faults) < maxFaults {
		r.Faults = append(r.Faults, Fault{Line: line, Code: code, Text: clean(valid(what[:min(len(what), 4*maxName)]))})
	}
}

// logical returns the next content line with its continuations and the number
// of the line on which it begins. It is valid until the next call.
func (r *Reader) logical() ([]byte, int, error) {
	line, more, err := r.physical()
	if err != nil {
		return nil, 0, err
	}
	n := r.line
	if !more {
		if len(line) > maxLine {
			r.fault(n, LongLine, line)
			line = line[:maxLine]
		}
		return line, n, nil
	}
	r.folded = append(r.folded[:0], line...)
	cut := false
	for more {
		if line, more, err = r.physical(); err != nil {
			break // the end, or what was read before it
		}
		line = line[1:] // the fold
		if room := maxLine - len(r.folded); len(line) > room {
			line, cut = line[:max(room, 0)], true
		}
		r.folded = append(r.folded, line...)
	}
	if cut {
		r.fault(n, LongLine, r.folded)
	}
	return r.folded, n, nil
}

// physical returns one line without its end, and whether the next one goes on
// with it.
func (r *Reader) physical() (line []byte, more bool, err error) {
	from := r.at
	for {
		i := bytes.IndexByte(r.buf[from:r.end], '\n')
		next := from + i + 1
		switch {
		case i >= 0 && (next < r.end || r.done != nil):
			line = r.buf[r.at : next-1]
			r.at = next
			r.line++
			return r.trimmed(line), next < r.end && (r.buf[next] == ' ' || r.buf[next] == '\t'), nil
		case r.done != nil && i < 0:
			if r.at == r.end {
				return nil, false, r.done
			}
			line = r.buf[r.at:r.end]
			r.at = r.end
			r.line++
			return r.trimmed(line), false, nil
		case r.end-r.at >= 2*maxLine: // no end of it in sight, or none of what follows
			return r.long()
		}
		r.fill()
		from = r.at
	}
}

// long passes over a line that the buffer has no room for, and returns its
// beginning.
func (r *Reader) long() (line []byte, more bool, err error) {
	r.fault(r.line+1, LongLine, r.buf[r.at:r.at+2*maxName])
	head := bytes.Clone(r.buf[r.at : r.at+maxLine])
	for {
		i := bytes.IndexByte(r.buf[r.at:r.end], '\n')
		if i >= 0 {
			r.at += i
			break
		}
		if r.at = r.end; r.done != nil {
			break
		}
		r.fill()
	}
	if r.at < r.end && r.end-r.at < 2 && r.done == nil {
		r.fill()
	}
	if r.at < r.end {
		r.at++ // the end of the line
	}
	r.line++
	return head, r.at < r.end && (r.buf[r.at] == ' ' || r.buf[r.at] == '\t'), nil
}

func (r *Reader) trimmed(line []byte) []byte {
	if r.first {
		r.first = false
		line = bytes.TrimPrefix(line, []byte("\uFEFF"))
	}
	for len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	return line
}

// fill reads more behind what is not read yet.
func (r *Reader) fill() {
	if r.at > 0 {
		r.end = copy(r.buf, r.buf[r.at:r.end])
		r.at = 0
	}
	for range 100 {
		n, err := r.r.Read(r.buf[r.end:])
		r.end += n
		if err != nil {
			r.done = err
			return
		}
		if n > 0 {
			return
		}
	}
	r.done = io.ErrNoProgress
}
