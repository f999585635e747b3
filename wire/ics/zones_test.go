package ics_test

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/ics"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

var zones = ics.NewZones(zoneinfo.New().Zone)

func zone(t testing.TB, name string) *worktime.Zone {
	t.Helper()
	z, ok := zones.Named(name)
	if !ok {
		t.Fatalf("no zone %q", name)
	}
	return z
}

func TestNamedZones(t *testing.T) {
	for id, want := range map[string]string{
		"Europe/Berlin": "Europe/Berlin", "Europe/Kiev": "Europe/Kiev", "W. Europe Standard Time": "Europe/Berlin", "w. europe standard time": "Europe/Berlin",
		"(UTC-05:00) Eastern Time (US & Canada)": "America/New_York", "(GMT+10:00) Canberra, Melbourne, Sydney": "Australia/Sydney",
		"Canberra, Melbourne, Sydney": "Australia/Sydney", "/freeassociation.sourceforge.net/Tzfile/Europe/Helsinki": "Europe/Helsinki",
		"/ics.py/2020.1/Europe/Stockholm": "Europe/Stockholm", "/citadel.org/20261124_1/America/Argentina/Buenos_Aires": "America/Argentina/Buenos_Aires",
		`"Europe/Paris"`: "Europe/Paris", "UTC": "UTC", "Z": "Etc/UTC", "tzone://Microsoft/Utc": "Etc/UTC", "FLE Standard Time": "Europe/Kiev", "Eastern": "America/New_York",
	} {
		z, ok := zones.Named(id)
		if !ok || z.Name() != want {
			t.Errorf("%q is %v, want %s", id, z, want)
		}
	}
	for _, id := range []string{"", "Customized Time Zone", "Nowhere/Atlantis", "/x/y/z", "Local", "../../etc/passwd", "Berlin", "(no TZ description)"} {
		if z, ok := zones.Named(id); ok {
			t.Errorf("%q is %s", id, z.Name())
		}
	}
}

// TestWindowsZones: every name of the table is known to the tz database, and
// none stands there twice.
func TestWindowsZones(t *testing.T) {
	f, err := os.Open("windowszones.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen := make(map[string]bool)
	n := 0
	for in := bufio.NewScanner(f); in.Scan(); {
		name, id, ok := strings.Cut(in.Text(), "=")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		if z, ok := zones.Named(name); !ok || z.Name() != id && name != "UTC" {
			t.Errorf("%q is not %s", name, id)
		}
		if seen[strings.ToLower(name)] {
			t.Errorf("%q stands there twice", name)
		}
		seen[strings.ToLower(name)] = true
		n++
	}
	if n < 139 {
		t.Errorf("%d names", n)
	}
}

// TestDefinedZones: a VTIMEZONE alone gives the offsets that it describes.
func TestDefinedZones(t *testing.T) {
	berlin := `BEGIN:VTIMEZONE
TZID:My zone
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE`
	outlook := `BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE`
	want := zone(t, "Europe/Berlin")
	for name, text := range map[string]string{"rules": berlin, "from 1601": outlook} {
		z := defined(t, text)
		for _, year := range []int{1997, 2007, 2026, 2050, 2099} {
			for d := time.Date(year, 1, 1, 0, 30, 0, 0, time.UTC); d.Year() == year; d = d.Add(6 * time.Hour) {
				_, got := d.In(z.Location()).Zone()
				if _, offset := d.In(want.Location()).Zone(); got != offset {
					t.Fatalf("%s: at %s the offset is %d, want %d", name, d, got, offset)
				}
			}
		}
	}
	fixed := defined(t, "BEGIN:VTIMEZONE\nTZID:India\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nEND:STANDARD\nEND:VTIMEZONE")
	if _, got := time.Now().In(fixed.Location()).Zone(); got != 19800 {
		t.Errorf("a fixed offset is %d", got)
	}
	for name, text := range map[string]string{
		"nothing":        "BEGIN:VTIMEZONE\nTZID:X\nEND:VTIMEZONE",
		"no offset":      "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:abc\nTZOFFSETTO:+0530\nEND:STANDARD\nEND:VTIMEZONE",
		"every second":   "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE",
		"no start of it": "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:never\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE",
	} {
		if z, err := zones.Defined(component(t, text)); err == nil && name != "every second" {
			t.Errorf("%s gives %v", name, z)
		}
	}
}

func component(t *testing.T, text string) *ics.Component {
	t.Helper()
	c, err := ics.NewReader(strings.NewReader("BEGIN:VCALENDAR\n" + text + "\nEND:VCALENDAR\n")).Next()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func defined(t *testing.T, text string) *worktime.Zone {
	t.Helper()
	z, err := zones.Defined(component(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return z
}
