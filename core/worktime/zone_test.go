package worktime_test

import (
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
)

// TestZoneTable holds tables against the library from 1970 to 2105, four times a
// day, and around each change.
func TestZoneTable(t *testing.T) {
	t.Parallel()
	from := time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	to := time.Date(2105, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	for _, name := range zoneNames {
		loc := location(name)
		z, err := worktime.NewZone(name, loc)
		if err != nil {
			t.Fatal(err)
		}
		check := func(at int64) {
			if got, want := int64(z.Local(worktime.Instant(at))), refLocal(loc, at); got != want {
				t.Fatalf("%s at %v is %v, want %v", name, worktime.Instant(at), worktime.Local(got), worktime.Local(want))
			}
		}
		for at := from; at < to; at += 6 * refHour {
			check(at)
		}
		for _, c := range z.Changes() {
			check(int64(c) - 1)
			check(int64(c))
			if z.Local(c)-z.Local(c-1) == 1 {
				t.Errorf("%s: nothing changes at %v", name, c)
			}
		}
	}
}

func TestZoneAt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, zone, local, at, rfc5545 string }{
		{"ordinary", "Europe/Berlin", "2026-11-24T11:00", "2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z"},
		{"gap", "Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"},
		{"overlap", "Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z"},
		{"second after an overlap", "Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00Z", "2026-10-25T02:00:00Z"},
		{"midnight gap", "America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00:00Z", "2018-11-04T03:00:00Z"},
		{"midnight overlap", "America/Sao_Paulo", "2018-02-18T00:00", "2018-02-18T03:00:00Z", "2018-02-18T03:00:00Z"},
		{"skipped date", "Pacific/Apia", "2011-12-30T11:00", "2011-12-30T10:00:00Z", "2011-12-30T21:00:00Z"},
		{"half an hour", "Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30:00Z", "2026-10-03T15:45:00Z"},
		{"last day of a leap year, after the table of the file", "Europe/Berlin", "2040-12-31T12:00", "2040-12-31T11:00:00Z", "2040-12-31T11:00:00Z"},
		{"far future", "America/New_York", "2099-07-01T12:00", "2099-07-01T16:00:00Z", "2099-07-01T16:00:00Z"},
		{"beyond the table", "Asia/Tokyo", "9999-12-31T24:00", "9999-12-31T15:00:00Z", "9999-12-31T15:00:00Z"},
		{"before all tables", "Asia/Tokyo", "0001-01-01T00:00", "0000-12-31T14:41:01Z", "0000-12-31T14:41:01Z"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			z, err := tables.Zone(tc.zone)
			if err != nil {
				t.Fatal(err)
			}
			l, err := worktime.ParseLocal(tc.local)
			if err != nil {
				t.Fatal(err)
			}
			if got := z.At(l).String(); got != tc.at {
				t.Errorf("At(%s) = %s, want %s", tc.local, got, tc.at)
			}
			if got := z.AtRFC5545(l).String(); got != tc.rfc5545 {
				t.Errorf("AtRFC5545(%s) = %s, want %s", tc.local, got, tc.rfc5545)
			}
		})
	}
}

func TestZoneNames(t *testing.T) {
	t.Parallel()
	zones := worktime.Locations(time.LoadLocation)
	for _, name := range []string{"", "Local", "localtime", "posixrules", "posix/Europe/Berlin", "right/UTC", "Europe/Atlantis", "../UTC"} {
		if _, err := zones(name); err == nil {
			t.Errorf("zone %q was not refused", name)
		}
	}
	for _, name := range []string{"UTC", "Asia/Calcutta", "Etc/GMT+5"} {
		if z, err := zones(name); err != nil || z.Name() != name {
			t.Errorf("zone %q: %v, %v", name, z, err)
		}
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	zone := func(name string) *worktime.Zone {
		z, err := tables.Zone(name)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	now := worktime.Of(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
	two := worktime.Fingerprint([]*worktime.Zone{zone("Europe/Berlin"), zone("Asia/Tokyo")}, now)
	if got := worktime.Fingerprint([]*worktime.Zone{zone("Asia/Tokyo"), zone("Europe/Berlin"), zone("Asia/Tokyo")}, now); got != two {
		t.Errorf("in another order: %s, want %s", got, two)
	}
	changed, err := worktime.NewZone("Europe/Berlin", location("Europe/London"))
	if err != nil {
		t.Fatal(err)
	}
	if got := worktime.Fingerprint([]*worktime.Zone{changed, zone("Asia/Tokyo")}, now); got == two {
		t.Error("a changed zone has the same fingerprint")
	}
}
