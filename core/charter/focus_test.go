package charter_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

func TestProposedFocus(t *testing.T) {
	for _, tt := range []struct {
		a                    charter.Archetype
		hours, windows, want string
	}{
		{charter.Maker, "mon 09:00-17:00", "11:00 16:00", "09:00-11:00, 14:30-16:00"},
		{charter.Maker, "mon 08:30-12:30, 14:30-18:30", "11:00 16:00", "09:00-11:00, 14:30-16:00"},
		{charter.Maker, "mon 09:00-12:00", "11:00", "09:00-11:00"},
		{charter.Maker, "mon 14:30-18:30, 08:30-12:30", "16:00 11:00", "09:00-11:00, 14:30-16:00"},
		{charter.Decider, "mon 09:00-17:00", "11:00 16:00", "09:30-11:00, 15:00-16:00"},
		{charter.Manager, "mon 09:00-17:00", "11:00 16:00", "09:30-11:00"},
		{charter.Operator, "mon 09:00-17:00", "09:30 16:00", "14:30-16:00"},
		{charter.Connector, "mon 09:00-17:00", "11:00 16:00", "10:00-11:00"},
		{charter.Connector, "mon 09:00-17:00", "", "16:00-17:00"},
		{charter.Maker, "mon 09:00-10:00", "09:30", ""},
		{charter.Maker, "mon 22:00-06:00", "23:00", ""},
		{"", "mon 09:00-17:00", "11:00 16:00", ""},
	} {
		c := charter.Proposed("Europe/Berlin").Time
		var err error
		if c.Hours, err = charter.ParseWeek(tt.hours); err != nil {
			t.Fatal(err)
		}
		if c.Windows, err = charter.ParseWindows(tt.windows); err != nil {
			t.Fatal(err)
		}
		c.Focus = charter.ProposedFocus(tt.a, c)
		said := make([]string, len(c.Focus[time.Monday]))
		for i, s := range c.Focus[time.Monday] {
			said[i] = s.String()
		}
		if got := strings.Join(said, ", "); got != tt.want || len(c.Focus[time.Sunday]) > 0 {
			t.Errorf("%s in %s, windows %s: got %q, want %q", tt.a, tt.hours, tt.windows, got, tt.want)
		}
		_, warnings := worktime.Check(c, zoneinfo.New().Zone)
		for _, w := range warnings {
			if w.Code == worktime.CodeWindowInFocus || w.Code == worktime.CodeFocusOutside {
				t.Errorf("%s in %s: the proposal is warned of: %v", tt.a, tt.hours, w)
			}
		}
	}
}

func TestFits(t *testing.T) {
	many := make([]worktime.Date, charter.MaxHolidays+1)
	for _, tt := range []struct {
		name string
		c    charter.Charter
		want bool
	}{
		{"nothing", charter.Charter{}, true},
		{"a telephone", charter.Charter{Contact: "+49 30 5550 114"}, true},
		{"two lines", charter.Charter{Contact: "a\nb"}, false},
		{"too long", charter.Charter{Contact: strings.Repeat("1", charter.MaxContact+1)}, false},
		{"too many holidays", charter.Charter{Time: worktime.Charter{Holidays: many}}, false},
		{"a named one", charter.Charter{Named: map[worktime.Date]charter.Holiday{1: {Name: "Noël", Source: "fr.ics"}}}, true},
		{"a name of control characters", charter.Charter{Named: map[worktime.Date]charter.Holiday{1: {Name: "x\x1b[2J"}}}, false},
		{"a source without an end", charter.Charter{Named: map[worktime.Date]charter.Holiday{1: {Source: strings.Repeat("x", 300)}}}, false},
	} {
		if got := tt.c.Fits(); got != tt.want {
			t.Errorf("%s: Fits() = %v", tt.name, got)
		}
	}
}
