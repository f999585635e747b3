package intake

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/ics"
)

// The bounds of what is read as calendars.
const (
	maxCalendarFiles = 10_000
	// maxCalendarBytes is how much of one file is read, unpacked.
	maxCalendarBytes = 2 << 30
)

// Calendars are calendar files that were read together.
type Calendars struct {
	*ics.Set
	Files []string // that were read, in their order
	// NotRead are files in which there is no calendar, or that could not be read
	// to their end.
	NotRead []FileError
}

// FileError is what was wrong with a file.
type FileError struct {
	File string
	Err  error
}

// Error names the file.
func (e FileError) Error() string { return fmt.Sprintf("%s: %v", e.File, e.Err) }

// Unwrap is what was wrong.
func (e FileError) Unwrap() error { return e.Err }

// ErrNothingToRead says that no calendar was found where one was looked for.
var ErrNothingToRead = errors.New("there is no calendar in it")

// NoCalendars are none, for an audit of a chat alone.
func NoCalendars(zones *ics.Zones) *Calendars { return &Calendars{Set: ics.NewSet(zones)} }

// ReadCalendars reads files, folders with all their .ics files, archives of them
// (.zip, as takeouts are), and for "-" the standard input. What cannot be read is
// told, and the rest is read; it fails when nothing could be read. zones are
// how the zones that they name are found.
func ReadCalendars(paths []string, stdin io.Reader, zones *ics.Zones) (*Calendars, error) {
	c := &Calendars{Set: ics.NewSet(zones)}
	for _, path := range paths {
		if path == "-" {
			c.Take("standard input", stdin)
			continue
		}
		if err := c.walk(path); err != nil {
			return nil, err
		}
	}
	if len(c.Files) == 0 {
		if len(c.NotRead) > 0 {
			return c, c.NotRead[0]
		}
		return c, fmt.Errorf("%s: %w", strings.Join(paths, ", "), ErrNothingToRead)
	}
	return c, nil
}

func (c *Calendars) walk(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("open a calendar: %w", err)
	}
	if !info.IsDir() {
		return c.file(path)
	}
	var found []string
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && isCalendar(name) {
			if found = append(found, name); len(found) > maxCalendarFiles {
				return fmt.Errorf("more than %d calendars", maxCalendarFiles)
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("look for calendars: %w", err)
	}
	slices.Sort(found)
	for _, name := range found {
		if err := c.file(name); err != nil {
			return err
		}
	}
	return nil
}

func isCalendar(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".ics" || ext == ".ical" || ext == ".ifb"
}

func (c *Calendars) file(path string) error {
	if strings.EqualFold(filepath.Ext(path), ".zip") {
		return c.archive(path)
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open a calendar: %w", err)
	}
	defer f.Close()
	c.Take(path, f)
	return nil
}

// archive reads the calendars in a zip; nothing of it is unpacked on the disk.
func (c *Calendars) archive(path string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { _ = z.Close() }() // it was only read
	read := 0
	for _, f := range z.File {
		if f.FileInfo().IsDir() || !isCalendar(f.Name) {
			continue
		}
		if read++; read > maxCalendarFiles {
			return fmt.Errorf("%s: more than %d calendars", path, maxCalendarFiles)
		}
		in, err := f.Open()
		if err != nil {
			c.NotRead = append(c.NotRead, FileError{path + ": " + f.Name, err})
			continue
		}
		c.Take(path+": "+f.Name, in)
		_ = in.Close() // it was read, or said why not
	}
	return nil
}

// Take reads one more calendar from a stream; name is what its faults are told
// under. What is no calendar is in NotRead.
func (c *Calendars) Take(name string, in io.Reader) {
	before := len(c.Objects)
	err := c.Read(name, io.LimitReader(in, maxCalendarBytes))
	if err != nil {
		c.NotRead = append(c.NotRead, FileError{name, err})
	}
	if err == nil || len(c.Objects) > before {
		c.Files = append(c.Files, name)
	}
}

// Empty reports whether no entry could be read.
func (c *Calendars) Empty() bool {
	return !slices.ContainsFunc(c.Objects, func(o *ics.Object) bool { return len(o.Events) > 0 })
}

// Names reports whether an address takes part in anything.
func (c *Calendars) Names(address string) bool {
	if address = strings.ToLower(address); address == "" {
		return false
	}
	for _, o := range c.Objects {
		for _, e := range o.Events {
			if e.Organizer.Address == address || slices.ContainsFunc(e.Attendees, func(a ics.Attendee) bool { return a.Address == address }) {
				return true
			}
		}
	}
	return false
}

// Zone is the zone in which calendars are read, when nobody says another (A1.2):
// the one that they name, else that of most of their timed events, else the
// machine's, else UTC.
func (c *Calendars) Zone() *worktime.Zone {
	for _, o := range c.Objects {
		if z, ok := c.Zones.Named(o.Zone); ok && o.Zone != "" {
			return z
		}
	}
	utc, _ := c.Zones.Named("UTC")
	count := make(map[*worktime.Zone]int)
	var most *worktime.Zone
	for _, o := range c.Objects {
		for _, e := range o.Events {
			if z := e.Start.Zone; z != nil && z != utc && c.known(z) {
				if count[z]++; most == nil || count[z] > count[most] {
					most = z
				}
			}
		}
	}
	if most != nil {
		return most
	}
	if z, ok := c.Zones.Named(machineZone()); ok {
		return z
	}
	return utc
}

// zone is Zone, or that of the person of a chat where there is no calendar.
func (c *Calendars) zone(talk *Talk) *worktime.Zone {
	if talk != nil && len(c.Objects) == 0 && talk.Me >= 0 {
		if z, ok := c.Zones.Named(talk.People[talk.Me].Zone); ok && talk.People[talk.Me].Zone != "" {
			return z
		}
	}
	return c.Zone()
}

// known reports whether a zone is one that has a name: what a file defines by
// itself is nobody's own.
func (c *Calendars) known(z *worktime.Zone) bool {
	_, ok := c.Zones.Named(z.Name())
	return ok
}

// machineZone is the name of the machine's zone, "" if it has none.
func machineZone() string {
	if tz := os.Getenv("TZ"); tz != "" {
		return tz
	}
	if link, err := os.Readlink("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(link, "zoneinfo/"); ok {
			return name
		}
	}
	if name := time.Local.String(); name != "Local" {
		return name
	}
	return ""
}
