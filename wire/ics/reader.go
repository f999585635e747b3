package ics

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// The bounds of what is kept: a longer line, or a property beyond the last of an
// event, is passed over.
const (
	maxLine       = 64 << 10
	maxProperties = 2000
	maxDepth      = 16
)

// ErrNotCalendar says that there is no calendar in what was read.
var ErrNotCalendar = errors.New("there is no iCalendar in it")

// Property is one content line.
type Property struct {
	Name   string // in capitals
	Params []Param
	Value  string // as it stands; see Text
}

// Param is one parameter of a property, its quotes taken off.
type Param struct {
	Name   string // in capitals
	Values []string
}

// Param is the first value of a parameter, "" for none.
func (p Property) Param(name string) string {
	for _, one := range p.Params {
		if one.Name == name {
			return one.Values[0]
		}
	}
	return ""
}

// Text is the value as text.
func (p Property) Text() string { return unescape(p.Value) }

// Event is one VEVENT. What is nested in it, an alarm say, is left out.
type Event struct{ Properties []Property }

// Get is the first property of a name.
func (e Event) Get(name string) (Property, bool) {
	for _, p := range e.Properties {
		if p.Name == name {
			return p, true
		}
	}
	return Property{}, false
}

// text is the value of the first property of a name, "" for none.
func (e Event) text(name string) string {
	p, _ := e.Get(name)
	return p.Text()
}

// Reader reads events one by one, in memory of one event at a time. It takes
// what real files hold: bare line feeds, a byte order mark, lines that are none.
type Reader struct {
	r    *bufio.Reader
	line []byte // of what comes next, read ahead to see whether it was folded
	seen bool   // a VCALENDAR has begun
	end  error
	// Unreadable counts lines that are no property, or too long.
	Unreadable int
}

// NewReader returns a Reader of r. The caller bounds its length.
func NewReader(r io.Reader) *Reader { return &Reader{r: bufio.NewReaderSize(r, 8<<10)} }

// Event returns the next event, io.EOF after the last, and ErrNotCalendar at the
// end of what holds no calendar.
func (r *Reader) Event() (Event, error) {
	var e Event
	inside, depth := false, 0
	for {
		p, err := r.property()
		if err != nil {
			if errors.Is(err, io.EOF) && !r.seen {
				err = ErrNotCalendar
			}
			return Event{}, err // an event without its end is none
		}
		switch {
		case p.Name == "BEGIN" && strings.EqualFold(p.Value, "VCALENDAR"):
			r.seen, inside = true, false
		case !r.seen:
		case p.Name == "BEGIN" && !inside:
			if inside = strings.EqualFold(p.Value, "VEVENT"); inside {
				e, depth = Event{}, 0
			}
		case p.Name == "BEGIN":
			depth++
		case p.Name == "END" && inside && strings.EqualFold(p.Value, "VEVENT"):
			return e, nil
		case p.Name == "END":
			depth = max(0, depth-1)
		case inside && depth == 0 && len(e.Properties) < maxProperties:
			e.Properties = append(e.Properties, p)
		}
		if depth > maxDepth {
			return Event{}, ErrNotCalendar
		}
	}
}

// property returns the next content line that is one.
func (r *Reader) property() (Property, error) {
	for {
		line, err := r.unfolded()
		if err != nil {
			return Property{}, err
		}
		if p, ok := parse(line); ok {
			return p, nil
		}
		if strings.TrimSpace(line) != "" {
			r.Unreadable++
		}
	}
}

// unfolded returns the next line with its continuations; "" stands for one that
// is too long.
func (r *Reader) unfolded() (string, error) {
	line := r.line
	if line == nil {
		var err error
		if line, err = r.physical(); err != nil {
			return "", err
		}
		line = bytes.TrimPrefix(line, []byte("\uFEFF"))
	}
	long := false
	for {
		next, err := r.physical()
		if err != nil || len(next) == 0 || next[0] != ' ' && next[0] != '\t' {
			if r.line = next; err != nil {
				r.line = nil
			}
			break
		}
		if long = long || len(line)+len(next) > maxLine; !long {
			line = append(line, next[1:]...)
		}
	}
	if long || len(line) >= maxLine {
		r.Unreadable++
		return "", nil
	}
	return strings.ToValidUTF8(string(line), "\uFFFD"), nil
}

// physical returns one line without its end, cut at maxLine, never nil.
func (r *Reader) physical() ([]byte, error) {
	if r.end != nil {
		return nil, r.end
	}
	line := []byte{}
	for {
		part, err := r.r.ReadSlice('\n')
		if room := maxLine - len(line); room > 0 {
			line = append(line, part[:min(len(part), room)]...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			r.end = err
			if len(line) == 0 {
				return nil, err
			}
		}
		return bytes.TrimRight(line, "\r\n"), nil
	}
}

// parse reads NAME;PARAM=VALUE,"VALUE":VALUE.
func parse(line string) (p Property, ok bool) {
	n := strings.IndexAny(line, ";:")
	if n <= 0 || !token(line[:n]) {
		return p, false
	}
	p.Name, line = strings.ToUpper(line[:n]), line[n:]
	for line[0] == ';' {
		name, rest, found := strings.Cut(line[1:], "=")
		if !found || !token(name) {
			return p, false
		}
		one := Param{Name: strings.ToUpper(name)}
		for {
			var value string
			if strings.HasPrefix(rest, `"`) {
				if value, rest, found = strings.Cut(rest[1:], `"`); !found {
					return p, false
				}
			} else {
				end := strings.IndexAny(rest, ",;:")
				if end < 0 {
					return p, false
				}
				value, rest = rest[:end], rest[end:]
			}
			one.Values = append(one.Values, value)
			if !strings.HasPrefix(rest, ",") {
				break
			}
			rest = rest[1:]
		}
		if rest == "" || rest[0] != ';' && rest[0] != ':' {
			return p, false
		}
		p.Params, line = append(p.Params, one), rest
	}
	p.Value = line[1:]
	return p, true
}

func token(s string) bool {
	for _, r := range s {
		if (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return s != ""
}
