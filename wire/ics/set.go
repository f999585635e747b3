package ics

import (
	"errors"
	"io"
)

// Set is what several calendars hold, ready to be expanded together.
type Set struct {
	Zones   *Zones
	Objects []*Object
	// Found counts the VEVENTs that were met, those with faults among them.
	Found int
	// Faults are what was passed over, at most maxFaults of each file; Faulty
	// counts all.
	Faults []FileFault
	Faulty int
}

// FileFault is a fault in one of several files.
type FileFault struct {
	File string
	Fault
}

// NewSet returns an empty Set.
func NewSet(zones *Zones) *Set { return &Set{Zones: zones} }

// Read takes in what a stream holds; file names it in faults. What could be read
// stays when an error ends it.
func (s *Set) Read(file string, in io.Reader) error {
	r := NewReader(in)
	defer func() {
		s.Faulty += r.Faulty
		for _, f := range r.Faults {
			s.Faults = append(s.Faults, FileFault{file, f})
		}
	}()
	return Objects(r, s.Zones, func(o *Object, found int) bool {
		o.file = file
		s.Objects = append(s.Objects, o)
		s.Found += found
		return true
	})
}

// Objects reads one VCALENDAR after another and calls yield for each, with how
// many VEVENTs were met in it, until it returns false. It holds one of them in
// memory. Faults are added to those of the Reader.
func Objects(r *Reader, zones *Zones, yield func(o *Object, found int) bool) error {
	b := newBuilding(zones)
	add := func(f Fault) {
		if r.Faulty++; len(r.Faults) < maxFaults {
			r.Faults = append(r.Faults, f)
		}
	}
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil { // what was read before it stays
			if o, _ := b.finished(&r.head); b.seen > 0 {
				yield(o, b.seen)
			}
			return err
		}
		switch c.Name {
		case "VEVENT":
			if f := b.add(c); f != nil {
				add(*f)
			}
		case "VTIMEZONE":
			b.define(c)
		case "VCALENDAR":
			o, faults := b.finished(c)
			for _, f := range faults {
				add(f)
			}
			if !yield(o, b.seen) {
				return nil
			}
			b = newBuilding(zones)
		}
	}
}
