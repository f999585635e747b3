package ics

import (
	_ "embed" // the names of Windows
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// Zones finds the zones that calendars name. It is safe for concurrent use.
type Zones struct {
	load worktime.Zones
	kept sync.Map // "name\x00definition" -> *worktime.Zone, nil for none
}

// NewZones returns Zones over those of the tz database.
func NewZones(load worktime.Zones) *Zones { return &Zones{load: load} }

// Named returns the zone of a TZID: of the tz database by its name, whatever is
// written before it, or by a name of Windows or of Outlook's lists.
func (z *Zones) Named(id string) (*worktime.Zone, bool) {
	if v, ok := z.kept.Load(id); ok {
		zone, _ := v.(*worktime.Zone)
		return zone, zone != nil
	}
	zone := z.find(id)
	z.kept.Store(strings.Clone(id), zone)
	return zone, zone != nil
}

func (z *Zones) find(id string) *worktime.Zone {
	id = strings.Trim(strings.TrimSpace(id), `"'`)
	if zone, err := z.load(id); err == nil && id != "" {
		return zone
	}
	if name, ok := windowsZones()[zoneName(id)]; ok {
		if zone, err := z.load(name); err == nil {
			return zone
		}
	}
	// "/freeassociation.sourceforge.net/Europe/Berlin", "/ics.py/2020.1/Europe/Berlin"
	for parts := strings.Split(strings.Trim(id, "/"), "/"); len(parts) > 1; {
		parts = parts[1:]
		name := strings.Join(parts, "/")
		if len(parts) == 1 && !slices.Contains([]string{"UTC", "GMT"}, name) {
			break // "Eastern", say, is too little
		}
		if zone, err := z.load(name); err == nil {
			return zone
		}
	}
	return nil
}

// zoneName is a name as Windows and Outlook vary it: without the offset before it,
// in lower case.
func zoneName(id string) string {
	if strings.HasPrefix(id, "(") {
		if offset, rest, ok := strings.Cut(id, ")"); ok && (strings.HasPrefix(offset, "(GMT") || strings.HasPrefix(offset, "(UTC")) {
			id = rest
		}
	}
	return strings.ToLower(strings.TrimSpace(id))
}

//go:embed windowszones.txt
var windowsText string

var windowsZones = sync.OnceValue(func() map[string]string {
	out := make(map[string]string)
	for line := range strings.Lines(windowsText) {
		if name, zone, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(line, "#") {
			out[zoneName(name)] = zone
		}
	}
	return out
})

// Defined returns the zone that a VTIMEZONE describes.
func (z *Zones) Defined(c *Component) (*worktime.Zone, error) {
	var key strings.Builder
	for _, p := range c.Properties {
		key.WriteString(p.Name)
		key.Write(p.value)
		key.WriteByte('\n')
	}
	if v, ok := z.kept.Load(key.String()); ok {
		if zone, _ := v.(*worktime.Zone); zone != nil {
			return zone, nil
		}
		return nil, errZone
	}
	zone, err := define(c)
	z.kept.Store(key.String(), zone)
	return zone, err
}

var errZone = errors.New("a VTIMEZONE that describes no zone")

// observance is a STANDARD or a DAYLIGHT: from when on which offset is in force.
type observance struct {
	start    worktime.Local
	before   int // seconds east of UTC until then
	offset   int
	summer   bool
	rule     *Rule
	repeated []worktime.Local
}

// The years for which a VTIMEZONE's rules are followed.
const (
	zonesFrom = worktime.Local(-25_567 * day) // 1900
	zonesTo   = worktime.Local(51_134 * day)  // 2110
)

// change is an instant from which on an offset is in force.
type change struct {
	at     int64
	offset int
	summer bool
}

func define(c *Component) (*worktime.Zone, error) {
	id := ""
	var all []observance
	var o *observance
	for _, p := range c.Properties {
		var err error
		switch {
		case p.Name == "BEGIN":
			all = append(all, observance{summer: p.Raw() == "DAYLIGHT"})
			o = &all[len(all)-1]
		case p.Name == "END":
			o = nil
		case p.Name == "TZID" && o == nil:
			id = p.Text()
		case o == nil:
		case p.Name == "DTSTART":
			var t Time
			t, err = parseTime(p.value)
			o.start = t.Local
		case p.Name == "TZOFFSETFROM":
			o.before, err = parseOffset(p.Raw())
		case p.Name == "TZOFFSETTO":
			o.offset, err = parseOffset(p.Raw())
		case p.Name == "RRULE":
			o.rule, err = parseRule(p.Raw())
		case p.Name == "RDATE":
			for one := range strings.SplitSeq(p.Raw(), ",") {
				one, _, _ = strings.Cut(one, "/")
				t, failed := parseTime([]byte(one))
				if failed != nil {
					err = failed
					break
				}
				o.repeated = append(o.repeated, t.Local)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", p.Line, p.Name, err)
		}
	}
	if len(all) == 0 || len(all) > 500 {
		return nil, errZone
	}
	var changes []change
	for _, o := range all {
		add := func(l worktime.Local) bool {
			changes = append(changes, change{int64(l) - int64(o.before), o.offset, o.summer})
			return len(changes) < 10_000
		}
		if o.rule == nil {
			add(o.start)
		} else {
			last := zonesTo
			if o.rule.ends {
				last = o.rule.until.Local
				if o.rule.until.place == inUTC {
					last += worktime.Local(o.before)
				}
			}
			if o.rule.each(o.start, zonesFrom, zonesTo, last, 100_000, add) < 0 {
				return nil, errZone
			}
			if o.start < zonesFrom { // 1601, as Outlook begins
				add(o.start)
			}
		}
		for _, l := range o.repeated {
			add(l)
		}
	}
	slices.SortStableFunc(changes, func(a, b change) int { return int(max(-1, min(1, a.at-b.at))) })
	return compiled(id, all, changes)
}

// parseOffset reads "+0100" or "-033000" as seconds.
func parseOffset(s string) (int, error) {
	s = strings.TrimSpace(s)
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' {
		return 0, errZone
	}
	n, ok := digits([]byte(s[1:]))
	if !ok {
		return 0, errZone
	}
	if len(s) == 5 {
		n *= 100
	}
	n = n/10000*hour + n/100%100*minute + n%100
	if n > 24*hour {
		return 0, errZone
	}
	if s[0] == '-' {
		n = -n
	}
	return n, nil
}

// compiled makes a zone of changes, by the format of the tz database (RFC 9636).
func compiled(id string, all []observance, changes []change) (*worktime.Zone, error) {
	// Before the first change stands what it changes from.
	first := all[0].before
	earliest := all[0].start
	for _, o := range all {
		if o.start < earliest {
			first, earliest = o.before, o.start
		}
	}
	type local struct {
		offset int
		summer bool
	}
	kinds := []local{{first, false}}
	var times []byte
	var which []byte
	n := uint32(0)
	for _, c := range changes {
		kind := local{c.offset, c.summer}
		i := slices.Index(kinds, kind)
		if i < 0 {
			i = len(kinds)
			kinds = append(kinds, kind)
		}
		if i > 255 {
			return nil, errZone
		}
		times = binary.BigEndian.AppendUint64(times, uint64(c.at)) //nolint:gosec // two's complement is meant
		which = append(which, byte(i))
		n++
	}
	header := func(changes, kinds, chars uint32) []byte {
		b := append([]byte("TZif2"), make([]byte, 15)...)
		for _, v := range []uint32{0, 0, 0, changes, kinds, chars} {
			b = binary.BigEndian.AppendUint32(b, v)
		}
		return b
	}
	data := append(header(0, 1, 1), make([]byte, 7)...)                                          // the old form, which nobody reads
	data = append(append(append(data, header(n, uint32(len(kinds)), 4)...), times...), which...) //nolint:gosec // at most 256
	for _, k := range kinds {
		data = binary.BigEndian.AppendUint32(data, uint32(int32(k.offset))) //nolint:gosec // at most a day, and two's complement is meant
		summer := byte(0)
		if k.summer {
			summer = 1
		}
		data = append(data, summer, 0)
	}
	data = append(data, "LCL\x00\n\n"...)
	if id == "" || id == "Local" {
		id = "VTIMEZONE"
	}
	loc, err := time.LoadLocationFromTZData(id, data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errZone, err)
	}
	return worktime.NewZone(id, loc)
}
